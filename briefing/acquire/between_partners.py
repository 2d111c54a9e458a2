"""Tells whether partners, months or codes of a vintage were exchanged, and partners given another's trade or scaled together.

Each such fault stays within the bounds by which a single series may be revised; what gives it away is how two partners,
or all, moved together. The bounds are those of the real vintages held, each set against each other one.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from briefing import periods
from briefing.codes import codelists

Amounts = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LARGE_YEAR = 1_000_000_000
"""Dollars a year from which on a partner is large, in a month a twelfth of it."""
NEARER = 5
"""How many times nearer another reading must lie than the plain one, to be what happened to the file.

Partners that each lie nearer to what was held for the next one, round a circle of large ones: seen in no month at 3 times,
in two months at 2.5 (British Virgin Islands and Antigua, July 2022), and among smaller ones once at 9 (Dominica
and Aruba, May 2019).
"""
CODE_MOVED = 0.05
"""The share of its size by which a code must have moved: those of one size read as each other when one is revised.

Seen: 0.012 (end-use 15000 and 22010 of Canada, 2023, in the two editions of enduse_imports.xlsx).
"""
CLASSIFICATIONS = {"TOTAL": "all goods", "HS": "HS", "END_USE": "end-use"}
SHARED = (0.05, 8)
"""The share of a month's flow from which on it counts as moved to another partner, and in how many months that must be so.

Offices do move trade from one partner to another, so that one lacks what the other gained: seen in 5 months of a pair
(imports from the United Arab Emirates and China, October 2020
to February 2022), never in more.
"""
TOGETHER = (0.005, 20)
"""By how much the median of a flow's large partners may move in a year, and of how many it is taken.

Seen: 0.0043 (exports of January to August 2020, in the vintages from 2023-01 on), 0.0023 in any other year, and 0.0016
for imports.
"""


@dataclass(frozen=True)
class Members:
    """What may have been exchanged: two tables by member, series and place, in US dollars; 0 where there is none.

    `names` are the members in words, `places` the periods in which they stand beside one another. From `least` dollars
    in a place on, a member is large; it counts if it moved by more than `share` of its size.
    """

    names: Sequence[str]
    places: Sequence[str]
    held: Amounts
    new: Amounts
    least: float
    share: float = 0.0

    @cached_property
    def moved(self) -> Amounts:
        """How far each member lies in each place from what was held for it."""
        return cast("Amounts", np.abs(self.new - self.held).sum(axis=1))


@dataclass(frozen=True)
class Partners:
    """Two tables over common periods, by partner, series and period, in US dollars; 0 where there is none."""

    codes: list[str]
    flows: list[str]
    periods: Sequence[str]
    held: Amounts
    new: Amounts

    @cached_property
    def members(self) -> Members:
        """The partners as what may have been exchanged in a period."""
        names = [codelists.with_code(code) for code in self.codes]
        return Members(names, self.periods, self.held, self.new, self.least)

    @property
    def moved(self) -> Amounts:
        """How far each partner lies in each period from what was held for it."""
        return self.members.moved

    @cached_property
    def least(self) -> float:
        """Dollars in a period from which on a partner is large."""
        return _large(self.periods)

    def of_flow(self, flow: str) -> tuple[Amounts, Amounts]:
        """What is held and what is new of all goods of a flow, by partner and period."""
        own = np.array(self.flows) == flow
        return self.held[:, own].sum(axis=1), self.new[:, own].sum(axis=1)


@dataclass(frozen=True)
class Finding:
    """What happened: to which rows, how they read, why that is no revision, and the dollars by which its partners moved."""

    dollars: float
    rows: str
    reading: str
    why: str


def partners_of(series: pd.DataFrame, months: Sequence[str], held: Amounts, new: Amounts) -> Partners:
    """The partners' rows of two tables, aggregates and adjusted series left out.

    Parameters
    ----------
    series
        A row a series: `counterpart_area`, `trade_flow`, `classification`, `commodity`, `ref_area`, `trade_system`,
        `valuation`, `adjustment`.
    months
        The periods both tables have, in order.
    held, new
        US dollars, a row a series and a column a period; 0 where there is none.
    """
    own = (series["counterpart_area"].isin(codelists.PARTNERS) & (series["adjustment"] == "N")).to_numpy()
    place, codes = pd.factorize(series.loc[own, "counterpart_area"], sort=True)
    one = ["trade_flow", "classification", "commodity", "ref_area", "trade_system", "valuation"]
    goods = series.loc[own].groupby(one, sort=True)
    kind, flows = goods.ngroup().to_numpy(), [str(key[0]) for key, _ in goods]
    sides = np.zeros((2, len(codes), len(flows), len(months)))
    sides[0, place, kind], sides[1, place, kind] = held[own], new[own]
    return Partners([str(code) for code in codes], flows, months, sides[0], sides[1])


def _large(places: Sequence[str]) -> float:
    return LARGE_YEAR / 12 if periods.is_month(places[-1]) else LARGE_YEAR


def found_between(partners: Partners) -> Iterator[Finding]:
    """All that happened between the partners."""
    yield from _exchanged(partners.members)
    for flow in dict.fromkeys(partners.flows):
        held, new = partners.of_flow(flow)
        yield from _shared(partners, flow, new - held, np.maximum(held, new))
        yield from _scaled(partners, flow, held, new)


def found_between_periods(
    series: pd.DataFrame, months: Sequence[str], held: Amounts, new: Amounts
) -> Iterator[Finding]:
    """Months of one year that were exchanged, or years of a yearly table, in all series of a flow together.

    The tables are given as to `partners_of`.
    """
    monthly = periods.is_month(months[-1])
    spans = dict.fromkeys(month[:4] for month in months) if monthly else [""]
    for flow, span in itertools.product(dict.fromkeys(series["trade_flow"]), spans):
        rows = (series["trade_flow"] == flow).to_numpy()
        own = [at for at, month in enumerate(months) if month.startswith(span)]
        sides = [side[rows][:, own].T[:, :, None] for side in (held, new)]
        names = [months[at] for at in own]
        places = [span or periods.first_to_last(months[0], months[-1])]
        yield from _exchanged(Members(names, places, sides[0], sides[1], LARGE_YEAR), f"flow {flow}, ")


def found_between_codes(series: pd.DataFrame, months: Sequence[str], held: Amounts, new: Amounts) -> Iterator[Finding]:
    """Codes of goods that were exchanged in the trade with a partner, with tables as given to `partners_of`."""
    by = ["counterpart_area", "classification", "ref_area"]
    kinds = series.groupby(["trade_flow", "trade_system", "valuation", "adjustment"], sort=True).ngroup().to_numpy()
    for (partner, classification, _), rows in series.reset_index(drop=True).groupby(by, sort=True):
        place, codes = pd.factorize(rows["commodity"], sort=True)
        if len(codes) < 2:
            continue
        kind = kinds[rows.index]
        sides = np.zeros((2, len(codes), kind.max() + 1, len(months)))
        sides[0, place, kind], sides[1, place, kind] = held[rows.index], new[rows.index]
        names = [f"{CLASSIFICATIONS[str(classification)]} {code}" for code in codes]
        of = f"{codelists.with_code(str(partner))}, "
        yield from _exchanged(Members(names, months, sides[0], sides[1], _large(months), CODE_MOVED), of)


def _exchanged(members: Members, of: str = "") -> Iterator[Finding]:
    """Large members of which each lies, in some place, far nearer to what was held for the next one of a circle."""
    size = np.maximum(members.held.sum(axis=1), members.new.sum(axis=1))
    large = (size >= members.least) & (members.moved > members.share * size)
    several = np.flatnonzero(large.sum(axis=0) > 1).tolist()
    cells = [(at, one, other) for at in several for one, other in _circles(members, at, np.flatnonzero(large[:, at]))]
    if not cells:
        return
    pairs = dict.fromkeys((one, other) for _, one, other in cells)
    stood = [f"{members.names[other]} stood under {members.names[one]}" for one, other in pairs]
    more = f" and {len(stood) - 3} more so" if len(stood) > 3 else ""
    yield Finding(
        float(members.moved[sorted({one for one, _ in pairs})].sum()),
        f"{of}{_spell(members.places, [at for at, _, _ in cells])}{',' * bool(of)}",
        ", ".join(stood[:3]) + more,
        f"what each has lies {NEARER} times nearer to what was held for the other than to its own",
    )


def _circles(members: Members, at: int, places: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Each of these members that stands in another's place, with that other."""
    held, new, moved = (side[places][..., at] for side in (members.held, members.new, members.moved))
    away = np.array([np.abs(one - held).sum(axis=1) for one in new])
    away[np.eye(len(places), dtype=bool)] = np.inf
    nearer = away * NEARER < moved[:, None]
    while not (on_circle := nearer.any(axis=0) & nearer.any(axis=1)).all():
        places, away, nearer = places[on_circle], away[on_circle][:, on_circle], nearer[on_circle][:, on_circle]
    for row, one in enumerate(places):
        yield int(one), int(places[np.where(nearer[row], away[row], np.inf).argmin()])


def _shared(partners: Partners, flow: str, change: Amounts, size: Amounts) -> Iterator[Finding]:
    """A partner of which a share has moved to another: month by month the one lacks what the other has gained."""
    share, many = SHARED
    counted = (np.abs(change) >= share * size) & (size >= partners.least)
    alike = {
        (int(one), other): months
        for one in np.flatnonzero(counted.sum(axis=1) >= many)
        for other, months in enumerate(counted[one] & (np.abs(change + change[one]) * NEARER < np.abs(change[one])))
        if months.sum() >= many
    }
    if not alike:
        return
    (one, other), months = max(alike.items(), key=lambda item: partners.moved[list(item[0])].sum())
    amount = change[one, months].sum()
    loser, gainer = (one, other) if amount < 0 else (other, one)
    yield Finding(
        float(partners.moved[[one, other]].sum()),
        f"{codelists.with_code(partners.codes[loser])}, flow {flow}, {_spell(partners.periods, np.flatnonzero(months).tolist())},",
        f"{abs(amount) / 1e6:,.1f} million dollars of it stood under {codelists.with_code(partners.codes[gainer])}",
        f"in {months.sum()} months the one lacks what the other has gained, as no two partners have in {many}",
    )


def _scaled(partners: Partners, flow: str, held: Amounts, new: Amounts) -> Iterator[Finding]:
    """A year of a flow that has moved by one factor for all."""
    bound, many = TOGETHER
    years = np.array([period[:4] for period in partners.periods])
    for year in dict.fromkeys(years.tolist()):
        before, after = held[:, years == year].sum(axis=1), new[:, years == year].sum(axis=1)
        large = before >= partners.least * (years == year).sum()
        factor = float(np.median(after[large] / before[large])) if large.sum() >= many else 1.0
        if abs(factor - 1) > bound:
            yield Finding(
                float(np.abs(after - before).sum()),
                f"flow {flow}, {year},",
                f"multiplied by {factor:.4g}",
                f"so the median of {large.sum()} large partners has moved, which in revisions stayed within {bound:.1%}",
            )


def _spell(names: Sequence[str], places: Sequence[int]) -> str:
    if len(names) == 1:
        return names[0]
    return periods.first_to_last(*(names[at(places)] for at in (min, max)))
