"""ipykernel's application, begun in the zygote and finished in each fork.

What needs neither socket nor thread is done once: the configuration is read and the shell built, *before* the warm-up.
So a library that asks while it is imported whether it runs in IPython hears yes, and what it registers there (widgets
their channel, formatters, magics) every kernel has, as if it had imported the library itself.

No kernel reads a profile: what it computes must not depend on who starts it.
"""

import atexit
import contextlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar

from ipykernel import ipkernel
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core import shellapp
from IPython.core.application import BaseIPythonApplication
from traitlets import default, observe

from .without_profile import NOWHERE, Kernel, NoProfile, Shell

NO_HISTORY = ["--HistoryManager.enabled=False"]  # one database for all, of sessions that nobody resumes


class KernelApp(IPKernelApp):  # patch: no-profile
    """IPKernelApp that reads no configuration and runs no start-up file, neither IPython's nor Python's.

    The current folder comes last on the path: a notebook imports what lies beside it, and a file there that is named as
    a module of a library (types.py, pandas.py) stands in for none.
    """

    kernel_class = Kernel

    @default("ipython_dir")
    def _ipython_dir_default(self) -> str:
        return NOWHERE

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change: object) -> None:
        pass

    def init_profile_dir(self) -> None:
        self.profile_dir = NoProfile()

    def load_config_file(self, *_: object, **__: object) -> None:
        pass

    def _run_startup_files(self) -> None:
        pass

    def init_path(self) -> None:
        if not os.environ.get("PYTHONSAFEPATH"):
            sys.path[:] = [*(place for place in sys.path if place), ""]


class _Configured(BaseIPythonApplication):
    """Comes behind IPKernelApp in the order of its bases: there, what the zygote has done is not done again."""

    is_configured = False

    def initialize(self, argv: list[str] | None = None) -> None:
        if not self.is_configured:
            super().initialize(argv)  # type: ignore[no-untyped-call]


class ForkedApp(KernelApp, _Configured):  # patch: fork-modules
    """A kernel's application in two steps, the second without a look at every module.

    ipykernel and IPython each note the modules there are when a kernel starts. To look at an object is to write to it
    (its count of references), and so to copy its page: ten megabytes and a third of the work of a fork, for two lists
    that are the same in all of them.
    """

    module_names: ClassVar[set[str]] = set()
    module_files: ClassVar[list[str]] = []

    @classmethod
    def note_modules(cls) -> None:
        """For the lists, once the warm-up is done."""
        files = [getattr(one, "__file__", None) for one in list(sys.modules.values())]
        cls.module_names, cls.module_files = set(sys.modules), [file for file in files if file]

    def init_kernel(self) -> None:
        with _no_modules_seen_by(ipkernel):
            super().init_kernel()  # type: ignore[no-untyped-call]
        for holder, name in (
            (self.kernel, "_kernel_modules"),
            (getattr(self.kernel, "debugger", None), "kernel_modules"),
        ):
            if holder is not None:
                setattr(holder, name, self.module_files)

    def init_code(self) -> None:
        with _no_modules_seen_by(shellapp):
            super().init_code()  # type: ignore[no-untyped-call]
        vars(self.shell)["_sys_modules_keys"] = self.module_names


class HalfKernel:
    """A kernel as far as the zygote can build it."""

    def __init__(self) -> None:
        self.app = ForkedApp.instance()
        BaseIPythonApplication.initialize(self.app, NO_HISTORY)
        self.app.is_configured = True
        self.app.log.setLevel(self.app.log_level)  # else a dozen records are made in each kernel, shown to nobody
        self.shell = Shell.instance(
            config=self.app.config, profile_dir=self.app.profile_dir, compiler_class=XCachingCompiler
        )

    def finished(self, arguments: list[str], connection_file: str) -> IPKernelApp:
        """The kernel, its sockets bound; built anew if it is to have other arguments."""
        if _beside_connection_file(arguments):
            self._discard()
            app = KernelApp.instance()
            app.parent_handle = 1  # no poller: the line tells when the owner is gone
            app.initialize([*arguments, *NO_HISTORY])  # type: ignore[no-untyped-call]
            return app
        self.app.parent_handle = 1
        self.app.connection_file = connection_file
        self.app.initialize([])  # type: ignore[no-untyped-call]
        self._adopt(self.app.kernel)
        return self.app

    def _adopt(self, kernel: IPythonKernel) -> None:
        """What the shell took from the zygote while it was built."""
        self.shell.kernel = self.shell.parent = kernel
        self.shell.starting_dir = os.getcwd()  # noqa: PTH109 IPython keeps a string
        self.shell.init_environment()  # type: ignore[no-untyped-call]
        atexit.register(self.shell.atexit_operations)

    def _discard(self) -> None:
        Shell.clear_instance()
        ForkedApp.clear_instance()


class _SysWithoutModules:
    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextlib.contextmanager
def _no_modules_seen_by(looking: ModuleType) -> Iterator[None]:  # patch: fork-modules
    vars(looking)["sys"] = _SysWithoutModules()
    try:
        yield
    finally:
        vars(looking)["sys"] = sys


def _beside_connection_file(arguments: list[str]) -> list[str]:
    """The arguments but for `-f FILE` and those on history, of which there is none."""
    place = arguments.index("-f")
    others = [*arguments[:place], *arguments[place + 2 :]]
    return [argument for argument in others if not argument.startswith("--HistoryManager.")]
