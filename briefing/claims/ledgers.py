"""Sentences on the two ledgers: the US count and the other side's."""

from briefing import periods
from briefing.claims import Claim
from briefing.figures.ledgers import Ledgers


def headline(ledgers: Ledgers) -> Claim:
    """Both balances of the same months, and how far apart they lie."""
    labels = {"months": periods.in_words(ledgers.period), "speaker": ledgers.printed_by.said_by}
    return Claim(
        "ledgers-headline",
        "For {months} the US counts a balance of {us:signed}; Korea, as printed by {speaker}, one of {korea:signed}. "
        "They lie {difference:size} apart.",
        {"us": ledgers.us_balance, "korea": ledgers.other_balance, "difference": ledgers.difference}, labels,
    )  # fmt: skip


def bridge_title(ledgers: Ledgers) -> Claim:
    """The title of the bridge."""
    return Claim(
        "ledgers-bridge-title",
        "From Korea's surplus to the US deficit, {months}",
        {},
        {"months": periods.in_words(ledgers.period)},
    )


def spans_title() -> Claim:
    """The title of the table of months known of both sides."""
    return Claim("ledgers-spans-title", "Both counts of the same months")


def none(partner: str) -> Claim:
    """That nothing printed by the other side is on record for months that the US count holds."""
    return Claim(
        "ledgers-none",
        "Nothing that the other side printed on its trade with the US is on record by this day for {partner}: only the US ledger is held.",
        {}, {"partner": partner}, style="note",
    )  # fmt: skip


REASONS = {
    "outbound_lag": "Timing: what leaves Korea late in a month is counted in the US in the next. Counted a month later, US imports "
    "would differ by this much.",
    "outbound_lag_none": "Timing: what leaves Korea late in a month is counted in the US in the next. Not measured: the month after "
    "had not been published.",
    "outbound_rest": "The rest, not explained by figures held: customs value against FOB, goods sent by way of third countries, "
    "and the rounding of what was printed.",
    "inbound_lag": "Timing: what leaves the US late in a month is counted in Korea in the next. Counted a month earlier, US exports "
    "would differ by this much.",
    "inbound_lag_none": "Timing: what leaves the US late in a month is counted in Korea in the next. Not measured: the month before "
    "is not held.",
    "inbound_rest": "The rest, not explained by figures held: Korea counts imports CIF, with freight and insurance, the US exports "
    "FAS; US exports include re-exports of foreign goods, which Korea books to their origin.",
}
"""What is known of each step of the bridge, in words."""
