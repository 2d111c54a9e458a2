"""Words from numbers: each agrees with the numbers printed beside it, and with a definition written here in loops."""

import re

import pandas as pd
import pytest
from briefing.figures import Figure, bears_percentage, deficit, ranges, series
from briefing.figures.series import FALL, RISE
from briefing.record import observations, sources
from briefing.sentences import deficit as sentences
from briefing.sentences import movements
from briefing.sentences.movements import PRINTED, movement, multiple
from briefing.sentences.words import FORMATS, printed_size, size
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.figures.test_series import years
from tests.origins import OF_COUNTRIES, observed

PLENTY = settings(max_examples=300, deadline=None, derandomize=True)
WORDS = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
EDGES = [0, 1, 49_999, 50_000, 949, 950, 999_949, 999_950, 999_949_999, 999_950_000, 21_549_999_999, 21_550_000_000]
SIZE = st.one_of(
    st.integers(0, 4 * 10**12),
    st.integers(0, 10**6),
    st.sampled_from(EDGES),
    st.builds(lambda whole, off: max(whole * 10**8 + 5 * 10**7 + off, 0), st.integers(0, 40_000), st.integers(-3, 3)),
)
BALANCE = st.builds(lambda value, sign: value * sign, SIZE, st.sampled_from([-1, 1]))
CLOSE = st.builds(lambda value, by: (value, value + value * by // 1000), SIZE, st.integers(-3, 3))
PAIR = st.one_of(st.tuples(SIZE, SIZE), CLOSE)


def figure(id: str, value: float, period: str = "2017-01/2017-11") -> Figure:
    return Figure(id, value, "US dollars", period, "given", (OF_COUNTRIES,))


def read_back(text: str) -> list[float]:
    """The dollars printed in a text, in order."""
    found = re.findall(r"\$([\d,.]*\d)(?: (thousand|million|billion))?", text)
    return [round(float(digits.replace(",", "")) * WORDS[scale]) for digits, scale in found]


@PLENTY
@given(BALANCE)
def test_a_size_is_printed_within_half_its_last_digit_and_reads_back(value: int) -> None:
    (back,) = read_back(size(value))
    assert back == printed_size(value)
    scale = max((s for s in (1e9, 1e6, 1e3) if back >= s), default=10)
    assert abs(back - abs(value)) <= scale / 20 + 1


@PLENTY
@given(SIZE, SIZE)
def test_a_larger_size_is_never_printed_smaller(one: int, other: int) -> None:
    low, high = sorted((one, other))
    for spec, shown in PRINTED.items():
        assert shown(low) <= shown(high)
        assert read_back(FORMATS[spec](low)) == [shown(low)]


@PLENTY
@given(PAIR)
@example((21_640_000_000, 21_560_000_000))
@example((400_100_000_000, 400_000_000_000))
@example((2_060_000_000, 1_040_000_000))
@example((1, 2))
def test_the_verb_and_the_multiple_agree_with_the_printed_numbers(pair: tuple[int, int]) -> None:
    now, before = pair
    found = movement(figure("now", now), figure("before", before))
    (shown_now,), (shown_before,) = (read_back(FORMATS[found.spec](value)) for value in pair)
    assert found.direction == (shown_now > shown_before) - (shown_now < shown_before)
    telling = bears_percentage(found.now, found.before)
    agreed = multiple(shown_now, shown_before) == multiple(now, before)
    assert found.multiple == (multiple(now, before) if telling and agreed else "")
    if found.direction:
        assert (found.direction > 0) == (now > before)
    else:
        assert now == before or round(abs(now / before - 1) * 100, 1) == 0
    if found.change is not None:
        assert round(found.change.value * 100, 1) != 0 and (found.change.value > 0) == (found.direction > 0)


@PLENTY
@given(PAIR, st.sampled_from([-1, 1]), st.sampled_from([-1, 1]))
def test_the_headline_never_says_up_or_down_from_a_number_to_the_same_number(
    pair: tuple[int, int], sign: int, sign_before: int
) -> None:
    now, before = pair[0] * sign, pair[1] * sign_before
    flows = [figure(name, abs(value)) for name, value in (("x", now), ("m", 0), ("x0", before), ("m0", 0))]
    balances = figure("b", now), figure("b0", before, "2016-01/2016-11")
    change = movement(*balances).change
    if change is None and before and now * before > 0:
        change = figure("change", now / before - 1)
    year = deficit.YearToDate(flows[0], flows[1], balances[0], flows[2], flows[3], balances[1], None, None, change)
    text = sentences.headline(year, "Atlantis").text
    first, second = read_back(text)[:2]
    if " after a " in text:
        assert now * before <= 0
    else:
        word = re.findall(r", (up|down|unchanged) ", text)[0]
        assert word == {1: "up", -1: "down", 0: "unchanged"}[(first > second) - (first < second)]
    assert "0.0 percent" not in re.sub(r"\d0\.0 percent", "", text)


def naive_multiple(ratio: float) -> str:
    """The definitions, by the tenth that is printed."""
    shown = f"{ratio:.1f}"
    names = {"2.0": "doubled", "3.0": "tripled", "4.0": "quadrupled"}
    if shown in names:
        return names[shown]
    if ratio >= 1.9 and shown == "1.9":
        return "nearly doubled"
    if ratio >= 2.9 and shown == "2.9":
        return "nearly tripled"
    if ratio >= 3.9 and shown == "3.9":
        return "nearly quadrupled"
    if 2.0 < ratio < 3:
        return "more than doubled" if float(shown) > 2 else ""
    if 3.0 < ratio < 4:
        return "more than tripled" if float(shown) > 3 else ""
    return ""


@PLENTY
@given(st.one_of(st.tuples(SIZE, SIZE), st.tuples(st.integers(900, 5000), st.just(1000))))
def test_doubled_and_its_kin_are_what_their_definitions_say(pair: tuple[int, int]) -> None:
    now, before = pair
    word = multiple(now, before)
    if not now or not before:
        assert word == ""
    elif now >= before:
        assert word == naive_multiple(now / before)
    else:
        back = naive_multiple(before / now)
        halves = {
            "nearly doubled": "nearly halved",
            "doubled": "halved",
            "more than doubled": "more than halved",
            "nearly tripled": "more than halved",
            "tripled": "fell to a third",
            "quadrupled": "fell to a quarter",
        }
        assert word == halves.get(back, "")
    assert multiple(-now, before) == word


def series_of(values: list[int]) -> series.TimeSeries:
    held = years(values)
    rows = pd.DataFrame(
        [{"time_period": f"{year}-01", "trade_flow": "X", "obs_value": value, "classification": "TOTAL", "commodity": "TOTAL",
          "ref_area": "US", "counterpart_area": "5800", "trade_system": "total", "valuation": "fas", "adjustment": "N",
          "basis": "census"} for year, value in held.items()]
    )  # fmt: skip
    spans = {year: (f"{year}-01", f"{year}-01") for year in map(str, held.index)}
    return series.TimeSeries("s", "exports of January", held, observations.lines_of(observed(rows)), spans)


def test_a_record_says_since_when_and_where_the_record_begins() -> None:
    million = 10**6
    for values, text in (
        (
            [5, 1, 2, 3, 9],
            "exports were, in current dollars, the largest of any January on record since 1990",
        ),
        ([9, 1, 2, 3, 8], "exports were, in current dollars, the largest of any January since that of 1990"),
        (
            [8, 1, 2, 3, 8],
            "exports were, in current dollars, the largest of any January after that of 1990, which was as large",
        ),
        ([2, 7, 8, 9, 3], "exports were, in current dollars, the smallest of any January since that of 1990"),
    ):
        words = movements.superlative(series_of([value * million for value in values]), "exports")
        assert words is not None
        assert sentences.records("c", [words]).text == f"E{text[1:]}."  # type: ignore[union-attr]
        assert words.quoted["exports"].value == 1 and words.quoted["exports"].rows
    assert movements.superlative(series_of([3 * million, 2 * million, 4 * million]), "exports") is None


def test_a_run_that_ended_is_told_as_ended() -> None:
    million = 10**6
    going = movements.run(series_of([value * million for value in (4, 3, 5, 6, 7)]), "exports", "year")
    ended = movements.run(series_of([value * million for value in (4, 3, 5, 6, 7, 2)]), "exports", "year")
    assert going is not None and ended is not None
    assert sentences.records("c", [going]).text == (  # type: ignore[union-attr]
        "Exports rose for the third year in a row."
    )
    assert sentences.records("c", [ended]).text == (  # type: ignore[union-attr]
        "Exports fell, after rising three years in a row."
    )
    late = movements.run(series_of([value * million for value in (*[4, 3] * 6, 5, 6, 7)]), "exports", "year")
    assert late is not None
    assert sentences.records("c", [late]).text == (  # type: ignore[union-attr]
        "Exports rose for the third year in a row, the longest such run on record since 1990."
    )
    again = movements.run(
        series_of([value * million for value in (1, 2, 3, 4, *[4, 3] * 6, 5, 6, 7)]), "exports", "year"
    )
    assert again is not None
    assert sentences.records("c", [again]).text == (  # type: ignore[union-attr]
        "Exports rose for the third year in a row, the longest such run since that which ended in 1993."
    )


def test_nothing_is_told_that_the_rounding_of_the_source_could_have_made() -> None:
    # Of Januaries to 2002 each is rounded by up to 50,000 dollars, two by up to 100,000.
    def told(*values: int) -> tuple[bool, bool]:
        one = series_of(list(values))
        return movements.superlative(one, "exports") is not None, movements.run(one, "exports", "year") is not None

    assert told(5_000_000, 1_000_000, 2_000_000, 3_000_000, 5_100_000) == (False, True)
    assert told(5_000_000, 1_000_000, 2_000_000, 3_000_000, 5_100_001) == (True, True)
    assert told(4_000_000, 3_000_000, 5_000_000, 6_000_000, 6_100_000) == (False, False)
    assert told(4_000_000, 3_000_000, 5_000_000, 6_000_000, 6_100_001) == (True, True)
    # The one it stands behind may be near; the step that ended a run may not, nor may the size be that of a shipment.
    assert told(9_000_000, 1_000_000, 2_000_000, 3_000_000, 8_950_000)[0]
    assert told(4_000_000, 3_000_000, 5_000_000, 6_000_000, 7_000_000, 6_900_000) == (False, False)
    assert told(1_000_000, 900_000, 1_200_000, 1_500_000, 1_999_999)[0] is False
    assert told(1_000_000, 900_000, 1_200_000, 1_500_000, 2_000_000)[0] is True


def test_a_run_that_the_record_begins_with_may_be_longer_and_is_told_so() -> None:
    million = 10**6
    going = movements.run(series_of([value * million for value in (4, 5, 6, 7)]), "exports", "year")
    ended = movements.run(series_of([value * million for value in (4, 5, 6, 7, 2)]), "exports", "year")
    assert going is not None and ended is not None
    assert sentences.records("c", [going]).text == "Exports rose for at least the third year in a row."  # type: ignore[union-attr]
    assert sentences.records("c", [ended]).text == (  # type: ignore[union-attr]
        "Exports fell, after rising for at least three years in a row."
    )


def test_the_deficit_more_than_doubled_from_2011_to_2016_and_not_to_2017() -> None:
    trade = sources.country_trade(sources.open_edition("5800", "2011-01", "latest", "2018-03-01"))
    first, then, later = (deficit.year_balance(trade, "5800", year) for year in (2011, 2016, 2017))
    assert first is not None and then is not None and later is not None
    assert movement(then, first).multiple == "more than doubled"
    assert movement(later, first).multiple == ""
    assert "more than doubled" in sentences.first_and_last_year(first, then, before_pact=True).text
    assert "doubled" not in sentences.first_and_last_year(first, later, before_pact=True).text


@pytest.mark.parametrize(("one", "other"), [(RISE, "rose"), (FALL, "fell")])
def test_flows_rise_and_fall(one: int, other: str) -> None:
    assert movements.moved_words("general imports", one) == other


@PLENTY
@given(*[st.integers(1, 10**6)] * 2, *[st.sampled_from([1, 10, 100])] * 2, *[st.floats(-0.5, 0.5)] * 2)
@example(170, 217, 1, 1, 0.5, -0.5)
def test_whatever_two_printed_figures_were_before_rounding_their_change_lies_in_the_range(
    now: int, before: int, step: int, step_before: int, off: float, off_before: float
) -> None:
    low, high = ranges.change_range(now, step, before, step_before)
    true_now, true_before = max(now + off * step, 0), before + off_before * step_before
    if true_before > 0:
        change = true_now / true_before - 1
        assert low - 1e-9 <= change <= high + 1e-9 * max(1.0, high)
    assert low <= now / before - 1 <= high
    if step == step_before == 1:
        tight = ranges.change_range(now * 10, step, before * 10, step)
        assert low <= tight[0] <= tight[1] <= high


def test_the_ends_of_a_range_are_figures_the_smaller_size_first() -> None:
    change = Figure("c", -0.2166, "fraction", "2017", "printed", (OF_COUNTRIES,))
    near, far = ranges.ends(change, *ranges.change_range(17.0, 0.1, 21.7, 0.1))
    assert [FORMATS["signed_percent"](end.value) for end in (near, far)] == ["−21.2 percent", "−22.1 percent"]
    assert near.parts == far.parts == (change,)


@pytest.mark.parametrize(("times", "told"), [(1.5, "change"), (2.0, "change"), (2.1, "ratio")])
def test_a_size_up_to_twice_another_is_told_by_percent_and_a_larger_one_by_how_many_times(
    times: float, told: str
) -> None:
    found = movement(figure("now", times * 1e9), figure("then", 1e9, "2016-01/2016-11"))
    assert set(sentences._ratio_or_change(found)[1]) == {told}
