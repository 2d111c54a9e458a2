"""Section "Two ledgers": the US count beside what the other side printed for the same months, and what lies between."""

import pandas as pd

from briefing import periods
from briefing.chapters.state_of_talks import pact_of
from briefing.checks import ledgers, quotes
from briefing.checks.ledgers import Bridge, Ledgers
from briefing.exhibits.charts.deficit import BASIS
from briefing.exhibits.tables import Cell, Column, Table
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import ledgers as sentences

MOST_SPANS = 10


def two_ledgers(edition: Edition) -> list[Output]:
    """The latest months known of both sides, the bridge between them, and every such span."""
    own = sources.own_trade(edition)
    found = _both(edition, own)
    if not found:
        return [sentences.none(edition.partner_in_prose)]
    whole = _bridges(found, own)
    other = other_side(edition)
    shown: list[Output] = [sentences.headline(whole[-1].ledgers if whole else found[-1], other, edition.last_period)]
    return [*shown, *([_bridge(whole[-1], other)] if whole else []), _spans(found[-MOST_SPANS:], other)]


def other_side(edition: Edition) -> str:
    """The partner's name as the tables of its talks have it."""
    pact = pact_of(edition)
    return pact.other.name if pact is not None else edition.partner_in_prose


def latest_pair(edition: Edition, own: pd.DataFrame) -> Ledgers | None:
    """Both counts of the latest months of which both flows were printed, or else both balances; None without any.

    `own`: see `briefing.record.observations`; all goods of the partner.
    """
    found = _both(edition, own)
    whole = _bridges(found, own)
    return whole[-1].ledgers if whole else found[-1] if found else None


def _both(edition: Edition, own: pd.DataFrame) -> list[Ledgers]:
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    return ledgers.both(own, [quote for quote in known if quote.partner == edition.partner])


def _bridges(found: list[Ledgers], own: pd.DataFrame) -> list[Bridge]:
    return [bridge for one in found if (bridge := ledgers.bridge(one, own)) is not None]


def _bridge(bridge: Bridge, other: str) -> Table:
    found, words = bridge.ledgers, sentences.reasons(other)
    lags = {name: words[name if getattr(bridge, name) else f"{name}_none"] for name in ("outbound_lag", "inbound_lag")}
    total = ledgers.deficit_of(found)
    rows: list[list[Cell]] = [
        [
            f"{other}'s surplus",
            found.other_balance,
            f"As printed by {found.printed_by.said_by}: exports FOB less imports CIF.",
        ],
        [f"{other}'s exports, US imports", bridge.outbound_lag, lags["outbound_lag"]],
        ["The rest of these", bridge.outbound_rest, words["outbound_rest"]],
        [f"US exports, {other}'s imports", bridge.inbound_lag, lags["inbound_lag"]],
        ["The rest of these", bridge.inbound_rest, words["inbound_rest"]],
        ["US deficit", total, "Census basis: general imports, customs value, less exports, FAS."],
    ]
    return Table(
        id="ledgers-bridge",
        title=sentences.bridge_title(found, other),
        subtitle="{unit}; from the first row by steps to the last",
        columns=[
            Column("Step", numeric=False, width=1.5),
            Column("Amount", width=0.8),
            Column("What is known of it", numeric=False, width=3.4),
        ],
        rows=rows,
        basis=BASIS,
        emphasis=len(rows) - 1,
        sums=[(total, (found.other_balance, *bridge.steps))],
    )


def _spans(found: list[Ledgers], other: str) -> Table:
    theirs = [f"{other}'s {what}" for what in ("exports", "imports", "balance")]
    heads = ("US imports", theirs[0], "US exports", theirs[1], "US balance", theirs[2], "Apart")
    return Table(
        id="ledgers-spans",
        title=sentences.spans_title(),
        subtitle=f"{{unit}}; apart: the US deficit less {other}'s surplus; a dash where {other}'s flow was not printed",
        columns=[Column("Months", numeric=False, width=1.3), *(Column(head) for head in heads)],
        rows=[
            [periods.in_words(one.period), one.us_imports, one.other_exports, one.us_exports, one.other_imports,
             one.us_balance, one.other_balance, one.difference]
            for one in found
        ],
        basis=f"{BASIS} {other}'s figures as printed, rounded: exports FOB, imports CIF.",
    )  # fmt: skip
