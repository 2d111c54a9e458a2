"""`Chart`: a still picture with its title, words and source note; the house theme.

A chart is drawn once, by vl-convert, as SVG: the browser, the printed brief and JupyterLab show the
same picture, nothing is fetched and no script is needed to see it. Marks carry a description, which
screen readers read and the app shows under the pointer.

`marks` has the parts of a picture; deficit, trends, autos, revisions, talks and duties hold the pictures of each chapter.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import altair as alt
from altair.utils import schemapi

from briefing.errors import BriefingError
from briefing.exhibits.charts.marks import Picture
from briefing.exhibits.drawing import drawn
from briefing.exhibits.frame import frame_html, frame_record
from briefing.figures import Figure
from briefing.outputs import Output, source_note
from briefing.palette import LINE, MUTED, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Sentence

# Altair holds every part of a chart against its schema as it is made, which takes longer than all else; the tests
# let it, and what they have passed need not be checked again on each reader's visit.
schemapi.disable_debug_mode()

FONT = "Source Sans Pro"

WIDTH = 680
"""Points; the width of a page's text. A chart is never wider, so its type keeps one size on every page."""

THEME: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "padding": {"left": 2, "right": 8, "top": 6, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": MUTED,
        "titleColor": MUTED,
        "gridColor": LINE,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "axisX": {"grid": False, "labelFlush": False},
    "text": {"fontSize": 12, "color": TEXT},
    "line": {"strokeWidth": 2, "strokeJoin": "round"},
    "header": {"labelFontSize": 13, "labelFontWeight": 600, "labelColor": TEXT, "title": None},
    "legend": {
        "labelFontSize": 12,
        "labelColor": TEXT,
        "title": None,
        "orient": "top",
        "symbolStrokeWidth": 0,
    },
    "customFormatTypes": False,
}


def themed(picture: Picture) -> dict[str, Any]:
    """The specification of a picture in the house theme, with all that it draws in it, as it is: the tests hold each against
    the schema. Whatever else a notebook asked of Altair stays out of it: files, a limit of rows, another theme.
    """
    inline = alt.data_transformers.enable("default", max_rows=None, consolidate_datasets=False)
    with inline, alt.theme.enable("none"):
        return {**picture.to_dict(validate=False), "config": THEME}


def svg(spec: dict[str, Any], id: str, alt_text: str) -> str:
    """A specification as SVG with its words, its identifiers made unique to the page by `id`.

    Raises
    ------
    BriefingError
        If its marks are not in it: a reader would take an empty chart for no trade.
    """
    _require(id, any(_tables(spec)), "has no rows")
    text = drawn(json.dumps(spec, ensure_ascii=False))
    _require(id, bool(DRAWN.search(text)), "has rows, and none of them was drawn")
    text = re.sub(r'\bid="([^"]+)"', rf'id="{id}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{id}-\1)", text)
    # Where the house font is not served, as in JupyterLab, another sans serif is nearer than the default serif.
    text = text.replace(f'font-family="{FONT}"', f'font-family="{FONT}, sans-serif"')
    label = escape(alt_text, quote=True)
    return re.sub(r"<svg ", f'<svg role="img" aria-label="{label}" ', text, count=1)


def _require(id: str, holds: bool, fault: str) -> None:
    if not holds:
        raise BriefingError(
            f"The chart {id} {fault}: an empty picture would be taken for no trade. "
            "Give it a table with rows, days and numbers in the columns that it draws."
        )


DRAWN = re.compile(r'<(?:path|line) (?=[^>]*aria-roledescription=)(?![^>]*(?:NaN| d=""))')
"""A mark that says what it is; zero lines, labels and their like are silent."""


def _tables(node: Any) -> Iterator[list[dict[str, Any]]]:
    """The rows that a specification and its parts draw."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "data":
            yield value["values"]
        else:
            yield from _tables(value)


@dataclass(frozen=True)
class Chart(Output):
    """A picture with the finding it shows, the quantity it draws, its words and its origin.

    `title` is a sentence; `subtitle` names quantity, unit and basis; `alt_text` says what is seen.
    """

    id: str
    title: Sentence
    subtitle: str
    picture: Picture
    alt_text: str
    drawn_from: tuple[Origin, ...] = ()
    """What its observations are of, in any order; what its figures rest on need not be named."""
    basis: str = ""
    drawn: tuple[Figure, ...] = ()
    """Figures that the picture prints besides its observations."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(dict.fromkeys([*self.title.figures, *self.drawn]))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({*super().origins, *self.drawn_from}))

    @property
    def note(self) -> str:
        """The source note."""
        return source_note(self.origins, self.basis)

    @cached_property
    def svg(self) -> str:
        """The picture."""
        return svg(themed(self.picture), self.id, self.alt_text)

    def record(self) -> dict[str, Any]:
        return frame_record("chart", self.id, self.title, self.subtitle, self.note, svg=self.svg, alt=self.alt_text)

    def html(self) -> str:
        return frame_html("chart", self.id, self.title, self.subtitle, self.svg, self.note)

    def __repr__(self) -> str:
        return f"Chart {self.id}: {self.title.text}"
