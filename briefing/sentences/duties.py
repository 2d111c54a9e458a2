"""Sentences on duties in force: what each side charges, and what was fixed for later."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from briefing import periods
from briefing.figures import FRACTION, Figure
from briefing.sentences import Sentence
from briefing.talks import Pact, Side
from briefing.talks.duties import Ahead, Duty, Measure, Product, Turn, products_of
from briefing.talks.texts import RecordText, joined, listed, origins_of, told

Labels = dict[str, str | RecordText]
OTHER, MOST_NAMED = "other", 3
"""The product that is all other goods, and how many are named one by one with it."""
MODEL_YEAR = "2024"
"""The year of whose imports for consumption the model of tradewartracker takes its weights."""
GENERAL = ("MFN", "other law")
"""Authorities of duties that no pact has lowered."""


def rate(measure: Measure) -> RecordText:
    """A measure's rate, "25%", as its pages tell it; its quota or scope in words where it has none."""
    words = measure.quota or (_lowered(measure.scope) if measure.rate is None else _percent(measure.rate))
    return told(f"duty.{measure.id}", words, origins_of(measure.publications, measure.turns[0].known_from))


def due(duty: Duty) -> RecordText:
    """What is due on a product, for a cell: "25%", "25% on top", "free", "by good", a quota, and what part pays apart."""
    partly = [joined(rate(one), RecordText(f"on {one.part}")) for one in duty.partly]
    return first_large(joined(_due(duty), *partly, by="; "))


def due_in_short(duty: Duty) -> RecordText:
    """The same beside a cell that has its parts: without them, and a quota by that word alone."""
    on_top = [joined(rate(one), RecordText("on top")) for one in duty.added if one.counts == "on top"]
    return first_large(_due(duty) if duty.quota is None else joined(RecordText("by quota"), *on_top, by="; "))


def _due(duty: Duty) -> RecordText:
    if duty.total is not None and duty.quota is None:
        return RecordText("free") if duty.total == 0 else _together(duty)
    on_top = [joined(rate(one), RecordText("on top")) for one in duty.added if one.counts == "on top"]
    others = [rate(one) for one in duty.added if one.counts != "on top"]
    return joined(*others, *on_top, by="; ") if duty.added else RecordText("by good")


def first_large(text: RecordText) -> RecordText:
    """A text as a cell begins."""
    return RecordText(text.text[:1].upper() + text.text[1:], text.figures)


def _together(duty: Duty) -> RecordText:
    """The sum of an ordinary duty that is known and what comes to it; a rate alone is as its pages tell it."""
    assert duty.ordinary is not None and duty.total is not None
    telling = [one for one in (*duty.added, duty.ordinary) if one.rate == duty.total]
    if telling:
        return rate(telling[0])
    parts = tuple(figure for one in (duty.ordinary, *duty.added) for figure in rate(one).figures)
    formula = f"ordinary duty and what comes to it: {' and '.join(one.act for one in duty.added)}"
    id = f"duty.{duty.ordinary.by}.{duty.product.id}.{duty.day}"
    figure = Figure(id, float(duty.total) / 100, FRACTION, str(duty.day), formula, (duty.origin,), parts=parts)
    return RecordText(_percent(duty.total), (figure,))


def ordinary(duty: Duty) -> RecordText:
    """The duty before all else, for a cell."""
    if duty.ordinary is None:
        return RecordText("Not on record")
    if duty.ordinary.rate is None:
        return RecordText("By good")
    return RecordText("Free") if duty.ordinary.rate == 0 else rate(duty.ordinary)


def added(duty: Duty) -> RecordText:
    """What comes to the ordinary duty, for a cell: rates that apply, and those that do in part, are set aside, or may."""
    said = [_added(one) for one in duty.added]
    if duty.added and not duty.adds:
        said = [_nothing_under(one) for one in duty.added]
    said += [joined(rate(one), RecordText(f"on {one.part}")) for one in duty.partly]
    said += [joined(rate(one), RecordText(_set_aside(one, duty.day))) for one in duty.suspended]
    said += [joined(RecordText("perhaps"), rate(one), RecordText("too: our pages do not say")) for one in duty.unclear]
    return first_large(joined(*said, by="; ") if said else RecordText("nothing"))


def _nothing_under(measure: Measure) -> RecordText:
    said = joined(
        RecordText(f"nothing under {_authority(measure)} (inferred: the ordinary duty is above the"), rate(measure)
    )
    return RecordText(f"{said.text})", said.figures)


def _added(measure: Measure) -> RecordText:
    if measure.counts == "all in":
        return joined(RecordText("up to"), rate(measure), RecordText("in all"))
    return joined(rate(measure), RecordText("on top" if measure.counts == "on top" else ""))


def _set_aside(measure: Measure, day: date) -> str:
    turn = measure.at(day)
    until = [later.day for later in measure.after(day)] + [turn.for_day if turn is not None else None]
    return f"set aside until {periods.day_in_words(until[0])}" if until[0] is not None else "set aside"


def act(measure: Measure, turn: Turn) -> str:
    """By what a measure is charged from a turn of it on: "Section 232, Proclamation 10908"."""
    named = "" if measure.authority in (*GENERAL, "pact") else _authority(measure)
    words = f"{named}, {turn.act}" if named and named not in turn.act else turn.act
    return words[0].upper() + words[1:]


def _authority(measure: Measure) -> str:
    return {"IEEPA": "emergency powers (IEEPA)"}.get(measure.authority, measure.authority)


def standing(duty: Duty) -> str:
    """Since when a product is charged so, and whether the duty has lost its ground."""
    charged = [*_adding(duty), *duty.partly] or ([duty.ordinary] if duty.ordinary else [])
    turns = [turn for one in charged if (turn := one.at(duty.day)) is not None]
    struck = next((turn for turn in turns if turn.status != "in force"), None)
    if struck is not None:
        return f"{struck.status} {periods.day_in_words(struck.day)}, still collected"
    if not turns:
        return ""
    last = max(turns, key=lambda turn: turn.day)
    return f"before {periods.day_in_words(last.day)}" if last.older else periods.day_in_words(last.day)


def title(pact: Pact, by: Side, day: date, *, id: str = "duties") -> Sentence:
    """The title of the table of what one side charges."""
    other = next(side for side in pact.sides if side != by)
    labels: Labels = {"by": by.name, "other": other.name, "day": periods.day_in_words(day)}
    return Sentence(f"{id}-title", "What {by} charges on goods from {other}, {day}", {}, labels)


def headline(duties: Sequence[Duty], pact: Pact, by: Side) -> Sentence:
    """What one side charges, product by product: those that pay alike together, all other goods last, with what pays apart."""
    alike: dict[str, tuple[RecordText, list[Duty]]] = {}
    for duty in (one for one in duties if one.product.usual):
        said = _charged(duty, pact)
        alike.setdefault(said.text, (said, []))[1].append(duty)
    groups = sorted(alike.values(), key=lambda group: group[1][-1].product.id == OTHER)
    own = [one for one in duties if not one.product.usual]
    *most, last = (joined(said, _goods(group, own, pact)) for said, group in groups)
    charged = joined(joined(*most, by=", "), last, by=", and ") if most else last
    other = next(side for side in pact.sides if side != by)
    labels: Labels = {"by": by.heading, "charged": charged, "other": other.name}
    return Sentence(f"duties-{by.id}", "{by} charges {charged} from {other}.", {}, labels)


def _charged(duty: Duty, pact: Pact) -> RecordText:
    """What is charged, as the object of a sentence: "25%", "nothing", "an extra 10%", "the rates of" the pact."""
    if duty.quota is not None:
        return RecordText("nothing within a quota")
    if duty.total is not None:
        return RecordText("nothing") if duty.total == 0 else _together(duty)
    if not duty.added:
        general = duty.ordinary is not None and duty.ordinary.authority in GENERAL
        return RecordText("its general rates" if general else f"the rates of {pact.name}")
    return listed([_extra(one) for one in duty.added])


def _goods(alike: Sequence[Duty], own: Sequence[Duty], pact: Pact) -> RecordText:
    """Products that pay alike: many of them, all other goods among them, are the rest; and what of them pays apart.

    `own` are the products that all other goods would take in but for a measure of their own.
    """
    products = [one.product for one in alike]
    rest = products[-1].id == OTHER
    goods = RecordText(f"on {'all else' if len(products) > MOST_NAMED and rest else _names(products)}")
    apart = [joined(_extra(part), RecordText(f"on {part.part}")) for one in alike for part in one.partly]
    apart += _apart(own, pact) if rest else []
    if not apart:
        return goods
    inside = joined(*apart, by="; ")
    return joined(goods, RecordText(f"(but {inside.text})", inside.figures))


def _apart(own: Sequence[Duty], pact: Pact) -> list[RecordText]:
    """What products with a measure of their own are charged: those that pay alike together, then the parts of them."""
    alike: dict[str, tuple[RecordText, list[Product]]] = {}
    for duty in (one for one in own if one.added):
        said = _charged(duty, pact) if duty.quota is None else RecordText("duties by quota")
        alike.setdefault(said.text, (said, []))[1].append(duty.product)
    whole = [joined(said, RecordText(f"on {_names(products)}")) for said, products in alike.values()]
    return whole + [joined(_extra(part), RecordText(f"on {part.part}")) for one in own for part in one.partly]


def _extra(measure: Measure) -> RecordText:
    return joined(RecordText("an extra" if measure.counts == "on top" else ""), rate(measure))


def next_change(found: Sequence[Ahead], pact: Pact) -> Sentence | None:
    """The next change that is fixed, and what was said without an order; None where there is neither."""
    fixed = [one for one in found if one.turn.status in ("in force", "expired") and one.day is not None]
    said = [one for one in found if one.turn.status in ("threatened", "announced")]
    words, labels = [], Labels()
    if fixed:
        same = [one for one in fixed if one.day == fixed[0].day]
        labels |= {"fixed": listed([what(one, pact) for one in same]), "day": day_of(fixed[0])}
        words.append("Next, on {day}: {fixed}.")
    if said:
        labels["said"] = joined(*(joined(what(one, pact), RecordText(f"({one.turn.status})")) for one in said), by="; ")
        words.append("Not ordered so far: {said}.")
    return Sentence("duties-next", " ".join(words), {}, labels) if words else None


def what(one: Ahead, pact: Pact) -> RecordText:
    """What is to come: "15% on cars", "the end of ...", a quota, or a measure whose rate is open in its own words."""
    measure, products = one.measure, products_of(pact)
    named = [products[id] for id in one.measure.products]
    goods = measure.part or _names([product for product in named if product.usual] or named)
    on = f"on {goods}" if measure.by == pact.sides[0].id else f"on {goods} from {pact.sides[0].name}"
    if one.turn.status == "expired":
        whole = RecordText(f"{_authority(measure)} measure") if measure.rate is None else rate(measure)
        return joined(RecordText("the end of the"), whole, RecordText(on))
    if measure.rate == 0 and not measure.quota:
        return RecordText(f"the end of the duty {on}")
    if measure.rate is None and not measure.quota:
        return rate(measure)
    return joined(_extra(measure), RecordText(on))


def _names(products: Sequence[Product]) -> str:
    return listed([RecordText(_lowered(product.name)) for product in products]).text


def day_of(one: Ahead) -> str:
    """The day for which something is fixed or was named."""
    return periods.day_in_words(one.day) if one.day is not None else "No day named"


def how_it_stands(one: Ahead) -> str:
    """How sure what is to come is: fixed, or in the word of its status with its day."""
    if one.turn.status == "in force":
        return "fixed"
    return {"expired": "ends"}.get(one.turn.status, f"{one.turn.status} {periods.day_in_words(one.turn.day)}")


def ahead_title(day: date) -> Sentence:
    """The title of the table of what is to come."""
    labels: Labels = {"day": periods.day_in_words(day)}
    return Sentence(
        "duties-ahead-title", "Duties ordered, announced or threatened for later, as known on {day}", {}, labels
    )


def step(duty: Duty) -> str:
    """What was due, for the words of a picture: "25%", "free", "10% on top", "nothing on top" of a duty that differs by good."""
    return "nothing on top" if duty.total is None and not duty.added else due(duty).text.lower()


def over_time_title(steps: Sequence[tuple[date, Duty]], pact: Pact, day: date, id: str) -> Sentence:
    """The title of a picture: what the product's duty was at its beginning, and what it is."""
    (first, began), (_, now) = steps[0], steps[-1]
    labels: Labels = {
        "goods": now.product.name,
        "other": pact.other.name,
        "then": _charged(began, pact),
        "first": periods.day_in_words(first),
        "now": _charged(now, pact),
        "day": periods.day_in_words(day),
    }
    return Sentence(f"{id}-title", "{goods} from {other} paid {then} on {first}, and pay {now} on {day}", {}, labels)


def calculated(month: Figure, so_far: Figure, before: Figure | None, partner: str) -> Sentence:
    """What goods paid as entered: in the last month, over the year so far, and over the same months a year before."""
    quoted = {"month": month, "year": so_far}
    words = (
        "Duty calculated on imports for consumption from {partner} came to {month:percent} of their value in {month:period}, "
        "and to {year:percent} in {year:period}"
    )
    if before is not None:
        quoted["before"] = before
        words += ", after {before:percent} in the same months a year before"
    return Sentence("duties-calculated", f"{words}.", quoted, {"partner": partner})


def modelled(rate: Figure, partner: str) -> Sentence:
    """What a model gives, told as one."""
    words = (
        "A model, which weighs the rates as written with the trade of {year}, gives goods from {partner} {rate:percent} "
        "from {day} up to {published}, the day it was published; it counts nothing that was paid, and what it says of later "
        "days is not used."
    )
    labels: Labels = {
        "partner": partner,
        "year": MODEL_YEAR,
        "day": periods.day_in_words(date.fromisoformat(rate.period)),
        "published": periods.day_in_words(date.fromisoformat(rate.origins[0].vintage)),
    }
    return Sentence("duties-modelled", words, {"rate": rate}, labels, style="note")


def notes(duties: Iterable[Duty]) -> list[RecordText]:
    """What is to be known of the measures that apply, each once."""
    told_once: dict[str, RecordText] = {}
    for measure in (one for duty in duties for one in (*duty.added, *duty.partly, *duty.unclear) if one.note):
        pages = origins_of(measure.publications, measure.turns[0].known_from)
        told_once[measure.id] = told(f"duty.{measure.id}.note", measure.note, pages)
    return list(told_once.values())


def beside(found: Sequence[RecordText]) -> Sentence | None:
    """The notes as one sentence below a table; None where there are none."""
    return Sentence("duties-notes", "{notes}", {}, {"notes": joined(*found)}, style="note") if found else None


def charged_by(duty: Duty) -> list[Measure]:
    """The measures that say what applies: of what was added or set aside, else the ordinary duty."""
    told = [*_adding(duty), *duty.partly, *duty.suspended]
    return told or ([duty.ordinary] if duty.ordinary else [])


def _adding(duty: Duty) -> tuple[Measure, ...]:
    """What comes to the ordinary duty; none where that is as high as a duty that counts it in."""
    return duty.added if duty.adds else ()


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}%"


def _lowered(text: str) -> str:
    """The text with a small first letter, unless it opens with an abbreviation such as US."""
    return text if text[1:2].isupper() else text[0].lower() + text[1:]
