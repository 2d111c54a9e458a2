"""The legal clock: what law asks before the pact can change, whose step it is, and what had been done by a day.

From the record that `sources` opened. A step is taken or begun from the day its event was known; nothing later shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from briefing.talks import Event, IssueState, Publication, Row, cited, publications_known

SIDES = {"us": "the US", "korea": "Korea", "both": "both"}


@dataclass(frozen=True)
class Step:
    """One thing that law asks for.

    `waits` is how many days must run from it (0 if none); `optional` marks what only a change of US
    statute needs; `begun`, `taken` and `undone` are the events on record by the day, or None.
    """

    side: str
    name: str
    law: str
    waits: int
    optional: bool
    begun: Event | None
    taken: Event | None
    undone: Event | None
    publications: tuple[Publication, ...]


@dataclass(frozen=True)
class Matter:
    """What is being changed, since which event, and the steps to it in the order of the law."""

    name: str
    began: Event
    steps: tuple[Step, ...]

    def open_steps(self, side: str) -> tuple[Step, ...]:
        """The steps of a side that had not been taken, without those that may never be needed."""
        return tuple(step for step in self.steps if step.side == side and step.taken is None and not step.optional)


@dataclass(frozen=True)
class Reach:
    """What can be changed, by whom, and whose vote it needs; `congress` is the vote in Congress alone."""

    id: str
    congress: str
    what: str
    by: str
    vote: str
    law: str
    publications: tuple[Publication, ...]


def matters_known(record: Mapping[str, Sequence[Row]], events: Sequence[Event], as_of: date) -> list[Matter]:
    """The matters that had begun by the day, the latest last.

    Raises
    ------
    TalksError
        If a step cites no page of the record.
    """
    known = {event.id: event for event in events}
    pages = publications_known(record, as_of)
    found = [
        Matter(
            row["name"],
            known[row["began"]],
            tuple(_step(step, known, pages) for step in row["step"] if step.get("known_from", as_of) <= as_of),
        )
        for row in record["matter"]
        if row["began"] in known
    ]
    return sorted(found, key=lambda matter: matter.began.day)


def reach_known(record: Mapping[str, Sequence[Row]], as_of: date, in_force: date) -> list[Reach]:
    """Who could change what on the day; nothing before the pact was in force."""
    pages = publications_known(record, as_of)
    return [
        Reach(
            row["id"], row["congress"], row["what"], row["by"], row["vote"], row["law"],
            cited(row, pages, f"Reach of {row['what']}"),
        )
        for row in record["reach"]
        if row.get("first_day", in_force) <= as_of <= row.get("last_day", as_of) and in_force <= as_of
    ]  # fmt: skip


def vote_in_congress(issue: IssueState, reach: Sequence[Reach]) -> str | None:
    """The vote in Congress that a change of the issue asks for; None where it would change none of these."""
    return next((row.congress for row in reach if row.id == issue.touches), None)


def _step(row: Mapping[str, Any], known: Mapping[str, Event], pages: Mapping[str, Publication]) -> Step:
    return Step(
        side=row["side"],
        name=row["name"],
        law=row["law"],
        waits=row.get("waits", 0),
        optional=row.get("optional", False),
        begun=known.get(row.get("begun", "")),
        taken=known.get(row.get("taken", "")),
        undone=known.get(row.get("undone", "")),
        publications=cited(row, pages, f"Step {row['name']}"),
    )
