"""Duties in force as pages tell them: on each day what was known, and nothing where no duties are on record."""

import pytest
from briefing.chapters import duties
from briefing.exhibits.charts import Chart
from briefing.exhibits.tables import Table
from briefing.outputs import Output
from briefing.record import sources
from briefing.sentences import Sentence


def shown(as_of: str, partner: str = "Korea, South", *, short: bool = False) -> list[Output]:
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    return [*duties.in_short(edition), *duties.short_table(edition)] if short else duties.today(edition)


def said(outputs: list[Output]) -> dict[str, str]:
    return {one.id: one.text for one in outputs if isinstance(one, Sentence)}


def rows(outputs: list[Output], id: str) -> list[list[str]]:
    (table,) = [one for one in outputs if isinstance(one, Table) and one.id == id]
    return [[in_words(cell) for cell in row] for row in table.rows]


def in_words(cell: object) -> str:
    if isinstance(cell, list):
        return "; ".join(words for words, _ in cell)
    return cell if isinstance(cell, str) else getattr(cell, "text", "")


def test_the_default_edition_tells_what_either_side_charged() -> None:
    found = said(shown("2018-01-05"))
    assert found["duties-us"] == (
        "The US charges nothing on cars, 25% on light trucks, and the rates of KORUS on all else from Korea."
    )
    assert found["duties-korea"] == (
        "Korea charges nothing on cars, light trucks and car parts, and the rates of KORUS on all else from the US."
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2018-09-25", "the rates of KORUS on all else (but duties by quota on washing machines and solar"),
        (
            "2026-03-01",
            "the rates of KORUS on medicines and chips (but an extra 25% on a narrow class of advanced chips)",
        ),
        (
            "2026-09-29",
            "on medicines and chips (but 15% on patented medicines; an extra 25% on a narrow class of advanced chips)",
        ),
    ],
)
def test_goods_of_which_a_part_pays_apart_are_told_with_that_part_and_what_it_pays(day: str, words: str) -> None:
    assert words in said(shown(day))["duties-us"]


def test_goods_made_of_metal_have_a_row_from_the_day_their_duty_applies() -> None:
    def metal(day: str) -> list[list[str]]:
        return [row[2:] for row in rows(shown(day), "duties-us-table") if "made of steel" in row[0]]

    assert metal("2026-04-05") == []
    assert metal("2026-11-27") == [["25% on top", "25% on top", "Section 232, Proclamation 11021", "6 April 2026"]]
    assert (
        "an extra 25% on heavy trucks and their parts and most goods made of" in said(shown("2026-11-27"))["duties-us"]
    )


@pytest.mark.parametrize("day", ["2018-09-25", "2019-01-02", "2026-11-27"])
def test_in_brief_has_every_row_of_what_the_us_charges(day: str) -> None:
    def goods(outputs: list[Output], id: str) -> set[str]:
        return {name.lower() for row in rows(outputs, id) for name in row[0].split(", ")}

    assert goods(shown(day, short=True), "brief-duties") == goods(shown(day), "duties-us-table")


def test_products_that_pay_alike_stand_in_one_row_with_what_was_added_and_since_when() -> None:
    found = rows(shown("2025-08-07"), "duties-us-table")
    assert found[0][:6] == ["Cars", "Free", "25% on top", "25%", "Section 232, Proclamation 10908", "3 April 2025"]
    assert found[1][:4] == ["Light trucks", "25%", "25% on top", "50%"]
    assert found[3][:6] == [
        "Steel, aluminium", "By good", "50% on top", "50% on top", "Section 232, Proclamation 10947", "4 June 2025",
    ]  # fmt: skip


def test_a_steel_duty_set_aside_is_told_with_its_end_and_is_not_charged() -> None:
    steel = next(row for row in rows(shown("2018-03-23"), "duties-us-table") if row[0] == "Steel")
    assert steel[1:4] == ["By good", "25% set aside until 1 May 2018", "By good"]


def test_a_quota_is_told_once_in_a_row_and_no_page_stands_in_the_note_of_a_table() -> None:
    steel = next(row for row in rows(shown("2018-05-01"), "duties-us-table") if row[0] == "Steel")
    assert steel[2:4] == ["No duty, up to 2.68 million tonnes a year; nothing above", "By quota"]
    tables = {one.id: one for one in shown("2025-08-07") if isinstance(one, Table)}
    assert tables["duties-us-table"].note.startswith("Source: Record of the talks. By good:")


def test_a_duty_that_lost_its_ground_is_told_as_still_collected() -> None:
    other = next(row for row in rows(shown("2026-02-21"), "duties-us-table") if row[0] == "All other goods")
    assert other[3:6] == [
        "15%", "Emergency powers (IEEPA), Notice 90 FR 55964", "struck down 20 February 2026, still collected",
    ]  # fmt: skip


def test_trucks_that_pay_more_than_a_duty_that_counts_theirs_in_pay_nothing_more() -> None:
    trucks = next(row for row in rows(shown("2026-11-27"), "duties-us-table") if row[0] == "Light trucks")
    assert trucks[1:] == [
        "25%", "Nothing under section 232 (inferred: the ordinary duty is above the 15%)", "25%",
        "KORUS schedule as amended, Proclamation 9834", "1 January 2019",
    ]  # fmt: skip


def test_what_is_next_and_what_was_only_said_are_told_apart() -> None:
    assert said(shown("2026-02-22", short=True))["duties-next"] == (
        "Next, on 24 February 2026: an extra 10% on all other goods. Not ordered so far: an extra 15% on all other goods "
        "(threatened); 15% on medicines (announced); 25% on cars (threatened)."
    )


def test_in_brief_has_a_table_where_something_is_added_to_ordinary_duties_and_sentences_alone_where_nothing_is() -> (
    None
):
    assert [type(one) for one in shown("2018-01-05", short=True)] == [Sentence]
    assert [row[:2] for row in rows(shown("2018-05-01", short=True), "brief-duties")][-3] == ["Aluminium", "10% on top"]
    assert "duties-us" not in said(shown("2018-05-01", short=True))


def test_an_act_is_named_from_the_day_on_which_it_applies_and_a_duty_older_than_the_record_is_told_as_older() -> None:
    def trucks(day: str) -> list[str]:
        return next(row for row in rows(shown(day), "duties-us-table") if row[0] == "Light trucks")

    assert [trucks(day)[4] for day in ("2018-12-31", "2019-01-01")] == [
        "KORUS schedule of 2010", "KORUS schedule as amended, Proclamation 9834",
    ]  # fmt: skip
    assert trucks("2010-12-04")[5] == "before 3 December 2010"
    assert trucks("2012-03-15")[5] == "15 March 2012"


@pytest.mark.parametrize(("day", "free"), [("2010-12-04", False), ("2012-03-14", False), ("2012-03-15", True)])
def test_goods_are_told_as_free_under_the_pact_from_its_first_day_on(day: str, free: bool) -> None:
    (table,) = [one for one in shown(day) if isinstance(one, Table) and one.id == "duties-us-table"]
    assert ("free under the pact" in table.note) is free
    assert "By good: each good has its own rate" in table.note


def test_a_rate_that_is_to_stay_what_it_is_is_not_told_as_one_to_come() -> None:
    assert (
        said(shown("2010-12-04", short=True))["duties-next"]
        == "Not ordered so far: 4% on cars from the US (announced)."
    )
    fixed = [row[1] for row in rows(shown("2012-03-01"), "duties-ahead") if row[0] == "15 March 2012"]
    assert "4% on cars from the US" in fixed
    assert not {"2.5% on cars", "25% on light trucks"} & set(fixed)


def test_whose_duty_is_to_change_is_told_where_it_is_the_other_sides() -> None:
    found = [row[1] for row in rows(shown("2012-03-16"), "duties-ahead")]
    assert found[:2] == ["The end of the duty on cars from the US", "The end of the duty on cars"]


@pytest.mark.parametrize("day", ["2018-01-05", "2018-03-23", "2018-12-20", "2025-07-30", "2026-01-27"])
def test_no_row_names_a_later_act_or_page_than_the_day(day: str) -> None:
    texts = [cell for id in ("duties-us-table", "duties-ahead") for row in rows(shown(day), id) for cell in row]
    later = {"Proclamation 9834": "2018-12-21", "Proclamation 10133": "2021-01-14", "90 FR 55964": "2025-12-04"}
    assert not [words for words, known in later.items() if known > day and any(words in text for text in texts)]


@pytest.mark.parametrize("partner", ["Japan", "Mexico"])
def test_a_partner_without_duties_on_record_has_neither_heading_nor_table(partner: str) -> None:
    assert shown("2019-12-26", partner) == shown("2019-12-26", partner, short=True) == []
    assert shown("2005-01-01") == []


def drawn(as_of: str, partner: str = "Korea, South") -> dict[str, Chart]:
    edition = sources.open_edition(partner, "usual", "latest", as_of)
    return {one.id: one for one in duties.over_time(edition) if isinstance(one, Chart)}


def told(as_of: str) -> dict[str, str]:
    return said(duties.over_time(sources.open_edition("Korea, South", "usual", "latest", as_of)))


def test_the_steps_of_the_law_are_told_in_words_beside_what_was_calculated() -> None:
    words = drawn("2025-12-10")["duties-over-time"].alt_text
    assert "from 1 January 2016 free; from 3 April 2025 25%; from 1 November 2025 15%." in words
    assert "from 5 April 2025 10% on top; from 9 April 2025 25% on top; from 10 April 2025 10% on top" in words
    assert "Calculated over imports: least 0.2 percent" in words


def test_a_rate_ordered_afterwards_is_in_no_picture_of_the_days_before() -> None:
    words = drawn("2025-12-03")["duties-over-time"].alt_text
    assert "15% on top" in words
    assert "1 November 2025" not in words


def test_duty_as_calculated_ends_with_the_months_published_by_the_day() -> None:
    assert told("2025-08-07")["duties-calculated"] == (
        "Duty calculated on imports for consumption from South Korea came to 11.8 percent of their value in June 2025, and to "
        "5.1 percent in January–June 2025, after 0.2 percent in the same months a year before."
    )
    assert "7.6 percent of their value in August 2026, and to 8.3 percent" in told("2026-11-27")["duties-calculated"]


def test_a_figure_of_duty_over_imports_leads_to_both_of_its_sums() -> None:
    edition = sources.open_edition("Korea, South", "usual", "latest", "2026-11-27")
    (sentence,) = [
        one for one in duties.over_time(edition) if isinstance(one, Sentence) and one.id == "duties-calculated"
    ]
    share = sentence.quoted["month"]
    duty, imports = share.parts
    assert share.value == duty.value / imports.value
    assert [{column: first for column, first, _ in part.rows[0].where}["valuation"] for part in share.parts] == [
        "calculated_duty", "customs_value",
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "shown"), [("2026-07-22", False), ("2026-07-23", True), ("2026-11-27", True)])
def test_a_model_is_shown_from_the_day_it_was_published_on_and_named_as_one(day: str, shown: bool) -> None:
    pictures = drawn(day).values()
    assert ("duties-modelled" in told(day)) is shown
    assert all(("Model, a model:" in one.alt_text) is shown for one in pictures)
    assert all(("(a model)" in one.note and "MIT licence" in one.note) is shown for one in pictures)


def test_the_rate_of_a_model_is_told_up_to_the_day_it_was_published_and_no_further() -> None:
    assert told("2026-11-27")["duties-modelled"].endswith(
        "gives goods from South Korea 13.1 percent from 22 July 2026 up to 23 July 2026, the day it was published; it counts "
        "nothing that was paid, and what it says of later days is not used."
    )


def test_no_rate_of_a_model_is_of_a_day_after_it_was_published() -> None:
    edition = sources.open_edition("Korea, South", "usual", "latest", "2026-11-27")
    rates = sources.modelled_rates(edition)
    assert str(rates[-1].day) == "2026-07-22"
    assert round(100 * rates[-1].rate, 2) == 13.07
    assert round(100 * next(one.rate for one in rates if str(one.day) == "2025-04-03"), 2) == 10.55


def test_a_picture_of_the_last_years_stands_by_itself_where_much_changed() -> None:
    assert list(drawn("2018-05-01")) == ["duties-over-time"]
    assert list(drawn("2025-08-07")) == ["duties-over-time", "duties-lately"]


def test_there_is_no_picture_where_no_duty_changed_in_its_years() -> None:
    assert drawn("2012-03-16") == drawn("2015-12-31") == {}
    assert list(drawn("2016-01-01")) == ["duties-over-time"]


def test_a_partner_without_duties_on_record_has_no_picture() -> None:
    assert drawn("2026-11-27", "Japan") == drawn("2011-06-01") == {}
