"""Rows of what visitors met and what they cost, contender by contender, in turns."""

from collections.abc import Callable
from pathlib import Path

from tests.bench import tab
from tests.bench.contenders import OURS, Contender
from tests.bench.crowds import Stay, stay
from tests.bench.report import Row, percentile, progress

MEASURES: dict[str, Callable[[Stay], float | None]] = {
    "{n} at once: charts for the middle visitor, s": lambda s: percentile(s.charts, 0.5) if s.charts else None,
    "{n} at once: charts for the last but 5 % (p95), s": lambda s: percentile(s.charts, 0.95) if s.charts else None,
    "{n} at once: charts for the last visitor, s": lambda s: max(s.charts, default=None),
    "{n} at once: controls for the last visitor, s": lambda s: max(s.live, default=None),
    "{n} at once: visitors who got no charts": lambda s: float(len(s.failures)),
    "{n} at once: memory for each further, MB (PSS)": lambda s: s.memory,
    "{n} at once: computing for each further, s": lambda s: s.computing,
}
BACK = "{n} closed: memory back where it was after, s"


def pages(contenders: list[Contender], repeats: int) -> list[Row]:
    """A tab on an idle server."""
    found = []
    for contender in contenders:
        progress(f"a tab: {contender.name}")
        try:
            times, note = tab.visits(contender, repeats), ""
        except Exception as failure:
            times, note = [], in_short(failure)
        for measure, at in (("A tab, idle: charts drawn, s", 0), ("A tab, idle: controls there, s", 1)):
            values = tuple(pair[at] for pair in times)
            found.append(Row(measure, contender.name, values, contender.name == OURS, note))
    return found


def crowds(contenders: list[Contender], counts: list[int], repeats: int, wait: float) -> list[Row]:
    """All counts and repeats; the wait for the memory to return comes with each count's last repeat."""
    found: list[Row] = []
    largest: dict[str, float] = {}
    for count in counts:
        stays: dict[str, list[Stay]] = {contender.name: [] for contender in contenders}
        notes: dict[str, str] = {}
        for repeat in range(repeats):
            for contender in contenders:
                name = contender.name
                needed = largest.get(name, 0) * count * 1.2
                if name in notes or needed > available():
                    notes.setdefault(name, f"left out: would need some {needed / 1000:.0f} GB")
                    continue
                progress(f"{count} at once, {repeat + 1} of {repeats}: {name}")
                try:
                    happened = stay(contender, count, wait if repeat == repeats - 1 else 0)
                    stays[name].append(happened)
                    largest[name] = max(largest.get(name, 0), happened.memory)
                except Exception as failure:
                    notes[name] = in_short(failure)
        found += rows(count, stays, notes)
    return found


def rows(count: int, stays: dict[str, list[Stay]], notes: dict[str, str]) -> list[Row]:
    """Every measure of every contender."""
    found = []
    for measure, of in MEASURES.items():
        for name, happened in stays.items():
            values = tuple(value for value in map(of, happened) if value is not None)
            note = notes.get(name, "")
            if measure.endswith("no charts") and any(one.failures for one in happened):
                note = next(one.failures[0] for one in happened if one.failures)
            found.append(Row(measure.format(n=count), name, values, name == OURS, note))
    return found + [returned(count, name, happened[-1:], notes.get(name, "")) for name, happened in stays.items()]


def returned(count: int, name: str, last: list[Stay], note: str) -> Row:
    """The seconds until the memory was back; none, and what is still held, if it did not come back in time."""
    held = "".join(f"not in time: {one.held:.0%} of the growth still held" for one in last if one.back is None)
    return Row(BACK.format(n=count), name, tuple(one.back for one in last if one.back is not None), note=note or held)


def available() -> float:
    """Megabytes of memory that a new process could have."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("MemAvailable"))


def in_short(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}".splitlines()[0][:160]
