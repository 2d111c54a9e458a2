"""Tables of `briefing.record.observations` as lines to pick from: what the arithmetic walks through, and what is found once a table.

Picking a month's rows out of a table by its columns costs as much as adding up a year of them, and a chapter does it some
hundred times. Nobody changes a table in place (`briefing.record.sources`), so what is true of one is kept while it lives.
"""

import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from briefing.errors import DuplicateObservations
from briefing.record.origins import Origin

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
OfTable = Callable[Concatenate[pd.DataFrame, Asked], Answer]

Texts = dict[str, list[str]]
"""Columns of codes as lists of Python's own text: what is quickest to walk through."""


def once_a_table(function: OfTable[Asked, Answer]) -> OfTable[Asked, Answer]:
    """The function of a table, and of what else it takes: asked once for each, remembered as long as the table lives.

    What it gives is shared, and must not hold the table itself, which would then live for ever.
    """
    kept: dict[int, dict[tuple[Any, ...], Answer]] = {}

    @wraps(function)
    def known(table: pd.DataFrame, /, *asked: Asked.args, **named: Asked.kwargs) -> Answer:
        of_table = kept.get(id(table))
        if of_table is None:
            of_table = kept[id(table)] = {}
            weakref.finalize(table, kept.pop, id(table), None).atexit = False
        key = (*asked, *named.items())
        if key not in of_table:
            of_table[key] = function(table, *asked, **named)
        return of_table[key]

    return known


@dataclass(frozen=True, eq=False)
class Lines:
    """The codes of a table by column, its values, the origin of each (none in a table not read for an edition), and where
    each month of a flow stands.
    """

    columns: Texts
    values: list[int]
    origins: list[Origin]

    @cached_property
    def places(self) -> dict[str, dict[str, list[int]]]:
        """By flow, "X" and "M", and by month or year: the places of its rows."""
        found: dict[str, dict[str, list[int]]] = {"X": {}, "M": {}}
        pairs = zip(self.columns["trade_flow"], self.columns["time_period"], strict=True)
        for place, (flow, period) in enumerate(pairs):
            found[flow].setdefault(period, []).append(place)
        return found

    def picked(self, flow: str, periods: Iterable[str]) -> "Lines":
        """The rows of one flow in those months or years."""
        held = self.places[flow]
        return self.at([place for period in periods for place in held.get(period, ())])

    def at(self, places: list[int]) -> "Lines":
        """The rows that stand in those places."""
        columns = {name: [column[place] for place in places] for name, column in self.columns.items()}
        origins = [self.origins[place] for place in places] if self.origins else []
        return Lines(columns, [self.values[place] for place in places], origins)

    def in_months(self, months: set[str]) -> "Lines":
        """The rows of those months or years."""
        return self.at([place for place, period in enumerate(self.columns["time_period"]) if period in months])

    def by(self, column: str) -> dict[str, list[int]]:
        """The places of the rows of each code in a column, in the order of the codes."""
        found: dict[str, list[int]] = {}
        for place, code in enumerate(self.columns[column]):
            found.setdefault(code, []).append(place)
        return dict(sorted(found.items()))

    @property
    def signed(self) -> list[int]:
        """The values, those of imports negative."""
        return [
            value if flow == "X" else -value
            for flow, value in zip(self.columns["trade_flow"], self.values, strict=True)
        ]

    def holds(self, periods: Iterable[str]) -> bool:
        """Whether both flows of all those months or years are there."""
        exports, imports = self.places["X"], self.places["M"]
        return all(period in exports and period in imports for period in periods)


def lines_in(table: pd.DataFrame, columns: Sequence[str]) -> Lines:
    """The lines of a table: those of its columns of codes, its values and their origins."""
    codes = {name: table[name].to_numpy(dtype=object).tolist() for name in columns}
    return Lines(codes, table["obs_value"].tolist(), table["origin"].tolist() if "origin" in table.columns else [])


def require_once(lines: Lines) -> None:
    """Refuse two values for one flow of a month.

    Raises
    ------
    DuplicateObservations
    """
    if any(len(places) > 1 for held in lines.places.values() for places in held.values()):
        raise DuplicateObservations(
            "A month has two values for one flow. Its balance would be that of one of them. "
            "Select one partner and one product first."
        )
