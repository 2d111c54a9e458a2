"""Shared by the tests: the default edition, and small workbooks with the oddities of the real ones."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import tomlkit
from briefing.acquire.country_workbook import COLUMNS
from briefing.record import sources
from briefing.record.edition import Edition

from tests import agreed, needs

Row = tuple[object, ...]

collect_ignore = ["bench"]  # its notebook is a page to be served, run by test_bench.py


def pytest_configure(config: pytest.Config) -> None:
    if objection := agreed.objection():
        raise pytest.UsageError(objection)
    config.pluginmanager.register(needs.LeftOut())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long first, each whole: a run ends with short ones, and no worker waits for the other's last file."""
    apart, long = (
        {item.path for item in items if any(map(item.get_closest_marker, kinds))}
        for kinds in (needs.NEEDS.keys() - {"long"}, ["long"])
    )
    items.sort(key=lambda item: (item.path not in apart, item.path not in long))


@pytest.fixture(scope="session")
def edition() -> Edition:
    return sources.open_edition("Korea, South", "2011-01", "latest", "2018-01-05")


@pytest.fixture(scope="session")
def trade(edition: Edition) -> pd.DataFrame:
    return sources.country_trade(edition)


def year_row(year: str, code: str, name: str, imports: list[float], exports: list[float]) -> Row:
    """A row of country.xlsx: months not given are 0, as the office writes unpublished ones."""
    imports, exports = ([*flow, *[0] * (12 - len(flow))] for flow in (imports, exports))
    return (year, code, name, *imports, sum(imports), *exports, sum(exports))


def with_world(partners: list[Row]) -> list[Row]:
    """The rows of partners below those of the world, not adjusted, which they add up to."""
    worlds: list[Row] = []
    for year in sorted({row[0] for row in partners}):  # type: ignore[type-var]
        rows: list[Any] = [row for row in partners if row[0] == year]
        flows = [[sum(row[column] for row in rows) for column in range(first, first + 12)] for first in (3, 16)]
        worlds.append(year_row(str(year), "0015", "World, Not Seasonally Adjusted", *flows))
    return [*worlds, *partners]


@pytest.fixture
def rows() -> list[Row]:
    """Two years of two partners and aggregates, the second year published to February."""
    full = [100.5] * 12
    partners = [
        year_row("2016", "5800", "Korea, South", [5641.957617, *full[1:]], full),
        year_row("2016", "2010", "Mexico", full, full),
        year_row("2017", "2010", "Mexico", [179.75, 180.0], [80.5, 81.9]),
        year_row("2017", "5800", "Korea, South", [20.25, 21.0], [9.5, 9.1]),
    ]
    aggregates = [
        year_row("2016", "0004", "World, Seasonally Adjusted", full, full),
        year_row("2016", "0005", "NAFTA with Mexico (Consump)", full, full),
        year_row("", "1010", "Greenland", [], []),
    ]
    return [*aggregates, *with_world(partners)]


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[list[Row]], Path]:
    """Writes rows as the sheet "country" and gives its path."""

    def write(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "country"
        for row in [columns, *rows]:
            sheet.append(row)
        path = tmp_path / "country.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def copied_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of data/ that may be damaged, read instead of the real one."""

    copy = tmp_path / "data"
    shutil.copytree(sources.data_directory(), copy, ignore=shutil.ignore_patterns("raw", ".lock"))
    monkeypatch.setenv("BRIEFING_DATA", str(copy))
    forget()
    yield copy
    monkeypatch.undo()
    forget()


@pytest.fixture
def young_record(copied_record: Path) -> Path:
    """A copy of data/ without vintages of country.xlsx, and of series held against it: a small workbook has not their level."""
    products = (f"census-{name}" for name in ("hs-exports", "hs-imports-consumption", "hs-imports-general"))
    for dataset in ("census-country", *products, "census-duties", "fred-korea", "korea-customs-country"):
        drop_vintages(copied_record, dataset)
    return copied_record


def drop_vintages(data: Path, dataset: str, before: date = date.max) -> None:
    """Take the vintages before that day out of a copy of the record."""
    register = data / "sources.toml"
    described = tomlkit.parse(register.read_text(encoding="utf-8"))
    vintages: Any = described[dataset]["vintages"]  # type: ignore[index]
    while vintages and vintages[0]["vintage"] < before:
        (data / vintages[0]["file"]).unlink()
        del vintages[0]
    register.write_text(tomlkit.dumps(described), encoding="utf-8")
    forget()


def forget() -> None:
    """Let `sources` read its files anew."""
    for cached in vars(sources).values():
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
