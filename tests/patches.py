"""What the package does to other libraries behind their backs, found in its code.

A patch is: an assignment to something of another library; the use of a name that it keeps to itself (`_name`); the
override of such a method in a class of ours. Each stands under a mark, `# patch: NAME`, and `docs/patches.md` has a row
for the name: what, why, and when it can go.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

MARK = re.compile(r"# patch: ([\w-]+)")
PRIVATE = re.compile(r"_(?!_)\w*(?<!_)$")
DOCUMENTED = {"os._exit", "sys.argv"}
"""To be used or set, as Python's own manual says."""
NEAR = 2
"""A mark stands on a line, or up to so many above it; or so at the head of the function or class around it."""


@dataclass(frozen=True)
class Patch:
    """One patch: where it is, what it touches, and by which name it is marked ("" if by none)."""

    place: str
    touches: str
    name: str


def patches(module: str, text: str) -> Iterator[Patch]:
    """Every patch in a module's text, but for overrides."""
    tree = ast.parse(text)
    foreign = _foreign(tree)
    for node, heads in _with_heads(tree):
        for touches in _touched(node, foreign):
            yield Patch(f"{module}:{node.lineno}", touches, _mark(text.splitlines(), [node.lineno, *heads]))


def _touched(node: ast.AST, foreign: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and _root(node) in foreign and ast.unparse(node) not in DOCUMENTED:
        if PRIVATE.match(node.attr) or not isinstance(node.ctx, ast.Load):
            yield ast.unparse(node)
    elif isinstance(node, ast.ImportFrom) and not node.level and not str(node.module).startswith("briefing"):
        parts = [*str(node.module).split("."), *(alias.name for alias in node.names)]
        yield from (f"{node.module}: {part}" for part in parts if PRIVATE.match(part))
    elif _is_set_by_name(node) or _is_set_in_vars(node):
        yield ast.unparse(node)


def _is_set_by_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr" and ast.unparse(node.args[0]) != "self"


def _is_set_in_vars(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Subscript | ast.Attribute)
        and ast.unparse(node.value).startswith("vars(")
        and (not isinstance(node.ctx, ast.Load) or getattr(node, "attr", "") == "update")
    )


def overrides(module: str, text: str) -> Iterator[Patch]:
    """The methods of a module's classes that replace one which another library keeps to itself."""
    for node, heads in _with_heads(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            made = vars(importlib.import_module(module)).get(node.name)
            others = [base for base in getattr(made, "__mro__", ()) if not base.__module__.startswith("briefing")]
            for inner in node.body:
                name = getattr(inner, "name", "")
                if PRIVATE.match(name) and any(name in vars(base) for base in others):
                    mark = _mark(text.splitlines(), [inner.lineno, node.lineno, *heads])
                    yield Patch(f"{module}:{inner.lineno}", f"{node.name}.{name}", mark)


def _with_heads(node: ast.AST, heads: tuple[int, ...] = ()) -> Iterator[tuple[ast.AST, tuple[int, ...]]]:
    """Every node with the lines of the functions and classes around it, the innermost first."""
    for child in ast.iter_child_nodes(node):
        yield child, heads
        is_head = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from _with_heads(child, (child.lineno, *heads) if is_head else heads)


def _foreign(tree: ast.Module) -> set[str]:
    """Names that stand for something of another library, wherever they are imported."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names if not a.name.startswith("briefing")}
        elif isinstance(node, ast.ImportFrom) and not node.level and not str(node.module).startswith("briefing"):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _mark(lines: list[str], places: list[int]) -> str:
    for place in places:
        for line in reversed(lines[max(0, place - 1 - NEAR) : place]):
            if found := MARK.search(line):
                return found[1]
    return ""
