"""Arithmetic on observations: three-row tables, identities, refusals."""

import pandas as pd
import pytest
from briefing.errors import DuplicateObservations, MissingPeriods, MixedBasis
from briefing.figures import (
    Figure,
    Origin,
    by_flow,
    change,
    deficit,
    derived,
    moved_by,
    origins_of,
    summed,
    trade_balance,
    twelve_month_sum,
)
from briefing.record import observations
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.origins import OF_COUNTRIES, observed


def table(*rows: tuple[str, str, int], origin: Origin = OF_COUNTRIES, **basis: str) -> pd.DataFrame:
    """Observations of month, flow and value, on one basis unless told otherwise."""
    made = pd.DataFrame(rows, columns=["time_period", "trade_flow", "obs_value"])
    made = made.assign(
        classification="TOTAL",
        commodity="TOTAL",
        ref_area="US",
        counterpart_area="5800",
        adjustment="N",
        obs_status="A",
    )
    exports = made["trade_flow"] == "X"
    made = made.assign(
        trade_system=exports.map({True: "total", False: "general"}),
        valuation=exports.map({True: "fas", False: "customs_value"}),
        basis="census",
    )
    return observed(made.assign(**basis), origin)


ROWS = (("2017-01", "X", 5), ("2017-01", "M", 8), ("2017-02", "X", 7))
THREE = table(*ROWS)


def figure(value: float, period: str = "2017-01/2017-11") -> Figure:
    return Figure("f", value, "US dollars", period, "given", (Origin("census-country", "2018-10-05", "later"),))


def test_trade_balance_is_negative_when_imports_exceed_exports() -> None:
    assert trade_balance(THREE).to_dict() == {"2017-01": -3}


def test_the_mirror_of_a_balance_is_its_negative() -> None:
    mirrored = THREE.assign(
        trade_flow=THREE["trade_flow"].map({"X": "M", "M": "X"}), trade_system="total", valuation="fas"
    )
    assert (trade_balance(mirrored) == -trade_balance(THREE)).all()


def test_a_month_that_lacks_a_flow_has_no_balance() -> None:
    assert list(by_flow(THREE).index) == ["2017-01"]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(-(10**12), 10**12), st.integers(12, 40))
def test_the_twelve_month_sum_of_a_constant_is_twelve_times_it(value: int, months: int) -> None:
    series = pd.Series([value] * months, index=pd.period_range("2015-01", periods=months, freq="M").astype(str))
    sums = twelve_month_sum(series)
    assert list(sums) == [12 * value] * (months - 11)
    assert sums.index[0] == "2015-12"


def test_a_year_with_a_gap_has_no_twelve_month_sum() -> None:
    months = [f"2016-{month:02d}" for month in range(1, 13) if month != 7] + ["2017-01", "2017-02"]
    assert twelve_month_sum(pd.Series(1, index=months)).empty


@pytest.mark.parametrize(("now", "before", "fraction"), [(-80, -100, -0.2), (-120, -100, 0.2), (50, 40, 0.25)])
def test_a_change_compares_sizes_so_that_a_growing_deficit_is_positive(
    now: float, before: float, fraction: float
) -> None:
    changed = change("c", figure(now), figure(before), "balance")
    assert changed is not None and changed.value == pytest.approx(fraction)


@pytest.mark.parametrize(("now", "before"), [(5, 0), (5, -5), (-5, 5)])
def test_no_percentage_is_given_on_nil_or_over_a_change_of_sign(now: float, before: float) -> None:
    assert change("c", figure(now), figure(before), "balance") is None


def test_a_figure_rests_on_exactly_the_vintages_of_its_rows() -> None:
    newer = Origin("census-country", "2019-12-05", "held")
    mixed = pd.concat([THREE, table(("2017-03", "X", 1), origin=newer)])
    assert [origin.vintage for origin in origins_of(mixed)] == ["2018-10-05", "2019-12-05"]
    exports = summed(THREE, "e", "X", ["2017-01", "2017-02"], "exports, summed")
    assert (exports.value, exports.period, exports.unit) == (12, "2017-01/2017-02", "US dollars")
    assert exports.origins == (OF_COUNTRIES,)


def test_a_derived_figure_inherits_every_origin_once() -> None:
    other = Figure("g", 1, "US dollars", "2016", "given", (Origin("census-hs-exports", "2026-07-31", "later"),))
    assert len(derived("d", 1, "ratio", "2016", "over", [figure(1), other, figure(2)]).origins) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("trade_system", "consumption"), ("valuation", "cif_value"), ("commodity", "87")],
)
def test_two_bases_are_never_added_up(column: str, value: str) -> None:
    mixed = pd.concat([THREE, table(("2017-02", "M", 9), **{column: value})])
    with pytest.raises(MixedBasis, match=f"Flow M mixes {column} .*{value}"):
        trade_balance(mixed)


@pytest.mark.parametrize(("column", "value"), [("basis", "bop"), ("adjustment", "Y")])
@pytest.mark.parametrize("flow", ["X", "M"])
def test_exports_of_one_basis_never_meet_imports_of_another(column: str, value: str, flow: str) -> None:
    one, other = [row for row in ROWS if row[1] != flow], [row for row in ROWS if row[1] == flow]
    mixed = pd.concat([table(*one), table(*other, **{column: value})])
    with pytest.raises(MixedBasis, match=f"The rows mix {column} .*{value}.* would compare unlike values"):
        trade_balance(mixed)


def test_two_values_for_one_observation_are_refused() -> None:
    with pytest.raises(DuplicateObservations, match=r"Partner 5800 has two values for 2017-01, flow X"):
        observations.require_unique(pd.concat([THREE, THREE.head(1)]))


def test_a_gap_stops_the_figure_and_is_named() -> None:
    with pytest.raises(
        MissingPeriods, match=r"South Korea has no observation for 2017-02 \(flow M\).*would be too small"
    ):
        deficit.year_to_date(THREE, "5800")


def test_a_territory_lacks_a_month_that_none_of_its_codes_has() -> None:
    early = [("2016-12", "X", 3), ("2016-12", "M", 4)]
    both = pd.concat([table(*early, counterpart_area="4799"), table(*ROWS, counterpart_area="4801")])
    exports, imports, balance = deficit.of_territory(both, ("4799", "4801"), ["2016-12", "2017-01"])
    assert (exports.value, imports.value, balance.value) == (3 + 5, 4 + 8, -4)
    with pytest.raises(MissingPeriods, match=r"no observation for 2017-02 \(flow M\)\. Totals .* would be too small"):
        deficit.of_territory(both, ("4799", "4801"), ["2017-01", "2017-02"])


def test_a_figure_moved_by_the_later_less_the_earlier() -> None:
    moved = moved_by(figure(-21.6, "2017"), figure(-26.4, "2016"))
    assert (round(moved.value, 1), moved.unit, moved.period) == (4.8, "US dollars", "2017")
    assert moved.formula == "2017 less 2016"
