"""Duties in force, for the chapters "State of talks" and "In brief": what either side charges, and what is to come."""

from collections.abc import Callable

from briefing.chapters.state_of_talks import underway
from briefing.exhibits.links import told_apart
from briefing.exhibits.tables import Cell, Column, Table
from briefing.outputs import Output
from briefing.record.edition import Edition
from briefing.sentences import duties as sentences
from briefing.talks import Pact, Side
from briefing.talks import duties as record
from briefing.talks.duties import Ahead, Duty
from briefing.talks.texts import RecordText

NOT_HERE = "Not in this table: duties on single firms (dumping, subsidies), and goods with measures of their own such as timber, copper and aircraft."
MOST_PAGES = 2


def _charges(edition: Edition) -> tuple[Pact, dict[Side, list[Duty]]] | None:
    """The pact and what each side charges on the day; None where no duties are on record."""
    found = underway(edition)
    if found is None:
        return None
    pact = found[0]
    charges = {side: record.duties(pact, side.id, edition.as_of) for side in pact.sides}
    return (pact, {side: rows for side, rows in charges.items() if rows}) if any(charges.values()) else None


def today(edition: Edition) -> list[Output]:
    """What each side charges on the day, a row a group of products that pay alike; what is to come; and what to know of it."""
    found = _charges(edition)
    if found is None:
        return []
    pact, charges = found
    shown: list[Output] = [sentences.headline(rows, pact, side) for side, rows in charges.items()]
    shown += [_table(rows, pact, side, edition) for side, rows in charges.items()]
    beside = sentences.beside(sentences.notes(duty for rows in charges.values() for duty in rows))
    ahead = record.ahead(pact, edition.as_of)
    shown += [beside] if beside is not None else []
    return [*shown, _ahead_table(ahead, pact, edition)] if ahead else shown


def in_short(edition: Edition) -> list[Output]:
    """The same in a few lines: what each side charges, what is next, and a table of what the US charges."""
    found = _charges(edition)
    if found is None:
        return []
    pact, charges = found
    ahead = sentences.next_change(record.ahead(pact, edition.as_of), record.products_of(pact))
    said: list[Output] = [sentences.headline(rows, pact, side) for side, rows in list(charges.items())[1:]]
    us = pact.sides[0]
    shown: list[Output] = [*said, *([ahead] if ahead is not None else [])]
    return [*shown, _short_table(charges[us], pact, us, edition)] if us in charges else shown


def _in_rows(rows: list[Duty], cells: Callable[[Duty], list[Cell]]) -> list[list[Cell]]:
    """A row for the products whose cells read alike, in the order of the record, headed by their names; pages come last."""
    alike: dict[str, tuple[list[Duty], list[Cell]]] = {}
    for duty in rows:
        row = cells(duty)
        alike.setdefault(repr([getattr(cell, "text", cell) for cell in row]), ([], row))[0].append(duty)
    return [[_names(duties), *row] for duties, row in alike.values()]


def _table(rows: list[Duty], pact: Pact, side: Side, edition: Edition) -> Table:
    columns = [
        Column("Goods", numeric=False, width=1.3),
        Column("Ordinary duty", numeric=False, width=0.8),
        Column("Added", numeric=False, width=1.5),
        Column("Due", numeric=False, width=0.9),
        Column("Under", numeric=False, width=1.3),
        Column("Since", numeric=False, width=0.9),
        Column("Pages", numeric=False, width=1.2),
    ]
    cells = _in_rows(rows, _in_full)
    title = sentences.title(pact, side, edition.as_of)
    subtitle = "In percent of the value, as known on the day"
    return Table(f"duties-{side.id}-table", title, subtitle, columns, cells, NOT_HERE, extra_origins=(pact.origin,))


def _short_table(rows: list[Duty], pact: Pact, side: Side, edition: Edition) -> Table:
    columns = [
        Column("Goods", numeric=False, width=2.2),
        Column("Due", numeric=False, width=1.3),
        Column("Under", numeric=False, width=2),
        Column("Since", numeric=False, width=1.2),
    ]
    cells = _in_rows([duty for duty in rows if duty.product.usual], _in_brief)
    title = sentences.title(pact, side, edition.as_of, id="brief-duties")
    return Table("brief-duties", title, "In percent of the value", columns, cells, extra_origins=(pact.origin,))


def _in_full(duty: Duty) -> list[Cell]:
    return [sentences.ordinary(duty), sentences.added(duty), *_in_brief(duty), _pages(duty)]


def _in_brief(duty: Duty) -> list[Cell]:
    return [sentences.due(duty), sentences.under(duty), sentences.standing(duty)]


def _names(alike: list[Duty]) -> str:
    names = [duty.product.name for duty in alike]
    return ", ".join([names[0], *(name[0].lower() + name[1:] for name in names[1:])])


def _pages(duty: Duty) -> Cell:
    pages = [page for turn in sentences.pages_of(duty) for page in turn.publications[:MOST_PAGES]]
    return [(words, page.address) for words, page in told_apart(pages[: MOST_PAGES + 1])]


def _ahead_table(ahead: list[Ahead], pact: Pact, edition: Edition) -> Table:
    products = record.products_of(pact)
    columns = [
        Column("When", numeric=False, width=0.9),
        Column("What", numeric=False, width=2.2),
        Column("Under", numeric=False, width=1.4),
        Column("Standing", numeric=False, width=1),
        Column("Pages", numeric=False, width=1.4),
    ]
    rows: list[list[Cell]] = [
        [
            sentences.day_of(one),
            sentences.what(one, products),
            RecordText(one.measure.act),
            sentences.how_it_stands(one),
            [(words, page.address) for words, page in told_apart(one.turn.publications[:MOST_PAGES])],
        ]
        for one in ahead
    ]
    return Table("duties-ahead", sentences.ahead_title(edition.as_of), "", columns, rows, extra_origins=(pact.origin,))
