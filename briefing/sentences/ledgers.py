"""Sentences on the two ledgers: the US count and the other side's."""

from collections.abc import Sequence

from briefing import periods
from briefing.checks.ledgers import Ledgers
from briefing.checks.quotes import Quote
from briefing.figures import Figure
from briefing.sentences import Sentence
from briefing.sentences.verdicts import dollars_to
from briefing.sentences.words import side


def headline(ledgers: Ledgers, other: str, last_period: str) -> Sentence:
    """Both sides' count of the same gap, and how far apart they lie; where nothing later than a year ago is held, that.

    `other` is the other side's name; `last_period` is the last month of the edition.
    """
    labels = {"months": periods.in_words(ledgers.period), "other": other}
    printed = ledgers.printed_by
    if printed is not None:
        labels["speaker"] = printed.said_by
    less = "less" if ledgers.difference.value > 0 else "more"
    words = (
        f"For {{months}} the US counts a {side(ledgers.us_balance.value)} of {{us:size}}; {{other}}{', as printed by {speaker},' if printed else ''} "
        f"a {side(ledgers.other_balance.value)} of {{theirs:size}}, {{difference:size}} {less}."
    )
    if ledgers.period[-7:] < periods.shifted(last_period, -12):
        words += " Our record has no later count of {other}'s by this day."
    return Sentence(
        "ledgers-headline",
        words,
        {"us": ledgers.us_balance, "theirs": ledgers.other_balance, "difference": ledgers.difference},
        labels,
    )


def bridge_title(ledgers: Ledgers, other: str) -> Sentence:
    """The title of the bridge."""
    return Sentence(
        "ledgers-bridge-title",
        "From {other}'s surplus to the US deficit, {months}",
        {},
        {"other": other, "months": periods.in_words(ledgers.period)},
    )


def spans_title() -> Sentence:
    """The title of the table of months known of both sides."""
    return Sentence("ledgers-spans-title", "Both counts of the same months")


def lines_title(other: str, apart: Sequence[float]) -> Sentence:
    """The title of the two counts as lines; `apart` is by how many dollars the US count is the larger, month by month."""
    more, less = ("The US", "{other}") if apart[-1] > 0 else ("{other}", "the US")
    is_usual = sum((one > 0) == (apart[-1] > 0) for one in apart) > len(apart) / 2
    words = (
        f"{more} counts more than {less} does"
        if is_usual
        else f"{more} now counts more than {less} does, after years of less"
    )
    return Sentence("ledgers-lines-title", words, {}, {"other": other})


def first_print(quote: Quote, now: Figure, other: str) -> Sentence:
    """What the other side printed last of its balance, and what its ledger has now for those months."""
    words = (
        f"{{other}} first printed a {side(quote.figure.value)} of {{printed:{dollars_to(quote.step, signed=False)}}} for {{months}}; its ledger as "
        "held has {now:size}."
    )
    figures, labels = {"printed": quote.figure, "now": now}, {"other": other, "months": periods.in_words(quote.period)}
    return Sentence("ledgers-first-print", words, figures, labels)


def first_prints_title(other: str) -> Sentence:
    """The title of the table of what the other side printed."""
    return Sentence(
        "ledgers-first-prints-title", "What {other} printed, and what its ledger has since", {}, {"other": other}
    )


def none(partner: str) -> Sentence:
    """That nothing printed by the other side is on record for months that the US count holds."""
    return Sentence(
        "ledgers-none",
        "For {partner} our record has nothing that the other side printed on its trade with the US by this day: only the US ledger is held.",
        {},
        {"partner": partner},
        style="note",
    )


def reasons(other: str, *, printed: bool) -> dict[str, str]:
    """What is known of each step of the bridge from the other side's surplus, in words; `printed` figures of its own are rounded."""
    by_way = "customs value against FOB, goods sent by way of third countries"
    return {
        "outbound_lag": f"Timing: what leaves {other} late in a month is counted in the US in the next. Counted a month later, US imports "
        "would differ by this much.",
        "outbound_lag_none": f"Timing: what leaves {other} late in a month is counted in the US in the next. Not measured: the month after "
        "had not been published.",
        "outbound_rest": f"The rest, not explained by figures held: {by_way}{', and the rounding of what was printed' * printed}.",
        "inbound_lag": f"Timing: what leaves the US late in a month is counted in {other} in the next. Counted a month earlier, US exports "
        "would differ by this much.",
        "inbound_lag_none": f"Timing: what leaves the US late in a month is counted in {other} in the next. Not measured: the month before "
        "is not held.",
        "inbound_rest": f"The rest, not explained by figures held: {other} counts imports CIF, with freight and insurance, the US exports "
        f"FAS; US exports include re-exports of foreign goods, which {other} books to their origin.",
    }
