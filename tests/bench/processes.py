"""What a server and everything it started take: memory counted fairly, processor time, and their end.

A server is started with a mark in its environment, which all its processes inherit, forks included.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "BRIEFING_BENCH_MARK"
TICKS = os.sysconf("SC_CLK_TCK")


def marked(mark: str, variable: str = VARIABLE) -> Iterator[Path]:
    """The folders in /proc of the processes that carry the mark."""
    wanted = f"{variable}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                yield process


def memory(mark: str) -> float:
    """Megabytes as proportional set size: a page that n processes share counts one nth in each."""
    total = 0
    for process in marked(mark):
        with contextlib.suppress(OSError):
            lines = (process / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


def processor_time(mark: str) -> float:
    """Seconds that the marked processes and the children they have waited for have computed so far."""
    total = 0
    for process in marked(mark):
        with contextlib.suppress(OSError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return total / TICKS


def settle(mark: str, limit: float = 30) -> None:
    """Wait until the processes have computed next to nothing for a second."""
    end = time.monotonic() + limit
    before = processor_time(mark)
    while time.monotonic() < end:
        time.sleep(1)
        now = processor_time(mark)
        if now - before < 0.05:
            return
        before = now


def end(mark: str) -> None:
    """Kill what carries the mark, until nothing does."""
    for _ in range(50):
        alive = [int(process.name) for process in marked(mark) if not _is_zombie(process)]
        if not alive:
            return
        for number in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.1)


def _is_zombie(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
