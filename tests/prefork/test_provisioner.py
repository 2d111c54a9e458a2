"""What the provisioner makes of a launch before anything is started."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from briefing.prefork import NoZygote, prestart, provisioner
from briefing.prefork.kernelspec import APART
from briefing.prefork.owner import Recipe
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager


@pytest.mark.parametrize(
    ("command", "interpreter"),
    [
        (["python", "-m", "ipykernel_launcher", "-f", "file"], ("python",)),
        (
            ["python", "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "file"],
            ("python", "-Xfrozen_modules=off"),
        ),
        (["python", "-P", "-m", "briefing.prefork.alone", "-f", "file"], ("python", "-P")),
        (["python", "-m", "other_kernel", "-f", "file"], ()),
        (["bash", "-c", "-m", "ipykernel_launcher", "-f", "file"], ()),
        (["python", "-m", "ipykernel_launcher"], ()),
    ],
)
def test_only_an_ipykernel_command_is_forked(command: list[str], interpreter: tuple[str, ...]) -> None:
    assert provisioner.forkable_command(command)[0] == interpreter
    assert provisioner.forkable_command(command)[1] == (["-f", "file"] if interpreter else [])


@pytest.mark.parametrize(
    ("asked", "is_ordinary"),
    [
        ({}, True),
        ({"env": {}, "cwd": "/", "stdin": subprocess.DEVNULL, "stdout": 3, "stderr": None, "kernel_id": "1"}, True),
        ({"independent": False, "start_new_session": False}, True),
        ({"independent": True}, False),
        ({"preexec_fn": print}, False),
        ({"stdout": subprocess.PIPE}, False),
        ({"stderr": subprocess.PIPE}, False),
        ({"stdin": 3}, False),
    ],
)
def test_a_launch_that_asks_what_a_fork_cannot_give_is_no_ordinary_one(
    asked: dict[str, Any], is_ordinary: bool
) -> None:
    assert provisioner._is_ordinary(asked) is is_ordinary


def test_a_stream_is_understood_as_popen_does(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        for usual in (1, 2):
            for wanted, descriptor in ((None, usual), (file, file.fileno()), (file.fileno(), file.fileno())):
                with provisioner._stream(wanted, usual) as stream:
                    assert stream == descriptor
    with provisioner._stream(subprocess.STDOUT, 2) as stream:
        assert stream == 2, "where its own output goes"
    with provisioner._stream(subprocess.DEVNULL, 1) as stream:
        assert os.fstat(stream).st_rdev == Path(os.devnull).stat().st_rdev
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(stream)


def test_a_sentence_is_said_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(provisioner, "_said", set())
    for sentence in ("one", "other", "one"):
        provisioner._say_once(sentence)
    assert [record.getMessage() for record in caplog.records] == ["one", "other"]


def spec(argv: list[str]) -> KernelSpec:
    config = {"warm_up": "books:open", "watch": ["/books/*"]}
    environment = {"SHELF": "${HOME}/books", "PYTHONUTF8": "1"}
    return KernelSpec(argv=argv, env=environment, metadata={"kernel_provisioner": {"config": config}})


def test_a_zygote_may_be_had_before_it_is_asked_for_with_the_settings_of_its_kernelspec(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Recipe] = []

    def current(recipe: Recipe) -> Any:
        asked.append(recipe)
        raise NoZygote("none today")

    monkeypatch.setattr(provisioner.zygotes, "current", current)
    for python in ("python", "/opt/python"):
        argv = [python, *APART, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda _, name, argv=argv: spec(argv))
        with pytest.raises(NoZygote, match=r"^none today$"):
            prestart("forked").result(0)
    assert [one.interpreter for one in asked] == [(sys.executable, *APART), ("/opt/python", *APART)]
    assert {(one.warm_up, one.watch) for one in asked} == {("books:open", ("/books/*",))}
    assert all(("PYTHONUTF8", "1") in one.settings for one in asked)


def test_a_kernelspec_of_another_program_has_no_zygote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda _, name: spec(["bash", "-c", "true"]))
    with pytest.raises(NoZygote, match=r"^The kernelspec shell does not run ipykernel_launcher"):
        prestart("shell").result(0)
    monkeypatch.setattr(provisioner, "can_fork", lambda: False)
    with pytest.raises(NoZygote, match="cannot be forked on this system"):
        prestart("shell").result(0)
