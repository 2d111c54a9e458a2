"""The files of a kernel that nobody will come back for."""

import contextlib
import json
from pathlib import Path

CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


def remove_leftovers(connection_file: str) -> None:
    """Remove the connection file and the sockets it names: what the owner would have done."""
    try:
        connection = json.loads(Path(connection_file).read_bytes())
    except (OSError, ValueError):
        connection = {}
    if connection.get("transport") == "ipc":
        for channel in CHANNELS:
            _remove(f"{connection['ip']}-{connection[channel]}")
    _remove(connection_file)


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()
