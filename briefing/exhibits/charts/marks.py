"""Parts of a picture in Altair: channels, marks of the rows of a table, and marks over each other.

A channel is told before it is known whether it runs across or up; `mark` makes Altair's own of it. Nothing is copied on the
way, which is most of what Altair's `encode` does. Whether it follows the schema is for the tests to say, which hold every
chart of the book against it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from briefing.palette import INK

Picture = alt.TopLevelMixin
"""A whole picture, or a part that could be one."""
Channel = dict[str, Any]
"""What stands on a channel of a mark: a field with its type and options, or a value."""
Channels = dict[str, Any]
"""Channels by name, "x" and "color"."""
Rows = pd.DataFrame | Mapping[str, Sequence[Any]]
"""A table to draw, by the names of its columns: days as "2018-01-05", numbers in the unit of the picture."""

ACROSS = {"value": "width"}
"""The channel of what stands at the right end of the picture."""


def quantity(field: str, **options: Any) -> Channel:
    """The channel of a column of numbers."""
    return {"field": field, "type": "quantitative", **options}


def category(field: str, **options: Any) -> Channel:
    """The channel of a column of names, yes or no among them."""
    return {"field": field, "type": "nominal", **options}


def in_order(field: str, **options: Any) -> Channel:
    """The channel of a column of what has an order, as years."""
    return {"field": field, "type": "ordinal", **options}


def in_time(field: str, ends: Sequence[str] | None = None, **options: Any) -> Channel:
    """A horizontal channel of days, "2018-01-05", from one end to the other, in universal time.

    On a scale in local time, which a bare temporal channel has, the zone of the machine or of the browser moves the
    marks against the ticks: east of Greenwich a window loses its first year.
    """
    scale = {"type": "utc", "domain": list(ends)} if ends else {"type": "utc"}
    return {"field": field, "type": "temporal", "title": None, "scale": scale, **options}


def one_of(field: str, looks: Mapping[Any, Any], **options: Any) -> Channel:
    """The channel of a column of names, each with its look: a colour, a shape, a size."""
    return category(field, scale={"domain": list(looks), "range": list(looks.values())}, **options)


def at(points: float) -> Channel:
    """The channel of what stands at a place of the picture, in points from its left or its top."""
    return {"value": points}


def mark(
    kind: str,
    look: Mapping[str, Any],
    rows: Rows | None = None,
    *,
    where: str = "",
    words: str = "",
    **channels: Channel,
) -> alt.Chart:
    """A mark for each row of its own, or for each of the picture that it is part of; `where` says for which of them.

    `words` is the column that screen readers read and the app shows under the pointer; a mark without words is silent.
    """
    said = {"description": category(words)} if words else {}
    looks: dict[str, Any] = {"type": kind, **look, **({} if words else {"aria": False})}
    return alt.Chart(
        alt.Undefined if rows is None else values(rows),
        mark=alt.MarkDef(**looks),
        encoding=alt.FacetedEncoding(**{name: _channel(name, told) for name, told in {**channels, **said}.items()}),
        transform=[alt.FilterTransform(where)] if where else alt.Undefined,
    )


def _channel(name: str, told: Channel) -> Any:
    """Altair's own class for what stands on a channel: `X`, `XValue` or `XDatum` across."""
    kind = next((kind for kind in ("value", "datum") if kind in told), "")
    made = getattr(alt, f"{name[0].upper()}{name[1:]}{kind.capitalize()}")
    return made(told[kind]) if kind else made(**told)


def zero(across: str = "y", colour: str = INK) -> alt.Chart:
    """The line at nought of a vertical scale, or with "x" of a horizontal one."""
    place: Channels = {across: quantity(across)}
    return mark("rule", {"color": colour}, {across: [0]}, **place)


def layered(marks: Sequence[alt.Chart], width: float, height: float, rows: Rows | None = None) -> alt.LayerChart:
    """Marks over each other, the last on top; `rows` are drawn by those that have none of their own."""
    data = alt.Undefined if rows is None else values(rows)
    return alt.LayerChart(data=data, layer=list(marks), width=width, height=height)


def values(rows: Rows) -> alt.InlineData:
    """The rows of a table as the data of a picture."""
    names, columns = zip(*((name, _plain(column)) for name, column in rows.items()), strict=True)
    return _Values(dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


class _Values(alt.InlineData):
    """Rows as plain values that Altair neither copies nor walks through while it puts a picture together."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        super().__init__(values=tuple(rows))

    def __deepcopy__(self, _: Any) -> "_Values":
        return self


def _plain(column: Any) -> list[Any]:
    """The values of a column as JSON knows them; what is no finite number is nothing."""
    values = column.tolist() if isinstance(column, pd.Series) else column
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]


def every_year(years: Sequence[str]) -> list[str]:
    """The years from the first to the last, those without data too: an axis of them shows what is absent as a gap.

    >>> every_year(["2020", "2023", "2019"])
    ['2019', '2020', '2021', '2022', '2023']
    """
    return [f"{year:04d}" for year in range(int(min(years)), int(max(years)) + 1)]


def moved_apart(heights: Sequence[float], gap: float) -> list[float]:
    """Where labels stand, of which the lowest comes first, so that none is nearer to the one below than `gap`.

    >>> moved_apart([1.0, 1.2, 1.3, 9.0], 0.5)
    [1.0, 1.5, 2.0, 9.0]
    """
    places: list[float] = []
    for height in heights:
        places.append(max(height, places[-1] + gap) if places else height)
    return places


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of whatever table is drawn, one after another, by the names of its columns."""
    return iter(table.itertuples(index=False))
