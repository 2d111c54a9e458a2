"""Charts drawn here or by a process that draws for many: the same picture, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from briefing.exhibits import drawing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such sockets")


def spec(width: int) -> str:
    return json.dumps(
        {"mark": "bar", "width": width, "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}
    )


@pytest.fixture
def process() -> Iterator[str]:
    with drawing.drawing_process():
        yield os.environ[drawing.DRAWING]
    assert drawing.DRAWING not in os.environ


@pytest.mark.long
def test_the_process_draws_the_same_picture_as_one_drawn_here(process: str) -> None:
    there = drawing.drawn(spec(101))
    assert there == drawing._drawn_here(spec(101))


@pytest.mark.long
def test_many_ask_at_once(process: str) -> None:
    found: list[str] = []
    asking = [threading.Thread(target=lambda: found.append(drawing.drawn(spec(102)))) for _ in range(12)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert len(found) == 12 and len(set(found)) == 1


@pytest.mark.long
def test_a_process_that_is_gone_or_refuses_leaves_the_chart_to_be_drawn_here(
    process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="Vega"):
        drawing.drawn('{"mark": 7}')
    monkeypatch.setenv(drawing.DRAWING, process + "-gone")
    assert drawing.drawn(spec(103)).startswith("<svg")


@pytest.mark.long
def test_one_that_was_killed_is_followed_by_another_and_its_charts_are_drawn_there(
    process: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_drawn_here", lambda _: pytest.fail("drawn in the process of a reader"))
    for width in (104, 105):
        (pid,) = _drawing(process)
        killed = psutil.Process(int(pid))
        killed.kill()
        killed.wait(20)
        assert drawing.drawn(spec(width)).startswith("<svg")


def test_the_process_ends_with_its_owner_however_that_ends(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, time\nfrom briefing.exhibits import drawing\n"
            "with drawing.drawing_process():\n    print(os.environ[drawing.DRAWING], flush=True)\n    time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert owner.stdout is not None
    address = owner.stdout.readline().strip()
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    until = time.monotonic() + 20
    while time.monotonic() < until and _drawing(address):
        time.sleep(0.1)
    assert not _drawing(address)


def test_an_owner_that_is_told_to_end_while_the_process_begins_takes_it_along(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def told_to_end(kept: drawing._Kept) -> None:
        begun.append(kept.address)
        raise KeyboardInterrupt

    monkeypatch.setattr(drawing._Kept, "await_listening", told_to_end)
    with pytest.raises(KeyboardInterrupt), drawing.drawing_process():
        pass
    assert drawing.DRAWING not in os.environ and not _drawing(begun[0])


def test_a_process_whose_owner_went_while_it_began_ends_without_a_word(tmp_path: Path) -> None:
    command = [sys.executable, "-m", drawing.__name__, str(tmp_path / "gone" / "drawing")]
    ended = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def _drawing(address: str) -> list[str]:
    """The processes that draw at the address."""
    commands = list(Path("/proc").glob("[0-9]*/cmdline"))
    return [path.parent.name for path in commands if address.encode() in _read(path)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
