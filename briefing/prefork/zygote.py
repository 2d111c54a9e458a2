"""The process that kernels are forked from: `python -m <this> CONTROL WARM_UP`, started by the owner, never by hand.

It does three things, all in one thread: warms up once, forks on demand, and sees its kernels off (exit codes to the
owner, an end to those whose owner is gone). It ends when the owner closes the control socket and the last kernel has
ended.
"""

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, field

from . import wire
from .app import HalfKernel
from .checks import open_descriptors, shared_objection, thread_objection
from .child import run, take_over
from .errors import NoZygote
from .leftovers import remove_leftovers
from .memory import collapse
from .stack import import_stack

GRACE = 2.0  # seconds between SIGTERM and SIGKILL
ORDER_PATIENCE = 10.0  # seconds an owner may take over one order
OWNER_CHECK = 5.0  # seconds between looks at who is this process's parent


@dataclass
class Child:
    """A kernel as its zygote sees it."""

    pid: int
    line: socket.socket
    connection_file: str
    deadline: float | None = field(default=None)

    def is_told_to_end(self) -> bool:
        return self.deadline is not None

    def signal(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except OSError:
            with contextlib.suppress(OSError):
                os.kill(self.pid, number)

    def tell_to_end(self) -> None:
        self.deadline = time.monotonic() + GRACE
        self.signal(signal.SIGTERM)


class Zygote:
    """Forks a kernel for each order, and looks after the kernels until they end."""

    def __init__(self, control: socket.socket, half: HalfKernel) -> None:
        self.half = half
        self.control = control
        self.owner = os.getppid()
        self.is_open = True
        self.children: dict[int, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.bell, self._ring = socket.socketpair()
        for end in (self.bell, self._ring):
            end.setblocking(False)
        self.selector.register(control, selectors.EVENT_READ)
        self.selector.register(self.bell, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the owner wants no more kernels and the last one has ended."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._ring.fileno(), warn_on_full_buffer=False)
        while self.is_open or self.children:
            for key, _ in self.selector.select(self._patience()):
                self._answer(key.fileobj)
            self._reap()
            self._end_the_overdue()
            self._check_owner()

    def _answer(self, ready: object) -> None:
        if ready is self.control:
            self._take_order()
        elif ready is self.bell:
            self.bell.recv(wire.CHUNK)
        elif isinstance(ready, socket.socket):  # a line: the owner says nothing on it, so this is its end
            self.selector.unregister(ready)
            for one in self.children.values():
                if one.line is ready:
                    one.tell_to_end()

    def _take_order(self) -> None:
        word, descriptors = wire.received(self.control, 1)
        if not word:
            self.selector.unregister(self.control)
            self.is_open = False
            return
        line = socket.socket(fileno=descriptors[0])
        try:
            line.settimeout(ORDER_PATIENCE)
            self._fulfil(wire.received_order(line), line, descriptors[1:])
        except (EOFError, OSError):
            line.close()
        finally:
            for descriptor in descriptors[1:]:
                os.close(descriptor)

    def _fulfil(self, order: wire.Order, line: socket.socket, streams: list[int]) -> None:
        objection = thread_objection()
        if objection:
            wire.tell(line, {"refused": objection})
            line.close()
            return
        try:
            pid = os.fork()
        except OSError as error:
            wire.tell(line, {"failed": f"No process could be forked: {error.strerror}."})
            line.close()
            return
        if pid == 0:
            self._become_kernel(order, line, streams)
        self.children[pid] = Child(pid, line, order.connection_file)
        self.selector.register(line, selectors.EVENT_READ)
        _introduce(pid, line)

    def _become_kernel(self, order: wire.Order, line: socket.socket, streams: list[int]) -> None:
        """In the fork; never returns."""
        code = 1
        try:
            take_over(streams, [self.control, self.bell, self._ring, *(one.line for one in self.children.values())])
            self.selector.close()
            self.children.clear()
            code = run(order, line, self.half)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)

    def _reap(self) -> None:
        for child in list(self.children.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._see_off(child, os.waitstatus_to_exitcode(status))

    def _see_off(self, child: Child, code: int) -> None:
        del self.children[child.pid]
        if child.is_told_to_end():
            remove_leftovers(child.connection_file)
        else:
            self.selector.unregister(child.line)
            wire.tell(child.line, {"exited": code})
        child.line.close()

    def _end_the_overdue(self) -> None:
        for child in self.children.values():
            if child.deadline is not None and child.deadline < time.monotonic():
                child.signal(signal.SIGKILL)

    def _check_owner(self) -> None:
        if os.getppid() == self.owner or not self.is_open:
            return
        self.selector.unregister(self.control)
        self.is_open = False
        for child in self.children.values():
            if not child.is_told_to_end():
                self.selector.unregister(child.line)
                child.tell_to_end()

    def _patience(self) -> float:
        return 0.1 if any(child.is_told_to_end() for child in self.children.values()) else OWNER_CHECK


def _introduce(pid: int, line: socket.socket) -> None:
    """Tell the owner the kernel's process, by a pidfd where there are such: no later process can be taken for it."""
    if not hasattr(os, "pidfd_open"):
        wire.tell(line, {"pid": pid})
        return
    descriptor = os.pidfd_open(pid)
    wire.tell(line, {"pid": pid}, [descriptor])
    os.close(descriptor)


def warmed_up(name: str) -> HalfKernel:
    """Import what every kernel needs, build half of one, and call the warm-up, "module:function"; an empty name is none.

    Raises
    ------
    NoZygote
        If the warm-up fails, or leaves what forks must not share.
    """
    known = open_descriptors()
    try:
        half = HalfKernel()
        import_stack()
        if name:
            module, _, function = name.partition(":")
            getattr(importlib.import_module(module), function)()
    except Exception as error:
        traceback.print_exc()
        raise NoZygote(f"The warm-up {name or '(imports only)'} failed: {type(error).__name__}: {error}.") from error
    objection = thread_objection() or shared_objection(known)
    if objection:
        raise NoZygote(objection)
    half.app.note_modules()
    return half


def main() -> None:
    """Warm up, say so, and fork."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        half = warmed_up(sys.argv[2])
    except NoZygote as reason:
        wire.tell(control, {"refused": str(reason)})
        return
    gc.collect()
    gc.freeze()
    collapse()
    wire.tell(control, {"warm": True})
    Zygote(control, half).serve()


if __name__ == "__main__":
    main()
