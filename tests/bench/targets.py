"""What the book has set itself, held against the rows of one run."""

from collections.abc import Iterator

from tests.bench.contenders import BOOK, OURS
from tests.bench.report import Row

LAST = "20 at once: charts for the last visitor, s"


def verdicts(rows: list[Row], kernel: str) -> str:
    """A line a target: met or not, and the number; targets of what was not measured are left out."""
    lines = list(_lines({(row.measure, row.contender): row for row in rows}, f"kernel {kernel}"))
    return "\n".join(["What the book has set itself, by the medians above", *lines]) if lines else ""


def _lines(rows: dict[tuple[str, str], Row], kernel: str) -> Iterator[str]:
    limits = [("Kernel ready, the slowest of twenty (p95), ms", kernel, 100.0)]
    for page in (OURS, BOOK):
        limits += [
            ("20 at once: memory for each further, MB (PSS)", page, 35.0),
            ("20 at once: computing for each further, s", page, 0.5),
            ("20 at once: visitors who got no charts", page, 0.0),
            ("50 at once: visitors who got no charts", page, 0.0),
            ("50 closed: memory back where it was after, s", page, 120.0),
        ]
    for measure, contender, limit in limits:
        if (measure, contender) in rows:
            yield verdict(f"{measure}: at most {limit:g} ({contender})", rows[measure, contender].median, limit)
    for other, share in (("Panel", 1.0), ("stock Voila", 0.1)):
        ours, theirs = rows.get((LAST, OURS)), rows.get((LAST, other))
        if ours and theirs and theirs.median:
            yield verdict(f"{LAST}: at most {share:g} of {other}'s ({OURS})", ours.median, share * theirs.median)


def verdict(target: str, value: float | None, limit: float) -> str:
    """Whether it was met; a value that could not be measured meets nothing."""
    met = value is not None and value <= limit
    found = "none" if value is None else f"{value:.2f}"
    return f"  {'met' if met else 'not met':<8} {target}: {found}" + ("" if met else f", over {limit:.2f}")
