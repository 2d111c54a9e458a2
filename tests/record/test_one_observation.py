"""One observation changed changes exactly the figures that rest on it."""

from collections.abc import Iterable
from types import ModuleType

import pandas as pd
import pytest
from briefing.chapters import auto_trade_gap, deficit_trends, two_ledgers
from briefing.figures import COUNT, RANK, Figure, with_parts
from briefing.outputs import Output
from briefing.record import observations, sources
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


def views(module: ModuleType) -> list[object]:
    """The functions that the chapter's notebook shows: those of an edition, defined there."""
    public = [getattr(module, name) for name in dir(module) if not name.startswith("_")]
    shown = [one for one in public if getattr(one, "__module__", "") == module.__name__ and callable(one)]
    return [one for one in shown if list(one.__annotations__) in (["edition", "return"],)]


def rests_on(figure: Figure, observation: pd.Series) -> bool:
    """Whether the observation is among the rows of the figure, or of what it was computed from."""
    own = any(
        (rows.dataset, rows.vintage) == (observation["source"], observation["vintage"])
        and all(first <= observation[column] <= last for column, first, last in rows.where)
        for rows in figure.rows
    )
    return own or any(rests_on(part, observation) for part in figure.parts)


@pytest.mark.parametrize(("flow", "month"), [("M", "2017-11"), ("X", "2017-03"), ("M", "2016-05"), ("X", "2013-08")])
def test_of_all_goods(monkeypatch: pytest.MonkeyPatch, flow: str, month: str) -> None:
    trade = sources.country_trade(DEFAULT)
    shown = [*views(deficit_trends), *views(two_ledgers)]
    assert len(shown) >= 7
    before = figures(shown, DEFAULT)
    changed = trade.copy()
    place = changed.index[
        (changed["counterpart_area"] == "5800") & (changed["trade_flow"] == flow) & (changed["time_period"] == month)
    ]
    changed.loc[place, "obs_value"] += EXTRA
    monkeypatch.setattr(sources, "country_trade", lambda _: changed)
    monkeypatch.setattr(sources, "own_trade", lambda _: observations.of_partner(changed, "5800"))
    after = figures(shown, DEFAULT)
    assert_exactly(before, after, changed.loc[place[0]])


def test_of_one_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    trade = sources.chapter_trade(DEFAULT, "87")
    shown = views(auto_trade_gap)
    before = figures(shown, DEFAULT)
    changed = trade.copy()
    place = changed.index[
        (changed["counterpart_area"] == "5800") & (changed["trade_flow"] == "M") & (changed["time_period"] == "2016-09")
    ]
    changed.loc[place, "obs_value"] += EXTRA
    monkeypatch.setattr(sources, "chapter_trade", lambda *_: changed)
    assert_exactly(before, figures(shown, DEFAULT), changed.loc[place[0]])


def assert_exactly(before: dict[str, Figure], after: dict[str, Figure], observation: pd.Series) -> None:
    assert set(before) == set(after)
    moved = {id for id in before if before[id].value != after[id].value}
    resting = {id for id, figure in before.items() if rests_on(figure, observation)}
    assert moved, "nothing on the page rests on this observation"
    assert moved <= resting, moved - resting
    # A place among others, or a number of years in a row, need not move with a million dollars.
    assert {id for id in resting - moved if before[id].unit not in (COUNT, RANK)} == set()
