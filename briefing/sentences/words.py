"""Numbers in words: dollars, percent, ranks, and which way a size has moved."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isfinite

from briefing import periods
from briefing.errors import ClaimError
from briefing.figures import COUNT, DOLLARS, FRACTION, RANK, RATIO, TOLD, Figure

MINUS = "−"
SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


def size(value: float) -> str:
    """Dollars without sign, rounded to a tenth of their scale.

    >>> size(-21_558_381_250), size(842_300_000), size(3_400), size(12), size(999_960_000), size(960_000_000)
    ('$21.6 billion', '$842.3 million', '$3.4 thousand', '$12', '$1.0 billion', '$960.0 million')
    """
    for scale, word in SCALES:
        if printed_size(value) >= scale:
            return f"${abs(value) / scale:,.1f} {word}"
    return f"${abs(value):,.0f}"


def printed_size(value: float) -> int:
    """What `size` prints, as a number of dollars.

    >>> printed_size(-21_558_381_250), printed_size(999_960_000), printed_size(999.4)
    (21600000000, 1000000000, 999)
    """
    below = round(abs(value))
    for scale, _ in reversed(SCALES):
        if below < scale:
            return below
        below = round(round(abs(value) / scale, 1) * scale)
    return below


def with_sign(value: float, text: str, plus: str = "") -> str:
    """The text of a size with the sign of the value before it; what prints as nought has none.

    >>> with_sign(-3.0, "3.0"), with_sign(-0.01, "0.0"), with_sign(2.0, "2.0", "+")
    ('−3.0', '0.0', '+2.0')
    """
    return f"{MINUS if value < 0 else plus}{text}" if re.search("[1-9]", text) else text


def signed(value: float) -> str:
    """Dollars with sign, rounded like `size`.

    >>> signed(-21_558_381_250), signed(5_000_000), signed(0)
    ('−$21.6 billion', '+$5.0 million', '$0')
    """
    return with_sign(value, size(value), "+")


def millions(value: float, plus: str = "") -> str:
    """Dollars in millions with sign, to a tenth; below a million as `size`.

    >>> millions(-21_558_381_250), millions(-8_000), millions(21_558_381_250, "+")
    ('−$21,558.4 million', '−$8.0 thousand', '+$21,558.4 million')
    """
    return with_sign(value, size_in_millions(value), plus)


def size_in_millions(value: float) -> str:
    """Dollars in millions without sign, to a tenth; below a million as `size`.

    >>> size_in_millions(-21_558_381_250), size_in_millions(8_000)
    ('$21,558.4 million', '$8.0 thousand')
    """
    return f"${abs(value) / 1e6:,.1f} million" if abs(value) >= 1e6 else size(value)


def dollars(value: float) -> str:
    """Dollars without sign, to the dollar.

    >>> dollars(-21_558_381_250)
    '$21,558,381,250'
    """
    return f"${abs(value):,.0f}"


def signed_dollars(value: float, plus: str = "") -> str:
    """Dollars with sign, to the dollar.

    >>> signed_dollars(-1_503_154), signed_dollars(1_503_154, "+")
    ('−$1,503,154', '+$1,503,154')
    """
    return with_sign(value, dollars(value), plus)


def percent(value: float) -> str:
    """A fraction as a percentage without sign, to a tenth.

    >>> percent(-0.18418)
    '18.4 percent'
    """
    return f"{abs(value) * 100:,.1f} percent"


def finer_percent(value: float) -> str:
    """A fraction as a percentage without sign, to a hundredth.

    >>> finer_percent(-0.00031)
    '0.03 percent'
    """
    return f"{abs(value) * 100:,.2f} percent"


def finer_percentage(value: float) -> str:
    """A fraction as a percentage to a hundredth, for a column that names the unit.

    >>> finer_percentage(0.02571)
    '2.57'
    """
    return f"{abs(value) * 100:,.2f}"


def signed_percent(value: float) -> str:
    """A fraction as a percentage with sign, to a tenth.

    >>> signed_percent(-0.18418)
    '−18.4 percent'
    """
    return with_sign(value, percent(value), "+")


def signed_percentage(value: float) -> str:
    """The number of `signed_percent` without its unit, for the first of two.

    >>> signed_percentage(-0.2125)
    '−21.2'
    """
    return signed_percent(value).removesuffix(" percent")


def whole_percent(value: float) -> str:
    """A fraction as a whole percentage without sign.

    >>> whole_percent(-0.18)
    '18 percent'
    """
    return f"{abs(value) * 100:,.0f} percent"


def whole_percent_signed(value: float) -> str:
    """A fraction as a whole percentage with sign.

    >>> whole_percent_signed(-0.18)
    '−18 percent'
    """
    return with_sign(value, whole_percent(value), "+")


def whole_percentage(value: float) -> str:
    """The number of `whole_percent` without its unit, for a column that names it.

    >>> whole_percentage(0.62)
    '62'
    """
    return whole_percent(value).removesuffix(" percent")


def whole_percentage_signed(value: float) -> str:
    """The number of `whole_percent_signed` without its unit, for a column that names it.

    >>> whole_percentage_signed(-0.18)
    '−18'
    """
    return whole_percent_signed(value).removesuffix(" percent")


def whole_billions(value: float, plus: str = "") -> str:
    """Dollars in whole billions with sign, as pages print that give no tenths.

    >>> whole_billions(-16e9), whole_billions(16e9, "+")
    ('−$16 billion', '+$16 billion')
    """
    return with_sign(value, f"${abs(value) / 1e9:,.0f} billion", plus)


def hundredths(value: float, plus: str = "") -> str:
    """Dollars in billions with sign, to a hundredth.

    >>> hundredths(-6_140_000_000), hundredths(15_180_000_000, "+")
    ('−$6.14 billion', '+$15.18 billion')
    """
    return with_sign(value, f"${abs(value) / 1e9:,.2f} billion", plus)


def whole_millions(value: float, plus: str = "") -> str:
    """Dollars in whole millions with sign.

    >>> whole_millions(418e6), whole_millions(418e6, "+")
    ('$418 million', '+$418 million')
    """
    return with_sign(value, f"${abs(value) / 1e6:,.0f} million", plus)


def ordinal(value: float) -> str:
    """A rank.

    >>> [ordinal(n) for n in (1, 2, 10, 11, 21, 112)]
    ['largest', 'second-largest', 'tenth-largest', '11th-largest', '21st-largest', '112th-largest']
    """
    return "largest" if value == 1 else f"{nth(value)}-largest"


def ordinal_smallest(value: float) -> str:
    """A rank counted from the smallest.

    >>> ordinal_smallest(1), ordinal_smallest(2)
    ('smallest', 'second-smallest')
    """
    return ordinal(value).replace("largest", "smallest")


def nth(value: float) -> str:
    """A place in an order, small ones as words.

    >>> [nth(n) for n in (1, 5, 12, 21, 33)]
    ['first', 'fifth', '12th', '21st', '33rd']
    """
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    number = int(value)
    return words[number - 1] if 1 <= number <= len(words) else f"{number}{_ending(number)}"


def _ending(number: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"


def times(value: float) -> str:
    """A ratio.

    >>> times(2.0897)
    '2.1 times'
    """
    return with_sign(value, f"{abs(value):,.1f} times")


def count(value: float) -> str:
    """A whole number; small ones as words.

    >>> count(3), count(26)
    ('three', '26')
    """
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[int(value)] if value <= 10 else f"{int(value):,}"


def number(value: float) -> str:
    """A whole number in digits.

    >>> number(1200)
    '1,200'
    """
    return with_sign(value, f"{abs(value):,.0f}")


def as_told(value: float) -> str:
    """A number with as many digits as it has.

    >>> as_told(25_000), as_told(2.5)
    ('25,000', '2.5')
    """
    return with_sign(value, f"{abs(value):,.10g}")


FORMATS: dict[str, Callable[[float], str]] = {
    "size": size,
    "signed": signed,
    "size_in_millions": size_in_millions,
    "dollars": dollars,
    "signed_dollars": signed_dollars,
    "signed_in_millions": partial(millions, plus="+"),
    "signed_in_dollars": partial(signed_dollars, plus="+"),
    "millions": millions,
    "percent": percent,
    "finer_percent": finer_percent,
    "finer_percentage": finer_percentage,
    "signed_percent": signed_percent,
    "signed_percentage": signed_percentage,
    "whole_percent": whole_percent,
    "whole_percentage": whole_percentage,
    "whole_percent_signed": whole_percent_signed,
    "whole_percentage_signed": whole_percentage_signed,
    "whole_billions": whole_billions,
    "signed_whole_billions": partial(whole_billions, plus="+"),
    "hundredths": hundredths,
    "signed_hundredths": partial(hundredths, plus="+"),
    "whole_millions": whole_millions,
    "signed_whole_millions": partial(whole_millions, plus="+"),
    "ordinal": ordinal,
    "ordinal_smallest": ordinal_smallest,
    "nth": nth,
    "times": times,
    "count": count,
    "number": number,
    "as_told": as_told,
}
PLAIN = {DOLLARS: "size", FRACTION: "percent", RANK: "ordinal", RATIO: "times", COUNT: "count", TOLD: "as_told"}


def in_words(figure: Figure, spec: str = "") -> str:
    """A figure in words: by the format named, or by its unit's own; "period" prints its months.

    Raises
    ------
    ClaimError
        If there is no such format, or the figure is no number.
    """
    if spec == "period":
        return periods.in_words(figure.period)
    if not isfinite(figure.value):
        raise ClaimError(
            f"Figure {figure.id} is {figure.value}, which is no number: a page would print it as one. "
            "Leave it out, or say in words why there is none."
        )
    name = spec or PLAIN[figure.unit]
    if name not in FORMATS:
        raise ClaimError(
            f"No format {name!r} for figure {figure.id}: the sentence would not be readable. "
            f"Use one of {', '.join(FORMATS)} or period."
        )
    return FORMATS[name](figure.value)


def moved(change: float, up: str = "up", down: str = "down", unchanged: str = "unchanged") -> str:
    """Which way a size moved, judged at the tenth of a percent that is printed.

    >>> moved(0.184), moved(-0.184), moved(0.0004)
    ('up', 'down', 'unchanged')
    """
    shown = round(change * 100, 1)
    return unchanged if shown == 0 else up if shown > 0 else down


def side(*balances: float) -> str:
    """What a balance, or several together, are called: "deficit", "surplus", or "balance" if nil or on either side.

    >>> side(-1), side(1, 2), side(0), side(-1, 2)
    ('deficit', 'surplus', 'balance', 'balance')
    """
    if all(balance < 0 for balance in balances):
        return "deficit"
    return "surplus" if all(balance > 0 for balance in balances) else "balance"


@dataclass(frozen=True)
class Worded:
    """A figure as a cell prints it with its unit, in a format of `briefing.sentences.words`.

    `span` is the range that rounding leaves open, printed in its place where it has one.
    """

    figure: Figure
    spec: str
    span: tuple[Figure, Figure] | None = None

    @property
    def text(self) -> str:
        """The figure, or both ends of its range, in words."""
        if self.span is None:
            return in_words(self.figure, self.spec)
        return " to ".join(in_words(end, self.spec) for end in self.span)
