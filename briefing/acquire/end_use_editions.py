"""Reads enduse_imports.xlsx and enduse_exports.xlsx of the US Census Bureau: trade by partner and end-use, by year.

One row of the sheet is a partner and a 5-digit end-use code, with a column a year ("value_16") for ten
years, in US dollars. Nothing in it says which flow it is of. Its oddities, seen in the editions held:

- the world stands under 0000, where country.xlsx and this record have 0015; there are no other aggregates;
- a code has a row where it was traded in any of the ten years or just before them, so that a 0 is a year
  without trade and is kept as such; no cell is blank;
- the partners add up to the world to the dollar, code by code;
- an edition is equal to the dollar to country.xlsx between the same two June revisions;
- copies carry hand-made columns on the right, which are ignored; some are the sheet saved as CSV, some an excerpt of it.
"""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from briefing.acquire.contract import BASIS, EXPORTS, GENERAL_IMPORTS, Observations, observed
from briefing.acquire.integrity import require_own_name, require_partner, require_partners_add_up
from briefing.acquire.sheets import Row, rows_of, why_no_code, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource

SHEETS = {"M": "EnduseImp", "X": "EnduseExp"}
BASES = {"M": GENERAL_IMPORTS, "X": EXPORTS}
FLOWS = {"M": "imports", "X": "exports"}
HEAD = ("CTY_CODE", "CTY_DESC", "END_USE", "COMM_DESC")
YEARS = 10
FOODS = "0[01][0-9]{2}0"
"""The codes that begin with a zero, all of them of foods: 00000 to 01020."""
LARGEST = 10**13
"""US dollars that no year of a flow comes near."""
WORLD = "0000"


def read_end_use(path: Path, flow: str, *, excerpt: bool = False) -> Observations:
    """The observations of one edition of enduse_imports.xlsx, flow "M", or enduse_exports.xlsx, "X"; also saved as CSV.

    Of an `excerpt`, which has some partners or codes alone, the partners need not add up to the world.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, yearly, in whole US dollars, sorted by their key;
    `classification` is "END_USE", the partner of the sum is `codelists.WORLD`. General imports at customs value, or total
    exports (FAS), Census basis, not adjusted.

    Raises
    ------
    MalformedSource
        If the file is not that sheet, a row of it cannot be true, or the partners do not add up to the world.
    DuplicateObservations
        If a partner has two rows for one code.
    """
    rows = _rows(path, flow)
    years = _years(next(rows, ()), path.name, flow)
    wide = pd.DataFrame([_checked(row, years, path.name, flow) for row in rows], columns=["code", "end_use", *years])
    table = observed(_columns(wide, flow), path.name)
    if not excerpt:
        require_partners_add_up(table, path.name)
    return table


def _rows(path: Path, flow: str) -> Iterator[Row]:
    """The rows of the sheet; of a CSV file, where every cell is text, with its amounts as numbers."""
    for row in rows_of(path, SHEETS[flow], lambda row: tuple(str(cell).strip() for cell in row[:4]) == HEAD):
        is_text = all(isinstance(cell, str) for cell in row)
        yield (*row[:4], *map(_number, row[4:])) if is_text else row


def _number(text: str) -> str | int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,20}", text) else text


def _columns(wide: pd.DataFrame, flow: str) -> dict[str, Any]:
    long = wide.melt(id_vars=["code", "end_use"], var_name="year", value_name="dollars")
    return {
        "classification": "END_USE",
        "commodity": long["end_use"],
        "ref_area": "US",
        "counterpart_area": long["code"],
        **dict(zip(BASIS, BASES[flow], strict=True)),
        "adjustment": "N",
        "time_period": long["year"],
        "obs_value": long["dollars"],
        "obs_status": "A",
    }


def _years(header: Row, file: str, flow: str) -> list[str]:
    """The ten years of the value columns, which follow the four columns of codes and names."""
    cells = [str(cell).strip() for cell in header]
    named = list(itertools.takewhile(lambda cell: re.fullmatch("value_[0-9]{2}", cell), cells[4:]))
    first = 2000 + int(named[0][-2:]) if named else 0
    years = [str(first + place) for place in range(YEARS)]
    if tuple(cells[:4]) != HEAD or named != [f"value_{year[-2:]}" for year in years]:
        raise MalformedSource(
            f"{file} is not the sheet of enduse_{FLOWS[flow]}.xlsx: its header reads {', '.join(cells[:6]) or 'nothing'}. Its "
            f"figures would land under the wrong year or code. It must read {', '.join(HEAD)} and ten years in a row."
        )
    return years


def _checked(row: Row, years: list[str], file: str, flow: str) -> list[Any]:
    """Partner, end-use code and ten whole amounts, or an error that names the cell."""
    code, name, end_use = ("" if cell is None else str(cell).strip() for cell in (*row, None, None)[:3])
    where = f"{file}, {name or code}, end-use {end_use}"
    require_partner(code, where, lambda one: one == WORLD or one in codelists.PARTNERS)
    partner = codelists.WORLD if code == WORLD else code
    require_own_name(partner, name, where)
    if not re.fullmatch(r"[0-9]{5}", end_use):
        why = why_no_code(end_use, 5, lambda one: re.fullmatch(FOODS, one) is not None)
        if why:
            raise MalformedSource(f"{where}: {end_use!r} is no end-use code of five digits, for {why}")
        raise MalformedSource(
            f"{where}: {end_use!r} is no end-use code of five digits, so its goods would be in no group. "
            "Fetch the file again."
        )
    cells = (*row[4 : 4 + YEARS], *[None] * YEARS)[:YEARS]
    return [partner, end_use, *(_dollars(cell, year, where, flow) for cell, year in zip(cells, years, strict=True))]


def _dollars(cell: Any, year: str, where: str, flow: str) -> int:
    if isinstance(cell, bool) or not isinstance(cell, int):
        why = why_no_number(cell)
        if isinstance(cell, float):
            why = f"{repr(cell)[:40]}, not whole dollars. Fetch the file again."
        elif isinstance(cell, str) and re.fullmatch(r"[0-9.]+", cell):
            why = f"{repr(cell)[:40]}, a number kept as text. Take the file as the office gives it."
        raise MalformedSource(f"{where}: the value of {year} is {why} Totals of that year would lack it.")
    if not 0 <= cell <= LARGEST:
        raise MalformedSource(
            f"{where}: the value of {year} is {str(cell)[:20]} dollars. {FLOWS[flow].capitalize()} cannot be negative, nor larger than the "
            "world's. Fetch the file again."
        )
    return cell
