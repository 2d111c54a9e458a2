"""Four texts make an edition, or are refused with a way on."""

from datetime import date
from typing import Any

import pytest
from briefing.errors import EditionError
from briefing.record import sources
from briefing.record.edition import Edition, default_first_period, edition
from briefing.record.vintages import Calendar, Release

CALENDAR = Calendar({"2017-11": Release("2017-11", date(2018, 1, 5), "released")})
TODAY = date(2026, 11, 23)


def asked(**changes: str) -> Edition:
    texts = {"partner": "Korea, South", "first_period": "2011-01", "last_period": "latest", "as_of": "2018-01-05"}
    return edition(**(texts | changes), calendar=CALENDAR, today=TODAY)


@pytest.mark.parametrize("value", [5800, 5800.0, "5800"])
def test_a_partner_whose_code_was_taken_for_a_number_is_found(value: Any) -> None:
    assert asked(partner=value).partner == "5800"
    assert asked(partner=15, as_of=date(2018, 1, 5)).partner == "0015"


@pytest.mark.parametrize("name", ["partner", "first_period", "last_period", "as_of"])
@pytest.mark.parametrize("value", [None, True, 2011.5, float("nan"), float("inf"), -1, ["5800"]])
def test_what_is_no_text_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(EditionError, match=rf"{name} is .*, which is no text.* papermill's command line, as -r {name}"):
        asked(**{name: value})


@pytest.mark.parametrize("name", ["first_period", "last_period"])
def test_a_year_that_was_taken_for_a_number_is_refused_as_a_year(name: str) -> None:
    year: Any = 2011
    with pytest.raises(EditionError, match=f"{name} '2011' is not a month"):
        asked(**{name: year})


def test_latest_is_the_last_month_published_by_the_day() -> None:
    assert asked() == Edition("5800", "2011-01", "2017-11", date(2018, 1, 5))
    assert asked(as_of="2018-01-04").last_period == "2017-10"


@pytest.mark.parametrize("name", ["5800", "Korea, South", "south korea", "Korea", "  SOUTH KOREA "])
def test_a_partner_is_found_by_code_or_any_name(name: str) -> None:
    assert asked(partner=name).partner == "5800"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partner": "Germny"}, r"Partner 'Germny' is in no list of partners, .* Did you mean Germany \(4280\)\?"),
        ({"partner": "301"}, "Partner '301' is in no list"),
        ({"partner": ""}, "Partner '' is in no list"),
        ({"partner": "0003"}, r"0003 is an aggregate \(European Union, 0003\)"),
        ({"partner": "European Union"}, r"European Union is an aggregate \(European Union, 0003\), not a partner"),
        ({"as_of": "20180105"}, "'20180105' is not a day of the calendar"),
        ({"as_of": "2018-W01-5"}, "is not a day of the calendar"),
        ({"first_period": "0001-01"}, "first_period 0001-01 lies before 1985-01, the first month of the record"),
        ({"as_of": "2018-1-5"}, 'such as "2018-01-05"'),
        ({"as_of": "2018-02-30"}, "'2018-02-30' is not a day of the calendar, .* such as \"2018-02-28\""),
        ({"as_of": "yesterday"}, 'such as "2026-11-23"'),
        ({"as_of": "1996-12-31"}, r"lies outside 1997-01-01 to 2026-11-23"),
        ({"as_of": "2026-11-24"}, "Nearest: 2026-11-23"),
        ({"first_period": "2011"}, "first_period '2011' is not a month, .* such as \"2011-01\""),
        ({"last_period": "now"}, 'or "latest"'),
        ({"first_period": "latest"}, "first_period 'latest' is not a month"),
        ({"last_period": "2017-13"}, "last_period '2017-13' is not a month"),
        ({"last_period": "2017-12"}, "last_period 2017-12 had not been published by 2018-01-05"),
        ({"last_period": "2017-12"}, 'Use "latest" or a month up to 2017-11'),
        (
            {"first_period": "2017-12"},
            "first_period 2017-12 lies after last_period 2017-11.* Use 2011-12 or another earlier month",
        ),
        ({"first_period": "2017-06", "last_period": "2017-05"}, "first_period 2017-06 lies after last_period 2017-05"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_with_a_way_on(changes: dict[str, str], words: str) -> None:
    with pytest.raises(EditionError, match=words):
        asked(**changes)


def test_the_first_and_the_last_day_on_record_have_editions() -> None:
    assert asked(as_of="1997-01-01", first_period="1990-01").last_period == "1996-10"
    assert asked(as_of=str(TODAY)).as_of == TODAY


def test_a_window_of_one_month_is_an_edition() -> None:
    one = asked(first_period="2017-05", last_period="2017-05")
    assert (one.first_period, one.last_period) == ("2017-05", "2017-05")


def test_an_edition_is_titled_by_partner_and_day() -> None:
    assert asked().title == "South Korea, as of 5 January 2018"
    assert asked(partner="Netherlands").partner_in_prose == "the Netherlands"
    assert asked(partner="World").title == "World, as of 5 January 2018"


def test_the_default_edition_is_korea_to_november_2017(edition: Edition) -> None:
    assert edition == Edition("5800", "2011-01", "2017-11", date(2018, 1, 5))


@pytest.mark.parametrize(
    ("partner", "first", "last", "words"),
    [
        ("USSR", "2011-01", "latest", r"USSR \(4610\) has no trade on record from 2011-01 to 2017-11: only 1985-01 to"),
        (
            "South Sudan",
            "1985-01",
            "1985-12",
            r"South Sudan \(7323\) has no trade on record from 1985-01 to 1985-12: nothing is held",
        ),
    ],
)
def test_a_partner_without_trade_in_the_window_is_refused(partner: str, first: str, last: str, words: str) -> None:
    with pytest.raises(EditionError, match=words):
        sources.open_edition(partner, first, last, "2018-01-05")


def test_an_edition_of_long_ago_starts_six_years_back() -> None:
    assert default_first_period("2017-11") == "2011-01"
    assert default_first_period(sources.calendar().last_published(date(2009, 6, 1))) == "2003-01"


def test_today_is_the_day_on_which_it_is_asked() -> None:
    assert asked(as_of="today") == asked(as_of=str(TODAY))
