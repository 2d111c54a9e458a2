"""Who is measured, how each is started, and that each is stopped again."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from briefing import kernels, prefork

from tests.bench import processes

PAGES = Path(__file__).parent / "pages"
PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "data" / "census" / "2026-03-12" / "country.parquet"
ADDRESS = "127.0.0.1"
OURS = "three charts, our kernel"
"""The contender to which the others are set in proportion: the same charts, so the same work."""

BOOK = "the book, Deficit trends"
WARM = "three-charts"
"""The kernel of the first: the book's, with the page's table read before it is forked (`pages/warm_charts.py`)."""


@dataclass(frozen=True)
class Contender:
    """A server of a page.

    Parameters
    ----------
    name
        As the report prints it.
    visitor
        Which client knows its protocol: "voila", "book" (Voila with the book's template), "streamlit", "panel".
    python
        The interpreter of its environment.
    arguments
        For that interpreter; "{port}" is filled in.
    path
        Of the page.
    kernel
        The kernel of its notebook, if it has one.
    """

    name: str
    visitor: str
    python: Path
    arguments: tuple[str, ...]
    path: str
    kernel: str = "python3"


@dataclass(frozen=True)
class Server:
    """A running contender: where its page is, and the mark of its processes."""

    page: str
    mark: str


def ours(kernel: str) -> list[Contender]:
    """The same three charts on our kernel and server, and the book's own chapter."""
    python = Path(sys.executable)
    own = WARM if kernel == kernels.NAME else kernel
    serve = "import pathlib, sys; from briefing.app.server import serve; serve(int(sys.argv[1]), open_browser=False, notebooks=pathlib.Path.cwd())"
    book = ("-m", "briefing", "app", "--port", "{port}", "--no-browser")
    return [
        Contender(OURS, "book", python, ("-c", serve, "{port}"), "/voila/render/three_charts.ipynb", own),
        Contender(BOOK, "book", python, book, "/voila/render/deficit_trends.ipynb"),
    ]


def stock_voila(python: Path) -> Contender:
    """Voila as it comes, on the kernel that comes with it."""
    arguments = ("-m", "voila", "three_charts.ipynb", "--no-browser", "--Voila.ip", ADDRESS, "--port", "{port}")
    return Contender("stock Voila", "voila", python, arguments, "/")


def others(python: Path) -> list[Contender]:
    """Streamlit and Panel, told to stay on this machine and not to look after files that change."""
    streamlit = ("-m", "streamlit", "run", "three_charts_streamlit.py", "--server.address", ADDRESS)
    quiet = ("--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none")
    panel = ("-m", "panel", "serve", "three_charts_panel.py", "--address", ADDRESS, "--port", "{port}")
    origin = ("--allow-websocket-origin", f"{ADDRESS}:{{port}}")
    return [
        Contender("Streamlit", "streamlit", python, (*streamlit, "--server.port", "{port}", *quiet), "/"),
        Contender("Panel", "panel", python, (*panel, *origin), "/three_charts_panel"),
    ]


def stage(folder: Path, kernel: str) -> None:
    """Lay the pages and their data in a folder, the notebook set to a kernel."""
    shutil.copytree(PAGES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(DATA, folder / "country.parquet")
    page = folder / "three_charts.ipynb"
    notebook = nbformat.read(page, as_version=4)
    notebook.metadata.kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    nbformat.write(notebook, page)
    spec = prefork.kernelspec("warm_charts:up", display_name="Three charts")
    prefork.write_kernelspec(folder / "jupyter" / "kernels" / WARM, spec)


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a server: no settings of whoever runs the benchmark, nothing left behind."""
    own = {name: str(folder / "own") for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    return {**os.environ, **own, "JUPYTER_PATH": str(folder / "jupyter"), "PYTHONPATH": str(folder)}


@contextlib.contextmanager
def running(contender: Contender) -> Iterator[Server]:
    """The contender's server on a free port; afterwards neither processes nor files are left."""
    mark = uuid.uuid4().hex
    port = free_port()
    command = [str(contender.python), *(argument.format(port=port) for argument in contender.arguments)]
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        stage(folder, contender.kernel)
        log = folder / "log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**surroundings(folder), processes.VARIABLE: mark},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            wait_until_it_listens(contender, process, port, log)
            yield Server(f"http://{ADDRESS}:{port}{contender.path}", mark)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            processes.end(mark)
            process.wait(timeout=15)


def wait_until_it_listens(contender: Contender, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the port accepts connections; the page itself is not asked for."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{contender.name} did not start to listen:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])
