"""What is said of a file's origin is refused where it cannot be: one day on this side of each bound, and one on the other."""

from contextlib import nullcontext
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from briefing.acquire import imports, provenance
from briefing.errors import MalformedSource, SourceError
from briefing.record import sources

DAY = date(2018, 1, 5)
NEXT, BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("obtained", "seen", "vintage", "words"),
    [
        ("from the landing page", DAY, None, ""),
        ("é", DAY, DAY, ""),
        ("x", DAY, date(1985, 3, 1), ""),
        ("x", DAY, date(1985, 2, 28), "is before 1985-03-01, when the first month on record"),
        ("x", DAY, NEXT, "--vintage 2018-01-06 is after the day on which the copy was seen, 2018-01-05"),
        ("x", NEXT, None, r"has not come yet \(today is 2018-01-05\)"),
        ("", DAY, None, "does not say how the file came to us"),
        ("_ . -", DAY, None, "does not say how the file came to us"),
        ("one\nother", DAY, None, "holds signs that cannot be printed"),
    ],
)
def test_an_origin_says_something_and_its_days_can_be(
    obtained: str, seen: date, vintage: date | None, words: str
) -> None:
    with pytest.raises(SourceError, match=words) if words else nullcontext():
        provenance.require_told(obtained, seen, vintage, DAY)


def test_no_copy_is_older_than_the_release_of_its_last_month() -> None:
    calendar = sources.calendar()
    provenance.require_published("x", "2017-11", calendar, DAY, DAY)
    for seen, vintage, words in (
        (BEFORE, DAY, "was first released on 2018-01-05: it cannot have been seen on 2018-01-04"),
        (DAY, BEFORE, "was first released on 2018-01-05: it cannot be the vintage of 2018-01-04"),
    ):
        with pytest.raises(SourceError, match=words):
            provenance.require_published("x", "2017-11", calendar, seen, vintage)
    with pytest.raises(SourceError, match="holds 2017, which was first released on 2018-02-06"):
        provenance.require_published("x", "2017", calendar, date(2018, 2, 5), DAY)
    soonest = date(2030, 3, 4)
    provenance.require_published("x", "2030-01", calendar, soonest, soonest)
    with pytest.raises(SourceError, match=f"cannot have been released before {soonest}"):
        provenance.require_published("x", "2030-01", calendar, soonest - timedelta(days=1), soonest)


def test_a_file_of_which_each_release_replaces_the_last_is_of_the_release_of_its_last_month() -> None:
    calendar = sources.calendar()
    provenance.require_in_force("x", "2017-11", calendar, DAY)
    provenance.require_in_force("x", "2017-11", calendar, date(2018, 2, 5))
    with pytest.raises(SourceError, match="by --vintage 2018-02-06 the data to 2017-12 were out"):
        provenance.require_in_force("x", "2017-11", calendar, date(2018, 2, 6))


def test_one_file_is_one_vintage() -> None:
    twin: Any = SimpleNamespace(vintage=DAY, original="country.xlsx", original_sha256="0" * 64)
    provenance.require_one_vintage("x", twin, DAY, ["a"])
    provenance.require_one_vintage("x", None, DAY, ["a"])
    with pytest.raises(SourceError, match=r"^a, b holds what x of 2018-01-05 holds, .* Or give --vintage 2018-01-05"):
        provenance.require_one_vintage("x", twin, NEXT, ["a", "b"])


@pytest.mark.parametrize(
    ("last", "seen", "is_past"),
    [
        ("2018-01", DAY, True),
        ("2018-02", DAY, False),
        ("2017", date(2017, 12, 1), True),
        ("2017", date(2017, 11, 30), False),
    ],
)
def test_a_table_describes_no_month_that_had_not_begun_when_it_was_seen(last: str, seen: date, is_past: bool) -> None:
    words = f"describes {last}, but was seen on {seen}"
    with nullcontext() if is_past else pytest.raises(MalformedSource, match=words):
        imports._require_past("x", last, seen)
