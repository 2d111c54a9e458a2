"""`Edition`: one briefing, for one partner, as of one day."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from briefing import periods
from briefing.codes import codelists
from briefing.errors import EditionError
from briefing.record.vintages import Calendar

FIRST_MONTH = "1985-01"
FIRST_DAY = date(1997, 1, 1)
"""The earliest as-of day: before it the record holds too few months to compare."""
DEFAULT_FIRST_PERIOD = "2011-01"
OWN_COUNTRY = (
    "The United States is the country whose trade this is, not a partner of it. Name the other side, or 0015 for all of "
    "the world."
)
MOST_QUOTED = 40
"""Signs of a text that a refusal repeats: enough to know it again."""


DEFAULT_PARTNER, DEFAULT_DAY = "Korea, South", "2018-01-05"
"""The edition that the notebooks open on, and that a command makes which names none."""


@dataclass(frozen=True)
class Edition:
    """A partner, the months shown and the as-of day, all checked.

    `partner` is a Schedule C code; `first_period` and `last_period` are months, "2017-11", of which
    the last had been published by the as-of day.
    """

    partner: str
    first_period: str
    last_period: str
    as_of: date

    @property
    def partner_in_prose(self) -> str:
        return codelists.in_prose(self.partner)

    @property
    def title(self) -> str:
        return f"{codelists.short_label(self.partner)}, as of {periods.day_in_words(self.as_of)}"


def default_first_period(last_published: str) -> str:
    """The first month shown if none is asked for: 2011, the year before the pact, or six years back if later."""
    return max(FIRST_MONTH, min(DEFAULT_FIRST_PERIOD, f"{int(last_published[:4]) - 6}-01"))


def edition(
    partner: str, first_period: str, last_period: str, as_of: str, *, calendar: Calendar, today: date
) -> Edition:
    """The edition that four texts ask for, each checked once, so that nobody else must.

    A number or a day is read as the text that it was: 15 is "0015", the world.

    Parameters
    ----------
    partner
        Schedule C code or any name of the partner: "5800", "Korea, South", "South Korea".
    first_period, last_period
        Months, "2011-01"; `last_period` may be "latest": the last month published by then, and `first_period`
        "usual": `default_first_period`.
    as_of
        Day, "2018-01-05", from 1997-01-01 to today.

    Raises
    ------
    EditionError
        Naming the parameter, what is wrong with it, and the nearest valid value.
    """
    code = _partner(_text("partner", partner))
    day = _as_of(_text("as_of", as_of), today)
    published = calendar.last_published(day)
    last_period, first_period = _text("last_period", last_period), _text("first_period", first_period)
    last = published if last_period == "latest" else _month("last_period", last_period)
    first = default_first_period(last) if first_period == "usual" else _month("first_period", first_period)
    if last > published:
        raise EditionError(
            f"last_period {last} had not been published by {day}: the last month out was {published}. "
            "The edition would show what nobody knew that day. "
            f'Use "latest" or a month up to {published}.'
        )
    if first > last:
        raise EditionError(
            f"first_period {first} lies after last_period {last}, the last month of this edition. "
            f"There would be nothing to show. Use {max(FIRST_MONTH, periods.shifted(last, -71))} or another earlier month."
        )
    return Edition(code, first, last, day)


def _text(name: str, value: object) -> str:
    """A parameter as text: papermill's command line makes 5800 a number, and a file of parameters a day of 2018-01-05."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return str(value)[:10]
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and value == value // 1:
        return f"{value:04.0f}"
    raise EditionError(
        f"{name} is {value!r}, which is no text, so the edition asked for is not known. "
        f"Write it in quotation marks; on papermill's command line, as -r {name} TEXT."
    )


def _quoted(text: str) -> str:
    """A text as a refusal repeats it: its start, and each sign that does not print by its number."""
    if len(text) <= MOST_QUOTED:
        return repr(text)
    return f"{text[:MOST_QUOTED] + '…'!r} ({len(text):,} signs)"


def _partner(text: str) -> str:
    code = codelists.partner_code(text)
    if code is not None:
        return code
    aggregate = codelists.aggregate_code(text)
    if aggregate is not None:
        said = text if text.isprintable() else aggregate
        raise EditionError(
            f"Partner {said} is an aggregate ({codelists.AGGREGATES[aggregate]}, {aggregate}), not a partner: "
            f"it would count its members twice beside them. Use a country, or {codelists.WORLD} for the world."
        )
    if codelists.is_own_country(text):
        raise EditionError(OWN_COUNTRY)
    raise EditionError(
        f"Partner {_quoted(text)} is in no list of partners, so no figure could be found for it. "
        f"{_nearest_partners(text)}"
    )


def _nearest_partners(text: str) -> str:
    """A way on for every reader, of the app as of the command line. One that comes near is not taken unasked."""
    match codelists.nearest_partners(text[:MOST_QUOTED]):
        case []:
            return 'Nothing comes near: give a name, such as "Korea, South", or a Schedule C code, such as "5800".'
        case [one]:
            return f"Did you mean {one}?"
        case several:
            return f"Nearest: {'; '.join(several)}."


def _as_of(text: str, today: date) -> date:
    if text == "today":
        return today
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        said = f"As-of day {_quoted(text)}" if text else "The as-of day, empty or not complete,"
        raise EditionError(
            f"{said} is not a day of the calendar, so no vintage can be chosen for it. "
            f'Write year-month-day, such as "{_nearest_day(text, today)}".'
        ) from None
    if not FIRST_DAY <= day <= today:
        why = "it has not come" if day > today else "what was known then is not on record"
        raise EditionError(
            f"As-of day {day} lies outside {FIRST_DAY} to {today}: {why}. "
            f"Nearest: {FIRST_DAY if day < FIRST_DAY else today}."
        )
    return day


def _nearest_day(text: str, today: date) -> date:
    """The day on record that the numbers in the text come closest to, year first; today if they name none."""
    numbers = re.findall(r"\d+", unicodedata.normalize("NFKC", text[:MOST_QUOTED]))[:3]
    if len(numbers) < 3 or len(numbers[0]) != 4:
        return today
    year, month, day = int(numbers[0]), min(max(int(numbers[1]), 1), 12), max(int(numbers[2]), 1)
    if not FIRST_DAY.year <= year <= today.year:
        return FIRST_DAY if year < FIRST_DAY.year else today
    last = periods.end_of_month(f"{year}-{month:02d}").day
    return min(date(year, month, min(day, last)), today)


def _month(name: str, text: str) -> str:
    if not periods.is_month(text):
        word = "usual" if name == "first_period" else "latest"
        raise EditionError(
            f"{name} {_quoted(text)} is not a month, so the window has no edge. "
            f'Write year-month, such as "2011-01", or "{word}".'
        )
    if text < FIRST_MONTH:
        raise EditionError(
            f"{name} {text} lies before {FIRST_MONTH}, the first month of the record: the chapters would "
            f"open with nothing. Use {FIRST_MONTH} or later."
        )
    return text
