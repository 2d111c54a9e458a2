"""The examples in docstrings hold."""

import doctest
import importlib
import pkgutil

import briefing
import pytest

MODULES = [
    module.name for module in pkgutil.walk_packages(briefing.__path__, "briefing.") if "__main__" not in module.name
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", ["briefing.codes.codelists", "briefing.periods", "briefing.sentences.words"])
def test_modules_that_speak_in_prose_give_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).attempted > 0
