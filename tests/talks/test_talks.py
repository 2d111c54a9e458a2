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
from briefing.exhibits.tiles import Tiles
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
    assert {state.id for state in talks.issues_known(record, day)} == {row["id"] for row in record["issue"]} - ENDED
    assert all(page["address"].startswith("http") and page["publisher"] for page in record["publication"])


ENDED = {"safeguards_201", "ev_tax_credits", "congress_tpa"}
"""Issues that had ended in law by November 2026."""


def test_identifiers_are_used_once(record: dict[str, Any]) -> None:
    for kind in ("event", "issue", "publication", "statement"):
        ids = [row["id"] for row in record[kind]]
        assert len(set(ids)) == len(ids)
    ids = [row["id"] for row in sources.talks_record()["quote"]]
    assert len(set(ids)) == len(ids)


def test_nothing_is_known_before_it_begins(record: dict[str, Any]) -> None:
    assert not [event["id"] for event in record["event"] if event["known_from"] < periods.first_day(event["date"])]


def test_a_meeting_called_off_is_not_told_before_it_was_public(record: dict[str, Any]) -> None:
    states = {state.id: state for state in talks.issues_known(record, date(2025, 12, 18))}
    us = states["services_digital"].positions.get("us")
    assert us is not None and us.day < date(2025, 12, 18)


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
    raised = {id for id, state in states.items() if (state.talks, state.talks_since) == ("raised", date(2018, 1, 5))}
    assert raised == {"autos_safety_cap", "auto_parts", "isds", "trade_remedies"}
    assert states["congress_tpa"].positions["us"].text == "Has not notified Congress."
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
    undated = re.sub(r"\b(2021|2041|until 2019)\b", "", text)
    assert not re.findall(rf"\b{day.year + 2}\b(?!-)", undated) or day.year >= 2025


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
        "Special session of the Joint Committee, due within 30 days of the request unless otherwise agreed "
        "(KORUS, Article 22.2.4)"
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


def moved(record: dict[str, Any], earlier: date, as_of: date) -> dict[str, tuple[str, ...]]:
    """Where each issue that moved was and is, in the talks and in law."""
    return {
        pair.now.id: ((pair.before.talks, pair.before.law) if pair.before else ("new",))
        + (pair.now.talks, pair.now.law)
        for pair in talks.changed_since(record, earlier, as_of)
    }


def test_what_moved_between_two_rounds_is_told_on_both_axes(record: dict[str, Any]) -> None:
    assert moved(record, date(2017, 10, 4), date(2018, 1, 5)) == {
        "isds": ("agreed", "in_force", "raised", "in_force"),
        "autos_safety_cap": ("agreed", "in_force", "raised", "in_force"),
        "agriculture_rice": ("agreed", "in_force", "raised", "in_force"),
        "auto_parts": ("new", "raised", "none"),
        "trade_remedies": ("new", "raised", "in_force"),
    }


def test_nothing_moves_by_silence_and_what_a_measure_touches_has_moved(record: dict[str, Any]) -> None:
    """The truck duty and drug prices, which a press release of January 2018 left out; a ruling on an award, a new duty."""
    assert not {"autos_truck_tariff", "pharma_pricing", "congress_tpa"} & set(
        moved(record, date(2017, 10, 4), date(2018, 1, 5))
    )
    assert moved(record, date(2026, 2, 22), date(2026, 2, 23)) == {"isds": ("agreed", "changed", "agreed", "changed")}
    assert moved(record, date(2026, 7, 23), date(2026, 7, 24)).keys() == {
        "reciprocal_tariffs",
        "labor_environment",
        "autos_232",
    }
    assert moved(record, date(2026, 7, 24), date(2026, 7, 27)) == {}


# By hand: the place of an issue in the talks and in law, and since when, on the days around each change.
PLACES = {
    "autos_truck_tariff": {
        "2010-12-02": None,
        "2010-12-03": ("agreed", "2010-12-03", "none", ""),
        "2012-03-15": ("agreed", "2010-12-03", "in_force", "2012-03-15"),
        "2018-01-05": ("agreed", "2010-12-03", "in_force", "2012-03-15"),
        "2018-03-26": ("agreed", "2018-03-26", "in_force", "2012-03-15"),
        "2018-12-31": ("agreed", "2018-03-26", "in_force", "2012-03-15"),
        "2019-01-01": ("agreed", "2018-03-26", "changed", "2019-01-01"),
    },
    "pharma_pricing": {
        "2006-07-14": ("under_negotiation", "2006-07-14", "none", ""),
        "2018-01-05": ("agreed", "2007-06-30", "in_force", "2012-03-15"),
        "2018-03-28": ("agreed", "2018-03-28", "in_force", "2012-03-15"),
        "2018-12-31": ("agreed", "2018-03-28", "in_force", "2012-03-15"),
        "2026-07-30": ("agreed", "2025-11-13", "in_force", "2012-03-15"),
        "2026-07-31": ("agreed", "2025-11-13", "changed", "2026-07-31"),
        "2026-09-29": ("agreed", "2025-11-13", "changed", "2026-09-29"),
    },
    "steel_232": {
        "2018-02-16": ("raised", "2018-02-16", "none", ""),
        "2018-03-22": ("under_negotiation", "2018-03-08", "none", ""),
        "2018-03-23": ("under_negotiation", "2018-03-08", "in_force", "2018-03-23"),
        "2018-03-26": ("agreed", "2018-03-26", "in_force", "2018-03-23"),
        "2018-05-01": ("agreed", "2018-03-26", "changed", "2018-05-01"),
        "2025-03-11": ("agreed", "2018-03-26", "changed", "2018-05-01"),
        "2025-03-12": ("not_raised", "", "changed", "2025-03-12"),
        "2025-06-04": ("not_raised", "", "changed", "2025-06-04"),
        "2026-04-06": ("not_raised", "", "changed", "2026-04-06"),
    },
    "autos_232": {
        "2025-04-02": ("raised", "2018-05-23", "none", ""),
        "2025-04-03": ("raised", "2018-05-23", "in_force", "2025-04-03"),
        "2025-07-30": ("agreed", "2025-07-30", "in_force", "2025-04-03"),
        "2025-12-03": ("agreed", "2025-07-30", "in_force", "2025-04-03"),
        "2025-12-04": ("agreed", "2025-07-30", "changed", "2025-11-01"),
        "2026-01-26": ("raised", "2026-01-26", "changed", "2025-11-01"),
        "2026-07-22": ("raised", "2026-01-26", "changed", "2025-11-01"),
        "2026-07-23": ("agreed", "2025-07-30", "changed", "2025-11-01"),
    },
    "reciprocal_tariffs": {
        "2025-04-01": None,
        "2025-04-02": ("raised", "2025-04-02", "none", ""),
        "2025-08-06": ("agreed", "2025-07-30", "in_force", "2025-04-09"),
        "2025-08-07": ("agreed", "2025-07-30", "changed", "2025-08-07"),
        "2026-02-19": ("raised", "2026-01-26", "changed", "2025-08-07"),
        "2026-02-20": ("agreed", "2025-07-30", "changed", "2026-02-20"),
        "2026-02-24": ("agreed", "2025-07-30", "changed", "2026-02-24"),
        "2026-03-11": ("raised", "2026-03-11", "changed", "2026-02-24"),
        "2026-05-12": ("raised", "2026-03-11", "changed", "2026-02-24"),
        "2026-07-24": ("raised", "2026-03-11", "changed", "2026-07-24"),
    },
    "safeguards_201": {
        "2018-01-22": None,
        "2018-01-23": ("raised", "2018-01-23", "none", ""),
        "2018-02-07": ("raised", "2018-01-23", "in_force", "2018-02-07"),
        "2023-02-06": ("raised", "2018-01-23", "in_force", "2018-02-07"),
        "2023-02-07": ("not_raised", "", "changed", "2023-02-07"),
        "2026-02-05": ("not_raised", "", "changed", "2023-02-07"),
        "2026-02-06": None,
    },
    "ev_tax_credits": {
        "2022-08-22": None,
        "2022-08-23": ("raised", "2022-08-23", "in_force", "2022-08-16"),
        "2025-09-29": ("raised", "2022-08-23", "in_force", "2022-08-16"),
        "2025-09-30": None,
    },
    "trade_balance": {
        "2017-10-04": ("under_negotiation", "2017-10-04", "none", ""),
        "2018-03-28": ("agreed", "2018-03-28", "none", ""),
        "2019-01-01": None,
        "2025-04-02": ("raised", "2025-04-02", "none", ""),
    },
    "investment_pledge": {
        "2025-10-29": ("agreed", "2025-10-29", "none", ""),
        "2026-05-31": ("agreed", "2025-10-29", "none", ""),
        "2026-06-30": ("agreed", "2025-10-29", "none", ""),
        "2026-07-28": ("under_negotiation", "2026-07-28", "none", ""),
        "2026-09-30": ("under_negotiation", "2026-07-28", "none", ""),
        "2026-10-01": ("agreed", "2026-09-30", "none", ""),
        "2026-10-02": ("agreed", "2026-09-30", "in_force", "2026-10-01"),
    },
    "textiles": {
        "2024-07-31": ("agreed", "2018-03-28", "none", ""),
        "2024-08-01": ("agreed", "2018-03-28", "in_force", "2024-08-01"),
    },
    "customs_verification": {
        "2018-09-23": ("agreed", "2018-03-28", "in_force", "2012-03-15"),
        "2018-09-24": ("agreed", "2018-03-28", "changed", "2018-09-24"),
    },
    "autos_safety_cap": {
        "2018-01-05": ("raised", "2018-01-05", "in_force", "2012-03-15"),
        "2019-01-01": ("agreed", "2018-03-26", "changed", "2019-01-01"),
        "2025-11-13": ("agreed", "2025-11-13", "changed", "2019-01-01"),
        "2026-02-11": ("under_negotiation", "2026-02-11", "changed", "2019-01-01"),
    },
}  # fmt: skip


@pytest.mark.parametrize(("issue", "day"), [(issue, day) for issue, days in PLACES.items() for day in days])
def test_an_issue_has_its_places_of_the_day(record: dict[str, Any], issue: str, day: str) -> None:
    found = [one for one in talks.issues_known(record, date.fromisoformat(day)) if one.id == issue]
    told = [(one.talks, str(one.talks_since or ""), one.law, str(one.law_since or "")) for one in found]
    expected = PLACES[issue][day]
    assert told == ([expected] if expected else [])


def test_an_act_whose_day_is_past_with_no_outcome_is_not_told_as_in_force_too(record: dict[str, Any]) -> None:
    day = date(2026, 7, 30)
    due = [plan.what for plan in talks.overdue(talks.events_known(record, day), day)]
    assert any(what.startswith("The Korean act on US investment is to apply") for what in due)
    (pledge,) = [one for one in talks.issues_known(record, day) if one.id == "investment_pledge"]
    assert pledge.law == "none" and pledge.in_law[-1].text.startswith("The act is promulgated")


def test_what_changed_no_law_is_not_told_as_a_change_in_law(record: dict[str, Any]) -> None:
    states = {one.id: one for one in talks.issues_known(record, date(2019, 1, 2))}
    for issue, since in {"congress_tpa": "2011-10-21", "pharma_pricing": "2012-03-15"}.items():
        assert (states[issue].law, str(states[issue].law_since)) == ("in_force", since)
    assert "stays as it was" in states["congress_tpa"].latest.text


def test_only_rice_was_left_out_of_the_farm_terms_of_2007(record: dict[str, Any]) -> None:
    (farm,) = [one for one in talks.issues_known(record, date(2012, 3, 16)) if one.id == "agriculture_rice"]
    assert farm.talks == "agreed" and "rice is exempt" in farm.in_talks[-1].text


def test_an_issue_of_the_pact_as_signed_is_not_new_when_it_takes_effect(record: dict[str, Any]) -> None:
    found = talks.changed_since(record, date(2011, 3, 16), date(2012, 3, 16))
    assert found and not [pair.now.id for pair in found if pair.before is None]


def test_a_duty_that_is_held_for_years_is_not_told_as_being_cut(record: dict[str, Any]) -> None:
    for issue, as_of, words in (
        ("autos_truck_tariff", "2012-03-16", "25% is held until 2019"),
        ("autos_truck_tariff", "2018-01-05", "25% is held until 2019"),
        ("autos_car_tariff", "2012-03-16", "2.5% is held until 2016"),
    ):
        (state,) = [one for one in talks.issues_known(record, date.fromisoformat(as_of)) if one.id == issue]
        assert state.in_law[-1].text.startswith(words)
    assert "staging" not in str(record["issue"])


def test_cars_and_parts_of_korea_pay_15_in_all_once_the_notice_is_out(record: dict[str, Any]) -> None:
    for issue, before in {"auto_parts": "25% under section 232", "autos_car_tariff": "comes on top"}.items():
        told = {
            day: next(one for one in talks.issues_known(record, day) if one.id == issue).in_law[-1].text
            for day in (date(2025, 12, 3), date(2025, 12, 4), date(2026, 11, 27))
        }
        assert before in told[date(2025, 12, 3)] and "15%" not in told[date(2025, 12, 3)]
        assert all("15%" in told[day] and "in all" in told[day] for day in list(told)[1:])


@pytest.mark.parametrize(
    ("as_of", "pending", "agreed"),
    [
        ("2018-03-29", {"autos_truck_tariff", "steel_232", "pharma_pricing"}, True),
        ("2018-05-01", {"steel_232"}, False),
        ("2019-01-01", {"autos_truck_tariff", "autos_safety_cap", "isds", "customs_verification"}, False),
        ("2025-11-13", {"autos_safety_cap", "labor_environment"}, True),
        ("2018-09-25", {"trade_balance"}, False),
        ("2019-01-02", {"pharma_pricing"}, False),
        ("2026-04-01", {"pharma_pricing"}, True),
        ("2026-07-30", {"pharma_pricing", "investment_pledge"}, False),
        ("2026-07-31", {"pharma_pricing"}, False),
        ("2026-11-27", {"investment_pledge"}, False),
    ],
)
def test_what_is_agreed_waits_for_the_law_until_it_moves(
    record: dict[str, Any], as_of: str, pending: set[str], agreed: bool
) -> None:
    waiting = {one.id for one in talks.issues_known(record, date.fromisoformat(as_of)) if one.pending}
    assert pending <= waiting if agreed else not pending & waiting


def test_a_position_from_before_its_matter_was_closed_is_not_current(record: dict[str, Any]) -> None:
    def said(issue: str, day: str) -> dict[str, str]:
        (state,) = [one for one in talks.issues_known(record, date.fromisoformat(day)) if one.id == issue]
        return {side: str(entry.when) for side, entry in state.positions.items()}

    assert said("agriculture_rice", "2018-01-05") == {"korea": "2017-12-04"}  # the US of April 2007 let rice go
    assert said("autos_safety_cap", "2018-01-05") == {"us": "2018-01-05"}  # Korea's is of the deal of 2010
    assert said("trade_balance", "2026-11-27") == {"us": "2025-04-02"}
    assert said("autos_232", "2026-07-22")["us"] == "2026-01-26"
    assert said("autos_232", "2026-07-23") == {}  # a threat that nobody carried out has run out; 15% is the law
    assert said("autos_car_tariff", "2018-01-05") == {}  # what was asked for in 2010 was done by 2016
    assert said("autos_truck_tariff", "2018-03-29") == {"us": "2018-03-26", "korea": "2018-03-26"}


def test_the_tiles_count_each_axis_by_its_own_name() -> None:
    edition = sources.open_edition("5800", "usual", "latest", "2018-01-05")
    (tiles,) = [one for one in state_of_talks.headline(edition) if isinstance(one, Tiles)]
    assert [(tile.label, tile.value, tile.note) for tile in tiles.tiles] == [
        ("On the table", "7", "in the talks: raised or under negotiation"),
        ("Agreed", "0", "in the talks; not yet carried out"),
        ("In force", "15", "in law, as it was or changed"),
        ("Dropped", "1", "in the talks: given up"),
    ]


@pytest.mark.parametrize(
    ("as_of", "lead", "within"),
    [
        ("2017-07-13", "12 July 2017: Lighthizer asks Korea for a special session", "11 August 2017, in 29 days"),
        ("2018-03-29", "29 March 2018: Trump says the Korea deal may wait", "a quota of 2.68m tonnes"),
        ("2018-09-25", "24 September 2018: Lighthizer and Kim sign the amended KORUS", "The ministers signed the texts"),
        ("2019-01-02", "1 January 2019: The amendments of KORUS take effect.", "Korea admits 50,000 cars a maker"),
        ("2019-01-02", "1 January 2019: The amendments of KORUS take effect.", "Changed in law on 1 January 2019: Car emissions and fuel economy; Investor"),
        ("2012-03-16", "15 March 2012: KORUS takes effect", "In force since 15 March 2012: Car emissions and fuel economy"),
        ("2026-07-24", "24 July 2026: Section 122 surcharge lapses", "Changed in law on 24 July 2026: Labour and environment; Reci"),
    ],
)  # fmt: skip
def test_the_event_of_the_day_leads_and_no_old_round_drowns_it(as_of: str, lead: str, within: str) -> None:
    edition = sources.open_edition("5800", "usual", "latest", as_of)
    for view in (state_of_talks.headline, in_brief.the_talks):
        said = [one.text for one in view(edition) if isinstance(one, Sentence)]
        assert said[0].startswith(lead)
        assert any(within in words for words in said)
        assert not any("little progress" in words or "last round" in words for words in said)


@pytest.mark.parametrize(
    ("as_of", "lead", "within"),
    [
        ("2026-03-01", "24 February 2026: US collects a 10% surcharge", "20 February 2026: US Supreme Court strikes down"),
        ("2026-03-01", "24 February 2026: US collects a 10% surcharge", "Since then, 27 February 2026: Korea permits Google"),
        ("2026-07-30", "24 July 2026: Section 122 surcharge lapses", "Since then, 28 July 2026: Korean press expects"),
        ("2026-11-27", "30 September 2026: US and Korea announce a nuclear framework", "Since then, 6 October 2026: Korea's reserves"),
        ("2011-10-25", "21 October 2011", ""),
    ],
)  # fmt: skip
def test_what_changed_law_or_duties_leads_for_a_month_and_what_followed_is_told_after_it(
    as_of: str, lead: str, within: str
) -> None:
    edition = sources.open_edition("5800", "usual", "latest", as_of)
    for view in (state_of_talks.headline, in_brief.the_talks):
        said = [one.text for one in view(edition) if isinstance(one, Sentence)]
        assert said[0].startswith(lead)
        assert any(within in words for words in said)


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
    entries = (*state.in_talks, *state.in_law, *(state.positions[side] for side in sorted(state.positions)))
    return (state.id, *((entry.day, entry.text, entry.place) for entry in entries))


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


def test_no_title_names_a_day_that_nobody_printed() -> None:
    edition = sources.open_edition("5800", "usual", "latest", "2018-01-05")
    (events,) = state_of_talks.recent_events(edition)
    assert isinstance(events, EventList)
    assert events.events[-1].id == "2017-01-other"
    assert events.title.text == "Events from January 2017 to 5 January 2018"


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


def test_what_is_fixed_for_duties_is_not_denied_where_no_date_of_the_talks_is_recorded() -> None:
    edition = sources.open_edition("5800", "usual", "latest", "2012-03-16")
    said = {one.id: one.text for one in in_brief.the_talks(edition) if isinstance(one, Sentence)}
    (matrix,) = state_of_talks.issues(edition)
    assert "held until 2019" in matrix.html()
    assert said["talks-clock"] == "No later date of the talks is recorded."
