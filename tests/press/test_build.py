"""The default edition, built once with papermill, and what must hold of its folder."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
import pikepdf
import psutil
import pypdfium2
import pytest
from briefing import scratch
from briefing.errors import BuildError
from briefing.press import brief
from briefing.press import build as builder
from briefing.record import sources

from tests import digits
from tests.digits import numbers

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> builder.BuiltEdition:
    edition = sources.open_edition("Korea, South", "2011-01", "latest", "2018-01-05")
    return builder.build(edition, tmp_path_factory.mktemp("built") / "5800" / "2018-01-05")


def figures(built: builder.BuiltEdition) -> dict[str, Any]:
    listed = json.loads((built.folder / "figures.json").read_text(encoding="utf-8"))["figures"]
    return {figure["id"]: figure for figure in listed}


def claims(built: builder.BuiltEdition) -> dict[str, Any]:
    listed = json.loads((built.folder / "claims.json").read_text(encoding="utf-8"))["claims"]
    return {claim["id"]: claim for claim in listed}


def pages(built: builder.BuiltEdition) -> list[str]:
    printed = pypdfium2.PdfDocument(built.brief)
    texts = [page.get_textpage().get_text_range() for page in printed]
    printed.close()
    return texts


def executed(built: builder.BuiltEdition) -> list[nbformat.NotebookNode]:
    return [nbformat.read(built.folder / f"{name}.ipynb", as_version=4) for name in builder.TITLES]


def test_no_digit_on_a_page_is_loose(built: builder.BuiltEdition) -> None:
    data = (
        output.get("data", {})
        for chapter in executed(built)
        for cell in chapter.cells
        for output in cell.get("outputs", [])
    )
    shown = [held["text/html"] for held in data if "text/html" in held]
    assert len(shown) > 30
    assert [found for html in shown for found in digits.loose_digits(html)] == []
    markdown = [cell.source for chapter in executed(built) for cell in chapter.cells if cell.cell_type == "markdown"]
    assert [match.group() for text in markdown for match in numbers(text)] == []


def test_every_label_of_a_chart_is_a_figure(built: builder.BuiltEdition) -> None:
    values = {id: figure["value"] for id, figure in figures(built).items()}
    for chapter in executed(built):
        for record in builder.records_of(chapter):
            if record["kind"] == "chart":
                own = [values[figure["id"]] for figure in record["figures"]]
                assert digits.loose_labels(record["svg"], own) == [], record["id"]


def test_the_printed_brief_has_no_digit_that_is_not_in_what_it_was_set_from(built: builder.BuiltEdition) -> None:
    chapters = executed(built)
    edition = sources.open_edition("Korea, South", "2011-01", "latest", "2018-01-05")
    content = brief.brief(chapters, builder.cover(edition, chapters))
    known = digits.words_of(digits.strings_in(content)) | {str(n) for n in range(1, 120)}
    for place, text in enumerate(pages(built), 1):
        loose = digits.words_of([digits.without_names(" ".join(text.split()))]) - known
        assert {word for word in loose if word.strip(",.") not in known} == set(), f"page {place}"


def test_the_two_pages_in_brief_are_two_pages(built: builder.BuiltEdition) -> None:
    heads = [text.splitlines()[0] for text in pages(built)]
    assert [place for place, head in enumerate(heads, 1) if head.endswith("In brief")] == [2, 3]


def test_the_folder_holds_brief_figures_claims_and_executed_chapters(built: builder.BuiltEdition) -> None:
    assert {path.name for path in built.folder.iterdir()} == {
        "brief.pdf",
        "figures.json",
        "claims.json",
        *(f"{name}.ipynb" for name in builder.TITLES),
    }


def test_nothing_else_is_left_beside_the_folder(built: builder.BuiltEdition) -> None:
    assert [path.name for path in built.folder.parent.iterdir()] == ["2018-01-05"]


def test_the_three_headline_figures_are_those_of_the_day(built: builder.BuiltEdition) -> None:
    assert [value for _, value in built.headline] == ["−$21.6 billion", "−18.4 percent", "−$16.5 billion"]


def test_the_deficit_rounds_to_what_the_news_printed_that_day(built: builder.BuiltEdition) -> None:
    # Bloomberg via Business Standard, 2018-01-08: 21.6 billion, down 18 percent.
    balance = figures(built)["deficit.5800.2017-01/2017-11.balance"]
    assert round(balance["value"] / 1e6, 1) == -21_558.4
    assert round(figures(built)["deficit.5800.2016-01/2016-11.balance"]["value"] / 1e6, 1) == -26_425.4
    assert round(figures(built)["deficit.5800.2017-01/2017-11.balance.change"]["value"], 3) == -0.184
    assert balance["unit"] == "US dollars"
    assert balance["period"] == "2017-01/2017-11"
    assert "rounds to the same, without being the first print" in claims(built)["against-the-news"]["text"]


def test_the_brief_says_that_its_vintage_is_a_later_one_and_what_is_known_now(built: builder.BuiltEdition) -> None:
    assert "annual revision of 6 June 2018" in claims(built)["vintage-standing"]["text"]
    now = claims(built)["known-now"]["text"]
    for printed in ("−$21,535.0 million", "$43,870.2 million", "$65,405.1 million", "−18.6 percent"):
        assert printed in now


def test_every_figure_leads_to_a_registered_file_or_a_printed_page(built: builder.BuiltEdition) -> None:
    registered = {f"data/{source.file}": source.sha256 for source in sources.register()}
    for figure in figures(built).values():
        assert figure["formula"] and figure["sources"]
        for source in figure["sources"]:
            if "quoted_from" in source:
                assert source["address"].startswith("http")
                continue
            assert source["vintage"] and source["files"]
            assert all(registered[file["file"]] == file["sha256"] for file in source["files"])


def test_every_claim_names_figures_that_the_edition_lists(built: builder.BuiltEdition) -> None:
    known = figures(built)
    quoted = [id for claim in claims(built).values() for id in claim["figures"]]
    assert len(quoted) > 30
    assert set(quoted) <= set(known)


def test_no_figure_describes_a_month_after_the_last_one_published(built: builder.BuiltEdition) -> None:
    months = [figure["period"].split("/")[-1] for figure in figures(built).values() if len(figure["period"]) != 10]
    assert max(month for month in months if month) == "2017-11"


def test_the_brief_holds_the_chapters_in_order_with_contents_and_page_numbers(built: builder.BuiltEdition) -> None:
    texts = pages(built)
    assert "The KORUS" in texts[0] and "Contents" in texts[0] and "South Korea" in texts[0]
    starts = [next(n for n, text in enumerate(texts) if n and title in text) for title in builder.TITLES.values()]
    assert starts == sorted(starts)
    assert f"2 of {len(texts)}" in texts[1]
    assert "How each figure was made" in "".join(texts)
    assert "Sources" in texts[-1] or "Sources" in texts[-2]


def test_no_code_and_no_control_reaches_the_page(built: builder.BuiltEdition) -> None:
    text = "".join(pages(built))
    assert "page.show" not in text
    assert "import" not in text.replace("imports", "").replace("important", "").replace("Imports", "").replace(
        "imported", ""
    )


def test_the_brief_is_tagged_and_its_charts_have_words(built: builder.BuiltEdition) -> None:
    with pikepdf.open(built.brief) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert sum("Source: US Census Bureau" in text for text in pages(built)) >= 5


def test_the_same_edition_gives_the_same_brief_to_the_byte(built: builder.BuiltEdition) -> None:
    from briefing.press import brief

    chapters = [
        nbformat.reads((built.folder / f"{name}.ipynb").read_text(encoding="utf-8"), as_version=4)
        for name in builder.TITLES
    ]
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    assert brief.printed_brief(chapters, builder.cover(edition, chapters)) == built.brief.read_bytes()


BUILD = [sys.executable, "-m", "briefing", "build"]


def test_an_edition_has_its_place_under_any_name(tmp_path: Path) -> None:
    name = "-{braces} in {it}, 100 % 가\nand {0}"
    subprocess.run([*BUILD, "--first", "2016-01", "--out", name], cwd=tmp_path, check=True, capture_output=True)
    assert sorted(path.name for path in (tmp_path / name).glob("*.*")) == sorted(
        ["brief.pdf", "claims.json", "figures.json", *(f"{chapter}.ipynb" for chapter in builder.TITLES)]
    )
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["x" * 300, "file", "file/below"])
def test_a_place_that_cannot_be_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ended = subprocess.run([*BUILD, "--out", name], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode != 0 and "Traceback" not in ended.stderr and "--out" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_disk_that_is_full_is_told_once(tmp_path: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    command = [*BUILD, "--out", "edition"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, preexec_fn=little_room)
    (said,) = ended.stderr.splitlines()
    assert ended.returncode == 1 and said.startswith("Error: edition cannot be made (File too large)")
    assert list(tmp_path.iterdir()) == []


def begun(folder: Path, temporary: Path) -> "subprocess.Popen[bytes]":
    """A build that has started its kernels."""
    building = subprocess.Popen([*BUILD, "--out", str(folder)], env={**os.environ, "TMPDIR": str(temporary)})
    until = time.monotonic() + 90
    while not list(folder.parent.glob(".briefing-*/edition/.*.ipynb")) and time.monotonic() < until:
        time.sleep(0.05)
    assert building.poll() is None
    return building


def test_a_build_that_is_told_to_end_leaves_no_folder_and_no_process() -> None:
    with tempfile.TemporaryDirectory() as outer:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            folder = Path(outer, "new", "edition")
            building = begun(folder, Path(outer))
            started = psutil.Process(building.pid).children(recursive=True)
            building.send_signal(number)
            assert building.wait(30) == 128 + number
            assert list(Path(outer).iterdir()) == []
            assert psutil.wait_procs(started, timeout=10)[1] == []


def test_what_a_killed_build_left_is_cleared_by_the_next_and_the_earlier_edition_put_back(
    built: builder.BuiltEdition, tmp_path: Path
) -> None:
    folder = tmp_path / "edition"
    building = begun(folder, tmp_path)
    started = psutil.Process(building.pid).children(recursive=True)
    (workshop,) = tmp_path.glob(".briefing-*")
    building.kill()
    building.wait()
    assert psutil.wait_procs(started, timeout=20)[1] == []
    shutil.copytree(
        built.folder, workshop / builder.OLD
    )  # as if between the old edition's leave and the new one's entry
    with scratch.folder(tmp_path, builder.WORKSHOP, builder._put_back):
        assert not workshop.exists()
    assert (folder / "brief.pdf").read_bytes() == built.brief.read_bytes()


def test_a_build_that_was_killed_keeps_nobody_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    building = begun(folder, tmp_path)
    with pytest.raises(BuildError, match="is being built by another program"), builder._workshop(folder):
        pass
    started = psutil.Process(building.pid).children(recursive=True)
    building.kill()
    building.wait()
    psutil.wait_procs(started, timeout=20)
    with builder._workshop(folder) as workshop:
        assert list(tmp_path.glob(".briefing-*")) == [workshop]


def test_papermills_command_line_may_take_a_code_for_a_number(tmp_path: Path) -> None:
    chapter = builder.NOTEBOOKS / "deficit_trends.ipynb"
    command = [sys.executable, "-m", "papermill", str(chapter), str(tmp_path / "out.ipynb"), "-p", "partner"]
    subprocess.run([*command, "5800"], check=True, capture_output=True)
    shown = nbformat.reads((tmp_path / "out.ipynb").read_text(encoding="utf-8"), as_version=4)
    assert any("headline" in str(record) for record in builder.records_of(shown))
    refused = subprocess.run([*command, "True"], check=False, capture_output=True, text=True)
    assert "EditionError: partner is True, which is no text" in refused.stderr


def test_an_edition_that_fails_leaves_the_earlier_one_as_it_was(
    built: builder.BuiltEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> bytes:
        raise BuildError("Typst could not set the brief.")

    before = {path.name: path.read_bytes() for path in built.folder.iterdir()}
    monkeypatch.setattr(
        builder,
        "_execute",
        lambda name, *_: nbformat.reads((built.folder / f"{name}.ipynb").read_text(encoding="utf-8"), as_version=4),
    )
    monkeypatch.setattr(builder.brief, "printed_brief", refuse)
    with pytest.raises(BuildError, match="Typst"):
        builder.build(sources.open_edition("5800", "2011-01", "latest", "2018-01-05"), built.folder)
    assert {path.name: path.read_bytes() for path in built.folder.iterdir()} == before
    assert [path.name for path in built.folder.parent.iterdir()] == ["2018-01-05"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('raise ValueError("the well is dry")', r"Chapter In brief stopped in cell .*the well is dry"),
        ("import os; os.kill(os.getpid(), 9)", r"Chapter In brief was not finished: .*died.* Build it again\."),
    ],
)
def test_a_chapter_that_stops_is_named_with_its_reason(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    given = nbformat.v4.new_code_cell(
        'partner = first_period = last_period = as_of = ""', metadata={"tags": ["parameters"]}
    )
    broken = nbformat.v4.new_notebook(
        metadata={"language_info": {"name": "python"}}, cells=[given, nbformat.v4.new_code_cell(code)]
    )
    for name in builder.TITLES:
        (notebooks / f"{name}.ipynb").write_text(nbformat.writes(broken), encoding="utf-8")
    monkeypatch.setattr(builder, "NOTEBOOKS", notebooks)
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    with pytest.raises(BuildError, match=words):
        builder.build(edition, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_cover_says_how_the_vintage_stands_to_the_day(built: builder.BuiltEdition) -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    assert builder.cover(edition, executed(built)).standing.startswith("No vintage in force on 5 January 2018 is held.")
    assert [label for label, _ in built.headline][2].startswith("Vehicles and parts")
