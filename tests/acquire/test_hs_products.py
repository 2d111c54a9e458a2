"""The importer of HS products: one dataset a basis, codes as text, levels that add up."""

import gzip
from pathlib import Path

import pytest
from briefing.acquire.hs_products import read_hs_products
from briefing.errors import DuplicateObservations, MalformedSource
from briefing.record import observations

HEAD = "partner,classification,product_code,product_label,period,flow,basis,value_usd,source_id\n"
EXPORTS = (
    '"Korea, South",HS2,87,VEHICLES,2013-01,exports,"total exports (domestic + foreign), FAS value",100,TWT_EXP_HS2\n'
)
CONSUMED = '"Korea, South",HS2,87,VEHICLES,2013-01,imports,"imports for consumption, customs value",900,TWT_IMP_HS2\n'
GENERAL = '"Korea, South",HS2,03,FISH,2023-01,imports,"general imports, customs value",700,LR_GENIMP_HS2\n'
TOTAL = '"Korea, South",HS2,00,ALL PRODUCTS,2013-01,exports,"total exports (domestic + foreign), FAS value",100,TWT_EXP_HS2\n'


def written(tmp_path: Path, *lines: str) -> list[Path]:
    path = tmp_path / "hs.csv"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return [path]


def test_each_basis_is_a_dataset_of_its_own(tmp_path: Path) -> None:
    tables = read_hs_products(written(tmp_path, EXPORTS, CONSUMED, GENERAL))
    assert set(tables) == {"census-hs-exports", "census-hs-imports-consumption", "census-hs-imports-general"}
    assert all(table["trade_system"].nunique() == 1 for table in tables.values())


def test_chapter_codes_stay_text(tmp_path: Path) -> None:
    (fish,) = read_hs_products(written(tmp_path, GENERAL))["census-hs-imports-general"]["commodity"]
    assert fish == "03"


def test_values_are_whole_dollars_on_the_basis_of_their_row(tmp_path: Path) -> None:
    tables = read_hs_products(written(tmp_path, EXPORTS, CONSUMED, GENERAL))
    basis = ["counterpart_area", "trade_flow", "trade_system", "valuation", "obs_value"]
    assert {name: tuple(table[basis].iloc[0]) for name, table in tables.items()} == {
        "census-hs-exports": ("5800", "X", "total", "fas", 100),
        "census-hs-imports-consumption": ("5800", "M", "consumption", "customs_value", 900),
        "census-hs-imports-general": ("5800", "M", "general", "customs_value", 700),
    }
    assert all(list(table.columns) == observations.COLUMNS for table in tables.values())


def test_a_compressed_copy_is_read_like_the_file(tmp_path: Path) -> None:
    (path,) = written(tmp_path, EXPORTS)
    packed = tmp_path / "hs.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_hs_products([packed])["census-hs-exports"].equals(read_hs_products([path])["census-hs-exports"])


def test_two_values_for_one_chapter_and_month_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DuplicateObservations, match="5800 has two values for 2013-01, flow X, commodity 87"):
        read_hs_products(written(tmp_path, EXPORTS, EXPORTS.replace(",100,", ",101,")))


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hs.csv"
    path.write_text('partner,period\n"Korea, South",2013-01\n', encoding="utf-8")
    with pytest.raises(MalformedSource, match=r"hs\.csv lacks the columns classification, product_code, flow"):
        read_hs_products([path])
    path.write_text("", encoding="utf-8")
    with pytest.raises(MalformedSource, match=r"hs\.csv is empty"):
        read_hs_products([path])


def test_totals_are_left_out_and_a_row_in_two_files_counts_once(tmp_path: Path) -> None:
    tables = read_hs_products(written(tmp_path, EXPORTS, TOTAL, EXPORTS))
    assert list(tables["census-hs-exports"]["obs_value"]) == [100]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (EXPORTS.replace("2013-01", "2013-13"), "period '2013-13' is no month or year"),
        (EXPORTS.replace(",100,", ",-100,"), "value_usd '-100' is not whole dollars"),
        (EXPORTS.replace(",100,", ",1e6,"), "value_usd '1e6' is not whole dollars"),
        (
            EXPORTS.replace(",100,", ",,"),
            r"value_usd '' is not whole dollars \(partner Korea, South, product 87, 2013-01",
        ),
        (EXPORTS.replace("TWT_EXP_HS2", "HEARSAY"), "source_id 'HEARSAY' is the reply of no source known"),
        (EXPORTS.replace("Korea, South", "Atlantis"), "partner 'Atlantis' is in no list"),
        (
            CONSUMED.replace("imports for consumption", "imports"),
            "basis 'imports, customs value' is not the basis of that source",
        ),
        (EXPORTS.replace("HS2,87", "HS4,8703"), "product_code '8703' is no code of that level in this source"),
        (EXPORTS.replace("HS2,87", "HS2,8703"), "product_code '8703' is no code of that level"),
        (EXPORTS.replace(",exports,", ",imports,"), "flow 'imports' contradicts its basis"),
        (
            GENERAL.replace("LR_GENIMP_HS2", "TWT_IMP_HS2"),
            "basis 'general imports, customs value' is not the basis of that",
        ),
        ("", "has a header and no row"),
        (TOTAL, "no row of a product"),
    ],
)
def test_a_row_without_a_place_in_the_record_is_refused_by_name(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_hs_products(written(tmp_path, line))


@pytest.mark.parametrize(
    "content",
    [
        HEAD.encode() + EXPORTS.replace("VEHICLES", "V\xc9HICULES").encode("latin-1"),
        b"\xff\xfep\x00",
        b"\x1f\x8b\x08\x00cut",
    ],
)
def test_a_file_that_is_no_csv_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ("hs.csv.gz" if content[:2] == b"\x1f\x8b" else "hs.csv")
    path.write_bytes(content)
    with pytest.raises(
        MalformedSource, match=r"is (no readable CSV in|in UTF-16, not in) UTF-8|is compressed by gzip and damaged"
    ):
        read_hs_products([path])


def test_every_level_of_the_detail_is_kept_under_its_code(tmp_path: Path) -> None:
    lines = [
        f'"Korea, South",HS{len(code)},{code},,2024,imports,"imports for consumption, customs value",{value},TWT_HS10_2024\n'
        for code, value in (("8703", 9), ("870323", 9), ("8703230100", 9))
    ]
    (table,) = read_hs_products(written(tmp_path, *lines)).values()
    assert list(zip(table["commodity"], table["time_period"], strict=True)) == [
        ("8703", "2024"),
        ("870323", "2024"),
        ("8703230100", "2024"),
    ]


def detail(code: str, value: int) -> str:
    words = "imports for consumption, customs value"
    return f'"Korea, South",HS{len(code)},{code},,2024,imports,"{words}",{value},TWT_HS10_2024\n'


def test_a_code_is_the_sum_of_the_longer_codes_below_it(tmp_path: Path) -> None:
    whole = {"8703": 9, "870322": 4, "870323": 5, "8703220100": 4, "8703230100": 5}
    refusals = {
        "870322": r"the codes of 6 digits lie -4 dollars from product 8703\.",
        "870323": r"the codes of 6 digits lie -5 dollars from product 8703\.",
        "8703230100": r"the codes of 10 digits lie -5 dollars from product 870323\.",
    }
    for code, words in refusals.items():
        with pytest.raises(MalformedSource, match=f"2024: {words}"):
            read_hs_products(written(tmp_path, *(detail(*one) for one in whole.items() if one[0] != code)))
    with pytest.raises(MalformedSource, match=r"the codes of 10 digits lie \+1 dollars from product 870322\."):
        read_hs_products(written(tmp_path, *(detail(*one) for one in (whole | {"8703220100": 5}).items())))


def test_a_level_that_was_not_fetched_for_a_group_is_not_missed(tmp_path: Path) -> None:
    codes = {"8703": 9, "870322": 4, "870323": 5, "4011": 1}
    tables = read_hs_products(written(tmp_path, *(detail(*one) for one in codes.items())))
    assert len(tables["census-hs-detail-imports-consumption"]) == 4


def test_chapters_that_are_not_their_all_products_row_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match=r"2013-01: the codes of 2 digits lie -1 dollars from product 00\."):
        read_hs_products(written(tmp_path, EXPORTS.replace(",100,", ",99,"), TOTAL))


@pytest.mark.parametrize(("kept", "missing"), [((0, 1), "2013-03"), ((0, 2), "2013-02"), ((1, 2), "2013-01")])
def test_a_large_partner_without_a_month_that_another_has_is_refused(
    tmp_path: Path, kept: tuple[int, ...], missing: str
) -> None:
    korea = [EXPORTS.replace("2013-01", month) for month in ("2013-01", "2013-02", "2013-03")]
    japan = [line.replace("Korea, South", "Japan") for line in korea]
    nauru = [line.replace("Korea, South", "Nauru") for line in korea]
    read_hs_products(written(tmp_path, *korea, *japan, nauru[0], nauru[2]))
    with pytest.raises(MalformedSource, match=f"Japan lacks 1 of the periods 2013-01 to 2013-03, first {missing}"):
        read_hs_products(written(tmp_path, *korea, *(japan[place] for place in kept)))


def test_a_month_missing_from_all_partners_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match="Korea, South lacks 1 of the periods 2013-01 to 2013-03, first 2013-02"):
        read_hs_products(written(tmp_path, EXPORTS, EXPORTS.replace("2013-01", "2013-03")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + EXPORTS[:-14], r"row 2 has other cells than the header. Values would land in the wrong column"),
        (HEAD + EXPORTS.replace(",100,", ",100,1,"), r"row 2 has other cells than the header"),
        (HEAD.replace("source_id", "basis") + EXPORTS, r"two columns have one name"),
    ],
)
def test_a_file_with_uneven_rows_or_doubled_columns_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "hs.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MalformedSource, match=rf"hs\.csv: {words}"):
        read_hs_products([path])


def test_a_compressed_file_that_is_cut_or_damaged_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress((HEAD + EXPORTS * 50).encode())
    path = tmp_path / "hs.csv.gz"
    for damaged in (packed[:-20], packed[:40] + b"\xff" * 30 + packed[70:], packed[:3], b"partner,period"):
        path.write_bytes(damaged)
        with pytest.raises(
            MalformedSource, match=r"hs\.csv\.gz (is compressed by gzip and damaged or cut|lacks the columns)"
        ):
            read_hs_products([path])
