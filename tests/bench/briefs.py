"""A batch of briefs: one notebook for one partner after another.

    python -m tests.bench.briefs FOLDER KERNEL PARTNER...

runs the batch as the book does: in one process, through papermill as a library. Papermill's command line
is started anew for each, as its manual shows. Both are timed with the start of their processes.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.contenders import PROJECT, stage, surroundings
from tests.bench.pages.three_charts import PARTNERS
from tests.bench.report import Row

NOTEBOOK = "three_charts.ipynb"
Batch = Callable[[Path, list[str]], None]
"""Runs the notebook in a folder for partners and leaves `<partner>.ipynb` there."""


def command_line(python: Path) -> Batch:
    """Papermill's own command, once a brief, on the kernel that comes with Jupyter."""

    def run(folder: Path, partners: list[str]) -> None:
        for partner in partners:
            brief = [NOTEBOOK, f"{partner}.ipynb", "-r", "partner", partner, "-k", "python3", "--no-progress-bar"]
            _finish([str(python), "-m", "papermill", *brief], folder, folder)

    return run


def as_the_book_does(kernel: str) -> Batch:
    """One process for the batch, our kernel for each brief."""

    def run(folder: Path, partners: list[str]) -> None:
        _finish([sys.executable, "-m", "tests.bench.briefs", str(folder), kernel, *partners], PROJECT, folder)

    return run


def _finish(command: list[str], place: Path, folder: Path) -> None:
    done = subprocess.run(
        command, cwd=place, env=surroundings(folder), timeout=1200, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if done.returncode:
        raise RuntimeError(f"a brief could not be made:\n{done.stderr.decode()[-2000:]}")


def seconds_a_brief(batch: Batch, count: int) -> float:
    """The batch's time by the number of briefs, each of which must hold three charts."""
    partners = list(PARTNERS)[:count]
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        stage(folder, "python3")
        begin = time.perf_counter()
        batch(folder, partners)
        passed = time.perf_counter() - begin
        for partner in partners:
            made = (folder / f"{partner}.ipynb").read_text()
            if made.count('"spec"') < 3 and made.count("IPY_MODEL_") < 3:
                raise RuntimeError(f"the brief for {partner} holds no charts")
    return passed / count


def rows(kernel: str, python: Path, count: int, repeats: int) -> list[Row]:
    """Ours beside the command line, taking turns."""
    ways = {
        f"in one process, kernel {kernel}": as_the_book_does(kernel),
        "papermill's command line, kernel python3": command_line(python),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, batch in ways.items():
            times[name].append(seconds_a_brief(batch, count))
    measure = f"Batch of {count} briefs, s a brief"
    return [Row(measure, name, tuple(taken), ours="one process" in name) for name, taken in times.items()]


def main() -> None:
    import papermill
    from traitlets.config import Config

    folder, kernel, *partners = sys.argv[1:]
    for partner in partners:
        papermill.execute_notebook(
            f"{folder}/{NOTEBOOK}",
            f"{folder}/{partner}.ipynb",
            parameters={"partner": partner},
            kernel_name=kernel,
            cwd=folder,
            progress_bar=False,
            config=Config(KernelManager={"transport": "ipc"}),
        )


if __name__ == "__main__":
    main()
