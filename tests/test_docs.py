"""Every command that README and docs tell runs: dry where it would serve, fetch, build or measure for long."""

import argparse
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from briefing.chapters import deficit_trends, state_of_talks
from briefing.commands import main
from briefing.record import sources
from briefing.record.edition import Edition
from click.testing import CliRunner

from tests.commands import Command, told
from tests.house import PROJECT

COMMANDS = list(told())
RUN = ("partners", "sources")
"""Subcommands of `briefing` that only read, and quickly."""


FILES_NAMED = (
    "country.xlsx",
    "enduse_imports.xlsx",
    "enduse_exports.csv",
    "duties.csv",
    "country-by-time.csv",
    "table.csv.gz",
    "EXPKR.csv",
    "IMPKR.csv",
    "us.csv",
    "others.csv",
)
"""Files of a reader's own that README's commands name."""


def words_of(line: str) -> list[str]:
    """The words of a command behind the variables that it sets."""
    words = shlex.split(line)
    return words[next(place for place, word in enumerate(words) if not re.match(r"[A-Z_]+=", word)) :]


def require_understood(arguments: list[str], group: click.Group = main) -> click.Command:
    """Have click read the arguments, as far as it does before anything is done."""
    context = click.Context(group)
    name, command, rest = group.resolve_command(context, arguments)
    assert name is not None and command is not None, arguments
    if isinstance(command, click.Group):
        return require_understood(rest, command)
    command.make_context(name, rest)
    return command


def expanded(word: str) -> list[str]:
    """The files that a shell makes of a pattern, in the project's folder; any other word as it is."""
    return sorted(str(path) for path in PROJECT.glob(word)) if "*" in word else [word]


def of_the_book(words: list[str]) -> None:
    words = [each for word in words for each in expanded(word)]
    require_understood(words)
    if words[0] in RUN:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        assert result.output


def of_make(words: list[str]) -> None:
    for target in words:
        subprocess.run(["make", "--dry-run", target], cwd=PROJECT, check=True, capture_output=True)


def of_python(words: list[str]) -> None:
    """A module of ours: it is there, runs as a command, and takes the options that are told."""
    assert words[0] == "-m"
    module = importlib.import_module(
        f"{words[1]}.__main__" if (PROJECT / words[1].replace(".", "/")).is_dir() else words[1]
    )
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert 'if __name__ == "__main__":' in text
    if words[2:]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(argparse.ArgumentParser, "parse_args", _read_only)
            with pytest.raises(_Read):
                module.main(words[2:])


class _Read(Exception):
    """The arguments were understood; nothing is to be done."""


def _read_only(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    _, unknown = parser.parse_known_args(arguments)
    assert unknown == []
    raise _Read


def of_pytest(words: list[str]) -> None:
    command = [sys.executable, "-m", "pytest", *words, "--collect-only", "-q", "-n", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "UPDATE_EXPECTED"}
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, env=environment)


def of_git(words: list[str]) -> None:
    """It names a place that there is; nothing is taken back."""
    assert words[0] in ("restore", "clean") and (PROJECT / words[-1]).exists()


PROGRAMS = {"make": of_make, "briefing": of_the_book, "python": of_python, "pytest": of_pytest, "git": of_git}


def tried(command: Command) -> object:
    long = [pytest.mark.long] if "bin/pytest" in command.line else []
    return pytest.param(command, id=command.line, marks=long)


@pytest.mark.parametrize("command", [tried(command) for command in COMMANDS])
def test_a_command_that_a_page_tells_runs(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in FILES_NAMED:
        Path(name).touch()
    program, *words = words_of(command.line)
    PROGRAMS[Path(program).name](words)


def test_the_commands_of_every_page_are_found() -> None:
    lines = [command.line for command in COMMANDS]
    assert len(lines) >= 35
    assert {"make brief", "briefing explain ID --edition DIR", "git clean -f data", "make quick"} <= set(lines)


@pytest.mark.parametrize(
    "line",
    [
        "briefing biuld",
        "briefing build --partnr Japan",
        "make breif",
        "python -m tests.bench --fast",
        "briefing acquire hss",
    ],
)
def test_a_command_that_is_no_longer_there_is_seen(line: str) -> None:
    program, *words = words_of(line)
    with pytest.raises((click.ClickException, subprocess.CalledProcessError, AssertionError)):
        PROGRAMS[program](words)


def blocks(page: str, language: str) -> list[str]:
    """The blocks of a page in that language, out of the list that they stand in."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)```", text, re.S | re.M)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in found]


def test_the_recipe_of_a_sentence_gives_one(edition: Edition) -> None:
    say, show = blocks("README.md", "python")
    chapter = {**vars(deficit_trends)}
    own: dict[str, Any] = {}
    exec(say, own)
    chapter["sentences"] = SimpleNamespace(my_finding=own["my_finding"])
    exec(show, chapter)
    (claim,) = chapter["my_view"](edition)
    assert claim.text == "The deficit with South Korea was $21.6 billion."


def test_the_recipe_of_a_record_of_talks_is_all_that_the_register_asks_for(
    copied_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a newcomer would: the folder copied, its partner changed, the table of the page added, and the command run."""
    (table,) = blocks("README.md", "toml")
    folder = copied_record / "talks" / "us-uk"
    shutil.copytree(copied_record / "talks" / "us-japan", folder)
    pact = (folder / "pact.toml").read_text(encoding="utf-8")
    (folder / "pact.toml").write_text(pact.replace('"5880"', '"4120"'), encoding="utf-8")
    register = copied_record / "sources.toml"
    register.write_text(f"{register.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
    files = [str(path) for path in sorted(folder.glob("*.toml"))]
    result = CliRunner().invoke(main, ["acquire", "record", "talks", *files])
    assert result.exit_code == 0 and "registered as of" in result.output, result.output
    opened = sources.open_edition("4120", "usual", "latest", "2020-06-01")
    assert state_of_talks.issues(opened)
