"""One function a kind of file: read it, and register what it holds as a vintage."""

from datetime import date
from pathlib import Path

import pandas as pd

from briefing import sources
from briefing.acquire import registration
from briefing.acquire.country_workbook import read_country_workbook
from briefing.acquire.hs_chapters import read_hs_chapters
from briefing.errors import SourceError


def import_country_workbook(path: Path, *, obtained: str, seen: date, vintage: date | None = None) -> str:
    """Import one vintage of country.xlsx; the sentence returned says what was registered.

    `obtained` says how the file came to us and `seen` the day on which this copy existed. `vintage`
    overrides the day that follows from its last month: the latest on which it can have come out.
    """
    table = read_country_workbook(path)
    return _import(table, "census-country", "country", [path], obtained, seen, vintage)


def import_hs_chapters(
    paths: list[Path], *, obtained: str, seen: date, vintage: date | None = None, only: str | None = None
) -> list[str]:
    """Import HS chapters, each basis as its own dataset (or `only` one of them); a sentence for each."""
    return [
        _import(table, dataset, dataset.removeprefix("census-"), paths, obtained, seen, vintage)
        for dataset, table in read_hs_chapters(paths).items()
        if only in (None, dataset)
    ]


def register_record(dataset: str, paths: list[Path], *, as_of: date) -> str:
    """Register hand-kept files of `data/` (the talks, the calendar) as they now stand."""
    data = sources.data_directory()
    for path in paths:
        if data.resolve() not in path.resolve().parents:
            raise SourceError(f"{path} does not lie in {data.name}/, so no edition could read it. Move it there.")
        content = path.read_bytes()
        entry = {
            "vintage": as_of,
            "vintage_known": "day",
            "last_period": "",
            "obtained": "kept by hand in this repository",
            "original": path.name,
            "original_sha256": "",
        }
        file = path.resolve().relative_to(data.resolve()).as_posix()
        registration.register_vintage(data, dataset, file, content, entry, only=True)
    return f"{dataset}: {', '.join(path.name for path in paths)} registered as of {as_of}"


def _import(
    table: pd.DataFrame, dataset: str, name: str, paths: list[Path], obtained: str, seen: date, vintage: date | None
) -> str:
    last_period = str(table["time_period"].max())
    if vintage is not None:
        day, known = vintage, "at the latest"
    else:
        day, known = registration.vintage_day(last_period, sources.calendar(), seen)
    entry = {
        "vintage": day,
        "vintage_known": known,
        "last_period": last_period,
        "obtained": obtained,
        "original": ", ".join(path.name for path in paths),
        "original_sha256": ", ".join(registration.sha256_of(path) for path in paths),
    }
    file = f"census/{day}/{name}.parquet"
    content = registration.parquet_bytes(table.assign(source=dataset, vintage=str(day)))
    registration.register_vintage(sources.data_directory(), dataset, file, content, entry)
    return f"{dataset}: {len(table):,} observations to {last_period}, vintage {day} ({known}), in data/{file}"
