"""Whether parts and their total, as they are printed, add up; and the words that tell where they do not.

Each number keeps one print, rounded by itself. Where parts and total stand together and the reader who adds up comes
to another total, the page says that they are rounded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import inf

from briefing.figures import DOLLARS, Figure
from briefing.sentences.words import MINUS, SCALES

Sum = tuple[Figure, tuple[Figure, ...]]
"""A total and what it is made of by addition or subtraction."""

NOTE = "Rounded: parts and totals, as printed, may differ in the last digit."
FLOWS_ROUNDED = "Rounded: exports less imports as printed may differ from the balance."
ROUNDED = "rounded"
_NUMBER = re.compile(rf"(\d[\d,]*)(?:\.(\d+))?(?: ({'|'.join(word for _, word in SCALES)}))?")
MOST_SIGNS = 3
"""Parts up to which every combination of signs is tried; of more, all are added."""


def sums_among(figures: Sequence[Figure]) -> list[Sum]:
    """The dollar figures all of whose parts are among the figures too, and which those parts add up to."""
    shown = {figure.id for figure in figures}
    return [
        (figure, figure.parts)
        for figure in figures
        if figure.unit == DOLLARS
        and len(figure.parts) > 1
        and all(part.id in shown and part.unit == DOLLARS for part in figure.parts)
        and _signs(figure, figure.parts) is not None
    ]


def _signs(total: Figure, parts: Sequence[Figure]) -> tuple[int, ...] | None:
    """The signs with which the parts make the total."""
    tried: Iterator[tuple[int, ...]] | list[tuple[int, ...]] = [(1,) * len(parts)]
    if len(parts) <= MOST_SIGNS:
        tried = product((1, -1), repeat=len(parts))
    values = [part.value for part in parts]
    return next(
        (signs for signs in tried if abs(sum(s * v for s, v in zip(signs, values, strict=True)) - total.value) < 1),
        None,
    )


def apart(sums: Sequence[Sum], printed: Mapping[str, str]) -> float:
    """The most by which a total as printed and its parts as printed lie apart; 0 where a reader sees them add up.

    `printed` are texts by the figures' ids, "−$21.6 billion" or, all in one unit, "−21.6".

    >>> before, one, other = (Figure(i, v, DOLLARS, "", "", ()) for i, v in (("a", -26.43), ("b", 5.87), ("c", -1.0)))
    >>> now = Figure("d", -21.56, DOLLARS, "", "", ())
    >>> round(apart([(now, (before, one, other))], {"a": "−26.4", "b": "+5.9", "c": "−1.0", "d": "−21.6"}), 3)
    0.1
    """
    return max((_apart(total, parts, printed) for total, parts in sums), default=0.0)


def _apart(total: Figure, parts: Sequence[Figure], printed: Mapping[str, str]) -> float:
    if not all(figure.id in printed for figure in (total, *parts)):
        return 0.0
    signs = _signs(total, parts) or (1,) * len(parts)
    shown = [_read(printed[figure.id], figure.value) for figure in (total, *parts)]
    return _off(shown[0], [(sign * value, step) for sign, (value, step) in zip(signs, shown[1:], strict=True)])


def adds_up_otherwise(total: str, *parts: str) -> bool:
    """Whether printed amounts, each with its sign, come to another total than the printed one.

    >>> adds_up_otherwise("−$21.6 billion", "−$26.4 billion", "+$5.9 billion", "−$1.0 billion")
    True
    >>> adds_up_otherwise("+$8.1 billion", "+$8.1 billion", "−$1.7 million")
    False
    """
    amounts = [_read(text, -1 if text.startswith(MINUS) else 1) for text in (total, *parts)]
    return _off(amounts[0], amounts[1:]) > 0


def _off(total: tuple[float, float], parts: Sequence[tuple[float, float]]) -> float:
    """How far printed parts come from a printed total; 0 within half of the coarsest last digit among them."""
    off = abs(sum(value for value, _ in parts) - total[0])
    return off if off > 0.5 * max(step for _, step in (total, *parts)) else 0.0


def _read(text: str, sign: float) -> tuple[float, float]:
    """The number that a text prints, signed like the value given, and the worth of its last digit."""
    found = _NUMBER.search(text)
    if found is None:
        return 0.0, inf
    whole, decimals, scale = found.groups()
    worth = {word: float(number) for number, word in SCALES}.get(scale or "", 1.0)
    value = float(f"{whole.replace(',', '')}.{decimals or 0}") * worth
    return (-value if sign < 0 else value), worth / 10 ** len(decimals or "")


def note(sums: Sequence[Sum], printed: Mapping[str, str]) -> str:
    """The sentence that tells that printed parts and totals in one unit differ; "" where they do not.

    >>> one = Figure("a", 1.04, DOLLARS, "", "", ())
    >>> note([(Figure("b", 2.08, DOLLARS, "", "", ()), (one, one))], {"a": "1.0", "b": "2.1"})
    'Rounded: parts and totals, as printed, may differ in the last digit.'
    """
    off = apart(sums, printed)
    return NOTE if off else ""
