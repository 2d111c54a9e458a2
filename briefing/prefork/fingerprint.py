"""Whether the files that a warm-up read are still the same."""

import hashlib
import os
import stat
from collections.abc import Iterable
from glob import iglob


def fingerprint(patterns: Iterable[str]) -> str:
    """Changes with the name, size or time of any file that the patterns match (`**` crosses folders); costs a stat each."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in iglob(pattern, recursive=True)}):  # noqa: PTH207 Path.glob takes no absolute pattern
        try:
            found = os.stat(path)  # noqa: PTH116 thousands of Paths would be felt at each launch
        except OSError:
            continue
        if not stat.S_ISDIR(found.st_mode):
            digest.update(f"{path}\0{found.st_mtime_ns}\0{found.st_size}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()
