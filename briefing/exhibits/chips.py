"""Words that say how a thing stands, in a look of the palette."""

from html import escape

from briefing.palette import Chip


def chip_record(chip: Chip, words: str) -> dict[str, str]:
    """A chip as the printed brief sets it."""
    return {"chip": chip.name, "words": words}


def chip_html(chip: Chip, words: str, explanation: str = "") -> str:
    """A chip as the browser shows it; the explanation stands under the pointer."""
    title = f' title="{escape(explanation)}"' if explanation else ""
    return f'<span class="chip {chip.name}"{title}>{escape(words)}</span>'
