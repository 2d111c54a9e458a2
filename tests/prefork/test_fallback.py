"""Where kernels cannot be forked they start the ordinary way, and it is said once."""

import subprocess
from pathlib import Path

import duckdb
import pytest
from briefing.prefork import NoZygote, checks, prestart, provisioner
from jupyter_client import KernelManager

from .kernels import PATIENCE, ask, client, install, manager

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize(
    ("warm_up", "words"),
    [
        ("warm:threads", "left 1 thread running: “a pool of the warm-up”"),
        ("warm:broken", "failed: ValueError: the record is not there"),
        ("warm:failing", "read_nothing, computed apart from the warm-up, gave no result"),
        ("warm:missing", "failed: AttributeError"),
        ("warm:sockets", "left 1 socket open"),
        ("warm:locks", "left a file locked: .*warm.py"),
        ("warm:crash", "ended before it was warm .exit code 7"),
    ],
)
def test_a_warm_up_that_cannot_be_forked_from_is_named_and_does_without(
    jupyter: Path, warm_up: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = warm_up.replace(":", "-")
    install(jupyter, name, warm_up)
    with pytest.raises(NoZygote, match=words):
        prestart(name).result(PATIENCE)
    if warm_up != "warm:threads":  # one ordinary kernel shows for all
        return
    for _ in range(2):
        with manager(name) as one:
            assert is_ordinary(one)
            with client(one) as kernel:
                assert ask(kernel, "6 * 7") == 42
    assert caplog.text.count("start one by one") == 1


def test_what_needs_threads_can_be_read_apart_and_shared_all_the_same(jupyter: Path) -> None:
    install(jupyter, "reading", "warm:reading")
    with manager("reading") as one, client(one) as kernel:
        assert not is_ordinary(one)
        assert ask(kernel, "int(warm.table['n'].sum())", "import warm") == 10


def test_a_system_without_fork_is_served_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(provisioner, "can_fork", lambda: False)
    monkeypatch.setattr(provisioner, "_said", set())
    for _ in range(2):
        with manager("forked") as one:
            assert is_ordinary(one)
    assert caplog.text.count("cannot be forked on this system") == 1
    with pytest.raises(NoZygote, match="cannot be forked on this system"):
        prestart("forked").result()


def test_a_launch_that_asks_what_a_fork_cannot_give_gets_an_ordinary_kernel() -> None:
    with manager("forked", stdout=subprocess.PIPE) as one:
        assert is_ordinary(one)


def test_a_thread_of_a_library_is_seen_though_python_does_not_know_it() -> None:
    connection = duckdb.connect(config={"threads": 2})
    try:
        assert any("of a library" in name for name in checks.threads_beside_this())
        assert "could hang for ever" in (checks.thread_objection() or "")
    finally:
        connection.close()


def is_ordinary(one: KernelManager) -> bool:
    return isinstance(one.provisioner.process, subprocess.Popen)  # type: ignore[union-attr]
