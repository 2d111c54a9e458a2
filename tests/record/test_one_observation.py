"""One observation changed changes exactly the figures that rest on it."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from briefing.chapters.contents import CHAPTERS
from briefing.figures import COUNT, RANK, Figure, with_parts
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition

DEFAULT = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
EXTRA = 1_000_000


def figures(views: Iterable[object], edition: Edition) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for view in views:
        shown = view(edition)  # type: ignore[operator]
        for output in [shown] if isinstance(shown, Output) else shown or []:
            found |= with_parts(output.figures) if isinstance(output, Output) else {}
    return found


@cache
def figures_before(*modules: str) -> dict[str, Figure]:
    """What those modules show of the record as it is; asked of the copy before anything is changed in it."""
    return figures(views(*modules), DEFAULT)


def views(*modules: str) -> list[object]:
    """The functions of those modules that a notebook shows of an edition."""
    shown = (view for chapter in CHAPTERS for view in chapter.views)
    return [view.function for view in shown if view.module in modules and not view.choices]


def change(data: Path, source: sources.Source, **where: str) -> pd.Series:
    """Add to one observation of a registered file, and register the file that it then is."""
    path = data / source.file
    table = pd.read_parquet(path)
    (place,) = table.index[(table[list(where)] == pd.Series(where)).all(axis=1)]
    table.loc[place, "obs_value"] += EXTRA
    table.to_parquet(path)
    entries = (data / "sources.toml").read_text(encoding="utf-8")
    assert source.sha256 in entries
    changed = entries.replace(source.sha256, hashlib.sha256(path.read_bytes()).hexdigest())
    (data / "sources.toml").write_text(changed, encoding="utf-8")
    return table.loc[place]


def rests_on(figure: Figure, observation: pd.Series) -> bool:
    """Whether the observation is among the rows of the figure, or of what it was computed from."""
    own = any(
        (rows.dataset, rows.vintage) == (observation["source"], observation["vintage"])
        and all(first <= observation[column] <= last for column, first, last in rows.where)
        for rows in figure.rows
    )
    return own or any(rests_on(part, observation) for part in figure.parts)


@pytest.mark.long
@pytest.mark.parametrize(("flow", "month"), [("M", "2017-11"), ("X", "2017-03"), ("M", "2016-05"), ("X", "2013-08")])
def test_of_all_goods(copied_record: Path, flow: str, month: str) -> None:
    shown = views("deficit_trends", "two_ledgers")
    assert len(shown) >= 7
    before = figures_before("deficit_trends", "two_ledgers")
    source = sources.country_vintage(DEFAULT)
    changed = change(copied_record, source, counterpart_area="5800", trade_flow=flow, time_period=month)
    assert_exactly(before, figures(shown, DEFAULT), changed)


@pytest.mark.long
def test_of_one_chapter(copied_record: Path) -> None:
    shown = views("auto_trade_gap")
    before = figures(shown, DEFAULT)
    (source,) = (one for one in sources.register() if one.dataset == "census-hs-imports-consumption")
    changed = change(copied_record, source, counterpart_area="5800", commodity="87", time_period="2016-09")
    assert_exactly(before, figures(shown, DEFAULT), changed)


def assert_exactly(before: dict[str, Figure], after: dict[str, Figure], observation: pd.Series) -> None:
    assert set(before) == set(after)
    moved = {id for id in before if before[id].value != after[id].value}
    resting = {id for id, figure in before.items() if rests_on(figure, observation)}
    assert moved, "nothing on the page rests on this observation"
    assert moved <= resting, moved - resting
    # A place among others, or a number of years in a row, need not move with a million dollars.
    assert {id for id in resting - moved if before[id].unit not in (COUNT, RANK)} == set()
