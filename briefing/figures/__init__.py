"""`Figure`: a number with its unit, period, formula and origin; and the arithmetic every chapter uses.

deficit        exports, imports and balance in all goods: year to date, months, years, ranking
autos          the same for one HS chapter, on one basis of imports at a time
products       which product the rows behind a figure are of, and what it is called
definitions    the automotive gap as each definition counts it
contributions  what each flow or HS chapter adds to a change of the balance; the season
series         how far back a period is a record, and runs of rise or fall
revisions      one number in every vintage that holds it
how_far_moved  by what percent figures were revised once they were out
ranges         what a figure made of rounded prints can be
duties         duty calculated over the imports for consumption that it was calculated on
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.record import observations as obs
from briefing.record.lines import Lines, Texts, once_a_table, require_once
from briefing.record.observations import lines_of
from briefing.record.origins import Origin

DOLLARS = "US dollars"
FRACTION = "fraction"
RANK = "rank"
RATIO = "ratio"
COUNT = "count"
TOLD = "as told"
"""Of a number in a text of the record: whatever the text says."""

Span = dict[str, str]
"""A run of text; one that prints a figure names it."""


@dataclass(frozen=True)
class Rows:
    """The observations a figure was made of, so that anybody can pick them out again.

    Those of a dataset in one vintage whose columns lie in the ranges of `where`: column, first and last
    value, both included. `count` says how many they were and `total` their sum, in US dollars.
    """

    dataset: str
    vintage: str
    where: tuple[tuple[str, str, str], ...]
    count: int
    total: int


@dataclass(frozen=True)
class Figure:
    """One number that a page shows.

    `period` is a month, a year, or two months joined by "/"; `formula` says in words how the value
    follows from `rows` of observations, from other figures (`parts`), or from a page; a balance is
    negative in deficit; a ratio or change is a fraction.
    """

    id: str
    value: float
    unit: str
    period: str
    formula: str
    origins: tuple[Origin, ...]
    rows: tuple[Rows, ...] = ()
    parts: tuple["Figure", ...] = ()


def with_parts(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The figures and all that they were computed from, by id."""
    found: dict[str, Figure] = {}
    for figure in figures:
        found |= {figure.id: figure} | with_parts(figure.parts)
    return found


def rows_of(observations: pd.DataFrame) -> tuple[Rows, ...]:
    """What picks these rows out of their datasets, one entry a dataset and vintage.

    `observations`: see `briefing.record.observations`, as `sources` reads them for an edition: with `origin`.
    """
    return rows_in(lines_of(observations))


def rows_in(lines: Lines) -> tuple[Rows, ...]:
    """The same of lines, which have their origins.

    Columns: those of `briefing.record.observations.KEY`.
    """
    columns, values = lines.columns, lines.values
    if len(origins := _each_once(lines.origins)) == 1:
        where = tuple((column, min(held), max(held)) for column, held in ((c, set(columns[c])) for c in obs.KEY))
        return (Rows(origins[0].dataset, origins[0].vintage, where, len(values), sum(values)),)
    places: dict[tuple[str, str], list[int]] = {}
    for place, origin in enumerate(lines.origins):
        places.setdefault((origin.dataset, origin.vintage), []).append(place)
    return tuple(
        Rows(*pair, _ranges(columns, places[pair]), len(places[pair]), sum(values[place] for place in places[pair]))
        for pair in sorted(places)
    )


def _each_once(origins: Iterable[Origin]) -> list[Origin]:
    """The origins that differ, told apart by what they are, which is quick: the rows of a table share theirs."""
    return list(set({id(origin): origin for origin in origins}.values()))


def _ranges(columns: Texts, places: list[int]) -> tuple[tuple[str, str, str], ...]:
    picked = ((column, {columns[column][place] for place in places}) for column in obs.KEY)
    return tuple((column, min(held), max(held)) for column, held in picked)


def origins_of(observations: pd.DataFrame) -> tuple[Origin, ...]:
    """The datasets and vintages that the rows come from, by their `origin`, each once, sorted."""
    return origins_in(lines_of(observations))


def origins_in(lines: Lines) -> tuple[Origin, ...]:
    """The same of lines: none where they were not read for an edition and have no `origin`."""
    return tuple(sorted(_each_once(lines.origins)))


def derived(id: str, value: float, unit: str, period: str, formula: str, parts: Iterable[Figure]) -> Figure:
    """A figure computed from other figures: its origins are the union of theirs."""
    parts = tuple(parts)
    origins = {origin for part in parts for origin in part.origins}
    return Figure(id, value, unit, period, formula, tuple(sorted(origins)), parts=parts)


def sum_of(id: str, period: str, formula: str, parts: Sequence[Figure]) -> Figure:
    """Figures in one unit, added up."""
    return derived(id, sum(part.value for part in parts), parts[0].unit, period, formula, parts)


def figure_of(id: str, value: float, period: str, formula: str, lines: Lines) -> Figure:
    """US dollars that follow from those rows of `briefing.record.observations`, whose origins it bears."""
    return Figure(id, value, DOLLARS, period, formula, origins_in(lines), rows_in(lines))


def summed(observations: pd.DataFrame, id: str, flow: str, months: list[str], formula: str) -> Figure:
    """The sum of `obs_value` over the months, of one flow, "X" or "M", in US dollars; a month without a row adds nothing.

    `observations`: see `briefing.record.observations`; one partner and product, on one basis.

    Raises
    ------
    MixedBasis
        If the rows picked are on two bases, or of two products.
    """
    picked = lines_of(observations).picked(flow, months)
    obs.require_one_basis(picked.columns)
    return figure_of(id, sum(picked.values), f"{months[0]}/{months[-1]}", formula, picked)


def trade_balance(observations: pd.DataFrame) -> pd.Series:
    """Exports less imports, by month. A deficit is negative.

    On one partner, one commodity and one basis; for all goods exports are FAS value and general
    imports customs value, Census basis, not seasonally adjusted: the balance FT-900 prints by country.

    Parameters
    ----------
    observations
        One row per month and flow: `time_period`, `trade_flow` ("X" or "M"), `obs_value` (US dollars).

    Returns
    -------
    US dollars indexed by `time_period`, named "trade_balance"; only months with both flows.
    """
    flows = by_flow(observations)
    return (flows["X"] - flows["M"]).rename("trade_balance")


@once_a_table
def by_flow(observations: pd.DataFrame) -> pd.DataFrame:
    """Columns "X" and "M", US dollars, indexed by `time_period`; months that lack a flow are left out.

    `observations`: see `briefing.record.observations`; one partner and product, on one basis.

    Raises
    ------
    MixedBasis, DuplicateObservations
    """
    lines = lines_of(observations)
    obs.require_one_basis(lines.columns)
    require_once(lines)
    both = sorted(lines.places["X"].keys() & lines.places["M"].keys())
    wide = {flow: [lines.values[lines.places[flow][month][0]] for month in both] for flow in ("X", "M")}
    return pd.DataFrame(wide, index=pd.Index(both, name="time_period", dtype=object), dtype="int64")


def twelve_month_sum(monthly: pd.Series) -> pd.Series:
    """Each month with the eleven before it, summed; months without a full year behind them are left out.

    A year that lacks a month has no sum either.
    """
    if monthly.empty:
        return monthly
    whole = monthly.reindex(periods.span(str(monthly.index.min()), str(monthly.index.max())))
    return whole.rolling(12).sum().dropna().astype("int64")


MOST_TIMES = 5
"""How many times its base a size may be for a percentage to be read: 750 percent tells nobody anything."""
LEAST_OF_FLOWS = 0.05
"""The part of exports and imports together below which a balance is no base: a hundredth on a flow moves it by a tenth."""
NEARLY_NIL = 0.0005
"""The part of its base below which a size would be told to be 100.0 percent smaller, though it is not nil."""


LEAST_BASE = 100_000
"""Dollars below which trade is a shipment or two, and a percentage of it tells nobody anything."""
LEAST_BASE_ROUNDED, ROUNDED_UNTIL = 2_000_000, "2002-12"
"""The same where the source gives each month's flow to $100,000, as country.xlsx does to the end of 2002."""
HALF_A_STEP = 50_000
"""The most by which such rounding moves one month of one flow."""


def change(id: str, now: Figure, before: Figure, what: str) -> Figure | None:
    """The relative change of a figure's size on the one before, as a fraction; None if that was nil.

    Sizes are compared, so that a deficit that grows has a positive change. None also if the balance
    changed sign: a percentage would then say nothing.
    """
    if before.value == 0 or now.value * before.value < 0:
        return None
    value = now.value / before.value - 1
    return derived(
        id, value, FRACTION, now.period, f"{what}: {now.period} over {before.period}, less one", [now, before]
    )


def bears_percentage(now: Figure, before: Figure) -> bool:
    """Whether a percentage of the figure before would tell a reader something, and not the amount alone.

    Not where either is nil or nearly so, where a balance changed sides or was small beside its own flows, where the
    size is many times what it was, where the one before is but a shipment or two, or the difference no more than rounding.
    """
    if within_rounding(now, before):
        return False
    if before.value == 0 or now.value * before.value < 0:
        return False
    if before.unit == DOLLARS and abs(before.value) < least_base(before.period):
        return False
    if not NEARLY_NIL <= abs(now.value / before.value) <= MOST_TIMES:
        return False
    return not _is_small_beside_flows(before)


def telling_change(id: str, now: Figure, before: Figure, what: str) -> Figure | None:
    """The relative change where a percentage tells a reader something; else None."""
    return change(id, now, before, what) if bears_percentage(now, before) else None


def least_base(period: str) -> int:
    """The least dollars of that period that a percentage can stand on.

    >>> least_base("2017-01/2017-11"), least_base("2001-01/2001-12")
    (100000, 2000000)
    """
    return LEAST_BASE_ROUNDED if period <= ROUNDED_UNTIL else LEAST_BASE


def rounded_by(one: str, other: str, flows: int) -> int:
    """The most by which the source's rounding may have moved the difference of two periods, in dollars.

    Of sums of that many flows; months that both have are rounded alike.

    >>> rounded_by("2001-01/2001-12", "2000-01/2000-12", 1), rounded_by("2001-01/2001-12", "2001-02/2002-01", 2)
    (1200000, 200000)
    >>> rounded_by("2017-01/2017-11", "2016-01/2016-11", 2)
    0
    """
    if not one or min(one, other) > ROUNDED_UNTIL:
        return 0
    months = set(periods.span(one[:7], one[-7:])) ^ set(periods.span(other[:7], other[-7:]))
    return HALF_A_STEP * flows * sum(month <= ROUNDED_UNTIL for month in months)


def within_rounding(now: Figure, before: Figure) -> bool:
    """Whether the source's rounding alone could make two unlike amounts out of like ones: then neither is told to be more."""
    apart = abs(abs(now.value) - abs(before.value))
    return 0 < apart <= rounded_by(now.period, before.period, 2 if len(now.parts) == 2 else 1)


def _is_small_beside_flows(balance: Figure) -> bool:
    flows = [part.value for part in balance.parts if part.unit == DOLLARS]
    if len(flows) != 2 or balance.value != flows[0] - flows[1]:
        return False
    return abs(balance.value) < LEAST_OF_FLOWS * sum(flows)


def moved_by(now: Figure, before: Figure) -> Figure:
    """How far a figure moved, in its own unit: the later less the earlier."""
    id, formula = f"{now.id}.less.{before.period}", f"{now.period} less {before.period}"
    return derived(id, now.value - before.value, now.unit, now.period, formula, [now, before])
