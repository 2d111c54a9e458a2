"""The changes to the code that `make mutants` tries."""

import ast
from pathlib import Path

import pytest

from tests.house import House
from tests.mutants import QUICK, SLOW, Asked, Mutant, _asked, _statement, drawn, files_near, mutants, noticed


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a < b", ["(a <= b)"]),
        ("a = b and c", ["a = (b or c)"]),
        ("a = b - c", ["a = (b + c)"]),
        ("a = -b", ["a = (b)"]),
        ("a = any(b)", ["a = (all(b))"]),
        ("a = sorted(b, key=c)", ["a = (list(b))"]),
        ("é = 'é'; a = True", ["é = 'é'; a = (False)"]),
        ("def f():\n    '''Three.'''\n    require(a)", ["def f():\n    '''Three.'''\n    pass"]),
        ("if a:\n    raise B", ["if a:\n    pass"]),
        ("def f(a: int) -> 'b': return a", []),
        ("a = 'b' + c", []),
        ("a = zip(b, c, strict=True)", []),
        ("a = zip(b, c, strict=False)", ["a = zip(b, c, strict=(True))"]),
        ("a = read(b, strict=True)", ["a = read(b, strict=(False))"]),
        ("a = f'{b + 1}'", []),
    ],
)
def test_a_change_is_single_and_leaves_a_program(text: str, changed: list[str]) -> None:
    found = [one.applied(text) for one in mutants("a.py", text)]
    assert found == changed
    assert all(ast.parse(one) for one in found)


def test_looks_of_a_chart_are_left_alone_as_a_template_is() -> None:
    assert list(mutants("briefing/exhibits/charts/autos.py", "a = mark(size=11)")) == []
    assert [one.after for one in mutants("briefing/figures/autos.py", "a = mark(size=11, limit=1_000)")] == [
        "(12)",
        "(2000)",
    ]


@pytest.mark.long
def test_a_seed_draws_the_same_changes_of_the_whole_package() -> None:
    some = drawn(60, 7)
    assert some == drawn(60, 7) != drawn(60, 8)
    assert len({one.file.split("/")[1] for one in some}) > 8
    for one in some:
        assert ast.parse(one.applied((House().project / one.file).read_text(encoding="utf-8")))


@pytest.mark.long
def test_the_nearest_tests_of_a_module_come_first() -> None:
    near = files_near("briefing.figures.contributions", House())
    assert "tests/figures/test_contributions.py" in near[0]
    assert "tests/chapters/test_chapters.py" in [name for files in near[1:] for name in files]


@pytest.mark.parametrize(
    ("line", "lines"),
    [(1, [1]), (2, [2, 3]), (3, [2, 3]), (4, [4, 5]), (5, [4, 5]), (7, [6, 7]), (8, [8])],
)
def test_a_changed_line_is_run_where_its_statement_is_and_one_that_holds_others_by_its_head(
    line: int, lines: list[int]
) -> None:
    text = "def f(a):\n    b = [a,\n         1]\n    if (a and\n            b):\n        a = f(\n            b)\n        return a\n"
    assert list(_statement(text, line)) == lines


@pytest.mark.long
def test_tests_that_ran_the_changed_lines_are_asked_then_their_files_and_of_slow_ones_those_of_the_wing(
    tmp_path: Path,
) -> None:
    files = {
        "docs/house.md": "| `sizes` | words |",
        "briefing/__init__.py": "",
        "briefing/sizes.py": "def smaller(a, b):\n    return a < b\n\n\ndef larger(a, b):\n    return a > b\n",
        "tests/test_sizes.py": "from briefing import sizes\n\ndef test_it():\n    assert sizes.smaller(1, 2)\n\ndef test_other(): pass\n",
        "tests/test_more.py": "from briefing import sizes\n\ndef test_more():\n    assert sizes.larger(2, 1)\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    smaller, larger = mutants("briefing/sizes.py", files["briefing/sizes.py"])

    def asked(mutant: Mutant, which: str = QUICK) -> list[Asked]:
        return list(_asked(mutant, range(mutant.line, mutant.line + 1), tmp_path, House(tmp_path), which, {}))

    test, more = frozenset({"tests/test_sizes.py::test_it"}), frozenset({"tests/test_more.py::test_more"})
    assert asked(smaller) == [Asked(("tests/test_sizes.py",), test), Asked(("tests/test_sizes.py",), without=test)]
    assert asked(larger) == [Asked(("tests/test_more.py",), more), Asked(("tests/test_more.py",), without=more)]
    assert asked(smaller, SLOW) == [Asked(("tests/test_sizes.py",))]
    slow = files["tests/test_sizes.py"].replace("def test_it", "@pytest.mark.long\ndef test_it")
    (tmp_path / "tests/test_sizes.py").write_text(f"import pytest\n\n{slow}", encoding="utf-8")
    assert asked(smaller, SLOW) == [Asked(("tests/test_sizes.py",), test)]
    (tmp_path / "tests/test_more.py").unlink()
    assert asked(larger) == [Asked(("tests/test_sizes.py",))]


@pytest.mark.long
@pytest.mark.parametrize(
    ("test", "is_noticed"),
    [
        ("assert smaller(1, 1) is False", True),
        ("assert smaller(1, 2)", False),
        ("assert False", False),
    ],
)
def test_a_change_is_noticed_by_a_test_that_fails_with_it_and_not_without(
    test: str, is_noticed: bool, tmp_path: Path
) -> None:
    code = "def smaller(a, b):\n    return a < b\n"
    files = {
        "docs/house.md": "| `sizes` | words |",
        "briefing/__init__.py": "",
        "briefing/sizes.py": code,
        "tests/test_sizes.py": f"from briefing.sizes import smaller\n\ndef test_it():\n    {test}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (mutant,) = mutants("briefing/sizes.py", code)
    assert noticed(mutant, tmp_path, House(tmp_path), QUICK) is is_noticed
    assert (tmp_path / "briefing/sizes.py").read_text(encoding="utf-8") == code
