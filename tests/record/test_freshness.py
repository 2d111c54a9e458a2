"""What is late, and what the calendar of releases lacks: from calendars and vintages of two or three rows."""

from dataclasses import replace
from datetime import date

import pytest
from briefing.commands import main
from briefing.errors import MalformedSource
from briefing.record import freshness, sources
from briefing.record.vintages import Calendar, Release
from click.testing import CliRunner

from tests.conftest import forget

SEPTEMBER = Release("2026-09", date(2026, 11, 4), "scheduled", "Census", "https://x")
OCTOBER = Release("2026-10", date(2026, 12, 8), "scheduled", "BEA", "https://y")
CALENDAR = Calendar({"2026-09": SEPTEMBER, "2026-10": OCTOBER})
TODAY = date(2026, 11, 27)


def test_the_vintages_held_of_a_dataset_are_a_table_by_the_day_each_was_released() -> None:
    held = freshness.vintages_table("census-country")
    row = held.loc[date(2018, 10, 5)]
    assert (row["stood_until"], row["data_to"]) == (date(2018, 11, 1), "2018-08")
    assert held.index.is_monotonic_increasing and len(held) == len(sources.vintages_of("census-country"))


def warnings(calendar: Calendar, today: date) -> list[str]:
    return list(freshness.calendar_warnings(calendar, today))


@pytest.mark.parametrize(
    ("month", "day", "page"),
    [
        (
            "2026-08",
            date(2026, 10, 6),
            "https://www.bea.gov/news/2026/us-international-trade-goods-and-services-august-2026",
        ),
        ("2026-09", date(2026, 11, 4), "https://www.census.gov/economic-indicators/calendar-listview.html"),
        ("2026-10", date(2026, 12, 8), "https://www.bea.gov/news/schedule"),
    ],
)
def test_the_days_that_pages_tell_of_the_autumn_of_2026_are_on_record(month: str, day: date, page: str) -> None:
    release = sources.calendar().release(month)
    assert (release.day, release.address) == (day, page)
    assert sources.calendar().last_published(day) == month


def test_a_calendar_whose_last_row_is_near_asks_for_more_and_says_where() -> None:
    near, _ = warnings(CALENDAR, TODAY)
    assert "its last row is near: 1 release is to come, the last on 2026-12-08 with 2026-10" in near
    assert "https://www.bea.gov/news/schedule" in near and "`briefing acquire record ft900-calendar`" in near


def test_a_calendar_that_has_run_out_says_so_and_since_when() -> None:
    (out, _) = warnings(CALENDAR, date(2026, 12, 18))
    assert "it has run out: its last row, 2026-10, came 10 days ago, on 2026-12-08" in out


def test_a_calendar_with_three_releases_to_come_asks_for_nothing() -> None:
    months = {
        f"2026-{month:02}": Release(f"2026-{month:02}", date(2026, month + 2, 5), "scheduled") for month in (8, 9, 10)
    }
    assert warnings(Calendar(months), date(2026, 10, 1)) == []


def test_a_day_announced_that_has_been_asks_to_be_confirmed_and_says_how() -> None:
    _, unconfirmed = warnings(CALENDAR, TODAY)
    assert "confirmed by no page: 2026-09 (2026-11-04)." in unconfirmed
    assert 'put kind = "released"' in unconfirmed and "2026-10" not in unconfirmed
    confirmed = Calendar({"2026-09": Release("2026-09", SEPTEMBER.day, "released"), "2026-10": OCTOBER})
    assert len(warnings(confirmed, TODAY)) == 1
    assert len(warnings(CALENDAR, SEPTEMBER.day)) == 1  # it comes out that morning


def held(last_period: str, day: date) -> list[sources.Source]:
    newest = max(sources.vintages_of("census-country"), key=lambda source: source.vintage)
    return [type(newest)(**(vars(newest) | {"last_period": last_period, "vintage": day}))]


def test_what_is_late_counts_from_the_day_that_a_page_tells() -> None:
    late = freshness.state(held("2026-08", date(2026, 10, 6)), CALENDAR, TODAY)
    assert late == "superseded on 2026-11-04 (scheduled), 23 days ago, 1 month behind"
    now = freshness.state(held("2026-09", date(2026, 11, 4)), CALENDAR, TODAY)
    assert now == "in force; the next release comes on 2026-12-08 (scheduled)"


def test_the_release_that_is_out_and_not_held_is_told_once_with_those_that_lack_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (behind,), (newest,) = held("2026-08", date(2026, 10, 6)), held("2026-09", date(2026, 11, 4))
    yearly = replace(behind, dataset="by-year", last_period="2024")
    other = replace(behind, dataset="other")
    monkeypatch.setattr(sources, "register", lambda: (behind, newest, yearly, other))
    (told,) = freshness.late(CALENDAR, TODAY)
    assert told.startswith("LATE: the release of 2026-09 is out, on 2026-11-04 (scheduled), and held of none of other:")
    monkeypatch.setattr(sources, "register", lambda: (behind, newest, yearly))
    assert list(freshness.late(CALENDAR, TODAY)) == []


def test_a_day_that_is_assumed_is_told_as_the_latest_it_can_be() -> None:
    coming = freshness.state(held("2026-10", date(2026, 12, 8)), CALENDAR, date(2026, 12, 9))
    assert coming == ("in force; the next release comes by 2027-01-31 (assumed: the calendar has no row for 2026-11)")
    late = freshness.state(held("2026-10", date(2026, 12, 8)), CALENDAR, date(2027, 2, 2))
    assert late.startswith(
        "superseded by 2027-01-31 (assumed: the calendar has no row for 2026-11), 2 days ago or more"
    )


def test_the_commands_that_ask_what_is_due_print_what_the_calendar_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing.acquire import live

    monkeypatch.setattr(live, "due", lambda today: [])
    for command in (["sources"], ["acquire", "due"]):
        assert "CALENDAR: " in CliRunner().invoke(main, command).output


ROW = """[[release]]
reference_month = "2026-11"
release_date = 2027-01-07
kind = "scheduled"
publisher = "BEA"
address = "https://www.bea.gov/news/schedule"
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"2026-11"', '"2026-13"', "release 2026-13 reference_month: '2026-13' is no month"),
        ('"2026-11"', '"2026-10"', "release: two entries have the reference_month 2026-10"),
        (
            "2027-01-07",
            '"2027-01-07"',
            "release 2026-11 release_date: '2027-01-07', where a day without quotes is wanted",
        ),
        ("2027-01-07", "2026-01-07", "release 2026-11: release_date 2026-01-07 is no day after 2026-11"),
        ('"scheduled"', '"soon"', "release 2026-11 kind: 'soon', where one of 'released' or 'scheduled' is wanted"),
        ('publisher = "BEA"', "", "release 2026-11 lacks publisher"),
        ("https://", "", "release 2026-11 address: 'www.bea.gov/news/schedule' is no address of a page"),
        ("[[release]]", "[[release", "is no TOML"),
        ("[[release]]", "[[releases]]", "releases is a key that nothing reads"),
    ],
)
def test_a_row_that_is_none_is_refused_before_it_is_registered(
    copied_record: "object", old: str, new: str, words: str
) -> None:
    path = sources.data_directory() / "census/calendar.toml"
    register = (sources.data_directory() / "sources.toml").read_bytes()
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{ROW.replace(old, new)}", encoding="utf-8")
    result = CliRunner().invoke(main, ["acquire", "record", "ft900-calendar"])
    assert result.exit_code == 1 and words in result.output and "Correct the row" in result.output
    assert (sources.data_directory() / "sources.toml").read_bytes() == register
    with pytest.raises(MalformedSource):
        sources.parsed_calendar(path.read_text(encoding="utf-8"))


def test_a_row_that_is_added_and_registered_counts(copied_record: "object") -> None:
    path = sources.data_directory() / "census/calendar.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{ROW}", encoding="utf-8")
    assert CliRunner().invoke(main, ["acquire", "record", "ft900-calendar"]).exit_code == 0
    forget()
    assert sources.calendar().release("2026-11").day == date(2027, 1, 7)


def test_a_vintage_that_is_an_excerpt_is_told_with_how_many_partners_it_has() -> None:
    lines = list(freshness.lines(date(2026, 11, 28)))
    assert "  2026-02-19    2026-06-08    2024  (at the latest)  (excerpt: 7 partners alone)" in lines
    assert "  2023-07-26    2024-02-06    2022  (at the latest)" in lines
    assert any(line.startswith("  2018-10-05 ") for line in lines) and not any("(day)" in line for line in lines)
