"""A file written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from briefing.errors import CannotWrite

UNFINISHED = ".unfinished"
"""How the name of a file ends that whoever wrote it did not finish."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file by renaming a finished temporary beside it: it is as before or complete."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def require_writable(folder: Path) -> None:
    """Refuse a folder that cannot be made or written, before anything is done for what would go there; it is not made.

    Raises
    ------
    CannotWrite
    """
    with writing(folder):
        there = next(place for place in (folder, *folder.parents) if place.exists())
        tempfile.TemporaryFile(dir=there).close()


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Whatever the system says against writing there is said in a sentence.

    Raises
    ------
    CannotWrite
    """
    try:
        yield
    except OSError as fault:
        why = fault.strerror or str(fault) or type(fault).__name__
    else:
        return
    raise CannotWrite(
        f"{place} cannot be written ({why}), and what was to be kept there would be lost. Everything is as before. "
        "Make room or give leave to write there, or work in a copy that is yours."
    )
