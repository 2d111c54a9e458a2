"""Builds an edition: papermill runs the chapters, and a folder with brief, figures and claims is left.

The folder is written whole or not at all.
"""

import contextlib
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import nbformat
import papermill
import psutil
from jupyter_core.utils import ensure_event_loop
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from briefing import kernels, prefork, scratch
from briefing.chapters.contents import CHAPTERS, COVER_FIGURES, COVER_STANDING, View
from briefing.codes import codelists
from briefing.errors import BuildError
from briefing.exhibits.drawing import drawing_process
from briefing.kernels.warm_up import NOTEBOOKS
from briefing.outputs import MEDIA_TYPE
from briefing.press import brief
from briefing.record import sources
from briefing.record.edition import Edition, default_first_period
from briefing.sentences.rounding import ROUNDED

TITLES = {chapter.name: chapter.title for chapter in CHAPTERS}
PACKAGE = Path(__file__).parents[1]
WORKSHOP = ".briefing-"
DRAFT, OLD, PLACE = "edition", "old", "place"
"""What lies in a workshop: the edition as it is made, the one it replaces, and the name of its place."""
MOST_ON_COVER = 3


@dataclass(frozen=True)
class BuiltEdition:
    """Where an edition lies, and its headline figures as label and value."""

    folder: Path
    headline: tuple[tuple[str, str], ...]

    @property
    def brief(self) -> Path:
        """The printed brief."""
        return self.folder / "brief.pdf"


def default_folder(edition: Edition) -> Path:
    """build/<partner>/<as-of>, with the window's edges where they are not the usual ones."""
    published = sources.calendar().last_published(edition.as_of)
    folder = Path("build") / edition.partner / str(edition.as_of)
    if (edition.first_period, edition.last_period) == (default_first_period(published), published):
        return folder
    return folder.with_name(f"{folder.name}_{edition.first_period}_{edition.last_period}")


def build(edition: Edition, folder: Path, *, progress: bool = False) -> BuiltEdition:
    """Execute the chapters for an edition and leave its folder.

    The folder holds `brief.pdf`, `figures.json`, `claims.json` and the executed notebooks. An edition
    that was there before is replaced once the new one is whole.

    Raises
    ------
    BuildError
        If a chapter cannot be executed, or the folder holds something that is no edition.
    """
    try:
        place = Path(os.path.realpath(folder))  # a loop of links is no fault here, but where the folder is made
        _require_replaceable(place)
        with _workshop(place) as workshop, drawing_process():
            chapters = _drafted(edition, workshop / DRAFT, progress)
            _replace(workshop / DRAFT, place)
    except BrokenPipeError:  # whoever read us has gone: no fault of the folder
        raise
    except OSError as failure:
        raise BuildError(
            f"{folder} cannot be made ({_reason(failure)}), so the edition has no place. "
            "Name a folder you may write to with --out."
        ) from failure
    headline = [(f"{tile['label']}, {tile['note']}", tile["value"]) for tile in headline_in(chapters)]
    return BuiltEdition(folder, tuple(headline))


def _reason(failure: OSError) -> str:
    return ": ".join(str(part) for part in (failure.strerror, failure.filename) if part) or str(failure)


def _drafted(edition: Edition, draft: Path, progress: bool) -> list[NotebookNode]:
    """Make the edition's folder; its chapters, executed."""
    draft.mkdir()
    chapters = _executed(edition, draft, progress)
    records = [record for chapter in chapters for record in records_of(chapter)]
    _write_json(draft / "figures.json", {"edition": _edition_record(edition), "figures": figures_in(records)})
    _write_json(draft / "claims.json", {"edition": _edition_record(edition), "claims": claims_in(records)})
    (draft / "brief.pdf").write_bytes(brief.printed_brief(chapters, cover(edition, chapters)))
    return chapters


@contextlib.contextmanager
def _workshop(place: Path) -> Iterator[Path]:
    """A folder beside the edition's, in which it is made; afterwards nothing is left of it, nor of folders made for it."""
    made = [parent for parent in place.parents if not parent.exists()]
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as until_done:
            with scratch.alone(place.parent):  # two that begin at once see each other
                workshop = until_done.enter_context(scratch.folder(place.parent, WORKSHOP, _put_back))
                _require_nobody_builds(place, workshop)
                (workshop / PLACE).write_text(place.name, encoding="utf-8", errors="surrogateescape")
            yield workshop
    finally:
        for parent in made:
            with contextlib.suppress(OSError):  # the edition lies in it
                parent.rmdir()


def _require_nobody_builds(place: Path, own: Path) -> None:
    """Refuse a place into which another build, whose workshop lies beside our own, is to put its edition."""
    for other in place.parent.glob(f"{WORKSHOP}*"):
        if other != own and scratch.in_use(other) and _place_of(other) == place:
            raise BuildError(
                f"{place} is being built by another program right now. Of two editions the later would replace the other "
                "unsaid. Wait until that one is done, or name another folder with --out."
            )


def _place_of(workshop: Path) -> Path | None:
    """Where the edition is to lie that is made in a workshop; None if that was not written down."""
    try:
        return workshop.parent / (workshop / PLACE).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None


def _put_back(left: Path) -> None:
    """The earlier edition back in its place, if the build that was to replace it was killed between the two."""
    place = _place_of(left)
    if place is None:
        return
    if (left / OLD).exists() and not place.exists():
        (left / OLD).rename(place)


WRITTEN = {"figures.json", "claims.json", "brief.pdf", *(f"{name}.ipynb" for name in TITLES)}
"""What an edition's folder holds, and nothing else."""


def _is_of_an_edition(entry: Path) -> bool:
    """Whether building put it there: a file of its name and, if it is figures.json, one that tells its edition."""
    if entry.name not in WRITTEN or not entry.is_file():
        return False
    return entry.name != "figures.json" or '"edition"' in entry.read_text(encoding="utf-8", errors="replace")[:200]


def _require_outside(place: Path, folders: Sequence[Path]) -> None:
    inside = next((folder for folder in folders if place.is_relative_to(folder.resolve())), None)
    if inside is not None:
        raise BuildError(
            f"{place} lies in {inside.name}/, which holds what editions are made from. What is built there would be taken for "
            "a part of it. Name a folder elsewhere with --out."
        )


def _require_replaceable(place: Path) -> None:
    """Refuse a place where something lies that building an edition did not put there."""
    _require_outside(place, (sources.data_directory(), PACKAGE, NOTEBOOKS))
    if not place.exists():
        return
    if not place.is_dir():
        raise BuildError(
            f"{place} is a file, and an edition is a folder. It would be lost. Name a new folder with --out."
        )
    entries = list(place.iterdir())
    built = {entry.name for entry in entries if _is_of_an_edition(entry)}
    others = sorted({entry.name for entry in entries} - (built if "figures.json" in built else set()))
    if others:
        named = (
            codelists.listed(others[:3]) if len(others) <= 3 else f"{', '.join(others[:3])} and {len(others) - 3} more"
        )
        raise BuildError(
            f"{place} holds {named}, which no edition put there. Building there would delete it. "
            "Name an empty or a new folder with --out, or move it away."
        )


def _executed(edition: Edition, draft: Path, progress: bool) -> list[NotebookNode]:
    """Run the chapters, as many at once as there are processors; the executed notebooks lie in the draft."""
    kernel = kernels.installed()
    logging.getLogger(papermill.__name__).setLevel(logging.CRITICAL)  # the rest is raised as well, and told once

    def execute(name: str) -> NotebookNode:
        with closing(ensure_event_loop()):
            return _execute(name, edition, draft, kernel, _settings(sockets / f"{name}.json"))

    with (
        scratch.folder_for_sockets(f"{max(TITLES, key=len)}-ipc-1") as sockets,
        ThreadPoolExecutor(os.cpu_count()) as threads,
    ):
        running = [threads.submit(execute, name) for name in TITLES]
        try:
            with click.progressbar(
                running, len(TITLES), "Chapters", hidden=not progress, show_eta=False, show_pos=True
            ) as chapters:
                return [_awaited(chapter) for chapter in chapters]
        except BaseException:
            for chapter in running:
                chapter.cancel()
            while wait(running, timeout=0.2).not_done:
                _end_kernels(sockets)
            raise


def _awaited(chapter: "Future[NotebookNode]") -> NotebookNode:
    """What comes of it; a signal that another thread received is heard here between two waits."""
    while not wait([chapter], timeout=0.2).done:
        pass
    return chapter.result()


def _end_kernels(sockets: Path) -> None:
    """End the kernels whose connection files lie there, so that who waits for them need not."""
    prefork.shutdown()
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if any(argument.startswith(str(sockets)) for argument in child.cmdline()):
                child.kill()


def _execute(name: str, edition: Edition, draft: Path, kernel: str, settings: Config) -> NotebookNode:
    """Run one chapter without its app cells.

    Papermill saves it at the end only: after each cell, all that the cells before have shown would be written anew.
    """
    source = draft / f".{name}.ipynb"
    notebook = nbformat.reads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"), as_version=4)
    source.write_text(nbformat.writes(without_app_cells(notebook)), encoding="utf-8")
    try:
        executed: NotebookNode = papermill.execute_notebook(
            _literally(source),
            _literally(draft / f"{name}.ipynb"),
            parameters=parameters(edition),
            request_save_on_cell_execute=False,
            progress_bar=False,
            kernel_name=kernel,
            config=settings,
        )
        return executed
    except PapermillExecutionError as failure:
        raise BuildError(
            f"Chapter {TITLES[name]} stopped in cell {failure.exec_count}: {failure.ename}: {failure.evalue} "
            "Nothing of this edition was written."
        ) from failure
    except RuntimeError as failure:
        raise BuildError(
            f"Chapter {TITLES[name]} was not finished: {failure} Nothing of this edition was written. Build it again."
        ) from failure
    finally:
        source.unlink(missing_ok=True)


def _literally(path: Path) -> str:
    """A name that papermill, which fills in what stands in braces, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _settings(connection_file: Path) -> Config:
    """How a kernel is reached and ended.

    It has sockets of its own beside its connection file, not ports: none to race for, nothing to overhear. It holds
    nothing to put away, so it is not asked to leave.
    """
    sockets = {"transport": "ipc", "connection_file": str(connection_file)} if sys.platform != "win32" else {}
    return Config(NotebookClient={"shutdown_kernel": "immediate"}, KernelManager=sockets)


def without_app_cells(notebook: NotebookNode) -> NotebookNode:
    """The notebook as it is printed: no controls."""
    kept = [cell for cell in notebook.cells if "app" not in cell.metadata.get("tags", [])]
    return NotebookNode({**notebook, "cells": kept})


def parameters(edition: Edition) -> dict[str, str]:
    """The four parameters of every chapter, as text."""
    return {
        "partner": edition.partner,
        "first_period": edition.first_period,
        "last_period": edition.last_period,
        "as_of": str(edition.as_of),
    }


def records_of(chapter: NotebookNode) -> Iterator[dict[str, Any]]:
    """What the cells of an executed chapter show, in order, as `briefing.outputs` recorded it."""
    for record in _slots_of(chapter):
        yield from record["outputs"] if record["kind"] == "slot" else [record]


def shown_by(view: View, chapters: Sequence[NotebookNode]) -> list[dict[str, Any]]:
    """What one view of the book shows in the executed chapters."""
    slots = (record for chapter in chapters for record in _slots_of(chapter) if record["kind"] == "slot")
    return next((list(slot["outputs"]) for slot in slots if slot["id"] == view.id), [])


def _slots_of(chapter: NotebookNode) -> Iterator[dict[str, Any]]:
    for cell in chapter.cells:
        for output in cell.get("outputs", []):
            record = output.get("data", {}).get(MEDIA_TYPE)
            if record is not None:
                yield record


def figures_in(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every figure shown and those it was computed from, once, with rows and registered files behind it."""
    figures = {figure["id"]: figure for record in records for figure in record["figures"]}
    return [
        {
            "id": figure["id"],
            "value": figure["value"],
            "unit": figure["unit"],
            "period": figure["period"],
            "formula": figure["formula"],
            "computed_from": figure["parts"],
            "rows": [_rows_record(rows) for rows in figure["rows"]],
            "sources": [_source_record(origin) for origin in figure["origins"]],
        }
        for figure in figures.values()
    ]


def _rows_record(rows: dict[str, Any]) -> dict[str, Any]:
    """The row filter: a column's one value, or the first and last of a range."""
    where = {column: first if first == last else [first, last] for column, first, last in rows["where"]}
    return {**rows, "where": where}


def _source_record(origin: dict[str, str]) -> dict[str, Any]:
    if origin["reference"]:
        return {
            "quoted_from": origin["reference"],
            "address": origin["address"],
            "known_from": origin["vintage"],
        }
    files = sources.sources_named([(origin["dataset"], origin["vintage"])])
    return {
        "dataset": origin["dataset"],
        "title": files[0].title,
        "vintage": origin["vintage"],
        "vintage_known": files[0].vintage_known,
        "standing": origin["standing"],
        "files": [{"file": f"data/{file.file}", "sha256": file.sha256} for file in files],
    }


def claims_in(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every sentence and title shown, with the ids of its figures."""
    claims = []
    for record in records:
        spans = record.get("spans") or record.get("title") or []
        if spans:
            text = "".join(span["text"] for span in spans)
            claims.append({"id": record["id"], "text": text, "figures": [s["figure"] for s in spans if "figure" in s]})
    return claims


def headline_in(chapters: Sequence[NotebookNode]) -> list[dict[str, Any]]:
    """The three headline figures of the edition, as tiles: two of all goods, and the vehicle gap or a third."""
    (tiles,) = (record["tiles"] for record in shown_by(COVER_FIGURES, chapters) if record["kind"] == "tiles")
    # What a tile says of parts beside it does not hold on the cover, where they are not.
    return [{**tile, "note": tile["note"].removesuffix(f"; {ROUNDED}")} for tile in tiles[:MOST_ON_COVER]]


def cover(edition: Edition, chapters: Sequence[NotebookNode]) -> brief.Cover:
    """The title page of the brief."""
    return brief.Cover(
        title="The KORUS Briefing Book",
        partner=codelists.short_label(edition.partner),
        as_of=edition.as_of,
        tiles=headline_in(chapters),
        standing=shown_by(COVER_STANDING, chapters)[0]["text"],
        identifier=f"{edition.partner}/{edition.as_of}",
    )


def _edition_record(edition: Edition) -> dict[str, str]:
    return {**parameters(edition), "partner_name": codelists.AREAS[edition.partner]}


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _replace(draft: Path, folder: Path) -> None:
    """Put the finished draft in the folder's place; the old one stays until the new one stands."""
    old = draft.with_name(OLD)
    if folder.exists():
        folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
