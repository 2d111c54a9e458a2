"""Every way a quoted figure could be meant, and what it comes to: product, basis, period, ledger, vintage.

What a quote states is taken at its word; what it leaves open is tried in every fair way. Exports of one
definition never meet imports of another.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from briefing import periods
from briefing.checks import Reading, ledgers
from briefing.checks.quotes import Quote
from briefing.codes import codelists
from briefing.errors import MissingPeriods
from briefing.figures import DOLLARS, FRACTION, RATIO, Figure, autos, change, deficit, derived, sum_of
from briefing.figures.ranges import change_range, quotient_range
from briefing.figures.series import FLOWS
from briefing.record.lines import once_a_table
from briefing.record.observations import lines_of

Flows = dict[str, Figure]
Trade = Callable[[str], Flows]
"""Exports, imports, balance and their sum over months, as far as that definition holds them."""

CARS = "30000"
SAME_LEDGER = {"vehicles": ("vehicles", "passenger cars", "automotive"), "trade": ("goods and services",)}
OTHER_LEDGER = {"exports": "imports", "imports": "exports", "balance": "balance", "trade": "trade"}


@dataclass(frozen=True, eq=False)
class OwnTrade:
    """What is held of one partner: all goods and HS chapter 87 by month, both flows below end-use 3 by year; and by month its
    own ledger with the US and with others, as it counts them.

    The tables may reach further than a claim, whose months are those that were out: so claims of several days share them.
    Each count is made once a table, for all the claims that are held against it.
    """

    goods: pd.DataFrame
    chapter: pd.DataFrame
    end_use: pd.DataFrame
    ledger: pd.DataFrame

    @property
    def of_goods(self) -> Trade:
        return partial(_of_goods, self.goods)

    def of_chapter(self, partner: str, basis: str) -> Trade:
        """On a basis of imports."""
        return partial(_of_chapter, self.chapter, partner, basis)

    def of_end_use(self, partner: str, *codes: str) -> Trade:
        """Of some codes, or of all where none is named."""
        return partial(_of_end_use, self.end_use, partner, codes)

    def of_ledger(self, counterpart: str) -> Trade:
        """As the partner counts its trade with the US (""), or with a partner of its own by name."""
        return partial(_of_ledger, self.ledger, codelists.partner_code(counterpart) or "US")


@dataclass(frozen=True)
class Holdings:
    """What a claim is checked with: trade as it stood on record, and the figures printed by then.

    `every_partner` gives all goods by partner and flow, summed from one month to another, which only a place among
    them needs; `own` is trade with the partner alone. `last_period` is the last month published; a claim that names
    no months means some up to `last_meant`, the last one published when it was made.
    """

    every_partner: Callable[[str, str], pd.DataFrame]
    own: OwnTrade
    prints: Sequence[Quote]
    last_period: str
    last_meant: str


def readings(quote: Quote, held: Holdings) -> tuple[Reading, ...]:
    """Every fair reading of the quote that the holdings can compute, then those beside it."""
    return with_prints(tuple(measured(quote, held)), quote, held)


def with_prints(computed: tuple[Reading, ...], quote: Quote, held: Holdings) -> tuple[Reading, ...]:
    """Readings made of observations, then those made of what pages printed, and those of the other ledger."""
    return tuple(dict.fromkeys([*computed, *_printed(quote, held), *_other_ledger(quote, held)]))


def candidate_periods(quote: Quote, last_period: str, last_meant: str) -> list[str]:
    """The months that the quote could mean, among those published.

    A quote that states none may mean the last complete year, the one before, the year so far, or the
    last twelve months, each as they were on its day.
    """
    complete = int(last_meant[:4]) - (last_meant[5:] != "12")
    open_periods = {
        "last year": f"{complete}-01/{complete}-12",
        "year before last": f"{complete - 1}-01/{complete - 1}-12",
        "year to date": f"{last_meant[:4]}-01/{last_meant}",
        "twelve months": f"{periods.shifted(last_meant, -11)}/{last_meant}",
    }
    named = [open_periods.get(period, period) for period in quote.periods]
    return [period for period in dict.fromkeys(named) if period[-7:] <= last_period]


def measured(quote: Quote, held: Holdings) -> Iterator[Reading]:
    """Every fair reading of the quote made of observations alone, of the ledger whose statistics it is of."""
    if quote.figure.unit == "count":
        return
    for definition, stated, trade in _definitions(quote, held):
        for period in candidate_periods(quote, held.last_period, held.last_meant):
            for base, figure in _figures(quote, period, trade, held):
                yield Reading(f"{definition}{base}", period, figure, figure.value, figure.value, stated)


def _definitions(quote: Quote, held: Holdings) -> list[tuple[str, bool, Trade]]:
    """The fair definitions of what the quote counts: their words, whether its own words allow them, their trade."""
    if not quote.of_us:
        ledger = f"all goods, as {quote.reporter.name}'s customs service counts them"
        return [(ledger, True, held.own.of_ledger(quote.counterpart))] if quote.scope == "goods" else []
    goods = ("all goods, Census basis", quote.scope in ("goods", "trade"), held.own.of_goods)
    if quote.scope in ("goods", "trade", "goods and services"):
        return [goods]
    words = {basis: f"HS chapter 87, {codelists.TRADE_SYSTEMS[basis]}" for basis in autos.BASES}
    if quote.measure.startswith("exports"):
        words = {"consumption": "HS chapter 87, total exports"}
    chapter = [
        (word, quote.scope != "passenger cars", held.own.of_chapter(quote.partner, basis))
        for basis, word in words.items()
    ]
    counted = "total exports" if quote.measure.startswith("exports") else "general imports"
    cars = (
        f"end-use 30000, passenger cars, {counted}",
        quote.scope != "automotive",
        held.own.of_end_use(quote.partner, CARS),
    )
    parts = (
        f"end-use 3, vehicles and parts, {counted}",
        quote.scope != "passenger cars",
        held.own.of_end_use(quote.partner),
    )
    return {
        "vehicles": [*chapter, cars, parts],
        "passenger cars": [cars, *chapter],
        "automotive": [*chapter, parts],
    }.get(quote.scope, [])


@once_a_table
def _of_goods(rows: pd.DataFrame, period: str) -> Flows:
    return _unless_missing(rows, period, lambda months: deficit.totals(rows, months, _stamp(rows, months[-1])))


def _of_ledger(ledger: pd.DataFrame, counterpart: str, period: str) -> Flows:
    return _of_counterpart(_with(ledger, counterpart), period)


@once_a_table
def _with(ledger: pd.DataFrame, counterpart: str) -> pd.DataFrame:
    """The rows of a ledger with one counterpart."""
    return ledger[ledger["counterpart_area"] == counterpart].copy()


@once_a_table
def _of_counterpart(rows: pd.DataFrame, period: str) -> Flows:
    return _unless_missing(rows, period, lambda months: ledgers.counted_by_them(rows, months))


@once_a_table
def _of_chapter(chapter: pd.DataFrame, partner: str, basis: str, period: str) -> Flows:
    rows = autos.on_basis(chapter, basis)
    return _unless_missing(rows, period, lambda months: autos.gap(chapter, partner, basis, months))


@once_a_table
def _of_end_use(rows: pd.DataFrame, partner: str, codes: tuple[str, ...], period: str) -> Flows:
    """Trade of whole years by end-use, of some codes or of all: the flows held, and the balance where both are."""
    year = period[:4]
    if period != f"{year}-01/{year}-12":
        return {}
    flows = {name: _flow_of_end_use(rows, name, partner, codes, period) for name in FLOWS}
    held = {name: figure for name, figure in flows.items() if figure is not None}
    if len(held) == 2:
        exports, imports = held["exports"], held["imports"]
        what = f"{deficit.balanced()}, end-use {_codes_in_words(codes)}"
        held["balance"] = deficit.balance_of(f"{exports.id}.with.{imports.id}.balance", exports, imports, what)
    return held


def _flow_of_end_use(rows: pd.DataFrame, name: str, partner: str, codes: tuple[str, ...], period: str) -> Figure | None:
    flow = FLOWS[name]
    found = autos.by_code(rows, partner, period[:4], flow)
    stamp = _stamp(rows[rows["trade_flow"] == flow], period[:4])
    parts = [replace(part, id=f"{stamp}.{part.id}") for code, part in found.items() if not codes or code in codes]
    if not parts:
        return None
    id = f"{stamp}.end-use.{'+'.join(codes) or 'all'}.{period[:4]}.{name}"
    return sum_of(id, period, f"{deficit.counted(flow)}, end-use {_codes_in_words(codes)}", parts)


def _codes_in_words(codes: tuple[str, ...]) -> str:
    return ", ".join(codes) or codelists.AUTOMOTIVE


def _stamp(rows: pd.DataFrame, last: str) -> str:
    """The prefix of ids: the vintage of the rows of that month or year, which ends what is summed."""
    return f"vintage.{vintage}" if (vintage := _vintages(rows).get(last)) else ""


@once_a_table
def _vintages(rows: pd.DataFrame) -> dict[str, str]:
    """The vintage of each month or year."""
    return dict(zip(rows["time_period"], rows["vintage"], strict=True))


def _unless_missing(
    rows: pd.DataFrame, period: str, totals: Callable[[list[str]], tuple[Figure, Figure, Figure]]
) -> Flows:
    months = periods.span(*period.split("/"))
    if not lines_of(rows).holds(months):
        return {}
    try:
        exports, imports, balance = totals(months)
    except MissingPeriods:
        return {}
    total = derived(
        f"{balance.id}.trade", exports.value + imports.value, DOLLARS, period, "exports and imports", [exports, imports]
    )
    return {"exports": exports, "imports": imports, "balance": balance, "trade": total}


def _figures(quote: Quote, period: str, trade: Trade, held: Holdings) -> Iterator[tuple[str, Figure]]:
    """What the measure comes to, with words for the base period where it was not stated."""
    what, _, how = quote.measure.partition(".")
    if what == "rank":
        yield from _ranks(quote, period, how, held)
    elif what == "share":
        yield from _shares(period, trade, held.own.of_goods)
    elif not how:
        now = trade(period)
        if what in now:
            yield "", now[what]
    else:
        yield from _compared(quote, period, trade, what, how)


def _compared(quote: Quote, period: str, trade: Trade, what: str, how: str) -> Iterator[tuple[str, Figure]]:
    for base in _bases(quote, period):
        now, before = trade(period).get(what), trade(base).get(what)
        if now is None or before is None:
            continue
        figure = change(f"{now.id}.on.{base}", now, before, what)
        if figure is not None and how == "ratio":
            ratio = now.value / before.value
            figure = derived(f"{now.id}.to.{base}", ratio, RATIO, period, f"{what} over that of {base}", [now, before])
        if figure is not None:
            yield (f", against {periods.in_words(base)}" if quote.against else ""), figure


def _bases(quote: Quote, period: str) -> Iterator[str]:
    """What the quote may set a period against: as many months of those named, of a year so far the same ones; the year before where none are."""
    first, last = period.split("/")
    for base in quote.against:
        is_year_so_far = first.endswith("-01") and base.endswith("-12") and base[5:7] == "01"
        same = f"{base[:7]}/{base[:4]}{last[4:]}" if is_year_so_far and first[:4] == last[:4] else base
        if len(periods.span(*same.split("/"))) == len(periods.span(first, last)):
            yield same
    if not quote.against:
        yield "/".join(periods.shifted(month, -12) for month in (first, last))


def _shares(period: str, part: Trade, whole: Trade) -> Iterator[tuple[str, Figure]]:
    own, goods = part(period).get("balance"), whole(period).get("balance")
    if own is not None and goods is not None and goods.value:
        share = own.value / goods.value
        yield (
            "",
            derived(
                f"{own.id}.over.{goods.id}", share, FRACTION, period, "its balance over that of all goods", [own, goods]
            ),
        )


def _ranks(quote: Quote, period: str, how: str, held: Holdings) -> Iterator[tuple[str, Figure]]:
    flows = held.own.of_goods(period)
    if not flows:
        return
    everyone = held.every_partner(*period.split("/"))
    if how == "balance":
        rank = deficit.rank(everyone, quote.partner, flows["balance"])
    else:
        rank = deficit.rank_by_trade(everyone, quote.partner, flows["trade"])
    if rank is not None:
        yield "", replace(rank, id=f"{flows['balance'].id}.rank.{how}")


def _printed(quote: Quote, held: Holdings) -> Iterator[Reading]:
    """What other pages print of the same thing, or what follows from their prints.

    Of US goods only first prints count: the rest repeats them. A quote is no witness for itself.
    """
    scopes = SAME_LEDGER.get(quote.scope, (quote.scope,))
    others = [other for other in held.prints if other.id != quote.id and _same_ledger(quote, other)]
    for period in candidate_periods(quote, held.last_period, held.last_meant):
        for scope in scopes:
            own = [other for other in others if other.scope == scope]
            first = quote.of_us and scope == "goods"
            if first:
                own = [other for other in own if other.first_print]
            yield from (replace(reading, first_print=first) for reading in _from_prints(quote, own, period))
            if quote.measure == "share":
                yield from _shares_of_prints(own, period, held.own.of_goods)


def _shares_of_prints(others: Sequence[Quote], period: str, whole: Trade) -> Iterator[Reading]:
    """A printed gap over the goods balance of the same months."""
    goods = whole(period).get("balance")
    if goods is None or not goods.value:
        return
    for other in others:
        if (other.measure, other.period) != ("balance", period):
            continue
        low, value, high = (abs((other.figure.value + sign * other.step / 2) / goods.value) for sign in (1, 0, -1))
        id, formula = f"{other.figure.id}.over.{goods.id}", "the balance printed, over that of all goods"
        figure = derived(id, value, FRACTION, period, formula, [other.figure, goods])
        words = f"{other.scope}, as printed by {other.said_by}, over all goods, Census basis"
        yield Reading(words, period, figure, low, high, printed=True)


def _same_ledger(quote: Quote, other: Quote) -> bool:
    return (quote.reporter, quote.partner, quote.counterpart) == (other.reporter, other.partner, other.counterpart)


def _from_prints(quote: Quote, others: Sequence[Quote], period: str) -> Iterator[Reading]:
    alike = [o for o in others if (o.measure, o.period, o.figure.unit) == (quote.measure, period, quote.figure.unit)]
    for other in alike:
        half = other.step / 2
        value, words = other.figure.value, f"{other.scope}, as printed by {other.said_by}"
        yield Reading(words, period, other.figure, value - half, value + half, printed=True)
    what, _, how = quote.measure.partition(".")
    if how in ("change", "ratio"):
        yield from _change_of_prints(quote, others, period, what, how)
    elif what in ("balance", "trade") and not quote.of_us:
        yield from _flows_of_prints(quote, others, period, what)


def _flows_of_prints(quote: Quote, others: Sequence[Quote], period: str, what: str) -> Iterator[Reading]:
    """The balance or sum of exports and imports printed on one page."""
    flows = {
        o.measure: o for o in others if o.period == period and o.said_by == quote.said_by and o.figure.unit == DOLLARS
    }
    if {"exports", "imports"} <= set(flows):
        exports, imports = flows["exports"], flows["imports"]
        sign = -1 if what == "balance" else 1
        value = exports.figure.value + sign * imports.figure.value
        half = (exports.step + imports.step) / 2
        id, formula = (
            f"{exports.figure.id}.with.{imports.figure.id}.{what}",
            f"{what} of the exports and imports printed",
        )
        figure = derived(id, value, DOLLARS, period, formula, [exports.figure, imports.figure])
        yield Reading(
            "from the exports and imports it printed", period, figure, value - half, value + half, printed=True
        )


def _change_of_prints(quote: Quote, others: Sequence[Quote], period: str, what: str, how: str) -> Iterator[Reading]:
    """The change between two printed sizes, in the range that their rounding allows."""
    bases = _bases(quote, period)
    sized = {o.period: o for o in reversed(others) if o.measure == what and o.figure.unit == DOLLARS}
    for base in bases:
        if period not in sized or base not in sized or not sized[base].figure.value:
            continue
        now, before = sized[period], sized[base]
        bounds = quotient_range if how == "ratio" else change_range
        low, high = bounds(now.figure.value, now.step, before.figure.value, before.step)
        value = abs(now.figure.value / before.figure.value) - (how != "ratio")
        unit = RATIO if how == "ratio" else FRACTION
        id, formula = f"{now.figure.id}.over.{before.figure.id}", f"{what} printed, over that of {base}"
        figure = derived(id, value, unit, period, formula, [now.figure, before.figure])
        words = f"{now.scope}, from two printed figures" + (
            f", against {periods.in_words(base)}" if quote.against else ""
        )
        yield Reading(words, period, figure, low, high, printed=True)


def _other_ledger(quote: Quote, held: Holdings) -> Iterator[Reading]:
    """The same trade in the other side's statistics: its exports beside US imports. Never judged by."""
    what, _, how = quote.measure.partition(".")
    if quote.counterpart or quote.figure.unit != DOLLARS or how or quote.scope not in ("goods", "trade"):
        return
    mirror, sign = OTHER_LEDGER[what], -1 if what == "balance" else 1
    for period in candidate_periods(quote, held.last_period, held.last_meant):
        if not quote.of_us:
            figure = held.own.of_goods(period).get(mirror)
            if figure is not None:
                yield _mirrored(quote, "US statistics (Census), the other way round", period, figure, sign)
            continue
        for other in held.prints:
            same = (other.partner, other.scope, other.counterpart) == (quote.partner, "goods", "")
            if same and not other.of_us and (other.measure, other.period) == (mirror, period):
                words = f"{other.reporter.statistics}, as printed by {other.said_by}"
                yield _mirrored(quote, words, period, other.figure, sign)


def _mirrored(quote: Quote, words: str, period: str, figure: Figure, sign: int) -> Reading:
    value = sign * figure.value
    if sign < 0:
        figure = derived(
            f"{quote.figure.id}.mirror.{figure.id}", value, DOLLARS, period, "the other side's, sign turned", [figure]
        )
    return Reading(words, period, figure, value, value, stated=False, printed=bool(figure.origins[0].reference))
