"""A Jupyter of its own for each test process: its kernelspecs, its runtime folder, one zygote for most tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from briefing.prefork import shutdown

from .kernels import install


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the kernelspec "forked"; others are installed by the tests that need them."""
    folder = tmp_path_factory.mktemp("jupyter")
    install(folder, "forked")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = str(folder)
    yield folder
    shutdown()
    if before is None:
        del os.environ["JUPYTER_PATH"]
    else:
        os.environ["JUPYTER_PATH"] = before


@pytest.fixture(autouse=True)
def runtime(jupyter: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where connection files and sockets of the test's kernels lie."""
    folder = tmp_path_factory.mktemp("run")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    return folder
