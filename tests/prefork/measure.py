"""What forked kernels cost beside ordinary ones: `python -m tests.prefork.measure [module:warm_up] [starts] [alive]`.

Prints, for both: from launch to kernel_info reply, the first execute reply, CPU seconds for a start
and its first cell, and with some alive together the proportional share of memory (PSS) of each.
"""

import os
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from briefing.prefork import kernelspec, prestart, write_kernelspec
from jupyter_client import KernelManager

PATIENCE = 60
FIRST_CELL = "import {module}\n1 + 1"


@dataclass
class Costs:
    ready: list[float] = field(default_factory=list)
    executed: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def main(warm_up: str = "", starts: int = 50, alive: int = 20) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JUPYTER_PATH": folder, "JUPYTER_RUNTIME_DIR": folder}
        spec = kernelspec(warm_up, display_name="forked")
        write_kernelspec(Path(folder, "kernels", "forked"), spec)
        write_kernelspec(Path(folder, "kernels", "ordinary"), {**spec, "metadata": {}})
        before = time.perf_counter()
        prestart("forked").result(PATIENCE)
        print(f"zygote warm after {time.perf_counter() - before:.2f} s", flush=True)
        cell = FIRST_CELL.format(module=warm_up.partition(":")[0] or "os")
        forked = measured("forked", cell, starts, alive)
        ordinary = measured("ordinary", cell, max(2, starts // 10), max(2, alive // 5))  # slow, and much alike
        report(forked, ordinary)


def measured(name: str, cell: str, starts: int, alive: int) -> Costs:
    costs = Costs()
    for _ in range(starts):
        end(started(name, cell, costs))
    together = [started(name, cell, Costs()) for _ in range(alive)]
    costs.memory = [pss(one) for one in together]
    for one in together:
        end(one)
    return costs


def started(name: str, cell: str, costs: Costs) -> KernelManager:
    file = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"kernel-{uuid.uuid4()}.json"
    one = KernelManager(kernel_name=name, transport="ipc", connection_file=str(file))
    zygote_before = zygote_seconds(name)
    begun = time.perf_counter()
    one.start_kernel()
    client = one.client()
    client.start_channels()
    client.kernel_info(reply=True, timeout=PATIENCE)
    ready = time.perf_counter()
    client.execute(cell, reply=True, timeout=PATIENCE)
    costs.executed.append(time.perf_counter() - ready)
    costs.ready.append(ready - begun)
    costs.cpu.append(seconds(one.provisioner.pid) + zygote_seconds(name) - zygote_before)  # type: ignore[union-attr]
    client.stop_channels()
    return one


def end(one: KernelManager) -> None:
    one.shutdown_kernel(now=True)
    one.context.term()


def seconds(pid: int) -> float:
    """By the scheduler's nanoseconds of all its threads: a start is short beside the hundredths that `times` counts."""
    nanoseconds = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def zygote_seconds(name: str) -> float:
    if name != "forked":
        return 0.0
    return sum(
        seconds(child.pid) for child in psutil.Process().children() if "briefing.prefork.zygote" in child.cmdline()
    )


def pss(one: KernelManager) -> float:
    lines = Path(f"/proc/{one.provisioner.pid}/smaps_rollup").read_text().splitlines()  # type: ignore[union-attr]
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def report(forked: Costs, ordinary: Costs) -> None:
    rows = [
        ("ready, median", "ms", *(1000 * statistics.median(one.ready) for one in (forked, ordinary))),
        ("ready, p95", "ms", *(1000 * p95(one.ready) for one in (forked, ordinary))),
        ("first cell, median", "ms", *(1000 * statistics.median(one.executed) for one in (forked, ordinary))),
        ("CPU to first cell, median", "ms", *(1000 * statistics.median(one.cpu) for one in (forked, ordinary))),
        ("PSS each, mean", "MB", *(statistics.mean(one.memory) for one in (forked, ordinary))),
    ]
    print(f"{'':28}{'forked':>12}{'ordinary':>12}{'ratio':>8}")
    for title, unit, ours, theirs in rows:
        print(f"{title:28}{ours:9.1f} {unit}{theirs:9.1f} {unit}{ours / theirs:8.2f}")


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(*arguments[:1], *(int(number) for number in arguments[1:]))
