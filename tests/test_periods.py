"""Months as text, and in prose."""

from datetime import date

import pytest
from briefing import periods
from hypothesis import given, settings
from hypothesis import strategies as st

MONTHS = st.dates(date(1985, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y-%m}")
exhaustively = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.mark.parametrize("text", ["1985-01", "2017-09", "2017-10", "2017-12"])
def test_year_and_month_make_a_month(text: str) -> None:
    assert periods.is_month(text)


@pytest.mark.parametrize(
    "text", ["", "2017", "2017-00", "2017-13", "2017-1", "17-01", "2017-01-05", " 2017-01", "2017-01\n", "２０１７-01"]
)
def test_anything_else_is_no_month(text: str) -> None:
    assert not periods.is_month(text)


@pytest.mark.parametrize(
    ("months", "shifted"), [(0, "2017-11"), (1, "2017-12"), (2, "2018-01"), (-11, "2016-12"), (-12, "2016-11")]
)
def test_a_month_is_shifted_over_the_turn_of_the_year(months: int, shifted: str) -> None:
    assert periods.shifted("2017-11", months) == shifted


@exhaustively
@given(MONTHS, st.integers(-600, 600))
def test_a_month_shifted_and_shifted_back_is_itself(month: str, months: int) -> None:
    assert periods.shifted(periods.shifted(month, months), -months) == month


@exhaustively
@given(MONTHS, st.integers(0, 400))
def test_a_span_holds_each_month_once_in_order(month: str, months: int) -> None:
    span = periods.span(month, periods.shifted(month, months))
    assert len(span) == months + 1
    assert span == sorted(set(span))
    assert all(map(periods.is_month, span))


def test_a_span_that_ends_before_it_begins_is_empty() -> None:
    assert periods.span("2017-12", "2017-11") == []


def test_the_year_to_date_begins_in_january() -> None:
    assert periods.year_to_date("2017-03") == ["2017-01", "2017-02", "2017-03"]
    assert periods.year_to_date("2017-01") == ["2017-01"]


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2016-02", date(2016, 2, 29)),
        ("2017-02", date(2017, 2, 28)),
        ("2000-02", date(2000, 2, 29)),
        ("2017-11", date(2017, 11, 30)),
        ("2017-12", date(2017, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(month: str, day: date) -> None:
    assert periods.end_of_month(month) == day


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2017-11", "November 2017"),
        ("2017-11/2017-11", "November 2017"),
        ("2017-01/2017-11", "January–November 2017"),
        ("2016-01/2016-12", "2016"),
        ("2016-12/2017-11", "December 2016 to November 2017"),
        ("2016-01/2017-12", "January 2016 to December 2017"),
        ("2016", "2016"),
        ("", "period not stated"),
    ],
)
def test_a_period_is_said_in_words(period: str, words: str) -> None:
    assert periods.in_words(period) == words


def test_a_day_is_said_without_a_leading_zero() -> None:
    assert periods.day_in_words(date(2018, 1, 5)) == "5 January 2018"
