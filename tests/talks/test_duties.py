"""Duties in force: a hand-written list of what each product paid on the days of change and the days before."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from briefing.record import shapes
from briefing.record.origins import Origin
from briefing.talks import Pact, duties

from tests.pacts import pact_of

PRODUCTS = ("cars", "trucks", "parts", "steel", "aluminium", "medicines", "chips", "other")
BY_HAND = """
2011-06-01  2.5  25  own    own     own     own  own  own
2012-03-14  2.5  25  own    own     own     own  own  own
2012-03-15  2.5  25  own    own     own     own  own  own
2015-12-31  2.5  25  own    own     own     own  own  own
2016-01-01  0    25  own    own     own     own  own  own
2018-01-05  0    25  own    own     own     own  own  own
2018-03-22  0    25  own    own     own     own  own  own
2018-03-23  0    25  own    own     own     own  own  own
2018-04-30  0    25  own    own     own     own  own  own
2018-05-01  0    25  own    quota   own+10  own  own  own
2019-01-01  0    25  own    quota   own+10  own  own  own
2021-01-01  0    25  own    quota   own+10  own  own  own
2025-03-11  0    25  own    quota   own+10  own  own  own
2025-03-12  0    25  own    own+25  own+25  own  own  own
2025-04-02  0    25  own    own+25  own+25  own  own  own
2025-04-03  25   50  own    own+25  own+25  own  own  own
2025-04-04  25   50  own    own+25  own+25  own  own  own
2025-04-05  25   50  own    own+25  own+25  own  own  own+10
2025-04-09  25   50  own    own+25  own+25  own  own  own+25
2025-04-10  25   50  own    own+25  own+25  own  own  own+10
2025-05-03  25   50  own+25 own+25  own+25  own  own  own+10
2025-06-03  25   50  own+25 own+25  own+25  own  own  own+10
2025-06-04  25   50  own+25 own+50  own+50  own  own  own+10
2025-08-06  25   50  own+25 own+50  own+50  own  own  own+10
2025-08-07  25   50  own+25 own+50  own+50  own  own  own+15
2025-10-31  25   50  own+25 own+50  own+50  own  own  own+15
2025-11-01  25   50  own+25 own+50  own+50  own  own  own+15
2025-12-03  25   50  own+25 own+50  own+50  own  own  own+15
2025-12-04  15   25  own<15 own+50  own+50  own  own  own<15
2026-01-27  15   25  own<15 own+50  own+50  own  own  own<15
2026-02-19  15   25  own<15 own+50  own+50  own  own  own<15
2026-02-20  15   25  own<15 own+50  own+50  own  own  own<15
2026-02-23  15   25  own<15 own+50  own+50  own  own  own<15
2026-02-24  15   25  own<15 own+50  own+50  own  own  own+10
2026-04-05  15   25  own<15 own+50  own+50  own  own  own+10
2026-04-06  15   25  own<15 own+50  own+50  own  own  own+10
2026-07-23  15   25  own<15 own+50  own+50  own  own  own+10
2026-07-24  15   25  own<15 own+50  own+50  own  own  own<12.5
2026-11-27  15   25  own<15 own+50  own+50  own  own  own<12.5
"""
"""What the US charges on Korean goods in percent, as known on the day: "own" is a rate by good, "+" on top of it, "<" with it
counted in."""
DAYS = [line.split() for line in BY_HAND.strip().splitlines()]


@pytest.fixture(scope="module")
def pact() -> Pact:
    return pact_of()


def in_short(duty: duties.Duty) -> str:
    if duty.total is not None:
        return f"{duty.total.normalize():f}"
    if duty.quota is not None:
        return "quota"
    return "own" + "".join({"on top": "+", "all in": "<"}[one.counts] + f"{one.rate}" for one in duty.added)


def charged(pact: Pact, day: date, known: date | None = None, by: str = "us") -> dict[str, str]:
    return {duty.product.id: in_short(duty) for duty in duties.duties(pact, by, day, known)}


def duty_on(pact: Pact, product: str, day: date) -> duties.Duty:
    (found,) = [duty for duty in duties.duties(pact, "us", day) if duty.product.id == product]
    return found


def measures(found: list[duties.Ahead]) -> dict[str, date | None]:
    return {one.measure.id: one.day for one in found}


@pytest.mark.parametrize(("day", "wanted"), [(line[0], line[1:]) for line in DAYS], ids=[line[0] for line in DAYS])
def test_each_product_pays_what_the_list_by_hand_says_as_known_on_the_day(
    pact: Pact, day: str, wanted: list[str]
) -> None:
    found = charged(pact, date.fromisoformat(day))
    assert [found[product] for product in PRODUCTS] == wanted


def test_a_rate_ordered_afterwards_applies_to_its_days_once_it_is_known_and_not_before(pact: Pact) -> None:
    first, day_before, known = date(2025, 11, 1), date(2025, 10, 31), date(2025, 12, 4)
    assert charged(pact, first)["cars"] == "25"
    assert charged(pact, first, known - timedelta(days=1))["cars"] == "25"
    later = charged(pact, first, known)
    assert (later["cars"], later["trucks"], later["parts"], later["other"]) == ("15", "25", "own<15", "own+15")
    assert charged(pact, day_before, known)["cars"] == "25"
    assert charged(pact, date(2025, 11, 14), known)["other"] == "own<15"


def test_korea_charges_half_from_the_first_day_of_the_pact_and_nothing_from_2016(pact: Pact) -> None:
    days = ["2011-06-01", "2012-03-14", "2012-03-15", "2015-12-31", "2016-01-01", "2026-11-27"]
    found = [charged(pact, date.fromisoformat(day), by="korea") for day in days]
    assert [row["cars"] for row in found] == ["8", "8", "4", "4", "0", "0"]
    assert [row["trucks"] for row in found] == ["10", "10", "0", "0", "0", "0"]


def test_a_duty_that_is_set_aside_is_told_beside_and_not_charged(pact: Pact) -> None:
    steel = duty_on(pact, "steel", date(2018, 3, 23))
    assert [one.id for one in steel.suspended] == ["us-232-steel-2018"]
    assert not steel.added
    assert not any(one.suspended for one in duties.duties(pact, "us", date(2018, 3, 22)))


def test_what_the_court_struck_down_is_still_collected_for_four_days(pact: Pact) -> None:
    (struck,) = [one for one in duties.measures_known(pact.rows, date(2026, 2, 20)) if one.id == "us-ieepa-15-all-in"]
    standing = struck.at(date(2026, 2, 20))
    assert standing is not None
    assert (standing.status, standing.applies) == ("struck down", True)
    assert not any(turn.status == "expired" for turn in struck.turns)
    assert measures(duties.ahead(pact, date(2026, 2, 23)))["us-ieepa-15-all-in"] == date(2026, 2, 24)


def test_what_takes_part_of_a_product_alone_enters_no_sum(pact: Pact) -> None:
    medicines = duty_on(pact, "medicines", date(2026, 9, 29))
    named = duty_on(pact, "medicines", date(2026, 7, 31))
    assert [one.part for one in medicines.partly] == ["patented medicines"]
    assert [one.part for one in named.partly] == ["patented medicines of named large firms"]
    assert not medicines.added


def test_what_our_pages_leave_open_is_neither_charged_nor_left_out(pact: Pact) -> None:
    unclear = {
        duty.product.id: [one.id for one in duty.unclear] for duty in duties.duties(pact, "us", date(2026, 7, 24))
    }
    assert unclear["chips"] == ["us-301"]
    assert unclear["medicines"] == ["us-301"]
    assert unclear["cars"] == []


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2018-02-20", {"us-232-steel-53": None}),
        ("2018-03-08", {"us-232-steel-2018": date(2018, 3, 23), "us-232-aluminium-2018": date(2018, 3, 23)}),
        ("2018-04-30", {"us-232-steel-quota": date(2018, 5, 1), "us-232-aluminium-2018": date(2018, 5, 1)}),
        ("2018-12-21", {"us-trucks-pact-free": date(2041, 1, 1)}),
        ("2025-04-03", {"us-ieepa-10": date(2025, 4, 5), "us-ieepa-25": date(2025, 4, 9), "us-232-parts": date(2025, 5, 3)}),
        ("2025-04-10", {"us-ieepa-25": date(2025, 7, 9)}),
        ("2025-07-08", {"us-ieepa-25": date(2025, 8, 1)}),
        ("2025-07-31", {"us-ieepa-15": date(2025, 8, 7), "us-232-cars-15": None}),
        ("2026-01-27", {"us-back-to-25": None, "us-back-to-25-cars": None}),
        ("2026-03-01", {"us-back-to-25-cars": None}),
        ("2026-02-20", {"us-122": date(2026, 2, 24)}),
        ("2026-02-24", {"us-122": date(2026, 7, 24)}),
        ("2026-06-06", {"us-301-proposed": None}),
        ("2026-11-27", {"us-232-polysilicon": date(2026, 12, 4)}),
    ],
)  # fmt: skip
def test_what_was_fixed_or_said_for_later_is_told_with_its_day(
    pact: Pact, day: str, wanted: Mapping[str, date | None]
) -> None:
    assert wanted.items() <= measures(duties.ahead(pact, date.fromisoformat(day))).items()


def test_a_plan_that_was_put_off_is_no_longer_told(pact: Pact) -> None:
    before, after = (measures(duties.ahead(pact, date(2018, 12, day))) for day in (20, 21))
    assert (before["us-trucks-pact-cuts"], before["us-trucks-pact-free"]) == (date(2019, 1, 1), date(2021, 1, 1))
    assert "us-trucks-pact-cuts" not in after
    assert "us-back-to-25-cars" not in measures(duties.ahead(pact, date(2026, 4, 2)))


def test_nothing_is_told_ahead_under_an_authority_that_was_struck_down(pact: Pact) -> None:
    known = duties.measures_known(pact.rows, date(2026, 11, 27))
    struck = [(one.authority, turn.day) for one in known for turn in one.turns if turn.status == "struck down"]
    assert struck
    for authority, day in struck:
        later = [day + timedelta(days=days) for days in range(120)]
        told = [
            one.measure.id
            for on in later
            for one in duties.ahead(pact, on)
            if one.measure.authority == authority and one.turn.status != "expired"
        ]
        assert told == []


def test_nothing_is_charged_or_told_before_it_was_public(pact: Pact) -> None:
    """Each turn stays out on the day before it was known: asked of every day on which something became known."""
    turns = [turn for row in pact.rows["measure"] for turn in row["turn"]]
    for known in {turn.get("known_from", turn["date"]) for turn in turns}:
        before = known - timedelta(days=1)
        seen = [turn for one in duties.measures_known(pact.rows, before) for turn in one.turns]
        assert all(turn.known_from <= before for turn in seen)
        wanted = [turn for turn in turns if turn.get("known_from", turn["date"]) <= before]
        assert len(seen) == len(wanted)


def test_every_rate_in_force_on_any_day_had_been_ordered_or_was_the_ordinary_duty(pact: Pact) -> None:
    for row in pact.rows["measure"]:
        for turn in (turn for turn in row["turn"] if turn["status"] == "in force" and row["counts"] != "ordinary"):
            known = turn.get("known_from", turn["date"])
            orders = [
                other
                for other in row["turn"]
                if other["status"] == "ordered" and other.get("known_from", other["date"]) <= known
            ]
            assert orders or known > turn["date"], (row["id"], turn["date"])


def test_the_steps_of_a_chart_are_the_days_on_which_the_charge_changed_as_known_on_the_day(pact: Pact) -> None:
    as_of = date(2025, 12, 1)
    cars = duties.history(pact, "us", "cars", date(2012, 1, 1), as_of)
    assert [(str(day), str(duty.total)) for day, duty in cars] == [
        ("2012-01-01", "2.5"), ("2012-03-15", "2.5"), ("2016-01-01", "0"), ("2025-04-03", "25"),
    ]  # fmt: skip
    later = duties.history(pact, "us", "cars", date(2012, 1, 1), date(2026, 1, 1))
    assert (str(later[-1][0]), later[-1][1].total) == ("2025-11-01", Decimal(15))


def page(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": "A page",
        "publisher": "A paper",
        "address": "https://example.org/page",
        "record": "talks",
    }


def made(*rows: dict[str, Any]) -> Pact:
    """A pact of another pair of countries, with measures of its own."""
    whole = {"act": "An act", "by": "us", "products": ["goods"], "scope": "All goods", "publications": ["own"]}
    record = {
        "publication": [],
        "duty_page": [page("own")],
        "product": [{"id": "goods", "name": "Goods", "codes": "all", "usual": True}],
        "measure": [{**whole, **row} for row in rows],
    }
    return Pact("us-uk", "US-UK", "4120", None, pact_of().sides, Origin("talks", "2026-01-01", "held"), record)


FIVE = {"id": "five", "authority": "MFN", "rate": "5", "counts": "ordinary",
        "turn": [{"date": date(2020, 1, 1), "status": "in force"}]}  # fmt: skip
TEN = {"id": "ten", "authority": "section 122", "rate": "10", "counts": "on top",
       "turn": [{"date": date(2021, 1, 1), "status": "in force"}]}  # fmt: skip


def test_duties_of_another_pact_stack_and_replace_as_its_data_says() -> None:
    day = date(2021, 6, 1)
    eight = {**TEN, "id": "eight", "rate": "8"}
    ceiling = {**TEN, "id": "ceiling", "rate": "12", "counts": "all in"}
    assert charged(made(FIVE), day) == {"goods": "5"}
    assert charged(made(FIVE, TEN), day) == {"goods": "15"}
    assert charged(made(FIVE, TEN, eight), day) == {"goods": "23"}
    assert charged(made(FIVE, TEN, {**eight, "replaces": ["ten"]}), day) == {"goods": "13"}
    assert charged(made(FIVE, ceiling), day) == {"goods": "12"}
    assert charged(made({**FIVE, "rate": "25"}, ceiling), day) == {"goods": "25"}


def test_a_duty_that_counts_a_higher_ordinary_duty_in_adds_nothing(pact: Pact) -> None:
    trucks = duty_on(pact, "trucks", date(2026, 1, 1))
    cars = duty_on(pact, "cars", date(2026, 1, 1))
    assert (trucks.adds, cars.adds) == (False, True)


def fault(twin: str = "", **changed: Any) -> str:
    row = {**FIVE, "act": "An act", "by": "us", "products": ["goods"], "scope": "All",
           "publications": ["own"], **changed}  # fmt: skip
    own = {key: value for key, value in row.items() if value is not None}
    tables = {
        "measure": [own, {**own, "id": twin}] if twin else [own],
        "product": [{"id": "goods", "name": "Goods", "codes": "all"}],
        "duty_page": [{key: value for key, value in page("own").items() if key != "record"}],
        "side": [{"id": "us"}],
    }
    names = shapes.names_in(tables, date(2026, 1, 1))
    found = shapes.fault_in(shapes.Duties, {name: rows for name, rows in tables.items() if name != "side"}, names)
    return found.words if found is not None else ""


def test_a_measure_that_cannot_be_counted_or_placed_is_refused_with_its_fault() -> None:
    turn = {"date": date(2020, 1, 1), "status": "in force"}
    assert fault() == ""
    assert "measure five products no. 1: 'planes' is no product of this record" in fault(products=["planes"])
    assert "'rumour' is no page of duties of this record" in fault(publications=["rumour"])
    assert "counts the ordinary duty in, and has no rate" in fault(counts="all in", rate=None)
    assert "counts as 'quota', and has no quota" in fault(counts="quota")
    assert "'in doubt' is no status of a duty" in fault(turn=[{**turn, "status": "in doubt"}])
    assert "two turns are of 2020-01-01, known from 2020-01-01" in fault(turn=[turn, {**turn, "status": "expired"}])
    assert "2027-01-01 lies after 2026-01-01" in fault(turn=[{**turn, "date": date(2027, 1, 1)}])
    assert fault(turn=[{**turn, "date": date(2027, 1, 1), "known_from": date(2020, 1, 1)}]) == ""


def test_two_ordinary_duties_on_one_product_from_one_day_are_refused() -> None:
    assert "five and six are both the ordinary duty on goods from 2020-01-01" in fault(twin="six")
