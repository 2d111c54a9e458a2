"""The owner's side: the zygotes of this process, one for each recipe, started once and mended when they die."""

import asyncio
import atexit
import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass

from . import wire
from .checks import THREAD_LIMITS
from .errors import KernelNotStarted, NoZygote, ZygoteGone
from .fingerprint import fingerprint
from .kernel import ForkedKernel

WARM_UP_PATIENCE = 120.0  # seconds
LAUNCH_PATIENCE = 30.0  # seconds
MENDING_PAUSE = 10.0  # seconds a zygote must have lived to be replaced before anybody asks
RETRY_PAUSE = 60.0  # seconds until one that died before it was warm is tried again
ATTEMPTS = 3
SHUTDOWN_PATIENCE = 5.0  # seconds

log = logging.getLogger(__name__)

_LEAN = {
    "MALLOC_ARENA_MAX": "2",  # glibc would give each thread of a kernel its own pages
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger's hint about frozen modules, meant for who debugs one
}


@dataclass(frozen=True)
class Recipe:
    """All that makes one zygote as good as another.

    `settings` are the environment variables that take effect only when an interpreter starts; a kernel that wants
    others cannot come from the same zygote.
    """

    interpreter: tuple[str, ...]
    warm_up: str
    watch: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]


class Zygote:
    """A process to fork from, as its owner holds it."""

    def __init__(self, recipe: Recipe, mark: str) -> None:
        self.recipe = recipe
        self.mark = mark
        self.kernels: set[ForkedKernel] = set()
        self.warm: Future[None] = Future()
        self.is_retired = False
        self.has_refused = False
        self._born = time.monotonic()
        self._sending = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _started(recipe, theirs)
        threading.Thread(target=self._attend, name="Zygote", daemon=True).start()

    def order(self, line: socket.socket, stdout: int, stderr: int) -> None:
        """Hand over a kernel's line and streams. ZygoteGone if nobody is there to take them."""
        try:
            with self._sending:
                socket.send_fds(self._control, [b"k"], [line.fileno(), stdout, stderr])
        except OSError:
            raise ZygoteGone(self._obituary()) from None

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def is_usable(self) -> bool:
        """Whether to ask it for kernels, or, if it refused them, to believe that it would again."""
        if not self.has_ended():
            return True
        if not self.warm.done() or self.warm.exception() is None:
            return False
        return self.has_refused or time.monotonic() - self._born < RETRY_PAUSE

    @property
    def pid(self) -> int:
        return self._process.pid

    def retire(self) -> None:
        """No more kernels: it ends when its last one has."""
        self.is_retired = True
        with self._sending, contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float) -> bool:
        """Whether it has ended by then."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        return self.has_ended()

    def _attend(self) -> None:
        """Wait for the warm-up, then for the end: nobody else would notice, or reap."""
        failure = self._warm_up_failure()
        if failure:
            self.warm.set_exception(failure)
        else:
            self.warm.set_result(None)
        self._process.wait()
        with self._sending:
            self._control.close()
        if not self.is_retired and not failure:
            log.warning("%s Its kernels go on; the next one comes from another.", self._obituary())
            if time.monotonic() - self._born > MENDING_PAUSE:
                zygotes.mend(self)

    def _warm_up_failure(self) -> NoZygote | None:
        self._control.settimeout(WARM_UP_PATIENCE)
        try:
            notices = wire.Notices().read(self._control)
        except TimeoutError:
            self.kill()
            return NoZygote(f"The warm-up {self.recipe.warm_up} was not done after {WARM_UP_PATIENCE:.0f} seconds.")
        self._control.settimeout(LAUNCH_PATIENCE)
        if notices and "warm" in notices[0]:
            return None
        if notices:
            self.has_refused = True
            return NoZygote(notices[0]["refused"])
        self._process.wait()
        return (ZygoteGone if self.is_retired else NoZygote)(self._obituary(" before it was warm"))

    def _obituary(self, when: str = "") -> str:
        code = self._process.poll()
        how = "" if code is None else f" (killed by signal {-code})" if code < 0 else f" (exit code {code})"
        return f"The process that kernels are forked from ended{when}{how}."


class Zygotes:
    """The zygotes of this process."""

    def __init__(self) -> None:
        self._current: dict[Recipe, Zygote] = {}
        self._all: list[Zygote] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def current(self, recipe: Recipe) -> Zygote:
        """The zygote for the recipe as its files are now; a new one if they changed or it died."""
        mark = fingerprint(recipe.watch)
        with self._lock:
            zygote = self._current.get(recipe)
            if zygote is None or zygote.mark != mark or not zygote.is_usable():
                if zygote is not None:
                    zygote.retire()
                zygote = self._current[recipe] = Zygote(recipe, mark)
                self._all = [*(one for one in self._all if not one.has_ended()), zygote]
            return zygote

    def mend(self, dead: Zygote) -> None:
        """Replace a zygote that died, if it was still in use."""
        with self._lock:
            if self._is_closed or self._current.get(dead.recipe) is not dead:
                return
        self.current(dead.recipe)

    def shutdown(self, patience: float = SHUTDOWN_PATIENCE) -> None:
        """End every zygote of this process, and with it the kernels that still run."""
        with self._lock:
            leaving, self._all, self._current = self._all, [], {}
        for zygote in leaving:
            zygote.retire()
            for kernel in list(zygote.kernels):
                kernel.close()
        deadline = time.monotonic() + patience
        for zygote in leaving:
            if not zygote.wait(max(0.1, deadline - time.monotonic())):
                zygote.kill()
                zygote.wait(patience)

    def close(self) -> None:
        self._is_closed = True
        self.shutdown()


zygotes = Zygotes()
atexit.register(zygotes.close)


async def launch(recipe: Recipe, order: wire.Order, stdout: int, stderr: int) -> ForkedKernel:
    """A kernel that is ready. NoZygote if there is nothing to fork from, KernelNotStarted if the fork did not become one."""
    packed = order.packed()
    gone = NoZygote("The process that kernels are forked from ends again and again.")
    for _ in range(ATTEMPTS):
        zygote = zygotes.current(recipe)
        try:
            await asyncio.shield(asyncio.wrap_future(zygote.warm))
            return await _launched(zygote, packed, stdout, stderr)
        except ZygoteGone as error:
            gone = error
            await asyncio.to_thread(zygote.wait, 1.0)
    raise gone


async def _launched(zygote: Zygote, packed: bytes, stdout: int, stderr: int) -> ForkedKernel:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    kernel = ForkedKernel(zygote, ours)
    zygote.kernels.add(kernel)
    try:
        with theirs:
            zygote.order(theirs, stdout, stderr)
        async with asyncio.timeout(LAUNCH_PATIENCE):
            await _send(ours, packed)
            await _readiness(kernel)
    except BaseException as error:
        kernel.close()
        if isinstance(error, TimeoutError):
            zygote.kill()
            raise KernelNotStarted(
                f"A kernel was not ready after {LAUNCH_PATIENCE:.0f} seconds. Start it again: the process that "
                "kernels are forked from is replaced."
            ) from None
        raise
    return kernel


async def _send(line: socket.socket, packed: bytes) -> None:
    with contextlib.suppress(OSError):  # the reason stands on the line
        await asyncio.get_running_loop().sock_sendall(line, packed)


async def _readiness(kernel: ForkedKernel) -> None:
    while not kernel.is_ready:
        await _readable(kernel.line)
        kernel.listen()
        if kernel.failure:
            raise _refusal(kernel.failure)
        if kernel.is_ready:
            return
        if kernel.returncode is not None:
            raise KernelNotStarted(
                f"The kernel ended before it was ready (exit code {kernel.returncode}). Start it again."
            )
        if kernel.is_cut_off:
            raise ZygoteGone("The process that kernels are forked from ended while it forked.")


def _refusal(notice: wire.Notice) -> Exception:
    if "refused" in notice:
        return NoZygote(notice["refused"])
    return KernelNotStarted(f"The kernel could not start. {notice['failed']} Start it again.")


async def _readable(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[None] = loop.create_future()
    loop.add_reader(line, arrived.set_result, None)
    try:
        await arrived
    finally:
        loop.remove_reader(line)


def _started(recipe: Recipe, control: socket.socket) -> "subprocess.Popen[bytes]":
    environment = {**THREAD_LIMITS, **_LEAN, **os.environ}
    for name in [name for name in environment if is_setting(name)]:
        del environment[name]
    environment.update(recipe.settings)
    number = str(control.fileno())
    command = [*recipe.interpreter, "-m", f"{__package__}.zygote", number, recipe.warm_up]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            env=environment,
            pass_fds=[control.fileno()],
            start_new_session=True,
        )
    except OSError as error:
        raise NoZygote(f"The process that kernels are forked from cannot be started: {error}.") from error


def is_setting(name: str) -> bool:
    """Whether an environment variable takes effect only when an interpreter starts."""
    return name.startswith(("PYTHON", "LD_", "DYLD_")) or name in THREAD_LIMITS


def settings_of(environment: dict[str, str]) -> tuple[tuple[str, str], ...]:
    limits = {**THREAD_LIMITS, **environment}
    return tuple(sorted((name, value) for name, value in limits.items() if is_setting(name)))


def can_fork() -> bool:
    """Whether this system has what forking kernels takes."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and sys.platform != "win32"
