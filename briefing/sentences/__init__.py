"""`Sentence`: a sentence, the figures it quotes, the sources it rests on; and words for numbers.

in_brief, talks, duties, deficit, trends, autos, verdicts, ledgers, revisions
           what is said in each chapter
words      numbers in words, and what a balance is called
units      the unit in which dollars under one heading are printed
rounding   whether printed parts add up to the printed total, and how it is told that they do not
movements  which way a size moved, how far back it is a record, how long it ran
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from briefing.errors import ClaimError
from briefing.figures import Figure, Span
from briefing.outputs import Output, spans_html
from briefing.sentences.rounding import ROUNDED, apart, sums_among
from briefing.sentences.words import in_words
from briefing.talks.texts import RecordText, figures_of, numbers


@dataclass(frozen=True)
class Sentence(Output):
    """A sentence that can be checked.

    The template holds no digit: numbers come from `figures`, as "{deficit:size}" with a format of
    `briefing.sentences.words`, and names, dates and codes from `labels`, as "{partner}". A label that is a
    text of the record brings the numbers in it as figures (`briefing.talks.texts`).

    Raises
    ------
    ClaimError
        If the template or a label types a number, or names a figure or label that is not given.
    """

    id: str
    template: str
    quoted: dict[str, Figure] = field(default_factory=dict)
    labels: Mapping[str, str | RecordText] = field(default_factory=dict)
    style: str = "finding"
    """How it is set: "headline", "finding" or "note"."""

    def __post_init__(self) -> None:
        for literal, name, _, _ in string.Formatter().parse(self.template):
            if any(character.isdigit() for character in literal):
                raise ClaimError(
                    f"The sentence {self.id} types a number: {literal.strip()!r}. Nobody could say where it "
                    "came from. Give it as a figure, or a date or code as a label."
                )
            if name is not None and name not in self.quoted and name not in self.labels:
                raise ClaimError(
                    f"The sentence {self.id} names {{{name}}}, which is neither a figure nor a label. "
                    "It would be printed with a hole. Pass it, or leave it out of the template."
                )
        for name, label in self.labels.items():
            loose = [match.group() for match in numbers(label)] if isinstance(label, str) else []
            if loose:
                raise ClaimError(
                    f"The label {{{name}}} of the sentence {self.id} types a number: {loose[0]!r}. Nobody could say where "
                    "it came from. Give it as a figure, or the label as a text of the record (briefing.talks.texts)."
                )

    @cached_property
    def spans(self) -> list[Span]:
        """The sentence as runs of text; a run that prints a figure names it."""
        spans: list[Span] = []
        for literal, name, spec, _ in string.Formatter().parse(self.template):
            if literal:
                spans.append({"text": literal})
            if name in self.quoted:
                figure = self.quoted[name]
                spans.append({"text": in_words(figure, spec or ""), "figure": figure.id})
            elif name is not None:
                label = self.labels[name]
                spans += label.spans if isinstance(label, RecordText) else [{"text": label}]
        return self._told_rounded(spans)

    def _told_rounded(self, spans: list[Span]) -> list[Span]:
        """The runs; where a total is not what its parts as printed come to, the last of them is told to be rounded."""
        printed = {span["figure"]: span["text"] for span in spans if "figure" in span}
        sums = [found for found in sums_among(list(self.quoted.values())) if apart([found], printed)]
        concerned = {figure.id for total, parts in sums for figure in (total, *parts)}
        last = max((place for place, span in enumerate(spans) if span.get("figure") in concerned), default=-1)
        return _with_clause(spans, last + 1, f", {ROUNDED}") if concerned else spans

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(span["text"] for span in self.spans)

    @property
    def figures(self) -> tuple[Figure, ...]:
        told = [label for label in self.labels.values() if isinstance(label, RecordText)]
        return tuple(dict.fromkeys([*self.quoted.values(), *figures_of(told)]))

    def alone(self) -> "Sentence":
        """A title as a sentence of its own, where nothing is drawn below it."""
        return replace(self, template=f"{self.template}.", style="note")

    def record(self) -> dict[str, Any]:
        return {"kind": "claim", "id": self.id, "style": self.style, "text": self.text, "spans": self.spans}

    def html(self) -> str:
        return f'<p class="claim {self.style}" id="{self.id}">{self.inner_html()}</p>'

    def inner_html(self) -> str:
        """The sentence as HTML without its paragraph."""
        return spans_html(self.spans, {figure.id: figure for figure in self.figures})

    def __repr__(self) -> str:
        return self.text


CLAUSE_ENDS = re.compile(r"[;:.](?= |$)|\)")


def _with_clause(spans: list[Span], start: int, words: str) -> list[Span]:
    """The runs with words added where the clause ends in which the run before `start` stands."""
    for place in range(start, len(spans)):
        text = spans[place]["text"]
        found = CLAUSE_ENDS.search(text) if "figure" not in spans[place] else None
        if found is not None:
            parts = [{"text": part} for part in (text[: found.start()] + words, text[found.start() :]) if part]
            return [*spans[:place], *parts, *spans[place + 1 :]]
    return [*spans, {"text": words}]
