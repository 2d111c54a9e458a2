"""Which vintage answers for a day, from calendars and vintages of two or three rows."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from briefing import periods
from briefing.errors import NoVintage
from briefing.record import sources
from briefing.record.vintages import Calendar, Release, vintage_as_of

CALENDAR = Calendar(
    {
        "2017-10": Release("2017-10", date(2017, 12, 5), "released"),
        "2017-11": Release("2017-11", date(2018, 1, 5), "released"),
        "2017-12": Release("2017-12", date(2018, 2, 6), "released"),
    }
)


@dataclass(frozen=True)
class Held:
    vintage: date
    last_period: str


NOVEMBER, DECEMBER = Held(date(2018, 1, 5), "2017-11"), Held(date(2018, 2, 6), "2017-12")


def test_a_month_is_known_from_the_day_of_its_release() -> None:
    assert CALENDAR.last_published(date(2018, 1, 4)) == "2017-10"
    assert CALENDAR.last_published(date(2018, 1, 5)) == "2017-11"


def test_a_month_off_the_calendar_counts_as_published_two_months_after_its_end() -> None:
    assert Calendar({}).release("2030-01").day == date(2030, 3, 31)
    assert Calendar({}).release("2030-01").kind == "assumed"
    assert Calendar({}).last_published(date(2030, 3, 30)) == "2029-12"
    assert Calendar({}).last_published(date(2030, 3, 31)) == "2030-01"


@pytest.mark.parametrize(
    ("as_of", "answer"),
    [
        (date(2018, 1, 5), (NOVEMBER, "held")),
        (date(2018, 2, 5), (NOVEMBER, "held")),
        (date(2018, 2, 6), (DECEMBER, "held")),
        (date(2018, 1, 4), (NOVEMBER, "later")),
        (date(2018, 6, 1), (DECEMBER, "earlier")),
    ],
)
def test_a_vintage_answers_until_the_next_release(as_of: date, answer: tuple[Held, str]) -> None:
    assert vintage_as_of([NOVEMBER, DECEMBER], CALENDAR, as_of) == answer
    assert vintage_as_of([DECEMBER, NOVEMBER], CALENDAR, as_of) == answer


def test_where_the_vintage_of_the_day_is_not_held_the_nearest_later_one_answers() -> None:
    october, much_later = Held(date(2017, 12, 5), "2017-10"), Held(date(2019, 1, 8), "2018-11")
    assert vintage_as_of([october, much_later, DECEMBER], CALENDAR, date(2018, 1, 5)) == (DECEMBER, "later")


def test_without_any_vintage_nothing_is_said() -> None:
    with pytest.raises(NoVintage, match=r"No vintage is held\. .* `briefing acquire`"):
        vintage_as_of([], CALENDAR, date(2018, 1, 5))


def test_recorded_releases_follow_one_another_on_weekdays() -> None:
    releases = [release for _, release in sorted(sources.calendar().recorded.items())]
    days = [release.day for release in releases]
    assert days == sorted(set(days))
    pages = [release for release in releases if release.kind in ("released", "scheduled")]
    assert all(release.day.weekday() < 5 and release.address.startswith("http") for release in pages)
    assert all(release.day > periods.end_of_month(release.reference_month) for release in pages)


def test_assumed_days_never_come_before_the_recorded_release_of_an_earlier_month() -> None:
    days = [sources.calendar().release(month).day for month in periods.span("1996-10", "2026-12")]
    assert days == sorted(set(days))


@pytest.mark.parametrize(
    ("month", "day"),
    # The page that shows each of them stands in its row of data/census/calendar.toml.
    [("2017-11", date(2018, 1, 5)), ("2017-12", date(2018, 2, 6)), ("2018-04", date(2018, 6, 6))],
)
def test_the_release_days_of_the_default_edition_are_those_of_the_pages(month: str, day: date) -> None:
    release = sources.calendar().release(month)
    assert (release.day, release.kind) == (day, "released")
    assert sources.calendar().last_published(day) == month
    assert sources.calendar().last_published(day - timedelta(days=1)) == periods.shifted(month, -1)
