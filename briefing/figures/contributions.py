"""Why a balance moved, as arithmetic: what each flow, or each HS chapter, adds to the change.

A contribution is the change of exports less imports over the same months of two years, in US dollars;
positive makes a deficit smaller. Contributions add up to the change of the balance to the dollar.
"""

from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.figures import DOLLARS, Figure, autos, by_flow, derived, figure_of
from briefing.figures.deficit import YearToDate
from briefing.figures.products import product_in
from briefing.record import observations as obs
from briefing.record.lines import Lines

MOST_CHAPTERS = 6
"""Chapters shown by name; the others are one step."""


@dataclass(frozen=True)
class Change:
    """From one balance to the other by steps that add up: names and figures in the order of the page."""

    before: Figure
    steps: tuple[tuple[str, Figure], ...]
    now: Figure
    trade_system: str = "general"


def by_flows(year: YearToDate) -> Change | None:
    """The change of the balance by exports and general imports; None without the year before."""
    if year.exports_before is None or year.imports_before is None or year.balance_before is None:
        return None
    exports = _less("exports", year.exports, year.exports_before, year.exports.period)
    imports = _less("imports", year.imports_before, year.imports, year.imports.period)
    return Change(year.balance_before, (("Exports", exports), ("General imports", imports)), year.balance)


def _less(name: str, one: Figure, other: Figure, period: str) -> Figure:
    """One less the other, US dollars: what that flow did to the balance in the months of the period."""
    now = one if one.period == period else other
    formula = f"{one.period} less {other.period}, {name}"
    return derived(f"contribution.{name}.{now.id}", one.value - other.value, DOLLARS, period, formula, [one, other])


def basis_of(chapters: pd.DataFrame, months: list[str]) -> str | None:
    """The basis on which the chapters' imports are held for all of the months; general before consumption; None if on neither.

    `chapters`: see `by_chapters`; told apart by `trade_system`.
    """
    for basis in ("general", "consumption"):
        held = by_month(autos.on_basis(chapters, basis))
        if set(months) <= held:
            return basis
    return None


def by_month(rows: pd.DataFrame) -> set[str]:
    """The months, by `time_period`, of which both flows are held."""
    places = obs.lines_of(rows).places
    return places["X"].keys() & places["M"].keys()


def by_chapters(year: YearToDate, chapters: pd.DataFrame) -> Change | None:
    """The change of the balance by HS chapter: the largest by name, the others, and the difference of basis.

    None unless both years' months are held of the partner's chapters on one basis of imports. US dollars; positive makes a
    deficit smaller.

    Parameters
    ----------
    chapters
        Rows of `briefing.record.observations`: every HS chapter of the partner by month, exports, and imports on one or two
        bases.
    """
    if year.balance_before is None:
        return None
    now = periods.span(*year.balance.period.split("/"))
    before = [periods.shifted(month, -12) for month in now]
    compared = chapters[chapters["time_period"].isin([*before, *now])]
    basis = basis_of(compared, [*before, *now])
    if basis is None:
        return None
    lines = obs.lines_of(autos.on_basis(compared, basis))
    found = {code: _contribution(code, lines.at(places), now, before) for code, places in lines.by("commodity").items()}
    named = sorted(found, key=lambda code: -abs(found[code].value))[:MOST_CHAPTERS]
    others = [figure for code, figure in found.items() if code not in named]
    span = year.balance.period
    rest = derived(
        "contribution.other_chapters", sum(f.value for f in others), DOLLARS, span, "all other chapters, summed", others
    )
    total = year.balance.value - year.balance_before.value
    left = total - sum(figure.value for figure in found.values())
    words = "the change in all goods less that of all chapters: another basis, another vintage"
    parts = [year.balance, year.balance_before, *found.values()]
    basis_step = derived("contribution.basis", left, DOLLARS, span, words, parts)
    steps = [*((code, found[code]) for code in named), ("other", rest), ("basis", basis_step)]
    return Change(year.balance_before, tuple(steps), year.balance, basis)


def _contribution(code: str, lines: Lines, now: list[str], before: list[str]) -> Figure:
    """The change of one chapter's balance; a flow without a row in a month had no trade in it."""
    months = zip(lines.columns["time_period"], lines.signed, strict=True)
    value = sum((month in now) * signed - (month in before) * signed for month, signed in months)
    what = f"exports less imports of {product_in(lines).words}"
    period, formula = f"{now[0]}/{now[-1]}", f"{what}, {now[0]}/{now[-1]} less {before[0]}/{before[-1]}"
    return figure_of(f"contribution.chapter.{code}", value, period, formula, lines)


@dataclass(frozen=True)
class Season:
    """The balance by calendar month: mean, lowest and highest over complete years, and the months that stand out.

    `stands_out` is whether the means of the months differ by more than the same month differs from year to
    year (the mean of the months' standard deviations), and whether in most years both months are near that end of the
    year: without the one there is no pattern to name, without the other a shipment or two makes it.
    """

    table: pd.DataFrame
    largest: Figure
    smallest: Figure
    stands_out: bool


def season(own: pd.DataFrame, first_year: int) -> Season | None:
    """The seasonal pattern of the balance over complete years; None where fewer than three are held.

    `own`: see `briefing.record.observations`; one partner, all goods. Its `table` has `month` (1 to 12), `mean`, `low`,
    `high` (US dollars; negative in deficit).
    """
    flows = by_flow(own)
    balance = (flows["X"] - flows["M"])[lambda series: series.index.str[:4].astype(int) >= first_year]
    years = balance.groupby(balance.index.str[:4]).size()
    balance = balance[balance.index.str[:4].isin(years[years == 12].index)]
    if len(balance) < 36:
        return None
    months = balance.groupby(balance.index.str[5:].astype(int))
    table = (
        pd.DataFrame({"mean": months.mean(), "low": months.min(), "high": months.max()})
        .rename_axis("month")
        .reset_index()
    )
    spread = table["mean"].max() - table["mean"].min()
    lines = obs.lines_of(own).in_months(set(balance.index))
    lowest, highest = (int(table["month"].iloc[place]) for place in (table["mean"].argmin(), table["mean"].argmax()))
    stands_out = float(spread) > float(months.std().mean()) and _in_most_years(balance, lowest, highest)
    return Season(table, _month_mean(lines, lowest), _month_mean(lines, highest), stands_out)


NEAR_THE_END = 3
"""Places from the end of a year's twelve months, by balance, at which a month has to stand in most years."""


def _in_most_years(balance: pd.Series, lowest: int, highest: int) -> bool:
    """Whether the one month is among the three lowest of its year, and the other among the highest, more often than not."""
    places = balance.groupby(balance.index.str[:4]).rank()
    of_month = {month: places[balance.index.str[5:] == f"{month:02d}"] for month in (lowest, highest)}
    is_low, is_high = of_month[lowest] <= NEAR_THE_END, of_month[highest] > 12 - NEAR_THE_END
    return bool(is_low.mean() > 0.5 and is_high.mean() > 0.5)


def _month_mean(lines: Lines, month: int) -> Figure:
    periods_of = lines.by("time_period")
    months = sorted(period for period in periods_of if period[5:] == f"{month:02d}")
    parts = [
        figure_of(f"season.{month:02d}.{period[:4]}", sum(one.signed), period, "exports less general imports", one)
        for period in months
        for one in [lines.at(periods_of[period])]
    ]
    mean = sum(part.value for part in parts) / len(parts)
    what = "mean of that month's balances"
    return derived(f"season.{month:02d}", mean, DOLLARS, f"{months[0]}/{months[-1]}", what, parts)
