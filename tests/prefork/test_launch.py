"""How one launch ends, by what is heard on the kernel's line; nothing is forked here."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from briefing.prefork import launch, wire
from briefing.prefork.errors import KernelNotStarted, NoZygote, ZygoteGone
from briefing.prefork.kernel import LOST_CODE, ForkedKernel


@pytest.fixture
def kernel() -> Iterator[tuple[socket.socket, ForkedKernel]]:
    """The zygote's end of a line, and the kernel as its owner holds it."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    one: Any = ForkedKernel(SimpleNamespace(kernels=set(), has_ended=lambda: True), ours)  # type: ignore[arg-type]
    yield theirs, one
    one.close()
    theirs.close()


@pytest.mark.parametrize(
    ("notices", "error", "words"),
    [
        ([{"refused": "1 thread runs."}], NoZygote, r"^1 thread runs\.$"),
        ([{"failed": "No memory."}], KernelNotStarted, r"^The kernel could not start\. No memory\. Start it again\.$"),
        ([{"refused": "first"}, {"failed": "second"}], NoZygote, "^first$"),
        (
            [{"exited": 3}],
            KernelNotStarted,
            r"^The kernel ended before it was ready \(exit code 3\)\. Start it again\.$",
        ),
        ([], ZygoteGone, "ended while it forked"),
    ],
)
def test_a_kernel_that_is_not_to_be_is_told_with_its_reason(
    notices: list[dict[str, Any]], error: type[Exception], words: str, kernel: tuple[socket.socket, ForkedKernel]
) -> None:
    for notice in notices:
        wire.tell(kernel[0], notice)
    kernel[0].close()
    with pytest.raises(error, match=words):
        asyncio.run(asyncio.wait_for(launch._readiness(kernel[1]), 5))


def test_a_kernel_is_ready_when_it_says_so_however_soon_it_ends(kernel: tuple[socket.socket, ForkedKernel]) -> None:
    for notice in ({"ready": True}, {"exited": 0}):
        wire.tell(kernel[0], notice)
    asyncio.run(asyncio.wait_for(launch._readiness(kernel[1]), 5))
    assert kernel[1].is_ready and kernel[1].returncode == 0


def test_a_kernel_whose_end_nobody_told_has_the_code_of_the_signal_it_was_sent_or_of_one_that_is_lost(
    kernel: tuple[socket.socket, ForkedKernel],
) -> None:
    assert kernel[1].wait(0.01) == LOST_CODE, "no zygote, no process"
    kernel[1].returncode = None
    kernel[1].note_signal(signal.SIGINT)
    assert kernel[1].poll() == LOST_CODE, "which need not end it"
    kernel[1].returncode = None
    kernel[1].note_signal(signal.SIGTERM)
    assert kernel[1].poll() == -signal.SIGTERM


def test_a_signal_is_sent_while_the_process_runs_and_then_no_more(
    kernel: tuple[socket.socket, ForkedKernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[int, int]] = []
    wire.tell(kernel[0], {"pid": os.getpid()})
    kernel[1].listen()
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    kernel[1].terminate()
    kernel[1].kill()
    assert sent == [(os.getpid(), signal.SIGTERM), (os.getpid(), signal.SIGKILL)]
    wire.tell(kernel[0], {"exited": 0})
    kernel[1].kill()
    assert len(sent) == 2 and kernel[1].returncode == 0


def test_who_waits_at_a_line_no_longer_does_once_something_came(kernel: tuple[socket.socket, ForkedKernel]) -> None:
    async def waited() -> bool:
        wire.tell(kernel[0], {"ready": True})
        await asyncio.wait_for(launch._readable(kernel[1].line), 5)
        return asyncio.get_running_loop().remove_reader(kernel[1].line)

    assert asyncio.run(waited()) is False


def test_a_line_that_is_hung_up_is_dead_for_both_ends_and_one_that_is_closed_ends_the_kernel(
    kernel: tuple[socket.socket, ForkedKernel],
) -> None:
    kernel[0].settimeout(5)
    kernel[1].hang_up()
    assert kernel[0].recv(1) == b"" and kernel[1].line.recv(1) == b""
    kernel[1].zygote.kernels.add(kernel[1])
    kernel[1].close()
    assert kernel[1].is_cut_off and kernel[1].zygote.kernels == set()
    kernel[1].hang_up()
