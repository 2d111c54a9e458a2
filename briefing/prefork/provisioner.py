"""The provisioner that jupyter_client finds by its entry point, and asks for a kernel."""

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from string import Template
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import List, Unicode

from . import wire
from .errors import KernelNotStarted, NoZygote
from .kernel import ForkedKernel
from .kernelspec import APART
from .launch import launch
from .leftovers import remove_leftovers
from .owner import Recipe, can_fork, kernel_environment, settings_of, zygotes

log = logging.getLogger(__name__)

USUAL_NAMES = {"python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
LAUNCHERS = (["-m", f"{__package__}.alone"], ["-m", "ipykernel_launcher"])
ORDINARY_ARGUMENTS = {"env", "cwd", "stdin", "stdout", "stderr", "kernel_id", "extra_arguments", "independent"}

NO_FORK = "Kernels cannot be forked on this system. Each one starts by itself, which takes longer."

_said: set[str] = set()


class PreforkProvisioner(LocalProvisioner):
    """Forks each kernel from a warm process, or starts it the ordinary way where that cannot be had.

    It is LocalProvisioner in all but how the process comes to be: what it manages is a `ForkedKernel` instead of a
    `Popen`, which answers the same calls. An ordinary kernel is started for a launch that asks what a fork cannot
    give (a pipe, a kernel that outlives its owner, another program), too.
    """

    warm_up = Unicode("", help='What to do once before kernels are forked: "module:function", or nothing.').tag(
        config=True
    )
    watch = List(Unicode(), help="Files, by patterns, whose change makes the warm-up stale.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        try:
            return await super().pre_launch(**kwargs)
        except OSError as error:
            file = str(getattr(self.parent, "connection_file", ""))
            remove_leftovers(file)
            raise KernelNotStarted(
                f"The connection file {file} could not be written: {error.strerror or error}. "
                "Nobody could have reached the kernel, so none was started. "
                "Make room or a writable folder there, or name another by JUPYTER_RUNTIME_DIR, and start it again."
            ) from error

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        kwargs["env"] = kernel_environment(kwargs.get("env") or os.environ)
        interpreter, arguments = forkable_command(cmd)
        if not can_fork():
            _say_once(NO_FORK)
        elif interpreter and _is_ordinary(kwargs):
            try:
                return await self._launch_fork(interpreter, arguments, kwargs)
            except NoZygote as reason:
                _say_once(
                    f"Kernels are not forked from a warm process but start one by one, which takes longer. {reason}"
                )
        return await super().launch_kernel(cmd, **kwargs)

    async def _launch_fork(
        self, interpreter: tuple[str, ...], arguments: list[str], kwargs: dict[str, Any]
    ) -> KernelConnectionInfo:
        environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        folder = str(kwargs.get("cwd") or Path.cwd())
        order = wire.Order(arguments, _connection_file(arguments), folder, environment)
        recipe = Recipe(interpreter, str(self.warm_up), tuple(self.watch), settings_of(environment))
        with _stream(kwargs.get("stdout"), 1) as stdout, _stream(kwargs.get("stderr"), 2) as stderr:
            try:
                kernel = await launch(recipe, order, stdout, stderr)
            except KernelNotStarted:
                remove_leftovers(order.connection_file)
                raise
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = folder
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """To the kernel and its own processes; to nobody once it has ended, for its number may be another's by then."""
        if isinstance(self.process, ForkedKernel):
            if self.process.poll() is not None:
                return
            self.process.note_signal(signum)
        await super().send_signal(signum)


def prestart(kernel_name: str) -> "Future[None]":
    """Start the zygote of a kernelspec before anybody asks for a kernel, and don't wait.

    Returns
    -------
    Done when it is warm; its exception is NoZygote where there will be none. Nobody need look: a launch waits for the
    same zygote, and says the reason itself.
    """
    if not can_fork():
        return _failed(NoZygote(NO_FORK))
    spec = KernelSpecManager().get_kernel_spec(kernel_name)
    config = spec.metadata.get("kernel_provisioner", {}).get("config", {})
    command = [sys.executable, *spec.argv[1:]] if spec.argv[0] in USUAL_NAMES else spec.argv
    interpreter, _ = forkable_command(command)
    if not interpreter:
        return _failed(
            NoZygote(f"The kernelspec {kernel_name} does not run ipykernel_launcher, or this package's own, with -f.")
        )
    filled_in = {name: Template(text).safe_substitute(os.environ) for name, text in spec.env.items()}
    environment = kernel_environment({**os.environ, **filled_in})
    recipe = Recipe(interpreter, config.get("warm_up", ""), tuple(config.get("watch", ())), settings_of(environment))
    try:
        return zygotes.current(recipe).warm
    except NoZygote as error:
        return _failed(error)


def shutdown() -> None:
    """End all zygotes of this process and the kernels that still run. Happens by itself at exit."""
    zygotes.shutdown()


def forkable_command(command: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """The interpreter with its options, and the arguments of ipykernel; nothing if the command is something else."""
    start = next((place for place in range(1, len(command)) if command[place : place + 2] in LAUNCHERS), None)
    if start is None or not all(option in APART or option.startswith("-X") for option in command[1:start]):
        return (), []
    arguments = command[start + 2 :]
    return (tuple(command[:start]), arguments) if _connection_file(arguments) else ((), [])


def _connection_file(arguments: list[str]) -> str:
    for place, argument in enumerate(arguments[:-1]):
        if argument == "-f":
            return arguments[place + 1]
    return ""


def _is_ordinary(kwargs: dict[str, Any]) -> bool:
    wanted = {name for name, value in kwargs.items() if value is not None and value is not False}
    streams = [kwargs.get(name) for name in ("stdin", "stdout", "stderr")]
    return (
        wanted <= ORDINARY_ARGUMENTS
        and not kwargs.get("independent")
        and subprocess.PIPE not in streams
        and streams[0] in (None, subprocess.DEVNULL)
    )


@contextlib.contextmanager
def _stream(wanted: Any, usual: int) -> Iterator[int]:
    """The descriptor that a kernel's output goes to, as Popen understands its arguments."""
    if wanted is None or (wanted == subprocess.STDOUT and usual == 2):
        yield usual
    elif wanted == subprocess.DEVNULL:
        with Path(os.devnull).open("wb") as nowhere:
            yield nowhere.fileno()
    else:
        yield wanted if isinstance(wanted, int) else wanted.fileno()


def _failed(error: NoZygote) -> "Future[None]":
    future: Future[None] = Future()
    future.set_exception(error)
    return future


def _say_once(sentence: str) -> None:
    if sentence not in _said:
        _said.add(sentence)
        log.warning(sentence)
