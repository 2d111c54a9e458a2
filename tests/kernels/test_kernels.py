"""The book's kernelspec: found by every Jupyter program of the environment, whatever else bears its name."""

import json
import sys
from pathlib import Path

import pytest
from briefing import kernels
from jupyter_client.kernelspec import KernelSpecManager


def test_another_kernel_of_that_name_among_a_users_own_is_not_taken_for_the_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "kernels" / kernels.NAME
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "Mine", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert KernelSpecManager().get_kernel_spec(kernels.NAME).argv == ["false"]
    for _ in range(2):
        found = KernelSpecManager().get_kernel_spec(kernels.installed())
        assert found.argv[0] == sys.executable and found.display_name == "Briefing book"
