"""What is done once in the process that kernels are forked from: imports, the record opened, the pages shown.

It runs before any fork, and leaves no thread: the record is asked in one, and charts are drawn elsewhere
(`briefing.exhibits.drawing`).
"""

import importlib
import os
from pathlib import Path
from typing import Any

PAGES = "BRIEFING_WARM_PAGES"
"""The environment variable that asks for the pages too; a server sets it, a build has no use for it."""
MODULES = (
    "briefing.app.controls",
    "briefing.chapters.auto_trade_gap",
    "briefing.chapters.claims_checked",
    "briefing.chapters.deficit_trends",
    "briefing.chapters.in_brief",
    "briefing.chapters.revisions",
    "briefing.chapters.state_of_talks",
    "briefing.chapters.two_ledgers",
    "briefing.page",
)
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def up() -> None:
    """Import what the pages import, open the record, and show the pages where that is asked for."""
    for name in MODULES:
        importlib.import_module(name)
    from briefing.kernels import live_charts
    from briefing.record import sources

    sources.register(), sources.calendar(), sources.talks_record(), sources.partners_held()
    live_charts.put_scripts_at_hand()
    make_a_chart()
    if os.environ.get(PAGES):
        show_pages()


def make_a_chart() -> None:
    """One chart of each kind of channel: Altair compiles patterns and looks up schemas at its first."""
    import altair
    import pandas as pd

    table = pd.DataFrame({"month": pd.to_datetime(["2018-01-01"]), "partner": ["5800"], "balance": [1.0]})
    chart = altair.Chart(table, title="One").mark_bar().encode(x="month:T", y="balance", color="partner:N")
    chart.encode(y=altair.Y("partner", sort="x", title=None), x=altair.X("balance", title="")).to_dict()
    chart.mark_line().to_dict(validate=True)


def show_pages() -> None:
    """Run the chapters for the edition that their parameters name; what they show is then at hand in every kernel."""
    import nbformat

    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        if any("parameters" in cell.metadata.get("tags", []) for cell in notebook.cells):
            _run([cell.source for cell in notebook.cells if cell.cell_type == "code"])


def _run(cells: list[str]) -> None:
    """The cells of one notebook; one that shows something is shown as a page would show it."""
    names: dict[str, Any] = {}
    for source in cells:
        if source.startswith("page.show("):
            eval(source, names).inner_html()
        else:
            exec(source, names)
