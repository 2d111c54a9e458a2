"""Pages as links, where several stand in one line."""

from collections.abc import Sequence
from html import escape

from briefing.talks import Publication

ANOTHER = "another of its pages"


def told_apart(pages: Sequence[Publication]) -> list[tuple[str, Publication]]:
    """Words and page of each: those that print alike stand together, and each after the first is told as another."""
    words: dict[str, list[Publication]] = {}
    for page in dict.fromkeys(pages):
        words.setdefault(page.words, []).append(page)
    return [
        (said if place == 0 else ANOTHER, page) for said, alike in words.items() for place, page in enumerate(alike)
    ]


def links_record(pages: Sequence[Publication]) -> list[dict[str, str]]:
    """Text and address of each, for print."""
    return [{"text": words, "address": page.address} for words, page in told_apart(pages)]


def links_html(pages: Sequence[Publication]) -> str:
    """The same for a page, each with its title under the pointer."""
    return "; ".join(
        f'<a href="{escape(page.address)}" title="{escape(page.title)}" rel="noopener">{escape(words)}</a>'
        for words, page in told_apart(pages)
    )
