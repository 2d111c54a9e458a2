"""Sentences on how figures were revised."""

from collections.abc import Sequence
from datetime import date

from briefing import periods
from briefing.claims import Claim
from briefing.figures import COUNT, Figure, derived

PRECISION = 50_000
"""US dollars: what lies closer prints alike in million dollars, and older months are rounded to 0.1 million."""


def differ(one: Figure, other: Figure) -> bool:
    """Whether two figures differ by more than the precision they are printed with."""
    return abs(one.value - other.value) >= PRECISION


def vintage_in_words(figure: Figure) -> str:
    """The day of the vintage that a figure stands on."""
    return periods.day_in_words(date.fromisoformat(figure.origins[0].vintage))


def headline(first: Figure, edition: Figure, now: Figure, partner: str) -> Claim:
    """The balance of one span of months: in the first vintage held, as of the edition, and in the newest."""
    labels = {
        "partner": partner,
        "months": periods.in_words(now.period),
        "first_day": vintage_in_words(first),
        "now_day": vintage_in_words(now),
    }
    quoted = {"edition": edition, "now": now}
    sentence = "This edition has a balance with {partner} of {edition:millions} for {months}"
    if differ(first, edition) and differ(first, now):
        quoted["first"] = first
        sentence += "; the first vintage held, of {first_day}, had {first:millions}"
    if now.origins[0].vintage == edition.origins[0].vintage:
        sentence += "; no later vintage is held."
    elif not differ(now, edition):
        sentence += "; the newest, of {now_day}, has the same."
    else:
        sentence += "; the newest, of {now_day}, has {now:millions}."
    return Claim("revisions-headline", sentence, quoted, labels, style="headline")


def how_far(moves: Sequence[Figure], partner: str) -> Claim:
    """How many of the years and months shown moved between the first and the newest vintage, and the largest move."""
    moved = [move for move in moves if abs(move.value) >= PRECISION]
    labels = {"partner": partner}
    shown = Figure(
        "revisions.shown", len(moves), COUNT, "", "calendar years shown, the last perhaps to date", moves[0].origins
    )
    if not moved:
        sentence = "The balances of the {shown:count} years shown are the same in every vintage held that has them."
        return Claim("revisions-how-far", sentence, {"shown": shown}, labels)
    largest = max(moved, key=lambda move: abs(move.value))
    count = derived(
        "revisions.moved",
        len(moved),
        COUNT,
        "",
        "of those, years whose balance moved by 0.05 million dollars or more",
        moved,
    )
    labels["year"] = periods.in_words(largest.period)
    one = len(moved) == 1
    return Claim(
        "revisions-how-far",
        f"Of the {{shown:count}} years shown, {{moved:count}} differ{'s' if one else ''} between the first vintage held "
        "that has the year and the newest. The largest move is {largest:size}, in {year}.",
        {"shown": shown, "moved": count, "largest": largest},
        labels,
    )


def first_prints_title() -> Claim:
    """The title of the table of first prints."""
    return Claim("first-prints-title", "As first published, as of this edition, and now")


def no_first_print(partner: str) -> Claim:
    """That no page with a first print is on record."""
    return Claim(
        "first-prints-none",
        "Our record has no page that printed a first figure of trade with {partner}; below, the first vintage held "
        "stands in for it.",
        {},
        {"partner": partner},
        style="note",
    )


def chart_title(largest: Figure | None) -> Claim:
    """The title of the chart of revisions."""
    if largest is None or abs(largest.value) < PRECISION:
        return Claim("revisions-title", "The balance of each year is the same in every vintage held")
    return Claim(
        "revisions-title",
        "The balance of {year} moved most: by {largest:size} between two vintages",
        {"largest": largest},
        {"year": periods.in_words(largest.period)},
    )


def table_title(partner: str) -> Claim:
    """The title of the table of vintages."""
    return Claim("vintages-title", "The balance with {partner} in every vintage held", {}, {"partner": partner})
