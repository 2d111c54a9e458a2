"""Sentences on the state of the talks."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from briefing import periods
from briefing.figures import COUNT, Figure
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.talks import Event, IssueState, Pact, Scheduled, Side
from briefing.talks.law import BOTH, Matter, Step
from briefing.talks.texts import RecordText, event_title, origins_of, told, told_of

Labels = dict[str, str | RecordText]
SILENCE = 92
"""Days without an entry after which the page says that the record is silent, lest nothing be taken to have happened."""


def headline(event: Event) -> Sentence:
    """The event that leads the page."""
    labels: Labels = {"title": event_title(event), "day": periods.when_in_words(event.when)}
    return Sentence("talks-headline", "{day}: {title}.", {}, labels, style="headline")


def in_full(latest: Event) -> Sentence:
    """What the record tells of it."""
    return Sentence("talks-latest", "{summary}", {}, {"summary": told_of(latest, "summary")})


def lead(latest: Event) -> Sentence:
    """The same in one paragraph."""
    labels: Labels = {"title": event_title(latest), "summary": told_of(latest, "summary")}
    labels["day"] = periods.when_in_words(latest.when)
    return Sentence("brief-talks-headline", "{day}: {title}. {summary}", {}, labels)


MOVED = {"in_force": "In force since {day}", "changed": "Changed in law on {day}", "ended": "Ended on {day}"}
"""How an issue moved in law, by the place to which it moved."""


def moved_in_law(latest: Event, issues: Sequence[IssueState]) -> Sentence | None:
    """The issues whose place in law moved on the day of an event; None where none did."""
    moved = {
        place: [issue.name for issue in issues if (issue.law, issue.law_since) == (place, latest.when)]
        for place in MOVED
    }
    told = {place: "; ".join(names) for place, names in moved.items() if names}
    words = " ".join(f"{MOVED[place]}: {{{place}}}." for place in told)
    return (
        Sentence("talks-moved-in-law", words, {}, {**told, "day": periods.when_in_words(latest.when)}) if told else None
    )


def before(events: Sequence[Event]) -> Sentence | None:
    """The key events just before the one that leads, the latest first, deals with their terms; None where there are none."""
    return _in_turn("talks-before", "Before that", events)


def since(events: Sequence[Event]) -> Sentence | None:
    """What followed the one that leads, told in the same way."""
    return _in_turn("talks-since", "Since then", events)


def _in_turn(id: str, opening: str, events: Sequence[Event]) -> Sentence | None:
    if not events:
        return None
    labels: Labels = {}
    words = []
    for place, event in enumerate(events):
        labels[f"day{place}"], labels[f"title{place}"] = periods.when_in_words(event.when), event_title(event)
        words.append(f"{{day{place}}}: {{title{place}}}.")
        if event.kind == "deal":
            labels[f"summary{place}"] = told_of(event, "summary")
            words.append(f"{{summary{place}}}")
    return Sentence(id, f"{opening}, {' '.join(words)}", {}, labels)


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


COUNTED: dict[str, tuple[str, Callable[[IssueState], bool]]] = {
    "live": ("issues that are raised or under negotiation in the talks", lambda issue: issue.live),
    "agreed": ("issues agreed in the talks that still await an act to carry them out", lambda issue: issue.pending),
    "in_law": ("issues that are in force or changed in law", lambda issue: issue.law in ("in_force", "changed")),
    "dropped": ("issues dropped in the talks", lambda issue: issue.talks == "dropped"),
}
"""What the tiles count: issues by their place in the talks or in law, each in words."""


def counted(issues: Sequence[IssueState], as_of: date, origin: Origin) -> dict[str, Figure]:
    """How many issues stand at each place, as figures by the names of `COUNTED`."""
    return {
        name: Figure(f"talks.issues.{name}", sum(map(test, issues)), COUNT, str(as_of), formula, (origin,))
        for name, (formula, test) in COUNTED.items()
    }


def last_round(event: Event) -> Sentence:
    """The round at hand in a line, where it is no news any more."""
    labels: Labels = {"title": event_title(event), "day": periods.day_in_words(event.last)}
    return Sentence("talks-last-round", "The last round ended on {day}: {title}.", {}, labels)


def days(name: str, first: date, last: date, origin: Origin) -> Figure:
    """The days from one day to another."""
    formula = f"days from {first} to {last}"
    return Figure(f"talks.days.{name}", (last - first).days, COUNT, str(last), formula, (origin,))


def clock(last: Event | None, ahead: Sequence[Scheduled], as_of: date, origin: Origin) -> Sentence:
    """What is fixed for a later day; where nothing is, that no date is set, for another round where one is at hand."""
    if not ahead:
        words = "No later date of the talks is recorded." if last is None else "No date is set for another round."
        return Sentence("talks-clock", words)
    plan = ahead[0]
    labels: Labels = {
        "what": told(f"schedule.{plan.day}", plan.what, origins_of(plan.publications, plan.known_from)),
        "when": periods.when_in_words(plan.when),
    }
    if isinstance(plan.when, str):
        return Sentence("talks-clock", "Next: {what}, {when}.", {}, labels)
    until = days("until_next", as_of, plan.when, origin)
    if until.value <= 1:
        return Sentence("talks-clock", "Next: {what}, {when}, the next day.", {}, labels)
    return Sentence("talks-clock", "Next: {what}, {when}, in {until:number} days.", {"until": until}, labels)


def overdue(plans: Sequence[Scheduled]) -> Sentence | None:
    """What was due and is not on record as met; None where nothing is."""
    if not plans:
        return None
    labels: Labels = {}
    for place, plan in enumerate(plans):
        labels[f"what{place}"] = told(f"schedule.{plan.day}", plan.what, origins_of(plan.publications, plan.known_from))
        labels[f"when{place}"] = periods.when_in_words(plan.when)
    listed = "; ".join(f"{{what{place}}}, {{when{place}}}" for place in range(len(plans)))
    return Sentence("talks-overdue", f"Due and past, with no outcome recorded: {listed}.", {}, labels)


def consents(matter: Matter, pact: Pact) -> Sentence:
    """What each side still has to do before the change can take effect; of what depends on the change, on what."""
    if matter.done is not None or not any(step.taken is None and not step.optional for step in matter.steps):
        return _all_taken(matter)
    labels: Labels = {}
    depends = any(step.only_if and step.taken is None for step in matter.steps)
    words = ["Nothing is agreed yet."] if depends and not matter.agreed else []
    for side in pact.sides:
        words += _needs(side, matter.open_steps(side.id), labels)
    both = matter.open_steps(BOTH)
    if both:
        labels["both"] = _listed(both)
        words.append("Together: {both}.")
    return Sentence("talks-consents", " ".join(words), {}, labels)


def _needs(side: Side, steps: Sequence[Step], labels: Labels) -> list[str]:
    """What a side still needs: whatever changes, and then under each condition."""
    sure = [step for step in steps if not step.only_if]
    words = [f"{side.capital} still needs: {{{side.id}}}."] if sure else []
    if sure:
        labels[side.id] = _listed(sure)
    for place, condition in enumerate(dict.fromkeys(step.only_if for step in steps if step.only_if)):
        labels[f"{side.id}_if{place}"] = condition
        labels[f"{side.id}_then{place}"] = _listed([step for step in steps if step.only_if == condition])
        also = " also" if sure or place else ""
        words.append(f"If {{{side.id}_if{place}}}, {side.capital}{also} needs: {{{side.id}_then{place}}}.")
    return words or [f"No further {side.adjective} step is recorded."]


def _listed(steps: Sequence[Step]) -> str:
    return "; ".join(_lowered(step.name) for step in steps)


def _all_taken(matter: Matter) -> Sentence:
    """That nothing is left to do, and what has been undone since."""
    undone = [step for step in matter.steps if step.undone is not None]
    labels: Labels = {"matter": matter.name}
    words = "{matter}: every step has been taken"
    if matter.done is not None:
        labels["done"] = periods.when_in_words(matter.done.when)
        words = "{matter}: in effect since {done}"
    if undone:
        labels["undone"] = _undone(undone)
        words += "; undone since: {undone}"
    return Sentence("talks-consents", f"{words}.", {}, labels)


def undone(matter: Matter) -> Sentence | None:
    """What has been undone of a matter that is still on its way; None where nothing is."""
    steps = [step for step in matter.steps if step.undone is not None]
    if not steps or matter.done is not None:
        return None
    return Sentence("talks-undone", "Undone since: {undone}.", {}, {"undone": _undone(steps)})


def _undone(steps: Sequence[Step]) -> str:
    told = [(_lowered(step.name), step.undone) for step in steps]
    return "; ".join(f"{name} ({periods.when_in_words(event.when)})" for name, event in told if event is not None)


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
        "Our record has no notice to Congress under fast track ({law}). Given on this day it would open talks from {day}, "
        "{waits:number} days later, on whose outcome Congress votes once; an ordinary bill stays possible without it.",
        {"waits": waits},
        labels,
    )


def narrow(matter: Matter) -> Sentence | None:
    """The same in a line: what a change of US statute would take."""
    if _notice_not_given(matter) is None:
        return None
    words = "Our record has no notice under fast track: as things stand, a change of US statute would take an ordinary bill."
    return Sentence("talks-narrow", words, {}, {})


def _notice_not_given(matter: Matter) -> Step | None:
    """The notice that fast track asks for, while that way is open and the matter is under way."""
    step = next((step for step in matter.steps if step.optional and step.waits and step.taken is None), None)
    return step if matter.done is None else None


def earliest(matter: Matter, origin: Origin) -> Sentence | None:
    """How long changed duties must wait once advice and report are filed, while the consultation has not run."""
    steps = [step for step in matter.steps if step.waits and not step.optional and step.taken is None]
    if not steps or matter.done is not None:
        return None
    (step, *_) = steps
    return Sentence(
        "talks-earliest",
        "Once advice and report are filed, {waits:number} days must pass before duties can change ({law}).",
        {"waits": waiting(step.waits, step, origin)},
        {"law": step.law},
    )


def waiting(value: int, step: Step, origin: Origin) -> Figure:
    """The days that the law asks to pass."""
    formula = f"days that must pass by {step.law}"
    pages = origins_of(step.publications[:1], date.fromisoformat(origin.vintage))
    return Figure(f"talks.waits.{step.law.replace(' ', '-').replace(',', '')}", value, COUNT, "", formula, pages)


def standing_of(step: Step) -> str:
    """Where a step stood: taken, begun, or neither."""
    if step.taken is not None:
        by = "by " if step.at_latest else ""
        undone = f"; undone {periods.when_in_words(step.undone.when)}" if step.undone is not None else ""
        return f"taken {by}{periods.when_in_words(step.taken.when)}{undone}"
    if step.begun is not None:
        return f"begun {periods.when_in_words(step.begun.when)}"
    if step.only_if:
        return f"needed if {step.only_if}"
    return "not given; needed only for a vote" if step.optional else "open"


def steps_title(matter: Matter, as_of: date, origin: Origin) -> Sentence:
    """How many steps the law asks for, or the two agreed on, how many were taken and stand, and how many were undone."""
    taken = [step for step in matter.counted if step.taken is not None]
    undone = [step for step in taken if step.undone is not None]
    stand = [step for step in taken if step.undone is None]
    quoted = {
        name: Figure(
            f"talks.steps.{name}", len(steps), COUNT, str(as_of), f"steps in the record of the law: {name}", (origin,)
        )
        for name, steps in {"all": matter.counted, "taken": stand, "undone": undone}.items()
        if steps
    }
    done = "{taken:count}" if stand else "none"
    asks = "that law asks for" if matter.by_law else "of the deal"
    if any(step.only_if for step in matter.counted):
        asks = "that law may ask for"
    words = f"{{matter}}: of {{all:count}} step{'s' * (len(matter.counted) != 1)} {asks}, {done} "
    words += "stood on {day}, and {undone:count} had been undone" if undone else "had been taken by {day}"
    return Sentence("talks-steps", words, quoted, {"matter": matter.name, "day": periods.day_in_words(as_of)})


def reach_title() -> Sentence:
    """The title of the table of who can change what."""
    return Sentence("talks-reach", "What can change without Congress, and what cannot")


def by_law(pact: Pact) -> str:
    """Under whose law the table of who can change what stands."""
    return f"By {' and '.join(side.adjective for side in pact.sides)} law"


def changed_title(earlier: Event | None, since: date, count: int, as_of: date, origin: Origin) -> Sentence:
    """How many issues have moved since an earlier round, or since a day."""
    formula = f"issues whose place in the talks or in law has changed since {since}, or that a measure touched"
    quoted = {"count": Figure("talks.changed", count, COUNT, str(as_of), formula, (origin,))} if count else {}
    labels: Labels = {"day": periods.day_in_words(since) if earlier is None else periods.when_in_words(earlier.when)}
    words = "Since {day}"
    if earlier is not None:
        labels["round"] = event_title(earlier)
        words += " ({round})"
    moved = (
        "{count:count} issue has moved"
        if count == 1
        else "{count:count} issues have moved"
        if count
        else "no issue has moved"
    )
    return Sentence("talks-changed-title", f"{words} {moved}", quoted, labels)


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
    begins = first.when if isinstance(first.when, str) else f"{first.day:%Y-%m}"
    labels = {"first": periods.in_words(begins), "last": periods.when_in_words(last.when)}
    return Sentence("talks-timeline-title", "The key events from {first} to {last}", {}, labels)


def issues_title(silent_since: date | None, as_of: date) -> Sentence:
    """The title of the table of issues; after long silence it tells of the last entry's day."""
    words = "Where each issue stands on {day}" if silent_since is None else "Where each issue stood on {day}"
    return Sentence("talks-issues-title", words, {}, {"day": periods.day_in_words(silent_since or as_of)})


def events_title(first: Event, last: Event, id: str) -> Sentence:
    """The title of a list of events."""
    labels = {"first": periods.when_in_words(first.when), "last": periods.when_in_words(last.when)}
    words = "Events from {first} to {last}" if labels["first"] != labels["last"] else "What happened on {first}"
    return Sentence(id, words, {}, labels)
