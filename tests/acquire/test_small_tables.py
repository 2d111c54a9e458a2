"""What holds of years closed to revision, at its very edge, on tables of a few rows: the real vintages are tried by `make test`."""

from dataclasses import replace

import pandas as pd
import pytest
from briefing import periods
from briefing.acquire.between_series import EXACT, AllGoods, require_like_all_goods, require_same_years
from briefing.acquire.continuity import CLOSED, LOST, Neighbour, require_continuity, require_new_months_in_line
from briefing.acquire.contract import EXPORTS, GENERAL_IMPORTS
from briefing.errors import MalformedSource
from briefing.record import observations, sources

YEARS = [str(year) for year in range(2016, 2023)]
"""Of which the last four are open to revision: 2018 is the last closed one."""
CODES = [f"{group}000" for group in range(30, 40)]
SOURCE = replace(sources.vintages_of("census-end-use-imports")[-1], open_years=4, window=0)


def products(partner: str = "5800", **changed: int) -> pd.DataFrame:
    """Of ten end-uses imports of 1.2 billion dollars each in each year; of one, so much more or less in a year ("y2018")."""
    cells = [
        ("END_USE", code, "US", partner, *GENERAL_IMPORTS, "N", year, 12 * 10**8, "A")
        for code in CODES
        for year in YEARS
    ]
    table = pd.DataFrame(cells, columns=observations.COLUMNS)
    for year, by in changed.items():
        table.loc[(table["time_period"] == year[1:]) & (table["commodity"] == CODES[0]), "obs_value"] += by
    return table


def goods(partner: str = "5800", flow: str = "M", **changed: int) -> pd.DataFrame:
    """Twelve billion dollars of all goods in each year, a billion a month; so much more or less in a month ("m201801")."""
    months = periods.span(f"{YEARS[0]}-01", f"{YEARS[-1]}-12")
    basis = GENERAL_IMPORTS if flow == "M" else EXPORTS
    cells = [("TOTAL", "TOTAL", "US", partner, *basis, "N", month, 10**9, "A") for month in months]
    table = pd.DataFrame(cells, columns=observations.COLUMNS)
    for month, by in changed.items():
        table.loc[table["time_period"] == f"{month[1:5]}-{month[5:]}", "obs_value"] += by
    return table


@pytest.mark.parametrize(
    ("year", "off", "open_years", "refused"),
    [
        ("y2018", CLOSED, 4, False),
        ("y2018", CLOSED + 1, 4, True),
        ("y2018", -CLOSED - 1, 4, True),
        ("y2019", CLOSED + 1, 4, False),
        ("y2019", CLOSED + 1, 3, True),
        ("y2018", CLOSED + 1, 0, False),
    ],
)
def test_the_last_year_closed_to_revision_stays_as_it_was(year: str, off: int, open_years: int, refused: bool) -> None:
    neighbour = Neighbour(replace(SOURCE, open_years=open_years), products())
    if not refused:
        assert require_continuity(products(**{year: off}), "it", neighbour, later=True) == []
    else:
        with pytest.raises(
            MalformedSource, match=rf"{year[1:]}, at 1,200\.0 million dollars, .*: that year was closed to revision"
        ):
            require_continuity(products(**{year: off}), "it", neighbour, later=True)


@pytest.mark.parametrize(
    ("year", "lost", "refused"),
    [
        ("2018", CLOSED, False),
        ("2018", CLOSED + 1, True),
        ("2019", CLOSED + 1, False),
        ("2019", LOST["END_USE"], False),
        ("2019", LOST["END_USE"] + 1, True),
    ],
)
def test_what_is_lost_of_a_closed_year_is_refused_and_of_an_open_one_if_it_is_much(
    year: str, lost: int, refused: bool
) -> None:
    one = products().query(f"commodity == '30000' and time_period == '{year}'")
    more = pd.concat([products(), one.assign(commodity="41000", obs_value=lost)], ignore_index=True)
    if not refused:
        assert require_continuity(products(), "it", Neighbour(SOURCE, more), later=True) == []
    else:
        words = rf"lacks what the vintage of .* holds: Korea, South \(5800\), flow M, commodity 41000, {year}, "
        with pytest.raises(MalformedSource, match=words):
            require_continuity(products(), "it", Neighbour(SOURCE, more), later=True)


@pytest.mark.parametrize(
    ("partner", "flow", "month", "off", "refused"),
    [
        ("5800", "M", "m202212", CLOSED, False),
        ("5800", "M", "m202212", CLOSED + 1, True),
        ("0015", "M", "m202212", CLOSED + 1, False),
        ("1220", "M", "m202212", CLOSED + 1, True),
        ("1220", "X", "m202212", CLOSED + 1, False),
        ("1220", "X", "m202211", CLOSED + 1, True),
    ],
)
def test_until_an_annual_revision_a_month_of_a_partner_stays_but_exports_to_canada_are_corrected_once(
    partner: str, flow: str, month: str, off: int, refused: bool
) -> None:
    neighbour = Neighbour(SOURCE, goods(partner, flow))
    if not refused:
        require_continuity(goods(partner, flow, **{month: off}), "it", neighbour, later=True, revised=False)
    else:
        words = rf"{month[1:5]}-{month[5:]}, at 1,000\.0 million dollars, .* no annual revision lies between the two"
        with pytest.raises(MalformedSource, match=words):
            require_continuity(goods(partner, flow, **{month: off}), "it", neighbour, later=True, revised=False)


@pytest.mark.parametrize(
    ("year", "off", "open_years", "revised", "refused"),
    [
        ("y2018", EXACT, 4, True, False),
        ("y2018", EXACT + 1, 4, True, True),
        ("y2018", -EXACT - 1, 4, True, True),
        ("y2019", EXACT + 1, 4, True, False),
        ("y2018", EXACT + 1, 0, True, False),
        ("y2019", EXACT + 1, 4, False, True),
    ],
)
def test_products_are_all_goods_to_the_dollar_in_the_last_closed_year(
    year: str, off: int, open_years: int, revised: bool, refused: bool
) -> None:
    totals = AllGoods(goods(), "country.xlsx", open_years)
    if not refused:
        require_like_all_goods(products(**{year: off}), "it", totals, revised=revised)
    else:
        words = (
            rf"{year[1:]}: the codes of 5 digits come to {12 * 10**9 + off:,} dollars, country\.xlsx has 12,000,000,000"
        )
        with pytest.raises(MalformedSource, match=words):
            require_like_all_goods(products(**{year: off}), "it", totals, revised=revised)


def test_years_of_two_files_are_the_same_to_a_thousand_dollars_but_for_the_world_and_years_not_complete() -> None:
    require_same_years(AllGoods(goods(), "country.xlsx", 0), products(y2022=EXACT), "enduse.xlsx")
    require_same_years(AllGoods(goods("0015"), "country.xlsx", 0), products("0015", y2022=EXACT + 1), "enduse.xlsx")
    eleven = goods().query("time_period != '2022-12'")
    require_same_years(AllGoods(eleven, "country.xlsx", 0), products(), "enduse.xlsx")
    words = r"Korea, South \(5800\), 2022: general imports come to 12,000\.0 million dollars, enduse\.xlsx has 12,005\.0 million"
    with pytest.raises(MalformedSource, match=words):
        require_same_years(
            AllGoods(goods(), "country.xlsx", 0), products(y2021=EXACT + 1, y2022=5_000_000), "enduse.xlsx"
        )


@pytest.mark.parametrize("factor", [10, 100, 1_000, 1_000_000])
@pytest.mark.parametrize("way", ["divided", "multiplied"])
def test_a_value_of_another_unit_is_told_as_that(way: str, factor: int) -> None:
    told = 12 * 10**8 * factor if way == "multiplied" else 12 * 10**8 // factor
    with pytest.raises(MalformedSource, match=rf"2018, at .*, as if {way} by {factor:,}: that year was closed"):
        require_continuity(products(y2018=told - 12 * 10**8), "it", Neighbour(SOURCE, products()), later=True)


@pytest.mark.parametrize(
    ("partner", "usual", "new", "refused"),
    [
        ("0015", 2 * 10**9, 10**9, False),
        ("0015", 2 * 10**9, 10**9 - 1, True),
        ("0015", 2 * 10**9, 32 * 10**8, False),
        ("0015", 2 * 10**9, 32 * 10**8 + 1, True),
        ("5800", 2 * 10**9, 2 * 10**8, False),
        ("5800", 2 * 10**9, 2 * 10**8 - 1, True),
        ("5800", 2 * 10**9, 12 * 10**9, False),
        ("5800", 2 * 10**9, 12 * 10**9 + 1, True),
        ("5800", 10**9, 1, False),
    ],
)
def test_a_new_month_is_neither_a_sliver_nor_a_multiple_of_the_twelve_before(
    partner: str, usual: int, new: int, refused: bool
) -> None:
    table = goods(partner)
    table["obs_value"] = table["obs_value"].mask(table["time_period"] < "2022-12", usual)
    table["obs_value"] = table["obs_value"].mask(table["time_period"] == "2022-12", new)
    require_new_months_in_line(table, "2022-12", "it")
    if not refused:
        require_new_months_in_line(table, "2022-11", "it")
    else:
        with pytest.raises(
            MalformedSource, match=r"flow M, 2022-12, at .* where the twelve months before have 2,000\.0 million"
        ):
            require_new_months_in_line(table, "2022-11", "it")


@pytest.mark.parametrize(
    ("partners", "alike", "back", "refused"),
    [
        (5, 5, 1, True),
        (5, 3, 1, True),
        (5, 2, 1, False),
        (4, 4, 1, False),
        (5, 5, 12, True),
        (5, 5, 24, True),
        (5, 5, 2, False),
    ],
)
def test_a_new_month_that_is_an_earlier_one_in_most_of_five_large_series_is_refused(
    partners: int, alike: int, back: int, refused: bool
) -> None:
    tables = [goods(code) for code in ("5800", "5880", "2010", "4280", "5520")[:partners]]
    for at, one in enumerate(tables):
        one["obs_value"] += one.index  # no two months are the same
        if at < alike:
            one.loc[one.index[-1], "obs_value"] = one["obs_value"].iloc[-1 - back]
    table = pd.concat(tables, ignore_index=True)
    if not refused:
        require_new_months_in_line(table, "2022-11", "it")
    else:
        words = rf"for 2022-12 what it has for {periods.shifted('2022-12', -back)}, to the dollar, in {alike} of {partners} large"
        with pytest.raises(MalformedSource, match=words):
            require_new_months_in_line(table, "2022-11", "it")
