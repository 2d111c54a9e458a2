"""What can go wrong when kernels are forked, and the words a user sees.

PreforkError
├── NoZygote          no process to fork from: an ordinary kernel is started in its place
│   └── ZygoteGone    it was there and has ended: another is started
├── KernelNotStarted  the fork was made, or could be, and still there is no kernel
└── BadKernelspec     a kernelspec that names no warm-up, or files in no way that can be watched
"""


class PreforkError(RuntimeError):
    """The root: catch this to catch everything that forking kernels may refuse."""


class NoZygote(PreforkError):
    """There is no process to fork kernels from, and the reason why; ordinary kernels still start."""


class ZygoteGone(NoZygote):
    """The process that kernels are forked from has ended meanwhile."""


class KernelNotStarted(PreforkError):
    """A kernel that nobody could have used; nothing of it is left."""


class BadKernelspec(PreforkError):
    """A kernelspec that kernels could not be forked by."""
