"""How the program ends when it is told to: by Ctrl-C (SIGINT), SIGTERM, or SIGHUP, which a closed terminal sends.

While nothing is begun but imports, it ends at once: an exception raised inside an import may be printed or lost by what
is being imported. While something is being made, the signal is an exception, and what was begun is put away. While the
program leaves, it goes on leaving. A signal that whoever started it has switched off (`nohup`) stays so.
"""

import atexit
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

Answer = Callable[[int, Any], None]

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


ECHO = 2.0
"""Seconds in which a second signal adds nothing to the first, as when a terminal is closed; it would break off the
putting away. Later, somebody insists."""


class ToldToEnd(KeyboardInterrupt):
    """As Ctrl-C, it ends what is being done, and what was begun is put away."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_code(number: int) -> int:
    """What a shell reads of a program that a signal ended.

    >>> exit_code(signal.SIGTERM)
    143
    """
    return 128 + number


@contextlib.contextmanager
def at_once() -> Iterator[None]:
    """For imports: a signal ends the process where it stands, after what is to be done at exit."""
    with _answered_by(_end):
        yield


@contextlib.contextmanager
def by_exception() -> Iterator[None]:
    """For work: a signal raises ToldToEnd, also where what it interrupts (DuckDB) makes another exception of it."""
    told: list[tuple[int, float]] = []

    def answer(number: int, _: object) -> None:
        is_echo = bool(told) and time.monotonic() - told[-1][1] < ECHO
        told.append((number, time.monotonic()))
        if not is_echo:
            raise ToldToEnd(number)

    with _answered_by(answer):
        try:
            yield
        except Exception:
            if told:
                raise ToldToEnd(told[0][0]) from None
            raise
        if told:  # raised where Python drops exceptions, as in a finaliser: the work is done, and so is the program
            raise ToldToEnd(told[0][0])


def of_program(run: Callable[[], object]) -> None:
    """Run a whole program that ends at once, but for what it does by exception and for its leaving."""
    _answer_by(_end)
    try:
        run()
    finally:
        _answer_by(signal.SIG_IGN)


@contextlib.contextmanager
def _answered_by(answer: Answer) -> Iterator[None]:
    before = _answer_by(answer)
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _answer_by(answer: Any) -> dict[int, Any]:
    """Set the answer to each signal that is not switched off; what it was before."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = {number: earlier for number, earlier in before.items() if earlier != signal.SIG_IGN}
    for number in heard:
        signal.signal(number, answer)
    return heard


def _end(number: int, _: object) -> None:
    _answer_by(signal.SIG_IGN)
    try:
        atexit._run_exitfuncs()  # patch: end-at-once
    finally:
        os._exit(exit_code(number))
