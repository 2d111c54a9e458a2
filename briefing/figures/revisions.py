"""One number in every vintage that holds it: how trade with a partner was revised."""

from collections.abc import Sequence

import pandas as pd

from briefing import periods
from briefing.figures import DOLLARS, Figure, derived, telling_change
from briefing.figures.deficit import totals
from briefing.record.lines import Lines, once_a_table
from briefing.record.observations import lines_of

MEASURES = {"exports": 0, "imports": 1, "balance": 2}


def spans_shown(observations: pd.DataFrame, first_year: int) -> list[list[str]]:
    """The months of each complete year, of the year to date, and of the part of a year in which the record begins, that any vintage holds.

    Parameters
    ----------
    observations
        Rows of `briefing.record.observations`: one partner in several vintages.
    first_year
        The first calendar year wanted.
    """
    held = sorted(set(observations["time_period"]))
    if not held:
        return []
    years = range(max(first_year, int(held[0][:4])), int(held[-1][:4]) + 1)
    spans = [periods.span(max(f"{year}-01", held[0]), min(f"{year}-12", held[-1])) for year in years]
    return [months for months in spans if set(months) <= set(held)]


def by_vintage(observations: pd.DataFrame, months: Sequence[str], measure: str = "balance") -> dict[str, Figure]:
    """Exports, imports or balance over the months in each `vintage` that holds them all, the earliest first; US dollars.

    `observations`: see `briefing.record.observations`; one partner, all goods, in several vintages. A deficit is negative.
    `measure` may also be "balance.change": the change of size on the same months a year before, as a fraction; a vintage in
    which a percentage would say nothing is left out.
    """
    found = {}
    for vintage, rows in _apart(observations).items():
        figure = _measured(rows, list(months), measure, f"vintage.{vintage}")
        if figure is not None:
            found[vintage] = figure
    return found


def by_each_vintage(observations: pd.DataFrame) -> dict[str, Lines]:
    """The lines of each vintage, the earliest first.

    `observations`: see `briefing.record.observations`; one partner, all goods, in several vintages.
    """
    return {vintage: lines_of(rows) for vintage, rows in _apart(observations).items()}


@once_a_table
def _apart(observations: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each vintage, the earliest first."""
    return {str(vintage): rows for vintage, rows in observations.groupby("vintage")}


def _measured(rows: pd.DataFrame, months: list[str], measure: str, prefix: str) -> Figure | None:
    if not _holds(rows, months):
        return None
    now = totals(rows, months, prefix)
    if measure in MEASURES:
        return now[MEASURES[measure]]
    earlier = [periods.shifted(month, -12) for month in months]
    if not _holds(rows, earlier):
        return None
    balance, before = now[2], totals(rows, earlier, prefix)[2]
    return telling_change(f"{balance.id}.change", balance, before, "balance of the months")


def _holds(rows: pd.DataFrame, months: list[str]) -> bool:
    return lines_of(rows).holds(months)


def move(first: Figure, now: Figure) -> Figure:
    """How far a figure moved between two vintages, in US dollars: the later less the earlier."""
    id, formula = f"{now.id}.less_{first.id}", "the later vintage less the earlier"
    return derived(id, now.value - first.value, DOLLARS, now.period, formula, [now, first])
