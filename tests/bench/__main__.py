"""The command: `python -m tests.bench [--quick] [--own] [--kernel NAME] [--only PART]...`."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from tests.bench import briefs, contenders, environment, kernels, report, sessions, targets
from tests.bench.contenders import PROJECT
from tests.bench.report import Row

REPORT = PROJECT / "build" / "bench" / "report.txt"


@dataclass(frozen=True)
class Size:
    """How much is measured: so many of each, and seconds in which the memory should return."""

    kernels: int
    tabs: int
    at_once: list[int]
    crowds: int
    wait: float
    briefs: int
    batches: int


WHOLE = Size(kernels=30, tabs=5, at_once=[20, 50], crowds=3, wait=120, briefs=20, batches=3)
QUICK = Size(kernels=3, tabs=1, at_once=[2], crowds=1, wait=5, briefs=2, batches=1)


def our_kernel() -> str:
    """The kernel of the book if it is installed, else the one that comes with Jupyter."""
    return "briefing" if "briefing" in KernelSpecManager().find_kernel_specs() else "python3"


def parts(kernel: str, size: Size, other: Path | None) -> dict[str, Callable[[], list[Row]]]:
    """What can be measured; without another environment, ours and what the book's own environment holds."""
    python = other or Path(sys.executable)
    visited = [*contenders.ours(kernel), contenders.stock_voila(python), *(contenders.others(other) if other else [])]
    return {
        "kernel": lambda: kernels.rows(kernel, size.kernels),
        "page": lambda: sessions.pages(visited, size.tabs),
        "sessions": lambda: sessions.crowds(visited, size.at_once, size.crowds, size.wait),
        "batch": lambda: briefs.rows(kernel, python, size.briefs, size.batches),
    }


def main(arguments: list[str] | None = None) -> list[Row]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the book beside others.")
    parser.add_argument("--quick", action="store_true", help="a little of everything, to see that it runs")
    parser.add_argument("--own", action="store_true", help="only what needs no environment of the others")
    parser.add_argument("--kernel", default=our_kernel(), help="the kernel that is ours (%(default)s)")
    parser.add_argument("--only", action="append", choices=["kernel", "page", "sessions", "batch", "record"])
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that what was started is stopped
    wanted = chosen.only or ["kernel", "page", "sessions", "batch", *([] if chosen.quick else ["record"])]
    other = None if chosen.own else environment.python()
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text("")
    tell(f"{report.heading(other)}\nOurs: kernel {chosen.kernel}")
    found = []
    for name, measured in parts(chosen.kernel, QUICK if chosen.quick else WHOLE, other).items():
        if name in wanted:
            rows = measured()
            tell(report.table(rows))
            found += rows
    if judged := targets.verdicts(found, chosen.kernel):
        tell(judged)
    if "record" in wanted:
        subprocess.run([sys.executable, "-m", "tests.bench.record"], cwd=PROJECT, check=True)
    return found


def tell(words: str) -> None:
    """Print and keep."""
    print(words, end="\n\n", flush=True)
    with REPORT.open("a", encoding="utf-8") as kept:
        print(words, end="\n\n", file=kept)


if __name__ == "__main__":
    main()
