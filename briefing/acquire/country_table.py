"""Reads all goods by partner and month out of a table that somebody wrote from the pages or files of the US Census Bureau.

One row is a partner, month and flow, in million US dollars, on the basis of country.xlsx. Such tables begin and end where
their writer chose; what they hold of partners and months, and how it was rounded, is seen in the rows alone:

- `cty_code` is the code of Schedule C, with the zeros before it; a `name` or `partner` beside it is held against the list;
- `flow` is "exports" or "imports"; a `commit`, where there is one, tells one fetch from another;
- a partner without trade has no row; the world may end a month or two before its partners;
- the aggregates that country.xlsx has on another basis stand here too (0007, 0021, 0022), and are left out as there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from briefing import periods
from briefing.acquire.contract import BASIS, EXPORTS, GENERAL_IMPORTS, Observations, observed
from briefing.acquire.country_workbook import DOLLARS, LARGEST, LEFT_OUT, SEASONALLY_ADJUSTED
from briefing.acquire.integrity import (
    require_own_name,
    require_partner,
    require_partners_add_up,
    require_regions_add_up,
)
from briefing.acquire.sheets import Row, csv_rows, why_no_number
from briefing.codes import codelists
from briefing.errors import MalformedSource

COLUMNS = ("cty_code", "month", "flow", "million_usd")
NAMES = ("name", "partner")
FETCH = "commit"
BASES = {"exports": EXPORTS, "imports": GENERAL_IMPORTS}
AMOUNT = re.compile(r"[0-9]+(?:\.([0-9]{1,6}))?")


@dataclass(frozen=True)
class CountryTable:
    """The observations of a table, and the dollars to which its values are rounded."""

    observations: Observations
    rounded_to: int


def read_country_table(path: Path, *, only: str = "", excerpt: bool = False) -> CountryTable:
    """The observations of one vintage out of a table of partners, months and flows; of `only` one fetch, where it has several.

    Of an `excerpt`, which has some partners or months alone, nothing need add up. Else each partner has its rows to the
    last month, or had no trade; each region is the sum of its partners, and the world that of all of them as far as it is given.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, monthly, in whole US dollars: exports total at FAS value, general
    imports at customs value, Census basis, not adjusted but for the world's row of its own (0004).

    Raises
    ------
    MalformedSource
        If the file is no such table, a row of it cannot be true, or its rows do not agree with one another.
    DuplicateObservations
        If it has two values for one partner, month and flow.
    """
    rows = csv_rows(path, lambda row: set(COLUMNS) <= set(_names(row)))
    header = _names(next(rows, ()))
    _require_header(header, path.name)
    told = [dict(zip(header, row, strict=False)) for row in rows]
    chosen = [row for row in told if not only or row.get(FETCH) == only]
    _require_one_fetch(told, chosen, only, path.name)
    checked = [_checked(row, path.name) for row in chosen if row["cty_code"] not in LEFT_OUT]
    table = observed(_columns(checked), path.name)
    if not excerpt:
        _require_whole(table, path.name)
    return CountryTable(table, min(digits for *_, digits in checked))


def _names(row: Row) -> list[str]:
    return [str(cell).strip() for cell in row]


def _require_header(header: Sequence[str], file: str) -> None:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise MalformedSource(
            f"{file} lacks the column {', '.join(missing)}: whose trade a value is, or when, could not be told. "
            f"Its header must have {', '.join(COLUMNS)}."
        )


def _require_one_fetch(
    told: Sequence[Mapping[str, str]], chosen: Sequence[Mapping[str, str]], only: str, file: str
) -> None:
    held = sorted({row.get(FETCH, "") for row in told})
    if not chosen:
        what = f"no row of {FETCH} {only}" if only else "no row"
        raise MalformedSource(
            f"{file} has {what}: nothing would be imported. It has {', '.join(filter(None, held)) or 'no rows'}."
        )


def _checked(row: Mapping[str, str], file: str) -> tuple[str, str, str, int, int]:
    """Partner, month, flow, whole dollars, and the dollars to which the value is given; or an error that names the row."""
    code, month, flow = (row[name].strip() for name in COLUMNS[:3])
    where = f"{file}, {next((row[name] for name in NAMES if name in row), code)}, {month}, {flow}"
    require_partner(code, where, codelists.AREAS.__contains__)
    for name in (row[name] for name in NAMES if name in row):
        require_own_name(code, name, where)
    if not periods.is_month(month):
        raise MalformedSource(
            f'{where}: {month!r} is no month such as "2026-08", so its trade would stand in no series. Correct it.'
        )
    if flow not in BASES:
        raise MalformedSource(
            f'{where}: {flow!r} is neither "exports" nor "imports", so it would enter no balance. Correct it.'
        )
    text = row["million_usd"].strip()
    amount = AMOUNT.fullmatch(text)
    if amount is None or float(text) > LARGEST:
        raise MalformedSource(
            f"{where}: the value is {why_no_number(text) if amount is None else f'{text} million dollars, more than the world trades. Fetch it again.'}"
        )
    return code, month, flow, round(float(text) * DOLLARS), DOLLARS // 10 ** len(amount[1] or "")


def _columns(checked: Sequence[tuple[str, str, str, int, int]]) -> pd.DataFrame:
    rows = (
        ("TOTAL", "TOTAL", "US", code, *BASES[flow], "Y" if code == SEASONALLY_ADJUSTED else "N", month, dollars, "A")
        for code, month, flow, dollars, _ in checked
    )
    names = [
        "classification",
        "commodity",
        "ref_area",
        "counterpart_area",
        *BASIS,
        "adjustment",
        "time_period",
        "obs_value",
        "obs_status",
    ]
    return pd.DataFrame(rows, columns=names)


def _require_whole(table: pd.DataFrame, file: str) -> None:
    """Refuse a table of all partners in which some have no row in months that others have, or that does not add up."""
    world = table[table["counterpart_area"] == codelists.WORLD]
    _require_every_month(table, file)
    if world.empty:
        raise MalformedSource(
            f"{file} has no row for the world ({codelists.WORLD}), so whether a partner is missing cannot be told. Fetch it "
            "again, or say with --excerpt that it has some partners alone."
        )
    require_partners_add_up(table[table["time_period"] <= world["time_period"].max()], file)
    require_regions_add_up(table, file)


def _require_every_month(table: pd.DataFrame, file: str) -> None:
    months = sorted(set(table["time_period"]))
    gaps = sorted(set(periods.span(months[0], months[-1])) - set(months))
    if gaps:
        raise MalformedSource(
            f"{file} has no row of {gaps[0]}, between {months[0]} and {months[-1]}: every sum over it would be too small. Fetch it "
            "again, or say with --excerpt that it has some months alone."
        )
