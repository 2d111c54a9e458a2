"""Chapter "Deficit trends": all goods with the partner."""

from briefing import codelists, observations, periods, quotes, sources
from briefing.charts import Chart
from briefing.charts import deficit as pictures
from briefing.claims import Claim
from briefing.claims import deficit as sentences
from briefing.edition import Edition
from briefing.figures import deficit, origins_of
from briefing.figures.deficit import YearToDate
from briefing.outputs import Output
from briefing.tables import Column, Table
from briefing.tiles import Tile, Tiles

PACT_YEAR = 2012
"""The pact with South Korea entered into force on 15 March 2012."""


def _year(edition: Edition) -> YearToDate:
    return deficit.year_to_date(sources.country_trade(edition), edition.partner)


def headline(edition: Edition) -> list[Output]:
    """The headline sentence, the strip of figures, and what exports and imports did."""
    year = _year(edition)
    return [sentences.headline(year, edition.partner_in_prose), tiles(edition), sentences.flows(year)]


def tiles(edition: Edition) -> Tiles:
    """Balance of the year so far, its change, the twelve-month balance, and the rank or the two flows."""
    trade = sources.country_trade(edition)
    year = deficit.year_to_date(trade, edition.partner)
    months = periods.in_words(year.balance.period)
    shown = [Tile("Goods balance", year.balance, "signed", months)]
    if year.balance_change is not None:
        same = "month" if year.balance.period[:7] == year.balance.period[-7:] else "months"
        shown.append(Tile("Change in size", year.balance_change, "signed_percent", f"on the same {same} a year before"))
    last = year.balance.period[-7:]
    rolling = deficit.twelve_month_balance(trade, edition.partner, last)
    if rolling is not None:
        shown.append(Tile("Twelve-month balance", rolling, "signed", f"to {periods.in_words(last)}"))
    rank = deficit.standing(trade, edition.partner, year.balance).rank
    if rank is not None:
        shown.append(Tile("Place among deficits", rank, "ordinal", "of all countries, year to date"))
    return Tiles("deficit-tiles", shown)


def standing_of_vintage(edition: Edition) -> list[Output]:
    """On which vintage the chapter stands, what the news of the day said, and what is known now."""
    year = _year(edition)
    origin = year.balance.origins[0]
    shown: list[Output] = [sentences.standing_of_vintage(origin, edition, year.balance.period[-7:], sources.calendar())]
    beside = against_the_news(edition) or as_first_published(edition)
    if beside is not None:
        shown.insert(0, beside)
    now = deficit.year_to_date(sources.country_trade_now(edition), edition.partner, "now")
    newest = now.balance.origins[0]
    if newest.vintage != origin.vintage:
        shown.append(sentences.known_now(year, now, newest))
    return shown


def against_the_news(edition: Edition) -> Claim | None:
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
    return sentences.against_the_news(size.figure, fall.figure, year, {"speaker": size.said_by})


def as_first_published(edition: Edition) -> Claim | None:
    """The balance of these months as a page first printed it, where one is on record and known by the day."""
    year = _year(edition)
    prints = quotes.first_prints(quotes.quotes(sources.talks_record(), edition.as_of), edition.partner)
    found = [quote for quote in prints if (quote.measure, quote.period) == ("balance", year.balance.period)]
    return sentences.as_first_published(found[0].figure, year.balance, found[0].said_by) if found else None


def monthly_trade(edition: Edition) -> Chart:
    """Exports, general imports and balance by month, over the edition's window."""
    trade = sources.country_trade(edition)
    rows = observations.of_partner(trade, edition.partner)
    table = deficit.monthly(trade, edition.partner)
    window = table[table["time_period"] >= edition.first_period]
    title = sentences.year_to_date_size(_year(edition))
    return pictures.monthly_trade(window, edition.partner, title, origins_of(rows))


def twelve_month_balance(edition: Edition) -> Chart:
    """The balance summed over twelve months, over the edition's window."""
    trade = sources.country_trade(edition)
    rows = observations.of_partner(trade, edition.partner)
    table = deficit.monthly(trade, edition.partner)
    last = str(table["time_period"].iloc[-1])
    title = sentences.twelve_months(
        deficit.twelve_month_balance(trade, edition.partner, last),
        deficit.twelve_month_balance(trade, edition.partner, periods.shifted(last, -12)),
    )
    window = table[table["time_period"] >= edition.first_period]
    return pictures.twelve_month_balance(window, edition.partner, title, origins_of(rows))


def annual_balance(edition: Edition) -> Chart:
    """The balance by calendar year, from the year of the edition's first month."""
    trade = sources.country_trade(edition)
    rows = observations.of_partner(trade, edition.partner)
    first_year = int(edition.first_period[:4])
    table = deficit.annual(trade, edition.partner, first_year)
    complete = [int(year) for year in table.loc[table["months"] == 12, "year"]]
    first, last = (
        (deficit.year_balance(trade, edition.partner, year) for year in (complete[0], complete[-1]))
        if complete
        else (None, None)
    )
    korea_before_pact = edition.partner == codelists.KOREA and complete[:1] == [PACT_YEAR - 1]
    title = sentences.first_and_last_year(first, last, before_pact=korea_before_pact)
    return pictures.annual_balance(table, edition.partner, title, origins_of(rows))


def ranking(edition: Edition) -> Chart:
    """The ten largest US deficits of the year so far, and the partner's."""
    trade = sources.country_trade(edition)
    year = _year(edition)
    months = periods.span(*year.balance.period.split("/"))
    place = deficit.standing(trade, edition.partner, year.balance)
    title = sentences.place(place, year.balance, codelists.in_prose(edition.partner))
    table = deficit.ranking(trade, months)
    rows = trade[trade["time_period"].isin(months)]
    return pictures.ranking(table, edition.partner, title, origins_of(rows), periods.in_words(year.balance.period))


def last_months(edition: Edition) -> Table:
    """Exports, imports, balance and twelve-month balance of the last thirteen months."""
    trade = sources.country_trade(edition)
    rows = observations.of_partner(trade, edition.partner)
    last = deficit.last_period(rows, codelists.short_label(edition.partner))
    held = set(rows["time_period"])
    months = [month for month in periods.span(periods.shifted(last, -12), last) if month in held]
    cells = []
    for month in reversed(months):
        figures = deficit.month_figures(trade, edition.partner, month)
        cells.append([periods.in_words(month), *figures.values()])
    return Table(
        id="last-months",
        title=sentences.last_months(edition.partner_in_prose),
        subtitle="Million dollars",
        columns=[
            Column("Month", numeric=False, width=1.4),
            Column("Exports"),
            Column("General imports"),
            Column("Balance"),
            Column("Twelve-month balance", width=1.3),
        ],
        rows=cells,
        basis=pictures.BASIS,
    )
