"""Numbers as they stand on a page: units that fit, no signed nought, parts and totals, percentages worth telling."""

import re
from dataclasses import replace
from datetime import date

import pytest
from briefing.chapters import auto_trade_gap, deficit_trends, in_brief
from briefing.exhibits.tables import Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import COUNT, DOLLARS, Figure, Rows, bears_percentage, derived
from briefing.figures.deficit import balance_of
from briefing.record import sources
from briefing.record.edition import Edition, default_first_period
from briefing.sentences import Sentence, rounding
from briefing.sentences.autos import share_of_deficit
from briefing.sentences.units import in_unit
from briefing.sentences.words import FORMATS, MINUS
from hypothesis import given
from hypothesis import strategies as st


def figure(id: str, value: float) -> Figure:
    return Figure(id, value, DOLLARS, "2017-01/2017-11", "given", ())


def opened(partner: str, day: str) -> Edition:
    first = default_first_period(sources.calendar().last_published(date.fromisoformat(day)))
    return sources.open_edition(partner, first, "latest", day)


BALANCE = balance_of("b", figure("x", 1.94e9), figure("m", 18.46e9), "exports less imports")


@given(st.floats(-1e12, 1e12), st.sampled_from(sorted(set(FORMATS) - {"count", "nth", "ordinal", "ordinal_smallest"})))
def test_nothing_that_prints_as_nought_bears_a_sign(value: float, spec: str) -> None:
    text = FORMATS[spec](value)
    assert re.search("[1-9]", text) or not text.startswith((MINUS, "+", "-"))


def test_small_amounts_are_told_in_a_unit_that_fits() -> None:
    assert FORMATS["millions"](-8_000) == "−$8.0 thousand"
    assert FORMATS["signed"](0.2) == "$0"
    assert in_unit(-200, 1e6) == "−0.0002" and in_unit(-20, 1e6) == "−$20" and in_unit(0, 1e6) == "0.0"
    table = Table("t", Sentence("c", "Title"), "{unit}", [Column("A"), Column("B")], [["a", figure("f", -8e3)]])
    assert table.record()["subtitle"] == "Thousand dollars" and table.record()["rows"][0][1]["text"] == "−8.0"


@pytest.mark.long
@pytest.mark.parametrize("partner", ["6225", "5682", "6227", "6144", "6143", "6029", "4752"])
def test_no_edition_of_a_small_partner_says_minus_nought(partner: str) -> None:
    edition = opened(partner, "2020-01-05")
    shown = [
        *in_brief.headline(edition),
        *deficit_trends.headline(edition),
        *deficit_trends.known_since(edition),
        deficit_trends.vintage_standing(edition),
        *deficit_trends.why_it_moved(edition),
        deficit_trends.last_months(edition),
    ]
    for output in shown:
        assert not re.search(rf"[{MINUS}+-]\$?0(?:\.0)?(?![\d.])|\$0\.0", f"{output!r} {output.record()}"), output


def test_a_percentage_on_a_base_small_beside_its_flows_gives_way_to_the_amount() -> None:
    edition = opened("United Kingdom", "2026-03-20")
    headline, tiles, *_ = deficit_trends.headline(edition)
    assert "was $8.1 billion in January 2026, up $8.1 billion from $1.7 million in the same month of 2025" in str(
        headline
    )
    assert "Change in balance: +$8.1 billion" in str(tiles) and "percent" not in str(tiles)


def test_a_change_of_sides_tells_its_amount() -> None:
    text = str(deficit_trends.headline(opened("Russia", "1997-04-01"))[0])
    assert re.search(
        r"after a surplus of \$59\.7 million in the same month of 1996: a change of \$111\.\d million\.$", text
    )


def test_a_percentage_is_told_where_the_base_bears_it() -> None:
    before = balance_of("b0", figure("x0", 40e9), figure("m0", 60e9), "less")
    small = balance_of("b1", figure("x1", 100e9), figure("m1", 101e9), "less")
    assert bears_percentage(BALANCE, before)
    assert not bears_percentage(BALANCE, small)
    assert not bears_percentage(figure("a", 5.1e6), figure("b", 1e6))
    assert bears_percentage(figure("a", 5e6), figure("b", 1e6))
    assert not bears_percentage(figure("a", 2_660), figure("b", 2_650))
    rounded = replace(figure("b", 1.2e6), period="2001-01/2001-11")
    assert not bears_percentage(replace(rounded, id="a", value=1.5e6, period="2002-01/2002-11"), rounded)
    assert not bears_percentage(figure("a", -1.0), figure("b", 1.0))


def test_a_sentence_whose_parts_do_not_add_up_as_printed_says_that_it_is_rounded() -> None:
    words = "The gap was {b:size}: exports of {x:size} against imports of {m:size}."
    adds = balance_of("b", figure("x", 1.96e9), figure("m", 18.46e9), "less")
    assert Sentence("c", words, {"b": adds, "x": adds.parts[0], "m": adds.parts[1]}).text.endswith(
        "against imports of $18.5 billion."
    )
    off = balance_of("b", figure("x", 1.94e9), figure("m", 18.36e9), "less")
    text = Sentence("c", words, {"b": off, "x": off.parts[0], "m": off.parts[1]}).text
    assert text == "The gap was $16.4 billion: exports of $1.9 billion against imports of $18.4 billion, rounded."


def test_a_tile_whose_parts_beside_it_do_not_add_up_as_printed_says_that_it_is_rounded() -> None:
    off = balance_of("b", figure("x", 1.94e9), figure("m", 18.36e9), "less")
    tiles = Tiles("t", [Tile("Balance", off, "signed", "2016"), *(Tile(p.id, p, "size", "2016") for p in off.parts)])
    assert [tile["note"] for tile in tiles.record()["tiles"]] == ["2016; rounded", "2016", "2016"]


def test_a_table_tells_that_its_parts_and_totals_differ_as_printed() -> None:
    rows = [["a", figure("a", 1.04e6)], ["b", figure("b", 1.04e6)]]
    total = derived("t", 2.08e6, DOLLARS, "2017", "summed", [row[1] for row in rows])  # type: ignore[misc]
    columns = [Column(""), Column("")]
    whole = Table("t", Sentence("c", "Title"), "{unit}", columns, [*rows, ["all", total]])  # type: ignore[list-item]
    assert whole.note == "Rounded: parts and totals, as printed, may differ in the last digit."
    assert Table("t", Sentence("c", "Title"), "{unit}", columns, rows).note == ""  # type: ignore[arg-type]


def test_only_dollars_are_added_up() -> None:
    parts = [Figure(id, 1, COUNT, "", "", ()) for id in "ab"]
    assert rounding.sums_among([*parts, derived("c", 2, COUNT, "", "", parts)]) == []


def test_the_bridge_of_the_default_edition_tells_its_rounding(edition: Edition) -> None:
    flows, _ = deficit_trends.why_it_moved(edition)
    assert flows.note.endswith("Rounded: parts and totals, as printed, may differ in the last digit.")  # type: ignore[attr-defined]


def amounts(cells: list[str]) -> list[float]:
    return [float(text.replace(MINUS, "-").replace(",", "")) for text in cells]


@pytest.mark.parametrize("partner", ["5800", "5880", "2010", "1220", "0015"])
def test_every_row_of_flows_adds_up_as_printed_or_the_table_says_that_it_is_rounded(partner: str) -> None:
    edition = opened(partner, "2018-01-05")
    for table in (deficit_trends.last_months(edition), *auto_trade_gap.car_makers(edition)):
        for row in table.record()["rows"]:  # type: ignore[attr-defined]
            exports, imports, balance = amounts([cell["text"] for cell in row[1:4]])
            assert round(exports - imports, 1) == balance or "Rounded:" in table.note  # type: ignore[attr-defined]


def test_no_share_is_told_of_a_deficit_that_is_small_beside_its_flows() -> None:
    counted = Rows("census-hs", "2018-10-05", (("classification", "HS", "HS"), ("commodity", "87", "87")), 1, 1)
    gap = balance_of("gap", *(replace(figure(id, v), rows=(counted,)) for id, v in (("x", 1e9), ("m", 9e9))), "less")
    small = balance_of("small", figure("x0", 99e9), figure("m0", 100e9), "less")
    large = balance_of("large", figure("x1", 40e9), figure("m1", 60e9), "less")
    text = str(share_of_deficit(gap, small))
    assert text == "The whole goods deficit of the same months was $1.0 billion."
    assert str(share_of_deficit(gap, large)).startswith("It equals 40.0 percent of the whole goods deficit")


def test_that_parts_are_rounded_stands_at_the_end_of_their_clause() -> None:
    parts = (figure("x", 1.94e9), figure("m", 18.36e9))
    quoted = {"gap": balance_of("b", *parts, "less"), "exports": parts[0], "imports": parts[1]}
    said = Sentence("c", "{gap:signed}, from {exports:size} to {imports:size} in all; more follows.", quoted)
    assert said.text == "−$16.4 billion, from $1.9 billion to $18.4 billion in all, rounded; more follows."
