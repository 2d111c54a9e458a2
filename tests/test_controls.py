"""A page and its controls, without a browser."""

import pytest
from briefing.app import EditionBar
from briefing.chapters import deficit_trends
from briefing.controls import Page
from briefing.errors import EditionError
from briefing.outputs import MEDIA_TYPE

DEFAULT = ("Korea, South", "2011-01", "latest", "2018-01-05")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.delenv("QUERY_STRING", raising=False)
    page = Page(*DEFAULT)
    page.show(deficit_trends.headline)
    return page


SLOT = "deficit-trends-headline"


def test_a_cell_is_a_slot_with_html_for_the_app_and_a_record_for_print(page: Page) -> None:
    bundle = page.show(deficit_trends.headline)._repr_mimebundle_()
    assert f'<div class="slot" data-slot="{SLOT}">' in bundle["text/html"]
    record = bundle[MEDIA_TYPE]
    assert record["kind"] == "slot" and [inner["kind"] for inner in record["outputs"]] == [
        "claim",
        "tiles",
        "claim",
        "claim",
    ]
    assert all(inner["figures"] and inner["origins"] for inner in record["outputs"])


def test_moving_to_another_partner_fills_every_slot_anew(page: Page) -> None:
    contents = page.move_to(partner="5880")
    assert set(contents) == {SLOT} and "Japan" in contents[SLOT]
    assert page.parameters == {
        "partner": "5880",
        "first_period": "2011-01",
        "last_period": "latest",
        "as_of": "2018-01-05",
    }


def test_an_impossible_edition_leaves_the_page_as_it_is(page: Page) -> None:
    before = page.edition
    with pytest.raises(EditionError):
        page.move_to(as_of="1950-01-01")
    assert page.edition == before


def test_the_address_chooses_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "partner=Mexico&as_of=2017-01-20&unrelated=1")
    page = Page(*DEFAULT)
    assert (page.edition.partner, page.edition.last_period, page.problem) == ("2010", "2016-11", "")


def test_an_address_that_names_no_edition_shows_the_default_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "partner=Atlantis")
    page = Page(*DEFAULT)
    assert page.edition.partner == "5800"
    assert "Partner 'Atlantis' is in no list of partners" in page.problem


@pytest.fixture
def bar(page: Page) -> EditionBar:
    return page.controls()


def test_a_change_of_partner_reaches_slots_address_and_status(bar: EditionBar) -> None:
    bar.partner.value = "5880"
    assert "Japan" in bar._slots.contents[SLOT]
    assert bar._slots.query.startswith("partner=5880&")
    assert bar._slots.status == "Showing Japan, as of 5 January 2018"


def test_an_earlier_day_takes_the_window_with_it(bar: EditionBar) -> None:
    from datetime import date

    bar.as_of.value = date(2010, 6, 1)
    assert bar.window.value == ("2004-01", "2010-03")
    assert "January–March 2010" in bar._slots.contents[SLOT]


def test_a_refused_day_is_said_and_the_control_goes_back(bar: EditionBar) -> None:
    bar.as_of.value = None
    assert "is not a day of the calendar" in bar._message.value
    assert str(bar.as_of.value) == "2018-01-05"


def test_the_window_changes_the_edition(bar: EditionBar) -> None:
    bar.window.value = ("2015-01", "2016-12")
    assert "in 2016" in bar._slots.contents[SLOT]
    assert "last_period=2016-12" in bar._slots.query


def test_every_control_has_a_label(bar: EditionBar) -> None:
    assert [control.description for control in (bar.partner, bar.as_of, bar.window)] == ["Partner", "As of", "Months"]
    assert len(bar.partner.options) > 220
