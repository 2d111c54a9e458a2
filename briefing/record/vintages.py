"""Which vintage answers for a day, and which months had been published by then.

A vintage is the day a release came out; its real-time period lasts until the next release of the same
series: of monthly data the next month's, of yearly data the next annual revision or the next year's,
whichever comes first. Pure: the calendar and the vintages come from `sources`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol, TypeVar

from briefing import periods
from briefing.errors import NoVintage

Standing = Literal["held", "later", "earlier"]
"""How a vintage stands to the as-of day: in force that day; released after it and cut at the months
published by then; or the newest held although newer data had been published."""


@dataclass(frozen=True)
class Release:
    """One FT-900 release: the reference month, and the day from which its data are known.

    `kind` is "released" (a page shows that it happened), "scheduled" (a page announced it) or
    "assumed" (the calendar has no row: the last day of the second month after, late on purpose,
    so that no month is shown before it was out).
    """

    reference_month: str
    day: date
    kind: str
    publisher: str = ""
    address: str = ""
    note: str = ""


@dataclass(frozen=True)
class Calendar:
    """The release days of FT-900, by reference month."""

    recorded: dict[str, Release]

    def release(self, month: str) -> Release:
        """The release that first published the month."""
        if month in self.recorded:
            return self.recorded[month]
        return Release(month, periods.end_of_month(periods.shifted(month, 2)), "assumed")

    def last_published(self, as_of: date) -> str:
        """The last month whose data had been released by the end of that day."""
        month = f"{as_of:%Y-%m}"
        while self.release(month).day > as_of:
            month = periods.shifted(month, -1)
        return month

    def annual_revisions(self, after: date, until: date) -> list[date]:
        """The days between two days on which April data, and with them the annual revision, came out."""
        releases = [self.release(f"{year}-04") for year in range(after.year, until.year + 1)]
        return [release.day for release in releases if after < release.day <= until]

    @property
    def last_known(self) -> Release | None:
        """The last release of which a page tells the day; of later ones it is assumed."""
        known = [release for release in self.recorded.values() if release.kind in ("released", "scheduled")]
        return max(known, key=lambda release: release.day, default=None)

    def unconfirmed(self, today: date) -> list[Release]:
        """Releases that a page announced for a day that has been, and no page shows to have happened."""
        past = [release for release in self.recorded.values() if release.kind == "scheduled" and release.day < today]
        return sorted(past, key=lambda release: release.day)

    def next_release(self, last_period: str, vintage: date) -> Release:
        """The release that superseded, or will, a vintage with data to a month or a year.

        A copy may hold less than had been published by its day: what supersedes it is what came after that day.
        """
        if not periods.is_year(last_period):
            return self.release(periods.shifted(max(last_period, self.last_published(vintage)), 1))
        years = range(vintage.year, vintage.year + 3)
        releases = [self.release(f"{year}-{month}") for year in years for month in ("04", "12")]
        return min((r for r in releases if r.day > vintage), key=lambda r: r.day)


def stood_until(last_period: str, vintage: date, calendar: Calendar) -> date:
    """The last day of a vintage's real-time period: the one before the release that superseded it, or will."""
    return calendar.next_release(last_period, vintage).day - timedelta(days=1)


class Vintage(Protocol):
    """What the choice needs to know of a registered file."""

    @property
    def vintage(self) -> date: ...
    @property
    def last_period(self) -> str: ...


V = TypeVar("V", bound=Vintage)


def vintage_as_of(vintages: Sequence[V], calendar: Calendar, as_of: date) -> tuple[V, Standing]:
    """The vintage that answers for a day, and how it stands to that day.

    The vintage whose real-time period holds the day; where none is held, the nearest later one,
    to be cut at `calendar.last_published(as_of)`; where there is no later one, the newest held.

    Raises
    ------
    NoVintage
        If no vintage is held at all.
    """
    if not vintages:
        raise NoVintage("No vintage is held. Nothing could be said. Import one with `briefing acquire`.")
    out = [v for v in vintages if v.vintage <= as_of]
    later = [v for v in vintages if v.vintage > as_of]
    newest = max(out, key=lambda v: v.vintage, default=None)
    if newest is not None and as_of < calendar.next_release(newest.last_period, newest.vintage).day:
        return newest, "held"
    if later:
        return min(later, key=lambda v: v.vintage), "later"
    assert newest is not None
    return newest, "earlier"
