"""Times the chapters in one warm process, as the app runs them: `python -m tests.bench.chapters`.

For each chapter the milliseconds of processor time for an edition that the process has not shown yet, and for
the same edition asked again. One edition of another partner is shown before, so that imports, the register, the
record of the talks and the drawing engine are ready. Compare ratios: milliseconds differ from machine to machine.
"""

import time
from collections.abc import Iterator

import nbformat
from briefing.page import Slot
from briefing.press.build import NOTEBOOKS, TITLES, without_app_cells

WARM = ("Japan", "2024-09-10")
SHOWN = (("Korea, South", "2018-01-05"), ("Korea, South", "2025-08-01"), ("Viet Nam", "2018-01-05"))


def cells(chapter: str) -> Iterator[str]:
    """The code of a chapter's notebook, its parameters and app cells left out."""
    notebook = nbformat.reads((NOTEBOOKS / f"{chapter}.ipynb").read_text(encoding="utf-8"), as_version=4)
    for cell in without_app_cells(notebook).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            yield cell.source


def shown(chapter: str, partner: str, as_of: str) -> list[dict[str, object]]:
    """What the cells of a chapter display for an edition, executed here."""
    names: dict[str, object] = {
        "partner": partner,
        "first_period": "2011-01",
        "last_period": "latest",
        "as_of": as_of,
    }
    displayed = []
    for code in cells(chapter):
        if code.startswith("page."):
            slot = eval(code, names)
            assert isinstance(slot, Slot)
            displayed.append(slot._repr_mimebundle_())
        else:
            exec(code, names)
    return displayed


def milliseconds(chapter: str, partner: str, as_of: str) -> float:
    """Processor time of all threads."""
    begin = time.process_time()
    shown(chapter, partner, as_of)
    return (time.process_time() - begin) * 1000


def main() -> None:
    for chapter in TITLES:
        shown(chapter, *WARM)
    for partner, as_of in SHOWN:
        print(f"{partner}, as of {as_of}; ms of processor time in a warm process: a fresh edition, and again")
        for chapter, name in TITLES.items():
            first, again = (milliseconds(chapter, partner, as_of) for _ in range(2))
            print(f"  {first:8.0f} {again:8.0f}  {name}")


if __name__ == "__main__":
    main()
