"""What was said of the talks in words, held against dated events, issues and releases.

Each kind of check is one function of the statement and the record as known on a day; none knows the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from briefing import periods
from briefing.checks import BEYOND, FAILS, HOLDS, HOLDS_ONLY, NOT_HELD, SAID, Kind, ledgers
from briefing.checks.quotes import Quote
from briefing.codes import codelists
from briefing.errors import TalksError
from briefing.figures import COUNT, RANK, Figure, derived
from briefing.record.vintages import Calendar
from briefing.talks import (
    Event,
    IssueState,
    Pact,
    Publication,
    Side,
    cited,
    events_known,
    issues_known,
    publications_known,
)
from briefing.talks.law import matters_known
from briefing.talks.once import Record
from briefing.talks.texts import RecordText, entry_text, event_title, joined


@dataclass(frozen=True)
class Statement:
    """Something said, in the book's own words, and the check it allows."""

    id: str
    said_by: str
    day: date
    text: str
    publications: tuple[Publication, ...]
    check: Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """What the record makes of a statement: the verdict, why in words, and the figures and names in them.

    `words` is a template of `briefing.sentences`: it holds no digit.
    """

    verdict: Kind
    words: str
    figures: Mapping[str, Figure]
    labels: Mapping[str, str | RecordText]
    publications: tuple[Publication, ...] = ()


@dataclass(frozen=True)
class Known:
    """The record as known on a day: the pact, its events and issues by then, releases, and quotes."""

    pact: Pact
    day: date
    events: Mapping[str, Event]
    issues: Callable[[date], Mapping[str, IssueState]]
    quotes: Sequence[Quote]
    calendar: Calendar
    partners: Sequence[Figure] = ()
    """What the other side traded with each of its partners that its ledger holds, over the twelve months known on the day."""


def statements(record: Record, as_of: date) -> list[Statement]:
    """The statements public by the day, as the record has them in order."""
    pages = publications_known(record, as_of)
    return [
        Statement(
            row["id"],
            row["said_by"],
            row["known_from"],
            row["text"],
            cited(row, pages, f"Statement {row['id']}"),
            row["check"],
        )
        for row in record["statement"]
        if row["known_from"] <= as_of
    ]


def known(pact: Pact, day: date, quotes: Sequence[Quote], calendar: Calendar, partners: Sequence[Figure] = ()) -> Known:
    """What the record held on the day."""
    events = {event.id: event for event in events_known(pact.rows, day)}

    def issues(upto: date) -> Mapping[str, IssueState]:
        return {issue.id: issue for issue in issues_known(pact.rows, min(upto, day))}

    return Known(pact, day, events, issues, [quote for quote in quotes if quote.day <= day], calendar, partners)


def checked(statement: Statement, by: Known) -> Finding:
    """What the record makes of the statement.

    Raises
    ------
    TalksError
        If the record has no such kind of check.
    """
    kind = statement.check["kind"]
    if kind not in CHECKS:
        raise TalksError(
            f"Statement {statement.id} asks for the check {kind!r}, which nothing carries out: it would stand on the "
            f"page unchecked. Use one of {', '.join(CHECKS)}."
        )
    return CHECKS[kind](statement, by)


def _plain(
    verdict: Kind, words: str, publications: tuple[Publication, ...] = (), **labels: str | RecordText
) -> Finding:
    return Finding(verdict, words, {}, labels, publications)


def _no_event() -> Finding:
    return _plain(NOT_HELD, "Our record has no such event by that day.")


def _full_years(statement: Statement, by: Known) -> Finding:
    event = by.events.get(statement.check["event"])
    if event is None:
        return _no_event()
    day = statement.day
    years = day.year - event.day.year - ((day.month, day.day) < (event.day.month, event.day.day))
    figure = _counted(f"statement.{statement.id}", years, by, f"whole years from {event.day} to {day}", str(day))
    holds = years == statement.check["years"]
    labels = {"since": periods.day_in_words(event.day)}
    return Finding(
        HOLDS if holds else FAILS,
        "In force since {since}: {years:count} whole years.",
        {"years": figure},
        labels,
        event.publications,
    )


def _counted(id: str, value: int, by: Known, formula: str, period: str) -> Figure:
    return Figure(id, value, COUNT, period, formula, (by.pact.origin,))


def _dated(statement: Statement, by: Known) -> Finding:
    check, event = statement.check, by.events.get(statement.check["event"])
    if event is None:
        return _no_event()
    said = {
        "day": check.get("day", event.day) == event.day,
        "weekday": check.get("weekday", f"{event.day:%A}") == f"{event.day:%A}",
        "month": check.get("month", f"{event.day:%Y-%m}") == f"{event.day:%Y-%m}",
        "year": check.get("year", f"{event.day:%Y}") == f"{event.day:%Y}",
        "place": check.get("place", event.place) in event.place,
    }
    words = "On record: {title}, {when}" + (", {place}." if event.place else ".")
    labels: dict[str, str | RecordText] = {
        "title": event_title(event), "when": periods.when_in_words(event.when), "place": event.place,
    }  # fmt: skip
    return _plain(HOLDS if all(said.values()) else FAILS, words, event.publications, **labels)


def _released(statement: Statement, by: Known) -> Finding:
    release = by.calendar.release(statement.check["month"])
    day = periods.day_in_words(release.day)
    if release.kind == "assumed":
        return _plain(
            NOT_HELD,
            "Our calendar has no row for the release of {month}.",
            month=periods.in_words(release.reference_month),
        )
    holds = release.day == statement.check["day"] and f"{release.day:%A}" == statement.check["weekday"]
    return _plain(
        HOLDS if holds else FAILS,
        "{release} for {month} came out on {weekday}, {day}.",
        (Publication("", release.publisher, release.address, ""),),
        release="FT-900",
        month=periods.in_words(release.reference_month),
        weekday=f"{release.day:%A}",
        day=day,
    )


def _first_round(statement: Statement, by: Known) -> Finding:
    start = by.events.get(statement.check["event"])
    if start is None:
        return _no_event()
    rounds = [e for e in by.events.values() if e.kind == "round" and start.day < e.day <= statement.day]
    formal = [event for event in rounds if event.id not in statement.check["sessions"]]
    figures = {
        "all": _counted(f"statement.{statement.id}.all", len(rounds), by, "rounds and special sessions on record since then", str(by.day)),
        "formal": _counted(f"statement.{statement.id}.formal", len(formal), by, "rounds on record since then, special sessions left out", str(by.day)),
    }  # fmt: skip
    if not rounds:
        return _plain(NOT_HELD, "Our record has no round between the two days.")
    verdict = HOLDS if len(rounds) == 1 else HOLDS_ONLY if len(formal) == 1 else FAILS
    words = (
        "Since {start} the record has {all:count} meetings; without the special sessions of the Joint Committee it has {formal:count}."
        if len(rounds) != len(formal)
        else "Since {start} the record has {formal:count}."
    )
    return Finding(verdict, words, figures, {"start": periods.day_in_words(start.day)}, rounds[-1].publications)


def _untaken(statement: Statement, by: Known) -> Finding:
    """Whether a step of the law had not been taken by the day."""
    check, day = statement.check, min(statement.day, by.day)
    matters = matters_known(by.pact.rows, events_known(by.pact.rows, day), day)
    steps = [step for one in matters if one.id == check["matter"] for step in one.steps if step.name == check["step"]]
    if not steps:
        return _plain(NOT_HELD, "Our record has no such step by that day.")
    (step, *_) = steps
    if step.taken is None:
        return _plain(HOLDS, "No such step is recorded by {day}.", step.publications, day=periods.day_in_words(day))
    labels: dict[str, str | RecordText] = {
        "title": event_title(step.taken), "when": periods.when_in_words(step.taken.when),
    }  # fmt: skip
    return _plain(FAILS, "Taken {when}: {title}.", step.taken.publications, **labels)


def _touches(statement: Statement, by: Known) -> Finding:
    events = [by.events[id] for id in statement.check["events"] if id in by.events]
    if not events:
        return _no_event()
    wanted = set(statement.check["issues"])
    taking_up = [event for event in events if wanted <= set(event.issues)]
    names = [by.issues(by.day)[id].name for id in statement.check["issues"] if id in by.issues(by.day)]
    whole = len(taking_up) == len(events) and statement.check.get("whole", True)
    verdict = HOLDS if whole else HOLDS_ONLY if taking_up else FAILS
    shown = taking_up or events
    words = "{names}: taken up on {days}." if taking_up else "{names}: our record does not have it taken up on {days}."
    days = ", ".join(periods.day_in_words(event.day) for event in shown)
    pages = tuple(dict.fromkeys(page for event in shown for page in event.publications))
    return _plain(verdict, words, pages, names=" and ".join(names), days=days)


def _further_talks(statement: Statement, by: Known) -> Finding:
    """Whether the two sides told of further talks at an event; that a round then followed is told, not judged."""
    event = by.events.get(statement.check["event"])
    if event is None:
        return _no_event()
    labels: dict[str, str | RecordText] = {"title": event_title(event)}
    if not event.further_talks:
        return Finding(
            NOT_HELD,
            "Our record does not say whether further talks were announced: {title}.",
            {},
            labels,
            event.publications,
        )
    words = "Further talks were announced, {announced}: {title}."
    labels["announced"] = event.further_talks
    later = [one for one in by.events.values() if one.kind == "round" and one.day > event.day]
    if not later:
        return Finding(HOLDS, words, {}, labels, event.publications)
    days = (later[0].day - event.day).days
    figure = _counted(
        f"statement.{statement.id}", days, by, f"days from {event.day} to {later[0].day}", str(later[0].day)
    )
    labels |= {"next": event_title(later[0]), "day": periods.day_in_words(later[0].day)}
    pages = (*event.publications, *later[0].publications)
    return Finding(HOLDS, f"{words} {{days:number}} days later: {{next}}, {{day}}.", {"days": figure}, labels, pages)


def _sought(statement: Statement, by: Known) -> Finding:
    """Whether a side came to ask for changes on the issues after that day."""
    wanted, side = statement.check["issues"], _side(statement, by)
    held = by.issues(by.day)
    asked = [(held[id], held[id].said.get(side.id)) for id in wanted if id in held]
    later = [(state, entry) for state, entry in asked if entry is not None and entry.day > statement.day]
    if not later:
        return _plain(
            NOT_HELD,
            "Our record has no later {side} demand, as of {day}.",
            side=side.adjective,
            day=periods.day_in_words(by.day),
        )
    texts = joined(*(joined(RecordText(f"{state.name}:"), entry_text(state, side.id, entry)) for state, entry in later))
    pages = tuple(dict.fromkeys(page for _, entry in later for page in entry.publications))
    verdict = HOLDS if len(later) == len(wanted) and statement.check.get("whole", True) else HOLDS_ONLY
    return _plain(verdict, "{side} since then: {texts}", pages, side=side.heading, texts=texts)


def _side(statement: Statement, by: Known) -> Side:
    found = [side for side in by.pact.sides if side.id == statement.check["side"]]
    if not found:
        raise TalksError(
            f"Statement {statement.id} asks what {statement.check['side']!r} sought, which is no side of {by.pact.name}. "
            f"Use one of {', '.join(side.id for side in by.pact.sides)}."
        )
    return found[0]


def _largest(statement: Statement, by: Known) -> Finding:
    """The place of the US among the partners of which the other side's ledger has the twelve months, or else beside the one rival whose trade is printed."""
    return _largest_by_ledger(statement, by) if len(by.partners) > 1 else _largest_printed(statement, by)


def _largest_printed(statement: Statement, by: Known) -> Finding:
    trade = [q for q in by.quotes if q.partner == by.pact.partner and not q.of_us and q.measure == "trade"]
    years = {q.period for q in trade if q.counterpart} & {q.period for q in trade if not q.counterpart}
    if not years:
        return _plain(
            NOT_HELD,
            "Our record has no page, known by {day}, with {other}'s trade with both the US and {rival}.",
            other=by.pact.other.name,
            day=periods.day_in_words(by.day),
            rival=statement.check["rival"],
        )
    year = max(years)
    own = next(q for q in trade if q.period == year and not q.counterpart)
    rival = next(q for q in trade if q.period == year and q.counterpart)
    place = 1 + (rival.figure.value > own.figure.value)
    formula = "place of the US among the partners printed"
    figure = derived(f"statement.{statement.id}", place, RANK, year, formula, [own.figure, rival.figure])
    return Finding(
        _among_some(place, statement),
        "In {year} {other}'s trade was {rival_trade:size} with {rival} and {own:size} with the US: the {place:ordinal} of the two printed. "
        "Our record has no other partner's.",
        {"place": figure, "own": own.figure, "rival_trade": rival.figure},
        {"year": periods.in_words(year), "other": by.pact.other.name, "rival": rival.counterpart},
        (own.publication, rival.publication),
    )


def _among_some(place: int, statement: Statement) -> Kind:
    """A place among some is the least it can be among all: it can refute what was said, or bear it in part."""
    said = statement.check["place"]
    return HOLDS_ONLY if place == said else FAILS if place > said else NOT_HELD


def _largest_by_ledger(statement: Statement, by: Known) -> Finding:
    names = {figure.id: ledgers.counterpart_in_words(figure) for figure in by.partners}
    ranked = sorted(by.partners, key=lambda figure: -figure.value)
    place = 1 + next(at for at, figure in enumerate(ranked) if names[figure.id] == ledgers.THE_US)
    period = by.partners[0].period
    formula = "place of the US among the partners of which the ledger is held"
    figures = {
        "place": derived(f"statement.{statement.id}", place, RANK, period, formula, ranked),
        **{f"trade_{at}": figure for at, figure in enumerate(ranked)},
    }
    each = [f"{{trade_{at}:size}} with {names[figure.id]}" for at, figure in enumerate(ranked)]
    return Finding(
        _among_some(place, statement),
        f"In {{months}} {{other}}'s trade, as its customs service counts it, was {codelists.listed(each)}: the US is the "
        "{place:ordinal} of these. The ledger held has no other partner.",
        figures,
        {"months": periods.in_words(period), "other": by.pact.other.name},
    )


def _words(statement: Statement, by: Known) -> Finding:
    own = set(statement.check["first_hand"])
    if own:
        return _plain(SAID, "The speaker's own page has these words.", statement.publications)
    return _plain(
        NOT_HELD,
        "Our record has the report alone: {pages}.",
        statement.publications,
        pages="; ".join(page.publisher for page in statement.publications),
    )


def _beyond(statement: Statement, by: Known) -> Finding:
    return _plain(BEYOND, "{reason}", reason=statement.check["reason"])


CHECKS: Mapping[str, Callable[[Statement, Known], Finding]] = {
    "full_years": _full_years,
    "dated": _dated,
    "released": _released,
    "first_round": _first_round,
    "untaken": _untaken,
    "touches": _touches,
    "further_talks": _further_talks,
    "sought": _sought,
    "largest": _largest,
    "words": _words,
    "beyond": _beyond,
}
