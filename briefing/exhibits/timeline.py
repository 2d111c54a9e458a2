"""`EventList` and `IssueMatrix`: the record of the talks as a reader sees it, with its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from briefing import periods
from briefing.exhibits.chips import chip_html, chip_record
from briefing.exhibits.frame import frame_html, frame_record, grid_html
from briefing.exhibits.links import links_html, links_record
from briefing.figures import Figure
from briefing.outputs import Output, spans_html
from briefing.palette import UNSETTLED
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.talks import IN_LAW, IN_TALKS, Entry, Event, IssueState, Pact, Place
from briefing.talks.law import Reach, vote_in_congress
from briefing.talks.texts import (
    RecordText,
    definition_text,
    entry_text,
    event_summary,
    event_title,
    figures_of,
    told_of,
)

SOURCES_DIFFER = (UNSETTLED, "sources differ")


@dataclass(frozen=True)
class EventList(Output):
    """Events, each with its pages; `brief` leaves out the summaries."""

    id: str
    title: Sentence
    events: Sequence[Event]
    origin: Origin
    brief: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        texts = [text for event in self.events for text in (event_title(event), *self._texts(event))]
        return tuple(dict.fromkeys([*self.title.figures, *figures_of(texts)]))

    def _texts(self, event: Event) -> tuple[RecordText, RecordText]:
        """What is told below the title: the summary with its note, and where sources differ."""
        return (RecordText(""), RecordText("")) if self.brief else (event_summary(event), told_of(event, "differ"))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return (self.origin,)

    def record(self) -> dict[str, Any]:
        return frame_record("events", self.id, self.title, events=[self._event_record(event) for event in self.events])

    def _event_record(self, event: Event) -> dict[str, Any]:
        summary, differ = self._texts(event)
        return {
            "date": dates_in_words(event),
            "title": event.title,
            "summary": summary.text,
            "differ": differ.text,
            "differ_chip": chip_record(*SOURCES_DIFFER),
            "place": event.place,
            "key": event.key,
            "links": links_record(event.publications),
        }

    def html(self) -> str:
        items = "".join(self._event_html(event) for event in self.events)
        return f'<section id="{self.id}"><h3>{self.title.inner_html()}</h3><ol class="events">{items}</ol></section>'

    def _event_html(self, event: Event) -> str:
        told, differing = self._texts(event)
        summary = f"<p>{told_html(told)}</p>" if told.text else ""
        differ = f'<p class="differ">{chip_html(*SOURCES_DIFFER)} {told_html(differing)}</p>' if differing.text else ""
        kind = ' class="key"' if event.key else ""
        return (
            f'<li{kind}><time datetime="{event.when}">{escape(dates_in_words(event))}</time><div>'
            f"<h4>{told_html(event_title(event))}</h4>{summary}{differ}"
            f'<p class="source">{links_html(event.publications)}</p></div></li>'
        )

    def __repr__(self) -> str:
        return f"{self.title.text}: {len(self.events)} events"


@dataclass(frozen=True)
class IssueMatrix(Output):
    """Issues with their place in the talks and in law, whether Congress must vote, and what each side of the pact wants.

    `reach` is the law of the day: who can change what; empty where no law of that day is on record.
    """

    id: str
    title: Sentence
    issues: Sequence[IssueState]
    pact: Pact
    reach: Sequence[Reach] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        texts = [text for issue in self.issues for text in _texts_of(issue, self.pact)]
        return tuple(dict.fromkeys([*self.title.figures, *figures_of(texts)]))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return (self.pact.origin,)

    def record(self) -> dict[str, Any]:
        return frame_record(
            "matrix",
            self.id,
            self.title,
            self._subtitle,
            "Source: Record of the talks; under each issue the pages behind what happened last.",
            sides=[side.heading for side in self.pact.sides],
            rows=[self._row_record(issue) for issue in self.issues],
        )

    def _row_record(self, issue: IssueState) -> dict[str, Any]:
        return {
            "issue": issue.name,
            "places": [
                {"axis": axis, "chip": chip_record(place.chip, place.words), "since": since}
                for axis, place, since in places_of(issue)
            ],
            "vote": self._vote(issue),
            "note": issue.latest.text,
            "positions": [_position_record(issue.positions.get(side.id)) for side in self.pact.sides],
            "links": links_record(issue.latest.publications),
        }

    @property
    def _subtitle(self) -> str:
        places = "Place in the talks and place in law; what happened last; the current position of each side"
        if not self.reach:
            return places
        return f"{places}; the vote in Congress that a change asks for, a dash where it would change none of what is named above"

    def _vote(self, issue: IssueState) -> str:
        return (vote_in_congress(issue, self.reach) or "–") if self.reach else ""

    def html(self) -> str:
        rows = "".join(_issue_html(issue, self.pact, self._vote(issue)) for issue in self.issues)
        sides = (side.heading for side in self.pact.sides)
        names = ("Issue", "In the talks", "In law", *(("Vote in Congress",) if self.reach else ()), *sides)
        heads = "".join(f'<th scope="col">{name}</th>' for name in names)
        return frame_html(
            "table", self.id, self.title, self._subtitle, grid_html(self.title.text, heads, rows, "matrix")
        )

    def __repr__(self) -> str:
        return f"{self.title.text}: {len(self.issues)} issues"


def dates_in_words(event: Event) -> str:
    """The day or days of an event: "5 January 2018", "9–13 July 2006", "January 2017", "2016"."""
    if isinstance(event.when, str):
        return periods.in_words(event.when)
    if event.end is None or event.end == event.day:
        return periods.day_in_words(event.day)
    if (event.end.year, event.end.month) == (event.day.year, event.day.month):
        return f"{event.day.day}–{periods.day_in_words(event.end)}"
    return f"{periods.day_in_words(event.day)} to {periods.day_in_words(event.end)}"


def places_of(issue: IssueState) -> list[tuple[str, Place, str]]:
    """The two axes of an issue: their names, its place on each, and since when, "" where nothing has moved it there."""
    axes = (
        ("In the talks", IN_TALKS[issue.talks], issue.talks_since),
        ("In law", IN_LAW[issue.law], issue.law_since),
    )
    return [(axis, place, periods.when_in_words(since) if since else "") for axis, place, since in axes]


def place_in_words(place: Place, since: str) -> str:
    """A place in a cell: "raised since 5 January 2018", "changed 1 January 2019"."""
    if not since:
        return place.words
    return f"{place.words} {since}" if place in (IN_LAW["changed"], IN_LAW["ended"]) else f"{place.words} since {since}"


def _texts_of(issue: IssueState, pact: Pact) -> list[RecordText]:
    held = issue.positions
    positions = [entry_text(issue, side.id, held[side.id]) for side in pact.sides if side.id in held]
    return [definition_text(issue), entry_text(issue, "place", issue.latest), *positions]


def told_html(text: RecordText) -> str:
    """A text of the record as HTML; its numbers name their pages."""
    return spans_html(text.spans, {figure.id: figure for figure in text.figures})


def _issue_html(issue: IssueState, pact: Pact, vote: str) -> str:
    latest = issue.latest
    positions = "".join(f"<td class=text>{_position_html(issue, side.id)}</td>" for side in pact.sides)
    congress = f'<td class="text">{escape(vote)}</td>' if vote else ""
    (_, in_talks, raised), (_, in_law, moved) = places_of(issue)
    happened = f"{told_html(entry_text(issue, 'place', latest))} {links_html(latest.publications)}"
    return (
        f'<tr><th scope="row">{escape(issue.name)}<small>{told_html(definition_text(issue))}</small></th>'
        f'<td class="text">{_place_html(in_talks, raised)}<small>{happened}</small></td>'
        f'<td class="text">{_place_html(in_law, moved)}</td>{congress}{positions}</tr>'
    )


def _place_html(place: Place, since: str) -> str:
    return f"{chip_html(place.chip, place.words)}<small>{escape(since)}</small>"


NO_POSITION = "no current position"


def _position_record(entry: Entry | None) -> dict[str, str]:
    return {"text": entry.text, "day": periods.when_in_words(entry.when)} if entry else {"text": "", "day": NO_POSITION}


def _position_html(issue: IssueState, side: str) -> str:
    entry = issue.positions.get(side)
    if entry is None:
        return f'<span class="none">{NO_POSITION}</span>'
    return f"{told_html(entry_text(issue, side, entry))} <small>{periods.when_in_words(entry.when)}, {links_html(entry.publications)}</small>"
