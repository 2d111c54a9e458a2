"""The importer of enduse_imports.xlsx: ten years a row, and what it refuses in which words."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from briefing.acquire.end_use_editions import read_end_use
from briefing.codes import codelists
from briefing.errors import DuplicateObservations, MalformedSource
from briefing.record import observations, sources

read_end_use_imports = partial(read_end_use, flow="M")
Row = tuple[Any, ...]
Writer = Callable[..., Path]
HEADER: Row = ("CTY_CODE", "CTY_DESC", "END_USE", "COMM_DESC", *(f"value_{year}" for year in range(16, 26)))
# The rows of the edition 2016-2025; the world is here these two alone.
CARS = (16070135286, 15733789752, 13822695177, 15903271220, 16239564003, 17600012755, 21772121704, 30651827569, 37385177929, 30803911479)  # fmt: skip
MEXICO = (23504369121, 29745012545, 34137057285, 36796136827, 28554253318, 28135014543, 34669146585, 42257099095, 48400613725, 43667487902)  # fmt: skip


def rows() -> list[Row]:
    """The world, Korea and Mexico with passenger cars, and Korea alone with green coffee in one year."""
    world = tuple(one + other for one, other in zip(CARS, MEXICO, strict=True))
    coffee = (0, 0, 0, 12_345, *[0] * 6)
    return [
        ("0000", "World Total", "00000", "Green coffee", *coffee),
        ("0000", "World Total", "30000", "Passenger cars, new and used", *world),
        ("2010", "Mexico", "30000", "Passenger cars, new and used", *MEXICO),
        ("5800", "Korea, South", "00000", "Green coffee", *coffee),
        ("5800", "Korea, South", "30000", "Passenger cars, new and used", *CARS),
    ]


@pytest.fixture
def book(tmp_path: Path) -> Writer:
    """Writes rows as the sheet "EnduseImp" and gives its path."""

    def write(rows: list[Row], header: Row = HEADER) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        assert sheet is not None
        sheet.title = "EnduseImp"
        for row in [header, *rows]:
            sheet.append(row)
        path = tmp_path / "enduse_imports.xlsx"
        workbook.save(path)
        return path

    return write


def test_a_row_becomes_an_observation_a_year_in_whole_dollars_on_the_basis_of_general_imports(book: Writer) -> None:
    table = read_end_use_imports(book(rows()))
    assert list(table.columns) == observations.COLUMNS and len(table) == 50
    cars = table[(table["counterpart_area"] == "5800") & (table["commodity"] == "30000")].set_index("time_period")
    assert (cars.at["2016", "obs_value"], cars.at["2025", "obs_value"]) == (16_070_135_286, 30_803_911_479)
    basis = table[["classification", "trade_flow", "trade_system", "valuation", "adjustment"]].drop_duplicates()
    assert basis.to_numpy().tolist() == [["END_USE", "M", "general", "customs_value", "N"]]


def test_the_world_stands_under_the_code_of_the_record(book: Writer) -> None:
    assert set(read_end_use_imports(book(rows()))["counterpart_area"]) == {codelists.WORLD, "2010", "5800"}


def test_codes_of_end_use_keep_their_zeros_and_a_year_without_trade_is_a_zero(book: Writer) -> None:
    table = read_end_use_imports(book(rows()))
    coffee = table[(table["counterpart_area"] == "5800") & (table["commodity"] == "00000")].set_index("time_period")
    assert (coffee.at["2019", "obs_value"], coffee.at["2025", "obs_value"]) == (12_345, 0)


def test_hand_made_columns_to_the_right_are_ignored(book: Writer) -> None:
    table = read_end_use_imports(book(rows()))
    wider = [(*row, None, "Green coffee", 4650636, 0.00078) for row in rows()]
    assert read_end_use_imports(book(wider, (*HEADER, None, None, "CHINA"))).equals(table)


def test_the_order_of_rows_does_not_matter(book: Writer) -> None:
    assert read_end_use_imports(book(rows()[::-1])).equals(read_end_use_imports(book(rows())))


def test_the_years_are_those_of_the_header(book: Writer) -> None:
    older = (*HEADER[:4], *(f"value_{year}" for year in range(14, 24)))
    assert sorted(set(read_end_use_imports(book(rows(), older))["time_period"]))[::9] == ["2014", "2023"]


@pytest.mark.parametrize(
    "header",
    [
        ("CTY_DESC", "CTY_CODE", *HEADER[2:]),
        (*HEADER[:4], "value_17", "value_16", *HEADER[6:]),
        HEADER[:-1],
        (*HEADER, "value_26"),
        (*HEADER[:3], *HEADER[4:]),
        (*HEADER[:4], *(f"VALUE{year}" for year in range(16, 26))),
        ("year", "CTY_CODE", "CTYNAME", "IJAN"),
    ],
)
def test_another_header_is_refused(book: Writer, header: Row) -> None:
    with pytest.raises(MalformedSource, match=r"is not the sheet of enduse_imports\.xlsx: its header reads"):
        read_end_use_imports(book(rows(), header))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("9999", "Atlantis"), "Atlantis, end-use 30000: code '9999' is in no list of partners"),
        ((15, "World"), "code '15' is in no list of partners"),
        (("0003", "European Union"), "code '0003' is in no list of partners"),
        (("", ""), "code '' is in no list"),
        (("5800", "Japan"), "code 5800 is Korea, South, not Japan"),
        (("5800", "Korea, South", "3"), "'3' is no end-use code of five digits, so its goods would be in no group"),
        (("5800", "Korea, South", 0), "'0' is no end-use code"),
        (("5800", "Korea, South", "30000", "Cars", -1), "the value of 2016 is -1 dollars. Imports cannot be negative"),
        (("5800", "Korea, South", "30000", "Cars", 1.5), r"the value of 2016 is 1\.5, not whole dollars"),
        (("5800", "Korea, South", "30000", "Cars", "12"), "the value of 2016 is '12', a number kept as text"),
        (("5800", "Korea, South", "30000", "Cars", True), "the value of 2016 is True, not a number"),
        (("5800", "Korea, South", "30000", "Cars", None), "the value of 2016 is empty, not a number"),
        (("5800", "Korea, South", "30000", "Cars", 10**14), "is 100000000000000 dollars.* nor larger than the world's"),
        (
            ("5800", "Korea, South", "30000", "Cars", 1),
            r"in 2016 the partners' imports of 30000 add up to 23,504\.4 million",
        ),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_by_name(book: Writer, changed: Row, words: str) -> None:
    *before, last = rows()
    with pytest.raises(MalformedSource, match=words) as refusal:
        read_end_use_imports(book([*before, (*changed, *last[len(changed) :])]))
    assert str(refusal.value).startswith("enduse_imports.xlsx")


def test_a_row_cut_short_is_refused_at_its_first_missing_year(book: Writer) -> None:
    *before, last = rows()
    with pytest.raises(MalformedSource, match="Korea, South, end-use 30000: the value of 2023 is empty"):
        read_end_use_imports(book([*before, last[:11]]))


def saved_as_csv(folder: Path, kept: list[Row]) -> Path:
    path = folder / "enduse_exports.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADER, *kept]), encoding="utf-8")
    return path


def test_the_sheet_saved_as_csv_is_read_as_the_sheet_and_exports_have_their_own_basis(
    book: Writer, tmp_path: Path
) -> None:
    table = read_end_use(saved_as_csv(tmp_path, rows()), "X")
    imports = read_end_use_imports(book(rows()))
    assert table["obs_value"].tolist() == imports["obs_value"].tolist() and table["obs_value"].sum() > 0
    basis = table[["classification", "trade_flow", "trade_system", "valuation"]].drop_duplicates()
    assert basis.to_numpy().tolist() == [["END_USE", "X", "total", "fas"]]


def test_an_excerpt_is_read_only_where_it_is_said_to_be_one(tmp_path: Path) -> None:
    path = saved_as_csv(tmp_path, rows()[:2] + rows()[4:])
    with pytest.raises(MalformedSource, match=r"exports of 30000 add up to .* A partner is missing, doubled"):
        read_end_use(path, "X")
    assert set(read_end_use(path, "X", excerpt=True)["counterpart_area"]) == {codelists.WORLD, "5800"}


def test_words_in_a_csv_are_refused_by_their_cell(tmp_path: Path) -> None:
    *before, last = rows()
    with pytest.raises(
        MalformedSource, match=r"enduse_exports\.csv, Korea, South, end-use 30000: the value of 2016 is"
    ):
        read_end_use(saved_as_csv(tmp_path, [*before, (*last[:4], "1.5e9", *last[5:])]), "X")


def test_a_code_printed_twice_for_a_partner_is_refused(book: Writer) -> None:
    with pytest.raises(DuplicateObservations, match=r"enduse_imports\.xlsx: Partner 5800 has two values for 2016"):
        read_end_use_imports(book([*rows(), rows()[-1]]))


def test_a_partner_left_out_is_refused(book: Writer) -> None:
    with pytest.raises(MalformedSource, match=r"imports of 30000 add up to .* A partner is missing, doubled"):
        read_end_use_imports(book(rows()[:2] + rows()[3:]))


def test_a_sheet_without_the_world_or_without_rows_is_refused(book: Writer) -> None:
    with pytest.raises(MalformedSource, match=r"enduse_imports\.xlsx has no row for the world"):
        read_end_use_imports(book(rows()[2:]))
    with pytest.raises(MalformedSource, match=r"enduse_imports\.xlsx holds no observation"):
        read_end_use_imports(book([]))


@pytest.mark.parametrize("content", [b"", b"<html>busy</html>", b"PK\x03\x04 and no more"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "enduse_imports.xlsx"
    path.write_bytes(content)
    with pytest.raises(
        MalformedSource, match=r"enduse_imports\.xlsx (is empty|is a web page|breaks off before its end)"
    ):
        read_end_use_imports(path)


def test_the_editions_of_the_record_have_142_codes_and_no_aggregate_but_the_world() -> None:
    for source in sources.vintages_of("census-end-use-imports"):
        table = pd.read_parquet(sources.data_directory() / source.file)
        assert set(table["counterpart_area"]) - set(codelists.PARTNERS) == {codelists.WORLD}
        assert table["commodity"].nunique() == 142
