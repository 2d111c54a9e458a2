"""Dollars in the unit that suits them, where many stand under one heading: a table's column, a chart's axis."""

from collections.abc import Iterable
from math import floor, log10

from briefing.sentences.words import signed, with_sign

UNITS = ((1e9, "billion dollars"), (1e6, "million dollars"), (1e3, "thousand dollars"))


def unit_of(values: Iterable[float], coarsest: float = 1e9) -> tuple[float, str]:
    """The divisor and the name of the dollars that suit the largest of the values, none coarser than `coarsest`.

    >>> unit_of([-2.1e9, 4e8]), unit_of([30_000.0]), unit_of([-2.1e9], coarsest=1e6)
    ((1000000000.0, 'billion dollars'), (1000.0, 'thousand dollars'), (1000000.0, 'million dollars'))
    """
    largest = max((abs(value) for value in values), default=0)
    for divisor, name in UNITS:
        if divisor <= coarsest and largest >= divisor:
            return divisor, name
    return 1.0, "dollars"


MOST_DECIMALS = 4
"""Decimals that a small value is given beside large ones; one that needs more stands in dollars of its own."""


def in_unit(value: float, divisor: float, decimals: int = 1, *, plus: str = "") -> str:
    """A value in a unit, with a true minus; one that would print as nought has the decimals that show it.

    >>> in_unit(-21_558_381_250, 1e9), in_unit(-3_000, 1e6), in_unit(5.9e9, 1e9, plus="+"), in_unit(0, 1e6)
    ('−21.6', '−0.003', '+5.9', '0.0')
    >>> in_unit(-6, 1e9)
    '−$6'
    """
    size = abs(value) / divisor
    if size and round(size, decimals) == 0:
        decimals = -floor(log10(size))
        if decimals > MOST_DECIMALS and divisor > 1:
            return signed(value).removeprefix("" if plus else "+")
    return with_sign(value, f"{size:,.{decimals}f}", plus)
