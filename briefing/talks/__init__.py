"""The state of the negotiations on a given day, from the record that `sources` opened: pacts, each with its two sides.

Nothing here knows a later day: an event, a position and a status are shown from the day they became
public, which is the day they took place unless the record says otherwise (`known_from`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from briefing import periods
from briefing.errors import TalksError
from briefing.palette import ABSENT, BEGUN, DONE, SETTLED, UNSETTLED, Chip
from briefing.periods import When
from briefing.record.origins import Origin
from briefing.record.pacts import require_one_with_each
from briefing.talks.once import Record, once_a_day

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where an issue can be, in the talks or in law: the words a reader sees, and the chip they stand in."""

    words: str
    chip: Chip


IN_TALKS = {
    "under_negotiation": Place("under negotiation", UNSETTLED),
    "raised": Place("raised", BEGUN),
    "agreed": Place("agreed", SETTLED),
    "dropped": Place("dropped", ABSENT),
    "not_raised": Place("not raised", ABSENT),
}
"""Every place of an issue in the talks, the liveliest first, as pages list them."""
IN_LAW = {
    "in_force": Place("in force", DONE),
    "changed": Place("changed", DONE),
    "ended": Place("ended", ABSENT),
    "none": Place("none", ABSENT),
}
"""Every place of an issue in law: what applies, whatever the talks are about."""
LIVE = ("raised", "under_negotiation")
"""The places in the talks of what is on the table."""
SETTLED_BY = ("agreed", "dropped")
"""The places in the talks at which a matter is closed, until somebody raises it again."""

US = "US"
"""The code under which the United States reports its trade."""


@dataclass(frozen=True)
class Side:
    """One party: its name in tables ("the US"), its adjective ("US"), its capital, which stands for its government, and
    the code under which it reports its trade, the `ref_area` of observations ("US").
    """

    id: str
    name: str
    adjective: str
    capital: str
    reporter: str

    @property
    def statistics(self) -> str:
        """What its counts of trade are called."""
        return f"{self.adjective} statistics"

    @property
    def heading(self) -> str:
        """Its name over a column."""
        return self.name[0].upper() + self.name[1:]


@dataclass(frozen=True)
class Pact:
    """Talks between two sides on one pact: the United States first, then the partner of that code.

    `in_force` is the day from which the pact applies, None while that is not on record; `origin` its record as a whole.
    """

    id: str
    name: str
    partner: str
    in_force: date | None
    sides: tuple[Side, Side]
    origin: Origin
    rows: Record = field(repr=False)

    @property
    def other(self) -> Side:
        """The side that is not the United States."""
        return self.sides[1]


def pacts(record: Record) -> list[Pact]:
    """The pacts on record, in the order of the register.

    Raises
    ------
    BriefingError
        If of one nobody could say with whom it is, or two are with the same partner.
    """
    found = [_pact(row) for row in record["pact"]]
    require_one_with_each(record["pact"])
    return found


def pact_with(record: Record, partner: str) -> Pact | None:
    """The pact with a partner; None where no talks are on record.

    Raises
    ------
    BriefingError
        If there is none, and one of which nobody could say with whom it is; or two.
    """
    own = [row for row in record["pact"] if row.get("partner") == partner]
    unclear = [row for row in record["pact"] if "partner" not in row]
    return next(iter(pacts({"pact": own or unclear})), None)


def sides_of(row: Row) -> tuple[Side, ...]:
    """The sides that a row names."""
    return tuple(Side(**side) for side in row["side"])


def _pact(row: Row) -> Pact:
    one, other = sides_of(row)
    return Pact(
        id=row["id"],
        name=row["name"],
        partner=row["partner"],
        in_force=row.get("in_force"),
        sides=(one, other),
        origin=row["origin"],
        rows=row,
    )


@dataclass(frozen=True)
class Publication:
    """A page that carries a fact: title, publisher, address, the day it bears (or ""), and the record that names it."""

    title: str
    publisher: str
    address: str
    published: str
    record: str = ""

    @property
    def words(self) -> str:
        """Publisher and day, as lists print it."""
        return f"{self.publisher}, {self.published}" if self.published else self.publisher

    def as_known(self, as_of: date) -> "Publication":
        """The page as an edition of that day may name it: a later day of printing is not told."""
        return replace(self, published="printed later") if self.published > str(as_of) else self


@dataclass(frozen=True)
class Scheduled:
    """What an event, known from `known_from`, or the law behind it fixed for a later day, or for a month.

    `met` is the event by which it happened, if any; `due` marks what somebody owes by then, so that silence is news.
    """

    when: When
    what: str
    met: str
    due: bool
    publications: tuple[Publication, ...]
    known_from: date

    @property
    def day(self) -> date:
        """The day, or the first that is meant."""
        return periods.first_day(self.when)


@dataclass(frozen=True)
class Event:
    """Something that happened, `when` (to `end`), known from `known_from`.

    Of one whose day nobody printed, `when` is the month or year; `key` marks what a minister should know; `differ` says where
    sources contradict each other; `further_talks` for when more talks were announced there ("without a day"), "" where
    the record does not say.
    """

    id: str
    when: When
    end: date | None
    known_from: date
    kind: str
    title: str
    summary: str
    place: str
    issues: tuple[str, ...]
    key: bool
    note: str
    differ: str
    schedules: tuple[Scheduled, ...]
    publications: tuple[Publication, ...]
    further_talks: str = ""

    @property
    def day(self) -> date:
        """The day, or the first on which it can have been."""
        return periods.first_day(self.when)

    @property
    def last(self) -> date:
        """Its last day, or the last on which it can have been: it had happened by the day from which it was known."""
        return self.end or min(periods.last_day(self.when), self.known_from)

    @property
    def place_in_time(self) -> tuple[date, date, str]:
        """Where it stands among the events: one without a day, after all that it can have followed."""
        begun = min(periods.last_day(self.when), self.known_from)
        return (begun, self.last, self.id)


@dataclass(frozen=True)
class Entry:
    """One dated position or place: what, since when, with its pages; a measure or ruling in law has no place.

    From `until` on it cannot be taken for current; `touches` names the row of the law that a change would change since;
    `awaits` is whether what is agreed awaits an act to carry it out.
    """

    when: When
    text: str
    publications: tuple[Publication, ...]
    place: str = ""
    until: date | None = None
    touches: str = ""
    awaits: bool = True

    @property
    def day(self) -> date:
        """The day, or the first that is meant."""
        return periods.first_day(self.when)


@dataclass(frozen=True)
class IssueState:
    """Where one issue stands on a day: in the talks, in law, and each side's current position, by the side's id.

    `in_talks` and `in_law` are the entries that stand, in order; `said` is each side's last position, current or not; `touches` names the row of the law that a change of the
    issue would change, or is "".
    """

    id: str
    name: str
    definition: str
    in_talks: tuple[Entry, ...]
    in_law: tuple[Entry, ...]
    positions: Mapping[str, Entry]
    said: Mapping[str, Entry]
    touches: str = ""

    @property
    def talks(self) -> str:
        """Its place in the talks."""
        return self.in_talks[-1].place if self.in_talks else "not_raised"

    @property
    def law(self) -> str:
        """Its place in law, which a measure leaves as it is."""
        return self._moves[-1].place if self._moves else "none"

    @property
    def _moves(self) -> list[Entry]:
        return [entry for entry in self.in_law if entry.place]

    @property
    def _round(self) -> list[Entry]:
        """The entries of its place in the talks: the last ones that say the same of the same matter."""
        found: list[Entry] = []
        for entry in reversed(self.in_talks):
            if entry.place != self.talks or (found and self._is_anew(entry, found[-1])):
                break
            found.append(entry)
        return found[::-1]

    def _is_anew(self, one: Entry, other: Entry) -> bool:
        """Whether what was closed is closed anew: it had been carried out, or the law had moved on it in between."""
        moved = any(one.day < move.day <= other.day for move in self._moves)
        return one.place in SETTLED_BY and (moved or not one.awaits)

    @property
    def talks_since(self) -> When | None:
        """From when it has its place in the talks; None where nothing has moved it there."""
        return self._round[0].when if self._round else None

    @property
    def law_since(self) -> When | None:
        """From when it has its place in law; None where nothing has moved it there."""
        return self._moves[-1].when if self._moves else None

    @property
    def latest(self) -> Entry:
        """The last thing that happened to it, in the talks or in law."""
        return max((*self.in_talks, *self.in_law), key=lambda entry: entry.day)

    @property
    def live(self) -> bool:
        """Whether it is on the table."""
        return self.talks in LIVE and not self.over

    @property
    def pending(self) -> bool:
        """Whether it is agreed and awaits an act: the law has not moved since."""
        agreed = self._round[0].day if self.talks == "agreed" and self._round[-1].awaits else None
        return agreed is not None and not (self._moves and self._moves[-1].day >= agreed) and not self.over

    @property
    def over(self) -> bool:
        """Whether it has ended in law and nobody has raised it since: it leaves the tables."""
        ended = self._moves[-1].day if self.law == "ended" else None
        return ended is not None and not (self.in_talks and self.in_talks[-1].day > ended)

    @property
    def last_agreed(self) -> Entry | None:
        """What the last agreement on it said when it was reached, whatever has followed."""
        before = ("", *(entry.place for entry in self.in_talks))
        pairs = zip(self.in_talks, before, strict=False)
        reached = [
            entry for place, (entry, old) in enumerate(pairs)
            if entry.place == "agreed" and (old != "agreed" or self._is_anew(self.in_talks[place - 1], entry))
        ]  # fmt: skip
        return reached[-1] if reached else None


@once_a_day
def events_known(record: Record, as_of: date) -> tuple[Event, ...]:
    """The events that were public by that day, in order of their dates."""
    publications = publications_known(record, as_of)
    known = [_event(row, publications, as_of) for row in record["event"] if row["known_from"] <= as_of]
    return tuple(sorted((event for event in known if event.day <= as_of), key=lambda event: event.place_in_time))


def edge(record: Record) -> date:
    """The last day of which the record tells: what came after it is not known to us."""
    return max(event.known_from for event in events_known(record, date.max))


def rounds(events: Sequence[Event]) -> list[Event]:
    """The rounds and special sessions among the events."""
    return [event for event in events if event.kind == "round"]


def round_at_hand(events: Sequence[Event]) -> Event | None:
    """The last round, while nothing has been agreed or signed after it; None otherwise."""
    telling = [event for event in events if event.kind in ("round", "deal")]
    return telling[-1] if telling and telling[-1].kind == "round" else None


def scheduled(events: Sequence[Event], as_of: date) -> list[Scheduled]:
    """What the events had fixed for a later day and had not been met, the nearest first, each once."""
    return [plan for plan in _unmet(events) if _lies_ahead(plan, as_of)]


def overdue(events: Sequence[Event], as_of: date) -> list[Scheduled]:
    """What was due in the year before the day and is not on record as met, the nearest first."""
    return [
        plan for plan in _unmet(events) if plan.due and not _lies_ahead(plan, as_of) and (as_of - plan.day).days <= 365
    ]


def _unmet(events: Sequence[Event]) -> list[Scheduled]:
    happened = {event.id for event in events}
    plans = {(plan.day, plan.what): plan for event in events for plan in event.schedules if plan.met not in happened}
    return [plans[key] for key in sorted(plans)]


def _lies_ahead(plan: Scheduled, as_of: date) -> bool:
    """Whether the day is still to come; of a month, whether it has not passed."""
    return periods.last_day(plan.when) >= as_of if isinstance(plan.when, str) else plan.when > as_of


@dataclass(frozen=True)
class Changed:
    """An issue that has moved since an earlier day; `before` is None if it is new."""

    before: "IssueState | None"
    now: "IssueState"


def changed_since(record: Record, earlier: date, as_of: date) -> list[Changed]:
    """The issues that moved between the ends of two days, in the order of the matrix.

    An issue moves by a change of its place in the talks or in law, or by a measure or ruling that touches it.
    """
    old = {state.id: state for state in _states(record, earlier)}
    pairs = [Changed(old.get(state.id), state) for state in _states(record, as_of)]
    return [pair for pair in pairs if _has_moved(pair)]


def _has_moved(pair: Changed) -> bool:
    before, now = pair.before, pair.now
    if before is None:
        return True
    return (before.talks, before.talks_since, before.in_law) != (now.talks, now.talks_since, now.in_law)


def issues_known(record: Record, as_of: date) -> tuple[IssueState, ...]:
    """The issues that had come up by that day and have not ended, each as it stood, the liveliest first."""
    return tuple(state for state in _states(record, as_of) if not state.over)


@once_a_day
def _states(record: Record, as_of: date) -> tuple[IssueState, ...]:
    """The same with those that have ended."""
    publications = publications_known(record, as_of)
    states = [_issue_state(row, publications, as_of) for row in record["issue"] if row["first_seen"] <= as_of]
    order = list(IN_TALKS)
    found = [state for state in states if state is not None]
    found.sort(key=lambda state: (order.index(state.talks), -state.latest.day.toordinal(), state.name))
    return tuple(found)


@once_a_day
def publications_known(record: Record, as_of: date) -> Mapping[str, Publication]:
    """The pages of the record by id, as an edition of that day may name them."""
    return {row["id"]: publication(row).as_known(as_of) for row in record["publication"]}


def publication(row: Row) -> Publication:
    """A row's page."""
    return Publication(row["title"], row["publisher"], row["address"], str(row.get("published", "")), row["record"])


def cited(row: Row, publications: Mapping[str, Publication], what: str) -> tuple[Publication, ...]:
    """The pages a row names.

    Raises
    ------
    TalksError
        If it names none, or one that the record does not have.
    """
    cited = row.get("publications", [])
    unknown = [name for name in cited if name not in publications]
    if unknown or not cited:
        raise TalksError(
            f"{what} cites {unknown[0] if unknown else 'no publication'}. Without a source it does not enter the "
            "record. Add the publication to publications.toml beside it and name it."
        )
    return tuple(publications[name] for name in cited)


def _event(row: Row, publications: Mapping[str, Publication], as_of: date) -> Event:
    pages = cited(row, publications, f"Event {row['id']}")
    return Event(
        id=row["id"],
        when=row["date"],
        end=row.get("end_date"),
        known_from=row["known_from"],
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        place=row.get("place", ""),
        issues=tuple(row.get("issues", [])),
        key=row["importance"] == "key",
        note=row.get("note", ""),
        differ=row.get("differ", "") if row.get("differ_known_from", row["known_from"]) <= as_of else "",
        schedules=tuple(_scheduled(plan, pages, row["known_from"]) for plan in row.get("schedules", [])),
        publications=pages,
        further_talks=row.get("further_talks", ""),
    )


def _scheduled(plan: Row, pages: tuple[Publication, ...], known_from: date) -> Scheduled:
    met, due = plan.get("met", ""), plan.get("due", False)
    return Scheduled(plan["date"], plan["what"], met, due, pages, known_from)


def _issue_state(row: Row, publications: Mapping[str, Publication], as_of: date) -> IssueState | None:
    in_talks = _standing(row, "talks", publications, as_of)
    in_law = _standing(row, "law", publications, as_of)
    if not in_talks and not in_law:
        return None
    touching = sorted((entry for entry in (*in_talks, *in_law) if entry.touches), key=lambda entry: entry.day)
    touches = touching[-1].touches if touching else row.get("touches", "")
    said = [(entry["side"], _entry(row, "position", entry, publications)) for entry in _known(row, "position", as_of)]
    state = IssueState(row["id"], row["name"], row["definition"], in_talks, in_law, {}, dict(said), touches)
    return replace(
        state, positions={side: entry for side, entry in said if _stands(entry, as_of) and _is_current(entry, state)}
    )


def _is_current(position: Entry, state: IssueState) -> bool:
    """Whether a position is of the matter as it stands: not from before it was last closed, or the law last moved on it."""
    closed = [entry.day for entry in state.in_talks if entry.place in SETTLED_BY]
    if state.talks in LIVE:
        return not closed or position.day > closed[-1]
    bounds = [periods.first_day(since) for since in (state.talks_since, state.law_since) if since is not None]
    return all(position.day >= bound for bound in bounds)


def _standing(row: Row, axis: str, publications: Mapping[str, Publication], as_of: date) -> tuple[Entry, ...]:
    """The entries of an axis that were public by the day and can be taken for current."""
    entries = (_entry(row, axis, entry, publications) for entry in _known(row, axis, as_of))
    return tuple(entry for entry in entries if _stands(entry, as_of))


def _stands(entry: Entry, as_of: date) -> bool:
    return entry.until is None or as_of < entry.until


def _known(row: Row, name: str, as_of: date) -> list[Row]:
    """An issue's entries of that name that were public and had begun by the day, in order of their days."""
    known = [
        entry for entry in row.get(name, [])
        if periods.first_day(entry["date"]) <= as_of and entry.get("known_from", entry["date"]) <= as_of
    ]  # fmt: skip
    return sorted(known, key=lambda entry: periods.first_day(entry["date"]))


def _entry(row: Row, name: str, entry: Row, publications: Mapping[str, Publication]) -> Entry:
    pages = cited(entry, publications, f"Issue {row['id']}, {name} of {entry['date']}")
    return Entry(
        entry["date"],
        entry["text"],
        pages,
        entry.get("place", ""),
        entry.get("until"),
        entry.get("touches", ""),
        entry.get("awaits", True),
    )
