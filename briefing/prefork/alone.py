"""A kernel by itself, `python -m <this> -f FILE`: the same as a fork is, where nothing can be forked."""

import sys

from .app import NO_HISTORY, KernelApp


def main() -> None:
    """Be the kernel that the command line asks for, until it ends."""
    app = KernelApp.instance()
    app.initialize([*sys.argv[1:], *NO_HISTORY])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
