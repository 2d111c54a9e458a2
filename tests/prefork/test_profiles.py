"""What a kernel is must not depend on who starts it, or where: forked, by itself, or with arguments of its own."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .kernels import ask, session

pytestmark = pytest.mark.kernels

KINDS: dict[str, dict[str, Any]] = {
    "forked": {},
    "forked, with arguments": {"extra_arguments": ["--IPKernelApp.log_level=40"]},
    "by itself": {"stdout": subprocess.PIPE},
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> dict[str, Any]:
    return KINDS[request.param]


def test_no_kernel_reads_a_profile(kind: dict[str, Any], tmp_path: Path) -> None:
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text("seen_startup = 1")
    (profile / "startup" / "01.ipy").write_text("seen_ipy = 1")
    for name in ("ipython_config.py", "ipython_kernel_config.py"):
        (profile / name).write_text("c.InteractiveShellApp.exec_lines = ['seen_config = 1']")
    (tmp_path / "begin.py").write_text("seen_python = 1")
    (tmp_path / "cwd").mkdir()
    (tmp_path / "cwd" / "ipython_config.py").write_text("c.InteractiveShellApp.exec_lines = ['seen_folder = 1']")
    user = {"IPYTHONDIR": str(profile.parent), "PYTHONSTARTUP": str(tmp_path / "begin.py"), "TMPDIR": str(tmp_path)}
    with session("forked", env={**os.environ, **user}, cwd=str(tmp_path / "cwd"), **kind) as kernel:
        assert ask(kernel, "[name for name in globals() if name.startswith('seen')]") == []
        assert ask(kernel, "os.environ['IPYTHONDIR'], os.environ['PYTHONSTARTUP']", "import os") == (
            user["IPYTHONDIR"],
            user["PYTHONSTARTUP"],
        )
    assert sorted(path.name for path in profile.iterdir()) == [
        "ipython_config.py",
        "ipython_kernel_config.py",
        "startup",
    ]


def test_no_folder_is_made_for_a_profile_and_magics_that_would_keep_something_there_work(
    kind: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "temporary").mkdir()
    places = {"TMPDIR": str(tmp_path / "temporary"), "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path)}
    without = {name: value for name, value in os.environ.items() if name != "IPYTHONDIR"}
    with session("forked", cwd=str(tmp_path), env={**without, **places}, **kind) as kernel:
        get = "from IPython import get_ipython; get_ipython().run_line_magic('cd', '-q temporary')"
        assert ask(kernel, "os.listdir('.')", f"import os; {get}") == []
    assert not (tmp_path / "home").exists()


def test_a_file_named_as_a_module_of_a_library_kills_no_kernel_and_ones_own_can_be_imported(
    kind: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("types", "random", "typing", "json", "select", "signal", "zmq", "numpy", "IPython", "briefing"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('this is {name} of the current folder')")
    (tmp_path / "mine.py").write_text("answer = 42")
    with session("forked", cwd=str(tmp_path), **kind) as kernel:
        assert (
            ask(kernel, "mine.answer", "import mine, types, random, typing, json, select, zmq, numpy, briefing") == 42
        )


def test_where_python_is_told_to_trust_no_folder_the_current_one_is_not_on_the_path(
    kind: dict[str, Any], tmp_path: Path
) -> None:
    with session("forked", cwd=str(tmp_path), env={**os.environ, "PYTHONSAFEPATH": "1"}, **kind) as kernel:
        assert ask(kernel, "'' in sys.path", "import sys") is False


def test_what_whoever_starts_a_kernel_has_set_for_python_changes_nothing_of_what_runs_in_it(
    kind: dict[str, Any],
) -> None:
    user = {"PYTHONOPTIMIZE": "2", "PYTHONWARNINGS": "error", "PYTHONINSPECT": "1", "PYTHONHASHSEED": "7"}
    with session("forked", env={**os.environ, **user}, **kind) as kernel:
        asked = "sys.flags.optimize, sys.flags.inspect, sys.warnoptions, [name in os.environ for name in user]"
        expected = (0, 0, [], [False, False, False, True])
        assert ask(kernel, asked, f"import os, sys; user = {list(user)}") == expected
