"""Sentences on how figures were revised."""

from collections.abc import Mapping, Sequence
from datetime import date

from briefing import periods
from briefing.codes import codelists
from briefing.figures import COUNT, Figure, derived
from briefing.figures.how_far_moved import Spread
from briefing.figures.revisions import move
from briefing.sentences import Sentence
from briefing.sentences.movements import PRINTED as MOVED
from briefing.sentences.movements import Words, told_apart
from briefing.sentences.words import in_words, millions, percent, signed_dollars


def differ(one: Figure, other: Figure) -> bool:
    """Whether two figures print apart: in million dollars to a tenth, small ones in thousands."""
    return millions(one.value) != millions(other.value)


def vintage_in_words(figure: Figure) -> str:
    """The day of the vintage that a figure stands on."""
    return periods.day_in_words(date.fromisoformat(figure.origins[0].vintage))


PRINTED = {"millions": millions, "signed_dollars": signed_dollars}
"""The formats of a balance from coarse to fine."""


def headline(first: Figure, edition: Figure, now: Figure, partner: str, *, in_newest: bool) -> Sentence:
    """The balance of one span of months: in the first vintage held, as of the edition, and in the newest that has it.

    `in_newest` is whether that is the newest held at all.
    """
    labels = {
        "partner": partner,
        "months": periods.in_words(now.period),
        "first_day": vintage_in_words(first),
        "now_day": vintage_in_words(now),
    }
    quoted = {"edition": edition, "now": now}
    spec = told_apart([figure.value for figure in (first, edition, now)], PRINTED)
    apart = {name: in_words(one, spec) for name, one in (("first", first), ("edition", edition), ("now", now))}
    sentence = f"This edition has a balance with {{partner}} of {{edition:{spec}}} for {{months}}"
    if apart["first"] not in (apart["edition"], apart["now"]):
        quoted["first"] = first
        sentence += f"; the first vintage held, of {{first_day}}, had {{first:{spec}}}"
    newest = f"the newest{'' if in_newest else ' that has these months'}, of {{now_day}},"
    if now.origins[0].vintage == edition.origins[0].vintage:
        sentence += "; no later vintage is held." if in_newest else "; no later vintage held has these months."
    elif apart["now"] == apart["edition"]:
        sentence += f"; {newest} has the same as this edition."
    else:
        sentence += f"; {newest} has {{now:{spec}}}."
    return Sentence("revisions-headline", sentence, quoted, labels, style="headline")


def how_far(spans: Sequence[Mapping[str, Figure]]) -> Sentence:
    """How many of the years in the picture moved between the first and the newest vintage, and the largest move.

    `spans` has a mapping of vintage to balance for each, parts of years among them.
    """
    ends = [(figures[min(figures)], figures[max(figures)]) for figures in spans]
    moves = [move(first, now) for first, now in ends if differ(first, now)]
    words = _of_years(spans, ends, moves) if len(ends) > 1 else _of_one_span(spans, moves)
    return Sentence("revisions-how-far", f"{words.template}.", words.quoted, words.labels)


def _of_one_span(spans: Sequence[Mapping[str, Figure]], moves: Sequence[Figure]) -> Words:
    if not moves:
        return Words(f"The balance of the months drawn below is {_the_same(spans, 'it')}", {}, {})
    (only,) = moves
    words = "The balance of {year} differs between the first vintage held that has it and the newest, by {largest:size}"
    return Words(words, {"largest": only}, {"year": periods.in_words(only.period)})


def _of_years(
    spans: Sequence[Mapping[str, Figure]], ends: Sequence[tuple[Figure, Figure]], moves: Sequence[Figure]
) -> Words:
    origins = move(*ends[0]).origins
    shown = Figure("revisions.shown", len(ends), COUNT, "", "calendar years drawn, parts of one among them", origins)
    parts = [periods.in_words(now.period) for _, now in ends if not is_whole(now.period)]
    labels = {"parts": codelists.listed(parts)} if parts else {}
    counted = f", {{parts}} counted as one{' each' if len(parts) > 1 else ''}," if parts else ""
    if not moves:
        words = f"The balances of the {{shown:count}} years drawn below{counted} are {_the_same(spans, 'them')}"
        return Words(words, {"shown": shown}, labels)
    formula = "of those, years whose balance prints otherwise: in million dollars to a tenth, or in thousands"
    moved = derived("revisions.moved", len(moves), COUNT, "", formula, moves)
    largest = max(moves, key=lambda one: abs(one.value))
    words = (
        f"Of the {{shown:count}} years drawn below{counted or ','} {{moved:count}} differ{'s' if len(moves) == 1 else ''} "
        "between the first vintage held that has the year and the newest. The largest move is {largest:size}, in {year}"
    )
    quoted = {"shown": shown, "moved": moved, "largest": largest}
    return Words(words, quoted, labels | {"year": periods.in_words(largest.period)})


def _the_same(spans: Sequence[Mapping[str, Figure]], them: str) -> str:
    """How far it is the same: in every vintage, or in the first and the newest alone."""
    if came_back(spans):
        return "the same in the first vintage held and in the newest; one between them had another"
    return f"the same{_to_a_tenth(spans)} in every vintage held that has {them}"


def is_whole(period: str) -> bool:
    """Whether two months joined by "/" are a calendar year from end to end."""
    return periods.is_year(periods.in_words(period))


def first_prints_title() -> Sentence:
    """The title of the table of first prints."""
    return Sentence("first-prints-title", "As first published, as of this edition, and now")


def nothing_whole(partner: str) -> Sentence:
    """That no months of the window are held in any vintage, so that nothing can be set beside another."""
    words = "No year with {partner} is held in any vintage from its first month on, so no revision is shown."
    return Sentence("revisions-none", words, {}, {"partner": partner}, style="note")


def no_first_print(partner: str, *, shown: bool) -> Sentence:
    """That no page with a first print is on record."""
    return Sentence(
        "first-prints-none",
        "Our record has no page that printed a first figure of trade with {partner}"
        + ("; below, the first vintage held stands in for it." if shown else "."),
        {},
        {"partner": partner},
        style="note",
    )


def came_back(spans: Sequence[Mapping[str, Figure]]) -> bool:
    """Whether some vintage had another figure than the newest."""
    return any(differ(figure, figures[max(figures)]) for figures in spans for figure in figures.values())


def _to_a_tenth(spans: Sequence[Mapping[str, Figure]]) -> str:
    """How exactly balances that print alike are the same, where a vintage had another dollar."""
    alike = all(len({figure.value for figure in figures.values()}) == 1 for figures in spans)
    return "" if alike else " to a tenth of a million dollars"


def chart_title(spans: Sequence[Mapping[str, Figure]]) -> Sentence:
    """The title of the chart of revisions."""
    moves = [move(figures[min(figures)], figures[max(figures)]) for figures in spans]
    moved = [one for one in moves if differ(*one.parts)]
    if not moved and came_back(spans):
        return Sentence("revisions-title", "The balances are now as they were first held; in between some were others")
    if not moved:
        return Sentence(
            "revisions-title", f"The balance of each year is the same{_to_a_tenth(spans)} in every vintage held"
        )
    largest = max(moved, key=lambda one: abs(one.value))
    return Sentence(
        "revisions-title",
        "The balance of {year} moved most since it was first held: by {largest:size}",
        {"largest": largest},
        {"year": periods.in_words(largest.period)},
    )


def table_title(partner: str) -> Sentence:
    """The title of the table of vintages."""
    return Sentence(
        "vintages-title", "The balance with {partner} in every vintage that has these years", {}, {"partner": partner}
    )


def how_far_figures_move(spread: Spread, kind: str, after: int, partner: str) -> Sentence:
    """How far balances of a kind moved between two vintages so many months apart."""
    words = (
        "Of {count:count} balances of a {kind} with {partner}, none more than a year old, that are held again {time} later, "
        f"half had moved by {{median:{_to_a_digit(spread)}}} or less, nine in ten by {{ninetieth:percent}} or less, and the furthest, "
        "that of {span}, by {most:percent}."
    )
    labels = {"partner": partner, "kind": kind, "time": APART[after], "span": periods.in_words(spread.span)}
    figures = {name: getattr(spread, name) for name in ("count", "median", "ninetieth", "most")}
    return Sentence("moved-how-far", words, figures, labels)


def as_old_as_this(spread: Spread, kind: str, after: int) -> Sentence:
    """How far balances of the headline's kind had moved some time later, by the vintages out on the day."""
    words = (
        f"{{time}} later, half of such balances of a {{kind}} had moved by {{median:{_to_a_digit(spread)}}} or less, and the furthest, "
        "that of {span}, by {most:percent}."
    )
    figures = {"median": spread.median, "most": spread.most}
    labels = {"kind": kind, "time": APART[after].capitalize(), "span": periods.in_words(spread.span)}
    return Sentence("moved-as-old-as-this", words, figures, labels)


def _to_a_digit(spread: Spread) -> str:
    """The format of a median that does not print it as nought, unless it is."""
    return "finer_percent" if percent(spread.median.value) == percent(0) else "percent"


def furthest_month(first: Figure, now: Figure, moved: Figure) -> Sentence:
    """The month's imports that were revised furthest."""
    spec = told_apart([first.value, now.value], MOVED)
    words = (
        f"The month's imports that moved furthest are those of {{month}}: from {{first:{spec}}}, as of {{then}}, to {{now:{spec}}}, "
        "as of {later} ({moved:signed_percent})."
    )
    labels = {"month": periods.in_words(now.period), "then": vintage_in_words(first), "later": vintage_in_words(now)}
    return Sentence("moved-furthest", words, {"first": first, "now": now, "moved": moved}, labels)


def spread_title() -> Sentence:
    """The title of the table of how far figures move."""
    return Sentence("moved-table-title", "How far figures move once they are out")


def spread_chart_title(kind: str) -> Sentence:
    """The title of the picture of how far figures move."""
    return Sentence(
        "moved-chart-title", "Each figure of a {kind} that was held twice, and how far it moved", {}, {"kind": kind}
    )


def too_few_moves(partner: str) -> Sentence:
    """That too few figures are held twice for a measure of how far they move."""
    words = "Too few figures of trade with {partner} are large enough, and held twice within thirty months, to say how far they move."
    return Sentence("moved-none", words, {}, {"partner": partner}, style="note")


APART = {
    1: "up to three months",
    6: "three to nine months",
    12: "nine to eighteen months",
    24: "eighteen to thirty months",
}
"""The months between two vintages, by those of `briefing.figures.how_far_moved.AFTER`."""
