"""Identities that hold in the official figures: where they do not hold, something is cut, doubled or misread."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record.sources import Source

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
    ("US", "X", "total", "fas"): Likeness("X", (0.85, 1.15), (0.8, 1.25), exact=True),
    ("US", "M", "general", "customs_value"): Likeness("M", (0.85, 1.15), (0.8, 1.25), exact=True),
    ("US", "M", "consumption", "customs_value"): Likeness("M", (0.75, 1.25), (0.9, 1.1)),
    ("US", "X", "total", "fob_value"): Likeness("X", (0.85, 1.15), (0.9, 1.1)),
    ("US", "M", "general", "fob_value"): Likeness("M", (0.85, 1.15), (0.9, 1.1)),
    ("US", "M", "general", "cif_value"): Likeness("M", (0.9, 1.3), (0.95, 1.2)),
    ("KR", "X", "total", "fob_value"): Likeness("M", (0.6, 1.6), (0.85, 1.15)),
    ("KR", "M", "general", "cif_value"): Likeness("X", (0.7, 1.8), (0.9, 1.3)),
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
EXACT = 1_000
"""Dollars by which a year closed to revision may lie off. Seen: 0, in HS chapters and end-use codes of every such year."""


def require_like_all_goods(table: pd.DataFrame, what: str, totals: pd.DataFrame, source: Source) -> None:
    """Refuse products that do not add up to all goods, or a series of them at another level, by partner and period.

    `totals` are the rows of `source`, a vintage of country.xlsx. Of a partner with some of its goods only, these must
    not exceed all goods.

    Raises
    ------
    MalformedSource
        Naming the partner and period that is furthest off.
    """
    for (reporter, flow, system, valuation), rows in table.groupby(
        ["ref_area", "trade_flow", "trade_system", "valuation"], observed=True
    ):
        likeness = LIKENESS[str(reporter), str(flow), str(system), str(valuation)]
        sums = _beside_all_goods(rows, totals, likeness.flow)
        for length, of_length in sums.groupby("length"):
            off = _off(of_length, likeness, source)
            if not off.empty:
                raise _unlike_all_goods(
                    off.iloc[int(off["away"].to_numpy().argmax())], f"{what}, flow {flow}", int(str(length)), source
                )


def require_same_years(goods: pd.DataFrame, products: pd.DataFrame, what: str, beside: str) -> None:
    """Refuse imports of all goods that in some complete year are not the sum of the products, partner by partner.

    Of vintages between which no annual revision lies: country.xlsx and the end-use workbook then give each partner's
    general imports of a year to the same dollar (seen: 234 of 234 partners in each of ten years). The world's total alone
    is corrected by itself.

    Raises
    ------
    MalformedSource
        Naming the partner and year that lie furthest apart.
    """
    own = goods[(goods["trade_flow"] == "M") & (goods["counterpart_area"] != codelists.WORLD)]
    by = [own["counterpart_area"].astype(str).rename("partner"), own["time_period"].str[:4].rename("year")]
    years = own.groupby(by)["obs_value"].agg(["sum", "size"])
    rows = [products["counterpart_area"].astype(str).rename("partner"), products["time_period"].rename("year")]
    both = years[years["size"] == 12].join(products.groupby(rows)["obs_value"].sum().rename("products"), how="inner")
    apart = (both["sum"] - both["products"]).abs()
    if apart.empty or apart.max() <= EXACT:
        return
    place = int(apart.to_numpy().argmax())
    (partner, year), one = both.index[place], both.iloc[place]
    raise MalformedSource(
        f"{what}: {codelists.with_code(partner)}, {year}: general imports come to {one['sum'] / 1e6:,.1f} million dollars, "
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


def _off(sums: pd.DataFrame, likeness: Likeness, source: Source) -> pd.DataFrame:
    """The periods, and the whole years of their months, that are not as much of all goods as they must be."""
    found = list(_months_and_years(sums))
    rows = pd.concat([rows.assign(monthly=monthly) for monthly, rows in found], ignore_index=True)
    last = min(str(sums["time_period"].max()), source.last_period)[:4]
    closed = rows["year"].astype(int) <= int(last) - source.open_years
    low, high = (np.where(rows["monthly"], likeness.month[at], likeness.year[at]) * rows["all_goods"] for at in (0, 1))
    small = rows["all_goods"] < rows["monthly"].map(COMPARED)
    low, high = np.where(small, 0, low), np.where(small, np.inf, high)
    exact = closed & likeness.exact & bool(source.open_years)
    low, high = np.where(exact, rows["all_goods"] - EXACT, low), np.where(exact, rows["all_goods"] + EXACT, high)
    away = np.maximum(np.where(rows["whole"], low - rows["sum"], 0), rows["sum"] - high)
    return rows.assign(away=away)[away > 0]


def _months_and_years(sums: pd.DataFrame) -> Iterator[tuple[bool, pd.DataFrame]]:
    monthly = periods.is_month(str(sums["time_period"].max()))
    yield monthly, sums
    if monthly:
        years = sums.groupby(["partner", "length", "whole", "year"], as_index=False).agg(
            {"sum": "sum", "all_goods": "sum", "months": "sum"}
        )
        yield False, years[years["months"] == 12].assign(time_period=lambda rows: rows["year"])


def _unlike_all_goods(row: Any, what: str, length: int, source: Source) -> MalformedSource:
    parts = "all goods" if length == 0 else f"the codes of {length} digits"
    return MalformedSource(
        f"{what}: {codelists.with_code(row.partner)}, {row.time_period}: {parts} come "
        f"to {row['sum'] / 1e6:,.1f} million dollars, the vintage of {source.vintage} of {source.dataset} has "
        f"{row.all_goods / 1e6:,.1f} million. They are further apart than revisions or valuation have put them: a product is missing or "
        "doubled, the unit or the flow is another, or it is not goods. Every share of it would be wrong. Fetch it again, with "
        'country.xlsx of the same day; if it is so, name the page that says so with --despite "reason".'
    )
