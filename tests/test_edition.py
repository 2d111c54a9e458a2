"""Codes, months and days: what names what, and what is refused."""

import doctest
import importlib
import pkgutil
from datetime import date
from types import ModuleType

import briefing
import pytest
from briefing import codelists, periods, sources
from briefing.edition import Edition, edition
from briefing.errors import EditionError, NoVintage
from briefing.vintages import Calendar, Release, vintage_as_of

CALENDAR = Calendar({"2017-11": Release("2017-11", date(2018, 1, 5), "released")})
MODULES = [
    module.name for module in pkgutil.walk_packages(briefing.__path__, "briefing.") if "__main__" not in module.name
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    module: ModuleType = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def asked(**changes: str) -> Edition:
    texts = {"partner": "Korea, South", "first_period": "2011-01", "last_period": "latest", "as_of": "2018-01-05"}
    return edition(**(texts | changes), calendar=CALENDAR, today=date(2026, 11, 23))


def test_latest_is_the_last_month_published_by_the_day() -> None:
    assert asked() == Edition("5800", "2011-01", "2017-11", date(2018, 1, 5))
    assert asked(as_of="2018-01-04").last_period == "2017-10"


@pytest.mark.parametrize("name", ["5800", "Korea, South", "south korea", "Korea", "  SOUTH KOREA "])
def test_a_partner_is_found_by_code_or_any_name(name: str) -> None:
    assert asked(partner=name).partner == "5800"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"partner": "Germny"}, r"Partner 'Germny' is in no list of partners, .* Nearest: Germany \(4280\)"),
        ({"partner": "301"}, "Partner '301' is in no list"),
        ({"partner": ""}, "Partner '' is in no list"),
        ({"partner": "0003"}, r"0003 is an aggregate \(European Union\)"),
        ({"as_of": "2018-1-5"}, 'such as "2018-01-05"'),
        ({"as_of": "1996-12-31"}, r"lies outside 1997-01-01 to 2026-11-23"),
        ({"as_of": "2026-11-24"}, "Nearest: 2026-11-23"),
        ({"first_period": "2011"}, "first_period '2011' is not a month, .* such as \"2011-01\""),
        ({"last_period": "now"}, 'or "latest"'),
        ({"last_period": "2017-12"}, "last_period 2017-12 had not been published by 2018-01-05"),
        ({"first_period": "2017-12"}, "first_period 2017-12 lies after 2017-11"),
    ],
)
def test_an_edition_that_cannot_be_is_refused_with_a_way_on(changes: dict[str, str], words: str) -> None:
    with pytest.raises(EditionError, match=words):
        asked(**changes)


def test_every_name_in_the_code_list_finds_its_own_code() -> None:
    for code in codelists.PARTNERS:
        assert codelists.partner_code(codelists.AREAS[code]) == code
        assert codelists.partner_code(codelists.in_prose(code)) == code


def test_no_two_partners_share_a_name() -> None:
    assert len(set(codelists.PARTNERS.values())) == len(codelists.PARTNERS)


def test_aggregates_lie_below_1000_and_partners_above() -> None:
    assert max(codelists.AGGREGATES) < "1000" <= min(codelists.PARTNERS)


def test_a_month_off_the_calendar_counts_as_published_two_months_after_its_end() -> None:
    assert Calendar({}).release("2030-01").day == date(2030, 3, 31)
    assert Calendar({}).last_published(date(2030, 3, 30)) == "2029-12"
    assert Calendar({}).last_published(date(2030, 3, 31)) == "2030-01"


def test_recorded_releases_follow_one_another_on_weekdays() -> None:
    releases = [release for _, release in sorted(sources.calendar().recorded.items())]
    days = [release.day for release in releases]
    assert days == sorted(days)
    pages = [release for release in releases if release.kind in ("released", "scheduled")]
    assert all(release.day.weekday() < 5 and release.address.startswith("http") for release in pages)
    assert all(release.day > periods.end_of_month(release.reference_month) for release in pages)


def test_without_any_vintage_nothing_is_said() -> None:
    with pytest.raises(NoVintage, match="No vintage is held"):
        vintage_as_of([], CALENDAR, date(2018, 1, 5))
