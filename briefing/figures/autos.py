"""Trade in a product with a partner, on one basis of imports at a time: an HS chapter, or several of one level together.

Exports are total exports (FAS); imports are either general imports or imports for consumption,
both at customs value. The two are never added up nor drawn as one line.
"""

import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.figures import Figure, by_flow, figure_of, sum_of, summed
from briefing.figures.deficit import balance_of, balanced, counted
from briefing.figures.products import Product, added_up, product_in, product_of
from briefing.record import observations as obs
from briefing.record.lines import Lines, once_a_table

BASES = ("consumption", "general")


@once_a_table
def on_basis(observations: pd.DataFrame, trade_system: str) -> pd.DataFrame:
    """Exports and the imports of one basis: rows whose `trade_system` is "total" or that one, "general" or "consumption"."""
    return observations[observations["trade_system"].isin(["total", trade_system])]


def gap_formula(trade_system: str, product: Product) -> str:
    """How the gap is made, in words: "total exports (FAS) less imports for consumption (customs value), HS chapter 87"."""
    return f"{balanced(trade_system)}, {product.words}"


@once_a_table
def bases_held(observations: pd.DataFrame, partner: str) -> list[str]:
    """The bases of imports, by `trade_system`, on which the partner's are held, the one reaching furthest last."""
    columns = obs.lines_of(obs.of_partner(observations, partner)).columns
    last: dict[str, str] = {}
    for flow, basis, period in zip(
        *(columns[name] for name in ("trade_flow", "trade_system", "time_period")), strict=True
    ):
        if flow == "M":
            last[basis] = max(period, last.get(basis, ""))
    return sorted(sorted(last), key=lambda basis: last[basis])


def months_held(observations: pd.DataFrame, partner: str) -> list[tuple[str, str, str]]:
    """Basis, first and last month of the partner's imports, in the order of their months; only months with both flows.

    `observations`: see `briefing.record.observations`; codes of one level of one classification.

    Raises
    ------
    MixedBasis
    """
    table = monthly(observations, partner)
    spans = [(str(basis), min(months), max(months)) for basis, months in table.groupby("trade_system")["time_period"]]
    return sorted(spans, key=lambda span: span[1])


def partners_held(observations: pd.DataFrame) -> set[str]:
    """The partners, by `counterpart_area`, of which some month is held with both flows, on whichever basis."""
    columns = obs.lines_of(observations).columns
    held = set(zip(columns["trade_flow"], columns["counterpart_area"], columns["time_period"], strict=True))
    return {partner for flow, partner, month in held if flow == "X" and ("M", partner, month) in held}


@once_a_table
def monthly(observations: pd.DataFrame, partner: str) -> pd.DataFrame:
    """One row a month and basis: `time_period`, `trade_system`, `exports`, `imports`, `trade_balance` (US dollars).

    Of several codes of one level, their sum.

    Raises
    ------
    MixedBasis
        If codes of two levels are among the rows.
    """
    rows = added_up(obs.of_partner(observations, partner))
    tables = [
        by_flow(on_basis(rows, basis)).assign(trade_system=basis).reset_index()
        for basis in bases_held(observations, partner)
    ]
    if not tables:
        return pd.DataFrame(columns=["time_period", "trade_system", "exports", "imports", "trade_balance"])
    table = pd.concat(tables, ignore_index=True).rename(columns={"X": "exports", "M": "imports"})
    return table.assign(trade_balance=table["exports"] - table["imports"])


def annual(observations: pd.DataFrame, partners: tuple[str, ...]) -> pd.DataFrame:
    """One row a partner, basis and complete year: `counterpart_area`, `trade_system`, `year`, `trade_balance`.

    US dollars, exports (FAS) less imports (customs value) of that `trade_system`, negative in deficit.

    Raises
    ------
    MixedBasis
    """
    rows = [row for partner in partners for row in _years_of(observations, partner)]
    return pd.DataFrame(rows, columns=["year", "trade_system", "trade_balance", "counterpart_area"])


@once_a_table
def _years_of(observations: pd.DataFrame, partner: str) -> list[tuple[str, str, int, str]]:
    table = monthly(observations, partner)
    months: dict[tuple[str, str], list[int]] = {}
    for period, basis, balance in zip(
        *(table[name] for name in ("time_period", "trade_system", "trade_balance")), strict=True
    ):
        months.setdefault((period[:4], basis), []).append(balance)
    return [(*year_and_basis, sum(held), partner) for year_and_basis, held in sorted(months.items()) if len(held) == 12]


def gap(
    observations: pd.DataFrame, partner: str, trade_system: str, months: list[str]
) -> tuple[Figure, Figure, Figure]:
    """Exports, imports and balance in the product over the months, on one basis, as figures in US dollars; negative in deficit.

    `observations`: see `briefing.record.observations`; codes of one level, which are added up. Ids, formulas and periods
    say of what they were computed.

    Raises
    ------
    MissingPeriods
        If a month of either flow is not held.
    MixedBasis
        If codes of two levels are among the rows: goods would be counted twice.
    DuplicateObservations
        If an observation is there twice, as of two vintages.
    """
    rows = on_basis(obs.of_partner(observations, partner), trade_system)
    obs.require_unique(rows)
    product = product_of(rows)
    for code in product.codes:
        of_code = rows[rows["commodity"] == code]
        what = f"{Product(product.classification, (code,)).words}, {codelists.short_label(partner)}, {trade_system}"
        obs.require_periods(of_code, months, what)
    prefix = f"{product.id}.{partner}.{trade_system}.{months[0]}/{months[-1]}"
    exports = _of_flow(rows, "X", months, f"{prefix}.exports", counted("X"), product)
    imports = _of_flow(rows, "M", months, f"{prefix}.imports", counted("M", trade_system), product)
    return exports, imports, balance_of(f"{prefix}.balance", exports, imports, gap_formula(trade_system, product))


def _of_flow(rows: pd.DataFrame, flow: str, months: list[str], id: str, what: str, product: Product) -> Figure:
    """One flow of a product: of several codes, the sum of a figure for each."""
    if len(product.codes) == 1:
        return summed(rows, id, flow, months, f"{what}, {product.words}, summed")
    parts = [
        summed(rows[rows["commodity"] == code], f"{id}.{code}", flow, months, f"{what}, {one.words}, summed")
        for code in product.codes
        for one in [Product(product.classification, (code,))]
    ]
    return sum_of(id, parts[0].period, f"{what}, {product.words}, summed", parts)


def last_year_and_to_date(observations: pd.DataFrame, partner: str, trade_system: str) -> dict[str, list[str]]:
    """The months of the last complete year and of the year to date held on that basis, as far as there are any.

    `observations`: see `briefing.record.observations`; codes of one level. Keys "year" and "year_to_date"; the second is left
    out where the last year held is complete.

    Raises
    ------
    MixedBasis
    """
    held = by_flow(on_basis(added_up(obs.of_partner(observations, partner)), trade_system)).index
    if held.empty:
        return {}
    to_date = periods.year_to_date(str(held.max()))
    year = int(held.max()[:4]) - (len(to_date) < 12)
    spans = {"year": periods.span(f"{year}-01", f"{year}-12")}
    if len(to_date) < 12:
        spans["year_to_date"] = to_date
    return {name: months for name, months in spans.items() if set(months) <= set(held)}


def by_code(observations: pd.DataFrame, partner: str, year: str, flow: str = "M") -> dict[str, Figure]:
    """One flow of a year by code, imports "M" or exports "X", in US dollars; a code without a row had no trade in the years of its table.

    Parameters
    ----------
    observations
        Yearly rows of `briefing.record.observations`, of one `classification` and level: by 5-digit end-use or by HS heading.

    Raises
    ------
    MixedBasis
    """
    lines = obs.lines_of(obs.of_partner(observations, partner)).picked(flow, [year])
    return {code: _of_code(lines.at(places), partner, year) for code, places in lines.by("commodity").items()}


def _of_code(lines: Lines, partner: str, year: str) -> Figure:
    product = product_in(lines)
    exported = ".exports" if lines.columns["trade_flow"][0] == "X" else ""
    id = f"{product.kind}.{partner}.{year}.{product.codes[0]}{exported}"
    return figure_of(id, sum(lines.values), year, f"{_flow_in_words(lines)}, {product.words}", lines)


def _flow_in_words(lines: Lines) -> str:
    obs.require_one_basis(lines.columns)
    return counted(lines.columns["trade_flow"][0], lines.columns["trade_system"][0])


def total_of(figures: dict[str, Figure]) -> Figure:
    """The sum over the codes of one partner and year."""
    parts = list(figures.values())
    what = parts[0].formula.rpartition(",")[0]
    end_uses = codelists.listed(sorted({code[0] for code in figures}))
    exported = ".exports" if parts[0].id.endswith(".exports") else ""
    first = parts[0].id.removesuffix(exported).rpartition(".")[0]
    id, formula = f"{first}.total{exported}", f"{what}, end-use {end_uses}, summed over its codes"
    return sum_of(id, parts[0].period, formula, parts)
