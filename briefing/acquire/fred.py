"""Asks FRED for US exports to and imports from South Korea, as they stood on a day: the one source that keeps vintages.

EXPKR and IMPKR are the bilateral goods series of FT-900: exports f.a.s. and general imports at customs value,
Census basis, not adjusted, in millions of dollars. A row of a reply is a value with the window of days in
which it stood; a value withdrawn stands as "." in a window of its own. Days are asked for by `realtime_start`
and `realtime_end`; `fred/series/vintagedates` lists the days on which anything changed.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from briefing.acquire.contract import EXPORTS, GENERAL_IMPORTS, Observations, observed
from briefing.acquire.fetching import Office, Parameters
from briefing.acquire.replies import Acquired, Reply, left_out
from briefing.codes import codelists
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, NoData

DATASET = "fred-korea"
LIMIT = 100_000
VINTAGES_LIMIT = 10_000
SERIES = {"EXPKR": EXPORTS, "IMPKR": GENERAL_IMPORTS}


class FredApi(Office):
    """The FRED API at an address (the scheme and host, without "/fred")."""

    title = "FRED"
    key = "FRED_API_KEY"
    where = "https://fred.stlouisfed.org/docs/api/api_key.html"
    key_parameter = "api_key"
    usual: ClassVar[Mapping[str, Any]] = {"pause": 0.5}

    def meant(self, refusal: FetchError, parameters: Parameters) -> FetchError:
        """FRED answers 400 where others answer 401: its words alone tell a wrong key from a wrong series."""
        if not isinstance(refusal, BadQuery):
            return refusal
        if "api_key" in str(refusal):
            return KeyRefused(
                f"FRED does not accept the key. {refusal} Check {self.key}, or get a key at {self.where}."
            )
        return BadQuery(f"{parameters['series_id']}: {refusal}")


def fetch_fred(client: FredApi, as_of: date) -> Acquired:
    """Both flows as they stood on the day, in whole dollars; its `vintage` is the last release up to that day.

    Returns
    -------
    `briefing.record.observations.COLUMNS`, monthly, Census basis, not adjusted: exports at FAS value, general imports at customs value.

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


def fetch_fred_vintages(client: FredApi, first: date, last: date) -> list[Acquired]:
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


def _vintage_dates(client: FredApi, series: str) -> _Listing:
    rows, replies = _pages(client, "fred/series/vintagedates", {"series_id": series}, "vintage_dates", VINTAGES_LIMIT)
    days = sorted(_day(row, series, replies[-1]) for row in rows)
    if len(set(days)) < len(days):
        replies[-1].refuse(f"{series} lists a vintage date twice", "It is not known what the list leaves out.")
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


def _windows(client: FredApi, series: str, first: date, last: date, vintages: Sequence[date]) -> _Held:
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


def _pages(
    client: FredApi, path: str, asked: Mapping[str, str], name: str, limit: int
) -> tuple[list[Any], list[Reply]]:
    """The rows of all pages, as many as the source counts."""
    rows: list[Any] = []
    replies: list[Reply] = []
    counted = None
    while counted is None or len(rows) < counted:
        page = {**asked, "file_type": "json", "limit": f"{limit}", "offset": f"{len(rows)}"}
        reply = client.answer(path, page)
        if reply is None:
            raise NoData(f"FRED has nothing on {asked['series_id']}. Nothing of the record changed.")
        replies.append(reply)
        content = reply.json_object()
        _require_echo(content, page, reply)
        count, found = reply.counted(content, name, name)
        rows += found
        short = not found and len(rows) < count
        if len(rows) > count or short or counted not in (None, count):
            reply.refuse(f"it counts {count} {name} and gives {len(rows)}", "Months would be missing or double.")
        counted = count
    return rows, replies


def _require_echo(content: Mapping[str, Any], asked: Mapping[str, str], reply: Reply) -> None:
    """FRED repeats the question: an answer to another one would put values under the wrong day or unit."""
    for name in ("realtime_start", "realtime_end", "units", "offset"):
        needed = name.startswith("realtime") and name in asked
        if name in asked and (needed or name in content) and f"{content.get(name)}" != asked[name]:
            given = f"{content.get(name)}"[:40]
            reply.refuse(
                f"{name} is {given!r} where {asked[name]} was asked",
                "Values would stand under a day, a unit or a month that is not theirs.",
            )


def _window(row: Any, series: str, reply: Reply) -> _Window:
    if not isinstance(row, dict):
        reply.refuse(f"{series} has a row that is none", "Its value has no month.")
    day = _day(row.get("date"), series, reply)
    if day.day != 1:
        reply.refuse(f"{series} has a value for {day}, which is no month", "A monthly total would be double.")
    first = _day(row.get("realtime_start"), series, reply)
    last = _day(row.get("realtime_end"), series, reply)
    return _Window(f"{day:%Y-%m}", first, last, _value(row.get("value"), series, day, reply))


def _value(value: Any, series: str, day: date, reply: Reply) -> Decimal | None:
    if value == ".":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,12})?", value):
        reply.refuse(f"{series} has {f'{value}'[:40]!r} for {day:%Y-%m}", "It is no amount in million dollars.")
    return Decimal(value)


def _day(text: Any, series: str, reply: Reply) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", f"{text}") else None
    except ValueError:
        day = None
    if day is None:
        reply.refuse(f"{series} has {f'{text}'[:40]!r} where a day is due", "Its value has no place in time.")
    return day


def _require_whole_windows(
    windows: Sequence[_Window], series: str, reply: Reply, first: date, last: date, vintages: Sequence[date]
) -> None:
    """Each window touches the days asked, opens and closes on a vintage of its series, and none overlaps another."""
    turns = set(vintages)
    for window in windows:
        days = f"{series} has a value for {window.month} from {window.first} to {window.last}"
        if window.first > window.last or window.last < first or window.first > last:
            reply.refuse(f"{days}, which is not in {first} to {last}", "It was not what stood on the days asked.")
        opens = window.first <= first or window.first in turns
        closes = window.last >= last or window.last + timedelta(1) in turns
        if not opens or not closes:
            reply.refuse(f"{days}, but no vintage is of that day", "A revision would be put under a wrong day.")
    for one, other in itertools.pairwise(windows):
        if one.month == other.month and other.first <= one.last:
            reply.refuse(f"{series} has two values for {one.month} on {other.first}", "It is not known which stood.")


def _table(held: Mapping[str, _Held], day: date, vintage: date) -> Observations:
    """What stood on the day, both flows, in whole US dollars."""
    values = {series: _values(found, series, day) for series, found in held.items()}
    _require_same_months(values, {series: _withdrawn(found, day) for series, found in held.items()}, vintage)
    rows = (
        ("TOTAL", "TOTAL", "US", codelists.KOREA, *SERIES[series], "N", month, value, "A")
        for series, found in values.items()
        for month, value in found.items()
    )
    return observed(rows, f"FRED, vintage {vintage}")


def _values(held: _Held, series: str, day: date) -> dict[str, int]:
    standing = [window for window in held.windows if window.first <= day <= window.last]
    values = {window.month: _dollars(window.value) for window in standing if window.value is not None}
    if not values:
        raise NoData(f"FRED has no value of {series} on {day}: all were missing. Nothing of the record changed.")
    # "." before the first value or after the last is a month withdrawn for good, or not yet out; between them, a hole.
    for missing in left_out(values):
        held.replies[-1].refuse_gap(f"{series} has no value for {missing} on {day}", "Ask for another day.")
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
