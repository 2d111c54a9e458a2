"""Reads a model's rates of duty by partner and day: country-by-time.csv of tradewartracker/trade-war-redux-2025 (MIT licence).

A model, no count: statutory rates at ten digits, weighted with the imports for consumption of 2024, at each day of change.
`effective tariff` is in points added since January 2025, `2024 tariff` the rate before, both in percent. Germany is in it
within the European Union alone; trucks, chips and patented medicines are not in it as far as section 232 goes.
"""

import re
from datetime import date
from pathlib import Path

from briefing.acquire.sheets import Row, csv_rows
from briefing.codes import codelists
from briefing.errors import MalformedSource

MODEL = "tradewartracker-tariffs"
HEAD = ("date", "country_name", "effective tariff", "total imports", "2024 tariff")
COLUMNS = ("partner", "day", "added", "before")
CODES = {name.casefold(): code for code, name in codelists.AREAS.items()}
MOST = 200.0
"""Percent; what the model gives China at most is 124."""
APART = 0.15
"""Points by which its rate of 2024 may lie off duty calculated over imports. Seen: Korea 0.003, Mexico 0.01, Japan 0.02."""


def read_modelled_tariffs(path: Path, calculated: dict[str, float]) -> bytes:
    """The rates as the table that the record keeps: CSV with `COLUMNS`, sorted; percent as printed, to four digits.

    `calculated` is duty over imports for consumption of 2024 by partner, in percent, which the rate before must be like.

    Raises
    ------
    MalformedSource
        If the file is not that table, a rate cannot be true, a partner lacks a day, or the rate of 2024 is another.
    """
    header, *rows = list(csv_rows(path, lambda row: row == HEAD)) or [()]
    if header != HEAD:
        raise MalformedSource(
            f"{path.name} is not the table of a model's rates: its header reads {', '.join(map(str, header[:6])) or 'nothing'}. "
            f"Points added would be taken for a rate. It must read {', '.join(HEAD)}."
        )
    rates = sorted(_checked(row, f"{path.name}, line {line}") for line, row in enumerate(rows, 2))
    _require_every_day(rates, path.name)
    _require_like_calculated(rates, calculated, path.name)
    lines = [",".join(COLUMNS), *(f"{code},{day},{added:.4f},{before:.4f}" for code, day, added, before in rates)]
    return ("\n".join(lines) + "\n").encode()


def _checked(row: Row, where: str) -> tuple[str, str, float, float]:
    if len(row) != len(HEAD):
        raise MalformedSource(
            f"{where} has {len(row)} cells, where {len(HEAD)} are wanted: it was cut. Fetch the file again."
        )
    day, name, added, _, before = row
    code = CODES.get(name.casefold())
    if code is None:
        raise MalformedSource(
            f"{where}: {name!r} is no partner or aggregate, so its rate would be nobody's. Correct the name."
        )
    try:
        date.fromisoformat(day)
    except ValueError:
        raise MalformedSource(
            f"{where}: {day!r} is no day, so its rate would apply on none. Correct the row."
        ) from None
    for rate in (added, before):
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?(e-[0-9]+)?", rate) or float(rate) > MOST:
            raise MalformedSource(
                f"{where}: {rate[:20]!r} is no rate from 0 to {MOST:.0f} percent. A line would run off its chart. Fetch it again."
            )
    return code, day, float(added), float(before)


def _require_every_day(rates: list[tuple[str, str, float, float]], file: str) -> None:
    """Refuse a partner that lacks a day of change, or has one twice: its rate would stand for longer than it did."""
    days = sorted({day for _, day, _, _ in rates})
    for code in sorted({code for code, _, _, _ in rates}):
        own = [day for one, day, _, _ in rates if one == code]
        if own != days:
            wrong = next((day for day in days if own.count(day) != 1), "")
            raise MalformedSource(
                f"{file} has {own.count(wrong)} rates of {codelists.AREAS[code]} for {wrong}, where every partner has one a day "
                "of change: the rate before would pass for that day's. Fetch the file again."
            )


def _require_like_calculated(
    rates: list[tuple[str, str, float, float]], calculated: dict[str, float], file: str
) -> None:
    for code, _, _, before in rates:
        if code in calculated and abs(before - calculated[code]) > APART:
            raise MalformedSource(
                f"{file} has {before:.3f} percent for {codelists.AREAS[code]} in 2024, where duty calculated over imports was "
                f"{calculated[code]:.3f}. Its points would be added to another rate. Look whether the columns are exchanged."
            )
