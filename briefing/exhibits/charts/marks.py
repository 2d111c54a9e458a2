"""Parts of a picture as plain values of Vega-Lite: channels, marks of the rows of a table, and marks over each other.

What follows its schema is for the tests to say, which hold every chart of the book against it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from briefing.palette import INK

Spec = dict[str, Any]
"""A specification of Vega-Lite, or a part of one."""
Rows = pd.DataFrame | Mapping[str, Sequence[Any]]
"""A table to draw, by the names of its columns: days as "2018-01-05", numbers in the unit of the picture."""

ACROSS = {"value": "width"}
"""The channel of what stands at the right end of the picture."""


def quantity(field: str, **options: Any) -> Spec:
    """The channel of a column of numbers."""
    return {"field": field, "type": "quantitative", **options}


def category(field: str, **options: Any) -> Spec:
    """The channel of a column of names, yes or no among them."""
    return {"field": field, "type": "nominal", **options}


def in_order(field: str, **options: Any) -> Spec:
    """The channel of a column of what has an order, as years."""
    return {"field": field, "type": "ordinal", **options}


def in_time(field: str, ends: Sequence[str] | None = None, **options: Any) -> Spec:
    """A horizontal channel of days, "2018-01-05", from one end to the other, in universal time.

    On a scale in local time, which a bare temporal channel has, the zone of the machine or of the browser moves the
    marks against the ticks: east of Greenwich a window loses its first year.
    """
    scale = {"type": "utc", "domain": list(ends)} if ends else {"type": "utc"}
    return {"field": field, "type": "temporal", "title": None, "scale": scale, **options}


def one_of(field: str, looks: Mapping[Any, Any], **options: Any) -> Spec:
    """The channel of a column of names, each with its look: a colour, a shape, a size."""
    return category(field, scale={"domain": list(looks), "range": list(looks.values())}, **options)


def at(points: float) -> Spec:
    """The channel of what stands at a place of the picture, in points from its left or its top."""
    return {"value": points}


def mark(
    kind: str, look: Mapping[str, Any], rows: Rows | None = None, *, where: str = "", words: str = "", **channels: Spec
) -> Spec:
    """A mark for each row of its own, or for each of the picture that it is part of; `where` says for which of them.

    `words` is the column that screen readers read and the app shows under the pointer; a mark without words is silent.
    """
    said = {"description": category(words)} if words else {}
    spec: Spec = {
        "mark": {"type": kind, **look, **({} if words else {"aria": False})},
        "encoding": {**channels, **said},
    }
    if rows is not None:
        spec["data"] = values(rows)
    if where:
        spec["transform"] = [{"filter": where}]
    return spec


def zero(across: str = "y", colour: str = INK) -> Spec:
    """The line at nought of a vertical scale, or with "x" of a horizontal one."""
    place: Spec = {across: quantity(across)}
    return mark("rule", {"color": colour}, {across: [0]}, **place)


def layered(marks: Sequence[Spec], width: float, height: float, rows: Rows | None = None) -> Spec:
    """Marks over each other, the last on top; `rows` are drawn by those that have none of their own."""
    data = {} if rows is None else {"data": values(rows)}
    return {**data, "layer": list(marks), "width": width, "height": height}


def values(rows: Rows) -> Spec:
    """The rows of a table as the data of a specification."""
    columns = [_plain(column) for _, column in rows.items()]
    return {"values": [dict(zip(rows, row, strict=True)) for row in zip(*columns, strict=True)]}


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
    """The rows of a table, one after another, by the names of its columns."""
    return iter(table.itertuples(index=False))
