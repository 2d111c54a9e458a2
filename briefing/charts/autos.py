"""Pictures of trade in vehicles and their parts (HS chapter 87)."""

import altair as alt
import pandas as pd

from briefing import codelists
from briefing.charts import BALANCE, INK, PALE, TEXT, WIDTH, Chart, rows_of, unit_of
from briefing.charts.deficit import flows_and_balance
from briefing.claims import Claim
from briefing.claims.words import signed
from briefing.figures import Origin

BASES = {"consumption": ("Imports for consumption", BALANCE), "general": ("General imports", PALE)}


def basis_note(trade_system: str) -> str:
    """The basis of a picture, in words."""
    return (
        "HS chapter 87, Census basis, not seasonally adjusted; total exports FAS, "
        f"{codelists.TRADE_SYSTEMS[trade_system]} customs value."
    )


def monthly_gap(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """Exports and imports of the chapter by month with their gap, on the one basis that `table` holds."""
    (trade_system,) = table["trade_system"].unique()
    return flows_and_balance(
        table,
        title,
        origins,
        id=f"autos-monthly-{trade_system}",
        imports_label={"consumption": "Imports (cons.)", "general": "General imports"}[trade_system],
        subtitle=f"US trade in vehicles and parts with {codelists.in_prose(partner)}, each month",
        basis=basis_note(trade_system),
    )


def annual_gaps(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """The gap of each complete year, a panel a partner, on one scale; the two bases of imports in two colours.

    `table` has `counterpart_area`, `trade_system`, `year`, `trade_balance` (US dollars).
    """
    divisor, unit = unit_of(list(table["trade_balance"]))
    order = [codelists.short_label(code) for code in dict.fromkeys(table["counterpart_area"])]
    bases = [basis for basis in BASES if basis in set(table["trade_system"])]
    data = pd.DataFrame(
        {
            "partner": table["counterpart_area"].map(codelists.short_label),
            "year": table["year"],
            "gap": table["trade_balance"] / divisor,
            "basis": table["trade_system"].map(lambda basis: BASES[basis][0]),
            "last": table["year"] == table.groupby("counterpart_area")["year"].transform("max"),
            "text": [f"{value / divisor:,.0f}".replace("-", "−") for value in table["trade_balance"]],
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
    years = sorted(data["year"].unique())
    labelled = years if len(years) <= 5 else [years[0], years[-1]]
    base = alt.Chart(data).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, values=labelled, labelFontSize=11)),
        y=alt.Y("gap:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(padding=14)),
    )
    bars = base.mark_bar(width={"band": 0.72}).encode(color=colour, description="words:N")
    texts = [
        base.transform_filter(f"datum.last && datum.gap {side} 0")
        .mark_text(dy=away, fontSize=11, color=TEXT, aria=False)
        .encode(text="text:N")
        for side, away in (("<", 9), (">=", -9))
    ]
    zero = alt.Chart(data).mark_rule(color=INK, aria=False).encode(y=alt.datum(0))
    panel = alt.layer(bars, zero, *texts, data=data).properties(width=(WIDTH - 130) / 3, height=150)
    picture = panel.facet(
        facet=alt.Facet("partner:N", title=None, sort=order), columns=3, spacing={"row": 18, "column": 26}
    )
    return Chart(
        id="autos-annual",
        title=title,
        subtitle=f"US balance in vehicles and parts by complete calendar year, {unit}, one scale",
        picture=picture,
        alt_text=f"Bars of the balance in vehicles and parts by partner and year, {unit}. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=" ".join(basis_note(basis) for basis in bases),
    )
