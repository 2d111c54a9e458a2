"""What every table of observations must be, and the words for one that is not."""

from typing import Any

import pandas as pd
import pytest
from briefing.acquire.contract import require_contract
from briefing.errors import DuplicateObservations, MalformedSource
from briefing.record import observations, sources

ROW: dict[str, Any] = {
    "classification": "TOTAL",
    "commodity": "TOTAL",
    "ref_area": "US",
    "counterpart_area": "5800",
    "trade_flow": "M",
    "trade_system": "general",
    "valuation": "customs_value",
    "adjustment": "N",
    "time_period": "2017-11",
    "obs_value": 5_641_957_617,
    "obs_status": "A",
}
EXPORTS: dict[str, Any] = {"trade_flow": "X", "trade_system": "total", "valuation": "fas"}


def table(*changes: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([ROW | change for change in changes])


@pytest.mark.parametrize(
    "changes",
    [
        [{}],
        [{}, EXPORTS],
        [{"trade_system": "consumption"}, {"valuation": "cif_value"}, EXPORTS | {"valuation": "fob_value"}],
        [{"classification": "HS", "commodity": code} for code in ("03", "8703", "870323", "8703230100")],
        [{"classification": "END_USE", "commodity": code, "time_period": "2016"} for code in ("00000", "30000", "3")],
        [{"ref_area": "KR", "counterpart_area": "US"}],
        [{"counterpart_area": "0004", "adjustment": "Y"}, {"counterpart_area": "8220", "obs_value": 0}],
        [{"time_period": period} for period in ("1985-01", "2100-12")],
    ],
)
def test_a_table_of_observations_passes(changes: list[dict[str, Any]]) -> None:
    require_contract(table(*changes), "country.xlsx")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"classification": "SITC"}, "classification 'SITC' is neither TOTAL, HS nor END_USE"),
        ({"commodity": "87"}, "'87' is no code of classification TOTAL: it would be counted in the wrong product"),
        ({"classification": "HS", "commodity": "870"}, "'870' is no code of classification HS"),
        ({"classification": "HS", "commodity": "TOTAL"}, "'TOTAL' is no code of classification HS"),
        ({"classification": "HS", "commodity": "87\n"}, r"'87\\n' is no code of classification HS"),
        ({"classification": "END_USE", "commodity": "300"}, "'300' is no code of classification END_USE"),
        ({"ref_area": "JP"}, "reporter 'JP' is neither US nor KR"),
        (
            {"counterpart_area": "9999"},
            "'9999' is no partner of reporter US, so its trade would be lost or counted twice",
        ),
        ({"counterpart_area": "15"}, "'15' is no partner of reporter US"),
        ({"counterpart_area": "US"}, "'US' is no partner of reporter US"),
        ({"ref_area": "KR"}, "'5800' is no partner of reporter KR"),
        ({"trade_flow": "E"}, r"flow 'E' is neither X \(exports\) nor M \(imports\)"),
        ({"trade_system": "total"}, "'total' is no system of trade of flow M"),
        (EXPORTS | {"trade_system": "general"}, "'general' is no system of trade of flow X"),
        ({"valuation": "fas"}, "'fas' is no valuation of flow M: unlike values would be compared"),
        (EXPORTS | {"valuation": "customs_value"}, "'customs_value' is no valuation of flow X"),
        ({"adjustment": "S"}, "adjustment 'S' is neither N nor Y"),
        ({"time_period": "2017-13"}, "'2017-13' is no month or year from 1985 to 2100, so it would stand in no series"),
        ({"time_period": "1984-12"}, "'1984-12' is no month or year"),
        ({"time_period": "2101-01"}, "'2101-01' is no month or year"),
        ({"time_period": "2017M11"}, "'2017M11' is no month or year"),
        ({"obs_value": -1}, r"2017-11, -1 dollars: trade cannot be negative, so every sum over it would be too small"),
        ({"obs_status": "estimate"}, "status 'estimate' is no code of the SDMX code list"),
    ],
)
def test_an_observation_that_cannot_be_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    with pytest.raises(MalformedSource, match=words) as refusal:
        require_contract(table({"time_period": "2017-10"}, change), "country.xlsx")
    assert str(refusal.value).startswith("country.xlsx: ")
    assert str(refusal.value).endswith("Fetch it again, or correct the row.")
    assert refusal.value.__cause__ is None and refusal.value.__context__ is None


def test_the_first_observation_at_fault_is_named_and_the_others_are_counted() -> None:
    wrong = [{"obs_value": -value, "time_period": f"2017-0{value}"} for value in range(1, 5)]
    with pytest.raises(MalformedSource) as refusal:
        require_contract(table({}, *wrong), "country.xlsx")
    assert str(refusal.value) == (
        "country.xlsx: Korea, South (5800), flow M, commodity TOTAL, 2017-01, -1 dollars: trade cannot be negative, "
        "so every sum over it would be too small (4 such observations). Fetch it again, or correct the row."
    )


def test_a_row_index_of_any_kind_does_not_mislead_the_words() -> None:
    shifted = table({}, {"obs_value": -5, "time_period": "2017-12"}).set_index(pd.Index(["x", "x"]))
    with pytest.raises(MalformedSource, match=r"2017-12, -5 dollars"):
        require_contract(shifted, "country.xlsx")


def test_two_values_for_one_observation_are_refused() -> None:
    with pytest.raises(DuplicateObservations, match=r"country\.xlsx: Partner 5800 has two values for 2017-11, flow M"):
        require_contract(table({}, {"obs_value": 1}), "country.xlsx")


def test_months_and_years_in_one_table_are_refused() -> None:
    with pytest.raises(MalformedSource, match=r"mixes months and years. A year would be added to its own months"):
        require_contract(table({}, {"time_period": "2016"}), "country.xlsx")


def test_columns_that_are_missing_added_or_in_another_order_are_refused() -> None:
    whole = table({})
    for wrong in (whole.drop(columns="valuation"), whole.assign(weight=1), whole[whole.columns[::-1]]):
        with pytest.raises(
            MalformedSource, match=r"country\.xlsx: the columns are .*, where a table of observations has"
        ):
            require_contract(wrong, "country.xlsx")


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(
        MalformedSource, match=r"holds no observation. A vintage of it would say that there was no trade"
    ):
        require_contract(table({}).iloc[:0], "country.xlsx")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("obs_value", 1.5, "column obs_value holds float64, not whole dollars: .* sums their last dollars"),
        ("obs_value", "12", "column obs_value holds str, not whole dollars"),
        ("counterpart_area", 5800, "column counterpart_area holds int64, not text: codes would lose their zeros"),
        ("commodity", 87, "column commodity holds int64, not text"),
        ("time_period", 2017, "column time_period holds int64, not text"),
    ],
)
def test_a_column_of_another_kind_is_refused(column: str, value: Any, words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        require_contract(table({}).assign(**{column: value}), "country.xlsx")


@pytest.mark.parametrize("column", [column for column in observations.COLUMNS if column != "obs_value"])
def test_an_observation_without_one_of_its_codes_is_refused(column: str) -> None:
    gapped = table({}, {"time_period": "2017-10"})
    gapped.loc[1, column] = None
    with pytest.raises(MalformedSource, match=f"lacks its {column}, so it could be found by nobody"):
        require_contract(gapped, "country.xlsx")


@pytest.mark.long
def test_every_table_of_the_record_keeps_the_contract() -> None:
    for source in sources.register():
        if source.file.endswith(".parquet"):
            held = pd.read_parquet(sources.data_directory() / source.file)[observations.COLUMNS]
            require_contract(held, source.file)


def test_how_many_observations_are_as_wrong_is_told_where_there_are_others() -> None:
    def refusal(*values: int) -> str:
        with pytest.raises(MalformedSource) as told:
            require_contract(
                table(*({"obs_value": value, "time_period": f"201{at}-01"} for at, value in enumerate(values))), "it"
            )
        return str(told.value)

    assert "such observations" not in refusal(-1, 5)
    assert "(2 such observations)" in refusal(-1, 5, -1)
