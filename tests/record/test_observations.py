"""What arithmetic may be done on: one value an observation, one basis, no gap."""

import pandas as pd
import pytest
from briefing.errors import DuplicateObservations, MissingPeriods, MixedBasis
from briefing.record import observations


def flow(trade_flow: str, *months: str, partner: str = "5800", **basis: str) -> pd.DataFrame:
    """One observation a month, of a million dollars."""
    row = {
        "classification": "TOTAL",
        "commodity": "TOTAL",
        "ref_area": "US",
        "counterpart_area": partner,
        "trade_flow": trade_flow,
        "trade_system": "total" if trade_flow == "X" else "general",
        "valuation": "fas" if trade_flow == "X" else "customs_value",
        "adjustment": "N",
        "obs_value": 1_000_000,
        "obs_status": "A",
    }
    return pd.DataFrame([row | basis | {"time_period": month} for month in months])[observations.COLUMNS]


def both(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True)


def test_a_partner_is_selected_by_its_code() -> None:
    table = both(flow("X", "2017-01"), flow("X", "2017-01", partner="0015"))
    assert list(observations.of_partner(table, "0015")["counterpart_area"]) == ["0015"]
    assert observations.of_partner(table, "15").empty


def test_both_edges_of_a_window_are_in_it() -> None:
    window = observations.between(flow("X", "2016-12", "2017-01", "2017-02", "2017-03"), "2017-01", "2017-02")
    assert list(window["time_period"]) == ["2017-01", "2017-02"]


def require_one_basis(table: pd.DataFrame) -> None:
    observations.require_one_basis(observations.lines_of(table).columns)


def test_exports_and_imports_each_have_a_basis_of_their_own() -> None:
    require_one_basis(both(flow("X", "2017-01"), flow("M", "2017-01")))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (flow("M", "2017-01", trade_system="consumption"), "Flow M mixes trade_system consumption and general"),
        (flow("M", "2017-01", valuation="cif_value"), "Flow M mixes valuation cif_value and customs_value"),
        (flow("M", "2017-01", adjustment="Y"), "The rows mix adjustment N and Y"),
        (flow("M", "2017-01", classification="HS", commodity="87"), "Flow M mixes classification HS and TOTAL"),
        (flow("M", "2017-01", commodity="87"), r"Flow M mixes commodity 87 and TOTAL\. .* Select one commodity first"),
    ],
)
def test_two_bases_in_one_flow_are_refused_by_name(other: pd.DataFrame, words: str) -> None:
    with pytest.raises(MixedBasis, match=words):
        require_one_basis(both(flow("X", "2017-01"), flow("M", "2017-01"), other))


def test_the_same_month_on_two_bases_is_two_observations() -> None:
    observations.require_unique(both(flow("M", "2017-01"), flow("M", "2017-01", trade_system="consumption")))


def test_two_values_for_one_observation_are_refused() -> None:
    with pytest.raises(DuplicateObservations, match="Partner 5800 has two values for 2017-02, flow M, commodity TOTAL"):
        observations.require_unique(both(flow("M", "2017-01", "2017-02"), flow("M", "2017-02")))


def test_a_gap_in_either_flow_is_refused_and_the_first_is_named() -> None:
    months = ["2017-01", "2017-02", "2017-03"]
    observations.require_periods(both(flow("X", *months), flow("M", *months)), months, "The balance")
    with pytest.raises(MissingPeriods, match=r"The balance has no observation for 2017-02 \(flow M\)\. Totals over"):
        observations.require_periods(both(flow("X", *months), flow("M", "2017-01", "2017-03")), months, "The balance")
    with pytest.raises(MissingPeriods, match="no observation for 2017-01 and 2 more months"):
        observations.require_periods(flow("M", *months), months, "The balance")


def test_months_beyond_those_asked_do_no_harm() -> None:
    months = ["2016-12", "2017-01", "2017-02"]
    observations.require_periods(both(flow("X", *months), flow("M", *months)), ["2017-01"], "The balance")
