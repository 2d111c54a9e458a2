"""The importers of calculated duties and of a model's rates: what they read, hold against the record, and refuse."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from briefing.acquire import contract, imports
from briefing.acquire.between_series import require_same_consumption
from briefing.acquire.duties_calculated import HEAD, read_duties_calculated
from briefing.acquire.modelled_tariffs import HEAD as MODEL_HEAD
from briefing.acquire.modelled_tariffs import read_modelled_tariffs
from briefing.errors import DuplicateObservations, MalformedSource, MixedBasis, SourceError
from briefing.record import observations, sources

Write = Callable[..., Path]
COMMIT = "31caa71"


@pytest.fixture
def table(tmp_path: Path) -> Write:
    def write(rows: list[list[Any]], head: tuple[str, ...] = HEAD) -> Path:
        path = tmp_path / "table.csv"
        path.write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def korea(year: int = 2017, months: int = 12) -> list[list[Any]]:
    return [["KOR", f"{year}-{month:02d}", 100 + month, 40_000 + month, COMMIT] for month in range(1, months + 1)]


def held() -> pd.DataFrame:
    (source,) = sources.vintages_of("census-duties")
    return pd.read_parquet(sources.verified_file(source))


def rate(code: str, period: str) -> float:
    """Duty over imports for consumption in percent, over the months held that begin so."""
    rows = held()
    own = rows[(rows["counterpart_area"] == code) & rows["time_period"].str.startswith(period)]
    sums = own.groupby("valuation")["obs_value"].sum()
    return float(100 * sums["calculated_duty"] / sums["customs_value"])


def test_a_row_becomes_a_duty_and_the_imports_that_it_was_calculated_on(table: Write) -> None:
    found = read_duties_calculated(table(korea(months=2)))
    assert found[["counterpart_area", "trade_system", "valuation", "time_period", "obs_value"]].to_numpy().tolist() == [
        ["5800", "consumption", "calculated_duty", "2017-01", 101],
        ["5800", "consumption", "calculated_duty", "2017-02", 102],
        ["5800", "consumption", "customs_value", "2017-01", 40_001],
        ["5800", "consumption", "customs_value", "2017-02", 40_002],
    ]


@pytest.mark.parametrize(
    ("code", "period", "percent", "digits"),
    [("5800", "2011", 1.439, 3), ("5800", "2017", 0.245, 3), ("5800", "2024", 0.188, 3), ("5800", "2025", 8.30, 2),
     ("5800", "2026", 8.27, 2), ("5800", "2025-09", 14.98, 2), ("5800", "2025-11", 8.38, 2), ("5800", "2026-08", 7.60, 2),
     ("0015", "2011", 1.31, 2), ("0015", "2017", 1.42, 2), ("0015", "2024", 2.36, 2), ("0015", "2025", 7.65, 2),
     ("0015", "2026", 7.35, 2)],
)  # fmt: skip
def test_duty_over_imports_is_what_was_computed_when_the_copies_were_put_together(
    code: str, period: str, percent: float, digits: int
) -> None:
    assert round(rate(code, period), digits) == percent


def test_imports_for_consumption_of_2017_are_the_sum_of_the_hs_chapters_to_the_dollar() -> None:
    rows, (chapters,) = held(), sources.vintages_of("census-hs-imports-consumption")
    parts = pd.read_parquet(sources.verified_file(chapters)).query(
        "counterpart_area == '5800' and commodity.str.len() == 2"
    )
    months = parts[parts["time_period"].str.startswith("2017")].groupby("time_period")["obs_value"].sum()
    goods = rows.query("counterpart_area == '5800' and valuation == 'customs_value'").set_index("time_period")[
        "obs_value"
    ]
    assert len(months) == 12
    assert (goods[months.index] == months).all()


def test_a_duty_can_be_summed_with_no_trade() -> None:
    rows = held().query("counterpart_area == '5800' and time_period == '2025-09'").assign(basis="census")
    general = rows[rows["valuation"] == "customs_value"].assign(trade_system="general")
    for mixed in (rows, pd.concat([rows[rows["valuation"] == "calculated_duty"], general])):
        with pytest.raises(MixedBasis):
            observations.require_one_basis({name: list(mixed[name]) for name in (*observations.KEY, "basis")})


def test_a_duty_on_general_imports_is_refused(table: Write) -> None:
    found = read_duties_calculated(table(korea()))
    with pytest.raises(MalformedSource, match=r"'consumption'|'calculated_duty'|'general'"):
        contract.observed(found.assign(trade_system="general"), "A file")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["XXX", "2017-01", 1, 2, COMMIT]], "line 2: 'XXX' is no partner known here"),
        ([["KOR", "2017-13", 1, 2, COMMIT]], "'2017-13' is no month"),
        ([["KOR", "2017-01", "-1", 2, COMMIT]], "'-1' is no amount of whole dollars"),
        ([["KOR", "2017-01", "1.5", 2, COMMIT]], "'1.5' is no amount of whole dollars"),
        (
            [["KOR", "2017-01", 40_000, 100, COMMIT]],
            "duties of 40,000 dollars on imports of 100. No rate of duty comes to that",
        ),
        ([["KOR", "2017-01", 1, 0, COMMIT]], "No rate of duty comes to that"),
        ([["KOR", "2017-01", 1]], "has 3 cells, where 5 are wanted"),
        (korea(2016, 11) + korea(2017, 3), "11 months of 2016 of Korea, South and lacks 2016-12"),
        ([*korea(2017, 3)[:1], *korea(2017, 3)[2:]], "lacks 2017-02"),
    ],
)
def test_what_cannot_be_true_of_duties_is_refused_with_its_line(
    table: Write, rows: list[list[Any]], words: str
) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_duties_calculated(table(rows))


def test_another_table_and_a_month_given_twice_are_refused(table: Write) -> None:
    exchanged = (HEAD[0], HEAD[1], HEAD[3], HEAD[2], HEAD[4])
    with pytest.raises(
        MalformedSource, match="no table of calculated duties: its header reads partner, month, imports"
    ):
        read_duties_calculated(table(korea(), exchanged))
    with pytest.raises((MalformedSource, DuplicateObservations)):
        read_duties_calculated(table([*korea(), korea()[0]]))


def test_imports_that_are_not_the_sum_of_their_chapters_are_refused_in_closed_years_alone() -> None:
    (source,) = sources.vintages_of("census-hs-imports-consumption")
    chapters, rows = pd.read_parquet(sources.verified_file(source)), held()
    wrong = rows.copy()
    place = wrong.query(
        "counterpart_area == '5800' and valuation == 'customs_value' and time_period == '2017-05'"
    ).index
    wrong.loc[place, "obs_value"] += 1
    require_same_consumption(rows, chapters, "The file", "the chapters", "2017")
    require_same_consumption(wrong, chapters, "The file", "the chapters", "2016")
    with pytest.raises(MalformedSource, match="imports for consumption from Korea, South in 2017-05 are"):
        require_same_consumption(wrong, chapters, "The file", "the chapters", "2017")


def test_the_same_duties_in_another_file_add_nothing_and_are_told_so(copied_record: Path, tmp_path: Path) -> None:
    rows = held()
    wide = rows.pivot(index=["counterpart_area", "time_period"], columns="valuation", values="obs_value")
    codes = {"0015": "WORLD", "1220": "CAN", "2010": "MEX", "5700": "CHN", "5800": "KOR", "5880": "JPN"}
    path = tmp_path / "again.csv"
    lines = [",".join(HEAD)]
    lines += [
        f"{codes[key[0]]},{key[1]},{row['calculated_duty']},{row['customs_value']},x" for key, row in wide.iterrows()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    before = (copied_record / "census/2026-10-06/duties.parquet").read_bytes()
    with pytest.raises(SourceError, match=r"with the same observations.*Leave it: it adds nothing"):
        imports.import_duties(path, obtained="put together again", seen=date(2026, 11, 27))
    assert (copied_record / "census/2026-10-06/duties.parquet").read_bytes() == before


MODEL = [
    ["2025-04-03", '"KOREA, SOUTH"', "10.36153", "1.0", "0.19075"],
    ["2025-04-05", '"KOREA, SOUTH"', "25.58550", "1.0", "0.19075"],
    ["2025-04-03", "JAPAN", "9.1", "1.0", "1.508"],
    ["2025-04-05", "JAPAN", "2.1e-15", "1.0", "1.508"],
]


def test_a_models_rates_become_a_table_of_their_own_by_partner_and_day(table: Write) -> None:
    assert read_modelled_tariffs(table(MODEL, MODEL_HEAD), {"5800": 0.188}).decode().splitlines() == [
        "partner,day,added,before",
        "5800,2025-04-03,10.3615,0.1908",
        "5800,2025-04-05,25.5855,0.1908",
        "5880,2025-04-03,9.1000,1.5080",
        "5880,2025-04-05,0.0000,1.5080",
    ]


@pytest.mark.parametrize(
    ("place", "cell", "value", "words"),
    [
        (0, 1, "ATLANTIS", "'ATLANTIS' is no partner or aggregate"),
        (0, 0, "2025-04-31", "'2025-04-31' is no day"),
        (0, 2, "-3", "'-3' is no rate from 0 to 200 percent"),
        (0, 2, "429425828419", "is no rate from 0 to 200 percent"),
        (0, 2, "nan", "'nan' is no rate"),
        (1, 0, "2025-04-03", "has 2 rates of Korea, South for 2025-04-03"),
        (1, 0, "2025-04-09", "has 0 rates of Korea, South for 2025-04-05"),
        (0, 4, "2.4", "has 2.400 percent for Korea, South in 2024, where duty calculated over imports was 0.188"),
    ],
)
def test_what_cannot_be_true_of_a_model_is_refused(table: Write, place: int, cell: int, value: str, words: str) -> None:
    rows = [[*row] for row in MODEL]
    rows[place][cell] = value
    with pytest.raises(MalformedSource, match=words):
        read_modelled_tariffs(table(rows, MODEL_HEAD), {"5800": 0.188})


def test_a_model_without_the_day_it_was_published_is_refused(table: Write) -> None:
    with pytest.raises(
        SourceError, match="does not say when its model was published, and rows after that day were the future"
    ):
        imports.import_modelled_tariffs(table(MODEL, MODEL_HEAD), obtained="a copy", seen=date(2026, 11, 27))


def test_a_model_enters_as_no_observation_and_is_held_against_the_duties_of_2024(
    copied_record: Path, table: Write
) -> None:
    said = imports.import_modelled_tariffs(
        table(MODEL, MODEL_HEAD), obtained="a copy", seen=date(2026, 11, 27), vintage=date(2026, 8, 1)
    )
    assert said.endswith("4 rates, published 2026-08-01, in data/tradewartracker/2026-08-01/tariffs.csv")
    (source,) = [one for one in sources.vintages_of("tradewartracker-tariffs") if one.vintage == date(2026, 8, 1)]
    assert (source.basis, source.statistics, source.last_period) == ("", "", "")
    wrong = [[*row[:4], "7.0"] if "KOREA" in row[1] else row for row in MODEL]
    with pytest.raises(MalformedSource, match=r"7\.000 percent for Korea, South in 2024"):
        imports.import_modelled_tariffs(
            table(wrong, MODEL_HEAD), obtained="a copy", seen=date(2026, 11, 27), vintage=date(2026, 8, 2)
        )
    assert copied_record.exists()
