"""For warm-ups: what cannot be computed without threads is computed apart, and only the result kept."""

import contextlib
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from .checks import thread_objection
from .errors import NoZygote

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def apart(function: Callable[Arguments, Result], *arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
    """What the function returns, computed in a fork that ends with it: thread pools and connections end there, too.

    The result must be picklable. It is computed here where there is no fork.

    Raises
    ------
    NoZygote
        If threads run already, or the fork ended without an answer.
    """
    if not hasattr(os, "fork"):
        return function(*arguments, **options)
    objection = thread_objection()
    if objection:
        raise NoZygote(objection)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _answer(writing, lambda: function(*arguments, **options))
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 a descriptor
        answer = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        name = getattr(function, "__name__", str(function))
        raise NoZygote(
            f"{name}, computed apart from the warm-up, gave no result (exit code {code}); its reason is above."
        )
    result: Result = pickle.loads(answer)
    return result


def _answer(writing: int, compute: Callable[[], object]) -> None:
    """In the fork; never returns."""
    code = 1
    try:
        answer = pickle.dumps(compute(), protocol=pickle.HIGHEST_PROTOCOL)
        with contextlib.suppress(BrokenPipeError), open(writing, "wb") as pipe:  # who asked may have ended
            pipe.write(answer)
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)
