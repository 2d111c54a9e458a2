"""`Page`: a chapter's cells, shown for one edition; in the app, controls that show them for another.

`Page.show` runs a function of `briefing.chapters` and wraps its outputs into a slot, under the heading of its
section; where a section holds nothing for an edition, its heading is not shown. In print and in a plain notebook that is all. In the app `Page.controls` offers partner, as-of day and window; a
change runs every function shown so far again and puts the new content into its slots.
"""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from typing import Any
from urllib.parse import parse_qs

from briefing.chapters.contents import slot_id
from briefing.errors import BriefingError
from briefing.exhibits.source_list import described
from briefing.figures import Figure
from briefing.outputs import MEDIA_TYPE, Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.record.origins import Origin

SOURCES = "controls-source-list"
View = Callable[[Edition], Output | Sequence[Output]]
Choice = Callable[[Edition, str], Output | Sequence[Output]]
"""What a page shows for an edition and one of several choices, such as a definition."""


@dataclass(frozen=True)
class Slot(Output):
    """The outputs of one cell, in a place of the page that can be filled anew; `heading` opens its section."""

    id: str
    outputs: tuple[Output, ...]
    heading: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(dict.fromkeys(figure for output in self.outputs for figure in output.figures))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({origin for output in self.outputs for origin in output.origins}))

    def record(self) -> dict[str, Any]:
        return {
            "kind": "slot",
            "id": self.id,
            "heading": self.heading,
            "outputs": [output._repr_mimebundle_()[MEDIA_TYPE] for output in self.outputs],
        }

    def inner_html(self) -> str:
        """The content of the slot."""
        return self._content

    @cached_property
    def _content(self) -> str:
        heading = f"<h2>{escape(self.heading)}</h2>" if self.heading else ""
        return heading + "".join(output.html() for output in self.outputs)

    def html(self) -> str:
        return f'<div class="slot" data-slot="{self.id}">{self.inner_html()}</div>'

    def _repr_mimebundle_(self, **kept: Any) -> dict[str, Any]:
        """In Voila the page alone: nothing there keeps the notebook, and the record is as large again."""
        if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
            return {"text/html": self.html()}
        return super()._repr_mimebundle_(**kept)

    def __repr__(self) -> str:
        return "\n".join([*filter(None, [self.heading]), *(repr(output) for output in self.outputs)])


@lru_cache(maxsize=256)
def _outputs(
    view: Callable[..., Output | Sequence[Output]], edition: Edition, _register: object, *choice: str
) -> tuple[Output, ...]:
    """What a view shows of the record as it is registered; kept, for a reader comes back to an edition."""
    shown = view(edition, *choice)
    return (shown,) if isinstance(shown, Output) else tuple(shown)


@lru_cache(maxsize=256)
def _slot(id: str, heading: str, *asked: Any) -> Slot:
    """A slot with what `_outputs` returns; kept with its HTML."""
    return Slot(id, _outputs(*asked), heading)


PARAMETERS = ("as_of", "last_period", "first_period", "partner")
"""What an edition is opened by, in the order in which what is asked for is followed."""
BRINGS = {"as_of": {"last_period": "latest", "first_period": "usual"}, "last_period": {"first_period": "usual"}}


def _asked_by_address(query: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """What an address asks for, by parameter, and what is wrong with the asking.

    A day brings its own last month, and either the usual first month, unless the address names them.
    """
    asked, wrong = {}, []
    values = parse_qs(query, keep_blank_values=True)
    for name in PARAMETERS:
        texts = list(dict.fromkeys(values.get(name, [])))
        if len(texts) > 1:
            wrong.append(
                f"The address names {name} {len(values[name])} times, and a page shows one edition: "
                "the first is taken. Name it once."
            )
        if texts:
            asked[name] = BRINGS.get(name, {}) | {name: texts[0]}
    return asked, wrong


def _id_of(view: Callable[..., Any]) -> str:
    return slot_id(view.__module__.rpartition(".")[2], view.__name__)


class Page:
    """One chapter on one edition.

    The four texts are the notebook's parameters. In the app the page's address may override them
    (`?partner=...&as_of=...`); of an address that asks for no possible edition the page follows what can be
    followed, and says why not the rest.
    """

    def __init__(self, partner: str, first_period: str, last_period: str, as_of: str) -> None:
        self.edition = sources.open_edition(partner, first_period, last_period, as_of)
        asked, wrong = _asked_by_address(os.environ.get("QUERY_STRING", ""))
        self.edition, refused = self.nearest(asked)
        sentences = [*refused.values(), *wrong]
        self.problem = " ".join([*sentences, f"Shown: {self.edition.title}."]) if sentences else ""
        self._views: dict[str, View | Choice] = {}
        self._chosen: dict[str, str] = {}
        self._offered: dict[str, tuple[tuple[str, ...], Callable[[str], None]]] = {}
        self._headings: dict[str, str] = {}
        self._origins: dict[str, set[Origin]] = {}
        self._lists_sources = False

    def show(self, view: View, heading: str = "") -> Slot:
        """The outputs of a chapter's function for this edition.

        A `heading` opens a section, to which belongs what is shown after it without one. It stands above the first of
        them that shows something, and nowhere where none does.
        """
        id = _id_of(view)
        self._place(id, view, heading)
        return self.slot(id)

    def _place(self, id: str, view: View | Choice, heading: str) -> None:
        """Put a view into its section; one that is shown again stays where it was."""
        last = self._headings[next(reversed(self._headings))] if self._headings else ""
        self._headings[id] = heading or self._headings.get(id, last)
        self._views[id] = view

    def choose(self, view: Choice, keys: Sequence[str], chosen: Callable[[str], None] = lambda key: None) -> Slot:
        """The outputs of a chapter's function for the first of its choices that shows figures, or else for the first.

        Until one is asked for, so it is for every edition that the page moves to, and `chosen` is told which.
        """
        id = _id_of(view)
        self._place(id, view, "")
        self._offered[id] = (tuple(keys), chosen)
        self._chosen[id] = self._first_with_figures(id)
        return self.slot(id)

    def _first_with_figures(self, id: str) -> str:
        keys, _ = self._offered[id]
        asked = (self._views[id], self.edition, sources.register())
        return next((key for key in keys if any(one.figures for one in _outputs(*asked, key))), keys[0])

    def chosen(self, id: str) -> str:
        """The choice that a slot shows."""
        return self._chosen[id]

    def choice(self, id: str, key: str) -> Slot:
        """The slot of a control for the choice asked for. If it cannot be made, the one before stays chosen."""
        before, self._chosen[id] = self._chosen[id], key
        try:
            slot = self.slot(id)
        except BaseException:
            self._chosen[id] = before
            raise
        self._offered.pop(id, None)
        return slot

    def slot(self, id: str) -> Slot:
        """A slot of the page as it now stands."""
        heading = self._headings[id] if self._opens_section(id) else ""
        slot = _slot(id, heading, *self._asked(id))
        self._origins[id] = set(slot.origins)
        return slot

    def _asked(self, id: str) -> tuple[Any, ...]:
        choice = (self._chosen[id],) if id in self._chosen else ()
        return (self._views[id], self.edition, sources.register(), *choice)

    def _opens_section(self, id: str) -> bool:
        """Whether the slot is the first of its section that shows something."""
        section = [other for other, heading in self._headings.items() if heading == self._headings[id]]
        before = section[: section.index(id)]
        return bool(_outputs(*self._asked(id))) and not any(_outputs(*self._asked(other)) for other in before)

    def sources(self) -> Slot:
        """The registered files that the cells shown so far rest on."""
        self._lists_sources = True
        origins = set().union(*self._origins.values())
        listed = described(origins, sources.register(), sources.calendar())
        return Slot(SOURCES, (listed,), "Sources") if origins else Slot(SOURCES, ())

    def nearest(self, asked: Mapping[str, Mapping[str, str]]) -> tuple[Edition, dict[str, str]]:
        """The edition that is asked for, or the one that follows of it what can be followed.

        Parameters
        ----------
        asked
            By the name of whoever asks, such as a control: changes to the parameters of the page.

        Returns
        -------
        The edition, and by the same names why a change was refused.
        """
        with contextlib.suppress(BriefingError):
            return self._opened(*asked.values()), {}
        edition, refused = self.edition, {}
        followed: list[Mapping[str, str]] = []
        for name, changes in asked.items():
            try:
                edition = self._opened(*followed, changes)
                followed.append(changes)
            except BriefingError as refusal:
                refused[name] = str(refusal)
        return edition, refused

    def _opened(self, *changes: Mapping[str, str]) -> Edition:
        changed = self.parameters
        for change in changes:
            changed |= change
        return sources.open_edition(**changed)

    def move_to(self, edition: Edition) -> dict[str, str]:
        """Show another edition; the new content of every slot, by its id. If one cannot be made, the page stays as it is."""
        before, self.edition = self.edition, edition
        chosen = dict(self._chosen)
        try:
            self._chosen |= {id: self._first_with_figures(id) for id in self._offered}
            shown = {id: self.slot(id).inner_html() for id in self._views}
            shown |= {SOURCES: self.sources().inner_html()} if self._lists_sources else {}
        except BaseException:
            self.edition, self._chosen = before, chosen
            raise
        for id, (_, told) in self._offered.items():
            told(self._chosen[id])
        return shown

    @property
    def parameters(self) -> dict[str, str]:
        """The four texts that open this edition again."""
        edition = self.edition
        latest = edition.last_period == sources.calendar().last_published(edition.as_of)
        return {
            "partner": edition.partner,
            "first_period": edition.first_period,
            "last_period": "latest" if latest else edition.last_period,
            "as_of": str(edition.as_of),
        }
