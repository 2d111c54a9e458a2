"""Sentences on trade in vehicles and their parts (HS chapter 87)."""

from collections.abc import Sequence
from datetime import date

from briefing import periods
from briefing.checks.quotes import Quote
from briefing.codes import codelists
from briefing.figures import FRACTION, RATIO, Figure, bears_percentage, derived, moved_by, telling_change
from briefing.figures.definitions import Definition, Placed, YearOf
from briefing.figures.products import Product, product_counted, systems_counted
from briefing.figures.series import TimeSeries
from briefing.sentences import Sentence
from briefing.sentences.movements import joined, run, superlative
from briefing.sentences.words import moved, side
from briefing.talks import IN_LAW, IN_TALKS, IssueState
from briefing.talks.texts import RecordText, entry_text

CHAPTER = "HS chapter 87"


def _called(balance: float) -> str:
    return "gap" if balance < 0 else "surplus"


def headline(gap: tuple[Figure, Figure, Figure], before: Figure | None, partner: str, trade_system: str) -> Sentence:
    """Exports, imports and gap in the product over the months held last."""
    exports, imports, balance = gap
    quoted = {"exports": exports, "imports": imports, "balance": balance}
    labels = {
        "partner": partner,
        "months": periods.in_words(balance.period),
        "basis": codelists.TRADE_SYSTEMS[trade_system],
        "goods": product_counted(balance).goods,
    }
    sentence = f"In {{goods}} the US {_called(balance.value)} with {{partner}} was {{balance:size}} in {{months}}"
    if before is not None:
        quoted["before"] = before
        sentence += _on_a_year_before(balance, before, quoted)
    sentence += ": exports of {exports:size} against {basis} of {imports:size}"
    return Sentence("autos-headline", sentence + ".", quoted, labels, style="headline")


def _on_a_year_before(balance: Figure, before: Figure, quoted: dict[str, Figure]) -> str:
    """Which way the gap moved: by a percentage, or by the amount where that would say nothing."""
    found = telling_change(f"{balance.id}.change", balance, before, "gap")
    if found is None:
        quoted["moved"] = moved_by(balance, before)
        if side(balance.value) != side(before.value):
            return f", after a {_called(before.value)} of {{before:size}} a year before: a change of {{moved:size}}"
        word = "more" if abs(balance.value) > abs(before.value) else "less"
        return f", {{moved:size}} {word} than a year before"
    quoted["change"] = found
    word = moved(found.value)
    return ", unchanged on a year before" if word == "unchanged" else f", {word} {{change:percent}} on a year before"


def share_of_deficit(gap: Figure, deficit: Figure) -> Sentence | None:
    """The gap beside the whole deficit of the same months; None unless both are deficits.

    No share is told of a deficit that is small beside its own flows, nor of one on other imports than the gap's, which a change of
    basis would overturn: there the amount alone.
    """
    if gap.value >= 0 or deficit.value >= 0 or gap.period != deficit.period:
        return None
    if not bears_percentage(gap, deficit):
        words = "The whole goods deficit of the same months was {deficit:size}."
        return Sentence("autos-share", words, {"deficit": deficit})
    if "consumption" in systems_counted(gap):
        words = (
            "The goods deficit of the same months was {deficit:size}, on general imports; the gap is on imports for consumption, so no "
            "share of it is told."
        )
        return Sentence("autos-share", words, {"deficit": deficit})
    product = product_counted(gap)
    formula = f"balance in {product.words} over balance in all goods"
    id = f"{product.id}.share_of_deficit"
    share = derived(id, gap.value / deficit.value, FRACTION, gap.period, formula, [gap, deficit])
    return Sentence(
        "autos-share",
        "It equals {share:percent} of the whole goods deficit of the same months, {deficit:size}.",
        {"share": share, "deficit": deficit},
    )


def over_the_years(gap: TimeSeries, year: Figure) -> Sentence | None:
    """How many years in a row the gap went one way, and how far back none was larger or smaller; None in a short record."""
    name = f"the {_called(year.value)}"
    ran = run(gap, name, "year")
    record = superlative(gap, "it" if ran is not None else name)
    told = [part for part in (ran, record) if part is not None]
    if not told:
        return None
    words = joined(told)
    return Sentence(
        "autos-over-the-years",
        f"In {{year}} {words.template}: {{size:size}}.",
        {**words.quoted, "size": year},
        {**words.labels, "year": year.period[:4]},
    )


def not_held(partner: str, held: Sequence[str]) -> Sentence:
    """That the chapter holds no vehicle figures for the partner, and whose it holds."""
    named = [codelists.in_prose(code) for code in held]
    labels = {"partner": partner, "chapter": CHAPTER, "held": f"{', '.join(named[:-1])} and {named[-1]}"}
    return Sentence(
        "autos-not-held",
        "For {partner} the record holds no trade by HS chapter. {chapter} is held for {held}.",
        {},
        labels,
        style="note",
    )


def nothing_held() -> Sentence:
    """That no vehicle figures at all had been published for the months held."""
    return Sentence(
        "autos-nothing-held",
        "Trade by HS chapter is held from {first} on. For an edition of this day there is nothing to show.",
        {},
        {"first": "January 2013"},
        style="note",
    )


def months_held(spans: Sequence[tuple[str, str, str]], last_published: str) -> Sentence | None:
    """Which months of imports are held on which basis; None if one basis reaches the last month published.

    `spans` are basis, first and last month, in the order of their months.
    """
    if len(spans) == 1 and spans[0][2] == last_published:
        return None
    held = " and ".join(
        f"as {codelists.TRADE_SYSTEMS[basis]} from {periods.in_words(first)} to {periods.in_words(last)}"
        for basis, first, last in spans
    )
    return Sentence(
        "autos-months-held",
        "Imports by HS chapter are held {held}. Other months up to {last}, the last published by this day, are on "
        "record on neither basis; nothing bridges them.",
        {},
        {"held": held, "last": periods.in_words(last_published)},
        style="note",
    )


def monthly_title(exports: Figure, imports: Figure, trade_system: str) -> Sentence:
    """How many dollars of imports stand against one of exports."""
    quoted = {"exports": exports, "imports": imports}
    labels = {"months": periods.in_words(imports.period), "basis": codelists.TRADE_SYSTEMS[trade_system]}
    if exports.value <= 0:
        return Sentence(f"autos-monthly-{trade_system}", "{basis} in {months}: {imports:size}", quoted, labels)
    ratio = derived(
        f"{imports.id}.to_exports",
        imports.value / exports.value,
        RATIO,
        imports.period,
        "imports over exports",
        [exports, imports],
    )
    return Sentence(
        f"autos-monthly-{trade_system}",
        "{basis_capital} were {ratio:times} exports in {months}",
        {"ratio": ratio},
        labels | {"basis_capital": labels["basis"][0].upper() + labels["basis"][1:]},
    )


def annual_title(largest: Figure, own: Figure | None, partner: str, largest_partner: str) -> Sentence:
    """Who has the largest gap of the last complete year, beside the partner's."""
    labels = {"year": largest.period[:4], "partner": partner, "largest_partner": largest_partner}
    if own is None or own.id == largest.id:
        return Sentence(
            "autos-annual",
            "Of these partners {largest_partner} has the largest gap: {largest:size} in {year}",
            {"largest": largest},
            labels,
        )
    beside = "that with {partner} {own:size}" if own.value < 0 else "with {partner} the US had a surplus of {own:size}"
    return Sentence(
        "autos-annual",
        f"The gap with {{largest_partner}} was {{largest:size}} in {{year}}, {beside}",
        {"largest": largest, "own": own},
        labels,
    )


def table_title(year: str, trade_system: str, product: Product) -> Sentence:
    """The title of the table of car makers."""
    return Sentence(
        "autos-table",
        "{goods} in {year}, by partner, {basis}",
        {},
        {"goods": product.goods.capitalize(), "year": year, "basis": codelists.TRADE_SYSTEMS[trade_system]},
    )


def by_end_use(total: Figure, cars: Figure | None, trucks: Figure | None, partner: str) -> Sentence:
    """What the US imported of vehicles, parts and engines in the last year, and the share of cars and trucks."""
    labels = {"partner": partner, "year": total.period}
    quoted = {"total": total}
    sentence = "In {year} the US imported vehicles, parts and engines for {total:size} from {partner}"
    if total.value == 0:
        return Sentence("end-use", "In {year} the US imported no vehicles, parts or engines from {partner}", {}, labels)
    if cars is not None and cars.value > 0:
        id, formula = f"{cars.id}.share", "passenger cars over all of end-use 3"
        quoted["cars"] = derived(id, cars.value / total.value, FRACTION, total.period, formula, [cars, total])
        sentence += ": {cars:percent} in passenger cars"
    if trucks is not None and trucks.value > 0:
        quoted["trucks"] = trucks
        sentence += f"{',' if 'cars' in quoted else ':'} {{trucks:size}} in trucks, buses and special vehicles"
    return Sentence("end-use", sentence, quoted, labels)


def by_definition(partner: str, *, balances: bool) -> Sentence:
    """The title of the table of definitions: of gaps, or of imports alone where no balance is held."""
    what = "The gap with {partner}" if balances else "US imports from {partner}"
    return Sentence(
        "autos-definitions-title",
        f"{what} by definition, the last complete year held on each",
        {},
        {"partner": partner},
    )


def on_definition(year: YearOf, definition: Definition, partner: str) -> Sentence:
    """The title of the chart of one definition."""
    labels = {"partner": partner, "year": year.year, "name": definition.name, "basis": definition.basis}
    if year.balance is not None:
        words = f"{{name}}: a {side(year.balance.value)} of {{balance:size}} with {{partner}} in {{year}}"
        return Sentence(f"autos-on-{definition.key}", words, {"balance": year.balance}, labels)
    return Sentence(
        f"autos-on-{definition.key}",
        "{name}: {basis} of {imports:size} from {partner} in {year}",
        {"imports": year.imports},
        labels,
    )


def not_on_definition(definition: Definition, partner: str, first: str) -> Sentence:
    """That no complete year from the first one shown on is held on a definition."""
    return Sentence(
        f"autos-not-on-{definition.key}",
        "On this definition ({name}, {basis}) no complete year from {first} on that had been published by then is held for {partner}.",
        {},
        {"first": first, "name": definition.name, "basis": definition.basis, "partner": partner},
        style="note",
    )


def published_gaps(published: Sequence[Placed], partner: str) -> Sentence:
    """How far apart the published gaps of whole years lie, of whatever goods and months they are; those worked out are not among them."""
    whole = [one for one in published if _is_a_year(one.period)]
    if whole and len(whole) < len(published):
        return _apart(whole, partner, "The gaps published for whole years with {partner}")
    return _apart(published, partner, "The published gaps with {partner}")


def _is_a_year(period: str) -> bool:
    return "/" in period and len(periods.span(*period.split("/"))) == 12


def _apart(published: Sequence[Placed], partner: str, subject: str) -> Sentence:
    if not published:
        words = "The gap with {partner} that a published share comes to, beside what this book computes"
        return Sentence("autos-published", words, {}, {"partner": partner})
    printed = [one.figure for one in published]
    low, high = min(printed, key=lambda f: abs(f.value)), max(printed, key=lambda f: abs(f.value))
    apart = "goods and months" if len({one.months for one in published}) > 1 else "goods"
    if low.value == high.value:
        return Sentence(
            "autos-published",
            "The published gap with {partner}, {low:size}, beside what this book computes",
            {"low": low},
            {"partner": partner},
        )
    return Sentence(
        "autos-published",
        subject + " run from {low:size} to {high:size}: they count different {apart}",
        {"low": low, "high": high},
        {"partner": partner, "apart": apart},
    )


def numbers_title() -> Sentence:
    """The title of the table of numbers of cars."""
    return Sentence("autos-numbers-title", "Numbers of cars, as printed")


def allowance(issue: IssueState) -> Sentence:
    """What was last agreed on the yearly allowance of cars a maker, and where it stands, in the record's words."""
    words, labels = _agreed(issue)
    return Sentence("autos-allowance", f"The safety-rule allowance of cars a maker{words}", {}, labels)


def trucks(imports: Figure, part: Figure, issue: IssueState, partner: str) -> Sentence:
    """Imports of trucks beside the duty that protects from them; nearly nil is less than half a thousandth."""
    duty, labels = _agreed(issue)
    little = ", next to nothing beside" if part.value < 0.0005 else ", {part:percent} of"
    words = (
        f"In {{year}} the US imported {{imports:size}} of trucks, buses and special vehicles from {{partner}}{little} its imports "
        f"of vehicles, engines and parts. The US duty on trucks{duty}"
    )
    return Sentence(
        "autos-trucks",
        words,
        {"imports": imports, "part": part},
        {"year": imports.period, "partner": partner, **labels},
    )


def _agreed(issue: IssueState) -> tuple[str, dict[str, str | RecordText]]:
    """What was last agreed and what has happened since, as template and labels."""
    latest, agreed = issue.latest, issue.last_agreed
    place = IN_TALKS[latest.place] if latest in issue.in_talks else IN_LAW[issue.law]
    labels: dict[str, str | RecordText] = {
        "place": place.words,
        "since": periods.when_in_words(latest.when),
        "text": entry_text(issue, "place", latest),
    }
    if agreed is None or agreed == latest:
        return ", {place} since {since}: {text}", labels
    labels |= {"agreed": entry_text(issue, "place", agreed), "day": periods.when_in_words(agreed.when)}
    return ", as last agreed on {day}: {agreed} Since {since}, {place}: {text}", labels


def no_end_use(partner: str) -> Sentence:
    """That no year of imports by end-use is held for the partner as of the day."""
    return Sentence(
        "end-use-none",
        "Our record has no imports of vehicles by end-use from {partner} for a year that had been published by then.",
        {},
        {"partner": partner},
        style="note",
    )


def coincidence(quote: Quote, balance: Figure, since: Figure | None) -> Sentence:
    """That a number quoted of vehicles is, by chance, also the balance in all goods of some months; `since` in the newest vintage."""
    words = (
        "By coincidence, {quoted:size} is also the US deficit in all goods of {months}, {balance:size_in_millions} in the vintage of "
        "{vintage}"
    )
    figures = {"quoted": quote.figure, "balance": balance}
    if since is not None:
        words += " and {since:size_in_millions} in the newest that has these months"
        figures["since"] = since
    labels = {
        "months": periods.in_words(balance.period),
        "vintage": periods.day_in_words(date.fromisoformat(balance.origins[0].vintage)),
    }
    return Sentence("autos-coincidence", f"{words}; nothing says that it was meant.", figures, labels)
