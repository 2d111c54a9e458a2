"""Identities of the official figures: they hold in the record, and a file that breaks one is refused."""

from typing import Any

import pandas as pd
import pytest
from briefing import periods
from briefing.acquire.integrity import (
    CLOSED,
    OPEN,
    REGION,
    products_less_totals,
    require_own_name,
    require_partners_add_up,
    require_products_add_up,
    require_regions_add_up,
    require_same_years,
    require_year_adds_up,
)
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record import observations, sources

COUNTRY = [source for source in sources.register() if source.dataset == "census-country"]
END_USE = [source for source in sources.register() if source.dataset == "census-end-use-imports"]


def held(source: Any) -> pd.DataFrame:
    return pd.read_parquet(sources.data_directory() / source.file)[observations.COLUMNS]


def rows(**values: dict[str, int]) -> pd.DataFrame:
    """One flow of all goods: a partner's values by period, the partner written "w" or "p5800"."""
    cells = [
        ("TOTAL", "TOTAL", "US", "0015" if partner == "w" else partner[1:], "M", "general", "customs_value", "N", period, value, "A")
        for partner, series in values.items()
        for period, value in series.items()
    ]  # fmt: skip
    return pd.DataFrame(cells, columns=observations.COLUMNS)


def test_partners_that_add_up_to_the_world_pass_with_residuals_and_without_aggregates() -> None:
    of = {"2016-01": 1_000_000_000}
    require_partners_add_up(rows(w={"2016-01": 3_000_000_000}, p5800=of, p2010=of, p8220=of, p0003=of), "country.xlsx")


@pytest.mark.parametrize(
    ("period", "off", "passes"),
    [
        ("2013-01", CLOSED, True),
        ("2013-01", CLOSED + 1, False),
        ("2014-12", CLOSED, True),
        ("2014-12", CLOSED + 1, False),
        ("2015-12", int(OPEN * 10**10), True),
        ("2016-01", int(OPEN * 10**10) + 1, False),
        ("1991-12", 10**9, True),
        ("1992-01", 10**9, False),
    ],
)
def test_the_bound_is_dollars_in_closed_years_and_a_share_in_the_last_two(period: str, off: int, passes: bool) -> None:
    world = dict.fromkeys(["1991-12", "1992-01", "2013-01", "2014-12", "2015-12", "2016-01"], 10**10)
    table = rows(w=world, p5800=world | {period: 10**10 - off})
    if passes:
        require_partners_add_up(table, "country.xlsx")
    else:
        with pytest.raises(MalformedSource, match=f"country.xlsx: in {period} the partners' imports add up to"):
            require_partners_add_up(table, "country.xlsx")


def test_the_month_furthest_off_is_named_with_both_figures() -> None:
    table = rows(w={"2013-01": 10**10, "2013-02": 10**10}, p5800={"2013-01": 9 * 10**9, "2013-02": 8 * 10**9})
    words = (
        r"in 2013-02 the partners' imports add up to 8,000\.0 million dollars, the world's are 10,000\.0\. A partner is"
    )
    with pytest.raises(MalformedSource, match=words):
        require_partners_add_up(table, "country.xlsx")


def test_partners_without_a_world_are_refused() -> None:
    with pytest.raises(MalformedSource, match="has no row for the world"):
        require_partners_add_up(rows(p5800={"2016": 1}), "enduse.xlsx")


@pytest.mark.long
@pytest.mark.parametrize("source", COUNTRY, ids=lambda source: source.last_period)
def test_in_every_country_vintage_the_partners_add_up_and_one_left_out_or_doubled_is_seen(source: Any) -> None:
    table = held(source)
    require_partners_add_up(table, source.file)
    for partner in ("2010", "5800"):
        one = table["counterpart_area"] == partner
        for damaged in (table[~one], pd.concat([table, table[one].assign(counterpart_area="5790")])):
            with pytest.raises(MalformedSource, match="A partner is missing, doubled or in the wrong row"):
                require_partners_add_up(damaged, source.file)


@pytest.mark.parametrize("source", END_USE, ids=lambda source: source.last_period)
def test_in_every_end_use_edition_the_partners_add_up_to_the_world_to_the_dollar(source: Any) -> None:
    table = held(source)
    require_partners_add_up(table, source.file)
    by = ["commodity", "time_period"]
    world = table[table["counterpart_area"] == codelists.WORLD].groupby(by)["obs_value"].sum()
    partners = table[table["counterpart_area"] != codelists.WORLD].groupby(by)["obs_value"].sum()
    assert (partners - world).abs().max() == 0


@pytest.mark.long
@pytest.mark.parametrize("source", COUNTRY, ids=lambda source: source.last_period)
def test_in_every_country_vintage_each_region_is_the_sum_of_its_partners(source: Any) -> None:
    require_regions_add_up(held(source), source.file)


@pytest.mark.parametrize(
    ("off", "passes"), [(REGION, True), (-REGION, True), (REGION + 1, False), (-REGION - 1, False)]
)
def test_a_region_may_lie_a_million_dollars_from_its_partners(off: int, passes: bool) -> None:
    months = {"2025-12": 10**10, "2026-01": 10**10}
    table = rows(w=months, p0012=months, p4280=months | {"2026-01": 10**10 + off})
    if passes:
        require_regions_add_up(table, "country.xlsx")
    else:
        words = r"country\.xlsx: in 2026-01 the partners of Europe \(0012\) come to .* its own row has 10,000\.0"
        with pytest.raises(MalformedSource, match=words):
            require_regions_add_up(table, "country.xlsx")


def test_a_region_that_the_office_opened_or_closed_is_held_against_its_partners_in_between() -> None:
    months = dict.fromkeys(["2025-11", "2025-12", "2026-01"], 10**10)
    require_regions_add_up(rows(w=months, p0016={"2025-12": 10**10}, p5800=months), "country.xlsx")
    require_regions_add_up(rows(w=months, p0016=months | {"2026-01": 0}, p5800=months), "country.xlsx")
    with pytest.raises(MalformedSource, match="in 2025-12 the partners of Asia"):
        require_regions_add_up(rows(w=months, p0016=months | {"2025-12": 0}, p5800=months), "country.xlsx")


def test_greenland_and_the_residuals_are_in_no_region_and_mexico_is_in_north_america() -> None:
    month = {"2026-01": 10**10}
    table = rows(w=month, p0009=month, p0010=month, p2010=month, p3510=month, p1010=month, p1610=month, p8220=month)
    require_regions_add_up(table, "country.xlsx")


NEW_MONTHS = "2025-03"
"""From here on no vintage before the newest one held has a month of it."""


def _small(table: pd.DataFrame) -> list[str]:
    """The 124 smallest partners that trade in the newest month."""
    newest = table[(table["time_period"] == table["time_period"].max()) & (table["obs_value"] > 0)]
    traded = newest[newest["counterpart_area"].isin(codelists.PARTNERS)].groupby("counterpart_area")["obs_value"].sum()
    return [str(code) for code in traded.nsmallest(124).index]


ALTERED = {
    "exports to one partner, in months no older vintage has": (
        lambda t: (t["counterpart_area"] == "5800") & (t["trade_flow"] == "X") & (t["time_period"] >= NEW_MONTHS),
        1.02,
    ),
    "the newest month of all partners, by 1 %": (
        lambda t: t["counterpart_area"].isin(codelists.PARTNERS) & (t["time_period"] == "2026-01"),
        1.01,
    ),
    "124 small partners of the newest month": (
        lambda t: t["counterpart_area"].isin(_small(t)) & (t["time_period"] == "2026-01"),
        0.0,
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_partners_altered_where_no_other_vintage_reaches_are_seen_by_their_region(what: str) -> None:
    table, (rows_of, factor) = held(COUNTRY[-1]), ALTERED[what]
    altered = _values(table, rows_of(table), factor)
    require_partners_add_up(altered, "country.xlsx")  # which the sum over the world lets pass
    with pytest.raises(MalformedSource, match="A partner's month is missing, doubled or another one"):
        require_regions_add_up(altered, "country.xlsx")


def imports_to(month: str) -> pd.DataFrame:
    (source,) = (source for source in COUNTRY if source.last_period == month)
    return held(source).query("trade_flow == 'M'")


@pytest.mark.parametrize(("edition", "total"), [("2023", "2024-06"), ("2023", "2025-02"), ("2025", "2026-01")])
def test_korean_imports_by_end_use_are_all_its_general_imports(edition: str, total: str) -> None:
    (source,) = (source for source in END_USE if source.last_period == edition)
    products = observations.of_partner(held(source), "5800")
    assert products["time_period"].nunique() == 10
    require_products_add_up(products, imports_to(total), source.file)


def test_an_edition_of_another_vintage_is_told_from_its_own() -> None:
    (source,) = (source for source in END_USE if source.last_period == "2023")
    products = observations.of_partner(held(source), "5800")
    with pytest.raises(
        MalformedSource, match=r"Korea, South, flow M, 2023: the products lie -160,164,686 dollars from all"
    ):
        require_products_add_up(products, imports_to("2026-01"), "enduse.xlsx")


def test_the_chapters_of_general_imports_are_all_general_imports_in_24_months() -> None:
    (source,) = (source for source in sources.register() if source.dataset == "census-hs-imports-general")
    chapters = observations.of_partner(held(source), "5800")
    assert chapters["time_period"].nunique() == 24
    require_products_add_up(chapters, imports_to("2026-01"), source.file)


def test_the_chapters_of_exports_in_january_2013_are_the_total_of_the_workbook_to_the_dollar() -> None:
    (source,) = (source for source in sources.register() if source.dataset == "census-hs-exports")
    chapters = observations.of_partner(held(source), "5800").query("time_period == '2013-01'")
    assert chapters["obs_value"].sum() == 3_117_963_667
    totals = held(COUNTRY[-1]).query("trade_flow == 'X'")
    require_products_add_up(chapters, totals, source.file, tolerance=0)


def product(code: str, value: int, period: str = "2016-01") -> pd.DataFrame:
    return rows(p5800={period: value}).assign(classification="HS", commodity=code)


def test_products_are_held_against_their_total_by_partner_and_period() -> None:
    chapters = pd.concat([product("03", 4), product("87", 6)])
    assert products_less_totals(chapters, rows(p5800={"2016-01": 9, "2016-02": 5})).to_dict() == {
        ("5800", "M", "2016-01"): 1
    }
    require_products_add_up(chapters, rows(p5800={"2016-01": 10}), "hs.csv", tolerance=0)
    with pytest.raises(MalformedSource, match=r"2016-01: the products lie \+1 dollars from all goods"):
        require_products_add_up(chapters, rows(p5800={"2016-01": 9}), "hs.csv", tolerance=0)


def test_products_of_a_year_are_held_against_its_months() -> None:
    year = product("87", 9, "2016")
    assert products_less_totals(year, rows(p5800={"2016-01": 4, "2016-12": 5, "2017-01": 1})).tolist() == [0]


def test_two_levels_in_one_sum_are_refused() -> None:
    with pytest.raises(MalformedSource, match="Codes of 2 and 4 digits in one sum would count goods twice"):
        products_less_totals(pd.concat([product("87", 6), product("8703", 6)]), rows(p5800={"2016-01": 6}))


def test_products_without_totals_of_their_periods_are_refused() -> None:
    with pytest.raises(MalformedSource, match="no partner and period in common with the totals"):
        require_products_add_up(product("87", 6), rows(p5800={"2017-01": 6}), "hs.csv")


def test_months_that_are_not_their_year_are_refused_with_both_figures() -> None:
    require_year_adds_up(100.0, 101.0, "country.xlsx, Japan, 2011", 1.5)
    words = r"country\.xlsx, Japan, 2011: the months add up to 100\.000 and the year is 102\.000"
    with pytest.raises(MalformedSource, match=words):
        require_year_adds_up(100.0, 102.0, "country.xlsx, Japan, 2011", 1.5)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("5800", "Korea, South"),
        ("5800", "KOREA, SOUTH"),
        ("5800", ""),
        ("7320", "Sudan"),
        ("4802", "Serbia"),
        ("5080", "Israel"),
        ("7740", "Ethiopia"),
        ("4790", "Yugoslavia (fomer)"),
        ("3720", "Falkland Islands(Islas Malvin"),
        ("5082", "Gaza Strip Administered by Israel"),
        ("0007", "Advance Technology Products"),
        ("0015", "World Total"),
    ],
)
def test_a_name_in_the_wording_of_any_file_passes(code: str, name: str) -> None:
    require_own_name(code, name, "country.xlsx")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("5800", "Japan"),
        ("5800", "Korea, North"),
        ("2470", "Dominica"),
        ("2771", "Netherlands"),
        ("7530", "Niger"),
        ("0003", "Korea, South"),
        ("5800", "European Union"),
        ("5800", "World, Seasonally Adjusted"),
    ],
)
def test_a_name_of_another_code_is_refused(code: str, name: str) -> None:
    with pytest.raises(MalformedSource, match=f"code {code} is {codelists.AREAS[code]}, not {name}"):
        require_own_name(code, name, "country.xlsx")


def _whole(dataset: str, vintage: str) -> pd.DataFrame:
    (source,) = [one for one in sources.vintages_of(dataset) if str(one.vintage) == vintage]
    return pd.read_parquet(sources.data_directory() / source.file)


def test_without_an_annual_revision_between_them_all_goods_are_the_sum_of_end_use_to_the_dollar() -> None:
    pairs = [
        (goods, products)
        for goods in sources.vintages_of("census-country")
        for products in sources.vintages_of("census-end-use-imports")
        if not sources.calendar().annual_revisions(*sorted((goods.vintage, products.vintage)))
    ]
    assert len(pairs) == 3
    for goods, products in pairs:
        tables = [_whole(one.dataset, str(one.vintage)) for one in (goods, products)]
        require_same_years(*tables, "This file", "that vintage")


def _exchanged(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    late = table["time_period"] >= "2025-03"
    codes = table["counterpart_area"].astype(str)
    return table.assign(counterpart_area=codes.where(~late, codes.replace({one: other, other: one})))


def _values(table: pd.DataFrame, rows: pd.Series, factor: float) -> pd.DataFrame:
    return table.assign(obs_value=table["obs_value"].where(~rows, (table["obs_value"] * factor).astype("int64")))


MUTANTS = {
    "two partners exchanged in the new months": lambda t: _exchanged(t, "5800", "1220"),
    "a partner lost": lambda t: _values(t, (t["counterpart_area"] == "4050") & (t["time_period"] >= "2025-03"), 0),
    "all new months scaled": lambda t: _values(t, t["time_period"] >= "2025-03", 0.7),
    "small partners lost": lambda t: _values(t, (t["counterpart_area"] == "4271") & (t["time_period"] == "2025-07"), 0),
    "a month lost and the others moved up": lambda t: t.assign(
        time_period=t["time_period"].where(t["time_period"] < "2025-03", t["time_period"].map(lambda m: periods.shifted(str(m), -1)))
    )[t["time_period"] != "2025-03"],
}  # fmt: skip


@pytest.mark.parametrize("damage", MUTANTS)
def test_a_country_file_damaged_in_months_that_no_other_vintage_has_is_seen_by_end_use(damage: str) -> None:
    goods, products = _whole("census-country", "2026-03-12"), _whole("census-end-use-imports", "2026-02-19")
    with pytest.raises(
        MalformedSource, match=r"No annual revision lies between the two, so that they are the same to the dollar"
    ):
        require_same_years(MUTANTS[damage](goods), products, "This file", "that vintage")
