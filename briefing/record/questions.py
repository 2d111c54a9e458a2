"""What is asked of observations, as Ibis expressions: the same on the embedded DuckDB and on any engine Ibis speaks.

Each takes a table of the shape of `briefing.record.observations`, of one dataset in one vintage unless it says
otherwise, and gives a table. Dimensions finer than that shape (a customs district, say) are summed
over; a month or year that has no row gets none. Rows come in no order unless it is stated.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_, or_

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, StringValue, Table

from briefing.codes import successions
from briefing.codes.codelists import PARTNERS, RESIDUALS
from briefing.record import observations as obs


def in_life(observations: Table) -> Table:
    """The rows of months, or of whole years, in which trade was counted under the partner's code.

    Before a code came into use and after it went, the office's workbook reads 0: that is no observation.
    """
    area, period = observations.counterpart_area, observations.time_period
    outside = [area.isin(codes) & _outside_life(period, *life) for life, codes in successions.by_life().items()]
    return observations.filter(~reduce(or_, outside))


def sums(observations: Table, first_period: str, last_period: str, *, by_year: bool = False) -> Table:
    """What each flow of each partner came to over the months from first to last, or in each year of them.

    The columns of the key but `time_period`, and `source`, `vintage`; `obs_value`, US dollars, summed; how many
    `observations` were, and the `first_period` and `last_period` of them.
    """
    rows = within(observations, {"time_period": (first_period, last_period)})
    period = rows.time_period
    shared = [column for column in rows.columns if column not in ("time_period", "obs_value", "obs_status")]
    groups = [*shared, period[:4].name("year")] if by_year else shared
    return rows.group_by(groups).agg(
        obs_value=rows.obs_value.sum().cast("int64"),
        observations=rows.count(),
        first_period=period.min(),
        last_period=period.max(),
    )


def of_partner_alone(observations: Table, partner: str) -> Table:
    """The rows of one partner, without months in which another code carried part of its trade."""
    own = observations.filter(observations.counterpart_area == partner)
    bounds = successions.life_alone(partner)
    return own if bounds == (successions.DAWN, successions.DUSK) else own.filter(_within_life(own.time_period, *bounds))


def _outside_life(period: StringValue, first: str, last: str) -> BooleanValue:
    """The contrary of `_within_life`, in as few words as the two ends need: an engine reads seventeen of them."""
    before = [period < first.removesuffix("-01")] if first != successions.DAWN else []
    cut = [period == last[:4]] if not last.endswith(("-12", "-99")) else []
    after = [period > last, *cut] if last != successions.DUSK else []
    return reduce(or_, [*before, *after])


def _within_life(period: StringValue, first: str, last: str) -> BooleanValue:
    """A year sorts before its months, and lies within where all of them do."""
    begins = first.removesuffix("-01")
    cut = [] if last.endswith(("-12", "-99")) else [period != last[:4]]
    return reduce(and_, [period >= begins, period <= last, *cut])


def published(observations: Table, last_period: str) -> Table:
    """The rows whose month, or whose year's last month, is `last_period` or an earlier one."""
    return observations.filter(*_published(observations, last_period))


def product_trade(observations: Table, classification: str, commodity: str) -> Table:
    """The rows of one product: a code as it stands, so that chapter 87 and its parts never mix."""
    return observations.filter(*_of_product(observations, classification, commodity))


def of_partners(observations: Table, partners: Sequence[str]) -> Table:
    """The rows of those partners."""
    return observations.filter(observations.counterpart_area.isin(partners))


def products_below(observations: Table, classification: str, prefix: str) -> Table:
    """The rows of every code that begins with the prefix: of one level only where the table holds one."""
    codes = observations.commodity.startswith(prefix)
    return observations.filter(observations.classification == classification, codes)


def partner_trade(
    observations: Table, partner: str, classification: str = "TOTAL", commodity: str = "TOTAL", *, last_period: str
) -> Table:
    """Both flows of one partner in one product, by month or year to `last_period`, in the order of their periods.

    Columns: those of the key (`briefing.record.observations.KEY`) and `obs_value`, US dollars, summed over
    finer dimensions; imports of different `trade_system` or `valuation` stay apart.
    """
    own = of_partner_alone(observations, partner)
    rows = own.filter(*_of_product(own, classification, commodity), *_published(own, last_period))
    return _over_finer_dimensions(rows).order_by(["time_period", "trade_flow", "trade_system", "valuation"])


def balances(
    observations: Table, classification: str, commodity: str, *, imports: str, first_period: str, last_period: str
) -> Table:
    """Exports less imports of each country over the months, the largest US deficit first.

    `imports` is the system of trade: "general" or "consumption". Columns `counterpart_area`,
    `trade_balance` (US dollars; negative in deficit). Aggregates and residuals are left out.
    """
    countries = [code for code in PARTNERS if code not in RESIDUALS]
    rows = observations.filter(
        *_of_product(observations, classification, commodity),
        _.time_period.between(first_period, last_period),
        _.counterpart_area.isin(countries),
        _.trade_system.isin(["total", imports]),
        _.adjustment == "N",
    )
    signed = ibis.ifelse(_.trade_flow == "X", _.obs_value, -_.obs_value)
    sums = rows.group_by("counterpart_area").agg(trade_balance=signed.sum().cast("int64"))
    return sums.order_by(["trade_balance", "counterpart_area"])


def within(observations: Table, ranges: Mapping[str, Sequence[str]]) -> Table:
    """The rows whose columns lie in the ranges: first and last value of each, both included."""
    return observations.filter([observations[column].between(*ends) for column, ends in ranges.items()])


def of_vintages(observations: Table, dataset: str, vintages: list[str]) -> Table:
    """The rows of one dataset in those vintages, of a table that holds the whole record."""
    return observations.filter(_.source == dataset, _.vintage.isin(vintages))


def _over_finer_dimensions(rows: Table) -> Table:
    """One row an observation: as they are where the table has no dimension beyond the key, else summed."""
    if set(rows.columns) <= {*obs.COLUMNS, "source", "vintage"}:
        return rows.select(*obs.KEY, "obs_value")
    return rows.group_by(obs.KEY).agg(obs_value=rows.obs_value.sum().cast("int64"))


def _of_product(observations: Table, classification: str, commodity: str) -> list[BooleanValue]:
    return [observations.classification == classification, observations.commodity == commodity]


def _published(observations: Table, last_period: str) -> list[BooleanValue]:
    """A year sorts before its months: the year that the last month cuts is the one to be left out."""
    cut = [] if last_period.endswith("-12") else [observations.time_period != last_period[:4]]
    return [observations.time_period <= last_period, *cut]
