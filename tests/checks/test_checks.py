"""Claims that people made: every verdict follows from readings, and none from what was not yet known."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from briefing import checks, palette
from briefing.chapters import auto_trade_gap, claims_checked
from briefing.checks import Checked, Reading, quotes, statements
from briefing.checks.quotes import Quote
from briefing.checks.readings import Trade, _shares, _shares_of_prints
from briefing.errors import TalksError
from briefing.exhibits.checklist import Check
from briefing.figures import Figure
from briefing.press.brief import printed_brief
from briefing.record import sources
from briefing.sentences import verdicts
from briefing.sentences.verdicts import counted
from briefing.sentences.words import Worded, in_words
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pacts import pact_of
from tests.press.test_brief import chapter, code, cover, text

DEFAULT = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
NEWS = {
    "pact-age", "second-partner", "first-round", "july-clause", "no-fast-track", "took-office", "other-talks",
    "the-meeting", "us-proposals", "lighthizer-words", "more-talks", "yoo-words", "korea-proposals", "north-korea",
    "narrow-changes", "cars-in-focus", "data-day", "stangarone-title", "moon-support",
}  # fmt: skip
"""What the news of 5 January 2018 said in words; it quoted three figures and one multiple beside."""


def checked(id: str, as_of: str = "2018-01-05", partner: str = "5800") -> Checked:
    edition = sources.open_edition(partner, "2011-01", "latest", as_of)
    known = {quote.id: quote for quote in quotes.quotes(sources.talks_record(), edition.as_of)}
    return claims_checked.checked(known[id], edition)


def said(id: str, as_of: str = "2018-01-05") -> Check:
    edition = sources.open_edition("5800", "2011-01", "latest", as_of)
    (found,) = [s for s in statements.statements(pact_of().rows, edition.as_of) if s.id == id]
    return claims_checked._statement(found, pact_of(), edition)


def nearest(verdict: checks.Verdict) -> float:
    assert verdict.nearest is not None
    return verdict.nearest.figure.value


def test_all_that_the_news_of_the_day_said_is_on_record() -> None:
    assert {row["id"] for row in pact_of().rows["statement"]} == NEWS
    ids = {row["id"] for row in sources.talks_record()["quote"]}
    assert {"bloomberg-deficit-2017", "bloomberg-deficit-change-2017", "bloomberg-vehicle-gap", "trump-doubled"} <= ids
    assert len(ids) == 147


def test_in_whatever_order_the_record_has_them_quotes_are_told_the_latest_first_and_prints_by_their_months() -> None:
    record = sources.talks_record()
    for rows in (record["quote"], record["quote"][::-1]):
        found = quotes.quotes({**record, "quote": rows}, DEFAULT.as_of)
        days = [quote.day for quote in found]
        assert len(set(days)) > 9 and days == sorted(days, reverse=True)
        prints = [(quote.period, quote.measure) for quote in quotes.first_prints(found, "5800")]
        assert prints[:3] == [("2017-01/2017-03", measure) for measure in ("exports", "imports", "balance")]
        assert len(prints) > 3 and [months for months, _ in prints] == sorted(months for months, _ in prints)


def test_the_deficit_of_the_news_holds_in_the_vintage_nearest_the_day_and_not_in_the_newest() -> None:
    deficit = checked("bloomberg-deficit-2017")
    assert (deficit.verdict_then.kind, deficit.verdict_now.kind) == (checks.HOLDS, checks.REVISED)
    assert round(nearest(deficit.verdict_then) / 1e6, 1) == -21_558.4
    assert round(nearest(deficit.verdict_now) / 1e6, 1) == -21_535.0
    fall = checked("bloomberg-deficit-change-2017")
    assert (fall.verdict_then.kind, fall.verdict_now.kind) == (checks.HOLDS, checks.REVISED)
    assert round(nearest(fall.verdict_then), 3) == -0.184
    assert round(nearest(fall.verdict_now), 3) == -0.186


def test_the_vehicle_gap_is_not_reproducible_and_every_rival_stands_beside_it() -> None:
    gap = checked("bloomberg-vehicle-gap")
    assert gap.verdict_then.kind == gap.verdict_now.kind == checks.NOT_REPRODUCIBLE
    values = {(r.definition, r.period): round(r.figure.value / 1e9, 1) for r in gap.then}
    assert values["HS chapter 87, imports for consumption", "2016-01/2016-12"] == -20.8
    assert values["HS chapter 87, imports for consumption", "2017-01/2017-11"] == -16.5
    assert {-14.4, -15.9, -24.0} <= set(values.values())


def test_doubled_holds_to_2016_and_not_to_2017() -> None:
    assert checked("trump-doubled").verdict_then.kind == checks.HOLDS_ONLY
    later = checked("trump-doubled", "2018-03-01")
    years = [r for r in later.now if r.period[5:] == f"01/{r.period[:4]}-12"]
    ratios = {(r.definition, r.period[:4]): round(r.figure.value, 2) for r in years}
    goods = "all goods, Census basis, against 2011"
    assert (ratios[goods, "2016"], ratios[goods, "2017"]) == (2.09, 1.75)
    assert [r.period for r in later.verdict_now.fitting if r.definition == goods] == ["2016-01/2016-12"]


def test_a_share_holds_only_for_the_gap_that_its_speaker_printed() -> None:
    share = checked("reuters-auto-share")
    assert share.verdict_then.kind == checks.HOLDS_ONLY
    assert [r.definition for r in share.verdict_then.fitting] == [
        "automotive, as printed by USTR, over all goods, Census basis"
    ]


def test_a_share_needs_both_balances_and_none_of_nil() -> None:
    def balance(value: float | None) -> Trade:
        return lambda period: (
            {} if value is None else {"balance": Figure("b", value, "US dollars", period, "given", ())}
        )

    def shares(part: float | None, whole: float | None) -> list[float]:
        return [share.value for _, share in _shares("2016-01/2016-12", balance(part), balance(whole))]

    assert shares(-2.0, -8.0) == [0.25]
    assert shares(None, -8.0) == shares(-2.0, None) == shares(-2.0, 0.0) == []
    printed = replace(quote("-2.0"), measure="balance", period="2016-01/2016-12")
    found = _shares_of_prints([printed], "2016-01/2016-12", balance(-8e9))
    assert [(one.low, one.figure.value, one.high) for one in found] == [(1.95 / 8, 0.25, 2.05 / 8)]
    for whole in (None, 0.0):
        assert list(_shares_of_prints([printed], "2016-01/2016-12", balance(whole))) == []


def test_what_korea_counts_is_held_against_its_own_ledger() -> None:
    # Korea Customs Service: trade of 2014 was 115,567 million dollars, and a page printed 114.1 billion.
    wrong = checked("korea-customs-trade-2014").verdict_then
    assert wrong.kind == checks.NOT_REPRODUCIBLE and nearest(wrong) == pytest.approx(115.6e9)
    for id in ("korea-exports-2017-11", "korea-balance-2012", "korea-balance-2014", "korea-customs-imports-2013"):
        assert checked(id).verdict_now.kind == checks.HOLDS, id
    china = checked("korea-china-trade-2016", "2026-11-28")
    assert (
        china.verdict_then.kind == checks.HOLDS
        and china.now[0].definition == "all goods, as Korea's customs service counts them"
    )


def test_what_only_korea_counts_has_no_reading_in_us_statistics_that_decides() -> None:
    for found in (checked("korea-exports-2017-11"), checked("korea-customs-trade-2014")):
        assert all("customs service" in one.definition for one in found.now if one.stated and not one.printed)


def test_a_percentage_of_rounded_figures_is_told_in_the_range_that_their_rounding_leaves() -> None:
    change = checked("korea-change-2017-11")
    (reading,) = [reading for reading in change.now if reading.printed]
    assert reading.low < -0.216 < reading.high and round(reading.figure.value, 3) == -0.217
    (of_ledger,) = [reading for reading in change.now if reading.stated and not reading.printed]
    assert round(of_ledger.figure.value, 3) == -0.219 and change.verdict_now.kind == checks.ROUNDING


def test_pages_that_print_neighbouring_figures_print_otherwise() -> None:
    # 8.1 and 8.2 billion meet only at the edge of their rounding.
    cars = checked("usitc-cars-2011")
    assert cars.verdict_now.kind == checks.OTHERWISE
    assert claims_checked._card(cars).judged.text.endswith("2011: −$8.2 billion.")


@pytest.mark.long
def test_the_sixth_largest_surplus_of_2016_is_a_matter_of_the_vintage() -> None:
    rank = checked("rank-2016", "2018-09-25")
    assert rank.verdict_now.kind == checks.NOT_REPRODUCIBLE
    assert checked("ustr-page-rank-2016").verdict_then.kind == checks.HOLDS


@pytest.mark.parametrize("as_of", ["2018-01-05", "2018-09-25"])
def test_no_reading_of_a_claim_rests_on_what_was_not_known_on_its_day(as_of: str) -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", as_of)
    calendar = sources.calendar()
    for one in claims_checked.quotes_checked(edition):
        assert one.quote.day <= edition.as_of
        for day, readings in ((one.quote.day, one.then), (edition.as_of, one.now)):
            for reading in readings:
                assert reading.period[-7:] <= calendar.last_published(day)
                printed = [origin for origin in reading.figure.origins if origin.reference]
                assert all(origin.vintage <= str(day) for origin in printed)
        later = [o for r in one.then for o in r.figure.origins if not o.reference and o.vintage > str(one.quote.day)]
        assert all(origin.standing == "later" for origin in later)


def test_the_first_round_counts_only_without_the_special_sessions() -> None:
    assert said("first-round").then == checks.HOLDS_ONLY
    assert "three meetings" in said("first-round").judged.text


def test_what_was_said_of_the_day_holds_by_the_dated_record() -> None:
    for id in ("pact-age", "the-meeting", "data-day", "july-clause", "no-fast-track", "korea-proposals", "took-office"):
        assert said(id).then == checks.HOLDS, id


def test_what_came_later_is_told_apart_from_what_was_known() -> None:
    for id, as_of, verdict in (
        ("narrow-changes", "2018-02-01", checks.HOLDS_ONLY),
        ("narrow-changes", "2019-01-02", checks.HOLDS_ONLY),
    ):
        later = said(id, as_of)
        assert (said(id).now, later.then, later.now) == (checks.NOT_HELD, checks.NOT_HELD, verdict), id


def test_an_agreement_to_meet_again_holds_by_what_was_announced_and_not_by_the_round_that_followed() -> None:
    for as_of in ("2018-01-05", "2018-01-20", "2018-03-01"):
        assert said("more-talks", as_of).now == checks.HOLDS
    assert "Further talks were announced, without a day" in said("more-talks").judged.text
    assert "days later" in said("more-talks", "2018-03-01").judged.text


def test_what_our_record_lacks_is_told_as_that() -> None:
    for id in ("narrow-changes", "yoo-words"):
        assert said(id).judged.text.startswith("Our record has "), id


def test_a_place_among_the_partners_of_a_ledger_bears_what_was_said_in_part() -> None:
    said_then = said("second-partner")
    assert said_then.now == said_then.then == checks.HOLDS_ONLY
    assert said_then.judged.text == (
        "In December 2016 to November 2017 Korea's trade, as its customs service counts it, was $237.5 billion with China, "
        "$119.6 billion with the US and $81.3 billion with Japan: the US is the second-largest of these. The ledger held has "
        "no other partner."
    )


def test_a_place_worse_than_was_said_does_not_hold() -> None:
    (statement,) = [s for s in statements.statements(pact_of().rows, DEFAULT.as_of) if s.id == "second-partner"]
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    trade = claims_checked._partners(edition, edition.as_of)
    first = replace(statement, check={**statement.check, "place": 1})
    for asked, verdict in ((first, checks.FAILS), (statement, checks.HOLDS_ONLY)):
        by = statements.known(pact_of(), DEFAULT.as_of, [], sources.calendar(), trade)
        assert statements.checked(asked, by).verdict == verdict


def test_judgements_are_not_judged() -> None:
    for id in ("north-korea", "moon-support", "other-talks"):
        assert said(id).now == checks.BEYOND


def test_an_opinion_is_on_record_where_the_speakers_own_page_has_it_and_never_holds() -> None:
    assert said("lighthizer-words").then == checks.SAID
    assert said("yoo-words").then == checks.NOT_HELD


def test_a_day_wrongly_said_does_not_hold() -> None:
    (right,) = [s for s in statements.statements(pact_of().rows, DEFAULT.as_of) if s.id == "the-meeting"]
    wrong = replace(right, check={**right.check, "day": date(2018, 1, 8)})
    known = statements.known(pact_of(), DEFAULT.as_of, [], sources.calendar())
    assert statements.checked(wrong, known).verdict == checks.FAILS


def test_an_unknown_check_is_refused() -> None:
    (one, *_) = statements.statements(pact_of().rows, DEFAULT.as_of)
    known = statements.known(pact_of(), DEFAULT.as_of, [], sources.calendar())
    with pytest.raises(TalksError, match="asks for the check 'guess', which nothing carries out"):
        statements.checked(replace(one, check={"kind": "guess"}), known)


def quote(said: str, *, hedge: str = "") -> Quote:
    (template, *_) = quotes.quotes(sources.talks_record(), DEFAULT.as_of)
    figure = replace(template.figure, value=float(Decimal(said)) * 1e9, unit="US dollars")
    return replace(template, figure=figure, step=float(quotes.last_digit(said)) * 1e9, hedge=hedge)


def reading(value: float, definition: str = "one") -> Reading:
    figure = Figure("r", value, "US dollars", "2017-01/2017-11", "given", ())
    return Reading(definition, "2017-01/2017-11", figure, value, value)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(-400_000, 400_000), st.integers(-400_000, 400_000))
def test_a_reading_fits_where_it_rounds_to_what_was_printed(said: int, value: int) -> None:
    printed = (Decimal(said) / 1000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    near = Decimal(said + value % 300 - 150) / 1000
    fits = abs(near - printed) <= Decimal("0.05")
    assert checks.fits(quote(str(printed)), reading(float(near) * 1e9)) == fits


def test_what_was_quoted_is_counted_with_what_holds_and_what_no_series_is_held_for() -> None:
    held, fails, unheld = (checked(id) for id in ("bloomberg-deficit-2017", "ustr-autos-2016", "herald-cars-2016"))
    for found, words in (
        ([held], "Of one figure quoted on trade with Korea by this day, one holds as said."),
        ([fails], "Of one figure quoted on trade with Korea by this day, none holds as said."),
        ([held, held], "Of two figures quoted on trade with Korea by this day, two hold as said."),
        ([held, unheld], "Of two figures quoted on trade with Korea by this day, one holds as said; for one no series is held."),
    ):  # fmt: skip
        assert verdicts.headline(found, "Korea").text == words


def test_verdicts_follow_from_the_readings() -> None:
    claim = quote("-21.6")
    fitting, near, far = reading(-21.56e9), reading(-21.54e9, "two"), reading(-19e9, "three")
    for readings, kind in (
        ([fitting], checks.HOLDS),
        ([fitting, far], checks.HOLDS_ONLY),
        ([near, far], checks.ROUNDING),
        ([far], checks.NOT_REPRODUCIBLE),
        ([replace(fitting, stated=False)], checks.NOT_HELD),
        ([replace(fitting, printed=True)], checks.ALIKE),
        ([replace(far, printed=True)], checks.OTHERWISE),
        ([replace(far, low=-22.5e9, high=-19e9)], checks.ROUNDING),
        ([replace(far, low=-22.5e9, high=-19e9, printed=True)], checks.WITHIN),
        ([replace(fitting, low=-22.5e9, high=-19e9, printed=True)], checks.ALIKE),
        ([replace(near, low=-21.55e9, high=-21.45e9, printed=True)], checks.OTHERWISE),
    ):
        assert checks.verdict(claim, readings).kind == kind


@pytest.mark.parametrize(
    ("hedge", "value", "kind"),
    [
        ("almost", -23.0e9, checks.HOLDS),
        ("almost", -24.3e9, checks.ROUNDING),
        ("almost", -22.0e9, checks.NOT_REPRODUCIBLE),
        ("about", -24.5e9, checks.HOLDS),
        ("about", -23.4e9, checks.HOLDS),
        ("about", -25.0e9, checks.NOT_REPRODUCIBLE),
        ("at least", -30e9, checks.HOLDS),
        ("more than", -30e9, checks.HOLDS),
        ("at least", -23.0e9, checks.NOT_REPRODUCIBLE),
        ("at least", 30e9, checks.NOT_REPRODUCIBLE),
        ("", -23.0e9, checks.NOT_REPRODUCIBLE),
    ],
)
def test_a_figure_is_judged_as_it_was_qualified(hedge: str, value: float, kind: checks.Kind) -> None:
    claim = replace(quote("-24.0", hedge=hedge), step=1e8)
    found = checks.verdict(claim, [reading(value)]).kind
    assert (found == checks.HOLDS) == (kind == checks.HOLDS), found.words


def test_a_multiple_of_nothing_is_qualified_without_a_fault() -> None:
    assert checks.fits(replace(quote("0.0", hedge="at least"), step=1e8), reading(5e9))


def test_how_a_figure_was_qualified_stands_before_it() -> None:
    (found,) = [q for q in quotes.quotes(sources.talks_record(), DEFAULT.as_of) if q.id == "reuters-auto-share"]
    assert str(verdicts.said(found).text).endswith("almost 90 percent")


def test_a_figure_on_another_definition_than_stated_is_told_as_that() -> None:
    claim = quote("-21.6")
    other = replace(reading(-21.58e9, "two"), stated=False)
    assert checks.verdict(claim, [reading(-19e9), other]).kind == checks.ELSEWISE
    assert checks.verdict(claim, [reading(-21.58e9), other]).kind == checks.HOLDS
    assert checks.verdict(claim, [reading(-19e9), replace(other, printed=True)]).kind == checks.NOT_REPRODUCIBLE


def test_doubled_is_tried_on_every_fair_base_and_on_the_latest_months() -> None:
    found = checked("trump-doubled")
    goods = [one for one in found.then if one.definition.startswith("all goods")]
    tried = {(one.period, one.definition.partition("against ")[2]): round(one.figure.value, 1) for one in goods}
    assert tried["2016-01/2016-12", "2011"] == 2.1
    assert tried["2016-12/2017-11", "2011"] == 1.7
    assert tried["2017-01/2017-11", "January–November 2011"] == 1.7
    assert tried["2016-01/2016-12", "March 2011 to February 2012"] == 2.1
    assert not [pair for pair in tried if pair[0] == "2017-01/2017-11" and pair[1] == "March 2011 to February 2012"]
    assert found.verdict_then.kind == checks.HOLDS_ONLY


def test_a_number_that_is_by_chance_another_figure_is_told_as_a_coincidence() -> None:
    # US deficit in all goods, January to July 2016: 18,844.2 in the vintage to November 2016, 18,871.0 in later ones.
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    _, chance = auto_trade_gap.against_the_news(edition)
    assert repr(chance) == (
        "By coincidence, $18.8 billion is also the US deficit in all goods of January–July 2016, $18,844.2 million in the vintage "
        "of 6 January 2017 and $18,871.0 million in the newest that has these months; nothing says that it was meant."
    )


def test_the_first_print_of_a_series_is_no_definition_beside_it() -> None:
    claim = quote("-21.6")
    fitting, far = reading(-21.56e9), reading(-19e9)
    first, other = (replace(one, printed=True, first_print=True) for one in (fitting, far))
    for readings, kind in (
        ([fitting, other], checks.HOLDS),
        ([fitting, first], checks.HOLDS),
        ([far, first], checks.REVISED),
        ([far, other], checks.NOT_REPRODUCIBLE),
        ([first], checks.ALIKE),
    ):
        assert checks.verdict(claim, readings).kind == kind
    assert checks.verdict(claim, [far, first]).nearest == far


def test_who_repeats_a_first_print_and_who_has_the_figure_of_the_day_are_told_apart() -> None:
    for id, then, now in (
        ("usitc-balance-2017", checks.REVISED, checks.REVISED),
        ("ustr-page-balance-2017", checks.HOLDS, checks.HOLDS),
    ):
        found = checked(id, "2026-11-27")
        assert (found.verdict_then.kind, found.verdict_now.kind) == (then, now)


@pytest.mark.parametrize(
    ("said", "value", "kind"),
    [
        ("-14.4", -14.488e9, checks.CUT),
        ("-14.4", -14.45e9, checks.HOLDS_ONLY),
        ("-14.4", -14.35e9, checks.HOLDS_ONLY),
        ("-14.4", -14.34e9, checks.ROUNDING),
        ("-14.4", -14.5e9, checks.ROUNDING),
        ("-14.4", 14.488e9, checks.NOT_REPRODUCIBLE),
        ("-8", -8.9e9, checks.NOT_REPRODUCIBLE),
        ("-24", -23.0e9, checks.NOT_REPRODUCIBLE),
        ("-41", -40.4e9, checks.ROUNDING),
    ],
)
def test_digits_cut_off_are_told_from_digits_rounded(said: str, value: float, kind: checks.Kind) -> None:
    assert checks.verdict(quote(said), [reading(value), reading(-2e9, "another")]).kind == kind


def test_cars_of_2016_and_2015_were_cut_and_no_end_use_gives_the_24_billion_of_2016() -> None:
    cars, before = checked("usitc-cars-2016", "2018-01-05"), checked("iut-cars-2015", "2018-01-05")
    assert (cars.verdict_then.kind, nearest(cars.verdict_then)) == (checks.CUT, -14_487_999_773)
    assert (before.verdict_then.kind, nearest(before.verdict_then)) == (checks.CUT, -15_993_463_330)
    autos = checked("ustr-autos-2016", "2018-01-05")
    assert (autos.verdict_then.kind, nearest(autos.verdict_then)) == (checks.NOT_REPRODUCIBLE, -22_558_309_881)


def test_a_first_print_of_which_later_vintages_alone_are_held_is_revised_and_not_wrong() -> None:
    half = checked("first-print-2017-06-balance", "2018-01-05")
    assert half.verdict_then.kind == half.verdict_now.kind == checks.REVISED
    assert round(nearest(half.verdict_then) / 1e6, 1) == -10_844.1
    same_day = replace(half, then=tuple(replace(r, figure=replace(r.figure, origins=())) for r in half.then))
    assert same_day.verdict_then.kind == checks.NOT_REPRODUCIBLE
    told = replace(half, quote=replace(half.quote, first_print=False))
    assert told.verdict_then.kind == checks.NOT_REPRODUCIBLE


def test_a_new_verdict_is_one_line_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = checks.Kind("made up", palette.UNSETTLED, "As a test has it", "made up from ", "made up")
    monkeypatch.setattr(checks, "VERDICTS", (*checks.VERDICTS, made_up))
    monkeypatch.setattr(checks, "verdict", lambda _, readings: checks.Verdict(made_up, (), readings[0]))
    quoted = checked("bloomberg-vehicle-gap")
    assert counted([quoted])["made up"].value == 1
    shown = claims_checked._card(quoted)
    assert '<span class="chip unsettled" title="As a test has it">made up</span> Made up from ' in shown.html()
    assert "made up Made up from " in text(printed_brief([chapter(code("show", shown))], cover(tiles=[])))


def test_every_quote_is_counted_once() -> None:
    counts = counted(claims_checked.quotes_checked(DEFAULT))
    assert sum(figure.value for name, figure in counts.items() if name != "all") == counts["all"].value == 77


def test_a_claim_that_names_no_months_means_those_of_its_day_however_late_it_is_read() -> None:
    edition = sources.open_edition("5800", "usual", "latest", "2026-11-28")
    (found,) = [one for one in claims_checked.quotes_checked(edition) if one.quote.id == "bloomberg-vehicle-gap"]
    assert max(reading.period[-7:] for reading in found.now) <= "2017-12"


def test_a_surplus_has_its_plus_in_every_format_that_a_balance_is_printed_in() -> None:
    (printed,) = [quote for quote in sources.talks_record()["quote"] if quote["id"] == "korea-balance-2015"]
    (surplus,) = quotes.quotes({"quote": [printed]}, date(2026, 3, 1))
    for step in (1e9, 1e8, 1e7, 1e6, 1e5, 1.0):
        for value, sign in ((25.8e9, "+"), (-25.8e9, "−")):
            quote = replace(surplus, step=step, figure=replace(surplus.figure, value=value))
            in_a_row = [in_words(quote.figure, spec) for spec in (verdicts.as_printed(quote), verdicts.exactly(quote))]
            assert {text[0] for text in in_a_row} == {sign}, (step, in_a_row)
            exports = replace(quote, measure="exports", figure=replace(surplus.figure, value=25.8e9))
            assert in_words(exports.figure, verdicts.as_printed(exports))[0] == "$"


def test_a_column_whose_surpluses_have_no_plus_prints_whole_billions_without_one() -> None:
    (printed,) = [quote for quote in sources.talks_record()["quote"] if quote["id"] == "korea-balance-2014"]
    (surplus,) = quotes.quotes({"quote": [printed]}, date(2026, 3, 1))
    cell = verdicts.as_printed_in_a_column(surplus)
    assert isinstance(cell, Worded) and cell.text == "$25 billion"
