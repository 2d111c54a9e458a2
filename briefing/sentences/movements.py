"""Words for how a size moved, how far back it is a record, how long it ran: each follows from the numbers printed beside it.

A size rose or fell where the printed sizes differ. Where they print alike although the change does not round to
nil, they are printed finer, until they differ; what is printed alike is unchanged. Multiples are judged at the
tenth that `times` prints, and told where the printed sizes bear the same: doubled is a ratio that rounds to 2.0, more than doubled one that rounds above it, nearly
doubled one from 1.9 to below 1.95; halved is doubled read backwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.figures import FRACTION, Figure, bears_percentage, derived, least_base, within_rounding
from briefing.figures.series import (
    LARGEST,
    RISE,
    SMALLEST,
    Reach,
    Run,
    TimeSeries,
    as_long_before,
    following,
    latest_run,
    length,
    place,
    reach,
    unbroken,
)
from briefing.sentences.words import percent, printed_size, side

PRINTED: dict[str, Callable[[float], float]] = {
    "size": printed_size,
    "size_in_millions": lambda value: (
        round(round(abs(value) / 1e6, 1) * 1e6) if abs(value) >= 1e6 else printed_size(value)
    ),
    "dollars": lambda value: round(abs(value)),
}
"""The formats of a size from coarse to fine, and the number each prints."""
SIGNED = {"size": "signed", "size_in_millions": "signed_in_millions", "dollars": "signed_in_dollars"}
"""Each with a sign, as a tile prints it."""

TIMES = ((4, "quadrupled", "fell to a quarter"), (3, "tripled", "fell to a third"), (2, "doubled", "halved"))


def multiple(now: float, before: float) -> str:
    """What a size became of the size before, in a word; "" where none fits.

    >>> [multiple(ratio, 1) for ratio in (1.89, 1.9, 1.96, 2.0897, 2.9, 4.04, 4.06)]
    ['', 'nearly doubled', 'doubled', 'more than doubled', 'nearly tripled', 'quadrupled', '']
    >>> multiple(1, 2.0), multiple(1, 2.1), multiple(-3, -9)
    ('halved', 'more than halved', 'fell to a third')
    """
    now, before = abs(now), abs(before)
    if not now or not before:
        return ""
    grew = now > before
    ratio = now / before if grew else before / now
    shown = round(ratio, 1)
    for number, up, down in TIMES:
        if shown == number:
            return up if grew else down
        if shown > number:
            more = number == 2 or (grew and number == 3)
            return f"more than {up if grew else down}" if more else ""
        if shown == round(number - 0.1, 1) and ratio >= shown and (grew or number == 2):
            return f"nearly {up if grew else down}"
    return ""


@dataclass(frozen=True)
class Movement:
    """How the size of a figure moved: the format of both sizes, which way (1, -1, 0), and the multiple if it has a word.

    `change` is the change of size, a fraction; None where it would print as nil or a percentage would say nothing.
    """

    now: Figure
    before: Figure
    spec: str
    direction: int
    multiple: str
    change: Figure | None

    @property
    def turned(self) -> bool:
        """Whether the balance changed its side."""
        return side(self.now.value) != side(self.before.value)

    @property
    def within_rounding(self) -> bool:
        """Whether the source's rounding alone could have made the difference: no way is then told, but both sizes."""
        return within_rounding(self.now, self.before)

    def word(self, up: str, down: str, unchanged: str = "unchanged") -> str:
        return {1: up, -1: down}.get(self.direction, unchanged)


def movement(now: Figure, before: Figure) -> Movement:
    """How the size of a figure moved, judged by what is printed.

    >>> from briefing.figures import Figure
    >>> one, other = (Figure(id, value, "US dollars", "2016", "", ()) for id, value in (("a", 21.64e9), ("b", 21.56e9)))
    >>> found = movement(one, other)
    >>> found.direction, found.spec
    (1, 'size_in_millions')
    """
    sizes = abs(now.value), abs(before.value)
    small = before.value == 0 or _is_nil(*sizes)
    telling = bears_percentage(now, before)
    spec = told_apart(sizes, PRINTED)
    pair = PRINTED[spec](sizes[0]), PRINTED[spec](sizes[1])
    direction = _direction(*pair)
    word = multiple(*pair) if telling and multiple(*pair) == multiple(*sizes) else ""
    change = None
    if direction and not small and telling:
        id, formula = f"{now.id}.moved_from.{before.period}", f"{now.period} over {before.period}, less one"
        change = derived(id, now.value / before.value - 1, FRACTION, now.period, formula, [now, before])
    return Movement(now, before, spec, direction, word, change)


def told_apart(values: Sequence[float], formats: Mapping[str, Callable[[float], float | str]]) -> str:
    """The coarsest of formats, from coarse to fine, in which values print apart; where their difference is nil, the first.

    >>> told_apart((21.64e9, 21.56e9), PRINTED), told_apart((21.601e9, 21.6e9), PRINTED)
    ('size_in_millions', 'size')
    """
    if all(_is_nil(value, values[-1]) for value in values):
        return next(iter(formats))
    apart = (spec for spec, shown in formats.items() if len(set(map(shown, values))) == len(set(values)))
    return next(apart, [*formats][-1])


def _is_nil(value: float, beside: float) -> bool:
    """Whether the difference would print as nil percent."""
    return value == beside or (beside != 0 and percent(value / beside - 1) == percent(0))


def _direction(now: float, before: float) -> int:
    return (now > before) - (now < before)


def moved_words(name: str, direction: int) -> str:
    """Which way, in the past tense: exports rise and fall, deficits widen and narrow, surpluses grow and shrink.

    >>> [moved_words(name, 1) for name in ("exports", "deficit", "surplus")], moved_words("deficit", -1)
    (['rose', 'widened', 'grew'], 'narrowed')
    """
    verbs = {"deficit": ("widened", "narrowed"), "gap": ("widened", "narrowed"), "surplus": ("grew", "shrank")}
    return verbs.get(name, ("rose", "fell"))[direction != RISE]


GERUNDS = {
    "rose": "rising",
    "fell": "falling",
    "widened": "widening",
    "narrowed": "narrowing",
    "grew": "growing",
    "shrank": "shrinking",
}


@dataclass(frozen=True)
class Words:
    """A part of a sentence with what it quotes and names."""

    template: str
    quoted: dict[str, Figure]
    labels: dict[str, str]


LEAST = {"year": 3, "month": 6}
"""Periods that a record must beat, and that a run must last, to be worth a word."""
LONG_AGO = 10
"""Years since a run as long ended, or since the record began, after which that is worth a word."""
BEGINS = " since {begins}"
"""The first month of the months without a hole, which need not be the first on record."""
CURRENT = ", in current dollars,"


def named(balance: float) -> dict[str, str]:
    """What the flows and a balance of that sign are called in a sentence.

    >>> named(-1)
    {'exports': 'exports', 'imports': 'general imports', 'balance': 'the deficit'}
    """
    return {"exports": "exports", "imports": "general imports", "balance": f"the {side(balance)}"}


def superlative(series: TimeSeries, name: str) -> Words | None:
    """How far back the last period is the largest or the smallest, in words; None where it beats too few."""
    for kind in (LARGEST, SMALLEST):
        found = reach(series.size, kind)
        if found is None or _is_within_rounding(series, found):
            continue
        if found.beaten >= LEAST["year"] and series.size.iloc[-1]:
            return superlative_words(name, found, place(series, found), _what(series.spans[found.last]))
    return None


def _is_within_rounding(series: TimeSeries, found: Reach) -> bool:
    """Whether so small a size stands beside others that the source has rounded, or rounding could put one of them first."""
    first, size = series.spans[found.compared_from][0], series.size
    others = [(period, abs(size[period] - size.iloc[-1])) for period in size[found.compared_from :].index[:-1]]
    if found.since:
        others = [(period, apart) for period, apart in others if period != found.since]
    close = any(apart <= series.rounded_by(period, found.last) for period, apart in others if apart)
    return bool(abs(size.iloc[-1]) < least_base(first)) or close


def superlative_words(name: str, found: Reach, place: Figure, what: str) -> Words:
    """`what` names the periods: "January–November". A size that only matches an earlier one is said to match it."""
    key = name.split()[-1]
    were = "were" if name.endswith("s") and not name.endswith("surplus") else "was"
    spec = "ordinal" if found.kind == LARGEST else "ordinal_smallest"
    words = f"{name} {were}{CURRENT} the {{{key}:{spec}}} of any {{what}}"
    if not found.since:
        return Words(
            f"{words} on record{BEGINS}", {key: place}, {"what": what, "begins": periods.in_words(found.first)}
        )
    labels = {"what": what, f"{key}_since": periods.in_words(found.since)}
    if found.tied:
        words += f" after that of {{{key}_since}}, which was as {'large' if found.kind == LARGEST else 'small'}"
    else:
        words += f" since that of {{{key}_since}}"
    return Words(words, {key: place}, labels)


def _what(span: tuple[str, str]) -> str:
    """The months of a year without the year: "January–November"; or "year"."""
    words = periods.in_words("/".join(span))
    return words.rpartition(" ")[0] or "year"


def run(series: TimeSeries, name: str, unit: str) -> Words | None:
    """The run that lasts to the last period or that it ended, in words; None where it is short."""
    found = latest_run(series.values, LEAST[unit])
    if found is None or _moved_by_nothing(series.values) or _has_steps_within_rounding(series, found):
        return None
    before, begins = as_long_before(series.values, found), str(unbroken(series.values).index[0])
    return run_words(name, found, length(series, found), unit, str(series.values.index[-1]), before, begins)


def _has_steps_within_rounding(series: TimeSeries, found: Run) -> bool:
    """Whether the source's rounding alone could have made a step of the run, or the one that ended it."""
    held = list(series.values.index)
    steps = [(held[place - 1], held[place]) for place in range(held.index(found.first), len(held))]
    return any(abs(series.values[now] - series.values[one]) <= series.rounded_by(one, now) for one, now in steps)


def _moved_by_nothing(values: pd.Series) -> bool:
    """Whether the last step would print as nil percent: it is told to be none elsewhere."""
    before, now = values.iloc[-2], values.iloc[-1]
    return bool(before) and percent(now / before - 1) == percent(0)


def run_words(name: str, found: Run, length: Figure, unit: str, last: str, as_long: Run | None, begins: str) -> Words:
    """What a run comes to: "rose for the fifth year in a row", or "fell, after rising five years in a row", and how it stands to earlier runs."""
    key = name.split()[-1]
    verb = moved_words(key, found.direction)
    # Of what came before the record's first step nothing is held: the run may be longer.
    spell = " for at least" if found.first == following(begins) else ""
    words = f"{name} {verb}{spell or ' for'} the {{{key}:nth}} {unit} in a row"
    if found.last != last:
        ended = f"{GERUNDS[verb]}{spell} {{{key}:count}} {unit}s in a row"
        words = f"{name} {moved_words(key, -found.direction)}, after {ended}"
    since = begins if as_long is None else as_long.last
    if int(found.first[:4]) - int(since[:4]) < LONG_AGO:
        return Words(words, {key: length}, {})
    if as_long is None:
        words += f", the longest such run on record{BEGINS}"
        return Words(words, {key: length}, {"begins": periods.in_words(begins)})
    words += f", the longest such run since that which ended in {{{key}_since}}"
    return Words(words, {key: length}, {f"{key}_since": periods.in_words(as_long.last)})


def joined(parts: Sequence[Words]) -> Words:
    """Parts of one sentence; that dollars are current and where the record begins is said once."""
    words = _once("; ".join(part.template for part in parts), CURRENT)
    begins = {part.labels["begins"] for part in parts if "begins" in part.labels}
    if len(begins) == 1:
        words = _once(words, BEGINS)
    quoted = {name: figure for part in parts for name, figure in part.quoted.items()}
    return Words(words, quoted, {name: label for part in parts for name, label in part.labels.items()})


def _once(words: str, phrase: str) -> str:
    """The words with the phrase where it comes first and nowhere after."""
    head, found, tail = words.partition(phrase)
    return head + found + tail.replace(phrase, "")
