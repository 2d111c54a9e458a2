"""A kernel and a shell that have no profile: they read none, and make no folder for one, not even for a moment.

IPython wants a profile to be a folder, with folders in it. Here it is a name below which nothing can be: whatever
looks there finds nothing, and whatever a session would keep there it keeps as long as it lives.
"""

import os
import signal
import threading
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import observe

NOWHERE = os.path.join(os.devnull, "profile")  # noqa: PTH118 IPython keeps strings


class NoProfile(ProfileDir):  # patch: no-profile
    """A profile at `NOWHERE`, with nothing in it."""

    def __init__(self) -> None:
        super().__init__(location=NOWHERE)

    @observe("location")
    def _location_changed(self, change: Any) -> None:
        for name in ("security_dir", "log_dir", "startup_dir", "pid_dir", "static_dir"):
            setattr(self, name, NOWHERE)

    def _mkdir(self, path: str, mode: int | None = None) -> bool:
        return False


class Shell(ZMQInteractiveShell):  # patch: no-profile
    """A shell that has no folder of IPython's; what magics remember (%cd, %bookmark) ends with the session."""

    def init_ipython_dir(self, ipython_dir: str | None) -> None:
        self.ipython_dir = NOWHERE
        self.db = {}

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change: Any) -> None:
        pass


class Kernel(IPythonKernel):
    shell_class = Shell

    async def kernel_info_request(self, *message: Any) -> None:  # patch: deaf-info
        """Answer, deaf to interrupts: there is no code to stop, and the first step of ending a kernel is to interrupt it.

        Papermill asks this last and ends the kernel as soon as it is told; what the handler still has to do would be
        broken off, and that printed as an error.
        """
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self.saved_sigint_handler)
        await super().kernel_info_request(*message)  # type: ignore[no-untyped-call]
