"""The chapters are run by nbval with the tests; the workbench is whoever's who works there."""

from pathlib import Path

import pytest
from briefing.press.build import CHAPTERS

HERE = Path(__file__).parent
collect_ignore = [path.name for path in HERE.glob("*.ipynb") if path.stem not in CHAPTERS]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("kernels")
