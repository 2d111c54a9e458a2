"""Sentences: no typed number, no hole, and words that are true by construction."""

import re

import pytest
from briefing.errors import ClaimError
from briefing.figures import Figure, bears_percentage, telling_change
from briefing.figures.autos import gap as gap_in
from briefing.figures.deficit import YearToDate, balance_of
from briefing.sentences import Sentence, autos
from briefing.sentences import deficit as sentences
from briefing.sentences.movements import movement
from briefing.sentences.words import FORMATS, in_words, percent, side, size
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.figures.test_figures import table
from tests.origins import OF_COUNTRIES

DOLLARS = st.integers(0, 4 * 10**11)
PLENTY = settings(max_examples=300, deadline=None, derandomize=True)


def figure(id: str, value: float, period: str = "2017-01/2017-11") -> Figure:
    return Figure(id, value, "US dollars", period, "given", (OF_COUNTRIES,))


def year_to_date(exports: int, imports: int, exports_before: int, imports_before: int) -> YearToDate:
    before = "2016-01/2016-11"
    now = (figure("x", exports), figure("m", imports))
    then = (figure("x0", exports_before, before), figure("m0", imports_before, before))
    balances = (balance_of("b", *now, "less"), balance_of("b0", *then, "less"))
    pairs = [(now[0], then[0]), (now[1], then[1]), balances]
    changes = [telling_change(f"{a.id}.change", a, b, "size") for a, b in pairs]
    return YearToDate(*now, balances[0], *then, balances[1], *changes)


def test_a_typed_number_is_refused() -> None:
    with pytest.raises(ClaimError, match=r"types a number: 'The deficit was 21\.6 billion\.'"):
        Sentence("c", "The deficit was 21.6 billion.")


def test_a_hole_in_a_sentence_is_refused() -> None:
    with pytest.raises(ClaimError, match=r"names \{deficit\}, which is neither a figure nor a label"):
        Sentence("c", "The deficit was {deficit}.")


def test_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ClaimError, match="No format 'yen'"):
        in_words(figure("f", 1), "yen")


def test_a_sentence_is_its_runs_and_rests_on_its_figures() -> None:
    claim = Sentence("c", "It was {f:size} with {p}.", {"f": figure("f", -21_558_381_250)}, {"p": "South Korea"})
    assert claim.text == "It was $21.6 billion with South Korea." == repr(claim)
    assert [span.get("figure") for span in claim.spans] == [None, "f", None, None, None]
    assert claim.figures[0].id == "f" and claim.origins == (OF_COUNTRIES,)
    assert 'value="-21558381250"' in claim.html() and "data-tip" in claim.html()


def test_names_are_escaped_in_html() -> None:
    assert "&lt;b&gt;" in Sentence("c", "{p}", {}, {"p": "<b>"}).html()


@PLENTY
@given(DOLLARS, DOLLARS, DOLLARS, DOLLARS)
def test_the_headline_names_the_sides_and_the_direction_that_its_numbers_have(x: int, m: int, x0: int, m0: int) -> None:
    year = year_to_date(x, m, x0, m0)
    text = sentences.headline(year, "Atlantis").text
    assert year.balance_before is not None
    found = movement(year.balance, year.balance_before)
    now, before = (FORMATS[found.spec](value) for value in (x - m, x0 - m0))
    moved = size(x - m - (x0 - m0))
    if side(x - m) != side(x0 - m0):
        assert f"goods {side(x - m)} with Atlantis was {size(x - m)}" in text
        assert f"after a {side(x0 - m0)} of {size(x0 - m0)}" in text and f"a change of {moved}" in text
        return
    assert f"goods {side(x - m)} with Atlantis was {now}" in text
    if now == before:
        assert f"unchanged on {before}" in text
        return
    word = "up" if abs(x - m) > abs(x0 - m0) else "down"
    if not bears_percentage(year.balance, year.balance_before):
        assert f", {word} {moved} from {before}" in text and "percent" not in text
        return
    grew = abs(x - m) / abs(x0 - m0) - 1
    by = "" if percent(grew) == "0.0 percent" else f" {percent(grew)}"
    assert f", {word}{by} from {before}" in text


@PLENTY
@given(DOLLARS, DOLLARS, DOLLARS, DOLLARS)
def test_exports_and_imports_rise_and_fall_as_their_numbers_do(x: int, m: int, x0: int, m0: int) -> None:
    text = sentences.flows(year_to_date(x, m, x0, m0)).text
    for now, before, part in ((x, x0, text.split(";")[0]), (m, m0, text.split(";")[1])):
        if not now or not before:
            assert " nil" in part and "$0" not in part and not re.search(" rose | fell |percent", part)
            assert now == before or size(now or before) in part
            continue
        assert size(now) in part
        if not bears_percentage(figure("now", now), figure("before", before)):
            assert "percent" not in part
            assert (" rose " in part, " fell " in part) == (now > before, now < before)
        elif round((now / before - 1) * 100, 1) > 0:
            assert " rose " in part
        elif round((now / before - 1) * 100, 1) < 0:
            assert " fell " in part
        else:
            assert " rose " not in part and " fell " not in part


@PLENTY
@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_the_twelve_month_title_says_more_when_the_size_is_larger(now: int, before: int) -> None:
    assume(now != 0)
    text = sentences.twelve_months(figure("now", now), figure("before", before)).text
    assert f"the {side(now)}" in text and size(now) in text
    if now * before > 0 and "more than a year before" in text:
        assert abs(now) > abs(before)
    if now * before > 0 and "less than a year before" in text:
        assert abs(now) < abs(before)
    if now * before <= 0:
        assert "a year before" not in text


@PLENTY
@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_the_title_of_years_compares_what_can_be_compared(first: int, last: int) -> None:
    one, other = figure("a", first, "2011-01/2011-12"), figure("b", last, "2016-01/2016-12")
    text = sentences.first_and_last_year(one, other, before_pact=True).text
    if first * last <= 0:
        assert size(first) in text and size(last) in text
        assert text.startswith(f"A {side(first)}") and f"became a {side(last)}" in text
        return
    if " times " in text:
        printed = float(re.findall(r"([\d,.]+) times", text)[0].replace(",", ""))
        assert printed >= 2 and last / first >= 2
    up = any(word in text for word in ("widened", "grew", "led")) and "halved" not in text
    assert up == (movement(other, one).direction > 0)


def test_a_deficit_that_was_2_09_times_as_large_had_more_than_doubled() -> None:
    first, last = figure("a", -13_199.7e6, "2011-01/2011-12"), figure("b", -27_582.7e6, "2016-01/2016-12")
    assert sentences.first_and_last_year(first, last, before_pact=True).text == (
        "The deficit more than doubled, from $13.2 billion in 2011, the year before the pact, to $27.6 billion in 2016"
    )


def of_years(*millions: float) -> str:
    first, *between, last = (
        figure(f"y{n}", round(amount * 1e6), f"{2011 + n}-01/{2011 + n}-12") for n, amount in enumerate(millions)
    )
    return sentences.first_and_last_year(first, last, before_pact=False, between=between).text


def test_a_hump_between_two_years_alike_has_no_direction() -> None:
    assert of_years(-21_500, -24_000, -28_312, -21_523) == (
        "The deficit was little changed, $21,500.0 million in 2011 and $21,523.0 million in 2014, but $28,312.0 million in 2013"
    )
    assert "but $15,000.0 million in 2012" in of_years(21_500, 15_000, 21_523), "a hollow too"
    assert of_years(-21_500, -21_600, -21_523).startswith("The deficit widened by 0.1 percent, from"), "no hump"
    assert of_years(-21_500, -28_312, -26_000).startswith("The deficit widened by 20.9 percent, from"), "not little"


def test_years_between_that_lay_on_the_other_side_are_told_be_it_one_of_several() -> None:
    assert of_years(-21_500, -24_000, 900, -28_312) == (
        "The deficit was $21.5 billion in 2011 and $28.3 billion in 2014, with surpluses in between"
    )
    assert of_years(21_500, -900, 28_312).endswith(", with deficits in between")
    assert "in between" not in of_years(-21_500, 0, -24_000, -28_312)


def test_little_and_far_are_a_fiftieth_and_ten_times_as_far() -> None:
    def is_hump(last: int, between: int) -> bool:
        return "little changed" in of_years(-100_000, between, last)

    assert is_hump(-102_000, -122_000) and not is_hump(-102_001, -200_000)
    assert not is_hump(-102_000, -121_999) and is_hump(-98_000, -78_000) and not is_hump(-98_000, -78_001)
    assert not is_hump(-100_000, -200_000), "alike to the dollar"


def test_a_year_without_the_year_before_says_that_it_is_not_held() -> None:
    alone = YearToDate(figure("x", 1), figure("m", 2), figure("b", -1), None, None, None, None, None, None)
    assert sentences.headline(alone, "Atlantis").text.endswith("; the year before is not held for comparison.")


def test_months_that_the_newest_vintage_does_not_hold_are_not_compared() -> None:
    year = year_to_date(5, 8, 4, 8)
    other = YearToDate(figure("x", 1), figure("m", 2), figure("b", -1, "2016-01/2016-12"), *[None] * 6)
    claim = sentences.known_now(year, other, OF_COUNTRIES)
    assert "has no value for all of January–November 2017" in claim.text and not claim.figures


@pytest.mark.parametrize(
    ("quoted", "fall", "verdict"),
    [
        (-21.6e9, -0.18, "rounds to the same, without being the first print"),
        (21.7e9, -0.18, "does not round to that"),
        (-21.6e9, -0.19, "rounds to the same deficit and not to the same change"),
    ],
)
def test_a_quoted_figure_agrees_when_both_round_as_it_was_printed(quoted: float, fall: float, verdict: str) -> None:
    year = year_to_date(43_870_487_286, 65_428_868_536, 38_825_000_000, 65_250_376_565)
    drop = Figure("quoted.fall", fall, "fraction", "2017-01/2017-11", "as quoted", (OF_COUNTRIES,))
    claim = sentences.against_the_news(figure("quoted", quoted), drop, year, {"speaker": "Bloomberg"})
    assert verdict in claim.text


def test_a_change_printed_to_a_tenth_is_quoted_and_tried_to_a_tenth() -> None:
    year = year_to_date(43_870_487_286, 65_428_868_536, 38_825_000_000, 65_250_376_565)
    assert year.balance_change is not None and round(year.balance_change.value, 3) == -0.184
    for fall, verdict in ((-0.184, "rounds to the same,"), (-0.183, "and not to the same change")):
        drop = Figure("quoted.fall", fall, "fraction", "2017-01/2017-11", "as quoted", (OF_COUNTRIES,))
        labels = {"speaker": "KBS World", "day": "8 January 2018"}
        text = sentences.against_the_news(figure("quoted", -21.6e9), drop, year, labels, in_tenths=True).text
        assert text.startswith(
            f"The news of 8 January 2018, KBS World, put the deficit at $21.6 billion, down {-fall:.1%}"[:-1]
        )
        assert verdict in text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_printed_as_one(value: float) -> None:
    with pytest.raises(ClaimError, match="which is no number"):
        assert Sentence("c", "The deficit was {d:millions}.", {"d": figure("d", value)}).text


def test_a_gap_on_imports_for_consumption_has_no_share_of_a_deficit_on_general_imports() -> None:
    rows = table(("2017-01", "X", 5 * 10**9), ("2017-01", "M", 10 * 10**9), classification="HS", commodity="87")
    imports = rows["trade_flow"] == "M"
    rows.loc[imports, "trade_system"] = "consumption"
    told = autos.share_of_deficit(
        gap_in(rows, "5800", "consumption", ["2017-01"])[2], figure("deficit", -20e9, "2017-01/2017-01")
    )
    assert told is not None and "percent" not in str(told.text)
    assert str(told.text).endswith("the gap is on imports for consumption, so no share of it is told.")


def test_a_gap_has_a_share_of_a_deficit_of_the_same_months_alone() -> None:
    def gap(exports: int, imports: int) -> Figure:
        rows = table(
            ("2017-01", "X", exports * 10**9), ("2017-01", "M", imports * 10**9), classification="HS", commodity="87"
        )
        return gap_in(rows, "5800", "general", ["2017-01"])[2]

    def whole(value: int, month: str = "2017-01") -> Figure:
        return figure("deficit", value * 10**9, f"{month}/{month}")

    told = autos.share_of_deficit(gap(5, 10), whole(-20))
    assert told is not None
    assert told.text == "It equals 25.0 percent of the whole goods deficit of the same months, $20.0 billion."
    assert autos.share_of_deficit(gap(10, 10), whole(-20)) is None
    for other in (whole(0), whole(20), whole(-20, "2016-01")):
        assert autos.share_of_deficit(gap(5, 10), other) is None
