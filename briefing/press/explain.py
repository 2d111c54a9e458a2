"""Where a figure of a built edition comes from: its formula, its rows, their file and vintage, read again."""

import difflib
import json
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from briefing import periods
from briefing.codes import codelists
from briefing.errors import BuildError
from briefing.figures import COUNT, DOLLARS, FRACTION, RANK, RATIO, TOLD, Figure
from briefing.outputs import STANDINGS
from briefing.record import observations as obs
from briefing.record import questions, sources, store
from briefing.record.sources import Source
from briefing.sentences.words import MINUS, in_words

SIGNED = {DOLLARS: "signed", FRACTION: "signed_percent", COUNT: "number"}
COLUMNS = {
    "counterpart_area": "partner",
    "trade_flow": "flow",
    "time_period": "period",
    "trade_system": "system of trade",
    "valuation": "valuation",
    "classification": "classification",
    "commodity": "commodity",
    "adjustment": "adjustment",
    "ref_area": "reporter",
}


def explained(id: str, folder: Path) -> str:
    """The chain from a figure to its files, as lines of text; each part below what it is a part of.

    Every row filter is run again on the registered file, and the line says whether count and sum agree.

    Raises
    ------
    BuildError
        If the folder holds no edition, or the edition has no such figure: the nearest ids are named.
    """
    figures = _figures(folder)
    if id not in figures:
        near = difflib.get_close_matches(id, figures, n=3, cutoff=0.3)
        raise BuildError(
            f"{folder} has no figure {id!r}, so there is nothing to explain. "
            + _elsewhere(id, folder)
            + (f"Nearest: {', '.join(near)}. " if near else "")
            + "All are in its figures.json; without an id they are listed."
        )
    return "\n".join(_lines(id, figures, ""))


def _elsewhere(id: str, folder: Path) -> str:
    """Which edition built beside this one has the figure, the newest first; "" where none has."""
    built = [path for path in folder.parent.parent.glob("*/*/figures.json") if path.is_file() and path.parent != folder]
    named = f'"{id}"'.encode()
    with_it = [
        path.parent for path in sorted(built, key=lambda path: -path.stat().st_mtime) if named in path.read_bytes()
    ]
    return f"{with_it[0]} has it: name that edition with --edition. " if with_it else ""


def listed(folder: Path) -> str:
    """The figures of an edition, a line each: id, value, period."""
    figures = _figures(folder)
    width = max(len(id) for id in figures)
    return "\n".join(f"{id:<{width}}  {_value(figure)}" for id, figure in figures.items())


class _Rows(BaseModel):
    dataset: str
    vintage: str
    count: int
    total: int
    where: dict[Literal[tuple(obs.KEY)], str | tuple[str, str]]  # type: ignore[valid-type]


class _File(BaseModel):
    file: str
    sha256: str


class _Registered(BaseModel):
    dataset: str
    vintage: str
    vintage_known: str
    standing: str
    files: list[_File]


class _Quoted(BaseModel):
    quoted_from: str
    address: str
    known_from: str


class _Listed(BaseModel):
    """What is read of a figure in figures.json, as `briefing build` writes it."""

    id: str
    value: float
    unit: Literal[DOLLARS, FRACTION, COUNT, RANK, RATIO, TOLD]  # type: ignore[valid-type]
    period: str
    formula: str
    computed_from: list[str]
    rows: list[_Rows]
    sources: list[_Registered | _Quoted]


def _figures(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "figures.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        TypeAdapter(Annotated[list[_Listed], Field(min_length=1)]).validate_python(content["figures"])
        found = {figure["id"]: figure for figure in content["figures"]}
        TopologicalSorter({id: figure["computed_from"] for id, figure in found.items()}).prepare()
        _ = [found[part] for figure in found.values() for part in figure["computed_from"]]
        json.dumps(content, ensure_ascii=False).encode()
        return found
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise BuildError(
            f"{folder} holds no edition: its figures.json is missing or broken. Nothing can be explained from it. "
            "Build the edition with `briefing build`, or name its folder with --edition."
        ) from None


def _lines(id: str, figures: dict[str, dict[str, Any]], indent: str) -> Iterator[str]:
    figure = figures[id]
    yield f"{indent}{id}"
    yield f"{indent}  {_value(figure)}"
    yield f"{indent}  {figure['formula']}"
    for source in figure["sources"]:
        if "quoted_from" in source:
            yield f"{indent}  printed by {source['quoted_from']}, {source['address']}, known from {source['known_from']}"
        elif not figure["computed_from"] or figure["rows"]:
            yield from (f"{indent}  {line}" for line in _source_lines(source, figure["rows"]))
    for part in figure["computed_from"]:
        yield from _lines(part, figures, f"{indent}    ")


def _value(figure: dict[str, Any]) -> str:
    shown = Figure(figure["id"], figure["value"], figure["unit"], figure["period"], "", ())
    words = in_words(
        shown, "size" if figure["unit"] == DOLLARS and figure["value"] >= 0 else SIGNED.get(figure["unit"], "")
    )
    exact = f" ({figure['value']:,.0f} US dollars)".replace("-", MINUS) if figure["unit"] == DOLLARS else ""
    return f"{words}{exact}" + (f", {periods.in_words(figure['period'])}" if figure["period"] else "")


def _source_lines(source: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    mark = STANDINGS.get(source["standing"], "")
    known = "" if source["vintage_known"] == "day" else f", {source['vintage_known']}"
    yield f"{source['dataset']}, vintage of {source['vintage']}{known}" + (f" ({mark})" if mark else "")
    registered = {f"data/{held.file}": held for held in sources.whole_register()}
    for file in source["files"]:
        yield f"{file['file']}, SHA-256 {file['sha256']}"
        yield f"  {_origin(registered.get(file['file']), file['sha256'])}"
    for selected in rows:
        if (selected["dataset"], selected["vintage"]) == (source["dataset"], source["vintage"]):
            yield f"{selected['count']} row{'s' * (selected['count'] != 1)} where {_where(selected['where'])}"
            yield f"  {_read_again(selected, {file['file'] for file in source['files']})}"


def _origin(held: Source | None, sha256: str) -> str:
    if held is None:
        return "no longer in data/sources.toml: it was taken out of the record after this edition was built"
    if held.sha256 != sha256:
        return "in data/sources.toml with another checksum: the file was changed after this edition was built"
    original = f", SHA-256 {held.original_sha256}" if held.original_sha256 else ""
    return f"made from {held.original}{original}: {held.obtained}"


def _where(where: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_range(column, where[column])}" for column, name in COLUMNS.items() if column in where)


def _range(column: str, values: str | list[str]) -> str:
    if isinstance(values, list):
        return f"{values[0]} to {values[1]}"
    name = codelists.AREAS.get(values, "") if column == "counterpart_area" else ""
    return f"{values} ({name})" if name else values


def _read_again(selected: dict[str, Any], files: set[str]) -> str:
    held = [s for s in sources.whole_register() if s.dataset == selected["dataset"] and f"data/{s.file}" in files]
    if not held:
        return "not read again: that file is no longer registered"
    if held[0].set_aside:
        return f"not read again: that file has been set aside since ({held[0].set_aside})"
    ranges = {column: v if isinstance(v, list) else [v, v] for column, v in selected["where"].items()}
    found = store.answer(questions.within(questions.in_life(sources.observations(held[0])), ranges))
    count, total = len(found), int(found["obs_value"].sum())
    agrees = "agrees" if (count, total) == (selected["count"], selected["total"]) else "DIFFERS from the edition"
    return f"read again: {count} row{'s' * (count != 1)}, sum {total:,} US dollars: {agrees}"
