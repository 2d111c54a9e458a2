"""Jupyter kernels that are forked from a process that is already warm, instead of started each by itself.

One process, the *zygote*, imports what kernels need, runs a *warm-up* of one's own, and then forks: a kernel is a fork,
ready in a fraction of a second and sharing the zygote's memory until it writes to it. Any Jupyter program gets such
kernels (JupyterLab, Voila, papermill, nbclient) by a kernelspec that names the provisioner:

    spec = kernelspec("package.warm:up", watch=["/data/**/*.csv"], display_name="Warm")
    write_kernelspec(Path(sys.prefix, "share/jupyter/kernels/warm"), spec)

The provisioner is found by its entry point (group `jupyter_client.kernel_provisioners`, name PROVISIONER). A server may
call `prestart("warm")` before its first visitor; `shutdown()` happens by itself at exit.

Who holds what
    Each *owner* (a server, a papermill run) has its own zygotes, one for each interpreter, warm-up, list of watched
    files and set of start-up variables (PYTHON*, LD_*, thread limits). A new zygote is started for the next kernels
    when a watched file changed; the old one ends with its last kernel.

Who dies
    A kernel: its zygote reaps it and tells the owner the exit code, as a subprocess would have it.
    The zygote: its kernels go on and can be signalled and ended as before, only their exit code is lost (it reads
    1, or the signal that was sent). A warning says so, and the next kernel comes from a new zygote.
    The owner: kernels and zygote see their sockets close and end (SIGTERM, after two seconds SIGKILL); connection
    files and sockets are removed. No process needs to be alive to give another notice.

What a warm-up may do, and must not
    Import, read files, compute, register with IPython: every kernel has it. It must leave no thread (a fork would copy
    the locks it holds), no socket and no locked file: that is checked, the threads before every fork, and refused in
    words. Thread pools of the usual libraries are limited to one thread for this reason, unless the environment of the
    owner sets them; what cannot do without threads (DuckDB, Arrow's `to_pandas`) is read by `apart(function, ...)`, and
    the result kept. A file it leaves open is shared with its position: map it, or read it by offset. A random generator
    of its own is shared too: reseed it by `os.register_at_fork`. The seed of `hash()` is the same in all kernels of a
    zygote, and cannot be otherwise.

What a kernel does not read
    IPython's configuration and start-up files, PYTHONSTARTUP, a user's site-packages; history is off. Forked or by
    itself, whoever starts it, a kernel is what its kernelspec says. The current folder comes last on the path.

Where there is nothing to fork from
    (no `fork`, a warm-up that fails or leaves threads, a launch with pipes or one that is to outlive its owner)
    an ordinary kernel is started, and a warning says why, once.

Linux is what this is tested on. On macOS a fork after system frameworks were used is refused by the system in some
libraries: try the warm-up there before relying on it. On Windows kernels are ordinary ones.

Modules: `provisioner`, `launch` and `owner` (with `kernel`, `fingerprint`) run in the owner; `zygote` (with `checks`, `stack`) in
the zygote; `child` and `app` in a kernel, `alone` in one that is not forked; `apart` in a warm-up; `wire` is what they say to each other.
"""

from .apart import apart
from .errors import BadKernelspec, KernelNotStarted, NoZygote, PreforkError, ZygoteGone
from .kernelspec import APART, PROVISIONER, kernelspec, write_kernelspec
from .provisioner import PreforkProvisioner, prestart, shutdown

__all__ = [
    "APART",
    "PROVISIONER",
    "BadKernelspec",
    "KernelNotStarted",
    "NoZygote",
    "PreforkError",
    "PreforkProvisioner",
    "ZygoteGone",
    "apart",
    "kernelspec",
    "prestart",
    "shutdown",
    "write_kernelspec",
]
