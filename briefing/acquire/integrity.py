"""Identities that hold in the official figures: what they do not hold in is cut, doubled or misread."""

from typing import Any

import pandas as pd

from briefing import codelists
from briefing.errors import MalformedSource

FIRST_YEAR = "1992"
"""The partners of country.xlsx add up to the world from 1992 on."""
CLOSED, OPEN = 5_000_000, 0.015
"""How far the partners may lie from the world in a month: US dollars in closed years, a share in open ones.

Seen in nine vintages of country.xlsx: at most 0.5 million dollars in years closed to revision, and at most
0.67 percent (November 2025) in the year under way and the one before it, of which the world's month is
revised in the next release and most partners' only in June.
"""


def require_partners_add_up(table: pd.DataFrame, what: str) -> None:
    """Refuse a table in which the partners do not add up to the world, by flow, product and period.

    Aggregates are left out; unidentified countries and international organisations count.

    Raises
    ------
    MalformedSource
        Naming the period that is furthest off.
    """
    rows = table[(table["time_period"] >= FIRST_YEAR) & (table["adjustment"] == "N")]
    by = ["trade_flow", "classification", "commodity", "time_period"]
    world = rows[rows["counterpart_area"] == codelists.WORLD].groupby(by)["obs_value"].sum()
    partners = rows[rows["counterpart_area"].isin(codelists.PARTNERS)].groupby(by)["obs_value"].sum()
    if world.empty:
        return
    sums = pd.DataFrame({"world": world, "partners": partners}).fillna(0).reset_index()
    last_year = int(str(table["time_period"].max())[:4])
    is_open = sums["time_period"].str[:4].astype(int) >= last_year - 1
    allowed = (sums["world"] * OPEN).where(is_open, 0.0).clip(lower=CLOSED)
    excess = (sums["partners"] - sums["world"]).abs() - allowed
    if (excess > 0).any():
        worst: Any = sums.assign(excess=excess).sort_values("excess").iloc[-1]
        product = "" if worst.commodity == "TOTAL" else f" of {worst.commodity}"
        raise MalformedSource(
            f"{what}: in {worst.time_period} the partners' {'exports' if worst.trade_flow == 'X' else 'imports'}{product} "
            f"add up to {worst.partners / 1e6:,.1f} million dollars, the world's are {worst.world / 1e6:,.1f}. A partner is "
            "missing, doubled or in the wrong row, and shares and ranks would be wrong. Fetch the file again."
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
