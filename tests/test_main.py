"""The command line: what it refuses, before anything runs, and in which words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from briefing.__main__ import main
from click.testing import CliRunner, Result


def briefing(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--partner", "Korae, Sout"], "Nearest: Korea, South (5800)"),
        (["--partner", "Pitcairn"], "could be found for it. Did you mean Pitcairn Islands (6225)?"),
        (["--partner", "301"], "Partner '301' is in no list of partners"),
        (["--partner", "0012"], "is an aggregate (Europe, 0012), not a partner"),
        (["--as-of", "2018-02-30"], "is not a day of the calendar"),
        (["--as-of", "5 January"], "is not a day of the calendar"),
        (["--as-of", "2999-01-01"], "lies outside 1997-01-01 to"),
        (["--last", "2017-12"], "had not been published by 2018-01-05: the last month out was 2017-11"),
        (["--first", "2018"], "--first '2018' is not a month"),
        (["--first", "2017-12"], "--first 2017-12 lies after --last 2017-11"),
        (["--partner", "USA"], "The United States is the country whose trade this is"),
        (["--partnr", "Japan"], "Did you mean '--partner'"),
    ],
)
def test_what_is_not_possible_is_refused_before_anything_is_written(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = briefing("build", *arguments)
    assert result.exit_code != 0
    assert words in result.output
    assert list(tmp_path.iterdir()) == []


def test_partners_are_listed_with_codes_and_months() -> None:
    result = briefing("partners", "korea")
    assert result.exit_code == 0
    assert "5800  Korea, South" in result.output and "1985-01 to 2026-01" in result.output
    assert "Japan" not in result.output


def test_some_230_partners_are_held() -> None:
    assert 225 <= len(briefing("partners").output.splitlines()) <= 250


def test_the_register_is_printed_with_what_is_late() -> None:
    result = briefing("sources")
    assert result.exit_code == 0
    assert "  2018-10-05    2018-11-01    2018-08" in result.output
    assert re.search(r"LATE: superseded on 2026-04-02 \(scheduled\), \d+ days ago, \d+ months behind", result.output)
    assert re.search(r"FT-900: \d{4}-\d\d is the last month published by .*; \d{4}-\d\d comes on ", result.output)
    assert "fred-korea: U.S. Exports of Goods to and Imports of Goods from South Korea" in result.output


@pytest.mark.parametrize("command", ["build", "partners", "sources", "app", "lab", "acquire"])
def test_every_command_explains_itself(command: str) -> None:
    result = briefing(command, "--help")
    assert result.exit_code == 0 and len(result.output.splitlines()) > 3


@pytest.mark.parametrize("command", [["-m", "briefing"], ["-P", "-m", "briefing"]])
def test_a_file_named_as_a_module_of_a_library_in_the_current_folder_stands_in_for_none(
    command: list[str], tmp_path: Path
) -> None:
    for name in ("random", "typing", "json", "select", "signal", "click", "pandas"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('this is {name} of the current folder')")
    listed = subprocess.run(
        [sys.executable, *command, "partners", "korea"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "5800  Korea, South" in listed.stdout
