"""Chapter "State of talks": events and issues up to the as-of day."""

from collections.abc import Sequence
from datetime import date, timedelta

from briefing import periods, talks
from briefing.codes import codelists
from briefing.exhibits.charts import talks as pictures
from briefing.exhibits.links import told_apart
from briefing.exhibits.tables import Cell, Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.exhibits.timeline import EventList, IssueMatrix, place_in_words, places_of
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


MOST_BEFORE = 3
"""How many of the events just before the one that leads, and how many of those since, are told beside it."""

WEIGHTY = ("deal", "round", "tariff")
"""The kinds of key events that lead the page for a month, whatever of less weight has followed."""


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
    """The last event, of several of one day a key one; data releases are on record as events, but no news of the talks."""
    of_talks = [event for event in events if event.kind != "data"]
    day = of_talks[-1].last
    return [
        event for event in of_talks if event.last == day and event.key == any(e.key for e in of_talks if e.last == day)
    ][-1]


def leading(edition: Edition, pact: Pact, events: Sequence[Event]) -> Event:
    """The event that leads: a key one of the day or its eve, else the last of weight in the month up to the last event."""
    latest = latest_of_talks(events)
    if latest.key and (edition.as_of - latest.last).days <= 1:
        return latest
    steps = [step for matter in law.matters_known(pact.rows, events, edition.as_of) for step in matter.steps]
    of_law = {event.id for step in steps for event in (step.taken, step.undone) if event is not None}
    start = latest.last - timedelta(days=30)
    weighty = [
        e for e in events if e.key and (e.kind in WEIGHTY or e.id in of_law) and start <= e.last <= latest.last
    ]  # fmt: skip
    return weighty[-1] if weighty else latest


def headline(edition: Edition) -> list[Output]:
    """What led, where the issues stand, what is fixed for later, and what was due."""
    found = underway(edition)
    if found is None:
        return [no_record(edition)]
    pact, events = found
    counts = sentences.counted(talks.issues_known(pact.rows, edition.as_of), edition.as_of, pact.origin)
    tiles = [
        Tile("On the table", counts["live"], "number", "in the talks: raised or under negotiation"),
        Tile("Agreed", counts["agreed"], "number", "in the talks; not yet carried out"),
        Tile("In force", counts["in_law"], "number", "in law, as it was or changed"),
        Tile("Dropped", counts["dropped"], "number", "in the talks: given up"),
    ]
    lead, *rest = news(edition, pact, events)
    return [lead, Tiles("talks-tiles", tiles), *rest]


def news(edition: Edition, pact: Pact, events: Sequence[Event]) -> list[Sentence]:
    """What leads, what followed and came just before, the round at hand, the edge of our record, what is fixed and what was due."""
    lead, latest = leading(edition, pact, events), latest_of_talks(events)
    ahead = talks.scheduled(events, edition.as_of)
    last = talks.round_at_hand(events)
    at_hand = last if last is not None and periods.is_recent(last.last, edition.as_of) else None
    said = [
        sentences.headline(lead),
        sentences.in_full(lead),
        sentences.moved_in_law(lead, talks.issues_known(pact.rows, edition.as_of)),
        sentences.since(_since(lead, latest, events)),
        sentences.before(_just_before(lead, events)),
        sentences.last_round(at_hand) if at_hand is not None and at_hand not in (lead, latest) else None,
        sentences.silence(latest, talks.edge(pact.rows), edition.as_of),
        sentences.clock(at_hand, ahead, edition.as_of, pact.origin),
        sentences.overdue(talks.overdue(events, edition.as_of)),
    ]
    return [sentence for sentence in said if sentence is not None]


def _since(lead: Event, latest: Event, events: Sequence[Event]) -> list[Event]:
    """The last event, where another leads, and the last key ones between the two, the latest first."""
    found = [e for e in events if e.key and e.kind != "data" and lead.place_in_time < e.place_in_time and e != latest]
    return [latest, *found[-MOST_BEFORE + 1 :][::-1]] if latest != lead else []


def _just_before(latest: Event, events: Sequence[Event]) -> list[Event]:
    """The last key events of the two weeks before an event, rounds left out: they have a line of their own."""
    start = latest.day - timedelta(days=14)
    found = [
        e for e in events if e.key and e.kind not in ("data", "round") and e != latest and start <= e.day <= latest.last
    ]
    return found[-MOST_BEFORE:][::-1]


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
    """What has moved since the round before, or for a year where that is long past, and what is fixed for later days."""
    found = underway(edition)
    if found is None:
        return []
    pact, events = found
    start = _eighteen_months_before(edition.as_of)
    earlier = [event for event in talks.rounds(events) if start <= event.day < edition.as_of]
    last = earlier[-1] if earlier else None
    since = last.day if last is not None else _a_year_before(edition.as_of)
    moved = talks.changed_since(pact.rows, since, edition.as_of)
    title = sentences.changed_title(last, since, len(moved), edition.as_of, pact.origin)
    shown: list[Output] = [_changed_table(moved, title, pact) if moved else title]
    ahead = talks.scheduled(events, edition.as_of)
    return [*shown, _ahead_table(ahead, pact, edition)] if ahead else shown


def _a_year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, 28))


def _changed_table(found: list[talks.Changed], title: Sentence, pact: Pact) -> Table:
    columns = [
        Column("Issue", width=1.1),
        Column("In the talks", width=1.1),
        Column("In law", width=1.1),
        Column("On", width=0.9),
        Column("What happened last", width=2.2),
    ]
    rows: list[list[Cell]] = [
        [
            pair.now.name,
            *_moves(pair),
            periods.when_in_words(pair.now.latest.when),
            entry_text(pair.now, "place", pair.now.latest),
        ]
        for pair in found
    ]
    subtitle = "Place of each issue now, with where it was at the end of that day in brackets if that is another"
    return Table("talks-changed", title, subtitle, columns, rows, extra_origins=(pact.origin,))


def _moves(pair: talks.Changed) -> list[str]:
    """Where an issue is on each axis, and where it was."""
    now = [place_in_words(place, since) for _, place, since in places_of(pair.now)]
    if pair.before is None:
        return [f"{now[0]} (new)", now[1]]
    was = (talks.IN_TALKS[pair.before.talks], talks.IN_LAW[pair.before.law])
    same = (pair.before.talks == pair.now.talks, pair.before.law == pair.now.law)
    return [words if alike else f"{words} (was {old.words})" for words, old, alike in zip(now, was, same, strict=True)]


def _ahead_table(ahead: list[talks.Scheduled], pact: Pact, edition: Edition) -> Table:
    columns = [
        Column("When", width=0.8),
        Column("What", width=2.6),
        Column("By", width=1.6),
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
        sentences.undone(matter),
        sentences.without_vote(matter),
        sentences.earliest(matter, pact.origin),
        sentences.fast_track(matter, edition.as_of, pact.origin),
    ]
    reach = law.reach_known(pact, edition.as_of)
    shown: list[Output] = [sentence for sentence in said if sentence is not None]
    shown.append(_steps_table(matter, pact, edition))
    return [*shown, _reach_table(reach, pact)] if reach else shown


def _steps_table(matter: law.Matter, pact: Pact, edition: Edition) -> Table:
    columns = [
        Column("Step", width=2.4),
        Column("Whose", width=0.7),
        Column("Law", width=1.6),
        Column("Standing", width=1.3),
    ]
    rows: list[list[Cell]] = [
        [step.name, law.whose(step.side, pact), _linked(step.law, step.publications), sentences.standing_of(step)]
        for step in matter.steps
    ]
    title = sentences.steps_title(matter, edition.as_of, pact.origin)
    order = "In the order of the law" if matter.by_law else "In the order in which they were agreed"
    return Table("talks-steps", title, order, columns, rows, extra_origins=(pact.origin,))


def _reach_table(reach: list[law.Reach], pact: Pact) -> Table:
    columns = [
        Column("What would change", width=1.6),
        Column("Who can change it", width=2.0),
        Column("Vote", width=0.9),
        Column("Law", width=1.5),
    ]
    rows: list[list[Cell]] = [
        [
            row.what,
            told(f"reach.{row.id}.{row.since}", row.by, told_by(row.publications, row.since)),
            row.vote,
            [*_linked(row.law, row.publications), *(_others(row.publications) if row.contested else [])],
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
    """The laws that the words name, each as a link to it: the first of the pages, in their order."""
    return [(law, page.address) for law, page in zip(words.split("; "), pages, strict=False)]


def _others(pages: Sequence[Publication]) -> list[tuple[str, str]]:
    """The pages of either view of what is contested."""
    return [(words, page.address) for words, page in told_apart(pages[1:])]


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
    title = sentences.events_title(recent[0], recent[-1], "talks-recent")
    return [EventList("talks-recent-events", title, recent[::-1], found[0].origin)]


def earlier_events(edition: Edition) -> list[Output]:
    """The events before that, in a line each, the latest first."""
    found, start = underway(edition), _eighteen_months_before(edition.as_of)
    earlier = [event for event in found[1] if event.day < start] if found is not None else []
    if found is None or not earlier:
        return []
    title = sentences.events_title(earlier[0], earlier[-1], "talks-earlier")
    return [EventList("talks-earlier-events", title, earlier[::-1], found[0].origin, brief=True)]
