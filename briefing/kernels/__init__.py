"""The kernel of the book, `briefing`: forked from one process that has everything imported and the record open.

`installed` puts its kernelspec where every Jupyter program of this environment finds it. A changed module of the
package or a new vintage in the register makes the next kernels come from a new process.
"""

import os
import sys
from concurrent.futures import Future
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

from briefing import prefork
from briefing.kernels import home
from briefing.kernels.warm_up import NOTEBOOKS, PAGES
from briefing.record import sources

NAME = "briefing"
WARM_UP = "briefing.kernels.warm_up:up"
PACKAGE = Path(__file__).parents[1]


def installed() -> str:
    """The name of the kernel, once its kernelspec stands in the environment.

    Where another record than the project's own is read (BRIEFING_DATA), the environment cannot be written to, or a user
    keeps another kernel of that name, the kernelspec is for this process and what it starts.
    """
    register = sources.data_directory().resolve() / "sources.toml"
    watched = [PACKAGE / "**" / "*.py", NOTEBOOKS / "*.ipynb", register]
    spec = prefork.kernelspec(WARM_UP, watched, display_name="Briefing book")
    folder = Path(sys.prefix, "share", "jupyter", "kernels", NAME)
    try:
        if os.environ.get("BRIEFING_DATA"):
            folder = _own_folder() / "kernels" / NAME
        prefork.write_kernelspec(folder, spec)
    except OSError:
        folder = Path()
    if not _is_found_in(folder):
        prefork.write_kernelspec(_own_folder() / "kernels" / NAME, spec)
    return NAME


def _is_found_in(folder: Path) -> bool:
    """Whether Jupyter, asked for the book's kernel, looks there first."""
    try:
        return Path(KernelSpecManager().get_kernel_spec(NAME).resource_dir).resolve() == folder.resolve()
    except NoSuchKernel:
        return False


def prestart(*, pages: bool) -> "Future[None]":
    """Warm up before the first kernel is asked for; with `pages`, every page of the default edition is shown once.

    Returns
    -------
    Done when it is warm.
    """
    if pages:
        os.environ[PAGES] = "1"
    return prefork.prestart(installed())


def _own_folder() -> Path:
    """A folder for kernelspecs of this process, first among those where Jupyter looks."""
    folder = home.own_folder()
    others = [place for place in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if place not in ("", str(folder))]
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(folder), *others])
    return folder
