"""An analyst's own notebook beside the chapters is nobody's business but theirs."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from briefing.chapters.contents import CHAPTERS

from tests.house import PROJECT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project's tests on notebooks, with one beside the chapters that breaks every rule of theirs and fails."""
    for name in ("briefing", "tests", "data", "pyproject.toml"):
        (tmp_path / name).symlink_to(PROJECT / name)
    shutil.copytree(PROJECT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns("__pycache__"))
    cell = nbformat.v4.new_code_cell("import pandas as pd\ndef mine(): return 1 / 0\nmine()", execution_count=7)
    cell.outputs = [nbformat.v4.new_output("stream", text="21.6 billion")]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    (tmp_path / "notebooks" / "my notes.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    (tmp_path / "notebooks" / "explore.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    return tmp_path


@pytest.mark.long
def test_an_analysts_own_notebook_is_no_test(checkout: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--collect-only", "notebooks"]
    listed = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout
    assert all(f"{chapter.name}.ipynb" in listed for chapter in CHAPTERS)
    assert "my notes" not in listed and "explore" not in listed


def test_an_analysts_own_notebook_fails_no_test_of_the_house(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.chapters import test_notebooks as shapes

    monkeypatch.setattr(shapes, "NOTEBOOKS", checkout / "notebooks")
    shapes.test_the_notebooks_hold_every_chapter_and_the_workbench()
    for path in shapes.chapters():
        shapes.test_a_chapter_is_committed_without_outputs(path)
        shapes.test_a_chapter_holds_no_function_no_arithmetic_and_no_path(path)
