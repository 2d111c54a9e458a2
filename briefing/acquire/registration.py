"""Writes a vintage into `data/` and its entry into the register, as one step that is whole or has not been.

Files come first, under names that no entry points to yet; the register is then replaced by renaming a
finished copy, which is the step; what the old register alone pointed to is deleted last. Whoever is
killed on the way leaves the old record or the new one. A lock lets one writer in at a time.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import filelock
import pandas as pd
import tomlkit

from briefing import periods
from briefing.errors import SourceError
from briefing.secrecy import told_without_secrets
from briefing.vintages import Calendar
from briefing.whole import UNFINISHED, write_whole

LOCK_SECONDS = 120
RAW = "raw"
"""The folder below `data/` for replies as received: no part of the record, and not committed."""


@dataclass(frozen=True)
class Addition:
    """A file to be registered: its dataset, its path below `data/`, its bytes, and the rest of its entry.

    Where `only` one version of the file is kept (a record kept by hand), earlier entries for that path go.
    """

    dataset: str
    file: str
    content: bytes
    entry: Mapping[str, Any]
    only: bool = False


def vintage_day(last_period: str, calendar: Calendar, seen: date) -> tuple[date, str]:
    """The day a file with data to a month or year came out, and "day" if it is on record.

    Where the calendar has no row it is the day the copy was seen, or the last day of the second
    month after `last_period` if that is earlier, and "at the latest". A yearly file seen after the next
    revision may be of that revision: it bears the day it was seen, "at the latest".
    """
    release = calendar.release(periods.last_month(last_period))
    if periods.is_year(last_period) and seen >= calendar.next_release(last_period, release.day).day:
        return seen, "at the latest"
    if release.kind in ("released", "scheduled"):
        return release.day, "day"
    return min(release.day, seen), "at the latest"


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as Parquet: the same bytes for the same table."""
    buffer = BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd", engine="pyarrow")
    return buffer.getvalue()


def register_vintages(data: Path, additions: Sequence[Addition]) -> None:
    """Put files into `data/` and their entries into data/sources.toml: all of them, or none.

    An addition replaces its dataset's entry for the same vintage.

    Raises
    ------
    SourceError
        If a dataset is not described in the register, or another writer holds the lock for too long.
    """
    with _one_writer(data):
        register_path = data / "sources.toml"
        register: Any = tomlkit.parse(register_path.read_text(encoding="utf-8"))
        for addition in additions:
            _require_described(register, addition.dataset)
        before = _files(register)
        _sweep(data)
        for addition in additions:
            _enter(register, addition, _free_name(data, addition))
        text = re.sub(r"(?<!\n)\n\[", "\n\n[", tomlkit.dumps(register))
        write_whole(register_path, text.encode())
        for file in before - _files(register):
            (data / file).unlink(missing_ok=True)


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
        digest = hashlib.sha256(addition.content).hexdigest()[:8]
        path = path.with_name(f"{path.name.partition('.')[0]}.{digest}{path.suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, addition.content)
    return path.relative_to(data).as_posix()


def _require_described(register: Any, dataset: str) -> None:
    if dataset not in register:
        raise SourceError(
            f"data/sources.toml has no dataset {dataset}: a vintage of it would lack its producer, unit and "
            f"basis. Write a table [{dataset}] there first."
        )


def _sweep(data: Path) -> None:
    """Deletes what a writer that was killed had begun; nobody else writes while the lock is held."""
    for unfinished in data.rglob(f".*{UNFINISHED}"):
        if RAW not in unfinished.relative_to(data).parts:
            unfinished.unlink(missing_ok=True)


def _enter(register: Any, addition: Addition, file: str) -> None:
    told = {name: told_without_secrets(of) if isinstance(of, str) else of for name, of in addition.entry.items()}
    row = {**told, "file": file, "sha256": hashlib.sha256(addition.content).hexdigest()}
    held = [
        vintage
        for vintage in register[addition.dataset].unwrap().get("vintages", [])
        if vintage["file"] != file and (addition.only or vintage["vintage"] != row["vintage"])
    ]
    vintages = tomlkit.aot()
    for vintage in sorted([*held, row], key=lambda v: (v["vintage"], v["file"])):
        vintages.append(tomlkit.item(vintage))
    register[addition.dataset]["vintages"] = vintages


def _files(register: Any) -> set[str]:
    return {vintage["file"] for dataset in register.unwrap().values() for vintage in dataset.get("vintages", [])}
