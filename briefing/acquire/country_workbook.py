"""Reads country.xlsx of the US Census Bureau: all goods, every partner and aggregate, by month.

One row of the workbook is a partner and year: twelve months of imports and their total, then twelve
of exports and theirs, in million US dollars. Its oddities, all seen in the vintages held:

- months that have not been published are 0, not blank, and the year's total is then year to date;
- aggregates stand among the countries, under codes below 1000; 0005, 0006, 0021 and 0022 are on an
  imports-for-consumption basis and 0007 is a product group, so these five are left out;
- the sheet may declare a million rows, and rows of zeros may carry no year;
- older months are rounded to 0.1 million or to the million: the precision given is kept;
- nothing inside says when it was published.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from briefing import periods
from briefing.acquire.contract import BASIS, EXPORTS, GENERAL_IMPORTS, Observations, observed
from briefing.acquire.integrity import (
    require_own_name,
    require_partner,
    require_partners_add_up,
    require_regions_add_up,
    require_year_adds_up,
)
from briefing.acquire.sheets import Row, looks_like_a_day, rows_of, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
COLUMNS = (
    "year",
    "CTY_CODE",
    "CTYNAME",
    *(f"I{m}" for m in MONTHS),
    "IYR",
    *(f"E{m}" for m in MONTHS),
    "EYR",
)
LEFT_OUT = frozenset({"0005", "0006", "0007", "0021", "0022"})
SEASONALLY_ADJUSTED = "0004"
DOLLARS = 1_000_000
ROUNDING = 1.5
"""Million dollars by which a year rounded to millions may differ from its months: 1.0 in one row of the vintage to 2011-12."""
EXACT = 0.001
"""The same for any row beyond what its own last digit leaves open. Seen in nine vintages: 0.0006, of a world total."""

LARGEST = 10_000_000
"""Million dollars that no month or year of trade comes near."""
SHEET = "country"


def read_country_workbook(path: Path) -> Observations:
    """The observations of one vintage of country.xlsx, or of the same sheet saved as CSV.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, in whole US dollars, sorted by partner, flow and
    month, up to the last month published: the last in which the world total is not 0. Census basis: exports total at
    FAS value, general imports at customs value; not adjusted but for the world's row of its own (0004).

    Raises
    ------
    MalformedSource
        If the file is not that sheet, a row of it cannot be true, or its rows do not agree with one another.
    """
    rows = [row for row in _rows(path) if not _is_padding(row)]
    if not rows:
        raise MalformedSource(f"{path.name} holds no observation. Fetch the workbook again.")
    wide = pd.DataFrame([_checked(row, path.name) for row in rows], columns=list(COLUMNS))
    _require_one_row_a_year(wide, path.name)
    long = _long(wide[~wide["CTY_CODE"].isin(LEFT_OUT)])
    last = _last_published(long, path.name)
    _require_nothing_after(long, last, path.name)
    table = observed(long[long["time_period"] <= last], path.name)
    require_partners_add_up(table, path.name)
    require_regions_add_up(table, path.name)
    return table


def _is_padding(row: Row) -> bool:
    """Whether a row is one of those without a year, and all zeros, that some vintages end with."""
    return row[0] in ("", None) and all(str(cell).strip() in ("", "None", "0", "0.0") for cell in row[3 : len(COLUMNS)])


def _named(row: Row) -> tuple[str, ...]:
    """The names of a header; hand-made columns to the right of the office's own occur in copies and do no harm."""
    return tuple(str(cell).strip() for cell in row)[: len(COLUMNS)]


def _rows(path: Path) -> Iterator[Row]:
    rows = rows_of(path, SHEET, lambda row: _named(row) == COLUMNS)
    header = _named(next(rows, ()))
    if header != COLUMNS:
        missing = [name for name in COLUMNS if name not in header]
        wrong = f"lacks {', '.join(missing[:3])}" if missing else "has its columns in another order"
        raise MalformedSource(
            f"{path.name} is not the sheet of country.xlsx: it {wrong}. Its figures would land under "
            f"the wrong month or flow. The header must read {', '.join(COLUMNS[:5])} and so on."
        )
    yield from rows


def _checked(row: Row, file: str) -> Row:
    """The row with a whole year, a known code and numbers not below zero, or an error that names the cell."""
    cells = [*row, *[None] * (len(COLUMNS) - len(row))][: len(COLUMNS)]
    year, code, name = ("" if cell is None else str(cell).strip() for cell in cells[:3])
    where = f"{file}, {name or code}, {year}"
    if not (year.isdecimal() and 1985 <= int(year) <= 2100):
        day = ": a spreadsheet program has made a day of it" if looks_like_a_day(cells[0]) else ""
        raise MalformedSource(f"{where}: {year!r} is no year of this record{day}. Correct or drop the row.")
    require_partner(code, where, codelists.AREAS.__contains__)
    require_own_name(code, name, where)
    values = [_value(cell, where, column) for cell, column in zip(cells[3:], COLUMNS[3:], strict=True)]
    imports, exports = values[:13], values[13:]
    for flow in (imports, exports):
        require_year_adds_up(sum(flow[:12]), flow[12], where, _rounding(flow))
    return (int(year), code, name, *values)


def _rounding(flow: Sequence[float]) -> float:
    """What thirteen numbers may lie apart that are each rounded to the last digit which any of them has."""
    digits = max(len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in flow)
    return float(min(ROUNDING, EXACT + len(flow) / 2 * 10**-digits))


def _value(cell: Any, where: str, column: str) -> float:
    try:
        if isinstance(cell, bool) or "_" in str(cell):
            raise ValueError
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        raise MalformedSource(f"{where}: {column} is {why_no_number(cell)}") from None
    if value != value:
        raise MalformedSource(f"{where}: {column} is {why_no_number(cell)}")
    if not 0 <= value <= LARGEST:
        raise MalformedSource(
            f"{where}: {column} is {value:g} million dollars. Trade cannot be negative, nor larger than the world's. "
            "Fetch the file again."
        )
    return value


def _require_one_row_a_year(wide: pd.DataFrame, file: str) -> None:
    repeated = wide[wide.duplicated(["year", "CTY_CODE"])]
    if not repeated.empty:
        row = repeated.iloc[0]
        raise MalformedSource(
            f"{file} has two rows for {row.CTYNAME} in {row.year}. Every total of that year would count "
            "it twice. Keep one of them."
        )


def _long(wide: pd.DataFrame) -> pd.DataFrame:
    long = wide.melt(
        id_vars=["year", "CTY_CODE"],
        value_vars=[column for column in COLUMNS[3:] if not column.endswith("YR")],
        var_name="column",
        value_name="million",
    )
    number = {name: f"{index:02d}" for index, name in enumerate(MONTHS, 1)}
    exports = long["column"].str[0] == "E"
    return pd.DataFrame(
        {
            "classification": "TOTAL",
            "commodity": "TOTAL",
            "ref_area": "US",
            "counterpart_area": long["CTY_CODE"],
            **{
                name: exports.map({True: of_exports, False: of_imports})
                for name, of_exports, of_imports in zip(BASIS, EXPORTS, GENERAL_IMPORTS, strict=True)
            },
            "adjustment": (long["CTY_CODE"] == SEASONALLY_ADJUSTED).map({True: "Y", False: "N"}),
            "time_period": long["year"].astype(str) + "-" + long["column"].str[1:].map(number),
            "obs_value": (long["million"] * DOLLARS).round().astype("int64"),
            "obs_status": "A",
        }
    )


def _last_published(long: pd.DataFrame, file: str) -> str:
    world = long[long["counterpart_area"] == codelists.WORLD]
    least = world.groupby("time_period", as_index=False)["obs_value"].min()
    world = world[world["time_period"].isin(least.loc[least["obs_value"] > 0, "time_period"])]
    if world.empty:
        raise MalformedSource(
            f"{file} has no row for the world, not seasonally adjusted ({codelists.WORLD}). Unpublished "
            "months are 0 in this workbook and only that row tells them from real ones. Fetch it again."
        )
    last = str(world["time_period"].max())
    gaps = set(periods.span(str(world["time_period"].min()), last)) - set(world["time_period"])
    if gaps:
        raise MalformedSource(
            f"{file}: the world total is 0 for {min(gaps)}, before its last month {last}. "
            "A month would be missing from every series. Fetch it again."
        )
    return last


def _require_nothing_after(long: pd.DataFrame, last: str, file: str) -> None:
    """Refuse trade in a month that the world's row calls unpublished: one of the two rows is wrong."""
    after = long[(long["time_period"] > last) & (long["obs_value"] > 0)]
    if not after.empty:
        row = after.iloc[0]
        raise MalformedSource(
            f"{file}: {codelists.AREAS[row.counterpart_area]} has trade in {row.time_period}, but the world's last month "
            f"with both flows is {last}. The month would be dropped in silence. Fetch the file again."
        )
