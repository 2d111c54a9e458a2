"""Reads duties calculated on imports for consumption, and those imports, by partner and month (US Census Bureau).

The file is a CSV made of replies of the Census API (CAL_DUT_MO and CON_VAL_MO), one row a partner and month. Duties are
calculated at the rates under which goods were entered: not receipts, and not on general imports. Its oddities:

- partners stand under ISO codes, the world as WORLD;
- whole years of some partners are there, and the months of the last year up to its last;
- a row names the commit of the copy it was taken from.
"""

import re
from pathlib import Path

from briefing import periods
from briefing.acquire.contract import DUTIES, IMPORTS_FOR_CONSUMPTION, Observations, observed
from briefing.acquire.sheets import Row, csv_rows
from briefing.codes import codelists
from briefing.errors import MalformedSource

HEAD = ("partner", "month", "calculated_duties_usd", "imports_for_consumption_usd", "commit")
PARTNERS = {
    "CAN": "1220",
    "CHN": "5700",
    "DEU": "4280",
    "JPN": "5880",
    "KOR": "5800",
    "MEX": "2010",
    "WORLD": codelists.WORLD,
}
"""Codes of partners by those of the file."""
MOST = 1.0
"""Duties on all goods of a partner above their own value are in no month on record."""


def read_duties_calculated(path: Path) -> Observations:
    """The observations of the file: of each partner and month its duties (valuation "calculated_duty") and its imports for
    consumption (customs value), all goods, whole US dollars.

    Raises
    ------
    MalformedSource
        If the file is not that table, a row of it cannot be true, or a year lacks a month.
    DuplicateObservations
        If a partner has two rows for one month.
    """
    header, *rows = list(csv_rows(path, lambda row: row == HEAD)) or [()]
    if header != HEAD:
        raise MalformedSource(
            f"{path.name} is no table of calculated duties: its header reads {', '.join(header[:6]) or 'nothing'}. "
            f"Duties and imports would be taken for one another. It must read {', '.join(HEAD)}."
        )
    checked = [_checked(row, f"{path.name}, line {line}") for line, row in enumerate(rows, 2)]
    _require_whole_years([(partner, month) for partner, month, _, _ in checked], path.name)
    return observed([_observation(*row[:2], basis, value) for row in checked for basis, value in
                     ((DUTIES, row[2]), (IMPORTS_FOR_CONSUMPTION, row[3]))], path.name)  # fmt: skip


def _observation(partner: str, month: str, basis: tuple[str, str, str], value: int) -> tuple[object, ...]:
    return ("TOTAL", "TOTAL", "US", partner, *basis, "N", month, value, "A")


def _checked(row: Row, where: str) -> tuple[str, str, int, int]:
    if len(row) != len(HEAD):
        raise MalformedSource(
            f"{where} has {len(row)} cells, where {len(HEAD)} are wanted: it was cut. Fetch the file again."
        )
    code, month, duties, imports, _ = row
    if code not in PARTNERS:
        raise MalformedSource(
            f"{where}: {code!r} is no partner known here, so its duties would be nobody's. Add its code to PARTNERS."
        )
    if not periods.is_month(month):
        raise MalformedSource(
            f"{where}: {month!r} is no month, so its duties would stand in no series. Correct the row."
        )
    for value in (duties, imports):
        if not re.fullmatch("[0-9]{1,14}", value):
            raise MalformedSource(
                f"{where}: {value[:20]!r} is no amount of whole dollars. A rate made of it would be wrong. Fetch the file again."
            )
    if not int(imports) or int(duties) > MOST * int(imports):
        raise MalformedSource(
            f"{where}: duties of {int(duties):,} dollars on imports of {int(imports):,}. No rate of duty comes to that: the "
            "columns are exchanged, or a digit is lost. Fetch the file again."
        )
    return PARTNERS[code], month, int(duties), int(imports)


def _require_whole_years(rows: list[tuple[str, str]], file: str) -> None:
    """Refuse a year that lacks a month before its last: a rate of that year would be of some months and pass for all."""
    last = max(month for _, month in rows) if rows else ""
    for partner in {partner for partner, _ in rows}:
        months = {month for one, month in rows if one == partner}
        for year in {month[:4] for month in months}:
            own = sorted(month for month in months if month[:4] == year)
            wanted = periods.span(f"{year}-01", f"{year}-12" if year < last[:4] else own[-1])
            if own != wanted:
                lacking = next(month for month in wanted if month not in own)
                raise MalformedSource(
                    f"{file} has {len(own)} months of {year} of {codelists.AREAS[partner]} and lacks {lacking}. Duty over "
                    "imports of that year would be of some months alone. Fetch the file again, or leave the year out."
                )
