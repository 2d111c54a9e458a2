"""Reads EXPKR and IMPKR out of the CSV files that FRED gives to download: a file a series, a row a month, in million dollars.

They are the bilateral goods series of FT-900: exports FAS and general imports at customs value, Census basis, not adjusted.
A file tells neither its vintage nor its unit; the name of its second column is the series, and a month without a value is ".".
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from briefing import periods
from briefing.acquire.contract import Observations, observed
from briefing.acquire.fred import SERIES
from briefing.acquire.sheets import Row, csv_rows, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource

DAY = "observation_date"
MILLION = 1_000_000
AMOUNT = re.compile(r"[0-9]{1,9}(?:\.([0-9]{1,6}))?")


def read_fred_files(paths: Sequence[Path]) -> tuple[Observations, int]:
    """Both flows out of two files of FRED, and the dollars to which their values are rounded.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, monthly, whole US dollars, all goods in trade with South Korea.

    Raises
    ------
    MalformedSource
        If a file is no such series, one of the two flows is missing or has other months than the other, or a month between
        others has no value.
    """
    read = [_series(path) for path in paths]
    named = sorted(series for series, _ in read)
    if named != sorted(SERIES):
        raise MalformedSource(
            f"{' and '.join(path.name for path in paths)} hold {' and '.join(named)}: a balance needs both flows, each once. "
            f"Give the files of {' and '.join(SERIES)}."
        )
    values = dict(read)
    _require_same_months(values)
    rows = (
        ("TOTAL", "TOTAL", "US", codelists.KOREA, *SERIES[series], "N", month, round(float(text) * MILLION), "A")
        for series, months in values.items()
        for month, text in months.items()
    )
    digits = (AMOUNT.fullmatch(text) for months in values.values() for text in months.values())
    rounded_to = min(MILLION // 10 ** len(amount[1] or "") for amount in digits if amount)
    return observed(rows, " and ".join(path.name for path in paths)), rounded_to


def _series(path: Path) -> tuple[str, dict[str, str]]:
    """The series of a file, and by month what it prints."""
    rows = csv_rows(path, lambda row: _header(row) is not None)
    series = _header(next(rows, ()))
    if series is None:
        raise MalformedSource(
            f"{path.name} is no download of FRED's {' or '.join(SERIES)}: its header must read {DAY} and one of them. Whose "
            "trade its values are could not be told."
        )
    return series, dict(_months(rows, series, path.name))


def _header(row: Row) -> str | None:
    cells = [str(cell).strip() for cell in row]
    return cells[1] if len(cells) == 2 and cells[0] == DAY and cells[1] in SERIES else None


def _months(rows: Iterator[Row], series: str, file: str) -> Iterator[tuple[str, str]]:
    before = ""
    for day, text in ((str(cell).strip() for cell in row) for row in rows):
        month = day.removesuffix("-01")
        where = f"{file}, {series}, {day}"
        if not periods.is_month(month) or not day.endswith("-01"):
            raise MalformedSource(
                f'{where}: {day!r} is no first day of a month, such as "2026-04-01". Its value would stand in no series.'
            )
        if before and month != periods.shifted(before, 1):
            raise MalformedSource(
                f"{where} follows {before}: a month would be missing or double in every series. Download it again."
            )
        if not AMOUNT.fullmatch(text):
            raise MalformedSource(f"{where}: the value is {why_no_number(text)}")
        before = month
        yield month, text


def _require_same_months(values: dict[str, dict[str, str]]) -> None:
    edges = {series: (min(months), max(months)) for series, months in values.items()}
    if len(set(edges.values())) > 1:
        told = " and ".join(f"{series} {periods.first_to_last(*edge)}" for series, edge in edges.items())
        raise MalformedSource(
            f"The files hold {told}: a balance over the rest would have one side. Download both on one day."
        )
