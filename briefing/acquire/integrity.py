"""Identities that hold in the official figures: where they do not hold, something is cut, doubled or misread."""

from typing import Any

import pandas as pd

from briefing import codelists
from briefing.errors import MalformedSource

FIRST_YEAR = "1992"
"""The partners of country.xlsx add up to the world from 1992 on; before, up to 12 percent are missing."""
CLOSED, OPEN = 5_000_000, 0.015
"""How far the partners may lie from the world in a month: US dollars in closed years, a share in open ones.

Seen in nine vintages of country.xlsx: at most 0.50 million dollars in years closed to revision, and at most
0.67 percent (November 2025) in the year under way and the one before it, of which the world's month is
revised in the next release and most partners' only in June.
"""
PRODUCT = 1_000_000
"""The same for a product in a closed year. The two editions of enduse_imports.xlsx held are exact."""


def require_partners_add_up(table: pd.DataFrame, what: str) -> None:
    """Refuse a table in which the partners do not add up to the world, by flow, product and period.

    Aggregates are left out; unidentified countries and international organisations count. A partner
    whose trade is less than the bounds `CLOSED` and `OPEN` can be missing unseen.

    Raises
    ------
    MalformedSource
        If there is no world, or naming the period that is furthest off.
    """
    rows = table[(table["time_period"] >= FIRST_YEAR) & (table["adjustment"] == "N")]
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


def products_less_totals(products: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """The sum over the products of one level less the total, in US dollars, by partner, flow and period or its year.

    `products` holds codes of one length; `totals` rows of all goods. Months of `totals` are summed to
    years where `products` is yearly. Only partners, flows and periods that both hold.
    """
    lengths = products["commodity"].str.len().unique()
    if len(lengths) != 1:
        raise MalformedSource(
            f"Codes of {' and '.join(str(length) for length in sorted(lengths))} digits in one sum would count goods twice. "
            "Select one level first."
        )
    yearly = products["time_period"].str.len().eq(4).all()
    by = ["counterpart_area", "trade_flow"]
    period = totals["time_period"].str[:4] if yearly else totals["time_period"]
    parts = products.groupby([*by, "time_period"])["obs_value"].sum()
    whole = totals.groupby([*by, period.rename("time_period")])["obs_value"].sum()
    return (parts - whole).dropna().astype("int64")


def require_products_add_up(products: pd.DataFrame, totals: pd.DataFrame, what: str, tolerance: int = PRODUCT) -> None:
    """Refuse products of one level that do not add up to all goods, within `tolerance` US dollars.

    Both must be of one vintage, or of years closed to revision between the two.

    Raises
    ------
    MalformedSource
        If nothing can be compared, or naming the partner and period that is furthest off.
    """
    off = products_less_totals(products, totals)
    if off.empty:
        raise MalformedSource(
            f"{what} has no partner and period in common with the totals. Whether it is whole cannot be told. "
            "Take totals of the same periods."
        )
    place = int(off.abs().to_numpy().argmax())
    worst = int(off.iloc[place])
    if abs(worst) > tolerance:
        partner, flow, period = off.index[place]
        raise MalformedSource(
            f"{what}: {codelists.AREAS[partner]}, flow {flow}, {period}: the products lie {worst:+,} dollars from all "
            "goods. A product is missing or doubled, or the two are of different vintages. Fetch both on one day."
        )
