"""The state of the negotiations on a given day, from the record that `sources` opened.

Nothing here knows a later day: an event, a position and a status are shown from the day they became
public, which is the day they took place unless the record says otherwise (`known_from`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from briefing.errors import TalksError

Row = Mapping[str, Any]

STATUSES = {
    "raised": "raised",
    "under_negotiation": "under negotiation",
    "agreed": "agreed",
    "implemented": "in force",
    "dropped": "dropped",
    "not_raised": "not raised",
}
"""Statuses of an issue, in the order of the page, and the words a reader sees."""


@dataclass(frozen=True)
class Publication:
    """A page that carries a fact: title, publisher, address, and the day it bears (or "")."""

    title: str
    publisher: str
    address: str
    published: str

    @property
    def words(self) -> str:
        """Publisher and day, as lists print it."""
        return f"{self.publisher}, {self.published}" if self.published else self.publisher

    def as_known(self, as_of: date) -> "Publication":
        """The page as an edition of that day may name it: a later day of printing is not told."""
        return replace(self, published="printed later") if self.published > str(as_of) else self


@dataclass(frozen=True)
class Scheduled:
    """What an event fixed for a later day; `precision` is "day" or "month"."""

    day: date
    precision: str
    what: str
    met: str
    publications: tuple[Publication, ...]


@dataclass(frozen=True)
class Event:
    """Something that happened, on `day` (to `end`), known from `known_from`.

    `precision` is "day" or "month"; `key` marks what a minister should know; `differ` says where
    sources contradict each other; `further_talks` for when more talks were announced there ("without a day"), "" where
    the record does not say.
    """

    id: str
    day: date
    end: date | None
    precision: str
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


@dataclass(frozen=True)
class Entry:
    """One dated position or status: what, since when, with its sources."""

    day: date
    text: str
    publications: tuple[Publication, ...]
    status: str = ""
    inferred: bool = False


@dataclass(frozen=True)
class IssueState:
    """Where one issue stands on a day: its last status, and each side's last position up to then.

    `touches` names the row of the law that a change of it would change, or is "".
    """

    id: str
    name: str
    definition: str
    status: Entry
    us: Entry | None
    korea: Entry | None
    statuses: tuple[Entry, ...]
    touches: str = ""

    @property
    def last_agreed(self) -> Entry | None:
        """What the last agreement on it said when it was reached, whatever has followed."""
        before = ("", *(entry.status for entry in self.statuses))
        reached = [entry for entry, old in zip(self.statuses, before, strict=False) if entry.status == "agreed" != old]
        return reached[-1] if reached else None


def events_known(record: Mapping[str, Sequence[Row]], as_of: date) -> list[Event]:
    """The events that were public by that day, in order of their dates."""
    publications = publications_known(record, as_of)
    known = [_event(row, publications, as_of) for row in record["event"] if row["known_from"] <= as_of]
    return sorted((event for event in known if event.day <= as_of), key=lambda event: (event.day, event.id))


def rounds(events: Sequence[Event]) -> list[Event]:
    """The rounds and special sessions among the events."""
    return [event for event in events if event.kind == "round"]


def scheduled(events: Sequence[Event], as_of: date) -> list[Scheduled]:
    """What the events had fixed for a later day and had not been met, the nearest first, each once."""
    happened = {event.id for event in events}
    ahead = {
        (plan.day, plan.what): plan
        for event in events
        for plan in event.schedules
        if _lies_ahead(plan, as_of) and plan.met not in happened
    }
    return [ahead[key] for key in sorted(ahead)]


def _lies_ahead(plan: Scheduled, as_of: date) -> bool:
    """Whether the day is still to come; of a month, whether it has not passed."""
    if plan.precision == "month":
        return (plan.day.year, plan.day.month) >= (as_of.year, as_of.month)
    return plan.day > as_of


@dataclass(frozen=True)
class Changed:
    """An issue whose status or position is not what it was on an earlier day; `before` is None if it is new."""

    before: "IssueState | None"
    now: "IssueState"


def changed_since(record: Mapping[str, Sequence[Row]], earlier: date, as_of: date) -> list[Changed]:
    """The issues whose status changed between the ends of two days, in the order of the matrix."""
    old = {state.id: state for state in issues_known(record, earlier)}
    pairs = [Changed(old.get(state.id), state) for state in issues_known(record, as_of)]
    return [pair for pair in pairs if pair.before is None or pair.before.status.status != pair.now.status.status]


def issues_known(record: Mapping[str, Sequence[Row]], as_of: date) -> list[IssueState]:
    """The issues that had come up by that day, each as it stood, the liveliest statuses first."""
    publications = publications_known(record, as_of)
    states = [_issue_state(row, publications, as_of) for row in record["issue"] if row["first_seen"] <= as_of]
    order = {
        status: place
        for place, status in enumerate(
            ("under_negotiation", "raised", "agreed", "implemented", "dropped", "not_raised")
        )
    }
    found = [state for state in states if state is not None]
    return sorted(found, key=lambda state: (order[state.status.status], -state.status.day.toordinal(), state.name))


def publications_known(record: Mapping[str, Sequence[Row]], as_of: date) -> dict[str, Publication]:
    """The pages of the record by id, as an edition of that day may name them."""
    return {row["id"]: publication(row).as_known(as_of) for row in record["publication"]}


def publication(row: Row) -> Publication:
    """A row's page."""
    return Publication(row["title"], row["publisher"], row["address"], str(row.get("published", "")))


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
            "record. Add the publication to data/talks/publications.toml and name it."
        )
    return tuple(publications[name] for name in cited)


def _event(row: Row, publications: Mapping[str, Publication], as_of: date) -> Event:
    pages = cited(row, publications, f"Event {row['id']}")
    return Event(
        id=row["id"],
        day=row["date"],
        end=row.get("end_date"),
        precision=row["precision"],
        known_from=row["known_from"],
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        place=row.get("place", ""),
        issues=tuple(row.get("issues", [])),
        key=row["importance"] == "key",
        note=row.get("note", ""),
        differ=row.get("differ", "") if row.get("differ_known_from", row["known_from"]) <= as_of else "",
        schedules=tuple(
            Scheduled(plan["date"], plan["precision"], plan["what"], plan.get("met", ""), pages)
            for plan in row.get("schedules", [])
        ),
        publications=pages,
        further_talks=row.get("further_talks", ""),
    )


def _issue_state(row: Row, publications: Mapping[str, Publication], as_of: date) -> IssueState | None:
    def entries(name: str) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                entry["date"],
                entry["text"],
                cited(entry, publications, f"Issue {row['id']}, {name} of {entry['date']}"),
                entry.get("status", ""),
                entry.get("inferred", False),
            )
            for entry in sorted(row.get(name, []), key=lambda entry: entry["date"])
            if entry.get("known_from", entry["date"]) <= as_of
        )

    statuses, us, korea = entries("status"), entries("us_position"), entries("korea_position")
    if not statuses:
        return None
    return IssueState(
        id=row["id"],
        name=row["name"],
        definition=row["definition"],
        status=statuses[-1],
        us=us[-1] if us else None,
        korea=korea[-1] if korea else None,
        statuses=statuses,
        touches=row.get("touches", ""),
    )
