"""What a fork does to be a kernel, step by step in this process, with the steps kept from touching it."""

import atexit
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from briefing.prefork import child, wire

ORDER = wire.Order(["-f", "kernel.json"], "kernel.json", "/", {})
Lines = tuple[socket.socket, socket.socket]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The owner's end of the line, and the kernel's."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of a kernel's life that were taken, none of which does anything."""
    taken: list[str] = []
    for name, result in {
        "_settle": None,
        "_initialized": "app",
        "_watch": None,
        "_exit_code": 3,
        "_leave": None,
    }.items():
        monkeypatch.setattr(child, name, lambda *_, name=name, result=result: taken.append(name) or result)
    return taken


def notices(line: socket.socket) -> list[dict[str, Any]]:
    line.settimeout(5)
    return wire.Notices().read(line)


def test_a_kernel_says_that_it_is_ready_once_somebody_watches_its_owner(lines: Lines, done: list[str]) -> None:
    lines[1].settimeout(1)
    assert child.run(ORDER, lines[1], None) == 3  # type: ignore[arg-type]
    assert done == ["_settle", "_initialized", "_watch", "_exit_code", "_leave"]
    assert notices(lines[0]) == [{"ready": True}] and lines[1].gettimeout() is None


def test_a_kernel_that_cannot_be_says_why(lines: Lines, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: wire.Order) -> None:
        raise ValueError("no such folder")

    monkeypatch.setattr(child, "_settle", fail)
    with pytest.raises(ValueError, match="no such folder"):
        child.run(ORDER, lines[1], None)  # type: ignore[arg-type]
    assert notices(lines[0]) == [{"failed": "ValueError: no such folder."}] and done == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError("kernel.json"), "Its connection file kernel.json is gone."),
        (FileNotFoundError("other.json"), "FileNotFoundError: other.json."),
        (ValueError("kernel.json"), "ValueError: kernel.json."),
        (SystemExit(1), "Its connection file kernel.json cannot be read, or its arguments are not understood."),
    ],
)
def test_the_reason_is_that_of_whoever_would_mend_it(error: BaseException, words: str) -> None:
    assert child._reason(error, ORDER) == words


def test_a_kernel_without_its_connection_file_is_not_begun(tmp_path: Path) -> None:
    half: Any = SimpleNamespace(finished=lambda arguments, file: (arguments, file))
    file = tmp_path / "kernel.json"
    order = wire.Order(["-f", str(file)], str(file), "/", {})
    with pytest.raises(FileNotFoundError) as raised:
        child._initialized(order, half)
    assert child._reason(raised.value, order) == f"Its connection file {file} is gone."
    file.touch()
    assert child._initialized(order, half) == (order.arguments, str(file))  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(("said", "code"), [(None, 0), (3, 3), ("a reason", 1), ("", 1)])
def test_the_exit_code_is_that_of_python(said: object, code: int) -> None:
    def leave() -> None:
        raise SystemExit(said)

    assert child._exit_code(SimpleNamespace(start=leave)) == code  # type: ignore[arg-type]
    assert child._exit_code(SimpleNamespace(start=lambda: None)) == 0  # type: ignore[arg-type]


def test_a_kernel_ends_with_its_owner_first_asked_then_killed_and_its_file_with_it(
    lines: Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(os, "killpg", lambda group, number: sent.append((group, number)))
    monkeypatch.setattr(time, "sleep", sent.append)
    file = tmp_path / "kernel.json"
    file.write_text(json.dumps({"transport": "tcp"}), encoding="utf-8")
    lines[0].close()
    child._end_with_owner(lines[1], str(file))
    assert sent == [(0, signal.SIGTERM), child.GRACE, (0, signal.SIGKILL), child.GRACE]
    assert not file.exists()
    lines[1].close()
    child._end_with_owner(lines[1], str(file))
    assert len(sent) == 4, "a line that was closed here says nothing of the owner"


def test_whoever_watches_the_owner_keeps_no_kernel_alive_and_is_not_debugged(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[threading.Thread] = []
    ended = threading.Event()

    def watching(*_: object) -> None:
        seen.append(threading.current_thread())
        ended.set()

    monkeypatch.setattr(child, "_end_with_owner", watching)
    child._watch(lines[1], "kernel.json")
    assert ended.wait(5)
    (thread,) = seen
    marks = vars(thread)
    assert thread.daemon and marks["pydev_do_not_trace"] and marks["is_pydev_daemon_thread"]
    thread.join()


@pytest.mark.parametrize("is_alive", [True, False])
def test_a_kernel_leaves_in_order_and_waits_for_a_control_thread_that_is_at_work(
    is_alive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[object] = []
    thread = SimpleNamespace(is_alive=lambda: is_alive, stop=lambda: did.append("stop"), join=did.append)
    monkeypatch.setattr(threading, "_shutdown", lambda: did.append("threads"))
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: did.append("exit"))
    for name in ("__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, SimpleNamespace(flush=lambda name=name: did.append(name)))
    child._leave(SimpleNamespace(control_thread=thread))  # type: ignore[arg-type]
    control: list[object] = ["stop", child.PATIENCE] if is_alive else []
    assert did == [*control, "threads", "exit", "__stdout__", "__stderr__"]
    monkeypatch.setattr(sys, "__stdout__", None)
    child._leave(SimpleNamespace(control_thread=thread))  # type: ignore[arg-type]


def test_a_fork_leaves_the_session_signals_and_sockets_of_the_zygote(monkeypatch: pytest.MonkeyPatch) -> None:
    did: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "setsid", lambda: did.append(("setsid",)))
    monkeypatch.setattr(os, "dup2", lambda one, other: did.append(("dup2", one, other)))
    monkeypatch.setattr(os, "close", lambda one: did.append(("close", one)))
    monkeypatch.setattr(signal, "set_wakeup_fd", lambda one: did.append(("wakeup", one)))
    monkeypatch.setattr(signal, "signal", lambda *one: did.append(one))
    foreign: Any = SimpleNamespace(close=lambda: did.append(("foreign",)))
    child.take_over([8, 9], [foreign])
    assert did == [
        ("setsid",), ("wakeup", -1), (signal.SIGCHLD, signal.SIG_DFL), (signal.SIGINT, signal.default_int_handler),
        ("dup2", 8, 1), ("dup2", 9, 2), ("close", 8), ("close", 9), ("foreign",),
    ]  # fmt: skip
