"""What a signal does to work in hand: it ends it once, whatever that makes of it, and leaves the answers as they were."""

import atexit
import os
import signal
from collections.abc import Iterator

import pytest
from briefing import ending


@pytest.fixture(autouse=True)
def answers() -> Iterator[None]:
    """The answers to signals, put back."""
    before = {number: signal.getsignal(number) for number in ending.SIGNALS}
    yield
    for number, answer in before.items():
        signal.signal(number, answer)


def answer(number: int) -> int:
    """The number that a signal ends work with, told at its end though nothing else was raised."""
    with pytest.raises(ending.ToldToEnd) as told, ending.by_exception():
        signal.raise_signal(number)
    return told.value.number


def test_a_signal_ends_work_and_is_not_heard_after_it() -> None:
    before = {number: signal.getsignal(number) for number in ending.SIGNALS}
    for number in ending.SIGNALS:
        if before[number] != signal.SIG_IGN:
            assert answer(number) == number
    assert {number: signal.getsignal(number) for number in ending.SIGNALS} == before


def test_a_signal_that_was_switched_off_stays_off() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ending.by_exception():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_an_echo_of_a_signal_is_none_and_a_later_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(ending.time, "monotonic", lambda: clock[0])
    heard = []
    with pytest.raises(ending.ToldToEnd), ending.by_exception():
        for at in (0.0, ending.ECHO / 2, ending.ECHO, 2 * ending.ECHO):
            clock[0] = at
            try:
                signal.raise_signal(signal.SIGTERM)
                heard.append(False)
            except ending.ToldToEnd:
                heard.append(True)
    assert heard == [True, False, False, True], "an echo of an echo is one too"


def test_what_the_work_makes_of_a_signal_is_an_end_by_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ending.ToldToEnd) as told, ending.by_exception():
        try:
            signal.raise_signal(signal.SIGTERM)
        except ending.ToldToEnd:
            raise RuntimeError("interrupted") from None
    assert told.value.number == signal.SIGTERM
    with pytest.raises(RuntimeError, match="a fault"), ending.by_exception():
        raise RuntimeError("a fault of its own")


def test_at_once_means_after_what_is_to_be_done_at_exit_and_with_the_code_of_the_signal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    did: list[object] = []
    monkeypatch.setattr(atexit, "_run_exitfuncs", lambda: did.append("exit"))
    monkeypatch.setattr(os, "_exit", did.append)
    with ending.at_once():
        signal.raise_signal(signal.SIGTERM)
        assert did == ["exit", 128 + signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_IGN, "a second one does not disturb the end"


def test_a_program_hears_no_signal_while_it_leaves() -> None:
    heard: list[object] = []
    ending.of_program(lambda: heard.append(signal.getsignal(signal.SIGTERM)))
    assert heard == [ending._end] and signal.getsignal(signal.SIGTERM) == signal.SIG_IGN
