"""Whatever is wrong in a file that is kept by hand is told by its entry, or is nothing that a page stumbles over."""

import copy
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, get_args

import pytest
from briefing import periods, talks
from briefing.checks import quotes, statements
from briefing.record import pacts, shapes, sources, vintages
from briefing.record.origins import Origin
from briefing.record.shapes import Dataset, Fault, Header, Quotes, Shape, Talks
from briefing.record.sources import Source
from briefing.record.vintages import Calendar
from briefing.talks import law

Path = tuple[str | int, ...]
DAY = date(2026, 11, 28)
CALENDAR = Calendar({})
PACTS = ("korus", "us-japan")
GONE = object()
OTHERS = [GONE, 7, -1, 2.5, True, "nobody", "", "2018-01-05", "2017-13", "2011-99", date(2206, 1, 1), date(2, 1, 1),
          datetime(2018, 1, 5, 12), [], ["nobody"], [7], {}, [{}], {"nobody": 1}]  # fmt: skip
NAMES_ANOTHER = {"side", "event", "issue", "met", "began", "begun", "taken", "undone", "touches", "publications", "events",
                 "issues", "sessions", "first_hand", "partner"}  # fmt: skip


@cache
def tables_of(pact: str) -> dict[str, Any]:
    folder = sources.data_directory() / "talks" / pact
    tables: dict[str, Any] = {}
    for file in sorted(folder.glob("*.toml")):
        tables |= tomllib.loads(file.read_text(encoding="utf-8"))
    return tables


def keys_in(tables: Any, kinds: set[Path], path: Path = ()) -> Iterator[Path]:
    """A path to each key of a kind of table that is not yet among `kinds`, in the first table that has it."""
    for key, value in tables.items():
        here = (*path, key)
        kind = tuple(step for step in here if isinstance(step, str))
        if "check" in path:
            kind = (*kind, str(tables["kind"]))
        if kind not in kinds:
            kinds.add(kind)
            yield here
        rows = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for place, row in rows:
            if isinstance(row, dict):
                yield from keys_in(row, kinds, here if place is None else (*here, place))


def path_in_words(path: Path) -> str:
    return ".".join(str(step) for step in path)


def with_other(tables: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    """The tables with another value at one place; what is beside it is shared."""
    top: Any = dict(tables)
    inner = top
    for step in path[:-1]:
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return top  # type: ignore[no-any-return]


def fault_of(tables: dict[str, Any], rests_on: Sequence[type[Shape]] = (Header, Talks, Quotes)) -> Fault | None:
    names = shapes.names_in(tables, DAY)
    for shape in rests_on:
        found = shapes.fault_in(shape, {k: v for k, v in tables.items() if pacts.KNOWN.get(k) is shape}, names)
        if found is not None:
            return found
    return None


def read_by_the_pages(tables: dict[str, Any]) -> None:
    """Everything that any page reads of a record, on its last day."""
    origin = Origin("talks", str(DAY), "held")
    row = {"id": "pact", "origin": origin, "statement": [], **tables}
    row["publication"] = [page | {"record": "talks"} for page in row["publication"]]
    (pact,) = talks.pacts({"pact": [row]})
    events = talks.events_known(pact.rows, DAY)
    talks.scheduled(events, date(2000, 1, 1))
    for matter in law.matters_known(pact.rows, events, DAY):
        assert [law.whose(step.side, pact) for step in matter.steps]
    assert talks.issues_known(pact.rows, DAY) and law.reach_known(pact, DAY)
    printed = [
        {**page, "record": "talks", "origin": origin, "side": tables["side"], **quote}
        for page in tables.get("page", [])
        for quote in page["quote"]
    ]
    known = quotes.quotes({"quote": printed}, DAY)
    assert all(periods.in_words(quote.period) for quote in known)
    quotes.first_prints(known, pact.partner)
    by = statements.known(pact, DAY, known, CALENDAR)
    for statement in statements.statements(pact.rows, DAY):
        assert statements.checked(statement, by)


def name_of(tables: Any, path: Path) -> str:
    """The id of the innermost entry on the way to a key, unless it is the id that is altered."""
    found = ""
    for step in path[:-1]:
        tables = tables[step]
        if isinstance(tables, dict) and path[-1] not in shapes.NAMED_BY:
            found = str(tables.get("id", found))
    return found


@pytest.mark.parametrize("pact", PACTS)
def test_the_records_are_what_they_must_be(pact: str) -> None:
    assert fault_of(tables_of(pact)) is None
    read_by_the_pages(tables_of(pact))


@cache
def keys_of_talks() -> list[tuple[str, Path]]:
    """The pact and the path of each key, once for all pacts."""
    kinds: set[Path] = set()
    return [(pact, path) for pact in PACTS for path in keys_in(tables_of(pact), kinds)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("pact", "path"), keys_of_talks(), ids=lambda of: of if isinstance(of, str) else path_in_words(of)
)
def test_a_key_that_is_gone_or_another_is_told_with_its_entry_or_spoils_nothing(pact: str, path: Path) -> None:
    tables = tables_of(pact)
    for value in OTHERS:
        broken = with_other(tables, path, value)
        fault = fault_of(broken, [Quotes] if path[0] == "page" else [Header, Talks])
        if fault is None:
            assert value not in ("nobody", ["nobody"]) or path[-1] not in NAMES_ANOTHER, value
            read_by_the_pages(broken)
        else:
            assert fault.table in pacts.KNOWN
            assert name_of(tables, path) in fault.words and "Value error" not in fault.words, fault


@pytest.mark.parametrize("kind", ["event", "issue", "matter", "reach", "publication", "statement"])
def test_a_second_entry_of_one_id_is_told(kind: str) -> None:
    tables = tables_of("korus")
    first = tables[kind][0]
    fault = fault_of(with_other(tables, (kind,), [*tables[kind], first]))
    assert fault is not None and f"{kind}: two entries have the id" in fault.words and first["id"] in fault.words


def test_two_sides_of_one_id_are_told() -> None:
    fault = fault_of(with_other(tables_of("korus"), ("side", 1, "id"), "us"))
    assert fault is not None and fault.words == "side: two entries have the id us"


def test_sides_that_report_as_one_or_in_another_order_are_told() -> None:
    fault = fault_of(with_other(tables_of("korus"), ("side", 1, "reporter"), "US"))
    assert fault is not None and fault.words == "side: two entries have the reporter US"
    fault = fault_of(with_other(tables_of("korus"), ("side",), tables_of("korus")["side"][::-1]))
    assert fault is not None and "side: korea reports as KR, where the United States, US, come first" in fault.words


def test_a_quote_of_statistics_of_neither_side_is_told() -> None:
    fault = fault_of(with_other(tables_of("korus"), ("page", 0, "quote", 0, "reporter"), "JP"), [Quotes])
    assert fault is not None and "reporter: 'JP' is no reporter of this record" in fault.words, fault


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("event", 0, "known_from"), date(2006, 2, 1), "event 2006-02-02-notice: known_from 2006-02-01 lies before its day, 2006-02-02"),
        (("event", 0, "known_from"), date(2206, 2, 2), "event 2006-02-02-notice known_from: '2206-02-02' lies in no year of talks"),
        (("event", 0, "known_from"), date(2026, 11, 29), "known_from: 2026-11-29 lies after 2026-11-28, the day of the record itself"),
        (("event", 0, "date"), "2006-02-02", "event 2006-02-02-notice date: '2006-02-02' is no day, nor a month or year in quotes, such as \"2017-11\""),
        (("event", 0, "date"), "2206-02", "event 2006-02-02-notice date: '2206-02' lies in no year of talks or trade"),
        (("issue", 0, "position", 0, "date"), "2010-12", "it bears 2010-12 without a day, and lacks known_from, the day it was public"),
        (("event", 0, "publications"), ["rumour"], "event 2006-02-02-notice publications no. 1: 'rumour' is no publication of this record"),
        (("event", 0, "titel"), "x", "event 2006-02-02-notice titel is a key that nothing reads"),
        (("issue", 0, "talks", 0, "place"), "settled", "issue autos_safety_cap talks 2010-12-03 place: 'settled', where one of 'under_negotiation'"),
        (("issue", 0, "talks", 0, "until"), date(2010, 12, 3), "until 2010-12-03 lies no day after its day, 2010-12-03"),
        (("matter", 1, "step", 4, "settled"), None, "step Advice of the advisory committees has one of only_if and settled, and lacks the other"),
        (("issue", 0, "position", 0, "side"), "mars", "issue autos_safety_cap position 2010-12-03 side: 'mars' is no side of this record"),
        (("matter", 0, "step", 0, "side"), "mars", "matter pact step Notice to Congress before talks side: 'mars' is no side or both"),
        (("statement", 0, "check"), {"kind": "guessed"}, "statement pact-age check: {'kind': 'guessed'}, where a kind of check is wanted"),
        (("partner",), "9999", "partner: '9999' is no code of a partner"),
        (("page", 0, "quote", 0, "unit"), "place", "quote bloomberg-deficit-2017: balance is not counted in place"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_plain_words(path: Path, value: object, words: str) -> None:
    fault = fault_of(with_other(tables_of("korus"), path, value))
    assert fault is not None and words in fault.words


def test_what_the_shapes_allow_is_what_the_pages_know() -> None:
    assert set(get_args(shapes.PlaceInTalks)) == set(talks.IN_TALKS)
    assert set(get_args(shapes.PlaceInLaw)) == set(talks.IN_LAW)
    kinds = {get_args(shape.model_fields["kind"].annotation)[0] for shape in get_args(shapes.Check)}
    assert kinds == set(statements.CHECKS)
    assert set(get_args(shapes.Quote.model_fields["unit"].annotation)) == set(quotes.SCALES)
    assert shapes.FIRST_PRINTS == quotes.MEASURES


@cache
def registered() -> dict[str, Any]:
    return tomllib.loads((sources.data_directory() / "sources.toml").read_text(encoding="utf-8"))


@cache
def keys_of_datasets() -> list[Path]:
    """The path of each key, once for all datasets."""
    kinds: set[Path] = set()
    return [(dataset, *path) for dataset, shared in registered().items() for path in keys_in(shared, kinds)]


@pytest.mark.parametrize("path", keys_of_datasets(), ids=path_in_words)
def test_a_key_of_the_register_that_is_gone_or_another_is_told_or_spoils_nothing(path: Path) -> None:
    for value in OTHERS:
        dataset = with_other(registered(), path, value)[str(path[0])]
        fault = shapes.fault_in(Dataset, dataset)
        if fault is None:
            shared = {key: told for key, told in dataset.items() if key != "vintages"}
            found = [Source(dataset=str(path[0]), **shared | own) for own in dataset.get("vintages", [])]
            assert all(vintages.stood_until(s.last_period, s.vintage, CALENDAR) for s in found if s.last_period)
        else:
            assert str(path[-1]) in fault.words or "last_period" in fault.words, fault


@pytest.mark.parametrize("shared", [[{"title": "x"}], "x", 7, []], ids=str)
def test_a_dataset_that_is_no_table_is_told(shared: object) -> None:
    fault = shapes.fault_in(Dataset, shared)
    assert fault is not None and "where a table is wanted" in fault.words


def test_a_dataset_with_observations_tells_whose_they_are_and_on_which_basis() -> None:
    register = tomllib.loads((sources.data_directory() / "sources.toml").read_text(encoding="utf-8"))
    for lost in ("statistics", "basis"):
        shared = {key: value for key, value in register["census-country"].items() if key != lost}
        fault = shapes.fault_in(shapes.Dataset, shared)
        assert fault is not None and "it holds observations, and lacks statistics" in fault.words
