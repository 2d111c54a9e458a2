"""Trade in all goods with one partner: year to date, months, years, ranking among partners."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from briefing import periods
from briefing.codes import codelists, successions
from briefing.errors import MissingPeriods
from briefing.figures import (
    DOLLARS,
    FRACTION,
    RANK,
    Figure,
    Rows,
    by_flow,
    derived,
    moved_by,
    origins_of,
    summed,
    telling_change,
    twelve_month_sum,
)
from briefing.record import observations as obs
from briefing.record.lines import once_a_table
from briefing.record.origins import Origin


def counted(trade_flow: str, trade_system: str = "general") -> str:
    """What a flow counts, exports "X" or imports "M" of a system of trade, and its valuation.

    >>> counted("X"), counted("M", "consumption")
    ('total exports (FAS)', 'imports for consumption (customs value)')
    """
    return "total exports (FAS)" if trade_flow == "X" else f"{codelists.TRADE_SYSTEMS[trade_system]} (customs value)"


def balanced(trade_system: str = "general") -> str:
    """What a balance counts: exports less the imports of that system of trade."""
    return f"{counted('X')} less {counted('M', trade_system)}"


Totals = tuple[Figure, Figure, Figure]
"""Exports, imports and balance over the same months."""


@dataclass(frozen=True)
class YearToDate:
    """January, or the first month of the partner's code, to the last month of the edition; the same months a year before.

    Balances are negative in deficit; changes are fractions of size, None where a percentage would say nothing
    (`briefing.figures.bears_percentage`); `_before` is None where those months are not held.
    """

    exports: Figure
    imports: Figure
    balance: Figure
    exports_before: Figure | None
    imports_before: Figure | None
    balance_before: Figure | None
    exports_change: Figure | None
    imports_change: Figure | None
    balance_change: Figure | None

    @property
    def balance_moved_by(self) -> Figure | None:
        """How far the balance moved on the year before, in US dollars; None where that is not held."""
        return moved_by(self.balance, self.balance_before) if self.balance_before is not None else None


@once_a_table
def year_to_date(observations: pd.DataFrame, partner: str, prefix: str = "deficit") -> YearToDate:
    """Exports, general imports and balance of the year so far, with those of the year before.

    Parameters
    ----------
    observations
        Rows of `briefing.record.observations`, all goods, with that partner among them.
    partner
        Schedule C code.

    Raises
    ------
    MissingPeriods
        If a month of the year so far is missing.
    """
    rows = obs.of_partner(observations, partner)
    label = codelists.short_label(partner)
    last = last_period(rows, label)
    months = [month for month in periods.year_to_date(last) if month >= successions.life_alone(partner)[0]]
    obs.require_periods(rows, months, f"Trade with {label}")
    exports, imports, balance = totals(rows, months, prefix)
    earlier = [periods.shifted(month, -12) for month in months]
    if not obs.lines_of(rows).holds(earlier):
        return YearToDate(exports, imports, balance, None, None, None, None, None, None)
    before = totals(rows, earlier, prefix)
    changes = [
        telling_change(f"{now.id}.change", now, then, f"{name} of the year to date")
        for name, now, then in zip(("exports", "imports", "balance"), (exports, imports, balance), before, strict=True)
    ]
    return YearToDate(exports, imports, balance, *before, *changes)


def last_period(observations: pd.DataFrame, label: str) -> str:
    """The last month, by `time_period`, with an observation of the partner.

    Raises
    ------
    MissingPeriods
        If there is none.
    """
    if observations.empty:
        raise MissingPeriods(
            f"No observation of trade with {label} is held for the months asked. The chapter would be empty. "
            "Choose a later as-of day or another partner."
        )
    return str(observations["time_period"].max())


def totals(rows: pd.DataFrame, months: list[str], prefix: str = "deficit") -> Totals:
    """Exports, imports and balance of one partner over the months, in US dollars; a deficit is negative.

    `rows`: see `briefing.record.observations`; one partner, all goods; that the months are held is the caller's to know.
    Ids name partner and months, so that one number has one id.

    Raises
    ------
    MixedBasis
    """
    (partner,) = set(obs.lines_of(rows).columns["counterpart_area"])
    return _totals(partial(summed, rows), months, f"{prefix}.{partner}")


def of_territory(observations: pd.DataFrame, codes: tuple[str, ...], months: list[str]) -> Totals:
    """Exports, imports and balance over the months of all codes under which one territory was counted, together.

    `observations`: see `briefing.record.observations`; all goods. US dollars; a deficit is negative.

    Raises
    ------
    MissingPeriods
        If a month is held under none of them.
    """
    rows = observations[observations["counterpart_area"].isin(codes)]
    obs.require_periods(rows, months, f"Trade with {successions.named(codes)}")
    return _totals(partial(summed, rows), months, f"territory.{'+'.join(codes)}")


def _totals(added: Callable[[str, str, list[str], str], Figure], months: list[str], prefix: str) -> Totals:
    prefix = f"{prefix}.{months[0]}/{months[-1]}"
    exports = added(f"{prefix}.exports", "X", months, f"{counted('X')}, summed")
    imports = added(f"{prefix}.imports", "M", months, f"{counted('M')}, summed")
    return exports, imports, balance_of(f"{prefix}.balance", exports, imports, balanced())


def balance_of(id: str, exports: Figure, imports: Figure, formula: str) -> Figure:
    """Exports less imports over the same months."""
    return derived(id, exports.value - imports.value, DOLLARS, exports.period, formula, [exports, imports])


@once_a_table
def monthly(observations: pd.DataFrame, partner: str) -> pd.DataFrame:
    """One row a month: exports, general imports, balance, and the balance summed over twelve months.

    Columns `time_period`, `exports`, `general_imports`, `trade_balance`, `twelve_months` (US dollars;
    the last is missing for the first eleven months of the record).
    """
    flows = by_flow(obs.of_partner(observations, partner))
    balance = (flows["X"] - flows["M"]).rename("trade_balance")
    return pd.DataFrame(
        {
            "exports": flows["X"],
            "general_imports": flows["M"],
            "trade_balance": balance,
            "twelve_months": twelve_month_sum(balance).reindex(balance.index),
        }
    ).reset_index()


def month_figures(observations: pd.DataFrame, partner: str, period: str) -> dict[str, Figure | None]:
    """Exports, imports, balance and twelve-month balance of one month as figures, in US dollars; a deficit is negative.

    `observations`: see `briefing.record.observations`; all goods. The last is None where a month of the twelve is not held.
    """
    rows = obs.of_partner(observations, partner)
    exports, imports, balance = totals(rows, [period])
    return {
        "exports": exports,
        "imports": imports,
        "balance": balance,
        "twelve_months": twelve_month_balance(observations, partner, period),
    }


def twelve_month_balance(observations: pd.DataFrame, partner: str, last: str) -> Figure | None:
    """The balance summed over the twelve months up to `last`, in US dollars; None if one of them is not held.

    `observations`: see `briefing.record.observations`; all goods.
    """
    return _balance(observations, partner, periods.span(periods.shifted(last, -11), last))


def _balance(observations: pd.DataFrame, partner: str, months: list[str]) -> Figure | None:
    rows = obs.of_partner(observations, partner)
    return totals(rows, months)[2] if obs.lines_of(rows).holds(months) else None


def annual(observations: pd.DataFrame, partner: str, first_year: int) -> pd.DataFrame:
    """One row a `year`: `exports`, `general_imports`, `trade_balance` (US dollars; negative in deficit), and the `months` it sums.

    `observations`: see `briefing.record.observations`; all goods. A year may be a part of one, the last or that in which a
    code began: `months` then says how many, `first_period` and `last_period` which.
    """
    flows = by_flow(obs.of_partner(observations, partner)).reset_index()
    flows = flows[flows["time_period"].str[:4].astype(int) >= first_year]
    years = flows.groupby(flows["time_period"].str[:4].rename("year"))
    table = years.agg(
        exports=("X", "sum"),
        general_imports=("M", "sum"),
        months=("X", "size"),
        first_period=("time_period", "first"),
        last_period=("time_period", "last"),
    ).reset_index()
    return table.assign(trade_balance=table["exports"] - table["general_imports"])


def year_balance(observations: pd.DataFrame, partner: str, year: int) -> Figure | None:
    """The balance of a calendar year, in US dollars; None unless all twelve months are held.

    `observations`: see `briefing.record.observations`; all goods.
    """
    return _balance(observations, partner, periods.span(f"{year}-01", f"{year}-12"))


def ranking(everyone: pd.DataFrame) -> pd.DataFrame:
    """Every country by its balance over the months summed, the largest US deficit first.

    Columns `counterpart_area`, `trade_balance` (US dollars) and `rank` (1 is the largest deficit).
    Aggregates and the residuals (unidentified countries, international organisations) are left out.

    Parameters
    ----------
    everyone
        One row a partner and flow, summed over the same months: `briefing.record.questions.sums`.
    """
    balances = _by_balance(everyone)
    ranked = {"counterpart_area": [*balances], "trade_balance": [*balances.values()]}
    return pd.DataFrame(ranked).assign(rank=range(1, len(balances) + 1))


@once_a_table
def _by_balance(everyone: pd.DataFrame) -> dict[str, int]:
    """The balance with every country, the largest deficit first."""
    balances: dict[str, int] = {}
    columns = _columns(everyone)
    series = zip(*(columns[name] for name in ("counterpart_area", "trade_flow", "obs_value")), strict=True)
    for partner, flow, value in series:
        if partner in COUNTRIES:
            balances[partner] = balances.get(partner, 0) + (value if flow == "X" else -value)
    return dict(sorted(sorted(balances.items()), key=lambda one: one[1]))


COUNTRIES = frozenset(code for code in codelists.PARTNERS if code not in codelists.RESIDUALS)


@dataclass(frozen=True)
class Standing:
    """The partner's place among US deficits, and its share of the whole deficit.

    `rank` is None for the world and for partners with a surplus; `share` (a fraction) also where the
    US has no deficit with the world, or the world's trade is not held, as before 1987.
    """

    rank: Figure | None
    share: Figure | None


def standing(everyone: pd.DataFrame, partner: str, balance: Figure) -> Standing:
    """Rank and share of the partner's deficit over the months of `balance`.

    Parameters
    ----------
    everyone
        One row a partner and flow, `obs_value` summed over the months of `balance`: `briefing.record.questions.sums`.
    """
    place = rank(everyone, partner, balance)
    if place is None:
        return Standing(None, None)
    whole = balance_in(everyone, codelists.WORLD, periods.span(*balance.period.split("/")))
    if whole is None or whole.value >= 0:
        return Standing(place, None)
    id, formula = f"{balance.id}.share", "balance with the partner over balance with the world"
    share = derived(id, balance.value / whole.value, FRACTION, balance.period, formula, [balance, whole])
    return Standing(place, share)


def rank(everyone: pd.DataFrame, partner: str, balance: Figure) -> Figure | None:
    """The partner's place among US deficits; None for the world, for residuals and for partners with a surplus.

    `everyone` is as in `standing`: `obs_value` by `counterpart_area` and `trade_flow`.
    """
    if partner not in COUNTRIES or balance.value >= 0:
        return None
    place = 1 + [*_by_balance(everyone)].index(partner)
    return _place(f"{balance.id}.rank", place, "place among all countries by US deficit", balance, everyone)


def rank_by_trade(everyone: pd.DataFrame, partner: str, trade: Figure) -> Figure | None:
    """The partner's place among all countries by exports and general imports together; None for the world.

    `everyone` is as in `standing`: `obs_value` by `counterpart_area` and `trade_flow`.
    """
    sums: dict[str, int] = {}
    columns = _columns(everyone)
    for code, value in zip(columns["counterpart_area"], columns["obs_value"], strict=True):
        sums[code] = sums.get(code, 0) + value
    if partner not in COUNTRIES & sums.keys():
        return None
    place = 1 + sum(size > sums[partner] for code, size in sums.items() if code in COUNTRIES)
    words = "place among all countries by exports and general imports together"
    return _place(f"{trade.id}.rank", place, words, trade, everyone)


def _place(id: str, place: int, words: str, of: Figure, everyone: pd.DataFrame) -> Figure:
    origins, rows = _countries_told(everyone)
    return Figure(id, place, RANK, of.period, words, origins, (rows,), (of,))


def balance_in(everyone: pd.DataFrame, partner: str, months: list[str]) -> Figure | None:
    """A partner's balance over the months that were summed, in US dollars; None where one of them is not held.

    `everyone` is as in `standing`; how many months were summed stands in its column `observations`, `first_period` and
    `last_period` beside `obs_value`.
    """
    sums = {flow: found for flow in ("X", "M") if (found := _sums(everyone, partner, flow)) is not None}
    if len(sums) < 2 or any(rows.count != len(months) for rows in sums.values()):
        return None

    def added(id: str, flow: str, months: list[str], formula: str) -> Figure:
        origins = _countries_told(everyone)[0]
        return Figure(id, sums[flow].total, DOLLARS, f"{months[0]}/{months[-1]}", formula, origins, (sums[flow],))

    return _totals(added, months, f"deficit.{partner}")[2]


def _sums(everyone: pd.DataFrame, partner: str, flow: str) -> Rows | None:
    """What one flow of a partner came to, as the observations that were summed."""
    places = _places(everyone).get((partner, flow))
    return _summed_at(everyone, places) if places else None


@once_a_table
def _places(everyone: pd.DataFrame) -> dict[tuple[str, str], list[int]]:
    """Where the sums of each partner's flow stand."""
    found: dict[tuple[str, str], list[int]] = {}
    pairs = zip(everyone["counterpart_area"].tolist(), everyone["trade_flow"].tolist(), strict=True)
    for place, pair in enumerate(pairs):
        found.setdefault(pair, []).append(place)
    return found


@once_a_table
def _countries_told(everyone: pd.DataFrame) -> tuple[tuple[Origin, ...], Rows]:
    """Where the countries' trade comes from, and which observations it is."""
    areas = everyone["counterpart_area"].tolist()
    return origins_of(everyone), _summed_at(everyone, [n for n, area in enumerate(areas) if area in COUNTRIES])


def _summed_at(everyone: pd.DataFrame, places: list[int]) -> Rows:
    """The observations behind the sums in those places: what picks them out, how many they are, what they come to."""
    columns = _columns(everyone)
    sums = {name: [column[place] for place in places] for name, column in columns.items()}
    ends = {column: (column, column) for column in obs.KEY} | {"time_period": ("first_period", "last_period")}
    where = tuple((column, min(sums[first]), max(sums[last])) for column, (first, last) in ends.items())
    (origin,) = set(sums["origin"])
    return Rows(origin.dataset, origin.vintage, where, sum(sums["observations"]), sum(sums["obs_value"]))


@once_a_table
def _columns(everyone: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): column.tolist() for name, column in everyone.items()}
