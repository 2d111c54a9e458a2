"""Holds a vintage against the ones before and after it: what it lacks, and what it has at another level.

A file can agree with itself and be wrong as a whole: divided by a thousand, its flows exchanged, its first years
cut off. Only what was published before tells. The bounds are those of the real vintages held, which
tests/acquire/test_continuity.py sets against one another.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from briefing import periods
from briefing.acquire.between_partners import (
    NEARER,
    Amounts,
    Mask,
    found_between,
    found_between_codes,
    found_between_periods,
    partners_of,
)
from briefing.acquire.country_workbook import SEASONALLY_ADJUSTED
from briefing.codes import codelists
from briefing.errors import MalformedSource, OtherLevel
from briefing.record import observations
from briefing.record.sources import Source

LOST = {"TOTAL": 2_000_000, "HS": 30_000_000, "END_USE": 30_000_000}
"""Dollars that the next vintage may lack in all, in years open to revision.

Seen between nine vintages of country.xlsx: at most 1.1 million (Bolivia, then 83 thousand); between two editions of
enduse_imports.xlsx: 22.8 million, 22.6 of them one code of Qatar.
"""
SMALL = {"TOTAL": 100_000}
"""Dollars below which an observation of an open year does not count as lost: files rounded to 0.1 million have it as 0."""
CLOSED = 1_000
"""Dollars by which a year closed to revision may differ in one series, or be lost. Seen: 42, in files rounded by hand."""

FIRST_PRINT = frozenset({"1220"})
"""Partners of which exports of the newest month are corrected in the next release: Canada, whose imports they are taken from."""

REVISED = ((10_000_000_000, 0.2), (1_000_000_000, 0.4), (100_000_000, 0.995))
"""How far a year open to revision may move, as a share of the larger value, by its size in dollars.

Seen: 0.118 above 10 billion (Israel 2019), 0.258 above 1 billion (Hungary 2022), 0.986 above 0.1 billion (one code
of South Africa 2023). Smaller ones move by any share, and are held by their closed years alone.
"""
WORLD_MOVED = 0.02
"""The same for a year of the world. Seen: 0.0053 (2022)."""

READ = (100_000_000, 0.02)
"""Dollars in a year, and the share by which it moved, from which on other readings are tried. Below, chance makes some."""

NEW_MONTH = {True: (0.5, 1.6), False: (0.1, 6.0)}
"""The value of a month as a share of the mean of the twelve before, for the world and for a partner above `LARGE`.

Seen since 1993: 0.64 (imports, February 2009) to 1.29 (exports, March 2021) for the world; 0.147 (Venezuela, 2019) to
4.51 (Switzerland's gold, January 2025) for partners.
"""
LARGE = 1_000_000_000
TRADING = 0.9
"""The partners that trade in a new month, as a share of the mean of the twelve before, by flow.

Seen since 1992: at the least 0.941 (imports, March 2025).
"""
MANY = 100
"""Partners from which on they are counted: a table of fewer is a choice of some."""
FEW = 5
SERIES = [column for column in observations.KEY if column != "time_period"]

WAY_ON = (
    "Every level, share and rank from it would be wrong. Fetch it again; if the office did change it, name the page that "
    'says so with --despite "reason".'
)


@dataclass(frozen=True)
class Neighbour:
    """A registered vintage of the same dataset, with its observations."""

    source: Source
    table: pd.DataFrame

    def __str__(self) -> str:
        return f"the vintage of {self.source.vintage}"


@dataclass(frozen=True)
class _Both:
    """Two tables over the periods that both should have: a row a series, a column a period, 0 where there is none.

    `rounding` is by how many dollars two values that were the same may lie apart, because a table gives them rounded.
    """

    series: pd.DataFrame
    periods: Sequence[str]
    held: Amounts
    new: Amounts
    rounding: float

    @cached_property
    def other_flow(self) -> npt.NDArray[np.int64]:
        """The place of the series of the other flow of the same goods, or a series' own where there is none."""
        kept = ["classification", "commodity", "ref_area", "counterpart_area", "adjustment"]
        goods = list(zip(*(self.series[name].tolist() for name in kept), strict=True))
        flows = self.series["trade_flow"].tolist()
        first = {key: at for at, key in reversed(list(enumerate(zip(goods, flows, strict=True))))}
        others = zip(goods, ("M" if flow == "X" else "X" for flow in flows), strict=True)
        return np.array([first.get(other, at) for at, other in enumerate(others)])

    @cached_property
    def years(self) -> list[str]:
        return sorted({period[:4] for period in self.periods})

    def by_year(self, amounts: Amounts) -> Amounts:
        """The sums over each year."""
        starts = [next(at for at, period in enumerate(self.periods) if period[:4] == year) for year in self.years]
        return cast("Amounts", np.add.reduceat(amounts, starts, axis=1))


@dataclass(frozen=True)
class _Refusal:
    """What is wrong, and the dollars that it concerns."""

    dollars: float
    error: MalformedSource


def require_continuity(
    table: pd.DataFrame, what: str, neighbour: Neighbour, *, later: bool, revised: bool = True, rounded_to: int = 1
) -> list[str]:
    """Refuse a table that lacks what a neighbour holds, or has it at another level; what was withdrawn is returned in words.

    Parameters
    ----------
    table
        The columns of `briefing.record.observations.COLUMNS`, in US dollars, of the neighbour's dataset.
    what
        The table's name in a message.
    later
        Whether the table is the later of the two.
    revised
        Whether an annual revision lies between the two. Without one, partners are held to the dollar.
    rounded_to
        The dollars to which the table's values are rounded; the register tells it of the neighbour.

    Raises
    ------
    MalformedSource
        Naming partner, product, periods and dollars.
    """
    if later:
        _require_no_end_before(table, what, neighbour)
    both = _side_by_side(table, neighbour, rounded_to)
    if both is None:
        return []
    both, withdrawn = _without_withdrawn_aggregates(both)
    refusals = list(_refusals(both, what, neighbour, revised))
    if refusals:
        raise max(refusals, key=lambda refusal: refusal.dollars).error
    if later:
        require_new_months_in_line(table, str(neighbour.table["time_period"].max()), what)
    return withdrawn


def _require_no_end_before(table: pd.DataFrame, what: str, neighbour: Neighbour) -> None:
    last, reach = str(table["time_period"].max()), str(neighbour.table["time_period"].max())
    if last < reach:
        raise MalformedSource(
            f"{what} ends at {last}, {neighbour} already at {reach}: as the newer vintage it would take months away. "
            "Give the day it really came out with --vintage, or fetch it again."
        )


def _refusals(both: _Both, what: str, neighbour: Neighbour, revised: bool) -> Iterator[_Refusal]:
    """All that is wrong; what is lost altogether counts as lost alone."""
    lost = np.where((both.held > 0) & (both.new == 0), both.held, 0)
    yield from _of_exchange(both, what, neighbour)
    yield from _of_loss(both, lost, what, neighbour)
    yield from _of_level(both, lost, what, neighbour)
    if not revised:
        yield from _of_unrevised(both, lost, what, neighbour)


def _side_by_side(table: pd.DataFrame, neighbour: Neighbour, rounded_to: int) -> _Both | None:
    """The periods from the first that the neighbour has, or that the dataset's window leaves, to the last of both."""
    first, last = str(neighbour.table["time_period"].min()), str(table["time_period"].max())
    if neighbour.source.window:
        first = max(first, str(int(last[:4]) - neighbour.source.window + 1))
    last = min(last, str(neighbour.table["time_period"].max()))
    sides = [
        observations.between(side, first, last)[[*observations.KEY, "obs_value"]] for side in (neighbour.table, table)
    ]
    rows = pd.concat(sides, ignore_index=True).astype(dict.fromkeys(observations.KEY, "category"))
    if rows.empty:
        return None
    grouped = rows.groupby(SERIES, observed=True, sort=False)
    series, months = grouped.ngroup().to_numpy(), _periods(first, last)
    period = rows["time_period"].cat
    places = pd.Index(months).get_indexer(period.categories)[period.codes]
    amounts = np.zeros((2, series.max() + 1, len(months)))
    side = np.repeat([0, 1], [len(one) for one in sides])
    amounts[side, series, places] = rows["obs_value"].to_numpy(dtype=float)
    names = rows.loc[~grouped.cumcount().astype(bool), SERIES].astype(str).reset_index(drop=True)
    _cut_to_both(amounts, (names["counterpart_area"].isin(WORLD) & (names["commodity"] == "TOTAL")).to_numpy())
    return _Both(names, months, amounts[0], amounts[1], (rounded_to + neighbour.source.rounded_to) / 2 - 1)


WORLD = {codelists.WORLD, SEASONALLY_ADJUSTED}
"""The rows of the world, which in a table may end before those of its partners."""


def _cut_to_both(amounts: Amounts, world: Mask) -> None:
    """Leave out the months of the world after the last that both sides have of it."""
    for at in np.flatnonzero(world):
        ends = [np.flatnonzero(side[at])[-1] if side[at].any() else len(side[at]) for side in amounts]
        amounts[:, at, min(ends) + 1 :] = 0


def _periods(first: str, last: str) -> list[str]:
    if periods.is_year(last):
        return [str(year) for year in range(int(first), int(last) + 1)]
    return periods.span(first if periods.is_month(first) else f"{first}-01", last)


def _without_withdrawn_aggregates(both: _Both) -> tuple[_Both, list[str]]:
    """Without the months of aggregates that the table has no longer, or not yet, and which ones it has no longer.

    The office opens and closes aggregates, as it did OPEC in 2023; their partners stay.
    """
    held, new, words = both.held.copy(), both.new.copy(), []
    aggregate = both.series["counterpart_area"].isin(codelists.AGGREGATES.keys() - {codelists.WORLD})
    for at in np.flatnonzero(aggregate):
        for one, other, gone in ((held[at], new[at], True), (new[at], held[at], False)):
            lacking = np.flatnonzero((one > 0) & (other == 0))
            if len(lacking) and not (other[lacking[0] :] > 0).any():
                one[lacking[0] :] = 0
                if gone:
                    partner = codelists.with_code(str(both.series.at[at, "counterpart_area"]))
                    words.append(f"It no longer has {partner} from {both.periods[lacking[0]]} on.")
    return replace(both, held=held, new=new), sorted(set(words))


def _of_exchange(both: _Both, what: str, neighbour: Neighbour) -> Iterator[_Refusal]:
    tables = (both.series, both.periods, both.held, both.new)
    for finding in itertools.chain(
        found_between(partners_of(*tables)), found_between_periods(*tables), found_between_codes(*tables)
    ):
        words = (
            f"{what} has {finding.rows} otherwise than {neighbour}, as if {finding.reading}: {finding.why}. {WAY_ON}"
        )
        yield _Refusal(finding.dollars, MalformedSource(words))


def _of_loss(both: _Both, lost: Amounts, what: str, neighbour: Neighbour) -> Iterator[_Refusal]:
    goods = str(both.series["classification"].iloc[0])
    of_closed_years = np.where(lost > both.rounding, lost, 0)[:, _closed(both, neighbour)].sum()
    counted = lost[lost >= SMALL[goods]] if goods in SMALL else lost
    if of_closed_years <= CLOSED and counted.sum() <= LOST[goods]:
        return
    none_left = (both.new == 0).all(axis=0) & (lost > 0).any(axis=0)
    worst = np.zeros_like(lost)
    if none_left.any():
        worst[:, none_left] = lost[:, none_left]
        named = "everything"
    else:
        at = int(lost.sum(axis=1).argmax())
        worst[at] = lost[at]
        named = _series(both.series.loc[at])
    more = "" if (worst == lost).all() else f"; in all {_amount(lost)}"
    words = (
        f"{what} lacks what {neighbour} holds: {named}, {_spell(both, worst)}, {_amount(worst)}{more}. Every sum over them "
        "would be too small, and a balance would seem to have moved. It may be cut: fetch it again, whole. If the office "
        'has withdrawn them, name the page that says so with --despite "reason".'
    )
    yield _Refusal(float(lost.sum()), MalformedSource(words))


def _closed(both: _Both, neighbour: Neighbour) -> Mask:
    """Which periods were closed to revision in the earlier of the two vintages; none if that is not known."""
    return np.array([int(period[:4]) <= _last_closed(both, neighbour) for period in both.periods])


def _last_closed(both: _Both, neighbour: Neighbour) -> int:
    return int(both.years[-1]) - neighbour.source.open_years if neighbour.source.open_years else 0


def _of_level(both: _Both, lost: Amounts, what: str, neighbour: Neighbour) -> Iterator[_Refusal]:
    """Whether years stand at another level; what is lost altogether has a refusal of its own."""
    held, new = both.by_year(both.held), both.by_year(both.new + lost)
    moved = both.by_year(np.abs(both.held - both.new - lost))
    closed = np.outer(
        both.series["adjustment"] == "N", [int(year) <= _last_closed(both, neighbour) for year in both.years]
    )
    as_it_was = CLOSED + both.rounding * len(both.periods) / len(both.years)
    allowed = np.where(closed, as_it_was, _revisable(both, np.maximum(held, new)))
    readings = {words: both.by_year(np.abs(both.new - other)) for words, other in _other_readings(both)}
    wrong = (moved > allowed) | _misread(both, held, moved, readings)
    if not wrong.any():
        return
    named = np.where(_to_be_named(both, wrong), moved, 0)
    at, year = np.unravel_index(named.argmax(), wrong.shape)
    why = _bound_in_words(bool(closed[at, year]), float(allowed[at, year]), float(moved[at, year]))
    nearest = min(readings, key=lambda words: readings[words][at, year])
    trace = f", as if {nearest}" if readings[nearest][at, year] * NEARER < moved[at, year] else ""
    count = int(wrong.sum())
    words = (
        f"{what} has {_series(both.series.loc[at])}, {both.years[year]}, at {_millions(new[at, year])} dollars, "
        f"{neighbour} at {_millions(held[at, year])}{trace}: {why}"
        f"{f' ({count:,} such years, each of a series)' if count > 1 else ''}. {WAY_ON}"
    )
    yield _Refusal(float(named.sum()), OtherLevel(words))


def _of_unrevised(both: _Both, lost: Amounts, what: str, neighbour: Neighbour) -> Iterator[_Refusal]:
    """Whether partners' periods moved between two vintages of which the office revised none.

    The world and other aggregates are revised month by month. Seen in 204,060 observations of the vintages to June 2024 and
    to February 2025: one partner's, exports to Canada of June 2024.
    """
    partner = both.series["counterpart_area"].isin(codelists.PARTNERS).to_numpy()
    moved = np.where(np.outer(partner, np.ones(len(both.periods))), np.abs(both.held - both.new - lost), 0)
    late = both.series["counterpart_area"].isin(FIRST_PRINT) & (both.series["trade_flow"] == "X")
    moved[late.to_numpy(), -1] = 0
    wrong = moved > CLOSED + both.rounding
    if not wrong.any():
        return
    at, period = (int(place) for place in np.unravel_index(moved.argmax(), moved.shape))
    words = (
        f"{what} has {_series(both.series.loc[at])}, {both.periods[period]}, at {_millions(both.new[at, period])} dollars, "
        f"{neighbour} at {_millions(both.held[at, period])}, and no annual revision lies between the two: until one, a partner's "
        f"months stay as they came out{f' ({int(wrong.sum()):,} such observations)' if wrong.sum() > 1 else ''}. {WAY_ON}"
    )
    yield _Refusal(float(moved.sum()), MalformedSource(words))


def _to_be_named(both: _Both, wrong: Mask) -> Mask:
    """Which of the wrong years may stand for all: those of partners if a few are wrong, for sums are then wrong with them."""
    partner = ~both.series["counterpart_area"].isin(codelists.AGGREGATES).to_numpy()
    few = 0 < len(set(both.series.loc[wrong.any(axis=1) & partner, "counterpart_area"])) <= FEW
    return wrong & partner[:, None] if few else wrong


def _bound_in_words(closed: bool, allowed: float, moved: float) -> str:
    if closed:
        return "that year was closed to revision"
    if moved > allowed:
        return f"revisions of such a year have stayed below {_millions(allowed)}"
    return "no revision has that form"


def _misread(both: _Both, held: Amounts, moved: Amounts, readings: dict[str, Amounts]) -> Mask:
    """Whole years of all goods, both flows together, that another reading explains: by chance that is so of a month or a flow."""
    other = both.other_flow
    goods = (both.series["commodity"] == "TOTAL") & (other != np.arange(len(other)))
    whole = [sum(period[:4] == year for period in both.periods) == 12 for year in both.years]
    doubtful = np.outer(goods, whole) & (moved + moved[other] > READ[1] * (held + held[other])) & (held > READ[0])
    nearer = [(away + away[other]) * NEARER < moved + moved[other] for away in readings.values()]
    return cast("Mask", doubtful & np.logical_or.reduce(nearer))


def _revisable(both: _Both, size: Amounts) -> Amounts:
    """The dollars by which years of that size may have been revised."""
    allowed = np.full(size.shape, np.inf)
    for least, share in reversed(REVISED):
        allowed = np.where(size >= least, share * size, allowed)
    world = (both.series["counterpart_area"] == codelists.WORLD) & (both.series["commodity"] == "TOTAL")
    return np.where(np.outer(world, np.ones(size.shape[1], dtype=bool)), WORLD_MOVED * size, allowed)


FAR = 1e15
"""Dollars that no month has."""


def _other_readings(both: _Both) -> Iterator[tuple[str, Amounts]]:
    """What would stand in the place of what is held, had this or that happened to the file."""
    for factor in (10, 100, 1000, 1_000_000):
        yield f"divided by {factor:,}", both.held / factor
        yield f"multiplied by {factor:,}", both.held * factor
    yield "exports and imports had been exchanged", both.held[both.other_flow]
    for by in (1, 12) if periods.is_month(both.periods[-1]) else (1,):
        what = "year" if by == 12 or periods.is_year(both.periods[-1]) else "month"
        if len(both.periods) > by:
            yield f"each value stood a {what} late", np.hstack([both.held[:, :by], both.held[:, :-by]])
            # Of a year of which some months alone have one a year later, the others would be as they are, and make it near.
            short = both.held[:, -by:] if by == 1 else np.full_like(both.held[:, -by:], FAR)
            yield f"each value stood a {what} early", np.hstack([both.held[:, by:], short])


REPEATED = (100_000_000, 0.5, 5)
"""Dollars from which on a value that recurs to the dollar is no chance; the share of such values, and how many at the least."""


def _require_no_month_repeated(months: pd.DataFrame, after: str, what: str) -> None:
    """Refuse a new month that is an earlier one under another name."""
    least, share, few = REPEATED
    for month in months.index[months.index > after]:
        values = months.loc[month].to_numpy(dtype=float)
        large = values >= least
        for back in (1, 12, 24):
            earlier = periods.shifted(str(month), -back)
            if earlier not in months.index or large.sum() < few:
                continue
            same = (months.loc[earlier].to_numpy(dtype=float) == values)[large]
            if same.mean() > share:
                raise MalformedSource(
                    f"{what} has for {month} what it has for {earlier}, to the dollar, in {int(same.sum()):,} of "
                    f"{int(large.sum()):,} large series: a month that had not been published would pass for one that was. "
                    "Leave it out, or fetch the file again."
                )


def _require_partners_trading(months: pd.DataFrame, after: str, what: str) -> None:
    """Refuse a new month in which many partners that traded have none: together they are too small for any sum to tell."""
    for flow, name in (("X", "exports"), ("M", "imports")):
        own = months.columns.get_level_values("trade_flow") == flow
        partners = months.columns.get_level_values("counterpart_area").isin(codelists.PARTNERS)
        trading = (months.loc[:, own & partners] > 0).sum(axis=1)
        usual = trading.shift(1).rolling(12).mean()
        lacking = (trading.index > after) & (usual >= MANY) & (trading < TRADING * usual)
        for month in trading.index[lacking]:
            raise MalformedSource(
                f"{what} has {trading[month]} partners with {name} in {month}, where the twelve months before have "
                f"{usual[month]:.0f} each. Partners that traded would seem to have stopped. Fetch it again; if it is so, name "
                'the page that says so with --despite "reason".'
            )


def require_new_months_in_line(table: pd.DataFrame, after: str, what: str) -> None:
    """Refuse a month after `after` that repeats another, or stands out as no month of the world or a large partner did.

    `table` has the columns of `briefing.record.observations.COLUMNS`, in US dollars; what is not all goods by month,
    unadjusted, is passed over.

    Raises
    ------
    MalformedSource
    """
    rows = table[(table["classification"] == "TOTAL") & (table["adjustment"] == "N")]
    if not periods.is_month(after) or rows.empty:
        return
    months = rows.pivot_table(
        index="time_period", columns=["counterpart_area", "trade_flow", "valuation"], values="obs_value", observed=True
    )
    _require_no_month_repeated(months, after, what)
    _require_partners_trading(months, after, what)
    # A partner's month without a row had no trade; an aggregate may have been withdrawn, and the world come later.
    partners = months.columns.get_level_values("counterpart_area").isin(codelists.PARTNERS)
    values = np.where(partners, months.fillna(0).to_numpy(dtype=float), months.to_numpy(dtype=float))
    usual = months.shift(1).rolling(12).mean().to_numpy()
    world = months.columns.get_level_values("counterpart_area") == codelists.WORLD
    low, high = (np.where(world, NEW_MONTH[True][at], NEW_MONTH[False][at]) for at in (0, 1))
    compared = np.outer(months.index > after, np.ones(len(world), dtype=bool)) & (usual > LARGE)
    for month, at in np.argwhere(compared & ((values < low * usual) | (values > high * usual))):
        series = [str(code) for code in np.asarray(months.columns[at]).tolist()]
        raise _out_of_line(what, series, str(months.index[month]), float(values[month, at]), float(usual[month, at]))


def _out_of_line(what: str, series: Sequence[str], month: str, value: float, usual: float) -> MalformedSource:
    return MalformedSource(
        f"{what} has {codelists.with_code(series[0])}, flow {series[1]}, {month}, at {_millions(value)} "
        f"dollars, where the twelve months before have {_millions(usual)} each. No month of that size has stood "
        "out so far, and every sum over it would be wrong. Fetch it again; if it is so, name the page that says so with "
        '--despite "reason".'
    )


def _series(series: Any) -> str:
    goods = "" if series.commodity == "TOTAL" else f", commodity {series.commodity}"
    return f"{codelists.with_code(series.counterpart_area)}, flow {series.trade_flow}{goods}"


def _spell(both: _Both, amounts: Amounts) -> str:
    """The periods with an amount, as their first and last."""
    named = [both.periods[int(at)] for at in np.flatnonzero(amounts.any(axis=0))]
    return periods.first_to_last(named[0], named[-1])


def _amount(amounts: Amounts) -> str:
    count = int((amounts > 0).sum())
    return f"{count:,} observation{'s' * (count != 1)} of {_millions(float(amounts.sum()))} dollars"


def _millions(dollars: float) -> str:
    return f"{dollars / 1e6:,.{1 if dollars >= 1e6 else 3}f} million"
