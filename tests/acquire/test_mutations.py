"""Hundreds of damaged files, each through the import a person would run: refused in a sentence, or read as if whole.

A mutation that must be refused leaves `data/` as it was, byte for byte. One that may be harmless (a flipped
byte in the zip's own bookkeeping, a letter in a label) may also give the very table of the whole file.
"""

import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import openpyxl
import pandas as pd
import pytest
from briefing.acquire import imports
from briefing.acquire.country_workbook import COLUMNS
from briefing.errors import BriefingError
from briefing.record import sources

from tests.conftest import drop_vintages, forget, with_world, year_row

Row = tuple[Any, ...]
Change = Callable[[list[Row]], list[Row]]


@dataclass(frozen=True)
class Mutation:
    """A damaged file: what was done to it, its name, its bytes, and whether it may still be read as whole."""

    name: str
    file: str
    content: Callable[[], bytes]
    may_be_harmless: bool = False


# The whole files: a header and rows, as small as they can be with all that is checked.


def country_rows() -> list[Row]:
    """A closed year, an open one and two months of a third; no two values are alike."""
    draw = random.Random(5800)

    def series(size: int, months: int) -> list[float]:
        return [round(draw.uniform(size, 2 * size), 6) for _ in range(months)]

    partners = [
        year_row(str(year), code, name, series(size, months), series(size, months))
        for year, months in ((2009, 12), (2010, 12), (2011, 2))
        for code, name, size in (("1220", "Canada", 20000), ("2010", "Mexico", 15000), ("5800", "Korea, South", 3000))
    ]
    empty = year_row("", "5220", "Yemen", [], [])
    return [COLUMNS, year_row("2009", "0003", "European Union", [1.0], [1.0]), *with_world(partners), empty]


def end_use_rows() -> list[Row]:
    draw = random.Random(30000)
    of = {code: [[draw.randrange(10**10) for _ in range(10)] for _ in range(2)] for code in ("2010", "5800", "5880")}
    world = [[sum(years) for years in zip(*codes, strict=True)] for codes in zip(*of.values(), strict=True)]
    names = {"0000": "World Total", "2010": "Mexico", "5800": "Korea, South", "5880": "Japan"}
    goods = (("00000", "Green coffee"), ("30000", "Passenger cars, new and used"))
    return [
        ("CTY_CODE", "CTY_DESC", "END_USE", "COMM_DESC", *(f"value_{year:02d}" for year in range(10))),
        *(
            (code, names[code], *good, *years)
            for code, both in [("0000", world), *of.items()]
            for good, years in zip(goods, both, strict=True)
        ),
    ]


HEAD: Row = (
    *[
        "partner",
        "classification",
        "product_code",
        "product_label",
        "period",
        "flow",
        "basis",
        "value_usd",
        "source_id",
    ],
)


def hs_rows() -> list[Row]:
    """Two chapters of exports and their sum for Korea, then for Mexico, in three months each."""
    draw = random.Random(87)
    rows: list[Row] = [HEAD]
    for partner in ("Korea, South", "Mexico"):
        for month in ("2013-01", "2013-02", "2013-03"):
            fish, cars = draw.randrange(10**8), draw.randrange(10**9)
            for code, label, value in (
                ("00", "ALL PRODUCTS", fish + cars),
                ("03", "FISH", fish),
                ("87", "VEHICLES", cars),
            ):
                basis = "total exports (domestic + foreign), FAS value"
                rows.append((partner, "HS2", code, label, month, "exports", basis, str(value), "TWT_EXP_HS2"))
    return rows


def detail_rows() -> list[Row]:
    """Cars from Korea in 2024 at three levels."""
    longest = {"8703220100": 17, "8703230110": 400, "8703230190": 5, "8703800000": 90}
    sums = {
        code: sum(value for longer, value in longest.items() if longer.startswith(code))
        for code in ("8703", "870322", "870323", "870380")
    }
    basis = "imports for consumption, customs value"
    return [HEAD] + [
        ("Korea, South", f"HS{len(code)}", code, "", "2024", "imports", basis, str(value), "TWT_HS10_2024")
        for code, value in (sums | longest).items()
    ]


def as_workbook(rows: Sequence[Row], sheet_name: str = "country") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_name
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return without_times(content)


def without_times(workbook: io.BytesIO) -> bytes:
    """The same workbook whenever it is made: both workers of a test run must cut it at the same bytes."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(workbook) as made, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2018-01-05T13:30:00Z", made.read(name))
            kept.writestr(zipfile.ZipInfo(name, (2018, 1, 5, 13, 30, 0)), part, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def as_csv(rows: Sequence[Row], separator: str = ",", encoding: str = "utf-8") -> bytes:
    def cell(value: Any) -> str:
        text = str(value)
        return f'"{text}"' if separator in text else text

    return "".join(separator.join(cell(value) for value in row) + "\n" for row in rows).encode(encoding)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its whole rows, how they are written, and the import for it."""

    rows: Callable[[], list[Row]]
    written: Callable[[Sequence[Row]], bytes]
    run: Callable[[Path], object]


SAID = {"obtained": "made for a test"}
KINDS = {
    "country.xlsx": Kind(
        country_rows, as_workbook, lambda p: imports.import_country_workbook(p, **SAID, seen=date(2011, 5, 1))
    ),
    "country.csv": Kind(
        country_rows, as_csv, lambda p: imports.import_country_workbook(p, **SAID, seen=date(2011, 5, 1))
    ),
    "enduse.xlsx": Kind(
        end_use_rows,
        lambda rows: as_workbook(rows, "EnduseImp"),
        lambda p: imports.import_end_use(p, **SAID, seen=date(2010, 3, 1)),
    ),
    "hs.csv": Kind(hs_rows, as_csv, lambda p: imports.import_hs_products([p], **SAID, seen=date(2013, 6, 1))),
    "hs.csv.gz": Kind(
        hs_rows,
        lambda rows: gzip.compress(as_csv(rows), mtime=0),
        lambda p: imports.import_hs_products([p], **SAID, seen=date(2013, 6, 1)),
    ),
    "detail.csv": Kind(detail_rows, as_csv, lambda p: imports.import_hs_products([p], **SAID, seen=date(2025, 2, 20))),
}


@cache
def whole(file: str) -> bytes:
    """The bytes of the whole file."""
    return KINDS[file].written(KINDS[file].rows())


HS = {"hs.csv", "hs.csv.gz", "detail.csv"}
"""Files of one importer, each of which may stand in another's place."""


# What is done to the bytes of any file.


def cuts(file: str, count: int, first: float = 0.0) -> Iterator[Mutation]:
    """The file cut at lengths spread over it, from a share of it on."""
    size = len(whole(file))
    for step in range(count):
        length = int(size * (first + (1 - first) * step / count))
        yield Mutation(f"cut to {length} bytes", file, lambda length=length: whole(file)[:length], True)  # type: ignore[misc]


def flips(file: str, count: int) -> Iterator[Mutation]:
    """One byte changed, at places drawn once and for all."""
    draw = random.Random(file)
    for place in draw.sample(range(len(whole(file))), count):
        other = draw.randrange(1, 256)
        yield Mutation(
            f"byte {place} xor {other}",
            file,
            lambda place=place, other=other: flipped(file, place, other),  # type: ignore[misc]
            True,
        )


def flipped(file: str, place: int, other: int) -> bytes:
    content = bytearray(whole(file))
    content[place] ^= other
    return bytes(content)


def blots(file: str, count: int) -> Iterator[Mutation]:
    """One character of a text overwritten by one that belongs in no code, number or quotation."""
    draw = random.Random(file)
    for place in draw.sample(range(len(whole(file))), count):
        sign = draw.choice([b"x", b'"', b"\xe9", b"\x00", b","])
        content = whole(file)[:place] + sign + whole(file)[place + 1 :]
        yield Mutation(f"{sign!r} at {place}", file, lambda content=content: content, content != b"")  # type: ignore[misc]


STRANGERS = {
    "nothing": b"",
    "a blank": b" \n",
    "a page": b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
    "an answer in JSON": b'{"error": "rate limit"}',
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "an empty zip": b"PK\x05\x06" + bytes(18),
    "noise": random.Random(1).randbytes(3000),
}


def strangers(file: str) -> Iterator[Mutation]:
    """Something else in place of the file, another of our files among them."""
    for name, content in STRANGERS.items():
        yield Mutation(f"{name} in its place", file, lambda content=content: content)  # type: ignore[misc]
    for other in KINDS:
        if not {file, other} <= HS and Path(other).stem != Path(file).stem:
            yield Mutation(f"{other} in its place", file, lambda other=other: whole(other))  # type: ignore[misc]


# What is done to rows.


def changed(name: str, file: str, change: Change) -> Mutation:
    return Mutation(name, file, lambda: KINDS[file].written(change(KINDS[file].rows())))


def at(row: int, column: int, value: Any) -> Change:
    """One cell set to a value."""

    def change(rows: list[Row]) -> list[Row]:
        cells = list(rows[row])
        cells[column] = value(cells[column]) if callable(value) else value
        return [*rows[:row], tuple(cells), *rows[len(rows) + row + 1 if row < 0 else row + 1 :]]

    return change


def without_column(column: int) -> Change:
    return lambda rows: [(*row[:column], *row[column + 1 :]) for row in rows]


def swapped_columns(first: int, second: int) -> Change:
    def change(rows: list[Row]) -> list[Row]:
        order = list(range(len(rows[0])))
        order[first], order[second] = second, first
        return [tuple(row[place] for place in order) for row in rows]

    return change


def without_row(place: int) -> Change:
    return lambda rows: [*rows[:place], *rows[place + 1 :]]


def with_row_again(place: int) -> Change:
    return lambda rows: [*rows, rows[place]]


def with_row_as(place: int, code: str, name: str) -> Change:
    """A row once more, under another partner."""

    def change(rows: list[Row]) -> list[Row]:
        row = list(rows[place])
        row[1], row[2] = code, name
        return [*rows, tuple(row)]

    return change


def shifted_months(place: int) -> Change:
    """A partner's imports one month late, its year as before."""

    def change(rows: list[Row]) -> list[Row]:
        row = rows[place]
        return [*rows[:place], (*row[:3], row[14], *row[3:14], *row[15:]), *rows[place + 1 :]]

    return change


NO_NUMBERS = ["n.a.", "1,234.5", "-", "(D)", "1_000", "nan", "inf", "1e400", "", "#REF!", "12 000", -0.5, 1e12]
NO_YEARS = ["2101", "1984", "0", "20l1", "", "2011.5", "11"]
NO_CODES = ["15", "9999", "", "Korea", "05800", "US", "0023"]


def of_country(file: str) -> Iterator[Mutation]:
    rows = country_rows()
    korea = len(rows) - 2
    yield from (changed(f"without column {COLUMNS[column]}", file, without_column(column)) for column in range(29))
    for first, second in ((0, 1), (1, 2), (3, 4), (14, 15), (15, 28), (3, 16)):
        yield changed(f"{COLUMNS[first]} and {COLUMNS[second]} swapped", file, swapped_columns(first, second))
    yield changed("without header", file, without_row(0))
    yield from (changed(f"IJAN is {value!r}", file, at(korea, 3, value)) for value in NO_NUMBERS)
    yield from (changed(f"year is {value!r}", file, at(korea, 0, value)) for value in NO_YEARS)
    yield from (changed(f"code is {value!r}", file, at(korea, 1, value)) for value in NO_CODES)
    yield changed("name is Japan", file, at(korea, 2, "Japan"))
    for place in range(2, len(rows) - 1):
        what = f"{rows[place][2]}, {rows[place][0]}"
        yield changed(f"without {what}", file, without_row(place))
        yield changed(f"{what} twice", file, with_row_again(place))
        yield changed(f"{what} a thousandfold", file, at(place, 7, lambda value: value * 1000 + 10))
    yield changed("Korea as Japan too", file, with_row_as(korea, "5880", "Japan"))
    yield changed("Korea as the residual too", file, with_row_as(korea - 3, "8220", "Unidentified Countries"))
    yield from (changed(f"row {place} a month late", file, shifted_months(place)) for place in (5, 6, 8, 9))
    yield changed("a partner after the world's last month", file, at(korea, 5, lambda value: value + 1.2))
    yield changed("the world without exports of a month", file, at(4, 17, 0))
    yield changed("only a header", file, lambda rows: rows[:1])
    yield changed("a date for a value", file, at(korea, 3, date(2011, 1, 1)))
    yield changed("only rows of zeros", file, lambda rows: [rows[0], rows[-1]])


def of_end_use() -> Iterator[Mutation]:
    file, rows = "enduse.xlsx", end_use_rows()
    yield from (changed(f"without column {name}", file, without_column(place)) for place, name in enumerate(rows[0]))
    for first, second in ((0, 1), (0, 2), (4, 5), (4, 13)):
        yield changed(f"columns {first} and {second} swapped", file, swapped_columns(first, second))
    yield changed("without header", file, without_row(0))
    for value in ["n.a.", "12", None, True, -1, 1.5, 10**14, 10**20, date(2009, 1, 1)]:
        yield changed(f"value_00 is {str(value)[:20]!r}", file, at(-1, 4, value))
    yield from (changed(f"code is {value!r}", file, at(-1, 0, value)) for value in [*NO_CODES, "0003", None])
    yield from (changed(f"end-use is {value!r}", file, at(-1, 2, value)) for value in ["0", 0, "3000", "3000O", None])
    yield changed("name is Mexico", file, at(-1, 1, "Mexico"))
    for place in range(1, len(rows)):
        yield changed(f"without row {place}", file, without_row(place))
        yield changed(f"row {place} twice", file, with_row_again(place))
    yield changed("an eleventh year", file, lambda rows: [(*rows[0], "value_10"), *[(*row, 1) for row in rows[1:]]])
    yield changed("only a header", file, lambda rows: rows[:1])


def of_hs(file: str) -> Iterator[Mutation]:
    rows = KINDS[file].rows()
    labels = HEAD.index("product_label")
    for place, name in enumerate(HEAD):
        if place != labels:
            yield changed(f"without column {name}", file, without_column(place))
            yield changed(f"column {name} renamed", file, at(0, place, name.upper()))
            yield changed(f"{name} empty", file, at(2, place, ""))
    yield changed("without header", file, without_row(0))
    for column, values in {
        "partner": ["Atlantis", "European Union", "0003"],
        "classification": ["HS4" if file == "hs.csv" else "HS2", "END_USE"],
        "product_code": ["3", "8O", "870", "TOTAL"],
        "period": ["2013-00", "2013-1", "201301", "Jan-13", "1984-01", "2101-01"],
        "flow": ["X", "exports/imports", "imports" if file == "hs.csv" else "exports"],
        "basis": ["general imports, customs value", "imports", "FAS"],
        "value_usd": ["-1", "1e6", "1.0", "1,000", "n.a.", " 5", "１２", "9" * 30],
        "source_id": ["HEARSAY", "LR_GENIMP_HS2", "TWT_IMP_HS2"],
    }.items():
        for value in values:
            yield changed(f"{column} is {value!r}", file, at(2, HEAD.index(column), value))
    basis = HEAD.index("basis")
    yield changed(
        "another basis in every row",
        file,
        lambda rows: [rows[0], *[(*r[:basis], "FOB", *r[basis + 1 :]) for r in rows[1:]]],
    )
    for place in range(2, len(rows)):
        if rows[place][2] != "00":
            yield changed(f"without row {place}", file, without_row(place))
            yield changed(f"row {place} with two values", file, lambda r, p=place: at(-1, 7, "1")(with_row_again(p)(r)))  # type: ignore[misc]
    yield changed("only a header", file, lambda rows: rows[:1])


def texts(file: str) -> Iterator[Mutation]:
    """A CSV as other programs save it."""
    rows = [tuple("México" if cell == "Mexico" else cell for cell in row) for row in KINDS[file].rows()]
    rows = [(*row[:2], "Corée", *row[3:]) for row in rows] if file == "detail.csv" else rows
    yield Mutation("in UTF-16", file, lambda: as_csv(rows, encoding="utf-16"))
    yield Mutation("in Latin-1", file, lambda: as_csv(rows, encoding="latin-1"))
    for separator in (";", "\t", "|"):
        yield Mutation(f"with {separator!r} between cells", file, lambda separator=separator: as_csv(rows, separator))  # type: ignore[misc]
    yield Mutation("an open quotation", file, lambda: whole(file) + b'"')
    yield Mutation("two cells more in the last row", file, lambda: whole(file)[:-1] + b",1,2\n", file == "country.csv")


def members(file: str) -> Iterator[Mutation]:
    """A workbook of which one member is gone, or its sheet is halved, of no XML, or has a number of 400 digits."""
    with zipfile.ZipFile(io.BytesIO(whole(file))) as book:
        names = book.namelist()
    sheet = "xl/worksheets/sheet1.xml"
    for name in names:
        yield Mutation(f"{name} gone", file, lambda name=name: with_member(whole(file), name, None), name != sheet)  # type: ignore[misc]
    for what, change in {
        "halved": lambda content: content[: len(content) // 2],
        "no XML": lambda content: b"\x00\xff" + content,
        "a long number": lambda content: content.replace(b"<v>", b"<v>" + b"9" * 400),
        "a longer number": lambda content: content.replace(b"<v>", b"<v>" + b"9" * 5000),
        "no rows": lambda content: content.replace(b"<row", b"<line"),
        "an entity": lambda content: content.replace(b"<v>", b"<v>&x;"),
    }.items():
        yield Mutation(f"{sheet} {what}", file, lambda change=change: with_member(whole(file), sheet, change))  # type: ignore[misc]


def with_member(content: bytes, changed_name: str, change: Callable[[bytes], bytes] | None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(packed, "w") as copy:
        for name in book.namelist():
            if name != changed_name:
                copy.writestr(name, book.read(name))
            elif change is not None:
                copy.writestr(name, change(book.read(name)))
    return packed.getvalue()


MUTATIONS = [
    *(mutation for file in KINDS for mutation in strangers(file)),
    *cuts("country.xlsx", 25),
    *cuts("country.csv", 25),
    *cuts("enduse.xlsx", 15),
    *cuts("hs.csv", 6, first=0.95),
    *cuts("hs.csv.gz", 12),
    *cuts("detail.csv", 20),
    *flips("country.xlsx", 30),
    *flips("enduse.xlsx", 20),
    *flips("hs.csv.gz", 20),
    *blots("country.csv", 30),
    *blots("hs.csv", 20),
    *blots("detail.csv", 20),
    *members("country.xlsx"),
    *members("enduse.xlsx"),
    *of_country("country.xlsx"),
    *of_country("country.csv"),
    *of_end_use(),
    *of_hs("hs.csv"),
    *of_hs("detail.csv"),
    *texts("country.csv"),
    *texts("hs.csv"),
    *texts("detail.csv"),
]


@dataclass
class Record:
    """A copy of the record, the bytes it must keep, and the folder for damaged files."""

    data: Path
    before: dict[str, bytes]
    folder: Path

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.data.rglob("*") if path.is_file() and path.name != ".lock")
        return {path.relative_to(self.data).as_posix(): path.read_bytes() for path in paths}

    def put_back(self) -> dict[str, pd.DataFrame]:
        """The tables that an import added, which are then taken away."""
        after = self.files()
        added = {name: pd.read_parquet(self.data / name) for name in after.keys() - self.before.keys()}
        for name in added:
            (self.data / name).unlink()
        (self.data / "sources.toml").write_bytes(self.before["sources.toml"])
        forget()
        assert self.files() == self.before
        return added


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    folder = tmp_path_factory.mktemp("mutations")
    data = folder / "data"
    copytree(sources.data_directory(), data, ignore=ignore_patterns("raw", ".lock"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BRIEFING_DATA", str(data))
        for dataset in {source.dataset for source in sources.register() if source.file.endswith(".parquet")}:
            drop_vintages(data, dataset)  # the whole files here are made up, and would agree with no vintage
        copied = Record(data, {}, folder)
        copied.before = copied.files()
        yield copied
    forget()


def imported(record: Record, file: str, content: bytes) -> dict[str, pd.DataFrame] | str:
    """The tables that the import added and that are taken away again, or the words of its refusal."""
    path = record.folder / file
    path.write_bytes(content)
    try:
        KINDS[file].run(path)
    except BriefingError as refusal:
        assert record.files() == record.before
        return str(refusal)
    return record.put_back()


@pytest.fixture(scope="module")
def tables(record: Record) -> dict[str, dict[str, pd.DataFrame]]:
    """What the import of each whole file adds."""
    added = {file: imported(record, file, whole(file)) for file in KINDS}
    assert all(isinstance(of_file, dict) and len(of_file) == 1 for of_file in added.values()), added
    return added  # type: ignore[return-value]


@pytest.mark.long
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.file}: {mutation.name}")
def test_a_damaged_file_is_refused_in_a_sentence_or_read_as_if_whole(
    record: Record, tables: dict[str, dict[str, pd.DataFrame]], mutation: Mutation
) -> None:
    outcome = imported(record, mutation.file, mutation.content())
    if isinstance(outcome, str):
        assert mutation.file in outcome
        assert outcome.endswith(".") and len(outcome) < 700
        assert "Traceback" not in outcome and str(record.folder) not in outcome
    else:
        assert mutation.may_be_harmless, "read although it must be refused"
        for name, table in tables[mutation.file].items():
            pd.testing.assert_frame_equal(outcome[name], table)
        assert outcome.keys() == tables[mutation.file].keys()


def test_there_are_hundreds_of_them_and_most_must_be_refused() -> None:
    names = [f"{mutation.file}: {mutation.name}" for mutation in MUTATIONS]
    assert len(names) == len(set(names)) >= 600
    assert sum(not mutation.may_be_harmless for mutation in MUTATIONS) >= 350
