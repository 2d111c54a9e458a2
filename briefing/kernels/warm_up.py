"""What is done once in the process that kernels are forked from: imports, the record opened, the pages shown.

It runs before any fork, and leaves no thread: the record is asked in one, and charts are drawn elsewhere
(`briefing.exhibits.drawing`).
"""

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.chapters.contents import CHAPTERS, View
from briefing.errors import BriefingError
from briefing.record.edition import DEFAULT_DAY, DEFAULT_PARTNER

if TYPE_CHECKING:
    from briefing.page import Page, Slot

PAGES = "BRIEFING_WARM_PAGES"
"""The environment variable that asks for the pages too; a server sets it, a build has no use for it."""
CONTROLS = "briefing.app.controls"
"""Named and not imported above: it is the notebooks that know the app, the kernel's wing need not."""
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def up() -> None:
    """Import what the pages import, open the record, and show the pages where that is asked for."""
    importlib.import_module(CONTROLS)
    from briefing.kernels import live_charts
    from briefing.record import sources, store

    for chapter in CHAPTERS:
        for view in chapter.views:
            _ = view.function

    store.opened("")  # whatever the record is: until then DuckDB has a thread, and what has one cannot be forked
    live_charts.put_scripts_at_hand()
    make_a_chart()
    try:
        sources.register(), sources.calendar(), sources.talks_record(), sources.partners_held()
        if os.environ.get(PAGES):
            show_pages()
        store.let_go(os.environ.get("BRIEFING_STORE", ""))
    except BriefingError as refusal:  # each page that needs what is broken says so itself
        print(f"No page was prepared beforehand: {refusal}", file=sys.stderr, flush=True)


def make_a_chart() -> None:
    """One chart of each kind of channel: Altair compiles patterns and looks up schemas at its first."""
    import altair
    import pandas as pd

    table = pd.DataFrame({"month": pd.to_datetime(["2018-01-01"]), "partner": ["5800"], "balance": [1.0]})
    chart = altair.Chart(table, title="One").mark_bar().encode(x="month:T", y="balance", color="partner:N")
    chart.encode(y=altair.Y("partner", sort="x", title=None), x=altair.X("balance", title="")).to_dict()
    chart.mark_line().to_dict(validate=True)


def show_pages() -> None:
    """Show every chapter of the default edition; what it shows is then at hand in every kernel."""
    from briefing.page import Page

    for chapter in CHAPTERS:
        page = Page(DEFAULT_PARTNER, "usual", "latest", DEFAULT_DAY)
        for section in chapter.sections:
            for view in section.views:
                _slot(page, view, section.heading).inner_html()


def _slot(page: "Page", view: View, heading: str) -> "Slot":
    """What a visitor meets first: of a view with choices the first of them."""
    return page.choose(view.function, list(view.keys)) if view.choices else page.show(view.function, heading)
