"""Chapter "Claims checked": what others said of the trade and the talks, held against the record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from briefing import checks, periods
from briefing.chapters.state_of_talks import pact_of
from briefing.chapters.two_ledgers import other_side
from briefing.checks import Checked, Reading, ledgers, quotes, statements
from briefing.checks.quotes import Quote
from briefing.checks.readings import Holdings, OwnTrade, measured, readings, with_prints
from briefing.codes import codelists, successions
from briefing.exhibits.checklist import Check
from briefing.exhibits.tables import Cell, Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import Figure
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import verdicts as sentences
from briefing.sentences.words import Worded
from briefing.talks import Pact

RECENT = timedelta(days=3)
SUBJECTS = {
    "goods": "The whole trade, in US statistics",
    "autos": "Vehicles and their parts",
}
"""Subjects of US statistics; those of the other side are one more, under its name."""


@sources.once_registered
def _trade_then(edition: Edition) -> OwnTrade:
    """What is held of the partner in the vintages of the edition's day, to their last month."""
    whole = replace(edition, last_period=successions.DUSK)
    end_use = sources.end_use(whole, codelists.AUTOMOTIVE)
    ledger = sources.whole_ledger_of_partner(whole)
    return OwnTrade(sources.own_trade(whole), sources.own_chapter(whole, "87"), end_use, ledger)


@sources.once_registered
def _trade_now(edition: Edition) -> OwnTrade:
    """The same months in the newest vintages held."""
    end_use = sources.end_use_now(edition, codelists.AUTOMOTIVE)
    ledger = sources.whole_ledger_of_partner(edition)
    return OwnTrade(sources.own_trade_now(edition), sources.own_chapter(edition, "87"), end_use, ledger)


def _holdings(edition: Edition, prints: Sequence[Quote], last_meant: str, *, now: bool) -> Holdings:
    every_partner = partial(sources.everyone_now if now else sources.everyone, edition)
    return Holdings(
        every_partner, _trade_now(edition) if now else _trade_then(edition), prints, edition.last_period, last_meant
    )


def _as_of(edition: Edition, day: date) -> Edition:
    """The same partner on the day of a claim, whatever months the edition shows."""
    last = sources.calendar().last_published(day)
    return replace(edition, as_of=day, first_period=last, last_period=last)


@sources.once_registered
def _measured_on_its_day(day: Edition) -> dict[str, tuple[Reading, ...]]:
    """What was on record on a day makes of each figure quoted on the partner then, by its id: the same for any edition."""
    known = quotes.quotes(sources.talks_record(), day.as_of)
    then = _holdings(day, known, day.last_period, now=False)
    return {q.id: tuple(measured(q, then)) for q in known if (q.day, q.partner) == (day.as_of, day.partner)}


def checked(quote: Quote, edition: Edition) -> Checked:
    """One quoted figure with its readings: as on record on its day, and as known now."""
    return _checked(quote, edition, quotes.quotes(sources.talks_record(), edition.as_of))


def _checked(quote: Quote, edition: Edition, known: Sequence[Quote]) -> Checked:
    day = _as_of(edition, quote.day)
    then = _holdings(day, [other for other in known if other.day <= quote.day], day.last_period, now=False)
    now = _holdings(edition, known, day.last_period, now=True)
    on_its_day = with_prints(_measured_on_its_day(day)[quote.id], quote, then)
    return Checked(quote, on_its_day, readings(quote, now))


@sources.once_registered
def quotes_checked(edition: Edition) -> tuple[Checked, ...]:
    """Every figure quoted on the partner by the day, checked, the latest first."""
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    return tuple(_checked(quote, edition, known) for quote in known if quote.partner == edition.partner)


def headline(edition: Edition) -> list[Output]:
    """How many quoted figures there are, and what the record makes of them."""
    found = quotes_checked(edition)
    if not found:
        return [sentences.none(edition.partner_in_prose)]
    counts = sentences.counted(found)
    tiles = [
        Tile("Hold", counts["holds"], "number", "under every fair definition"),
        Tile("Hold in part", counts["only"], "number", "under some definitions only"),
        Tile("Off by rounding", counts["rounding"], "number", "cut, or the neighbouring figure"),
        Tile("Revised since", counts["revised"], "number", "first prints; another figure now"),
        Tile("Not reproducible", counts["fails"], "number", "under no definition held"),
    ]
    if counts["elsewise"].value:
        tiles.append(Tile("On another definition", counts["elsewise"], "number", "than the one stated"))
    title = sentences.headline(found, edition.partner_in_prose)
    return [title, Tiles("checks-tiles", tiles), sentences.how_judged()]


def recent(edition: Edition) -> list[Output]:
    """The figures quoted in the last three days, each with every reading."""
    found = [one for one in quotes_checked(edition) if one.quote.day > edition.as_of - RECENT]
    if not found:
        return [sentences.none_recent()] if quotes_checked(edition) else []
    return [_card(one) for one in found]


def _card(checked: Checked) -> Check:
    """A quoted figure as the page shows it."""
    nearest = sorted(checked.then, key=lambda reading: (not reading.stated, checks.distance(checked.quote, reading)))
    later = sorted(checked.now, key=lambda reading: (not reading.stated, checks.distance(checked.quote, reading)))
    return Check(
        id=f"check-{checked.quote.id}",
        said=sentences.said(checked.quote),
        judged=sentences.judged(checked),
        then=checked.verdict_then.kind,
        now=checked.verdict_now.kind,
        pages=[checked.quote.publication],
        origin=checked.quote.record,
        checked=replace(checked, then=tuple(nearest), now=tuple(later)),
    )


def said_in_words(edition: Edition) -> list[Output]:
    """What was said of the talks in the last three months, against the dated record."""
    pact = pact_of(edition)
    if pact is None or not pact.rows["statement"]:
        return []
    found = [s for s in statements.statements(pact.rows, edition.as_of) if periods.is_recent(s.day, edition.as_of)]
    return [_statement(statement, pact, edition) for statement in found] or [sentences.none_said()]


def _statement(statement: statements.Statement, pact: Pact, edition: Edition) -> Check:
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    then, now = (
        statements.checked(statement, statements.known(pact, day, known, sources.calendar(), _partners(edition, day)))
        for day in (statement.day, edition.as_of)
    )
    return Check(
        id=f"check-{statement.id}",
        said=sentences.statement_said(statement),
        judged=sentences.statement_judged(statement, then, now),
        then=then.verdict,
        now=now.verdict,
        pages=[*statement.publications, *(page for page in now.publications if page not in statement.publications)],
        origin=pact.origin,
    )


def _partners(edition: Edition, day: date) -> list[Figure]:
    """What the partner traded with each of its own partners, over the twelve months that were known on a day."""
    last = min(edition.last_period, sources.calendar().last_published(day))
    return ledgers.trade_with_each(sources.whole_ledger_of_partner(edition), last)


def every_quote(edition: Edition) -> list[Output]:
    """Every figure quoted by the day in a line each, by subject."""
    found, pact = quotes_checked(edition), pact_of(edition)
    other = pact.other.id if pact is not None else "partner"
    subjects = {**SUBJECTS, other: f"{other_side(edition)}'s own statistics"}
    groups: dict[str, list[Checked]] = {subject: [] for subject in subjects}
    for one in found:
        groups[_subject(one.quote, other)].append(one)
    return [_table(subject, subjects[subject], group) for subject, group in groups.items() if group]


def _subject(quote: Quote, other: str) -> str:
    if quote.scope not in ("goods", "services", "goods and services", "trade"):
        return "autos"
    return "goods" if quote.of_us else other


def _table(subject: str, words: str, found: list[Checked]) -> Table:
    columns = [
        Column("What was said", width=2.9),
        Column("Quoted", width=1.2),
        Column("On its day", width=1.3),
        Column("As known now", width=1.3),
        Column("Verdict", width=1.2),
    ]
    return Table(
        id=f"checks-{subject}",
        title=sentences.table_title(f"checks-{subject}-title", words),
        subtitle="Each quoted figure beside the reading that comes nearest, in the vintage of its day and as known now",
        columns=columns,
        rows=[_row(one) for one in found],
        extra_origins=checks.records_of(found),
    )


def _row(checked: Checked) -> list[Cell]:
    quote = checked.quote
    then, now = checked.verdict_then.nearest, checked.verdict_now.nearest
    return [
        what_was_said(quote),
        Worded(quote.figure, sentences.as_printed(quote)),
        sentences.in_a_cell(then, quote) if then else None,
        sentences.in_a_cell(now, quote) if now else None,
        kinds(checked),
    ]


def what_was_said(quote: Quote) -> str:
    """Who quoted a figure, when, and of what."""
    months = periods.in_words(quote.period) if quote.period else "period not stated"
    hedge = f", {quote.hedge}" if quote.hedge else ""
    return f"{quote.said_by}, {quotes.said_on(quote)}: {sentences.quantity(quote)}, {months}{hedge}"


def kinds(checked: Checked) -> str:
    """The verdict of the claim's day, and that of now where it differs."""
    then, now = checked.verdict_then.kind.words, checked.verdict_now.kind.words
    return then if then == now else f"{then}; now {now}"
