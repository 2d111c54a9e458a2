"""`Page`: a chapter's cells, shown for one edition; in the app, controls that show them for another.

`Page.show` runs a function of `briefing.chapters` and wraps its outputs into a slot. In print and in
a plain notebook that is all. In the app `Page.controls` offers partner, as-of day and window; a
change runs every function shown so far again and puts the new content into its slots.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qs

from briefing import sources
from briefing.edition import Edition
from briefing.errors import BriefingError
from briefing.figures import Figure, Origin
from briefing.outputs import MEDIA_TYPE, Output
from briefing.sourcelist import described

SOURCES = "controls-source-list"
View = Callable[[Edition], Output | Sequence[Output]]
Choice = Callable[[Edition, str], Output | Sequence[Output]]
"""What a page shows for an edition and one of several choices, such as a definition."""


@dataclass(frozen=True)
class Slot(Output):
    """The outputs of one cell, in a place of the page that can be filled anew."""

    id: str
    outputs: tuple[Output, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(dict.fromkeys(figure for output in self.outputs for figure in output.figures))

    @property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(sorted({origin for output in self.outputs for origin in output.origins}))

    def record(self) -> dict[str, Any]:
        return {
            "kind": "slot",
            "outputs": [output._repr_mimebundle_()[MEDIA_TYPE] for output in self.outputs],
        }

    def inner_html(self) -> str:
        """The content of the slot."""
        return self._content

    @cached_property
    def _content(self) -> str:
        return "".join(output.html() for output in self.outputs)

    def html(self) -> str:
        return f'<div class="slot" data-slot="{self.id}">{self.inner_html()}</div>'

    def _repr_mimebundle_(self, **kept: Any) -> dict[str, Any]:
        """In Voila the page alone: nothing there keeps the notebook, and the record is as large again."""
        if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
            return {"text/html": self.html()}
        return super()._repr_mimebundle_(**kept)

    def __repr__(self) -> str:
        return "\n".join(repr(output) for output in self.outputs)


@lru_cache(maxsize=256)
def _shown(
    view: Callable[..., Output | Sequence[Output]], id: str, edition: Edition, _register: object, *choice: str
) -> Slot:
    """What a view shows of the record as it is registered; kept, for a reader comes back to an edition."""
    shown = view(edition, *choice)
    return Slot(id, (shown,) if isinstance(shown, Output) else tuple(shown))


def _named(query: dict[str, str], first_period: str) -> dict[str, str]:
    """The parameters that an address names; an early day brings its own first month."""
    named = {name: text for name, text in query.items() if name in ("partner", "first_period", "last_period", "as_of")}
    year = named.get("as_of", "")[:4]
    early = {"first_period": min(first_period, f"{int(year) - 6}-01")} if year.isdigit() else {}
    return early | named


def _slot_id(view: Callable[..., Any]) -> str:
    return f"{view.__module__.rpartition('.')[2]}-{view.__name__}".replace("_", "-")


class Page:
    """One chapter on one edition.

    The four texts are the notebook's parameters. In the app the page's address may override them
    (`?partner=...&as_of=...`); an address that asks for no possible edition shows the default one and
    says why.
    """

    def __init__(self, partner: str, first_period: str, last_period: str, as_of: str) -> None:
        asked = {"partner": partner, "first_period": first_period, "last_period": last_period, "as_of": as_of}
        self.problem = ""
        self.edition = sources.open_edition(**asked)
        query = {name: values[0] for name, values in parse_qs(os.environ.get("QUERY_STRING", "")).items()}
        if asked.keys() & query.keys():
            try:
                self.edition = sources.open_edition(**(asked | _named(query, first_period)))
            except BriefingError as problem:
                self.problem = str(problem)
        self._views: dict[str, View | Choice] = {}
        self._chosen: dict[str, str] = {}
        self._origins: dict[str, set[Origin]] = {}
        self._lists_sources = False

    def show(self, view: View) -> Slot:
        """The outputs of a chapter's function for this edition."""
        id = _slot_id(view)
        self._views[id] = view
        return self.slot(id)

    def choose(self, view: Choice, label: str, choices: Mapping[str, str]) -> Any:
        """A control that shows the view for one of the choices (key and words), the first to begin with."""
        from briefing.app import Chooser

        id = _slot_id(view)
        self._chosen[id] = next(iter(choices))
        self._views[id] = view
        return Chooser(self, id, label, choices)

    def choice(self, id: str, key: str) -> Slot:
        """The slot of a control for another of its choices."""
        self._chosen[id] = key
        return self.slot(id)

    def slot(self, id: str) -> Slot:
        """A slot of the page as it now stands."""
        choice = [self._chosen[id]] if id in self._chosen else []
        slot = _shown(self._views[id], id, self.edition, sources.register(), *choice)
        self._origins[id] = set(slot.origins)
        return slot

    def sources(self) -> Slot:
        """The registered files that the cells shown so far rest on."""
        self._lists_sources = True
        return Slot(SOURCES, (self._source_list(),))

    def _source_list(self) -> Output:
        """The files behind every origin of the page's slots."""
        return described(sorted(set().union(*self._origins.values())), sources.register(), sources.calendar())

    def controls(self) -> Any:
        """The bar of controls: partner, as-of day, first month shown."""
        from briefing.app import EditionBar

        return EditionBar(self)

    def move_to(self, **changes: str) -> dict[str, str]:
        """Show another edition; the new content of every slot, by its id.

        Raises
        ------
        BriefingError
            If there is no such edition; the page then stays as it is.
        """
        edition = sources.open_edition(**(self.parameters | changes))
        before, self.edition = self.edition, edition
        try:
            shown = {id: self.slot(id).inner_html() for id in self._views}
            return shown | ({SOURCES: self._source_list().html()} if self._lists_sources else {})
        except BriefingError:
            self.edition = before
            raise

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
