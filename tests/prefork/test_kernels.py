"""A forked kernel is a kernel: it runs, stops, restarts and ends as any other, and shares nothing with its siblings."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from briefing.prefork import KernelNotStarted, prestart
from jupyter_client import AsyncKernelManager, KernelManager

from .kernels import (
    PATIENCE,
    ask,
    await_text,
    client,
    eventually,
    files_in,
    forked,
    interrupt_endless_cell,
    is_gone,
    manager,
    new_manager,
    session,
)

pytestmark = pytest.mark.kernels


def test_a_kernel_executes_what_it_is_given_and_prints_it() -> None:
    with session("forked") as kernel:
        assert ask(kernel, "6 * 7") == 42
        kernel.execute("import os; print('from python', flush=True); os.system('echo from a program')")
        await_text(kernel, "from python")
        await_text(kernel, "from a program")


def test_a_kernel_works_over_tcp_too() -> None:
    with session("forked", transport="tcp", stderr=subprocess.DEVNULL) as kernel:
        assert ask(kernel, "6 * 7") == 42


def test_a_kernel_has_what_the_warm_up_made() -> None:
    with session("forked") as kernel:
        assert ask(kernel, "len(warm.precomputed), 'warm' in sys.modules", "import sys; import warm") == (1000, True)


def test_results_displays_and_widgets_go_through_the_kernel_that_made_them() -> None:
    with session("forked") as kernel:
        kinds: dict[str, str] = {}
        kernel.execute_interactive(
            "from IPython.display import display; display('shown'); import ipywidgets; ipywidgets.IntSlider(); 6 * 7",
            timeout=PATIENCE,
            output_hook=lambda message: kinds.update({message["msg_type"]: str(message["content"].get("data"))}),
        )
        assert "shown" in kinds["display_data"]
        assert "42" in kinds["execute_result"]
        assert "comm_open" in kinds
        targets = ask(kernel, "sorted(comm.get_comm_manager().targets)", "import comm")
        assert {"jupyter.widget", "jupyter.widget.control"} <= set(targets)


def test_the_shell_that_the_warm_up_saw_is_the_one_of_the_kernel() -> None:
    with session("forked") as kernel:
        asked = "warm.shell is get_ipython(), get_ipython().kernel.shell is get_ipython(), _, In[-2:]"
        kernel.execute("6 * 7", reply=True, timeout=PATIENCE)
        assert ask(kernel, asked, "import warm")[:3] == (True, True, 42)


def test_the_debugger_and_reset_know_the_modules_there_were() -> None:
    with session("forked") as kernel:
        asked = (
            "warm.__file__ in it._kernel_modules, it.debugger.kernel_modules == it._kernel_modules, "
            "'warm' in it.shell._sys_modules_keys, 'colorsys' in it.shell._sys_modules_keys"
        )
        assert ask(kernel, asked, "import colorsys, warm; it = get_ipython().kernel") == (True, True, True, False)
        kernel.execute("%reset -f --aggressive", reply=True, timeout=PATIENCE)
        assert ask(kernel, "'colorsys' in sys.modules, 'warm' in sys.modules", "import sys") == (False, True)


def test_arguments_of_a_launch_are_heeded(tmp_path: Path) -> None:
    file = tmp_path / "begin.py"
    file.write_text("begun = 1")
    with session("forked", extra_arguments=[f"--IPKernelApp.exec_files={file}"]) as kernel:
        assert ask(kernel, "begun") == 1


def test_two_kernels_have_nothing_in_common_that_should_be_their_own(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    asked = (
        "random.random(), numpy.random.random(), str(uuid.uuid4()), str(uuid.uuid1()), os.getpid(), "
        "os.getsid(0), tempfile.mktemp(), os.getcwd(), os.environ['WHO'], open(sys.argv[2]).read(), "
        "get_ipython().kernel.session.session, get_ipython().kernel.session.key, get_ipython().kernel.ident"
    )
    imports = "import os, random, sys, tempfile, uuid, numpy"
    with (
        session("forked", cwd=str(tmp_path), env={**os.environ, "WHO": "a"}) as one,
        session("forked", cwd=str(tmp_path / "b"), env={**os.environ, "WHO": "b"}) as other,
    ):
        first, second = ask(one, asked, imports), ask(other, asked, imports)
    assert [place for place, pair in enumerate(zip(first, second, strict=True)) if pair[0] == pair[1]] == []
    assert first[7:9] == (str(tmp_path), "a")


def test_the_environment_of_a_kernel_is_the_one_it_was_given_and_nothing_of_the_zygote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"PATH": os.environ["PATH"], "ONLY": "this"}
    with session("forked", env=given) as kernel:
        found = ask(kernel, "dict(os.environ)", "import os")
    assert {name for name in found if name.startswith(("OMP_", "MALLOC", "JUPYTER_RUNTIME"))} == set()
    assert found["ONLY"] == "this"
    assert found["JPY_PARENT_PID"] == str(os.getpid())


def test_an_interrupt_stops_the_running_cell_and_not_the_kernel() -> None:
    with manager("forked") as one, client(one) as kernel:
        assert interrupt_endless_cell(one, kernel) == "KeyboardInterrupt"
        assert ask(kernel, "6 * 7") == 42


INTERRUPTED = """
import os, signal
from IPython import get_ipython
session = get_ipython().kernel.session
send = session.send
def send_and_interrupt(stream, message, *others, **named):
    sent = send(stream, message, *others, **named)
    if message == "kernel_info_reply":
        os.kill(os.getpid(), signal.SIGINT)
    return sent
session.send = send_and_interrupt
"""


def test_a_kernel_that_is_interrupted_as_it_tells_what_it_is_prints_nothing(tmp_path: Path) -> None:
    with (tmp_path / "said").open("w") as said, manager("forked", stderr=said) as one, client(one) as kernel:
        ask(kernel, "1", INTERRUPTED)
        kernel.kernel_info(reply=True, timeout=PATIENCE)
        assert interrupt_endless_cell(one, kernel) == "KeyboardInterrupt"
    assert "KeyboardInterrupt" not in (tmp_path / "said").read_text()


def test_a_restart_gives_a_new_process_that_remembers_nothing() -> None:
    with manager("forked") as one:
        with client(one) as kernel:
            before = ask(kernel, "os.getpid()", "import os; kept = 1")
        one.restart_kernel()
        with client(one) as kernel:
            assert ask(kernel, "os.getpid(), 'kept' in globals()", "import os") == (forked(one).pid, False)
        assert forked(one).pid != before
        assert is_gone(before)


@pytest.mark.parametrize("now", [True, False])
def test_after_a_shutdown_nothing_is_left(runtime: Path, now: bool) -> None:
    one = new_manager("forked")
    one.start_kernel()
    process = forked(one)
    assert files_in(runtime)
    one.shutdown_kernel(now=now)
    one.context.term()
    assert is_gone(process.pid)
    assert process.returncode == (-signal.SIGKILL if now else 0)
    assert files_in(runtime) == []
    assert not one.has_kernel


def test_what_a_kernel_registered_runs_at_its_exit_and_what_the_warm_up_registered_does_not(tmp_path: Path) -> None:
    note = tmp_path / "note"
    with manager("forked") as one:
        with client(one) as kernel:
            kept = ask(
                kernel,
                "warm.kept.name",
                "import atexit, pathlib, warm, weakref\n"
                f"atexit.register(pathlib.Path({str(note)!r}).write_text, 'left')\n"
                f"weakref.finalize(warm, pathlib.Path({str(note)!r} + '2').write_text, 'left')",
            )
        one.shutdown_kernel()
    assert note.read_text() == note.with_name("note2").read_text() == "left"
    assert Path(kept).is_dir()


@pytest.mark.parametrize(("last_words", "code"), [("os._exit(3)", 3), ("os.kill(os.getpid(), 9)", -9)])
def test_the_exit_code_is_told_as_a_subprocess_would(last_words: str, code: int) -> None:
    with manager("forked") as one, client(one) as kernel:
        process = forked(one)
        kernel.execute(f"import os; {last_words}")
        assert eventually(lambda: process.poll() is not None)
        assert process.poll() == process.wait() == code
        assert not one.is_alive()
        assert is_gone(process.pid)


def test_a_kernel_that_was_killed_is_not_signalled_again() -> None:
    with manager("forked") as one:
        os.kill(forked(one).pid, signal.SIGKILL)
        assert eventually(lambda: not one.is_alive())
        one.signal_kernel(signal.SIGTERM)


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are listed by Linux")
def test_a_kernel_holds_no_descriptor_but_its_own() -> None:
    look = (
        "import os\nheld = {}\n"
        "for name in os.listdir('/proc/self/fd'):\n"
        "    try: held[int(name)] = os.readlink('/proc/self/fd/' + name)\n"
        "    except OSError: pass  # the listing's own\n"
    )
    sockets = "sum(link.startswith('socket:') for link in held.values())"
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with session("forked", **silent) as first:
        alone = ask(first, sockets, look)
        with session("forked"), session("forked", **silent) as third:
            assert ask(third, sockets, look) == alone
            here, there = ask(first, "held"), ask(third, "held")
    assert {link.partition(":")[0] for link in there.values()} == {"socket", "pipe", "anon_inode", "/dev/null"}
    shared = set(here.values()) & set(there.values())
    assert {link for link in shared if not link.startswith("anon_inode:")} == {"/dev/null"}


def test_twenty_kernels_asked_for_at_once_are_all_served(runtime: Path) -> None:
    async def serve() -> set[int]:
        managers = [
            AsyncKernelManager(
                kernel_name="forked", transport="ipc", connection_file=str(runtime / f"kernel-{number}.json")
            )
            for number in range(20)
        ]
        try:
            await asyncio.gather(*(one.start_kernel() for one in managers))
            return {forked(one).pid for one in managers}
        finally:
            await asyncio.gather(*(one.shutdown_kernel(now=True) for one in managers))
            for one in managers:
                one.context.term()

    assert len(asyncio.run(serve())) == 20


def test_a_kernel_whose_connection_file_is_gone_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    one = new_manager("forked")
    command, options = one.pre_start_kernel()
    Path(one.connection_file).unlink()
    with pytest.raises(KernelNotStarted, match=r"connection file .* is gone"):
        one._launch_kernel(command, **options)
    assert not one.has_kernel
    with session("forked") as kernel:
        assert ask(kernel, "6 * 7") == 42


def test_a_runtime_folder_that_cannot_be_written_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    one = KernelManager(kernel_name="forked", connection_file=str(tmp_path / "file" / "kernel.json"))
    with pytest.raises(KernelNotStarted, match="could not be written"):
        one.start_kernel()


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on files that Windows does not have")
def test_a_full_disk_is_told_in_words_and_leaves_nothing(runtime: Path) -> None:
    import resource

    one = new_manager("forked")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(KernelNotStarted, match="could not be written: File too large"):
            one.start_kernel()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert files_in(runtime) == []
    with session("forked") as kernel:
        assert ask(kernel, "6 * 7") == 42


def test_a_socket_that_cannot_be_bound_is_told_in_words_and_leaves_nothing(runtime: Path) -> None:
    one = new_manager("forked")
    one.ip = str(runtime / "nowhere" / "kernel")
    with pytest.raises(KernelNotStarted, match=r"could not start. ZMQError: .* Start it again"):
        one.start_kernel()
    assert files_in(runtime) == []


def test_papermill_runs_a_notebook_on_a_forked_kernel(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import warm; len(warm.precomputed)")])
    nbformat.write(notebook, tmp_path / "in.ipynb")
    done = papermill.execute_notebook(tmp_path / "in.ipynb", None, kernel_name="forked", progress_bar=False)
    assert done.cells[0].outputs[0].data["text/plain"] == "1000"


def test_a_server_may_warm_up_before_its_first_visitor() -> None:
    warm = prestart("forked")
    warm.result(PATIENCE)
    assert prestart("forked") is warm
