"""A page and its controls, without a browser."""

import html
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from briefing.app.controls import Chooser, EditionBar
from briefing.chapters import auto_trade_gap, deficit_trends, state_of_talks
from briefing.codes import codelists
from briefing.errors import EditionError
from briefing.outputs import MEDIA_TYPE, Output
from briefing.page import Page
from briefing.record import sources
from briefing.record.edition import Edition
from hypothesis import given, settings
from hypothesis import strategies as st

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
        "claim",
    ]
    assert all(inner["figures"] and inner["origins"] for inner in record["outputs"])


def moved(page: Page, **changes: str) -> dict[str, str]:
    edition, refused = page.nearest({"change": changes})
    assert refused == {}
    return page.move_to(edition)


def test_moving_to_another_partner_fills_every_slot_anew(page: Page) -> None:
    contents = moved(page, partner="5880")
    assert set(contents) == {SLOT} and "Japan" in contents[SLOT]
    assert page.parameters == {
        "partner": "5880",
        "first_period": "2011-01",
        "last_period": "latest",
        "as_of": "2018-01-05",
    }


def test_a_heading_goes_with_what_stood_below_it_and_comes_back_with_it() -> None:
    page = Page(*DEFAULT)
    page.show(state_of_talks.headline, heading="Where the talks stand")
    page.show(state_of_talks.legal_clock, heading="Whose consent is needed")
    page.show(state_of_talks.issues)
    page.sources()
    korea = moved(page, as_of="2018-01-04")
    assert [re.findall("<h2>(.*?)</h2>", html) for html in korea.values()] == [
        ["Where the talks stand"],
        ["Whose consent is needed"],
        [],
        ["Sources"],
    ]
    japan = moved(page, partner="5880")
    assert list(japan.values())[1:] == ["", "", ""]
    assert moved(page, partner="5800") == korea


def test_cells_run_again_in_another_order_keep_their_headings(page: Page) -> None:
    first, second = deficit_trends.annual_balance, deficit_trends.last_months
    assert [page.show(first, heading="Years & sums").heading, page.show(second).heading] == ["Years & sums", ""]
    page.show(deficit_trends.ranking, heading="Beside others")
    assert [page.show(second).heading, page.show(first, heading="Years & sums").heading] == ["", "Years & sums"]
    assert page.show(first, heading="Years & sums").inner_html().startswith("<h2>Years &amp; sums</h2>")


def test_an_impossible_edition_leaves_the_page_as_it_is(page: Page) -> None:
    edition, refused = page.nearest({"day": {"as_of": "1950-01-01"}})
    assert edition == page.edition and "lies outside 1997-01-01" in refused["day"]


@pytest.mark.parametrize("fault", [EditionError("No such view."), KeyError("2018")])
def test_a_page_that_cannot_be_made_for_an_edition_stays_as_it_is(page: Page, fault: Exception) -> None:
    def view(edition: Edition) -> Output:
        if edition.partner == "5880":
            raise fault
        return deficit_trends.headline(edition)[0]

    page.show(view)
    before = page.edition
    bar = EditionBar(page)
    bar.partner.value = "5880"
    assert page.edition == before
    assert str(fault) in html.unescape(bar._message.value)
    assert bar._slots.status.endswith("Showing South Korea, as of 5 January 2018")


@pytest.mark.parametrize("fault", [EditionError("No such view."), KeyError("2018"), KeyboardInterrupt()])
def test_a_page_whose_view_raises_is_on_its_edition_and_its_choice_again(page: Page, fault: BaseException) -> None:
    def view(edition: Edition) -> Output:
        if edition.partner == "5880":
            raise fault
        return deficit_trends.headline(edition)[0]

    def choice(edition: Edition, key: str) -> Output:
        if key == "other":
            raise fault
        return deficit_trends.headline(edition)[0]

    page.show(view)
    slot = page.choose(choice, ["usual", "other"])
    before = page.edition
    with pytest.raises(type(fault)):
        page.move_to(sources.open_edition("5880", "2011-01", "latest", "2018-01-05"))
    assert page.edition == before
    with pytest.raises(type(fault)):
        page.choice(slot.id, "other")
    assert page.slot(slot.id).inner_html() == slot.inner_html()


def test_the_address_chooses_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "partner=Mexico&as_of=2017-01-20&unrelated=1")
    page = Page(*DEFAULT)
    assert (page.edition.partner, page.edition.last_period, page.problem) == ("2010", "2016-11", "")


def test_an_address_that_names_no_edition_shows_the_default_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUERY_STRING", "partner=Atlantis")
    page = Page(*DEFAULT)
    assert page.edition.partner == "5800"
    assert "Partner 'Atlantis' is in no list of partners" in page.problem


def opened(monkeypatch: pytest.MonkeyPatch, query: str) -> Page:
    monkeypatch.setenv("QUERY_STRING", query)
    return Page(*DEFAULT)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("as_of=%C2%B2018-01-05", "As-of day '²018-01-05' is not a day of the calendar.* such as \"2018-01-05\""),
        ("as_of=" + "1" * 5000, r"As-of day '1{40}…' \(5,000 signs\) is not a day"),
        ("as_of=%D9%A2%D9%A0%D9%A1%D9%A8-01-05", 'such as "2018-01-05"'),
        ("as_of=2018-01-05%00", r"As-of day '2018-01-05\\x00' is not a day"),
        ("as_of=2050-01-01", "Nearest: "),
        ("as_of=", "The as-of day, empty or not complete, is not a day of the calendar"),
        ("partner=", "Partner '' is in no list of partners"),
        ("partner=%E2%80%AEaerok", r"Partner '\\u202eaerok' is in no list of partners"),
        ("partner=Atlantis+9", 'Nothing comes near: give a name, such as "Korea, South", or a Schedule C code'),
        ("partner=virgin", r"Did you mean British Virgin Islands \(2482\)\?"),
        ("partner=islands", r"Nearest: [^;]* Islands .*; [^;]* Islands "),
        ("partner=7323&last_period=2010-06", "no trade on record .* Choose other months"),
        ("partner=European+Union", "is an aggregate"),
        ("partner=5800&partner=5880", "The address names partner 2 times, and a page shows one edition"),
        ("first_period=2011-13", "first_period '2011-13' is not a month"),
        ("first_period=9999-12", "Use 2011-12 or another earlier month"),
        ("last_period=1984-12", "last_period 1984-12 lies before 1985-01, the first month of the record"),
        ("last_period=2018-01", "last_period 2018-01 had not been published by 2018-01-05"),
    ],
)
def test_what_cannot_be_followed_of_an_address_is_said_with_a_way_on(
    monkeypatch: pytest.MonkeyPatch, query: str, words: str
) -> None:
    page = opened(monkeypatch, query)
    assert re.search(words, page.problem)
    assert "`briefing" not in page.problem  # a reader of the app has no command line
    assert page.problem.endswith("Shown: South Korea, as of 5 January 2018.")
    assert EditionBar(page).partner.value == "5800"


def test_what_can_be_followed_of_an_address_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(monkeypatch, "partner=Japan&as_of=2050-01-01&last_period=2016-12")
    assert page.edition == sources.open_edition("Japan", "2010-01", "2016-12", "2018-01-05")
    assert page.problem.endswith("Shown: Japan, as of 5 January 2018.")


def test_an_early_last_month_brings_the_usual_first_month(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened(monkeypatch, "last_period=2008-12")
    assert (page.edition.first_period, page.problem) == ("2002-01", "")


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789-²٢", min_size=1, max_size=12),
    st.sampled_from([*codelists.AREAS, "usual", "latest", "2010-06-01", "2003-12", "1985-01", "0000-01", "9" * 5000]),
)
NAMES = st.sampled_from(["partner", "first_period", "last_period", "as_of"])


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, TEXTS), max_size=6))
def test_no_address_breaks_a_page(asked: list[tuple[str, str]]) -> None:
    query = urlencode([(name, text.encode("utf-8", "surrogatepass")) for name, text in asked])
    with pytest.MonkeyPatch.context() as monkeypatch:
        page = opened(monkeypatch, query)
    bar = EditionBar(page)
    assert bar.partner.value == page.edition.partner
    assert page.problem.isprintable() and len(page.problem) < 2500 and "`briefing" not in page.problem


DAYS = ("1997-01-01", "2010-06-01", "2018-01-05")


@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
def test_every_partner_on_any_day_is_shown_by_the_controls_or_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    for code in codelists.AREAS:
        page = opened(monkeypatch, f"partner={code}&as_of={day}")
        bar = EditionBar(page)
        listed = [value for _, value in bar.partner.options]
        assert page.edition.partner == bar.partner.value and listed.count(bar.partner.value) == 1
        assert str(page.edition.as_of) == bar.as_of.value == day
        first, last = sources.months_held(page.edition)
        assert bar.window.value == (max(page.edition.first_period, first), min(page.edition.last_period, last))
        assert (page.edition.partner == code) == (page.problem == ""), code
        assert code in codelists.PARTNERS or code == codelists.WORLD or "is an aggregate" in page.problem


def test_the_partners_offered_are_those_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(day: str) -> set[str]:
        return {words for words, _ in EditionBar(opened(monkeypatch, f"as_of={day}")).partner.options}

    assert {"Netherlands Antilles", "Sudan (to 2011)"} <= offered("2010-06-01")
    assert not {"South Sudan", "Serbia (to 2008)"} & offered("2006-06-01")
    assert {"Sudan", "South Sudan"} <= offered("2018-01-05")
    assert not {"Netherlands Antilles", "Sudan (to 2011)"} & offered("2018-01-05")


@pytest.fixture
def bar(page: Page) -> EditionBar:
    return EditionBar(page)


def test_a_change_of_partner_reaches_slots_address_and_status(bar: EditionBar) -> None:
    bar.partner.value = "5880"
    assert "Japan" in bar._slots.contents[SLOT]
    assert bar._slots.query.startswith("partner=5880&")
    assert bar._slots.status == "Showing Japan, as of 5 January 2018"


def test_no_month_goes_away_under_a_handle_that_is_being_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    bar = EditionBar(opened(monkeypatch, "as_of=2025-04-02&first_period=1999-01"))
    offered, last = bar.window.options, bar.window.options[-1][1]
    for first in ("1999-02", "2011-07", "2015-01"):
        bar.window.value = (first, last)
        assert (bar.window.options, bar.window.value) == (offered, (first, last))
    bar.as_of.value = "2025-05-07"
    assert bar.window.options[-1][1] == "2025-03"


@pytest.mark.parametrize(
    ("query", "offered", "chosen"),
    [
        ("as_of=2026-11-23", ("2011-01", "2026-08"), ("2011-01", "2026-08")),  # behind the day
        ("partner=7323&as_of=2018-01-05", ("2011-08", "2017-11"), ("2011-08", "2017-11")),  # a code that began
        ("partner=7320&as_of=2012-03-20", ("1999-01", "2011-07"), ("2006-01", "2011-07")),  # one that ended
    ],
)
def test_the_months_offered_are_those_held_for_the_partner_as_of_the_day(
    monkeypatch: pytest.MonkeyPatch, query: str, offered: tuple[str, str], chosen: tuple[str, str]
) -> None:
    page = opened(monkeypatch, query)
    bar = EditionBar(page)
    months = [month for _, month in bar.window.options]
    assert (months[0], months[-1]) == offered and bar.window.value == chosen
    shown = page.edition
    bar._changed(None)
    assert bar._page.edition == shown, "nothing was asked for"
    bar.window.value = (months[1], months[-2])
    assert (bar._page.edition.first_period, bar._page.edition.last_period) == (months[1], months[-2])
    bar.window.value = (months[1], months[-1])
    assert bar._message.value == "" and bar._page.parameters["last_period"] == "latest"


def test_another_partner_brings_its_own_months(bar: EditionBar) -> None:
    bar.partner.value = "7323"
    assert bar.window.options[0][1] == "2011-08"
    bar.partner.value = "5880"
    assert bar.window.options[0][1] == "2005-01"


def test_an_earlier_day_takes_the_window_with_it(bar: EditionBar) -> None:
    bar.as_of.value = "2010-06-01"
    assert bar.window.value == ("2004-01", "2010-03")
    assert "January–March 2010" in bar._slots.contents[SLOT]


@pytest.mark.parametrize(
    ("typed", "words"), [("", "is not a day of the calendar"), ("2050-01-01", "lies outside 1997-01-01")]
)
def test_a_refused_day_is_said_and_left_to_be_mended(bar: EditionBar, typed: str, words: str) -> None:
    bar.as_of.value = typed
    assert words in bar._message.value
    assert (bar.as_of.value, bar.as_of.shown, bar.as_of.refused) == (typed, "2018-01-05", True)
    bar.as_of.value = "2018-01-04"
    assert (bar._message.value, bar.as_of.refused) == ("", False)
    assert "as_of=2018-01-04" in bar._slots.query


def test_another_control_is_followed_while_a_refused_day_waits(bar: EditionBar) -> None:
    bar.as_of.value = "2050-01-01"
    bar.partner.value = "5880"
    assert "Japan" in bar._slots.contents[SLOT]
    assert bar.as_of.value == "2050-01-01" and "lies outside" in bar._message.value
    bar.as_of.value = "2018-01-05"
    assert bar._message.value == "" and bar._page.edition.partner == "5880"


def test_what_is_possible_only_together_is_shown_once_both_are_asked(bar: EditionBar) -> None:
    bar.partner.value = "7323"
    bar.as_of.value = "2010-06-01"
    assert "no trade on record" in bar._message.value or "Sudan" in bar._message.value
    bar.partner.value = "7320"
    assert bar._message.value == ""
    assert bar._page.edition == sources.open_edition("7320", "2004-01", "latest", "2010-06-01")


def test_the_window_changes_the_edition(bar: EditionBar) -> None:
    bar.window.value = ("2015-01", "2016-12")
    assert "in 2016" in bar._slots.contents[SLOT]
    assert "last_period=2016-12" in bar._slots.query


def test_every_control_has_a_label(bar: EditionBar) -> None:
    assert [bar.partner.label, bar.as_of.label, bar.window.description] == ["Partner", "As of", "Months"]
    assert len(bar.partner.options) > 220


def test_a_handle_moved_to_a_place_that_is_no_longer_there_goes_back(
    bar: EditionBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(bar.window, "send_state", sent.append)
    before = bar.window.value
    bar.window.set_state({"index": [0, len(bar.window.options) + 24]})
    assert bar.window.value == before
    assert sent[-1] == ["_options_labels", "index"]


@pytest.mark.long
def test_a_choice_opens_on_the_first_that_shows_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    for query, key in (("partner=3510&as_of=2026-03-20", "end-use-3"), ("as_of=2018-01-05", "hs87-consumption")):
        chooser = Chooser(
            opened(monkeypatch, query), auto_trade_gap.on_definition, "Definition", auto_trade_gap.CHOICES
        )
        assert (chooser.choice.value, chooser.choice.shown) == (key, key)
        assert any("<svg" in child.value for child in chooser.children if hasattr(child, "value"))
    page = opened(monkeypatch, "as_of=2018-01-05")
    bar = EditionBar(page)
    chooser = Chooser(page, auto_trade_gap.on_definition, "Definition", auto_trade_gap.CHOICES)
    bar.partner.value = "3510"
    assert (chooser.choice.value, chooser.choice.shown) == ("end-use-3", "end-use-3"), "another partner, none asked for"
    assert "<svg" in bar._slots.contents["auto-trade-gap-on-definition"]
    chooser.choice.value = "end-use-cars"
    bar.partner.value = "5800"
    assert chooser.choice.shown == "end-use-cars", "what the reader asked for stays"
    none = opened(monkeypatch, "as_of=2012-03-01")
    chooser = Chooser(none, auto_trade_gap.on_definition, "Definition", auto_trade_gap.CHOICES)
    assert chooser.choice.value == next(iter(auto_trade_gap.CHOICES))
