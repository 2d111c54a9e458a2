"""The report: rows of repeated measurements, in proportion to ours, below what they were taken on."""

import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

SHARED = ("altair", "ipykernel", "ipywidgets", "jupyter-server", "pandas", "papermill", "voila")
OTHERS = ("streamlit", "panel", "bokeh", "altair", "pandas", "papermill", "voila")


@dataclass(frozen=True)
class Row:
    """One quantity of one contender.

    Parameters
    ----------
    measure
        What was measured, with its unit; rows of the same measure stand together.
    contender
        Whose.
    values
        One a repeat; none if it could not be measured, and `note` says why.
    ours
        Whether the others of this measure are given in proportion to this one.
    note
        What a reader must know beside the number.
    """

    measure: str
    contender: str
    values: tuple[float, ...]
    ours: bool = False
    note: str = ""

    @property
    def median(self) -> float | None:
        """The middle of the repeats."""
        return statistics.median(self.values) if self.values else None


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least that share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def table(rows: list[Row]) -> str:
    """The rows in aligned text, a block a measure."""
    blocks = []
    for measure in dict.fromkeys(row.measure for row in rows):
        block = [row for row in rows if row.measure == measure]
        reference = next((row.median for row in block if row.ours), None)
        heading = f"{measure:<52}{'median':>10}{'lowest..highest':>20}{'repeats':>9}{'x ours':>8}"
        blocks.append("\n".join([heading, *(line(row, reference) for row in block)]))
    return "\n\n".join(blocks)


def line(row: Row, reference: float | None) -> str:
    """A row: name, median, spread, repeats, in proportion to ours."""
    median = row.median
    if median is None:
        return f"  {row.contender:<50}{'-':>10}{'':>37}  {row.note}".rstrip()
    spread = f"{number(min(row.values))}..{number(max(row.values))}"
    ratio = f"{median / reference:.3g}" if reference and reference > 0 <= median else ""
    return f"  {row.contender:<50}{number(median):>10}{spread:>20}{len(row.values):>9}{ratio:>8}  {row.note}".rstrip()


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def heading(python: Path | None) -> str:
    """When, on what, and with which versions; the other environment's too, if there is one."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load} (1, 5, 15 minutes)",
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, Python {platform.python_version()}",
        "The book: " + ", ".join(f"{name} {version(name)}" for name in SHARED),
    ]
    if python:
        lines.append("Beside it: " + versions_in(python))
    return "\n".join(lines)


def versions_in(python: Path) -> str:
    """The contenders' versions, asked of their own environment."""
    code = "import sys, importlib.metadata as m; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    return subprocess.run(
        [python, "-c", code, *OTHERS], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def progress(words: str) -> None:
    """What is being measured now, for whoever waits; not part of the report."""
    print(f"[{datetime.now(UTC):%H:%M:%S}] {words}", file=sys.stderr, flush=True)
