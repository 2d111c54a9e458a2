"""Figures that somebody printed or said, as data: who, when, what of trade, and how exactly.

A quote is never a series. Its figure's origin is the page that printed it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from briefing import periods
from briefing.figures import COUNT, DOLLARS, FRACTION, RANK, RATIO, Figure
from briefing.record.origins import Origin
from briefing.talks import US, Publication, Side, publication, sides_of
from briefing.talks.once import Record, once_a_day

SCALES = {
    "billion US dollars": (1e9, DOLLARS),
    "million US dollars": (1e6, DOLLARS),
    "percent": (0.01, FRACTION),
    "place": (1.0, RANK),
    "vehicles": (1.0, COUNT),
    "times": (1.0, RATIO),
}


MEASURES = ("exports", "imports", "balance", "balance.change")


@dataclass(frozen=True)
class Quote:
    """A figure as printed, in the view of its reporter, the side whose statistics it is of: its exports are exports.

    `step` is what the last digit printed is worth, in the figure's unit. `period` is "" where the page
    states none; `periods` then lists the candidates, `against` the base periods of a change or ratio. `hedge` is how the
    page qualified the figure, "almost" or "at least", "" where it did not.
    `counterpart` names the reporter's partner where that is not the other side of the talks; `record` is what holds it.
    """

    id: str
    said_by: str
    day: date
    partner: str
    counterpart: str
    reporter: Side
    scope: str
    measure: str
    period: str
    periods: tuple[str, ...]
    against: tuple[str, ...]
    hedge: str
    first_print: bool
    step: float
    definition: str
    publication: Publication
    figure: Figure
    record: Origin

    @property
    def of_us(self) -> bool:
        """Whether it is of US statistics; else of the other side's, whose exports are US imports."""
        return self.reporter.reporter == US


def said_on(quote: Quote) -> str:
    """The day of a quote in words; where its page bears a year or month alone, that."""
    published = quote.publication.published
    if len(published) in (4, 7) and str(quote.day).startswith(published):
        return periods.in_words(published)
    return periods.day_in_words(quote.day)


@once_a_day
def quotes(record: Record, as_of: date) -> tuple[Quote, ...]:
    """The quotes that were public by the day, the latest first; those of a day as the record has them."""
    found = [_quote(row, as_of) for row in record["quote"] if row["known_from"] <= as_of]
    return tuple(sorted(found, key=lambda quote: quote.day, reverse=True))


def of_goods(found: Iterable[Quote], as_of: date) -> dict[str, Quote]:
    """US figures of all goods quoted in the last three months before that day, by id."""
    return {q.id: q for q in found if periods.is_recent(q.day, as_of) and q.of_us and q.scope == "goods"}


def first_prints(found: Iterable[Quote], partner: str) -> list[Quote]:
    """The first printed figures of the partner's trade, in the order of their periods."""
    prints = [quote for quote in found if quote.first_print and quote.partner == partner]
    return sorted(prints, key=lambda quote: (quote.period, MEASURES.index(quote.measure)))


def _quote(row: Mapping[str, Any], as_of: date) -> Quote:
    factor, unit = SCALES[row["unit"]]
    page = publication(row).as_known(as_of)
    origin = Origin(row["record"], str(row["known_from"]), "held", page.words, page.address)
    value = float(Decimal(row["value"])) * factor
    return Quote(
        id=row["id"],
        said_by=row["said_by"],
        day=row["known_from"],
        partner=row["partner"],
        counterpart=row.get("counterpart", ""),
        reporter=next(side for side in sides_of(row) if side.reporter == row["reporter"]),
        scope=row["scope"],
        measure=row["measure"],
        period=row["period"],
        periods=tuple(row.get("periods", [row["period"]])),
        against=tuple(row.get("against", [])),
        hedge=row.get("hedge", ""),
        first_print=row.get("first_print", False),
        step=float(row.get("step") or last_digit(row["value"])) * factor,
        definition=row["definition"],
        publication=page,
        figure=Figure(f"quoted.{row['id']}", value, unit, row["period"], f"as quoted: {row['definition']}", (origin,)),
        record=row["origin"],
    )


def last_digit(printed: str) -> Decimal:
    """What the last digit of a printed number is worth.

    >>> last_digit("-21.6"), last_digit("18"), last_digit("6.14")
    (Decimal('0.1'), Decimal('1'), Decimal('0.01'))
    """
    exponent = Decimal(printed).as_tuple().exponent
    return Decimal((0, (1,), int(exponent)))
