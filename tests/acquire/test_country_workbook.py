"""The importer of country.xlsx: the oddities it knows, and what it refuses in which words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from briefing.acquire.country_workbook import COLUMNS, read_country_workbook
from briefing.acquire.registration import parquet_bytes
from briefing.errors import MalformedSource

from tests.conftest import Row, year_row

Writer = Callable[..., Path]


def test_a_row_becomes_an_observation_a_month_and_flow_in_whole_dollars(workbook: Writer, rows: list[Row]) -> None:
    table = read_country_workbook(workbook(rows))
    korea = table[(table["counterpart_area"] == "5800") & (table["time_period"] == "2016-01")]
    imports = korea[korea["trade_flow"] == "M"].iloc[0]
    assert imports["obs_value"] == 5_641_957_617
    assert (imports["trade_system"], imports["valuation"], imports["adjustment"]) == ("general", "customs_value", "N")
    exports = korea[korea["trade_flow"] == "X"].iloc[0]
    assert (exports["obs_value"], exports["trade_system"], exports["valuation"]) == (100_500_000, "total", "fas")


def test_unpublished_months_are_no_observations_although_the_sheet_prints_zeros(
    workbook: Writer, rows: list[Row]
) -> None:
    assert read_country_workbook(workbook(rows))["time_period"].max() == "2017-02"


def test_aggregates_on_another_basis_are_left_out_and_the_adjusted_world_is_marked(
    workbook: Writer, rows: list[Row]
) -> None:
    table = read_country_workbook(workbook(rows))
    assert "0005" not in set(table["counterpart_area"])
    assert set(table.loc[table["counterpart_area"] == "0004", "adjustment"]) == {"Y"}
    assert set(table.loc[table["counterpart_area"] != "0004", "adjustment"]) == {"N"}


def test_rows_without_a_year_are_skipped(workbook: Writer, rows: list[Row]) -> None:
    assert "1010" not in set(read_country_workbook(workbook(rows))["counterpart_area"])


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_the_sheet_saved_as_csv_is_read_with_any_line_ends(
    workbook: Writer, rows: list[Row], tmp_path: Path, line_end: str
) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in [COLUMNS, *rows]]
    path = tmp_path / "country.csv"
    path.write_bytes(line_end.join([*lines, ""]).encode())
    assert read_country_workbook(path).equals(read_country_workbook(workbook(rows)))


def test_the_same_file_gives_the_same_bytes(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    assert parquet_bytes(read_country_workbook(path)) == parquet_bytes(read_country_workbook(path))


def refused(
    workbook: Writer, rows: list[Row], columns: tuple[str, ...] = COLUMNS
) -> pytest.ExceptionInfo[MalformedSource]:
    with pytest.raises(MalformedSource) as caught:
        read_country_workbook(workbook(rows, columns))
    return caught


def test_a_truncated_workbook_is_refused(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(MalformedSource, match=r"country\.xlsx is no readable workbook"):
        read_country_workbook(path)


def test_a_page_in_place_of_the_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "country.xlsx"
    path.write_text("<html>Service unavailable</html>", encoding="utf-8")
    with pytest.raises(MalformedSource, match="is no readable workbook"):
        read_country_workbook(path)


def test_swapped_columns_are_refused(workbook: Writer, rows: list[Row]) -> None:
    columns = list(COLUMNS)
    columns[3], columns[4] = columns[4], columns[3]
    refused(workbook, rows, tuple(columns)).match("has its columns in another order")


def test_a_missing_column_is_named(workbook: Writer, rows: list[Row]) -> None:
    refused(workbook, rows, tuple("IJANUARY" if name == "IJAN" else name for name in COLUMNS)).match("it lacks IJAN")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("2017", "5800", "Korea, South", "n.a."), r"Korea, South, 2017: IJAN is 'n\.a\.', not a number"),
        (("2017", "5800", "Korea, South", -1.0), r"IJAN is -1\. Trade cannot be negative"),
        (("2017", "5800", "Korea, South", None), "IJAN is None, not a number"),
        (("2101", "5800", "Korea, South", 1.0), "'2101' is no year of this record"),
        (("2017", "9999", "Atlantis", 1.0), "code '9999' is in no list of partners"),
        (("2016", "5800", "Korea, South", 1.0), "two rows for Korea, South in 2016"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_by_name(
    workbook: Writer, rows: list[Row], changed: Row, words: str
) -> None:
    filled = (*changed, *rows[-1][len(changed) :])
    refused(workbook, [*rows[:-1], filled]).match(words)


def test_a_sheet_without_the_world_is_refused(workbook: Writer, rows: list[Row]) -> None:
    refused(workbook, [row for row in rows if row[1] != "0015"]).match("has no row for the world")


def test_a_gap_in_the_world_total_is_refused(workbook: Writer, rows: list[Row]) -> None:
    gap = year_row("2017", "0015", "World, Not Seasonally Adjusted", [200.0, 0, 201.0], [90.0, 0, 91.0])
    refused(workbook, [gap if row[:2] == ("2017", "0015") else row for row in rows]).match(
        "the world total is 0 for 2017-02"
    )


def test_an_empty_sheet_is_refused(workbook: Writer) -> None:
    refused(workbook, []).match("holds no observation")
