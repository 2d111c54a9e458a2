"""`briefing`, and `python -m briefing`: first the signals that end it, then the command line."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # the current folder, by `python -m`: a file there may be named as a module of a library

# What `signal` is made of: that one imports others first, and could be broken off meanwhile.
import _signal  # type: ignore[import-not-found]

if _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # as the other signals are, until there is something to put away

from briefing import ending


def main() -> None:
    """Be the program `briefing`, until it ends."""
    ending.of_program(_run)


def _run() -> None:
    from briefing.commands import main as commands

    commands()


if __name__ == "__main__":
    main()
