"""The drawing of the house, the readme and the code agree, and its arrows run one way."""

import ast
import re
from pathlib import Path

import pytest
from briefing.record import observations

from tests.house import LONG, PROJECT, House, circles

HOUSE = House()


def test_every_room_is_drawn_and_every_drawn_room_exists() -> None:
    assert sorted(HOUSE.drawn) == sorted(HOUSE.rooms)


def test_arrows_run_one_way() -> None:
    assert len(HOUSE.between_rooms) > 90
    assert HOUSE.back == []


def test_there_is_no_circle_of_rooms_or_of_modules() -> None:
    assert len(HOUSE.arrows) > 500
    assert circles(HOUSE.between_rooms) == circles(HOUSE.arrows) == []


def test_no_function_outside_acquire_is_longer_than_a_screen() -> None:
    assert LONG == 30
    long = {function: lines for function, lines in HOUSE.lengths.items() if lines > LONG}
    assert {name: lines for name, lines in long.items() if not name.startswith("briefing.acquire.")} == {}


USED_ELSEWHERE = {
    "briefing.palette.LINK": "styles and the printed brief have every colour by its name",
    "briefing.palette.TINT": "styles and the printed brief have every colour by its name",
    "briefing.prefork.__all__": "what an import of everything gives",
}


def test_nothing_is_defined_that_nobody_uses() -> None:
    pages = [*(PROJECT / "notebooks").glob("*.ipynb"), PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    told = set(re.findall(r"\w+", " ".join(page.read_text("utf-8") for page in pages)))
    assert {name for name in HOUSE.unused if name.rpartition(".")[2] not in told} == set(USED_ELSEWHERE)


COLUMNS = {
    *observations.COLUMNS,
    observations.BASIS,
    "origin",
    "source",
    "vintage",
    "year",
    "stood_until",
    "trade_balance",
}


OF_ONE_SHAPE = tuple(f"briefing.record.{name}." for name in ("observations", "lines", "questions", "sources", "store"))
"""Modules whose tables are of the one shape, which the first describes, unless a function says otherwise."""
OF_ANY_TABLE = "briefing.exhibits.charts.marks.rows_of"


def test_what_takes_or_gives_a_table_says_which_columns_it_has() -> None:
    told = HOUSE.of_tables
    assert len(told) > 90
    names = {function: set(re.findall(r"`(\w+)`", words)) for function, words in told.items()}
    plain = {function for function in told if names[function] & COLUMNS or function.startswith(OF_ONE_SHAPE)}
    plain |= {function for function, words in told.items() if "`briefing.record.observations" in words}
    as_another = {
        function for function in told if {f"{function.rpartition('.')[0]}.{name}" for name in names[function]} & plain
    }
    assert set(told) - plain - as_another == {OF_ANY_TABLE}


def test_modules_of_one_shape_of_table_say_so() -> None:
    for module in OF_ONE_SHAPE[1:]:
        assert "`briefing.record.observations`" in (ast.get_docstring(HOUSE.modules[module[:-1]]) or ""), module


LISTED = re.compile(r"^([a-z_]+(?:, [a-z_]+)*)(?:  .+)?$", re.M)


def test_a_package_that_lists_its_modules_lists_them_all() -> None:
    told = {module: ast.get_docstring(tree) or "" for module, tree in HOUSE.modules.items()}
    listed = {module: set(", ".join(LISTED.findall(words)).split(", ")) for module, words in told.items()}
    packages = {module for module in listed if listed[module] & {name.removeprefix(f"{module}.") for name in told}}
    assert len(packages) > 4
    for package in packages:
        inside = {name.removeprefix(f"{package}.") for name in told if name.rpartition(".")[0] == package}
        assert listed[package] == inside, package


@pytest.fixture
def crooked(tmp_path: Path) -> House:
    """A house in which the cellar leans on the attic, by its last line."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/house.md").write_text("| `attic` | words |\n| `cellar` | data |\n", encoding="utf-8")
    texts = {
        "__init__": "",
        "attic/__init__": "from briefing.cellar.shelf import jar",
        "attic/box": "import briefing.attic.chest",
        "attic/chest": "def opened():\n    '''Opened.'''\n    from .box import lid\n    return lid  # fmt: skip",
        "cellar/__init__": "",
        "cellar/shelf": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from briefing.attic import box\njar = 1",
        "cellar/jar": "def f():\n    from ..attic import box\n    f()",
    }
    for name, text in texts.items():
        path = tmp_path / "briefing" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return House(tmp_path)


def test_what_is_wrong_with_a_house_is_seen(crooked: House) -> None:
    assert crooked.rooms == {"attic", "cellar"}
    assert crooked.between_rooms == {("attic", "cellar"), ("cellar", "attic")}
    assert crooked.back == [("cellar", "attic")]
    assert circles(crooked.between_rooms) == [["attic", "cellar"]]
    assert ("briefing.cellar.shelf", "briefing.attic.box") not in crooked.arrows
    assert circles(crooked.arrows) == [["briefing.attic.box", "briefing.attic.chest"]]
    assert crooked.lengths == {"briefing.attic.chest.opened:1": 3, "briefing.cellar.jar.f:1": 3}
    assert crooked.unused == ["briefing.attic.chest.opened", "briefing.cellar.jar.f", "briefing.cellar.shelf.jar"]
    assert crooked.not_formatted == 1


@pytest.mark.parametrize(("page", "least"), [("README.md", 20), ("CONTRIBUTING.md", 15), ("docs/house.md", 6)])
def test_every_place_that_a_page_names_exists(page: str, least: int) -> None:
    named = re.findall(r"`((?:briefing|tests|notebooks|data|docs)/[\w./-]*)`", (PROJECT / page).read_text("utf-8"))
    assert len(named) > least
    made_by_a_fetch = {"data/raw/"}
    assert [place for place in set(named) - made_by_a_fetch if not (PROJECT / place).exists()] == []
