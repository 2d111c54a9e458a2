"""Chapter "State of talks": events and issues up to the as-of day."""

from collections.abc import Sequence
from datetime import date

from briefing import periods, talks
from briefing.codes import codelists
from briefing.exhibits.charts import talks as pictures
from briefing.exhibits.links import told_apart
from briefing.exhibits.tables import Cell, Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.exhibits.timeline import EventList, IssueMatrix
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence
from briefing.sentences import talks as sentences
from briefing.talks import Event, Pact, Publication, law
from briefing.talks.texts import entry_text, told
from briefing.talks.texts import origins_of as told_by

FEWEST_EVENTS, MOST_EVENTS = 6, 12
"""The timeline shows the last eighteen months, or goes further back where they hold too few events."""


def pact_of(edition: Edition) -> Pact | None:
    """The pact on which talks with the edition's partner are on record."""
    return talks.pact_with(sources.talks_record(), edition.partner)


def underway(edition: Edition) -> tuple[Pact, Sequence[Event]] | None:
    """The pact and its events known on the day; None for partners without a record, and before its first event."""
    pact = pact_of(edition)
    events = talks.events_known(pact.rows, edition.as_of) if pact is not None else ()
    return (pact, events) if pact is not None and events else None


def no_record(edition: Edition) -> Sentence:
    """That the edition has no record of talks; where it is only too early for it, from when on there is one."""
    pact = pact_of(edition)
    if pact is not None:
        days = [event.known_from for event in talks.events_known(pact.rows, date.max)]
        return sentences.record_begins(edition.partner_in_prose, min(days))
    kept = [codelists.in_prose(pact.partner) for pact in talks.pacts(sources.talks_record())]
    return sentences.no_record(edition.partner_in_prose, kept)


def _eighteen_months_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - 18
    return date(months // 12, months % 12 + 1, 1)


def latest_of_talks(events: Sequence[Event]) -> Event:
    """The last event, data releases left out: they are on record as events, but they are no news of the talks."""
    return [event for event in events if event.kind != "data"][-1]


def headline(edition: Edition) -> list[Output]:
    """The last event, where the issues stand, what the last round brought, and whose consent is needed."""
    found = underway(edition)
    if found is None:
        return [no_record(edition)]
    pact, events = found
    counts = sentences.counted(talks.issues_known(pact.rows, edition.as_of), edition.as_of, pact.origin)
    latest = latest_of_talks(events)
    tiles = [
        Tile("On the table", counts["live"], "number", "issues raised or under negotiation"),
        Tile("Agreed", counts["agreed"], "number", "issues settled, not yet in force"),
        Tile("In force", counts["implemented"], "number", "issues settled and applied"),
        Tile("Dropped", counts["dropped"], "number", "issues given up"),
    ]
    shown: list[Output] = [sentences.headline(latest), Tiles("talks-tiles", tiles)]
    quiet = sentences.silence(latest, talks.edge(pact.rows), edition.as_of)
    return [*shown, *([quiet] if quiet is not None else []), *rounds(edition, pact, events)]


def rounds(edition: Edition, pact: Pact, events: Sequence[Event]) -> list[Sentence]:
    """The round at hand, what is fixed for a later day, and what was due and is not on record."""
    last, ahead = talks.round_at_hand(events), talks.scheduled(events, edition.as_of)
    said = [
        sentences.last_round(last) if last is not None else None,
        sentences.clock(last, ahead, edition.as_of, pact.origin),
        sentences.overdue(talks.overdue(events, edition.as_of)),
    ]
    return [sentence for sentence in said if sentence is not None]


def timeline(edition: Edition) -> list[Output]:
    """The events of the last eighteen months by track, or further back where they hold too few key ones."""
    found = underway(edition)
    if found is None:
        return []
    pact, events = found
    key = [event for event in events if event.key]
    recent = [event for event in key if event.day >= _eighteen_months_before(edition.as_of)]
    key = (recent if len(recent) >= FEWEST_EVENTS else key)[-MOST_EVENTS:]
    if not key:
        return []
    shown = [event for event in events if event.day >= key[0].day]
    ahead = talks.scheduled(events, edition.as_of)
    title = sentences.timeline_title(key[0], key[-1])
    return [pictures.timeline(shown, key, ahead, edition.as_of, title, (pact.origin,))]


def changed(edition: Edition) -> list[Output]:
    """What has moved since the round before, and what is fixed for later days."""
    found = underway(edition)
    if found is None:
        return []
    pact, events = found
    earlier = [event for event in talks.rounds(events) if event.day < edition.as_of]
    shown: list[Output] = []
    if earlier:
        moved = talks.changed_since(pact.rows, earlier[-1].day, edition.as_of)
        title = sentences.changed_title(earlier[-1], len(moved), edition.as_of, pact.origin)
        shown.append(_changed_table(moved, title, pact) if moved else title)
    ahead = talks.scheduled(events, edition.as_of)
    return [*shown, _ahead_table(ahead, pact, edition)] if ahead else shown


def _changed_table(found: list[talks.Changed], title: Sentence, pact: Pact) -> Table:
    columns = [
        Column("Issue", numeric=False, width=1.2),
        Column("Was", numeric=False, width=0.8),
        Column("Is", numeric=False, width=0.9),
        Column("On", numeric=False, width=0.9),
        Column("What happened", numeric=False, width=2.4),
    ]
    rows: list[list[Cell]] = [
        [
            pair.now.name,
            talks.STATUSES[pair.before.status.status].words if pair.before else "new",
            talks.STATUSES[pair.now.status.status].words,
            periods.day_in_words(pair.now.status.day),
            entry_text(pair.now, "status", pair.now.status),
        ]
        for pair in found
    ]
    subtitle = "Status of each issue at the end of that day, and now"
    return Table("talks-changed", title, subtitle, columns, rows, extra_origins=(pact.origin,))


def _ahead_table(ahead: list[talks.Scheduled], pact: Pact, edition: Edition) -> Table:
    columns = [
        Column("When", numeric=False, width=0.8),
        Column("What", numeric=False, width=2.6),
        Column("By", numeric=False, width=1.6),
    ]
    rows: list[list[Cell]] = [
        [
            periods.when_in_words(plan.when),
            told(f"schedule.{plan.day}", plan.what, told_by(plan.publications, plan.known_from)),
            [(words, page.address) for words, page in told_apart(plan.publications[:2])],
        ]
        for plan in ahead
    ]
    return Table("talks-ahead", sentences.ahead_title(edition.as_of), "", columns, rows, extra_origins=(pact.origin,))


def legal_clock(edition: Edition) -> list[Output]:
    """Whose consent is still needed, what the law asks for, and what can change without Congress."""
    found = underway(edition)
    matters = law.matters_known(found[0].rows, found[1], edition.as_of) if found is not None else []
    if found is None or not matters:
        return []
    pact, matter = found[0], matters[-1]
    said = [
        sentences.consents(matter, pact),
        sentences.without_vote(matter),
        sentences.earliest(matter, edition.as_of, pact.origin),
        sentences.fast_track(matter, edition.as_of, pact.origin),
    ]
    reach = law.reach_known(pact, edition.as_of)
    shown: list[Output] = [sentence for sentence in said if sentence is not None]
    shown.append(_steps_table(matter, pact, edition))
    return [*shown, _reach_table(reach, pact)] if reach else shown


def _steps_table(matter: law.Matter, pact: Pact, edition: Edition) -> Table:
    columns = [
        Column("Step", numeric=False, width=2.4),
        Column("Whose", numeric=False, width=0.7),
        Column("Law", numeric=False, width=1.6),
        Column("Standing", numeric=False, width=1.3),
    ]
    rows: list[list[Cell]] = [
        [step.name, law.whose(step.side, pact), _linked(step.law, step.publications), sentences.standing_of(step)]
        for step in matter.steps
    ]
    title = sentences.steps_title(matter, edition.as_of, pact.origin)
    return Table("talks-steps", title, "In the order of the law", columns, rows, extra_origins=(pact.origin,))


def _reach_table(reach: list[law.Reach], pact: Pact) -> Table:
    columns = [
        Column("What would change", numeric=False, width=1.6),
        Column("Who can change it, once both agree", numeric=False, width=2.0),
        Column("Vote", numeric=False, width=0.9),
        Column("Law", numeric=False, width=1.5),
    ]
    rows: list[list[Cell]] = [
        [
            row.what,
            told(f"reach.{row.what}", row.by, told_by(row.publications, row.since)),
            row.vote,
            _linked(row.law, row.publications),
        ]
        for row in reach
    ]
    return Table(
        "talks-reach",
        sentences.reach_title(),
        sentences.by_law(pact),
        columns,
        rows,
        extra_origins=(pact.origin,),
    )


def _linked(words: str, pages: Sequence[Publication]) -> list[tuple[str, str]]:
    return [(words, pages[0].address)]


def issues(edition: Edition) -> list[Output]:
    """Every issue that had come up, with status and positions."""
    found = underway(edition)
    if found is None:
        return []
    pact, events = found
    states = talks.issues_known(pact.rows, edition.as_of)
    title = sentences.issues_title(sentences.silent_since(latest_of_talks(events), edition.as_of), edition.as_of)
    return [IssueMatrix("talks-issues-matrix", title, states, pact, law.reach_known(pact, edition.as_of))]


def recent_events(edition: Edition) -> list[Output]:
    """The events of the last eighteen months, the latest first, with summaries."""
    found, start = underway(edition), _eighteen_months_before(edition.as_of)
    recent = [event for event in found[1] if event.day >= start] if found is not None else []
    if found is None or not recent:
        return []
    title = sentences.events_title(recent[0].day, recent[-1].day, "talks-recent")
    return [EventList("talks-recent-events", title, recent[::-1], found[0].origin)]


def earlier_events(edition: Edition) -> list[Output]:
    """The events before that, in a line each, the latest first."""
    found, start = underway(edition), _eighteen_months_before(edition.as_of)
    earlier = [event for event in found[1] if event.day < start] if found is not None else []
    if found is None or not earlier:
        return []
    title = sentences.events_title(earlier[0].day, earlier[-1].day, "talks-earlier")
    return [EventList("talks-earlier-events", title, earlier[::-1], found[0].origin, brief=True)]
