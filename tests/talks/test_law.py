"""The legal clock: what law asks, what had been done by a day, and nothing later."""

from datetime import date
from typing import Any

import pytest
from briefing import talks
from briefing.errors import TalksError
from briefing.sentences import talks as sentences
from briefing.talks import law

from tests.pacts import pact_of


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return dict(pact_of().rows)


def matters(record: dict[str, Any], day: date) -> list[law.Matter]:
    return law.matters_known(record, talks.events_known(record, day), day)


def test_on_the_day_of_the_first_round_korea_had_taken_two_steps_and_washington_none(record: dict[str, Any]) -> None:
    matter = matters(record, date(2018, 1, 5))[-1]
    assert [step.name for step in matter.steps if step.taken] == [
        "Public hearing",
        "Plan for the talks reported to the National Assembly",
    ]
    assert [step.name for step in matter.open_steps("korea")] == ["Consent of the National Assembly"]
    assert len(matter.open_steps("us")) == 3


def test_a_step_is_taken_from_the_day_its_event_was_known(record: dict[str, Any]) -> None:
    def taken(day: date) -> bool:
        (step,) = [step for step in matters(record, day)[-1].steps if "consultation" in step.name]
        return step.taken is not None

    # The consultation ended in mid-August 2018; a page of 5 September told it.
    assert not taken(date(2018, 9, 4)) and taken(date(2018, 9, 5))


def test_before_the_letter_of_july_2017_no_amendment_was_under_way(record: dict[str, Any]) -> None:
    assert [m.name for m in matters(record, date(2017, 7, 11))] == ["Making the pact"]
    assert [m.name for m in matters(record, date(2017, 7, 12))] == ["Making the pact", "Amending the pact"]


def test_once_in_force_every_step_had_been_taken(record: dict[str, Any]) -> None:
    words = sentences.consents(matters(record, date(2019, 1, 2))[-1], pact_of()).text
    assert words == "Amending the pact: every step that the law asks for has been taken."


def test_sixty_days_of_consultation_run_from_the_day(record: dict[str, Any]) -> None:
    matter = matters(record, date(2018, 1, 5))[-1]
    claim = sentences.earliest(matter, date(2018, 1, 5), pact_of().origin)
    assert claim is not None and "after 60 days of consultation, from 6 March 2018 on" in claim.text


def test_no_notice_under_fast_track_was_on_record(record: dict[str, Any]) -> None:
    matter = matters(record, date(2018, 1, 5))[-1]
    claim = sentences.fast_track(matter, date(2018, 1, 5), pact_of().origin)
    assert claim is not None
    assert claim.text.startswith(
        "Our record has no notice to Congress under fast track (Public Law 114-26, section 105)."
    )
    assert "from 5 April 2018, 90 days later" in claim.text


def test_in_brief_says_in_a_line_what_can_move_without_the_notice(record: dict[str, Any]) -> None:
    at_work, begun = (matters(record, day)[-1] for day in (date(2018, 1, 5), date(2019, 1, 2)))
    claim = sentences.narrow(at_work)
    assert claim is not None
    assert claim.text.startswith("Our record has no notice under fast track")
    assert sentences.narrow(begun) is None


def test_who_can_change_what_is_told_once_the_pact_is_in_force_and_while_the_law_stands(record: dict[str, Any]) -> None:
    def statutes(day: date) -> list[str]:
        return [row.by for row in law.reach_known(pact_of(), day) if row.what.startswith("US statutes")]

    assert law.reach_known(pact_of(), date(2012, 3, 14)) == []
    assert statutes(date(2015, 6, 28)) == []
    assert statutes(date(2018, 1, 5)) == ["Congress; under fast track after 90 days of notice"]
    assert statutes(date(2021, 7, 1)) == ["Congress, in the ordinary way: the fast-track law has lapsed"]


def test_every_step_names_events_and_pages_of_the_record(record: dict[str, Any]) -> None:
    events = {row["id"] for row in record["event"]}
    for matter in record["matter"]:
        assert matter["began"] in events
        for step in matter["step"]:
            assert {step.get("begun", matter["began"]), step.get("taken", matter["began"])} <= events, step["name"]
    assert all(step.publications for matter in matters(record, date(2026, 11, 1)) for step in matter.steps)


def test_a_step_without_a_page_does_not_enter(record: dict[str, Any]) -> None:
    row = record["matter"][0]
    broken = {**record, "matter": [{**row, "step": [{**row["step"][0], "publications": []}]}]}
    with pytest.raises(TalksError, match="Step Notice to Congress before talks cites no publication"):
        matters(broken, date(2018, 1, 5))


def test_an_issue_says_whether_congress_must_vote_on_a_change_of_it(record: dict[str, Any]) -> None:
    day = date(2025, 12, 18)
    reach = law.reach_known(pact_of(), day)
    votes = {state.id: law.vote_in_congress(state, reach) for state in talks.issues_known(record, day)}
    assert votes["autos_truck_tariff"] == "none" and votes["ev_tax_credits"] == "both houses"
    assert votes["isds"] == "if a US law changes" and votes["trade_balance"] is None


def test_every_issue_that_touches_a_law_names_one_of_the_record(record: dict[str, Any]) -> None:
    assert {row["touches"] for row in record["issue"] if "touches" in row} <= {row["id"] for row in record["reach"]}


def test_before_the_pact_was_in_force_no_vote_is_told() -> None:
    assert law.reach_known(pact_of(), date(2011, 10, 12)) == []


def test_a_step_that_a_court_took_back_is_told_as_undone(record: dict[str, Any]) -> None:
    before, after = (matters(record, day)[-1] for day in (date(2026, 2, 19), date(2026, 11, 26)))
    order = next(step for step in after.steps if step.name.startswith("Order"))
    assert sentences.standing_of(order) == "taken 31 July 2025; undone 20 February 2026"
    assert sentences.consents(after, pact_of()).text.endswith(
        "undone since: order that fixes the reciprocal rate (20 February 2026)."
    )
    assert all(step.undone is None for step in before.steps)


def test_a_step_that_was_agreed_later_is_not_asked_for_before(record: dict[str, Any]) -> None:
    names = {
        day: [step.name for step in matters(record, day)[-1].steps] for day in (date(2025, 8, 1), date(2025, 11, 26))
    }
    assert len(names[date(2025, 8, 1)]) == 2 and "Special act on the investments" in names[date(2025, 11, 26)]


def test_in_whatever_order_the_record_is_written_the_latest_matter_comes_last(record: dict[str, Any]) -> None:
    turned = {**record, "matter": record["matter"][::-1]}
    for day in (date(2011, 10, 12), date(2018, 1, 5), date(2025, 11, 26)):
        found = matters(turned, day)
        assert found == matters(record, day)
        assert [matter.began.day for matter in found] == sorted(matter.began.day for matter in found)
    assert len(found) == 3
