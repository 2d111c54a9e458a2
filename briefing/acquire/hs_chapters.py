"""Reads HS chapters by month from copies of replies of the Census International Trade API.

The copies are CSV files with a row a partner, chapter, month and flow; `basis` says which imports
they are and `source_id` which reply they come from. General imports and imports for consumption
differ by up to 2 billion dollars a year in chapter 87 alone, so each basis becomes a dataset of its own.
"""

from pathlib import Path

import pandas as pd

from briefing import codelists, observations, periods
from briefing.errors import MalformedSource

DATASETS = {
    "TWT_EXP_HS2": "census-hs-exports",
    "TWT_IMP_HS2": "census-hs-imports-consumption",
    "LR_GENIMP_HS2": "census-hs-imports-general",
}
BASIS = {
    "total exports (domestic + foreign), FAS value": ("X", "total", "fas"),
    "imports for consumption, customs value": ("M", "consumption", "customs_value"),
    "general imports, customs value": ("M", "general", "customs_value"),
}
NEEDED = ("partner", "classification", "product_code", "period", "flow", "basis", "value_usd", "source_id")


def read_hs_chapters(paths: list[Path]) -> dict[str, pd.DataFrame]:
    """The observations of each dataset in the files, by dataset, in US dollars.

    "ALL PRODUCTS" rows (code 00) are left out: they are sums, and country.xlsx holds them.

    Raises
    ------
    MalformedSource
        If a file lacks a column, or a row has an unknown partner, basis, month or value.
    """
    rows = pd.concat([_rows(path) for path in paths], ignore_index=True)
    rows = rows[rows["product_code"] != "00"].drop_duplicates()
    return {
        dataset: _observations(rows[rows["source_id"] == source_id])
        for source_id, dataset in DATASETS.items()
        if (rows["source_id"] == source_id).any()
    }


def _rows(path: Path) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    missing = [column for column in NEEDED if column not in rows]
    if missing:
        raise MalformedSource(
            f"{path.name} lacks the columns {', '.join(missing)}. Its values would be without basis or month. "
            "Take a file with a row a partner, chapter, month and flow."
        )
    _require(rows, rows["basis"].isin(BASIS), path, "basis")
    _require(rows, rows["period"].map(periods.is_month), path, "period")
    _require(rows, rows["value_usd"].str.fullmatch(r"\d+"), path, "value_usd")
    _require(rows, rows["source_id"].isin(DATASETS), path, "source_id")
    _require(rows, rows["partner"].map(codelists.partner_code).notna(), path, "partner")
    return rows[list(NEEDED)]


def _require(rows: pd.DataFrame, valid: pd.Series, path: Path, column: str) -> None:
    wrong = rows[~valid.astype(bool)]
    if not wrong.empty:
        row = wrong.iloc[0]
        raise MalformedSource(
            f"{path.name}: {column} is {row[column]!r} for {row.partner}, {row.period}. The value has no place "
            "in the record. Correct the row or leave it out."
        )


def _observations(rows: pd.DataFrame) -> pd.DataFrame:
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
    observations.require_unique(table)
    return table.sort_values(observations.KEY, ignore_index=True)
