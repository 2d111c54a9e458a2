"""The warm-up on a broken record: one line for whoever started the book, and kernels that are warm all the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from briefing.kernels import live_charts, warm_up

from tests.conftest import forget


@pytest.fixture(autouse=True)
def without_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_charts, "put_scripts_at_hand", lambda: None)


@pytest.mark.parametrize("pages", ["", "1"])
@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("sources.toml", "data/sources.toml is no text"),
        ("census/calendar.toml", "calendar.toml in census is not the file that was registered"),
        ("census/2026-03-12/country.parquet", "country.parquet in 2026-03-12 is not the file"),
    ],
)
def test_a_broken_record_is_one_line_of_the_log(
    copied_record: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    pages: str,
    file: str,
    words: str,
) -> None:
    (copied_record / file).write_bytes(b"\xff")
    forget()
    monkeypatch.setenv(warm_up.PAGES, pages)
    warm_up.up()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"No page was prepared beforehand: {words}") and "Traceback" not in line


WARM = "from briefing import kernels, prefork; print(kernels.prestart(pages=False).exception()); prefork.shutdown()"


@pytest.mark.kernels
def test_kernels_are_forked_from_a_process_that_found_the_record_broken(copied_record: Path) -> None:
    (copied_record / "sources.toml").write_text("x = [", encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True)
    assert ended.stdout == "None\n"
    (line,) = ended.stderr.splitlines()
    assert line.startswith("No page was prepared beforehand: data/sources.toml is no TOML")
