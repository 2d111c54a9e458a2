"""Duties in force as pages tell them: on each day what was known, and nothing where no duties are on record."""

import pytest
from briefing.chapters import duties
from briefing.exhibits.tables import Table
from briefing.outputs import Output
from briefing.record import sources
from briefing.sentences import Sentence


def shown(as_of: str, partner: str = "Korea, South", *, short: bool = False) -> list[Output]:
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    return duties.in_short(edition) if short else duties.today(edition)


def said(outputs: list[Output]) -> dict[str, str]:
    return {one.id: one.text for one in outputs if isinstance(one, Sentence)}


def rows(outputs: list[Output], id: str) -> list[list[str]]:
    (table,) = [one for one in outputs if isinstance(one, Table) and one.id == id]
    return [[cell if isinstance(cell, str) else getattr(cell, "text", "") for cell in row] for row in table.rows]


def test_the_default_edition_tells_what_either_side_charged() -> None:
    found = said(shown("2018-01-05"))
    assert found["duties-us"] == (
        "The US charges nothing on cars, 25% on light trucks, and the rates of KORUS alone on everything else from Korea."
    )
    assert found["duties-korea"] == (
        "Korea charges nothing on cars, light trucks and car parts, and the rates of KORUS alone on everything else from the US."
    )


def test_products_that_pay_alike_stand_in_one_row_with_what_was_added_and_since_when() -> None:
    found = rows(shown("2025-08-07"), "duties-us-table")
    assert found[0][:6] == ["Cars", "Free", "25% on top", "25%", "section 232, Proclamation 10908", "3 April 2025"]
    assert found[1][:4] == ["Light trucks", "25%", "25% on top", "50%"]
    assert found[3][:6] == [
        "Steel, aluminium", "By good", "50% on top", "50% on top", "section 232, Proclamation 10947", "4 June 2025",
    ]  # fmt: skip


def test_a_steel_duty_set_aside_is_told_with_its_end_and_is_not_charged() -> None:
    steel = next(row for row in rows(shown("2018-03-23"), "duties-us-table") if row[0] == "Steel")
    assert steel[1:4] == ["By good", "25% set aside until 1 May 2018", "By good"]


def test_a_duty_that_lost_its_ground_is_told_as_still_collected() -> None:
    other = next(row for row in rows(shown("2026-02-21"), "duties-us-table") if row[0] == "All other goods")
    assert other[3:6] == [
        "15%", "emergency powers (IEEPA), Notice 90 FR 55964", "struck down 20 February 2026, still collected",
    ]  # fmt: skip


def test_trucks_that_pay_more_than_a_duty_that_counts_theirs_in_pay_nothing_more() -> None:
    trucks = next(row for row in rows(shown("2026-11-27"), "duties-us-table") if row[0] == "Light trucks")
    assert trucks[1:4] == ["25%", "Nothing: the ordinary duty is above the 15%", "25%"]


def test_what_is_next_and_what_was_only_said_are_told_apart() -> None:
    assert said(shown("2026-02-22", short=True))["duties-next"] == (
        "Next, on 24 February 2026: an extra 10% on all other goods. Said, and not ordered: an extra 15% on all other goods "
        "(threatened); 15% on medicines (announced); 25% on cars and all other goods (threatened)."
    )


@pytest.mark.parametrize("day", ["2018-01-05", "2018-03-23", "2018-12-20", "2025-07-30", "2026-01-27"])
def test_no_row_names_a_later_act_or_page_than_the_day(day: str) -> None:
    texts = [cell for id in ("duties-us-table", "duties-ahead") for row in rows(shown(day), id) for cell in row]
    later = {"Proclamation 9834": "2018-12-21", "Proclamation 10133": "2021-01-14", "90 FR 55964": "2025-12-04"}
    assert not [words for words, known in later.items() if known > day and any(words in text for text in texts)]


@pytest.mark.parametrize("partner", ["Japan", "Mexico"])
def test_a_partner_without_duties_on_record_has_neither_heading_nor_table(partner: str) -> None:
    assert shown("2019-12-26", partner) == shown("2019-12-26", partner, short=True) == []
    assert shown("2005-01-01") == []
