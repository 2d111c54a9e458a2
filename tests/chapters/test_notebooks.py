"""The shape of the notebooks: pages, not programs. nbval runs their cells in the same test run."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from briefing.chapters.contents import CHAPTERS, Chapter, View
from briefing.kernels import installed
from briefing.kernels.warm_up import NOTEBOOKS
from briefing.page import _id_of
from briefing.record import sources
from briefing.record.edition import DEFAULT_DAY, DEFAULT_PARTNER

NAMES = [chapter.name for chapter in CHAPTERS]
PARAMETERS = ["partner", "first_period", "last_period", "as_of"]


def cells(path: Path) -> list[Any]:
    return list(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4).cells)


def tagged(path: Path, tag: str) -> list[Any]:
    return [cell for cell in cells(path) if tag in cell.metadata.get("tags", [])]


def chapters() -> list[Path]:
    return [NOTEBOOKS / f"{name}.ipynb" for name in NAMES]


def test_the_notebooks_hold_every_chapter_and_the_workbench() -> None:
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} >= {*NAMES, "explore"}


@pytest.mark.kernels
def test_the_workbench_runs_as_it_was_committed(tmp_path: Path) -> None:
    # What an analyst makes of it here is theirs: nothing depends on it, this test neither.
    committed = (
        subprocess.run(["git", "show", "HEAD:./explore.ipynb"], cwd=NOTEBOOKS, capture_output=True, check=False).stdout
        or (NOTEBOOKS / "explore.ipynb").read_bytes()
    )
    notebook = nbformat.reads(committed.decode(), as_version=4)
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    (tmp_path / "explore.ipynb").write_bytes(committed)
    run = papermill.execute_notebook(
        tmp_path / "explore.ipynb", tmp_path / "run.ipynb", kernel_name=installed(), progress_bar=False
    )
    assert "deficit.5800.2017-01/2017-11.balance" in str(run.cells)
    shown = [output.data for cell in run.cells for output in cell.get("outputs", []) if "data" in output]
    assert len(shown) == 4 and all("<table" in data.get("text/html", "") for data in shown)  # no object of Python's


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_chapter_is_committed_without_outputs(path: Path) -> None:
    assert not [cell for cell in cells(path) if cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_one_cell_holds_the_four_parameters_as_texts_with_a_comment_each(path: Path) -> None:
    (cell,) = tagged(path, "parameters")
    assignments = ast.parse(cell.source).body
    assert [statement.targets[0].id for statement in assignments] == PARAMETERS  # type: ignore[attr-defined]
    assert all(isinstance(ast.literal_eval(statement.value), str) for statement in assignments)  # type: ignore[attr-defined]
    assert all("  # " in line for line in cell.source.splitlines())


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_chapter_holds_no_function_no_arithmetic_and_no_path(path: Path) -> None:
    for cell in cells(path):
        if cell.cell_type == "code":
            assert len(cell.source.split("\n\n")) <= 2 and sum(map(bool, cell.source.splitlines())) <= 5
            forbidden = (ast.FunctionDef, ast.Lambda, ast.BinOp, ast.For, ast.If, ast.ClassDef)
            found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, forbidden)]
            assert not found, cell.source
            assert "/" not in cell.source and "pandas" not in cell.source


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_chapter_opens_with_its_question_and_closes_with_its_sources(path: Path) -> None:
    first, *_, last = cells(path)
    assert first.source.startswith("# ") and "?" in first.source
    assert last.source == "page.sources()"


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_controls_stand_in_a_cell_of_their_own_that_print_leaves_out(path: Path) -> None:
    first, *others = [cell.source for cell in tagged(path, "app")]
    assert first == "EditionBar(page)" and all(source.startswith("Chooser(page, ") for source in others)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_notebook_shows_what_the_contents_say_section_by_section(chapter: Chapter) -> None:
    title, *others = cells(NOTEBOOKS / f"{chapter.name}.ipynb")
    assert title.source.splitlines()[0] == f"# {chapter.title}"
    shown = [cell.source for cell in others if cell.source.startswith(("page.show(", "Chooser("))]
    assert shown == list(_as_cells(chapter))
    assert not [cell for cell in others if cell.cell_type == "markdown"]  # it would stand above nothing, too


def _as_cells(chapter: Chapter) -> Iterator[str]:
    for section in chapter.sections:
        for place, view in enumerate(section.views):
            module = "chapter" if view.module == chapter.name else view.module
            function = f"{module}.{view.name}"
            heading = f', heading="{section.heading}"' if section.heading and not place else ""
            chosen = f'Chooser(page, {function}, "{view.label}", {module}.{view.choices})'
            yield chosen if view.choices else f"page.show({function}{heading})"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_no_two_sections_of_a_chapter_have_one_heading_nor_that_of_the_sources(chapter: Chapter) -> None:
    headings = [section.heading for section in chapter.sections]
    assert len({*headings, "Sources"}) == len(headings) + 1


def test_a_view_of_the_contents_is_found_and_fills_the_slot_that_they_name() -> None:
    for view in (view for chapter in CHAPTERS for view in chapter.views):
        assert _id_of(view.function) == view.id
    assert View("auto_trade_gap", "on_definition", "Definition", "CHOICES").keys


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_notebook_opens_on_the_default_edition(path: Path) -> None:
    (cell,) = tagged(path, "parameters")
    values = {statement.targets[0].id: ast.literal_eval(statement.value) for statement in ast.parse(cell.source).body}  # type: ignore[attr-defined]
    assert sources.open_edition(**values) == sources.open_edition(DEFAULT_PARTNER, "usual", "latest", DEFAULT_DAY)
