"""Pictures of trade in a product, of which the chapter shows HS chapter 87, and of its definitions."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart, every_year, marked, rows_of
from briefing.exhibits.charts.deficit import flows_and_balance
from briefing.figures.definitions import Definition, Placed, YearOf
from briefing.figures.products import Product
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Claim
from briefing.sentences.rounding import FLOWS_ROUNDED, adds_up_otherwise
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import signed, size

PRINTED, COMPUTED = "As printed by somebody", "As this book computes it"
WORKED_OUT = "Worked out from what somebody printed"
BASES = {"consumption": ("Imports for consumption", BALANCE), "general": ("General imports", PALE)}


def basis_note(trade_system: str, product: Product) -> str:
    """The basis of a picture, in words."""
    return (
        f"{product.words}, Census basis, not seasonally adjusted; total exports FAS, "
        f"{codelists.TRADE_SYSTEMS[trade_system]} customs value."
    )


def monthly_gap(
    table: pd.DataFrame, product: Product, partner: str, title: Claim, origins: tuple[Origin, ...]
) -> Chart:
    """Exports and imports of the product by month with their gap, on the one basis that `table` holds."""
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


def annual_gaps(
    table: pd.DataFrame, product: Product, partner: str, title: Claim, origins: tuple[Origin, ...]
) -> Chart:
    """The gap of each complete year, a panel a partner, on one scale; the two bases of imports in two colours.

    `table` has `counterpart_area`, `trade_system`, `year`, `trade_balance` (US dollars).
    """
    divisor, unit = unit_of(list(table["trade_balance"]))
    order = [codelists.short_label(code) for code in dict.fromkeys(table["counterpart_area"])]
    bases = [basis for basis in BASES if basis in set(table["trade_system"])]
    last = {str(code): max(years) for code, years in table.groupby("counterpart_area")["year"]}
    data = pd.DataFrame(
        {
            "partner": table["counterpart_area"].map(codelists.short_label),
            "year": table["year"],
            "gap": table["trade_balance"] / divisor,
            "basis": table["trade_system"].map(lambda basis: BASES[basis][0]),
            "last": table["year"] == table["counterpart_area"].map(lambda code: last[code]),
            "text": [in_unit(value, divisor, 0) for value in table["trade_balance"]],
            "words": [
                f"{codelists.short_label(row.counterpart_area)} {row.year}: {signed(row.trade_balance)} "
                f"({codelists.TRADE_SYSTEMS[row.trade_system]})"
                for row in rows_of(table)
            ],
        }
    )
    colour = alt.Color(
        "basis:N",
        scale=alt.Scale(domain=[BASES[b][0] for b in bases], range=[BASES[b][1] for b in bases]),
        legend=alt.Legend(title=None) if len(bases) > 1 else None,
    )
    years = every_year(list(data["year"]))
    absent = [year for year in years if year not in set(data["year"])]
    without = f"; no complete year is held of {codelists.listed(absent)}" if absent else ""
    labelled = years if len(years) <= 5 else [years[0], years[-1]]
    base = marked(data).encode(
        x=alt.X(
            "year:O",
            title=None,
            axis=alt.Axis(labelAngle=0, values=labelled, labelFontSize=11),
            scale=alt.Scale(domain=years),
        ),
        y=alt.Y("gap:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(padding=14)),
    )
    bars = base.mark_bar(width={"band": 0.72}).encode(color=colour, description=alt.Description("words:N"))
    texts = [
        base.transform_filter(f"datum.last && datum.gap {side} 0")
        .mark_text(dy=away, fontSize=11, color=TEXT, aria=False)
        .encode(text=alt.Text("text:N"))
        for side, away in (("<", 9), (">=", -9))
    ]
    zero = alt.Chart(base.data).mark_rule(color=INK, aria=False).encode(y=alt.datum(0))
    panel = alt.layer(bars, zero, *texts, data=base.data, width=(WIDTH - 130) / 3, height=150)
    picture = panel.facet(
        facet=alt.Facet("partner:N", title=None, sort=order), columns=3, spacing={"row": 18, "column": 26}
    )
    return Chart(
        id=f"{product.id}-annual",
        title=title,
        subtitle=f"US balance in {product.goods} by complete calendar year, {unit}, one scale{without}",
        picture=picture,
        alt_text=f"Bars of the balance in {product.goods} by partner and year, {unit}{without}. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=" ".join(basis_note(basis, product) for basis in bases),
    )


def published_gaps(
    placed: Sequence[Placed], unstated: Sequence[Placed], title: Claim, origins: tuple[Origin, ...]
) -> Chart:
    """Gaps on one scale, a row each in the order of their months: as printed, and as this book computes them.

    `unstated` are printed without scope or months: each is a line across the rows, for it has no row to stand in.
    """
    rows = sorted(placed, key=lambda one: one.place)
    months = [one.months for one in rows]
    data = pd.DataFrame(
        {
            "row": [f"{number}" for number, _ in enumerate(rows)],
            "months": [now if now != before else "" for before, now in zip(["", *months], months, strict=False)],
            "what": [one.counts + (f" – {one.printed_by}" if one.printed_by else "") for one in rows],
            "gap": [abs(one.figure.value) / 1e9 for one in rows],
            "kind": [_kind(one) for one in rows],
            "text": [f"{abs(one.figure.value) / 1e9:,.1f}" for one in rows],
            "words": [
                f"{one.counts}, {one.months}: {signed(one.figure.value)}, {one.printed_by or 'this book'}"
                for one in rows
            ],
        }
    )
    worked_out = ", or a printed share of a printed deficit" if any(one.worked_out for one in rows) else ""
    height = 24 * len(rows)
    base = marked(data).encode(y=alt.Y("row:N", sort=None, axis=None))
    words = base.mark_text(align="left", color=TEXT, limit=308, aria=False)
    names = alt.layer(
        words.encode(text=alt.Text("months:N"), x=alt.value(0)), words.encode(text=alt.Text("what:N"), x=alt.value(112))
    ).properties(width=420, height=height)
    lines = [one.figure.value for one in unstated]
    top = 1.15 * max([*data["gap"], *(abs(value) / 1e9 for value in lines)])
    x = alt.X("gap:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(tickCount=5, grid=False))
    looks = {PRINTED: (HIGHLIGHT, "diamond"), WORKED_OUT: (MUTED, "diamond"), COMPUTED: (BALANCE, "circle")}
    kinds = [kind for kind in looks if kind in set(data["kind"])]
    marks = base.mark_point(filled=True, size=95, opacity=1).encode(
        x=x,
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[looks[k][0] for k in kinds]),
                        legend=alt.Legend(orient="bottom", direction="horizontal", symbolSize=90, labelLimit=0)),
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[looks[k][1] for k in kinds])),
        description=alt.Description("words:N"),
    )  # fmt: skip
    texts = base.mark_text(align="left", dx=10, fontSize=11, color=MUTED, limit=230, aria=False).encode(
        x=x, text=alt.Text("text:N")
    )
    layers: list[alt.Chart] = [marks, texts]
    if unstated:
        said = pd.DataFrame({
            "gap": [abs(value) / 1e9 for value in lines],
            "text": [f"{abs(one.figure.value) / 1e9:,.1f} {one.printed_by}, scope not stated" for one in unstated],
        })  # fmt: skip
        rule = (
            marked(said)
            .mark_rule(color=HIGHLIGHT, strokeDash=[4, 3])
            .encode(x=x, description=alt.Description("text:N"))
        )
        label = (
            marked(said)
            .mark_text(color=HIGHLIGHT, fontWeight=600, dy=-9, aria=False)
            .encode(x=x, y=alt.value(0), text=alt.Text("text:N"))
        )
        layers = [rule, label, *layers]
    dots = alt.layer(*layers, width=WIDTH - 440, height=height)
    return Chart(
        id="autos-published",
        title=title,
        subtitle="Size of the US deficit in the goods named, billion dollars, by the months meant",
        picture=alt.hconcat(names, dots, spacing=6),
        alt_text=f"Gaps in the order of their months. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=f"Only what this book computes stands on its data; the others are figures as printed{worked_out}.{_none_since(rows)}",
        drawn=tuple(one.figure for one in [*placed, *unstated]),
    )


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


def on_definition(years: Sequence[YearOf], definition: Definition, title: Claim) -> Chart:
    """Imports, and exports where held, of each year on one definition, as bars beside each other."""
    rows = [(one.year, "Imports", one.imports) for one in years]
    rows += [(one.year, "Exports", one.exports) for one in years if one.exports is not None]
    divisor, unit = unit_of([figure.value for *_, figure in rows])
    data = pd.DataFrame(
        {
            "year": [year for year, *_ in rows],
            "flow": [flow for _, flow, _ in rows],
            "value": [figure.value / divisor for *_, figure in rows],
            "text": [in_unit(figure.value, divisor) for *_, figure in rows],
            "words": [f"{flow} {year}: {size(figure.value)}" for year, flow, figure in rows],
        }
    )
    flows = [flow for flow in ("Exports", "Imports") if flow in set(data["flow"])]
    base = marked(data).encode(
        x=alt.X(
            "year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=every_year(list(data["year"])))
        ),
        xOffset=alt.XOffset("flow:N", sort=flows),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4)),
    )
    colours = {"Exports": EXPORTS, "Imports": IMPORTS}
    bars = base.mark_bar().encode(
        color=alt.Color("flow:N", scale=alt.Scale(domain=flows, range=[colours[flow] for flow in flows])),
        description=alt.Description("words:N"),
    )
    texts = base.mark_text(dy=-7, fontSize=10.5, color=TEXT, aria=False).encode(text=alt.Text("text:N"))
    held = "" if "Exports" in flows else " Exports on this definition are not held, so no gap is shown."
    return Chart(
        id=f"autos-on-{definition.key}",
        title=title,
        subtitle=f"{definition.name}: {definition.basis}, by calendar year, {unit}",
        picture=alt.layer(bars, texts, width=WIDTH - 60, height=210),
        alt_text=f"Bars by year. {'; '.join(data['words'])}.",
        drawn_from=tuple(sorted({origin for *_, figure in rows for origin in figure.origins})),
        basis=f"Census basis, not seasonally adjusted; {definition.basis}, customs value.{held}{_rounded(years)}",
        drawn=tuple(figure for *_, figure in rows),
    )
