"""Every view of the book's contents, with every choice, for every kind of partner and of day."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import zip_longest

import pytest
from briefing.chapters.contents import CHAPTERS, Chapter, View
from briefing.exhibits.charts import Chart
from briefing.figures import with_parts
from briefing.outputs import Output
from briefing.page import SOURCES, Page, Slot
from briefing.record import sources
from briefing.record.edition import Edition

from tests.agreed import as_agreed
from tests.chapters.test_chapters import assert_known_by

EDITIONS = {
    "the partner of the talks": ("5800", "2018-01-05"),
    "the partner of the talks, as far as the record goes": ("5800", "2026-11-23"),
    "before the talks": ("5800", "2003-02-20"),
    "a car maker": ("5880", "2019-09-26"),
    "a partner with imports by end-use alone": ("5520", "2018-01-05"),
    "a small territory": ("6225", "2019-01-10"),
    "a young country": ("7323", "2013-03-01"),
    "a code that has ended": ("7320", "2012-01-20"),
    "a code whose trade was counted under another": ("4621", "1997-06-01"),
    "a partner in surplus": ("4210", "2024-09-10"),
    "the world": ("0015", "2018-01-05"),
    "the world, before its total is held": ("0015", "1997-06-01"),
}
VIEWS = [view for chapter in CHAPTERS for view in chapter.views]


@pytest.mark.long
@pytest.mark.parametrize("kind", EDITIONS)
def test_every_view_shows_something_or_says_why_not(kind: str) -> None:
    partner, as_of = EDITIONS[kind]
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    for view in VIEWS:
        for output in _outputs(view, edition):
            shown = repr(output) if isinstance(output, Chart) else f"{output!r} {output.html()}"
            assert not re.search(r"\b(None|nan)\b", shown), view
            assert not isinstance(output, Chart) or output.picture, view
            for figure in with_parts(output.figures).values():
                assert figure.origins and figure.formula, view
                assert_known_by(edition, figure)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["the partner of the talks", "before the talks", "a young country", "the world"])
def test_a_heading_stands_above_the_first_that_shows_something_and_nowhere_else(kind: str) -> None:
    partner, as_of = EDITIONS[kind]
    for chapter in CHAPTERS:
        slots = {slot.id: slot for slot in _slots(Page(partner, "usual", "latest", as_of), chapter)}
        filled = [[view.id for view in section.views if slots[view.id].outputs] for section in chapter.sections]
        first = {ids[0]: section.heading for section, ids in zip(chapter.sections, filled, strict=True) if ids}
        first |= {SOURCES: "Sources"} if slots[SOURCES].figures or slots[SOURCES].origins else {}
        assert {id: slot.heading for id, slot in slots.items()} == dict.fromkeys(slots, "") | first, chapter.name


@pytest.mark.parametrize(
    "kind",
    [
        "the partner of the talks",
        *(
            pytest.param(kind, marks=pytest.mark.long)
            for kind in ("a small territory", "a partner in surplus", "the world")
        ),
    ],
)
def test_what_an_edition_says_is_as_it_was_agreed(kind: str) -> None:
    partner, as_of = EDITIONS[kind]
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    said = [f"{view.id}\n{_words(output)}\n" for view in VIEWS for output in _outputs(view, edition)]
    as_agreed(f"{partner}-{as_of}.txt", "\n".join(said))


def _words(output: Output) -> str:
    """What an output says, a line each row or paragraph; of a chart its title, for its picture is agreed on elsewhere."""
    if isinstance(output, Chart):
        return repr(output)
    html = re.sub("</(th|td|dt|dd)>", " | ", output.html())
    text = unescape(re.sub("<[^>]+>", "", re.sub("</(tr|p|h\\d|li|caption|div|section)>", "\n", html)))
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


def _slots(page: Page, chapter: Chapter) -> list[Slot]:
    shown = [
        page.choose(view.function, list(view.keys)) if view.keys else page.show(view.function, heading)
        for section in chapter.sections
        for view, heading in zip_longest(section.views, [section.heading], fillvalue="")
    ]
    return [*shown, page.sources()]


def _outputs(view: View, edition: Edition) -> Iterator[Output]:
    for choice in [(key,) for key in view.keys] or [()]:
        shown = view.function(edition, *choice)
        yield from [shown] if isinstance(shown, Output) else shown
