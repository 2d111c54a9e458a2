"""Single changes to the code, and which of them no test notices.

    .venv/bin/python -m tests.mutants --number 100 --seed 7

A seed is printed, and gives the same changes again. Each is made in a copy of the checkout, and tried by the tests that
lean on the changed module and run the changed lines, the nearest first, until one fails: what a file of tests runs is
watched once. Where no quick test fails, those of the module's own wing are asked that take long or start kernels, which
is all that some modules do; what they alone notice is counted apart. A tool of our own: kept ones (mutmut, cosmic-ray)
walk through every change of a file, none draws some of the whole package by a seed, and neither knows which tests are near.
"""

import argparse
import ast
import compileall
import copy
import importlib
import multiprocessing
import os
import py_compile
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from typing import cast

import pytest
from coverage import Coverage

from tests.house import PROJECT, House, _imported, _parsed

LEAST = 0.9
"""The share of changes that some test has to notice."""
PATIENCE = 900
"""Seconds that one round of tests may take; a change that makes them hang is noticed."""
QUICK = "not (browser or database or kernels or long)"
SLOW = "(kernels or long) and not (browser or database)"
"""Tests as pytest chooses them: those of `make quick`, and what of the others needs nothing to be installed."""
FORKS = multiprocessing.get_context("fork")
HEAVY = ("altair", "hypothesis", "ibis", "openpyxl", "pandera.pandas", "requests")
"""Packages of others that most tests import, imported once for all forks; not DuckDB, which has threads from then on."""
OTHERS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
SURVIVED = "SURVIVED"
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
    """What does something: no annotation, no docstring, nothing for the checker of types, nothing inside an f-string.

    Nor the `strict=True` of a zip: it is heard only where other code has made two lengths differ, which is a change of that.
    """
    for name, part in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for child in part if isinstance(part, list) else [part]:
            for_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            told = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            guards = _zips(node) and isinstance(child, ast.keyword) and ast.unparse(child) == "strict=True"
            if isinstance(child, ast.AST) and not for_types and not told and not guards:
                yield child
                yield from _living(child)


def _zips(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip"


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
    return any(
        isinstance(part, ast.JoinedStr | ast.Constant) and not isinstance(getattr(part, "value", 0), int | float)
        for part in ast.walk(node)
    )


def drawn(number: int, seed: int, project: Path = PROJECT) -> list[Mutant]:
    """So many changes of the whole package, the same for a seed."""
    files = sorted((project / "briefing").rglob("*.py"))
    every = [one for file in files for one in mutants(str(file.relative_to(project)), file.read_text("utf-8"))]
    return random.Random(seed).sample(every, min(number, len(every)))


@dataclass(frozen=True)
class Asked:
    """Files of tests, which tests of them alone (all, if none are named), and which not."""

    files: tuple[str, ...]
    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


Lines = dict[int, list[str]]
"""By line, the tests that ran it."""
Ran = dict[str, dict[str, Lines]]
"""By file of tests and file of the package, the lines run."""
Answer = tuple[list[str], dict[str, Lines]]
"""The tests that failed, and the lines run by file of the package where they were watched."""


@dataclass(eq=False)
class Watch:
    """A plugin of pytest: which tests to run, which failed, and where `coverage` watches, which lines of the package they ran."""

    asked: Asked
    coverage: Coverage | None
    failed: list[str] = field(default_factory=list)

    def lines(self, checkout: Path) -> dict[str, Lines]:
        if not self.coverage:
            return {}
        data = self.coverage.get_data()
        return {os.path.relpath(file, checkout): data.contexts_by_lineno(file) for file in data.measured_files()}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        only, without = self.asked.only, self.asked.without
        items[:] = [one for one in items if (not only or one.nodeid in only) and one.nodeid not in without]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if self.coverage:
            self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


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


def noticed(mutant: Mutant, checkout: Path, house: House, which: str, ran: Ran | None = None) -> bool:
    """Whether some test fails in the checkout with the change, again and again, and does not without it.

    `which` is `QUICK` or `SLOW`; `ran` says what was run by files of tests that have been watched already, and is added to.
    """
    path = checkout / mutant.file
    text = path.read_text(encoding="utf-8")
    ran = {} if ran is None else ran

    def failing(asked: Asked, changed: bool = True) -> list[str]:
        path.write_text(mutant.applied(text) if changed else text, encoding="utf-8")
        try:
            return _failing(checkout, asked, which)
        finally:
            path.write_text(text, encoding="utf-8")

    for asked in _asked(mutant, _statement(text, mutant.line), checkout, house, which, ran):
        unsure: set[str] = set()
        while failed := failing(replace(asked, without=asked.without | unsure)):
            (files, only) = ([one.partition("::")[0] for one in failed], {one for one in failed if "::" in one})
            again = Asked(tuple(files), frozenset(only))  # a clock that ran out on a busy machine is no notice
            if failing(again) and not failing(again, changed=False):
                return True
            if set(failed) & {*asked.files, *unsure}:
                raise RuntimeError(f"{failed[0]} fails without any change. What it would have noticed is not known.")
            unsure |= only
    return False


def _statement(text: str, line: int) -> range:
    """The lines of the innermost statement there; of one that holds others, those above them."""
    found = range(line, line + 1)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            inside = getattr(node, "body", [])
            found = range(node.lineno, max(node.lineno, inside[0].lineno - 1 if inside else node.end_lineno or 0) + 1)
    return found


def _asked(mutant: Mutant, lines: range, checkout: Path, house: House, which: str, ran: Ran) -> Iterator[Asked]:
    """Which tests to ask: the nearest that ran one of the lines, then what else is in their files and may read what they kept.

    Where none did, another process may have for them, and all are asked. Of the slow, those of the own wing that ran a
    line, or all of that wing.
    """
    rounds, is_seen = files_near(_module_of(mutant.file), house)[: 1 if which == SLOW else None], False
    for files in rounds:
        for file in files:
            if file not in ran:
                ran[file] = _watched(checkout, file, which)
        tests = {
            file: {test for line in lines for test in ran[file].get(mutant.file, {}).get(line, [])} for file in files
        }
        ran_it, only = tuple(file for file in files if tests[file]), frozenset[str]().union(*tests.values()) - {""}
        is_seen = is_seen or bool(ran_it)
        if only:
            yield Asked(tuple(file for file in ran_it if tests[file] - {""}), only)
        if ran_it and which != SLOW:
            yield Asked(ran_it, without=only)
    if not is_seen:
        yield from (Asked(tuple(files)) for files in rounds)


def _failing(checkout: Path, asked: Asked, which: str) -> list[str]:
    """The first test that fails, or all files where they do not come to an end; nothing where all pass."""
    answer = _answer(checkout, asked, which, watched=False)
    return list(asked.files) if answer is None else answer[0][:1]


def _watched(checkout: Path, file: str, which: str) -> dict[str, Lines]:
    """Which lines of the package a file of tests runs, and in which test; "" outside of any."""
    answer = _answer(checkout, Asked((file,)), which, watched=True)
    return answer[1] if answer else {}


def _answer(checkout: Path, asked: Asked, which: str, watched: bool) -> Answer | None:
    """What a fork of this process says, for which others' packages need no importing; None if it comes to no end."""
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_answering, args=(theirs, checkout, asked, which, watched))
    process.start()
    theirs.close()
    try:
        return cast(Answer, ours.recv()) if ours.poll(PATIENCE) else None
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()
        ours.close()


def _answering(line: Connection, checkout: Path, asked: Asked, which: str, watched: bool) -> None:
    """In the fork: run the tests on the package of the checkout, and tell."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("briefing", "tests")]:
        del sys.modules[name]
    sys.path.insert(0, str(checkout))
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    os.chdir(checkout)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    coverage = Coverage(data_file=None, source=["briefing"], config_file=False) if watched else None
    watch = Watch(asked, coverage)
    told = [
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        f"--rootdir={checkout}",
        "-m",
        which,
    ]
    with coverage.collect() if coverage else nullcontext():
        code = pytest.main([*told, *([] if watched else ["-x"]), *asked.files], plugins=[watch])
    if watch.failed or code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        line.send((watch.failed, watch.lines(checkout)))
    os._exit(0)


def warm_up() -> None:
    """Import what is imported for most tests, before any fork."""
    for name in HEAVY:
        importlib.import_module(name)
    for plugin in entry_points(group="pytest11"):
        plugin.load()


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
    compileall.compile_dir(folder / "briefing", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
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
    parser.add_argument("--quick", action="store_true", help="with the quick tests alone")
    chosen = parser.parse_args(arguments)
    choices = {"noticed": QUICK} if chosen.quick else {"noticed": QUICK, "by long": SLOW}
    print(f"{chosen.number} changes, seed {chosen.seed}", flush=True)
    warm_up()
    house, told, ran = House(), Counter[str](), {words: Ran() for words in choices}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(chosen.processes) as pool:
        free: Queue[Path] = Queue()
        for place in range(chosen.processes):
            free.put(_copied(Path(folder, str(place))))

        def tried(mutant: Mutant) -> tuple[Mutant, str]:
            checkout = free.get()
            try:
                by = (words for words, which in choices.items() if noticed(mutant, checkout, house, which, ran[words]))
                return mutant, next(by, SURVIVED)
            finally:
                free.put(checkout)

        for trial in as_completed([pool.submit(tried, one) for one in drawn(chosen.number, chosen.seed)]):
            mutant, how = trial.result()
            told[how] += 1
            print(f"{how:8}  {mutant}", flush=True)
    share = 1 - told[SURVIVED] / max(told.total(), 1)
    print(
        f"{told.total() - told[SURVIVED]} of {told.total()} noticed, {told['by long']} of them by long tests alone: {share:.0%}, "
        f"at least {LEAST:.0%} are wanted; seed {chosen.seed}"
    )
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
