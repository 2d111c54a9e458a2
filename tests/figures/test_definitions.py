"""The automotive gap by definition: each on one basis, real figures, nothing mixed."""

import re
from pathlib import Path

import pytest
import tomlkit
from briefing.chapters import auto_trade_gap as chapter
from briefing.exhibits.charts import Chart
from briefing.exhibits.tables import Table
from briefing.figures import Figure, with_parts
from briefing.figures.definitions import DEFINITIONS, Placed
from briefing.record import sources
from briefing.sentences import Sentence
from briefing.sentences.autos import published_gaps

DEFAULT = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")


def rows(as_of: str, partner: str = "5800") -> dict[str, list[object]]:
    edition = sources.open_edition(partner, "2011-01", "latest", as_of)
    (table,) = chapter.by_definition(edition)
    assert isinstance(table, Table)
    return {str(row[0]): list(row[1:]) for row in table.rows}


def test_2016_on_the_definitions_held() -> None:
    found = rows("2018-01-05")
    year, exports, imports, balance, share = found["HS chapter 87, vehicles and parts (imports for consumption)"]
    assert (
        isinstance(exports, Figure)
        and isinstance(imports, Figure)
        and isinstance(balance, Figure)
        and isinstance(share, Figure)
    )
    assert (year, round(balance.value / 1e9, 1), round(share.value, 3)) == ("2016", -20.8, 0.754)
    cars, trucks, everything = (
        found[f"{name} (general imports)"][2]
        for name in (
            "End-use 30000, passenger cars",
            "End-use 30100, trucks, buses and special vehicles",
            "End-use 3, vehicles, engines and parts",
        )
    )
    assert isinstance(cars, Figure) and isinstance(trucks, Figure) and isinstance(everything, Figure)
    assert (
        round(cars.value / 1e6) == 16_070
        and round(trucks.value / 1e6, 1) == 1.1
        and round(everything.value / 1e6) == 25_108
    )


@pytest.mark.parametrize("partner", ["5800", "2010", "5880", "5520"])
def test_no_row_mixes_two_bases_of_imports(partner: str) -> None:
    for row in rows("2026-07-08", partner).values():
        figures = [cell for cell in row if isinstance(cell, Figure) and cell.unit == "US dollars"]
        systems = {
            system
            for figure in with_parts(figures).values()
            for selected in figure.rows
            for column, *ends in selected.where
            if column == "trade_system"
            for system in ends
        }
        assert len(systems - {"total"}) == 1


def test_parts_and_vehicles_add_up_to_end_use_3() -> None:
    found = rows("2018-01-05")
    values = {name: cells[2].value for name, cells in found.items() if isinstance(cells[2], Figure)}
    vehicles = values["End-use 30000 and 30100, vehicles alone (general imports)"]
    parts = values["Engines, bodies, tires and other parts of end-use 3 (general imports)"]
    assert vehicles + parts == values["End-use 3, vehicles, engines and parts (general imports)"]


@pytest.mark.parametrize("partner", ["1220", "5880", "5800"])
def test_a_row_counts_every_code_that_its_name_begins_and_no_other(partner: str) -> None:
    edition = sources.open_edition(partner, "2011-01", "latest", "2026-11-27")
    held = sorted({code for code in chapter._end_use(edition)["commodity"] if code.startswith("3") and len(code) == 5})
    for one in DEFINITIONS:
        if named := re.findall(r"\b3\d*\b", one.name.split(",")[0]) if one.classification == "END_USE" else []:
            assert [code for code in held if code.startswith(tuple(named))] == [
                code for code in held if code in one.codes
            ]


def test_a_dash_for_a_share_is_told_also_where_there_is_a_deficit() -> None:
    for partner in ("1220", "5520"):
        edition = sources.open_edition(
            partner, "2011-01", "latest", "2018-01-05" if partner == "1220" else "2026-03-20"
        )
        (table,) = chapter.by_definition(edition)
        assert isinstance(table, Table)
        in_deficit = [row for row in table.rows if isinstance(row[4], Figure) and row[4].value < 0]
        assert any(row[5] is None for row in in_deficit) and "too small for a share" in table.subtitle


def test_every_published_rival_known_by_the_day_stands_on_the_chart() -> None:
    (chart,) = chapter.published_gaps(DEFAULT)
    assert isinstance(chart, Chart)
    for gap in ("−$14.4 billion", "−$15.9 billion", "−$24.0 billion", "−$24.8 billion", "−$20.8 billion"):
        assert gap in chart.alt_text
    assert "18.8 Bloomberg" in chart.svg and "Worked out from what somebody printed" in chart.svg
    assert repr(chart.title).startswith(
        "The gaps published for whole years with South Korea run from $14.4 billion to $24.0 billion"
    )
    assert "21.5" not in chart.alt_text, "PIIE's figure came out later in the month"
    (later,) = chapter.published_gaps(sources.open_edition("5800", "2011-01", "latest", "2018-03-29"))
    assert isinstance(later, Chart) and "−$21.5 billion" in later.alt_text


def test_trucks_stand_beside_their_duty() -> None:
    claims = {output.id: output.text for output in chapter.numbers(DEFAULT) if isinstance(output, Sentence)}
    assert "$1.1 million" in claims["autos-trucks"] and "25%" in claims["autos-trucks"]
    later = chapter.numbers(sources.open_edition("5800", "2011-01", "latest", "2018-09-25"))
    assert any("2041" in repr(output) for output in later)
    assert "2041" not in claims["autos-trucks"]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.key)
@pytest.mark.parametrize("as_of", ["2014-06-01", "2018-01-05", "2026-07-08"])
def test_every_choice_shows_a_chart_or_says_what_is_not_held(definition: object, as_of: str) -> None:
    edition = sources.open_edition("5800", "2006-01", "latest", as_of)
    (shown,) = chapter.on_definition(edition, definition.key)  # type: ignore[attr-defined]
    assert isinstance(shown, Chart) or "no complete year" in repr(shown)


def test_where_no_definition_is_held_there_is_nothing_to_choose() -> None:
    edition = sources.open_edition("5800", "2006-01", "latest", "2012-03-01")
    assert [shown for key in chapter.CHOICES for shown in chapter.on_definition(edition, key)] == []


def test_printed_gaps_stand_in_the_order_of_the_months_they_mean_beside_ours_of_the_same() -> None:
    (chart,) = chapter.published_gaps(sources.open_edition("5800", "2011-01", "latest", "2026-06-01"))
    assert isinstance(chart, Chart)
    rows = re.findall(r"[^;.]+?((?:January–May )?\d{4}(?:, as it says)?): (−\$\d+\.\d) billion", chart.alt_text)
    months = [months for months, _ in rows]
    assert list(dict.fromkeys(months)) == [
        "2015",
        "2016",
        "2017, as it says",
        "2017",
        "January–May 2018",
        "January–May 2019",
        "2024",
    ]
    assert "HS chapter 87, imports for consumption, January–May 2019: −$7.4 billion, this book" in chart.alt_text
    assert "No gap that somebody printed of months after May 2019 is on record" in chart.basis
    (then,) = chapter.published_gaps(DEFAULT)
    assert isinstance(then, Chart) and "No gap that" not in then.basis


IN_MILLIONS = {
    "2014": (1_917, 23_215, -21_298, -13_564),
    "2015": (2_242, 26_192, -23_950, -15_993),
    "2016": (2_550, 25_108, -22_558, -14_488),
    "2017": (2_441, 23_863, -21_421, -14_189),
    "2020": (3_127, 24_386, -21_259, -13_810),
    "2022": (4_465, 33_460, -28_995, -17_960),
    "2023": (3_233, 42_141, -38_908, -28_025),
    "2024": (2_599, 49_500, -46_901, -35_270),
}
"""Exports, imports and balance of end-use 3, and the balance of passenger cars, added up by hand from the office's files."""


def test_balances_by_end_use_are_those_of_the_offices_own_files() -> None:
    found: dict[str, list[int]] = {}
    for as_of in ("2018-01-05", "2026-11-27"):
        edition = sources.open_edition("5800", "2011-01", "latest", as_of)
        whole, cars = (chapter._years(one, edition) for one in DEFINITIONS if one.key in ("end-use-3", "end-use-cars"))
        for of_all, of_cars in zip(whole, cars, strict=True):
            figures = (of_all.exports, of_all.imports, of_all.balance, of_cars.balance)
            if of_all.balance is not None:
                found[of_all.year] = [round(figure.value / 1e6) for figure in figures if figure is not None]
    assert {year: tuple(found[year]) for year in IN_MILLIONS} == IN_MILLIONS


@pytest.mark.parametrize(
    ("partner", "billions"),
    [
        ("5880", (-52.2, -53.2, -53.5)),
        ("2010", (-74.0, -81.6, -138.6)),
        ("1220", (-5.7, -0.2, 8.9)),
        ("4280", (-23.3, -22.1, -25.6)),
        ("5700", (-7.5, -6.1, -15.0)),
        ("0015", (-199.5, -200.4, -302.1)),
    ],
)
def test_balances_of_other_car_makers_by_end_use(partner: str, billions: tuple[float, ...]) -> None:
    edition = sources.open_edition(partner, "2011-01", "latest", "2026-11-27")
    (whole,) = [one for one in DEFINITIONS if one.key == "end-use-3"]
    held = {one.year: one.balance for one in chapter._years(whole, edition)}
    found = [held[year] for year in ("2016", "2017", "2024")]
    assert tuple(round(one.value / 1e9, 1) for one in found if one is not None) == billions


def test_an_excerpt_answers_for_its_partners_alone_and_a_balance_names_both_its_vintages() -> None:
    (whole,) = [one for one in DEFINITIONS if one.key == "end-use-3"]
    last = {}
    for partner in ("5800", "5520"):
        edition = sources.open_edition(partner, "2011-01", "latest", "2026-11-27")
        last[partner] = [one for one in chapter._years(whole, edition) if one.balance is not None][-1]
    vintages = {
        partner: {(o.dataset, o.vintage) for o in one.balance.origins} for partner, one in last.items() if one.balance
    }
    imported = ("census-end-use-imports", "2026-02-19")
    assert (last["5800"].year, vintages["5800"]) == ("2024", {("census-end-use-exports", "2026-02-19"), imported})
    assert (last["5520"].year, vintages["5520"]) == ("2022", {("census-end-use-exports", "2023-07-26"), imported})


def test_where_an_excerpt_of_others_is_all_that_is_held_a_partner_has_its_imports_and_no_gap(
    copied_record: Path,
) -> None:
    register = copied_record / "sources.toml"
    told = tomlkit.parse(register.read_text(encoding="utf-8"))
    told["census-end-use-exports"]["vintages"].remove(told["census-end-use-exports"]["vintages"][0])  # type: ignore[index, union-attr]
    register.write_text(tomlkit.dumps(told), encoding="utf-8")
    (whole,) = [one for one in DEFINITIONS if one.key == "end-use-3"]
    years = chapter._years(whole, sources.open_edition("5520", "2011-01", "latest", "2026-11-27"))
    assert [one.year for one in years][-1] == "2025"
    assert {one.balance for one in years} == {None}


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([], "The gap with Japan that a published share comes to, beside what this book computes"),
        ([(-5, "2016")], "The published gap with Japan, $5.0 billion, beside what this book computes"),
        ([(-5, "2016"), (-5, "2017")], "The published gap with Japan, $5.0 billion, beside what this book computes"),
        (
            [(-5, "2016"), (-2, "2016"), (-9, "2016")],
            "The published gaps with Japan run from $2.0 billion to $9.0 billion: they count different goods",
        ),
        (
            [(-5, "2016"), (-9, "2017")],
            "The published gaps with Japan run from $5.0 billion to $9.0 billion: they count different goods and months",
        ),
    ],
)
def test_published_gaps_are_told_by_their_ends_and_by_what_sets_them_apart(
    gaps: list[tuple[int, str]], words: str
) -> None:
    placed = [
        Placed(
            Figure("f", value * 10**9, "US dollars", f"{year}-01/{year}-12", "printed", ()),
            "Vehicles",
            f"{year}-01/{year}-12",
            "USTR",
        )
        for value, year in gaps
    ]
    assert published_gaps(placed, "Japan").text == words


def test_gaps_stand_by_their_last_month_the_shorter_first_and_ours_after_what_was_printed() -> None:
    def placed(period: str, by: str, value: int = -5) -> Placed:
        return Placed(Figure("f", value, "US dollars", period, "printed", ()), "Vehicles", period, by)

    order = [
        placed("2016-01/2016-12", "USTR"),
        placed("2017-01/2017-05", "USTR"),
        placed("2017-05/2017-11", "USTR"),
        placed("2017-01/2017-11", "USTR"),
        placed("2017-01/2017-11", "USTR", 9),
        placed("2017-01/2017-11", ""),
    ]
    turned = order[::-1]
    assert sorted(turned, key=lambda one: one.place) == order


def test_a_printed_gap_stands_beside_ours_on_the_same_goods() -> None:
    (chart,) = chapter.published_gaps(DEFAULT)
    assert isinstance(chart, Chart)
    ours = {figure.id: round(figure.value / 1e9, 1) for figure in chart.figures if figure.id.startswith("definition.")}
    assert ours == {
        "definition.end-use-cars.5800.2015.balance": -16.0,
        "definition.end-use-cars.5800.2016.balance": -14.5,
        "definition.end-use-3.5800.2016.balance": -22.6,
    }


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("hs-8703", "customs value. Exports on this definition are not held, so no gap is shown."),
        ("end-use-3", "customs value; total exports, FAS."),
    ],
)
def test_the_chart_of_a_definition_says_what_it_counts_of_exports(key: str, says: str) -> None:
    (chart,) = chapter.on_definition(sources.open_edition("5800", "2011-01", "latest", "2026-03-01"), key)
    assert isinstance(chart, Chart) and says in chart.basis
