"""Where an edition may lie, and what is never lost for it."""

from pathlib import Path

import pytest
from briefing.errors import BuildError
from briefing.press import build as builder
from briefing.record import sources


def test_a_folder_that_holds_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with pytest.raises(
        BuildError, match=r"holds thesis\.txt, which no edition put there\. Building there would delete it"
    ):
        builder.build(edition, tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_what_a_reader_laid_into_an_edition_is_not_deleted(tmp_path: Path) -> None:
    for name in ("figures.json", "notes.txt"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with pytest.raises(BuildError, match=r"holds figures\.json and notes\.txt, which no edition put there"):
        builder.build(edition, tmp_path)
    assert (tmp_path / "notes.txt").exists()
    with pytest.raises(BuildError, match="is a file, and an edition is a folder"):
        builder.build(edition, tmp_path / "notes.txt")


def test_of_two_builds_into_one_folder_the_later_is_refused_and_one_beside_it_is_not(tmp_path: Path) -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with builder._workshop(tmp_path / "edition"):
        with pytest.raises(BuildError, match=r"edition is being built by another program right now\. .* Wait until"):
            builder.build(edition, tmp_path / "edition")
        with builder._workshop(tmp_path / "other"):
            assert len(list(tmp_path.glob(".briefing-*"))) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", [sources.data_directory() / "x", builder.PACKAGE / "app", builder.NOTEBOOKS])
def test_nothing_is_built_where_editions_are_made_from(inside: Path) -> None:
    before = sorted(inside.parent.iterdir())
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with pytest.raises(
        BuildError, match=r"lies in (data|briefing|notebooks)/, which holds what editions are made from"
    ):
        builder.build(edition, inside)
    assert sorted(inside.parent.iterdir()) == before


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with pytest.raises(BuildError, match=r"cannot be made \(.*\), so the edition has no place"):
        builder.build(edition, tmp_path / "file" / "edition")


def test_an_edition_that_cannot_take_its_place_gives_it_back_to_the_earlier_one(tmp_path: Path) -> None:
    folder, draft = tmp_path / "edition", tmp_path / "workshop" / "draft"
    for place, words in ((folder, "earlier"), (draft, "new")):
        place.mkdir(parents=True)
        (place / "brief.pdf").write_text(words, encoding="utf-8")
    builder._replace(draft, folder)
    assert (folder / "brief.pdf").read_text(encoding="utf-8") == "new"
    with pytest.raises(FileNotFoundError):
        builder._replace(tmp_path / "no draft", folder)
    assert (folder / "brief.pdf").read_text(encoding="utf-8") == "new"
    assert not (tmp_path / builder.OLD).exists()


def test_the_usual_window_gives_the_plain_folder_and_another_its_own() -> None:
    usual = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    other = sources.open_edition("5800", "2015-01", "2016-12", "2018-01-05")
    assert builder.default_folder(usual) == Path("build/5800/2018-01-05")
    assert builder.default_folder(other) == Path("build/5800/2018-01-05_2015-01_2016-12")
