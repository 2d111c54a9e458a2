"""`Chart`: an Altair chart as a still picture with its title, words and source note; the house theme.

A chart is drawn once, by vl-convert, as SVG: the browser, the printed brief and JupyterLab show the
same picture, nothing is fetched and no script is needed to see it. Marks carry a description, which
screen readers read and the app shows under the pointer.

deficit, autos, talks hold the pictures of each chapter.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from briefing.errors import BriefingError
from briefing.exhibits.drawing import drawn
from briefing.figures import Figure
from briefing.outputs import Output, source_note
from briefing.palette import LINE, MUTED, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Claim

# Altair holds every part of a chart against its schema as it is made, which takes longer than all else; the tests
# let it, and what they have passed need not be checked again on each reader's visit.
schemapi.disable_debug_mode()

FONT = "Source Sans Pro"

WIDTH = 680
"""Points; the width of a page's text. A chart is never wider, so its type keeps one size on every page."""


def themed(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The Vega-Lite specification of a chart in the house theme, as it is: the tests hold each against the schema.

    Its data lie in it, whatever else a notebook has asked of Altair: it may have enabled files, a limit of rows, another
    theme.
    """
    with alt.data_transformers.enable("default", max_rows=None), alt.theme.enable("none"):
        spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = {
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
    return spec


def svg(chart: alt.TopLevelMixin, id: str, alt_text: str) -> str:
    """The chart as SVG with its words, its identifiers made unique to the page by `id`.

    Raises
    ------
    BriefingError
        If its marks are not in it: a reader would take an empty chart for no trade.
    """
    spec = themed(chart)
    _require(id, *_rows_of_its_own(spec))
    picture = drawn(json.dumps(spec, ensure_ascii=False))
    _require(id, bool(DRAWN.search(picture)), "has rows, and none of them was drawn")
    picture = re.sub(r'\bid="([^"]+)"', rf'id="{id}-\1"', picture)
    picture = re.sub(r"url\(#([^)]+)\)", rf"url(#{id}-\1)", picture)
    # Where the house font is not served, as in JupyterLab, another sans serif is nearer than the default serif.
    picture = picture.replace(f'font-family="{FONT}"', f'font-family="{FONT}, sans-serif"')
    label = escape(alt_text, quote=True)
    return re.sub(r"<svg ", f'<svg role="img" aria-label="{label}" ', picture, count=1)


def _require(id: str, holds: bool, fault: str) -> None:
    if not holds:
        raise BriefingError(
            f"The chart {id} {fault}: an empty picture would be taken for no trade. "
            "Give it a table with rows, days and numbers in the columns that it draws."
        )


def _rows_of_its_own(spec: dict[str, Any]) -> tuple[bool, str]:
    """Whether a specification holds what it draws; if not, why not."""
    held = list(_data(spec))
    if any("url" in data for data in held):
        return False, "takes its data from a file or an address, where no reader finds them"
    tables = [spec.get("datasets", {}).get(data.get("name"), data.get("values", [])) for data in held]
    return any(tables), "has no rows"


DRAWN = re.compile(r'<(?:path|line) (?=[^>]*aria-roledescription=)(?![^>]*(?:NaN| d=""))')
"""A mark that says what it is; zero lines, labels and their like are silent."""


def _data(node: Any) -> Iterator[dict[str, Any]]:
    """The data of a specification and of its parts."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if key == "data" and isinstance(value, dict):
            yield value
        elif key != "datasets":
            yield from _data(value)


@dataclass(frozen=True)
class Chart(Output):
    """A picture with the finding it shows, the quantity it draws, its words and its origin.

    `title` is a claim; `subtitle` names quantity, unit and basis; `alt_text` says what is seen.
    """

    id: str
    title: Claim
    subtitle: str
    picture: alt.TopLevelMixin
    alt_text: str
    drawn_from: tuple[Origin, ...]
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
        return svg(self.picture, self.id, self.alt_text)

    def record(self) -> dict[str, Any]:
        return {
            "kind": "chart",
            "id": self.id,
            "title": self.title.spans,
            "subtitle": self.subtitle,
            "svg": self.svg,
            "alt": self.alt_text,
            "note": self.note,
        }

    def html(self) -> str:
        return (
            f'<figure class="chart" id="{self.id}"><figcaption><strong>{self.title.inner_html()}</strong>'
            f'<span style="display:block">{escape(self.subtitle)}</span></figcaption>{self.svg}'
            f'<p class="source">{escape(self.note)}</p></figure>'
        )

    def __repr__(self) -> str:
        return f"Chart {self.id}: {self.title.text}"


class Rows(alt.InlineData):
    """The rows of a picture, as plain values that Altair neither copies nor walks through while it puts a chart together."""

    def __init__(self, values: Any) -> None:
        super().__init__(values=tuple(values))

    def __deepcopy__(self, _: Any) -> "Rows":
        return self


def marked(table: pd.DataFrame | Mapping[str, Sequence[Any]]) -> alt.Chart:
    """A chart of the rows of a table, its marks still to be said; fields need their type, "month:T", said with them."""
    columns = [_plain(column) for _, column in table.items()]
    return alt.Chart(Rows(dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)))


def _plain(column: Any) -> list[Any]:
    """The values of a column as JSON knows them; what is no finite number is nothing."""
    values = column.tolist() if isinstance(column, pd.Series) else column
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]


def in_time(field: str, ends: Sequence[str] | None = None, **options: Any) -> alt.X:
    """A horizontal axis of days, "2018-01-05", from one end to the other, in universal time.

    On a scale in local time, which a bare temporal channel has, the zone of the machine or of the browser moves the
    marks against the ticks: east of Greenwich a window loses its first year.
    """
    scale = alt.Scale(type="utc", domain=ends) if ends else alt.Scale(type="utc")
    return alt.X(f"{field}:T", title=None, scale=scale, **options)


def every_year(years: Sequence[str]) -> list[str]:
    """The years from the first to the last, those without data too: an axis of them shows what is absent as a gap.

    >>> every_year(["2020", "2023", "2019"])
    ['2019', '2020', '2021', '2022', '2023']
    """
    return [f"{year:04d}" for year in range(int(min(years)), int(max(years)) + 1)]


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, one after another, by the names of its columns."""
    return iter(table.itertuples(index=False))
