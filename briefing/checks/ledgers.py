"""Two ledgers of one trade: the US count beside the other side's of the same months, its ledger or what it printed.

What one side calls exports the other calls imports, each valued in its own way: US exports are FAS and
general imports customs value; Korea counts exports FOB and imports CIF, with freight and insurance.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.checks.quotes import Quote
from briefing.codes import codelists
from briefing.figures import DOLLARS, Figure, deficit, derived, summed
from briefing.record.observations import lines_of


@dataclass(frozen=True)
class Ledgers:
    """Both counts of the same months, in US dollars: flows as each side counts them, balances with its own sign."""

    period: str
    us_exports: Figure
    us_imports: Figure
    us_balance: Figure
    other_exports: Figure | None
    other_imports: Figure | None
    other_balance: Figure
    printed_by: Quote | None = None
    """Who printed the other side's count; None where it is its ledger by month."""

    @property
    def difference(self) -> Figure:
        """By how much the US deficit is larger than the other side's surplus."""
        value = -self.us_balance.value - self.other_balance.value
        how = "ledgers" if self.printed_by is None else "ledgers.printed"
        id, formula = f"{how}.{self.period}.difference", "the US deficit less the other side's surplus"
        return derived(id, value, DOLLARS, self.period, formula, [self.us_balance, self.other_balance])


def deficit_of(ledgers: Ledgers) -> Figure:
    """The US balance with its sign turned: positive in deficit, as the bridge counts."""
    value = -ledgers.us_balance.value
    return derived(
        f"{ledgers.us_balance.id}.deficit",
        value,
        DOLLARS,
        ledgers.period,
        "the US balance, sign turned",
        [ledgers.us_balance],
    )


@dataclass(frozen=True)
class Bridge:
    """From the other side's surplus to the US deficit: each step a figure, their sum the difference to the cent.

    Of each flow's difference the part that a lag of one month comes to, where its months are held, and the rest.
    """

    ledgers: Ledgers
    outbound_lag: Figure | None
    outbound_rest: Figure
    inbound_lag: Figure | None
    inbound_rest: Figure

    @property
    def steps(self) -> tuple[Figure, ...]:
        """What is added to the other side's surplus, in order."""
        lags = (self.outbound_lag, self.outbound_rest, self.inbound_lag, self.inbound_rest)
        return tuple(step for step in lags if step is not None)


def both(own: pd.DataFrame, printed: Iterable[Quote]) -> list[Ledgers]:
    """Every span of months of which both sides' balance is known, in order.

    Parameters
    ----------
    own
        Rows of `briefing.record.observations`: all goods of the partner, monthly, the US count.
    printed
        Quotes of the other side's statistics on its trade with the US, the latest print first.
    """
    goods = [quote for quote in printed if _is_of_goods(quote)]
    held = set(zip(own["trade_flow"], own["time_period"], strict=True))
    spans = sorted({quote.period for quote in goods}, key=_by_end)
    return [found for span in spans if (found := _of_span(own, held, span, goods)) is not None]


def by_month(own: pd.DataFrame, theirs: pd.DataFrame, span: str) -> Ledgers | None:
    """Both counts of a span of months out of both ledgers; None where one lacks a month of it.

    Parameters
    ----------
    own
        Rows of `briefing.record.observations`: all goods of the partner, monthly, the US count.
    theirs
        The same of the partner's trade with the US as the partner counts it: exports FOB, imports CIF.
    """
    months = periods.span(*span.split("/"))
    if not (lines_of(own).holds(months) and lines_of(theirs).holds(months)):
        return None
    return Ledgers(span, *deficit.totals(own, months), *counted_by_them(theirs, months))


def counted_by_them(theirs: pd.DataFrame, months: list[str]) -> deficit.Totals:
    """The partner's exports (FOB), imports (CIF) and balance over the months, in US dollars: a surplus is positive.

    `theirs` is as in `by_month`; with another counterpart than the US, the trade with that.
    """
    (counterpart,) = set(lines_of(theirs).columns["counterpart_area"])
    id = f"ledger.{counterpart}.{months[0]}/{months[-1]}"
    exports = summed(theirs, f"{id}.exports", "X", months, "exports (FOB) as the partner counts them, summed")
    imports = summed(theirs, f"{id}.imports", "M", months, "imports (CIF) as the partner counts them, summed")
    formula = "the partner's exports less its imports"
    return exports, imports, deficit.balance_of(f"{id}.balance", exports, imports, formula)


THE_US = "the US"


def trade_with_each(theirs: pd.DataFrame, last: str) -> list[Figure]:
    """What the partner traded, both ways, with each counterpart of which its ledger has the twelve months to `last`; US dollars.

    `theirs` is as in `by_month`, with other counterparts too.
    """
    months = periods.span(periods.shifted(last, -11), last)
    found = []
    for counterpart, rows in theirs.groupby("counterpart_area"):
        if lines_of(rows).holds(months):
            exports, imports, _ = counted_by_them(rows, months)
            id, formula = f"ledger.{counterpart}.{exports.period}.trade", "the partner's exports and imports"
            found.append(
                derived(id, exports.value + imports.value, DOLLARS, exports.period, formula, [exports, imports])
            )
    return found


def counterpart_in_words(trade: Figure) -> str:
    """With whom the trade of a figure of `trade_with_each` is."""
    code = trade.id.split(".")[1]
    return THE_US if code == "US" else codelists.in_prose(code)


def printed_since(theirs: pd.DataFrame, printed: Iterable[Quote]) -> list[tuple[Quote, Figure]]:
    """Each balance that was printed of the partner's count, and what its ledger has now for the same months, in order.

    `theirs` is as in `by_month`; `printed` the latest print first: of months printed more than once, the first is taken.
    """
    first = {quote.period: quote for quote in printed if _is_of_goods(quote) and quote.measure == "balance"}
    held = lines_of(theirs)
    spans = sorted((span for span in first if held.holds(periods.span(*span.split("/")))), key=_by_end)
    return [(first[span], counted_by_them(theirs, periods.span(*span.split("/")))[2]) for span in spans]


def _by_end(span: str) -> tuple[str, str]:
    return span[-7:], span


def _is_of_goods(quote: Quote) -> bool:
    return not quote.of_us and (quote.scope, quote.counterpart, quote.figure.unit) == ("goods", "", DOLLARS)


def _of_span(own: pd.DataFrame, held: set[tuple[str, str]], span: str, goods: list[Quote]) -> Ledgers | None:
    months = periods.span(*span.split("/"))
    if not {(flow, month) for flow in "XM" for month in months} <= held:
        return None
    printed = {q.measure: q for q in reversed(goods) if q.period == span}
    exports, imports, balance = (printed.get(measure) for measure in ("exports", "imports", "balance"))
    if balance is not None:
        surplus, by = balance.figure, balance
    elif exports is not None and imports is not None:
        formula = "the exports printed less the imports printed"
        surplus = deficit.balance_of(f"ledgers.{span}.printed_balance", exports.figure, imports.figure, formula)
        by = exports
    else:
        return None
    ours = deficit.totals(own, months)
    return Ledgers(span, *ours, exports.figure if exports else None, imports.figure if imports else None, surplus, by)


def bridge(ledgers: Ledgers, own: pd.DataFrame) -> Bridge | None:
    """The steps from the other side's surplus to the US deficit, in US dollars; None unless both its flows are known.

    `own` is as in `both`; see `briefing.record.observations`. Where the printed surplus is not the printed exports less
    imports, what rounding leaves is in the rest.
    """
    if ledgers.other_exports is None or ledgers.other_imports is None:
        return None
    span = ledgers.period
    rounding = ledgers.other_exports.value - ledgers.other_imports.value - ledgers.other_balance.value
    out = _step(
        f"{span}.outbound",
        ledgers.us_imports,
        ledgers.other_exports,
        "US general imports less the other side's exports",
    )
    back = _step(
        f"{span}.inbound", ledgers.other_imports, ledgers.us_exports, "the other side's imports less US exports"
    )
    # What leaves in a month arrives in the next: its exports stand in our imports a month on, our exports in its imports.
    out_lag = _lag(f"{span}.outbound_lag", own, span, "M", 1)
    in_lag = _lag(f"{span}.inbound_lag", own, span, "X", -1)
    return Bridge(ledgers, out_lag, _rest(out, out_lag, rounding), in_lag, _rest(back, in_lag, 0.0))


def _step(id: str, larger: Figure, smaller: Figure, formula: str) -> Figure:
    return derived(f"ledgers.{id}", larger.value - smaller.value, DOLLARS, larger.period, formula, [larger, smaller])


def _lag(id: str, own: pd.DataFrame, span: str, flow: str, by: int) -> Figure | None:
    """What counting the flow a month later (1) or earlier (-1) would change, with the sign it has in the bridge."""
    first, last = span.split("/")
    enters, leaves = (periods.shifted(last, 1), first) if by > 0 else (periods.shifted(first, -1), last)
    held = set(zip(own["trade_flow"], own["time_period"], strict=True))
    if not {(one, month) for one in "XM" for month in (enters, leaves)} <= held:
        return None
    side = 0 if flow == "X" else 1
    one, other = (deficit.totals(own, [month])[side] for month in (enters, leaves))
    words = f"the month a {'later' if by > 0 else 'earlier'} count takes in and the one it leaves out"
    value = -by * (one.value - other.value)
    return derived(f"ledgers.{id}", value, DOLLARS, span, words, [one, other])


def _rest(step: Figure, lag: Figure | None, rounding: float) -> Figure:
    value = step.value - (lag.value if lag else 0.0) + rounding
    parts: Iterator[Figure] = (part for part in (step, lag) if part is not None)
    return derived(f"{step.id}.rest", value, DOLLARS, step.period, "what the lag does not explain", parts)
