"""Folders that live as long as what is done in them, and are gone afterwards, however it ends.

A process that is killed puts nothing away. Each folder bears a mark and a lock that ends with its process; whoever makes
the next one beside it clears those that nobody holds any more.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from briefing.errors import BriefingError

if sys.platform != "win32":
    import fcntl

MARK = ".scratch-of-the-briefing-book"
LONGEST_ADDRESS = 103
"""Bytes in the name of a Unix socket: 107 on Linux, 103 on macOS."""


@contextlib.contextmanager
def folder(
    parent: Path, prefix: str = "briefing-", before_clearing: Callable[[Path], None] = lambda left: None
) -> Iterator[Path]:
    """A new folder in another; `before_clearing` sees each one that a killed process left there.

    Raises
    ------
    OSError
        If nothing can be written there.
    """
    clear(parent, prefix, before_clearing)
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        with _held(made):
            (made / MARK).touch()
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def folder_for_sockets(longest_name: str) -> Iterator[Path]:
    """A new temporary folder whose name leaves room for the longest one of a socket in it.

    Raises
    ------
    BriefingError
        If there is none to be had.
    """
    room = LONGEST_ADDRESS - len(f"/briefing-12345678/{longest_name}")
    usable = [place for place in _places() if os.access(place, os.W_OK | os.X_OK)]
    short = [place for place in usable if len(os.fsencode(place)) <= room]
    if not short:
        raise BriefingError(
            f"No folder for sockets: {', '.join(usable) or 'nowhere can files be written for a while'}. Its name must not "
            f"be longer than {room} bytes, or no kernel could be reached there. Name such a folder with TMPDIR."
        )
    with folder(Path(short[0])) as made:
        yield made


def _places() -> list[str]:
    """Where files may be put for a while, the usual place first."""
    try:
        usual = [tempfile.gettempdir()]
    except FileNotFoundError:  # Python found none
        usual = []
    return [
        *dict.fromkeys([*usual, *filter(None, [os.environ.get("XDG_RUNTIME_DIR")]), "/tmp", "/var/tmp", "/dev/shm"])
    ]


def clear(parent: Path, prefix: str, before_clearing: Callable[[Path], None]) -> None:
    """Remove what processes that are no more have left."""
    for left in parent.glob(f"{prefix}*"):
        if (left / MARK).exists() and sys.platform != "win32":
            with contextlib.suppress(OSError), _held(left):
                before_clearing(left)
                shutil.rmtree(left, ignore_errors=True)


def in_use(folder: Path) -> bool:
    """Whether the process that made a folder here is still at work in it."""
    try:
        with _held(folder):
            return False
    except BlockingIOError:
        return True
    except OSError:  # gone meanwhile
        return False


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Do what is done beside others in a folder one after another; for what takes a moment."""
    with _held(folder, wait=True):
        yield


@contextlib.contextmanager
def _held(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold a folder's lock, which the system takes back when this process ends.

    Where another holds it: BlockingIOError, or a wait for it.
    """
    if sys.platform == "win32":  # no such locks; what is left there stays
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
