"""A kernel and a shell that have no profile: they read none, and make no folder for one, not even for a moment.

IPython wants a profile to be a folder, with folders in it. Here it is a name below which nothing can be: whatever
looks there finds nothing, and whatever a session would keep there it keeps as long as it lives.
"""

import os
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import observe

NOWHERE = os.path.join(os.devnull, "profile")  # noqa: PTH118 IPython keeps strings


class NoProfile(ProfileDir):
    """A profile at `NOWHERE`, with nothing in it."""

    def __init__(self) -> None:
        super().__init__(location=NOWHERE)

    @observe("location")
    def _location_changed(self, change: Any) -> None:
        for name in ("security_dir", "log_dir", "startup_dir", "pid_dir", "static_dir"):
            setattr(self, name, NOWHERE)

    def _mkdir(self, path: str, mode: int | None = None) -> bool:
        return False


class Shell(ZMQInteractiveShell):
    """A shell that has no folder of IPython's; what magics remember (%cd, %bookmark) ends with the session."""

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        self.ipython_dir = NOWHERE
        self.db = {}

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change: Any) -> None:
        pass


class Kernel(IPythonKernel):
    shell_class = Shell
