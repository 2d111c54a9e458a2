"""`SourceList`: the registered files a chapter rests on, each with vintage, basis and oddities."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from briefing import periods
from briefing.figures import Figure
from briefing.outputs import STANDINGS, Output
from briefing.record.origins import Origin
from briefing.record.sources import Source
from briefing.record.vintages import Calendar, stood_until


@dataclass(frozen=True)
class SourceList(Output):
    """Sources in the order of the register; `standings` gives each one's mark for this edition."""

    sources: Sequence[Source]
    rested_on: tuple[Origin, ...]
    calendar: Calendar

    @property
    def figures(self) -> tuple[Figure, ...]:
        return ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        return self.rested_on

    @property
    def entries(self) -> list[dict[str, Any]]:
        """A dataset an entry: title, landing page, what its vintages share, and each vintage with its own lines."""
        datasets: dict[str, list[Source]] = {}
        for source in _merged(self.sources):
            datasets.setdefault(source.dataset, []).append(source)
        return [self._entry(dataset, vintages) for dataset, vintages in datasets.items()]

    def _entry(self, dataset: str, vintages: Sequence[Source]) -> dict[str, Any]:
        shared = vintages[0]
        lines = [
            ("Producer", shared.producer),
            ("Basis", shared.concepts),
            ("Unit", shared.unit),
            ("Oddities", shared.oddities),
        ]
        return {
            "key": dataset,
            "title": shared.title,
            "address": shared.landing_page,
            "lines": lines,
            "vintages": [self._vintage(source) for source in vintages],
        }

    def _vintage(self, source: Source) -> dict[str, Any]:
        marks = {o.standing for o in self.rested_on if (o.dataset, o.vintage) == (source.dataset, str(source.vintage))}
        mark = ", ".join(STANDINGS[standing] for standing in sorted(marks) if STANDINGS[standing])
        known = "" if source.vintage_known == "day" else f", {source.vintage_known}"
        words = f"{periods.day_in_words(source.vintage)}{known}" + (f" ({mark})" if mark else "")
        reach = ""
        if source.last_period:
            until = stood_until(source.last_period, source.vintage, self.calendar)
            reach = f", in force until {periods.day_in_words(until)}, data to {periods.in_words(source.last_period)}"
        if source.continues is not None:
            before = periods.in_words(periods.shifted(source.since, -1))
            reach += f"; to {before} as in the vintage of {periods.day_in_words(source.continues)}"
        if source.rounded_to > 1:
            reach += f"; values rounded to {source.rounded_to:,} dollars"
        lines = [
            ("Vintage", f"{words}{reach}"),
            ("Obtained", f"{source.obtained} ({source.original})"),
            ("File", f"data/{source.file}, SHA-256 {source.sha256[:16]}…"),
        ]
        return {"key": f"{source.dataset}@{source.vintage}", "words": words, "lines": lines}

    def record(self) -> dict[str, Any]:
        return {"kind": "sources", "entries": self.entries}

    def html(self) -> str:
        entries = "".join(_entry_html(entry) for entry in self.entries)
        return f'<section class="sources">{entries}</section>'

    def __repr__(self) -> str:
        named = [", ".join([entry["title"], *(v["words"] for v in entry["vintages"])]) for entry in self.entries]
        return f"Sources: {'; '.join(named)}"


def _merged(sources: Sequence[Source]) -> list[Source]:
    """Files of one dataset and vintage as one entry that names them all: a record of talks has several."""
    merged: dict[tuple[str, str], Source] = {}
    for source in sources:
        key = (source.dataset, str(source.vintage))
        if key in merged:
            one = merged[key]
            source = replace(one, original=f"{one.original}, {source.original}")
        merged[key] = source
    return list(merged.values())


def _vintages_in_words(entry: dict[str, Any]) -> str:
    vintages = entry["vintages"]
    return str(vintages[0]["words"]) if len(vintages) == 1 else "several vintages"


def _entry_html(entry: dict[str, Any]) -> str:
    lines = _lines_html(entry["lines"])
    if entry["address"]:
        address = escape(entry["address"])
        lines += f'<dt>Page</dt><dd><a href="{address}" rel="noopener">{address}</a></dd>'
    vintages = "".join(f"<dl>{_lines_html(vintage['lines'])}</dl>" for vintage in entry["vintages"])
    summary = f"{escape(entry['title'])}, {escape(_vintages_in_words(entry))}"
    return f"<details><summary>{summary}</summary><dl>{lines}</dl>{vintages}</details>"


def _lines_html(lines: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in lines)


def described(origins: Collection[Origin], register: Sequence[Source], calendar: Calendar) -> SourceList:
    """The registered files behind the origins."""
    wanted = {(origin.dataset, origin.vintage) for origin in origins}
    datasets = {dataset for dataset, _ in wanted}
    found = [
        s for s in register if (s.dataset, str(s.vintage)) in wanted or (s.dataset in datasets and not s.last_period)
    ]
    return SourceList(found, tuple(sorted(origins)), calendar)
