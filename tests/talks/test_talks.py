"""The record of the talks: nothing without a source, nothing later than the day."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from briefing import periods, talks
from briefing.chapters import in_brief, state_of_talks
from briefing.checks import quotes
from briefing.errors import TalksError
from briefing.exhibits.charts.talks import _Lanes, day_words
from briefing.exhibits.timeline import EventList, dates_in_words
from briefing.record import sources
from briefing.sentences import Sentence

from tests.pacts import pact_of

DAYS = ["2006-02-02", "2010-12-03", "2017-07-13", "2018-01-05", "2018-03-26", "2018-09-25", "2019-01-02", "2025-08-01"]


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return dict(pact_of().rows)


def test_the_record_holds_187_events_and_27_issues_from_2006_to_2026(record: dict[str, Any]) -> None:
    assert (len(record["event"]), len(record["issue"])) == (187, 27)
    assert (record["event"][0]["date"], record["event"][-1]["date"]) == (date(2006, 2, 2), date(2026, 10, 6))


def test_every_event_and_entry_cites_a_known_page(record: dict[str, Any]) -> None:
    day = date(2026, 11, 23)
    assert len(talks.events_known(record, day)) == 187
    assert len(talks.issues_known(record, day)) == 27
    assert all(page["address"].startswith("http") and page["publisher"] for page in record["publication"])


def test_identifiers_are_used_once(record: dict[str, Any]) -> None:
    for kind in ("event", "issue", "publication", "statement"):
        ids = [row["id"] for row in record[kind]]
        assert len(set(ids)) == len(ids)
    ids = [row["id"] for row in sources.talks_record()["quote"]]
    assert len(set(ids)) == len(ids)


def test_nothing_is_known_before_it_begins(record: dict[str, Any]) -> None:
    assert not [event["id"] for event in record["event"] if event["known_from"] < periods.first_day(event["date"])]


def test_no_entry_of_an_issue_is_known_before_the_event_it_tells(record: dict[str, Any]) -> None:
    events = record["event"]
    for issue in record["issue"]:
        for entry in [*issue["status"], *issue.get("position", [])]:
            told = [e for e in events if e["date"] == entry["date"] and issue["id"] in e.get("issues", [])]
            known = max([periods.first_day(entry["date"]), *(event["known_from"] for event in told)])
            assert entry.get("known_from", entry["date"]) >= known, (issue["id"], entry["date"])


def test_a_meeting_called_off_is_not_told_before_it_was_public(record: dict[str, Any]) -> None:
    states = {state.id: state for state in talks.issues_known(record, date(2025, 12, 18))}
    us = states["services_digital"].positions.get("us")
    assert us is not None and us.day < date(2025, 12, 18)


def test_statuses_are_those_of_the_page(record: dict[str, Any]) -> None:
    assert {entry["status"] for issue in record["issue"] for entry in issue["status"]} <= set(talks.STATUSES)


def test_an_event_without_a_source_does_not_enter(record: dict[str, Any]) -> None:
    broken = {**record, "event": [{**record["event"][0], "publications": []}]}
    with pytest.raises(TalksError, match=r"Event 2006-02-02-notice cites no publication\. Without a source"):
        talks.events_known(broken, date(2018, 1, 5))
    unknown = {**record, "event": [{**record["event"][0], "publications": ["rumour"]}]}
    with pytest.raises(TalksError, match="cites rumour"):
        talks.events_known(unknown, date(2018, 1, 5))


def test_the_first_round_is_known_on_its_day_and_not_before(record: dict[str, Any]) -> None:
    def known(day: date) -> set[str]:
        return {event.id for event in talks.events_known(record, day)}

    assert "2018-01-05-round" in known(date(2018, 1, 5))
    assert "2018-01-05-round" not in known(date(2018, 1, 4))


def test_on_the_day_of_the_first_round_the_us_raised_cars_and_korea_investor_claims(record: dict[str, Any]) -> None:
    states = {state.id: state for state in talks.issues_known(record, date(2018, 1, 5))}
    raised = {
        id for id, state in states.items() if state.status.status == "raised" and state.status.day == date(2018, 1, 5)
    }
    assert raised == {"autos_safety_cap", "auto_parts", "isds", "trade_remedies"}
    assert states["congress_tpa"].positions["us"].text == "Has not notified Congress."
    assert states["autos_truck_tariff"].status.status == "not_raised"
    assert "reciprocal_tariffs" not in states


MONTHS = "|".join(periods.MONTHS)


def days_named(text: str) -> list[date]:
    written = re.findall(rf"\b(\d{{1,2}}) ({MONTHS}) (\d{{4}})\b", text)
    iso = re.findall(r"\b(\d{4})-(\d{2})-(\d{2})\b", text)
    return [date(int(y), periods.MONTHS.index(m) + 1, int(d)) for d, m, y in written] + [
        date(int(y), int(m), int(d)) for y, m, d in iso
    ]


# What was announced for a later day was known on the day; these sentences name such days.
ANNOUNCED = {
    "2010-12-03": set(),
    "2018-03-26": {date(2018, 5, 1), date(2018, 3, 23)},
    "2019-01-02": {date(2041, 1, 1), date(2040, 12, 31)},
    "2025-08-01": {date(2025, 8, 1), date(2025, 8, 7)},
}


@pytest.mark.long
@pytest.mark.parametrize("as_of", DAYS)
def test_the_chapter_names_no_day_after_its_own(as_of: str) -> None:
    day = date.fromisoformat(as_of)
    edition = sources.open_edition("5800", f"{day.year - 5}-01", "latest", as_of)
    views = (
        state_of_talks.headline,
        state_of_talks.timeline,
        state_of_talks.changed,
        state_of_talks.legal_clock,
        state_of_talks.issues,
        state_of_talks.recent_events,
        state_of_talks.earlier_events,
    )
    known = talks.events_known(pact_of().rows, day)
    fixed = {plan.day for plan in talks.scheduled(known, day)} | {day + timedelta(days=60), day + timedelta(days=90)}
    text = " ".join(
        re.sub(r'href="[^"]*"|title="[^"]*"', "", output.html()) for view in views for output in view(edition)
    )
    assert not {named for named in days_named(text) if named > day} - ANNOUNCED.get(as_of, set()) - fixed
    assert not re.findall(rf"\b{day.year + 2}\b(?!-)", re.sub(r"\b(2021|2041)\b", "", text)) or day.year >= 2025


def test_a_page_printed_later_is_named_without_its_date() -> None:
    page = talks.Publication("t", "Reuters", "https://a", "2018-01-08")
    assert page.as_known(date(2018, 1, 5)).words == "Reuters, printed later"
    assert page.as_known(date(2018, 1, 8)).words == "Reuters, 2018-01-08"


def test_a_quoted_figure_leads_to_the_page_that_printed_it() -> None:
    known = {quote.id: quote for quote in quotes.quotes(sources.talks_record(), date(2018, 1, 5))}
    figure = known["bloomberg-deficit-2017"].figure
    assert (figure.value, figure.unit, figure.period) == (-21.6e9, "US dollars", "2017-01/2017-11")
    assert figure.origins[0].address.startswith("http://www.business-standard.com/")
    assert "bloomberg-deficit-2017" not in {
        quote.id for quote in quotes.quotes(sources.talks_record(), date(2018, 1, 4))
    }


def test_for_other_partners_the_chapter_says_that_no_talks_are_on_record() -> None:
    edition = sources.open_edition("Germany", "2011-01", "latest", "2018-01-05")
    (only,) = state_of_talks.headline(edition)
    assert "none is kept for Germany" in repr(only)
    assert (
        state_of_talks.timeline(edition)
        == state_of_talks.issues(edition)
        == state_of_talks.recent_events(edition)
        == []
    )


def test_what_is_fixed_for_later_is_known_from_the_event_that_fixed_it_until_it_is_met(record: dict[str, Any]) -> None:
    def ahead(day: date) -> list[str]:
        return [plan.what for plan in talks.scheduled(talks.events_known(record, day), day)]

    assert ahead(date(2017, 7, 11)) == []
    assert ahead(date(2017, 7, 13)) == [
        "Special session of the Joint Committee due: the pact asks for one within 30 days of a request unless otherwise "
        "agreed (Article 22.2.4)"
    ]
    assert ahead(date(2017, 8, 18)) == ["Special session of the Joint Committee, Seoul"]
    assert ahead(date(2017, 12, 27)) == []
    assert ahead(date(2017, 12, 28)) == ["First round of the amendment talks, Washington"]
    assert ahead(date(2018, 1, 5)) == []
    report = "Report of Commerce on cars due, 270 days after the start (section 232)"
    assert ahead(date(2018, 9, 10)) == ["Signing of the amended KORUS, at the UN General Assembly", report]
    assert ahead(date(2018, 9, 24)) == [report]
    assert ahead(date(2019, 2, 18)) == ["US decision on cars under section 232 due"]


def test_every_plan_is_met_by_an_event_of_the_record(record: dict[str, Any]) -> None:
    events = {row["id"] for row in record["event"]}
    plans = [plan for row in record["event"] for plan in row.get("schedules", [])]
    assert len(plans) > 20
    assert {plan["met"] for plan in plans if "met" in plan} <= events
    assert all(
        periods.last_day(plan["date"]) > periods.first_day(row["date"])
        for row in record["event"]
        for plan in row.get("schedules", [])
    )


def test_what_moved_between_two_rounds_is_told_with_both_statuses(record: dict[str, Any]) -> None:
    changed = talks.changed_since(record, date(2017, 10, 4), date(2018, 1, 5))
    moved = {
        pair.now.id: (pair.before.status.status if pair.before else "new", pair.now.status.status) for pair in changed
    }
    assert moved["isds"] == ("implemented", "raised")
    assert moved["trade_remedies"] == ("new", "raised")
    assert "autos_car_tariff" not in moved


def test_where_sources_differ_the_event_says_so_once_the_differing_page_was_out(record: dict[str, Any]) -> None:
    def differ(day: date) -> dict[str, str]:
        return {event.id: event.differ for event in talks.events_known(record, day) if event.differ}

    assert "2018-01-05-round" not in differ(date(2018, 1, 5))
    assert "Korean press adds origin rules" in differ(date(2018, 1, 8))["2018-01-05-round"]
    assert "12 October" in differ(date(2018, 1, 5))["2011-10-21-ratification"]
    assert len(differ(date(2026, 11, 1))) == 25


def test_in_whatever_order_the_record_is_written_the_talks_are_told_in_theirs(record: dict[str, Any]) -> None:
    turned = {kind: rows[::-1] if isinstance(rows, list) else rows for kind, rows in record.items()}
    turned["issue"] = [
        {name: value[::-1] if isinstance(value, list) else value for name, value in row.items()}
        for row in turned["issue"]
    ]
    for as_of in DAYS:
        day = date.fromisoformat(as_of)
        events = talks.events_known(turned, day)
        assert events == talks.events_known(record, day)
        assert [event.last for event in events if not event.end] == sorted(e.last for e in events if not e.end)
        assert talks.scheduled(events[::-1], day) == talks.scheduled(events, day)
        found, expected = talks.issues_known(turned, day), talks.issues_known(record, day)
        assert [_without_pages(state) for state in found] == [_without_pages(state) for state in expected]


def _without_pages(state: talks.IssueState) -> tuple[Any, ...]:
    """An issue but for the order in which its entries name their pages, which is the record's own."""
    entries = (state.status, *(state.positions[side] for side in sorted(state.positions)), *state.statuses)
    return (state.id, *((entry.day, entry.text, entry.status) for entry in entries))


def test_an_event_whose_day_nobody_printed_bears_its_month_and_follows_all_that_it_can_have_followed(
    record: dict[str, Any],
) -> None:
    """By month, and by year alone; what was known before its month was over stands no later than it was known."""
    first = record["event"][0]

    def told(id: str, when: periods.When, known_from: date) -> dict[str, Any]:
        return {**first, "id": id, "date": when, "known_from": known_from}

    rows = [
        told("year", "2016", date(2017, 2, 1)),
        told("early", date(2016, 3, 1), date(2016, 3, 1)),
        told("month", "2016-03", date(2016, 5, 1)),
        told("late", date(2016, 3, 31), date(2016, 4, 2)),
        told("soon", "2016-03", date(2016, 3, 9)),
        told("next", date(2017, 1, 2), date(2017, 1, 2)),
    ]
    events = talks.events_known({**record, "event": rows}, date(2018, 1, 5))
    assert [event.id for event in events] == ["early", "soon", "late", "month", "year", "next"]
    assert [dates_in_words(event) for event in events if isinstance(event.when, str)] == [
        "March 2016",
        "March 2016",
        "2016",
    ]
    assert [day_words(event) for event in events if isinstance(event.when, str)] == ["Mar 2016", "Mar 2016", "2016"]
    assert 'datetime="2016"' in EventList("x", Sentence("x", "x"), events, pact_of().origin).html()
    known = [event.id for event in talks.events_known({**record, "event": rows}, date(2016, 3, 9))]
    assert known == ["early", "soon"]


def test_no_event_of_the_record_bears_a_first_day_that_nobody_printed(record: dict[str, Any]) -> None:
    firsts = {row["id"] for row in record["event"] if isinstance(row["date"], date) and row["date"].day == 1}
    assert firsts == {"2007-04-01-aip", "2017-12-01-hearing", "2019-01-01-eif", "2024-08-01-legal", "2026-06-01-tariff",
                      "2026-09-01-other", "2026-10-01-other"}  # fmt: skip
    assert {row["id"] for row in record["event"] if isinstance(row["date"], str)} == {
        "2009-04-ratification", "2010-06-statement", "2016-01-tariff", "2017-01-other", "2018-08-other", "2026-06-legal",
        "2026-08-legal", "2026-09-statement",
    }  # fmt: skip


def test_on_the_timeline_what_is_known_by_its_month_alone_is_a_bar_over_that_month(record: dict[str, Any]) -> None:
    (event,) = [event for event in talks.events_known(record, date(2018, 1, 5)) if event.id == "2017-01-other"]
    lanes = _Lanes([event], [], [], date(2018, 1, 5))
    (bar,) = lanes.spans.to_dict("records")
    assert (bar["day"], bar["until"]) == ("2017-01-01", "2017-01-20")
    assert list(lanes.marks["day"]) == ["2017-01-10"]


@pytest.mark.parametrize(
    ("partner", "as_of", "edge"),
    [
        ("5800", "2026-10-06", ""),
        ("5800", "2026-10-07", "Our record of the talks ends on 6 October 2026."),
        ("5800", "2026-11-27", "Our record of the talks ends on 6 October 2026."),
        ("5880", "2019-12-31", ""),
        ("5880", "2024-09-10", "Our record of the talks ends on 1 January 2020."),
    ],
)
def test_after_the_last_day_of_the_record_its_edge_is_told_once(partner: str, as_of: str, edge: str) -> None:
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    for shown in (state_of_talks.headline(edition), in_brief.the_talks(edition)):
        said = [str(one) for one in shown if isinstance(one, Sentence)]
        assert [words for words in said if "Our record of the talks ends" in words] == [edge] * bool(edge)
        assert not any("has nothing" in words for words in said)


def test_silence_inside_the_record_is_told_as_the_records_own() -> None:
    edition = sources.open_edition("5800", "usual", "latest", "2024-03-01")
    (quiet,) = [
        one for one in state_of_talks.headline(edition) if isinstance(one, Sentence) and one.id == "talks-silence"
    ]
    assert quiet.text == "Our record has nothing between 20 June 2023 and this day."


def test_the_nearest_of_what_is_fixed_for_later_is_told_first(record: dict[str, Any]) -> None:
    day = date(2017, 1, 1)
    (event, *_) = talks.events_known(record, day)
    plans = [
        talks.Scheduled(date(2018, month, 1), f"In {month}", "", False, event.publications, day) for month in (9, 3, 6)
    ]
    ahead = talks.scheduled([replace(event, schedules=tuple(plans))], day)
    assert [plan.day.month for plan in ahead] == [3, 6, 9]
