"""Chapter "State of talks": events and issues up to the as-of day."""

from datetime import date

from briefing import codelists, sources, talks
from briefing.charts import talks as pictures
from briefing.claims import talks as sentences
from briefing.edition import Edition
from briefing.figures import Origin
from briefing.outputs import Output
from briefing.record import EventList, IssueMatrix
from briefing.talks import Event
from briefing.tiles import Tile, Tiles

FEWEST_EVENTS, MOST_EVENTS = 6, 14
"""The timeline shows the last eighteen months, or goes further back where they hold too few events."""
CONSENT_ISSUE = "congress_tpa"


def _origin() -> Origin:
    newest = max(source.vintage for source in sources.vintages_of("talks"))
    return Origin("talks", str(newest), "held")


def _events(edition: Edition) -> list[Event]:
    """The events known on the day; none for partners without a record."""
    if edition.partner != codelists.KOREA:
        return []
    return talks.events_known(sources.talks_record(), edition.as_of)


def _eighteen_months_before(day: date) -> date:
    months = day.year * 12 + day.month - 1 - 18
    return date(months // 12, months % 12 + 1, 1)


def headline(edition: Edition) -> list[Output]:
    """The last event, where the issues stand, what the last round brought, and whose consent is needed."""
    events = _events(edition)
    if not events:
        return [sentences.no_record(edition.partner_in_prose)]
    issues = talks.issues_known(sources.talks_record(), edition.as_of)
    counts = sentences.counted(issues, edition.as_of, _origin().vintage)
    # Data releases are on record as events, but the last of the talks is the headline.
    latest = [event for event in events if event.kind != "data"][-1]
    tiles = [
        Tile("On the table", counts["live"], "number", "issues raised or under negotiation"),
        Tile("Agreed", counts["agreed"], "number", "issues settled, not yet in force"),
        Tile("In force", counts["implemented"], "number", "issues settled and applied"),
        Tile("Dropped", counts["dropped"], "number", "issues given up"),
    ]
    shown: list[Output] = [sentences.headline(latest), Tiles("talks-tiles", tiles)]
    rounds = [event for event in events if event.kind == "round"]
    shown += [sentences.last_round(rounds[-1])] if rounds else []
    consents = [sentences.consent(issue, edition.as_of) for issue in issues if issue.id == CONSENT_ISSUE]
    return shown + [claim for claim in consents if claim is not None]


def timeline(edition: Edition) -> list[Output]:
    """The last key events as a timeline."""
    key = [event for event in _events(edition) if event.key]
    recent = [event for event in key if event.day >= _eighteen_months_before(edition.as_of)]
    key = (recent if len(recent) >= FEWEST_EVENTS else key)[-MOST_EVENTS:]
    if not key:
        return []
    return [pictures.timeline(key, sentences.timeline_title(key[0], key[-1]), (_origin(),))]


def issues(edition: Edition) -> list[Output]:
    """Every issue that had come up, with status and positions."""
    if not _events(edition):
        return []
    states = talks.issues_known(sources.talks_record(), edition.as_of)
    return [IssueMatrix("talks-issues-matrix", sentences.issues_title(edition.as_of), states, _origin())]


def recent_events(edition: Edition) -> list[Output]:
    """The events of the last eighteen months, the latest first, with summaries."""
    start = _eighteen_months_before(edition.as_of)
    recent = [event for event in _events(edition) if event.day >= start]
    if not recent:
        return []
    title = sentences.events_title(recent[0].day, recent[-1].day, "talks-recent")
    return [EventList("talks-recent-events", title, recent[::-1], _origin())]


def earlier_events(edition: Edition) -> list[Output]:
    """The events before that, in a line each, the latest first."""
    start = _eighteen_months_before(edition.as_of)
    earlier = [event for event in _events(edition) if event.day < start]
    if not earlier:
        return []
    title = sentences.events_title(earlier[0].day, earlier[-1].day, "talks-earlier")
    return [EventList("talks-earlier-events", title, earlier[::-1], _origin(), brief=True)]
