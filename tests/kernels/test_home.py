"""Users without a home: Jupyter and IPython write to a folder of the process, and nothing else changes."""

import os
import tempfile
from pathlib import Path

import pytest
from briefing.errors import BriefingError
from briefing.kernels import home

VARIABLES = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path that nobody can make, not even root: it lies below a file."""
    for name in (*VARIABLES, "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    (tmp_path / "file").touch()
    return tmp_path / "file" / "home"


def test_a_user_with_a_home_keeps_it(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    home.ensure()
    assert os.environ["HOME"] == str(tmp_path)
    assert not set(VARIABLES) & os.environ.keys()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_user_without_a_home_gets_one_until_the_process_ends(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(nowhere))
    home.ensure()
    assert os.environ["HOME"] == str(home.own_folder())


def test_folders_that_cannot_be_made_are_replaced_one_by_one(
    nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(nowhere))
    monkeypatch.setenv("IPYTHONDIR", str(nowhere))
    home.ensure()
    assert os.environ["JUPYTER_DATA_DIR"] == str(home.own_folder() / "jupyter_data_dir")
    assert os.environ["IPYTHONDIR"] == str(home.own_folder() / "ipythondir")
    assert "JUPYTER_CONFIG_DIR" not in os.environ


def test_where_nothing_can_be_written_the_start_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_folder() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", no_folder)
    home.own_folder.cache_clear()
    with pytest.raises(BriefingError, match=r"No folder for temporary files .* name it by TMPDIR"):
        home.own_folder()
    home.own_folder.cache_clear()
