"""Pictures of revisions."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart, marked
from briefing.exhibits.charts.deficit import BASIS
from briefing.figures import Figure
from briefing.palette import HIGHLIGHT, INK, MUTED, PALE
from briefing.record.origins import Origin
from briefing.sentences import Claim
from briefing.sentences.units import unit_of
from briefing.sentences.words import side, signed

KINDS = {"other": "Another vintage", "first": "First vintage held", "edition": "This edition"}


def moves(
    by_span: Sequence[dict[str, Figure]],
    edition_vintage: str,
    partner: str,
    title: Claim,
    origins: tuple[Origin, ...],
) -> Chart:
    """A row a year: how far its balance in each vintage lies from that in the newest.

    `by_span` has a mapping of vintage to balance (US dollars) for each year, the earliest vintage first.
    """
    rows = [
        {
            "year": periods.in_words(figure.period),
            "difference": figure.value - figures[max(figures)].value,
            "kind": KINDS[_kind(vintage, figures, edition_vintage)],
            "words": _words(vintage, figure, figures[max(figures)]),
        }
        for figures in by_span
        for vintage, figure in figures.items()
    ]
    data = pd.DataFrame(rows)
    divisor, unit = unit_of(list(data["difference"]))
    widest = data.sort_values("difference", key=abs)["words"].iloc[-1]
    data["difference"] /= divisor
    years = list(dict.fromkeys(data["year"]))
    y = alt.Y("year:N", sort=years, title=None, axis=alt.Axis(grid=True, labelLimit=160))
    sides = {side(figure.value) for figures in by_span for figure in figures.values()}
    more = "Less deficit" if sides == {"deficit"} else "Larger surplus" if sides == {"surplus"} else "Higher balance"
    axis = alt.Axis(grid=True, tickCount=6)
    x = alt.X("difference:Q", title=f"{more} than in the newest vintage  →   ({unit})", axis=axis)
    kinds = list(KINDS.values())
    marks = (
        marked(data)
        .mark_point(filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[PALE, INK, HIGHLIGHT])),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "square", "diamond"])),
            size=alt.Size("kind:N", scale=alt.Scale(domain=kinds, range=[70, 70, 110])),
            order=alt.Order("rank:Q"),
            description=alt.Description("words:N"),
        )
    )
    marks.data = data.assign(rank=data["kind"].map(kinds.index)).sort_values("rank")
    zero = marked({"x": [0]}).mark_rule(color=MUTED, aria=False).encode(x=alt.X("x:Q"))
    picture = alt.layer(zero, marks, width=WIDTH - 190, height=max(90, 26 * len(years)))
    return Chart(
        id="revisions",
        title=title,
        subtitle=f"Balance with {codelists.in_prose(partner)} in each vintage less that in the newest, {unit}",
        picture=picture,
        alt_text=f"A row of marks for each of {', '.join(years)}. Furthest from the newest: {widest}.",
        drawn_from=origins,
        basis=BASIS,
    )


def _kind(vintage: str, figures: dict[str, Figure], edition_vintage: str) -> str:
    if vintage == edition_vintage:
        return "edition"
    return "first" if vintage == min(figures) else "other"


def _words(vintage: str, figure: Figure, newest: Figure) -> str:
    day = periods.day_in_words(date.fromisoformat(vintage))
    difference = figure.value - newest.value
    against = "as in the newest" if difference == 0 else f"{signed(difference)} against the newest"
    return f"{periods.in_words(figure.period)}, vintage of {day}: {signed(figure.value)}, {against}"
