"""Trade in all goods with one partner: year to date, months, years, ranking among partners."""

from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.codes import codelists, successions
from briefing.errors import MissingPeriods
from briefing.figures import (
    DOLLARS,
    FRACTION,
    RANK,
    Figure,
    by_flow,
    derived,
    moved_by,
    origins_of,
    rows_of,
    summed,
    telling_change,
    twelve_month_sum,
)
from briefing.record import observations as obs

BALANCE = "total exports (FAS) less general imports (customs value)"

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
    if set(earlier) - set(by_flow(rows).index):
        return YearToDate(exports, imports, balance, None, None, None, None, None, None)
    before = totals(rows, earlier, prefix)
    changes = [
        telling_change(f"{now.id}.change", now, then, f"{name} of the year to date")
        for name, now, then in zip(("exports", "imports", "balance"), (exports, imports, balance), before, strict=True)
    ]
    return YearToDate(exports, imports, balance, *before, *changes)


def last_period(observations: pd.DataFrame, label: str) -> str:
    """The last month with an observation of the partner.

    Raises
    ------
    MissingPeriods
        If there is none.
    """
    if observations.empty:
        raise MissingPeriods(
            f"No observation of trade with {label} is held for the months asked. The chapter would be empty. "
            "Choose a later as-of day or another partner; `briefing partners` says what is held."
        )
    return str(observations["time_period"].max())


def totals(rows: pd.DataFrame, months: list[str], prefix: str = "deficit") -> Totals:
    """Exports, imports and balance of one partner over the months; their ids name both, so that one number has one id."""
    (partner,) = set(rows["counterpart_area"])
    return _totals(rows, months, f"{prefix}.{partner}")


def of_territory(observations: pd.DataFrame, codes: tuple[str, ...], months: list[str]) -> Totals:
    """Exports, imports and balance over the months of all codes under which one territory was counted, together.

    Raises
    ------
    MissingPeriods
        If a month is held under none of them.
    """
    rows = observations[observations["counterpart_area"].isin(codes)]
    obs.require_periods(rows, months, f"Trade with {successions.named(codes)}")
    return _totals(rows, months, f"territory.{'+'.join(codes)}")


def _totals(rows: pd.DataFrame, months: list[str], prefix: str) -> Totals:
    rows = rows[rows["time_period"].isin(months)]
    prefix = f"{prefix}.{months[0]}/{months[-1]}"
    exports = summed(f"{prefix}.exports", rows[rows["trade_flow"] == "X"], months, "total exports (FAS), summed")
    imports = summed(
        f"{prefix}.imports",
        rows[rows["trade_flow"] == "M"],
        months,
        "general imports (customs value), summed",
    )
    return exports, imports, balance_of(f"{prefix}.balance", exports, imports, BALANCE)


def balance_of(id: str, exports: Figure, imports: Figure, formula: str) -> Figure:
    """Exports less imports over the same months."""
    return derived(id, exports.value - imports.value, DOLLARS, exports.period, formula, [exports, imports])


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
    """Exports, imports, balance and twelve-month balance of one month as figures."""
    rows = obs.of_partner(observations, partner)
    exports, imports, balance = totals(rows, [period])
    return {
        "exports": exports,
        "imports": imports,
        "balance": balance,
        "twelve_months": twelve_month_balance(observations, partner, period),
    }


def twelve_month_balance(observations: pd.DataFrame, partner: str, last: str) -> Figure | None:
    """The balance summed over the twelve months up to `last`; None if one of them is not held."""
    return _balance(observations, partner, periods.span(periods.shifted(last, -11), last))


def _balance(observations: pd.DataFrame, partner: str, months: list[str]) -> Figure | None:
    rows = obs.of_partner(observations, partner)
    rows = rows[rows["time_period"].isin(months)]
    if set(months) - set(by_flow(rows).index):
        return None
    return totals(rows, months)[2]


def annual(observations: pd.DataFrame, partner: str, first_year: int) -> pd.DataFrame:
    """One row a year: exports, general imports, balance (US dollars), and the months it sums.

    A year may be a part of one, the last or that in which a code began: `months` then says how many, `first_period`
    and `last_period` which.
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
    """The balance of a calendar year; None unless all twelve months are held."""
    return _balance(observations, partner, periods.span(f"{year}-01", f"{year}-12"))


def ranking(observations: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Every country by its balance over the months, the largest US deficit first.

    Columns `counterpart_area`, `trade_balance` (US dollars) and `rank` (1 is the largest deficit).
    Aggregates and the residuals (unidentified countries, international organisations) are left out.
    """
    return _ranked(_of_countries(observations, months))


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    signed = rows["obs_value"].where(rows["trade_flow"] == "X", -rows["obs_value"])
    sums = signed.groupby(rows["counterpart_area"]).sum().rename("trade_balance")
    table = sums.sort_values(kind="stable").reset_index()
    return table.assign(rank=range(1, len(table) + 1))


COUNTRIES = [code for code in codelists.PARTNERS if code not in codelists.RESIDUALS]


def _of_countries(observations: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    rows = observations[observations["time_period"].isin(months)]
    return rows[rows["counterpart_area"].isin(COUNTRIES)]


@dataclass(frozen=True)
class Standing:
    """The partner's place among US deficits, and its share of the whole deficit.

    `rank` is None for the world and for partners with a surplus; `share` (a fraction) also where the
    US has no deficit with the world, or the world's trade is not held, as before 1987.
    """

    rank: Figure | None
    share: Figure | None


def standing(observations: pd.DataFrame, partner: str, balance: Figure) -> Standing:
    """Rank and share of the partner's deficit over the months of `balance`."""
    months = periods.span(*balance.period.split("/"))
    if partner == codelists.WORLD or partner in codelists.RESIDUALS or balance.value >= 0:
        return Standing(None, None)
    observations = obs.as_text(observations[observations["time_period"].isin(months)])
    rows = _of_countries(observations, months)
    table = _ranked(rows)
    place = int(table.loc[table["counterpart_area"] == partner, "rank"].iloc[0])
    rank = Figure(
        f"{balance.id}.rank",
        place,
        RANK,
        balance.period,
        "place among all countries by US deficit",
        origins_of(rows),
        rows_of(rows),
        (balance,),
    )
    world = _balance(observations, codelists.WORLD, months)
    if world is None or world.value >= 0:
        return Standing(rank, None)
    share = derived(
        f"{balance.id}.share", balance.value / world.value, FRACTION, balance.period,
        "balance with the partner over balance with the world", [balance, world],
    )  # fmt: skip
    return Standing(rank, share)


def standing_by_trade(observations: pd.DataFrame, partner: str, trade: Figure, months: list[str]) -> Figure | None:
    """The partner's place among all countries by exports and general imports together; None for the world."""
    rows = _of_countries(observations, months)
    sums = rows.groupby("counterpart_area")["obs_value"].sum()
    if partner not in sums.index:
        return None
    place = 1 + int((sums > sums[partner]).sum())
    return Figure(
        f"{trade.id}.rank", place, RANK, trade.period, "place among all countries by exports and general imports together",
        origins_of(rows), rows_of(rows), (trade,),
    )  # fmt: skip
