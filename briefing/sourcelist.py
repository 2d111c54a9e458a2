"""`SourceList`: the registered files a chapter rests on, each with vintage, basis and oddities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from briefing import codelists, periods
from briefing.figures import Figure, Origin
from briefing.outputs import STANDINGS, Output
from briefing.sources import Source
from briefing.vintages import Calendar, stood_until


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
        """Title, vintage in words, labelled lines and landing page of each source."""
        return [self._entry(source) for source in _merged(self.sources)]

    def _entry(self, source: Source) -> dict[str, Any]:
        marks = {o.standing for o in self.rested_on if (o.dataset, o.vintage) == (source.dataset, str(source.vintage))}
        mark = ", ".join(STANDINGS[standing] for standing in sorted(marks) if STANDINGS[standing])
        known = "" if source.vintage_known == "day" else f", {source.vintage_known}"
        vintage = f"{periods.day_in_words(source.vintage)}{known}" + (f" ({mark})" if mark else "")
        reach = ""
        if source.last_period:
            until = stood_until(source.last_period, source.vintage, self.calendar)
            reach = f", in force until {periods.day_in_words(until)}, data to {periods.in_words(source.last_period)}"
        lines = [
            ("Producer", source.producer),
            ("Vintage", f"{vintage}{reach}"),
            ("Basis", source.basis),
            ("Unit", source.unit),
            ("Obtained", f"{source.obtained} ({source.original})"),
            ("Oddities", source.oddities),
            ("File", f"data/{source.file}, SHA-256 {source.sha256[:16]}…"),
        ]
        key = f"{source.dataset}@{source.vintage}"
        return {
            "key": key,
            "title": source.title,
            "vintage": vintage,
            "lines": lines,
            "address": source.landing_page,
        }

    def record(self) -> dict[str, Any]:
        return {"kind": "sources", "entries": self.entries}

    def html(self) -> str:
        entries = "".join(_entry_html(entry) for entry in self.entries)
        return f'<section class="sources">{entries}</section>'

    def __repr__(self) -> str:
        return "Sources: " + "; ".join(f"{entry['title']}, {entry['vintage']}" for entry in self.entries)


def _merged(sources: Sequence[Source]) -> list[Source]:
    """Files of one dataset and vintage as one entry that names them all: the record of the talks has four."""
    merged: dict[tuple[str, str], Source] = {}
    for source in sources:
        key = (source.dataset, str(source.vintage))
        if key in merged:
            one = merged[key]
            source = replace(one, original=f"{one.original}, {source.original}")
        merged[key] = source
    return list(merged.values())


def _entry_html(entry: dict[str, Any]) -> str:
    lines = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in entry["lines"])
    if entry["address"]:
        address = escape(entry["address"])
        lines += f'<dt>Page</dt><dd><a href="{address}" rel="noopener">{address}</a></dd>'
    return f"<details><summary>{escape(entry['title'])}, {escape(entry['vintage'])}</summary><dl>{lines}</dl></details>"


def described(origins: Sequence[Origin], register: Sequence[Source], calendar: Calendar) -> SourceList:
    """The registered files behind the origins."""
    wanted = {(origin.dataset, origin.vintage) for origin in origins if origin.dataset in codelists.DATASETS}
    datasets = {dataset for dataset, _ in wanted if dataset in ("talks", "ft900-calendar")}
    found = [s for s in register if (s.dataset, str(s.vintage)) in wanted or s.dataset in datasets]
    return SourceList(found, tuple(sorted(set(origins))), calendar)
