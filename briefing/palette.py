"""Every colour of the book by name, and the chips: how a word looks that says how a thing stands.

No colour stands anywhere else. Charts take them from here, the app's pages as `styles`, the printed brief as `printed`,
with its data. Text in any of them stands out from its ground by 4.5 to 1 at least.
"""

from dataclasses import asdict, dataclass
from typing import Any

INK = "#16324f"
"""Headings, strong rules, the head of a page; what a picture is about."""
TEXT = "#1d2a35"
MUTED = "#51606e"
"""Text that can be skipped: notes, axes, days."""
LINK = "#1a5f78"
PAPER = "#ffffff"
"""What all stands on, and text on a dark ground."""
TINT = "#f3f6f8"
"""Controls, notes, the foot of a page."""
LINE = "#d5dde4"
"""Hairlines, the grid of a chart; the ground of a thing just begun."""
PALE = "#b9c6d2"
"""What stands beside the subject of a picture, or is not complete."""
EDGE = "#84939f"
"""The edge of what can be used, or of a chip without a ground."""
EXPORTS = "#1f6f8b"
"""The house's blue-green: exports; what is agreed, holds or is chosen."""
IMPORTS = "#b35c12"
BALANCE = INK
HIGHLIGHT = "#a8322d"
"""The partner among others, today, an error."""
TRADE_DATA = "#7a5c99"
"""Releases of trade data among events."""
SKY = "#d9e9ef"
"""Holds in part; what fits, and what the pointer is on."""
AMBER = "#f0c98f"
"""Not settled."""
BLUSH = "#f6dedc"
"""Does not hold; the ground of a refusal."""

COLOURS = {name.lower().replace("_", "-"): colour for name, colour in list(vars().items()) if name.isupper()}
"""All of the above."""


@dataclass(frozen=True)
class Chip:
    """The look of a word in a box. The word says it; the colour only repeats it."""

    name: str
    ground: str
    text: str
    edge: str


CHIPS = (
    BEGUN := Chip("begun", LINE, TEXT, LINE),
    UNSETTLED := Chip("unsettled", AMBER, TEXT, AMBER),
    PARTLY := Chip("partly", SKY, TEXT, SKY),
    SETTLED := Chip("settled", EXPORTS, PAPER, EXPORTS),
    DONE := Chip("done", INK, PAPER, INK),
    REFUTED := Chip("refuted", BLUSH, TEXT, BLUSH),
    ABSENT := Chip("absent", PAPER, MUTED, EDGE),
)


def styles() -> str:
    """The colours as custom properties of CSS, `var(--ink)`, and the chips as rules, `.chip.begun`."""
    properties = " ".join(f"--{name}: {colour};" for name, colour in COLOURS.items())
    rules = [
        f".chip.{chip.name} {{ background: {chip.ground}; color: {chip.text}; border-color: {chip.edge}; }}"
        for chip in CHIPS
    ]
    return "\n".join([f":root {{ {properties} }}", *rules])


def printed() -> dict[str, Any]:
    """The colours and the chips as the printed brief has them, by name."""
    return {"colours": COLOURS, "chips": {chip.name: asdict(chip) for chip in CHIPS}}
