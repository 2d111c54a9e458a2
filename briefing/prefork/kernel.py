"""A forked kernel as its owner holds it: speaks like `subprocess.Popen`, though another process is its parent."""

import contextlib
import os
import select
import signal
import socket
import time
from typing import TYPE_CHECKING

from . import wire

if TYPE_CHECKING:
    from .owner import Zygote

LOST_CODE = 1  # when the only process that could have told the exit code is gone
POLL = 0.02


class ForkedKernel:
    """One kernel: its process, and the line that tells how it fares and whose closing ends it."""

    stdin = stdout = stderr = None

    def __init__(self, zygote: "Zygote", line: socket.socket) -> None:
        self.zygote = zygote
        self.line = line
        self.pid = 0
        self.returncode: int | None = None
        self.is_ready = False
        self.failure: wire.Notice | None = None
        self._notices = wire.Notices()
        self._identity: ProcessIdentity | None = None
        self._last_signal = 0

    def listen(self) -> None:
        """Take in what zygote and kernel have said by now."""
        while self.returncode is None and not self._notices.ended:
            try:
                heard = self._notices.read(self.line)
            except BlockingIOError:
                return
            for notice in heard:
                self._take(notice)

    @property
    def is_cut_off(self) -> bool:
        """Whether neither zygote nor kernel holds the line any more."""
        return self._notices.ended

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        self.listen()
        if self.returncode is None and (self._notices.ended or self.zygote.has_ended()) and not self._is_running():
            self.listen()  # what the zygote said last
            if self.returncode is None:
                self.returncode = -self._last_signal if self._last_signal else LOST_CODE
        if self.returncode is not None:
            self.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code once it has ended; None if the time is up before."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if deadline is not None and time.monotonic() > deadline:
                return None
            time.sleep(POLL)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """To the kernel's process, unless it has ended."""
        if self.poll() is None and self._is_running():
            self.note_signal(number)
            os.kill(self.pid, number)

    def note_signal(self, number: int) -> None:
        if number in (signal.SIGTERM, signal.SIGKILL):
            self._last_signal = number

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def hang_up(self) -> None:
        """Let the line go dead for both ends: the kernel ends, and who waits at ours in another thread hears of it.

        A socket that is closed while another thread waits at it tells that thread nothing.
        """
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up: a kernel that still runs is ended by its zygote, or ends itself."""
        self.line.close()
        self._notices.ended = True
        if self._identity:
            self._identity.close()
        self.zygote.kernels.discard(self)

    def _take(self, notice: wire.Notice) -> None:
        if "pid" in notice:
            self.pid = notice["pid"]
            self._identity = ProcessIdentity(self.pid, self._notices.descriptors)
        elif "ready" in notice:
            self.is_ready = True
        elif "exited" in notice:
            self.returncode = notice["exited"]
        else:
            self.failure = self.failure or notice

    def _is_running(self) -> bool:
        return self._identity is not None and self._identity.is_running()


class ProcessIdentity:
    """Tells a process from a later one of the same number: by a pidfd, elsewhere by when it started."""

    def __init__(self, pid: int, descriptors: list[int]) -> None:
        self.pid = pid
        self._descriptor = descriptors.pop(0) if descriptors else None
        self._started = None if self._descriptor is not None else _start_of(pid)

    def is_running(self) -> bool:
        if self._descriptor is not None:
            poller = select.poll()
            poller.register(self._descriptor, select.POLLIN)
            return not poller.poll(0)
        return self._started is not None and _start_of(self.pid) == self._started

    def close(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _start_of(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None
