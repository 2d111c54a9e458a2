"""The command line: what it refuses, before anything runs, and in which words."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from briefing import ending
from briefing.commands import main
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
        (["--as-of", "2999-01-01"], "it has not come. Nearest: "),
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


@pytest.mark.parametrize("kind", [["country"], ["hs"], ["end-use"], ["record", "talks"]])
def test_what_might_never_end_is_no_file_and_is_not_read(kind: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    told = [] if kind[0] == "record" else ["--obtained", "by hand", "--seen", "2026-01-01"]
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        result = briefing("acquire", *kind, str(path), *told)
        said = " ".join(result.output.split())
        assert result.exit_code == 2 and f"{path.name} is no regular file" in said, said


LONG = "a" * 3000 + "ü\n" + "b" * 3000


@pytest.mark.parametrize(
    "arguments",
    [
        ["partners", LONG], ["explain", LONG], ["explain", "--edition", LONG], ["build", "--partner", LONG], ["build", f"--first={LONG}"],
        ["build", f"--{LONG}"], ["build", "--out", LONG], [LONG], [f"--{LONG}"], ["app", "--port", LONG], ["load", LONG], ["load", f"duckdb://{LONG}"],
        ["acquire", LONG], ["acquire", "country", LONG], ["acquire", "country", "--address", LONG], ["acquire", "record", LONG],
        ["acquire", "fred", "--since", LONG], ["acquire", "hs", "--only", LONG, "--address", "http://127.0.0.1:9"],
    ],
    ids=lambda arguments: " ".join(word[:9] for word in arguments),
)  # fmt: skip
def test_a_very_long_argument_is_not_repeated_whole(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = briefing(*arguments)
    assert result.exit_code in (1, 2) and isinstance(result.exception, SystemExit), result.exception
    assert len(result.output) < 1200, result.output[:300]


def test_partners_are_listed_with_codes_and_months() -> None:
    result = briefing("partners", "korea")
    assert result.exit_code == 0
    assert "5800  Korea, South" in result.output and "1985-01 to 2026-08" in result.output
    assert "Japan" not in result.output


def test_some_230_partners_are_held() -> None:
    assert 225 <= len(briefing("partners").output.splitlines()) <= 250


def test_the_register_is_printed_with_what_is_late() -> None:
    result = briefing("sources")
    assert result.exit_code == 0
    assert "  2018-10-05    2018-11-01    2018-08" in result.output
    assert re.search(r"  superseded on 2026-04-02 \(scheduled\), \d+ days ago, \d+ months behind", result.output)
    assert re.search(
        r"(?m)^LATE: the release of \d{4}-\d\d is out, .*, and held of none of census-country, census-hs", result.output
    )
    assert result.output.count("LATE") == 1
    assert re.search(r"FT-900: \d{4}-\d\d is the last month published by .*; \d{4}-\d\d comes on ", result.output)
    assert "fred-korea: U.S. Exports of Goods to and Imports of Goods from South Korea" in result.output


@pytest.mark.parametrize("command", ["build", "partners", "sources", "app", "lab", "acquire"])
def test_every_command_explains_itself(command: str) -> None:
    result = briefing(command, "--help")
    assert result.exit_code == 0 and len(result.output.splitlines()) > 3


@pytest.mark.long
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


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["build", "--partnr", "Japan"]])
def test_what_needs_no_record_is_told_before_anything_heavy_is_imported(arguments: list[str]) -> None:
    program = "import sys; sys.argv = ['briefing', *sys.argv[1:]]; import atexit; from briefing.__main__ import main\n\
atexit.register(lambda: print(*sys.modules)); main()"
    ended = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)
    assert "click" in ended.stdout.split()
    assert not {"pandas", "duckdb", "ibis", "jupyter_client", "papermill"} & set(ended.stdout.split())


IMPORTED = [
    "click.core",
    "numpy",
    "pandas",
    "jupyter_client.session",
    "briefing.kernels",
    "nbformat",
]
"""Modules that a build imports one after the other; the last while its kernels' process warms up."""


@pytest.mark.long
@pytest.mark.parametrize("module", IMPORTED)
def test_a_build_that_is_told_to_end_while_it_imports_ends_without_a_word(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-P", "-m", "briefing", "build", "--out", "new/edition"]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as building:
            assert building.stderr
            assert any(line.rpartition("|")[2].strip() == module for line in building.stderr)
            started = psutil.Process(building.pid).children(recursive=True)
            building.send_signal(number)
            said = [line for line in building.stderr if not line.startswith("import time:")]
        assert (said, building.returncode) == ([], 128 + number)
        assert psutil.wait_procs(started, timeout=10)[1] == []
    assert list(tmp_path.iterdir()) == []


def test_a_signal_of_which_an_engine_makes_another_exception_ends_the_work_all_the_same() -> None:
    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except ending.ToldToEnd:
            signal.raise_signal(signal.SIGHUP)  # an echo breaks nothing off
            raise RuntimeError("Query interrupted") from None

    with pytest.raises(ending.ToldToEnd) as told, ending.by_exception():
        work()
    assert told.value.number == signal.SIGTERM and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["country", "{file}", "--address", "https://host.gov"], "--address: a file is given, so no address is asked"),
        (["hs", "{file}", "--address", "https://host.gov"], "--address: a file is given, so no address is asked"),
        (["end-use", "{file}", "--address", "https://host.gov"], "--address: a file is given, so no address is asked"),
        (["country", "--obtained", "by hand", "--seen", "2026-01-01"], "and none is given"),
        (["end-use", "--vintage", "2026-01-01"], "--vintage: this is said of a file, and none is given"),
        (["hs", "--only", "census-hs-exports"], "--only: this is said of a file, and none is given"),
    ],
)
def test_an_option_that_would_not_be_heeded_is_refused(arguments: list[str], words: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    result = briefing("acquire", *(argument.format(file=file) for argument in arguments))
    assert result.exit_code == 2 and words in " ".join(result.output.split())


def test_a_build_says_what_it_makes_what_came_of_it_and_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    from briefing import kernels
    from briefing.kernels import home
    from briefing.press import build as builder

    built = builder.BuiltEdition(Path("build/5800/2018-01-05"), (("Deficit, 2017", "$21.6 billion"),))
    begun: list[object] = []
    monkeypatch.setattr(home, "ensure", lambda: begun.append("home"))
    monkeypatch.setattr(kernels, "prestart", lambda pages: begun.append(("kernels", pages)))
    monkeypatch.setattr(builder, "build", lambda edition, folder, progress: begun.append((folder, progress)) or built)
    assert briefing("build").output.splitlines() == [
        "Building South Korea, as of 5 January 2018",
        "           $21.6 billion  Deficit, 2017",
        "build/5800/2018-01-05/brief.pdf",
    ]
    assert begun == ["home", ("kernels", False), (built.folder, True)]
