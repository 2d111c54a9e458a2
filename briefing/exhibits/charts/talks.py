"""The timeline of the talks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

import altair as alt
import pandas as pd

from briefing import periods
from briefing.exhibits.charts import Chart
from briefing.exhibits.charts.marks import (
    Channel,
    Channels,
    at,
    category,
    in_order,
    in_time,
    layered,
    mark,
    one_of,
    quantity,
)
from briefing.palette import EXPORTS, HIGHLIGHT, IMPORTS, INK, LINE, MUTED, PAPER, TEXT, TRADE_DATA
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.talks import Event, Scheduled
from briefing.talks.texts import event_title, figures_of

LATER = "Fixed for later"
TRACKS = {
    "Rounds and sessions": (("round",), INK),
    "Deals and law": (("deal", "law"), EXPORTS),
    "Tariffs": (("tariff",), IMPORTS),
    "Statements, notices": (("statement", "notice", "other"), MUTED),
    "Trade data": (("data",), TRADE_DATA),
    LATER: ((), HIGHLIGHT),
}
"""Tracks of the timeline: the kinds of event in each, and its colour."""

NAMES, LANES, ROOM, LEVEL = 130, 520, 19, 20
"""Points: the names of the tracks, the time axis, the least room between two numbered marks, and from level to level."""
BEFORE = 8
"""Days of the axis before the first event."""


def track_of(kind: str) -> str:
    """The track on which a kind of event runs."""
    return next(name for name, (kinds, _) in TRACKS.items() if kind in kinds)


def timeline(
    events: Sequence[Event],
    key: Sequence[Event],
    ahead: Sequence[Scheduled],
    as_of: date,
    title: Sentence,
    origins: tuple[Origin, ...],
) -> Chart:
    """Events on a lane for each track, the key ones numbered and named below; what is fixed for later after today's line.

    `key` are those of `events` that are named.
    """
    shown = [plan for plan in ahead if not isinstance(plan.when, str) and plan.day <= as_of + timedelta(days=120)]
    lanes = _Lanes(events, key, shown, as_of)
    words = [f"{day_words(event)}: {event.title}" for event in key]
    return Chart(
        id="talks-timeline",
        title=title,
        subtitle=f"By track, up to {lanes.until}; the key events are numbered and named below"
        + ("; a ring is fixed for later" if shown else "")
        + ("; a bar spans the days of what is known by its month or year alone" if len(lanes.spans) else ""),
        picture=alt.vconcat(lanes.picture, _names(key), spacing=10, bounds="flush"),
        alt_text=f"Timeline of {len(events)} events, {len(key)} of them key. {'; '.join(words)}.",
        drawn_from=origins,
        drawn=figures_of(event_title(event) for event in key),
    )


@dataclass(frozen=True)
class _Lanes:
    """Every event as a mark on the lane of its track, with today's line."""

    events: Sequence[Event]
    key: Sequence[Event]
    ahead: Sequence[Scheduled]
    as_of: date

    @cached_property
    def first(self) -> date:
        return min(event.day for event in self.events)

    @cached_property
    def silent(self) -> bool:
        """Whether the record ended so long before the as-of day that its events would be crowded into half of the axis."""
        last = self._last_event
        return not self.ahead and self.as_of - last > last - self.first

    @property
    def _last_event(self) -> date:
        return max(event.last for event in self.events)

    @property
    def until(self) -> str:
        """The last day shown, in words."""
        if self.silent:
            return f"{periods.day_in_words(self._last_event)}, the last day on record"
        return periods.day_in_words(self.as_of)

    @cached_property
    def last(self) -> date:
        """The end of the axis: some room after the last day shown."""
        end = self._last_event if self.silent else self.as_of
        room = timedelta(days=max(12, (end - self.first).days // 40))
        return max([end, *(plan.day for plan in self.ahead)]) + room

    @cached_property
    def used(self) -> list[str]:
        """The tracks that have something on them."""
        tracks = {track_of(event.kind) for event in self.events} | ({LATER} if self.ahead else set())
        return [name for name in TRACKS if name in tracks]

    @cached_property
    def levels(self) -> dict[str, int]:
        """How far below the top of its lane each numbered mark stands, by the event's id."""
        return _levels(self.key, LANES / ((self.last - self.first).days + BEFORE))

    @cached_property
    def heights(self) -> dict[str, float]:
        """How tall the lane of each track is, in points: as deep as its numbered marks stand."""
        deepest = dict.fromkeys(self.used, 0)
        for event in self.key:
            track = track_of(event.kind)
            deepest[track] = max(deepest[track], self.levels[event.id])
        return {track: 32.0 + LEVEL * level for track, level in deepest.items()}

    @cached_property
    def tops(self) -> dict[str, float]:
        """Where each lane begins, in points from above."""
        return dict(zip(self.used, accumulate(self.heights.values(), initial=0.0), strict=False))

    @cached_property
    def height(self) -> float:
        """All lanes together, in points."""
        return sum(self.heights.values())

    def _height_of(self, track: str, level: int = 0) -> float:
        return self.tops[track] + 13 + LEVEL * level

    @property
    def marks(self) -> pd.DataFrame:
        """A row an event: day, height in points from above, track, number ("" where it has no name), words."""
        number = {event.id: str(place) for place, event in enumerate(self.key, 1)}
        return pd.DataFrame(
            {
                "day": str(middle_of(event)),
                "y": self._height_of(track_of(event.kind), self.levels.get(event.id, 0)),
                "track": track_of(event.kind),
                "number": number.get(event.id, ""),
                "words": f"{day_words(event)}: {event.title}",
            }
            for event in self.events
        )

    @property
    def spans(self) -> pd.DataFrame:
        """A row an event whose day nobody printed: the first and the last day that it can have been, height, track."""
        return pd.DataFrame(
            {
                "day": str(event.day),
                "until": str(event.last),
                "y": self._height_of(track_of(event.kind), self.levels.get(event.id, 0)),
                "track": track_of(event.kind),
            }
            for event in self.events
            if isinstance(event.when, str)
        )

    @property
    def rings(self) -> pd.DataFrame:
        """A row a thing that is fixed for later: day, height, words."""
        return pd.DataFrame(
            {
                "day": str(plan.day),
                "y": self._height_of(LATER),
                "words": f"{periods.day_in_words(plan.day)}: {plan.what}",
            }
            for plan in self.ahead
        )

    @property
    def x(self) -> Channel:
        months = (self.last - self.first).days / 30
        short = months <= 48
        step = {"interval": "month", "step": 3 if months <= 26 else 6} if short else {"interval": "year", "step": 2}
        axis = {"format": "%b %Y" if short else "%Y", "tickCount": step, "orient": "top", "grid": False}
        return in_time("day", [str(self.first - timedelta(days=BEFORE)), str(self.last)], axis=axis)

    def _y(self, field: str = "y") -> Channel:
        return quantity(field, axis=None, scale={"domain": [0, self.height], "reverse": True, "nice": False})

    @property
    def picture(self) -> alt.LayerChart:
        edges, names = self._edges_and_names()
        line, day = ([], []) if self.silent else self._today()
        return layered([edges, names, *line, *self._events(), *day, *self._rings()], LANES, self.height)

    def _edges_and_names(self) -> tuple[alt.Chart, alt.Chart]:
        lanes = pd.DataFrame({"track": name, "top": self.tops[name], "y": self.tops[name] + 17} for name in self.used)
        edges = mark("rule", {"color": LINE}, lanes, y=self._y("top"), x=at(-NAMES), x2=at(LANES))
        look = {"align": "left", "fontWeight": 600}
        colour = _colours(self.used)
        return edges, mark("text", look, lanes, y=self._y(), x=at(-NAMES), text=category("track"), color=colour)

    def _today(self) -> tuple[list[alt.Chart], list[alt.Chart]]:
        """The line of the as-of day, and the day in words below it."""
        words = f"{self.as_of.day} {_month(self.as_of)}"
        today = {"day": [str(self.as_of)], "words": [words]}
        look = {"color": HIGHLIGHT, "fontWeight": 600, "align": "right", "dx": -5, "baseline": "bottom"}
        return (
            [mark("rule", {"color": HIGHLIGHT, "strokeWidth": 1.5}, today, x=self.x)],
            [mark("text", look, today, x=self.x, y=at(self.height + 14), text=category("words"))],
        )

    def _events(self) -> list[alt.Chart]:
        place: Channels = {"x": self.x, "y": self._y()}
        marks = self.marks
        small, large = marks[marks["number"] == ""], marks[marks["number"] != ""]
        coloured: Channels = {**place, "color": _colours(self.used)}
        number = {"color": PAPER, "fontSize": 10, "fontWeight": 700}
        spans = self.spans
        bars = (
            [mark("rule", {"strokeWidth": 5, "opacity": 0.35}, spans, x2={"field": "until"}, **coloured)]
            if len(spans)
            else []
        )
        return [
            *bars,
            mark("point", {"filled": True, "size": 34, "opacity": 0.55}, small, words="words", **coloured),
            mark("point", {"filled": True, "size": 270, "opacity": 1}, large, words="words", **coloured),
            mark("text", number, large, **place, text=category("number")),
        ]

    def _rings(self) -> list[alt.Chart]:
        if not self.ahead:
            return []
        look = {"size": 120, "color": HIGHLIGHT, "filled": False, "strokeWidth": 2}
        return [mark("point", look, self.rings, words="words", x=self.x, y=self._y())]


def _colours(tracks: Iterable[str]) -> Channel:
    return one_of("track", {name: TRACKS[name][1] for name in tracks}, legend=None)


def _levels(key: Sequence[Event], points_a_day: float) -> dict[str, int]:
    """How far below the top of its lane each numbered mark stands, so that none covers another."""
    ends: dict[tuple[str, int], float] = {}
    levels = {}
    for event in key:
        place = middle_of(event).toordinal() * points_a_day
        track = track_of(event.kind)
        level = next(level for level in range(len(key)) if place - ends.get((track, level), -1e9) >= ROOM)
        ends[track, level] = place
        levels[event.id] = level
    return levels


def _names(key: Sequence[Event]) -> alt.LayerChart:
    """The numbered events by name: number, day, headline."""
    rows = pd.DataFrame(
        {
            "row": range(len(key)),
            "number": [str(place) for place in range(1, len(key) + 1)],
            "date": [day_words(event) for event in key],
            "title": [event.title for event in key],
            "track": [track_of(event.kind) for event in key],
        }
    )
    colour, y = _colours(name for name in TRACKS if name in set(rows["track"])), in_order("row", axis=None)
    look = {"align": "center", "fontWeight": 700}
    number = mark("text", look, y=y, x=at(8 - NAMES), text=category("number"), color=colour)
    dates = mark("text", {"align": "left", "color": MUTED}, y=y, x=at(24 - NAMES), text=category("date"))
    titles = mark("text", {"align": "left", "color": TEXT, "limit": 540}, y=y, x=at(0), text=category("title"))
    return layered([number, dates, titles], LANES, 18 * len(key), rows)


def day_words(event: Event) -> str:
    """The day of an event as lists print it: "5 Jan 2018", or "Jan 2018" and "2018" where the day is not known."""
    if isinstance(event.when, str):
        return _month(event.day) if periods.is_month(event.when) else event.when
    return f"{event.day.day} {_month(event.day)}"


def middle_of(event: Event) -> date:
    """Where the mark of an event stands: on its day, or in the middle of those that it can have been."""
    return event.day + (event.last - event.day) / 2 if isinstance(event.when, str) else event.when


def _month(day: date) -> str:
    return f"{periods.MONTHS[day.month - 1][:3]} {day.year}"
