"""Writes a vintage into `data/` and its entry into the register, each whole or not at all."""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import tomlkit

from briefing.errors import SourceError
from briefing.vintages import Calendar


def vintage_day(last_period: str, calendar: Calendar, seen: date) -> tuple[date, str]:
    """The day a file with data to `last_period` came out, and "day" if it is on record.

    Where the calendar has no row it is the day the copy was seen, or the last day of the second
    month after `last_period` if that is earlier, and "at the latest".
    """
    release = calendar.release(last_period)
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


def register_vintage(
    data: Path, dataset: str, file: str, content: bytes, entry: Mapping[str, Any], *, only: bool = False
) -> None:
    """Put a file into `data/` and its entry into data/sources.toml.

    It replaces that dataset's entry for the same vintage or, where `only` one vintage of a file is
    kept, any earlier entry for the same file.

    The file is written first and the register last, each by renaming a finished temporary: whoever
    reads meanwhile sees the record as before or complete.
    """
    register_path = data / "sources.toml"
    register: Any = tomlkit.parse(register_path.read_text(encoding="utf-8"))
    if dataset not in register:
        raise SourceError(
            f"data/sources.toml has no dataset {dataset}: a vintage of it would lack its producer, unit and "
            f"basis. Write a table [{dataset}] there first."
        )
    path = data / file
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, content)
    row = {**entry, "file": file, "sha256": hashlib.sha256(content).hexdigest()}
    held = [
        vintage
        for vintage in register[dataset].unwrap().get("vintages", [])
        if vintage["file"] != file and (only or vintage["vintage"] != row["vintage"])
    ]
    vintages = tomlkit.aot()
    for vintage in sorted([*held, row], key=lambda v: (v["vintage"], v["file"])):
        vintages.append(tomlkit.item(vintage))
    register[dataset]["vintages"] = vintages
    text = re.sub(r"(?<!\n)\n\[", "\n\n[", tomlkit.dumps(register))
    _write_whole(register_path, text.encode())


def _write_whole(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
