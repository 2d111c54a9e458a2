"""What a fork does to become a kernel of its own, from its first instruction to its last.

Nothing that distinguishes one process from another may be shared: session and process group, signals, streams,
descriptors, folder, environment, random state, what is to happen at exit. What the warm-up made is shared, and meant.
"""

import atexit
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from . import wire
from .leftovers import remove_leftovers

if TYPE_CHECKING:
    from ipykernel.kernelapp import IPKernelApp

    from .app import HalfKernel

GRACE = 2.0  # seconds between SIGTERM and SIGKILL, if the owner is gone
PATIENCE = 5.0  # seconds for the control thread to finish what it is at


def take_over(streams: list[int], foreign: list[socket.socket]) -> None:
    """Leave the zygote's session, signals and sockets."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, descriptor in enumerate(streams, start=1):
        os.dup2(descriptor, target)
    for descriptor in streams:
        os.close(descriptor)
    for one in foreign:
        one.close()


def run(order: wire.Order, line: socket.socket, half: "HalfKernel") -> int:
    """Be the kernel that was ordered, until it ends; the exit code."""
    line.settimeout(None)
    try:
        _settle(order)
        app = _initialized(order, half)
    except BaseException as error:
        wire.tell(line, {"failed": _reason(error, order)})
        raise
    _watch(line, order.connection_file)
    wire.tell(line, {"ready": True})
    code = _exit_code(app)
    _leave(app)
    return code


def _settle(order: wire.Order) -> None:
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.folder)
    _forget_exit_handlers()
    _reseed()
    sys.argv = ["ipykernel_launcher", *order.arguments]


def _forget_exit_handlers() -> None:  # patch: fork-exit
    """What the warm-up wants done at exit is the zygote's to do: a kernel that removed its folders would rob the others."""
    atexit._clear()
    atexit.register(logging.shutdown)
    for finalizer in list(weakref.finalize._registry):  # type: ignore[attr-defined]
        finalizer.atexit = False
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]


def _reseed() -> None:
    random.seed()
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()


def _initialized(order: wire.Order, half: "HalfKernel") -> "IPKernelApp":
    if not Path(order.connection_file).is_file():
        raise FileNotFoundError(order.connection_file)
    return half.finished(order.arguments, order.connection_file)


def _reason(error: BaseException, order: wire.Order) -> str:
    if isinstance(error, FileNotFoundError) and error.args == (order.connection_file,):
        return f"Its connection file {order.connection_file} is gone."
    if isinstance(error, SystemExit):
        return f"Its connection file {order.connection_file} cannot be read, or its arguments are not understood."
    return f"{type(error).__name__}: {error}."


def _watch(line: socket.socket, connection_file: str) -> None:
    thread = threading.Thread(target=_end_with_owner, args=[line, connection_file], name="Owner", daemon=True)
    vars(thread).update(  # patch: debugger-thread
        pydev_do_not_trace=True, is_pydev_daemon_thread=True
    )  # as ipykernel marks its own for the debugger
    thread.start()


def _end_with_owner(line: socket.socket, connection_file: str) -> None:
    """Sleeps until the owner's end of the line is closed; works with the zygote dead, too."""
    try:
        line.recv(1)
    except OSError:
        return
    remove_leftovers(connection_file)
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(0, number)
        time.sleep(GRACE)


def _exit_code(app: "IPKernelApp") -> int:
    try:
        app.start()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0


def _leave(app: "IPKernelApp") -> None:  # patch: fork-exit
    """Do what is to be done at exit, but leave the memory alone: it is shared, and taking it apart would copy it.

    The control thread goes first. ipykernel stops its output thread before it, and where the control thread is just
    then waiting for its output to get through, both wait for ten seconds.
    """
    if app.control_thread.is_alive():
        app.control_thread.stop()
        app.control_thread.join(PATIENCE)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
