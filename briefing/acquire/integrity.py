"""Identities that hold within one official file: where they do not hold, something is cut, doubled or misread."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from briefing.acquire.sheets import why_no_code
from briefing.codes import codelists
from briefing.errors import MalformedSource

CLOSED, OPEN = 5_000_000, 0.015
"""How far the partners may lie from the world in a month: US dollars in closed years, a share in open ones.

Seen in nine vintages of country.xlsx: at most 0.50 million dollars in years closed to revision, and at most
0.67 percent (November 2025) in the year under way and the one before it, of which the world's month is
revised in the next release and most partners' only in June.
"""
PRODUCT = 1_000_000
"""The same for a product in a closed year. The two editions of enduse_imports.xlsx held are exact."""


REGION_OF = {"1": "0009", "2": "0009", "3": "0009", "4": "0012", "5": "0016", "6": "0018", "7": "0013"}
"""The region of a partner by the first digit of its code; Canada and Mexico are North America."""
REGIONS = frozenset({"0010", *REGION_OF.values()})
NORTH_AMERICA = frozenset({"1220", "2010"})
IN_NO_REGION = frozenset({"1010", "1610"})
"""Greenland, St Pierre and Miquelon."""
REGION = 1_000_000
"""Dollars by which the partners of a region may lie from its own row in a month.

Seen in nine vintages of country.xlsx: 0.88 million once (imports from North America, August 2011), 0.65 million in years
rounded to 0.1 million (before 2005), and 12 dollars in any other month, open to revision or not.
"""


def require_partners_add_up(table: pd.DataFrame, what: str) -> None:
    """Refuse a table in which the partners do not add up to the world, by flow, product and period.

    Aggregates are left out; unidentified countries and international organisations count. A partner
    whose trade is less than the bounds `CLOSED` and `OPEN` can be missing unseen.

    `table` has the columns of `briefing.record.observations.COLUMNS`, by month or year, in US dollars; rows adjusted for
    season and those before `EVERY_PARTNER_SINCE` are passed over.

    Raises
    ------
    MalformedSource
        If there is no world, or naming the period that is furthest off.
    """
    rows = table[(table["time_period"] >= str(codelists.EVERY_PARTNER_SINCE)) & (table["adjustment"] == "N")]
    by = ["trade_flow", "classification", "commodity", "time_period"]
    world = rows[rows["counterpart_area"] == codelists.WORLD].groupby(by)["obs_value"].sum()
    partners = rows[rows["counterpart_area"].isin(codelists.PARTNERS)].groupby(by)["obs_value"].sum()
    if world.empty and not partners.empty:
        raise MalformedSource(
            f"{what} has no row for the world. Whether a partner is missing or doubled cannot be told without it. "
            "Fetch the file again."
        )
    sums = pd.DataFrame({"world": world, "partners": partners}).fillna(0).reset_index()
    excess = (sums["partners"] - sums["world"]).abs() - _allowed(sums)
    if (excess > 0).any():
        raise _not_the_world(sums.iloc[int(excess.to_numpy().argmax())], what)


def _allowed(sums: pd.DataFrame) -> pd.Series:
    """The bound of each sum: the last year of the table and the one before it are open to revision."""
    years = sums["time_period"].str[:4].astype(int)
    least = sums["classification"].eq("TOTAL").map({True: CLOSED, False: PRODUCT})
    return (sums["world"] * OPEN).where(years >= years.max() - 1, 0.0).clip(lower=least)


def _not_the_world(row: Any, what: str) -> MalformedSource:
    flow = "exports" if row.trade_flow == "X" else "imports"
    product = "" if row.commodity == "TOTAL" else f" of {row.commodity}"
    return MalformedSource(
        f"{what}: in {row.time_period} the partners' {flow}{product} add up to {row.partners / 1e6:,.1f} million "
        f"dollars, the world's are {row.world / 1e6:,.1f}. A partner is missing, doubled or in the wrong row, and "
        "shares and ranks would be wrong. Fetch the file again."
    )


def require_regions_add_up(table: pd.DataFrame, what: str) -> None:
    """Refuse a table of all goods in which a region is not the sum of its partners, by flow and month.

    This is closer than the sum over all partners: a region's row is revised with its partners, on the same day.

    Parameters
    ----------
    table
        The columns of `briefing.record.observations.COLUMNS`, monthly, in US dollars. Months in which a region has no row,
        or only 0 before or after all its others, are passed over: the office opens and closes aggregates.

    Raises
    ------
    MalformedSource
        Naming the region and month that is furthest off.
    """
    rows = table[table["adjustment"] == "N"]
    by = ["trade_flow", "region", "time_period"]
    own = rows.assign(region=rows["counterpart_area"].where(rows["counterpart_area"].isin(REGIONS)))
    parts = rows.assign(region=rows["counterpart_area"].map({code: _region(code) for code in codelists.PARTNERS}))
    sums = pd.DataFrame({"own": own.groupby(by)["obs_value"].sum(), "partners": parts.groupby(by)["obs_value"].sum()})
    sums = sums.dropna(subset="own").fillna(0).reset_index()
    kept = sums[sums["own"] > 0].groupby(by[:2])["time_period"].agg(first="min", last="max").reset_index()
    sums = sums.merge(kept, on=by[:2]).query("first <= time_period <= last")
    off = (sums["own"] - sums["partners"]).abs()
    if not off.empty and off.max() > REGION:
        raise _not_the_region(sums.iloc[int(off.to_numpy().argmax())], what)


def _region(code: str) -> str | None:
    if code in IN_NO_REGION:
        return None
    return "0010" if code in NORTH_AMERICA else REGION_OF.get(code[0])


def _not_the_region(row: Any, what: str) -> MalformedSource:
    return MalformedSource(
        f"{what}: in {row.time_period} the partners of {codelists.with_code(row.region)} come to {row.partners / 1e6:,.1f} "
        f"million dollars, flow {row.trade_flow}, its own row has {row.own / 1e6:,.1f}. A partner's month is missing, doubled or "
        "another one, and shares and ranks would be wrong. Fetch the file again."
    )


def require_year_adds_up(months: float, year: float, where: str, tolerance: float) -> None:
    """Refuse a row whose twelve months are not its year, in the unit of the row.

    Raises
    ------
    MalformedSource
    """
    if abs(months - year) > tolerance:
        raise MalformedSource(
            f"{where}: the months add up to {months:,.3f} and the year is {year:,.3f}. A month is wrong or in the "
            "wrong column, and would spoil every sum over it. Fetch the file again."
        )


def require_partner(code: str, where: str, known: Callable[[str], bool]) -> None:
    """Refuse a code of four digits that is in no list of partners.

    Raises
    ------
    MalformedSource
        Saying what a spreadsheet program has done to it, where that is known.
    """
    if known(code):
        return
    why = why_no_code(code, 4, known)
    raise MalformedSource(
        f"{where}: code {code!r} is in no list of partners, "
        + (
            f"for {why}"
            if why
            else "so its trade would be lost or counted twice. Add the code to briefing/codes/codelists.py if the office has opened it."
        )
    )


def require_own_name(code: str, name: str, where: str) -> None:
    """Refuse a name that belongs to another code of the list.

    A name known to no list passes, for names change between files; a former code may bear its heir's
    name: "Sudan (to 2011)" is printed "Sudan".

    Raises
    ------
    MalformedSource
    """
    named = codelists.partner_code(name) or codelists.aggregate_code(name)
    if named not in (None, code) and not codelists.AREAS[code].startswith(f"{codelists.AREAS[named]} ("):
        raise MalformedSource(
            f"{where}: code {code} is {codelists.AREAS[code]}, not {name}. One partner's trade would stand under "
            "another's name. Fetch the file again."
        )
