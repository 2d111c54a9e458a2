"""What the last period stands for: records and runs, as definitions written here in loops have them."""

import itertools

import pandas as pd
import pytest
from briefing import periods
from briefing.figures import series
from briefing.figures.series import FALL, LARGEST, RISE, SMALLEST, Run
from hypothesis import example, given, settings
from hypothesis import strategies as st

PLENTY = settings(max_examples=300, deadline=None, derandomize=True)
STEPS = st.lists(
    st.one_of(st.integers(-4, 4).map(lambda n: n * 10**5), st.integers(-(10**11), 10**11)), min_size=1, max_size=14
)


def years(values: list[int], gaps: set[int] = frozenset()) -> pd.Series:  # type: ignore[assignment]
    return pd.Series({str(1990 + n): value for n, value in enumerate(values) if n not in gaps}, dtype="int64")


def naive_tail(values: pd.Series) -> list[tuple[str, float]]:
    """The last periods without a gap, as tables print them."""
    held = [(str(year), float(f"{value / 1e6:.{1 if abs(value) >= 1e6 else 4}f}")) for year, value in values.items()]
    tail = held[-1:]
    for year, value in reversed(held[:-1]):
        if int(year) != int(tail[0][0]) - 1:
            break
        tail.insert(0, (year, value))
    return tail


@pytest.mark.long
@PLENTY
@given(STEPS, st.sets(st.integers(0, 12), max_size=3), st.sampled_from([LARGEST, SMALLEST]))
@example([5], set(), LARGEST)
@example([10**5, 10**5, 10**5], set(), SMALLEST)
def test_a_record_reaches_back_to_the_latest_period_that_it_does_not_beat(
    values: list[int], gaps: set[int], kind: str
) -> None:
    held = years(values, gaps)
    found = series.reach(held, kind)
    if held.empty:
        assert found is None
        return
    assert found is not None
    *earlier, (last, size_now) = naive_tail(held)
    beaten, since, tied = 0, "", False
    for year, size_then in reversed(earlier):
        if size_then == size_now or (size_then > size_now) == (kind == LARGEST):
            since, tied = year, size_then == size_now
            break
        beaten += 1
    assert (found.beaten, found.since, found.tied, found.last) == (beaten, since, tied, last)
    assert found.first == naive_tail(held)[0][0]


def naive_runs(values: pd.Series) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    tail = naive_tail(values) if len(values) else []
    fresh = True
    for (_, before), (year, now) in itertools.pairwise(tail):
        way = 0
        if not (before < 0 < now or now < 0 < before):
            way = (abs(now) > abs(before)) - (abs(now) < abs(before))
        if way == 0:
            fresh = True
            continue
        if fresh or found[-1][0] != way:
            found.append((way, []))
        found[-1][1].append(year)
        fresh = False
    return found


@PLENTY
@given(STEPS, st.sets(st.integers(0, 12), max_size=3))
@example([-(10**6), -3 * 10**6, 2 * 10**6, 4 * 10**6], set())
def test_runs_are_years_in_a_row_in_which_the_size_moved_one_way(values: list[int], gaps: set[int]) -> None:
    held = years(values, gaps)
    expected = [Run(way, len(run), run[0], run[-1]) for way, run in naive_runs(held)]
    assert series.runs(held) == expected
    if not held.empty:
        assert sum(run.length for run in expected) < len(naive_tail(held)) or not expected


@pytest.mark.long
@PLENTY
@given(STEPS, st.integers(1, 4))
def test_the_run_told_lasts_to_the_end_or_has_just_ended_and_no_longer_one_is_hidden(
    values: list[int], least: int
) -> None:
    held = years(values)
    told = series.latest_run(held, least)
    last = str(held.index[-1])
    if told is None:
        assert not [r for r in series.runs(held) if r.last == last and r.length >= least and (held[r.first :] * held.iloc[-1] > 0).all()
                    and all(abs(value) >= 10**5 for value in held[r.first :])]  # fmt: skip
        return
    assert told.length >= least and told.last in (last, str(int(last) - 1))
    if told.last != last:
        assert series.step(held.iloc[-2], held.iloc[-1]) == -told.direction
    before = series.as_long_before(held, told)
    rivals = [r for r in series.runs(held) if r.direction == told.direction and r.last < told.first]
    assert (before is None) == all(rival.length < told.length for rival in rivals)


@pytest.mark.long
@PLENTY
@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=60), st.sets(st.integers(0, 58), max_size=2))
def test_months_end_a_record_at_a_gap_as_years_do(values: list[int], gaps: set[int]) -> None:
    months = [periods.shifted("2012-11", n) for n in range(len(values))]
    held = pd.Series(
        {m: v for n, (m, v) in enumerate(zip(months, values, strict=True)) if n not in gaps}, dtype="int64"
    )
    tail = [str(month) for month in series.unbroken(held).index]
    assert tail == periods.span(tail[0], tail[-1]) if tail else held.empty
    if tail and tail[0] != held.index[0]:
        assert periods.shifted(tail[0], -1) not in held.index


MILLION = 10**6


@pytest.mark.parametrize(
    ("values", "least", "told"),
    [
        ([], 1, None),
        ([5], 1, None),
        ([5, 5], 1, None),
        ([1, 2, 2], 1, None),
        ([1, 2], 1, Run(RISE, 1, "1991", "1991")),
        ([1, 2], 2, None),
        ([1, 2, 3, 2], 2, Run(RISE, 2, "1991", "1992")),
        ([1, 2, 3, 2], 1, Run(FALL, 1, "1993", "1993")),
        ([1, 2, 3, 3, 2], 2, None),
        ([2, 1, 0], 2, None),
        ([-1, 2, 3, 4], 2, Run(RISE, 2, "1992", "1993")),
        ([-4, -5, -6], 2, Run(RISE, 2, "1991", "1992")),
    ],
)
def test_a_run_is_told_while_it_lasts_or_has_just_ended(values: list[int], least: int, told: Run | None) -> None:
    assert series.latest_run(years([value * MILLION for value in values]), least) == told


@pytest.mark.parametrize(
    ("values", "kind", "beaten", "since", "tied"),
    [
        ([9, 7, 6, 8], LARGEST, 2, "1990", False),
        ([8, 7, 6, 8], LARGEST, 2, "1990", True),
        ([7, 6, 8], LARGEST, 2, "", False),
        ([1, 9, 7, 2], SMALLEST, 2, "1990", False),
        ([3], LARGEST, 0, "", False),
    ],
)
def test_a_record_is_as_old_as_what_it_does_not_beat(
    values: list[int], kind: str, beaten: int, since: str, tied: bool
) -> None:
    found = series.reach(years([value * MILLION for value in values]), kind)
    assert found is not None
    assert (found.beaten, found.since, found.tied, found.compared_from) == (beaten, since, tied, since or "1990")


def test_an_earlier_run_counts_if_it_was_at_least_as_long_and_went_the_same_way() -> None:
    held = years([value * MILLION for value in (1, 2, 3, 2, 1, 2, 1, 2, 3)])
    last = series.latest_run(held, 2)
    assert last is not None and series.as_long_before(held, last) == Run(RISE, 2, "1991", "1992")
    assert series.as_long_before(held, Run(RISE, 3, "1996", "1998")) is None
    assert series.as_long_before(held, Run(FALL, 2, "1991", "1992")) is None


@pytest.mark.parametrize(("value", "shown"), [(999_949, 0.9999), (1_000_000, 1.0), (1_049_000, 1.0), (-999_999, -1.0)])
def test_sizes_are_compared_to_a_tenth_of_a_million_small_ones_of_a_thousand(value: int, shown: float) -> None:
    assert series.printed(value) == shown
