"""Duties of either side on the other's goods: what applied on a day as known on a day, and what was fixed for later.

From the record that `sources` opened. A measure is a rate or a quota; what became of it is its turns. A turn that was not
known yet does not show, and one that was known before its day shows as fixed for later.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from briefing.record.origins import Origin
from briefing.talks import Pact, Publication, Row, cited, publication, publications_known
from briefing.talks.once import Record, once_a_day

APPLIES = "in force"
ASKED = ("threatened", "announced", "ordered")
"""Statuses of what does not apply yet: said, agreed, or ordered for a later day."""


@dataclass(frozen=True)
class Product:
    """What a row of the table is about: its name, its codes in words, and whether it has a row on every day."""

    id: str
    name: str
    codes: str
    usual: bool


@dataclass(frozen=True)
class Turn:
    """What became of a measure from `day` on, public from `known_from`, and what it is called from then on.

    `for_day` is a day that was named without an order; `collected` says that it is taken though it lost its ground, and
    `older` that it applied before the day already.
    """

    day: date
    known_from: date
    status: str
    act: str
    text: str
    older: bool
    for_day: date | None
    collected: bool
    publications: tuple[Publication, ...]

    @property
    def applies(self) -> bool:
        """Whether the duty is taken: in force, or struck down and still collected."""
        return self.status == APPLIES or self.collected


@dataclass(frozen=True)
class Measure:
    """One rate in percent (None: it differs by good, or is not on record) or quota, with its turns known by a day.

    `counts` says how it meets other duties: "ordinary", "on top", "all in" or "quota"; `part` the part of the product that
    alone it takes, "" for all of it; `open` the products of which nobody we read says whether it takes them.
    """

    id: str
    authority: str
    act: str
    by: str
    products: tuple[str, ...]
    open: tuple[str, ...]
    part: str
    scope: str
    rate: Decimal | None
    quota: str
    counts: str
    replaces: tuple[str, ...]
    note: str
    publications: tuple[Publication, ...]
    turns: tuple[Turn, ...]

    def at(self, day: date) -> Turn | None:
        """The turn in which it stood on a day; None before its first."""
        past = [turn for turn in self.turns if turn.day <= day]
        return past[-1] if past else None

    def after(self, day: date) -> list[Turn]:
        """The turns fixed for days after that one, of each day the one that holds."""
        later = [turn for turn in self.turns if turn.day > day]
        return [list(of_a_day)[-1] for _, of_a_day in itertools.groupby(later, key=lambda turn: turn.day)]

    def applies(self, day: date) -> bool:
        """Whether it was taken on a day."""
        turn = self.at(day)
        return turn is not None and turn.applies


@dataclass(frozen=True)
class Duty:
    """What one side charges on one product of the other on a day.

    `ordinary` is the duty before all else, None where none is on record; `added` what comes to it, `partly` what takes
    part of the product alone; `suspended` what is ordered and set aside for the time; `unclear` what may take it or not;
    `origin` the record that says so.
    """

    product: Product
    day: date
    origin: Origin
    ordinary: Measure | None
    added: tuple[Measure, ...] = ()
    partly: tuple[Measure, ...] = ()
    suspended: tuple[Measure, ...] = ()
    unclear: tuple[Measure, ...] = ()

    @property
    def quota(self) -> Measure | None:
        """The measure that sets a quantity, if one does."""
        return next((one for one in self.added if one.counts == "quota"), None)

    @property
    def total(self) -> Decimal | None:
        """Percent of the value due together; None where a rate that belongs in it is open."""
        if self.ordinary is None or self.ordinary.rate is None:
            return None
        return self._with(self.ordinary.rate)

    @property
    def least(self) -> Decimal | None:
        """Percent due on a good that is free otherwise, where the ordinary duty differs by good; None if a rate added is open."""
        return self._with(Decimal(0)) if self.total is None else self.total

    def _with(self, ordinary: Decimal) -> Decimal | None:
        if any(one.rate is None for one in self.added):
            return None
        rates = {kind: [one.rate for one in self.added if one.counts == kind and one.rate is not None]
                 for kind in ("on top", "all in")}  # fmt: skip
        return max([ordinary + sum(rates["on top"], Decimal(0)), *rates["all in"]])

    @property
    def adds(self) -> bool:
        """Whether anything comes to the ordinary duty: nothing does where that is as high as a duty that counts it in."""
        if self.total is None:
            return bool(self.added)
        assert self.ordinary is not None
        return self.quota is not None or self.total != self.ordinary.rate


@dataclass(frozen=True)
class Ahead:
    """What was fixed or said for a later day: a measure's turn on it, or a measure with no day, or with one nobody ordered."""

    measure: Measure
    turn: Turn
    day: date | None


def products_of(pact: Pact) -> dict[str, Product]:
    """The products of a pact's record of duties by id; none where it keeps none."""
    rows: Sequence[Row] = pact.rows["product"]
    return {row["id"]: Product(row["id"], row["name"], row["codes"], row.get("usual", False)) for row in rows}


@once_a_day
def measures_known(record: Record, known: date) -> tuple[Measure, ...]:
    """The measures of which something was public by a day, with what was public of each."""
    own = {row["id"]: publication(row).as_known(known) for row in record["duty_page"]}
    pages = {**publications_known(record, known), **own}
    found = (_measure(row, pages, known) for row in record["measure"])
    return tuple(measure for measure in found if measure.turns)


def duties(pact: Pact, by: str, day: date, known: date | None = None) -> list[Duty]:
    """What a side charged on a day, product by product, as known on that day or on `known`.

    Products without a measure of their own that applied have no row unless they are usual ones; none have where nothing
    was on record.
    """
    seen = day if known is None else known
    measures = [one for one in measures_known(pact.rows, seen) if one.by == by and one.at(day) is not None]
    rows = (_duty(product, measures, day, pact.origin) for product in products_of(pact).values())
    return [duty for duty in rows if duty is not None]


def ahead(pact: Pact, day: date) -> list[Ahead]:
    """What was fixed, announced or threatened for later as known on a day, the nearest first, what has no day last.

    An ordinary duty that is to be what it is already has no place in it.
    """
    found = [one for one in _ahead(pact, day) if not _stays(one, pact, day)]
    return sorted(found, key=lambda one: (one.day or date.max, one.measure.id))


def history(pact: Pact, by: str, product: str, first: date, as_of: date) -> list[tuple[date, Duty]]:
    """The duty on a product at the first day and at each day on which it changed up to the as-of day, as known on that day."""
    measures = measures_known(pact.rows, as_of)
    days = {turn.day for measure in measures for turn in measure.turns if first < turn.day <= as_of}
    steps: list[tuple[date, Duty]] = []
    for day in sorted({first, *days}):
        duty = next((one for one in duties(pact, by, day, as_of) if one.product.id == product), None)
        if duty is not None and (not steps or _charge(duty) != _charge(steps[-1][1])):
            steps.append((day, duty))
    return steps


def _charge(duty: Duty) -> tuple[Measure | None, tuple[Measure, ...]]:
    return duty.ordinary, duty.added


def _ahead(pact: Pact, day: date) -> Iterator[Ahead]:
    for measure in measures_known(pact.rows, day):
        now = measure.at(day)
        starts = [turn for turn in measure.after(day) if turn.status == APPLIES]
        ends = [turn for turn in measure.after(day) if turn.status == "expired" and measure.applies(day)]
        if now is None or not now.applies:
            yield from (Ahead(measure, turn, turn.day) for turn in starts[:1])
        yield from (Ahead(measure, turn, turn.day) for turn in ends[:1])
        if now is not None and not starts and (now.status in ASKED or now.for_day is not None):
            yield Ahead(measure, now, now.for_day)


def _stays(one: Ahead, pact: Pact, known: date) -> bool:
    """Whether an ordinary duty is to be what its products pay just before: the pact or schedule changes, the rate does not."""
    measure = one.measure
    if measure.counts != "ordinary" or measure.rate is None or one.turn.status == "expired":
        return False
    before = known if one.day is None else max(known, one.day - timedelta(days=1))
    paid = [duty.ordinary for duty in duties(pact, measure.by, before, known) if duty.product.id in measure.products]
    return bool(paid) and all(other is not None and other.rate == measure.rate for other in paid)


def _duty(product: Product, measures: Sequence[Measure], day: date, origin: Origin) -> Duty | None:
    own = [one for one in measures if product.id in one.products]
    taken = [one for one in own if one.applies(day)]
    replaced = {id for one in taken for id in one.replaces}
    taken = [one for one in taken if one.id not in replaced]
    ordinary = next((one for one in taken if one.counts == "ordinary"), None)
    added = tuple(one for one in taken if one.counts != "ordinary" and not one.part)
    partly = tuple(one for one in taken if one.part)
    if not product.usual and not any(set(one.products) == {product.id} for one in (*added, *partly)):
        return None
    if not taken:
        return None
    suspended = tuple(one for one in own if (turn := one.at(day)) is not None and turn.status == "suspended")
    unclear = tuple(one for one in measures if product.id in one.open and one.applies(day))
    return Duty(product, day, origin, ordinary, added, partly, suspended, unclear)


def _measure(row: Row, pages: Mapping[str, Publication], known: date) -> Measure:
    what = f"The duty {row['id']}"
    told = [turn for turn in row["turn"] if turn.get("known_from", turn["date"]) <= known]
    told.sort(key=lambda turn: (turn["date"], turn.get("known_from", turn["date"])))
    acts = itertools.accumulate(
        (turn.get("act", "") for turn in told), lambda before, own: own or before, initial=row["act"]
    )
    turns = [_turn(turn, act, row, pages) for turn, act in zip(told, itertools.islice(acts, 1, None), strict=True)]
    return Measure(
        id=row["id"],
        authority=row["authority"],
        act=row["act"],
        by=row["by"],
        products=tuple(row["products"]),
        open=tuple(row.get("open", ())),
        part=row.get("part", ""),
        scope=row["scope"],
        rate=Decimal(row["rate"]) if "rate" in row else None,
        quota=row.get("quota", ""),
        counts=row["counts"],
        replaces=tuple(row.get("replaces", ())),
        note=row.get("note", "") if row.get("note_known_from", known) <= known else "",
        publications=cited(row, pages, what),
        turns=tuple(turns),
    )


def _turn(turn: Row, act: str, row: Row, pages: Mapping[str, Publication]) -> Turn:
    own = turn if "publications" in turn else row
    return Turn(
        day=turn["date"],
        known_from=turn.get("known_from", turn["date"]),
        status=turn["status"],
        act=act,
        older=turn.get("older", False),
        text=turn.get("text", ""),
        for_day=turn.get("for_day"),
        collected=turn.get("collected", False),
        publications=cited(own, pages, f"The duty {row['id']}, from {turn['date']}"),
    )
