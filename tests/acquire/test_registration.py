"""Adding a vintage: whole or not at all, and found again by `sources`."""

import errno
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from briefing import files, periods
from briefing.acquire import imports, provenance, registration
from briefing.acquire.country_workbook import COLUMNS
from briefing.codes import codelists
from briefing.commands import main
from briefing.errors import CannotWrite, MalformedSource, OtherLevel, SourceError
from briefing.record import freshness, sources
from briefing.record.vintages import Calendar
from click.testing import CliRunner

from tests.conftest import Row, forget

Writer = Callable[..., Path]


def contents(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.long
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


def brought_in(path: Path, **said: Any) -> str:
    return imports.import_country_workbook(path, **{"obtained": "made for a test", "seen": date(2017, 4, 10), **said})


@pytest.mark.long
def test_importing_the_same_file_again_changes_nothing_and_says_so(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    path = workbook(rows)
    brought_in(path)
    once = contents(young_record)
    forget()
    said = brought_in(path, obtained="another story", seen=date(2017, 5, 1))
    assert said == (
        "census-country: nothing new: its observations are registered as the vintage of 2017-04-04, and stay as they are"
    )
    assert contents(young_record) == once


@pytest.mark.long
def test_importing_the_same_file_again_puts_back_a_registered_file_that_was_damaged(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    path = workbook(rows)
    brought_in(path)
    once = contents(young_record)
    (young_record / "census/2017-04-04/country.parquet").write_bytes(b"damaged")
    forget()
    brought_in(path)
    assert contents(young_record) == once


def other_file(workbook: Writer, rows: list[Row], columns: tuple[str, ...]) -> Path:
    """The same observations in another file: with a column more."""
    return workbook([(*row, 1) for row in rows], (*columns, "mine"))


@pytest.mark.long
@pytest.mark.parametrize("same", [True, False], ids=["the same observations", "other observations"])
def test_another_file_of_a_day_that_is_held_is_refused_with_both_checksums(
    young_record: Path, workbook: Writer, rows: list[Row], same: bool
) -> None:
    first = brought_in(workbook(rows))
    assert "in data/census/2017-04-04/country.parquet" in first
    once = contents(young_record)
    (held,) = sources.vintages_of("census-country")
    forget()
    path = other_file(workbook, rows if same else moved(rows), COLUMNS)
    words = (
        rf"census-country of 2017-04-04 is registered already: .* \(SHA-256 {held.original_sha256[:16]}\)\. This is another file, "
        rf"country\.xlsx \(SHA-256 {registration.sha256_of(path)[:16]}\), data to 2017-02, with "
        rf"{'the same' if same else 'other'} observations\. .* say why with --beside"
    )
    with pytest.raises(SourceError, match=words):
        brought_in(path)
    assert contents(young_record) == once


def moved(rows: list[Row]) -> list[Row]:
    """The same workbook with a little less from Mexico in an open month, and from the world."""
    changed = []
    for row in rows:
        cells = list(row)
        if cells[:2] in (["2017", "2010"], ["2017", "0015"]):
            cells[4], cells[15] = float(cells[4]) - 0.01, float(cells[15]) - 0.01  # type: ignore[arg-type]
        changed.append(tuple(cells))
    return changed


@pytest.mark.long
@pytest.mark.parametrize("same", [True, False], ids=["the same observations", "other observations"])
def test_a_file_kept_beside_another_is_provable_and_the_first_goes_on_to_answer(
    young_record: Path, workbook: Writer, rows: list[Row], same: bool
) -> None:
    brought_in(workbook(rows))
    once = contents(young_record)
    (first,) = sources.vintages_of("census-country")
    forget()
    path = other_file(workbook, rows if same else moved(rows), COLUMNS)
    said = brought_in(path, reasons=imports.Reasons(beside="sent by a colleague"))
    assert "It is set aside: data/census/2017-04-04/country.parquet, made from country.xlsx, goes on to answer" in said
    readable(young_record)
    assert sources.vintages_of("census-country") == (first,)
    held, beside = (source for source in sources.whole_register() if source.dataset == "census-country")
    assert (held, beside.set_aside, beside.seen) == (first, "sent by a colleague", date(2017, 4, 10))
    assert beside.original_sha256 == registration.sha256_of(path) and (beside.file == first.file) == same
    after = contents(young_record)
    assert {file: after[file] for file in once if file != "sources.toml"} == {
        file: content for file, content in once.items() if file != "sources.toml"
    }
    listed = "\n".join(freshness.lines(date(2017, 4, 20)))
    assert "2017-04-04    set aside: sent by a colleague (country.xlsx)" in listed
    again = contents(young_record)
    assert "nothing new" in brought_in(path) and contents(young_record) == again


@pytest.mark.long
def test_two_files_that_answer_for_one_day_are_refused_when_the_register_is_read(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    brought_in(workbook(rows))
    path = other_file(workbook, moved(rows), COLUMNS)
    forget()
    brought_in(path, reasons=imports.Reasons(beside="to choose"))
    register = young_record / "sources.toml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace('set_aside = "to choose"', ""), encoding="utf-8")
    forget()
    with pytest.raises(
        SourceError, match=r"two files that answer for census-country of 2017-04-04: .* a line set_aside"
    ):
        sources.register()


@pytest.mark.long
def test_one_file_under_two_vintages_is_refused(young_record: Path, workbook: Writer, rows: list[Row]) -> None:
    brought_in(workbook(rows))
    once = contents(young_record)
    forget()
    for path in (workbook(rows), other_file(workbook, rows, COLUMNS)):
        with pytest.raises(
            SourceError, match=r"holds what census-country of 2017-04-04 holds, .* a revision of nothing"
        ):
            brought_in(path, vintage=date(2017, 4, 6))
    assert contents(young_record) == once


@pytest.mark.long
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"obtained": " "}, r"--obtained ' ' does not say how the file came to us: its figures would have no origin"),
        ({"obtained": "--"}, "does not say how the file came to us"),
        ({"obtained": "_"}, "does not say how the file came to us"),
        ({"obtained": "a\udcff"}, r"--obtained 'a\\udcff' holds signs that cannot be printed: nobody could read there"),
        ({"seen": date(2999, 1, 1)}, r"--seen 2999-01-01 has not come yet"),
        (
            {"seen": date(2017, 4, 3)},
            r"2017-02, which was first released on 2017-04-04: it cannot have been seen on 2017-04-03",
        ),
        (
            {"vintage": date(2017, 4, 11)},
            r"--vintage 2017-04-11 is after the day on which the copy was seen, 2017-04-10",
        ),
        ({"vintage": date(2017, 4, 3)}, r"first released on 2017-04-04: it cannot be the vintage of 2017-04-03"),
        (
            {"vintage": date(2017, 6, 3), "seen": date(2017, 6, 4)},
            r"ends at 2017-02, and by --vintage 2017-06-03 the data to 2017-04 were out",
        ),
    ],
)
def test_an_origin_that_cannot_be_is_refused_in_words(
    young_record: Path, workbook: Writer, rows: list[Row], said: dict[str, Any], words: str
) -> None:
    before = contents(young_record)
    with pytest.raises(SourceError, match=words):
        brought_in(workbook(rows), **said)
    assert contents(young_record) == before


def test_a_month_off_the_calendar_was_not_out_sooner_than_any_on_record() -> None:
    calendar = Calendar({})
    provenance.require_published("x", "2030-01", calendar, date(2030, 3, 4), date(2030, 3, 4))
    with pytest.raises(
        SourceError, match=r"2030-01, which cannot have been released before 2030-03-04: it cannot have been seen"
    ):
        provenance.require_published("x", "2030-01", calendar, date(2030, 3, 3), date(2030, 3, 4))
    recorded = sources.calendar().recorded.values()
    days = [
        release.day - periods.end_of_month(release.reference_month)
        for release in recorded
        if release.kind == "released"
    ]
    assert min(days) == provenance.SOONEST


@pytest.mark.long
def test_a_workbook_that_contradicts_the_record_enters_for_a_reason_alone_and_the_reason_stays(
    copied_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    with pytest.raises(MalformedSource, match="lacks what the vintage of 2017-01-06 holds"):
        brought_in(workbook(rows))
    forget()
    said = brought_in(workbook(rows), reasons=imports.Reasons(despite="the office says so on its page"))
    assert 'Registered despite "This file of census-country lacks what' in said
    forget()
    (entered,) = (source for source in sources.vintages_of("census-country") if source.vintage == date(2017, 4, 4))
    assert entered.despite == "the office says so on its page"


def readable(data: Path) -> None:
    """Every registered file is there with its bytes, and nothing half-written lies about."""
    forget()
    for source in sources.whole_register():
        sources.verified_bytes(source)
    assert [path for path in data.rglob(".*") if path.name != ".lock"] == []


@pytest.mark.long
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


@pytest.mark.long
def test_a_vintage_broken_off_is_registered_when_imported_again(
    young_record: Path, workbook: Writer, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched, pytest.raises(CannotWrite, match="No space left"):
        patched.setattr(files.os, "fsync", full)
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


@pytest.mark.long
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


@pytest.mark.long
def test_an_edition_of_the_day_stands_on_the_vintage_just_imported(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    imports.import_country_workbook(workbook(rows), obtained="made for a test", seen=date(2017, 4, 10))
    forget()
    trade = sources.country_trade(sources.open_edition("5800", "2016-01", "latest", "2017-04-04"))
    assert {origin.standing for origin in trade["origin"]} == {"held"}
    assert set(trade["vintage"]) == {"2017-04-04"}
    assert set(trade["source"]) == {"census-country"}


@pytest.mark.long
def test_a_day_given_by_hand_is_a_day_at_the_latest(young_record: Path, workbook: Writer, rows: list[Row]) -> None:
    said = imports.import_country_workbook(
        workbook(rows), obtained="made for a test", seen=date(2017, 4, 10), vintage=date(2017, 4, 9)
    )
    assert "vintage 2017-04-09 (at the latest)" in said


@pytest.mark.long
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
    path = copied_record / "talks/korus/quotes.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# read again\n", encoding="utf-8")
    count = len(sources.vintages_of("talks-korus"))
    said = imports.register_record("talks", [path], as_of=date(2026, 11, 24))
    assert (
        said
        == "talks-korus: duties.toml, events.toml, issues.toml, law.toml, pact.toml, publications.toml, quotes.toml, statements.toml registered as of 2026-11-24; "
        "what quotes.toml said before is in the repository's history alone"
    )
    readable(copied_record)
    assert len(sources.vintages_of("talks-korus")) == count
    assert {str(source.vintage) for source in sources.vintages_of("talks-korus")} == {"2026-11-24"}


def test_the_record_of_a_pact_that_was_not_edited_keeps_its_day(copied_record: Path) -> None:
    def days(dataset: str) -> set[str]:
        return {str(source.vintage) for source in sources.vintages_of(dataset)}

    before = days("talks-korus")
    path = copied_record / "talks/us-japan/law.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# read again\n", encoding="utf-8")
    assert imports.register_record("talks", [], as_of=date(2027, 1, 2)).startswith("talks-us-japan: events.toml, ")
    assert (days("talks-us-japan"), days("talks-korus")) == ({"2027-01-02"}, before)
    assert (
        imports.register_record("talks", [], as_of=date(2027, 1, 3))
        == "talks: no file was edited since it was registered"
    )
    path.with_name("quotes.toml").write_text("page = []\n", encoding="utf-8")
    said = imports.register_record("talks", [], as_of=date(2027, 1, 3))
    assert said.endswith("; talks/us-japan/quotes.toml is new: name it to register it")


def test_a_file_in_the_folder_of_no_pact_is_refused(copied_record: Path) -> None:
    stray = copied_record / "talks/atlantis/events.toml"
    stray.parent.mkdir()
    stray.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"lies in the folder of no pact, .* with pact = 'atlantis'"):
        imports.register_record("talks", [stray], as_of=date(2026, 1, 1))


def test_a_hand_kept_file_outside_the_record_is_refused(copied_record: Path, tmp_path: Path) -> None:
    stray = tmp_path / "events.toml"
    stray.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="does not lie in data/"):
        imports.register_record("talks", [stray], as_of=date(2026, 1, 1))


def test_the_vintage_of_a_month_off_the_calendar_is_the_day_its_copy_was_seen_at_the_latest() -> None:
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 3, 9)) == (date(2030, 3, 9), "at the latest")
    assert registration.vintage_day("2030-01", Calendar({}), date(2030, 9, 9)) == (date(2030, 3, 31), "at the latest")


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        ("2023-06-06", "2023-02-07"),
        ("2023-07-26", "2023-07-26"),
        ("2024-02-06", "2024-02-06"),
        ("2024-02-07", "2024-02-06"),
        ("2026-11-27", "2024-02-06"),
    ],
)
def test_a_yearly_file_cannot_have_come_out_when_a_year_more_was_out(seen: str, day: str) -> None:
    """As a vintage of the day it was seen its old figures would pass for those in force that day."""
    assert str(registration.vintage_day("2022", sources.calendar(), date.fromisoformat(seen))[0]) == day


@pytest.mark.long
def test_a_record_that_may_not_be_written_is_told_in_a_sentence_and_is_as_before(
    young_record: Path, workbook: Writer, rows: list[Row]
) -> None:
    before = contents(young_record)
    (young_record / ".lock").unlink(missing_ok=True)
    (young_record / ".lock").mkdir()
    path = workbook(rows)
    for command in (
        ["country", str(path), "--obtained", "made for a test", "--seen", "2017-04-10"],
        ["record", "ft900-calendar"],
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
    monkeypatch.setattr(files.tempfile, "mkstemp", read_only)
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
    assert (
        "sources.toml is missing: no figure would have an origin. You can put it back, or unset BRIEFING_DATA"
        in result.output
    )


def test_a_yearly_file_that_is_held_is_nothing_new_whenever_it_was_seen(
    copied_record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = max(sources.vintages_of("census-end-use-imports"), key=lambda source: source.vintage)
    table = imports._table(held)
    monkeypatch.setattr(imports, "read_end_use", lambda *_, **__: table)
    monkeypatch.setattr(registration, "sha256_of", lambda _: held.original_sha256)
    (tmp_path / "enduse_imports.xlsx").touch()
    for seen in (date(2026, 3, 1), date(2026, 11, 27)):
        said = imports.import_end_use(tmp_path / "enduse_imports.xlsx", obtained="made for a test", seen=seen)
        assert f"nothing new: its observations are registered as the vintage of {held.vintage}" in said


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[[event]\n"])
def test_a_file_of_talks_that_cannot_be_read_is_not_registered(copied_record: Path, content: bytes) -> None:
    register = (copied_record / "sources.toml").read_bytes()
    (copied_record / "talks" / "korus" / "events.toml").write_bytes(content)
    with pytest.raises(SourceError, match=r"data/talks/korus/events\.toml cannot be read as TOML"):
        imports.register_record("talks", [], as_of=date(2026, 11, 28))
    assert (copied_record / "sources.toml").read_bytes() == register


def _as_csv(table: pd.DataFrame, path: Path) -> Path:
    """Observations by end-use as the office's sheet, saved as CSV."""
    header = ",".join(["CTY_CODE", "CTY_DESC", "END_USE", "COMM_DESC", *(f"value_{year}" for year in range(16, 26))])
    wide = (
        table.pivot(index=["counterpart_area", "commodity"], columns="time_period", values="obs_value")
        .fillna(0)
        .astype(int)
    )
    rows = [
        ",".join(
            ["0000" if code == codelists.WORLD else code, f'"{codelists.AREAS[code]}"', end_use, "x", *map(str, row)]
        )
        for (code, end_use), row in zip(wide.index, wide.to_numpy().tolist(), strict=True)
    ]
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.fixture
def imports_by_end_use(copied_record: Path) -> pd.DataFrame:
    held = max(sources.vintages_of("census-end-use-imports"), key=lambda source: source.vintage)
    return imports._table(held)


def test_a_file_of_the_other_flow_is_refused_with_the_option_that_says_so(
    copied_record: Path, imports_by_end_use: pd.DataFrame
) -> None:
    path = _as_csv(imports_by_end_use, copied_record / "enduse.csv")
    with pytest.raises(
        OtherLevel, match=r"If it is a file of imports, leave out --exports: nothing in such a file says"
    ):
        imports.import_end_use(path, flow="X", obtained="made for a test", seen=date(2026, 11, 27))


def test_a_file_with_partners_exchanged_is_not_taken_for_one_of_the_other_flow(
    copied_record: Path, imports_by_end_use: pd.DataFrame
) -> None:
    exchanged = {"5800": "5880", "5880": "5800"}
    table = imports_by_end_use.assign(counterpart_area=imports_by_end_use["counterpart_area"].replace(exchanged))
    path = _as_csv(table, copied_record / "enduse.csv")
    with pytest.raises(MalformedSource, match="as if") as refused:
        imports.import_end_use(path, obtained="made for a test", seen=date(2026, 11, 27))
    assert "--exports" not in str(refused.value)


@pytest.fixture
def small_record(tmp_path: Path) -> Path:
    """A record with a register of one dataset, of which nothing is held."""
    (tmp_path / "sources.toml").write_text("[census-country]\n", encoding="utf-8")
    return tmp_path


def small(content: bytes, *, day: int = 1, only: bool = False, beside: str = "") -> registration.Addition:
    entry = {"vintage": date(2017, 1, day), "last_period": "2016-11", "original": "a file", "original_sha256": "0" * 64}
    return registration.Addition("census-country", f"census/{day}.parquet", content, entry, only, beside)


def test_no_file_is_written_over_but_one_of_which_a_single_version_is_kept(small_record: Path) -> None:
    def register(one: registration.Addition) -> str:
        return registration.register_vintages(small_record, [one])[0]

    assert register(small(b"one")) == "census/1.parquet"
    assert register(small(b"one")) == "", "it is registered already"
    other = register(small(b"other", beside="two are known"))
    assert other == f"census/1.{registration.sha256_of_bytes(b'other')[:8]}.parquet"
    assert (small_record / "census/1.parquet").read_bytes() == b"one"
    assert (small_record / other).read_bytes() == b"other"
    assert register(small(b"two", day=2, only=True)) == "census/2.parquet"
    assert register(small(b"three", day=2, only=True)) == "census/2.parquet"
    assert (small_record / "census/2.parquet").read_bytes() == b"three"
    text = (small_record / "sources.toml").read_text(encoding="utf-8")
    assert text.count("[[census-country.vintages]]") == 3 and text.count('set_aside = "two are known"') == 1


@pytest.mark.parametrize("found", [None, b"damaged"])
def test_a_registered_file_that_was_lost_or_damaged_is_put_back(found: bytes | None, small_record: Path) -> None:
    registration.register_vintages(small_record, [small(b"one")])
    file = small_record / "census/1.parquet"
    if found is None:
        file.unlink()
        file.parent.rmdir()
    else:
        file.write_bytes(found)
    assert registration.register_vintages(small_record, [small(b"one")]) == [""]
    assert file.read_bytes() == b"one"


def test_whoever_waits_too_long_for_another_writer_is_told_how_long(
    small_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "LOCK_SECONDS", 0)
    with registration._one_writer(small_record), pytest.raises(SourceError, match="for 0 seconds"):
        registration.register_vintages(small_record, [small(b"one")])


def test_what_a_killed_writer_had_begun_is_swept_and_replies_as_received_are_not(small_record: Path) -> None:
    begun = [
        small_record / name for name in (".sources.toml.x.unfinished", "census/.1.x.unfinished", "raw/.1.x.unfinished")
    ]
    for file in begun:
        file.parent.mkdir(exist_ok=True)
        file.touch()
    registration.register_vintages(small_record, [small(b"one")])
    assert [file.exists() for file in begun] == [False, False, True]


def test_a_dataset_that_nobody_described_is_not_registered(small_record: Path) -> None:
    (small_record / "sources.toml").write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match=r"has no dataset census-country: .* Write a table \[census-country\]"):
        registration.register_vintages(small_record, [small(b"one")])
    assert not (small_record / "census").exists()
