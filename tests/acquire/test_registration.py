"""Adding a vintage: whole or not at all, and found again by `sources`."""

import errno
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from briefing import sources, whole
from briefing.__main__ import main
from briefing.acquire import imports, registration
from briefing.errors import CannotWrite, MalformedSource, SourceError
from briefing.vintages import Calendar
from click.testing import CliRunner

from tests.conftest import Row, forget

Writer = Callable[..., Path]


def contents(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_an_imported_vintage_is_registered_with_both_checksums(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    path = workbook(rows)
    said = imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    assert "to 2017-02, vintage 2017-04-04 (day)" in said
    forget()
    (source,) = (s for s in sources.vintages_of("census-country") if s.last_period == "2017-02")
    assert source.original_sha256 == registration.sha256_of(path)
    assert source.obtained == "made for a test"
    sources.verified_bytes(source)


def test_importing_the_same_file_again_changes_nothing(young_record: Path, workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    once = contents(young_record)
    forget()
    imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    assert contents(young_record) == once


def readable(data: Path) -> None:
    """Every registered file is there with its bytes, and nothing half-written lies about."""
    forget()
    for source in sources.register():
        sources.verified_bytes(source)
    assert [path for path in data.rglob(".*") if path.name != ".lock"] == []


@pytest.mark.parametrize("breaks_at", ["country.parquet", "sources.toml"])
@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError("No space left on device")])
def test_a_vintage_broken_off_while_it_is_registered_leaves_the_record_as_before(
    young_record: Path,
    workbook: Writer,
    rows: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    breaks_at: str,
    fault: Any,
) -> None:
    before = contents(young_record)
    replace = Path.replace

    def broken_off(self: Path, target: Any) -> Path:
        if Path(target).name == breaks_at:
            raise fault
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", broken_off)
    with pytest.raises((KeyboardInterrupt, CannotWrite)):
        imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    after = contents(young_record)
    assert {file: after[file] for file in before} == before
    assert set(after) - set(before) <= {"census/2017-04-04/country.parquet"}
    readable(young_record)


def test_a_vintage_broken_off_is_registered_when_imported_again(
    young_record: Path, workbook: Writer, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched, pytest.raises(CannotWrite, match="No space left"):
        patched.setattr(whole.os, "fsync", full)
        imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    readable(young_record)
    imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    readable(young_record)
    assert "2017-02" in {source.last_period for source in sources.vintages_of("census-country")}


def test_a_refused_workbook_leaves_the_record_as_before(young_record: Path, workbook: Writer, rows: list[Row]) -> None:
    before = contents(young_record)
    with pytest.raises(MalformedSource):
        imports.import_country_workbook(workbook(rows[:-2] + rows[-1:] * 2), obtained="a test", seen=date(2017, 4, 10))
    assert contents(young_record) == before


def test_a_new_vintage_changes_no_other_entry_and_keeps_the_words_above_the_register(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    before, text = sources.register(), (young_record / "sources.toml").read_text(encoding="utf-8")
    imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    forget()
    after = sources.register()
    assert tuple(source for source in after if source.obtained != "made for a test") == before
    days = [source.vintage for source in sources.vintages_of("census-country")]
    assert days == [date(2017, 4, 4)]
    now = (young_record / "sources.toml").read_text(encoding="utf-8")
    assert now.startswith(text[: text.index("[census-country]")])


def test_an_edition_of_the_day_stands_on_the_vintage_just_imported(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    forget()
    trade = sources.country_trade(sources.open_edition("5800", "2016-01", "latest", "2017-04-04"))
    assert set(trade["standing"]) == {"held"}
    assert set(trade["vintage"]) == {"2017-04-04"}
    assert set(trade["source"]) == {"census-country"}


def test_a_day_given_by_hand_is_a_day_at_the_latest(young_record: Path, workbook: Writer, rows: list[Row]) -> None:
    said = imports.import_country_workbook(
        workbook(rows), obtained="made for a test", seen=date(2017, 4, 10), vintage=date(2017, 4, 9)
    )
    assert "vintage 2017-04-09 (at the latest)" in said


def test_a_key_or_password_in_what_is_told_of_a_file_is_not_kept(
    young_record: Path, workbook: Writer, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret/Key+one")
    told = "copied from http://me:s3cret@host/x.xlsx?t=1&api_key=s3cret2 and asked with s3cret%2FKey%2Bone, see https://host/?y=2"
    imports.import_country_workbook(workbook(rows), obtained=told, seen=date(2017, 4, 10))
    text = (young_record / "sources.toml").read_text(encoding="utf-8")
    kept = "copied from http://•••@host/x.xlsx?t=1&api_key=••• and asked with •••, see https://host/?y=2"
    assert kept in text and "s3cret" not in text


def test_a_file_that_describes_what_had_not_happened_is_refused(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    before = contents(young_record)
    with pytest.raises(SourceError, match="describes 2017-02, but was seen on 2017-01-31"):
        imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 1, 31))
    assert contents(young_record) == before


def test_a_dataset_without_a_description_is_refused_and_nothing_is_written(copied_record: Path) -> None:
    before = contents(copied_record)
    words = r"has no dataset unknown: a vintage of it would lack its producer, .* Write a table \[unknown\] there first"
    held = sources.vintages_of("census-country")[0].file
    for file in ("x/y.parquet", held):
        with pytest.raises(SourceError, match=words):
            addition = registration.Addition("unknown", file, b"", {"vintage": date(2020, 1, 1)})
            registration.register_vintages(copied_record, [addition])
    assert contents(copied_record) == before
    assert not (copied_record / "x").exists()


def test_a_hand_kept_file_is_registered_as_it_now_stands(copied_record: Path) -> None:
    path = copied_record / "talks/quotes.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# read again\n", encoding="utf-8")
    count = len(sources.vintages_of("talks"))
    said = imports.register_record("talks", [path], as_of=date(2026, 11, 24))
    assert (
        said
        == "talks: events.toml, issues.toml, law.toml, publications.toml, quotes.toml, statements.toml registered as of 2026-11-24"
    )
    readable(copied_record)
    assert len(sources.vintages_of("talks")) == count
    assert {str(source.vintage) for source in sources.vintages_of("talks")} == {"2026-11-24"}


def test_a_hand_kept_file_outside_the_record_is_refused(copied_record: Path, tmp_path: Path) -> None:
    stray = tmp_path / "events.toml"
    stray.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="does not lie in data/"):
        imports.register_record("talks", [stray], as_of=date(2026, 1, 1))


def test_the_vintage_of_a_month_off_the_calendar_is_the_day_its_copy_was_seen_at_the_latest() -> None:
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 3, 9)) == (date(2030, 3, 9), "at the latest")
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 9, 9)) == (date(2030, 3, 31), "at the latest")


def test_a_record_that_may_not_be_written_is_told_in_a_sentence_and_is_as_before(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    before = contents(young_record)
    (young_record / ".lock").unlink(missing_ok=True)
    (young_record / ".lock").mkdir()
    path = workbook(rows)
    for command in (
        ["country", str(path), "--obtained", "made for a test", "--seen", "2017-04-10"],
        ["record", "talks"],
    ):
        result = CliRunner().invoke(main, ["acquire", *command])
        assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
        assert f"{young_record} cannot be written" in result.output and "Everything is as before" in result.output
    assert contents(young_record) == before


def test_a_disk_on_which_nothing_may_be_written_is_told_by_what_the_system_says(
    young_record: Path, workbook: Writer, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(young_record))

    before, path = contents(young_record), workbook(rows)
    monkeypatch.setattr(whole.tempfile, "mkstemp", read_only)
    with pytest.raises(CannotWrite, match=r"cannot be written \(Read-only file system\)"):
        imports.import_country_workbook(path, obtained="made for a test", seen=date(2017, 4, 10))
    assert contents(young_record) == before


def test_a_register_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFING_DATA", str(tmp_path / "nowhere"))
    forget()
    result = CliRunner().invoke(main, ["sources"])
    monkeypatch.undo()
    forget()
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert "sources.toml: no such file or directory. Nothing was changed." in result.output
