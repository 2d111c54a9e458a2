"""A process that has shown an edition shows what a vintage registered meanwhile makes of it."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from briefing.chapters.contents import CHAPTERS, Chapter
from briefing.page import Page

EDITION = ("Korea, South", "2011-01", "latest", "2018-01-05")
LAST_WHOLE = date(2026, 3, 12)
FRESH = """
import json, sys
from tests.chapters.test_registered_anew import told
from briefing.chapters.contents import CHAPTERS
json.dump({chapter.name: told(chapter) for chapter in CHAPTERS}, sys.stdout)
"""


def told(chapter: Chapter) -> list[str]:
    """What the chapter's views say and count, one text a view."""
    page = Page(*EDITION)
    slots = [page.show(view.function) for view in chapter.views if not view.choices]
    return [f"{slot!r} {[(figure.id, figure.value, figure.origins) for figure in slot.figures]}" for slot in slots]


@pytest.mark.long
def test_what_was_shown_before_a_vintage_came_is_shown_anew_as_by_a_fresh_process(copied_record: Path) -> None:
    register = copied_record / "sources.toml"
    whole = register.read_text(encoding="utf-8")
    without = tomlkit.parse(whole)
    vintages = without["census-country"]["vintages"]
    while vintages[-1]["vintage"] >= LAST_WHOLE:  # the later ones say nothing new of the edition's months
        del vintages[-1]
    register.write_text(tomlkit.dumps(without), encoding="utf-8")
    before = {chapter.name: told(chapter) for chapter in CHAPTERS}
    register.write_text(whole, encoding="utf-8")
    after = {chapter.name: told(chapter) for chapter in CHAPTERS}
    asked = [sys.executable, "-c", FRESH]
    root = Path(__file__).parents[2]
    fresh = json.loads(subprocess.run(asked, cwd=root, env=os.environ, check=True, capture_output=True).stdout)
    for chapter in CHAPTERS:
        assert after[chapter.name] == fresh[chapter.name], chapter.title
    told_anew = {name for name in after if before[name] != after[name]}
    assert {"deficit_trends", "claims_checked", "revisions"} <= told_anew
