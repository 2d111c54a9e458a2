"""The owner's side: the zygotes of this process, one for each recipe, started once and mended when they die."""

import atexit
import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from . import wire
from .checks import THREAD_LIMITS
from .errors import NoZygote, ZygoteGone
from .fingerprint import fingerprint
from .kernel import ForkedKernel
from .kernelspec import APART

WARM_UP_PATIENCE = 120.0  # seconds
SENDING_PATIENCE = 10.0  # seconds a zygote may leave an order lying
MENDING_PAUSE = 10.0  # seconds a zygote must have lived to be replaced before anybody asks
RETRY_PAUSE = 60.0  # seconds until one that died before it was warm is tried again
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
        self.is_shut_down = False
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

    def shut_down(self) -> None:
        """End it and its kernels, also those that somebody is starting in another thread."""
        self.is_shut_down = True
        self.retire()
        if not self.warm.done():  # it hears nothing yet, and has no kernels
            self.kill()
        for kernel in list(self.kernels):
            if kernel.is_ready:
                kernel.close()
            else:
                kernel.hang_up()

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
        self._control.settimeout(SENDING_PATIENCE)
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
            zygote.shut_down()
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


def _started(recipe: Recipe, control: socket.socket) -> "subprocess.Popen[bytes]":
    environment = {**THREAD_LIMITS, **_LEAN, **os.environ}
    for name in [name for name in environment if is_setting(name)]:
        del environment[name]
    environment.update(recipe.settings)
    number = str(control.fileno())
    command = [*recipe.interpreter, *APART, "-m", f"{__package__}.zygote", number, recipe.warm_up]
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


NOT_OF_KERNELS = frozenset({"PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONINSPECT"})
"""Settings of whoever starts a kernel that would change what runs in it: libraries read their own docstrings and warn."""


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a kernel, forked or not, whoever starts it."""
    return {name: value for name, value in environment.items() if name not in NOT_OF_KERNELS}


def settings_of(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in {**THREAD_LIMITS, **environment}.items() if is_setting(name)))


def can_fork() -> bool:
    """Whether this system has what forking kernels takes."""
    return hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and sys.platform != "win32"
