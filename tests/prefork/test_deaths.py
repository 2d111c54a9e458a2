"""Whoever dies, the next visitor is served and nothing is left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from briefing.prefork import KernelNotStarted, shutdown
from jupyter_core.utils import ensure_event_loop

from .kernels import (
    PATIENCE,
    ask,
    client,
    eventually,
    files_in,
    forked,
    install,
    interrupt_endless_cell,
    is_gone,
    manager,
    session,
)

pytestmark = pytest.mark.kernels

OWNER = """
import os, sys, time
from jupyter_client import KernelManager
files = [f"{os.environ['JUPYTER_RUNTIME_DIR']}/kernel-{number}.json" for number in range(3)]
managers = [KernelManager(kernel_name="forked", transport="ipc", connection_file=file) for file in files]
for one in managers:
    one.start_kernel()
print(managers[0].provisioner.process.zygote.pid, *(one.provisioner.process.pid for one in managers), flush=True)
exec(sys.argv[1])
"""


@contextlib.contextmanager
def owner(last: str) -> Iterator[tuple["subprocess.Popen[str]", list[int]]]:
    """A process that owns a zygote and three kernels, and their numbers; killed in the end."""
    with subprocess.Popen([sys.executable, "-c", OWNER, last], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, [int(number) for number in process.stdout.readline().split()]
        finally:
            process.kill()


def test_kernels_go_on_when_their_zygote_is_killed_and_the_next_comes_from_another(
    runtime: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with manager("forked") as one, client(one) as kernel:
        zygote = forked(one).zygote
        os.kill(zygote.pid, signal.SIGKILL)
        assert eventually(zygote.has_ended)
        assert ask(kernel, "6 * 7") == 42
        assert one.is_alive()
        with manager("forked") as next_one, client(next_one) as next_kernel:
            assert ask(next_kernel, "6 * 7") == 42
            assert forked(next_one).zygote.pid != zygote.pid
        assert is_gone(zygote.pid)
        orphan = forked(one)
        one.shutdown_kernel()
    assert is_gone(orphan.pid)
    assert orphan.returncode is not None
    assert files_in(runtime) == []
    assert "killed by signal 9" in caplog.text


def test_an_orphaned_kernel_can_be_interrupted_and_killed() -> None:
    with manager("forked") as one, client(one) as kernel:
        os.kill(forked(one).zygote.pid, signal.SIGKILL)
        assert eventually(forked(one).zygote.has_ended)
        pid = forked(one).pid
        assert interrupt_endless_cell(one, kernel) == "KeyboardInterrupt"
        assert ask(kernel, "6 * 7") == 42
        one.shutdown_kernel(now=True)
        assert is_gone(pid)


@pytest.mark.parametrize("zygote_first", [False, True])
def test_an_owner_that_is_killed_leaves_no_process_and_no_file(runtime: Path, zygote_first: bool) -> None:
    with owner("time.sleep(600)") as (_, pids):
        assert len(pids) == 4
        if zygote_first:
            os.kill(pids[0], signal.SIGKILL)
    assert eventually(lambda: all(is_gone(pid) for pid in pids))
    assert eventually(lambda: files_in(runtime) == [])


def test_an_owner_that_ends_without_a_word_leaves_no_process(runtime: Path) -> None:
    with owner("") as (process, pids):
        assert process.wait(PATIENCE) == 0
    assert eventually(lambda: all(is_gone(pid) for pid in pids))


def test_a_kernel_that_does_not_heed_sigterm_ends_with_its_owner_all_the_same() -> None:
    stubborn = (
        "kernel = managers[0].client(); kernel.start_channels(); "
        "kernel.execute_interactive('import signal; _ = signal.signal(15, signal.SIG_IGN)'); print('set', flush=True); time.sleep(600)"
    )
    with owner(stubborn) as (process, pids):
        assert process.stdout is not None
        assert process.stdout.readline() == "set\n"
    assert eventually(lambda: all(is_gone(pid) for pid in pids))


def test_changed_files_give_a_new_zygote_and_the_old_sessions_go_on(jupyter: Path, tmp_path: Path) -> None:
    watched = tmp_path / "record.csv"
    watched.write_text("1")
    install(jupyter, "watching", watch=(tmp_path / "*.csv",))
    with manager("watching") as one, client(one) as kernel:
        old = forked(one).zygote
        watched.write_text("22")
        with manager("watching") as next_one:
            assert forked(next_one).zygote.pid != old.pid
            assert ask(kernel, "6 * 7") == 42
            assert not old.has_ended()
        one.shutdown_kernel(now=True)
        assert eventually(old.has_ended)


def test_no_zombie_is_left_of_kernels_that_ended() -> None:
    with manager("forked") as one:
        zygote = psutil.Process(forked(one).zygote.pid)
        for _ in range(3):
            with session("forked"):
                pass
        assert eventually(lambda: [child.pid for child in zygote.children()] == [forked(one).pid])


@pytest.mark.parametrize("is_warm", [True, False])
def test_who_starts_a_kernel_while_all_are_told_to_end_hears_of_it_at_once(jupyter: Path, is_warm: bool) -> None:
    if is_warm:
        with manager("forked") as one:
            zygote = forked(one).zygote
            os.kill(zygote.pid, signal.SIGSTOP)  # so that the next kernel is asked for and does not come
            refused = start_in_a_thread("forked")
            assert eventually(lambda: len(zygote.kernels) == 2)
            shutdown()
    else:
        install(jupyter, "slow", "warm:slow")
        refused = start_in_a_thread("slow")
        assert eventually(lambda: any("warm:slow" in child.cmdline() for child in psutil.Process().children()))
        shutdown()
    with pytest.raises(KernelNotStarted, match="told to end while this one started"):
        refused.result(PATIENCE / 2)


def start_in_a_thread(name: str) -> "Future[None]":
    started: Future[None] = Future()

    def start() -> None:
        try:
            with closing(ensure_event_loop()), manager(name):
                started.set_result(None)
        except KernelNotStarted as refusal:
            started.set_exception(refusal)

    threading.Thread(target=start, daemon=True).start()
    return started
