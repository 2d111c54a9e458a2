"""Holds series against one another: products and mirrors against all goods, end-use against country.xlsx.

A file can agree with itself and with its own past, and still be wrong in months that its past does not have: another
source that holds them tells. What is the same in both is so to the dollar; what differs by valuation or revision stays
within what it differed by so far.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from briefing import periods
from briefing.acquire.continuity import FIRST_PRINT
from briefing.acquire.contract import (
    BASIS,
    DUTIES,
    EXPORTS,
    EXPORTS_FOB,
    GENERAL_IMPORTS,
    IMPORTS_CIF,
    IMPORTS_FOB,
    IMPORTS_FOR_CONSUMPTION,
)
from briefing.codes import codelists
from briefing.errors import MalformedSource, OtherLevel


@dataclass(frozen=True)
class Likeness:
    """How a series of all goods relates to country.xlsx: the flow it is held against, and the share of that it has.

    `month` and `year` are the least and the greatest share; `exact` says that years closed to revision are equal.
    """

    flow: str
    month: tuple[float, float]
    year: tuple[float, float]
    exact: bool = False


LIKENESS = {
    ("US", *EXPORTS): Likeness("X", (0.85, 1.15), (0.8, 1.25), exact=True),
    ("US", *GENERAL_IMPORTS): Likeness("M", (0.85, 1.15), (0.8, 1.25), exact=True),
    ("US", *IMPORTS_FOR_CONSUMPTION): Likeness("M", (0.75, 1.25), (0.9, 1.1)),
    ("US", *EXPORTS_FOB): Likeness("X", (0.85, 1.15), (0.9, 1.1)),
    ("US", *IMPORTS_FOB): Likeness("M", (0.85, 1.15), (0.9, 1.1)),
    ("US", *IMPORTS_CIF): Likeness("M", (0.9, 1.3), (0.95, 1.2)),
    ("KR", *EXPORTS_FOB): Likeness("M", (0.6, 1.6), (0.85, 1.15)),
    ("KR", *IMPORTS_CIF): Likeness("X", (0.7, 1.8), (0.9, 1.3)),
}
"""By reporter, flow, system of trade and valuation.

Seen: revisions of a month above `COMPARED` at most 8.8 percent, of a year at most 12 (Israel 2019); the chapters of
Korea's imports for consumption 0.90 to 1.09 of general imports in a month, 0.968 to 1.027 in a year; Korea's ledger,
2010 to 2025, exports 0.75 to 1.29 of US imports in a month and 0.947 to 1.019 in a year, imports (CIF) 0.86 to 1.50
of US exports in a month and 0.997 to 1.135 in a year.
"""
COMPARED = {True: 3_000_000_000, False: 10_000_000_000}
"""Dollars a month, and a year, from which on the shares hold: what small partners trade is revised by any share."""
WHOLE = 10
"""From so many groups of goods on (codes with other first two digits), a partner is taken to be given with all goods."""
FLOWS = {"M": "general imports", "X": "exports"}
EXACT = 1_000
"""Dollars by which a year closed to revision may lie off. Seen: 0, in HS chapters and end-use codes of every such year."""


@dataclass(frozen=True)
class AllGoods:
    """A vintage of country.xlsx that others are held against: `named` in a message, `table` its observations.

    `open_years` is how many years, up to the last, an annual revision may still change; 0 if that is not known. `rounding` is
    by how many dollars a month that is the same in both may lie apart, because one of the two gives it rounded.
    """

    table: pd.DataFrame
    named: str
    open_years: int
    rounding: float = 0


def require_like_all_goods(table: pd.DataFrame, what: str, goods: AllGoods, *, revised: bool = True) -> None:
    """Refuse products that do not add up to all goods, or a series of them at another level, by partner and period.

    Of a partner with some of its goods only, these must not exceed all goods.

    Parameters
    ----------
    table
        Products, or all goods from another source: the columns of `briefing.record.observations.COLUMNS`, monthly or
        yearly, in US dollars, on any basis of `LIKENESS`.
    what
        The table's name in a message.
    goods
        All goods in trade with each partner, monthly, on the Census basis.
    revised
        Whether an annual revision lies between the two. Without one, what is exact in closed years is so in open ones.

    Raises
    ------
    OtherLevel
        Naming the partner and period that is furthest off.
    """
    # Duties are no trade, and a ledger may hold what others trade.
    with_the_us = (table["ref_area"] == "US") | (table["counterpart_area"] == "US")
    trade = table[(table["valuation"] != DUTIES[-1]) & with_the_us]
    for (reporter, *basis), rows in trade.groupby(["ref_area", *BASIS], observed=True):
        flow, system, valuation = (str(code) for code in basis)
        likeness = LIKENESS[str(reporter), flow, system, valuation]
        sums = _beside_all_goods(rows, goods.table, likeness.flow)
        for length, of_length in sums.groupby("length"):
            off = _off(of_length, likeness, goods, revised)
            if not off.empty:
                worst = off.iloc[int(off["away"].to_numpy().argmax())]
                raise _unlike_all_goods(worst, f"{what}, flow {flow}", int(str(length)), goods)


def require_same_consumption(
    totals: pd.DataFrame, chapters: pd.DataFrame, what: str, beside: str, last_open: str
) -> None:
    """Refuse imports for consumption in all goods that are not the sum of their HS chapters, partner by partner and month.

    Of partners given with all chapters, in months of years that were closed to revision when the chapters came out.

    Parameters
    ----------
    totals, chapters
        All goods, and HS chapters, of imports for consumption at customs value: the columns of
        `briefing.record.observations.COLUMNS`, monthly, in US dollars. Duties among them are let be.
    last_open
        The last year that was closed, "2017": later ones may have been revised since.

    Raises
    ------
    MalformedSource
        Naming the partner and month that is furthest off.
    """
    keys = ["counterpart_area", "time_period"]
    named = chapters.groupby("counterpart_area")["commodity"].nunique()
    whole = chapters[chapters["counterpart_area"].isin(named.index[named >= WHOLE])]
    parts = whole[whole["time_period"].str[:4] <= last_open].groupby(keys)["obs_value"].sum()
    goods = totals[totals["valuation"] == IMPORTS_FOR_CONSUMPTION[-1]].set_index(keys)["obs_value"]
    both = parts.index.intersection(goods.index)
    apart = goods[both] - parts[both]
    if (apart != 0).any():
        area, month = str(apart.abs().idxmax()[0]), str(apart.abs().idxmax()[1])  # type: ignore[index]
        raise MalformedSource(
            f"{what}: imports for consumption from {codelists.AREAS[area]} in {month} are {int(goods[area, month]):,} dollars, and "
            f"the HS chapters of {beside} come to {int(parts[area, month]):,}. A rate of duty made of them would be of other "
            "goods. Fetch the file again; if the office did revise that month, say so with --despite."
        )


def require_same_years(goods: AllGoods, products: pd.DataFrame, beside: str) -> None:
    """Refuse a flow of all goods that in some complete year is not the sum of the products, partner by partner.

    Of vintages between which no annual revision lies: country.xlsx and the end-use workbooks then give each partner's
    general imports, or exports, of a year to the same dollar (seen: 234 of 234 partners in each of ten years). The world's total alone
    is corrected by itself.

    Parameters
    ----------
    goods, products
        The columns of `briefing.record.observations.COLUMNS`, in US dollars: country.xlsx by month, of which the flow of the products
        is taken, and an end-use workbook by year; partners with few groups of goods, as in an excerpt, are passed over.
    beside
        The workbook in a message.

    Raises
    ------
    OtherLevel
        Naming the partner and year that lie furthest apart.
    """
    flow = str(products["trade_flow"].iloc[0])
    groups = products.groupby("counterpart_area")["commodity"].agg(lambda codes: codes.str[:2].nunique())
    whole = set(groups.index[groups >= WHOLE]) - {codelists.WORLD}
    own = goods.table[(goods.table["trade_flow"] == flow) & goods.table["counterpart_area"].isin(whole)]
    by = [own["counterpart_area"].astype(str).rename("partner"), own["time_period"].str[:4].rename("year")]
    years = own.groupby(by)["obs_value"].agg(["sum", "size"])
    rows = [products["counterpart_area"].astype(str).rename("partner"), products["time_period"].rename("year")]
    both = years[years["size"] == 12].join(products.groupby(rows)["obs_value"].sum().rename("products"), how="inner")
    apart = (both["sum"] - both["products"]).abs()
    if apart.empty or apart.max() <= EXACT + goods.rounding * 12:
        return
    place = int(apart.to_numpy().argmax())
    (partner, year), one = both.index[place], both.iloc[place]
    raise OtherLevel(
        f"{goods.named}: {codelists.with_code(partner)}, {year}: {FLOWS[flow]} come to {one['sum'] / 1e6:,.1f} million dollars, "
        f"{beside} has {one['products'] / 1e6:,.1f} million. No annual revision lies between the two, so that they are the same to the "
        "dollar: a partner was lost or exchanged, or months were shifted or scaled. Every figure of that year would be wrong. "
        'Fetch it again; if it is so, name the page that says so with --despite "reason".'
    )


def _beside_all_goods(rows: pd.DataFrame, totals: pd.DataFrame, flow: str) -> pd.DataFrame:
    """Sums of the codes of one length by partner and period, beside all goods of the months or the year."""
    own = rows[rows["adjustment"] == "N"]
    own = own.assign(length=own["commodity"].str.len().where(own["classification"] != "TOTAL", 0))
    if (own["length"] == 0).any():
        own = own[own["length"] == 0]  # the items of a ledger that gives its sum as well are held against that
    partner = own["counterpart_area"].where(own["counterpart_area"] != "US", codelists.KOREA)
    by = ["partner", "length", "time_period"]
    own = own.assign(partner=partner, group=own["commodity"].str[:2])
    sums = own.groupby(by, observed=True)["obs_value"].sum().rename("sum").reset_index()
    sums = sums.merge(own.groupby(["partner", "length"])["group"].nunique().rename("groups").reset_index())
    yearly = own["time_period"].str.len().eq(4).all()
    goods = totals[(totals["trade_flow"] == flow) & (totals["adjustment"] == "N")]
    period = goods["time_period"].str[:4] if yearly else goods["time_period"]
    whole = goods.groupby([goods["counterpart_area"].rename("partner"), period.rename("time_period")])["obs_value"]
    beside = sums.merge(whole.agg(all_goods="sum", months="size").reset_index(), on=["partner", "time_period"])
    beside = beside[beside["months"] == (12 if yearly else 1)]
    whole_sets = (beside["groups"] >= WHOLE) | (beside["length"] == 0)
    return beside.assign(whole=whole_sets, year=beside["time_period"].str[:4])


def _off(sums: pd.DataFrame, likeness: Likeness, goods: AllGoods, revised: bool) -> pd.DataFrame:
    """The periods, and the whole years of their months, that are not as much of all goods as they must be."""
    found = list(_months_and_years(sums))
    rows = pd.concat([rows.assign(monthly=monthly) for monthly, rows in found], ignore_index=True)
    exact = _exact(rows, sums, likeness, goods, revised)
    low, high = (np.where(rows["monthly"], likeness.month[at], likeness.year[at]) * rows["all_goods"] for at in (0, 1))
    small = rows["all_goods"] < rows["monthly"].map(COMPARED)
    low, high = np.where(small, 0, low), np.where(small, np.inf, high)
    as_it_is = EXACT + goods.rounding * rows["months"]
    low, high = np.where(exact, rows["all_goods"] - as_it_is, low), np.where(exact, rows["all_goods"] + as_it_is, high)
    away = np.maximum(np.where(rows["whole"], low - rows["sum"], 0), rows["sum"] - high)
    return rows.assign(away=away)[away > 0]


def _exact(rows: pd.DataFrame, sums: pd.DataFrame, likeness: Likeness, goods: AllGoods, revised: bool) -> pd.Series:
    """Which periods must be equal: those closed to revision, and where none lies between the two, those of partners.

    Until the annual revision the world alone is revised, and exports to Canada once, a month after they came out.
    """
    last = min(str(sums["time_period"].max()), str(goods.table["time_period"].max()))[:4]
    closed = (rows["year"].astype(int) <= int(last) - goods.open_years) & bool(goods.open_years)
    late = {codelists.WORLD, *(FIRST_PRINT if likeness.flow == "X" else ())}
    unrevised = ~rows["partner"].isin(late) & (not revised)
    return (closed | unrevised) & likeness.exact


def _months_and_years(sums: pd.DataFrame) -> Iterator[tuple[bool, pd.DataFrame]]:
    monthly = periods.is_month(str(sums["time_period"].max()))
    yield monthly, sums
    if monthly:
        years = sums.groupby(["partner", "length", "whole", "year"], as_index=False).agg(
            {"sum": "sum", "all_goods": "sum", "months": "sum"}
        )
        yield False, years[years["months"] == 12].assign(time_period=lambda rows: rows["year"])


def _unlike_all_goods(row: Any, what: str, length: int, goods: AllGoods) -> OtherLevel:
    parts = "all goods" if length == 0 else f"the codes of {length} digits"
    ours, theirs = _told_apart(int(row["sum"]), int(row.all_goods))
    return OtherLevel(
        f"{what}: {codelists.with_code(row.partner)}, {row.time_period}: {parts} come to {ours} dollars, {goods.named} has "
        f"{theirs}. They are further apart than revisions or valuation have put them: a product is missing or "
        "doubled, the unit or the flow is another, or it is not goods. Every share of it would be wrong. Fetch it again, with "
        'country.xlsx of the same day; if it is so, name the page that says so with --despite "reason".'
    )


def _told_apart(one: int, other: int) -> tuple[str, str]:
    """Two amounts of dollars in millions, or where those print alike in dollars."""
    millions = f"{one / 1e6:,.1f} million", f"{other / 1e6:,.1f} million"
    return millions if millions[0] != millions[1] else (f"{one:,}", f"{other:,}")
