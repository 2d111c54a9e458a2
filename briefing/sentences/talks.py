"""Sentences on the state of the talks."""

from collections.abc import Sequence
from datetime import date, timedelta

from briefing import periods
from briefing.figures import COUNT, Figure
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.talks import Event, IssueState, Pact, Scheduled
from briefing.talks.law import BOTH, Matter, Step
from briefing.talks.texts import RecordText, event_summary, event_title, origins_of, told

Labels = dict[str, str | RecordText]
LIVE = ("raised", "under_negotiation")


LONG_AGO = 365
"""Days since a round after which its day is told instead of their number."""

SILENCE = 92
"""Days without an entry after which the page says that the record is silent, lest nothing be taken to have happened."""


def headline(latest: Event) -> Sentence:
    """The last thing that had happened by the day."""
    labels: Labels = {"title": event_title(latest), "day": periods.when_in_words(latest.when)}
    return Sentence("talks-headline", "The latest on record: {title}, {day}.", {}, labels, style="headline")


def silent_since(latest: Event, as_of: date) -> date | None:
    """The day of the last entry, where nothing has entered the record for long; None where something has."""
    last = latest.last
    return last if (as_of - last).days > SILENCE else None


def silence(latest: Event, edge: date, as_of: date) -> Sentence | None:
    """Where our record ends, once it has; else that it is silent, where it has been for long; None where neither is so."""
    if as_of > edge:
        words, day = "Our record of the talks ends on {day}.", edge
    elif (last := silent_since(latest, as_of)) is not None:
        words, day = "Our record has nothing between {day} and this day.", last
    else:
        return None
    return Sentence("talks-silence", words, {}, {"day": periods.day_in_words(day)}, style="note")


def counted(issues: Sequence[IssueState], as_of: date, origin: Origin) -> dict[str, Figure]:
    """How many issues stand at each status, as figures by status; "live" counts raised and under negotiation."""
    groups = {"live": LIVE, "agreed": ("agreed",), "implemented": ("implemented",), "dropped": ("dropped",)}
    return {
        name: Figure(
            f"talks.issues.{name}",
            sum(issue.status.status in statuses for issue in issues),
            COUNT,
            str(as_of),
            f"issues whose last status by that day is {' or '.join(statuses).replace('_', ' ')}",
            (origin,),
        )
        for name, statuses in groups.items()
    }


def last_round(event: Event) -> Sentence:
    """What the last round brought, in the record's words."""
    labels = {"title": event_title(event), "summary": event_summary(event)}
    return Sentence("talks-last-round", "The last round: {title}. {summary}", {}, labels)


def days(name: str, first: date, last: date, origin: Origin) -> Figure:
    """The days from one day to another."""
    formula = f"days from {first} to {last}"
    return Figure(f"talks.days.{name}", (last - first).days, COUNT, str(last), formula, (origin,))


def clock(last: Event | None, ahead: Sequence[Scheduled], as_of: date, origin: Origin) -> Sentence | None:
    """How long ago the round at hand ended, and what is fixed for a later day; None where neither is to be told."""
    ended, quoted, labels = _ended(last, as_of, origin) if last is not None else ("", {}, {})
    if not ahead:
        return (
            Sentence("talks-clock", f"{ended}Our record has no later date.", quoted, labels)
            if last is not None
            else None
        )
    plan = ahead[0]
    labels["what"] = told(f"schedule.{plan.day}", plan.what, origins_of(plan.publications, plan.known_from))
    labels["when"] = periods.when_in_words(plan.when)
    words = f"{ended}Next on record: {{what}}, {{when}}"
    if not isinstance(plan.when, str):
        quoted["until"] = days("until_next", as_of, plan.when, origin)
        words += ", in {until:number} days" if quoted["until"].value > 1 else ", the next day"
    return Sentence("talks-clock", f"{words}.", quoted, labels)


def _ended(last: Event, as_of: date, origin: Origin) -> tuple[str, dict[str, Figure], Labels]:
    """When a round ended: the words, and what stands in them."""
    ended = last.end or last.day
    since = days("since_round", ended, as_of, origin)
    if since.value <= 1:
        return f"The last round ended {('on this day', 'the day before')[int(since.value)]}. ", {}, {}
    if since.value > LONG_AGO:
        return "The last round was that of {ended}. ", {}, {"ended": periods.day_in_words(ended)}
    return "The last round ended {since:number} days before. ", {"since": since}, {}


def overdue(plans: Sequence[Scheduled]) -> Sentence | None:
    """What was due and is not on record as met; None where nothing is."""
    if not plans:
        return None
    labels: Labels = {}
    for place, plan in enumerate(plans):
        labels[f"what{place}"] = told(f"schedule.{plan.day}", plan.what, origins_of(plan.publications, plan.known_from))
        labels[f"when{place}"] = periods.when_in_words(plan.when)
    listed = "; ".join(f"{{what{place}}}, {{when{place}}}" for place in range(len(plans)))
    return Sentence("talks-overdue", f"Passed, and our record has no page of what came of it: {listed}.", {}, labels)


def consents(matter: Matter, pact: Pact) -> Sentence:
    """What each side still has to do before the change can take effect."""
    words, labels = [], {}
    for side in pact.sides:
        steps = matter.open_steps(side.id)
        if steps:
            labels[side.id] = "; ".join(_lowered(step.name) for step in steps)
            words.append(f"{side.capital} still needs: {{{side.id}}}.")
        else:
            words.append(f"Of {side.capital} alone our record names no further step.")
    both = matter.open_steps(BOTH)
    if both:
        labels["both"] = "; ".join(_lowered(step.name) for step in both)
        words.append("Together: {both}.")
    if not labels:
        return _all_taken(matter)
    return Sentence("talks-consents", " ".join(words), {}, labels)


def _all_taken(matter: Matter) -> Sentence:
    """That nothing is left to do, and what has been undone since."""
    undone = [step for step in matter.steps if step.undone is not None]
    labels: Labels = {"matter": matter.name}
    words = "{matter}: every step that the law asks for has been taken"
    if undone:
        labels["undone"] = "; ".join(
            f"{_lowered(step.name)} ({periods.when_in_words(step.undone.when)})" for step in undone if step.undone
        )
        words += "; undone since: {undone}"
    return Sentence("talks-consents", f"{words}.", {}, labels)


def without_vote(matter: Matter) -> Sentence | None:
    """Why the change asks for no vote in Congress, as the record tells it; None once every step has been taken."""
    if matter.without_vote is None or all(step.taken for step in matter.steps if not step.optional):
        return None
    return Sentence("talks-without-vote", "{why}", {}, {"why": matter.without_vote})


def fast_track(matter: Matter, as_of: date, origin: Origin) -> Sentence | None:
    """That no notice for a vote in Congress was given, and the earliest talks if it were given on the day."""
    step = _notice_not_given(matter)
    if step is None:
        return None
    waits = waiting(step.waits, step, origin)
    labels = {"law": step.law, "day": periods.day_in_words(as_of + timedelta(days=step.waits))}
    return Sentence(
        "talks-fast-track",
        "Our record has no notice to Congress under fast track ({law}). Given on this day it would allow talks whose outcome "
        "Congress votes on from {day}, {waits:number} days later; without it, only what needs no change of US statute can move.",
        {"waits": waits},
        labels,
    )


def narrow(matter: Matter) -> Sentence | None:
    """The same in a line: what can move without the notice."""
    if _notice_not_given(matter) is None:
        return None
    words = "Our record has no notice under fast track: only what needs no change of US statute can move."
    return Sentence("talks-narrow", words, {}, {})


def _notice_not_given(matter: Matter) -> Step | None:
    """The notice that fast track asks for, while it is open and the talks are."""
    step = next((step for step in matter.steps if step.optional and step.waits and step.taken is None), None)
    return step if matter.open_steps(BOTH) else None


def earliest(matter: Matter, as_of: date, origin: Origin) -> Sentence | None:
    """The earliest day on which changed duties could be proclaimed, while the consultation has not run."""
    steps = [step for step in matter.steps if step.waits and not step.optional and step.taken is None]
    if not steps:
        return None
    step = steps[0]
    day = periods.day_in_words(as_of + timedelta(days=step.waits))
    return Sentence(
        "talks-earliest",
        "Duties can change without a vote, but not at once: were the report with Congress on this day, a proclamation could "
        "follow after {waits:number} days of consultation, from {day} on ({law}).",
        {"waits": waiting(step.waits, step, origin)},
        {"day": day, "law": step.law},
    )


def waiting(value: int, step: Step, origin: Origin) -> Figure:
    """The days that the law asks to pass."""
    formula = f"days that must pass by {step.law}"
    pages = origins_of(step.publications[:1], date.fromisoformat(origin.vintage))
    return Figure(f"talks.waits.{step.law.replace(' ', '-').replace(',', '')}", value, COUNT, "", formula, pages)


def standing_of(step: Step) -> str:
    """Where a step stood: taken, begun, or neither."""
    if step.taken is not None:
        undone = f"; undone {periods.when_in_words(step.undone.when)}" if step.undone is not None else ""
        return f"taken {periods.when_in_words(step.taken.when)}{undone}"
    if step.begun is not None:
        return f"begun {periods.when_in_words(step.begun.when)}"
    return "not given; needed only for a vote" if step.optional else "open"


def steps_title(matter: Matter, as_of: date, origin: Origin) -> Sentence:
    """How many steps the law asks for, and how many were taken."""
    needed = [step for step in matter.steps if not step.optional or step.taken is not None]
    taken = [step for step in needed if step.taken is not None]
    counted = {"all": needed, "taken": taken}
    quoted = {
        name: Figure(
            f"talks.steps.{name}", len(steps), COUNT, str(as_of), f"steps in the record of the law: {name}", (origin,)
        )
        for name, steps in counted.items()
    }
    done = "{taken:count}" if taken else "none"
    words = f"{{matter}}: of {{all:count}} step{'s' * (len(needed) != 1)} that law asks for, {done} had been taken by {{day}}"
    return Sentence(
        "talks-steps",
        words,
        quoted if taken else {"all": quoted["all"]},
        {"matter": matter.name, "day": periods.day_in_words(as_of)},
    )


def reach_title() -> Sentence:
    """The title of the table of who can change what."""
    return Sentence("talks-reach", "What can change without Congress, and what cannot")


def by_law(pact: Pact) -> str:
    """Under whose law the table of who can change what stands."""
    return f"By {' and '.join(side.adjective for side in pact.sides)} law"


def changed_title(earlier: Event, count: int, as_of: date, origin: Origin) -> Sentence:
    """How many issues changed their status since an earlier round."""
    formula = f"issues whose status differs from that of {earlier.day}"
    quoted = {"count": Figure("talks.changed", count, COUNT, str(as_of), formula, (origin,))}
    labels: Labels = {"round": event_title(earlier), "day": periods.when_in_words(earlier.when)}
    verb = "has" if count == 1 else "have"
    issue = "issue" if count == 1 else "issues"
    return Sentence(
        "talks-changed-title", f"Since {{day}} ({{round}}) {{count:count}} {issue} {verb} moved", quoted, labels
    )


def ahead_title(as_of: date) -> Sentence:
    """The title of the table of what is fixed for later days."""
    return Sentence("talks-ahead-title", "Fixed for later, as known on {day}", {}, {"day": periods.day_in_words(as_of)})


def _lowered(text: str) -> str:
    """The text with a small first letter, unless it opens with an abbreviation such as US."""
    return text if text[:2].isupper() else text[0].lower() + text[1:]


def record_begins(partner: str, day: date) -> Sentence:
    """From which month on talks with this partner are on record."""
    words = "The book's record of the talks with {partner} begins in {month}."
    labels: Labels = {"partner": partner, "month": periods.in_words(f"{day:%Y-%m}")}
    return Sentence("talks-no-record", words, {}, labels, style="note")


def no_record(partner: str, kept: Sequence[str]) -> Sentence:
    """That no talks are on record with this partner, and with which they are."""
    words = "The book keeps a record of the talks with {kept} only; none is kept for {partner}."
    return Sentence("talks-no-record", words, {}, {"partner": partner, "kept": " and ".join(kept)}, style="note")


def timeline_title(first: Event, last: Event) -> Sentence:
    """The title of the timeline."""
    labels = {"first": periods.in_words(f"{first.day:%Y-%m}"), "last": periods.day_in_words(last.day)}
    return Sentence("talks-timeline-title", "The key events from {first} to {last}", {}, labels)


def issues_title(silent_since: date | None, as_of: date) -> Sentence:
    """The title of the table of issues; after long silence it tells of the last entry's day."""
    words = "Where each issue stands on {day}" if silent_since is None else "Where each issue stood on {day}"
    return Sentence("talks-issues-title", words, {}, {"day": periods.day_in_words(silent_since or as_of)})


def events_title(first: date, last: date, id: str) -> Sentence:
    """The title of a list of events."""
    labels = {"first": periods.day_in_words(first), "last": periods.day_in_words(last)}
    return Sentence(id, "Events from {first} to {last}" if first < last else "What happened on {first}", {}, labels)
