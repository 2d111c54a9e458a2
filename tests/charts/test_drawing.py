"""Drawing: one function of text to text, whatever engine is behind it."""

from collections.abc import Iterator

import pytest
from briefing.charts import drawing


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What an engine that only says what it was asked has been asked."""
    asked: list[str] = []

    def engine(spec: str) -> str:
        asked.append(spec)
        return f"<svg>{spec}</svg>"

    drawing.use(engine)
    yield asked
    drawing.use(drawing.in_this_process)


def test_a_picture_is_drawn_once_for_all_who_ask_for_the_same(asked: list[str]) -> None:
    assert drawing.drawn("a") == drawing.drawn("a") == "<svg>a</svg>"
    assert drawing.drawn("b") == "<svg>b</svg>"
    assert asked == ["a", "b"]


def test_pictures_are_remembered_within_bounds_the_latest_longest(asked: list[str]) -> None:
    for number in range(drawing.MOST_REMEMBERED):
        drawing.drawn(str(number))
    drawing.drawn("0")
    drawing.drawn("one more")
    asked.clear()
    drawing.drawn("0")
    assert asked == []
    drawing.drawn("1")
    assert asked == ["1"]


def test_another_engine_does_not_show_what_the_last_one_drew(asked: list[str]) -> None:
    drawing.drawn("a")
    drawing.use(str.upper)
    assert drawing.drawn("a") == "A"
