"""Sentences on what the change of the deficit is made of, where it stands over the years, and its season."""

from collections.abc import Sequence
from datetime import date

from briefing import periods
from briefing.codes import codelists
from briefing.figures import Figure
from briefing.figures.contributions import Change, Season
from briefing.sentences import Sentence
from briefing.sentences.rounding import ROUNDED, adds_up_otherwise
from briefing.sentences.words import side, signed


def by_flows(change: Change) -> Sentence:
    """What exports and imports added to the change of the balance."""
    rounded = f", {ROUNDED}" if _add_up_otherwise(change) else ""
    (_, exports), (_, imports) = change.steps
    labels = {"months": periods.in_words(change.now.period), "before": periods.in_words(change.before.period)}
    return Sentence(
        "change-by-flow",
        f"Against {{before}}, exports moved the balance of {{months}} by {{exports:signed}} and general imports by {{imports:signed}}{rounded}",
        {"exports": exports, "imports": imports},
        labels,
    )


def _add_up_otherwise(change: Change) -> bool:
    """Whether the steps, as sentences print them, do not lead from the one balance to the other."""
    amounts = [change.before, *(figure for _, figure in change.steps)]
    return adds_up_otherwise(signed(change.now.value), *(signed(figure.value) for figure in amounts))


NEARLY_AS_MUCH = 0.9
"""The part of the largest contribution from which on the second is told with it."""


def by_chapters(change: Change) -> Sentence:
    """Which HS chapter moved the balance most."""
    (code, largest), *others = change.steps
    labels = {"name": codelists.chapter_name(code), "code": f"HS {code}", "months": periods.in_words(change.now.period)}
    second = next((step for step in others if step[0].isdigit()), None)
    if second is not None and second[1].value / largest.value >= NEARLY_AS_MUCH:
        labels |= {"other": codelists.chapter_name(second[0]), "other_code": f"HS {second[0]}"}
        return Sentence(
            "change-by-chapter",
            "{name} ({code}) and {other} ({other_code}) moved the balance of {months} most, by {largest:signed} and {second:signed}",
            {"largest": largest, "second": second[1]},
            labels,
        )
    return Sentence(
        "change-by-chapter",
        "{name} ({code}) moved the balance of {months} most, by {largest:signed}",
        {"largest": largest},
        labels,
    )


def no_chapters(partner: str) -> Sentence:
    """That the change cannot be split by HS chapter."""
    return Sentence(
        "change-no-chapters",
        "By HS chapter the change is not split: our record has not all chapters of {partner} for both years on one basis of imports.",
        {},
        {"partner": partner},
        style="note",
    )


def no_change(why: str) -> Sentence:
    """That there is no change to be explained, for the year before is not held."""
    words = (
        "No change on the year before is shown: {why}."
        if why
        else "No change on the year before is shown: it is not held."
    )
    return Sentence("change-none", words, {}, {"why": why} if why else {}, style="note")


def no_year(partner: str) -> Sentence:
    """That no complete year of the partner is there to be ranked."""
    words = "No complete year with {partner} is held among the months shown, so no share of a year is."
    return Sentence("share-no-year", words, {}, {"partner": partner}, style="note")


def over_the_years(first: tuple[Figure, Figure], last: tuple[Figure, Figure], partner: str) -> Sentence:
    """The partner's place and share in the first and the last year shown."""
    labels = {"partner": f"{partner[0].upper()}{partner[1:]}", "first": first[0].period[:4], "last": last[0].period[:4]}
    if min(round(first[1].value, 3), round(last[1].value, 3)) == 0:
        words = "The US goods deficit with {of_partner} was the {rank:ordinal} in {last}"
        return Sentence("share-over-years", words, {"rank": last[0]}, {"of_partner": partner, "last": labels["last"]})
    quoted = {"first_share": first[1], "last_share": last[1], "rank": last[0]}
    words = "{partner} accounted for {first_share:percent} of the whole US goods deficit in {first} and {last_share:percent} in {last}, the {rank:ordinal}"
    if first[0].period == last[0].period:
        words = (
            "{partner} accounted for {last_share:percent} of the whole US goods deficit in {last}, the {rank:ordinal}"
        )
    return Sentence(
        "share-over-years",
        words,
        quoted if first[0].period != last[0].period else {"last_share": last[1], "rank": last[0]},
        labels,
    )


def no_share(partner: str, balances: Sequence[Figure]) -> Sentence:
    """That in the complete years, whose balances are given, the partner has no place among the deficits."""
    first, last = (balances[place].period[:4] for place in (0, -1))
    years = "In {last}" if first == last else "In no complete year from {first} to {last}"
    words = (
        " the US had no goods deficit with {partner}."
        if first == last
        else " did the US have a goods deficit with {partner}."
    )
    return Sentence("share-none", years + words, {}, {"partner": partner, "first": first, "last": last}, style="note")


def nearly_no_share(partner: str, rank: Figure) -> Sentence:
    """That the partner's share rounds to nil in every year shown."""
    words = "The US goods deficit with {partner} was the {rank:ordinal} in {last}, next to nothing of the whole."
    return Sentence(
        "share-nearly-none", words, {"rank": rank}, {"partner": partner, "last": rank.period[:4]}, style="note"
    )


def before_and_after(before: Figure, now: Figure, in_force: date) -> Sentence:
    """The twelve months before the pact and the last twelve, without saying why they differ."""
    labels = {
        "day": periods.day_in_words(in_force),
        "before": periods.in_words(before.period[-7:]),
        "now": periods.in_words(now.period[-7:]),
    }
    return Sentence(
        "before-and-after",
        f"The pact entered into force on {{day}}. In the twelve months to {{before}} the US goods {side(before.value)} was "
        f"{{then:size}}; in those to {{now}} the {side(now.value)} was {{last:size}}. The record shows what came before and after, not why.",
        {"then": before, "last": now},
        labels,
    )


def season(found: Season) -> Sentence:
    """Which calendar months stand out, if any does."""
    names = {"largest": _month(found.largest), "smallest": _month(found.smallest)}
    years = f"{found.largest.period[:4]} to {found.largest.period[8:12]}"
    if not found.stands_out:
        return Sentence("season", "From {years} no calendar month stands out", {}, {"years": years})
    return Sentence(
        "season",
        "From {years} the balance was lowest in {largest}, {low:signed} on average, and highest in {smallest}, {high:signed}",
        {"low": found.largest, "high": found.smallest},
        {"years": years, **names},
    )


def _month(figure: Figure) -> str:
    return periods.MONTHS[int(figure.period[5:7]) - 1]


def compared(own: Figure, largest: Figure, partner: str, largest_partner: str, not_drawn: str) -> Sentence:
    """The partner's twelve-month balance beside the lowest among those drawn, and whose is not, "" where none is left out."""
    labels = {"partner": partner, "largest_partner": largest_partner, "not_drawn": not_drawn}
    labels["month"] = periods.in_words(own.period[-7:])
    left_out = "; {not_drawn} is not drawn" if not_drawn else ""
    if own.id == largest.id or partner == largest_partner:
        words = "Of these partners {partner} has the lowest balance of the twelve months to {month}: {own:signed}"
        return Sentence("compared", words + left_out, {"own": own}, labels)
    words = "Over the twelve months to {month} the balance with {partner} was {own:signed}, with {largest_partner} {largest:signed}"
    return Sentence("compared", words + left_out, {"own": own, "largest": largest}, labels)
