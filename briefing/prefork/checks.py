"""What a process must not hold when it forks: threads, sockets and locks that its children would share.

A fork copies the one thread that forks. A lock that another thread held stays locked in the copy for ever, and whatever
that thread did for a library is done no more: the kernel hangs at some later line. So this is looked at before every
fork, and refused in words, instead of hoped for.
"""

import os
import stat
import sys
import threading
from pathlib import Path

THREAD_LIMITS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # Arrow's allocator, which importing pandas wakes
}


def threads_beside_this() -> list[str]:
    """The other threads of this process, native ones of libraries too, by name."""
    named = {thread.native_id: thread.name for thread in threading.enumerate()}
    return [_thread_name(number, named) for number in _thread_numbers() if number != threading.get_native_id()]


def thread_objection() -> str | None:
    """Why this process must not fork now, or None."""
    others = threads_beside_this()
    if not others:
        return None
    return (
        f"The warm-up left {_counted(others, 'thread')} running: {', '.join(others)}. "
        "A kernel forked beside a running thread could hang for ever. "
        "Let the warm-up end its pools and close what started them (a database connection, a client), "
        "limit the library to one thread by its environment variable (OMP_NUM_THREADS=1 and the like), "
        "read with it by `apart` of this package, or leave that library to the kernels."
    )


def shared_objection(known: set[int]) -> str | None:
    """Why the descriptors opened since the known ones must not be inherited, or None."""
    opened = sorted(open_descriptors() - known)
    sockets = [descriptor for descriptor in opened if _is_socket(descriptor)]
    if sockets:
        return (
            f"The warm-up left {_counted(sockets, 'socket')} open. "
            "All kernels would speak on the same connection, each hearing the others' answers. "
            "Let the warm-up close it, and each kernel open its own."
        )
    locked = [descriptor for descriptor in opened if _is_locked(descriptor)]
    if locked:
        return (
            f"The warm-up left a file locked: {', '.join(_file_name(descriptor) for descriptor in locked)}. "
            "The lock would be held until the last kernel has ended. "
            "Let the warm-up release it."
        )
    return None


def open_descriptors() -> set[int]:
    """The descriptors open in this process; those below 1024 where the system does not list them."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return {int(name) for name in os.listdir(folder) if _is_open(int(name))}  # noqa: PTH208
        except OSError:
            continue
    return {descriptor for descriptor in range(1024) if _is_open(descriptor)}


def _thread_numbers() -> list[int]:
    if sys.platform == "linux":
        return [int(entry.name) for entry in Path("/proc/self/task").iterdir()]
    import psutil

    counted = psutil.Process().num_threads()
    numbers = [thread.native_id or 0 for thread in threading.enumerate()]
    return numbers + [-1] * (counted - len(numbers))  # native threads have no name here


def _thread_name(number: int, named: dict[int | None, str]) -> str:
    if number in named:
        return f"“{named[number]}”"
    try:
        return f"“{Path(f'/proc/self/task/{number}/comm').read_text().strip()}” (of a library)"
    except OSError:
        return "one of a library"


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _is_socket(descriptor: int) -> bool:
    return stat.S_ISSOCK(os.fstat(descriptor).st_mode)


def _is_locked(descriptor: int) -> bool:
    """Whether an flock rests on it: such a lock goes with the open file, into every fork. Linux tells, others do not."""
    try:
        return "FLOCK" in Path(f"/proc/self/fdinfo/{descriptor}").read_text()
    except OSError:
        return False


def _file_name(descriptor: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return f"descriptor {descriptor}"


def _counted(things: list[str] | list[int], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
