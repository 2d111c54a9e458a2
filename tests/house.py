"""The house as it stands: rooms, arrows between them, circles, arrows that run back, lengths of functions.

    .venv/bin/python -m tests.house             # this checkout
    .venv/bin/python -m tests.house ../before   # another one, to compare

Imports are read with `ast`, those inside functions too; what is there for the checker of types alone is no arrow. The
order of the rooms is that of `docs/house.md`.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles

PROJECT = Path(__file__).parents[1]
LONG = 30
"""Lines above which a function is counted as long."""
Arrow = tuple[str, str]


@dataclass(frozen=True)
class House:
    """The package of a checkout."""

    project: Path = PROJECT

    @cached_property
    def drawn(self) -> list[str]:
        """The rooms of the drawing, from the top."""
        drawing = (self.project / "docs" / "house.md").read_text(encoding="utf-8")
        return re.findall(r"^\| `(\w+)` \|", drawing, re.M)

    @cached_property
    def modules(self) -> dict[str, ast.Module]:
        """Every module of the package by its dotted name."""
        return {_named(path, self.project): _parsed(path) for path in sorted((self.project / "briefing").rglob("*.py"))}

    @cached_property
    def arrows(self) -> set[Arrow]:
        """Importing and imported module."""
        return {
            (module, other)
            for module, tree in self.modules.items()
            for other in _imported(self._package_of(module), tree, self.modules)
            if other != module
        }

    def _package_of(self, module: str) -> str:
        is_package = (self.project / Path(*module.split("."), "__init__.py")).exists()
        return module if is_package else module.rpartition(".")[0]

    @property
    def rooms(self) -> set[str]:
        return {room(module) for module in self.modules} - {""}

    @property
    def between_rooms(self) -> set[Arrow]:
        """Arrows from one room to another, each once."""
        between = {(room(one), room(other)) for one, other in self.arrows}
        return {(one, other) for one, other in between if one != other and other}

    @property
    def back(self) -> list[Arrow]:
        """Arrows up the drawing."""
        return sorted((a, b) for a, b in self.between_rooms if self.drawn.index(a) > self.drawn.index(b))

    @property
    def lengths(self) -> dict[str, int]:
        """Lines of each function, without its decorators and docstring."""
        return {
            f"{module}.{node.name}:{node.lineno}": _length(node)
            for module, tree in self.modules.items()
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    @property
    def unused(self) -> list[str]:
        """Functions, classes and constants of a module that nothing of the package uses, by name; commands are used by their users.

        A name is used where it is read, in its own module or in one that imports it, or where a text of no more than a
        path names it, as the registry of chapters does.
        """
        used = {module: _names_used(tree) for module, tree in self.modules.items()}
        named = {word for tree in self.modules.values() for word in _names_in_texts(tree)}
        importing = {module: {a for a, b in self.arrows if b == module} for module in self.modules}
        return sorted(
            f"{module}.{name}"
            for module, tree in self.modules.items()
            for name in _defined(tree)
            if name not in named and not any(name in used[place] for place in {module, *importing[module]})
        )

    @property
    def of_tables(self) -> dict[str, str]:
        """The docstring of every public function that takes or gives a table of rows, by name."""
        return {
            f"{module}.{name}": ast.get_docstring(node) or ""
            for module, tree in self.modules.items()
            for kinds in [_kinds_of_tables(tree)]
            for name, node in _public(tree)
            if kinds & _kinds_told(node)
        }

    @property
    def not_formatted(self) -> int:
        """Places that the formatter is told to leave alone, in the package and its tests."""
        sources = (path for part in ("briefing", "tests") for path in (self.project / part).rglob("*.py"))
        return sum(len(re.findall(r"^.*  # fmt: skip$", path.read_text("utf-8"), re.M)) for path in sources)

    def lines(self) -> Iterator[str]:
        """What there is to say of it."""
        lengths = sorted(self.lengths.values())
        yield f"rooms                {len(self.rooms)} ({len(self.modules)} modules)"
        yield f"arrows               {len(self.between_rooms)} between rooms ({len(self.arrows)} between modules)"
        yield f"circles              {len(circles(self.between_rooms))} of rooms, {len(circles(self.arrows))} of modules"
        yield f"back-arrows          {len(self.back) if (self.project / 'docs' / 'house.md').exists() else 'no drawing'}"
        yield f"lines of a function  median {median(lengths):g}, 90th percentile {quantiles(lengths, n=10)[-1]:g}"
        yield f"longer than {LONG}       {sum(length > LONG for length in lengths)} of {len(lengths)}"
        yield f"# fmt: skip          {self.not_formatted}"


def room(module: str) -> str:
    """The room that a module stands in: the first name below the package.

    >>> room("briefing.record.store")
    'record'
    """
    return [*module.split("."), ""][1]


def circles(arrows: set[Arrow]) -> list[list[str]]:
    """Those that lead back to themselves, each group once.

    >>> circles({("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")})
    [['b', 'c']]
    """
    reach = {one: {b for a, b in arrows if a == one} for pair in arrows for one in pair}
    grown = True
    while grown:
        further = {one: to.union(*(reach[b] for b in to)) for one, to in reach.items()}
        grown, reach = further != reach, further
    groups = {tuple(sorted(b for b in to if one in reach[b])) for one, to in reach.items() if one in to}
    return sorted(map(list, groups))


def _public(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and the methods of its classes that others may call."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for one in inside:
            if isinstance(one, ast.FunctionDef) and "_" not in (one.name[0], prefix[:1]):
                yield prefix + one.name, one


def _kinds_of_tables(tree: ast.Module) -> set[str]:
    """What rows are called in a module: of pandas, of Ibis, or as lines."""
    return {"DataFrame", "Lines"} | ({"Table"} if "ibis.expr.types" in ast.unparse(tree) else set())


def _kinds_told(node: ast.FunctionDef) -> set[str]:
    """The words in the kinds of a function's parameters and of what it gives back."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    told = [one for one in (*(argument.annotation for argument in arguments), node.returns) if one is not None]
    return set(re.findall(r"\w+", " ".join(map(ast.unparse, told))))


def _defined(tree: ast.Module) -> Iterator[str]:
    """The names that a module defines, commands left out."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not any(".command" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def _names_used(tree: ast.Module) -> set[str]:
    """The names that a module reads, but for a function that only names itself."""
    used: set[str] = set()
    for node in tree.body:
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        used |= read - {getattr(node, "name", "")}
        used |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return used


def _names_in_texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield from re.findall(r"\w+", node.value)


def _named(path: Path, project: Path) -> str:
    return ".".join(path.relative_to(project).with_suffix("").parts).removesuffix(".__init__")


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """What runs of a module: all but what is there for the checker of types."""
    if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from _run(child)


def _imported(package: str, tree: ast.Module, modules: Mapping[str, object]) -> Iterator[str]:
    """The modules of the package that one imports when it runs, wherever in it."""
    for node in _run(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield from [name for name in (f"{base}.{alias.name}", base) if name in modules][:1]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    first, *_ = node.body
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
    return node.end_lineno - node.lineno + 1 - docstring


if __name__ == "__main__":
    print("\n".join(House(*map(Path, sys.argv[1:])).lines()))
