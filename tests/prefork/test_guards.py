"""The zygote's guards, each alone: what it refuses to fork, whom it ends, and when it ends itself. Nothing is forked here."""

import os
import signal
import socket
import sys
import threading
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from briefing.prefork import wire, zygote
from briefing.prefork.checks import shared_objection, thread_objection
from briefing.prefork.errors import NoZygote
from briefing.prefork.zygote import Child, Zygote

ORDER = wire.Order(["-f", "kernel.json"], "kernel.json", "/", {})


@pytest.fixture
def owner() -> Iterator[tuple[socket.socket, Zygote]]:
    """The owner's end of the control, and a zygote in this process that has nothing to fork from."""
    ours, theirs = socket.socketpair()
    one = Zygote(theirs, half=None)  # type: ignore[arg-type]
    yield ours, one
    for end in (ours, theirs, one.bell, one._ring):
        end.close()
    one.selector.close()


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What processes would have been sent."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "killpg", lambda pid, number: sent.append((pid, number)))
    return sent


@pytest.fixture
def child(owner: tuple[socket.socket, Zygote]) -> Iterator[tuple[socket.socket, Child]]:
    """A kernel of the zygote's, number 1 of no process, and the owner's end of its line."""
    ours, theirs = socket.socketpair()
    one = Child(2**22 + 1, theirs, "/nowhere/kernel.json")
    owner[1].children[one.pid] = one
    owner[1].selector.register(theirs, 1)
    yield ours, one
    ours.close()
    theirs.close()


def notices(line: socket.socket) -> list[dict[str, Any]]:
    line.settimeout(5)
    return wire.Notices().read(line)


def no_fork() -> int:
    raise AssertionError("forked")


def test_beside_a_thread_nothing_is_forked_and_the_reason_is_told(
    owner: tuple[socket.socket, Zygote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", no_fork)
    ours, theirs = socket.socketpair()
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, name="a pool")
    thread.start()
    try:
        owner[1]._fulfil(ORDER, theirs, [])
    finally:
        ended.set()
        thread.join()
    (told,) = notices(ours)
    assert "“a pool”" in told["refused"]
    assert owner[1].children == {} and ours.recv(1) == b""
    ours.close()


def test_a_fork_that_the_system_refuses_is_told_as_failed(
    owner: tuple[socket.socket, Zygote], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(zygote, "thread_objection", lambda: None)
    monkeypatch.setattr(os, "fork", full)
    ours, theirs = socket.socketpair()
    owner[1]._fulfil(ORDER, theirs, [])
    assert notices(ours) == [{"failed": "No process could be forked: Resource temporarily unavailable."}]
    assert owner[1].children == {} and ours.recv(1) == b""
    ours.close()


def test_an_owner_that_breaks_off_its_order_gets_no_kernel_and_leaves_no_descriptor(
    owner: tuple[socket.socket, Zygote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", no_fork)
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    socket.send_fds(owner[0], [b"k"], [theirs.fileno(), writing, writing])
    theirs.close()
    os.close(writing)
    ours.send(ORDER.packed()[:10])
    ours.shutdown(socket.SHUT_WR)
    owner[1]._take_order()
    os.set_blocking(reading, False)
    assert os.read(reading, 1) == b"", "the kernel's streams are closed here"
    assert owner[1].is_open and ours.recv(1) == b""
    ours.close()
    os.close(reading)


def test_an_order_that_does_not_come_to_its_end_is_not_waited_for(
    owner: tuple[socket.socket, Zygote], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", no_fork)
    monkeypatch.setattr(zygote, "ORDER_PATIENCE", 0.01)
    ours, theirs = socket.socketpair()
    socket.send_fds(owner[0], [b"k"], [theirs.fileno()])
    theirs.close()
    ours.send(ORDER.packed()[:10])
    late = threading.Timer(5, lambda: ours.shutdown(socket.SHUT_WR))  # else this test would wait, too
    late.start()
    owner[1]._take_order()
    assert late.is_alive() and owner[1].is_open and ours.recv(1) == b""
    late.cancel()
    late.join()
    ours.close()


def test_the_owners_last_word_is_that_it_wants_no_more(owner: tuple[socket.socket, Zygote]) -> None:
    owner[0].close()
    owner[1]._take_order()
    assert not owner[1].is_open
    assert owner[1].control not in [key.fileobj for key in owner[1].selector.get_map().values()]


def test_a_kernel_whose_line_ends_is_told_to_end_and_no_other(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child], signals: list[tuple[int, int]]
) -> None:
    other = Child(2**22 + 2, socket.socket(), "")
    owner[1].children[other.pid] = other
    owner[1]._answer(child[1].line)
    assert signals == [(child[1].pid, signal.SIGTERM)]
    assert child[1].is_told_to_end() and not other.is_told_to_end()
    other.line.close()


def test_a_kernel_that_does_not_end_in_time_is_killed_and_not_before(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child], signals: list[tuple[int, int]]
) -> None:
    owner[1]._end_the_overdue()
    child[1].deadline = time.monotonic() + 60
    owner[1]._end_the_overdue()
    assert signals == []
    child[1].deadline = time.monotonic() - 1
    owner[1]._end_the_overdue()
    assert signals == [(child[1].pid, signal.SIGKILL)]


def test_kernels_of_an_owner_that_is_gone_are_told_to_end_once(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child], signals: list[tuple[int, int]]
) -> None:
    owner[1]._check_owner()
    assert owner[1].is_open and signals == []
    owner[1].owner = 1 if os.getppid() != 1 else 2
    for _ in range(2):
        owner[1]._check_owner()
    assert not owner[1].is_open and signals == [(child[1].pid, signal.SIGTERM)]


def test_a_kernel_that_is_told_to_end_already_is_left_to_it_when_the_owner_is_gone(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child], signals: list[tuple[int, int]]
) -> None:
    owner[1]._answer(child[1].line)
    owner[1].owner = 1 if os.getppid() != 1 else 2
    owner[1]._check_owner()
    assert not owner[1].is_open and signals == [(child[1].pid, signal.SIGTERM)]


def test_a_kernel_that_leads_no_group_yet_is_signalled_alone_and_one_that_is_gone_not_at_all(
    child: tuple[socket.socket, Child], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[int, int]] = []

    def nobody(pid: int, number: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(os, "killpg", nobody)
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    child[1].signal(signal.SIGTERM)
    assert sent == [(child[1].pid, signal.SIGTERM)]
    monkeypatch.setattr(os, "kill", nobody)
    child[1].signal(signal.SIGTERM)


@pytest.mark.parametrize(("is_told", "said"), [(False, [{"exited": 3}]), (True, [])])
def test_how_a_kernel_ended_is_told_unless_it_was_told_to_end(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child], is_told: bool, said: list[dict[str, int]]
) -> None:
    if is_told:
        child[1].deadline = time.monotonic()
        owner[1].selector.unregister(child[1].line)
    owner[1]._see_off(child[1], 3)
    assert notices(child[0]) == said
    assert owner[1].children == {}


def test_it_looks_often_while_a_kernel_is_to_end(
    owner: tuple[socket.socket, Zygote], child: tuple[socket.socket, Child]
) -> None:
    assert owner[1]._patience() == zygote.OWNER_CHECK
    child[1].deadline = time.monotonic()
    assert owner[1]._patience() < 1


def test_what_a_warm_up_leaves_open_is_an_objection_only_if_forks_would_share_it(tmp_path: Path) -> None:
    import fcntl

    from briefing.prefork.checks import open_descriptors

    known = open_descriptors()
    with (tmp_path / "file").open("w") as file:
        assert shared_objection(known) is None
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "left a file locked" in (shared_objection(known) or "")
    one, other = socket.socketpair()
    assert "left 2 sockets open" in (shared_objection(known) or "")
    assert shared_objection(open_descriptors()) is None
    one.close()
    other.close()


def test_alone_there_is_no_objection_to_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("briefing.prefork.checks.threads_beside_this", list)
    assert thread_objection() is None
    monkeypatch.setattr("briefing.prefork.checks.threads_beside_this", lambda: ["“one”", "“two”"])
    assert "left 2 threads running: “one”, “two”" in (thread_objection() or "")


Left = list[Any]
"""What a warm-up left behind, to be put away."""


@pytest.fixture
def warm_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    """Warm-ups to be named "warm_ups:...", and a half of a kernel that only notes whether it was told of them."""

    class Half:
        def __init__(self) -> None:
            self.app, self.is_told = self, False

        def note_modules(self) -> None:
            self.is_told = True

    left: Left = []

    def fails() -> None:
        raise ValueError("the well is dry")

    def leaves_a_thread() -> None:
        left.append(threading.Event())
        thread = threading.Thread(target=left[-1].wait, name="a pool")
        thread.start()

    def leaves_a_socket() -> None:
        left.append(socket.socket())

    warm_ups = types.ModuleType("warm_ups")
    vars(warm_ups).update(fails=fails, leaves_a_thread=leaves_a_thread, leaves_a_socket=leaves_a_socket, works=list)
    monkeypatch.setitem(sys.modules, "warm_ups", warm_ups)
    monkeypatch.setattr(zygote, "HalfKernel", Half)
    monkeypatch.setattr(zygote, "import_stack", lambda: None)
    yield left
    for one in left:
        one.set() if isinstance(one, threading.Event) else one.close()


@pytest.mark.parametrize("name", ["", "warm_ups:works"])
def test_what_is_warm_and_leaves_nothing_is_ready_to_be_forked(
    name: str, warm_up: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygote, "thread_objection", lambda: None)  # the tests' own threads are none of its business
    half: Any = zygote.warmed_up(name)
    assert half.is_told


def test_a_warm_up_that_fails_is_named_with_its_reason(warm_up: Left, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoZygote, match=r"^The warm-up warm_ups:fails failed: ValueError: the well is dry\.$"):
        zygote.warmed_up("warm_ups:fails")
    assert "in fails" in capsys.readouterr().err
    with pytest.raises(NoZygote, match=r"^The warm-up no_such:one failed: ModuleNotFoundError: "):
        zygote.warmed_up("no_such:one")


def test_a_warm_up_that_leaves_a_thread_or_a_socket_is_refused(warm_up: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoZygote, match="“a pool”"):
        zygote.warmed_up("warm_ups:leaves_a_thread")
    monkeypatch.setattr(zygote, "thread_objection", lambda: None)
    with pytest.raises(NoZygote, match="left 1 socket"):
        zygote.warmed_up("warm_ups:leaves_a_socket")


@pytest.mark.filterwarnings("ignore:unclosed")  # the zygote's end of the control is closed by its end
def test_the_owner_is_told_why_nothing_can_be_forked(warm_up: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(sys, "argv", ["zygote", str(theirs.detach()), "warm_ups:fails"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    zygote.main()
    assert notices(ours) == [{"refused": "The warm-up warm_ups:fails failed: ValueError: the well is dry."}]
    ours.close()


def test_the_owner_is_told_once_all_is_warm_and_then_served(warm_up: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    heard: list[Any] = []
    monkeypatch.setattr(sys, "argv", ["zygote", str(theirs.detach()), "warm_ups:works"])
    monkeypatch.setattr(signal, "signal", lambda *one: heard.append(one))
    monkeypatch.setattr(zygote, "thread_objection", lambda: None)
    for name in ("freeze", "collect"):
        monkeypatch.setattr(f"gc.{name}", lambda name=name: heard.append(name))
    monkeypatch.setattr(zygote, "collapse", lambda: heard.append("collapse"))
    monkeypatch.setattr(Zygote, "serve", lambda one: heard.append((os.get_inheritable(one.control.fileno()), one)))
    zygote.main()
    assert notices(ours) == [{"warm": True}]
    is_inherited, one = heard.pop()
    assert heard == [(signal.SIGINT, signal.SIG_IGN), "collect", "freeze", "collapse"] and not is_inherited
    for end in (ours, one.control, one.bell, one._ring, one.selector):
        end.close()
