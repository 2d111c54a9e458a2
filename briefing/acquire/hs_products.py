"""Reads HS products from copies of replies of the Census International Trade API.

The copies are CSV files with a row a partner, product, period and flow; `basis` says which imports
they are and `source_id` which reply they come from. General imports and imports for consumption
differ by up to 2 billion dollars a year in chapter 87 alone, so each basis becomes a dataset of its own.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from briefing import codelists, observations, periods
from briefing.acquire.contract import require_contract
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
BASIS = {
    "total exports (domestic + foreign), FAS value": ("X", "total", "fas"),
    "imports for consumption, customs value": ("M", "consumption", "customs_value"),
    "general imports, customs value": ("M", "general", "customs_value"),
}
FLOWS = {"exports": "X", "imports": "M"}
NEEDED = ("partner", "classification", "product_code", "period", "flow", "basis", "value_usd", "source_id")
ALL_PRODUCTS = "00"


def read_hs_products(paths: list[Path]) -> dict[str, pd.DataFrame]:
    """The observations of each dataset in the files, by dataset, in US dollars.

    "ALL PRODUCTS" rows (code 00) are left out: they are sums, and country.xlsx holds them. The level
    of a code is its length: 2, 4, 6 or 10 digits, of which no sum may mix two.

    Raises
    ------
    MalformedSource
        If a file cannot be read or is empty, or a row has an unknown partner, level, basis, period or value.
    DuplicateObservations
        If two rows give one observation two values.
    """
    rows = pd.concat([_rows(path) for path in paths], ignore_index=True)
    rows = rows[rows["product_code"] != ALL_PRODUCTS].drop_duplicates()
    names = ", ".join(path.name for path in paths)
    tables = {
        reply.dataset: _observations(rows[rows["source_id"] == source_id], names)
        for source_id, reply in REPLIES.items()
        if (rows["source_id"] == source_id).any()
    }
    if not tables:
        raise MalformedSource(f"{names}: no row of a product. Nothing would be held of it. Fetch the file again.")
    return tables


def _rows(path: Path) -> pd.DataFrame:
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, EOFError, ValueError) as fault:
        words = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise MalformedSource(
            f"{path.name} is no readable CSV in UTF-8 ({words}). Nothing was imported. Fetch it again."
        ) from None
    missing = [column for column in NEEDED if column not in rows]
    if missing:
        raise MalformedSource(
            f"{path.name} lacks the columns {', '.join(missing)}. Its values would be without basis or month. "
            "Take a file with a row a partner, product, period and flow."
        )
    if rows.empty:
        raise MalformedSource(
            f"{path.name} has a header and no row. A vintage of it would say that there was no trade."
        )
    _require(rows, rows["source_id"].isin(REPLIES), path, "source_id", "is the reply of no source known here")
    basis = rows["source_id"].map(lambda source: REPLIES[source].basis)
    _require(rows, rows["basis"] == basis, path, "basis", "is not the basis of that source")
    flow = rows["basis"].map(lambda words: BASIS[words][0])
    _require(rows, rows["flow"].map(FLOWS) == flow, path, "flow", "contradicts its basis")
    _require(rows, _codes_are_of_their_level(rows), path, "product_code", "is no code of that level in this source")
    _require(
        rows,
        rows["period"].map(lambda p: periods.is_month(p) or periods.is_year(p)),
        path,
        "period",
        "is no month or year",
    )
    _require(rows, rows["value_usd"].map(_is_whole), path, "value_usd", "is not whole dollars")
    _require(rows, rows["partner"].map(codelists.partner_code).notna(), path, "partner", "is in no list of partners")
    return rows[list(NEEDED)]


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


def _require(rows: pd.DataFrame, valid: pd.Series, path: Path, column: str, fault: str) -> None:
    wrong = rows[~valid.astype(bool)]
    if not wrong.empty:
        row = wrong.iloc[0]
        raise MalformedSource(
            f"{path.name}: {column} {row[column]!r} {fault} (partner {row.partner}, product {row.product_code}, "
            f"{row.period}; {len(wrong):,} such rows). The value has no place in the record. Correct the row or leave it out."
        )


def _observations(rows: pd.DataFrame, names: str) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "classification": "HS",
            "commodity": rows["product_code"],
            "ref_area": "US",
            "counterpart_area": rows["partner"].map(codelists.partner_code),
            "trade_flow": rows["basis"].map(lambda basis: BASIS[basis][0]),
            "trade_system": rows["basis"].map(lambda basis: BASIS[basis][1]),
            "valuation": rows["basis"].map(lambda basis: BASIS[basis][2]),
            "adjustment": "N",
            "time_period": rows["period"],
            "obs_value": rows["value_usd"].astype("int64"),
            "obs_status": "A",
        }
    )
    require_contract(table, names)
    return table.sort_values(observations.KEY, ignore_index=True)
