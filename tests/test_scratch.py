"""Temporary folders: short enough for sockets, gone at the end, and those of the killed cleared by the next."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from briefing import scratch
from briefing.errors import BriefingError
from briefing.exhibits import drawing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such sockets")

KILLED = """
import os, sys
from pathlib import Path
from briefing import scratch
with scratch.folder(Path(sys.argv[1])) as made:
    (made / "half").write_text("written")
    os.kill(os.getpid(), 9)
"""


def test_a_folder_is_gone_after_use_and_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="halfway"), scratch.folder(tmp_path) as made:
        (made / "half").write_text("written", encoding="utf-8")
        raise ValueError("halfway")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_cleared_by_the_next_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "briefing-notes").mkdir()
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (left,) = (place for place in tmp_path.glob("briefing-*") if place.name != "briefing-notes")
    seen: list[Path] = []
    with scratch.folder(tmp_path) as living:
        assert not left.exists()
        with scratch.folder(tmp_path, before_clearing=seen.append):
            assert living.exists() and seen == []
    assert [path.name for path in tmp_path.iterdir()] == ["briefing-notes"]


def test_a_folder_is_in_use_until_its_process_is_done_with_it(tmp_path: Path) -> None:
    with scratch.folder(tmp_path) as made:
        assert scratch.in_use(made)
    assert not scratch.in_use(made)
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (left,) = tmp_path.glob("briefing-*")
    assert not scratch.in_use(left)


PLACES = ["d" * 88, "d" * 120, "folder with spaces", "한국어" * 12, "not there"]


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
def test_charts_are_drawn_by_the_drawing_process_whatever_the_temporary_folder_is_called(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / name
    if name != "not there":
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with drawing.drawing_process():
        address = os.environ[drawing.DRAWING]
        assert Path(address).is_socket() and len(os.fsencode(address)) <= scratch.LONGEST_ADDRESS
    assert not Path(address).exists()


def test_where_no_folder_is_short_enough_that_is_said_with_a_way_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch, "_places", lambda: [str(tmp_path)])
    with (
        pytest.raises(BriefingError, match=r"must not be longer than \d+ bytes.* Name such a folder with TMPDIR"),
        scratch.folder_for_sockets("s" * 60),
    ):
        pass
    monkeypatch.setattr(scratch, "_places", lambda: ["/nowhere"])
    with (
        pytest.raises(BriefingError, match="nowhere can files be written for a while"),
        scratch.folder_for_sockets("s"),
    ):
        pass
