"""`Check`: a claim that somebody made, its verdict, and the readings it follows from."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from briefing import periods
from briefing.checks import Checked, Kind, Reading, fits
from briefing.exhibits.chips import chip_html, chip_record
from briefing.exhibits.frame import grid_html
from briefing.exhibits.links import links_html, links_record
from briefing.figures import Figure
from briefing.outputs import Output, tip
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.verdicts import in_a_cell
from briefing.sentences.words import Worded
from briefing.talks import Publication

Row = tuple[str, str, Reading | None, Reading | None]
"""Definition, months, the reading from what stood on record on the claim's day, and as known now."""

HEADS = (
    '<th scope="col" class=text>Definition</th><th scope="col" class=text>Months</th>'
    '<th scope="col">On its day</th><th scope="col">As known now</th>'
)


@dataclass(frozen=True)
class Check(Output):
    """One claim: what was said, what the record makes of it, and every reading, nearest first.

    `then` and `now` are its verdicts; `checked` is None for what was said in words.
    """

    id: str
    said: Sentence
    judged: Sentence
    then: Kind
    now: Kind
    pages: Sequence[Publication]
    origin: Origin
    checked: Checked | None = None

    @property
    def rows(self) -> list[Row]:
        """The readings side by side; none where a single one says it all."""
        if self.checked is None:
            return []
        then = {(reading.definition, reading.period): reading for reading in self.checked.then}
        now = {(reading.definition, reading.period): reading for reading in self.checked.now}
        keys = list(dict.fromkeys([*then, *now]))
        return [(*key, then.get(key), now.get(key)) for key in keys] if len(keys) > 1 else []

    @property
    def figures(self) -> tuple[Figure, ...]:
        readings = [reading for row in self.rows for reading in row[2:] if isinstance(reading, Reading)]
        cells = [self._worded(reading) for reading in readings]
        ends = [end for cell in cells for end in cell.span or ()]
        shown = [*self.said.figures, *self.judged.figures, *(cell.figure for cell in cells), *ends]
        return tuple(dict.fromkeys(shown))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({*super().origins, self.origin}))

    @property
    def chips(self) -> list[tuple[Kind, str]]:
        """The verdicts with the words of their chips; one where the two agree."""
        if self.then == self.now:
            return [(self.now, self.now.words)]
        return [(self.then, f"then: {self.then.words}"), (self.now, f"now: {self.now.words}")]

    def _fits(self, reading: Reading | None) -> bool:
        return self.checked is not None and reading is not None and reading.stated and fits(self.checked.quote, reading)

    def record(self) -> dict[str, Any]:
        return {
            "kind": "check",
            "id": self.id,
            "title": self.said.spans,
            "spans": self.judged.spans,
            "chips": [chip_record(kind.chip, words) for kind, words in self.chips],
            "rows": [
                {
                    "definition": definition + ("" if (then or now).stated else " (beside it)"),  # type: ignore[union-attr]
                    "period": periods.in_words(period),
                    "then": self._cell_record(then),
                    "now": self._cell_record(now),
                }
                for definition, period, then, now in self.rows
            ],
            "links": links_record(self.pages),
        }

    def _cell_record(self, reading: Reading | None) -> dict[str, Any]:
        if reading is None:
            return {"text": "–", "fits": False}
        return {"text": self._worded(reading).text, "fits": self._fits(reading)}

    def _worded(self, reading: Reading) -> Worded:
        return in_a_cell(reading, self.checked.quote) if self.checked is not None else Worded(reading.figure, "")

    def html(self) -> str:
        chips = "".join(chip_html(kind.chip, words, kind.explanation) for kind, words in self.chips)
        return (
            f'<article class="check" id="{self.id}"><h3>{self.said.inner_html()}</h3>'
            f'<p class="verdict">{chips} {self.judged.inner_html()}</p>{self._table_html()}'
            f'<p class="source">{links_html(self.pages)}</p></article>'
        )

    def _table_html(self) -> str:
        if not self.rows:
            return ""
        body = "".join(
            f'<tr{"" if (then or now).stated else " class=beside"}><th scope="row" class="text">{escape(definition)}</th>'  # type: ignore[union-attr]
            f'<td class="text">{escape(periods.in_words(period))}</td>{self._cell_html(then)}{self._cell_html(now)}</tr>'
            for definition, period, then, now in self.rows
        )
        return grid_html(f"Readings: {self.said.text}", HEADS, body, "readings")

    def _cell_html(self, reading: Reading | None) -> str:
        if reading is None:
            return '<td><span aria-label="not held">–</span></td>'
        figure = reading.figure
        text = escape(self._worded(reading).text)
        mark = ' class="fits"' if self._fits(reading) else ""
        return f'<td{mark}><data value="{figure.value}" data-tip="{escape(tip(figure))}">{text}</data></td>'

    def __repr__(self) -> str:
        return f"{self.said.text}. {self.judged.text}"
