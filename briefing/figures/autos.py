"""Trade in one HS chapter with a partner, on one basis of imports at a time.

Exports are total exports (FAS); imports are either general imports or imports for consumption,
both at customs value. The two are never added up nor drawn as one line.
"""

import pandas as pd

from briefing import codelists, periods
from briefing import observations as obs
from briefing.figures import DOLLARS, Figure, by_flow, derived, origins_of, rows_of, summed
from briefing.figures.deficit import balance_of

BASES = ("consumption", "general")


def on_basis(observations: pd.DataFrame, trade_system: str) -> pd.DataFrame:
    """Exports and the imports of one basis."""
    return observations[observations["trade_system"].isin(["total", trade_system])]


def gap_formula(trade_system: str) -> str:
    """How the gap is made, in words: "total exports (FAS) less imports for consumption (customs value)"."""
    return f"total exports (FAS) less {codelists.TRADE_SYSTEMS[trade_system]} (customs value), HS chapter 87"


def bases_held(observations: pd.DataFrame, partner: str) -> list[str]:
    """The bases on which the partner's imports are held, the one reaching furthest last."""
    rows = obs.of_partner(observations, partner)
    last = rows[rows["trade_flow"] == "M"].groupby("trade_system")["time_period"].max()
    return [str(basis) for basis in last.sort_values().index]


def months_held(observations: pd.DataFrame, partner: str) -> list[tuple[str, str, str]]:
    """Basis, first and last month of the partner's imports, in the order of their months."""
    table = monthly(observations, partner)
    spans = [(str(basis), min(months), max(months)) for basis, months in table.groupby("trade_system")["time_period"]]
    return sorted(spans, key=lambda span: span[1])


def partners_held(observations: pd.DataFrame) -> set[str]:
    """The partners of which some month is held with both flows, on whichever basis."""
    columns = obs.texts(observations, ["trade_flow", "counterpart_area", "time_period"])
    held = set(zip(*columns.values(), strict=True))
    return {partner for flow, partner, month in held if flow == "X" and ("M", partner, month) in held}


def monthly(observations: pd.DataFrame, partner: str) -> pd.DataFrame:
    """One row a month and basis: `time_period`, `trade_system`, `exports`, `imports`, `trade_balance` (US dollars)."""
    rows = obs.of_partner(observations, partner)
    tables = [
        by_flow(on_basis(rows, basis)).assign(trade_system=basis).reset_index()
        for basis in bases_held(observations, partner)
    ]
    if not tables:
        return pd.DataFrame(columns=["time_period", "trade_system", "exports", "imports", "trade_balance"])
    table = pd.concat(tables, ignore_index=True).rename(columns={"X": "exports", "M": "imports"})
    return table.assign(trade_balance=table["exports"] - table["imports"])


def annual(observations: pd.DataFrame, partners: tuple[str, ...]) -> pd.DataFrame:
    """One row a partner, basis and complete year: `counterpart_area`, `trade_system`, `year`, `trade_balance`."""
    tables = []
    for partner in partners:
        table = monthly(observations, partner)
        years = table.groupby([table["time_period"].str[:4].rename("year"), "trade_system"])
        sums = years.agg(trade_balance=("trade_balance", "sum"), months=("trade_balance", "size")).reset_index()
        tables.append(sums[sums["months"] == 12].assign(counterpart_area=partner))
    return pd.concat(tables, ignore_index=True).drop(columns="months")


def gap(
    observations: pd.DataFrame, partner: str, trade_system: str, months: list[str]
) -> tuple[Figure, Figure, Figure]:
    """Exports, imports and balance in the chapter over the months, on one basis, as figures.

    Raises
    ------
    MissingPeriods
        If a month of either flow is not held.
    """
    rows = on_basis(obs.of_partner(observations, partner), trade_system)
    obs.require_periods(rows, months, f"HS chapter 87, {codelists.short_label(partner)}, {trade_system}")
    prefix = f"autos.{partner}.{trade_system}.{months[0]}/{months[-1]}"
    formula = gap_formula(trade_system)
    exports = summed(
        f"{prefix}.exports",
        rows[rows["trade_flow"] == "X"],
        months,
        "total exports (FAS), HS chapter 87, summed",
    )
    imports = summed(
        f"{prefix}.imports", rows[rows["trade_flow"] == "M"], months,
        f"{codelists.TRADE_SYSTEMS[trade_system]} (customs value), HS chapter 87, summed",
    )  # fmt: skip
    return exports, imports, balance_of(f"{prefix}.balance", exports, imports, formula)


def last_year_and_to_date(observations: pd.DataFrame, partner: str, trade_system: str) -> dict[str, list[str]]:
    """The months of the last complete year and of the year to date held on that basis, as far as there are any.

    Keys "year" and "year_to_date"; the second is left out where the last year held is complete.
    """
    held = by_flow(on_basis(obs.of_partner(observations, partner), trade_system)).index
    if held.empty:
        return {}
    to_date = periods.year_to_date(str(held.max()))
    year = int(held.max()[:4]) - (len(to_date) < 12)
    spans = {"year": periods.span(f"{year}-01", f"{year}-12")}
    if len(to_date) < 12:
        spans["year_to_date"] = to_date
    return {name: months for name, months in spans.items() if set(months) <= set(held)}


def by_end_use(observations: pd.DataFrame, partner: str, year: str) -> dict[str, Figure]:
    """General imports of a year by 5-digit end-use code, in US dollars; a code without a row had no trade in ten years."""
    rows = obs.of_partner(observations, partner)
    rows = rows[rows["time_period"] == year]
    return {
        str(code): Figure(
            f"end-use.{partner}.{year}.{code}", int(part["obs_value"].sum()), DOLLARS, year,
            f"general imports (customs value), end-use {code}", origins_of(part), rows_of(part),
        )
        for code, part in rows.groupby("commodity")
    }  # fmt: skip


def end_use_total(figures: dict[str, Figure]) -> Figure:
    """The sum over the codes of one partner and year."""
    parts = list(figures.values())
    return derived(
        f"{parts[0].id.rpartition('.')[0]}.total", sum(part.value for part in parts), DOLLARS, parts[0].period,
        "general imports (customs value), end-use 3, summed over its codes", parts,
    )  # fmt: skip
