"""What is held and how fresh it is: each vintage with its real-time period, the next release, and what is late."""

from collections.abc import Iterator, Sequence
from datetime import date

from briefing import periods, sources
from briefing.sources import Source
from briefing.vintages import Calendar, stood_until


def lines(today: date) -> Iterator[str]:
    """The register as text, a dataset after another."""
    calendar = sources.calendar()
    for dataset, title in sources.described():
        yield f"{dataset}: {title}"
        held = [source for source in sources.register() if source.dataset == dataset]
        if held and held[-1].last_period:
            yield from _vintage_lines(held, calendar)
            yield f"  {state(held, calendar, today)}"
        elif held:
            names = ", ".join(source.original for source in held)
            yield f"  {names}, as of {max(source.vintage for source in held)}"
        else:
            yield "  nothing held yet: see `briefing acquire --help`"
    yield _published(calendar, today)


def _vintage_lines(held: Sequence[Source], calendar: Calendar) -> Iterator[str]:
    yield "  released      stood until   data to"
    for source in held:
        known = "" if source.vintage_known == "day" else f"  ({source.vintage_known})"
        yield f"  {source.vintage}    {stood_until(source.last_period, source.vintage, calendar)}    {source.last_period}{known}"


def state(held: Sequence[Source], calendar: Calendar, today: date) -> str:
    """Whether the newest vintage is the one in force, and if not, since when and by how much it is late."""
    newest = max(held, key=lambda source: source.vintage)
    release = calendar.next_release(newest.last_period, newest.vintage)
    if release.day > today:
        return f"in force; the next release comes on {release.day} ({release.kind})"
    days = (today - release.day).days
    monthly = not periods.is_year(newest.last_period)
    months = monthly and len(periods.span(newest.last_period, calendar.last_published(today))) - 1
    behind = f", {months} month{'s' * (months != 1)} behind" if months else ""
    return f"LATE: superseded on {release.day} ({release.kind}), {days} days ago{behind}"


def is_due(held: Sequence[Source], calendar: Calendar, today: date) -> bool:
    """Whether a release has come out since the newest vintage held."""
    newest = max(held, key=lambda source: source.vintage, default=None)
    return newest is None or calendar.next_release(newest.last_period, newest.vintage).day <= today


def _published(calendar: Calendar, today: date) -> str:
    month = calendar.last_published(today)
    coming = calendar.release(periods.shifted(month, 1))
    return (
        f"FT-900: {month} is the last month published by {today}; {coming.reference_month} comes on "
        f"{coming.day} ({coming.kind})."
    )
