"""Sentences on trade in all goods with one partner."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from briefing import periods
from briefing.checks.quotes import Quote
from briefing.codes import codelists, successions
from briefing.codes.successions import Succession
from briefing.figures import RATIO, ROUNDED_UNTIL, Figure, derived, moved_by, within_rounding
from briefing.figures.deficit import Standing, Totals, YearToDate
from briefing.record.edition import Edition
from briefing.record.origins import Origin
from briefing.record.vintages import Calendar
from briefing.sentences import Sentence
from briefing.sentences.movements import BEGINS, Movement, Words, joined, moved_words, movement
from briefing.sentences.rounding import ROUNDED, adds_up_otherwise
from briefing.sentences.verdicts import as_printed
from briefing.sentences.words import moved, side, signed


def headline(year: YearToDate, partner: str, why_none: str = "") -> Sentence:
    """The balance of the year so far against the same months of the year before.

    `why_none` says why there is no year before, where the partner's code is young.
    """
    if year.balance_before is None:
        spec, beside = "size", Words(f"; {'{why}' if why_none else NO_YEAR_BEFORE}", {}, {"why": why_none})
    else:
        spec, beside = _on_the_year_before(year, year.balance_before)
    opening = f"The US goods {side(year.balance.value)} with {{partner}} was {{now:{spec}}} in {{months}}"
    labels = {"partner": partner, "months": periods.in_words(year.balance.period), **beside.labels}
    quoted = {"now": year.balance, **beside.quoted}
    return Sentence("deficit-headline", f"{opening}{beside.template}.", quoted, labels, style="headline")


NO_YEAR_BEFORE = "the year before is not held for comparison"


def _on_the_year_before(year: YearToDate, before: Figure) -> tuple[str, Words]:
    """The format of the balance, and how it stands to that of the same months of the year before."""
    found = movement(year.balance, before)
    quoted, labels = {"before": before}, {"before_year": before.period[:4]}
    then = f"{_same_months(before.period)}{{before_year}}"
    if found.turned:
        words = f", after a {side(before.value)} of {{before:size}} in {then}: a change of {{moved:size}}"
        return "size", Words(words, quoted | {"moved": moved_by(year.balance, before)}, labels)
    if found.within_rounding:
        words = f", after {{before:size}} in {then}: a difference that rounding at the source can make"
        return "size", Words(words, quoted, labels)
    by, how_much = _by_how_much(year, found)
    way = found.word(f"up{by} from", f"down{by} from", "unchanged on")
    return found.spec, Words(f", {way} {{before:{found.spec}}} in {then}", quoted | how_much, labels)


def _same_months(period: str) -> str:
    """What the months are called beside those of another year, before its number: nothing where they are the whole of it."""
    first, last = period.split("/")
    if last.endswith("-12"):
        return ""
    return "the same month of " if first == last else "the same months of "


def _by_how_much(year: YearToDate, found: Movement) -> tuple[str, dict[str, Figure]]:
    """A percentage, or the amount where that would tell nothing; neither where the sizes print alike."""
    if year.balance_change is None and found.direction:
        return " {moved:size}", {"moved": moved_by(found.now, found.before)}
    if year.balance_change is not None and found.change is not None:
        return " {change:percent}", {"change": year.balance_change}
    return "", {}


def flows(year: YearToDate) -> Sentence:
    """What exports and imports did over the same months."""
    quoted = {"exports": year.exports, "imports": year.imports}
    parts = []
    for name, now, before, change in (
        ("exports", year.exports, year.exports_before, year.exports_change),
        ("imports", year.imports, year.imports_before, year.imports_change),
    ):
        label = "general imports" if name == "imports" else "exports"
        if before is None:
            parts.append(f"{label} were {{{name}:size}}")
        elif change is None:
            found = movement(now, before)
            if found.within_rounding or not now.value or not before.value:
                parts.append(_after(name, label, now, before, quoted))
                continue
            quoted[f"{name}_before"] = before
            sizes = f"from {{{name}_before:{found.spec}}} to {{{name}:{found.spec}}}"
            parts.append(
                f"{label} {found.word('rose', 'fell')} {sizes}"
                if found.direction
                else f"{label} held at {{{name}:size}}"
            )
        else:
            quoted[f"{name}_change"] = change
            word = moved(change.value, "rose", "fell", "held")
            by = "at" if word == "held" else f"{{{name}_change:percent}} to"
            parts.append(f"{label} {word} {by} {{{name}:size}}")
    rounded = f", {ROUNDED}" if _add_up_otherwise(year) else ""
    sentence = f"{parts[0][0].upper()}{parts[0][1:]}; {parts[1]}{rounded}."
    return Sentence("deficit-flows", sentence, quoted)


def _after(name: str, label: str, now: Figure, before: Figure, quoted: dict[str, Figure]) -> str:
    """A flow beside that of the year before, where neither way nor percentage would say what happened."""
    sizes = []
    for key, one in ((name, now), (f"{name}_before", before)):
        quoted.pop(key, None)
        if one.value:
            quoted[key] = one
        nil = "nil as rounded" if one.period <= ROUNDED_UNTIL else "nil"
        sizes.append(f"{{{key}:size}}" if one.value else nil)
    after = f"after {sizes[1]} a year before" if now.value or before.value else "as a year before"
    return f"{label} were {sizes[0]}, {after}"


def _add_up_otherwise(year: YearToDate) -> bool:
    """Whether the flows, as printed, do not make the balance that the headline prints."""
    return adds_up_otherwise(signed(year.balance.value), signed(year.exports.value), signed(-year.imports.value))


def on_one_territory(now: Totals, before: Totals, came: Succession) -> Sentence:
    """Trade with all that was counted under one code before, so that the years compare."""
    quoted: dict[str, Figure] = {}
    parts = []
    for name, one, other in zip(("exports", "general imports", "balance"), now, before, strict=True):
        key = name.split()[-1]
        found = movement(one, other)
        sizes = f"{{{key}_before:{found.spec}}} to {{{key}:{found.spec}}}"
        quoted |= {key: one, f"{key}_before": other}
        if key == "balance":
            parts.append(_balance_moved(found, sizes))
            continue
        if found.within_rounding:
            parts.append(f"{name} were {{{key}:size}}, after {{{key}_before:size}}")
            continue
        by = ""
        if found.change is not None:
            quoted[f"{key}_change"], by = found.change, f" by {{{key}_change:percent}}"
        way = moved_words(name, found.direction) if found.direction else "held"
        parts.append(f"{name} {way}{by}, from {sizes}")
    labels = {
        "together": _capital(successions.named(came.after, codes_too=False)),
        "former": successions.named((came.before,)),
        "until": periods.in_words(came.last),
        "months": periods.in_words(now[2].period),
        "before_months": periods.in_words(before[2].period),
    }
    opening = "{together} together, counted under {former} until {until}: against {before_months}, in {months} "
    return Sentence("on-one-territory", f"{opening}{'; '.join(parts)}.", quoted, labels)


def _balance_moved(found: Movement, sizes: str) -> str:
    """How a balance moved, where its sizes are told from the one before to the one now."""
    now = side(found.now.value)
    if found.turned:
        return f"a {side(found.before.value)} became a {now}, from {sizes}"
    if found.within_rounding:
        return f"the {now} was {{balance:size}}, after {{balance_before:size}}"
    if not found.direction:
        return f"the {now} was unchanged at {{balance:{found.spec}}}"
    return f"the {now} {moved_words(now, found.direction)} from {sizes}"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def counted_elsewhere(words: str) -> Sentence:
    """Under which codes the partner's trade stands before and after its own."""
    return Sentence("counted-elsewhere", "{words}", {}, {"words": words}, style="note")


def year_to_date_size(year: YearToDate) -> Sentence:
    """The title of the monthly chart: which flow is the larger, and by how much in the last month shown."""
    if year.balance.value == 0:
        words = "In {months} the US bought as much as it sold"
        return Sentence("monthly-title", words, {}, {"months": periods.in_words(year.balance.period)})
    more = "more than it sold" if year.balance.value < 0 else "less than it sold"
    return Sentence(
        "monthly-title",
        f"In {{months}} the US bought {{gap:size}} {more}",
        {"gap": year.balance},
        {"months": periods.in_words(year.balance.period)},
    )


def one_month(exports: Figure, imports: Figure, imports_label: str = "general imports") -> Sentence:
    """Both flows of the one month shown, in place of a picture, which would have no line."""
    words = "{month} is the one month shown: exports of {exports:size}, {basis} of {imports:size}. A picture of months needs more than one."
    labels = {"month": periods.in_words(exports.period), "basis": imports_label}
    return Sentence("one-month", words, {"exports": exports, "imports": imports}, labels, style="note")


def twelve_months(now: Figure | None, before: Figure | None) -> Sentence:
    """The twelve-month balance against a year before."""
    if now is None:
        return Sentence("twelve-months", "Fewer than twelve months are held, so no twelve-month sum is shown")
    what = side(now.value)
    quoted = {"now": now}
    if before is None or before.value * now.value < 0 or before.value == 0:
        return Sentence("twelve-months", f"Over twelve months the {what} comes to {{now:size}}", quoted)
    id, formula = f"{now.id}.less_year_before", "size of the twelve-month balance less that of a year before"
    change = derived(id, abs(now.value) - abs(before.value), now.unit, now.period, formula, [now, before])
    if within_rounding(now, before):
        words = f"Over twelve months the {what} is {{now:size}}, after {{before:size}} a year before"
        return Sentence("twelve-months", words, {"now": now, "before": before})
    quoted["change"] = change
    word = moved(change.value / abs(before.value), "more", "less", "the same")
    if word == "the same":
        return Sentence("twelve-months", f"Over twelve months the {what} is {{now:size}}, as a year before", quoted)
    return Sentence(
        "twelve-months",
        f"Over twelve months the {what} is {{now:size}}, {{change:size}} {word} than a year before",
        quoted,
    )


def first_and_last_year(
    first: Figure | None, last: Figure | None, *, before_pact: bool, between: Sequence[Figure] = ()
) -> Sentence:
    """The balance of the first and the last complete year shown, and their ratio; `between` are the balances of the others.

    Of years that lie far from both, a difference between the two that is small beside theirs has no direction.
    """
    if first is None or last is None or first.period == last.period:
        return Sentence("years", "The balance by calendar year")
    labels = {"first_year": first.period[:4], "last_year": last.period[:4]}
    if any(balance * last.value <= 0 for balance in (first.value, last.value)):
        words = f"A {side(first.value)} of {{first:size}} in {{first_year}} became a {side(last.value)} of {{last:size}} in {{last_year}}"
        return Sentence("years", words, {"first": first, "last": last}, labels)
    if any(balance.value * last.value < 0 for balance in between):
        other = "surpluses" if last.value < 0 else "deficits"
        words = f"The {side(last.value)} was {{first:size}} in {{first_year}} and {{last:size}} in {{last_year}}, with {other} in between"
        return Sentence("years", words, {"first": first, "last": last}, labels)
    found, pact = movement(last, first), ", the year before the pact," if before_pact else ""
    far = _far_from_both(found, between)
    if far is not None:
        words = (
            f"The {side(last.value)} was little changed, {{first:{found.spec}}} in {{first_year}}{pact} and {{last:{found.spec}}} in "
            f"{{last_year}}, but {{far:{found.spec}}} in {{far_year}}"
        )
        return Sentence(
            "years", words, {"first": first, "last": last, "far": far}, labels | {"far_year": far.period[:4]}
        )
    words, ratio = _on_one_side(found, pact)
    return Sentence("years", words, {"first": first, "last": last, **ratio}, labels)


LITTLE = 0.02
"""The part of a size by which it may differ from that of an earlier year and still be little changed, where others lay far off."""
FAR = 10
"""So many times as far as the two years are from each other, at the least, lies one that is far from both."""


def _far_from_both(found: Movement, between: Sequence[Figure]) -> Figure | None:
    """The balance that lies furthest from those of both years, where beside it these hardly differ; else None."""
    first, last = abs(found.before.value), abs(found.now.value)
    if not found.direction or found.within_rounding or abs(last - first) > LITTLE * first:
        return None

    def off(one: Figure) -> float:
        return min(abs(abs(one.value) - first), abs(abs(one.value) - last))

    far = max(between, key=off, default=None)
    return far if far is not None and off(far) >= FAR * abs(last - first) else None


def _on_one_side(found: Movement, pact: str) -> tuple[str, dict[str, Figure]]:
    """What the balance of the first year became by the last, with the ratio or change it is told by."""
    what = side(found.now.value)
    if found.within_rounding:
        return f"The {what} was {{first:size}} in {{first_year}}{pact} and {{last:size}} in {{last_year}}", {}
    if found.direction == 0:
        before = f"{{first_year}}{pact.rstrip(',')}"
        return f"The {what} of {{last_year}}, {{last:{found.spec}}}, was as large as that of {before}", {}
    sizes = f"from {{first:{found.spec}}} in {{first_year}}{pact} to {{last:{found.spec}}} in {{last_year}}"
    if found.multiple:
        return f"The {what} {found.multiple}, {sizes}", {}
    by, ratio = _ratio_or_change(found)
    return f"The {what} {moved_words(what, found.direction)}{by}, {sizes}", ratio


def _ratio_or_change(found: Movement) -> tuple[str, dict[str, Figure]]:
    """By which part the size changed; of more than twice the size, how many times it is; nothing where neither tells much."""
    if found.change is None:
        return "", {}
    first, last = found.before, found.now
    if last.value / first.value <= 2:
        return " by {change:percent}", {"change": found.change}
    id, period = f"{last.id}.to.{first.period}", f"{first.period[:7]}/{last.period[-7:]}"
    ratio = derived(id, last.value / first.value, RATIO, period, "last year over first year", [first, last])
    return " to {ratio:times} its size", {"ratio": ratio}


def place(standing: Standing, balance: Figure, partner: str) -> Sentence:
    """The partner's rank among US deficits and its share of the whole."""
    labels = {"partner": partner, "months": periods.in_words(balance.period)}
    if standing.rank is None:
        return Sentence("rank", "The largest US goods deficits by partner in {months}", {}, labels)
    quoted = {"rank": standing.rank}
    sentence = "The US goods deficit with {partner} was the {rank:ordinal} of {months}"
    if standing.share is not None and round(standing.share.value, 3) > 0:
        quoted["share"] = standing.share
        sentence += ", {share:percent} of the whole"
    return Sentence("rank", sentence, quoted, labels)


def last_months(partner: str) -> Sentence:
    """The title of the table of months."""
    return Sentence("months-title", "The last months with {partner}", {}, {"partner": partner})


def standing_of_vintage(origin: Origin, edition: Edition, last_period: str, ends: str, calendar: Calendar) -> Sentence:
    """Which vintage the chapter stands on, and how that vintage stands to the as-of day.

    `last_period` is the last month held for the partner, `ends` that of the vintage: where others reach further, it says so.
    """
    vintage = date.fromisoformat(origin.vintage)
    labels = {"vintage": periods.day_in_words(vintage), "day": periods.day_in_words(edition.as_of)}
    told = [_vintage_chosen(origin, vintage, edition, ends, calendar), *_what_it_lacks(edition, last_period, ends)]
    for part in told:
        labels |= part.labels
    return Sentence("vintage-standing", " ".join(part.template for part in told), {}, labels, style="note")


def _vintage_chosen(origin: Origin, vintage: date, edition: Edition, ends: str, calendar: Calendar) -> Words:
    """Which vintage it is: the one in force, the nearest later one, or the newest held."""
    last = {"last": periods.in_words(edition.last_period)}
    if origin.standing == "held":
        words = "These figures are those in force on {day}: the vintage of {vintage}, with data to {last}."
        return Words(words, {}, last)
    if origin.standing == "later":
        may_differ, labels = _revised_between(edition, vintage, calendar)
        words = (
            "No vintage in force on {day} is held. The figures come from the nearest later one, of {vintage}, cut at "
            f"{{last}}, {_why_there(edition, calendar)}{may_differ}."
        )
        return Words(words, {}, last | labels)
    words = (
        "The newest vintage held, of {vintage}, ends at {last}. Data to {published} had been published by {day} "
        "and are not held: this edition is behind the day."
    )
    labels = {"last": periods.in_words(ends), "published": periods.in_words(calendar.last_published(edition.as_of))}
    if edition.last_period < ends:
        words += " It is cut at {asked}, as asked."
        labels["asked"] = periods.in_words(edition.last_period)
    return Words(words, {}, labels)


def _revised_between(edition: Edition, vintage: date, calendar: Calendar) -> tuple[str, dict[str, str]]:
    """That the year was revised after the edition's day and before the vintage; nothing where it was not."""
    revisions = calendar.annual_revisions(edition.as_of, vintage)
    if not revisions:
        return "", {}
    many = "" if len(revisions) == 1 else ", and others before,"
    words = f"; as it came after the annual revision of {{revisions}}{many} it may differ from the first print"
    return words, {"revisions": periods.day_in_words(revisions[-1])}


def _what_it_lacks(edition: Edition, last_period: str, ends: str) -> Iterator[Words]:
    """That old months are rounded at the source, and that the partner's end before the others'."""
    first = max(edition.first_period, successions.life(edition.partner)[0])
    if first <= ROUNDED_UNTIL and edition.partner != codelists.WORLD:
        words = "Until {rounded_until} the source gives each month's flow to the nearest hundred thousand dollars."
        yield Words(words, {}, {"rounded_until": periods.in_words(ROUNDED_UNTIL)})
    if last_period < min(ends, edition.last_period):
        words = "Trade with this partner is on record to {partner_last} only."
        yield Words(words, {}, {"partner_last": periods.in_words(last_period)})


def _why_there(edition: Edition, calendar: Calendar) -> str:
    """Why the figures end where they do: nothing later was out, or whoever asked wanted no more."""
    if edition.last_period < calendar.last_published(edition.as_of):
        return "the month asked for"
    return f"the last month {_published(edition, calendar)} by then"


def _published(edition: Edition, calendar: Calendar) -> str:
    """How sure it is that no later month had been published: of months without a page on record the day is assumed."""
    known = calendar.release(periods.shifted(calendar.last_published(edition.as_of), 1)).kind != "assumed"
    return "published" if known else "that we know to have been published"


def known_now(year: YearToDate, now: YearToDate, newest: Origin) -> Sentence:
    """What the newest vintage says of the same months."""
    labels = {
        "vintage": periods.day_in_words(date.fromisoformat(newest.vintage)),
        "months": periods.in_words(year.balance.period),
    }
    if now.balance.period != year.balance.period:
        sentence = "With hindsight: the newest vintage held, of {vintage}, has no value for all of {months}."
        return Sentence("known-now", sentence, {}, labels, style="note")
    quoted = {"now": now.balance, "then": year.balance, "exports": now.exports, "imports": now.imports}
    sentence = (
        "With hindsight: in the newest vintage held, of {vintage}, the balance of {months} stands at {now:millions} "
        "(exports {exports:millions}, imports {imports:millions})"
    )
    if now.balance_change is not None:
        quoted["change"] = now.balance_change
        sentence += ", {change:signed_percent} on the year before"
    return Sentence("known-now", sentence + "; this edition has {then:millions}.", quoted, labels, style="note")


def as_first_published(printed: Figure, balance: Figure, speaker: str) -> Sentence:
    """The balance as it was first printed, beside this vintage's."""
    same = round(printed.value / 1e9, 1) == round(balance.value / 1e9, 1)
    ending = "which rounds to the same." if same else "which does not round to that: the figure was revised."
    return Sentence(
        "as-first-published",
        f"First published, by {{speaker}}, as {{printed:millions}}; this edition has {{balance:millions}}, {ending}",
        {"printed": printed, "balance": balance},
        {"speaker": speaker},
    )


def against_the_news(
    deficit: Figure, fall: Figure, year: YearToDate, labels: dict[str, str], *, in_tenths: bool = False
) -> Sentence:
    """Whether the quoted deficit and its quoted change agree, rounded as printed, with this vintage.

    `labels` names the speaker, and the day where it is not that of the edition; `in_tenths` is whether the change was
    printed to a tenth of a percent.
    """
    change = year.balance_change
    same = round(year.balance.value / 1e9, 1) == round(deficit.value / 1e9, 1)
    agrees = same and change is not None and round(change.value * 100, in_tenths) == round(fall.value * 100, in_tenths)
    verdict = (
        "this vintage rounds to the same, without being the first print"
        if agrees and year.balance.origins[0].standing == "later"
        else "the vintage in force rounds to the same"
        if agrees
        else "this vintage rounds to the same deficit and not to the same change"
        if same
        else "this vintage does not round to that"
    )
    quoted = {"deficit": deficit, "fall": fall, "balance": year.balance}
    if change is not None:
        quoted["change"] = change
    ours = "{balance:millions}, {change:signed_percent}" if change is not None else "{balance:millions}"
    of = "{day}" if "day" in labels else "the day"
    return Sentence(
        "against-the-news",
        f"The news of {of}, {{speaker}}, put the deficit at {{deficit:size}}, "
        f"{moved(fall.value)} {{fall:{'percent' if in_tenths else 'whole_percent'}}}. With {ours}, {verdict}.",
        quoted,
        labels,
    )


def records(
    id: str, parts: Sequence[Words], opening: str = "", labels: dict[str, str] | None = None
) -> Sentence | None:
    """Parts joined to one sentence; None without any."""
    if not parts:
        return None
    told = joined(parts)
    words = opening + told.template
    return Sentence(id, f"{words[0].upper()}{words[1:]}.", told.quoted, told.labels | (labels or {}))


def twelve_month_peak(now: Figure, peak: Figure, begins: str, *, tied: bool, run: Words | None) -> Sentence:
    """When the twelve-month balance was largest on its present side, and how far the last lies below that.

    `tied` is whether an earlier sum prints the same as the largest; the latest of them is named.
    """
    what, found = side(now.value), movement(now, peak)
    labels = {"begins": periods.in_words(begins[:4]), "last": periods.in_words(now.period[-7:])}
    quoted = {"peak": peak}
    if found.direction == 0:
        words = (
            f"No twelve-month {what}{BEGINS} was larger than that to {{last}}, {{peak:{found.spec}}} in current dollars"
        )
    else:
        labels["month"] = periods.in_words(peak.period[-7:])
        quoted |= {"now": now}
        below = "below that"
        if found.change is not None:
            quoted["change"], below = found.change, "{change:percent} below that"
        opening = f"{BEGINS.strip().capitalize()}, the {what} was largest in the twelve months to {{month}}, at"
        if tied:
            opening = f"No twelve-month {what}{BEGINS} was larger than that to {{month}},"
        words = f"{opening} {{peak:{found.spec}}} in current dollars; in those to {{last}} it was {{now:{found.spec}}}, {below}"
    if run is not None:
        words += f". {run.template[0].upper()}{run.template[1:]}"
        quoted, labels = quoted | run.quoted, labels | run.labels
    return Sentence("twelve-month-peak", f"{words}.", quoted, labels)


def services(printed: Mapping[str, Quote], partner: str) -> Sentence:
    """What a page printed of a year's trade in services: the balance, and exports where it has them; `printed` is by measure."""
    balance, exports = printed["balance"], printed.get("exports")
    figures = {"balance": balance.figure} | ({"exports": exports.figure} if exports is not None else {})
    sold = f"; it sold {{exports:{as_printed(exports)}}}" if exports is not None else ""
    words = f"In services the US had a {side(balance.figure.value)} of {{balance:size}} with {{partner}} in {{year}}{sold}, as printed by {{speaker}}."
    labels = {"partner": partner, "year": periods.in_words(balance.period), "speaker": balance.said_by}
    return Sentence("services", f"{words} No series of services is held.", figures, labels)
