"""`Table`: rows of cells for the browser and for print, with the same source notes as charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from briefing.claims import Claim
from briefing.claims.words import MINUS, Worded
from briefing.figures import COUNT, FRACTION, RANK, RATIO, Figure, Origin
from briefing.outputs import Output, source_note, spans_html, tip
from briefing.told import Told

Cell = str | Figure | Worded | Told | None | list[tuple[str, str]]
"""Text, a figure, a figure with its unit, a text of the record, nothing, or links as pairs of title and address."""


@dataclass(frozen=True)
class Column:
    """A column: its head, how its figures are divided (1e6 prints millions), and its share of the width."""

    head: str
    divisor: float = 1e6
    width: float = 1.0
    numeric: bool = True


@dataclass(frozen=True)
class Table(Output):
    """A grid of figures and text.

    `rows` are cells in the order of `columns`; the first cell of a row is its head. `emphasis` is the
    number of a row set bold, -1 for none. `extra_origins` are those of cells that are text.
    """

    id: str
    title: Claim
    subtitle: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    basis: str = ""
    emphasis: int = -1
    extra_origins: tuple[Origin, ...] = ()
    notes: Sequence[str] = field(default=())

    @property
    def figures(self) -> tuple[Figure, ...]:
        shown = [figure for row in self.rows for cell in row for figure in _figures_in(cell)]
        return tuple(dict.fromkeys([*self.title.figures, *shown]))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({*super().origins, *self.extra_origins}))

    @property
    def note(self) -> str:
        return source_note(self.origins, " ".join([self.basis, *self.notes]).strip())

    def record(self) -> dict[str, Any]:
        return {
            "kind": "table",
            "id": self.id,
            "title": self.title.spans,
            "subtitle": self.subtitle,
            "columns": [{"head": c.head, "width": c.width, "numeric": c.numeric} for c in self.columns],
            "rows": [
                [_cell_record(cell, column) for cell, column in zip(row, self.columns, strict=True)]
                for row in self.rows
            ],
            "emphasis": self.emphasis,
            "note": self.note,
        }

    def html(self) -> str:
        heads = "".join(
            f'<th scope="col"{"" if c.numeric else " class=text"}>{escape(c.head)}</th>' for c in self.columns
        )
        body = "".join(self._row_html(number, row) for number, row in enumerate(self.rows))
        return (
            f'<figure class="table" id="{self.id}"><figcaption><strong>{self.title.inner_html()}</strong>'
            f'<span style="display:block">{escape(self.subtitle)}</span></figcaption>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.title.text)}">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
            f'<p class="source">{escape(self.note)}</p></figure>'
        )

    def _row_html(self, number: int, row: Sequence[Cell]) -> str:
        cells = []
        for place, (cell, column) in enumerate(zip(row, self.columns, strict=True)):
            tag = 'th scope="row"' if place == 0 else "td"
            kind = "" if column.numeric else ' class="text"'
            cells.append(f"<{tag}{kind}>{_cell_html(cell, column)}</{tag.split()[0]}>")
        mark = ' class="emphasis"' if number == self.emphasis else ""
        return f"<tr{mark}>{''.join(cells)}</tr>"

    def __repr__(self) -> str:
        return f"Table {self.id}: {self.title.text} ({len(self.rows)} rows)"


def _figures_in(cell: Cell) -> tuple[Figure, ...]:
    if isinstance(cell, Told):
        return cell.figures
    if isinstance(cell, Worded):
        return (cell.figure, *(cell.span or ()))
    return (cell,) if isinstance(cell, Figure) else ()


def cell_text(figure: Figure, divisor: float) -> str:
    """A figure as a cell prints it: one decimal, thousands marked, a true minus; fractions in percent."""
    value = figure.value * 100 if figure.unit == FRACTION else figure.value / (1 if figure.unit == RATIO else divisor)
    if figure.unit in (RANK, COUNT):
        return f"{figure.value:,.0f}"
    text = f"{abs(value):,.1f}"
    return MINUS + text if value < 0 and text != "0.0" else text


def _cell_record(cell: Cell, column: Column) -> dict[str, Any]:
    if isinstance(cell, Worded):
        return {"text": cell.text, "figure": cell.figure.id}
    if isinstance(cell, Figure):
        return {"text": cell_text(cell, column.divisor), "figure": cell.id}
    if isinstance(cell, list):
        return {"links": [{"text": text, "address": address} for text, address in cell]}
    if isinstance(cell, Told):
        return {"text": cell.text}
    return {"text": cell if cell is not None else "–"}


def _cell_html(cell: Cell, column: Column) -> str:
    if isinstance(cell, Figure | Worded):
        figure = cell.figure if isinstance(cell, Worded) else cell
        text = _cell_record(cell, column)["text"]
        return f'<data value="{figure.value}" data-tip="{escape(tip(figure))}">{text}</data>'
    if isinstance(cell, Told):
        return spans_html(cell.spans, {figure.id: figure for figure in cell.figures})
    if isinstance(cell, list):
        return "<br>".join(f'<a href="{escape(address)}" rel="noopener">{escape(text)}</a>' for text, address in cell)
    return escape(cell) if cell is not None else '<span aria-label="not held">–</span>'
