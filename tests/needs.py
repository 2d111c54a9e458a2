"""What a test needs beside Python and the record, and what a run left out for it.

Each need is a marker (`pyproject.toml`). A need that is not met is an error, never a skip: `make test` sets up what its
tests need, and `make quick` leaves them out and says so.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

NEEDS = {
    "browser": ("make .venv/.browser", "a browser"),
    "database": ("make .venv/.engine", "PostgreSQL"),
    "kernels": ("make .venv/.ready", "kernels, servers or whole builds"),
    "long": ("make .venv/.ready", "more than a few seconds"),
}
"""By marker: what sets it up, and the words for it."""


def needed(program: Path, need: str) -> Path:
    """A program that tests of a need are run with."""
    if not program.exists():
        command, words = NEEDS[need]
        raise FileNotFoundError(
            f"{program} is not there, so nothing that needs {words} would be tested. "
            f"`{command}` installs it; `make quick` leaves these tests out."
        )
    return program


class LeftOut:
    """Counts, over all processes of a run, the tests that were chosen away by what they need."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self.tests.update(need for item in items for need in NEEDS if item.get_closest_marker(need))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output["left_out"] = dict(self.tests)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        found = getattr(node, "workeroutput", {}).get("left_out", {})
        self.tests = self.tests or Counter(found)  # each process collects all

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.tests:
            told = ", ".join(f"{n} that need {NEEDS[need][1]}" for need, n in self.tests.items())
            terminalreporter.write_line(f"Left out: {told}. `make test` runs them all.")
