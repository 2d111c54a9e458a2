"""Duties in force, for the chapters "State of talks" and "In brief": what either side charges, and what is to come."""

from collections.abc import Callable
from datetime import date, timedelta

from briefing import periods
from briefing.chapters.state_of_talks import underway
from briefing.exhibits.charts import duties as pictures
from briefing.exhibits.charts.duties import Line
from briefing.exhibits.tables import Cell, Column, Table
from briefing.figures import FRACTION, Figure
from briefing.figures.duties import duty_over_imports, months_of
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import duties as sentences
from briefing.talks import Pact, Side
from briefing.talks import duties as record
from briefing.talks.duties import Ahead, Duty

BY_GOOD = "By good: each good has its own rate"
UNDER_A_PACT = "nearly all industrial goods are free under the pact, or become so"
NOT_HERE = "Not here: duties on single firms (dumping, subsidies), and goods with measures of their own such as timber, copper and aircraft."
FEW_CHANGES = 3
NEAR = timedelta(days=183)
"""How far ahead In brief looks: the chapter has the rest."""
FIRST_DAY = date(2012, 1, 1)
"""From which day on duties are drawn: the year in which the first pact with a record of them came into force."""
DRAWN = {"cars": "Cars", "other": "All other goods"}
"""The products of which the duty is drawn, with the names of their lines."""
HOW_DRAWN = (
    "Cars: the duty due. All other goods: what is added to duties that differ by good. Calculated: duties calculated on entries "
    "over imports for consumption at customs value, not receipts; a line breaks where no month is held."
)
HOW_MODELLED = "The model is tradewartracker's (MIT licence): rates as written, weighted with the trade of 2024."


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
    """What the US charges, in a sentence where no table of it follows, and what is next before long."""
    found = _charges(edition)
    if found is None:
        return []
    pact, us = found[0], found[0].sides[0]
    own = found[1].get(us, [])
    near = [one for one in record.ahead(pact, edition.as_of) if one.day is None or one.day - edition.as_of <= NEAR]
    ahead = sentences.next_change(near, pact)
    charged = [sentences.headline(own, pact, us)] if own and not _is_tabled(own) else []
    return [*charged, *([ahead] if ahead is not None else [])]


def short_table(edition: Edition) -> list[Output]:
    """What the US charges as a table, where it adds to ordinary duties: else a sentence says it all."""
    found = _charges(edition)
    own = found[1].get(found[0].sides[0], []) if found is not None else []
    if found is None or not _is_tabled(own):
        return []
    return [_short_table(own, found[0], found[0].sides[0], edition)]


def _is_tabled(duties: list[Duty]) -> bool:
    return any(one.added or one.partly or one.suspended for one in duties)


def over_time(edition: Edition) -> list[Output]:
    """Duty on cars and on all other goods since 2012, beside what was calculated over imports and what a model gives."""
    found = _charges(edition)
    if found is None or edition.as_of <= FIRST_DAY:
        return []
    pact, us = found[0], found[0].sides[0]
    whole = _picture(pact, FIRST_DAY, "duties-over-time", edition)
    start = date(edition.as_of.year - 1, 1, 1)
    changes = {day for id in DRAWN for day, _ in record.history(pact, us.id, id, start, edition.as_of)}
    recent = _picture(pact, start, "duties-lately", edition) if len(changes) > FEW_CHANGES and start > FIRST_DAY else []
    model = _modelled(edition)
    return [*whole, *recent, *_paid(edition), *(sentences.modelled(one, edition.partner_in_prose) for one in model)]


def _picture(pact: Pact, first: date, id: str, edition: Edition) -> list[Output]:
    """The duties from a day on: as the law says, as calculated, and as a model gives them where one was published by then.

    There is none where no rate changed from that day on.
    """
    history = {one: record.history(pact, pact.sides[0].id, one, first, edition.as_of) for one in DRAWN}
    lines = [Line(DRAWN[one], pictures.COLOURS[one], _drawn(steps)) for one, steps in history.items()]
    if not all(history.values()) or all(len({rate for _, rate, _ in line.steps}) <= 1 for line in lines):
        return []
    shares, model = _calculated(first, edition), _modelled(edition)
    if model:
        rates = [rate for rate in sources.modelled_rates(edition) if rate.day >= first]
        steps = [(rate.day, 100 * rate.rate, f"{100 * rate.rate:.1f} percent") for rate in rates]
        lines.append(Line("Model", pictures.COLOURS["model"], steps, until=date.fromisoformat(rates[0].origin.vintage)))
    origins = {pact.origin, *(origin for one in [*shares, *model] for origin in one.origins)}
    title = sentences.over_time_title(history["cars"], pact, edition.as_of, id)
    basis = f"{HOW_DRAWN} {HOW_MODELLED}" if model else HOW_DRAWN
    subtitle = f"US duties on goods from {edition.partner_in_prose}, percent of the value"
    return [pictures.over_time(lines, shares, first, edition.as_of, id, title, subtitle, tuple(sorted(origins)), basis)]


def _drawn(steps: list[tuple[date, Duty]]) -> list[pictures.Step]:
    """The steps of a line; a duty that differs by good is drawn as what is added to it."""
    found = [(day, duty.total if duty.total is not None else duty.least, sentences.step(duty)) for day, duty in steps]
    return [(day, float(rate), words) for day, rate, words in found if rate is not None]


def _calculated(first: date, edition: Edition) -> list[Figure]:
    """Duty calculated over imports of each month held from a day on."""
    rows = sources.own_duties(edition)
    months = [month for month in months_of(rows) if month >= f"{first:%Y-%m}"]
    return [duty_over_imports(rows, edition.partner, [month]) for month in months]


def _paid(edition: Edition) -> list[Output]:
    """What goods paid as entered, in the last month held, the year so far, and the same months a year before."""
    rows = sources.own_duties(edition)
    held = months_of(rows)
    if not held:
        return []
    year = periods.year_to_date(held[-1])
    earlier = [periods.shifted(month, -12) for month in year]
    before = duty_over_imports(rows, edition.partner, earlier) if set(earlier) <= set(held) else None
    month, so_far = (duty_over_imports(rows, edition.partner, months) for months in (held[-1:], year))
    return [sentences.calculated(month, so_far, before, edition.partner_in_prose)]


def _modelled(edition: Edition) -> list[Figure]:
    """The last rate of the model that was in force when it was published; none where none was published by the day."""
    return [
        Figure(
            f"duties.{edition.partner}.modelled",
            one.rate,
            FRACTION,
            str(one.day),
            "a model's rate, no count",
            (one.origin,),
        )
        for one in sources.modelled_rates(edition)[-1:]
    ]


def _in_rows(rows: list[Duty], cells: Callable[[Duty], list[Cell]]) -> list[list[Cell]]:
    """A row for the products whose cells read alike, in the order of the record, headed by their names."""
    alike: dict[str, tuple[list[Duty], list[Cell]]] = {}
    for duty in rows:
        row = cells(duty)
        alike.setdefault(repr([getattr(cell, "text", cell) for cell in row]), ([], row))[0].append(duty)
    return [[_names(duties), *row] for duties, row in alike.values()]


def _table(rows: list[Duty], pact: Pact, side: Side, edition: Edition) -> Table:
    columns = [
        Column("Goods", width=1.4),
        Column("Ordinary duty", width=0.9),
        Column("Added", width=1.8),
        Column("Due", width=1.0),
        Column("Under", width=1.9),
        Column("Since", width=1.2),
    ]
    cells = _in_rows(rows, _in_full)
    title = sentences.title(pact, side, edition.as_of)
    subtitle = "In percent of the value, as known on the day"
    note = _not_here(rows) if side == pact.sides[0] else ""
    return Table(f"duties-{side.id}-table", title, subtitle, columns, cells, note, extra_origins=(pact.origin,))


def _not_here(rows: list[Duty]) -> str:
    """What a rate by good is, and what the table leaves out; of a pact only where it is in force."""
    in_force = any(duty.ordinary is not None and duty.ordinary.authority == "pact" for duty in rows)
    return f"{BY_GOOD}; {UNDER_A_PACT}. {NOT_HERE}" if in_force else f"{BY_GOOD}. {NOT_HERE}"


def _short_table(rows: list[Duty], pact: Pact, side: Side, edition: Edition) -> Table:
    columns = [
        Column("Goods", width=1.7),
        Column("Due", width=2.0),
        Column("Under", width=2.1),
        Column("Since", width=1.2),
    ]
    cells = _in_rows(rows, _in_brief)
    title = sentences.title(pact, side, edition.as_of, id="brief-duties")
    return Table("brief-duties", title, "In percent of the value", columns, cells, extra_origins=(pact.origin,))


def _in_full(duty: Duty) -> list[Cell]:
    due = sentences.due_in_short(duty)
    return [sentences.ordinary(duty), sentences.added(duty), due, _under(duty), sentences.standing(duty)]


def _in_brief(duty: Duty) -> list[Cell]:
    return [sentences.due(duty), _under(duty), sentences.standing(duty)]


def _under(duty: Duty) -> Cell:
    """The acts by which a product is charged, each with a page that tells it."""
    told = [(measure, measure.at(duty.day)) for measure in sentences.charged_by(duty)]
    return [(sentences.act(measure, turn), turn.publications[0].address) for measure, turn in told if turn is not None]


def _names(alike: list[Duty]) -> str:
    names = [duty.product.name for duty in alike]
    return ", ".join([names[0], *(name[0].lower() + name[1:] for name in names[1:])])


def _ahead_table(ahead: list[Ahead], pact: Pact, edition: Edition) -> Table:
    columns = [
        Column("When", width=1.1),
        Column("What", width=2.6),
        Column("Under", width=2.2),
        Column("Standing", width=1.4),
    ]
    rows: list[list[Cell]] = [
        [
            sentences.day_of(one),
            sentences.first_large(sentences.what(one, pact)),
            [(one.turn.act, one.turn.publications[0].address)],
            sentences.how_it_stands(one),
        ]
        for one in ahead
    ]
    return Table("duties-ahead", sentences.ahead_title(edition.as_of), "", columns, rows, extra_origins=(pact.origin,))
