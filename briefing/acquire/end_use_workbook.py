"""Reads enduse_imports.xlsx of the US Census Bureau: general imports by partner and end-use, by year.

One row of the sheet is a partner and a 5-digit end-use code, with a column a year ("value_16") for ten
years, in US dollars. A code has a row where it was traded in any of the ten years, so that a 0 is a
year without trade. Its oddities, seen in the editions held: the world stands under 0000, where
country.xlsx has 0015; copies carry hand-made columns on the right, which are ignored.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from briefing import codelists, observations
from briefing.acquire.contract import require_contract
from briefing.acquire.country_workbook import sheet_rows
from briefing.acquire.integrity import require_partners_add_up
from briefing.errors import MalformedSource

HEAD = ("CTY_CODE", "CTY_DESC", "END_USE", "COMM_DESC")
YEARS = 10
WORLD = "0000"

Row = tuple[Any, ...]


def read_end_use_imports(path: Path) -> pd.DataFrame:
    """The observations of one edition of enduse_imports.xlsx.

    Returns
    -------
    The columns of `briefing.observations.COLUMNS`, yearly, in whole US dollars, sorted by their key;
    `classification` is "END_USE", the partner of the sum is `codelists.WORLD`.

    Raises
    ------
    MalformedSource
        If the file is not that sheet, a row of it cannot be true, or the partners do not add up to the world.
    """
    rows = sheet_rows(path)
    years = _years(next(rows, ()), path.name)
    wide = pd.DataFrame([_checked(row, years, path.name) for row in rows], columns=["code", "end_use", *years])
    long = wide.melt(id_vars=["code", "end_use"], var_name="year", value_name="dollars")
    table = pd.DataFrame(
        {
            "classification": "END_USE",
            "commodity": long["end_use"],
            "ref_area": "US",
            "counterpart_area": long["code"],
            "trade_flow": "M",
            "trade_system": "general",
            "valuation": "customs_value",
            "adjustment": "N",
            "time_period": long["year"],
            "obs_value": long["dollars"].astype("int64"),
            "obs_status": "A",
        }
    )
    require_contract(table, path.name)
    require_partners_add_up(table, path.name)
    return table.sort_values(observations.KEY, ignore_index=True)


def _years(header: Row, file: str) -> list[str]:
    """The years of the value columns, which follow the four columns of codes and names."""
    cells = [str(cell).strip() for cell in header]
    found = [re.fullmatch(r"value_(\d\d)", cell) for cell in cells[4 : 4 + YEARS]]
    years = [f"20{match.group(1)}" for match in found if match]
    expected = [str(int(years[0]) + place) for place in range(YEARS)] if years else []
    if tuple(cells[:4]) != HEAD or years != expected:
        raise MalformedSource(
            f"{file} is not the sheet of enduse_imports.xlsx: its header reads {', '.join(cells[:6]) or 'nothing'}. Its "
            f"figures would land under the wrong year or code. It must read {', '.join(HEAD)} and ten years in a row."
        )
    return years


def _checked(row: Row, years: list[str], file: str) -> list[Any]:
    """Partner, end-use code and ten whole amounts, or an error that names the cell."""
    code, name, end_use = (str(cell).strip() for cell in row[:3])
    where = f"{file}, {name or code}, end-use {end_use}"
    if code != WORLD and code not in codelists.PARTNERS:
        raise MalformedSource(
            f"{where}: code {code!r} is in no list of partners, so its trade would be lost or counted "
            "twice. Add the code to briefing/codelists.py if the office has opened it."
        )
    if not re.fullmatch(r"[0-9]{5}", end_use):
        raise MalformedSource(f"{where}: {end_use!r} is no end-use code of five digits. Fetch the file again.")
    values = list(_values(row[4 : 4 + YEARS], years, where))
    return [codelists.WORLD if code == WORLD else code, end_use, *values]


def _values(cells: Row, years: list[str], where: str) -> Iterator[int]:
    for cell, year in zip((*cells, *[None] * YEARS)[:YEARS], years, strict=True):
        if isinstance(cell, bool) or not isinstance(cell, int):
            raise MalformedSource(f"{where}: the value of {year} is {cell!r}, not whole dollars. Fetch the file again.")
        if cell < 0:
            raise MalformedSource(f"{where}: the value of {year} is {cell}. Imports cannot be negative.")
        yield cell
