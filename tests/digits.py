"""Finds the digits of a built edition that belong to no figure, date, code or law number."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
YEAR = r"(?<![\d.,$−-])(?:19[89]|20[0-4])\d(?![\d%]|[.,]\d)"
LIST = r"\d+(?:\.\d+)?(?:(?:, (?:and )?| and | to | or )\d+)*"
NAMES = re.compile(
    "|".join(
        [
            r"\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b",
            rf"(?<![\d.,$−])\b\d{{1,2}}(?:[–/-]\d{{1,2}}| or \d{{1,2}})? {MONTH}\b(?: {YEAR})?",
            rf"\b{MONTH} \d{{1,2}}\b(?![,.]?\d)(?:, {YEAR})?",
            rf"{YEAR}(?:[–-]\d{{2}}(?:\d\d)?\b)?",
            rf"\b(?:[Ss]ections?|[Aa]rticles?|[Cc]hapters?|Proclamations?|[Rr]ounds?|HS|HS chapters?|HS headings?) {LIST}",
            r"\b(?:Public Law|P\.L\.) 1\d\d[–-]\d+|\bExecutive Order 1\d{4}\b|\b\d\d FR \d{4,5}\b|\b\d\d USC \d{3,4}\b",
            r"\bHTS \d{4}\.\d\d(?:\.\d\d)?(?:(?:, | and )\d{4}\.\d\d(?:\.\d\d)?)*",
            rf"\b[Ee]nd-use (?:codes? )?{LIST}",
            r"\(\d{4,5}\)|\b[1-9]0?-digit\b",
            r"\bFT-?900\b|\bIMTS 2010\b|\bG20\b|\bNews On 6\b|\bLaw360\b|\b24/7\b|\bABC7\b",
        ]
    )
)
"""Digits that are no quantity, told here without the book's own list of them: were a quantity put on that, this finds it."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text: str) -> Iterator[re.Match[str]]:
    """The numbers of a text but for names."""
    names = [match.span() for match in NAMES.finditer(text)]
    yield from (one for one in NUMBER.finditer(text) if not any(a <= one.start() < b for a, b in names))


VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
OWNED = {"data", "time", "style", "script"}
"""Elements whose digits name their origin or day themselves."""
DIVISORS = (1.0, 1e3, 1e6, 1e9, 0.01)


class Loose(HTMLParser):
    """Collects the numbers of a page outside of figures, of the register of sources, and of charts.

    The register's own lines (files, checksums, addresses) are origins, not figures; a chart's text is
    looked at by `loose_labels`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self.open}
        register = any(kind == "sources" for _, kind in self.open) and "dd" in tags
        if not (tags & OWNED or "svg" in tags or register):
            self.found += [f"{match.group()} in {data.strip()!r}" for match in numbers(data)]


def loose_digits(html: str) -> list[str]:
    """The numbers of a page that are no figure, date, code or law number."""
    page = Loose()
    page.feed(html)
    return page.found


def loose_labels(svg: str, values: Iterable[float]) -> list[str]:
    """The numbers that a chart's marks print (its scales and legends left out) and that are none of these values.

    A mark may print a value in dollars, thousands, millions, billions or percent, rounded; or its place in a list.
    """
    values = list(values)
    printed = {
        text
        for value in values
        for divisor in DIVISORS
        for text in (f"{abs(value) / divisor:,.1f}", f"{abs(value) / divisor:,.0f}", f"{abs(value) / divisor:,.10g}")
    }
    texts = [
        text
        for group in re.findall(r'class="mark-text role-mark[^"]*".*?</g>', svg)
        for text in re.findall(r">([^<]+)</text>", group)
    ]
    places = {str(place) for place in range(1, 15)}
    return [text for text in texts for match in numbers(text) if match.group() not in printed | places]


def words_of(texts: Iterable[str]) -> set[str]:
    """The numbers of texts, as they are written."""
    return {match.group() for text in texts for match in re.finditer(r"\d[\d,]*(?:\.\d+)?", text)}


def strings_in(block: Any) -> Iterator[str]:
    """Every text in a nest of lists and mappings; a text with the number of its figure also with that behind it."""
    if isinstance(block, Mapping):
        number = block.get("number")
        for key in ("text", "value"):
            if number is not None and isinstance(block.get(key), str):
                yield f"{block[key]}{number}"
        for value in block.values():
            yield from strings_in(value)
    elif isinstance(block, str):
        yield block
    elif isinstance(block, list | tuple):
        for value in block:
            yield from strings_in(value)


def without_names(text: str) -> str:
    """A text without its dates, codes and law numbers."""
    return NAMES.sub(" ", text)
