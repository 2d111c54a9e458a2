"""Holds what a person says of a file against the calendar and the record: nothing inside it could contradict them."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from briefing import periods
from briefing.errors import SourceError
from briefing.record.sources import Source
from briefing.record.vintages import Calendar

FIRST_RELEASE = date(1985, 3, 1)
"""The earliest day of a release: country.xlsx begins with January 1985."""
SOONEST = timedelta(days=32)
"""No release on record came sooner after the end of its month: March 2013, May 2020, May 2021 and March 2024 did."""


def require_told(obtained: str, seen: date, vintage: date | None, today: date) -> None:
    """Refuse an origin that says nothing, a day that has not come, and a vintage later than the copy of it.

    Raises
    ------
    SourceError
    """
    if not re.search(r"[^\W_]", obtained):
        raise SourceError(
            f"--obtained {obtained!r} does not say how the file came to us: its figures would have no origin. "
            "Write where it was found, and when."
        )
    if not obtained.isprintable():
        raise SourceError(
            f"--obtained {obtained!r} holds signs that cannot be printed: nobody could read there how the file came to us. "
            "Write it in plain words, on one line."
        )
    if seen > today:
        raise SourceError(
            f"--seen {seen} has not come yet (today is {today}): a copy cannot have existed then, and the file could "
            "pass for one of a later release. Give a day on which you know that it existed."
        )
    if vintage is not None and vintage < FIRST_RELEASE:
        raise SourceError(
            f"--vintage {vintage} is before {FIRST_RELEASE}, when the first month on record could have been published: no file can have come "
            "out then. Give the day it came out, or leave --vintage out: the calendar has it."
        )
    if vintage is not None and vintage > seen:
        raise SourceError(
            f"--vintage {vintage} is after the day on which the copy was seen, {seen}: editions of the days between "
            "would not know what was known. Give the day it came out, or correct --seen."
        )


def require_published(dataset: str, last_period: str, calendar: Calendar, seen: date, vintage: date) -> None:
    """Refuse a copy seen, or a vintage, before the first release of the last month that the file describes.

    Raises
    ------
    SourceError
    """
    earliest, how = _earliest(periods.last_month(last_period), calendar)
    for day, what in ((seen, "it cannot have been seen on"), (vintage, "it cannot be the vintage of")):
        if day < earliest:
            raise SourceError(
                f"This file of {dataset} holds {last_period}, which {how}: {what} {day}. Editions of the days between "
                "would show what nobody knew. Correct --seen or --vintage, or the row of the month in "
                "data/census/calendar.toml if that is wrong; or the file is not what it is taken for."
            )


def _earliest(month: str, calendar: Calendar) -> tuple[date, str]:
    release = calendar.release(month)
    if release.kind in ("released", "scheduled"):
        return (
            release.day,
            f"was first {'released' if release.kind == 'released' else 'to be released'} on {release.day}",
        )
    earliest = periods.end_of_month(month) + SOONEST
    return earliest, f"cannot have been released before {earliest}"


def require_in_force(dataset: str, last_period: str, calendar: Calendar, vintage: date) -> None:
    """Refuse the day of a later release for a file that lacks the month of that release.

    For files of which each release puts a new one, with one more month, in the place of the last.

    Raises
    ------
    SourceError
    """
    published = calendar.last_published(vintage)
    if published > last_period:
        raise SourceError(
            f"This file of {dataset} ends at {last_period}, and by --vintage {vintage} the data to {published} were out: "
            "it came out before. Editions of that day would take old figures for new ones. Give the day it came out, or "
            "leave --vintage out: the calendar has it."
        )


def require_one_vintage(dataset: str, twin: Source | None, vintage: date, names: Iterable[str]) -> None:
    """Refuse a file that is registered under another day.

    Raises
    ------
    SourceError
    """
    if twin is not None and twin.vintage != vintage:
        raise SourceError(
            f"{', '.join(names)} holds what {dataset} of {twin.vintage} holds, made from {twin.original} "
            f"(SHA-256 {twin.original_sha256[:16]}). As the vintage of {vintage} too, it would make a revision of nothing, and "
            f"one of the two days is wrong. Leave it: it is held. Or give --vintage {twin.vintage} to compare the two."
        )
