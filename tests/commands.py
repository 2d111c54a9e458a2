"""The commands that the pages of the project tell a reader to type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.house import PROJECT

PAGES = ["README.md", "CONTRIBUTING.md", "docs/house.md", "docs/kernels.md", "docs/measure.md", "docs/patches.md"]
FIRST_WORD = re.compile(r"(?:[A-Z_]+=\S+ )*(?:make|git|briefing|\.venv/bin/\w+|python -m) ")


@dataclass(frozen=True)
class Command:
    """One line to type, and the page that tells it."""

    page: str
    line: str


def told() -> Iterator[Command]:
    """Every command of a code block or in backticks; what explains it behind two spaces and # is left out."""
    for page in PAGES:
        text = (PROJECT / page).read_text(encoding="utf-8")
        lines = re.findall(r"^ {4}(\S.*)$", text, re.M) + re.findall(r"(?<!`)`([^`]+)`(?!`)", text)
        for line in dict.fromkeys(re.sub(r"\s+# .*", "", line.replace("\n", " ")).strip() for line in lines):
            if FIRST_WORD.match(line):
                yield Command(page, line)
