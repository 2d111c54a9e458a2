"""The kernelspec by which any Jupyter program comes to forked kernels, or, without this package, to ordinary ones."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import BadKernelspec

PROVISIONER = "prefork-provisioner"
APART = ("-P", "-s")
"""Options of an interpreter whose modules come from its environment alone: not from the current folder, nor a user's."""


def kernelspec(
    warm_up: str = "", watch: Iterable[str | Path] = (), *, display_name: str, python: str = sys.executable
) -> dict[str, Any]:
    """The content of a kernel.json.

    Parameters
    ----------
    warm_up
        "module:function", called once with no argument before kernels are forked; it imports, reads, computes.
    watch
        Files, by absolute names that may hold `*` and `**`, whose change makes what it read stale.
    display_name
        What a user chooses the kernel by.
    python
        The interpreter of the kernels; this package must be installed there.

    Raises
    ------
    BadKernelspec
        If the warm-up is not named as module and function, or a watched file not by an absolute name.
    """
    patterns = [str(pattern) for pattern in watch]
    if warm_up and not _names_a_function(warm_up):
        raise BadKernelspec(
            f"“{warm_up}” names no warm-up. Kernels would start cold. Write it as module:function, such as package.warm:up."
        )
    for pattern in patterns:
        if not Path(pattern).is_absolute():
            raise BadKernelspec(
                f"“{pattern}” is not an absolute name. Which files it means would change with the current folder, and "
                "kernels could be forked from stale ones. Write it from the root."
            )
    return {
        "argv": [python, *APART, "-m", f"{__package__}.alone", "-f", "{connection_file}"],
        "display_name": display_name,
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "debugger": True,
            "kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {"warm_up": warm_up, "watch": patterns}},
        },
    }


def write_kernelspec(folder: Path, spec: dict[str, Any]) -> Path:
    """Write kernel.json into the folder, whose name is the kernel's name: `<prefix>/share/jupyter/kernels/<name>`.

    Whoever reads it meanwhile finds the old one or the new one, whole; one that says the same is left alone.
    """
    file = folder / "kernel.json"
    text = json.dumps(spec, indent=1, ensure_ascii=False) + "\n"
    if not (file.is_file() and file.read_text(encoding="utf-8") == text):
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".kernel.json.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    return file


def _names_a_function(warm_up: str) -> bool:
    module, colon, function = warm_up.partition(":")
    return bool(colon) and function.isidentifier() and all(part.isidentifier() for part in module.split("."))
