"""Adding a vintage: whole or not at all, and found again by `sources`."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from briefing import sources
from briefing.acquire import imports, registration
from briefing.errors import SourceError
from briefing.vintages import Calendar

from tests.conftest import Row, forget

Writer = Callable[..., Path]


def contents(data: Path) -> dict[str, bytes]:
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def test_an_imported_vintage_is_registered_with_both_checksums(
    copied_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    path = workbook(rows)
    said = imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    assert "to 2017-02, vintage 2017-04-04 (day)" in said
    forget()
    (source,) = (s for s in sources.vintages_of("census-country") if s.last_period == "2017-02")
    assert source.original_sha256 == registration.sha256_of(path)
    assert source.obtained == "made for a test"
    sources.verified_bytes(source)


def test_importing_the_same_file_again_changes_nothing(copied_record: Path, workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    once = contents(copied_record)
    forget()
    imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    assert contents(copied_record) == once


def test_a_vintage_broken_off_while_it_is_registered_leaves_the_record_as_before(
    copied_record: Path, workbook: Writer, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(copied_record)
    replace = Path.replace

    def broken_off(self: Path, target: Any) -> Path:
        if Path(target).name == "sources.toml":
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", broken_off)
    with pytest.raises(KeyboardInterrupt):
        imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    after = contents(copied_record)
    assert after["sources.toml"] == before["sources.toml"]
    assert set(after) - set(before) <= {"census/2017-04-04/country.parquet"}


def test_a_dataset_without_a_description_is_refused(copied_record: Path) -> None:
    with pytest.raises(SourceError, match=r"has no dataset unknown: a vintage of it would lack its producer"):
        registration.register_vintage(copied_record, "unknown", "x/y.parquet", b"", {"vintage": date(2020, 1, 1)})


def test_a_hand_kept_file_outside_the_record_is_refused(copied_record: Path, tmp_path: Path) -> None:
    stray = tmp_path / "events.toml"
    stray.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="does not lie in data/"):
        imports.register_record("talks", [stray], as_of=date(2026, 1, 1))


def test_the_vintage_of_a_month_off_the_calendar_is_the_day_its_copy_was_seen_at_the_latest() -> None:
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 3, 9)) == (date(2030, 3, 9), "at the latest")
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 9, 9)) == (date(2030, 3, 31), "at the latest")
