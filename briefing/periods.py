"""Months and years as text, "2017-11" and "2017", the way SDMX writes a `time_period`, and their names in prose."""

import re
from datetime import date, timedelta

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def is_month(text: str) -> bool:
    """Whether the text is a month of the form YYYY-MM.

    >>> is_month("2017-11"), is_month("2017-13"), is_month("2017")
    (True, False, False)
    """
    return re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) is not None


def is_year(text: str) -> bool:
    """Whether the text is a year of four digits."""
    return re.fullmatch(r"[0-9]{4}", text) is not None


def last_month(period: str) -> str:
    """The month in which a period ends: of a month itself, of a year its December.

    >>> last_month("2017-11"), last_month("2017")
    ('2017-11', '2017-12')
    """
    return f"{period}-12" if is_year(period) else period


def shifted(period: str, months: int) -> str:
    """The month that lies so many months later, or earlier if negative.

    >>> shifted("2017-11", 2), shifted("2017-11", -12)
    ('2018-01', '2016-11')
    """
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]) - 1 + months, 12)
    return f"{year:04d}-{month + 1:02d}"


def span(first: str, last: str) -> list[str]:
    """Every month from first to last, both included; empty if first is the later one."""
    months = []
    while first <= last:
        months.append(first)
        first = shifted(first, 1)
    return months


def first_to_last(first: str, last: str) -> str:
    """Two periods by which a span is named, or one if they are the same.

    >>> first_to_last("2015-01", "2016-12"), first_to_last("2015", "2015")
    ('2015-01 to 2016-12', '2015')
    """
    return first if first == last else f"{first} to {last}"


def year_to_date(last: str) -> list[str]:
    """January to the given month of the same year."""
    return span(f"{last[:4]}-01", last)


def end_of_month(period: str) -> date:
    """The last day of the month."""
    following = shifted(period, 1)
    return date.fromordinal(date(int(following[:4]), int(following[5:]), 1).toordinal() - 1)


def in_words(period: str) -> str:
    """A month, or two joined by "/", in prose; nothing is a period not stated.

    >>> in_words("2017-11"), in_words("2017-01/2017-11"), in_words("2016-12/2017-11")
    ('November 2017', 'January–November 2017', 'December 2016 to November 2017')
    >>> in_words("2016-01/2016-12"), in_words("2016")
    ('2016', '2016')
    """
    if not period:
        return "period not stated"
    first, _, last = period.partition("/")
    if not last or first == last:
        return _month_in_words(first)
    if first[:4] == last[:4]:
        if first[5:] == "01" and last[5:] == "12":
            return first[:4]
        return f"{MONTHS[int(first[5:]) - 1]}–{_month_in_words(last)}"
    return f"{_month_in_words(first)} to {_month_in_words(last)}"


def _month_in_words(period: str) -> str:
    return f"{MONTHS[int(period[5:7]) - 1]} {period[:4]}" if len(period) >= 7 else period


def day_in_words(day: date) -> str:
    """A day in prose.

    >>> day_in_words(date(2018, 1, 5))
    '5 January 2018'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


When = date | str
"""A day; or the month or year alone ("2016-01", "2016") where nobody printed the day."""


def first_day(when: When) -> date:
    """The first day that is meant.

    >>> first_day("2016"), first_day("2016-02")
    (datetime.date(2016, 1, 1), datetime.date(2016, 2, 1))
    """
    return date.fromisoformat(f"{when}-01-01"[:10]) if isinstance(when, str) else when


def last_day(when: When) -> date:
    """The last day that is meant.

    >>> last_day("2016"), last_day("2016-02")
    (datetime.date(2016, 12, 31), datetime.date(2016, 2, 29))
    """
    return end_of_month(when if is_month(when) else f"{when}-12") if isinstance(when, str) else when


def when_in_words(when: When) -> str:
    """What is known of a day in prose.

    >>> when_in_words(date(2018, 1, 5)), when_in_words("2016-01"), when_in_words("2016")
    ('5 January 2018', 'January 2016', '2016')
    """
    return in_words(when) if isinstance(when, str) else day_in_words(when)


RECENT = timedelta(days=92)
"""The longest that three months can be."""


def is_recent(day: date, as_of: date) -> bool:
    """Whether a day is one of the last three months up to another.

    >>> is_recent(date(2017, 10, 5), date(2018, 1, 5)), is_recent(date(2017, 10, 4), date(2018, 1, 5))
    (True, False)
    """
    return as_of - RECENT <= day <= as_of
