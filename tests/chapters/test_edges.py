"""Where a rule of a chapter begins to hold: one step on this side of it, and one on the other."""

from datetime import date, timedelta
from typing import Any

import pytest
from briefing.chapters import auto_trade_gap, deficit_trends, state_of_talks
from briefing.exhibits.tables import Table
from briefing.exhibits.timeline import EventList
from briefing.record import sources
from briefing.record.edition import Edition

from tests.exhibits.charts.drawn import charts_in


def opened(first: str, last: str) -> Edition:
    return sources.open_edition("5800", first, last, "2018-01-05")


def test_a_largest_sum_is_named_of_a_record_of_three_years(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    sums = len(sources.own_trade(edition)["time_period"].unique()) - 11
    for least, is_named in ((sums, True), (sums + 1, False)):
        monkeypatch.setattr(deficit_trends, "LEAST_SUMS", least)
        assert (deficit_trends._peak(edition) is not None) is is_named


def test_the_years_before_and_under_a_pact_are_compared_once_twelve_months_lie_under_it() -> None:
    assert len(deficit_trends.before_and_after(opened("2011-01", "2013-03"))) == 1
    assert deficit_trends.before_and_after(opened("2011-01", "2013-02")) == []


def test_each_event_stands_among_the_recent_or_among_the_earlier_ones(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = state_of_talks.underway(edition)
    assert found is not None
    days = [event.day for event in found[1]]
    for start in (days[0], days[len(days) // 2], days[-1], days[-1] + timedelta(days=1)):
        monkeypatch.setattr(state_of_talks, "_eighteen_months_before", lambda _, start=start: start)
        listed = [*state_of_talks.recent_events(edition), *state_of_talks.earlier_events(edition)]
        told = [[event.day for event in one.events] for one in listed if isinstance(one, EventList)]
        recent, earlier = [d for d in days if d >= start], [d for d in days if d < start]
        assert told == [part[::-1] for part in (recent, earlier) if part]


def test_eighteen_months_go_back_to_the_first_of_a_month() -> None:
    for day, start in (((2018, 1, 5), (2016, 7, 1)), ((2018, 6, 30), (2016, 12, 1)), ((2018, 7, 1), (2017, 1, 1))):
        assert state_of_talks._eighteen_months_before(date(*day)) == date(*start)


def test_a_timeline_goes_further_back_where_the_last_eighteen_months_hold_too_few_events(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(state_of_talks.pictures, "timeline", lambda shown, key, *_: drawn.append((shown, key)))
    found = state_of_talks.underway(edition)
    assert found is not None
    key = [event for event in found[1] if event.key]
    monkeypatch.setattr(state_of_talks, "_eighteen_months_before", lambda _: key[-3].day)
    monkeypatch.setattr(state_of_talks, "MOST_EVENTS", 5)
    for fewest, shown in ((3, 3), (4, 5)):
        monkeypatch.setattr(state_of_talks, "FEWEST_EVENTS", fewest)
        state_of_talks.timeline(edition)
        assert drawn[-1][1] == key[-shown:]
        assert drawn[-1][0] == [event for event in found[1] if event.day >= key[-shown].day]


def test_beside_a_whole_year_there_is_no_year_to_date() -> None:
    def heads(last: str) -> list[str]:
        tables = [one for one in auto_trade_gap.car_makers(opened("2011-01", last)) if isinstance(one, Table)]
        return [column.head for column in tables[0].columns]

    assert heads("2016-12") == ["Partner", "Exports 2016", "Imports 2016", "Balance 2016"]
    assert heads("2017-01") == [*heads("2016-12"), "Balance January 2017"]


@pytest.mark.parametrize(
    ("years", "named", "width"), [(4, 4, 90), (5, 5, {"band": 0.66}), (18, 18, None), (19, 4, None)]
)
def test_few_bars_are_narrow_and_of_many_each_fifth_is_named(years: int, named: int, width: object) -> None:
    first = opened(f"{2017 - years}-01", "2016-12")
    (chart,) = charts_in(deficit_trends.annual_balance(first))
    bars, *_ = chart.picture.to_dict()["layer"]
    assert len(bars["encoding"]["x"]["axis"]["values"]) == named
    assert width is None or bars["mark"]["width"] == width
