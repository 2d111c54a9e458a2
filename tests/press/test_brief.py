"""The printed brief from small notebooks: what reaches the page, and what it is."""

import re
from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any

import nbformat
import pikepdf
import pypdfium2
import pytest
from briefing.errors import BuildError
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import Figure
from briefing.outputs import MEDIA_TYPE
from briefing.page import Slot
from briefing.press.brief import Cover, _lettered, brief, content_blocks, printed_brief
from briefing.sentences import Sentence

from tests.origins import OF_COUNTRIES

DEFICIT = Figure("deficit", -21_558_381_250, "US dollars", "2017-01/2017-11", "exports less imports", (OF_COUNTRIES,))
CHANGE = Figure("change", -0.1842, "fraction", "2017-01/2017-11", "this over that, less one", (OF_COUNTRIES,))
CLAIM = Sentence("c", "It was {d:size}, down {p}; {d:size} again.", {"d": DEFICIT, "p": CHANGE}, style="headline")
TILES = Tiles("t", [Tile("Goods balance", DEFICIT, "signed", "to November")])


def code(source: str, *shown: Any, tags: tuple[str, ...] = ()) -> Any:
    outputs = [
        nbformat.v4.new_output("display_data", data=item if isinstance(item, dict) else item._repr_mimebundle_())
        for item in shown
    ]
    return nbformat.v4.new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)})


def chapter(*cells: Any) -> Any:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Deficit trends\n\nHow *large* is it?"), *cells]
    )


def cover(**changes: Any) -> Cover:
    given = {
        "title": "The KORUS Briefing Book",
        "partner": "South Korea",
        "as_of": date(2018, 1, 5),
        "tiles": TILES.record()["tiles"],
        "standing": "A later vintage.",
        "identifier": "5800/2018-01-05",
    }
    return Cover(**(given | changes))


ONE = chapter(
    code('secret = "never printed"'),
    nbformat.v4.new_markdown_cell("## The year so far"),
    code("page.show(headline)", TILES, CLAIM),
    code("EditionBar(page)", CLAIM, tags=("app",)),
)


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    words = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return words


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return printed_brief([ONE], cover())


def test_code_and_controls_leave_no_block() -> None:
    kinds = [block["kind"] for block in content_blocks(ONE)]
    assert kinds == ["heading", "paragraph", "heading", "tiles", "claim"]


def test_code_and_controls_leave_no_word(pdf: bytes) -> None:
    words = text(pdf)
    assert "never printed" not in words and "page." not in words
    assert words.count("It was $21.6 billion") == 1


def test_the_brief_says_what_it_is_and_in_which_language(pdf: bytes) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked and "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang).startswith("en")
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "The KORUS Briefing Book: South Korea, as of 5 January 2018"
            assert metadata["pdfuaid:part"] == "1"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root][:1] == ["Deficit trends"]


def test_the_same_chapters_give_the_same_bytes(pdf: bytes) -> None:
    assert printed_brief([ONE], cover()) == pdf


def test_a_figure_keeps_one_mark_and_the_appendix_explains_it() -> None:
    content = brief([ONE], cover())
    claim = next(block for block in content["blocks"] if block["kind"] == "claim")
    assert [span.get("mark") for span in claim["spans"] if "mark" in span] == ["a", "b", "a"]
    assert content["cover"]["tiles"][0]["mark"] == "a"
    listed = {figure["mark"]: figure for figure in content["figures"]}
    assert set(listed) == {"a", "b"}
    assert (listed["a"]["value"], listed["a"]["exact"]) == ("$21.6 billion", "−21,558,381,250")
    assert listed["a"]["origins"][0]["text"].startswith("US Census Bureau, U.S. Trade in Goods by Country")


def test_one_id_for_two_values_is_refused() -> None:
    other = Figure("deficit", 5, "US dollars", "2017", "another", (OF_COUNTRIES,))
    two = chapter(code("a", CLAIM), code("b", Sentence("e", "{d}", {"d": other})))
    with pytest.raises(
        BuildError,
        match=r"Figure deficit is .* in one place and 5\.?0? in another \(chapter 1 \(Deficit trends\), cell 3\)",
    ):
        brief([two], cover())


def test_an_output_that_cannot_be_set_is_refused_by_place() -> None:
    odd = chapter(code("x", {MEDIA_TYPE: {"kind": "hologram", "figures": []}}))
    with pytest.raises(
        BuildError, match=r"kind 'hologram' \(chapter 1 \(Deficit trends\), cell 2\): it would be missing"
    ):
        printed_brief([odd], cover())


def test_a_heading_that_nothing_follows_is_left_out() -> None:
    empty = chapter(nbformat.v4.new_markdown_cell("## Issue by issue"), nbformat.v4.new_markdown_cell("## Sources"))
    assert [block["kind"] for block in brief([empty], cover(tiles=[]))["blocks"]] == ["heading", "paragraph"]


def test_the_heading_of_a_slot_is_printed_above_what_it_holds() -> None:
    shown = chapter(code("x", Slot("a", (CLAIM,), "The year so far")), code("y", Slot("b", (TILES,))))
    blocks = content_blocks(shown)
    assert [(block["kind"], block.get("level", 0)) for block in blocks[2:]] == [
        ("heading", 2),
        ("claim", 0),
        ("tiles", 0),
    ]
    assert "The year so far" in text(printed_brief([shown], cover()))


def test_a_chapter_that_only_repeats_a_note_has_no_page() -> None:
    none = code("show", Sentence("none", "No talks are on record.", style="note"))
    blocks = brief([chapter(none), chapter(none), ONE], cover())["blocks"]
    assert len([block for block in blocks if block["kind"] == "heading" and block["level"] == 1]) == 2
    assert len([block for block in blocks if block["kind"] == "claim" and block["id"] == "none"]) == 1


def test_a_chapter_that_says_more_than_a_note_of_an_earlier_one_has_its_page() -> None:
    none = Sentence("none", "No talks are on record.", style="note")
    more = chapter(code("show", none, Sentence("more", "The gap is held.", style="finding")))
    blocks = brief([chapter(code("show", none)), more, ONE], cover())["blocks"]
    assert [block["id"] for block in blocks if block["kind"] == "claim"] == ["none", "none", "more", "c"]


def test_a_finding_told_twice_is_no_note_and_stays() -> None:
    said = chapter(code("show", Sentence("gap", "The gap is held.", style="finding")))
    blocks = brief([said, said, ONE], cover())["blocks"]
    assert [block["id"] for block in blocks if block["kind"] == "claim"] == ["gap", "gap", "c"]


def test_markup_in_a_text_is_text() -> None:
    sharp = chapter(code("x", Sentence("s", "{t}", {}, {"t": "#panic() *not bold* $x$ <b> @ref"})))
    assert "#panic() *not bold* $x$ <b> @ref" in text(printed_brief([sharp], cover(tiles=[])))


def test_a_glyph_that_the_fonts_lack_is_refused_and_named() -> None:
    with pytest.raises(BuildError, match="Typst could not set the brief"):
        printed_brief([chapter(code("x", Sentence("k", "{t}", {}, {"t": "한국"})))], cover(tiles=[]))


def test_a_dataset_has_a_letter_and_each_of_its_vintages_a_number() -> None:
    def entry(key: str, *days: str) -> dict[str, Any]:
        return {"key": key, "title": key, "vintages": [{"key": f"{key}@{day}", "words": day} for day in days]}

    chapters = [
        entry("country", "2018-10-05"),
        entry("talks", "2026-11-24"),
        entry("country", *map(str, range(2001, 2041))),
    ]
    country, talks = _lettered(chapters)
    assert [vintage["letter"] for vintage in talks["vintages"]] == ["B"] == [talks["letter"]]
    assert [vintage["letter"] for vintage in country["vintages"]] == [f"A{number}" for number in range(1, 42)]
    assert [vintage["words"] for vintage in country["vintages"]] == sorted(v["words"] for v in country["vintages"])


def tags(pdf: bytes) -> Counter[str]:
    """How many elements of each kind the structure holds."""
    found: Counter[str] = Counter()

    def walk(node: pikepdf.Object) -> None:
        for child in node if isinstance(node, pikepdf.Array) else [node]:
            if isinstance(child, pikepdf.Dictionary):
                found[str(child.get("/S", ""))] += 1
                if "/K" in child:
                    walk(child.K)

    with pikepdf.open(BytesIO(pdf)) as document:
        walk(document.Root.StructTreeRoot.K)
    return found


def test_no_mark_is_read_with_the_number_beside_it(pdf: bytes) -> None:
    words = text(pdf)
    assert "It was $21.6 billion[a]" in words and "−$21.6 billion[a]" in words
    assert not re.search(r"(billion|million|percent)\d", words)


def test_a_count_copies_as_itself() -> None:
    days = Figure("days", 60, "count", "2018", "counted", (OF_COUNTRIES,))
    claim = Sentence("quiet", "A proclamation could follow after {days:count} days.", {"days": days})
    told = printed_brief(
        [chapter(nbformat.v4.new_markdown_cell("# Law"), code("page.show(a)", claim))], cover(tiles=())
    )
    words = " ".join(text(told).split())
    assert re.findall(r"\d+", words[words.index("after") :])[0] == "60"
    assert "after 60[a] days" in words


def test_every_mark_is_tagged_as_a_reference(pdf: bytes) -> None:
    found, marks = tags(pdf), re.findall(r"\[[a-z]+\]", text(pdf))
    assert len(marks) == 5
    assert found["/Reference"] == len(marks) + found["/TOCI"]
