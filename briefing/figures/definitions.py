"""The automotive gap by definition: each counts its own goods on its own basis, and none is mixed with another."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.figures import FRACTION, Figure, autos, bears_percentage, derived, sum_of
from briefing.figures.deficit import balance_of, balanced, counted
from briefing.record import observations as obs
from briefing.record.lines import once_a_table


@dataclass(frozen=True)
class Definition:
    """What is counted, and on which basis of imports.

    `classification` is "HS" (chapter 87 by month, headings of it by year) or "END_USE" (yearly); `codes` are
    summed. Headings have imports alone.
    """

    key: str
    name: str
    classification: str
    codes: tuple[str, ...]
    trade_system: str

    @property
    def basis(self) -> str:
        return codelists.TRADE_SYSTEMS[self.trade_system]


VEHICLES, PARTS = ("30000", "30100"), ("30110", "30200", "30210", "30220", "30230")
DEFINITIONS = (
    Definition("hs87-consumption", "HS chapter 87, vehicles and parts", "HS", ("87",), "consumption"),
    Definition("hs87-general", "HS chapter 87, vehicles and parts", "HS", ("87",), "general"),
    Definition("end-use-3", "End-use 3, vehicles, engines and parts", "END_USE", (*VEHICLES, *PARTS), "general"),
    Definition("end-use-vehicles", "End-use 30000 and 30100, vehicles alone", "END_USE", VEHICLES, "general"),
    Definition("end-use-cars", "End-use 30000, passenger cars", "END_USE", ("30000",), "general"),
    Definition("end-use-trucks", "End-use 30100, trucks, buses and special vehicles", "END_USE", ("30100",), "general"),
    Definition("end-use-parts", "Engines, bodies, tires and other parts of end-use 3", "END_USE", PARTS, "general"),
    Definition("hs-8703", "HS heading 8703, passenger cars", "HS", ("8703",), "consumption"),
    Definition("hs-8704", "HS heading 8704, trucks", "HS", ("8704",), "consumption"),
    Definition("hs-8708", "HS heading 8708, parts", "HS", ("8708",), "consumption"),
)


@dataclass(frozen=True)
class YearOf:
    """One year on one definition: imports always, exports and balance where that definition holds them."""

    year: str
    imports: Figure
    exports: Figure | None = None
    balance: Figure | None = None


def years(definition: Definition, chapter: pd.DataFrame, products: pd.DataFrame, partner: str) -> list[YearOf]:
    """The complete years held on the definition, in order, in US dollars.

    Parameters
    ----------
    chapter
        Rows of `briefing.record.observations`: HS chapter 87 by month, with that partner among them.
    products
        The same by year, of the partner alone: both flows by end-use, or imports by HS heading, as the definition counts.
    """
    return list(
        _of_chapter(definition, chapter, partner) if definition.codes == ("87",) else _of_products(definition, products)
    )


def last_year(definition: Definition, chapter: pd.DataFrame, products: pd.DataFrame, partner: str) -> YearOf | None:
    """The last of the years held on the definition, of both flows where any is; None if none is.

    `chapter` and `products` are as in `years`; see `briefing.record.observations`.
    """
    if definition.codes == ("87",):
        chapter = _of_its_last_year(autos.on_basis(chapter, definition.trade_system), definition, partner)
    else:
        rows = _counted(definition, products)
        exported, imported = (set(rows.loc[rows["trade_flow"] == flow, "time_period"]) for flow in "XM")
        products = rows[rows["time_period"] == max(exported & imported or imported, default="")]
    return next(iter(years(definition, chapter, products, partner)[-1:]), None)


def _of_its_last_year(chapter: pd.DataFrame, definition: Definition, partner: str) -> pd.DataFrame:
    table = autos.annual(chapter, (partner,)) if not autos.monthly(chapter, partner).empty else pd.DataFrame()
    if table.empty:
        return chapter.iloc[:0]
    year = table.loc[table["trade_system"] == definition.trade_system, "year"].max()
    return chapter[chapter["time_period"].isin(periods.span(f"{year}-01", f"{year}-12"))]


def _of_chapter(definition: Definition, chapter: pd.DataFrame, partner: str) -> Iterator[YearOf]:
    basis = definition.trade_system
    table = autos.annual(chapter, (partner,)) if not autos.monthly(chapter, partner).empty else pd.DataFrame()
    if table.empty:
        return
    for year in table.loc[table["trade_system"] == basis, "year"]:
        exports, imports, balance = autos.gap(chapter, partner, basis, periods.span(f"{year}-01", f"{year}-12"))
        yield YearOf(str(year), imports, exports, balance)


@once_a_table
def _in(products: pd.DataFrame, classification: str, codes: tuple[str, ...], trade_system: str) -> pd.DataFrame:
    return products[
        (products["classification"] == classification)
        & products["commodity"].isin(codes)
        & products["trade_system"].isin(["total", trade_system])
    ]


def _counted(definition: Definition, products: pd.DataFrame) -> pd.DataFrame:
    return _in(products, definition.classification, definition.codes, definition.trade_system)


def _of_products(definition: Definition, products: pd.DataFrame) -> Iterator[YearOf]:
    rows = _counted(definition, products)
    for year in sorted(obs.lines_of(rows).places["M"]):
        imports, exports = (_of_flow(definition, rows, year, flow) for flow in "MX")
        if imports is not None and exports is not None:
            id = f"definition.{definition.key}.{_partner_of(rows)}.{year}.balance"
            formula = f"{balanced(definition.trade_system)}, {definition.name}"
            yield YearOf(year, imports, exports, balance_of(id, exports, imports, formula))
        elif imports is not None:
            yield YearOf(year, imports)


def _partner_of(rows: pd.DataFrame) -> str:
    return obs.lines_of(rows).columns["counterpart_area"][0]


def _of_flow(definition: Definition, rows: pd.DataFrame, year: str, flow: str) -> Figure | None:
    """One flow of a year; None where the year is not held, or no code of the definition was traded."""
    partner = _partner_of(rows)
    parts = list(autos.by_code(rows, partner, year, flow).values())
    if len(parts) < 2:
        return parts[0] if parts else None
    id = f"definition.{definition.key}.{partner}.{year}{'.exports' if flow == 'X' else ''}"
    return sum_of(id, year, f"{counted(flow, definition.trade_system)}, {definition.name}, summed", parts)


def share(part: Figure, whole: Figure) -> Figure | None:
    """A balance over the goods balance of the same year; None unless both are deficits and the whole bears a share."""
    if part.value >= 0 or whole.value >= 0 or not bears_percentage(part, whole):
        return None
    formula = "its balance over that of all goods (bases of imports differ where they are for consumption)"
    return derived(f"{part.id}.share", part.value / whole.value, FRACTION, part.period, formula, [part, whole])


@dataclass(frozen=True)
class Placed:
    """A gap in its place: what it counts, over which months, who printed it ("" for ours).

    `period` is that which the page means, "" where none is known; `stated` is whether its months are certain, or only its
    own word for them; `worked_out` whether this book made it of what somebody printed.
    """

    figure: Figure
    counts: str
    period: str
    printed_by: str
    stated: bool = True
    worked_out: bool = False

    @property
    def months(self) -> str:
        """The months in words."""
        return periods.in_words(self.period) + ("" if self.stated else ", as it says")

    @property
    def place(self) -> tuple[str, int, bool, float]:
        """Where it stands in time: by its last month, the shorter of two first; what was printed before what is ours."""
        months = periods.span(*self.period.split("/"))
        return months[-1], len(months), not self.printed_by, abs(self.figure.value)
