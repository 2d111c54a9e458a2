"""Section "Two ledgers": the US count beside what the other side printed for the same months, and what lies between."""

import pandas as pd

from briefing import periods
from briefing.chapters.state_of_talks import pact_of
from briefing.checks import ledgers, quotes
from briefing.checks.ledgers import Bridge, Ledgers
from briefing.checks.quotes import Quote
from briefing.exhibits.charts import ledgers as pictures
from briefing.exhibits.charts.deficit import BASIS
from briefing.exhibits.tables import Cell, Column, Table
from briefing.figures import deficit, origins_of
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import ledgers as sentences
from briefing.sentences.verdicts import as_printed_in_a_column

MOST_SPANS, FEWEST_MONTHS = 10, 3
STEPS = (
    Column("Step", width=1.5),
    Column("Amount", width=0.8),
    Column("What is known of it", width=3.4),
)
FIRST_PRINTS = (
    Column("Months", width=1.5),
    Column("As printed first"),
    Column("Ledger as held"),
    Column("Printed by", width=2.2),
)


def two_ledgers(edition: Edition) -> list[Output]:
    """The latest months of both sides' counts, the bridge between them, and the years; where the other side's ledger is held by month, also the two as lines, and what it printed first."""
    own = sources.own_trade(edition)
    pair = latest_pair(edition, own)
    if pair is None:
        return [sentences.none(edition.partner_in_prose)]
    other, theirs = other_side(edition), sources.ledger_of_partner(edition)
    shown: list[Output] = [sentences.headline(pair, other, edition.last_period)]
    if len(theirs):
        shown += _lines(edition, own, theirs, other)
    bridge = ledgers.bridge(pair, own)
    shown += [_bridge(bridge, other)] if bridge is not None else []
    spans = _years(edition, own, theirs) if len(theirs) else ledgers.both(own, _printed(edition))[-MOST_SPANS:]
    shown.append(_spans(spans, other, by_ledger=bool(len(theirs))))
    return [*shown, *_first_prints(edition, theirs, other)] if len(theirs) else shown


def other_side(edition: Edition) -> str:
    """The partner's name as the tables of its talks have it."""
    pact = pact_of(edition)
    return pact.other.name if pact is not None else edition.partner_in_prose


def latest_pair(edition: Edition, own: pd.DataFrame) -> Ledgers | None:
    """Both counts of the year so far, as far as both ledgers reach; where the other's is not held, of the latest months of which it printed both flows, or else its balance; None without any.

    `own`: see `briefing.record.observations`; all goods of the partner.
    """
    theirs = sources.ledger_of_partner(edition)
    if len(theirs):
        pair = ledgers.by_month(own, theirs, _so_far(min(edition.last_period, str(theirs["time_period"].max()))))
        if pair is not None:
            return pair
    found = ledgers.both(own, _printed(edition))
    whole = [one for one in found if one.other_exports is not None and one.other_imports is not None]
    return whole[-1] if whole else found[-1] if found else None


def as_printed(edition: Edition, own: pd.DataFrame) -> Ledgers | None:
    """What `latest_pair` gives, with the other side's count as it was printed by the day where it was."""
    pair = latest_pair(edition, own)
    printed = (one for one in ledgers.both(own, _printed(edition)) if pair is not None and one.period == pair.period)
    return next(printed, pair)


def _so_far(last: str) -> str:
    months = periods.year_to_date(last)
    return f"{months[0]}/{months[-1]}"


def _printed(edition: Edition) -> list[Quote]:
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    return [quote for quote in known if quote.partner == edition.partner]


def _years(edition: Edition, own: pd.DataFrame, theirs: pd.DataFrame) -> list[Ledgers]:
    """Both counts of each year shown, and of the year so far."""
    last = min(edition.last_period, str(theirs["time_period"].max()))
    first = max(edition.first_period[:4], str(theirs["time_period"].min())[:4])
    spans = [_so_far(min(f"{year}-12", last)) for year in range(int(first), int(last[:4]) + 1)]
    found = (ledgers.by_month(own, theirs, span) for span in spans)
    return [one for one in found if one is not None]


def _lines(edition: Edition, own: pd.DataFrame, theirs: pd.DataFrame, other: str) -> list[Output]:
    """The twelve-month balance as either side counts it, in the months shown."""
    (counterpart,) = set(theirs["counterpart_area"])
    ours = deficit.monthly(own, edition.partner).set_index("time_period")["twelve_months"]
    counted = deficit.monthly(theirs, counterpart).set_index("time_period")["twelve_months"]
    table = pd.DataFrame({"ours": -ours, "theirs": counted}).dropna().reset_index()
    table = table[table["time_period"] >= edition.first_period]
    if len(table) < FEWEST_MONTHS:
        return []
    title = sentences.lines_title(other, [float(apart) for apart in table["ours"] - table["theirs"]])
    origins = (*origins_of(own), *origins_of(theirs))
    return [pictures.both_counts(table, other, title, origins, _basis_of_both(other))]


def _first_prints(edition: Edition, theirs: pd.DataFrame, other: str) -> list[Output]:
    """What the other side printed of its balance, beside what its ledger has now."""
    found = ledgers.printed_since(theirs, _printed(edition))[-MOST_SPANS:]
    if not found:
        return []
    rows: list[list[Cell]] = [
        [
            periods.in_words(quote.period),
            as_printed_in_a_column(quote),
            now,
            [(quote.publication.words, quote.publication.address)],
        ]
        for quote, now in found
    ]
    title, subtitle = sentences.first_prints_title(other), "{unit}; a surplus is positive"
    told = sentences.first_print(*found[-1], other)
    return [
        told,
        Table(
            "ledgers-first-prints",
            title,
            subtitle,
            FIRST_PRINTS,
            rows,
            basis=f"{other}: exports FOB, imports CIF.",
            coarsest=1e9,
        ),
    ]


def _basis_of_both(other: str) -> str:
    return f"{BASIS} {other}: exports FOB, imports CIF."


def _bridge(bridge: Bridge, other: str) -> Table:
    found = bridge.ledgers
    words = sentences.reasons(other, printed=found.printed_by is not None)
    lags = {name: words[name if getattr(bridge, name) else f"{name}_none"] for name in ("outbound_lag", "inbound_lag")}
    total = ledgers.deficit_of(found)
    rows: list[list[Cell]] = [
        [
            f"{other}'s surplus",
            found.other_balance,
            f"{_whose(found, other)}: exports FOB less imports CIF.",
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
        columns=STEPS,
        rows=rows,
        basis=BASIS,
        emphasis=len(rows) - 1,
        sums=[(total, (found.other_balance, *bridge.steps))],
    )


def _whose(found: Ledgers, other: str) -> str:
    return f"As printed by {found.printed_by.said_by}" if found.printed_by else f"As {other}'s customs service counts"


def _spans(found: list[Ledgers], other: str, *, by_ledger: bool) -> Table:
    theirs = [f"{other}'s {what}" for what in ("exports", "imports", "balance")]
    heads = ("US imports", theirs[0], "US exports", theirs[1], "US balance", theirs[2], "Apart")
    return Table(
        id="ledgers-spans",
        title=sentences.spans_title(),
        subtitle=f"{{unit}}; apart: the US deficit less {other}'s surplus"
        + ("" if by_ledger else f"; a dash where {other}'s flow was not printed"),
        columns=[Column("Months", width=1.3), *(Column(head) for head in heads)],
        rows=[
            [periods.in_words(one.period), one.us_imports, one.other_exports, one.us_exports, one.other_imports,
             one.us_balance, one.other_balance, one.difference]
            for one in found
        ],
        basis=_basis_of_both(other) if by_ledger else f"{BASIS} {other}'s figures as printed, rounded: exports FOB, imports CIF.",
    )  # fmt: skip
