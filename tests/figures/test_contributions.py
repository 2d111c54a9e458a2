"""Why a balance moved: contributions add up to the dollar; the season stands out only where it does."""

import pandas as pd
import pytest
from briefing.chapters import deficit_trends as chapter
from briefing.exhibits.charts import Chart
from briefing.figures import contributions, deficit
from briefing.outputs import Output
from briefing.record import observations, sources

from tests.figures.test_figures import table
from tests.origins import observed


@pytest.mark.long
@pytest.mark.parametrize("partner", ["5800", "5880", "2010", "4280", "5520", "1220", "0015"])
@pytest.mark.parametrize("as_of", ["2012-03-01", "2018-01-05", "2025-08-01"])
def test_contributions_add_up_to_the_dollar(partner: str, as_of: str) -> None:
    edition = sources.open_edition(partner, "2005-01", "latest", as_of)
    year = deficit.year_to_date(sources.country_trade(edition), partner)
    for change in (contributions.by_flows(year), contributions.by_chapters(year, sources.every_chapter(edition))):
        if change is not None:
            assert change.before.value + sum(figure.value for _, figure in change.steps) == change.now.value


def test_exports_explain_the_smaller_deficit_of_2017() -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    trade = observations.of_partner(sources.country_trade(edition), "5800")
    sums = {
        (flow, year): trade[(trade["trade_flow"] == flow) & trade["time_period"].between(f"{year}-01", f"{year}-11")][
            "obs_value"
        ].sum()
        for flow in "XM"
        for year in (2016, 2017)
    }
    change = contributions.by_flows(deficit.year_to_date(trade, "5800"))
    assert change is not None
    assert [figure.value for _, figure in change.steps] == [
        sums["X", 2017] - sums["X", 2016],
        sums["M", 2016] - sums["M", 2017],
    ]
    assert round(change.steps[0][1].value / 1e9, 1) == 5.9


def test_chapters_are_counted_on_one_basis_and_the_difference_is_named() -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    year = deficit.year_to_date(sources.country_trade(edition), "5800")
    change = contributions.by_chapters(year, sources.every_chapter(edition))
    assert change is not None and change.trade_system == "consumption"
    assert [name for name, _ in change.steps] == ["85", "87", "27", "88", "30", "73", "other", "basis"]


def test_what_a_chapter_adds_is_its_exports_less_its_imports_of_both_years() -> None:
    # Two Januaries, worked by hand: chapter 85 from 20 - 45 to 50 - 30, chapter 87 from 10 - 60 to 4 - 90.
    goods = table(("2016-01", "X", 40), ("2016-01", "M", 110), ("2017-01", "X", 60), ("2017-01", "M", 125))
    of_85 = table(("2016-01", "X", 20), ("2016-01", "M", 45), ("2017-01", "X", 50), ("2017-01", "M", 30))
    of_87 = table(("2016-01", "X", 10), ("2016-01", "M", 60), ("2017-01", "X", 4), ("2017-01", "M", 90))
    parts = pd.concat([of_85.assign(commodity="85"), of_87.assign(commodity="87")]).assign(classification="HS")
    change = contributions.by_chapters(deficit.year_to_date(goods, "5800"), parts)
    assert change is not None
    steps = {name: figure.value for name, figure in change.steps}
    # All goods went from -70 to -65, the two chapters together from -75 to -66: four fewer than their nine.
    assert steps == {"85": 45, "87": -36, "other": 0, "basis": -4}
    by_flows = contributions.by_flows(deficit.year_to_date(goods, "5800"))
    assert by_flows is not None and [figure.value for _, figure in by_flows.steps] == [20, -15]


def monthly(balances: list[int]) -> pd.DataFrame:
    months = [f"{2011 + n // 12}-{n % 12 + 1:02d}" for n in range(len(balances))]
    flows = {"X": [0] * len(months), "M": [-one for one in balances]}
    tables = [
        pd.DataFrame({"time_period": months, "obs_value": values, "trade_flow": flow}) for flow, values in flows.items()
    ]
    key = {
        "classification": "TOTAL",
        "commodity": "TOTAL",
        "ref_area": "US",
        "counterpart_area": "5800",
        "trade_system": "general",
        "valuation": "customs_value",
        "adjustment": "N",
        "basis": "census",
    }
    return observed(pd.concat(tables, ignore_index=True).assign(**key))


def test_a_season_stands_out_only_where_months_differ_more_than_years() -> None:
    strong = contributions.season(monthly([-10 - 90 * (n % 12 == 4) + 5 * (n % 12 == 1) for n in range(48)]), 2011)
    assert strong is not None and strong.stands_out and strong.largest.value == -100
    weak = contributions.season(monthly([-100 * (n // 12 + 1) - (n % 12) for n in range(48)]), 2011)
    assert weak is not None and not weak.stands_out
    assert contributions.season(monthly([-1] * 35), 2011) is None
    three_years = contributions.season(monthly([-10 - 90 * (n % 12 == 4) for n in range(36)]), 2011)
    assert three_years is not None and (three_years.largest.value, three_years.smallest.value) == (-100, -10)
    one_shipment = contributions.season(monthly([-1 + n % 12 // 6 - 9_000 * (n == 16) for n in range(60)]), 2011)
    assert one_shipment is not None and not one_shipment.stands_out


@pytest.mark.long
@pytest.mark.parametrize("partner", ["5800", "5880", "2010", "4280", "5520", "1220", "0015", "6040"])
@pytest.mark.parametrize("as_of", ["2018-01-05", "2026-07-08"])
def test_every_section_shows_something_or_says_why_not(partner: str, as_of: str) -> None:
    edition = sources.open_edition(partner, "2011-01", "latest", as_of)
    share = [] if partner == "0015" else [chapter.share_over_years]  # the world has no share of itself
    for view in (chapter.why_it_moved, *share, chapter.compared):
        shown: list[Output] = view(edition)
        assert shown
        assert not any("nan" in output.svg.lower().replace("sans", "") for output in shown if isinstance(output, Chart))


@pytest.mark.long
def test_the_pact_is_marked_without_a_cause() -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    (claim,) = chapter.before_and_after(edition)
    assert "not why" in repr(claim) and "$13.2 billion" in repr(claim)
    assert "Pact in force" in chapter.twelve_month_balance(edition)[0].html()
    japan = sources.open_edition("5880", "2011-01", "latest", "2018-01-05")
    assert chapter.before_and_after(japan) == [] and "Pact" not in chapter.twelve_month_balance(japan)[0].html()
