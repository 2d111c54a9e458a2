"""A file written whole or not at all."""

import os
import tempfile
from pathlib import Path

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
