"""Kernels for the tests: kernelspecs in a folder of their own, and short ways to start, ask and end."""

import ast
import contextlib
import os
import queue
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from briefing.prefork import kernelspec, write_kernelspec
from jupyter_client import BlockingKernelClient, KernelManager

PATIENCE = 30.0

WARM_UP = """
import random, sys, tempfile
import IPython
import numpy.random

kept = tempfile.TemporaryDirectory()
precomputed = list(range(1000))
shell = None

def up():
    global shell
    shell = IPython.get_ipython()
    random.seed(1)
    numpy.random.seed(1)

def threads():
    import threading, time
    threading.Thread(target=time.sleep, args=[600], name="a pool of the warm-up", daemon=True).start()

def read():
    import duckdb
    return duckdb.sql("select range as n from range(5)").to_arrow_table().to_pandas()

def reading():
    global table
    from briefing.prefork import apart
    table = apart(read)

def read_nothing():
    raise ValueError("the record is not there")

def failing():
    from briefing.prefork import apart
    apart(read_nothing)

def broken():
    raise ValueError("the record is not there")

def slow():
    import time
    time.sleep(600)

def crash():
    import os
    os._exit(7)

def sockets():
    global left
    import socket
    left = socket.socket()

def locks():
    global left
    import fcntl
    left = open(__file__)
    fcntl.flock(left, fcntl.LOCK_SH)
"""


def install(folder: Path, name: str, warm_up: str = "warm:up", watch: tuple[Path, ...] = ()) -> None:
    """A kernelspec whose warm-up is the module above, unless a test wrote another `warm.py` there."""
    modules = folder / "modules"
    modules.mkdir(exist_ok=True)
    if not (modules / "warm.py").exists():
        (modules / "warm.py").write_text(WARM_UP)
    spec = kernelspec(warm_up, watch, display_name=name)
    write_kernelspec(folder / "kernels" / name, {**spec, "env": {"PYTHONPATH": str(modules)}})


def new_manager(name: str, transport: str = "ipc") -> KernelManager:
    """A manager that has not started its kernel; the sockets lie beside the connection file."""
    file = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"kernel-{uuid.uuid4()}.json"
    return KernelManager(kernel_name=name, transport=transport, connection_file=str(file))


@contextlib.contextmanager
def manager(name: str, transport: str = "ipc", **options: Any) -> Iterator[KernelManager]:
    """A kernel started by a manager, and ended."""
    one = new_manager(name, transport)
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    one.start_kernel(**{"env": environment, **options})  # under pytest, ipykernel would capture less
    try:
        yield one
    finally:
        one.shutdown_kernel(now=True)
        one.context.term()


@contextlib.contextmanager
def client(one: KernelManager) -> Iterator[BlockingKernelClient]:
    connected = one.client()
    connected.start_channels()
    try:
        connected.wait_for_ready(timeout=PATIENCE)
        yield connected
    finally:
        connected.stop_channels()


@contextlib.contextmanager
def session(name: str, **options: Any) -> Iterator[BlockingKernelClient]:
    """A kernel and a client of it."""
    with manager(name, **options) as one, client(one) as connected:
        yield connected


def ask(connected: BlockingKernelClient, expression: str, before: str = "") -> Any:
    """The value of an expression in a kernel, after some lines."""
    reply = connected.execute(before, user_expressions={"it": expression}, reply=True, timeout=PATIENCE)
    assert reply["content"]["status"] == "ok", reply["content"]
    answer = reply["content"]["user_expressions"]["it"]
    assert answer["status"] == "ok", answer
    return ast.literal_eval(answer["data"]["text/plain"])


def await_text(connected: BlockingKernelClient, text: str) -> None:
    """Wait until the kernel has printed it."""
    while True:
        try:
            message = connected.get_iopub_msg(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{text} was never printed") from None
        if text in message["content"].get("text", ""):
            return


def interrupt_endless_cell(one: KernelManager, connected: BlockingKernelClient) -> str:
    """What stopped the cell; a request that arrives while a failed cell ends would be aborted with it."""
    number = connected.execute("print('begun', flush=True)\nwhile True: pass", stop_on_error=False)
    await_text(connected, "begun")
    one.interrupt_kernel()
    while (reply := connected.get_shell_msg(timeout=PATIENCE))["parent_header"]["msg_id"] != number:
        pass
    return str(reply["content"]["ename"])


def forked(one: KernelManager) -> Any:
    """The forked process under a manager, which it must be."""
    process = one.provisioner.process  # type: ignore[union-attr]
    assert type(process).__name__ == "ForkedKernel"
    return process


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def eventually(condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether the condition comes true while one waits."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def files_in(folder: Path) -> list[str]:
    return sorted(entry for entry in os.listdir(folder) if entry.startswith("kernel-"))  # noqa: PTH208
