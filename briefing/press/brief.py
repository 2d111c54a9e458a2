"""The printed brief: executed chapters to one tagged PDF (PDF/A-3a, PDF/UA-1), set by Typst.

A notebook becomes content blocks, plain JSON; brief.typ lays them out. Code never shows, cells tagged
"app" are left out, and of outputs only the record counts that `briefing.outputs` put beside the HTML.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from html import unescape
from importlib import resources
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
import mistune
import typst
from nbformat import NotebookNode

from briefing import palette, periods
from briefing.errors import BuildError
from briefing.figures import DOLLARS, Figure
from briefing.outputs import MEDIA_TYPE, STANDINGS, origin_in_words
from briefing.press.references import referenced
from briefing.record.origins import Origin
from briefing.sentences.words import MINUS, in_words

Block = dict[str, Any]

AUTHOR = "The KORUS Briefing Book"
STANDARDS = ["a-3a", "ua-1"]
RECORDS = {"claim", "tiles", "chart", "table", "events", "matrix", "check", "sources"}
BLOCKS = {"heading", "paragraph", "block_text", "list", "list_item", "block_quote", "thematic_break"}
RUNS = {"text", "emphasis", "strong", "link", "codespan", "softbreak", "linebreak"}
FIGURE_BEARERS = ("title", "spans", "tiles")
"""Where a record prints figures that the appendix explains, in reading order; cells of tables are not among them."""


@dataclass(frozen=True)
class Cover:
    """What the title page says: the book, the partner, the as-of day, its headline figures (tiles of a
    "tiles" record), how its data stand, and its name on disk."""

    title: str
    partner: str
    as_of: date
    tiles: Sequence[Mapping[str, Any]]
    standing: str
    identifier: str

    @property
    def day(self) -> str:
        return f"as of {periods.day_in_words(self.as_of)}"


def printed_brief(chapters: Sequence[NotebookNode], cover: Cover) -> bytes:
    """The brief of one edition as PDF: title page, contents, chapters, how each figure was made, sources.

    The same chapters and cover give the same bytes: the file is dated by its as-of day, and only the
    two fonts of the book are used, whatever the machine has.

    Raises
    ------
    BuildError
        If a cell holds what cannot be printed, or Typst refuses; the message names the chapter and cell.
    """
    return _typeset(brief(chapters, cover), cover.as_of)


def brief(chapters: Sequence[NotebookNode], cover: Cover) -> dict[str, Any]:
    """Everything the template sets, as JSON; figures marked in the order in which they are first printed."""
    told = _not_told_before([content_blocks(chapter, number) for number, chapter in enumerate(chapters, 1)])
    found = [block for chapter in told for block in chapter]
    blocks = _without_empty_headings([block for block in found if block["kind"] != "sources"])
    marks: dict[str, str] = {}
    strip = _marked({"tiles": cover.tiles}, marks)
    marked = [_marked(block, marks) for block in blocks]
    sources = _lettered([entry for block in found if block["kind"] == "sources" for entry in block["entries"]])
    return {
        "palette": palette.printed(),
        "cover": _cover(cover, strip["tiles"]),
        "blocks": marked,
        "figures": _appendix(found, marks, {v["key"]: v["letter"] for entry in sources for v in entry["vintages"]}),
        "sources": sources,
    }


def _cover(cover: Cover, tiles: Sequence[Block]) -> Block:
    return {
        "title": cover.title,
        "partner": cover.partner,
        "day": cover.day,
        "standing": cover.standing,
        "identifier": cover.identifier,
        "author": AUTHOR,
        "tiles": tiles,
        "keywords": ["international trade", "United States", cover.partner, cover.day, cover.identifier],
    }


def _lettered(entries: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Each dataset once, with a letter; each of its vintages once, with the letter, and a number where they are many."""
    vintages: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry in entries:
        vintages.setdefault(entry["key"], {}).update({vintage["key"]: vintage for vintage in entry["vintages"]})
    once = {entry["key"]: entry for entry in entries}
    lettered = []
    for letter, (key, held) in zip(ascii_uppercase, vintages.items(), strict=False):
        numbers = [""] if len(held) == 1 else [str(number) for number in range(1, len(held) + 1)]
        named = [
            {**held[vintage], "letter": f"{letter}{number}"}
            for vintage, number in zip(sorted(held), numbers, strict=True)
        ]
        lettered.append({**once[key], "letter": letter, "vintages": named})
    return lettered


def content_blocks(chapter: NotebookNode, number: int = 1) -> list[Block]:
    """A chapter's content in reading order; each block has a "kind", and a "place" for messages.

    Markdown gives heading, paragraph, list and the like, with their text as `children`; code gives the
    records of its outputs, those of a slot one by one.
    """
    blocks: list[Block] = []
    for position, cell in enumerate(chapter.cells, 1):
        place = f"chapter {number}{_name(chapter)}, cell {position}"
        if "app" in cell.metadata.get("tags", []):
            continue
        found = _markdown(cell.source, place) if cell.cell_type == "markdown" else _records(cell, place)
        blocks += [{**block, "place": place} for block in found]
    return blocks


def _name(chapter: NotebookNode) -> str:
    lines = [line for cell in chapter.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    titles = [line[2:].strip() for line in lines if line.startswith("# ")]
    return f" ({titles[0]})" if titles else ""


def _markdown(text: str, place: str) -> list[Block]:
    tokens = mistune.create_markdown(renderer=None)(text)
    return _nodes(tokens, place)  # type: ignore[arg-type]


def _nodes(tokens: Sequence[Mapping[str, Any]], place: str) -> list[Block]:
    return [_node(token, place) for token in tokens if token["type"] != "blank_line"]


def _node(token: Mapping[str, Any], place: str) -> Block:
    if token["type"] not in BLOCKS | RUNS:
        raise BuildError(
            f"The brief cannot print Markdown of type {token['type']!r} ({place}): a reader on paper would miss it. "
            'Write it as a heading, paragraph or list, or tag the cell "app".'
        )
    node = {"kind": token["type"], **token.get("attrs", {})}
    if "raw" in token:
        node["text"] = unescape(token["raw"])
    return {**node, "children": _nodes(token.get("children", []), place)}


def _records(cell: NotebookNode, place: str) -> Iterator[Block]:
    for output in cell.get("outputs", []):
        record = output.get("data", {}).get(MEDIA_TYPE)
        if record is not None:
            yield from _flattened(record, place)


def _flattened(record: Mapping[str, Any], place: str) -> Iterator[Block]:
    if record.get("kind") == "slot":
        if record["heading"]:
            yield {
                "kind": "heading",
                "level": 2,
                "children": [{"kind": "text", "text": record["heading"], "children": []}],
            }
        for inner in record["outputs"]:
            yield from _flattened(inner, place)
    elif record.get("kind") in RECORDS:
        yield dict(record)
    else:
        raise BuildError(
            f"The brief has no way to set an output of kind {record.get('kind')!r} ({place}): it would be missing "
            f"from the page. Known kinds are {', '.join(sorted(RECORDS))}; add it to briefing/press/brief.py and brief.typ."
        )


def _not_told_before(chapters: Sequence[list[Block]]) -> list[list[Block]]:
    """The chapters without those that only repeat notes of an earlier one, as that no talks are on record: no page holds a line."""
    kept: list[list[Block]] = []
    notes: list[Any] = []
    for blocks in chapters:
        shown = [block for block in blocks if block["kind"] in RECORDS and block["kind"] != "sources"]
        if not shown or any(block.get("spans") not in notes for block in shown):
            kept.append(blocks)
        notes += [block["spans"] for block in shown if block.get("style") == "note"]
    return kept


def _without_empty_headings(blocks: list[Block]) -> list[Block]:
    """Headings that nothing follows are left out, as where a chapter's sources have moved to the end."""
    kept: list[Block] = []
    for block in reversed(blocks):
        level = block.get("level", 0)
        empty = block["kind"] == "heading" and level > 1 and (not kept or 0 < kept[-1].get("level", 9) <= level)
        if not empty:
            kept.append(block)
    return kept[::-1]


def figure_mark(place: int) -> str:
    """The mark of the figure at a place, from nought: letters, for a digit beside a number's own would be read with it.

    >>> [figure_mark(place) for place in (0, 25, 26, 701, 702)]
    ['a', 'z', 'aa', 'zz', 'aaa']
    """
    more, letter = divmod(place, len(ascii_lowercase))
    return (figure_mark(more - 1) if more else "") + ascii_lowercase[letter]


def _marked(block: Block, marks: dict[str, str]) -> Block:
    """The block as the template reads it: a figure's id gives way to its mark in the appendix."""

    def marked(run: Mapping[str, Any]) -> Block:
        id = run.get("figure")
        return {**run, "mark": marks.setdefault(id, figure_mark(len(marks)))} if id else dict(run)

    kept = {key: value for key, value in block.items() if key not in ("figures", "origins")}
    return kept | {key: [marked(run) for run in kept[key]] for key in FIGURE_BEARERS if key in kept}


def _appendix(blocks: Sequence[Block], marks: Mapping[str, str], letters: Mapping[str, str]) -> list[Block]:
    figures: dict[str, Figure] = {}
    for block in blocks:
        for record in block.get("figures", []):
            origins = tuple(Origin(**origin) for origin in record["origins"])
            figure = Figure(**{**record, "origins": origins, "rows": (), "parts": ()})
            if figures.setdefault(figure.id, figure).value != figure.value:
                raise BuildError(
                    f"Figure {figure.id} is {figures[figure.id].value} in one place and {figure.value} in another "
                    f"({block['place']}). The appendix could explain only one. Give them two ids."
                )
    missing = [id for id in marks if id not in figures]
    if missing:
        raise BuildError(
            f"Figure {missing[0]} is printed but not recorded, so nobody could check it. Add it to the output's figures."
        )
    return [_explained(figures[id], mark, letters) for id, mark in marks.items()]


def _explained(figure: Figure, mark: str, letters: Mapping[str, str]) -> Block:
    exact = f"{figure.value:,.0f}".replace("-", MINUS) if figure.unit == DOLLARS else ""
    return {
        "mark": mark,
        "value": in_words(figure),
        "exact": exact,
        "formula": figure.formula,
        "period": periods.in_words(figure.period) if figure.period else "",
        "origins": [_named(origin, letters) for origin in figure.origins],
    }


def _named(origin: Origin, letters: Mapping[str, str]) -> Block:
    """An origin by the letter of its source and its mark, or by the page that printed it."""
    letter = "" if origin.reference else letters.get(f"{origin.dataset}@{origin.vintage}", "")
    mark = STANDINGS[origin.standing]
    words = f"{letter} ({mark})" if mark else letter
    return {"letter": letter, "text": words if letter else origin_in_words(origin)}


@cache
def _fonts() -> typst.Fonts:
    """The two families, from their OpenType files only: the packages hold each face twice, as .otf and .ttf."""
    with tempfile.TemporaryDirectory() as folder:
        for package in (font_source_sans_pro, font_source_serif_pro):
            for file in (Path(package.__file__).parent / "files").glob("*.otf"):
                (Path(folder) / file.name).symlink_to(file.resolve())
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _typeset(content: Mapping[str, Any], day: date) -> bytes:
    try:
        return referenced(_compiled(content, day, STANDARDS))
    except typst.TypstError as refusal:
        raise BuildError(
            f"Typst could not set the brief ({_culprit(content, day)}): {refusal.message}. "
            "No PDF was written. Mend what that place holds, or brief.typ."
        ) from refusal


def _compiled(content: Mapping[str, Any], day: date, standards: list[str]) -> bytes:
    template = (resources.files("briefing.press") / "brief.typ").read_bytes()
    files = {"main.typ": template, "brief.json": json.dumps(content, ensure_ascii=False).encode()}
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return typst.compile(files, font_paths=_fonts(), format="pdf", pdf_standards=standards, timestamp=noon)  # type: ignore


def _culprit(content: Mapping[str, Any], day: date) -> str:
    """The place of the first block that cannot be set by itself."""
    for block in content["blocks"]:
        try:
            _compiled({**content, "blocks": [block]}, day, STANDARDS[:1])
        except typst.TypstError:
            return str(block["place"])
    return "the brief as a whole"
