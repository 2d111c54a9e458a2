"""Times the chapters in one warm process, as the app runs them: `python -m tests.bench.chapters`.

For each chapter the milliseconds of processor time for an edition that the process has not shown yet: in all and
without drawing; of these, reading the record, computing figures and words, and making the charts' specifications; then
drawing; and the same edition asked again. One edition of another partner is shown before, so that imports, the register,
the record of the talks and the drawing engine are ready. Compare ratios: milliseconds differ from machine to machine.
"""

import functools
import gc
import importlib
import inspect
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
from briefing.exhibits import charts
from briefing.page import Slot
from briefing.press.build import NOTEBOOKS, TITLES, without_app_cells
from briefing.record import sources

WARM = ("Japan", "2024-09-10")
SHOWN = (("Korea, South", "2018-01-05"), ("Korea, South", "2025-08-01"), ("Viet Nam", "2018-01-05"))
PICTURES = ("deficit", "trends", "autos", "revisions", "talks")
COMPUTING, READING, SPECIFYING, DRAWING = "computing", "reading", "specifications", "drawing"


class Clock:
    """Processor time of all threads, by what it was spent on; work within work counts for the inner alone."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._at = [COMPUTING]
        self._since = time.process_time()

    def turn(self, to: str | None) -> None:
        """Begin another kind of work, or, with None, go back to the one before."""
        now = time.process_time()
        self.spent[self._at[-1]] += now - self._since
        self._since = now
        if to is None:
            self._at.pop()
        else:
            self._at.append(to)

    def counting(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted as of that kind."""

        @functools.wraps(function)
        def counted(*args: Any, **options: Any) -> Any:
            self.turn(kind)
            try:
                return function(*args, **options)
            finally:
                self.turn(None)

        return counted

    def watch(self, kind: str, module: Any, *names: str) -> None:
        """Count those functions of a module as of that kind."""
        for name in names:
            setattr(module, name, self.counting(kind, getattr(module, name)))


def watched() -> Clock:
    """A clock that tells reading, specifying and drawing from computing in this process."""
    clock = Clock()
    clock.watch(READING, sources, "_few", "_many", "_summed", "_in_every_vintage", "_verified", "verified_file")
    clock.watch(SPECIFYING, charts, "themed")
    clock.watch(DRAWING, charts, "drawn")
    for name in PICTURES:
        module = importlib.import_module(f"{charts.__name__}.{name}")
        own = [
            key for key, kept in vars(module).items() if inspect.isfunction(kept) and kept.__module__ == module.__name__
        ]
        clock.watch(SPECIFYING, module, *own)
    return clock


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


def milliseconds(clock: Clock, chapter: str, partner: str, as_of: str) -> dict[str, float]:
    """Processor time by kind of work, and in all."""
    clock.turn(COMPUTING)
    clock.spent.clear()
    shown(chapter, partner, as_of)
    clock.turn(None)
    spent = {kind: clock.spent[kind] * 1000 for kind in (READING, COMPUTING, SPECIFYING, DRAWING)}
    return {"in all": sum(spent.values()), "without drawing": sum(spent.values()) - spent[DRAWING], **spent}


def main() -> None:
    clock = watched()
    for chapter in TITLES:
        shown(chapter, *WARM)
    gc.collect()
    gc.freeze()  # as the process does from which the app's kernels are forked
    for partner, as_of in SHOWN:
        print(f"\n{partner}, as of {as_of}; ms of processor time in a warm process")
        kinds = ("in all", "without drawing", READING, COMPUTING, SPECIFYING, DRAWING)
        print("".join(f"{kind:>16}" for kind in (*kinds, "again")))
        for chapter, name in TITLES.items():
            first, again = (milliseconds(clock, chapter, partner, as_of) for _ in range(2))
            print("".join(f"{first[kind]:16.0f}" for kind in kinds) + f"{again['in all']:16.0f}  {name}")


if __name__ == "__main__":
    main()
