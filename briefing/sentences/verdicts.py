"""Sentences on claims that people made, and on what the record makes of them."""

from collections.abc import Sequence
from math import inf

from briefing import checks, periods
from briefing.checks import Checked, Kind, Reading, Verdict
from briefing.checks.quotes import Quote, said_on
from briefing.checks.statements import Finding, Statement
from briefing.codes import codelists
from briefing.figures import COUNT, DOLLARS, FRACTION, Figure
from briefing.figures.ranges import ends
from briefing.sentences import Sentence
from briefing.sentences.words import Worded, in_words
from briefing.talks.texts import RecordText, origins_of, told

MEASURES = {
    "exports": "exports",
    "imports": "imports",
    "balance": "balance",
    "trade": "trade, both flows",
    "share": "share of the goods balance",
    "rank.balance": "place among US deficits",
    "rank.trade": "place among US trading partners",
}
SCOPES = {
    "goods": "goods",
    "services": "services",
    "goods and services": "goods and services",
    "trade": "trade",
    "vehicles": "vehicle",
    "passenger cars": "passenger car",
    "automotive": "automotive",
    "parts": "car part",
    "transport equipment": "transport equipment",
}
HOW = {"change": "change of the ", "ratio": "multiple of the "}


def quantity(quote: Quote) -> str:
    """What a quote measures, in words: "US goods balance with South Korea"."""
    what, _, how = quote.measure.partition(".")
    other = quote.counterpart or (codelists.in_prose(quote.partner) if quote.of_us else "the US")
    if what == "rank":
        return f"{codelists.short_label(quote.partner)}'s {MEASURES[quote.measure]}"
    scope = SCOPES[quote.scope]
    link = {"exports": "to", "imports": "from"}.get(what, "with")
    number = ", number of cars" if quote.figure.unit == COUNT else ""
    return f"{HOW.get(how, '')}{quote.reporter.adjective} {scope} {MEASURES[what]} {link} {other}{number}"


def exactly(quote: Quote) -> str:
    """The format in which readings can be held against the quote: millions, percent to a tenth, its unit's own."""
    if quote.figure.unit == FRACTION:
        return "signed_percent" if quote.measure.endswith("change") else "percent"
    if quote.figure.unit == DOLLARS:
        return _DOLLARS[_has_sign(quote)][0]
    return "number" if quote.figure.unit == COUNT else ""


def _has_sign(quote: Quote) -> bool:
    """Whether it is of a balance, which is printed with either sign in every format."""
    return quote.measure.startswith("balance")


def as_printed(quote: Quote) -> str:
    """The format with as many digits as the page printed, and with a sign where it has one."""
    if quote.figure.unit == DOLLARS:
        return dollars_to(quote.step, signed=_has_sign(quote))
    if quote.figure.unit == FRACTION and quote.step >= 0.01:
        return "whole_percent_signed" if quote.measure.endswith("change") else "whole_percent"
    return exactly(quote)


def dollars_to(step: float, *, signed: bool) -> str:
    """The format of dollars whose last digit is worth the step."""
    formats = _DOLLARS[signed]
    return formats.get(round(step), formats[0])


_DOLLARS = {
    False: {1e9: "whole_billions", 1e8: "size", 1e7: "hundredths", 1e6: "whole_millions", 0: "millions"},
    True: {
        1e9: "signed_whole_billions",
        1e8: "signed",
        1e7: "signed_hundredths",
        1e6: "signed_whole_millions",
        0: "signed_in_millions",
    },
}
"""By whether they have either sign: formats of dollars by what their last digit is worth, 0 for the most exact."""


def shown_as(reading: Reading, quote: Quote) -> str:
    """The format of a reading: of a page's print no more digits than it printed, else as `exactly`."""
    if reading.printed and not reading.figure.parts and quote.figure.unit == DOLLARS and reading.low != reading.high:
        return dollars_to(reading.high - reading.low, signed=_has_sign(quote))
    return exactly(quote)


def said(quote: Quote) -> Sentence:
    """Who said what, when, of which months."""
    labels = {
        "speaker": quote.said_by,
        "day": said_on(quote),
        "quantity": quantity(quote),
        "months": periods.in_words(quote.period) if quote.period else "period not stated",
    }
    hedge = f"{quote.hedge} " if quote.hedge else ""
    words = f"{{speaker}}, {{day}}: {{quantity}}, {{months}}: {hedge}{{figure:{as_printed(quote)}}}"
    return Sentence(f"said-{quote.id}", words, {"figure": quote.figure}, labels)


def judged(checked: Checked) -> Sentence:
    """The figures that the verdicts follow from: as on record on the claim's day, and as known now."""
    then, now = checked.verdict_then, checked.verdict_now
    quoted: dict[str, Figure] = {}
    labels: dict[str, str] = {}
    first = _verdict_words(then, "then", checked.quote, quoted, labels)
    second = _verdict_words(now, "now", checked.quote, quoted, labels)
    if then == now:
        words = f"{first[0].upper()}{first[1:]}." if not first.startswith("{") else f"{first}."
    else:
        words = f"{basis_of_day(checked)}: {first}. As known now: {second}."
    return Sentence(f"judged-{checked.quote.id}", words, quoted, labels)


def in_a_sentence(checked: Checked) -> Sentence:
    """What was said and what the record makes of it, in one run of text."""
    first, second = said(checked.quote), judged(checked)
    names = {"figure": first.quoted["figure"], **second.quoted}
    kind = checked.verdict_now.kind.words
    words = f"{first.template}. {kind[0].upper()}{kind[1:]}. {second.template}"
    return Sentence(f"checked-{checked.quote.id}", words, names, {**first.labels, **second.labels})


def basis_of_day(checked: Checked) -> str:
    """Whether what is called known on the claim's day is a vintage of that day or the nearest later one."""
    standings = {origin.standing for reading in checked.then for origin in reading.figure.origins}
    return "In the vintage nearest its day" if "later" in standings else "With what existed on its day"


def _verdict_words(verdict: Verdict, when: str, quote: Quote, quoted: dict[str, Figure], labels: dict[str, str]) -> str:
    nearest = (verdict.nearest,) if verdict.nearest else ()
    named = verdict.fitting if verdict.kind == checks.HOLDS_ONLY else nearest
    shown = [
        _reading_words(reading, f"{when}_{'abc'[n]}", quote, quoted, labels) for n, reading in enumerate(named[:3])
    ]
    return verdict.kind.opening + "; ".join(shown)


def shown_range(reading: Reading, spec: str) -> tuple[Figure, Figure] | None:
    """Both ends of what a figure made of rounded prints can be, where they print apart in the quote's own digits.

    A figure that a page printed is shown as it was printed.
    """
    if not reading.printed or not reading.figure.parts or reading.low == reading.high or reading.high == inf:
        return None
    near, far = ends(reading.figure, reading.low, reading.high)
    return (near, far) if in_words(near, spec) != in_words(far, spec) else None


def in_a_cell(reading: Reading, quote: Quote) -> Worded:
    """A reading as a cell prints it: as exactly as it can be held against the quote, or as the range it can lie in."""
    span = shown_range(reading, as_printed(quote))
    return Worded(reading.figure, as_printed(quote) if span is not None else shown_as(reading, quote), span)


def as_printed_in_a_column(quote: Quote) -> Figure | Worded:
    """A quote under a head that names the unit, with no digit that the page did not print."""
    if quote.figure.unit == DOLLARS:
        # The column's other figures have a minus alone.
        whole = dollars_to(quote.step, signed=False)
        return Worded(quote.figure, whole) if whole == "whole_billions" else quote.figure
    spec = as_printed(quote)
    return Worded(quote.figure, BARE.get(spec, spec)) if spec.startswith("whole") else quote.figure


def _reading_words(reading: Reading, name: str, quote: Quote, quoted: dict[str, Figure], labels: dict[str, str]) -> str:
    labels[f"{name}_what"] = reading.definition
    labels[f"{name}_when"] = periods.in_words(reading.period)
    coarse = as_printed(quote)
    span = shown_range(reading, coarse)
    if span is None:
        quoted[name] = reading.figure
        return f"{{{name}_what}}, {{{name}_when}}: {{{name}:{shown_as(reading, quote)}}}"
    quoted[f"{name}_near"], quoted[f"{name}_far"] = span
    first = f"{{{name}_near:{BARE.get(coarse, coarse)}}}"
    return f"{{{name}_what}}, {{{name}_when}}: between {first} and {{{name}_far:{coarse}}} (from rounded figures)"


BARE = {"signed_percent": "signed_percentage", "whole_percent_signed": "whole_percentage_signed"}
"""The format of a number whose unit stands elsewhere: with the second of two, or over the column."""


def headline(found: Sequence[Checked], partner: str) -> Sentence:
    """How many quoted figures are held against the record, and how many hold."""
    figures = counted(found)
    hold = {0: "none holds", 1: "one holds"}.get(int(figures["holds"].value), "{holds:count} hold")
    quoted = {"all": figures["all"], "holds": figures["holds"]}
    many = "figures" if len(found) > 1 else "figure"
    others = ", or on its trade with others," if any(one.quote.counterpart for one in found) else ""
    words = f"Of {{all:count}} {many} quoted on trade with {{partner}}{others} by this day, {hold} as said"
    if figures["unheld"].value:
        quoted["unheld"] = figures["unheld"]
        words += "; for {unheld:count} no series is held"
    return Sentence("checks-headline", f"{words}.", quoted, {"partner": partner}, style="headline")


def counted(found: Sequence[Checked]) -> dict[str, Figure]:
    """How many quotes come to each verdict, each judged by what stood on record on its day."""
    groups = {"all": list(checks.VERDICTS)}
    for kind in checks.VERDICTS:
        if kind.counted:
            groups.setdefault(kind.counted, []).append(kind)
    return {name: _number_of(name, kinds, found) for name, kinds in groups.items()}


def _number_of(name: str, kinds: Sequence[Kind], found: Sequence[Checked]) -> Figure:
    value = sum(one.verdict_then.kind in kinds for one in found)
    of_kinds = f" whose verdict, on its day, is: {' or '.join(kind.words for kind in kinds)}" if name != "all" else ""
    formula = f"quoted figures on record by the as-of day{of_kinds}"
    return Figure(f"checks.{name}", value, COUNT, "", formula, checks.records_of(found))


def none_recent() -> Sentence:
    """That nobody on record quoted a figure in the days before."""
    return Sentence("checks-none-recent", "Our record has no figure quoted in the days up to this one.", style="note")


def none(partner: str) -> Sentence:
    """That no claims on trade with the partner are on record by the day."""
    return Sentence(
        "checks-none",
        "Our record has no figure that others quoted on trade with {partner} by this day, so there is nothing to check.",
        {},
        {"partner": partner},
        style="note",
    )


def how_judged() -> Sentence:
    """How the verdicts follow."""
    return Sentence(
        "checks-how",
        "What a claim states is taken at its word; what it leaves open is tried in every fair way. It holds where the figure, "
        "rounded as printed, is the quoted one. It was cut where it has the figure's first digits and the rest is left off; it "
        "is off by rounding where it is the neighbouring figure, or differs by no more than the rounding of the printed figures "
        "it is made of, which are shown with their range. It was revised since where it was right on its day, or was the first "
        "print, and the office now has another figure. Each claim is checked twice: in the vintage of its day, or the nearest "
        "later one, and in the newest.",
        style="note",
    )


def table_title(id: str, subject: str) -> Sentence:
    """The title of a table of claims."""
    return Sentence(id, "{subject}", {}, {"subject": subject})


def none_said() -> Sentence:
    """That nothing said in words is on record for the last three months."""
    return Sentence(
        "checks-none-said",
        "Our record has nothing said of the talks in the last three months that could be checked.",
        style="note",
    )


Labels = dict[str, str | RecordText]


def statement_said(statement: Statement) -> Sentence:
    """Who said what, when."""
    words = told(f"statement.{statement.id}", statement.text, origins_of(statement.publications, statement.day))
    labels: Labels = {"speaker": statement.said_by, "day": periods.day_in_words(statement.day), "text": words}
    return Sentence(f"said-{statement.id}", "{speaker}, {day}: {text}", {}, labels)


def statement_judged(statement: Statement, then: Finding, now: Finding) -> Sentence:
    """What the record of the day made of it, and what is known now where that differs."""
    id = f"judged-{statement.id}"
    if (then.verdict, then.words, dict(then.labels)) == (now.verdict, now.words, dict(now.labels)):
        return Sentence(id, now.words, dict(now.figures), dict(now.labels))
    first, second = _renamed(then, "then"), _renamed(now, "now")
    words = f"On that day: {first.words} As known now: {second.words}"
    return Sentence(id, words, {**first.figures, **second.figures}, {**first.labels, **second.labels})


def _renamed(finding: Finding, prefix: str) -> Finding:
    """The finding with its names set apart, so that two can stand in one sentence."""
    words = finding.words
    for name in (*finding.figures, *finding.labels):
        words = words.replace(f"{{{name}", f"{{{prefix}_{name}")
    return Finding(
        finding.verdict,
        words,
        {f"{prefix}_{name}": figure for name, figure in finding.figures.items()},
        {f"{prefix}_{name}": label for name, label in finding.labels.items()},
        finding.publications,
    )
