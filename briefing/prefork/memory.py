"""Large pages for what kernels share: a fork copies the table of pages, and a table of large ones is short."""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1 and later
SIZE = Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")
MAPS = Path("/proc/self/maps")
PRIVATE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\])?$", re.MULTILINE)


def collapse() -> None:
    """Put this process's own memory into large pages, where the system has them; elsewhere it stays as it is.

    A kernel that writes to one copies only the small page it writes to.
    """
    try:
        size, maps = int(SIZE.read_text()), MAPS.read_text()
        madvise = ctypes.CDLL(None).madvise
    except (OSError, ValueError, AttributeError):
        return
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, length in whole_pages(maps, size):
        madvise(start, length, COLLAPSE)


def whole_pages(maps: str, size: int) -> Iterator[tuple[int, int]]:
    """Start and length of each private region of `/proc/PID/maps`, cut to whole pages of the size.

    >>> list(whole_pages("1000-5800 rw-p 00000000 00:00 0 \\n6000-9000 r--p 00000000 00:00 0", 0x2000))
    [(8192, 8192)]
    """
    for first, last in PRIVATE.findall(maps):
        start, end = -(-int(first, 16) // size) * size, int(last, 16) // size * size
        if start < end:
            yield start, end - start
