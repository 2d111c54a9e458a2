"""`Table`: rows of cells for the browser and for print, with the same source notes as charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from briefing import periods
from briefing.exhibits.frame import frame_html, frame_record, grid_html
from briefing.figures import COUNT, DOLLARS, FRACTION, RANK, Figure
from briefing.outputs import Output, source_note, spans_html, tip
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.rounding import Sum, note, sums_among
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import Worded
from briefing.talks.texts import RecordText

Cell = str | Figure | Worded | RecordText | None | list[tuple[str, str]]
"""Text, a figure, a figure with its unit, a text of the record, nothing, or links as pairs of title and address."""


@dataclass(frozen=True)
class Column:
    """A column: its head, and its share of the width."""

    head: str
    width: float = 1.0


@dataclass(frozen=True)
class Table(Output):
    """A grid of figures and text.

    `rows` are cells in the order of `columns`; the first cell of a row is its head. `emphasis` is the
    number of a row set bold, -1 for none. `extra_origins` are those of cells that are text. Dollars are printed in one
    unit, `coarsest` or a finer one that suits them, which stands in the subtitle for "{unit}". `sums` are totals in the
    table that are not computed from its cells and yet are what these add up to.
    """

    id: str
    title: Sentence
    subtitle: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    basis: str = ""
    emphasis: int = -1
    extra_origins: tuple[Origin, ...] = ()
    coarsest: float = 1e6
    sums: Sequence[Sum] = ()

    @cached_property
    def _unit(self) -> tuple[float, str]:
        """The divisor and the name of the dollars of its cells."""
        cells = [cell for row in self.rows for cell in row if isinstance(cell, Figure)]
        return unit_of([cell.value for cell in cells if cell.unit == DOLLARS], self.coarsest)

    @cached_property
    def _are_numeric(self) -> list[bool]:
        """By column, whether no cell in it is text, and so whether it is set as numbers are."""
        places = range(len(self.columns))
        return [all(isinstance(row[place], Figure | Worded | None) for row in self.rows) for place in places]

    @property
    def _subtitle(self) -> str:
        words = self.subtitle.replace("{unit}", self._unit[1])
        return f"{words[:1].upper()}{words[1:]}"

    @property
    def _rounded(self) -> str:
        """That parts and totals do not add up as printed, where they do not."""
        cells = {cell.id: cell for row in self.rows for cell in row if isinstance(cell, Figure)}
        printed = {id: cell_text(cell, self._unit[0]) for id, cell in cells.items()}
        return note([*sums_among(list(cells.values())), *self.sums], printed)

    @property
    def figures(self) -> tuple[Figure, ...]:
        shown = [figure for row in self.rows for cell in row for figure in _figures_in(cell)]
        return tuple(dict.fromkeys([*self.title.figures, *shown]))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({*super().origins, *self.extra_origins}))

    @property
    def note(self) -> str:
        return source_note(self.origins, f"{self.basis} {self._rounded}".strip())

    def record(self) -> dict[str, Any]:
        return frame_record(
            "table",
            self.id,
            self.title,
            self._subtitle,
            self.note,
            columns=[
                {"head": column.head, "width": column.width, "numeric": is_numeric}
                for column, is_numeric in zip(self.columns, self._are_numeric, strict=True)
            ],
            rows=[[_cell_record(cell, self._unit[0]) for cell in row] for row in self.rows],
            emphasis=self.emphasis,
        )

    def html(self) -> str:
        heads = "".join(
            f'<th scope="col"{"" if is_numeric else " class=text"}>{escape(column.head)}</th>'
            for column, is_numeric in zip(self.columns, self._are_numeric, strict=True)
        )
        body = "".join(self._row_html(number, row) for number, row in enumerate(self.rows))
        grid = grid_html(self.title.text, heads, body)
        return frame_html("table", self.id, self.title, self._subtitle, grid, self.note)

    def _row_html(self, number: int, row: Sequence[Cell]) -> str:
        cells = []
        for place, (cell, is_numeric) in enumerate(zip(row, self._are_numeric, strict=True)):
            tag = 'th scope="row"' if place == 0 else "td"
            kind = "" if is_numeric else ' class="text"'
            cells.append(f"<{tag}{kind}>{_cell_html(cell, self._unit[0])}</{tag.split()[0]}>")
        mark = ' class="emphasis"' if number == self.emphasis else ""
        return f"<tr{mark}>{''.join(cells)}</tr>"

    def __repr__(self) -> str:
        return f"Table {self.id}: {self.title.text} ({len(self.rows)} rows)"


def _figures_in(cell: Cell) -> tuple[Figure, ...]:
    if isinstance(cell, RecordText):
        return cell.figures
    if isinstance(cell, Worded):
        return (cell.figure, *(cell.span or ()))
    return (cell,) if isinstance(cell, Figure) else ()


SIGNED = {DOLLARS: "signed", FRACTION: "signed_percent"}
"""How a negative figure is worded where no sentence says which way it goes."""


def figures_table(figures: Iterable[Figure | None]) -> Table:
    """Figures of any kind, a row each: id, value in its unit with a minus, months and formula; what is None is left out."""
    columns = [
        Column("Figure", width=2.4),
        Column("Value"),
        Column("Months", width=1.4),
        Column("Formula", width=3),
    ]
    rows: list[list[Cell]] = [
        [
            one.id,
            Worded(one, SIGNED.get(one.unit, "") if one.value < 0 else ""),
            periods.in_words(one.period) if one.period else "",
            one.formula,
        ]
        for one in figures
        if one is not None
    ]
    return Table("figures", Sentence("figures-title", "The figures and how each is made"), "", columns, rows)


def cell_text(figure: Figure, divisor: float) -> str:
    """A figure as a cell prints it: one decimal, thousands marked, a true minus; fractions in percent."""
    if figure.unit in (RANK, COUNT):
        return f"{figure.value:,.0f}"
    value = figure.value * 100 if figure.unit == FRACTION else figure.value
    return in_unit(value, divisor if figure.unit == DOLLARS else 1)


def _cell_record(cell: Cell, divisor: float) -> dict[str, Any]:
    if isinstance(cell, Worded):
        return {"text": cell.text, "figure": cell.figure.id}
    if isinstance(cell, Figure):
        return {"text": cell_text(cell, divisor), "figure": cell.id}
    if isinstance(cell, list):
        return {"links": [{"text": text, "address": address} for text, address in cell]}
    if isinstance(cell, RecordText):
        return {"text": cell.text}
    return {"text": cell if cell is not None else "–"}


def _cell_html(cell: Cell, divisor: float) -> str:
    if isinstance(cell, Figure | Worded):
        figure = cell.figure if isinstance(cell, Worded) else cell
        text = _cell_record(cell, divisor)["text"]
        return f'<data value="{figure.value}" data-tip="{escape(tip(figure))}">{text}</data>'
    if isinstance(cell, RecordText):
        return spans_html(cell.spans, {figure.id: figure for figure in cell.figures})
    if isinstance(cell, list):
        return "<br>".join(f'<a href="{escape(address)}" rel="noopener">{escape(text)}</a>' for text, address in cell)
    return escape(cell) if cell is not None else '<span aria-label="not held">–</span>'
