"""Reads HS products from copies of replies of the Census International Trade API.

The copies are CSV files with a row a partner, product, period and flow; `basis` says which imports
they are and `source_id` which reply they come from. General imports and imports for consumption
differ by up to 2 billion dollars a year in chapter 87 alone, so each basis becomes a dataset of its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from briefing import periods
from briefing.acquire.contract import (
    BASIS,
    EXPORTS,
    GENERAL_IMPORTS,
    IMPORTS_FOR_CONSUMPTION,
    Observations,
    observed,
)
from briefing.acquire.sheets import Row, csv_rows, looks_like_a_day, why_no_code, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource


@dataclass(frozen=True)
class Reply:
    """What the replies of one `source_id` hold: their dataset, `basis` and classification levels."""

    dataset: str
    basis: str
    levels: frozenset[int]


REPLIES = {
    "TWT_EXP_HS2": Reply("census-hs-exports", "total exports (domestic + foreign), FAS value", frozenset({2})),
    "TWT_IMP_HS2": Reply("census-hs-imports-consumption", "imports for consumption, customs value", frozenset({2})),
    "LR_GENIMP_HS2": Reply("census-hs-imports-general", "general imports, customs value", frozenset({2})),
    "TWT_HS10_2024": Reply(
        "census-hs-detail-imports-consumption", "imports for consumption, customs value", frozenset({4, 6, 10})
    ),
}
BASIS_OF = {
    "total exports (domestic + foreign), FAS value": EXPORTS,
    "imports for consumption, customs value": IMPORTS_FOR_CONSUMPTION,
    "general imports, customs value": GENERAL_IMPORTS,
}
FLOWS = {"exports": "X", "imports": "M"}
NEEDED = ("partner", "classification", "product_code", "period", "flow", "basis", "value_usd", "source_id")
ALL_PRODUCTS = "00"


def read_hs_products(paths: list[Path]) -> dict[str, Observations]:
    """The observations of each dataset in the files, by dataset, in US dollars.

    "ALL PRODUCTS" rows (code 00) are held against the sum of the chapters and left out: country.xlsx
    holds them. The level of a code is its length: 2, 4, 6 or 10 digits, of which no sum may mix two.

    Returns
    -------
    Tables of `briefing.record.observations.COLUMNS`, monthly or yearly, not adjusted: exports total at FAS value; imports at customs value, general or for
    consumption by dataset.

    Raises
    ------
    MalformedSource
        If a file cannot be read or is empty, or a row has an unknown partner, level, basis, period or value,
        or rows are missing: a level does not add up to the one above, or a large partner lacks a period.
    DuplicateObservations
        If two rows give one observation two values.
    """
    rows = pd.concat([_rows(path) for path in paths], ignore_index=True).drop_duplicates()
    names = ", ".join(path.name for path in paths)
    products = rows[rows["product_code"] != ALL_PRODUCTS]
    tables = {
        reply.dataset: _observations(products[products["source_id"] == source_id], names)
        for source_id, reply in REPLIES.items()
        if (products["source_id"] == source_id).any()
    }
    if not tables:
        raise MalformedSource(f"{names}: no row of a product. Nothing would be held of it. Fetch the file again.")
    _require_levels_add_up(rows, names)
    for table in tables.values():
        _require_every_period(table, names)
    return tables


def _rows(path: Path) -> pd.DataFrame:
    header, *cells = list(csv_rows(path, lambda row: {*NEEDED} <= {*map(str, row)})) or [()]
    rows = _framed(tuple(str(name) for name in header), cells, path)
    missing = [column for column in NEEDED if column not in rows]
    if missing:
        raise MalformedSource(
            f"{path.name} lacks the columns {', '.join(missing)}. Its values would be without basis or month. "
            "Take a file with a row a partner, product, period and flow."
        )
    if rows.empty:
        raise MalformedSource(
            f"{path.name} has a header and no row. A vintage of it would say that there was no trade. Fetch it again."
        )
    _require_rows_of_their_source(rows, path)
    _require_values(rows, path)
    return rows[list(NEEDED)]


def _require_rows_of_their_source(rows: pd.DataFrame, path: Path) -> None:
    _require(rows, rows["source_id"].isin(REPLIES), path, "source_id", "is the reply of no source known here")
    basis = rows["source_id"].map(lambda source: REPLIES[source].basis)
    _require(rows, rows["basis"] == basis, path, "basis", "is not the basis of that source")
    flow = rows["basis"].map(lambda words: BASIS_OF[words][0])
    _require(rows, rows["flow"].map(FLOWS) == flow, path, "flow", "contradicts its basis")


def _require_values(rows: pd.DataFrame, path: Path) -> None:
    _require(
        rows,
        _codes_are_of_their_level(rows),
        path,
        "product_code",
        "is no code of that level in this source",
        lambda row: _why_no_product(row.product_code, row.classification),
    )
    _require(
        rows,
        rows["period"].map(lambda p: periods.is_month(p) or periods.is_year(p)),
        path,
        "period",
        "is no month or year",
        lambda row: "a spreadsheet program has made a day of it" if looks_like_a_day(row.period) else "",
    )
    _require(
        rows,
        rows["value_usd"].map(_is_whole),
        path,
        "value_usd",
        "is not whole dollars",
        lambda row: why_no_number(row.value_usd).partition(": ")[2],
    )
    _require(rows, rows["partner"].map(codelists.partner_code).notna(), path, "partner", "is in no list of partners")


def _framed(header: tuple[str, ...], cells: list[Row], path: Path) -> pd.DataFrame:
    uneven = [place for place, row in enumerate(cells, 2) if len(row) != len(header)]
    if uneven or len(set(header)) < len(header):
        wrong = f"row {uneven[0]} has other cells than the header" if uneven else "two columns have one name"
        raise MalformedSource(
            f"{path.name}: {wrong}. Values would land in the wrong column. It may be cut: fetch it again."
        )
    return pd.DataFrame(cells, columns=list(header), dtype=str)


def _is_whole(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,15}", text) is not None


def _codes_are_of_their_level(rows: pd.DataFrame) -> pd.Series:
    def right(source: str, classification: str, code: str) -> bool:
        level = len(code)
        whole = code == ALL_PRODUCTS and classification in ("HS2", "TOTAL")
        known = level in REPLIES[source].levels and classification == f"HS{level}"
        return re.fullmatch(r"[0-9]+", code) is not None and (known or whole)

    columns = (rows["source_id"], rows["classification"], rows["product_code"])
    return pd.Series([right(*row) for row in zip(*columns, strict=True)], index=rows.index)


def _why_no_product(code: str, classification: str) -> str:
    digits = re.fullmatch("HS([0-9]{1,2})", classification)
    return why_no_code(code, int(digits[1]) if digits else 2, str.isdecimal) if digits else ""


def _require(
    rows: pd.DataFrame,
    valid: pd.Series,
    path: Path,
    column: str,
    fault: str,
    why: Callable[[Any], str] = lambda row: "",
) -> None:
    """Refuse the rows that are not valid, by the first of them; `why` says what may have been done to it."""
    wrong = rows[~valid.astype(bool)]
    if not wrong.empty:
        row: Any = wrong.iloc[0]
        cause = why(row).rstrip(".")
        fault += f": {cause}" if cause else ""
        way_on = "" if cause else " Correct the row or leave it out."
        raise MalformedSource(
            f"{path.name}: {column} {row[column]!r} {fault} (partner {row.partner}, product {row.product_code}, "
            f"{row.period}; {len(wrong):,} such rows). The value has no place in the record.{way_on}"
        )


def _observations(rows: pd.DataFrame, names: str) -> Observations:
    columns = {
        "classification": "HS",
        "commodity": rows["product_code"],
        "ref_area": "US",
        "counterpart_area": rows["partner"].map(codelists.partner_code),
        **{name: rows["basis"].map({words: of[at] for words, of in BASIS_OF.items()}) for at, name in enumerate(BASIS)},
        "adjustment": "N",
        "time_period": rows["period"],
        "obs_value": rows["value_usd"],
        "obs_status": "A",
    }
    return observed(columns, names)


def _require_levels_add_up(rows: pd.DataFrame, names: str) -> None:
    """Refuse a code that is not the sum of the longer codes below it, to the dollar.

    A code without longer ones passes where none of its group has them: that level was not fetched.
    """
    level = rows["product_code"].str.len().where(rows["product_code"] != ALL_PRODUCTS, 0)
    values = rows.assign(value=rows["value_usd"].astype("int64"))
    by = ["source_id", "partner", "period", "product_code"]
    for above, below in ((0, 2), (2, 4), (4, 6), (6, 10)):
        parents = values[level == above].groupby(by)["value"].sum()
        parts = values[level == below]
        cut = parts["product_code"].str[:above] if above else ALL_PRODUCTS
        sums = parts.assign(product_code=cut).groupby(by)["value"].sum()
        off = sums.reindex(_fetched_below(parents.index, sums.index, above), fill_value=0) - parents
        off = off[off.notna() & (off != 0)]
        if not off.empty:
            _, partner, period, code = off.index[0]
            raise MalformedSource(
                f"{names}: {partner}, {period}: the codes of {below} digits lie {off.iloc[0]:+,.0f} dollars from product {code}. "
                "A code is missing or doubled, and its group would be wrong. Fetch the file again, or leave out the sum."
            )


def _fetched_below(parents: pd.Index, with_parts: pd.Index, above: int) -> pd.Index:
    """The codes of which longer ones should be there: those in a group of which some are."""
    groups = {(*key[:3], key[3][: above - 2]) for key in with_parts}
    return parents[[above == 0 or (*key[:3], key[3][: above - 2]) in groups for key in parents]]


def _require_every_period(table: pd.DataFrame, names: str) -> None:
    """Refuse a large partner without a period that another has: the file is cut, for it trades in every month."""
    held = table.groupby("counterpart_area")["time_period"].unique()
    last, first = str(table["time_period"].max()), str(table["time_period"].min())
    wanted = periods.span(first, last) if periods.is_month(last) else sorted(set(table["time_period"]))
    for partner in held.index.intersection([codelists.WORLD, *codelists.CAR_MAKERS]):
        missing = sorted(set(wanted) - set(held[partner]))
        if missing:
            raise MalformedSource(
                f"{names}: {codelists.AREAS[partner]} lacks {len(missing)} of the periods {first} to {last}, first "
                f"{missing[0]}. Its series would break off. The file may be cut: fetch it again."
            )
