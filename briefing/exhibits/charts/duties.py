"""The picture of duties over the years: steps of what the law says, beside what was calculated, and a model marked as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from briefing import periods
from briefing.exhibits.charts import Chart
from briefing.exhibits.charts.deficit import LABELLED
from briefing.exhibits.charts.marks import ACROSS, category, in_time, layered, mark, moved_apart, quantity, zero
from briefing.figures import Figure
from briefing.palette import EXPORTS, IMPORTS, INK, MUTED
from briefing.record.origins import Origin
from briefing.sentences import Sentence

Step = tuple[date, float, str]
"""From which day, how many percent, and in words."""


@dataclass(frozen=True)
class Line:
    """One line of the picture: its name, its colour and its steps."""

    name: str
    colour: str
    steps: Sequence[Step]
    until: date | None = None
    """The day on which a model was published, after which it is not drawn; None of what the law says."""


LONG = 4 * 366
"""Days from which on an axis has years alone."""
COLOURS: Mapping[str, str] = {"cars": EXPORTS, "other": IMPORTS, "calculated": INK, "model": MUTED}


def over_time(
    lines: Sequence[Line],
    calculated: Sequence[Figure],
    first: date,
    last: date,
    id: str,
    title: Sentence,
    subtitle: str,
    origins: tuple[Origin, ...],
    basis: str,
) -> Chart:
    """Steps of each line from the first day to the last, and duty calculated over imports, a point a month.

    `calculated` has a figure a month, a fraction; months that follow one another are joined.
    """
    marks = [one for line in lines for one in _steps(line, last)]
    labels = {line.name: (line.steps[-1][1], line.colour) for line in lines if line.steps}
    if calculated:
        marks += _points(calculated)
        labels["Calculated"] = (100 * calculated[-1].value, INK)
    ends = [str(first), str(last)]
    top = max([*(step[1] for line in lines for step in line.steps), *(100 * one.value for one in calculated), 1.0])
    x = in_time("day", ends, axis=_ticks(first, last))
    frame = mark("point", {"opacity": 0}, {"day": ends, "rate": [0.0, top]}, x=x, y=quantity("rate", title=None))
    return Chart(
        id=id,
        title=title,
        subtitle=subtitle,
        picture=layered([frame, zero(), *marks, *_labels(labels, top)], LABELLED, 235),
        alt_text=" ".join(_words(lines, calculated)),
        drawn_from=origins,
        basis=basis,
    )


def _ticks(first: date, last: date) -> dict[str, Any]:
    if (last - first).days > LONG:
        return {"format": "%Y", "tickCount": {"interval": "year", "step": 2}}
    return {"format": "%b %Y", "tickCount": {"interval": "month", "step": 3}}


def _steps(line: Line, last: date) -> Iterator[alt.Chart]:
    """The line, which keeps each step until the next, and a silent mark at each step with its words."""
    corners = [(day, rate) for day, rate, _ in line.steps]
    path = corners[:1]
    for day, rate in [*corners[1:], (min(last, line.until or last), corners[-1][1])]:
        path += [(day, path[-1][1]), (day, rate)] if rate != path[-1][1] else [(day, rate)]
    look = {"color": line.colour, **({"strokeDash": [5, 3]} if line.until else {})}
    x, y = in_time("day"), quantity("rate")
    yield mark("line", look, {"day": [str(day) for day, _ in path], "rate": [rate for _, rate in path]}, x=x, y=y)
    words = [f"{line.name}, from {periods.day_in_words(day)}: {said}" for day, _, said in line.steps]
    rows: dict[str, list[Any]] = {
        "day": [str(day) for day, _ in corners],
        "rate": [rate for _, rate in corners],
        "words": words,
    }
    yield mark("point", {"opacity": 0, "size": 90}, rows, words="words", x=x, y=y)


def _points(calculated: Sequence[Figure]) -> list[alt.Chart]:
    """A point a month, and a line through those that follow one another."""
    marks = []
    for run in _runs(calculated):
        rows: dict[str, list[Any]] = {
            "day": [f"{figure.period}-15" for figure in run],
            "rate": [100 * figure.value for figure in run],
            "words": [f"Calculated, {periods.in_words(one.period)}: {100 * one.value:.1f} percent" for one in run],
        }
        x, y = in_time("day"), quantity("rate")
        marks.append(mark("line", {"color": INK, "strokeWidth": 1}, rows, x=x, y=y))
        marks.append(mark("circle", {"color": INK, "size": 14, "opacity": 1}, rows, words="words", x=x, y=y))
    return marks


def _runs(calculated: Sequence[Figure]) -> Iterator[list[Figure]]:
    run: list[Figure] = []
    for figure in calculated:
        if run and periods.shifted(run[-1].period, 1) != figure.period:
            yield run
            run = []
        run.append(figure)
    yield run


def _labels(labels: Mapping[str, tuple[float, str]], top: float) -> list[alt.Chart]:
    """Names at the right of the picture, at the height at which their lines end, moved apart where they would touch."""
    upwards = sorted(labels, key=lambda name: labels[name][0])
    places = moved_apart([labels[name][0] for name in upwards], top / 13)
    return [
        mark(
            "text",
            {"align": "left", "dx": 10, "color": labels[name][1], "fontWeight": 600},
            {"rate": [place], "text": [name]},
            x=ACROSS,
            y=quantity("rate"),
            text=category("text"),
        )
        for name, place in zip(upwards, places, strict=True)
    ]


def _words(lines: Sequence[Line], calculated: Sequence[Figure]) -> Iterator[str]:
    for line in lines:
        steps = [f"from {periods.day_in_words(day)} {said}" for day, _, said in line.steps]
        yield f"{line.name}{', a model' if line.until else ''}: {'; '.join(steps[-1:] if line.until else steps)}."
    if calculated:
        least, most = (pick(calculated, key=lambda figure: figure.value) for pick in (min, max))
        yield (
            f"Calculated over imports: least {100 * least.value:.1f} percent in {periods.in_words(least.period)}, most "
            f"{100 * most.value:.1f} in {periods.in_words(most.period)}, last {100 * calculated[-1].value:.1f} in "
            f"{periods.in_words(calculated[-1].period)}."
        )
