"""The importer of HS chapters: one dataset a basis, codes as text."""

import gzip
from pathlib import Path

import pytest
from briefing import observations
from briefing.acquire.hs_chapters import read_hs_chapters
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
    tables = read_hs_chapters(written(tmp_path, EXPORTS, CONSUMED, GENERAL))
    assert set(tables) == {"census-hs-exports", "census-hs-imports-consumption", "census-hs-imports-general"}
    assert all(table["trade_system"].nunique() == 1 for table in tables.values())


def test_chapter_codes_stay_text(tmp_path: Path) -> None:
    (fish,) = read_hs_chapters(written(tmp_path, GENERAL))["census-hs-imports-general"]["commodity"]
    assert fish == "03"


def test_values_are_whole_dollars_on_the_basis_of_their_row(tmp_path: Path) -> None:
    tables = read_hs_chapters(written(tmp_path, EXPORTS, CONSUMED, GENERAL))
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
    assert read_hs_chapters([packed])["census-hs-exports"].equals(read_hs_chapters([path])["census-hs-exports"])


def test_two_values_for_one_chapter_and_month_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DuplicateObservations, match="5800 has two values for 2013-01, flow X, commodity 87"):
        read_hs_chapters(written(tmp_path, EXPORTS, EXPORTS.replace(",100,", ",101,")))


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hs.csv"
    path.write_text('partner,period\n"Korea, South",2013-01\n', encoding="utf-8")
    with pytest.raises(MalformedSource, match=r"hs\.csv lacks the columns classification, product_code, flow"):
        read_hs_chapters([path])


def test_totals_are_left_out_and_a_row_in_two_files_counts_once(tmp_path: Path) -> None:
    tables = read_hs_chapters(written(tmp_path, EXPORTS, TOTAL, EXPORTS))
    assert list(tables["census-hs-exports"]["obs_value"]) == [100]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (EXPORTS.replace("2013-01", "2013-13"), "period is '2013-13'"),
        (EXPORTS.replace(",100,", ",-100,"), "value_usd is '-100'"),
        (EXPORTS.replace(",100,", ",1e6,"), "value_usd is '1e6'"),
        (EXPORTS.replace(",100,", ",,"), "value_usd is '' for Korea, South, 2013-01"),
        (EXPORTS.replace("TWT_EXP_HS2", "HEARSAY"), "source_id is 'HEARSAY'"),
        (EXPORTS.replace("Korea, South", "Atlantis"), "partner is 'Atlantis'"),
        (CONSUMED.replace("imports for consumption", "imports"), "basis is 'imports, customs value'"),
    ],
)
def test_a_row_without_a_place_in_the_record_is_refused_by_name(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_hs_chapters(written(tmp_path, line))
