"""From a figure to its file: the chain that `briefing explain` prints, and what it refuses."""

import json
import shutil
from pathlib import Path

import pytest
from briefing.chapters import deficit_trends, state_of_talks
from briefing.errors import BuildError
from briefing.figures import Figure, with_parts
from briefing.outputs import figure_record
from briefing.press.build import figures_in
from briefing.press.explain import explained, listed
from briefing.record import sources
from briefing.record.edition import Edition

BALANCE = "deficit.5800.2017-01/2017-11.balance"


@pytest.fixture(scope="module")
def folder(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition's folder with the figures of two chapters."""
    shown = [
        *deficit_trends.headline(edition),
        *deficit_trends.known_since(edition),
        deficit_trends.vintage_standing(edition),
    ]
    shown += [*state_of_talks.headline(edition), deficit_trends.ranking(edition)]
    figures = with_parts(figure for output in shown for figure in output.figures).values()
    listed = figures_in([{"figures": [figure_record(figure) for figure in figures]}])
    folder = tmp_path_factory.mktemp("edition")
    (folder / "figures.json").write_text(json.dumps({"figures": listed}), encoding="utf-8")
    return folder


def ids(folder: Path) -> list[str]:
    return [line.split()[0] for line in listed(folder).splitlines()]


def test_a_balance_leads_to_file_row_filter_vintage_and_checksum(folder: Path) -> None:
    text = explained(BALANCE, folder)
    (source,) = (s for s in sources.vintages_of("census-country") if s.last_period == "2018-08")
    assert f"{BALANCE}.exports" not in text and "deficit.5800.2017-01/2017-11.exports" in text
    assert f"data/{source.file}, SHA-256 {source.sha256}" in text
    assert f"made from {source.original}, SHA-256 {source.original_sha256}" in text
    assert "census-country, vintage of 2018-10-05 (later vintage)" in text
    assert (
        "11 rows where partner 5800 (Korea, South), flow M, period 2017-01 to 2017-11, system of trade general" in text
    )
    assert "read again: 11 rows, sum 65,428,868,536 US dollars: agrees" in text
    assert "−$21.6 billion (−21,558,381,250 US dollars), January–November 2017" in text


@pytest.mark.long
def test_every_figure_of_an_edition_leads_to_rows_that_agree_or_to_a_page_or_to_the_record(folder: Path) -> None:
    for id in ids(folder):
        text = explained(id, folder)
        assert "DIFFERS" not in text
        if id.startswith(("quoted.", "told.", "talks.waits.")):
            assert "printed by " in text and "http" in text
        elif id.startswith(("talks.", "checks.", "statement.")):
            assert "data/talks/korus/issues.toml, SHA-256" in text
        else:
            assert "read again: " in text and ": agrees" in text


def test_a_change_is_explained_through_the_figures_it_compares(folder: Path) -> None:
    lines = explained(f"{BALANCE}.change", folder).splitlines()
    assert lines[1].strip() == "−18.4 percent, January–November 2017"
    assert [line.strip() for line in lines if line.startswith("    deficit")] == [
        BALANCE,
        "deficit.5800.2016-01/2016-11.balance",
    ]


def test_a_rank_is_made_of_every_country(folder: Path) -> None:
    assert "partner 1010 to 7990" in explained(f"{BALANCE}.rank", folder)


def test_an_edition_that_no_longer_agrees_with_the_record_is_told(folder: Path, tmp_path: Path) -> None:
    content = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    for figure in content["figures"]:
        for rows in figure["rows"]:
            rows["total"] += 1
        for source in figure["sources"]:
            for file in source.get("files", []):
                file["sha256"] = "0" * 64
    (tmp_path / "figures.json").write_text(json.dumps(content), encoding="utf-8")
    text = explained(BALANCE, tmp_path)
    assert "US dollars: DIFFERS from the edition" in text
    assert "in data/sources.toml with another checksum: the file was changed after this edition was built" in text


def test_a_file_that_was_taken_out_of_the_record_is_told_as_that(folder: Path, tmp_path: Path) -> None:
    text = (folder / "figures.json").read_text(encoding="utf-8").replace("/country.parquet", "/gone.parquet")
    (tmp_path / "figures.json").write_text(text, encoding="utf-8")
    told = explained(BALANCE, tmp_path)
    assert "no longer in data/sources.toml: it was taken out of the record after this edition was built" in told
    assert "another checksum" not in told


def test_an_unknown_figure_is_refused_with_the_nearest_ids(folder: Path) -> None:
    with pytest.raises(
        BuildError, match=r"no figure 'deficit\.5800\.2017.balance'.*Nearest: .*deficit\.5800\.2017-01/2017-11"
    ):
        explained("deficit.5800.2017.balance", folder)


WHOLE = {
    "id": "a",
    "value": 1,
    "unit": "count",
    "period": "",
    "formula": "",
    "computed_from": [],
    "rows": [],
    "sources": [],
}
BROKEN = (
    [
        json.dumps({"figures": [{**WHOLE, key: value}]})
        for key in WHOLE
        for value in ({"nobody": 1}, [{"nobody": 1}], None)
    ]
    + [
        json.dumps({"figures": [{**WHOLE, **changed}]})
        for changed in (
            {"computed_from": ["nobody"]},
            {"computed_from": ["a"]},
            {"unit": "bogus"},
            {"formula": "\ud800"},
            {"rows": [{"dataset": "d", "vintage": "v", "count": 1, "total": 1, "where": {"bogus": "x"}}]},
            {
                "sources": [
                    {
                        "dataset": "d",
                        "vintage": "v",
                        "vintage_known": "day",
                        "standing": "held",
                        "files": [{"file": "x"}],
                    }
                ]
            },
        )
    ]
    + ["[" * 100_000]
)


@pytest.mark.parametrize(
    "content", [None, "{", "[]", '{"figures": []}', '{"figures": [{}]}', '{"figures": [{"id": "a"}]}', *BROKEN]
)
def test_a_folder_without_an_edition_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "figures.json").write_text(content, encoding="utf-8")
    with pytest.raises(BuildError, match=r"holds no edition: its figures\.json is missing or broken.*--edition"):
        explained(BALANCE, tmp_path)
    with pytest.raises(BuildError, match="holds no edition"):
        listed(tmp_path)


def test_parts_are_found_however_deep() -> None:
    leaf = Figure("leaf", 1, "US dollars", "2017-01", "given", ())
    tree = Figure(
        "top", 2, "US dollars", "2017-01", "sum", (), parts=(Figure("mid", 1, "", "", "", (), parts=(leaf,)),)
    )
    assert list(with_parts([tree])) == ["top", "mid", "leaf"]


def test_a_figure_of_another_edition_is_found_in_the_edition_that_has_it(folder: Path, tmp_path: Path) -> None:
    other, asked = tmp_path / "5800" / "2018-01-05", tmp_path / "5880" / "2019-09-26"
    for place in (other, asked):
        place.mkdir(parents=True)
    text = (folder / "figures.json").read_text(encoding="utf-8")
    (other / "figures.json").write_text(text, encoding="utf-8")
    (asked / "figures.json").write_text(text.replace(BALANCE, "another"), encoding="utf-8")
    with pytest.raises(BuildError, match=r"has no figure .*5800/2018-01-05 has it: name that edition with --edition"):
        explained(BALANCE, asked)


def test_what_lies_beside_an_edition_and_is_none_is_no_hindrance(folder: Path, tmp_path: Path) -> None:
    asked = tmp_path / "5800" / "a"
    shutil.copytree(folder, asked)
    (tmp_path / "5801" / "b").mkdir(parents=True)
    (tmp_path / "5801" / "b" / "figures.json").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "5802" / "c" / "figures.json").mkdir(parents=True)
    with pytest.raises(BuildError, match="has no figure 'nobody'"):
        explained("nobody", asked)
