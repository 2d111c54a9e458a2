"""Sentences on the state of the talks."""

from collections.abc import Sequence
from datetime import date

from briefing import periods
from briefing.claims import Claim
from briefing.figures import COUNT, Figure, Origin
from briefing.talks import Entry, Event, IssueState

LIVE = ("raised", "under_negotiation")


def headline(latest: Event) -> Claim:
    """The last thing that had happened by the day."""
    return Claim(
        "talks-headline",
        "The latest on record: {title}",
        {},
        {"title": f"{latest.title}, {periods.day_in_words(latest.day)}."},
        style="headline",
    )


def counted(issues: Sequence[IssueState], as_of: date, vintage: str) -> dict[str, Figure]:
    """How many issues stand at each status, as figures by status; "live" counts raised and under negotiation."""
    groups = {"live": LIVE, "agreed": ("agreed",), "implemented": ("implemented",), "dropped": ("dropped",)}
    return {
        name: Figure(
            f"talks.issues.{name}",
            sum(issue.status.status in statuses for issue in issues),
            COUNT,
            str(as_of),
            f"issues whose last status by that day is {' or '.join(statuses).replace('_', ' ')}",
            (Origin("talks", vintage, "held"),),
        )
        for name, statuses in groups.items()
    }


def last_round(event: Event) -> Claim:
    """What the last round brought, in the record's words."""
    return Claim("talks-last-round", "{words}", {}, {"words": f"The last round, {event.title}: {event.summary}"})


def consent(issue: IssueState, as_of: date) -> Claim | None:
    """Which consent each party still needs, as known in the last year; None if nothing was said in it."""
    sides = {"In Washington": issue.us, "In Seoul": issue.korea}
    fresh = {where: entry for where, entry in sides.items() if entry and (as_of - entry.day).days <= 365}
    if not fresh:
        return None
    words = " ".join(f"{where}, {_dated(entry)}" for where, entry in fresh.items())
    return Claim("talks-consent", "Consent at home. {words}", {}, {"words": words})


def _dated(entry: Entry) -> str:
    return f"{periods.day_in_words(entry.day)}: {_lowered(entry.text)}"


def _lowered(text: str) -> str:
    """The text with a small first letter, unless it opens with an abbreviation such as US."""
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def no_record(partner: str) -> Claim:
    """That no talks are on record with this partner."""
    return Claim(
        "talks-no-record",
        "The book keeps a record of the talks with South Korea only; none is kept for {partner}. The other two chapters "
        "hold what there is.",
        {},
        {"partner": partner},
        style="note",
    )


def timeline_title(first: Event, last: Event) -> Claim:
    """The title of the timeline."""
    labels = {"first": periods.in_words(f"{first.day:%Y-%m}"), "last": periods.day_in_words(last.day)}
    return Claim("talks-timeline-title", "The key events from {first} to {last}", {}, labels)


def issues_title(as_of: date) -> Claim:
    """The title of the table of issues."""
    return Claim("talks-issues-title", "Where each issue stands on {day}", {}, {"day": periods.day_in_words(as_of)})


def events_title(first: date, last: date, id: str) -> Claim:
    """The title of a list of events."""
    labels = {"first": periods.day_in_words(first), "last": periods.day_in_words(last)}
    return Claim(id, "Events from {first} to {last}", {}, labels)
