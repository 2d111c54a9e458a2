"""Page "Revisions": the same numbers as first published, as of the edition, and now."""

from datetime import date

import pandas as pd

from briefing import periods
from briefing.checks import quotes
from briefing.exhibits.charts import Chart
from briefing.exhibits.charts import revisions as pictures
from briefing.exhibits.charts.deficit import BASIS
from briefing.exhibits.tables import Cell, Column, Table
from briefing.figures import FRACTION, Figure, derived, how_far_moved, origins_of, revisions
from briefing.figures.how_far_moved import Move, Spread
from briefing.outputs import Output
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence
from briefing.sentences import revisions as sentences
from briefing.sentences.verdicts import as_printed_in_a_column
from briefing.sentences.words import Worded

MOST_YEARS = 12
MOST_COLUMNS, MOST_WIDE_COLUMNS, WIDE = 7, 6, 1e11
"""Years that fit beside each other on a page, fewer from 100 billion dollars on; the picture above has more."""
LABELS = {
    "exports": "Exports",
    "imports": "General imports",
    "balance": "Balance",
    "balance.change": "Change, percent",
}


@sources.once_registered
def _vintages(edition: Edition) -> list[dict[str, Figure]]:
    """The balance of each span shown, in every vintage that holds it."""
    trade = sources.country_vintages(edition)
    spans = revisions.spans_shown(trade, int(edition.first_period[:4]))[-MOST_YEARS:]
    return [found for months in spans if (found := revisions.by_vintage(trade, months))]


def _of_edition(edition: Edition, figures: dict[str, Figure]) -> Figure | None:
    """The figure on which the edition stands; None where that vintage does not hold the months."""
    return figures.get(_edition_vintage(edition))


def _edition_vintage(edition: Edition) -> str:
    return str(sources.country_vintage(edition).vintage)


def headline(edition: Edition) -> list[Output]:
    """The last span in the first, this and the newest vintage, and how many of the years shown moved."""
    drawn = _vintages(edition)
    spans = [figures for figures in drawn if _of_edition(edition, figures)]
    if not spans:
        return [sentences.nothing_whole(edition.partner_in_prose)]
    last = spans[-1]
    first, held, now = last[min(last)], _of_edition(edition, last), last[max(last)]
    assert held is not None
    partner, newest = (
        edition.partner_in_prose,
        max(str(source.vintage) for source in sources.whole_vintages("census-country")),
    )
    said = sentences.headline(first, held, now, partner, in_newest=max(last) == newest)
    return [said, sentences.how_far(drawn)]


def first_prints(edition: Edition) -> list[Output]:
    """What pages printed first, beside this edition and the newest vintage."""
    prints = quotes.first_prints(quotes.quotes(sources.talks_record(), edition.as_of), edition.partner)
    if not prints:
        return [sentences.no_first_print(edition.partner_in_prose, shown=bool(_vintages(edition)))]
    trade = sources.country_vintages(edition)
    rows = [_print_row(row, trade, edition) for row in prints]
    columns = [
        Column("Months", width=1.8),
        Column("What", width=1.6),
        Column("As first published"),
        Column("This edition"),
        Column("Now"),
        Column("Printed by", width=2.2),
    ]
    subtitle = "{unit}; change: of the size of the balance on the same months of the year before"
    return [Table("first-prints", sentences.first_prints_title(), subtitle, columns, rows, basis=BASIS, coarsest=1e9)]


def _print_row(row: quotes.Quote, trade: pd.DataFrame, edition: Edition) -> list[Cell]:
    months = periods.span(*row.period.split("/"))
    figures = revisions.by_vintage(trade, months, row.measure)
    return [
        periods.in_words(row.period),
        LABELS[row.measure],
        as_printed_in_a_column(row),
        _of_edition(edition, figures),
        figures[max(figures)] if figures else None,
        [(row.publication.words, row.publication.address)],
    ]


def moves(edition: Edition) -> list[Chart]:
    """How far the balance of each year lay from its newest value, in every vintage held."""
    spans = _vintages(edition)
    if not spans:
        return []
    origins = origins_of(sources.country_vintages(edition))
    title = sentences.chart_title(spans)
    return [pictures.moves(spans, _edition_vintage(edition), edition.partner, title, origins)]


def every_vintage(edition: Edition) -> list[Table]:
    """The balance of the last years in every vintage held."""
    spans = _vintages(edition)
    if not spans:
        return []
    wide = any(abs(figure.value) >= WIDE for figures in spans for figure in figures.values())
    spans = spans[-(MOST_WIDE_COLUMNS if wide else MOST_COLUMNS) :]
    vintages = sorted({vintage for figures in spans for vintage in figures})
    columns = [Column("Vintage", width=1.5), *(Column(_short(figures)) for figures in spans)]
    rows: list[list[Cell]] = [
        [_vintage_words(vintage), *(figures.get(vintage) for figures in spans)] for vintage in vintages
    ]
    return [
        Table(
            "every-vintage",
            sentences.table_title(edition.partner_in_prose),
            "{unit}; a dash where that vintage does not hold the months",
            columns,
            rows,
            basis=BASIS,
            emphasis=vintages.index(_edition_vintage(edition)) if _edition_vintage(edition) in vintages else -1,
        )
    ]


def how_far_figures_move(edition: Edition) -> list[Output]:
    """By how much figures of this trade have moved once they were out: in words, by kind and time, and each as a mark."""
    trade = sources.country_vintages(edition)
    found = how_far_moved.moves(trade)
    told = _spread_told(found, how_far_moved.YEAR_SO_FAR, trade)
    if told is None:
        return [sentences.too_few_moves(edition.partner_in_prose)]
    said: list[Output] = [sentences.how_far_figures_move(*told, edition.partner_in_prose)]
    origins = origins_of(trade)
    title = sentences.spread_chart_title(how_far_moved.YEAR_SO_FAR)
    chart = pictures.moves_in_time(found, how_far_moved.YEAR_SO_FAR, edition.partner, title, origins)
    return [*said, *_furthest(found, trade), chart, _spreads(found, trade)]


def as_old_as_the_headline(edition: Edition) -> Sentence | None:
    """How far balances like the headline's have moved since they came out, by the vintages that were out on the day; None of too few."""
    trade = sources.country_vintages(edition)
    out = trade[trade["vintage"] <= str(edition.as_of)]
    kind = how_far_moved.YEAR if edition.last_period.endswith("-12") else how_far_moved.YEAR_SO_FAR
    told = _spread_told(how_far_moved.moves(out), kind, out)
    is_of_many = told is not None and told[0].pairs >= how_far_moved.PAIRS
    return sentences.as_old_as_this(*told) if told is not None and is_of_many else None


def _spread_told(found: list[Move], kind: str, trade: pd.DataFrame) -> tuple[Spread, str, int] | None:
    """The spread of balances of a kind after a year, or the time next to it of which enough are held."""
    for after in (12, 24, 6):
        spread = how_far_moved.spread(found, kind, "balance", after, trade)
        if spread is not None:
            return spread, kind, after
    return None


def _furthest(found: list[Move], trade: pd.DataFrame) -> list[Output]:
    """The month's imports that moved furthest."""
    one = how_far_moved.furthest(found, how_far_moved.MONTH, "imports")
    if one is None:
        return []
    by_vintage = revisions.by_vintage(trade, one.span.split("/")[:1], "imports")
    first, now = by_vintage[one.first], by_vintage[one.later]
    formula = "the later vintage over the earlier, less one"
    moved = derived(f"{now.id}.over_{first.id}", one.share, FRACTION, now.period, formula, [now, first])
    return [sentences.furthest_month(first, now, moved)]


def _spreads(found: list[Move], trade: pd.DataFrame) -> Table:
    """How far figures of each kind moved after each time of which any are held."""
    spreads = {
        (kind, measure, after): how_far_moved.spread(found, kind, measure, after, trade)
        for kind in how_far_moved.KINDS
        for measure in how_far_moved.MEASURES
        for after in how_far_moved.AFTER
    }
    times = [after for after in how_far_moved.AFTER if any(spreads[key] for key in spreads if key[2] == after)]
    rows = [
        _spread_row(f"{LABELS[measure]} of a {kind}", [spreads[kind, measure, after] for after in times])
        for kind in how_far_moved.KINDS
        for measure in how_far_moved.MEASURES
        if any(spreads[kind, measure, after] for after in times)
    ]
    heads = [f"{sentences.APART[after].capitalize()}: {what}" for after in times for what in ("half", "nine in ten")]
    subtitle = "Percent of what was first said: half of the figures, and nine in ten, moved no further; upwards: of the last time"
    columns = [Column("Figure", width=2.2), *map(Column, heads), Column("Upwards")]
    return Table("how-far-figures-move", sentences.spread_title(), subtitle, columns, rows, basis=BASIS)


def _spread_row(label: str, spreads: list[Spread | None]) -> list[Cell]:
    pairs = [(one.median, one.ninetieth) if one else (None, None) for one in spreads]
    held = [one for one in spreads if one is not None]
    sizes = [Worded(figure, "finer_percentage") if figure else None for pair in pairs for figure in pair]
    return [label, *sizes, Worded(held[-1].upward, "whole_percentage")]


def _short(figures: dict[str, Figure]) -> str:
    """A year, or the months of an unfinished one, for the head of a column."""
    first, last = next(iter(figures.values())).period.split("/")
    if (first[5:], last[5:]) == ("01", "12"):
        return first[:4]
    begin, end = (periods.MONTHS[int(month[5:]) - 1][:3] for month in (first, last))
    return f"{end} {last[:4]}" if first == last else f"{begin}–{end} {last[:4]}"


def _vintage_words(vintage: str) -> str:
    day = date.fromisoformat(vintage)
    return f"{day.day} {periods.MONTHS[day.month - 1][:3]} {day.year}"
