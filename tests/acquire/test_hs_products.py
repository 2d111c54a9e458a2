"""The importer of HS chapters: one dataset a basis, codes as text."""

import gzip
from pathlib import Path

import pytest
from briefing import observations
from briefing.acquire.hs_products import read_hs_products
from briefing.errors import DuplicateObservations, MalformedSource

HEAD = "partner,classification,product_code,product_label,period,flow,basis,value_usd,source_id\n"
EXPORTS = (
    '"Korea, South",HS2,87,VEHICLES,2013-01,exports,"total exports (domestic + foreign), FAS value",100,TWT_EXP_HS2\n'
)
CONSUMED = '"Korea, South",HS2,87,VEHICLES,2013-01,imports,"imports for consumption, customs value",900,TWT_IMP_HS2\n'
GENERAL = '"Korea, South",HS2,03,FISH,2023-01,imports,"general imports, customs value",700,LR_GENIMP_HS2\n'
TOTAL = (
    '"Korea, South",HS2,00,ALL PRODUCTS,2013-01,exports,"total exports (domestic + foreign), FAS value",1,TWT_EXP_HS2\n'
)


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
    [HEAD.encode() + EXPORTS.replace("VEHICLES", "V\xc9HICULES").encode("latin-1"), b"", b"\x1f\x8b\x08\x00cut"],
)
def test_a_file_that_is_no_csv_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ("hs.csv.gz" if content[:2] == b"\x1f\x8b" else "hs.csv")
    path.write_bytes(content)
    with pytest.raises(MalformedSource, match="is no readable CSV in UTF-8"):
        read_hs_products([path])


def test_every_level_of_the_detail_is_kept_under_its_code(tmp_path: Path) -> None:
    lines = [
        f'"Korea, South",HS{len(code)},{code},,2024,imports,"imports for consumption, customs value",{value},TWT_HS10_2024\n'
        for code, value in (("8703", 9), ("870323", 8), ("8703230100", 7))
    ]
    (table,) = read_hs_products(written(tmp_path, *lines)).values()
    assert list(zip(table["commodity"], table["time_period"], strict=True)) == [
        ("8703", "2024"), ("870323", "2024"), ("8703230100", "2024"),
    ]  # fmt: skip
