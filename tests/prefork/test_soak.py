"""Starts and stops leave nothing; `python -m tests.prefork.soak` makes a thousand of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.kernels

STARTS = int(os.environ.get("PREFORK_SOAK", "120"))

CODE = """
import sys
from pathlib import Path

import pytest
from tests.prefork.soak import soak
before, after = soak(int(sys.argv[1]), Path(sys.argv[2]))
assert after.owner_descriptors <= before.owner_descriptors, (before, after)
assert after.zygote_descriptors <= before.zygote_descriptors, (before, after)
assert after.zygote_children == 0 and after.files == 0, (before, after)
assert after.owner_memory - before.owner_memory < 30e6, (before, after)
assert after.zygote_memory - before.zygote_memory < 5e6, (before, after)
"""


def test_many_starts_and_stops_leave_no_process_descriptor_file_or_memory(runtime: Path) -> None:
    """In a process of its own, whose descriptors nobody else opens and closes."""
    command = [sys.executable, "-c", CODE, str(STARTS), str(runtime)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
