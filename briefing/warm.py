"""What is done once in the process that kernels are forked from: imports, the record opened, the pages shown.

It runs before any fork, and leaves no thread: the record is asked in one, and charts are drawn elsewhere
(`briefing.drawing`).
"""

import importlib
import os
from pathlib import Path
from typing import Any

PAGES = "BRIEFING_WARM_PAGES"
"""The environment variable that asks for the pages too; a server sets it, a build has no use for it."""

MODULES = (
    "briefing.app",
    "briefing.chapters.auto_trade_gap",
    "briefing.chapters.claims_checked",
    "briefing.chapters.deficit_trends",
    "briefing.chapters.in_brief",
    "briefing.chapters.revisions",
    "briefing.chapters.state_of_talks",
    "briefing.chapters.two_ledgers",
    "briefing.controls",
)
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def up() -> None:
    """Import what the pages import, open the record, and show the pages where that is asked for."""
    for name in MODULES:
        importlib.import_module(name)
    from briefing import sources

    sources.register(), sources.calendar(), sources.talks_record(), sources.partners_held()
    if os.environ.get(PAGES):
        show_pages()


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
