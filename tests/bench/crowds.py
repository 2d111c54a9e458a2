"""Sessions opened one, then many at once: how soon each has the charts, and what a further one costs."""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.bench import processes
from tests.bench.contenders import PROJECT, Contender, Server, running

PATIENCE = 300.0
"""Seconds after which a visitor gives up."""


@dataclass(frozen=True)
class Stay:
    """What happened on one server: one visitor came, then `count` more at once, then these left.

    Seconds until a visitor had the charts, and until the controls could be used; failures in words; megabytes
    and seconds of computing for each of them; seconds until the memory was back where it was with one visitor,
    None if it was not in time, and the share of the growth still held then.
    """

    count: int
    charts: list[float]
    live: list[float]
    failures: list[str]
    memory: float
    computing: float
    back: float | None = None
    held: float = field(default=0.0)


@contextlib.contextmanager
def crowd(contender: Contender, server: Server, count: int) -> Iterator[dict[str, Any]]:
    """A crowd that has come, and what it met; it leaves at the end."""
    command = [contender.python, "-m", "tests.bench.visitors", contender.visitor, server.page, str(count)]
    process = subprocess.Popen(
        [*map(str, command), str(PATIENCE)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    guard = threading.Timer(PATIENCE + 60, process.kill)
    guard.start()
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the visitors of {contender.name} could not be sent")
        guard.cancel()
        yield json.loads(line)
        process.stdin.close()
        process.wait(timeout=60)
    finally:
        guard.cancel()
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def stay(contender: Contender, count: int, wait: float = 0) -> Stay:
    """One visitor, then `count` at once, on a server started for them; at last wait for the memory to return."""
    with running(contender) as server, crowd(contender, server, 1) as first:
        if first["failures"]:
            raise RuntimeError(f"{contender.name} does not serve a single visitor: {first['failures'][0]}")
        processes.settle(server.mark)
        memory, computed = processes.memory(server.mark), processes.processor_time(server.mark)
        with crowd(contender, server, count) as met:
            processes.settle(server.mark)
            grown = processes.memory(server.mark) - memory
            spent = processes.processor_time(server.mark) - computed
        back, held = memory_back(server.mark, memory, grown, wait) if wait else (None, 0.0)
    return Stay(count, met["charts"], met["live"], met["failures"], grown / count, spent / count, back, held)


def memory_back(mark: str, before: float, grown: float, wait: float) -> tuple[float | None, float]:
    """Seconds until no more than a tenth of the growth (or 10 MB) is held, and the share held in the end."""
    begin = time.monotonic()
    while True:
        more = processes.memory(mark) - before
        passed = time.monotonic() - begin
        if more <= max(grown / 10, 10):
            return passed, max(more, 0) / grown if grown > 0 else 0.0
        if passed > wait:
            return None, more / grown
        time.sleep(0.5)
