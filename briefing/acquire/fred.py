"""Asks FRED for US exports to and imports from South Korea, as they stood on a day: the one source that keeps vintages.

EXPKR and IMPKR are the bilateral goods series of FT-900: exports f.a.s. and general imports at customs value,
Census basis, not adjusted, in millions of dollars. A row of a reply is a value with the window of days in
which it stood; a value withdrawn stands as "." in a window of its own. Days are asked for by `realtime_start`
and `realtime_end`; `fred/series/vintagedates` lists the days on which anything changed.
"""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from briefing import periods
from briefing.acquire.fetching import Acquired, Client, Reply, key_from_environment
from briefing.codes import codelists
from briefing.errors import BadQuery, KeyRefused, MalformedReply, NoData
from briefing.record import observations

DATASET = "fred-korea"
KEY = "FRED_API_KEY"
WHERE = "https://fred.stlouisfed.org/docs/api/api_key.html"
PAUSE = 0.5
LIMIT = 100_000
VINTAGES_LIMIT = 10_000
SERIES = {"EXPKR": ("X", "total", "fas"), "IMPKR": ("M", "general", "customs_value")}
"""Flow, trade system and valuation of each series."""


def fred_client(address: str, raw: Path, **options: Any) -> Client:
    """A client for the FRED API at `address` (the scheme and host, without "/fred").

    Raises
    ------
    KeyRefused
        If FRED_API_KEY is not set.
    """
    secret = key_from_environment(KEY, "FRED", WHERE)
    return Client("FRED", address, raw, secret=secret, key_parameter="api_key", **{"pause": PAUSE, **options})


def fetch_fred(client: Client, as_of: date) -> Acquired:
    """Both flows as they stood on the day, in whole dollars; its `vintage` is the last release up to that day.

    Raises
    ------
    NoData
        If nothing was released up to that day.
    MalformedReply
        If a reply contradicts itself or the question, a month is missing, or one flow is a month ahead of the other.
    FetchError
        As `Client.ask`.
    """
    (acquired,) = fetch_fred_vintages(client, as_of, as_of)
    return acquired


def fetch_fred_vintages(client: Client, first: date, last: date) -> list[Acquired]:
    """Both flows in every vintage that stood on any day from first to last, in order, one table each.

    The earliest is the one that stood on the first day, and may have come out before it.

    Raises
    ------
    As `fetch_fred`.
    """
    if first > last:
        raise BadQuery(f"FRED cannot be asked from {first} to {last}. Nothing was asked. Give the earlier day first.")
    listings = {series: _vintage_dates(client, series) for series in SERIES}
    vintages = _vintages({series: found.days for series, found in listings.items()}, first, last)
    held = {series: _windows(client, series, first, last, listings[series].days) for series in SERIES}
    replies = (*_replies(listings.values()), *_replies(held.values()))
    return [Acquired(DATASET, _table(held, max(day, first), day), replies, day) for day in vintages]


@dataclass(frozen=True)
class _Listing:
    """The days on which a series changed."""

    days: list[date]
    replies: list[Reply]


@dataclass(frozen=True)
class _Window:
    """A month's value in million dollars, or None where it was withdrawn, and the days on which it stood."""

    month: str
    first: date
    last: date
    value: Decimal | None


@dataclass(frozen=True)
class _Held:
    """A series with all its windows."""

    windows: list[_Window]
    replies: list[Reply]


def _replies(found: Iterable[_Listing | _Held]) -> Iterator[Reply]:
    return itertools.chain.from_iterable(one.replies for one in found)


def _vintage_dates(client: Client, series: str) -> _Listing:
    rows, replies = _pages(client, "fred/series/vintagedates", {"series_id": series}, "vintage_dates", VINTAGES_LIMIT)
    days = sorted(_day(row, series, replies[-1]) for row in rows)
    if len(set(days)) < len(days):
        _refuse(replies[-1], f"{series} lists a vintage date twice", "It is not known what the list leaves out.")
    return _Listing(days, replies)


def _vintages(days: Mapping[str, list[date]], first: date, last: date) -> list[date]:
    """The days on which either flow changed: the last one up to the first day, and all that followed."""
    standing = max(_standing(series, listed, first) for series, listed in days.items())
    return [standing, *sorted({day for listed in days.values() for day in listed if first < day <= last})]


def _standing(series: str, listed: list[date], first: date) -> date:
    """The vintage of a series that stood on the day."""
    before = [day for day in listed if day <= first]
    if not before:
        raise NoData(
            f"FRED holds no vintage of {series} up to {first}. There is nothing that could have been known that day. "
            + (f"Its first is {listed[0]}: ask from there." if listed else "Its list of vintages is empty.")
        )
    return before[-1]


def _windows(client: Client, series: str, first: date, last: date, vintages: Sequence[date]) -> _Held:
    asked = {"series_id": series, "realtime_start": f"{first}", "realtime_end": f"{last}", "units": "lin"}
    rows, replies = _pages(client, "fred/series/observations", asked, "observations", LIMIT)
    if not rows:
        raise NoData(
            f"FRED has no observations of {series} from {first} to {last}. Nothing of the record changed. "
            "Days to come hold none: ask for a day that has been."
        )
    windows = [_window(row, series, replies[-1]) for row in rows]
    windows.sort(key=lambda window: (window.month, window.first))
    _require_whole_windows(windows, series, replies[-1], first, last, vintages)
    return _Held(windows, replies)


def _pages(client: Client, path: str, asked: Mapping[str, str], name: str, limit: int) -> tuple[list[Any], list[Reply]]:
    """The rows of all pages, as many as the source counts."""
    rows: list[Any] = []
    replies: list[Reply] = []
    counted = None
    while counted is None or len(rows) < counted:
        page = {**asked, "file_type": "json", "limit": f"{limit}", "offset": f"{len(rows)}"}
        replies.append(_asked(client, path, page))
        content = _content(replies[-1])
        _require_echo(content, page, replies[-1])
        count, found = _counted(content, name, replies[-1])
        rows += found
        short = not found and len(rows) < count
        if len(rows) > count or short or counted not in (None, count):
            _refuse(
                replies[-1], f"it counts {count} {name} and gives {len(rows)}", "Months would be missing or double."
            )
        counted = count
    return rows, replies


def _counted(content: Mapping[str, Any], name: str, reply: Reply) -> tuple[int, list[Any]]:
    count, found = content.get("count"), content.get(name)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0 or not isinstance(found, list):
        _refuse(reply, f"it lacks {name} or their count", "It holds no data.")
    return count, found


def _asked(client: Client, path: str, parameters: Mapping[str, str]) -> Reply:
    try:
        reply = client.ask(path, parameters, accept=["application/json"])
    except BadQuery as refusal:
        words = str(refusal)
    else:
        if reply is None:
            raise NoData(f"FRED has nothing on {parameters['series_id']}. Nothing of the record changed.")
        return reply
    # FRED answers 400 where others answer 401: its words alone tell a wrong key from a wrong series.
    if "api_key" in words:
        raise KeyRefused(f"FRED does not accept the key. {words} Check {KEY}, or get a key at {WHERE}.")
    raise BadQuery(f"{parameters['series_id']}: {words}")


def _content(reply: Reply) -> dict[str, Any]:
    try:
        content = json.loads(reply.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        _refuse(reply, "it is no JSON object, or is cut", "Values would be missing.")
    return content


def _require_echo(content: Mapping[str, Any], asked: Mapping[str, str], reply: Reply) -> None:
    """FRED repeats the question: an answer to another one would put values under the wrong day or unit."""
    for name in ("realtime_start", "realtime_end", "units", "offset"):
        needed = name.startswith("realtime") and name in asked
        if name in asked and (needed or name in content) and f"{content.get(name)}" != asked[name]:
            given = f"{content.get(name)}"[:40]
            _refuse(
                reply,
                f"{name} is {given!r} where {asked[name]} was asked",
                "Values would stand under a day, a unit or a month that is not theirs.",
            )


def _window(row: Any, series: str, reply: Reply) -> _Window:
    if not isinstance(row, dict):
        _refuse(reply, f"{series} has a row that is none", "Its value has no month.")
    day = _day(row.get("date"), series, reply)
    if day.day != 1:
        _refuse(reply, f"{series} has a value for {day}, which is no month", "A monthly total would be double.")
    first = _day(row.get("realtime_start"), series, reply)
    last = _day(row.get("realtime_end"), series, reply)
    return _Window(f"{day:%Y-%m}", first, last, _value(row.get("value"), series, day, reply))


def _value(value: Any, series: str, day: date, reply: Reply) -> Decimal | None:
    if value == ".":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", value):
        _refuse(reply, f"{series} has {f'{value}'[:40]!r} for {day:%Y-%m}", "It is no amount in million dollars.")
    return Decimal(value)


def _day(text: Any, series: str, reply: Reply) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", f"{text}") else None
    except ValueError:
        day = None
    if day is None:
        _refuse(reply, f"{series} has {f'{text}'[:40]!r} where a day is due", "Its value has no place in time.")
    return day


def _require_whole_windows(
    windows: Sequence[_Window], series: str, reply: Reply, first: date, last: date, vintages: Sequence[date]
) -> None:
    """Each window touches the days asked, opens and closes on a vintage of its series, and none overlaps another."""
    turns = set(vintages)
    for window in windows:
        days = f"{series} has a value for {window.month} from {window.first} to {window.last}"
        if window.first > window.last or window.last < first or window.first > last:
            _refuse(reply, f"{days}, which is not in {first} to {last}", "It was not what stood on the days asked.")
        opens = window.first <= first or window.first in turns
        closes = window.last >= last or window.last + timedelta(1) in turns
        if not opens or not closes:
            _refuse(reply, f"{days}, but no vintage is of that day", "A revision would be put under a wrong day.")
    for one, other in itertools.pairwise(windows):
        if one.month == other.month and other.first <= one.last:
            _refuse(reply, f"{series} has two values for {one.month} on {other.first}", "It is not known which stood.")


def _table(held: Mapping[str, _Held], day: date, vintage: date) -> pd.DataFrame:
    """What stood on the day, both flows, in whole US dollars."""
    values = {series: _values(found, series, day) for series, found in held.items()}
    _require_same_months(values, {series: _withdrawn(found, day) for series, found in held.items()}, vintage)
    rows = [
        ("TOTAL", "TOTAL", "US", codelists.KOREA, *SERIES[series], "N", month, value, "A")
        for series, found in values.items()
        for month, value in found.items()
    ]
    table = pd.DataFrame(rows, columns=observations.COLUMNS).astype({"obs_value": "int64"})
    observations.require_unique(table)
    return table.sort_values(observations.KEY, ignore_index=True)


def _values(held: _Held, series: str, day: date) -> dict[str, int]:
    standing = [window for window in held.windows if window.first <= day <= window.last]
    values = {window.month: _dollars(window.value) for window in standing if window.value is not None}
    if not values:
        raise NoData(f"FRED has no value of {series} on {day}: all were missing. Nothing of the record changed.")
    # "." before the first value or after the last is a month withdrawn for good, or not yet out; between them, a hole.
    missing = [month for month in periods.span(min(values), max(values)) if month not in values]
    if missing:
        _refuse(
            held.replies[-1],
            f"{series} has no value for {missing[0]} on {day}",
            "Totals over that month would be too small.",
            "Ask for another day.",
        )
    return values


def _withdrawn(held: _Held, day: date) -> set[str]:
    """The months of which the source itself says that it has no value on the day."""
    return {window.month for window in held.windows if window.first <= day <= window.last and window.value is None}


def _dollars(millions: Decimal) -> int:
    return int((millions * 1_000_000).to_integral_value(ROUND_HALF_UP))


def _require_same_months(
    values: Mapping[str, Mapping[str, int]], withdrawn: Mapping[str, set[str]], vintage: date
) -> None:
    """Refuse a flow that begins or ends elsewhere than the other, unless the source says that months are withdrawn."""
    exports, imports = ({*values[series], *withdrawn[series]} for series in SERIES)
    for verb, edge in (("begins", min), ("ends", max)):
        ours, theirs = (edge(values[series]) for series in SERIES)
        if ours != theirs and not (ours in imports and theirs in exports):
            raise MalformedReply(
                f"FRED, vintage {vintage}: EXPKR {verb} in {ours} and IMPKR in {theirs}: one flow is ahead. "
                "A balance over those months would have one side. Nothing of the record changed. "
                "Ask again later, or for an earlier day."
            )


def _refuse(reply: Reply, what: str, spoilt: str, way_on: str = "Ask again.") -> NoReturn:
    raise MalformedReply(
        f"FRED: {what}. {spoilt} Nothing of the record changed; the bytes are kept as {reply.file.name}. {way_on}"
    )
