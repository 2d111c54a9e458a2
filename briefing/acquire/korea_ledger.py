"""Reads Korea's own trade by partner and month out of tables typed from the Korea Customs Service ("trade by country").

A row is a month, and in a file of several partners a partner, in whole million US dollars: exports FOB by country of final
destination, imports CIF by country of origin, and the balance of the two, rounded by itself. The service restates three
months and keeps no vintages: what is held is its ledger as it stood on the day of the copy.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from briefing import periods
from briefing.acquire.contract import EXPORTS_FOB, IMPORTS_CIF, Observations, observed
from briefing.acquire.sheets import Row, csv_rows, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource

DATASET = "korea-customs-country"
MILLION = 1_000_000
WITH_THE_US = ("month", "exports_to_us_million_usd", "imports_from_us_million_usd", "balance_million_usd")
WITH_PARTNERS = ("partner", "month", "exports_million_usd", "imports_million_usd", "balance_million_usd")
Cells = tuple[str, str, int, int]
"""Partner, month, exports and imports in million dollars."""


def read_korea_ledger(paths: Sequence[Path]) -> Observations:
    """Korea's trade with the US and with others, as Korea counts it, out of one file or several.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, monthly, all goods, whole US dollars (rounded to a million);
    `ref_area` is "KR", `counterpart_area` "US" or a code of Schedule C. Exports FOB, imports CIF, not adjusted.

    Raises
    ------
    MalformedSource
        If a file is no such table, a balance is not its exports less imports, or a month is left out.
    DuplicateObservations
        If a month of a partner comes twice.
    """
    cells = [cell for path in paths for cell in _cells(path)]
    named = " and ".join(path.name for path in paths)
    for partner in dict.fromkeys(partner for partner, *_ in cells):
        _require_every_month([month for one, month, *_ in cells if one == partner], partner, named)
    rows = (
        ("TOTAL", "TOTAL", "KR", partner, *basis, "N", month, millions * MILLION, "A")
        for partner, month, *flows in cells
        for basis, millions in zip((EXPORTS_FOB, IMPORTS_CIF), flows, strict=True)
    )
    return observed(rows, named)


def _cells(path: Path) -> Iterator[Cells]:
    rows = csv_rows(path, lambda row: _header(row) in (WITH_THE_US, WITH_PARTNERS))
    header = _header(next(rows, ()))
    if header not in (WITH_THE_US, WITH_PARTNERS):
        raise MalformedSource(
            f"{path.name} is no table of Korea's trade by country: its header reads {', '.join(header[:5]) or 'nothing'}. Its values "
            f"would land under the wrong flow. It must read {', '.join(WITH_THE_US)}, or {', '.join(WITH_PARTNERS)}."
        )
    for row in rows:
        told = dict(zip(header, (str(cell).strip() for cell in row), strict=False))
        yield _checked(told, path.name)


def _header(row: Row) -> tuple[str, ...]:
    return tuple(str(cell).strip() for cell in row)


def _checked(told: dict[str, str], file: str) -> Cells:
    name, month = told.get("partner", "US"), told["month"]
    where = f"{file}, {name}, {month}"
    partner = "US" if name == "US" else codelists.partner_code(name)
    if partner is None or partner == codelists.KOREA:
        raise MalformedSource(
            f"{where}: {name!r} is no partner of Korea's in the list, so its trade would be lost. Write its name as `briefing partners` has it."
        )
    if not periods.is_month(month):
        raise MalformedSource(
            f'{where}: {month!r} is no month such as "2017-11", so its trade would stand in no series. Correct it.'
        )
    exports, imports, balance = (_millions(told.get(column, ""), where, column) for column in tuple(told)[-3:])
    if exports < 0 or imports < 0:
        raise MalformedSource(
            f"{where}: a flow is negative, and trade cannot be. Every sum over it would be too small. Take the file again."
        )
    if abs(exports - imports - balance) > 1:
        raise MalformedSource(
            f"{where}: exports of {exports:,} less imports of {imports:,} are not the balance of {balance:,} million dollars: one of the "
            "three was mistyped, and the ledger would not add up. Take the page again."
        )
    return partner, month, exports, imports


def _millions(text: str, where: str, column: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,7}", text):
        raise MalformedSource(f"{where}: {column} is {why_no_number(text)}")
    return int(text)


def _require_every_month(months: Sequence[str], partner: str, files: str) -> None:
    gaps = sorted(set(periods.span(min(months), max(months))) - set(months))
    if gaps:
        raise MalformedSource(
            f"{files}: trade with {'the US' if partner == 'US' else codelists.with_code(partner)} lacks {gaps[0]}, between {min(months)} and "
            f"{max(months)}: every sum over it would be too small. Take that month's page too."
        )
