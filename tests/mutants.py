"""Single changes to the code, and which of them no test notices.

    .venv/bin/python -m tests.mutants --number 100 --seed 7

A seed is printed, and gives the same changes again. Each is made in a copy of the checkout, and tried by the tests that
lean on the changed module, the nearest first, until one fails. A tool of our own: kept ones (mutmut, cosmic-ray) walk
through every change of a file, none draws some of the whole package by a seed, and neither knows which tests are near.
"""

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import pytest

from tests.house import PROJECT, House, _imported, _parsed

LEAST = 0.9
"""The share of changes that some test has to notice."""
PATIENCE = 900
"""Seconds that one round of tests may take; a change that makes them hang is noticed."""
OTHERS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
LOOKS = "briefing/exhibits/charts/"
"""Where constants are sizes of type and widths of lines, as in a template: they are not changed."""
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}


@dataclass(frozen=True)
class Mutant:
    """One change: the module's file, where, what stood there and what stands there now."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {' '.join(self.before.split())}  ->  {' '.join(self.after.split())}"

    def applied(self, text: str) -> str:
        """The module's text with the change."""
        content = text.encode()
        return (content[: self.start] + self.after.encode() + content[self.end :]).decode()


def mutants(file: str, text: str) -> Iterator[Mutant]:
    """Every change of a module's text that is tried: an operator, a constant, a guard, a call, an order, a sign."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    looks = file.startswith(LOOKS)
    for node in _living(ast.parse(text)):
        if looks and isinstance(node, ast.Constant):
            continue
        for changed in _changes(node):
            start, end = (starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)  # type: ignore[attr-defined]
            before, after = text.encode()[start:end].decode(), ast.unparse(changed)
            if isinstance(node, ast.expr):
                after = f"({after})"
            yield Mutant(file, node.lineno, start, end, before, after)  # type: ignore[attr-defined]


def _living(node: ast.AST) -> Iterator[ast.AST]:
    """What does something: no annotation, no docstring, nothing for the checker of types, nothing inside an f-string."""
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for child in field if isinstance(field, list) else [field]:
            for_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            told = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not for_types and not told:
                yield child
                yield from _living(child)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHERS:
        yield _with(node, ops=[OTHERS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in OTHERS and not _is_text(node):
        yield _with(node, op=OTHERS[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield ast.Constant(node.value * 2 if node.value > 100 else node.value + 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        keywords = [] if node.func.id == "sorted" else node.keywords
        yield _with(node, func=ast.Name(NAMES[node.func.id]), keywords=keywords)
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(node, ast.Raise):
        yield ast.Pass()


def _with(node: ast.AST, **fields: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _is_text(node: ast.AST) -> bool:
    return any(isinstance(part, ast.JoinedStr | ast.Constant) and not isinstance(getattr(part, "value", 0), int | float)
               for part in ast.walk(node))  # fmt: skip


def drawn(number: int, seed: int, project: Path = PROJECT) -> list[Mutant]:
    """So many changes of the whole package, the same for a seed."""
    files = sorted((project / "briefing").rglob("*.py"))
    every = [one for file in files for one in mutants(str(file.relative_to(project)), file.read_text("utf-8"))]
    return random.Random(seed).sample(every, min(number, len(every)))


def files_near(module: str, house: House) -> list[list[str]]:
    """The files of tests that lean on a module, in rounds: its own and its wing's, those that import it, all others that lean on it."""
    leaning, grown = {module: 0}, True
    while grown:
        found = {one: leaning[other] + 1 for one, other in house.arrows if other in leaning and one not in leaning}
        grown = bool(found)
        leaning |= found
    rounds: list[list[str]] = [[], [], []]
    wing = [*module.split("."), ""][1]
    for path in sorted((house.project / "tests").rglob("test_*.py")):
        name = str(path.relative_to(house.project))
        used = set(_imported("tests", _parsed(path), house.modules)) & set(leaning)
        near = min((leaning[one] for one in used), default=None)
        own = path.stem == f"test_{module.rpartition('.')[2]}" or name.startswith(f"tests/{wing}/")
        if own or near is not None:
            rounds[0 if own else 1 if near == 0 else 2].append(name)
    return [one for one in rounds if one]


def _module_of(file: str) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


def noticed(mutant: Mutant, checkout: Path, house: House, left_out: str) -> bool:
    """Whether some test fails in the checkout with the change, again and again, and does not without it."""
    path = checkout / mutant.file
    text = path.read_text(encoding="utf-8")
    try:
        for files in files_near(_module_of(mutant.file), house):
            unsure: list[str] = []
            path.write_text(mutant.applied(text), encoding="utf-8")
            while failed := _failing(checkout, [*files, *(f"--deselect={test}" for test in unsure)], left_out):
                again = _failing(checkout, failed, left_out)  # a clock that ran out on a busy machine is no notice
                path.write_text(text, encoding="utf-8")
                if again and not _failing(checkout, failed, left_out):
                    return True
                if set(failed) & {*files, *unsure}:
                    raise RuntimeError(
                        f"{failed[0]} fails without any change. What it would have noticed is not known."
                    )
                unsure += failed
                path.write_text(mutant.applied(text), encoding="utf-8")
            path.write_text(text, encoding="utf-8")
        return False
    finally:
        path.write_text(text, encoding="utf-8")


def _failing(checkout: Path, tests: list[str], left_out: str) -> list[str]:
    """The first test that fails, or all of them where they cannot be begun or do not end; nothing where all pass."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-m",
        f"not ({left_out})",
    ]
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            [*command, *tests],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [test for test in tests if not test.startswith("--")]
    if ended.returncode in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return []
    return re.findall(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", ended.stdout, re.M)[:1] or [
        test for test in tests if not test.startswith("--")
    ]


def _copied(folder: Path) -> Path:
    for name in ("briefing", "tests", "notebooks", "docs"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "bench"))
    for name in (
        "data",
        ".venv",
        "pyproject.toml",
        "requirements.lock",
        "README.md",
        "CONTRIBUTING.md",
        "Makefile",
        "voila.json",
    ):
        (folder / name).symlink_to(PROJECT / name)
    return folder


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description="Which changes to the code no test notices."
    )
    parser.add_argument("--number", type=int, default=100, help="how many changes (%(default)s)")
    parser.add_argument(
        "--seed", type=int, default=random.SystemRandom().randrange(10**6), help="else a new one is drawn"
    )
    parser.add_argument("--processes", type=int, default=2, help="how many at once (%(default)s)")
    parser.add_argument(
        "--whole", action="store_true", help="with the tests that take more than a few seconds or start kernels"
    )
    chosen = parser.parse_args(arguments)
    left_out = "browser or database" if chosen.whole else "browser or database or kernels or long"
    print(f"{chosen.number} changes, seed {chosen.seed}, tests: not ({left_out})", flush=True)
    house, told = House(), Counter[bool]()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(chosen.processes) as pool:
        free: Queue[Path] = Queue()
        for place in range(chosen.processes):
            free.put(_copied(Path(folder, str(place))))

        def tried(mutant: Mutant) -> tuple[Mutant, bool]:
            checkout = free.get()
            try:
                return mutant, noticed(mutant, checkout, house, left_out)
            finally:
                free.put(checkout)

        for mutant, is_noticed in pool.map(tried, drawn(chosen.number, chosen.seed)):
            told[is_noticed] += 1
            print(f"{'noticed ' if is_noticed else 'SURVIVED'}  {mutant}", flush=True)
    share = told[True] / max(told.total(), 1)
    print(f"{told[True]} of {told.total()} noticed: {share:.0%}, at least {LEAST:.0%} are wanted; seed {chosen.seed}")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
