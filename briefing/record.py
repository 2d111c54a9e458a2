"""`EventList` and `IssueMatrix`: the record of the talks as a reader sees it, with its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from briefing import periods
from briefing.claims import Claim
from briefing.figures import Figure, Origin
from briefing.outputs import Output
from briefing.talks import STATUSES, Entry, Event, IssueState, Publication


@dataclass(frozen=True)
class EventList(Output):
    """Events, each with its pages; `brief` leaves out the summaries."""

    id: str
    title: Claim
    events: Sequence[Event]
    origin: Origin
    brief: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        return ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        return (self.origin,)

    def record(self) -> dict[str, Any]:
        return {
            "kind": "events",
            "id": self.id,
            "title": self.title.spans,
            "subtitle": "",
            "events": [self._event_record(event) for event in self.events],
            "note": "",
        }

    def _event_record(self, event: Event) -> dict[str, Any]:
        return {
            "date": dates_in_words(event),
            "title": event.title,
            "summary": "" if self.brief else _summary(event),
            "place": event.place,
            "key": event.key,
            "links": [{"text": p.words, "address": p.address} for p in event.publications],
        }

    def html(self) -> str:
        items = "".join(self._event_html(event) for event in self.events)
        return f'<section id="{self.id}"><h3>{self.title.inner_html()}</h3><ol class="events">{items}</ol></section>'

    def _event_html(self, event: Event) -> str:
        summary = "" if self.brief else f"<p>{escape(_summary(event))}</p>"
        kind = ' class="key"' if event.key else ""
        return (
            f'<li{kind}><time datetime="{event.day}">{escape(dates_in_words(event))}</time><div>'
            f'<h4>{escape(event.title)}</h4>{summary}<p class="source">{_links(event.publications)}</p></div></li>'
        )

    def __repr__(self) -> str:
        return f"{self.title.text}: {len(self.events)} events"


@dataclass(frozen=True)
class IssueMatrix(Output):
    """Issues with status, since when, and what each side last wanted."""

    id: str
    title: Claim
    issues: Sequence[IssueState]
    origin: Origin

    @property
    def figures(self) -> tuple[Figure, ...]:
        return ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        return (self.origin,)

    def record(self) -> dict[str, Any]:
        return {
            "kind": "matrix",
            "id": self.id,
            "title": self.title.spans,
            "subtitle": "Status, and the last position of each side on record",
            "rows": [
                {
                    "issue": issue.name,
                    "status": issue.status.status,
                    "status_words": STATUSES[issue.status.status],
                    "since": periods.day_in_words(issue.status.day),
                    "note": issue.status.text,
                    "us": _position_record(issue.us),
                    "korea": _position_record(issue.korea),
                    "links": [{"text": p.words, "address": p.address} for p in issue.status.publications],
                }
                for issue in self.issues
            ],
            "note": "Source: Record of the talks; under each issue the pages behind its status.",
        }

    def html(self) -> str:
        rows = "".join(_issue_html(issue) for issue in self.issues)
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Issue", "Status", "The US", "Korea"))
        return (
            f'<figure class="table" id="{self.id}"><figcaption><strong>{self.title.inner_html()}</strong>'
            '<span style="display:block">Status, and the last position of each side on record</span></figcaption>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.title.text)}">'
            f'<table class="matrix"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></figure>'
        )

    def __repr__(self) -> str:
        return f"{self.title.text}: {len(self.issues)} issues"


def dates_in_words(event: Event) -> str:
    """The day or days of an event: "5 January 2018", "9–13 July 2006", "January 2017"."""
    if event.precision == "month":
        return periods.in_words(f"{event.day:%Y-%m}")
    if event.end is None or event.end == event.day:
        return periods.day_in_words(event.day)
    if (event.end.year, event.end.month) == (event.day.year, event.day.month):
        return f"{event.day.day}–{periods.day_in_words(event.end)}"
    return f"{periods.day_in_words(event.day)} to {periods.day_in_words(event.end)}"


def _summary(event: Event) -> str:
    return f"{event.summary} {event.note}".strip()


def _links(publications: Sequence[Publication]) -> str:
    return "; ".join(
        f'<a href="{escape(p.address)}" title="{escape(p.title)}" rel="noopener">{escape(p.words)}</a>'
        for p in publications
    )


def _issue_html(issue: IssueState) -> str:
    status = issue.status
    return (
        f'<tr><th scope="row">{escape(issue.name)}<small>{escape(issue.definition)}</small></th>'
        f'<td class="text"><span class="chip {status.status}">{STATUSES[status.status]}</span>'
        f"<small>since {periods.day_in_words(status.day)}. {escape(status.text)} {_links(status.publications)}</small></td>"
        f"<td class=text>{_position_html(issue.us)}</td><td class=text>{_position_html(issue.korea)}</td></tr>"
    )


def _position_record(entry: Entry | None) -> dict[str, str]:
    return {"text": entry.text, "day": periods.day_in_words(entry.day)} if entry else {"text": "", "day": ""}


def _position_html(entry: Entry | None) -> str:
    if entry is None:
        return '<span class="none">nothing on record</span>'
    return f"{escape(entry.text)} <small>{periods.day_in_words(entry.day)}, {_links(entry.publications)}</small>"
