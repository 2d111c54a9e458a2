"""One function a kind of file or source: read it, hold it against what is held, register it as a vintage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from briefing import observations, periods, sources, store
from briefing.acquire import registration
from briefing.acquire.contract import require_contract
from briefing.acquire.country_workbook import read_country_workbook
from briefing.acquire.end_use_workbook import read_end_use_imports
from briefing.acquire.hs_products import read_hs_products
from briefing.acquire.registration import Addition
from briefing.errors import MalformedSource, SourceError

SHRINKAGE = 0.01
"""The share of a vintage's observations that the next may lack: codes are closed, small values withdrawn."""


@dataclass(frozen=True)
class Original:
    """Where a table came from: how it was obtained, the names of the office's files and their SHA-256."""

    obtained: str
    names: Sequence[str]
    sha256: Sequence[str]


@dataclass(frozen=True)
class Incoming:
    """A table of observations for a dataset, with its original; `known` says how well its `vintage` is known.

    Without a vintage it is the day that follows from the last month or year: see `registration.vintage_day`.
    """

    dataset: str
    table: pd.DataFrame
    original: Original
    vintage: date | None = None
    known: str = "at the latest"


def import_country_workbook(path: Path, *, obtained: str, seen: date, vintage: date | None = None) -> str:
    """Import one vintage of country.xlsx; the sentence returned says what was registered.

    `obtained` says how the file came to us and `seen` the day on which this copy existed. `vintage`
    overrides the day that follows from its last month: the latest on which it can have come out.
    """
    original = _original([path], obtained)
    return register([Incoming("census-country", read_country_workbook(path), original, vintage)], seen=seen)[0]


def import_hs_products(
    paths: list[Path], *, obtained: str, seen: date, vintage: date | None = None, only: str | None = None
) -> list[str]:
    """Import copies of HS products, each basis as its own dataset (or `only` one of them); a sentence for each."""
    original = _original(paths, obtained)
    tables = {name: table for name, table in read_hs_products(paths).items() if only in (None, name)}
    return register([Incoming(name, table, original, vintage) for name, table in tables.items()], seen=seen)


def import_end_use(path: Path, *, obtained: str, seen: date, vintage: date | None = None) -> str:
    """Import one edition of enduse_imports.xlsx: imports by end-use, all partners, ten years."""
    original = _original([path], obtained)
    return register([Incoming("census-end-use-imports", read_end_use_imports(path), original, vintage)], seen=seen)[0]


def register_record(dataset: str, paths: list[Path], *, as_of: date) -> str:
    """Register the hand-kept files of `data/` (the talks, the calendar) as they now stand, `paths` among them.

    All files of a record bear one day, so that a figure made of it leads to all of them.
    """
    data = sources.data_directory()
    held = [data / source.file for source in sources.register() if source.dataset == dataset]
    additions = []
    for path in dict.fromkeys([*(path.resolve() for path in held), *(path.resolve() for path in paths)]):
        if data.resolve() not in path.parents:
            raise SourceError(f"{path} does not lie in {data.name}/, so no edition could read it. Move it there.")
        entry = {
            "vintage": as_of,
            "vintage_known": "day",
            "last_period": "",
            "obtained": "kept by hand in this repository",
            "original": path.name,
            "original_sha256": "",
        }
        file = path.relative_to(data.resolve()).as_posix()
        additions.append(Addition(dataset, file, path.read_bytes(), entry, only=True))
        if dataset == "ft900-calendar":
            sources.parsed_calendar(additions[-1].content.decode("utf-8", "replace"))
    registration.register_vintages(data, additions)
    names = ", ".join(Path(addition.file).name for addition in additions)
    return f"{dataset}: {names} registered as of {as_of}"


def _original(paths: Sequence[Path], obtained: str) -> Original:
    return Original(obtained, [path.name for path in paths], [registration.sha256_of(path) for path in paths])


def register(incoming: Sequence[Incoming], *, seen: date) -> list[str]:
    """Register tables as vintages, all in one step; a sentence for each.

    Raises
    ------
    MalformedSource, DuplicateObservations
        If a table breaks the contract, or lacks what the vintage before it held.
    """
    additions, said = [], []
    for one in incoming:
        last_period = str(one.table["time_period"].max())
        day, known = one.vintage, one.known
        if day is None:
            day, known = registration.vintage_day(last_period, sources.calendar(), seen)
        require_contract(one.table, one.dataset)
        _require_past(one.dataset, last_period, seen)
        _require_nothing_lost(one.dataset, one.table, day)
        entry = {
            "vintage": day,
            "vintage_known": known,
            "last_period": last_period,
            "obtained": one.original.obtained,
            "original": ", ".join(one.original.names),
            "original_sha256": ", ".join(one.original.sha256),
        }
        producer, _, name = one.dataset.partition("-")
        file = f"{producer}/{day}/{name}.parquet"
        content = registration.parquet_bytes(one.table.assign(source=one.dataset, vintage=str(day)))
        additions.append(Addition(one.dataset, file, content, entry))
        count = f"{len(one.table):,} observations to {last_period}"
        said.append(f"{one.dataset}: {count}, vintage {day} ({known}), in data/{file}")
    registration.register_vintages(sources.data_directory(), additions)
    return said


def _require_past(dataset: str, last_period: str, seen: date) -> None:
    """Refuse a table that describes what had not happened when its copy was seen."""
    if periods.last_month(last_period) > f"{seen:%Y-%m}":
        raise MalformedSource(
            f"This file of {dataset} describes {last_period}, but was seen on {seen}: its periods or that day are wrong, "
            "and no day could be chosen for it. Correct --seen, or fetch the file again."
        )


def _require_nothing_lost(dataset: str, table: pd.DataFrame, day: date) -> None:
    """Refuse a vintage that lacks what the one before it held: a shrunken file must not become the newest."""
    earlier = [source for source in sources.register() if source.dataset == dataset and source.vintage <= day]
    if not earlier:
        return
    before = max(earlier, key=lambda source: source.vintage)
    held = store.answer(sources.observations(before))
    last, reach = str(table["time_period"].max()), str(held["time_period"].max())
    if last < reach:
        raise MalformedSource(
            f"This file of {dataset} ends at {last}, the vintage of {before.vintage} already at {reach}: as the newer "
            "vintage it would take months away. Give the day it really came out with --vintage, or fetch it again."
        )
    held = held[held["time_period"].between(table["time_period"].min(), last) & (held["obs_value"] > 0)]
    found = held[observations.KEY].merge(table[observations.KEY], how="left", indicator=True)
    lost = found[found["_merge"] == "left_only"]
    if len(lost) > SHRINKAGE * len(held):
        row = lost.iloc[0]
        raise MalformedSource(
            f"This file of {dataset} lacks {len(lost):,} of the {len(held):,} observations that the vintage of "
            f"{before.vintage} holds, such as partner {row.counterpart_area}, flow {row.trade_flow}, commodity "
            f"{row.commodity} in {row.time_period}. Their series would break off. It may be cut: fetch it again."
        )
