"""Claims that people made, held against the record. No verdict is typed: each follows from readings.

quotes      figures that somebody printed, as data
readings    every way a quoted figure could be meant, and what it then comes to
ledgers     the US count beside what the other side printed, and the steps between them
statements  what was said in words, against dated events, issues and releases
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from briefing.checks.quotes import Quote
from briefing.figures import RANK, Figure
from briefing.palette import ABSENT, PARTLY, REFUTED, SETTLED, UNSETTLED, Chip
from briefing.record.origins import Origin


@dataclass(frozen=True)
class Kind:
    """A kind of verdict, and all that is said and shown of it.

    `words` name it and `explanation` says what they mean; `opening` begins the sentence on the readings it follows from;
    `counted` names the group in which a quote of this kind is counted. Both are "" for what no quote comes to.
    """

    words: str
    chip: Chip
    explanation: str
    opening: str
    counted: str


VERDICTS = (
    HOLDS := Kind("holds", SETTLED, "Holds under every definition that what was said leaves open", "", "holds"),
    HOLDS_ONLY := Kind("holds in part", PARTLY, "Holds under some of them only", "only for ", "only"),
    CUT := Kind("cut, not rounded", UNSETTLED, "Has the first digits of the figure, and the rest cut off", "", "rounding"),
    ROUNDING := Kind("off by rounding", UNSETTLED, "Rounds to the neighbour of the quoted figure, or differs by no more than the rounding of the prints it is made of", "", "rounding"),
    REVISED := Kind("revised since", UNSETTLED, "Was the figure of its day, which the office has revised since", "", "revised"),
    ELSEWISE := Kind("on another definition", UNSETTLED, "Comes to it on another definition than the one stated", "comes to it on another definition than stated: ", "elsewise"),
    NOT_REPRODUCIBLE := Kind("not reproducible", REFUTED, "No definition held comes to it", "nearest is ", "fails"),
    FAILS := Kind("does not hold", REFUTED, "The dated record says otherwise", "", ""),
    ALIKE := Kind("printed alike", ABSENT, "No series is held; what other pages print comes to the same", "no series is held; also printed: ", "unheld"),
    WITHIN := Kind("alike within rounding", ABSENT, "No series is held; what other pages print comes to it only within their rounding", "no series is held; within the rounding of ", "unheld"),
    OTHERWISE := Kind("printed otherwise", ABSENT, "No series is held; other pages print another figure", "no series is held; elsewhere printed: ", "unheld"),
    NOT_HELD := Kind("not held", ABSENT, "Nothing is held that it could be checked with", "nothing is held that it could be checked with", "unheld"),
    SAID := Kind("on record", ABSENT, "The speaker's own page has these words; whether they are so is a judgement", "", ""),
    BEYOND := Kind("beyond the record", ABSENT, "A judgement, or outside this record", "", ""),
)  # fmt: skip
"""Every kind there is; a new one is a line here."""


@dataclass(frozen=True)
class Reading:
    """One way a quoted figure could be meant, and what it comes to.

    `low` and `high` bound its value: they differ where it is made of rounded prints. `stated` is False
    for what the claim's own words exclude, shown beside the others and never judged by. `printed`
    marks what a page printed, or what was made of prints alone; `first_print` that the page printed before any
    other what a series holds as revised: another day's figure, not another definition.
    """

    definition: str
    period: str
    figure: Figure
    low: float
    high: float
    stated: bool = True
    printed: bool = False
    first_print: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the readings make of a quote: the kind, the readings that fit, and the one that comes nearest."""

    kind: Kind
    fitting: tuple[Reading, ...] = ()
    nearest: Reading | None = None


HEDGES = {
    "at least": (0.0, inf),
    "more than": (0.0, inf),
    "almost": (0.05, 0.0),
    "about": (0.025, 0.025),
    "": (0.0, 0.0),
}
"""By how much of its size a figure may lie below what was said, and above it, for each way to qualify it."""


def distance(quote: Quote, reading: Reading) -> float:
    """How far the reading lies from the quote, in steps of the last digit printed; 0 where rounding closes it, or a hedge leaves it open."""
    said = quote.figure.value
    below, above = (share * max(abs(said), quote.step) for share in HEDGES[quote.hedge])
    low, high = (said - below, said + above) if said >= 0 else (said - above, said + below)
    return max(reading.low - high, low - reading.high, 0.0) / quote.step


def fits(quote: Quote, reading: Reading) -> bool:
    """Whether the reading, rounded as the quote is printed, is the quote.

    A reading made of rounded prints has a range. One no wider than the quote's own digit fits where the two
    ranges overlap; touching at an edge is not enough. A wider one says less than the quote: its middle must round to it.
    """
    if reading.low == reading.high:
        return distance(quote, reading) <= 0.5 + 1e-9
    if _is_wide(quote, reading):
        return _middle_fits(quote, reading)
    return distance(quote, reading) < 0.5 - 1e-9


def allows(quote: Quote, reading: Reading) -> bool:
    """Whether the rounding of the prints that a reading is made of leaves room for the quote."""
    return _is_wide(quote, reading) and distance(quote, reading) < 0.5 - 1e-9


def _is_wide(quote: Quote, reading: Reading) -> bool:
    return reading.high - reading.low > quote.step * (1 + 1e-9)


def _middle_fits(quote: Quote, reading: Reading) -> bool:
    value = reading.figure.value
    return distance(quote, replace(reading, low=value, high=value)) <= 0.5 + 1e-9


COARSE = 1 / 40
"""The part of a figure from which on its last digit is a size of its own: of 24 billion dollars one more is no rounding."""


def _cuts_to(quote: Quote, reading: Reading) -> bool:
    """Whether the figure has the digits of the quote, and more that were cut off."""
    said, value = quote.figure.value, reading.figure.value
    return said * value > 0 and 0 <= (abs(value) - abs(said)) / quote.step < 1 - 1e-9


def verdict(quote: Quote, readings: Sequence[Reading]) -> Verdict:
    """What the readings make of the quote.

    A place, or a figure whose last digit is worth more than `COARSE` of it, has no neighbour that it could be rounded or cut to. Readings from datasets
    decide; where there are none, other pages' prints do, and the verdict says so. What only the rounding of prints
    leaves room for does not hold: it is off by rounding, or alike within rounding. What fits the first print and no
    figure that the office has now was revised since.
    """
    stated = [reading for reading in readings if reading.stated]
    if not stated:
        return Verdict(NOT_HELD)
    nearest = min(stated, key=lambda reading: distance(quote, reading))
    fitting = tuple(reading for reading in stated if fits(quote, reading))
    measured = [reading for reading in stated if not reading.printed]
    if not measured:
        allowed = any(allows(quote, reading) for reading in stated)
        return Verdict(ALIKE if fitting else WITHIN if allowed else OTHERWISE, fitting, nearest)
    if any(reading.first_print for reading in stated):
        found = verdict(quote, [reading for reading in stated if not reading.first_print])
        return _or_revised(found, any(reading.first_print for reading in fitting))
    if fitting:
        return Verdict(HOLDS if len(fitting) == len(stated) else HOLDS_ONLY, fitting, nearest)
    fine = quote.figure.unit != RANK and quote.step <= abs(quote.figure.value) * COARSE
    cut = [reading for reading in measured if fine and _cuts_to(quote, reading)]
    if cut:
        return Verdict(CUT, (), min(cut, key=lambda reading: distance(quote, reading)))
    elsewise = [one for one in readings if quote.of_us and not (one.stated or one.printed) and fits(quote, one)]
    by_rounding = (fine and distance(quote, nearest) <= 1.5) or any(allows(quote, reading) for reading in stated)
    if elsewise and not by_rounding:
        return Verdict(ELSEWISE, tuple(elsewise), elsewise[0])
    return Verdict(ROUNDING if by_rounding else NOT_REPRODUCIBLE, (), nearest)


@dataclass(frozen=True)
class Checked:
    """A quote with its readings and verdicts: from what stood on record on its day, and from what is known now."""

    quote: Quote
    then: tuple[Reading, ...]
    now: tuple[Reading, ...]

    @property
    def verdict_then(self) -> Verdict:
        """By its day's figures; a first print of which only later vintages are held is not held against them."""
        found = verdict(self.quote, self.then)
        return _or_revised(found, self.quote.first_print and _is_later(found))

    @property
    def verdict_now(self) -> Verdict:
        """By the newest figures; what was right on its day, or was the first print, has been revised."""
        found = verdict(self.quote, self.now)
        was_right = self.quote.first_print or self.verdict_then.kind in (HOLDS, HOLDS_ONLY)
        return _or_revised(found, was_right)


def _or_revised(found: Verdict, was_right: bool) -> Verdict:
    """The verdict, or, where no figure comes to what was right once, that the office has revised it since."""
    missed = found.kind in (CUT, ROUNDING, NOT_REPRODUCIBLE)
    return replace(found, kind=REVISED) if was_right and missed else found


def _is_later(found: Verdict) -> bool:
    """Whether the nearest reading is of vintages that came out after the day."""
    return found.nearest is not None and "later" in {origin.standing for origin in found.nearest.figure.origins}


def records_of(found: Sequence[Checked]) -> tuple[Origin, ...]:
    """The records that hold the quotes, as origins."""
    return tuple(sorted({one.quote.record for one in found}))
