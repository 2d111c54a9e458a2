"""The live side of a page: controls that choose an edition, and the bridge that fills slots anew.

`EditionBar` holds ipywidgets for partner, as-of day and window; `Slots` is the bridge (its front end
is slots.js). Neither computes: a change asks `Page.move_to` and passes on what it returns.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anywidget
import ipywidgets as widgets
import traitlets

from briefing import periods
from briefing.codes import codelists
from briefing.errors import BriefingError
from briefing.page import Choice, Page
from briefing.record import sources
from briefing.record.edition import Edition


class Slots(anywidget.AnyWidget):
    """Puts new content into the page's slots, says what is going on, and keeps the address in step."""

    _esm = Path(__file__).parent / "slots.js"
    contents = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)


class Field(anywidget.AnyWidget):
    """A labelled list of choices (words and value); without any, a day. What the reader does to it is taken when done.

    `value` is what was taken, "" for a day that is none; `shown` what the page shows, which is another if it was
    `refused`; `words` say a day shown as the book writes it, for a browser writes it by its own locale.
    """

    _esm = Path(__file__).parent / "field.js"
    label = traitlets.Unicode().tag(sync=True)
    options: traitlets.List[list[str]] = traitlets.List().tag(sync=True)
    value = traitlets.Unicode().tag(sync=True)
    shown = traitlets.Unicode().tag(sync=True)
    refused = traitlets.Bool().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)

    def show(self, value: str, *, words: str = "", refused: bool = False) -> None:
        """Say what the page shows; what was refused stays in the field."""
        with self.hold_sync():
            self.shown, self.words, self.refused = value, words, refused
            if not refused:
                self.value = value


class Chooser(widgets.VBox):  # type: ignore[misc]
    """A list of choices and the slot that shows the one chosen."""

    def __init__(self, page: Page, view: Choice, label: str, choices: Mapping[str, str]) -> None:
        """The view for one of the choices (key and words): until the reader asks for one, the first that shows figures, if any does."""
        slot = page.choose(view, list(choices), self._show)
        self._page, self._id = page, slot.id
        self._slots = Slots()
        self._message = widgets.HTML()
        self._words = dict(choices)
        options = [[words, key] for key, words in choices.items()]
        self.choice = Field(label=label, options=options)
        self.choice.show(page.chosen(slot.id))
        self.choice.observe(self._changed, "value")
        bar = widgets.HBox([self.choice])
        bar.add_class("chooser")
        super().__init__([bar, self._message, widgets.HTML(slot.html()), self._slots])

    def _show(self, key: str) -> None:
        """Show a choice that the page made."""
        self.choice.unobserve(self._changed, "value")
        self.choice.show(key)
        self.choice.observe(self._changed, "value")

    def _changed(self, change: Any) -> None:
        self._slots.status = "Working"
        shown, problem = self.choice.shown, ""
        try:
            self._slots.contents = {self._id: self._page.choice(self._id, change.new).inner_html()}
            shown = change.new
        except Exception as fault:
            problem = _in_words(fault)
        self.choice.show(shown, refused=bool(problem))
        self._message.value = _message(problem)
        self._slots.status = f"{problem} Showing {self._words[shown]}".strip()


class Months(widgets.SelectionRangeSlider):  # type: ignore[misc]
    """A window of months.

    A handle that is moved while the months of another day are on their way may name a place that there no longer is:
    the window stays as it was, and the handle goes back.
    """

    def set_state(self, sync_data: dict[str, Any]) -> None:
        try:
            super().set_state(sync_data)
        except traitlets.TraitError:
            self.send_state(["_options_labels", "index"])


class EditionBar(widgets.VBox):  # type: ignore[misc]
    """Partner, as-of day and window of months; a change shows the page for the edition they name.

    The controls keep what the reader asked for: what is refused is said, and stays to be mended.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._slots = Slots()
        self.partner = Field(label="Partner", options=_partners(page.edition, {page.edition.partner}))
        self.as_of = Field(label="As of")
        months = _months(page)
        self.window = Months(
            options=months, index=_edges(page.edition, months), description="Months", continuous_update=False
        )
        self._message = widgets.HTML(_message(page.problem))
        bar = widgets.HBox([self.partner, self.as_of, self.window])
        bar.add_class("edition-bar")
        super().__init__([bar, self._message, self._slots])
        self._show_edition(set())
        self._follow(True)

    def _repr_mimebundle_(self, **kept: Any) -> dict[str, Any]:
        """With the refusal of an address, for a reader whose browser runs no scripts."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kept)
        return bundle | ({"text/html": _message(self._page.problem)} if self._page.problem else {})

    def _follow(self, follow: bool) -> None:
        for control in (self.partner, self.as_of, self.window):
            (control.observe if follow else control.unobserve)(self._changed, "value")

    def _changed(self, _: Any) -> None:
        self._slots.status = "Working"
        self._follow(False)
        asked = self._asked()
        edition, refused = self._page.nearest(asked)
        try:
            if edition != self._page.edition:
                self._slots.contents = self._page.move_to(edition)
        except Exception as fault:
            refused = dict.fromkeys(asked, _in_words(fault))
        sentences = " ".join(dict.fromkeys(refused.values()))
        self._message.value = _message(sentences)
        self._show_edition(set(refused))
        self._follow(True)
        self._slots.query = urlencode(self._page.parameters)
        self._slots.status = f"{sentences} Showing {self._page.edition.title}".strip()

    def _asked(self) -> dict[str, dict[str, str]]:
        """By control, what it asks for that the page does not show."""
        shown, asked = self._page.edition, {}
        if self.as_of.value != str(shown.as_of):
            asked["as_of"] = {"as_of": self.as_of.value, "last_period": "latest"} | self._first_period()
        first, last = self.window.value
        if self.window.index != _edges(shown, self.window.options):
            latest = last == self.window.options[-1][1]
            asked["window"] = {"first_period": first, "last_period": "latest" if latest else last}
        if self.partner.value != shown.partner:
            asked["partner"] = {"partner": self.partner.value}
        return asked

    def _first_period(self) -> dict[str, str]:
        """An earlier first month where the day asked comes before the window."""
        late = self.as_of.value[:7] > periods.shifted(self._page.edition.first_period, 14)
        return {} if late else {"first_period": "usual"}

    def _show_edition(self, refused: set[str]) -> None:
        """Set every control to the page's edition, but what was refused."""
        edition = self._page.edition
        self.partner.options = _partners(edition, {edition.partner, self.partner.value})
        self.partner.show(edition.partner, refused="partner" in refused)
        words = periods.day_in_words(edition.as_of)
        self.as_of.show(str(edition.as_of), words=words, refused="as_of" in refused)
        if "window" not in refused:
            months = _months(self._page, self.window.options)
            # Together: a browser that had the one without the other would name a month that is none.
            with self.window.hold_sync():
                if tuple(self.window.options) != tuple(months):
                    self.window.options = months
                self.window.index = _edges(edition, months)


STILL_LISTED = 24
"""Months without trade after which a partner is no longer offered."""


def _partners(edition: Edition, listed: set[str]) -> list[list[str]]:
    """The partners that had trade lately on the edition's day, and those listed anyhow: words and code, the world first."""
    last = sources.calendar().last_published(edition.as_of)
    alive = {
        code
        for code, (begin, end) in sources.partners_held().items()
        if begin <= last and periods.shifted(end, STILL_LISTED) >= last
    }
    codes = (alive | listed) & set(codelists.PARTNERS)
    return [["World", codelists.WORLD], *sorted([codelists.short_label(code), code] for code in codes)]


def _months(page: Page, offered: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The months a window may have: of those held, from twelve years before the last, or the first month shown.

    What was `offered` for the same last month stays so: months that went away under a handle would take it along.
    """
    held, last = sources.months_held(page.edition)
    first = min(page.edition.first_period, f"{int(last[:4]) - 12}-01")
    if offered and offered[-1][1] == last:
        first = min(first, offered[0][1])
    first = max(first, held)
    return [(f"{periods.MONTHS[int(m[5:]) - 1][:3]} {m[:4]}", m) for m in periods.span(first, last)]


def _edges(edition: Edition, offered: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """The places of the edition's window among the months offered: it may begin before them or end after."""
    months = [month for _, month in offered]
    return months.index(max(edition.first_period, months[0])), months.index(min(edition.last_period, months[-1]))


def _in_words(fault: Exception) -> str:
    """Why an edition is not shown: a refusal in its own words, anything else with its name."""
    if isinstance(fault, BriefingError):
        return str(fault)
    return f"This could not be shown ({type(fault).__name__}: {fault}). The page is as it was."


def _message(text: str) -> str:
    return f'<p class="refusal" role="alert">{escape(text)}</p>' if text else ""
