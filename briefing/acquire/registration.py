"""Writes a vintage into `data/` and its entry into the register, as one step that is whole or has not been.

Files come first, under names that no entry points to yet; the register is then replaced by renaming a
finished copy, which is the step. Whoever is killed on the way leaves the old record or the new one. A lock
lets one writer in at a time. What is registered is evidence: no file of it is replaced or deleted.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import filelock
import pandas as pd
import tomlkit

from briefing import periods
from briefing.errors import SourceError
from briefing.files import UNFINISHED, write_whole, writing
from briefing.record.vintages import Calendar
from briefing.secrecy import told_without_secrets

LOCK_SECONDS = 120
RAW = "raw"
"""The folder below `data/` for replies as received: no part of the record, and not committed."""


@dataclass(frozen=True)
class Addition:
    """A file to be registered: its dataset, its path below `data/`, its bytes, and the rest of its entry.

    Where `only` one version of the file is kept (a record kept by hand, whose earlier versions are git's), its
    entry takes the place of the earlier one. `beside` is the reason to keep it beside another file of the same
    dataset and day: it is then set aside, held and provable, and the other goes on to answer.
    """

    dataset: str
    file: str
    content: bytes
    entry: Mapping[str, Any]
    only: bool = False
    beside: str = ""

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content."""
        return sha256_of_bytes(self.content)


def vintage_day(last_period: str, calendar: Calendar, seen: date) -> tuple[date, str]:
    """The day a file with data to a month or year came out, and "day" if it is on record.

    Where the calendar has no row it is the day the copy was seen, or the last day of the second
    month after `last_period` if that is earlier, and "at the latest". A yearly file seen after the next
    revision may be of that revision: it bears the day it was seen, "at the latest", or the last on which no year more was out.
    """
    release = calendar.release(periods.last_month(last_period))
    if periods.is_year(last_period) and seen >= calendar.next_release(last_period, release.day).day:
        year_more = calendar.release(periods.shifted(periods.last_month(last_period), 12))
        return min(seen, year_more.day - timedelta(days=1)), "at the latest"
    if release.kind in ("released", "scheduled"):
        return release.day, "day"
    return min(release.day, seen), "at the latest"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return sha256_of_bytes(path.read_bytes())


def sha256_of_bytes(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table of observations as Parquet, with `source` and `vintage` beside its columns: the same bytes for the same table."""
    buffer = BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd", engine="pyarrow")
    return buffer.getvalue()


def register_vintages(data: Path, additions: Sequence[Addition]) -> list[str]:
    """Put files into `data/` and their entries into data/sources.toml: all of them, or none.

    Returns
    -------
    The path below `data/` of each, or "" for one that is registered already, made of the same original.

    Raises
    ------
    SourceError
        If a dataset is not described in the register, another file of the same dataset and day is registered
        and the new one is not to be kept beside it, or another writer holds the lock for too long.
    CannotWrite
        If `data/` is full or may not be written.
    """
    with writing(data), _one_writer(data):
        register: Any = tomlkit.parse((data / "sources.toml").read_text(encoding="utf-8"))
        _require_described(register, [addition.dataset for addition in additions])
        held = {id(addition): file for addition in additions if (file := _held(register, addition))}
        new = [addition for addition in additions if id(addition) not in held]
        for addition in new:
            _require_day_is_free(register, addition)
        _sweep(data)
        for addition in additions:
            _restore(data, held.get(id(addition), ""), addition.content)
        files = {id(addition): _enter(register, addition, _free_name(data, addition)) for addition in new}
        if new:
            _write_register(data, register)
    return [files.get(id(addition), "") for addition in additions]


@contextmanager
def _one_writer(data: Path) -> Iterator[None]:
    try:
        with filelock.FileLock(data / ".lock", timeout=LOCK_SECONDS):
            yield
    except filelock.Timeout:
        raise SourceError(
            f"Another program has been writing to {data.name}/ for {LOCK_SECONDS} seconds. Two at once would lose "
            "one's entry. Wait for it, or end it, and try again."
        ) from None


def _free_name(data: Path, addition: Addition) -> str:
    """Writes the content under its name, or beside the file that has that name now; says under which."""
    path = data / addition.file
    if path.exists() and path.read_bytes() == addition.content:
        return addition.file
    if path.exists() and not addition.only:
        path = path.with_name(f"{path.name.partition('.')[0]}.{addition.sha256[:8]}{path.suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, addition.content)
    return path.relative_to(data).as_posix()


def _require_described(register: Any, datasets: Sequence[str]) -> None:
    for dataset in datasets:
        if dataset not in register:
            raise SourceError(
                f"data/sources.toml has no dataset {dataset}: a vintage of it would lack its producer, unit and "
                f"basis. Write a table [{dataset}] there first."
            )


def _write_register(data: Path, register: Any) -> None:
    """The register with a blank line above each of its tables."""
    text = re.sub(r"(?<!\n)\n\[", "\n\n[", tomlkit.dumps(register))
    write_whole(data / "sources.toml", text.encode())


def _sweep(data: Path) -> None:
    """Deletes what a writer that was killed had begun; nobody else writes while the lock is held."""
    for unfinished in data.rglob(f".*{UNFINISHED}"):
        if RAW not in unfinished.relative_to(data).parts:
            unfinished.unlink(missing_ok=True)


def _entries(register: Any, dataset: str) -> list[dict[str, Any]]:
    return list(register[dataset].unwrap().get("vintages", []))


def _held(register: Any, addition: Addition) -> str:
    """The path under which that very file, made of that very original, is registered for that day; else nothing."""
    wanted = (addition.entry["vintage"], addition.sha256, addition.entry["original_sha256"])
    for held in _entries(register, addition.dataset):
        if not addition.only and wanted == (held["vintage"], held["sha256"], held["original_sha256"]):
            return str(held["file"])
    return ""


def _restore(data: Path, file: str, content: bytes) -> None:
    """Puts the registered bytes back where they were lost or damaged."""
    path = data / file
    if file and not (path.exists() and path.read_bytes() == content):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)


def _require_day_is_free(register: Any, addition: Addition) -> None:
    """Refuse to put a file in the place of another of the same dataset and day."""
    day = addition.entry["vintage"]
    same_day = [held for held in _entries(register, addition.dataset) if held["vintage"] == day]
    if addition.only or addition.beside or not same_day:
        return
    held = same_day[0]
    same = held["sha256"] == addition.sha256
    raise SourceError(
        f"{addition.dataset} of {day} is registered already: data/{held['file']}, data to {held['last_period']}, made from "
        f"{held['original']} (SHA-256 {held['original_sha256'][:16]}). This is another file, {addition.entry['original']} "
        f"(SHA-256 {addition.entry['original_sha256'][:16]}), data to {addition.entry['last_period']}, with "
        f"{'the same' if same else 'other'} observations. In its place it would take away what was verified, with its "
        "checksum and its story. Nothing of the record changed. "
        f"{'Leave it: it adds nothing' if same else 'If it came out on another day, give that with --vintage'}; "
        'to keep both, say why with --beside "reason".'
    )


def _enter(register: Any, addition: Addition, file: str) -> str:
    """Puts the entry among those of its dataset, in the order of days; says its file."""
    told = {name: told_without_secrets(of) if isinstance(of, str) else of for name, of in addition.entry.items()}
    row = {**told, "file": file, "sha256": addition.sha256}
    held = [entry for entry in _entries(register, addition.dataset) if not (addition.only and entry["file"] == file)]
    if any(entry["vintage"] == row["vintage"] for entry in held) and addition.beside:
        row["set_aside"] = told_without_secrets(addition.beside)
    vintages = tomlkit.aot()
    for vintage in sorted([*held, row], key=lambda v: (v["vintage"], "set_aside" in v, v["file"])):
        vintages.append(tomlkit.item(vintage))
    register[addition.dataset]["vintages"] = vintages
    return file
