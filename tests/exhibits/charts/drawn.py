"""What a picture draws, mark by mark and panel by panel, and what its specification says that it should draw."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from briefing.chapters.contents import CHAPTERS
from briefing.exhibits.charts import Chart
from briefing.outputs import Output
from briefing.record.edition import Edition

Row = dict[str, Any]
Panels = list[list[str]]
"""For each panel, or the one picture, what its marks of a kind say in their order: their words or text; a line its points."""
SVG = "{http://www.w3.org/2000/svg}"


def every_chart(edition: Edition) -> Iterator[Chart]:
    """The charts of every view of the book, with every choice."""
    for view in (view for chapter in CHAPTERS for view in chapter.views):
        for choice in [(key,) for key in view.keys] or [()]:
            yield from charts_in(view.function(edition, *choice))


def charts_in(shown: Output | Sequence[Output]) -> Iterator[Chart]:
    yield from (one for one in ([shown] if isinstance(shown, Output) else shown) if isinstance(one, Chart))


def drawn_in(svg: str) -> dict[str, Panels]:
    """What each mark of a picture draws, by the name that Vega-Lite gives it from its place: "layer_0"."""
    found: dict[str, Panels] = {}
    for kind, place, items in _groups(svg):
        found.setdefault(place, []).append([_said(kind, item) for item in items])
    return {place: _joined(place, panels) for place, panels in found.items()}


def _groups(svg: str) -> Iterator[tuple[str, str, list[ElementTree.Element]]]:
    """Marks of one kind and place, and what of them can be seen."""
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        named = re.fullmatch(r"mark-(\w+) role-mark (?:(\w+)_)?marks", group.get("class", ""))
        if named:
            kind, place = named.groups(default="")
            yield kind, place, [item for item in group if _is_drawn(item)]


def _is_drawn(item: ElementTree.Element) -> bool:
    return item.get("d") != "" and not any("NaN" in value for value in item.attrib.values())


def _said(kind: str, item: ElementTree.Element) -> str:
    if kind in ("line", "area"):
        corners = len(re.findall("[ML]", item.get("d", "")))
        return _line(item.get("aria-label", ""), corners // 2 if kind == "area" else corners)
    return item.get("aria-label") or item.text or ""


def _line(words: str, points: int) -> str:
    return f"{words} {points} points".strip()


def _joined(place: str, panels: Panels) -> Panels:
    """A line has a group for each series; only in panels are they told apart."""
    return panels if place.startswith("child") else [[said for panel in panels for said in panel]]


def due_in(spec: Any, rows: Sequence[Row] = (), panel: tuple[str, Sequence[Any]] = ("", [None])) -> dict[str, Panels]:
    """What each mark of a specification is to draw of its rows, or of those of the picture that it is part of."""
    rows = spec["data"]["values"] if "data" in spec else rows
    if "facet" in spec:
        field, order = spec["facet"]["field"], spec["facet"]["sort"]
        return {f"child_{place}": due for place, due in due_in(spec["spec"], rows, (field, order)).items()}
    for name, parts in (("concat", spec.get("hconcat", spec.get("vconcat"))), ("layer", spec.get("layer"))):
        if parts:
            return {
                f"{name}_{number}{'_' * bool(place)}{place}": due
                for number, part in enumerate(parts)
                for place, due in due_in(part, rows, panel).items()
            }
    field, values = panel
    kept = [row for row in rows if all(_holds(step["filter"], row) for step in spec.get("transform", []))]
    due = [list(_due(spec, [row for row in kept if row.get(field) == value])) for value in values]
    return {"": due}


def _holds(expression: str, row: Row) -> bool:
    python = re.sub(r"datum\.(\w+)", r"row['\1']", expression).replace("&&", "and")
    return bool(eval(python, {"row": row}))


def _due(spec: Any, rows: Sequence[Row]) -> Iterator[str]:
    channels = spec["encoding"]
    field = channels.get("description", channels.get("text", {})).get("field")
    if spec["mark"]["type"] not in ("line", "area"):
        yield from (str(row[field]) if field else "" for row in rows)
        return
    series = [channel["field"] for channel in channels.values() if channel.get("type") == "nominal"]
    told = [tuple(row[name] for name in series) for row in rows]
    for one in dict.fromkeys(told):
        yield _line(one[series.index(field)] if field else "", told.count(one))


def differences(svg: str, spec: Any) -> list[str]:
    """Where a picture does not draw what its specification says, and words that it draws twice."""
    drawn, due = drawn_in(svg), due_in(spec)
    wrong = [place for place in {**drawn, **due} if not _agree(drawn.get(place), due.get(place))]
    words = [item.get("aria-label") for *_, items in _groups(svg) for item in items if item.get("aria-label")]
    twice = {said for said in words if words.count(said) > 1}
    return [
        *(f"{place or 'the mark'} draws {drawn.get(place)}, and is to draw {due.get(place)}" for place in wrong),
        *(f"{said!r} is said twice" for said in twice),
    ]


def _agree(drawn: Panels | None, due: Panels | None) -> bool:
    if drawn is None or due is None or [len(panel) for panel in drawn] != [len(panel) for panel in due]:
        return not any(drawn or []) and not any(due or [])
    said = zip((s for panel in drawn for s in panel), (s for panel in due for s in panel), strict=True)
    # What has no room is cut short with three dots.
    return all(one == other or (one.endswith("…") and other.startswith(one[:-1])) for one, other in said)
