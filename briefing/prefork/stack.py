"""What every kernel imports before its first cell is done, imported once for all of them."""

import importlib

STACK = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "ipykernel.comm.manager",
    "ipykernel.subshell_manager",
    "ipywidgets",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "debugpy",
    "faulthandler",
    "matplotlib_inline.backend_inline",
    "pdb",
    "psutil",
    "tornado.platform.asyncio",
)


def import_stack() -> None:
    """Import what is there of it: a kernel without widgets is a kernel."""
    for name in STACK:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
