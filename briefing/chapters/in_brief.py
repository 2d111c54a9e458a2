"""Chapter "In brief": the edition on two pages, made of the findings that the other chapters deepen."""

from dataclasses import replace
from datetime import date, timedelta

from briefing import checks, periods, talks
from briefing.chapters import auto_trade_gap, claims_checked, deficit_trends, duties, revisions, state_of_talks
from briefing.chapters.two_ledgers import as_printed, other_side
from briefing.codes import codelists, successions
from briefing.exhibits.tables import Cell, Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import contributions, deficit
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence, trends
from briefing.sentences import deficit as of_deficit
from briefing.sentences import in_brief as sentences
from briefing.sentences import ledgers as of_ledgers
from briefing.sentences import talks as of_talks
from briefing.sentences import verdicts as of_checks
from briefing.sentences.words import Worded
from briefing.talks import IssueState, Pact, law
from briefing.talks.texts import RecordText, entry_text, joined

MOST_ISSUES, MOST_AGREED, MOST_CLAIMS = 9, 12, 5
OLD = timedelta(days=365)
"""A position older than this is told with its month, lest it be taken for one of the talks at hand."""


def headline(edition: Edition) -> list[Output]:
    """The headline of the deficit, the strip of the edition's figures, and that it is behind its day where it is."""
    year = deficit.year_to_date(sources.own_trade(edition), edition.partner)
    why_none = successions.year_before(edition.partner)
    shown: list[Output] = [of_deficit.headline(year, edition.partner_in_prose, why_none), _tiles(edition)]
    is_behind = year.balance.origins[0].standing == "earlier"
    return [*shown, deficit_trends.vintage_standing(edition)] if is_behind else shown


def _tiles(edition: Edition) -> Tiles:
    """Balance and change of the year so far, then the vehicle gap and the place among deficits as far as there are any."""
    goods = list(deficit_trends.tiles(edition).tiles)
    gaps = auto_trade_gap.latest_gap(edition)
    if gaps is not None:
        months = periods.in_words(gaps[2].period)
        goods.insert(2, Tile("Vehicles and parts", gaps[2], "signed", months))
    return Tiles("brief-tiles", goods[:4])


def the_talks(edition: Edition) -> list[Output]:
    """Where the talks stand, whose consent is needed, and what each side wants on the issues still open."""
    found = state_of_talks.underway(edition)
    if found is None:
        return [state_of_talks.no_record(edition)]
    pact, events = found
    latest = state_of_talks.latest_of_talks(events)
    _, _, *rest = state_of_talks.news(edition, pact, events)
    shown: list[Output] = [of_talks.lead(state_of_talks.leading(edition, pact, events)), *rest]
    matters = law.matters_known(pact.rows, events, edition.as_of)
    if matters:
        shown.append(of_talks.consents(matters[-1], pact))
        matter = matters[-1]
        clocks = (
            of_talks.undone(matter),
            of_talks.without_vote(matter),
            of_talks.narrow(matter),
            of_talks.earliest(matter, pact.origin),
        )
        shown += [sentence for sentence in clocks if sentence is not None]
    states = talks.issues_known(pact.rows, edition.as_of)
    live = [state for state in states if state.live]
    agreed = [state for state in states if state.pending]
    shown += duties.in_short(edition)
    if live:
        shown.append(_issues(live, pact, of_talks.silent_since(latest, edition.as_of), edition))
    return [*shown, _agreed(agreed, pact, edition)] if agreed else shown


def _issues(states: list[IssueState], pact: Pact, silent_since: date | None, edition: Edition) -> Table:
    """What each side wants on the issues still open, and whether Congress must vote on a change."""
    reach = law.reach_known(pact, edition.as_of)
    rows: list[list[Cell]] = [
        [
            state.name,
            talks.IN_TALKS[state.talks].words,
            talks.IN_LAW[state.law].words,
            *([law.vote_in_congress(state, reach)] if reach else []),
            *(_position(state, side.id, edition.as_of) for side in pact.sides),
        ]
        for state in states[:MOST_ISSUES]
    ]
    columns = [
        Column("Issue", width=1.4),
        Column("In the talks", width=0.75),
        Column("In law", width=0.65),
        *([Column("Vote in Congress", width=0.75)] if reach else []),
        *(Column(side.heading, width=width) for side, width in zip(pact.sides, (1.7, 2.2), strict=True)),
    ]
    counted = of_talks.counted(states, edition.as_of, pact.origin)["live"]
    title = sentences.issues_title(counted, silent_since, edition.as_of)
    last = "The current position of each side; with its month where older than a year"
    subtitle = last if len(states) <= MOST_ISSUES else f"Those that moved last. {last}"
    return Table("brief-issues", title, subtitle, columns, rows, extra_origins=(pact.origin,))


def _position(state: IssueState, side: str, as_of: date) -> RecordText | None:
    """A side's last position, opened by its month where it is old."""
    entry = state.positions.get(side)
    if entry is None:
        return None
    words = entry_text(state, side, entry)
    return joined(RecordText(f"{periods.in_words(f'{entry.day:%Y-%m}')}:"), words) if as_of - entry.day > OLD else words


def _agreed(states: list[IssueState], pact: Pact, edition: Edition) -> Table:
    """What is settled and still awaits an act."""
    rows: list[list[Cell]] = [
        [state.name, periods.when_in_words(state.talks_since or ""), entry_text(state, "place", state.in_talks[-1])]
        for state in states[:MOST_AGREED]
    ]
    columns = [
        Column("Issue", width=1.6),
        Column("Since", width=1.0),
        Column("What is agreed", width=3.1),
    ]
    title = sentences.agreed_title(of_talks.counted(states, edition.as_of, pact.origin)["agreed"])
    return Table("brief-agreed", title, "", columns, rows, extra_origins=(pact.origin,))


def the_deficit(edition: Edition) -> list[Output]:
    """Why the deficit moved, its place among the others, the other ledger, and twelve-month sums as a chart."""
    year = deficit.year_to_date(sources.own_trade(edition), edition.partner)
    flows = contributions.by_flows(year)
    place = deficit_trends.standing(edition)
    said: list[Sentence | None] = [
        deficit_trends.against_the_news(edition) or deficit_trends.as_first_published(edition),
        _as_sentence(trends.by_flows(flows)) if flows is not None else None,
        _as_sentence(of_deficit.place(place, year.balance, codelists.in_prose(edition.partner)))
        if place.rank
        else None,
        _two_ledgers(edition),
        revisions.as_old_as_the_headline(edition),
    ]
    return [*(sentence for sentence in said if sentence is not None), *deficit_trends.twelve_month_balance(edition)[:1]]


def _two_ledgers(edition: Edition) -> Sentence | None:
    own = sources.own_trade(edition)
    pair = as_printed(edition, own)
    return of_ledgers.headline(pair, other_side(edition), edition.last_period) if pair is not None else None


def the_auto_gap(edition: Edition) -> list[Output]:
    """The vehicle gap, its share of the whole, and the gap that was quoted."""
    found = [
        sentence
        for sentence in auto_trade_gap.headline(edition)
        if isinstance(sentence, Sentence) and (sentence.id != "autos-share" or "share" in sentence.quoted)
    ]
    plain = [replace(sentence, style="finding") if sentence.style == "headline" else sentence for sentence in found]
    return [*plain, *(of_checks.in_a_sentence(found) for found in auto_trade_gap.quoted_in_the_news(edition))]


def the_claims(edition: Edition) -> list[Output]:
    """How many quoted figures hold, and the latest of them with their verdicts."""
    found = claims_checked.quotes_checked(edition)
    if not found:
        return [of_checks.none(edition.partner_in_prose)]
    said = replace(of_checks.headline(found, edition.partner_in_prose), style="finding")
    recent = [one for one in found if periods.is_recent(one.quote.day, edition.as_of)][:MOST_CLAIMS]
    if not recent:
        return [said]
    rows: list[list[Cell]] = [
        [
            claims_checked.what_was_said(one.quote),
            Worded(one.quote.figure, of_checks.as_printed(one.quote)),
            of_checks.in_a_cell(one.verdict_then.nearest, one.quote) if one.verdict_then.nearest else None,
            one.verdict_then.kind.words,
        ]
        for one in recent
    ]
    columns = [
        Column("What was said", width=4.6),
        Column("Quoted", width=1.1),
        Column("The record has", width=1.6),
        Column("Verdict", width=1.2),
    ]
    title = sentences.claims_title()
    nearest = "Beside the closest official figure of that day, or the nearest later one held"
    return [said, Table("brief-claims", title, nearest, columns, rows, extra_origins=checks.records_of(found))]


def _as_sentence(sentence: Sentence) -> Sentence:
    """A title or headline as a plain sentence."""
    stop = "" if sentence.template.endswith(".") else "."
    return replace(sentence, id=f"brief-{sentence.id}", template=sentence.template + stop, style="finding")
