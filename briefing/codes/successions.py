"""When a partner's code began and ended, and whose trade it carried before and after.

The office counts by month: a code's life runs from the first month whose trade stands under it to the last. In
country.xlsx every row is a whole year, so that the months before and after read 0 where nothing was counted at all.
Outside its life a code has no observation. Where two codes served for one territory in the same months, neither has the
whole of its trade: those months count for the territory alone. Read off the workbooks, and held against each by a test.
"""

from dataclasses import dataclass

from briefing import periods
from briefing.codes import codelists

DAWN, DUSK = "0000-00", "9999-99"


@dataclass(frozen=True)
class Succession:
    """One code that gave way to others: the last month with trade under it, the first under them.

    `whole` is whether the territory of the later codes together is known to be that of the earlier one.
    """

    before: str
    after: tuple[str, ...]
    last: str
    first: str
    whole: bool = True

    @property
    def codes(self) -> tuple[str, ...]:
        """The earlier code, then the later ones."""
        return (self.before, *self.after)

    @property
    def overlap(self) -> bool:
        """Whether there are months in which the earlier code and a later one served side by side."""
        return self.first <= self.last


_SOVIET_REPUBLICS = (
    "4621", "4622", "4623", "4631", "4632", "4633", "4634", "4635", "4641", "4642", "4643", "4644",
)  # fmt: skip
SUCCESSIONS = (
    Succession("4610", _SOVIET_REPUBLICS, last="1992-12", first="1992-01"),
    Succession("4790", ("4791", "4792", "4793", "4794", "4799"), last="1992-06", first="1992-04"),
    Succession("4350", ("4351", "4359"), last="1992-12", first="1993-01"),
    Succession("7740", ("7741", "7749"), last="1993-06", first="1993-01"),
    Succession("4799", ("4802", "4804"), last="2006-12", first="2007-01"),
    Succession("4802", ("4801", "4803"), last="2008-12", first="2009-01"),
    # Where trade with Bonaire, Sint Eustatius and Saba is counted since, the workbook does not say.
    Succession("2771", ("2774", "2777"), last="2011-04", first="2011-05", whole=False),
    Succession("7320", ("7321", "7323"), last="2011-07", first="2011-08"),
)

_BEGAN_ALONE = {"5601": "2001-04", "7881": "2001-07"}
"""Codes that began without ending another: the first month with trade under them."""
_ENDED_ALONE = {"8500": "2000-05"}
"""Codes that ended without giving way to another: the last month with trade under them, years before their rows stop."""
_NEVER_USED = frozenset({"5080", "5160"})
"""Codes with rows and no trade in any month of any vintage."""


def succession_to(partner: str) -> Succession | None:
    """The succession by which the code came to be; None for one that the record knows from its beginning."""
    return next((one for one in SUCCESSIONS if partner in one.after), None)


def succession_of(partner: str) -> Succession | None:
    """The succession by which the code ended; None for one that gave way to no other."""
    return next((one for one in SUCCESSIONS if one.before == partner), None)


def life(partner: str) -> tuple[str, str]:
    """The first and the last month with trade under the code, as far as the record bounds them.

    >>> life("7321"), life("7320"), life("8500"), life("5800")
    (('2011-08', '9999-99'), ('0000-00', '2011-07'), ('0000-00', '2000-05'), ('0000-00', '9999-99'))
    """
    if partner in _NEVER_USED:
        return DUSK, DAWN
    came, went = succession_to(partner), succession_of(partner)
    first = came.first if came else _BEGAN_ALONE.get(partner, DAWN)
    return first, went.last if went else _ENDED_ALONE.get(partner, DUSK)


def life_alone(partner: str) -> tuple[str, str]:
    """The same without the months in which another code served for part of its trade.

    >>> life_alone("4621")[0], life_alone("4610")[1], life_alone("4621") == life("4621")
    ('1993-01', '1991-12', False)
    """
    first, last = life(partner)
    came, went = succession_to(partner), succession_of(partner)
    if came and came.last >= first:
        first = periods.shifted(came.last, 1)
    if went and went.first <= last:
        last = periods.shifted(went.first, -1)
    return first, last


def by_life() -> dict[tuple[str, str], list[str]]:
    """The codes whose life the record bounds, by its first and last month."""
    bounded = [*_NEVER_USED, *_BEGAN_ALONE, *_ENDED_ALONE, *(code for one in SUCCESSIONS for code in one.codes)]
    found: dict[tuple[str, str], list[str]] = {}
    for code in sorted(set(bounded)):
        found.setdefault(life(code), []).append(code)
    return found


def bounded_in(first: str, last: str) -> tuple[list[str], dict[tuple[str, str], list[str]]]:
    """The codes that have no life in any month from first to last; and those with one in some of them, by that part of it.

    >>> absent, lives = bounded_in("2011-01", "2011-12")
    >>> "4610" in absent, lives["2011-08", "2011-12"]
    (True, ['7321', '7323'])
    """
    absent: list[str] = []
    within: dict[tuple[str, str], list[str]] = {}
    for (began, ended), codes in by_life().items():
        life = max(began, first), min(ended, last)
        if life[0] > life[1]:
            absent += codes
        elif life != (first, last):
            within.setdefault(life, []).extend(codes)
    return sorted(absent), within


def counted_elsewhere(partner: str) -> str:
    """Under which codes the partner's trade stands before and after its own, in sentences; "" for a code without bounds.

    >>> counted_elsewhere("7321")
    'Until July 2011 its trade was counted, with that of South Sudan, under Sudan (to 2011) (7320).'
    >>> counted_elsewhere("7320")
    'From August 2011 its trade is counted under Sudan (7321) and South Sudan (7323).'
    >>> counted_elsewhere("8500")
    'No trade is on record under its code after May 2000.'
    """
    came, went = succession_to(partner), succession_of(partner)
    told = [_before(came, partner)] if came else []
    if partner in _BEGAN_ALONE:
        told = [f"No trade is on record under its code before {periods.in_words(_BEGAN_ALONE[partner])}."]
    if partner in _ENDED_ALONE:
        told.append(f"No trade is on record under its code after {periods.in_words(_ENDED_ALONE[partner])}.")
    if went:
        told.append(_after(went))
    return " ".join(told)


def year_before(partner: str) -> str:
    """Why a young code has no year before to be compared with, as the end of a sentence; "" for a code without beginning.

    >>> year_before("7321"), year_before("5601")
    ('until July 2011 its trade was counted under Sudan (to 2011) (7320)', 'no trade is on record under its code before April 2001')
    """
    if partner in _BEGAN_ALONE:
        return f"no trade is on record under its code before {periods.in_words(_BEGAN_ALONE[partner])}"
    came = succession_to(partner)
    if came is None:
        return ""
    part = "part of its trade" if came.overlap else "its trade"
    return f"until {periods.in_words(came.last)} {part} was counted under {named((came.before,))}"


def _after(went: Succession) -> str:
    began, later = periods.in_words(went.first), named(went.after)
    if not went.whole:
        return f"From {began} its trade is counted under {later}; under what that of its other parts is, the source does not say."
    if not went.overlap:
        return f"From {began} its trade is counted under {later}."
    shared = periods.in_words(f"{went.first}/{went.last}")
    return f"From {began} trade was counted under {later} too: {shared}, under both, is shown under neither."


def _before(came: Succession, partner: str) -> str:
    until, former = periods.in_words(came.last), named((came.before,))
    if came.overlap:
        begins = periods.in_words(life_alone(partner)[0])
        return f"Until {until} part of its trade was counted under {former}: alone it is on record from {begins}."
    others = tuple(code for code in came.after if code != partner)
    beside = f", with that of {named(others, codes_too=False)}," if len(others) <= 2 else ""
    return f"Until {until} its trade was counted{beside} under {former}."


def named(codes: tuple[str, ...], *, codes_too: bool = True) -> str:
    """Partners in a list, each with its code unless told otherwise."""
    return codelists.listed(
        [f"{codelists.in_prose(code)} ({code})" if codes_too else codelists.in_prose(code) for code in codes]
    )
