"""`Tiles`: the strip of headline figures at the top of a chapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from briefing.figures import Figure
from briefing.outputs import Output, tip
from briefing.sentences.rounding import ROUNDED, apart, sums_among
from briefing.sentences.words import in_words


@dataclass(frozen=True)
class Tile:
    """One headline figure: its label, its format, and a line below it."""

    label: str
    figure: Figure
    spec: str
    note: str

    @property
    def value(self) -> str:
        """The figure as the tile prints it."""
        return in_words(self.figure, self.spec)


@dataclass(frozen=True)
class Tiles(Output):
    """Two to four headline figures side by side."""

    id: str
    tiles: Sequence[Tile]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(tile.figure for tile in self.tiles)

    def _note(self, tile: Tile) -> str:
        """The line below a tile; a total that its parts beside it do not add up to, as printed, says that it is rounded."""
        printed = {one.figure.id: one.value for one in self.tiles}
        sums = [found for found in sums_among(self.figures) if found[0].id == tile.figure.id]
        return f"{tile.note}; {ROUNDED}" if apart(sums, printed) else tile.note

    def record(self) -> dict[str, Any]:
        return {
            "kind": "tiles",
            "id": self.id,
            "tiles": [
                {"label": t.label, "value": t.value, "note": self._note(t), "figure": t.figure.id} for t in self.tiles
            ],
        }

    def html(self) -> str:
        tiles = "".join(
            f'<div><dt>{escape(t.label)}</dt><dd><data value="{t.figure.value}" data-tip="{escape(tip(t.figure))}">'
            f'{escape(t.value)}</data></dd><dd class="tile-note">{escape(self._note(t))}</dd></div>'
            for t in self.tiles
        )
        return f'<dl class="tiles">{tiles}</dl>'

    def __repr__(self) -> str:
        return "; ".join(f"{tile.label}: {tile.value}" for tile in self.tiles)
