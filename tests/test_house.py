"""The drawing of the house, the readme and the code agree, and its arrows run one way."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "briefing"
ROOMS = re.findall(r"^\| `(\w+)` \|", (PROJECT / "docs" / "house.md").read_text(encoding="utf-8"), re.M)
MODULES = {
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def run(node: ast.AST) -> Iterator[ast.AST]:
    """What runs of a module: all but what is there for the checker of types."""
    if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from run(child)


def imported(module: str, path: Path) -> Iterator[str]:
    """The modules of the package that a module imports when it runs, wherever in it."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in run(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield from [name for name in (f"{base}.{alias.name}", base) if name in MODULES][:1]


ARROWS = {(module, other) for module, path in MODULES.items() for other in imported(module, path) if other != module}


def room(module: str) -> str:
    return [*module.split("."), ""][1]


def test_every_room_is_drawn_and_every_drawn_room_exists() -> None:
    assert sorted(ROOMS) == sorted({room(module) for module in MODULES} - {""})


def test_arrows_run_one_way() -> None:
    found = [(one, other) for one, other in ARROWS if room(one) != room(other) and room(other)]
    assert len(found) > 200
    assert [arrow for arrow in found if ROOMS.index(room(arrow[0])) > ROOMS.index(room(arrow[1]))] == []


def circles(module: str, way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if module in way:
        yield way[way.index(module) :]
        return
    for one, other in ARROWS:
        if one == module and room(one) == room(other):
            yield from circles(other, (*way, module))


@pytest.mark.parametrize("name", sorted(set(ROOMS)))
def test_no_wing_has_a_circle(name: str) -> None:
    assert [way for module in MODULES if room(module) == name for way in circles(module)] == []


@pytest.mark.parametrize(("page", "least"), [("README.md", 20), ("CONTRIBUTING.md", 15)])
def test_every_place_that_a_page_names_exists(page: str, least: int) -> None:
    named = re.findall(r"`((?:briefing|tests|notebooks|data|docs)/[\w./-]*)`", (PROJECT / page).read_text("utf-8"))
    assert len(named) > least
    made_by_a_fetch = {"data/raw/"}
    assert [place for place in set(named) - made_by_a_fetch if not (PROJECT / place).exists()] == []
