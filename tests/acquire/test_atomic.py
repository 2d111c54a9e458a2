"""A vintage enters the record in one step: killed at any moment, or two at once, the record is whole."""

import multiprocessing
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import filelock
import pytest
from briefing.acquire import registration
from briefing.acquire.registration import Addition
from briefing.errors import SourceError
from briefing.record import sources

from tests.conftest import forget

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["briefing.acquire.registration", "tests.acquire.test_atomic"])
KILLED = 9


def register_and_die(data: Path, content: str, last: int) -> None:
    """Register two vintages, but die before the `last`-th time that something is done to a file."""
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            flags = arguments[2]
            changes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        else:
            changes = event in ("os.rename", "os.remove", "os.mkdir", "os.chmod")
        count += bool(changes)
        if changes and count == last:
            os._exit(KILLED)

    sys.addaudithook(watch)
    registration.register_vintages(data, additions(content, beside="another file of the day"))


def register_or_be_refused(data: Path, content: str) -> None:
    """Register two vintages, or end with the sentence that the day is taken."""
    try:
        registration.register_vintages(data, additions(content))
    except SourceError as refusal:
        assert "is registered already" in str(refusal)
        os._exit(KILLED)


def register_fifteen(data: Path, first_year: int) -> None:
    """Register fifteen vintages, one after another."""
    for day in range(1, 16):
        vintage = date(first_year, 1, day)
        entry = {**additions("x")[0].entry, "vintage": vintage}
        addition = Addition("census-country", f"census/{vintage}/country.parquet", b"x", entry)
        registration.register_vintages(data, [addition])


def hold_the_lock(data: Path, held: Any) -> None:
    """Hold the lock until killed."""
    lock = filelock.FileLock(data / ".lock")
    lock.acquire()
    held.set()
    time.sleep(60)


def additions(content: str, beside: str = "") -> list[Addition]:
    """Two files of two datasets that belong together, under the same names whatever they hold."""
    entry = {
        "vintage": date(2031, 1, 1),
        "vintage_known": "day",
        "last_period": "2030-11",
        "obtained": content,
        "original": "x",
        "original_sha256": "",
    }
    return [
        Addition(
            "census-country", "census/2031-01-01/country.parquet", f"{content} one".encode(), entry, beside=beside
        ),
        Addition(
            "census-hs-exports", "census/2031-01-01/hs-exports.parquet", f"{content} two".encode(), entry, beside=beside
        ),
    ]


def held(data: Path) -> list[str]:
    """What the record says of the two vintages, each registered file being whole."""
    forget()
    for source in sources.whole_register():
        sources.verified_bytes(source)
    return [source.obtained for source in sources.whole_register() if source.vintage == date(2031, 1, 1)]


def killed_at(data: Path, content: str, step: int) -> bool:
    """Whether the writer was killed before it came to its end."""
    writer = FORKS.Process(target=register_and_die, args=(data, content, step))
    writer.start()
    writer.join(60)
    assert writer.exitcode in (0, KILLED)
    return writer.exitcode == KILLED


@pytest.mark.long
@pytest.mark.parametrize("beside", [False, True], ids=["a new vintage", "a file kept beside another"])
def test_whoever_is_killed_at_any_step_leaves_the_old_record_or_the_new_one(copied_record: Path, beside: bool) -> None:
    if beside:
        registration.register_vintages(copied_record, additions("first"))
    before = held(copied_record)
    assert before == ["first", "first"] * beside
    seen = set()
    for step in range(1, 60):
        finished = not killed_at(copied_record, "second", step)
        state = held(copied_record)
        assert state in (before, [*before[:1], "second"] * 2)
        seen.add(tuple(state))
        if finished:
            break
    else:
        raise AssertionError("the import never came to its end")
    assert step > 6 and len(seen) == 2 and tuple(before) in seen
    answering = [source.obtained for source in sources.register() if source.vintage == date(2031, 1, 1)]
    assert answering == (before or ["second", "second"])
    leftovers = {path for path in copied_record.rglob("*") if path.is_file()}
    registered = {copied_record / source.file for source in sources.whole_register()}
    assert leftovers - registered <= {copied_record / "sources.toml", copied_record / ".lock"}


@pytest.mark.long
def test_three_at_once_lose_no_entry(copied_record: Path) -> None:
    writers = [FORKS.Process(target=register_fifteen, args=(copied_record, year)) for year in (2040, 2041, 2042)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    forget()
    days = [source.vintage for source in sources.vintages_of("census-country") if source.vintage.year >= 2040]
    assert len(days) == 45 == len(set(days))


@pytest.mark.long
def test_of_two_files_for_one_day_at_once_one_is_registered_and_one_refused(copied_record: Path) -> None:
    writers = [FORKS.Process(target=register_or_be_refused, args=(copied_record, name)) for name in ("one", "other")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert sorted(str(writer.exitcode) for writer in writers) == ["0", str(KILLED)]
    assert held(copied_record) in (["one", "one"], ["other", "other"])


@pytest.mark.long
def test_a_record_that_another_holds_is_waited_for_and_then_left(
    copied_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "LOCK_SECONDS", 0.1)
    holding = FORKS.Event()
    other = FORKS.Process(target=hold_the_lock, args=(copied_record, holding))
    other.start()
    assert holding.wait(60)
    try:
        with pytest.raises(SourceError, match="Another program has been writing to data/"):
            registration.register_vintages(copied_record, additions("x"))
    finally:
        other.kill()
        other.join()
    assert held(copied_record) == []
