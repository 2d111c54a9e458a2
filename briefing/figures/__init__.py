"""`Figure`: a number with its unit, period, formula and origin; and the arithmetic every chapter uses.

deficit    exports, imports and balance in all goods: year to date, months, years, ranking
autos      the same for one HS chapter, on one basis of imports at a time
revisions  one number in every vintage that holds it
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from briefing import observations as obs
from briefing import periods

DOLLARS = "US dollars"
FRACTION = "fraction"
RANK = "rank"
RATIO = "ratio"
COUNT = "count"
TOLD = "as told"
"""Of a number in a text of the record: whatever the text says."""


@dataclass(frozen=True, order=True)
class Origin:
    """Where observations come from: a dataset of the register in one vintage.

    `standing` says how the vintage stands to the as-of day ("held", "later", "earlier"). A quoted
    figure names the page that printed it in `reference` and `address`.
    """

    dataset: str
    vintage: str
    standing: str
    reference: str = ""
    address: str = ""


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
    """What picks these rows out of their datasets, one entry a dataset and vintage."""
    found = []
    for dataset, vintage in sorted(set(zip(observations["source"], observations["vintage"], strict=True))):
        rows = observations[(observations["source"] == dataset) & (observations["vintage"] == vintage)]
        values = {column: set(rows[column]) for column in obs.KEY}
        where = tuple((column, min(held), max(held)) for column, held in values.items())
        found.append(Rows(dataset, vintage, where, len(rows), int(rows["obs_value"].sum())))
    return tuple(found)


def origins_of(observations: pd.DataFrame) -> tuple[Origin, ...]:
    """The datasets and vintages that the rows come from, each once, sorted."""
    triples = set(zip(*(observations[column] for column in obs.ORIGIN), strict=True))
    return tuple(sorted(Origin(*triple) for triple in triples))


def derived(id: str, value: float, unit: str, period: str, formula: str, parts: Iterable[Figure]) -> Figure:
    """A figure computed from other figures: its origins are the union of theirs."""
    parts = tuple(parts)
    origins = {origin for part in parts for origin in part.origins}
    return Figure(id, value, unit, period, formula, tuple(sorted(origins)), parts=parts)


def summed(id: str, observations: pd.DataFrame, months: list[str], formula: str) -> Figure:
    """The sum of the observations of one partner and one flow over the months, in US dollars.

    Raises
    ------
    MissingPeriods, MixedBasis
    """
    rows = observations[observations["time_period"].isin(months)]
    obs.require_one_basis(rows)
    total, period = int(rows["obs_value"].sum()), f"{months[0]}/{months[-1]}"
    return Figure(id, total, DOLLARS, period, formula, origins_of(rows), rows_of(rows))


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


def by_flow(observations: pd.DataFrame) -> pd.DataFrame:
    """Columns "X" and "M" indexed by month; months that lack a flow are left out."""
    obs.require_one_basis(observations)
    wide = observations.pivot(index="time_period", columns="trade_flow", values="obs_value")
    return wide.reindex(columns=["X", "M"]).dropna().astype("int64")


def twelve_month_sum(monthly: pd.Series) -> pd.Series:
    """Each month with the eleven before it, summed; months without a full year behind them are left out.

    A year that lacks a month has no sum either.
    """
    if monthly.empty:
        return monthly
    whole = monthly.reindex(periods.span(str(monthly.index.min()), str(monthly.index.max())))
    return whole.rolling(12).sum().dropna().astype("int64")


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
