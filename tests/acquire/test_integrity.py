"""Identities of the official figures: they hold in the record, and a file that breaks one is refused."""

from typing import Any

import pandas as pd
import pytest
from briefing.acquire.contract import GENERAL_IMPORTS
from briefing.acquire.integrity import (
    CLOSED,
    OPEN,
    REGION,
    require_own_name,
    require_partners_add_up,
    require_regions_add_up,
    require_year_adds_up,
)
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record import observations, sources

COUNTRY = [source for source in sources.whole_vintages("census-country") if not source.continues]
END_USE = [source for source in sources.register() if source.dataset == "census-end-use-imports"]


def held(source: Any) -> pd.DataFrame:
    return pd.read_parquet(sources.data_directory() / source.file)[observations.COLUMNS]


def rows(**values: dict[str, int]) -> pd.DataFrame:
    """One flow of all goods: a partner's values by period, the partner written "w" or "p5800"."""
    codes = {partner: "0015" if partner == "w" else partner[1:] for partner in values}
    cells = [
        ("TOTAL", "TOTAL", "US", codes[partner], *GENERAL_IMPORTS, "N", period, value, "A")
        for partner, series in values.items()
        for period, value in series.items()
    ]
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


@pytest.mark.long
@pytest.mark.parametrize("what", ALTERED)
def test_partners_altered_where_no_other_vintage_reaches_are_seen_by_their_region(what: str) -> None:
    table, (rows_of, factor) = held(COUNTRY[-1]), ALTERED[what]
    altered = _values(table, rows_of(table), factor)
    require_partners_add_up(altered, "country.xlsx")  # which the sum over the world lets pass
    with pytest.raises(MalformedSource, match="A partner's month is missing, doubled or another one"):
        require_regions_add_up(altered, "country.xlsx")


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


def _values(table: pd.DataFrame, rows: pd.Series, factor: float) -> pd.DataFrame:
    return table.assign(obs_value=table["obs_value"].where(~rows, (table["obs_value"] * factor).astype("int64")))
