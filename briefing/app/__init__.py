"""The live side of a page: controls that choose an edition, and the bridge that fills slots anew.

`EditionBar` holds ipywidgets for partner, as-of day and window; `Slots` is the bridge (its front end
is slots.js). Neither computes: a change asks `Page.move_to` and passes on what it returns.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anywidget
import ipywidgets as widgets
import traitlets

from briefing import codelists, periods, sources
from briefing.controls import Page
from briefing.errors import BriefingError


class Slots(anywidget.AnyWidget):
    """Puts new content into the page's slots, says what is going on, and keeps the address in step."""

    _esm = Path(__file__).parent / "slots.js"
    contents = traitlets.Dict().tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)
    query = traitlets.Unicode("").tag(sync=True)


class Chooser(widgets.VBox):  # type: ignore[misc]
    """A list of choices and the slot that shows the one chosen."""

    def __init__(self, page: Page, id: str, label: str, choices: Mapping[str, str]) -> None:
        self._page, self._id = page, id
        self._slots = Slots()
        self.choice = widgets.Dropdown(options=[(words, key) for key, words in choices.items()], description=label)
        self.choice.observe(self._changed, "value")
        bar = widgets.HBox([self.choice])
        bar.add_class("chooser")
        super().__init__([bar, widgets.HTML(page.slot(id).html()), self._slots])

    def _changed(self, change: Any) -> None:
        self._slots.status = "Working"
        self._slots.contents = {self._id: self._page.choice(self._id, change.new).inner_html()}
        self._slots.status = f"Showing {change.owner.label}"


class EditionBar(widgets.VBox):  # type: ignore[misc]
    """Partner, as-of day and window of months; a change shows the page for the edition they name."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._slots = Slots()
        self.partner = widgets.Dropdown(options=_partner_options(), value=page.edition.partner, description="Partner")
        self.as_of = widgets.DatePicker(value=page.edition.as_of, description="As of")
        self.window = widgets.SelectionRangeSlider(
            options=_months(page), index=_edges(page), description="Months", continuous_update=False
        )
        self._message = widgets.HTML(_message(page.problem))
        bar = widgets.HBox([self.partner, self.as_of, self.window])
        bar.add_class("edition-bar")
        super().__init__([bar, self._message, self._slots])
        self._follow(True)

    def _follow(self, follow: bool) -> None:
        for control in (self.partner, self.as_of, self.window):
            (control.observe if follow else control.unobserve)(self._changed, "value")

    def _changed(self, change: Any) -> None:
        self._slots.status = "Working"
        try:
            self._slots.contents = self._page.move_to(**self._asked(change.owner))
            self._message.value = ""
        except BriefingError as refusal:
            self._message.value = _message(str(refusal))
        self._show_edition()
        self._slots.query = urlencode(self._page.parameters)
        self._slots.status = f"Showing {self._page.edition.title}"

    def _asked(self, control: Any) -> dict[str, str]:
        if control is self.partner:
            return {"partner": self.partner.value}
        if control is self.as_of:
            return {"as_of": str(self.as_of.value or ""), "last_period": "latest"} | self._first_period()
        first, last = self.window.value
        latest = last == self.window.options[-1][1]
        return {"first_period": first, "last_period": "latest" if latest else last}

    def _first_period(self) -> dict[str, str]:
        """An earlier first month where the day asked comes before the window."""
        if self.as_of.value is None or str(self.as_of.value)[:7] > periods.shifted(self._page.edition.first_period, 14):
            return {}
        return {"first_period": f"{self.as_of.value.year - 6}-01"}

    def _show_edition(self) -> None:
        """Set every control to the page's edition: a refused change goes back to what is shown."""
        self._follow(False)
        self.partner.value = self._page.edition.partner
        self.as_of.value = self._page.edition.as_of
        months = _months(self._page)
        if tuple(self.window.options) != tuple(months):
            self.window.options = months
        self.window.index = _edges(self._page)
        self._follow(True)


def _partner_options() -> list[tuple[str, str]]:
    newest = max(last for _, last in sources.partners_held().values())
    current = [code for code, (_, last) in sources.partners_held().items() if last >= periods.shifted(newest, -24)]
    named = sorted((codelists.short_label(code), code) for code in current if code != codelists.WORLD)
    return [("World", codelists.WORLD), *named]


def _months(page: Page) -> list[tuple[str, str]]:
    """The months a window may have: from twelve years before the as-of day, or the first month shown."""
    last = sources.calendar().last_published(page.edition.as_of)
    first = min(page.edition.first_period, f"{int(last[:4]) - 12}-01")
    return [(f"{periods.MONTHS[int(m[5:]) - 1][:3]} {m[:4]}", m) for m in periods.span(first, last)]


def _edges(page: Page) -> tuple[int, int]:
    months = [month for _, month in _months(page)]
    return months.index(page.edition.first_period), months.index(page.edition.last_period)


def _message(text: str) -> str:
    return f'<p class="refusal" role="alert">{escape(text)}</p>' if text else ""
