"""The importer of country.xlsx: the oddities it knows, and what it refuses in which words."""

import re
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from briefing.acquire.country_workbook import COLUMNS, read_country_workbook
from briefing.acquire.registration import parquet_bytes
from briefing.errors import MalformedSource
from briefing.record import observations

from tests.conftest import Row, with_world, year_row

Writer = Callable[..., Path]


def test_a_row_becomes_an_observation_a_month_and_flow_in_whole_dollars(workbook: Writer, rows: list[Row]) -> None:
    table = read_country_workbook(workbook(rows))
    korea = table[(table["counterpart_area"] == "5800") & (table["time_period"] == "2016-01")]
    imports = korea[korea["trade_flow"] == "M"].iloc[0]
    assert imports["obs_value"] == 5_641_957_617
    assert (imports["trade_system"], imports["valuation"], imports["adjustment"]) == ("general", "customs_value", "N")
    exports = korea[korea["trade_flow"] == "X"].iloc[0]
    assert (exports["obs_value"], exports["trade_system"], exports["valuation"]) == (100_500_000, "total", "fas")


def test_dollars_are_rounded_and_not_cut(workbook: Writer, rows: list[Row]) -> None:
    # South Korea, exports of 2009-04: as a binary fraction a hair below its last dollar.
    korea = year_row("2017", "5800", "Korea, South", [2055.412959, 21.0], [9.5, 9.1])
    table = read_country_workbook(workbook(with_world([korea])))
    assert 2_055_412_959 in set(table["obs_value"])


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


def declaring(path: Path, dimension: str) -> Path:
    """The same workbook with a sheet that declares other dimensions than it has."""
    other = path.with_name("declared.xlsx")
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(other, "w") as copy:
        for name in book.namelist():
            content = book.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"'.encode(), content)
            copy.writestr(name, content)
    return other


def timed_reading(path: Path) -> tuple[pd.DataFrame, float]:
    """The table, and the processor's seconds for it."""
    began = time.process_time()
    return read_country_workbook(path), time.process_time() - began


def test_a_sheet_that_declares_a_million_rows_costs_no_more_than_the_rows_it_has(
    workbook: Writer, rows: list[Row]
) -> None:
    path = workbook(rows)
    declared = declaring(path, "A1:AC1048576")
    book = openpyxl.load_workbook(declared, read_only=True)
    assert book.worksheets[0].max_row == 1_048_576
    book.close()
    plain, cost = timed_reading(path)
    table, cost_of_declared = timed_reading(declared)
    assert table.equals(plain)
    assert cost_of_declared < 20 * cost  # a million rows would cost a thousand times as much


def test_a_sheet_that_declares_fewer_cells_than_it_has_is_read_whole(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    assert read_country_workbook(declaring(path, "A1:C2")).equals(read_country_workbook(path))


def test_every_observation_is_there_once_in_the_order_of_its_key(workbook: Writer, rows: list[Row]) -> None:
    table = read_country_workbook(workbook(rows))
    observations.require_unique(table)
    assert list(table.columns) == observations.COLUMNS
    assert table[observations.KEY].apply(tuple, axis=1).is_monotonic_increasing
    # 0004, 0015, 5800 and 2010 in 2016, the last three to February 2017, twice for the two flows.
    assert len(table) == 2 * (4 * 12 + 3 * 2)


def test_the_order_of_rows_in_the_sheet_does_not_matter(workbook: Writer, rows: list[Row]) -> None:
    table = read_country_workbook(workbook(rows))
    assert table.equals(read_country_workbook(workbook(rows[::-1])))


def test_a_month_without_trade_before_the_last_published_one_is_a_zero_and_stays(
    workbook: Writer, rows: list[Row]
) -> None:
    greenland = year_row("2017", "1010", "Greenland", [0, 0.3], [])
    table = read_country_workbook(workbook([*rows, greenland]))
    values = table[table["counterpart_area"] == "1010"].set_index(["trade_flow", "time_period"])["obs_value"]
    assert values.to_dict() == {
        ("M", "2017-01"): 0,
        ("M", "2017-02"): 300_000,
        ("X", "2017-01"): 0,
        ("X", "2017-02"): 0,
    }


@pytest.mark.parametrize("code", ["0005", "0006", "0007", "0021", "0022"])
def test_aggregates_for_consumption_and_the_product_group_are_left_out(
    workbook: Writer, rows: list[Row], code: str
) -> None:
    table = read_country_workbook(workbook([*rows, year_row("2017", code, "an aggregate", [1.0], [1.0])]))
    assert code not in set(table["counterpart_area"])


def test_the_same_file_gives_the_same_bytes(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    assert parquet_bytes(read_country_workbook(path)) == parquet_bytes(read_country_workbook(path))


def test_a_table_read_back_from_its_file_is_the_table(workbook: Writer, rows: list[Row], tmp_path: Path) -> None:
    table = read_country_workbook(workbook(rows))
    path = tmp_path / "country.parquet"
    path.write_bytes(parquet_bytes(table))
    assert pd.read_parquet(path).equals(table)


def refused(
    workbook: Writer, rows: list[Row], columns: tuple[str, ...] = COLUMNS
) -> pytest.ExceptionInfo[MalformedSource]:
    with pytest.raises(MalformedSource) as caught:
        read_country_workbook(workbook(rows, columns))
    return caught


def test_a_truncated_workbook_is_refused(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(MalformedSource, match=r"country\.xlsx breaks off before its end"):
        read_country_workbook(path)


def test_a_page_in_place_of_the_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "country.xlsx"
    path.write_text("<html>Service unavailable</html>", encoding="utf-8")
    with pytest.raises(MalformedSource, match="is a web page, whatever its name"):
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
        (("2017", "5800", "Korea, South", -1.0), r"IJAN is -1 million dollars\. Trade cannot be negative"),
        (("2017", "5800", "Korea, South", "1,234.5"), r"IJAN is '1,234\.5', not a number"),
        (("2017", "5800", "Korea, South", "inf"), r"IJAN is inf million dollars\. .* nor larger than the world's"),
        (("1984", "5800", "Korea, South", 1.0), "'1984' is no year of this record"),
        (("²", "5800", "Korea, South", 1.0), "'²' is no year of this record"),
        (("2017", "15", "World", 1.0), "code '15' is in no list of partners"),
        (("2017", "5800", "Korea, South", None), "IJAN is empty, not a number"),
        (("2101", "5800", "Korea, South", 1.0), "'2101' is no year of this record"),
        (("2017", "9999", "Atlantis", 1.0), "code '9999' is in no list of partners"),
        (("2016",), "two rows for Korea, South in 2016"),
        (("2017", "5800", "Korea, South", True), "IJAN is True, not a number"),
        (("2017", "5800", "Korea, South", "1_000"), "IJAN is '1_000', not a number"),
        (("2017", "5800", "Korea, South", "nan"), "IJAN is 'nan', not a number"),
        (("2017", "5800", "Korea, South", 1e300), r"IJAN is 1e\+300 million dollars\. .* nor larger than the world's"),
        (
            ("2017", "5800", "Korea, South", date(2017, 1, 1)),
            r"IJAN is '2017-.*', not a number: a spreadsheet program has made a day",
        ),
        (("2017", "", "Korea, South"), "code '' is in no list of partners"),
        (("2017", "2470", "Dominica"), "code 2470 is Dominican Republic, not Dominica"),
        (("2017", "5800", "Korea, South", 120.25), r"the months add up to 141\.250 and the year is 41\.250"),
        (("2017", "5800", "Japan"), r"code 5800 is Korea, South, not Japan"),
        (("", "5800", "Korea, South"), "'' is no year of this record"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_by_name(
    workbook: Writer, rows: list[Row], changed: Row, words: str
) -> None:
    filled = (*changed, *rows[-1][len(changed) :])
    refused(workbook, [*rows[:-1], filled]).match(words)


def test_a_sheet_without_the_world_is_refused(workbook: Writer, rows: list[Row]) -> None:
    refused(workbook, [row for row in rows if row[1] != "0015"]).match("has no row for the world")


def test_a_row_cut_short_is_refused_at_its_first_missing_month(workbook: Writer, rows: list[Row]) -> None:
    refused(workbook, [*rows[:-1], rows[-1][:20]]).match("Korea, South, 2017: EMAY is empty, not a number")


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "country.csv"
    path.write_text("", encoding="utf-8")
    with pytest.raises(MalformedSource, match=r"country\.csv is empty"):
        read_country_workbook(path)


def test_a_year_missing_from_the_world_row_is_refused(workbook: Writer, rows: list[Row]) -> None:
    early = year_row("2014", "0015", "World, Not Seasonally Adjusted", [100.0] * 12, [100.0] * 12)
    refused(workbook, [*rows, early]).match("the world total is 0 for 2015-01, before its last month 2017-02")


def test_a_partner_left_out_or_doubled_is_refused(workbook: Writer, rows: list[Row]) -> None:
    refused(workbook, rows[:-1]).match("in 2017-0[12] the partners' imports add up to .* A partner is missing, doubled")
    refused(workbook, [*rows, ("2017", "1220", "Canada", *rows[-2][3:])]).match("A partner is missing, doubled")


def test_trade_after_the_last_month_of_the_world_is_refused_and_not_dropped(workbook: Writer, rows: list[Row]) -> None:
    canada = year_row("2017", "1220", "Canada", [0, 0, 0.5], [0, 0, 0.5])
    refused(workbook, [*rows, canada]).match("Canada has trade in 2017-03, but the world's last month .* is 2017-02")


def test_a_month_with_one_flow_only_is_not_published(workbook: Writer, rows: list[Row]) -> None:
    half = [year_row("2017", "5800", "Korea, South", [20.25, 21.0], [9.5])]
    refused(workbook, with_world(half)).match("World, .* has trade in 2017-02, but the world's last month")


def test_hand_made_columns_to_the_right_are_ignored(workbook: Writer, rows: list[Row]) -> None:
    wider = [(*row, "=SUM(D2:E2)", 12.5) for row in rows]
    table = read_country_workbook(workbook(wider, (*COLUMNS, "SUM", "mine")))
    assert table.equals(read_country_workbook(workbook(rows)))


def test_a_gap_in_the_world_total_is_refused(workbook: Writer, rows: list[Row]) -> None:
    gap = year_row("2017", "0015", "World, Not Seasonally Adjusted", [200.0, 0, 201.0], [90.0, 0, 91.0])
    refused(workbook, [gap if row[:2] == ("2017", "0015") else row for row in rows]).match(
        "the world total is 0 for 2017-02"
    )


def test_an_empty_sheet_is_refused(workbook: Writer) -> None:
    refused(workbook, []).match("holds no observation")


def test_a_sheet_named_country_is_found_behind_others(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    table = read_country_workbook(path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("pivot", 0).append(["mine"])
    book.save(path)
    assert read_country_workbook(path).equals(table)


def test_a_workbook_whose_only_sheet_is_another_is_refused(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    book = openpyxl.load_workbook(path)
    book.create_sheet("pivot").append(["Row Labels", "Sum of IYR"])
    del book["country"]
    book.save(path)
    with pytest.raises(MalformedSource, match=r"country\.xlsx is not the sheet of country\.xlsx: it lacks year"):
        read_country_workbook(path)


def test_a_member_of_the_zip_that_is_damaged_or_no_xml_is_refused(workbook: Writer, rows: list[Row]) -> None:
    path = workbook(rows)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        sheet = next(info for info in book.infolist() if info.filename.endswith("sheet1.xml"))
    middle = sheet.header_offset + 30 + len(sheet.filename) + sheet.compress_size // 2
    path.write_bytes(whole[:middle] + b"\x00" * 20 + whole[middle + 20 :])
    with pytest.raises(MalformedSource, match=r"country\.xlsx is no readable workbook"):
        read_country_workbook(path)
    path.write_bytes(whole)
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(path.with_name("broken.xlsx"), "w") as copy:
        for name in book.namelist():
            content = book.read(name)
            copy.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    with pytest.raises(MalformedSource, match=r"broken\.xlsx is no readable workbook \("):
        read_country_workbook(path.with_name("broken.xlsx"))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_csv_in_another_encoding_is_refused(workbook: Writer, rows: list[Row], tmp_path: Path, encoding: str) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in [COLUMNS, *rows]]
    path = tmp_path / "country.csv"
    path.write_bytes("\n".join(lines).replace("Mexico", "M\xe9xico").encode(encoding))
    with pytest.raises(MalformedSource, match=r"country\.csv is (no readable CSV in|in UTF-16, not in) UTF-8"):
        read_country_workbook(path)


def test_a_header_with_a_byte_order_mark_and_spaces_is_the_header(
    workbook: Writer, rows: list[Row], tmp_path: Path
) -> None:
    lines = [",".join(f'" {cell} "' for cell in COLUMNS), *[",".join(f'"{cell}"' for cell in row) for row in rows]]
    path = tmp_path / "country.csv"
    path.write_bytes("\n".join(lines).encode("utf-8-sig"))
    assert read_country_workbook(path).equals(read_country_workbook(workbook(rows)))


@pytest.mark.parametrize(
    ("months", "off", "passes"),
    [
        ([179.0, 180.0], 1, True),
        ([179.0, 180.0], 2, False),
        ([179.5, 180.0], 0.6, True),
        ([179.5, 180.0], 0.7, False),
        ([179.756191, 180.0], 0.001, True),
        ([179.756191, 180.0], 0.002, False),
    ],
)
def test_a_year_may_differ_from_its_months_by_what_their_last_digit_leaves_open(
    workbook: Writer, months: list[float], off: float, passes: bool
) -> None:
    world, mexico = with_world([year_row("2017", "2010", "Mexico", months, [80.0, 81.0])])
    whole = [world, (*mexico[:15], round(mexico[15] + off, 6), *mexico[16:])]  # type: ignore[operator]
    if passes:
        assert not read_country_workbook(workbook(whole)).empty
    else:
        refused(workbook, whole).match(r"Mexico, 2017: the months add up to .* and the year is")


def test_a_row_of_trade_without_a_year_is_refused_and_one_of_zeros_is_not(workbook: Writer, rows: list[Row]) -> None:
    table = read_country_workbook(workbook(rows))
    assert read_country_workbook(workbook([*rows, year_row("", "5220", "Yemen", [], [])])).equals(table)
    refused(workbook, [*rows, year_row("", "1010", "Greenland", [0.1], [])]).match("'' is no year of this record")
