"""What is held and how fresh it is: each vintage with its real-time period, the next release, and what is late."""

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from briefing import periods
from briefing.record import sources
from briefing.record.sources import Source
from briefing.record.vintages import Calendar, Release, stood_until

NEAR = 2
"""So many releases before its last row the calendar asks for more."""

SCHEDULE = "https://www.bea.gov/news/schedule"
REGISTER = "briefing acquire record ft900-calendar"


def lines(today: date) -> Iterator[str]:
    """The register as text, a dataset after another."""
    calendar = sources.calendar()
    for dataset, title in sources.described():
        yield f"{dataset}: {title}"
        held = [source for source in sources.register() if source.dataset == dataset]
        whole = [source for source in held if not source.gaps]
        if whole and whole[-1].last_period:
            yield from _vintage_lines(held, calendar)
            yield from (f"  {s.vintage}    set aside: {s.set_aside} ({s.original})" for s in _set_aside(dataset))
            yield f"  {state(whole, calendar, today)}"
        elif held:
            names = ", ".join(source.original for source in held)
            yield f"  {names}, as of {max(source.vintage for source in held)}"
        else:
            yield "  nothing held yet: see `briefing acquire --help`"
    yield _published(calendar, today)
    yield from late(calendar, today)
    yield from calendar_warnings(calendar, today)


def _set_aside(dataset: str) -> list[Source]:
    """Files held beside the one that answers for their day."""
    return [source for source in sources.whole_register() if source.dataset == dataset and source.set_aside]


def _vintage_lines(held: Sequence[Source], calendar: Calendar) -> Iterator[str]:
    yield "  released      stood until   data to"
    for source in held:
        known = "" if source.vintage_known == "day" else f"  ({source.vintage_known})"
        count = len(source.partners)
        some = ", and not every month" if source.gaps else ""
        excerpt = f"  (excerpt: {count} partner{'s' * (count != 1)} alone{some})" if count else ""
        before = f"  (to {periods.shifted(source.since, -1)} as of {source.continues})" if source.continues else ""
        yield f"  {source.vintage}    {_stood(source, calendar)}    {source.last_period}{known}{excerpt}{before}"


def _stood(source: Source, calendar: Calendar) -> date:
    return stood_until(source.last_period, source.vintage, calendar)


def vintages_table(dataset: str) -> pd.DataFrame:
    """The vintages held of a dataset: `stood_until`, `data_to` and `file` by the day it was `released`.

    Raises
    ------
    UnregisteredSource, NoVintage
    """
    held = [(s.vintage, _stood(s, sources.calendar()), s.last_period, s.file) for s in sources.vintages_of(dataset)]
    return pd.DataFrame(held, columns=["released", "stood_until", "data_to", "file"]).set_index("released")


def state(held: Sequence[Source], calendar: Calendar, today: date) -> str:
    """Whether the newest vintage is the one in force, and if not, since when it is not and how many months are missing.

    The days count from that of a page. A day that is assumed is late on purpose, and told as one.
    """
    newest = max(held, key=lambda source: source.vintage)
    release = calendar.next_release(newest.last_period, newest.vintage)
    if release.day > today:
        return f"in force; the next release comes {_on(release)}"
    days = (today - release.day).days
    months = _months_missing(newest, calendar, today)
    behind = f", {months} month{'s' * (months != 1)} behind" if months else ""
    return f"superseded {_on(release)}, {days} days ago{' or more' * (release.kind == 'assumed')}{behind}"


def _months_missing(newest: Source, calendar: Calendar, today: date) -> int:
    """How many months have been published since the last that a vintage holds; none of yearly data."""
    if periods.is_year(newest.last_period):
        return 0
    return max(0, len(periods.span(newest.last_period, calendar.last_published(today))) - 1)


def late(calendar: Calendar, today: date) -> Iterator[str]:
    """That the newest release is out, and of which datasets by the month it is not held: said once for them all."""
    newest: dict[str, Source] = {}
    for source in sources.register():
        if source.last_period and not source.gaps:
            newest[source.dataset] = max(newest.get(source.dataset, source), source, key=lambda one: one.vintage)
    missing = [name for name, source in newest.items() if _months_missing(source, calendar, today)]
    if missing:
        month = calendar.last_published(today)
        yield (
            f"LATE: the release of {month} is out, {_on(calendar.release(month))}, and held of none of {', '.join(missing)}: "
            "an edition of today would end where they do. `briefing acquire due` fetches what offices still give."
        )


def _on(release: Release) -> str:
    """The day of a release: "on 2026-12-08 (scheduled)", or "by" one that no page has told."""
    if release.kind == "assumed":
        return f"by {release.day} (assumed: the calendar has no row for {release.reference_month})"
    return f"on {release.day} ({release.kind})"


def calendar_warnings(calendar: Calendar, today: date) -> Iterator[str]:
    """What the calendar of releases lacks: rows to come, and pages that confirm those which have been."""
    last = calendar.last_known
    coming = [release for release in calendar.recorded.values() if release.day > today and release.kind == "scheduled"]
    if last is None or len(coming) <= NEAR:
        yield _runs_out(last, len(coming), today)
    unconfirmed = calendar.unconfirmed(today)
    if unconfirmed:
        days = ", ".join(f"{release.reference_month} ({release.day})" for release in unconfirmed)
        yield (
            f"CALENDAR: announced for a day that has been, and confirmed by no page: {days}. What is late would be counted "
            "from a day on which nothing may have come out. Look for the release at its address, or at "
            f"https://www.bea.gov/news/{unconfirmed[-1].day.year}/us-international-trade-goods-and-services-MONTH-YEAR; "
            'in data/census/calendar.toml put kind = "released" and that page, or the day it came out, and run '
            f"`{REGISTER}`."
        )


def _runs_out(last: Release | None, coming: int, today: date) -> str:
    if last is None:
        what = "it has no row"
    elif not coming:
        what = f"it has run out: its last row, {last.reference_month}, came {(today - last.day).days} days ago, on {last.day}"
    else:
        left = "1 release is" if coming == 1 else f"{coming} releases are"
        what = f"its last row is near: {left} to come, the last on {last.day} with {last.reference_month}"
    return (
        f"CALENDAR: {what}. Days after it are assumed, weeks late on purpose, so a vintage would pass as in force that is "
        f"not. Add the days that {SCHEDULE} shows to data/census/calendar.toml, each with publisher and page, and run "
        f"`{REGISTER}`."
    )


def is_due(held: Sequence[Source], calendar: Calendar, today: date) -> bool:
    """Whether a release has come out since the newest vintage held."""
    newest = max(held, key=lambda source: source.vintage, default=None)
    return newest is None or calendar.next_release(newest.last_period, newest.vintage).day <= today


def _published(calendar: Calendar, today: date) -> str:
    month = calendar.last_published(today)
    coming = calendar.release(periods.shifted(month, 1))
    return f"FT-900: {month} is the last month published by {today}; {coming.reference_month} comes {_on(coming)}."
