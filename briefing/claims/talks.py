"""Sentences on the state of the talks."""

from collections.abc import Sequence
from datetime import date

from briefing import periods
from briefing.claims import Claim
from briefing.figures import COUNT, Figure, Origin
from briefing.talks import Entry, Event, IssueState, Publication

LIVE = ("raised", "under_negotiation")


def origin_of(publications: Sequence[Publication], vintage: str) -> Origin:
    """The record of the talks as an origin, naming the pages that carry the fact."""
    if not publications:
        return Origin("talks", vintage, "held")
    return Origin("talks", vintage, "held", "; ".join(p.words for p in publications), publications[0].address)


def headline(latest: Event, as_of: date) -> Claim:
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


def last_round(event: Event, us: Sequence[IssueState], korea: Sequence[IssueState]) -> Claim | None:
    """What each side put forward on the day of the last round; None if the record holds nothing."""
    if not us and not korea:
        return None
    parts = []
    if us:
        parts.append(f"the US put forward {_listed([issue.name for issue in us])}")
    if korea:
        parts.append(f"Korea put forward {_listed([issue.name for issue in korea])}")
    return Claim(
        "talks-last-round",
        "{when} ({where}): {what}.",
        {},
        {"when": periods.day_in_words(event.day), "where": event.title, "what": "; ".join(parts)},
    )


def consent(issue: IssueState) -> Claim:
    """Which consent each party still needs, as last known."""
    sides = {"us": issue.us, "korea": issue.korea}
    labels = {name: _dated(entry) if entry else "nothing on record." for name, entry in sides.items()}
    return Claim("talks-consent", "Consent at home. In Washington, {us} In Seoul, {korea}", {}, labels)


def _dated(entry: Entry) -> str:
    return f"{periods.day_in_words(entry.day)}: {_lowered(entry.text)}"


def _listed(names: Sequence[str]) -> str:
    lowered = [_lowered(name) for name in names]
    return ", ".join(lowered[:-1]) + " and " + lowered[-1] if len(lowered) > 1 else lowered[0]


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
