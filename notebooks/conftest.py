"""The chapters are run by nbval with the tests; the workbench is whoever's who works there."""

from pathlib import Path

import pytest
from briefing.chapters.contents import CHAPTERS

HERE = Path(__file__).parent
NAMES = {chapter.name for chapter in CHAPTERS}
collect_ignore = [path.name for path in HERE.glob("*.ipynb") if path.stem not in NAMES]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("kernels")
