"""The timeline of the talks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import altair as alt
import pandas as pd

from briefing import periods
from briefing.exhibits.charts import Chart, in_time, marked
from briefing.palette import EXPORTS, HIGHLIGHT, IMPORTS, INK, LINE, MUTED, PAPER, TEXT, TRADE_DATA
from briefing.record.origins import Origin
from briefing.sentences import Claim
from briefing.talks import Event, Scheduled
from briefing.talks.texts import event_title, figures_of

TRACKS = {
    "Rounds and sessions": (("round",), INK),
    "Deals and law": (("deal", "law"), EXPORTS),
    "Tariffs": (("tariff",), IMPORTS),
    "Statements, notices": (("statement", "notice", "other"), MUTED),
    "Trade data": (("data",), TRADE_DATA),
    "Fixed for later": ((), HIGHLIGHT),
}
"""Tracks of the timeline: the kinds of event in each, and its colour."""

NAMES, LANES, ROOM = 130, 520, 19
"""Points: the names of the tracks, the time axis, and the least room between two numbered marks."""


def track_of(kind: str) -> str:
    """The track on which a kind of event runs."""
    return next(name for name, (kinds, _) in TRACKS.items() if kind in kinds)


def timeline(
    events: Sequence[Event],
    key: Sequence[Event],
    ahead: Sequence[Scheduled],
    as_of: date,
    title: Claim,
    origins: tuple[Origin, ...],
) -> Chart:
    """Events on a lane for each track, the key ones numbered and named below; what is fixed for later after today's line.

    `key` are those of `events` that are named.
    """  # fmt: skip
    first = min(event.day for event in events)
    shown = [plan for plan in ahead if plan.precision == "day" and plan.day <= as_of + timedelta(days=120)]
    last = max([as_of, *(plan.day for plan in shown)]) + timedelta(days=max(12, (as_of - first).days // 40))
    ends = [str(first - timedelta(days=8)), str(last)]
    picture = alt.vconcat(_lanes(events, key, shown, as_of, first, last, ends), _names(key), spacing=10, bounds="flush")
    words = [f"{day_words(event)}: {event.title}" for event in key]
    return Chart(
        id="talks-timeline",
        title=title,
        subtitle=f"By track, up to {periods.day_in_words(as_of)}; the key events are numbered and named below"
        + ("; a ring is fixed for later" if shown else ""),
        picture=picture,
        alt_text=f"Timeline of {len(events)} events, {len(key)} of them key. {'; '.join(words)}.",
        drawn_from=origins,
        drawn=figures_of(event_title(event) for event in key),
    )


def _lanes(
    events: Sequence[Event],
    key: Sequence[Event],
    ahead: Sequence[Scheduled],
    as_of: date,
    first: date,
    last: date,
    ends: Sequence[str],
) -> alt.LayerChart | alt.FacetChart:
    """Every event as a mark on its lane, with today's line."""  # fmt: skip
    points_a_day = LANES / ((last - first).days + 8)
    levels = _levels(key, points_a_day)
    tracks = {track_of(event.kind) for event in events} | ({"Fixed for later"} if ahead else set())
    used = [name for name in TRACKS if name in tracks]
    heights = {name: 1 + max([levels[e.id] for e in key if track_of(e.kind) == name], default=0) for name in used}
    tops, height = _tops(heights)
    number = {event.id: place for place, event in enumerate(key, 1)}

    def y(track: str, level: int) -> float:
        return tops[track] + 13 + 20 * level

    marks = [
        {
            "day": str(event.day),
            "y": y(track_of(event.kind), levels.get(event.id, 0)),
            "track": track_of(event.kind),
            "number": str(number.get(event.id, "")),
            "words": f"{day_words(event)}: {event.title}",
        }
        for event in events
    ]
    rings = [
        {"day": str(plan.day), "y": y("Fixed for later", 0), "words": f"{periods.day_in_words(plan.day)}: {plan.what}"}
        for plan in ahead
    ]
    across = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    months = (last - first).days / 30
    step = {"interval": "month", "step": 3 if months <= 26 else 6} if months <= 48 else {"interval": "year", "step": 2}
    axis = alt.Axis(format="%b %Y" if months <= 48 else "%Y", tickCount=step, orient="top", grid=False)
    x = in_time("day", ends, axis=axis)
    colour = alt.Color("track:N", legend=None, scale=alt.Scale(domain=used, range=[TRACKS[name][1] for name in used]))
    lanes = pd.DataFrame([{"track": name, "top": tops[name], "y": tops[name] + 17} for name in used])
    edges = marked(lanes).mark_rule(color=LINE, aria=False).encode(
        y=alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False)), x=alt.value(-NAMES), x2=alt.value(LANES)
    )  # fmt: skip
    named = marked(lanes).mark_text(align="left", fontWeight=600, aria=False).encode(
        y=across, x=alt.value(-NAMES), text=alt.Text("track:N"), color=colour
    )  # fmt: skip
    table = pd.DataFrame(marks)
    small = marked(table[table["number"] == ""]).mark_point(filled=True, size=34, opacity=0.55)
    large = marked(table[table["number"] != ""])
    today = pd.DataFrame(
        [{"day": str(as_of), "words": f"{as_of.day} {periods.MONTHS[as_of.month - 1][:3]} {as_of.year}"}]
    )
    line = marked(today)
    layers = [
        edges,
        named,
        line.mark_rule(color=HIGHLIGHT, strokeWidth=1.5, aria=False).encode(x=x),
        small.encode(x=x, y=across, color=colour, description=alt.Description("words:N")),
        large.mark_point(filled=True, size=270, opacity=1).encode(
            x=x, y=across, color=colour, description=alt.Description("words:N")
        ),
        large.mark_text(color=PAPER, fontSize=10, fontWeight=700, aria=False).encode(
            x=x, y=across, text=alt.Text("number:N")
        ),
        line.mark_text(color=HIGHLIGHT, fontWeight=600, align="right", dx=-5, baseline="bottom", aria=False).encode(
            x=x, y=alt.value(height + 14), text=alt.Text("words:N")
        ),
    ]
    if rings:
        ring = marked(pd.DataFrame(rings)).mark_point(size=120, color=HIGHLIGHT, filled=False, strokeWidth=2)
        layers.append(ring.encode(x=x, y=across, description=alt.Description("words:N")))
    return alt.layer(*layers, width=LANES, height=height)


def _levels(key: Sequence[Event], points_a_day: float) -> dict[str, int]:
    """How far below the top of its lane each numbered mark stands, so that none covers another."""
    ends: dict[tuple[str, int], float] = {}
    levels = {}
    for event in key:
        place = event.day.toordinal() * points_a_day
        track = track_of(event.kind)
        level = next(level for level in range(len(key)) if place - ends.get((track, level), -1e9) >= ROOM)
        ends[track, level] = place
        levels[event.id] = level
    return levels


def _tops(heights: Mapping[str, int]) -> tuple[dict[str, float], float]:
    """Where each lane begins, and how tall they are together."""
    tops, top = {}, 0.0
    for name, levels in heights.items():
        tops[name] = top
        top += 8 + 20 * levels + 4
    return tops, top


def _names(key: Sequence[Event]) -> alt.LayerChart | alt.FacetChart:
    """The numbered events by name: number, day, headline."""
    table = pd.DataFrame(
        {
            "row": range(len(key)),
            "number": [str(place) for place in range(1, len(key) + 1)],
            "date": [day_words(event) for event in key],
            "title": [event.title for event in key],
            "track": [track_of(event.kind) for event in key],
        }
    )
    height = 18 * len(key)
    used = [name for name in TRACKS if name in set(table["track"])]
    colour = alt.Color("track:N", legend=None, scale=alt.Scale(domain=used, range=[TRACKS[n][1] for n in used]))
    base = marked(table).encode(y=alt.Y("row:O", axis=None))
    number = base.mark_text(align="center", fontWeight=700, aria=False).encode(
        text=alt.Text("number:N"), x=alt.value(8 - NAMES), color=colour
    )
    dates = base.mark_text(align="left", color=MUTED, aria=False).encode(
        text=alt.Text("date:N"), x=alt.value(24 - NAMES)
    )
    titles = base.mark_text(align="left", color=TEXT, limit=540, aria=False).encode(
        text=alt.Text("title:N"), x=alt.value(0)
    )
    return alt.layer(number, dates, titles, width=LANES, height=height)


def day_words(event: Event) -> str:
    """The day of an event as lists print it: "5 Jan 2018", or "Jan 2018" where the day is not known."""
    month = f"{periods.MONTHS[event.day.month - 1][:3]} {event.day.year}"
    return month if event.precision == "month" else f"{event.day.day} {month}"
