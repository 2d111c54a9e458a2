"""What a notebook cell shows: one object in three forms, for the browser, the printed brief and the log.

`html` is the browser's form; `record` is plain JSON, kept in the executed notebook, from which
`press.brief` sets the printed brief and `press.build` collects figures.json and claims.json.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

from briefing import periods
from briefing.figures import TOLD, Figure, Span, with_parts
from briefing.record.origins import Origin

MEDIA_TYPE = "application/vnd.briefing+json"

STANDINGS = {
    "held": "",
    "later": "later vintage",
    "earlier": "newest held",
}
"""The one word by which every note marks a vintage that was not in force on the as-of day."""


class Output(ABC):
    """Something a cell shows."""

    @property
    @abstractmethod
    def figures(self) -> tuple[Figure, ...]:
        """The figures it stands on, in reading order."""

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """Its content as JSON; "kind" says how it is set in print."""

    @abstractmethod
    def html(self) -> str:
        """Its content as HTML."""

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The datasets and vintages it rests on; the pages of a told number stand beside its text."""
        return tuple(sorted({o for figure in self.figures if figure.unit != TOLD for o in figure.origins}))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        figures = with_parts(self.figures).values()
        record = {**self.record(), "figures": [figure_record(figure) for figure in figures]}
        record["origins"] = [dict(vars(origin)) for origin in self.origins]
        return {"text/plain": repr(self), "text/html": self.html(), MEDIA_TYPE: record}


def figure_record(figure: Figure) -> dict[str, Any]:
    """A figure as JSON; the figures it was computed from by their ids."""
    own = {key: value for key, value in vars(figure).items() if key not in ("origins", "rows", "parts")}
    return {
        **own,
        "origins": [dict(vars(origin)) for origin in figure.origins],
        "rows": [dict(vars(rows)) for rows in figure.rows],
        "parts": [part.id for part in figure.parts],
    }


def origin_in_words(origin: Origin) -> str:
    """An origin as notes print it.

    >>> origin_in_words(Origin("census-country", "2018-10-05", "later", title="US Census Bureau, U.S. Trade in Goods by Country", dated=True))
    'US Census Bureau, U.S. Trade in Goods by Country, vintage of 5 October 2018 (later vintage)'
    """
    if origin.reference:
        return origin.reference
    words = origin.title
    if origin.dated:
        words += f", vintage of {periods.day_in_words(date.fromisoformat(origin.vintage))}"
    mark = STANDINGS[origin.standing]
    return f"{words} ({mark})" if mark else words


def source_note(origins: Iterable[Origin], basis: str = "") -> str:
    """The line under a chart or table: its sources, their vintages, and the basis."""
    sources = "; ".join(dict.fromkeys(words for group in _by_dataset(origins) for words in _group_in_words(group)))
    note = f"Source: {sources}." if sources else ""
    return f"{note} {basis}".strip()


MOST_VINTAGES_NAMED = 3


def _by_dataset(origins: Iterable[Origin]) -> list[list[Origin]]:
    return [list(group) for _, group in groupby(sorted(origins), key=lambda origin: (origin.dataset, origin.reference))]


def _group_in_words(group: list[Origin]) -> list[str]:
    """The vintages of one dataset, each named, or the first and last where they are many."""
    if len({origin.vintage for origin in group}) <= MOST_VINTAGES_NAMED or group[0].reference:
        return [origin_in_words(origin) for origin in group]
    first, last = (periods.day_in_words(date.fromisoformat(origin.vintage)) for origin in (group[0], group[-1]))
    later = [origin.vintage for origin in group if origin.standing == "later"]
    mark = f", later vintages from {periods.day_in_words(date.fromisoformat(min(later)))} on" if later else ""
    return [f"{group[0].title}, every vintage held from {first} to {last}{mark}"]


def tip(figure: Figure) -> str:
    """What a pointer on a number reads: its period, formula and origin."""
    origins = "; ".join(origin_in_words(origin) for origin in figure.origins)
    if figure.unit == TOLD:
        return f"Told by {origins}."
    return f"{periods.in_words(figure.period)}: {figure.formula}. {origins}."


def spans_html(spans: Sequence[Span], figures: dict[str, Figure]) -> str:
    """Runs of text as HTML; a run that prints a figure carries its value and its tip."""
    parts = []
    for span in spans:
        text = escape(span["text"])
        if "figure" in span:
            figure = figures[span["figure"]]
            text = f'<data class="figure" value="{figure.value}" data-tip="{escape(tip(figure))}">{text}</data>'
        parts.append(text)
    return "".join(parts)
