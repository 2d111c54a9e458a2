"""The legal clock: what law asks, what had been done by a day, and nothing later."""

import re
from datetime import date
from typing import Any

import pytest
from briefing import talks
from briefing.chapters import state_of_talks
from briefing.errors import TalksError
from briefing.exhibits.tables import Table
from briefing.record import sources
from briefing.sentences import talks as sentences
from briefing.talks import law

from tests.pacts import pact_of


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return dict(pact_of().rows)


def matters(record: dict[str, Any], day: date) -> list[law.Matter]:
    return law.matters_known(record, talks.events_known(record, day), day)


def test_on_the_day_of_the_first_round_korea_had_taken_its_steps_and_what_remained_was_conditional(
    record: dict[str, Any],
) -> None:
    matter = matters(record, date(2018, 1, 5))[-1]
    assert [step.name for step in matter.steps if step.taken] == [
        "Study of the economic effects", "Public hearing", "Plan for the talks reported to the National Assembly",
    ]  # fmt: skip
    assert sentences.consents(matter, pact_of()).text == (
        "Nothing is agreed yet. If US duties or rules of origin change, Washington needs: advice of the advisory committees; "
        "advice of the US International Trade Commission; report to Congress with both, and "
        "consultation; proclamation of the changed duties. If what is signed needs consent under Article 60, Seoul needs: "
        "consent of the National Assembly. Together: signature; exchange of written notices."
    )


def test_once_the_truck_duty_is_agreed_washingtons_steps_are_needed_and_fast_track_is_closed(
    record: dict[str, Any],
) -> None:
    before, after = (matters(record, day)[-1] for day in (date(2018, 3, 25), date(2018, 3, 26)))
    assert sentences.consents(before, pact_of()).text.startswith("Nothing is agreed yet. If US duties")
    words = sentences.consents(after, pact_of()).text
    assert words.startswith("Washington still needs: advice of the advisory committees; advice of the US Inter")
    assert "If what is signed needs consent under Article 60, Seoul needs" in words
    assert sentences.narrow(before) is not None and sentences.narrow(after) is None
    assert sentences.fast_track(after, date(2018, 3, 26), pact_of().origin) is None


def test_advice_comes_before_the_report_and_the_report_before_the_proclamation(record: dict[str, Any]) -> None:
    names = [step.name.split()[0:4] for step in matters(record, date(2019, 1, 2))[-1].steps if step.side == "us"]
    assert [" ".join(name) for name in names] == [
        "Advice of the advisory", "Advice of the US", "Report to Congress with", "Proclamation of the changed",
    ]  # fmt: skip
    standing = {step.name: sentences.standing_of(step) for step in matters(record, date(2019, 1, 2))[-1].steps}
    assert standing["Advice of the US International Trade Commission"] == "taken by 2 July 2018"
    assert standing["Exchange of written notices"] == "taken 1 January 2019"


def test_a_signature_is_no_step_that_law_asks_for_and_entry_into_force_is_the_result(record: dict[str, Any]) -> None:
    for matter in matters(record, date(2026, 11, 27)):
        assert not any("Entry into force" in step.name for step in matter.steps)
        assert not any(step.asked for step in matter.steps if step.name in ("Signature", "Memorandum on investment"))
    making, amending, deal = matters(record, date(2026, 11, 27))
    assert (len(making.counted), len(amending.counted), len(deal.counted)) == (5, 9, 5)
    title = sentences.steps_title(deal, date(2026, 11, 27), pact_of().origin).text
    assert (
        title == "The tariff deal: of five steps of the deal, three stood on 27 November 2026, and one had been undone"
    )


def test_the_pledge_of_the_deal_is_open_until_it_is_paid(record: dict[str, Any]) -> None:
    words = sentences.consents(matters(record, date(2025, 8, 1))[-1], pact_of()).text
    assert words == (
        "Washington still needs: notice that applies the lower rate to cars. Seoul still needs: the investments pledged."
    )


def test_a_step_is_taken_from_the_day_its_event_was_known(record: dict[str, Any]) -> None:
    def taken(day: date) -> bool:
        (step,) = [step for step in matters(record, day)[-1].steps if "consultation" in step.name]
        return step.taken is not None

    # The consultation ended in mid-August 2018; a page of 5 September told it.
    assert not taken(date(2018, 9, 4)) and taken(date(2018, 9, 5))


def test_before_the_letter_of_july_2017_no_amendment_was_under_way(record: dict[str, Any]) -> None:
    assert [m.name for m in matters(record, date(2017, 7, 11))] == ["Making the pact"]
    assert [m.name for m in matters(record, date(2017, 7, 12))] == ["Making the pact", "Amending the pact"]


def test_once_in_force_that_is_told(record: dict[str, Any]) -> None:
    words = sentences.consents(matters(record, date(2019, 1, 2))[-1], pact_of()).text
    assert words == "Amending the pact: in effect since 1 January 2019."


def test_sixty_days_run_once_advice_and_report_are_filed(record: dict[str, Any]) -> None:
    claim = sentences.earliest(matters(record, date(2018, 1, 5))[-1], pact_of().origin)
    assert claim is not None and claim.text == (
        "Once advice and report are filed, 60 days must pass before duties can change (Public Law 112-41, section 104)."
    )
    assert sentences.earliest(matters(record, date(2018, 9, 25))[-1], pact_of().origin) is None


def test_no_notice_under_fast_track_was_on_record(record: dict[str, Any]) -> None:
    matter = matters(record, date(2018, 1, 5))[-1]
    claim = sentences.fast_track(matter, date(2018, 1, 5), pact_of().origin)
    assert claim is not None
    assert claim.text.startswith(
        "Our record has no notice to Congress under fast track (Public Law 114-26, section 105)."
    )
    assert "from 5 April 2018, 90 days later" in claim.text
    assert claim.text.endswith("an ordinary bill stays possible without it.")


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
    assert statutes(date(2015, 6, 28)) == ["Congress, by an ordinary bill"]
    assert statutes(date(2018, 1, 5)) == [
        "Congress: by a single vote under fast track, after 90 days of notice, or by an ordinary bill"
    ]
    assert statutes(date(2021, 7, 1)) == ["Congress, by an ordinary bill: the fast-track law has lapsed"]


def reach(day: date) -> dict[str, law.Reach]:
    return {row.id: row for row in law.reach_known(pact_of(), day)}


def test_the_trade_laws_are_told_on_any_day_each_with_its_own_clock() -> None:
    for day in (date(2012, 3, 15), date(2018, 1, 5), date(2026, 11, 27)):
        rows = reach(day)
        assert "180 days, 60 days to decide" in rows["trade_laws"].by and "270 days" in rows["trade_laws"].by
        assert "twelve months" in rows["section_301"].by
        assert (rows["section_122"].congress, "150 days" in rows["section_122"].by) == ("to prolong it", True)
        assert "up to 50%" in rows["section_338"].by
        assert all("without Korea" in rows[id].by for id in ("trade_laws", "section_301", "section_122", "section_338"))
    assert "emergency" not in reach(date(2018, 1, 5))
    assert reach(date(2026, 2, 19))["emergency"].congress == "contested"
    assert reach(date(2026, 2, 20))["emergency"].by.startswith("Congress alone: the act authorises no duties")


def test_what_is_contested_is_told_as_contested_with_the_pages_of_either_view() -> None:
    assert reach(date(2017, 7, 16))["text"].congress == "not settled"
    text = reach(date(2018, 1, 5))["text"]
    assert text.contested and {page.publisher for page in text.publications[1:]} == {
        "CRS via EveryCRSReport", "Trade Law Daily",
    }  # fmt: skip
    leaving = reach(date(2018, 1, 5))["leaving"]
    assert (leaving.congress, leaving.contested) == ("disputed", True)
    assert (
        "memorandum" not in reach(date(2025, 11, 16)) and len(reach(date(2025, 11, 17))["memorandum"].publications) == 3
    )
    edition = sources.open_edition("5800", "usual", "latest", "2018-01-05")
    (table,) = [
        one for one in state_of_talks.legal_clock(edition) if isinstance(one, Table) and one.id == "talks-reach"
    ]
    (cell,) = [row[3] for row in table.rows if row[0] == "The treaty text, where no US statute changes"]
    assert isinstance(cell, list) and [words for words, _ in cell] == [
        "KORUS, Article 24.2", "CRS via EveryCRSReport, printed later", "Trade Law Daily, 2017-07-17",
    ]  # fmt: skip
    assert table.columns[1].head == "Who can change it"


NAMES_A_LAW = re.compile(r"\b(Act|act)\b|\bPublic Law\b|\bUSC\b|\bFR\b|\b[Aa]rticle\b|\b[Ss]ection\b|\bstatutes\b")
OFFICES_OF_LAW = (
    "uscode.house.gov", "www.govinfo.gov", "elaw.klri.re.kr", "www.constituteproject.org", "edit.wti.org",
    "japan.kantei.go.jp",
)  # fmt: skip
"""Hosts of the texts of laws and treaties: no newspaper, no law firm."""


@pytest.mark.parametrize("pact", talks.pacts(sources.talks_record()), ids=lambda pact: pact.id)
def test_a_link_that_names_a_law_opens_that_law(pact: talks.Pact) -> None:
    rows = [*(step for matter in pact.rows["matter"] for step in matter["step"]), *pact.rows["reach"]]
    pages = talks.publications_known(pact.rows, date.max)
    links = {
        link
        for row in rows
        if NAMES_A_LAW.search(row["law"])
        for link in state_of_talks._linked(row["law"], [pages[id] for id in row["publications"]])
    }
    assert len(links) >= 4
    for words, address in links:
        assert address.split("/")[2] in OFFICES_OF_LAW, words
        for number in re.findall(r"(\d+) USC (\d+)", words)[:1]:
            assert f"title{number[0]}-section{number[1]}" in address, words
    named = [row["law"] for row in rows if not NAMES_A_LAW.search(row["law"])]
    assert set(named) <= {
        "No law asks for it",
        "Trade Act of 2002, fast track",
        "Message to Congress of 16 September 2019",
    }


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
    def votes(day: date) -> dict[str, str | None]:
        rows = law.reach_known(pact_of(), day)
        return {state.id: law.vote_in_congress(state, rows) for state in talks.issues_known(record, day)}

    found = votes(date(2025, 12, 18))
    assert found["isds"] == "contested" and found["trade_balance"] is None
    for issue in ("autos_truck_tariff", "textiles", "rules_of_origin", "autos_safety_cap", "services_digital"):
        assert found[issue] == "none", issue
    assert found["visa_business_travel"] == "for a new class"
    assert votes(date(2025, 9, 29))["ev_tax_credits"] == "both houses"
    assert [votes(date(2026, month, 25))["reciprocal_tariffs"] for month in (1, 2, 7)] == [
        "contested",
        "to prolong it",
        "none",
    ]


def test_a_duty_outside_the_pact_touches_the_law_that_it_rests_on(record: dict[str, Any]) -> None:
    def touches(day: date) -> dict[str, str]:
        return {state.id: state.touches for state in talks.issues_known(record, day)}

    before, after = touches(date(2025, 4, 2)), touches(date(2025, 5, 3))
    for issue, law_before in {"autos_car_tariff": "duties", "auto_parts": "korea"}.items():
        assert (before[issue], after[issue]) == (law_before, "trade_laws")


def test_every_issue_that_touches_a_law_names_one_of_the_record(record: dict[str, Any]) -> None:
    assert {row["touches"] for row in record["issue"] if "touches" in row} <= {row["id"] for row in record["reach"]}


def test_before_the_pact_was_in_force_no_vote_is_told() -> None:
    assert law.reach_known(pact_of(), date(2011, 10, 12)) == []


def test_a_step_that_an_order_took_back_is_told_as_undone(record: dict[str, Any]) -> None:
    before, after = (matters(record, day)[-1] for day in (date(2026, 2, 19), date(2026, 11, 26)))
    order = next(step for step in after.steps if step.name.startswith("Order"))
    assert sentences.standing_of(order) == "taken 31 July 2025; undone 20 February 2026"
    told = sentences.undone(after)
    assert told is not None and told.text == "Undone since: order that fixes the reciprocal rate (20 February 2026)."
    assert order.undone is not None and order.undone.title.startswith("Trump ends the emergency tariffs")
    assert all(step.undone is None for step in before.steps)


def test_a_step_that_was_agreed_later_is_not_asked_for_before(record: dict[str, Any]) -> None:
    names = {
        day: [step.name for step in matters(record, day)[-1].steps] for day in (date(2025, 8, 1), date(2025, 11, 26))
    }
    assert len(names[date(2025, 8, 1)]) == 3 and "Special act on the investments" in names[date(2025, 11, 26)]


def test_in_whatever_order_the_record_is_written_the_latest_matter_comes_last(record: dict[str, Any]) -> None:
    turned = {**record, "matter": record["matter"][::-1]}
    for day in (date(2011, 10, 12), date(2018, 1, 5), date(2025, 11, 26)):
        found = matters(turned, day)
        assert found == matters(record, day)
        assert [matter.began.day for matter in found] == sorted(matter.began.day for matter in found)
    assert len(found) == 3
