"""Pictures of trade in a product, of which the chapter shows HS chapter 87, and of its definitions."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart
from briefing.exhibits.charts.deficit import flows_and_balance
from briefing.exhibits.charts.marks import (
    Channel,
    Channels,
    at,
    category,
    every_year,
    in_order,
    layered,
    mark,
    one_of,
    quantity,
    rows_of,
    values,
)
from briefing.figures import Figure
from briefing.figures.definitions import Definition, Placed, YearOf
from briefing.figures.products import Product
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.rounding import FLOWS_ROUNDED, adds_up_otherwise
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import signed, size

PRINTED, COMPUTED = "As printed by somebody", "As this book computes it"
WORKED_OUT = "Worked out from what somebody printed"
COLOURS = {"Exports": EXPORTS, "Imports": IMPORTS}
LOOKS = {PRINTED: (HIGHLIGHT, "diamond"), WORKED_OUT: (MUTED, "diamond"), COMPUTED: (BALANCE, "circle")}
"""Colour and shape of each kind of gap."""
BASES = {"consumption": ("Imports for consumption", BALANCE), "general": ("General imports", PALE)}


def basis_note(trade_system: str, product: Product) -> str:
    """The basis of a picture, in words."""
    return (
        f"{product.words}, Census basis, not seasonally adjusted; total exports FAS, "
        f"{codelists.TRADE_SYSTEMS[trade_system]} customs value."
    )


def monthly_gap(
    table: pd.DataFrame, product: Product, partner: str, title: Sentence, origins: tuple[Origin, ...]
) -> Chart:
    """Exports and imports of the product by month with their gap, on the one basis that `table` holds.

    `table` has a row a month, in order: `time_period`, `exports` (FAS), `imports` (customs value), `trade_balance`
    (negative in deficit), in US dollars, and `trade_system`, the same in every row.
    """
    (trade_system,) = table["trade_system"].unique()
    return flows_and_balance(
        table,
        title,
        origins,
        id=f"{product.id}-monthly-{trade_system}",
        imports_label={"consumption": "Imports (cons.)", "general": "General imports"}[trade_system],
        subtitle=f"US trade in {product.goods} with {codelists.in_prose(partner)}, each month",
        basis=basis_note(trade_system, product),
    )


def annual_gaps(table: pd.DataFrame, product: Product, title: Sentence, origins: tuple[Origin, ...]) -> Chart:
    """The gap of each complete year, a panel a partner, on one scale; the two bases of imports in two colours.

    `table` has a row a partner and year: `counterpart_area`, `year`, `trade_system`, and `trade_balance`, exports (FAS)
    less imports (customs value) of that system in US dollars, negative in deficit.
    """
    divisor, unit = unit_of(list(table["trade_balance"]))
    data = _gaps_in_unit(table, divisor)
    bases = [basis for basis in BASES if basis in set(table["trade_system"])]
    years = every_year(list(data["year"]))
    absent = [year for year in years if year not in set(data["year"])]
    without = f"; no complete year is held of {codelists.listed(absent)}" if absent else ""
    return Chart(
        id=f"{product.id}-annual",
        title=title,
        subtitle=f"US balance in {product.goods} by complete calendar year, {unit}, one scale{without}",
        picture=_panels(data, years, dict(BASES[basis] for basis in bases)),
        alt_text=f"Bars of the balance in {product.goods} by partner and year, {unit}{without}. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=" ".join(basis_note(basis, product) for basis in bases),
    )


def _gaps_in_unit(table: pd.DataFrame, divisor: float) -> pd.DataFrame:
    pairs = list(zip(table["counterpart_area"], table["year"], strict=True))
    last = dict(sorted(pairs))  # of each partner the last; pandas groups texts in threads, which outlive it
    return pd.DataFrame(
        {
            "partner": table["counterpart_area"].map(codelists.short_label),
            "year": table["year"],
            "gap": table["trade_balance"] / divisor,
            "basis": table["trade_system"].map(lambda basis: BASES[basis][0]),
            "last": [year == last[area] for area, year in pairs],
            "text": [in_unit(value, divisor, 0) for value in table["trade_balance"]],
            "words": [
                f"{codelists.short_label(row.counterpart_area)} {row.year}: {signed(row.trade_balance)} "
                f"({codelists.TRADE_SYSTEMS[row.trade_system]})"
                for row in rows_of(table)
            ],
        }
    )


def _panels(data: pd.DataFrame, years: list[str], colours: dict[str, str]) -> alt.FacetChart:
    """A panel a partner, in the order of the rows; of the last year the amount is printed."""
    panel = layered(_bars_of_years(years, colours), (WIDTH - 130) / 3, 150)
    order = list(dict.fromkeys(data["partner"]))
    facet = alt.Facet(**category("partner", title=None, sort=order))
    return alt.FacetChart(values(data), spec=panel, facet=facet, columns=3, spacing={"row": 18, "column": 26})


def _bars_of_years(years: list[str], colours: dict[str, str]) -> list[alt.Chart]:
    labelled = years if len(years) <= 5 else [years[0], years[-1]]
    axis = {"labelAngle": 0, "values": labelled, "labelFontSize": 11}
    place: Channels = {
        "x": in_order("year", title=None, axis=axis, scale={"domain": years}),
        "y": quantity("gap", title=None, axis={"tickCount": 4}, scale={"padding": 14}),
    }
    colour = one_of("basis", colours, legend={"title": None} if len(colours) > 1 else None)
    bars = mark("bar", {"width": {"band": 0.72}}, words="words", **place, color=colour)
    zero = mark("rule", {"color": INK}, y={"datum": 0})
    amounts = [
        mark(
            "text",
            {"dy": away, "fontSize": 11, "color": TEXT},
            where=f"datum.last && datum.gap {side} 0",
            **place,
            text=category("text"),
        )
        for side, away in (("<", 9), (">=", -9))
    ]
    return [bars, zero, *amounts]


SCALE = WIDTH - 440
"""Points, the width of the scale of published gaps."""
AMOUNT = 38
"""Points from a gap to the end of the amount beside it."""


def published_gaps(placed: Sequence[Placed], unstated: Sequence[Placed], title: Sentence) -> Chart:
    """Gaps on one scale, a row each in the order of their months: as printed, and as this book computes them.

    `unstated` are printed without scope or months: each is a line across the rows, for it has no row to stand in.
    """
    rows = sorted(placed, key=lambda one: one.place)
    data, lines = _rows_of_gaps(rows), _lines_of_gaps(unstated)
    worked_out = ", or a printed share of a printed deficit" if any(one.worked_out for one in rows) else ""
    top = 1.15 * max([*data["gap"], *lines["gap"]])
    data["crossed"] = _crossed(list(data["gap"]), list(lines["gap"]), AMOUNT * top / SCALE)
    x = _gap_axis(top)
    dots = layered([*_lines_across(lines, x), *_dots(data, x)], SCALE, 24 * len(rows))
    return Chart(
        id="autos-published",
        title=title,
        subtitle="Size of the US deficit in the goods named, billion dollars, by the months meant",
        picture=alt.hconcat(_named_rows(data), dots, spacing=6),
        alt_text=f"Gaps in the order of their months. {'; '.join(data['words'])}.",
        basis=f"Only what this book computes stands on its data; the others are figures as printed{worked_out}.{_none_since(rows)}",
        drawn=tuple(one.figure for one in [*placed, *unstated]),
    )


def _rows_of_gaps(rows: Sequence[Placed]) -> pd.DataFrame:
    months = [one.months for one in rows]
    return pd.DataFrame(
        {
            "row": [f"{number}" for number, _ in enumerate(rows)],
            "months": [now if now != before else "" for before, now in zip(["", *months], months, strict=False)],
            "what": [one.counts + (f" – {one.printed_by}" if one.printed_by else "") for one in rows],
            "gap": [_billions(one) for one in rows],
            "kind": [_kind(one) for one in rows],
            "text": [f"{_billions(one):,.1f}" for one in rows],
            "words": [
                f"{one.counts}, {one.months}: {signed(one.figure.value)}, {one.printed_by or 'this book'}"
                for one in rows
            ],
        }
    )


def _lines_of_gaps(unstated: Sequence[Placed]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "gap": [_billions(one) for one in unstated],
            "text": [f"{_billions(one):,.1f} {one.printed_by}, scope not stated" for one in unstated],
        }
    )


def _billions(one: Placed) -> float:
    return abs(one.figure.value) / 1e9


def _named_rows(data: pd.DataFrame) -> alt.LayerChart:
    """The months and the goods of each row, beside the dots."""
    look = {"align": "left", "color": TEXT, "limit": 308}
    columns = [
        mark("text", look, text=category(column), x=at(points), y=_row())
        for column, points in (("months", 0), ("what", 112))
    ]
    return layered(columns, 420, 24 * len(data), data)


def _row() -> Channel:
    return category("row", sort=None, axis=None)


def _crossed(gaps: Sequence[float], lines: Sequence[float], reach: float) -> list[int]:
    """1 for each gap where a line would run through the amount on its right and none through one on its left, else 0.

    >>> _crossed([14.4, 24.0], [18.8], 5.0), _crossed([14.4], [12.0, 18.8], 5.0)
    ([1, 0], [0])
    """
    return [
        int(any(0 < line - gap < reach for line in lines) and not any(0 < gap - line < reach for line in lines))
        for gap in gaps
    ]


def _gap_axis(top: float) -> Channel:
    return quantity("gap", title=None, scale={"domain": [0, top], "nice": False}, axis={"tickCount": 5, "grid": False})


def _dots(data: pd.DataFrame, x: Channel) -> list[alt.Chart]:
    """Each gap in its row, with its amount."""
    kinds = [kind for kind in LOOKS if kind in set(data["kind"])]
    legend = {"orient": "bottom", "direction": "horizontal", "symbolSize": 90, "labelLimit": 0}
    dots = mark(
        "point",
        {"filled": True, "size": 95, "opacity": 1},
        data,
        words="words",
        x=x,
        y=_row(),
        color=one_of("kind", {kind: LOOKS[kind][0] for kind in kinds}, legend=legend),
        shape=one_of("kind", {kind: LOOKS[kind][1] for kind in kinds}),
    )
    look = {"fontSize": 11, "color": MUTED, "limit": 230}
    sides = [("datum.crossed == 0", {"align": "left", "dx": 10}), ("datum.crossed > 0", {"align": "right", "dx": -10})]
    amounts = [
        mark("text", look | side, data, where=where, x=x, y=_row(), text=category("text")) for where, side in sides
    ]
    return [dots, *amounts]


def _lines_across(lines: pd.DataFrame, x: Channel) -> list[alt.Chart]:
    """Each gap that has no row, across all of them, its words above those of the line before."""
    if lines.empty:
        return []
    look = {"color": HIGHLIGHT, "fontWeight": 600}
    names = [
        mark("text", look | {"dy": -9 - 15 * place}, lines.iloc[[place]], x=x, y=at(0), text=category("text"))
        for place in range(len(lines))
    ]
    return [mark("rule", {"color": HIGHLIGHT, "strokeDash": [4, 3]}, lines, words="text", x=x), *names]


def _none_since(rows: Sequence[Placed]) -> str:
    """That nobody's print of a later gap is on record, where ours goes on after the last."""
    last = max((one for one in rows if one.printed_by), key=lambda one: one.place)
    if rows[-1].period[-7:] <= last.period[-7:]:
        return ""
    return f" No gap that somebody printed of months after {periods.in_words(last.period[-7:])} is on record."


def _kind(one: Placed) -> str:
    if not one.printed_by:
        return COMPUTED
    return WORKED_OUT if one.worked_out else PRINTED


def _rounded(years: Sequence[YearOf]) -> str:
    """That exports less imports, as printed, are not the gap as printed, where it is so in some year."""
    whole = [(one.balance, one.exports, one.imports) for one in years if one.balance and one.exports]
    off = any(
        adds_up_otherwise(signed(balance.value), signed(exports.value), signed(-imports.value))
        for balance, exports, imports in whole
    )
    return f" {FLOWS_ROUNDED}" if off else ""


def on_definition(years: Sequence[YearOf], definition: Definition, title: Sentence) -> Chart:
    """Imports, and exports where held, of each year on one definition, as bars beside each other."""
    rows = [(one.year, "Imports", one.imports) for one in years]
    rows += [(one.year, "Exports", one.exports) for one in years if one.exports is not None]
    drawn = tuple(figure for *_, figure in rows)
    divisor, unit = unit_of([figure.value for figure in drawn])
    data = _flows_in_unit(rows, divisor)
    flows = [flow for flow in COLOURS if flow in set(data["flow"])]
    exports = (
        "; total exports, FAS."
        if "Exports" in flows
        else ". Exports on this definition are not held, so no gap is shown."
    )
    return Chart(
        id=f"autos-on-{definition.key}",
        title=title,
        subtitle=f"{definition.name}: {definition.basis}, by calendar year, {unit}",
        picture=_flows_side_by_side(data, flows),
        alt_text=f"Bars by year. {'; '.join(data['words'])}.",
        basis=f"Census basis, not seasonally adjusted; {definition.basis}, customs value{exports}{_rounded(years)}",
        drawn=drawn,
    )


def _flows_in_unit(rows: Sequence[tuple[str, str, Figure]], divisor: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": [year for year, *_ in rows],
            "flow": [flow for _, flow, _ in rows],
            "value": [figure.value / divisor for *_, figure in rows],
            "text": [in_unit(figure.value, divisor) for *_, figure in rows],
            "words": [f"{flow} {year}: {size(figure.value)}" for year, flow, figure in rows],
        }
    )


def _flows_side_by_side(data: pd.DataFrame, flows: list[str]) -> alt.LayerChart:
    place: Channels = {
        "x": in_order("year", title=None, axis={"labelAngle": 0}, scale={"domain": every_year(list(data["year"]))}),
        "xOffset": category("flow", sort=flows),
        "y": quantity("value", title=None, axis={"tickCount": 4}),
    }
    colour = one_of("flow", {flow: COLOURS[flow] for flow in flows})
    bars = mark("bar", {}, words="words", **place, color=colour)
    amounts = mark("text", {"dy": -7, "fontSize": 10.5, "color": TEXT}, **place, text=category("text"))
    return layered([bars, amounts], WIDTH - 60, 210, data)
