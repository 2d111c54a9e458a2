"""A figure's id, formula and words come from the product it was computed of."""

import pandas as pd
import pytest
from briefing import periods
from briefing.errors import DuplicateObservations, MissingPeriods, MixedBasis, ObservationError
from briefing.exhibits.charts import autos as pictures
from briefing.figures import autos
from briefing.figures.products import Product, product_counted, product_of
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import autos as sentences

YEAR = periods.span("2016-01", "2016-12")


@pytest.fixture(scope="module")
def chapters(edition: Edition) -> pd.DataFrame:
    return sources.every_chapter(edition)


def of(chapters: pd.DataFrame, *codes: str) -> pd.DataFrame:
    return chapters[chapters["commodity"].isin(codes)]


def test_steel_is_called_steel(chapters: pd.DataFrame) -> None:
    steel = of(chapters, "72")
    gap = autos.gap(steel, "5800", "consumption", YEAR)
    assert [figure.id.rpartition(".")[0] for figure in gap] == ["hs-72.5800.consumption.2016-01/2016-12"] * 3
    assert all("HS chapter 72" in figure.formula and "87" not in figure.formula for figure in gap)
    assert sentences.headline(gap, None, "South Korea", "consumption").text.startswith("In iron and steel the US gap")
    table = autos.monthly(steel, "5800")
    table = table[table["trade_system"] == "consumption"]
    title = sentences.monthly_title(gap[0], gap[1], "consumption")
    chart = pictures.monthly_gap(table, product_of(steel), "5800", title, ())
    assert chart.subtitle.startswith("US trade in iron and steel with South Korea")
    assert "HS chapter 72" in chart.note and "vehicles" not in f"{chart.subtitle}{chart.note}{chart.alt_text}"


def test_two_chapters_are_added_up(chapters: pd.DataFrame) -> None:
    both = autos.gap(of(chapters, "72", "73"), "5800", "consumption", YEAR)
    each = [autos.gap(of(chapters, code), "5800", "consumption", YEAR) for code in ("72", "73")]
    assert [figure.value for figure in both] == [one.value + other.value for one, other in zip(*each, strict=True)]
    assert both[2].id == "hs-72+73.5800.consumption.2016-01/2016-12.balance"
    assert both[2].formula.endswith("HS chapters 72 and 73")
    monthly = autos.monthly(of(chapters, "72", "73"), "5800")
    shown = monthly[monthly["time_period"].isin(YEAR) & (monthly["trade_system"] == "consumption")]
    assert int(shown["trade_balance"].sum()) == both[2].value
    assert product_counted(both[2]) == Product("HS", ("72", "73"))


def test_vehicles_keep_their_ids(chapters: pd.DataFrame) -> None:
    exports, _, balance = autos.gap(of(chapters, "87"), "5800", "consumption", YEAR)
    assert exports.id == "autos.5800.consumption.2016-01/2016-12.exports"
    assert exports.formula == "total exports (FAS), HS chapter 87, summed"
    assert product_counted(balance).goods == "vehicles and parts"


def test_a_code_and_its_parts_are_refused(chapters: pd.DataFrame) -> None:
    rows = of(chapters, "72")
    with pytest.raises(MixedBasis, match=r"HS 72, HS 7208 .* would count goods twice"):
        autos.gap(pd.concat([rows, rows.assign(commodity="7208")]), "5800", "consumption", YEAR)


def test_a_month_that_one_of_two_chapters_lacks_is_named(chapters: pd.DataFrame) -> None:
    rows = of(chapters, "72", "73")
    holed = rows[~((rows["commodity"] == "73") & (rows["time_period"] == "2016-05"))]
    with pytest.raises(MissingPeriods, match="HS chapter 73, South Korea, consumption has no observation for 2016-05"):
        autos.gap(holed, "5800", "consumption", YEAR)


@pytest.mark.parametrize("flow", ["X", "M"])
def test_a_gap_over_a_month_that_one_flow_lacks_is_refused(chapters: pd.DataFrame, flow: str) -> None:
    rows = of(chapters, "87")
    holed = rows[~((rows["trade_flow"] == flow) & (rows["time_period"] == "2016-12"))]
    with pytest.raises(MissingPeriods, match="HS chapter 87, South Korea, consumption has no observation for 2016-12"):
        autos.gap(holed, "5800", "consumption", YEAR)


def test_a_gap_over_rows_that_are_there_twice_is_refused(chapters: pd.DataFrame) -> None:
    rows = of(chapters, "87")
    with pytest.raises(
        DuplicateObservations, match=r"Partner 5800 has two values for 2016-05, flow [XM], commodity 87"
    ):
        autos.gap(pd.concat([rows, rows[rows["time_period"] == "2016-05"]]), "5800", "consumption", YEAR)


def test_nothing_is_of_no_product(chapters: pd.DataFrame) -> None:
    with pytest.raises(ObservationError, match="nothing says which product is counted"):
        product_of(chapters.iloc[:0])


def test_yearly_codes_say_what_they_are(edition: Edition) -> None:
    later = sources.open_edition("5800", "2011-01", "latest", "2026-03-20")
    end_use = autos.by_code(sources.end_use(later, "3"), "5800", "2024")
    sold = autos.by_code(sources.end_use(later, "3"), "5800", "2024", "X")
    assert (sold["30000"].id, sold["30000"].formula) == (
        "end-use.5800.2024.30000.exports",
        "total exports (FAS), end-use 30000",
    )
    assert end_use["30000"].id == "end-use.5800.2024.30000"
    assert end_use["30000"].formula == "general imports (customs value), end-use 30000"
    assert autos.total_of(end_use).formula == "general imports (customs value), end-use 3, summed over its codes"
    heading = autos.by_code(sources.heading_imports(later, "87"), "5800", "2024")["8703"]
    assert (heading.id, heading.formula) == (
        "hs-heading.5800.2024.8703",
        "imports for consumption (customs value), HS heading 8703",
    )
