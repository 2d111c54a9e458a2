"""The importer of HS chapters: one dataset a basis, codes as text."""

from pathlib import Path

import pytest
from briefing.acquire.hs_chapters import read_hs_chapters
from briefing.errors import MalformedSource

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


def test_totals_are_left_out_and_a_row_in_two_files_counts_once(tmp_path: Path) -> None:
    tables = read_hs_chapters(written(tmp_path, EXPORTS, TOTAL, EXPORTS))
    assert list(tables["census-hs-exports"]["obs_value"]) == [100]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (EXPORTS.replace("2013-01", "2013-13"), "period is '2013-13'"),
        (EXPORTS.replace(",100,", ",-100,"), "value_usd is '-100'"),
        (EXPORTS.replace("Korea, South", "Atlantis"), "partner is 'Atlantis'"),
        (CONSUMED.replace("imports for consumption", "imports"), "basis is 'imports, customs value'"),
    ],
)
def test_a_row_without_a_place_in_the_record_is_refused_by_name(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_hs_chapters(written(tmp_path, line))
