"""The scripts of live charts: bundled once for an environment, and handed out by a server that does so."""

from collections.abc import Iterator
from pathlib import Path

import altair
import pytest
from briefing.kernels import live_charts


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of an environment without scripts; Altair is afterwards as it was."""
    file = tmp_path / "share" / "live-chart.js"
    monkeypatch.setattr(live_charts, "kept_in", lambda: file)
    monkeypatch.setattr(live_charts.prefork, "apart", lambda function: function())
    monkeypatch.setattr(live_charts, "_bundled", lambda: "the scripts")
    monkeypatch.setattr(altair.JupyterChart, "_esm", altair.JupyterChart._esm)
    monkeypatch.setattr(altair.JupyterChart, "_is_offline", False)
    monkeypatch.delenv(live_charts.SCRIPTS, raising=False)
    yield file


def test_the_scripts_are_bundled_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live_charts.put_scripts_at_hand()
    assert (altair.JupyterChart._esm, altair.JupyterChart._is_offline) == ("the scripts", True)
    assert kept.read_text(encoding="utf-8") == "the scripts"
    monkeypatch.setattr(live_charts, "_bundled", lambda: "others")
    live_charts.put_scripts_at_hand()
    assert altair.JupyterChart._esm == "the scripts"


def test_an_environment_that_cannot_be_written_to_has_its_scripts_all_the_same(kept: Path) -> None:
    kept.parent.write_text("a file where the folder would be", encoding="utf-8")
    live_charts.put_scripts_at_hand()
    assert altair.JupyterChart._esm == "the scripts"


def test_a_server_hands_them_out_and_no_chart_carries_them(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(live_charts.SCRIPTS, str(tmp_path))
    live_charts.put_scripts_at_hand()
    assert (tmp_path / live_charts.SERVED).read_text(encoding="utf-8") == "the scripts"
    assert f"static/{live_charts.SERVED}" in altair.JupyterChart._esm
    assert len(altair.JupyterChart._esm) < 300


def test_a_server_without_room_for_them_leaves_them_to_the_charts(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(live_charts.SCRIPTS, str(tmp_path / "none"))
    live_charts.put_scripts_at_hand()
    assert altair.JupyterChart._esm == "the scripts"


def test_other_versions_have_other_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = live_charts.kept_in()
    monkeypatch.setattr(live_charts, "version", lambda name: "99")
    assert live_charts.kept_in() != before
