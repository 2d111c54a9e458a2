"""The chapters are run by nbval with the tests; the workbench is whoever's who works there."""

from pathlib import Path

from briefing.press.build import CHAPTERS

HERE = Path(__file__).parent
collect_ignore = [path.name for path in HERE.glob("*.ipynb") if path.stem not in CHAPTERS]
