"""How soon a kernel answers: from the request to launch it until its reply to the first question.

    python -m tests.bench.kernels NAME COUNT

prints the milliseconds of each, as one line of JSON. One more comes first and is printed first: it may
have to start a process that the others are forked from.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from jupyter_client.manager import KernelManager
from traitlets.config import Config

from tests.bench.contenders import PROJECT
from tests.bench.report import Row, percentile

# As the book has it. On Windows, which has no such sockets, the benchmark does not run anyway.
SETTINGS = Config(KernelManager={"transport": "ipc"})


@dataclass(frozen=True)
class Launches:
    """Milliseconds until each kernel was ready."""

    first: float
    others: list[float]


def ready(name: str) -> float:
    """Launch a kernel, ask it what it is, end it; the milliseconds to the answer."""
    manager = KernelManager(kernel_name=name, config=SETTINGS)
    begin = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        asked = client.kernel_info()
        while client.get_shell_msg(timeout=60)["parent_header"].get("msg_id") != asked:
            pass
        return (time.perf_counter() - begin) * 1000
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def launches(name: str, count: int) -> Launches:
    """Some kernels one after the other, by a process of their own."""
    command = [sys.executable, "-m", "tests.bench.kernels", name, str(count + 1)]
    told = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True, timeout=60 + 10 * count)
    first, *others = json.loads(told.stdout)
    return Launches(first, others)


def rows(kernel: str, count: int) -> list[Row]:
    """Our kernel beside the one that comes with Jupyter."""
    told = {name: launches(name, count) for name in dict.fromkeys(["python3", kernel])}
    found = []
    for measure, of in {
        "Kernel ready, ms": lambda launched: tuple(launched.others),
        "Kernel ready, the slowest of twenty (p95), ms": lambda launched: (percentile(launched.others, 0.95),),
        "Kernel ready, the first of a process, ms": lambda launched: (launched.first,),
    }.items():
        found += [Row(measure, f"kernel {name}", of(launched), ours=name == kernel) for name, launched in told.items()]
    return found


if __name__ == "__main__":
    print(json.dumps([ready(sys.argv[1]) for _ in range(int(sys.argv[2]))]))
