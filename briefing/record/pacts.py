"""A record of talks from the bytes of its files: their tables, as far as they are what they must be.

A fault is kept for whoever asks for what it spoils, so that a broken record of one pact takes no page from another.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from briefing.errors import BriefingError, MalformedSource, TalksError
from briefing.record import shapes
from briefing.record.origins import Origin
from briefing.record.shapes import Duties, Header, Quotes, Shape, Talks

Contents = Mapping[str, bytes | BriefingError]
"""The files of a record by their paths below `data/`: their bytes, or why there are none to be had."""
KNOWN: dict[str, type[Shape]] = {table: shape for shape in (Header, Talks, Quotes) for table in shape.model_fields}
FILES = {"event": "events", "issue": "issues", "matter": "law", "reach": "law", "publication": "publications",
         "statement": "statements", "page": "quotes", "product": "duties", "measure": "duties", "duty_page": "duties"}  # fmt: skip
"""The file in which a table belongs; what is not named here belongs in pact.toml."""


class Refused(dict[str, Any]):
    """What could be read of a record; asked for the rest of it, it says what is wrong there."""

    def __init__(self, read: Mapping[str, Any], fault: BriefingError) -> None:
        super().__init__(read)
        self.fault = fault

    def __missing__(self, key: str) -> Any:
        raise self.fault.with_traceback(None)


@dataclass(frozen=True)
class Record:
    """The row of a pact, and the pages that figures are quoted from or why they cannot be: see `sources.talks_record`."""

    row: dict[str, Any]
    pages: list[dict[str, Any]] | BriefingError

    def require_whole(self) -> None:
        """Refuse a record that lacks anything for its faults.

        Raises
        ------
        BriefingError
        """
        if isinstance(self.row, Refused):
            raise self.row.fault
        if isinstance(self.pages, BriefingError):
            raise self.pages


@dataclass
class _Read:
    """The tables of a record with the file each stands in, and the first fault of what each shape rests on."""

    tables: dict[str, Any] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    faults: dict[type[Shape], BriefingError] = field(default_factory=dict)


def record_of(pact: str, origin: Origin, contents: Contents) -> Record:
    """The record of a pact as its files tell it, registered as a dataset of the day of that origin."""
    read = _read(contents)
    names = shapes.names_in(read.tables, date.fromisoformat(origin.vintage))
    row: dict[str, Any] = {"id": pact, "origin": origin}
    pages: list[dict[str, Any]] | BriefingError
    try:
        row |= _checked(Header, pact, read, names)
        row |= {table: [] for table in ("statement", *Duties.model_fields)} | _checked(Talks, pact, read, names)
        for table in ("publication", "duty_page"):
            row[table] = [page | {"record": origin.dataset} for page in row[table]]
    except BriefingError as fault:
        row = Refused(row, fault)
    try:
        pages = [
            page | {"record": origin.dataset, "origin": origin, "side": _checked(Header, pact, read, names)["side"]}
            for page in _checked(Quotes, pact, read, names).get("page", [])
        ]
    except BriefingError as fault:
        pages = fault
    return Record(row, pages)


def require_one_with_each(rows: Iterable[Mapping[str, Any]]) -> None:
    """Refuse two pacts with one partner; a row whose partner could not be read is with none.

    Raises
    ------
    TalksError
        Naming the later of the two first.
    """
    first: dict[str, str] = {}
    for row in rows:
        partner = row.get("partner", "")
        twin = first.setdefault(partner, row["id"]) if partner else row["id"]
        if twin != row["id"]:
            raise TalksError(
                f"data/talks/{row['id']}/pact.toml names partner {partner}, and so does {twin}: a page could tell of either talks. Correct "
                f"the code, as `briefing partners` lists it, or add the events, issues and laws to data/talks/{twin}/."
            )


def parsed(name: str, content: bytes) -> dict[str, Any]:
    """The tables of one file of a record of talks.

    Raises
    ------
    MalformedSource
        If it is no TOML, or empty.
    """
    try:
        found = tomllib.loads(content.decode("utf-8"))
        fault = "" if found else "it is empty"
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        fault = str(broken)
    if fault:
        raise MalformedSource(
            f"{name} cannot be read as TOML ({fault}). What it tells of the talks would be missing from every page. "
            "Mend that place, or take the file back from the repository."
        )
    return found


def _read(contents: Contents) -> _Read:
    read = _Read()
    for file, content in contents.items():
        name = f"data/{file}"
        try:
            if isinstance(content, BriefingError):
                raise content
            _add(read, name, parsed(name, content))
        except BriefingError as fault:
            read.faults.setdefault(_rests_on(file), fault)
    return read


def _add(read: _Read, name: str, tables: dict[str, Any]) -> None:
    twice = next((table for table in tables if table in read.tables), None)
    if twice is not None:
        raise _fault(f"{name} has {twice}, and so has {read.files[twice]}")
    read.tables |= tables
    read.files |= dict.fromkeys(tables, name)


def _rests_on(file: str) -> type[Shape]:
    """The shape that a file is needed for."""
    shapes_of: dict[str, type[Shape]] = {"pact.toml": Header, "quotes.toml": Quotes}
    return shapes_of.get(file.rpartition("/")[2], Talks)


def _checked(shape: type[Shape], pact: str, read: _Read, names: Mapping[str, Any]) -> dict[str, Any]:
    """Those tables of a record that a shape is of, and what stands in its files and belongs nowhere.

    Raises
    ------
    BriefingError
    """
    if shape in read.faults:
        raise read.faults[shape]
    tables = {
        table: rows for table, rows in read.tables.items() if KNOWN.get(table, _rests_on(read.files[table])) is shape
    }
    fault = shapes.fault_in(shape, tables, names)
    if fault is not None:
        usual = f"data/talks/{pact}/{FILES.get(fault.table, 'pact')}.toml"
        raise _fault(f"{read.files.get(fault.table, usual)} is not what it must be: {fault.words}")
    return tables


def _fault(what: str) -> TalksError:
    return TalksError(
        f"{what}. Pages on these talks would say what is not so, or leave it out. Mend that place and register it with "
        "`briefing acquire record talks`, or take the file back from the repository."
    )
