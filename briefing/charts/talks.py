"""The timeline of the talks."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from briefing import periods
from briefing.charts import EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, TEXT, Chart
from briefing.claims import Claim
from briefing.figures import Origin
from briefing.talks import Event

TRACKS = {
    "Rounds and sessions": (("round",), INK, "circle"),
    "Deals and law": (("deal", "law"), EXPORTS, "diamond"),
    "Tariffs": (("tariff",), IMPORTS, "square"),
    "Statements and notices": (("statement", "notice", "other"), MUTED, "triangle-right"),
    "Trade data": (("data",), HIGHLIGHT, "cross"),
}
"""Tracks of the timeline: the kinds of event in each, its colour, its mark."""


def track_of(kind: str) -> str:
    """The track on which a kind of event runs."""
    return next(name for name, (kinds, _, _) in TRACKS.items() if kind in kinds)


def timeline(events: Sequence[Event], title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """Events as marks on a time axis, a row each, with day and headline beside: the latest last."""
    data = pd.DataFrame(
        {
            "id": [event.id for event in events],
            "day": [str(event.day) for event in events],
            "date": [day_words(event) for event in events],
            "title": [event.title for event in events],
            "track": [track_of(event.kind) for event in events],
            "words": [f"{day_words(event)}: {event.title}" for event in events],
        }
    )
    used = [name for name in TRACKS if name in set(data["track"])]
    rows = alt.Y("id:N", sort=None, axis=None)
    base = alt.Chart(data).encode(y=rows)
    height = 25 * len(data)
    dates = base.mark_text(align="right", color=MUTED, aria=False).encode(text=alt.Text("date:N"), x=alt.value(78))
    dates = dates.properties(width=80, height=height)
    days = pd.to_datetime(data["day"])
    months = (days.max() - days.min()).days / 30
    step = {"interval": "month", "step": 3 if months <= 24 else 6} if months <= 48 else {"interval": "year", "step": 2}
    axis = alt.Axis(format="%b %y" if months <= 48 else "%Y", tickCount=step, orient="top", grid=True, labelFontSize=11)
    x = alt.X("day:T", title=None, axis=axis)
    leads = base.mark_rule(color="#cfd8df", strokeDash=[1, 3], aria=False).encode(x=x, x2=alt.value(190))
    marks = base.mark_point(filled=True, size=95, opacity=1).encode(
        x=x,
        color=alt.Color(
            "track:N",
            scale=alt.Scale(domain=used, range=[TRACKS[name][1] for name in used]),
            legend=alt.Legend(orient="bottom", direction="horizontal", columns=5, symbolSize=90),
        ),
        shape=alt.Shape("track:N", scale=alt.Scale(domain=used, range=[TRACKS[name][2] for name in used])),
        description=alt.Description("words:N"),
    )
    dots = alt.layer(leads, marks).properties(width=190, height=height)
    titles = base.mark_text(align="left", color=TEXT, limit=400, aria=False).encode(
        text=alt.Text("title:N"), x=alt.value(0)
    )
    titles = titles.properties(width=390, height=height)
    picture = alt.hconcat(dates, dots, titles, spacing=8)
    first, last = periods.day_in_words(events[0].day), periods.day_in_words(events[-1].day)
    return Chart(
        id="talks-timeline",
        title=title,
        subtitle="Key events by the day they took place; each was public by the as-of day",
        picture=picture,
        alt_text=f"Timeline of {len(events)} events from {first} to {last}. {'; '.join(data['words'])}.",
        drawn_from=origins,
    )


def day_words(event: Event) -> str:
    """The day of an event as lists print it: "5 Jan 2018", or "Jan 2018" where the day is not known."""
    month = f"{periods.MONTHS[event.day.month - 1][:3]} {event.day.year}"
    return month if event.precision == "month" else f"{event.day.day} {month}"
