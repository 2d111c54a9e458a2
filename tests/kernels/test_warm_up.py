"""The warm-up on a broken record: one line for whoever started the book, and kernels that are warm all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from briefing.exhibits.drawing import drawing_process
from briefing.kernels import live_charts, warm_up
from briefing.prefork import checks

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
        ("census/2026-10-06/country.parquet", "country.parquet in 2026-10-06 is not the file"),
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


FIRST_TIME = """
from pathlib import Path
from briefing.exhibits.drawing import drawing_process
from briefing.kernels import live_charts, warm_up
from briefing.prefork import checks
live_charts.kept_in = lambda: Path("/dev/null/none.js")
warm_up.up()
"""


@pytest.mark.long
def test_the_warm_up_of_a_fresh_environment_can_bundle_its_scripts_beside_no_thread() -> None:
    limits = {**os.environ, **checks.THREAD_LIMITS}
    ended = subprocess.run([sys.executable, "-c", FIRST_TIME], env=limits, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


PAGES_SHOWN = """
from briefing.kernels import warm_up
from briefing.prefork import checks
warm_up.up()
print(checks.thread_objection())
"""


@pytest.mark.long
def test_no_page_leaves_a_thread_beside_which_no_kernel_could_be_forked() -> None:
    with drawing_process():  # as the app has one, which its kernels ask for their pictures
        limits = {**os.environ, **checks.THREAD_LIMITS, warm_up.PAGES: "1"}
        ended = subprocess.run([sys.executable, "-c", PAGES_SHOWN], env=limits, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("None\n", "")


WARM = "from briefing import kernels, prefork; print(kernels.prestart(pages=False).exception()); prefork.shutdown()"


@pytest.mark.kernels
def test_kernels_are_forked_from_a_process_that_found_the_record_broken(copied_record: Path) -> None:
    (copied_record / "sources.toml").write_text("x = [", encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", WARM], capture_output=True, text=True, check=True)
    assert ended.stdout == "None\n"
    (line,) = ended.stderr.splitlines()
    assert line.startswith("No page was prepared beforehand: data/sources.toml is no TOML")
