"""What is asked of observations, as Ibis expressions: the same on the embedded DuckDB and on any engine Ibis speaks.

Each takes a table of the shape of `briefing.record.observations`, of one dataset in one vintage unless it says
otherwise, and gives a table. A month or year that has no row gets none. Rows come in no order unless it is stated.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

from ibis import _
from ibis.expr.types import BooleanValue, StringValue, Table

from briefing.codes import successions
from briefing.record import observations as obs

ALWAYS = (successions.DAWN, successions.DUSK)


def in_life(
    observations: Table,
    months: tuple[str, str] = ALWAYS,
    partners: Sequence[str] = (),
) -> Table:
    """The rows of months from one to another, or of whole years, in which trade was counted under the partner's code.

    Before a code came into use and after it went, the office's workbook reads 0: that is no observation. Where all rows
    are of some partners, those are named: few lives begin or end within them.
    """
    area, period = observations.counterpart_area, observations.time_period
    absent, partly = successions.bounded_in(*months)
    asked = {life: [code for code in codes if not partners or code in partners] for life, codes in partly.items()}
    outside = [area.isin(codes) & ~reduce(and_, _within_life(period, *life)) for life, codes in asked.items() if codes]
    inside = [period.between(*months)] if months != ALWAYS else []
    return observations.filter(*inside, ~area.isin(absent), *(~condition for condition in outside))


def sums(observations: Table, first_period: str, last_period: str, *, by_year: bool = False) -> Table:
    """What each flow of each partner came to over the months from first to last, or in each year of them.

    The columns of the key but `time_period`; `obs_value`, US dollars, summed; how many
    `observations` were, and the `first_period` and `last_period` of them.
    """
    rows = in_life(observations, (first_period, last_period))
    period = rows.time_period
    shared = [column for column in obs.KEY if column != "time_period"]
    groups = [*shared, period[:4].name("year")] if by_year else shared
    return rows.group_by(groups).agg(
        obs_value=rows.obs_value.sum().cast("int64"),
        observations=rows.count(),
        first_period=period.min(),
        last_period=period.max(),
    )


def of_partner_alone(observations: Table, partner: str) -> Table:
    """The rows of one partner, without months in which another code carried part of its trade."""
    life = _within_life(observations.time_period, *successions.life_alone(partner))
    return observations.filter(observations.counterpart_area == partner, *life)


def _within_life(period: StringValue, first: str, last: str) -> list[BooleanValue]:
    """What the ends of a life ask of a period, nothing where it has none: a year, which sorts before its months, has to lie within with all of them."""
    begins = [period >= first.removesuffix("-01")] if first != successions.DAWN else []
    cut = [period != last[:4]] if not last.endswith(("-12", "-99")) else []
    ends = [period <= last, *cut] if last != successions.DUSK else []
    return [*begins, *ends]


def product_trade(observations: Table, classification: str, commodity: str) -> Table:
    """The rows of one product: a code as it stands, so that chapter 87 and its parts never mix."""
    return observations.filter(observations.classification == classification, observations.commodity == commodity)


def of_partners(observations: Table, partners: Sequence[str]) -> Table:
    """The rows of those partners."""
    return observations.filter(observations.counterpart_area.isin(partners))


def products_below(observations: Table, classification: str, prefix: str) -> Table:
    """The rows of every code that begins with the prefix: of one level only where the table holds one."""
    codes = observations.commodity.startswith(prefix)
    return observations.filter(observations.classification == classification, codes)


def over_finer_dimensions(observations: Table) -> Table:
    """One row an observation and vintage: of a table with dimensions beyond the key, a customs district say, the sums over them.

    `obs_status` is then "A" where all that is summed is normal.
    """
    if set(observations.columns) <= {*obs.COLUMNS, "source", "vintage"}:
        return observations
    value, status = observations.obs_value.sum().cast("int64"), observations.obs_status.max()
    return observations.group_by([*obs.KEY, "source", "vintage"]).agg(obs_value=value, obs_status=status)


def within(observations: Table, ranges: Mapping[str, Sequence[str]]) -> Table:
    """The rows whose columns lie in the ranges: first and last value of each, both included."""
    return observations.filter([observations[column].between(*ends) for column, ends in ranges.items()])


def of_vintages(observations: Table, dataset: str, vintages: list[str]) -> Table:
    """The rows of one dataset in those vintages, of a table that holds the whole record."""
    return observations.filter(_.source == dataset, _.vintage.isin(vintages))
