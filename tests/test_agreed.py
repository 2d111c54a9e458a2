"""Expectations are rewritten by a person who asks for it, and a test that lacks what it needs does not pass."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agreed import as_agreed
from tests.needs import needed

TESTS = Path(__file__).parent


@pytest.mark.long
def test_in_ci_no_run_starts_that_would_rewrite_what_is_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("UPDATE_EXPECTED", "1")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--collect-only", str(TESTS / "test_periods.py")]
    ended = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "every expectation would be met by being rewritten" in ended.stderr


def test_what_is_not_as_agreed_says_how_to_renew_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UPDATE_EXPECTED", raising=False)
    (tmp_path / "chart.json").write_text("agreed", encoding="utf-8")
    as_agreed("chart.json", "agreed", tmp_path)
    for name in ("chart.json", "other.json"):
        with pytest.raises(AssertionError, match=r"`UPDATE_EXPECTED=1 .venv/bin/pytest tests/test_agreed.py` writes"):
            as_agreed(name, "another", tmp_path)
    monkeypatch.setenv("UPDATE_EXPECTED", "1")
    as_agreed("chart.json", "another", tmp_path)
    assert (tmp_path / "chart.json").read_text(encoding="utf-8") == "another"


def test_what_a_test_needs_and_lacks_is_an_error_that_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"nothing that needs a browser would be tested\. `make .venv/.browser`"
    ):
        needed(tmp_path / "chromium", "browser")


def uses(path: Path) -> str:
    """What a file of tests says in its code, its texts left out."""
    return re.sub(r'"[^"\n]*"', "", path.read_text(encoding="utf-8"))


FILES = sorted(path for path in TESTS.rglob("test_*.py") if path != Path(__file__))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_skipped_but_for_another_system(path: Path) -> None:
    assert re.findall(r"importorskip|mark\.skip\b|pytest\.skip|xfail|skipif\((?!sys\.platform)", uses(path)) == []


@pytest.mark.parametrize(
    ("said", "need"), [("import .*sync_playwright", "browser"), ("tests.engine import", "database")]
)
def test_every_test_of_a_browser_or_a_database_is_marked(said: str, need: str) -> None:
    found = [path for path in FILES if re.search(said, uses(path))]
    assert found
    assert [path.name for path in found if f"pytest.mark.{need}" not in uses(path)] == []
