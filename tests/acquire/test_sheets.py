"""Files that are something else than they seem: what they are is said, and how to come by the right one."""

import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from briefing.acquire.country_workbook import read_country_workbook
from briefing.acquire.end_use_editions import read_end_use
from briefing.acquire.hs_products import read_hs_products
from briefing.errors import MalformedSource

from tests.acquire.test_mutations import as_csv, as_workbook, at, country_rows, end_use_rows, hs_rows

Row = tuple[Any, ...]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
COUNTRY, END_USE, HS = country_rows(), end_use_rows(), hs_rows()


def packed(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def named(text: str) -> bytes:
    return text.encode("utf-16-le")


def without_zeros(rows: Sequence[Row], column: int) -> list[Row]:
    cut = [(*row[:column], row[column].lstrip("0") or "0", *row[column + 1 :]) for row in rows[1:]]
    return [rows[0], *cut]


def with_commas(rows: Sequence[Row]) -> list[Row]:
    return [tuple(str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row) for row in rows]


def refusal(tmp_path: Path, name: str, content: bytes, read: Callable[[Path], Any]) -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MalformedSource) as refused:
        read(path)
    assert name in str(refused.value) and refused.value.__cause__ is None
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + named("Workbook"), "is in the old Excel format (.xls). .* save it as .xlsx"),
        (b"\x09\x08\x10\x00" + bytes(60), "is in the old Excel format (.xls)"),
        (OLE + named("EncryptedPackage"), "is protected by a password. .* take the protection away"),
        (OLE + named("WordDocument"), "is a Word document"),
        (b"", "is empty"),
        (b" \r\n", "is empty"),
        (b"<html><body><table>", "is a web page, whatever its name. .* Download the file itself"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "is a web page"),
        (b'<?xml version="1.0"?><!DOCTYPE r SYSTEM "r.dtd"><r/>', "is a document of XML, not a table"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "is a spreadsheet in XML of 2003. .* save it as .xlsx",
        ),
        (b'{"error": "quota used up"}', 'is an answer in JSON ({"error": "quota used up"})'),
        (b"%PDF-1.7 ", "is a PDF"),
        (packed("country.xlsx", "readme.txt"), "is a zip archive with country.xlsx, readme.txt in it"),
        (packed("mimetype", "content.xml"), "is an OpenDocument file (.ods). .* save it as .xlsx"),
        (packed("[Content_Types].xml", "xl/workbook.bin"), "is a binary workbook (.xlsb)"),
        (packed("[Content_Types].xml", "word/document.xml"), "is a Word document"),
        (as_workbook(COUNTRY)[:4000], "breaks off before its end"),
        (gzip.compress(as_workbook(COUNTRY))[:-40], "is compressed by gzip and damaged or cut"),
        (as_csv(COUNTRY, encoding="utf-16"), "is in UTF-16, not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "is neither a workbook nor a table of text|is in UTF-16"),
    ],
)
@pytest.mark.parametrize("name", ["country.xlsx", "country.csv"])
def test_a_file_that_is_something_else_is_told_what_it_is(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    told = refusal(tmp_path, name, content, read_country_workbook)
    assert any(all(part in told for part in one.split(" .* ")) for one in words.split("|")), told


@pytest.mark.parametrize(("separator", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")])
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf", b"sep=;\n"])
def test_a_table_with_another_separator_is_told_by_it(tmp_path: Path, separator: str, words: str, begin: bytes) -> None:
    for rows, name, read in (
        (COUNTRY, "country.csv", read_country_workbook),
        (with_commas(COUNTRY), "country.csv", read_country_workbook),
        (HS, "hs.csv", lambda path: read_hs_products([path])),
    ):
        told = refusal(tmp_path, name, begin + as_csv(rows, separator), read)
        assert f"has its cells separated by {words}, where a CSV file has commas" in told
        assert "Save it again with commas and points" in told


def test_rows_above_the_header_are_told(tmp_path: Path) -> None:
    told = refusal(tmp_path, "country.csv", b"US trade,\nby country,\n" + as_csv(COUNTRY), read_country_workbook)
    assert "has 2 rows above its header" in told


@pytest.mark.parametrize(
    ("content", "read", "words"),
    [
        (as_workbook(without_zeros(COUNTRY, 1)), read_country_workbook, "code '3' .* the code is 0003"),
        (as_csv(without_zeros(COUNTRY, 1)), read_country_workbook, "code '3' .* the code is 0003"),
        (
            as_workbook(without_zeros(END_USE, 0), "EnduseImp"),
            partial(read_end_use, flow="M"),
            "code '0' .* the code is 0000",
        ),
        (
            as_workbook(without_zeros(END_USE, 2), "EnduseImp"),
            partial(read_end_use, flow="M"),
            "'0' is no .* the code is 00000",
        ),
        (as_csv(without_zeros(HS, 2)), lambda path: read_hs_products([path]), "product_code '0' .* the code is 00"),
    ],
)
def test_codes_that_lost_their_zeros_are_told_with_the_code_they_were(
    tmp_path: Path, content: bytes, read: Callable[[Path], Any], words: str
) -> None:
    told = refusal(tmp_path, "file.csv", content, read)
    assert all(part in told for part in words.split(" .* ")) and "codelists.py" not in told
    assert "a spreadsheet program has dropped its leading zeros" in told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5800.0", "a program has made a number of it: the code is 5800"),
        ("5,800", "a program has set it as a number: the code is 5800"),
        (date(2011, 5, 1), "a spreadsheet program has made a day of it"),
        ("1-May", "a spreadsheet program has made a day of it"),
        ("9999", "Add the code to briefing/codes/codelists.py if the office has opened it"),
    ],
)
def test_what_was_done_to_a_code_is_told(tmp_path: Path, code: Any, words: str) -> None:
    content = as_workbook(at(-2, 1, code)(COUNTRY))
    assert words in refusal(tmp_path, "country.xlsx", content, read_country_workbook)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("3000,5", "it has a comma for the decimal point"),
        ("1.234,5", "its thousands are set apart"),
        ("1,234.5", "its thousands are set apart"),
        ("12 000", "its thousands are set apart"),
        ("12\u00a0000", "its thousands are set apart"),
        ("about 5", "there is a space in it"),
        ("(5)", "brackets stand for a minus"),
        ("$5", "it bears the sign of a currency"),
        ("#REF!", "a formula of the workbook failed"),
        (None, "a formula that was never worked out"),
        (date(2011, 1, 1), "a spreadsheet program has made a day of it"),
        ("nan", "'nan', not a number."),
        ("n.a.", "'n.a.', not a number."),
    ],
)
def test_what_was_done_to_a_number_is_told(tmp_path: Path, cell: Any, words: str) -> None:
    told = refusal(tmp_path, "country.xlsx", as_workbook(at(-2, 3, cell)(COUNTRY)), read_country_workbook)
    assert "Korea, South, 2011: IJAN is" in told and words in told


@pytest.mark.parametrize(
    ("period", "value", "words"),
    [
        ("Jan-13", "1", "period 'Jan-13' is no month or year: a spreadsheet program has made a day of it"),
        ("2013-01", "1.5E+09", "is not whole dollars: a spreadsheet program has shortened it"),
        ("2013-01", "1,234", "is not whole dollars: its thousands are set apart"),
    ],
)
def test_what_was_done_to_a_row_of_products_is_told(tmp_path: Path, period: str, value: str, words: str) -> None:
    rows = at(2, 7, value)(at(2, 4, period)(HS))
    assert words in refusal(tmp_path, "hs.csv", as_csv(rows), lambda path: read_hs_products([path]))


def with_notes(rows: Sequence[Row], title: str) -> bytes:
    """A workbook whose first sheet is of notes."""
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(rows, title)))
    book.create_sheet("Notes", 0).append(["Source: Census"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("country.xlsx", as_workbook(COUNTRY, "Sheet1")),
        ("country.xlsx", with_notes(COUNTRY, "Data")),
        ("country.xlsx", with_notes(COUNTRY, "country")),
        ("country.xlsx", gzip.compress(as_workbook(COUNTRY))),
        ("country.xlsx", as_csv(COUNTRY)),
        ("country.csv", as_workbook(COUNTRY)),
        ("country.csv", b"\xef\xbb\xbf" + as_csv(COUNTRY)),
    ],
)
def test_a_whole_file_under_another_name_or_sheet_is_read_alike(tmp_path: Path, name: str, content: bytes) -> None:
    whole, path = tmp_path / "whole.xlsx", tmp_path / name
    whole.write_bytes(as_workbook(COUNTRY))
    path.write_bytes(content)
    assert read_country_workbook(path).equals(read_country_workbook(whole))


def test_a_workbook_without_the_sheet_names_those_it_has(tmp_path: Path) -> None:
    told = refusal(tmp_path, "country.xlsx", with_notes([("x",), *COUNTRY[1:]], "Data"), read_country_workbook)
    assert "has no sheet 'country', and none of 'Notes', 'Data' begins with its header" in told
