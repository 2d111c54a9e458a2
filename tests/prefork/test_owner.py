"""The owner's side alone: when a zygote is asked, believed, replaced and ended. No process is started here."""

import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from briefing.prefork import owner, wire
from briefing.prefork.checks import THREAD_LIMITS
from briefing.prefork.errors import NoZygote, ZygoteGone
from briefing.prefork.owner import Recipe, Zygote, Zygotes

RECIPE = Recipe(("python",), "books:open", (), (("PYTHONHASHSEED", "0"),))
REFUSED = "It left 2 threads running."


class Process:
    """What `subprocess.Popen` returns, as far as an owner asks it; `line` is the zygote's end of the control."""

    pid = 7

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.returncode: int | None = None
        self.ended = threading.Event()
        self.is_stubborn = False

    def end(self, code: int) -> None:
        self.returncode = code
        self.line.close()
        self.ended.set()

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        if not self.ended.wait(timeout):
            raise subprocess.TimeoutExpired("zygote", timeout or 0)
        return self.returncode

    def kill(self) -> None:
        if not self.ended.is_set():
            self.end(-signal.SIGKILL)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Process]]:
    """The processes that would have been started, in order."""
    started: list[Process] = []
    others = set(threading.enumerate())

    def start(recipe: Recipe, control: socket.socket) -> Any:
        started.append(Process(control.dup()))
        return started[-1]

    monkeypatch.setattr(owner, "_started", start)
    yield started
    for one in started:
        one.kill()
    for thread in set(threading.enumerate()) - others:
        thread.join(10)


def warm(processes: list[Process]) -> Zygote:
    zygote = Zygote(RECIPE, "mark")
    wire.tell(processes[-1].line, {"warm": True})
    assert zygote.warm.result(10) is None
    return zygote


def test_a_warm_zygote_is_asked_for_kernels_with_their_line_and_streams(processes: list[Process]) -> None:
    zygote = warm(processes)
    assert zygote.is_usable() and not zygote.has_ended() and zygote.pid == 7
    ours, theirs = socket.socketpair()
    zygote.order(theirs, 1, 2)
    word, descriptors = wire.received(processes[0].line, 1)
    assert (word, len(descriptors)) == (b"k", 3)
    for descriptor in descriptors:
        os.close(descriptor)
    zygote.retire()
    assert processes[0].line.recv(1) == b"", "it is told that no more are wanted"
    with pytest.raises(ZygoteGone, match=r"^The process that kernels are forked from ended\.$"):
        zygote.order(theirs, 1, 2)
    ours.close()
    theirs.close()


@pytest.mark.parametrize(
    ("code", "how"), [(-9, r"ended before it was warm \(killed by signal 9\)\."), (3, r"warm \(exit code 3\)\.")]
)
def test_one_that_ends_before_it_is_warm_is_believed_for_a_while_and_then_tried_again(
    code: int, how: str, processes: list[Process], caplog: pytest.LogCaptureFixture
) -> None:
    zygote = Zygote(RECIPE, "mark")
    assert zygote.is_usable()
    processes[0].end(code)
    with pytest.raises(NoZygote, match=how) as raised:
        zygote.warm.result(10)
    assert type(raised.value) is NoZygote and caplog.records == []
    assert zygote.is_usable() and zygote.has_ended()
    zygote._born -= owner.RETRY_PAUSE
    assert not zygote.is_usable()


def test_one_that_refused_would_refuse_again(processes: list[Process], caplog: pytest.LogCaptureFixture) -> None:
    zygote = Zygote(RECIPE, "mark")
    wire.tell(processes[0].line, {"refused": REFUSED})
    with pytest.raises(NoZygote, match=REFUSED):
        zygote.warm.result(10)
    processes[0].end(0)
    zygote._born -= owner.RETRY_PAUSE
    assert zygote.is_usable() and caplog.records == []


def test_one_that_is_told_to_end_before_it_is_warm_is_gone_and_no_fault(processes: list[Process]) -> None:
    zygote = Zygote(RECIPE, "mark")
    zygote.shut_down()
    assert processes[0].returncode == -signal.SIGKILL and zygote.is_shut_down
    with pytest.raises(ZygoteGone):
        zygote.warm.result(10)


def test_a_warm_up_without_end_is_broken_off(processes: list[Process], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "WARM_UP_PATIENCE", 0.01)
    with pytest.raises(NoZygote, match=r"^The warm-up books:open was not done after 0 seconds\.$"):
        Zygote(RECIPE, "mark").warm.result(10)
    assert processes[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize(("is_old", "is_retired", "mended"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_one_that_dies_is_replaced_unless_it_was_young_or_not_wanted(
    is_old: bool,
    is_retired: bool,
    mended: int,
    processes: list[Process],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[Zygote] = []
    others = set(threading.enumerate())
    monkeypatch.setattr(owner.zygotes, "mend", asked.append)
    zygote = warm(processes)
    zygote._born -= owner.MENDING_PAUSE if is_old else 0
    zygote.is_retired = is_retired
    processes[0].end(-9)
    for thread in set(threading.enumerate()) - others:
        thread.join(10)
    assert zygote._control.fileno() < 0
    assert asked == [zygote] * mended
    words = "ended (killed by signal 9). Its kernels go on; the next one comes from another."
    assert [words in record.getMessage() for record in caplog.records] == [True] * (not is_retired)
    assert not zygote.is_usable()


def test_a_recipe_has_one_zygote_until_its_files_change_or_it_dies(
    processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = ["then"]
    monkeypatch.setattr(owner, "fingerprint", lambda watch: mark[0])
    held = Zygotes()
    first = held.current(RECIPE)
    assert held.current(RECIPE) is first
    assert held.current(Recipe(("python",), "", (), ())) is not first
    mark[0] = "now"
    second = held.current(RECIPE)
    assert second is not first and first.is_retired and not second.is_retired
    wire.tell(processes[-1].line, {"warm": True})
    second.warm.result(10)
    processes[-1].end(-9)
    assert held.current(RECIPE) not in (first, second)
    assert second not in held._all and first in held._all, "who has ended need not be ended again"
    held.shutdown(0.01)


def test_only_a_zygote_that_is_in_use_is_mended_and_none_at_the_end(processes: list[Process]) -> None:
    held = Zygotes()
    first = held.current(RECIPE)
    processes[0].end(-9)
    first._born -= owner.RETRY_PAUSE
    assert first.warm.exception(10)
    held.mend(first)
    second = held.current(RECIPE)
    assert second is not first
    held.mend(first)
    assert held.current(RECIPE) is second and len(processes) == 2
    held._is_closed = True
    processes[1].end(-9)
    held.mend(second)
    assert len(processes) == 2


def test_at_the_end_all_are_ended_with_their_kernels_and_who_lingers_is_killed(processes: list[Process]) -> None:
    held, told = Zygotes(), []
    held.current(RECIPE)
    wire.tell(processes[0].line, {"warm": True})
    zygote = held.current(RECIPE)
    zygote.warm.result(10)
    for is_ready in (True, False):
        kernel: Any = SimpleNamespace(is_ready=is_ready)
        kernel.close, kernel.hang_up = lambda: told.append("closed"), lambda: told.append("hung up")
        zygote.kernels.add(Hashed(kernel))  # type: ignore[arg-type]
    held.shutdown(0.01)
    assert sorted(told) == ["closed", "hung up"]
    assert processes[0].returncode == -signal.SIGKILL
    assert held._all == [] and held._current == {}
    held.close()
    assert held._is_closed


class Hashed:
    """A stand-in that can be in a set."""

    def __init__(self, kept: Any) -> None:
        self.__dict__.update(vars(kept))


def test_a_zygote_starts_with_the_settings_of_its_recipe_and_none_of_its_owners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: asked.update(options, command=command))
    monkeypatch.setenv("PYTHONVERBOSE", "1")
    monkeypatch.setenv("COLOUR", "blue")
    ours, theirs = socket.socketpair()
    owner._started(RECIPE, theirs)
    environment = asked["env"]
    assert environment["PYTHONHASHSEED"] == "0" and "PYTHONVERBOSE" not in environment
    assert environment["COLOUR"] == "blue" and environment["MALLOC_ARENA_MAX"] == "2"
    assert asked["pass_fds"] == [theirs.fileno()] and asked["start_new_session"]
    assert asked["command"][-2:] == [str(theirs.fileno()), "books:open"]
    limits = dict(owner.settings_of({"PYTHONUTF8": "1", "COLOUR": "blue"}))
    assert limits == {**THREAD_LIMITS, "PYTHONUTF8": "1"}

    def full(*_: object, **__: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(NoZygote, match=r"cannot be started: no memory\.$"):
        owner._started(RECIPE, theirs)
    ours.close()
    theirs.close()


def test_what_would_change_what_runs_in_a_kernel_does_not_reach_it() -> None:
    assert owner.kernel_environment({"PYTHONOPTIMIZE": "2", "COLOUR": "blue"}) == {"COLOUR": "blue"}
    assert owner.can_fork() is hasattr(os, "fork")
