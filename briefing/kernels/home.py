"""A place for what Jupyter and IPython keep for a user, where the user has none: a service account, a read-only home."""

import atexit
import contextlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from briefing import scratch
from briefing.errors import BriefingError


def ensure() -> None:
    """Let Jupyter and IPython write to a folder of this process wherever the user's cannot be written to.

    To be called before they are imported: some of their modules look for a home at once.

    Raises
    ------
    BriefingError
        If there is no folder for temporary files either.
    """
    if not Path(os.path.expanduser("~")).is_dir():  # noqa: PTH111  # Path's own raises where there is no user
        os.environ["HOME"] = str(own_folder())
    for variable, usual in _folders().items():
        if not _may_be_made(Path(usual())):
            os.environ[variable] = str(own_folder() / variable.lower())


@cache
def own_folder() -> Path:
    """A folder of this process, removed when it ends.

    Raises
    ------
    BriefingError
        If no folder for temporary files can be written to.
    """
    try:
        return _kept.enter_context(scratch.folder(Path(tempfile.gettempdir())))
    except OSError as error:
        raise BriefingError(
            f"No folder for temporary files can be written to ({error.strerror or error}). Sessions have their sockets "
            "there, so no page could be shown. Make one writable and name it by TMPDIR."
        ) from error


_kept = contextlib.ExitStack()
atexit.register(_kept.close)


def _folders() -> dict[str, Callable[[], str]]:
    from jupyter_core import paths

    def of_ipython() -> str:
        return os.environ.get("IPYTHONDIR") or os.path.expanduser("~/.ipython")  # noqa: PTH111

    return {
        "JUPYTER_CONFIG_DIR": paths.jupyter_config_dir,
        "JUPYTER_DATA_DIR": paths.jupyter_data_dir,
        "JUPYTER_RUNTIME_DIR": paths.jupyter_runtime_dir,
        "IPYTHONDIR": of_ipython,
    }


def _may_be_made(folder: Path) -> bool:
    """Whether the folder can be written to, or made."""
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
