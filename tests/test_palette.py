"""The palette is where every colour stands: charts, pages and print show no other, and all can be read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from briefing import checks, palette, talks
from briefing.app import server
from briefing.chapters import auto_trade_gap, deficit_trends, revisions, state_of_talks
from briefing.exhibits import chips
from briefing.exhibits.charts import Chart
from briefing.palette import CHIPS, COLOURS
from briefing.press.brief import printed_brief
from briefing.record.edition import Edition
from briefing.sentences import Sentence

from tests.press.test_brief import chapter, code, cover

PACKAGE = Path(palette.__file__).parent
STYLES = (server.TEMPLATES / "voila/templates/briefing/static/app.css").read_text(encoding="utf-8")
WORDS = "white|black|gr[ae]y|silver|red|maroon|orange|yellow|green|teal|blue|navy|purple"
A_COLOUR = re.compile(
    r"(?<!&)(?:#|%23)(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b"
    r"|\b(?:rgba?|hsla?|luma|cmyk|oklch)\([\"'\d]"
    rf"|[\"'](?:{WORDS})[\"']|:\s*(?:{WORDS})\b(?!-)"
)


def written() -> Iterator[Path]:
    kinds = {".py", ".typ", ".css", ".js", ".html", ".j2", ".json"}
    yield from (path for path in PACKAGE.rglob("*") if path.suffix in kinds and path != Path(palette.__file__))


def test_no_colour_stands_anywhere_but_in_the_palette() -> None:
    files = list(written())
    assert {"app.css", "brief.typ", "shell.html.j2", "talks.py"} <= {path.name for path in files}
    assert {path.name: found for path in files if (found := A_COLOUR.findall(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "line",
    ["color: #fff;", "fill='%2316324f'", 'rgb("#556472")', "rgb(22 50 79 / .12)", 'color="white"', "color: white;"],
)
def test_a_colour_of_one_s_own_is_found(line: str) -> None:
    assert A_COLOUR.search(line)


def test_every_name_that_pages_and_print_ask_for_is_in_the_palette() -> None:
    own = set(re.findall(r"(--[\w-]+):", STYLES)) | {"--done"}  # how far a page has come
    asked = set(re.findall(r"var\((--[\w-]+)", STYLES)) - own
    printed = set(re.findall(r'colour\("([\w-]+)"\)', (PACKAGE / "press" / "brief.typ").read_text(encoding="utf-8")))
    assert len(asked) > 10 and len(printed) > 5
    assert {name.removeprefix("--") for name in asked} | printed <= set(COLOURS)


def test_charts_draw_in_no_other_colour(edition: Edition) -> None:
    views = [
        deficit_trends.monthly_trade,
        deficit_trends.annual_balance,
        deficit_trends.ranking,
        auto_trade_gap.monthly_gap,
        auto_trade_gap.annual_gaps,
        state_of_talks.timeline,
        revisions.moves,
    ]
    shown = [output for view in views for output in _listed(view(edition)) if isinstance(output, Chart)]
    assert len(shown) >= len(views)
    for chart in shown:
        seen = re.sub(r'<[^>]* (?:stroke-)?opacity="0"[^>]*>', "", chart.svg)  # what only a pointer finds
        drawn = set(re.findall(r'(?:fill|stroke)="([^"]+)"', seen)) - {"none", "transparent"}
        assert drawn <= set(COLOURS.values()), chart.id


def _listed(output: object) -> list[object]:
    return output if isinstance(output, list) else [output]


def test_every_place_and_every_verdict_has_a_chip() -> None:
    places = [*talks.IN_TALKS.values(), *talks.IN_LAW.values()]
    used = {*(place.chip for place in places), *(kind.chip for kind in checks.VERDICTS)}
    assert used == set(CHIPS)
    assert len({chip.name for chip in CHIPS}) == len(CHIPS) == len({chip.ground for chip in CHIPS})


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)  # the lightest grey that passes on white


@pytest.mark.parametrize("chip", CHIPS, ids=lambda chip: chip.name)
def test_the_word_of_a_chip_can_be_read(chip: palette.Chip) -> None:
    assert contrast(chip.text, chip.ground) >= 4.5


NOT_FOR_TEXT = {"paper", "tint", "line", "pale", "edge", "sky", "amber", "blush"}


@pytest.mark.parametrize("name", sorted(COLOURS.keys() - NOT_FOR_TEXT))
def test_a_colour_for_text_can_be_read_on_paper_and_paper_on_it(name: str) -> None:
    assert contrast(COLOURS[name], palette.PAPER) >= 4.5


def rules() -> Iterator[tuple[str, str, str]]:
    """Selector, colour of the text and colour of the ground of each rule of the pages that colours text, by name."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", STYLES.split("@media print")[0]):
        text = re.search(r"(?<![-\w])color: var\(--(?!jp)([\w-]+)\)", body)
        ground = re.search(r"background: var\(--([\w-]+)\)", body)
        if text:
            usual = ["ink"] if "header.book" in selector else ["paper", "tint"]
            yield from ((selector.strip(), text[1], one) for one in ([ground[1]] if ground else usual))


def test_all_text_of_the_pages_can_be_read_on_its_ground() -> None:
    found = list(rules())
    assert len(found) > 40
    assert [rule for rule in found if contrast(COLOURS[rule[1]], COLOURS[rule[2]]) < 4.5] == []


@pytest.mark.parametrize("ground", [palette.SKY, palette.BLUSH, palette.TINT])
@pytest.mark.parametrize("text", [palette.TEXT, palette.MUTED, palette.LINK, palette.INK])
def test_text_can_be_read_where_the_ground_marks_it(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_the_edge_of_a_control_can_be_seen() -> None:
    assert contrast(palette.EDGE, palette.PAPER) >= 3


def test_app_and_print_show_a_chip_alike() -> None:
    in_app = {
        name: {"name": name, "ground": ground, "text": text, "edge": edge}
        for name, ground, text, edge in re.findall(
            r"\.chip\.(\w+) { background: (\S+); color: (\S+); border-color: (\S+); }", palette.styles()
        )
    }
    assert in_app == palette.printed()["chips"]
    assert ".chip." not in STYLES.replace(".chip[title]", "")


class Chips(Sentence):
    """A record that shows every chip, as a claim that was checked does."""

    def record(self) -> dict[str, object]:
        shown = [chips.chip_record(chip, chip.name) for chip in CHIPS]
        return {"kind": "check", "title": self.spans, "spans": self.spans, "chips": shown, "rows": [], "links": []}


def test_the_printed_brief_shows_every_chip_on_its_ground() -> None:
    pdf = pypdfium2.PdfDocument(printed_brief([chapter(code("show", Chips("c", "All of them.")))], cover(tiles=[])))
    seen = {
        "#{:02x}{:02x}{:02x}".format(*colour)
        for page in pdf
        for _, colour in page.render(scale=2).to_pil().convert("RGB").getcolors(1 << 20)
    }
    pdf.close()
    assert {chip.ground for chip in CHIPS} <= seen
