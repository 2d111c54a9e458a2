"""Large pages: the memory of a process holds what it held."""

import random
from pathlib import Path

import pytest
from briefing.prefork import memory

pytestmark = pytest.mark.kernels


def test_memory_in_large_pages_holds_what_it_held() -> None:
    content = random.Random(1).randbytes(16 << 20)
    kept = bytearray(content)
    memory.collapse()
    assert kept == content
    kept[5 << 20] ^= 1
    assert kept != content


def test_a_system_without_large_pages_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "SIZE", tmp_path / "none")
    monkeypatch.setattr(memory, "whole_pages", None)  # would be called
    memory.collapse()


def test_regions_smaller_than_a_large_page_files_and_what_cannot_be_written_are_left_alone() -> None:
    maps = """\
560000000000-560000400000 rw-p 00000000 00:00 0                          [heap]
7f0000001000-7f0000600000 rw-p 00000000 00:00 0
7f0000600000-7f0000700000 rw-p 00000000 00:00 0
7f0000800000-7f0000c00000 r--p 00000000 00:00 0
7f0001000000-7f0001400000 rw-p 00000000 fe:00 1234                       /usr/lib/some.so
7f0002000000-7f0002400000 rw-s 00000000 00:01 77                         /memfd:shared (deleted)
7ffc00000000-7ffc00400000 rw-p 00000000 00:00 0                          [stack]
"""
    assert list(memory.whole_pages(maps, 2 << 20)) == [(0x560000000000, 4 << 20), (0x7F0000200000, 4 << 20)]
