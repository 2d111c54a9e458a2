"""Chapter "Deficit trends": all goods with the partner."""

from dataclasses import replace
from datetime import date

import pandas as pd

from briefing import periods
from briefing.chapters.state_of_talks import pact_of
from briefing.checks import quotes
from briefing.codes import codelists, successions
from briefing.exhibits.charts import Chart
from briefing.exhibits.charts import deficit as pictures
from briefing.exhibits.charts import trends as pictures_of_trends
from briefing.exhibits.charts.marks import rows_of
from briefing.exhibits.tables import Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import Figure, contributions, deficit, origins_of, series, within_rounding
from briefing.figures.deficit import YearToDate
from briefing.outputs import Output
from briefing.record import observations, sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence, trends
from briefing.sentences import deficit as sentences
from briefing.sentences import movements as record
from briefing.sentences.words import side

LEAST_SUMS = 24
"""Twelve-month sums below which no largest one is named: those of three years."""


def _year(edition: Edition) -> YearToDate:
    return deficit.year_to_date(sources.own_trade(edition), edition.partner)


def standing(edition: Edition) -> deficit.Standing:
    """The partner's place among US deficits of the year so far, and its share of the whole."""
    balance = _year(edition).balance
    return deficit.standing(_everyone(edition), edition.partner, balance)


def _everyone(edition: Edition) -> pd.DataFrame:
    return sources.everyone(edition, *_year(edition).balance.period.split("/"))


def headline(edition: Edition) -> list[Output]:
    """The headline sentence, the strip of figures, and what exports and imports did."""
    year = _year(edition)
    shown = [
        sentences.headline(year, edition.partner_in_prose, successions.year_before(edition.partner)),
        tiles(edition),
        sentences.flows(year),
        _on_one_territory(edition, year),
        _records(edition, year),
        _services(edition),
    ]
    return [output for output in shown if output is not None]


def _on_one_territory(edition: Edition, year: YearToDate) -> Sentence | None:
    """The year so far beside the year before where another code carried the trade, counted over all codes together."""
    came = successions.succession_to(edition.partner)
    if came is None or not came.whole or year.balance_before is not None:
        return None
    months = periods.span(*year.balance.period.split("/"))
    earlier = [periods.shifted(month, -12) for month in months]
    trade = sources.months_of_trade(edition, earlier[0], months[-1])
    now, before = (deficit.of_territory(trade, came.codes, span) for span in (months, earlier))
    return sentences.on_one_territory(now, before, came)


def _services(edition: Edition) -> Sentence | None:
    """Services of the latest year of which a page printed the balance: no series of them is held."""
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    found = [q for q in known if (q.partner, q.scope) == (edition.partner, "services") and q.of_us]
    year = max((quote.period for quote in found if quote.measure == "balance"), default="")
    of_year = {quote.measure: quote for quote in found if quote.period == year}
    return sentences.services(of_year, edition.partner_in_prose) if of_year else None


def _records(edition: Edition, year: YearToDate) -> Sentence | None:
    """How far back these months of a year saw no larger, or no smaller, exports, imports or balance."""
    own = sources.own_trade(edition)
    first, last = year.balance.period.split("/")
    parts = [
        record.superlative(series.same_months(own, name, first[5:], last[5:], f"series.{edition.partner}"), called)
        for name, called in record.named(year.balance.value).items()
    ]
    return sentences.records("year-to-date-record", [part for part in parts if part is not None])


def tiles(edition: Edition) -> Tiles:
    """Balance of the year so far, its change, the twelve-month balance, and the rank or the two flows."""
    year = _year(edition)
    months = periods.in_words(year.balance.period)
    before = year.balance_before
    found = record.movement(year.balance, before) if before is not None else None
    spec = "signed" if found is None or found.turned else record.SIGNED[found.spec]
    shown = [Tile("Goods balance", year.balance, spec, months)]
    if year.balance_change is not None:
        shown.append(Tile("Change in size", year.balance_change, "signed_percent", "on a year before"))
    elif year.balance_moved_by is not None:
        shown.append(Tile("Change in balance", year.balance_moved_by, "signed", "on a year before"))
    last = year.balance.period[-7:]
    rolling = deficit.twelve_month_balance(sources.own_trade(edition), edition.partner, last)
    if rolling is not None:
        shown.append(
            Tile(
                "Twelve-month balance",
                rolling,
                spec if rolling.id == year.balance.id else "signed",
                f"to {periods.in_words(last)}",
            )
        )
    rank = standing(edition).rank
    if rank is not None:
        shown.append(Tile("Place among deficits", rank, "ordinal", f"of all countries, {months}"))
    return Tiles("deficit-tiles", shown)


def said_then(edition: Edition) -> list[Output]:
    """What the news of the day said of the balance, or who printed it first."""
    beside = against_the_news(edition) or as_first_published(edition)
    return [beside] if beside is not None else []


def vintage_standing(edition: Edition) -> Sentence:
    """How the vintage that the edition stands on stands to its day."""
    balance, ends = _year(edition).balance, sources.country_vintage(edition).last_period
    return sentences.standing_of_vintage(balance.origins[0], edition, balance.period[-7:], ends, sources.calendar())


def known_since(edition: Edition) -> list[Output]:
    """Under which codes the partner's other trade stands, and what the newest vintage has for the same months."""
    elsewhere = successions.counted_elsewhere(edition.partner)
    shown: list[Output] = [sentences.counted_elsewhere(elsewhere)] if elsewhere and _outlives(edition) else []
    year = _year(edition)
    now = deficit.year_to_date(sources.own_trade_now(edition), edition.partner, "now")
    newest = now.balance.origins[0]
    return (
        [*shown, sentences.known_now(year, now, newest)] if newest.vintage != year.balance.origins[0].vintage else shown
    )


def _outlives(edition: Edition) -> bool:
    """Whether the months shown reach beyond those of the partner's own code."""
    first, last = successions.life_alone(edition.partner)
    return edition.first_period < first or last < edition.last_period


def against_the_news(edition: Edition) -> Sentence | None:
    """The quoted deficit and its change against the vintage, where the news quoted them for these months."""
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    year = _year(edition)
    said = {
        quote.measure: quote
        for quote in quotes.of_goods(known, edition.as_of).values()
        if (quote.partner, quote.period) == (edition.partner, year.balance.period)
    }
    if not {"balance", "balance.change"} <= set(said):
        return None
    size, fall = said["balance"], said["balance.change"]
    labels = {"speaker": size.said_by} | ({"day": quotes.said_on(size)} if size.day != edition.as_of else {})
    return sentences.against_the_news(size.figure, fall.figure, year, labels, in_tenths=fall.step < 0.01)


def as_first_published(edition: Edition) -> Sentence | None:
    """The balance of these months as a page first printed it, where one is on record and known by the day."""
    year = _year(edition)
    prints = quotes.first_prints(quotes.quotes(sources.talks_record(), edition.as_of), edition.partner)
    found = [quote for quote in prints if (quote.measure, quote.period) == ("balance", year.balance.period)]
    return sentences.as_first_published(found[0].figure, year.balance, found[0].said_by) if found else None


def monthly_trade(edition: Edition) -> Chart | Sentence:
    """Exports, general imports and balance by month, over the edition's window; of one month in words."""
    trade = sources.own_trade(edition)
    table = deficit.monthly(trade, edition.partner)
    window = table[table["time_period"] >= edition.first_period]
    if len(window) == 1:
        return sentences.one_month(*deficit.totals(trade, list(window["time_period"]))[:2])
    title = sentences.year_to_date_size(_year(edition))
    return pictures.monthly_trade(window, edition.partner, title, origins_of(trade))


def twelve_month_balance(edition: Edition) -> list[Output]:
    """The balance summed over twelve months, over the edition's window, and when it was largest on record; one sum in words."""
    trade = rows = sources.own_trade(edition)
    table = deficit.monthly(trade, edition.partner)
    last = str(table["time_period"].iloc[-1])
    title = sentences.twelve_months(
        deficit.twelve_month_balance(trade, edition.partner, last),
        deficit.twelve_month_balance(trade, edition.partner, periods.shifted(last, -12)),
    )
    window = table[table["time_period"] >= edition.first_period]
    peak = _peak(edition)
    beside = [peak] if peak is not None else []
    if window["twelve_months"].isna().all():
        return [title.alone()]
    if window["twelve_months"].count() == 1:
        return [title.alone(), *beside]
    pact = _pact_in_force(edition)
    lowest = str(window.sort_values("twelve_months")["time_period"].iloc[0])
    marked = [deficit.twelve_month_balance(trade, edition.partner, month) for month in (lowest, last)]
    chart = pictures.twelve_month_balance(window, edition.partner, title, origins_of(rows), pact)
    return [replace(chart, drawn=tuple(figure for figure in marked if figure is not None)), *beside]


def _peak(edition: Edition) -> Sentence | None:
    """When the twelve-month balance was largest on its present side; None for a record of less than three years."""
    trade = sources.own_trade(edition)
    sums = series.twelve_months(trade, "balance", f"series.{edition.partner}")
    held = series.unbroken(sums.size)
    if len(held) < LEAST_SUMS or not held.iloc[-1]:
        return None
    sizes = held.map(series.printed)
    largest = [str(month) for month in sizes[sizes == sizes.max()].index]
    now, peak = (
        deficit.twelve_month_balance(trade, edition.partner, month) for month in (str(held.index[-1]), largest[-1])
    )
    if now is None or peak is None or within_rounding(now, peak):
        return None
    begins = sums.spans[str(held.index[0])][0]
    return sentences.twelve_month_peak(
        now, peak, begins, tied=len(largest) > 1, run=record.run(sums, f"the twelve-month {side(now.value)}", "month")
    )


def annual_balance(edition: Edition) -> list[Output]:
    """The balance by calendar year, from the year of the edition's first month, and how long it went one way."""
    trade = rows = sources.own_trade(edition)
    first_year = int(edition.first_period[:4])
    table = deficit.annual(trade, edition.partner, first_year)
    complete = [int(year) for year in table.loc[table["months"] == 12, "year"]]
    years = [year for one in complete if (year := deficit.year_balance(trade, edition.partner, one)) is not None]
    first, last = (years[0], years[-1]) if years else (None, None)
    pact = _pact_in_force(edition)
    before_pact = pact is not None and complete[:1] == [pact.year - 1]
    title = sentences.first_and_last_year(first, last, before_pact=before_pact, between=years[1:-1])
    held = set(rows["time_period"])
    spans = [periods.span(row.first_period, row.last_period) for row in rows_of(table)]
    drawn = tuple(deficit.totals(rows, [month for month in months if month in held])[2] for months in spans)
    chart = replace(pictures.annual_balance(table, edition.partner, title, origins_of(rows)), drawn=drawn)
    ran = _years_in_a_row(rows, last) if last is not None else None
    return [chart, *([ran] if ran is not None else [])]


def _years_in_a_row(rows: pd.DataFrame, last: Figure) -> Sentence | None:
    """How many years in a row balance, imports and exports had gone one way, up to the last complete year."""
    (partner,) = set(rows["counterpart_area"])
    own = observations.between(rows, "", last.period[-7:])
    parts = [
        record.run(series.same_months(own, name, "01", "12", f"series.{partner}"), called, "year")
        for name, called in reversed(record.named(last.value).items())
    ]
    told = [part for part in parts if part is not None][:2]
    return sentences.records("years-in-a-row", told, "in {year} ", {"year": last.period[:4]})


def ranking(edition: Edition) -> Chart:
    """The ten largest US deficits of the year so far, and the partner's."""
    everyone, year = _everyone(edition), _year(edition)
    months = periods.span(*year.balance.period.split("/"))
    title = sentences.place(standing(edition), year.balance, codelists.in_prose(edition.partner))
    table = deficit.ranking(everyone)
    shown = table.loc[table["rank"].le(10) | table["counterpart_area"].eq(edition.partner), "counterpart_area"]
    drawn = tuple(figure for code in shown if (figure := deficit.balance_in(everyone, code, months)) is not None)
    chart = pictures.ranking(table, edition.partner, title, origins_of(everyone), periods.in_words(year.balance.period))
    return replace(chart, drawn=drawn)


def last_months(edition: Edition) -> Table:
    """Exports, imports, balance and twelve-month balance of the last thirteen months."""
    trade = sources.own_trade(edition)
    last = deficit.last_period(trade, codelists.short_label(edition.partner))
    held = set(trade["time_period"])
    months = [month for month in periods.span(periods.shifted(last, -12), last) if month in held]
    cells = []
    for month in reversed(months):
        figures = deficit.month_figures(trade, edition.partner, month)
        cells.append([periods.in_words(month), *figures.values()])
    return Table(
        id="last-months",
        title=sentences.last_months(edition.partner_in_prose),
        subtitle="{unit}",
        columns=[
            Column("Month", width=1.4),
            Column("Exports"),
            Column("General imports"),
            Column("Balance"),
            Column("Twelve-month balance", width=1.3),
        ],
        rows=cells,
        basis=pictures.BASIS,
    )


def why_it_moved(edition: Edition) -> list[Output]:
    """The change of the year so far by exports and imports, and by HS chapter where the chapters are held."""
    year = _year(edition)
    flows = contributions.by_flows(year)
    if flows is None:
        return [trends.no_change(successions.year_before(edition.partner))]
    subtitle = f"US goods balance with {edition.partner_in_prose}, from the months of one year to those of the next"
    shown: list[Output] = [
        pictures_of_trends.waterfall(flows, "change-by-flow", trends.by_flows(flows), subtitle, pictures.BASIS)
    ]
    rows = sources.every_chapter(edition)
    chapters = contributions.by_chapters(year, rows) if rows["commodity"].nunique() > 1 else None
    if chapters is None:
        return [*shown, trends.no_chapters(edition.partner_in_prose)]
    basis = (
        f"By HS chapter: total exports FAS less {codelists.TRADE_SYSTEMS[chapters.trade_system]}, customs value. The difference of "
        "basis is what general imports and the vintage of all goods add: goods that pass through warehouses are counted at other times."
    )
    return [
        *shown,
        pictures_of_trends.waterfall(chapters, "change-by-chapter", trends.by_chapters(chapters), subtitle, basis),
    ]


MOST_YEARS = 14


def share_over_years(edition: Edition) -> list[Output]:
    """The partner's share of the whole deficit, and its place, in each complete year shown of which every partner is held; the
    world has none.
    """
    if edition.partner == codelists.WORLD:
        return []
    last = int(edition.last_period[:4]) - (not edition.last_period.endswith("-12"))
    first = max(int(edition.first_period[:4]), last - MOST_YEARS + 1, codelists.EVERY_PARTNER_SINCE)
    own = sources.own_trade(edition)
    balances = [
        balance
        for year in range(first, last + 1)
        if (balance := deficit.year_balance(own, edition.partner, year)) is not None
    ]
    by_year = dict(iter(sources.everyone_by_year(edition, first, last).groupby("year")))
    placed = [deficit.standing(by_year[balance.period[:4]], edition.partner, balance) for balance in balances]
    held = [(one.rank, one.share) for one in placed if one.rank is not None and one.share is not None]
    if not held:
        partner = edition.partner_in_prose
        return [trends.no_share(partner, balances) if balances else trends.no_year(partner)]
    if all(round(share.value, 3) == 0 for _, share in held):
        return [trends.nearly_no_share(edition.partner_in_prose, held[-1][0])]
    title = trends.over_the_years(held[0], held[-1], codelists.in_prose(edition.partner))
    return [pictures_of_trends.share_over_years(held, edition.partner, title)]


def before_and_after(edition: Edition) -> list[Output]:
    """The twelve months before the pact with the partner and the last twelve, once these all lie under it."""
    pact = _pact_in_force(edition)
    if pact is None:
        return []
    trade = sources.own_trade(edition)
    entered = f"{pact:%Y-%m}"
    last = deficit.last_period(trade, edition.partner_in_prose)
    before = deficit.twelve_month_balance(trade, edition.partner, periods.shifted(entered, -1))
    now = deficit.twelve_month_balance(trade, edition.partner, last)
    if before is None or now is None or last < periods.shifted(entered, 12):
        return []
    return [trends.before_and_after(before, now, pact)]


def _pact_in_force(edition: Edition) -> date | None:
    """The day from which a pact of the record with the partner applies; None for others, and where it is yet to come."""
    pact = pact_of(edition)
    return pact.in_force if pact is not None and pact.in_force and pact.in_force <= edition.as_of else None


def season(edition: Edition) -> list[Output]:
    """The balance by calendar month."""
    own = sources.own_trade(edition)
    found = contributions.season(own, int(edition.first_period[:4]))
    if found is None:
        return []
    return [pictures_of_trends.season(found, edition.partner, trends.season(found))]


def compared(edition: Edition) -> list[Output]:
    """Twelve-month balances beside other partners with large deficits, on one scale; of one month in words."""
    partners = [code for code in dict.fromkeys((edition.partner, *codelists.COMPARED)) if code != codelists.WORLD]
    compared_with = sources.trade_of(edition, codelists.COMPARED)
    trade = {code: observations.of_partner(compared_with, code) for code in partners}
    if edition.partner in trade:
        trade[edition.partner] = sources.own_trade(edition)
    tables = [deficit.monthly(trade[code], code).assign(counterpart_area=code) for code in partners]
    table = pd.concat(tables, ignore_index=True).dropna(subset=["twelve_months"])
    table = table[table["time_period"].between(edition.first_period, edition.last_period)]
    if table.empty:
        return []
    last = str(table["time_period"].max())
    sums = {code: deficit.twelve_month_balance(trade[code], code, last) for code in partners}
    held = {code: figure for code, figure in sums.items() if figure is not None}
    if not held:
        return []
    own = edition.partner if edition.partner in held else min(held, key=lambda code: held[code].value)
    largest = min(held, key=lambda code: held[code].value)
    is_drawn = table["time_period"].nunique() > 1
    not_drawn = "" if not is_drawn or codelists.CHINA in partners else codelists.in_prose(codelists.CHINA)
    title = trends.compared(held[own], held[largest], codelists.in_prose(own), codelists.in_prose(largest), not_drawn)
    if not is_drawn:
        return [title.alone()]
    origins = tuple(origin for code in held for origin in origins_of(trade[code]))
    return [pictures_of_trends.compared(table, edition.partner, title, origins)]
