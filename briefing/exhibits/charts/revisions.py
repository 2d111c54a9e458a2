"""Pictures of revisions."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart
from briefing.exhibits.charts.deficit import BASIS
from briefing.exhibits.charts.marks import category, layered, mark, one_of, quantity, zero
from briefing.figures import Figure
from briefing.figures.how_far_moved import Move
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.units import unit_of
from briefing.sentences.words import side, signed, signed_percent

OTHER, FIRST, EDITION = "Another vintage", "First vintage held", "This edition"
COLOURS = {OTHER: PALE, FIRST: INK, EDITION: HIGHLIGHT}
"""By kind of vintage, the last drawn on top."""
SHAPES = {OTHER: "circle", FIRST: "square", EDITION: "diamond"}
SIZES = {OTHER: 70, FIRST: 70, EDITION: 110}


def moves(
    by_span: Sequence[dict[str, Figure]],
    edition_vintage: str,
    partner: str,
    title: Sentence,
    origins: tuple[Origin, ...],
) -> Chart:
    """A row a year: how far its balance in each vintage lies from that in the newest.

    `by_span` has a mapping of vintage to balance (US dollars, negative in deficit) for each year, the earliest vintage
    first.
    """
    data = _differences(by_span, edition_vintage)
    divisor, unit = unit_of(list(data["difference"]))
    widest = data.sort_values("difference", key=abs)["words"].iloc[-1]
    data["difference"] /= divisor
    years = list(dict.fromkeys(data["year"]))
    return Chart(
        id="revisions",
        title=title,
        subtitle=f"Balance with {codelists.in_prose(partner)} in each vintage less that in the newest, {unit}",
        picture=_rows_of_marks(data, years, f"{_more(by_span)} than in the newest vintage  →   ({unit})"),
        alt_text=f"A row of marks for each of {', '.join(years)}. Furthest from the newest: {widest}.",
        drawn_from=origins,
        basis=BASIS,
    )


def _differences(by_span: Sequence[dict[str, Figure]], edition_vintage: str) -> pd.DataFrame:
    rows = [
        {
            "year": periods.in_words(figure.period),
            "difference": figure.value - figures[max(figures)].value,
            "kind": _kind(vintage, figures, edition_vintage),
            "words": _words(vintage, figure, figures[max(figures)]),
        }
        for figures in by_span
        for vintage, figure in figures.items()
    ]
    return pd.DataFrame(rows)


def _more(by_span: Sequence[dict[str, Figure]]) -> str:
    """What a mark to the right means."""
    values = [figure.value for figures in by_span for figure in figures.values()]
    return {"deficit": "Less deficit", "surplus": "Larger surplus"}.get(side(*values), "Higher balance")


def _rows_of_marks(data: pd.DataFrame, years: list[str], direction: str) -> alt.LayerChart:
    rank = data["kind"].map(list(COLOURS).index)
    marks = mark(
        "point",
        {"filled": True, "opacity": 1},
        data.assign(rank=rank).sort_values("rank"),
        words="words",
        x=quantity("difference", title=direction, axis={"grid": True, "tickCount": 6}),
        y=category("year", sort=years, title=None, axis={"grid": True, "labelLimit": 160}),
        color=one_of("kind", COLOURS),
        shape=one_of("kind", SHAPES),
        size=one_of("kind", SIZES),
        order=quantity("rank"),
    )
    return layered([zero("x", MUTED), marks], WIDTH - 190, max(90, 26 * len(years)))


def _kind(vintage: str, figures: dict[str, Figure], edition_vintage: str) -> str:
    if vintage == edition_vintage:
        return EDITION
    return FIRST if vintage == min(figures) else OTHER


def _words(vintage: str, figure: Figure, newest: Figure) -> str:
    day = periods.day_in_words(date.fromisoformat(vintage))
    difference = figure.value - newest.value
    against = "as in the newest" if difference == 0 else f"{signed(difference)} against the newest"
    return f"{periods.in_words(figure.period)}, vintage of {day}: {signed(figure.value)}, {against}"


MEASURES = {"exports": EXPORTS, "imports": IMPORTS, "balance": BALANCE}


def moves_in_time(
    found: Sequence[Move], kind: str, partner: str, title: Sentence, origins: tuple[Origin, ...]
) -> Chart:
    """Each figure of a kind in two vintages as a mark: how long lay between them, and by what percent it moved."""
    shown = [move for move in found if move.kind == kind]
    furthest = max(shown, key=lambda move: abs(move.share))
    return Chart(
        id="moves-in-time",
        title=title,
        subtitle=f"Trade with {codelists.in_prose(partner)}; percent of what was first said, by the months between two vintages",
        picture=_marks_in_time(shown),
        alt_text=(
            f"{len(shown)} marks by months between vintages, up to {max(move.months for move in shown):.0f}. Furthest: "
            f"{_move_in_words(furthest)}."
        ),
        drawn_from=origins,
        basis=BASIS,
    )


def _marks_in_time(shown: Sequence[Move]) -> alt.LayerChart:
    data = pd.DataFrame(
        {
            "months": [move.months for move in shown],
            "percent": [100 * move.share for move in shown],
            "measure": [move.measure.capitalize() for move in shown],
            "words": [_move_in_words(move) for move in shown],
        }
    )
    marks = mark(
        "point",
        {"filled": True, "opacity": 0.5, "size": 28},
        words="words",
        x=quantity("months", title="Months between the two vintages", scale={"domainMin": 0}),
        y=quantity("percent", title=None),
        color=one_of("measure", {name.capitalize(): colour for name, colour in MEASURES.items()}),
        shape=one_of("measure", {"Exports": "triangle-up", "Imports": "square", "Balance": "circle"}),
    )
    return layered([zero(), marks], WIDTH - 60, 190, data)


def _move_in_words(move: Move) -> str:
    first, later = (periods.day_in_words(date.fromisoformat(vintage)) for vintage in (move.first, move.later))
    return f"{move.measure} of {periods.in_words(move.span)}, {signed_percent(move.share)} from {first} to {later}"
