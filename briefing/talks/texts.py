"""Numbers in the record's own texts: told apart from dates, codes and law numbers, and each a `Figure`.

A sentence of the record ("the House passed it by 278 votes to 151") types its numbers, for it retells a page.
Here each of them becomes a figure whose origin is that page, so that no digit on a page is loose.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from briefing import periods
from briefing.figures import TOLD, Figure, Span
from briefing.record.origins import Origin
from briefing.talks import Entry, Event, IssueState, Publication

_MONTHS = "|".join([*periods.MONTHS, *(month[:3] for month in periods.MONTHS)])
_YEAR = r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)"
NAMES = re.compile(
    "|".join(
        [
            r"\b\d{4}-\d\d(?:-\d\d)?\b",
            rf"(?<![\d.,])\b\d{{1,2}}(?:[-–/]\d{{1,2}})?(?: or \d{{1,2}})? (?:{_MONTHS})\b(?: {_YEAR})?",
            rf"\b(?:{_MONTHS}) \d{{1,2}}(?:, {_YEAR})?(?![\d,.]\d|\d)",
            rf"{_YEAR}(?:[-–]\d{{2,4}}\b)?",
            r"\b(?:Public Law|P\.L\.) \d+[-–]\d+",
            r"\b\d+ USC \d+|\b\d+ FR \d+",
            r"\b[Ss]ections? \d+(?:(?:, | and )\d+)*",
            r"\b[Aa]rticles? \d+(?:\.\d+)*",
            r"\b[Cc]hapters? \d+(?:(?:, | to | and )\d+)*",
            r"\bProclamations? \d+(?:(?:, | and )\d+)*",
            r"\bExecutive Orders? \d+|\b\d+ FR \d+",
            r"\b[Rr]ounds? \d+",
            r"\bFT-?900\b|\bIMTS 2010\b|\bG20\b|\bHSK?\d+\b|\bABC7\b",
            r"\bHTS \d{4}\.\d\d(?:\.\d\d)?(?:(?:, | and )\d{4}\.\d\d(?:\.\d\d)?)*",
            r"\bHS(?: chapters?| headings?)? \d+(?:\.\d\d)?(?:(?:, | and )\d+(?:\.\d\d)?)*",
            r"\b[Ee]nd-use (?:codes? )?\d+(?:(?:, | and )\d+)*(?:, \d{3,5})*",
            r"\b\d-digit\b|\(\d{4,10}\)|\bNews On 6\b|\bLaw360\b|\b24/7\b",
        ]
    )
)
"""Digits that are no quantity: dates and years, laws, articles, sections, proclamations, commodity codes."""

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> Iterator[re.Match[str]]:
    """The numbers of a text, in order.

    >>> [n.group() for n in numbers("By 278 votes to 151 on 12 October 2011, under section 104; 2.5% until 2016-03-18.")]
    ['278', '151', '2.5']
    """
    names = [match.span() for match in NAMES.finditer(text)]
    for match in NUMBER.finditer(text):
        if not any(start <= match.start() < end for start, end in names):
            yield match


@dataclass(frozen=True)
class RecordText:
    """A text of the record with its numbers as figures, in the order in which they stand."""

    text: str
    figures: tuple[Figure, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """The text as runs; a run that prints a number, with its percent sign, names its figure."""
        spans: list[Span] = []
        done = 0
        for match, figure in zip(numbers(self.text), self.figures, strict=True):
            end = match.end() + self.text.startswith("%", match.end())
            spans += [
                {"text": self.text[done : match.start()]},
                {"text": self.text[match.start() : end], "figure": figure.id},
            ]
            done = end
        return [span for span in [*spans, {"text": self.text[done:]}] if span["text"]]


def told(id: str, text: str, origins: Sequence[Origin], period: str = "") -> RecordText:
    """A text of the record; `origins` are the pages it retells.

    >>> story = told("event.vote", "It passed by 278 votes to 151.", [Origin("talks", "2011-10-12", "held", "AP", "")])
    >>> [(figure.id, figure.value) for figure in story.figures]
    [('told.event.vote.1', 278.0), ('told.event.vote.2', 151.0)]
    """
    found = [float(match.group().replace(",", "")) for match in numbers(text)]
    return RecordText(
        text,
        tuple(
            Figure(f"told.{id}.{place}", value, TOLD, period, "as the page tells it", tuple(origins))
            for place, value in enumerate(found, 1)
        ),
    )


def joined(*parts: RecordText, by: str = " ") -> RecordText:
    """Texts one after another, as one; `by` stands between two."""
    kept = [part for part in parts if part.text]
    return RecordText(by.join(part.text for part in kept), tuple(figure for part in kept for figure in part.figures))


def listed(parts: Sequence[RecordText]) -> RecordText:
    """Texts as a list in prose: "one, two and three"."""
    most, last = parts[:-1], parts[-1]
    return joined(joined(*most, by=", "), last, by=" and ") if most else last


def figures_of(texts: Iterable[RecordText]) -> tuple[Figure, ...]:
    """The figures of several texts, each once."""
    return tuple(dict.fromkeys(figure for text in texts for figure in text.figures))


def origins_of(publications: Sequence[Publication], day: date) -> tuple[Origin, ...]:
    """The pages as the origin of what a text of that day tells."""
    return tuple(Origin(page.record, str(day), "held", page.words, page.address) for page in publications)


def told_of(event: Event, part: str) -> RecordText:
    """One of an event's texts ("title", "summary", "note", "differ") with its numbers as figures."""
    pages = origins_of(event.publications, event.known_from)
    return told(f"{event.id}.{part}", getattr(event, part), pages, str(event.day))


def event_title(event: Event) -> RecordText:
    """An event's title with its numbers as figures."""
    return told_of(event, "title")


def event_summary(event: Event) -> RecordText:
    """An event's summary and note with their numbers as figures."""
    return joined(told_of(event, "summary"), told_of(event, "note"))


def entry_text(issue: IssueState, part: str, entry: Entry) -> RecordText:
    """A position or place with its numbers as figures; `part` is "place" or the id of a side."""
    return told(
        f"{issue.id}.{part}.{entry.when}", entry.text, origins_of(entry.publications, entry.day), str(entry.when)
    )


def definition_text(issue: IssueState) -> RecordText:
    """What an issue is about, on the pages behind what happened to it last."""
    pages = origins_of(issue.latest.publications, issue.latest.day)
    return told(f"{issue.id}.definition", issue.definition, pages)
