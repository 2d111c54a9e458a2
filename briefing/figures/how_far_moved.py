"""By how much figures were revised once they had come out: in percent of what was first said, by kind of figure and by time.

A move is one number in two vintages: of a month, a year so far or a year, among the newest that the first of the two had. What
the office calls final says nothing of that; how far figures of the same age moved before does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median

import pandas as pd

from briefing import periods
from briefing.figures import COUNT, FRACTION, Figure, Rows, origins_of, rows_of
from briefing.figures.revisions import by_each_vintage
from briefing.record.lines import Lines, once_a_table
from briefing.record.origins import Origin

MONTH, YEAR_SO_FAR, YEAR = "month", "year to date", "year"
KINDS = (MONTH, YEAR_SO_FAR, YEAR)
MEASURES = ("exports", "imports", "balance")
AFTER = {1: (0.5, 3), 6: (3, 9), 12: (9, 18), 24: (18, 30)}
"""Months after which a figure is looked at again: the vintages held that lie so many months apart, from and below."""
YOUNG = 12
"""Months: the figures of which the last month is among the newest so many of a vintage."""
LEAST = 100_000_000
"""US dollars below which a share says more of rounding than of revision."""
TELLING = 0.05
"""The share of trade both ways from which on a balance is large enough for a share of it to say something."""
FEWEST, PAIRS = 5, 3
"""Moves from which on a median is told, and pairs of vintages from which on it is told of figures at large."""
DAYS_A_MONTH = 30.44


@dataclass(frozen=True)
class Move:
    """One figure in two vintages: by what `share` of its size it moved, positive where it became larger, in so many months."""

    kind: str
    measure: str
    span: str
    first: str
    later: str
    months: float
    share: float

    @property
    def after(self) -> int | None:
        """The months of `AFTER` in which it falls; None between and beyond them."""
        return next((after for after, (low, high) in AFTER.items() if low <= self.months < high), None)


@dataclass(frozen=True)
class Spread:
    """How far moves of one kind went: the median size, the size that nine in ten did not exceed, the largest, and the share of them upwards.

    All are fractions but `count`. `span` is the months of the largest, and `pairs` of how many pairs of vintages they are.
    """

    median: Figure
    ninetieth: Figure
    most: Figure
    upward: Figure
    count: Figure
    span: str
    pairs: int


def moves(observations: pd.DataFrame) -> list[Move]:
    """Every move between two vintages that are no more than thirty months apart.

    `observations`: see `briefing.record.observations`; one partner, all goods, in several vintages.
    """
    held = {vintage: _Held(lines) for vintage, lines in by_each_vintage(observations).items()}
    return [
        Move(kind, measure, f"{months[0]}/{months[-1]}", first, later, apart, share)
        for first, earlier in held.items()
        for kind, months in earlier.young()
        for then in [earlier.sums(months)]
        for later, newer in held.items()
        if 0 < (apart := _months_between(first, later)) < AFTER[24][1] and newer.holds(months)
        for measure, share in _shares(then, newer.sums(months))
    ]


class _Held:
    """The months of one vintage."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._months = sorted(set(lines.places["X"]) & set(lines.places["M"]))

    def holds(self, months: Sequence[str]) -> bool:
        return self._lines.holds(months)

    def young(self) -> Iterator[tuple[str, list[str]]]:
        """The newest figures of each kind."""
        newest = periods.span(periods.shifted(self._months[-1], 1 - YOUNG), self._months[-1])
        for month in newest:
            for kind, months in ((MONTH, [month]), (YEAR_SO_FAR, periods.year_to_date(month))):
                if self.holds(months) and (kind == MONTH or 1 < len(months) < 12):
                    yield kind, months
            if month.endswith("-12") and self.holds(periods.year_to_date(month)):
                yield YEAR, periods.year_to_date(month)

    def sums(self, months: Sequence[str]) -> tuple[int, int]:
        """Exports and imports over the months."""
        exports, imports = (sum(self._lines.picked(flow, months).values) for flow in ("X", "M"))
        return exports, imports


def _months_between(first: str, later: str) -> float:
    return (date.fromisoformat(later) - date.fromisoformat(first)).days / DAYS_A_MONTH


def _shares(first: tuple[int, int], later: tuple[int, int]) -> Iterator[tuple[str, float]]:
    before, now = (dict(zip(MEASURES, (*flows, flows[0] - flows[1]), strict=True)) for flows in (first, later))
    telling = abs(before["balance"]) >= TELLING * sum(first)
    for measure in MEASURES:
        size = abs(before[measure])
        if size >= LEAST and (measure != "balance" or telling):
            yield measure, (now[measure] - before[measure]) / before[measure]


def furthest(found: Sequence[Move], kind: str, measure: str) -> Move | None:
    """The move of that kind and measure that went furthest; None where there is none."""
    of_kind = [move for move in found if (move.kind, move.measure) == (kind, measure)]
    return max(of_kind, key=lambda move: abs(move.share), default=None)


@once_a_table
def _rests_on(observations: pd.DataFrame) -> tuple[tuple[Origin, ...], tuple[Rows, ...]]:
    """The vintages and rows behind every measure of a table."""
    return origins_of(observations), rows_of(observations)


def spread(found: Sequence[Move], kind: str, measure: str, after: int, observations: pd.DataFrame) -> Spread | None:
    """How far the moves of that kind and measure went, so many months on; None of fewer than `FEWEST`.

    `observations` are those of `moves`: what the figures rest on.
    """
    own = [move for move in found if (move.kind, move.measure, move.after) == (kind, measure, after)]
    shares = [move.share for move in own]
    if len(shares) < FEWEST:
        return None
    sizes = sorted(abs(share) for share in shares)
    origins, rows = _rests_on(observations)
    (partner,), newest = set(observations["counterpart_area"]), max(observations["vintage"])
    id = f"moved.{partner}.to.{newest}.{kind.replace(' ', '-')}.{measure}.{after}"
    what = f"{measure} of a {kind} up to a year old, in vintages some {after} months apart, in percent of the earlier"

    def figure(name: str, value: float, words: str, unit: str = FRACTION) -> Figure:
        return Figure(f"{id}.{name}", value, unit, "", f"{words}: {what}", origins, rows)

    return Spread(
        figure("median", median(sizes), "median size of the moves"),
        figure("ninetieth", sizes[ceil(0.9 * len(sizes)) - 1], "size that nine in ten moves did not exceed"),
        figure("most", sizes[-1], "size of the largest move"),
        figure("upward", sum(share > 0 for share in shares) / len(shares), "share of the moves that made it larger"),
        figure("count", len(shares), "number of moves", COUNT),
        max(own, key=lambda move: abs(move.share)).span,
        len({(move.first, move.later) for move in own}),
    )
