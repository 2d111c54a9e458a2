"""Chapter "Auto trade gap": HS chapter 87 with the partner and beside other car makers."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from briefing import periods, talks
from briefing.chapters.claims_checked import checked
from briefing.chapters.state_of_talks import pact_of
from briefing.checks import NOT_REPRODUCIBLE, Checked, quotes
from briefing.codes import codelists
from briefing.exhibits.charts import autos as pictures
from briefing.exhibits.tables import Cell, Column, Table
from briefing.exhibits.tiles import Tile, Tiles
from briefing.figures import (
    COUNT,
    DOLLARS,
    FRACTION,
    Figure,
    autos,
    deficit,
    definitions,
    derived,
    origins_of,
    revisions,
    series,
)
from briefing.figures.definitions import DEFINITIONS, Definition, Placed, YearOf, years
from briefing.figures.products import product_of
from briefing.outputs import Output
from briefing.record import observations, sources
from briefing.record.edition import Edition
from briefing.sentences import autos as sentences
from briefing.sentences.deficit import one_month
from briefing.sentences.verdicts import in_a_sentence
from briefing.talks import Pact

Gap = tuple[Figure, Figure, Figure]
MOST_YEARS = 5


def _trade(edition: Edition) -> pd.DataFrame:
    return sources.chapter_trade(edition, "87")


def _held(trade: pd.DataFrame) -> list[str]:
    """Partners with both flows on some basis, the order of the page."""
    held = autos.partners_held(trade)
    return [code for code in (*codelists.CAR_MAKERS, codelists.WORLD) if code in held]


def _basis(trade: pd.DataFrame, partner: str) -> str:
    """The basis of imports that reaches furthest."""
    return autos.bases_held(trade, partner)[-1]


def _gaps(trade: pd.DataFrame, partner: str) -> dict[str, Gap]:
    """Exports, imports and balance of the last complete year and of the year to date, as far as held."""
    basis = _basis(trade, partner)
    spans = autos.last_year_and_to_date(trade, partner, basis)
    return {name: autos.gap(trade, partner, basis, months) for name, months in spans.items()}


def latest_gap(edition: Edition) -> Gap | None:
    """Exports, imports and balance of the months held last; None where the partner's chapter is not held."""
    trade = _trade(edition)
    if edition.partner not in _held(trade):
        return None
    gaps = _gaps(trade, edition.partner)
    return gaps.get("year_to_date") or gaps["year"]


def headline(edition: Edition) -> list[Output]:
    """The gap of the months held last, the strip of figures, and the gap's size beside the whole deficit."""
    trade = _trade(edition)
    held = _held(trade)
    if not held:
        return [sentences.nothing_held()]
    if edition.partner not in held:
        return [sentences.not_held(edition.partner_in_prose, held)]
    basis, gaps = _basis(trade, edition.partner), _gaps(trade, edition.partner)
    latest = gaps.get("year_to_date") or gaps["year"]
    before = _year_before(trade, edition.partner, basis, latest[2])
    shown: list[Output] = [
        sentences.headline(latest, before, edition.partner_in_prose, basis),
        _tiles(gaps, basis),
    ]
    months = periods.span(*latest[2].period.split("/"))
    goods = sources.own_trade(edition)
    if set(months) <= set(goods["time_period"]):
        share = sentences.share_of_deficit(latest[2], _goods_balance(goods, edition.partner, months))
        shown += [share] if share is not None else []
    shown += _over_the_years(trade, edition, gaps)
    missing = sentences.months_held(autos.months_held(trade, edition.partner), edition.last_period)
    return shown + ([missing] if missing is not None else [])


def _over_the_years(trade: pd.DataFrame, edition: Edition, gaps: dict[str, Gap]) -> list[Output]:
    """How many years in a row the gap went one way and how far back none was larger, in the years held on one basis."""
    if "year" not in gaps:
        return []
    own = autos.on_basis(observations.of_partner(trade, edition.partner), _basis(trade, edition.partner))
    balance = gaps["year"][2]
    own = observations.between(own, "", balance.period[-7:])
    gap = series.same_months(
        own, "balance", "01", "12", f"series.autos.{edition.partner}.{_basis(trade, edition.partner)}"
    )
    sentence = sentences.over_the_years(gap, balance)
    return [sentence] if sentence is not None else []


def _goods_balance(goods: pd.DataFrame, partner: str, months: list[str]) -> Figure:
    upto = observations.between(goods, "", months[-1])
    return deficit.year_to_date(upto, partner).balance


def _year_before(trade: pd.DataFrame, partner: str, basis: str, balance: Figure) -> Figure | None:
    months = [periods.shifted(month, -12) for month in periods.span(*balance.period.split("/"))]
    table = autos.monthly(trade, partner)
    if set(months) - set(table.loc[table["trade_system"] == basis, "time_period"]):
        return None
    return autos.gap(trade, partner, basis, months)[2]


def _tiles(gaps: dict[str, Gap], basis: str) -> Tiles:
    latest = gaps.get("year_to_date") or gaps["year"]
    months = periods.in_words(latest[2].period)
    shown = [
        Tile("Balance, vehicles and parts", latest[2], "signed", months),
        Tile("Exports", latest[0], "size", months),
        Tile(codelists.TRADE_SYSTEMS[basis].capitalize(), latest[1], "size", months),
    ]
    if "year" in gaps and "year_to_date" in gaps:
        year = gaps["year"][2]
        shown.append(Tile("Last complete year", year, "signed", periods.in_words(year.period)))
    return Tiles("autos-tiles", shown)


def against_the_news(edition: Edition) -> list[Output]:
    """A vehicle gap quoted in the last three months whose months or scope were not stated, held against the record; where it is not reproducible, what else it equals."""
    shown: list[Output] = []
    for found in quoted_in_the_news(edition):
        shown.append(in_a_sentence(found))
        if found.verdict_then.kind == NOT_REPRODUCIBLE:
            shown += _coincidence(found.quote, edition)
    return shown


def quoted_in_the_news(edition: Edition) -> list[Checked]:
    """Vehicle gaps quoted in the last three months whose months or scope were not stated, held against the record."""
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    recent = [q for q in known if periods.is_recent(q.day, edition.as_of) and q.partner == edition.partner]
    unstated = [quote for quote in recent if quote.scope == "vehicles" and not quote.period]
    return [checked(quote, edition) for quote in unstated]


def _coincidence(quote: quotes.Quote, edition: Edition) -> list[Output]:
    """Months of the two years before in which the balance in all goods printed as the quote does, in a vintage out on its day."""
    trade = sources.country_vintages(edition)
    out = trade[trade["vintage"] <= str(quote.day)]
    for year in range(quote.day.year, quote.day.year - 3, -1):
        for number in range(12, 0, -1):
            months = periods.span(f"{year}-01", f"{year}-{number:02d}")
            for vintage, balance in revisions.by_vintage(out, months).items():
                if abs(balance.value - quote.figure.value) <= quote.step / 2:
                    later = revisions.by_vintage(trade, months)
                    since = [figure for day, figure in later.items() if day > vintage]
                    return [sentences.coincidence(quote, balance, since[-1] if since else None)]
    return []


def monthly_gap(edition: Edition) -> list[Output]:
    """Exports, imports and gap by month, a chart for each basis of imports held; of one month in words."""
    trade = _trade(edition)
    table = autos.monthly(trade, edition.partner)
    window = table[table["time_period"] >= edition.first_period]
    rows = observations.of_partner(trade, edition.partner)
    shown: list[Output] = []
    for basis in reversed(autos.bases_held(trade, edition.partner)):
        part = window[window["trade_system"] == basis]
        if part.empty:
            continue
        if len(part) == 1:
            exports, imports, _ = autos.gap(trade, edition.partner, basis, list(part["time_period"]))
            shown.append(one_month(exports, imports, codelists.TRADE_SYSTEMS[basis]))
            continue
        spans = autos.last_year_and_to_date(trade, edition.partner, basis)
        months = spans.get("year_to_date") or spans["year"]
        exports, imports, _ = autos.gap(trade, edition.partner, basis, months)
        title = sentences.monthly_title(exports, imports, basis)
        origins = origins_of(autos.on_basis(rows, basis))
        shown.append(pictures.monthly_gap(part, product_of(trade), edition.partner, title, origins))
    return shown


def annual_gaps(edition: Edition) -> list[Output]:
    """The gap by year, a panel for each car maker held."""
    trade = _trade(edition)
    makers = tuple(code for code in codelists.CAR_MAKERS if code in _held(trade))
    tables = {code: autos.annual(trade, (code,)) for code in makers}
    years = {code: _last_year(trade, code, table)[2] for code, table in tables.items() if not table.empty}
    if not years:
        return []
    table = pd.concat([tables[code] for code in years], ignore_index=True)
    largest = min(years, key=lambda code: years[code].value)
    title = sentences.annual_title(
        years[largest], years.get(edition.partner), edition.partner_in_prose, codelists.in_prose(largest)
    )
    origins = origins_of(trade[trade["counterpart_area"].isin(list(years))])
    shown = table[table["year"] >= edition.first_period[:4]]
    if shown.empty:
        return []
    return [replace(pictures.annual_gaps(shown, product_of(trade), title, origins), drawn=tuple(years.values()))]


def _last_year(trade: pd.DataFrame, partner: str, table: pd.DataFrame) -> Gap:
    """Exports, imports and balance of the last complete year of the partner's table, on whichever basis holds it."""
    last = table.sort_values("year").iloc[-1]
    return autos.gap(
        trade, partner, str(last["trade_system"]), periods.span(f"{last['year']}-01", f"{last['year']}-12")
    )


def car_makers(edition: Edition) -> list[Output]:
    """Exports, imports and gap of the last complete year, and the gap of the year to date, by partner."""
    trade = _trade(edition)
    gaps = {code: _gaps(trade, code) for code in _held(trade)}
    held = [code for code, spans in gaps.items() if "year" in spans]
    if not held:
        return []
    basis = _basis(trade, held[0])
    rows = [
        [codelists.short_label(code), *gaps[code]["year"], gaps[code].get("year_to_date", (None,))[-1]] for code in held
    ]
    year, to_date = _column_words({gap[2].period for code in held for gap in gaps[code].values()})
    columns = [
        Column("Partner", width=1.2),
        *(Column(f"{what} {year}") for what in ("Exports", "Imports", "Balance")),
        *([Column(f"Balance {to_date}", width=1.4)] if to_date else []),
    ]
    return [
        Table(
            id="autos-table",
            title=sentences.table_title(year, basis, product_of(trade)),
            subtitle="{unit}",
            columns=columns,
            rows=[row[: len(columns)] for row in rows],
            basis=pictures.basis_note(basis, product_of(trade)),
            emphasis=held.index(edition.partner) if edition.partner in held else -1,
        )
    ]


def _column_words(shown: set[str]) -> tuple[str, str]:
    """The complete year and the year to date of the table's columns, in words."""
    words = sorted(shown)
    year = next(period for period in words if period.endswith("-12"))
    to_date = [period for period in words if not period.endswith("-12")]
    return periods.in_words(year), periods.in_words(to_date[0]) if to_date else ""


def by_end_use(edition: Edition) -> list[Output]:
    """General imports of vehicles, parts and engines (end-use 3) by component, with exports and balance of the whole, the last years."""
    held = _end_use(edition)
    years = sorted(set(held.loc[held["trade_flow"] == "M", "time_period"]))[-MOST_YEARS:]
    if not years:
        return [sentences.no_end_use(edition.partner_in_prose)]
    figures = {year: autos.by_code(held, edition.partner, year) for year in years}
    totals = {year: autos.total_of(figures[year]) for year in years}
    last = figures[years[-1]]
    components, below = _components(figures), _exports_and_balance(edition, years)
    return [
        Table(
            id="autos-end-use",
            title=sentences.by_end_use(
                totals[years[-1]], last.get("30000"), last.get("30100"), edition.partner_in_prose
            ),
            subtitle=f"General imports by end-use{'; below, exports and balance of end-use 3' * bool(below)}, {{unit}}",
            columns=[Column("End-use", width=3), *(Column(year) for year in years)],
            rows=[*components, ["All of end-use 3", *totals.values()], *below],
            basis="Census basis, not seasonally adjusted; general imports, customs value; total exports, FAS. End-use 3 is not "
            "HS chapter 87: engines and tires are in, tractors and trailers out.",
            emphasis=len(components),
        )
    ]


def _components(figures: dict[str, dict[str, Figure]]) -> list[list[Cell]]:
    """A row a component that was imported in any of the years, by year and code."""
    return [
        [f"{name} ({code})", *(of_year.get(code) for of_year in figures.values())]
        for code, name in codelists.END_USE_AUTOMOTIVE.items()
        if any(code in of_year for of_year in figures.values())
    ]


def _exports_and_balance(edition: Edition, years: list[str]) -> list[list[Cell]]:
    """Two rows on all of end-use 3 in those years, with gaps where exports are not held; none where no year has them."""
    (whole,) = [one for one in DEFINITIONS if one.key == "end-use-3"]
    of_year = {one.year: one for one in _years(whole, edition) if one.balance is not None}
    if not of_year.keys() & set(years):
        return []
    held = [of_year.get(year) for year in years]
    return [
        ["Exports of end-use 3", *(one.exports if one else None for one in held)],
        ["Balance of end-use 3", *(one.balance if one else None for one in held)],
    ]


CHOICES = {definition.key: f"{definition.name} ({definition.basis})" for definition in DEFINITIONS}


def _years(definition: Definition, edition: Edition) -> list[YearOf]:
    return years(definition, *_own(edition, definition), edition.partner)


def _own(edition: Edition, definition: Definition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of the partner: HS chapter 87 by month; by year both flows by end-use, or imports by HS heading, as the definition counts."""
    is_end_use = definition.classification == "END_USE"
    products = _end_use(edition) if is_end_use else sources.heading_imports(edition, "87")
    return observations.of_partner(_trade(edition), edition.partner), products


def _end_use(edition: Edition) -> pd.DataFrame:
    return sources.end_use(edition, codelists.AUTOMOTIVE)


def on_definition(edition: Edition, key: str) -> list[Output]:
    """The years held on one definition, as a chart; nothing where there is no definition to choose."""
    (definition,) = [one for one in DEFINITIONS if one.key == key]
    held = [one for one in _years(definition, edition) if one.year >= edition.first_period[:4]]
    if not held:
        is_any_held = any(_years(one, edition) for one in DEFINITIONS)
        return (
            [sentences.not_on_definition(definition, edition.partner_in_prose, edition.first_period[:4])]
            if is_any_held
            else []
        )
    title = sentences.on_definition(held[-1], definition, edition.partner_in_prose)
    return [pictures.on_definition(held, definition, title)]


def by_definition(edition: Edition) -> list[Output]:
    """The last complete year on every definition held, a row each: no row mixes two bases."""
    last = {one: definitions.last_year(one, *_own(edition, one), edition.partner) for one in DEFINITIONS}
    held = {definition: year for definition, year in last.items() if year is not None}
    if not held:
        return []
    balances = any(year.balance is not None for year in held.values())
    shown = [column for column in DEFINITION_COLUMNS if balances or column.head in ("Definition", "Year", "Imports")]
    rows = [_definition_row(edition, definition, year) for definition, year in held.items()]
    return [
        Table(
            id="autos-definitions",
            title=sentences.by_definition(edition.partner_in_prose, balances=balances),
            subtitle=GAPS_SHARED if balances else IMPORTS_ALONE,
            columns=shown,
            rows=[[row[column.head] for column in shown] for row in rows],
            basis="Census basis, not seasonally adjusted; exports FAS, imports customs value on the basis named.",
        )
    ]


DEFINITION_COLUMNS = (
    Column("Definition", width=3.4),
    Column("Year", width=0.7),
    Column("Exports"),
    Column("Imports"),
    Column("Balance"),
    Column("Share", width=0.8),
)
GAPS_SHARED = (
    "{unit}; share of the whole goods deficit in percent; a dash where no exports are held, where there is no deficit, or "
    "where the part, or the whole beside its flows, is too small for a share to mean much"
)
IMPORTS_ALONE = "{unit}; no exports are held on any definition, so no gap is shown"


def _definition_row(edition: Edition, definition: Definition, year: YearOf) -> dict[str, Cell]:
    """The year's cells by the heads of their columns."""
    whole = deficit.year_balance(sources.own_trade(edition), edition.partner, int(year.year)) if year.balance else None
    share = definitions.share(year.balance, whole) if year.balance and whole else None
    name = f"{definition.name} ({definition.basis})"
    cells = (name, year.year, year.exports, year.imports, year.balance, share)
    return dict(zip((column.head for column in DEFINITION_COLUMNS), cells, strict=True))


def published_gaps(edition: Edition) -> list[Output]:
    """Every gap on record as printed, placed by definition and months beside those this book computes."""
    known = [
        q for q in quotes.quotes(sources.talks_record(), edition.as_of) if q.of_us and q.partner == edition.partner
    ]
    gaps = [q for q in known if q.measure == "balance" and q.scope in COUNTS]
    dated = [Placed(q.figure, COUNTS[q.scope], _meant(q), q.said_by, bool(q.period)) for q in gaps if _fresh(q)]
    dated += [
        Placed(*shares, q.said_by, worked_out=True) for q in known if (shares := _from_share(q, known)) is not None
    ]
    if not dated:
        return []
    unstated = [
        Placed(q.figure, COUNTS[q.scope], "", q.said_by) for q in gaps if not q.period and q.scope == "vehicles"
    ]
    ours = [*_ours(edition, sorted({one.period for one in dated})), *_ours_by_end_use(edition, dated)]
    printed = [one for one in [*dated, *unstated] if not one.worked_out]
    title = sentences.published_gaps(printed, edition.partner_in_prose)
    return [pictures.published_gaps([*dated, *ours], unstated, title)]


COUNTS = {"passenger cars": "Passenger cars", "vehicles": "Vehicles", "automotive": "Vehicles and parts"}


def _meant(quote: quotes.Quote) -> str:
    return quote.period or quote.periods[-1]


def _fresh(quote: quotes.Quote) -> bool:
    """Whether it told of the recent past when it was printed, not of the year before the pact."""
    return (bool(quote.period) or quote.scope == "automotive") and int(_meant(quote)[-7:-3]) >= quote.day.year - 2


def _from_share(quote: quotes.Quote, known: list[quotes.Quote]) -> tuple[Figure, str, str] | None:
    """The gap that a quoted share of a quoted goods deficit comes to."""
    whole = [
        q
        for q in known
        if (q.said_by, q.scope, q.measure, q.period) == (quote.said_by, "goods", "balance", quote.period)
    ]
    if quote.measure != "share" or not quote.period or not whole:
        return None
    value = quote.figure.value * whole[0].figure.value
    id, formula = f"{quote.figure.id}.gap", "the share quoted, of the goods deficit quoted"
    figure = derived(id, value, DOLLARS, quote.period, formula, [quote.figure, whole[0].figure])
    return figure, "Vehicles and parts, from a share", quote.period


def _ours(edition: Edition, printed: Sequence[str]) -> list[Placed]:
    """HS chapter 87 over the months that the printed gaps tell of, as far as held, and in the last complete year."""
    trade = _trade(edition)
    if edition.partner not in _held(trade):
        return []
    spans = {period: periods.span(*period.split("/")) for period in printed}
    last = _gaps(trade, edition.partner).get("year")
    if last is not None:
        spans[last[2].period] = periods.span(*last[2].period.split("/"))
    return [one for period, months in spans.items() if (one := _placed(trade, edition.partner, period, months))]


BY_END_USE = {"Passenger cars": "end-use-cars", "Vehicles and parts": "end-use-3"}
"""The definition by end-use of what a printed gap counts."""


def _ours_by_end_use(edition: Edition, printed: Sequence[Placed]) -> list[Placed]:
    """The gap by end-use in the calendar years that printed gaps of the same goods tell of, as far as held."""
    found: list[Placed] = []
    for definition in DEFINITIONS:
        asked = {one.period for one in printed if BY_END_USE.get(one.counts) == definition.key}
        for year in _years(definition, edition) if asked else []:
            period = f"{year.year}-01/{year.year}-12"
            if year.balance is not None and period in asked:
                found.append(Placed(year.balance, definition.name, period, ""))
    return found


def _placed(trade: pd.DataFrame, partner: str, period: str, months: list[str]) -> Placed | None:
    """The gap over those months on the basis of imports that holds them all; None where neither does."""
    table = autos.monthly(trade, partner)
    for basis in autos.BASES:
        if set(months) <= set(table.loc[table["trade_system"] == basis, "time_period"]):
            counts = f"HS chapter 87, {codelists.TRADE_SYSTEMS[basis]}"
            return Placed(autos.gap(trade, partner, basis, months)[2], counts, period, "")
    return None


def numbers(edition: Edition) -> list[Output]:
    """Numbers of cars as printed, the allowance that limits them, and trucks beside their duty."""
    pact = pact_of(edition)
    if pact is None:
        return []
    issues = {issue.id: issue for issue in talks.issues_known(pact.rows, edition.as_of)}
    shown: list[Output] = []
    if "autos_safety_cap" in issues:
        shown.append(sentences.allowance(issues["autos_safety_cap"]))
    known = quotes.quotes(sources.talks_record(), edition.as_of)
    printed = sorted(
        (q for q in known if q.figure.unit == COUNT and q.partner == edition.partner),
        key=lambda q: (q.period, q.measure),
    )
    if printed:
        shown.append(_numbers_table(printed, pact))
    cars = _years(next(one for one in DEFINITIONS if one.key == "end-use-trucks"), edition)
    if cars and "autos_truck_tariff" in issues:
        whole = {one.year: one.imports for one in _years(next(d for d in DEFINITIONS if d.key == "end-use-3"), edition)}
        last = cars[-1].imports
        of, formula = whole[last.period], "trucks over all of end-use 3"
        part = derived(f"{last.id}.share", last.value / of.value, FRACTION, last.period, formula, [last, of])
        shown.append(sentences.trucks(last, part, issues["autos_truck_tariff"], edition.partner_in_prose))
    return shown


def _numbers_table(printed: list[quotes.Quote], pact: Pact) -> Table:
    us, other = pact.sides
    out, back = f"{other.heading} to {us.name}", f"{us.heading} to {other.name}"

    def flow(quote: quotes.Quote) -> str:
        """From and to, whoever counted: exports of the other side are imports of the US."""
        return out if (quote.measure == "exports") == (not quote.of_us) else back

    return Table(
        id="autos-numbers",
        title=sentences.numbers_title(),
        subtitle="Passenger cars",
        columns=[
            Column("Months", width=1.2), Column("From and to", width=1.2), Column("Cars", width=0.8),
            Column("Printed by", width=2.4),
        ],
        rows=[[periods.in_words(q.period), flow(q), q.figure, [(f"{q.said_by}: {q.publication.words}", q.publication.address)]]
              for q in printed],
        basis="As printed, never a series: no numbers of vehicles are held.",
    )  # fmt: skip
