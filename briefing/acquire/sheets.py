"""Reads the rows of a workbook or a CSV file, and says of any other file what it is and how to come by the right one.

A file is known by its bytes, for its name may be wrong: people save web pages as .xlsx, and rename old workbooks.
"""

import csv
import gzip
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from briefing.errors import MalformedSource

Row = tuple[Any, ...]
Fits = Callable[[Row], bool]
"""Whether a row is the header that an importer expects."""

ZIP, GZIP, OLE, PDF = b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
OLDER_EXCEL = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}
FETCH = "Fetch it again."
SAVE = "Open it in a spreadsheet program and save it as .xlsx, or fetch it again."


def rows_of(path: Path, sheet: str, fits: Fits) -> Iterator[Row]:
    """The rows that are not empty of a workbook's sheet, or of a CSV file; the first is the header.

    The sheet is the one of that name, else the one that begins with the header.

    Raises
    ------
    MalformedSource
    """
    content = _content(path)
    return _rows_of_workbook(path, content, sheet, fits) if content[:2] == ZIP else _rows_of_text(path, content, fits)


def csv_rows(path: Path, fits: Fits) -> Iterator[Row]:
    """As `rows_of`, of a CSV file alone, in UTF-8, compressed or not, with any line ends.

    Raises
    ------
    MalformedSource
    """
    content = _content(path)
    if content[:2] == ZIP:
        raise _refused(path, _kind_of_zip(content) or "a workbook, not a CSV file", "Take the CSV file.")
    return _rows_of_text(path, content, fits)


def _content(path: Path) -> bytes:
    """The bytes of a file, unpacked if they are compressed alone; what can be neither workbook nor text is refused."""
    content = path.read_bytes()
    if content[:2] == GZIP:
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as fault:
            raise _refused(path, f"compressed by gzip and damaged or cut ({fault})", FETCH) from None
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise _refused(path, "empty", FETCH)
    if content[:8] == OLE:
        raise _refused(path, *kind_of_ole(content))
    if content[:2] in OLDER_EXCEL:
        raise _refused(path, "in the old Excel format (.xls)", SAVE)
    if content[:4] == PDF:
        raise _refused(path, "a PDF", "Take the workbook or the CSV file of the same page.")
    return content


def _refused(path: Path, what: str, way_on: str) -> MalformedSource:
    return MalformedSource(
        f"{path.name} is {what}. Nothing was imported, for no figure could be read from it. {way_on}"
    )


def kind_of_ole(content: bytes) -> tuple[str, str]:
    """What a compound file holds, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        return "protected by a password", "Open it with the password, take the protection away, and save it as .xlsx."
    if "WordDocument".encode("utf-16-le") in content:
        return "a Word document", "Take the workbook of the same page."
    return "in the old Excel format (.xls)", SAVE


def _kind_of_zip(content: bytes) -> str:
    """What a zip is that is no workbook; nothing if it is one, or cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            encrypted = any(member.flag_bits & 1 for member in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    if encrypted:
        return "a zip archive that is protected by a password"
    if "xl/workbook.bin" in names:
        return "a binary workbook (.xlsb)"
    if "content.xml" in names:
        return "an OpenDocument file (.ods)"
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if not any(name.startswith(("xl/", "[Content_Types]")) for name in names):
        return f"a zip archive with {', '.join(names[:3])[:80] or 'nothing'} in it, not a workbook"
    return ""


def _rows_of_workbook(path: Path, content: bytes, sheet: str, fits: Fits) -> Iterator[Row]:
    kind = _kind_of_zip(content)
    if kind:
        way_on = SAVE if "(." in kind else "Unpack it and take the workbook inside, or fetch it again."
        raise _refused(path, kind, way_on)
    try:
        sheets = dict(_sheets(content))
    except Exception as fault:  # a damaged workbook fails in the zip, the XML or openpyxl itself
        raise MalformedSource(_unreadable(path, content, fault)) from None
    if sheet in sheets:
        return iter(sheets[sheet])
    chosen = next((rows for rows in sheets.values() if rows and fits(rows[0])), None)
    if chosen is None and len(sheets) > 1:
        raise MalformedSource(
            f"{path.name} has no sheet {sheet!r}, and none of {', '.join(map(repr, sheets))[:200]} begins with its header. "
            f"Nothing was imported. Give the sheet its name again, or fetch it again."
        )
    return iter(chosen or next(iter(sheets.values()), []))


def _unreadable(path: Path, content: bytes, fault: Exception) -> str:
    words = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
    cut = not zipfile.is_zipfile(io.BytesIO(content))
    what = "breaks off before its end" if cut else f"is no readable workbook ({words})"
    return f"{path.name} {what}. Nothing was imported, for rows would be missing. {FETCH}"


def _sheets(content: bytes) -> Iterator[tuple[str, list[Row]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and filters that it leaves out
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
            rows = sheet.iter_rows(values_only=True)
            yield sheet.title, [row for row in rows if any(cell not in (None, "") for cell in row)]


def _rows_of_text(path: Path, content: bytes, fits: Fits) -> Iterator[Row]:
    _require_csv(path, content)
    try:
        text = content.decode("utf-8-sig")
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=None), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise MalformedSource(
            f"{path.name} is no readable CSV in UTF-8 ({fault}). Names and figures would be misread. "
            "Save it again as UTF-8, or fetch it again."
        ) from None
    _require_commas(path, rows, fits)
    return iter(rows)


def _require_csv(path: Path, content: bytes) -> None:
    """Refuse what begins as something else than a table of text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:400].count(b"\0") > len(content[:400]) // 4:
        raise _refused(
            path, "in UTF-16, not in UTF-8", "Save it again as CSV in UTF-8, with commas, or fetch it again."
        )
    if re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]", content[:400]):
        raise _refused(path, "neither a workbook nor a table of text", FETCH)
    start = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype\s+html|<html|<table|<head|<body)", start, re.I | re.S):
        raise _refused(path, "a web page, whatever its name", "Download the file itself, not the page that links it.")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in content[:4000]:
        raise _refused(path, "a spreadsheet in XML of 2003", SAVE)
    if start[:1] == b"<":
        raise _refused(path, "a document of XML, not a table", "Take the workbook or the CSV file.")
    if re.match(rb'[\[{]\s*(["\[{\]}])', start):
        words = " ".join(start[:120].decode("utf-8", "replace").split())
        raise _refused(path, f"an answer in JSON ({words})", "Ask again, or take the CSV file.")


def _require_commas(path: Path, rows: Sequence[Row], fits: Fits) -> None:
    """Refuse a table between whose cells something else stands than a comma.

    It is not read as it is: programs that write semicolons write 1.234,5 as well, and a point would be misread.
    """
    if not rows or fits(rows[0]):
        return
    told = len(rows) > 1 and f"{rows[0][0]}".lower().startswith("sep=")  # as spreadsheet programs begin some files
    line = ",".join(str(cell) for cell in rows[1 if told else 0])
    for separator, name in SEPARATORS.items():
        if separator in line and fits(tuple(next(csv.reader([line], delimiter=separator)))):
            raise MalformedSource(
                f"{path.name} has its cells separated by {name}, where a CSV file has commas. A program that writes "
                f"{name} may write a comma for the decimal point, and figures would be misread. "
                "Save it again with commas and points, or fetch it again."
            )
    below = next((number for number, row in enumerate(rows[:40], 1) if fits(row)), None)
    if below:
        raise MalformedSource(
            f"{path.name} has {below - 1} rows above its header. They would be read as figures. Delete them."
        )


def why_no_code(code: str, digits: int, known: Callable[[str], bool]) -> str:
    """What a spreadsheet program has done to a code that is in no list, and what to do; nothing if that is not known."""
    way_on = "Import the column as text, or take the file as the office gives it."
    whole = re.fullmatch(r"([0-9]+)\.0+", code)
    bare = whole[1] if whole else code
    if bare.isdecimal() and len(bare) < digits and known(bare.zfill(digits)):
        return f"a spreadsheet program has dropped its leading zeros: the code is {bare.zfill(digits)}. {way_on}"
    if whole and known(bare):
        return f"a program has made a number of it: the code is {bare}. {way_on}"
    if re.fullmatch(r"[0-9][0-9 .,'\u00a0\u202f]*", code) and known(re.sub("[^0-9]", "", code)):
        return f"a program has set it as a number: the code is {re.sub('[^0-9]', '', code)}. {way_on}"
    if looks_like_a_day(code):
        return f"a spreadsheet program has made a day of it. {way_on}"
    if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", code):
        return f"a spreadsheet program has shortened it. {way_on}"
    return ""


def looks_like_a_day(cell: Any) -> bool:
    """Whether a cell is a day, or is written as spreadsheet programs write one: "Jan-13", "1-May", "2013-01-01 00:00:00"."""
    months = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    written = rf"{months}[- ][0-9]{{2,4}}|[0-9]{{1,2}}[- ]{months}([- ][0-9]{{2,4}})?|[0-9]{{1,4}}([-/.])[0-9]{{1,2}}\4[0-9]{{1,4}}( .*)?"
    return isinstance(cell, date | time) or re.fullmatch(written, f"{cell}".strip(), re.IGNORECASE) is not None


def why_no_number(cell: Any) -> str:
    """What a cell is that is no number, in words that follow "is", and what to do."""
    text = f"{cell}".strip()
    quoted = repr(cell)[:40]
    as_given = "Take the file as the office gives it."
    if cell is None:
        return f"empty, not a number: a formula that was never worked out leaves a cell empty too. {FETCH}"
    if not text:
        return f"empty, not a number. {FETCH}"
    if isinstance(cell, bool):
        return f"{quoted}, not a number. {FETCH}"
    if isinstance(cell, datetime | date | time) or looks_like_a_day(text):
        return f"{text[:40]!r}, not a number: a spreadsheet program has made a day of it. {as_given}"
    if text.startswith("#"):
        return f"{quoted}, not a number: a formula of the workbook failed. {as_given}"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text) and not re.fullmatch(r"[0-9]{1,3},[0-9]{3}", text):
        return f"{quoted}, not a number: it has a comma for the decimal point. Save it again with points."
    if re.fullmatch(r"[-+]?[0-9]{1,3}([ ,.'\u00a0\u202f][0-9]{3})+([.,][0-9]+)?", text):
        return f"{quoted}, not a number: its thousands are set apart. Save it again with plain numbers."
    if re.search(r"\s", text):
        return f"{quoted}, not a number: there is a space in it. Save it again with plain numbers."
    if re.fullmatch(r"\([0-9.,]+\)", text):
        return f"{quoted}, not a number: brackets stand for a minus, and trade cannot be negative. {as_given}"
    if re.search(r"[$€£₩]", text):
        return f"{quoted}, not a number: it bears the sign of a currency. Save it again with plain numbers."
    if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", text):
        return f"{quoted}, not a number as it was: a spreadsheet program has shortened it. {as_given}"
    return f"{quoted}, not a number. {FETCH}"
