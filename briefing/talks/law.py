"""The legal clock: what law asks before the pact can change, whose step it is, and what had been done by a day.

From the record that `sources` opened. A step is taken or begun from the day its event was known; nothing later shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from briefing.record import shapes
from briefing.talks import Event, IssueState, Pact, Publication, Row, cited, publications_known
from briefing.talks.once import Record
from briefing.talks.texts import RecordText, origins_of, told

BOTH = shapes.BOTH
"""Whose a step is that the two sides take together."""


@dataclass(frozen=True)
class Step:
    """One thing on the way to a change; `side` is the id of the side whose it is, or "both".

    `waits` is how many days must run from it (0 if none); `asked` is whether a law asks for it; `only_if` what would have to
    change for it to be needed, "" where it is needed whatever changes; `optional` marks what only a vote of Congress under
    fast track needs. `begun`, `taken` and `undone` are the events on record by the day, or None; `at_latest` that it had been
    taken by that event, on a day that is not recorded.
    """

    side: str
    name: str
    law: str
    waits: int
    asked: bool
    only_if: str
    optional: bool
    begun: Event | None
    taken: Event | None
    at_latest: bool
    undone: Event | None
    publications: tuple[Publication, ...]


@dataclass(frozen=True)
class Matter:
    """What is being changed, since which event, and the steps to it in the order of the law.

    `done` is the event by which it took effect, None until then; `by_law` whether law asks for its steps, or the two agreed
    on them; `agreed` whether anything is agreed on which it depends what steps are needed. `without_vote` says why no vote in Congress is asked for; None where one is, or where that was not known.
    """

    id: str
    name: str
    began: Event
    done: Event | None
    by_law: bool
    agreed: bool
    steps: tuple[Step, ...]
    without_vote: RecordText | None = None

    @property
    def counted(self) -> tuple[Step, ...]:
        """The steps that are needed: those that law asks for, or that the two agreed on; an optional one once it is taken."""
        asked = (step for step in self.steps if step.asked or not self.by_law)
        return tuple(step for step in asked if not step.optional or step.taken is not None)

    def open_steps(self, side: str) -> tuple[Step, ...]:
        """The steps of a side that had not been taken, without those that may never be needed for want of a vote."""
        return tuple(step for step in self.steps if step.side == side and step.taken is None and not step.optional)


@dataclass(frozen=True)
class Reach:
    """What can be changed, by whom, and whose vote it needs; `congress` is the vote in Congress alone, `since` the law's day.

    Of what is `contested`, the pages after the first are those of either view.
    """

    id: str
    congress: str
    what: str
    by: str
    vote: str
    law: str
    contested: bool
    since: date
    publications: tuple[Publication, ...]


def matters_known(record: Record, events: Sequence[Event], as_of: date) -> list[Matter]:
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
            row["id"],
            row["name"],
            known[row["began"]],
            known.get(row.get("done", "")),
            row.get("asks", "law") == "law",
            any(step.get("settled", "") in known for step in row["step"]),
            tuple(_step(step, known, pages) for step in row["step"] if _is_asked(step, known, as_of)),
            _without_vote(row, pages, as_of),
        )
        for row in record["matter"]
        if row["began"] in known
    ]
    return sorted(found, key=lambda matter: matter.began.day)


def _without_vote(row: Row, pages: Mapping[str, Publication], as_of: date) -> RecordText | None:
    reason = row.get("without_vote")
    if reason is None or reason["known_from"] > as_of:
        return None
    cites = cited(reason, pages, f"Why {row['name']} needs no vote")
    return told(f"law.{row['id']}.without-vote", reason["text"], origins_of(cites, reason["known_from"]))


def reach_known(pact: Pact, as_of: date) -> list[Reach]:
    """Who could change what on the day: from a row's own first day, or from the day the pact was in force."""
    pages = publications_known(pact.rows, as_of)
    bounded = ((row, row.get("first_day", pact.in_force)) for row in pact.rows["reach"])
    return [
        Reach(
            row["id"],
            row["congress"],
            row["what"],
            row["by"],
            row["vote"],
            row["law"],
            row.get("contested", False),
            since,
            cited(row, pages, f"Reach of {row['what']}"),
        )
        for row, since in bounded
        if since is not None and since <= as_of <= row.get("last_day", as_of)
    ]


def whose(side: str, pact: Pact) -> str:
    """Whose a step is, in words.

    Raises
    ------
    KeyError
        If the pact has no such side.
    """
    return {BOTH: BOTH, **{one.id: one.name for one in pact.sides}}[side]


def vote_in_congress(issue: IssueState, reach: Sequence[Reach]) -> str | None:
    """The vote in Congress that a change of the issue asks for; None where it would change none of these."""
    return next((row.congress for row in reach if row.id == issue.touches), None)


def _is_asked(step: Mapping[str, Any], known: Mapping[str, Event], as_of: date) -> bool:
    """Whether a step belongs to the matter on the day: it was known by then, and the way that it opens is not closed."""
    return step.get("known_from", as_of) <= as_of and step.get("closed", "") not in known


def _step(row: Mapping[str, Any], known: Mapping[str, Event], pages: Mapping[str, Publication]) -> Step:
    return Step(
        side=row["side"],
        name=row["name"],
        law=row["law"],
        waits=row.get("waits", 0),
        asked=row.get("asked", True),
        only_if="" if row.get("settled", "") in known else row.get("only_if", ""),
        optional=row.get("optional", False),
        begun=known.get(row.get("begun", "")),
        taken=known.get(row.get("taken", "")),
        at_latest=row.get("at_latest", False),
        undone=known.get(row.get("undone", "")),
        publications=cited(row, pages, f"Step {row['name']}"),
    )
