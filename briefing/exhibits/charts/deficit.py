"""Pictures of trade in all goods with one partner."""

from datetime import date

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart, in_time, marked, rows_of
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Claim
from briefing.sentences.rounding import FLOWS_ROUNDED, adds_up_otherwise
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import signed, size

BASIS = "Census basis, not seasonally adjusted; exports FAS, general imports customs value."


def monthly_trade(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """Exports and general imports as lines, their balance as bars, month by month.

    `table` has `time_period`, `exports`, `general_imports`, `trade_balance` in US dollars.
    """
    return flows_and_balance(
        table.rename(columns={"general_imports": "imports"}),
        title,
        origins,
        id="monthly-trade",
        imports_label="General imports",
        subtitle=f"US trade in goods with {codelists.in_prose(partner)}, each month",
        basis=BASIS,
    )


def flows_and_balance(
    table: pd.DataFrame,
    title: Claim,
    origins: tuple[Origin, ...],
    *,
    id: str,
    imports_label: str,
    subtitle: str,
    basis: str,
) -> Chart:
    """Two flows as lines over their balance as bars, on one scale with a zero line."""
    divisor, unit = unit_of([*table["exports"], *table["imports"]])
    data = pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "exports": table["exports"] / divisor,
            "imports": table["imports"] / divisor,
            "balance": table["trade_balance"] / divisor,
            "words": _words(table, imports_label.lower()),
        }
    )
    first, last = table["time_period"].iloc[0], table["time_period"].iloc[-1]
    x = time_axis(first, last)
    base = marked(data)
    month_width = (WIDTH - 130) / len(data)
    bars = base.mark_bar(color=BALANCE, opacity=0.45, size=0.75 * month_width, aria=False).encode(
        x=x, y=alt.Y("balance:Q", title=None)
    )
    lines = [
        base.mark_line(color=colour, aria=False).encode(x=x, y=alt.Y(f"{name}:Q"))
        for name, colour in (("exports", EXPORTS), ("imports", IMPORTS))
    ]
    pointers = base.mark_rule(opacity=0, strokeWidth=month_width).encode(x=x, description=alt.Description("words:N"))
    zero = marked({"y": [0]}).mark_rule(color=INK, aria=False).encode(y=alt.Y("y:Q"))
    names = {
        "exports": ("Exports", EXPORTS),
        "imports": (imports_label, IMPORTS),
        "balance": ("Balance", BALANCE),
    }
    labels = end_labels(data, names)
    picture = alt.layer(bars, zero, *lines, *labels, pointers, width=WIDTH - 130, height=235)
    latest = table.iloc[-1]
    rounded = FLOWS_ROUNDED if _rounded(table) else ""
    return Chart(
        id=id,
        title=title,
        subtitle=f"{subtitle}, {unit}",
        picture=picture,
        alt_text=(
            f"Lines of US exports and {imports_label.lower()} and bars of the balance, {periods.in_words(f'{first}/{last}')}. "
            f"In the last month exports were {size(latest.exports)}, imports {size(latest.imports)}, "
            f"the balance {signed(latest.trade_balance)}."
        ),
        drawn_from=origins,
        basis=f"{basis} {rounded}".strip(),
    )


def _rounded(table: pd.DataFrame) -> bool:
    """Whether in some month the sizes, as they are printed, do not make the balance."""
    return any(
        adds_up_otherwise(signed(row.trade_balance), signed(row.exports), signed(-row.imports))
        for row in rows_of(table)
    )


def _words(table: pd.DataFrame, imports_label: str) -> list[str]:
    return [
        f"{periods.in_words(row.time_period)}: exports {size(row.exports)}, {imports_label} "
        f"{size(row.imports)}, balance {signed(row.trade_balance)}"
        for row in rows_of(table)
    ]


def time_axis(first: str, last: str) -> alt.X:
    months = len(periods.span(first, last))
    short = months <= 30
    step = {"interval": "month", "step": 3} if short else {"interval": "year", "step": 1 if months <= 150 else 2}
    return in_time(
        "month",
        [f"{first}-01", str(periods.end_of_month(last))],
        axis=alt.Axis(format="%b %Y" if short else "%Y", tickCount=step, labelAlign="center"),
    )


def end_labels(data: pd.DataFrame, names: dict[str, tuple[str, str]]) -> list[alt.Chart]:
    """Names at the right of the picture, beyond its zero line and at the height of their series' ends, moved apart where they would touch on the scale of the whole picture."""
    row, shown = data.iloc[-1], data[list(names)]
    low, high = min(0.0, float(shown.min().min())), max(0.0, float(shown.max().max()))
    gap = (high - low) / 13
    places: dict[str, float] = {}
    for name in sorted(names, key=lambda name: float(row[name])):
        floor = max(places.values()) + gap if places else -float("inf")
        places[name] = max(float(row[name]), floor)
    return [
        marked({"month": [row["month"]], "y": [places[name]], "text": [label]})
        .mark_text(align="left", dx=10, color=colour, fontWeight=600, aria=False)
        .encode(x=alt.value("width"), y=alt.Y("y:Q"), text=alt.Text("text:N"))
        for name, (label, colour) in names.items()
    ]


def twelve_month_balance(
    table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...], pact: date | None = None
) -> Chart:
    """The balance summed over twelve months, as an area below or above zero; the day a pact began is marked."""
    shown = table.dropna(subset=["twelve_months"])
    divisor, unit = unit_of(list(shown["twelve_months"]))
    data = pd.DataFrame(
        {
            "month": shown["time_period"] + "-15",
            "balance": shown["twelve_months"] / divisor,
            "words": [
                f"Twelve months to {periods.in_words(row.time_period)}: {signed(row.twelve_months)}"
                for row in rows_of(shown)
            ],
        }
    )
    first, last = shown["time_period"].iloc[0], shown["time_period"].iloc[-1]
    base = marked(data)
    x = time_axis(first, last)
    area = base.mark_area(color=BALANCE, opacity=0.15, line={"color": BALANCE, "strokeWidth": 2}, aria=False).encode(
        x=x, y=alt.Y("balance:Q", title=None, scale=alt.Scale(padding=26, nice=False))
    )
    zero = marked({"y": [0]}).mark_rule(color=INK, aria=False).encode(y=alt.Y("y:Q"))
    marks = pd.concat([data.loc[[data["balance"].idxmin()]], data.tail(1)]).drop_duplicates()
    marks = marks.assign(text=[signed(value * divisor) for value in marks["balance"]])
    dots = (
        marked(marks)
        .mark_point(filled=True, color=HIGHLIGHT, size=50, opacity=1, aria=False)
        .encode(x=in_time("month"), y=alt.Y("balance:Q"))
    )
    texts = [
        marked(marks.tail(1))
        .mark_text(align="left", dx=9, fontWeight=600, color=HIGHLIGHT, aria=False)
        .encode(x=alt.value("width"), y=alt.Y("balance:Q"), text=alt.Text("text:N"))
    ]
    # Beside the last month the two labels would touch.
    if len(marks) > 1 and len(data) - 1 - data["balance"].argmin() > len(data) / 12:
        texts.append(
            marked(marks.head(1))
            .mark_text(align="center", dy=16, color=HIGHLIGHT, aria=False)
            .encode(x=in_time("month"), y=alt.Y("balance:Q"), text=alt.Text("text:N"))
        )
    pointers = base.mark_rule(opacity=0, strokeWidth=(WIDTH - 130) / len(data)).encode(
        x=x, description=alt.Description("words:N")
    )
    layers = [area, zero, dots, *texts, *_pact_mark(pact, first, last), pointers]
    picture = alt.layer(*layers, width=WIDTH - 130, height=180)
    lowest = shown.sort_values("twelve_months").iloc[0]
    return Chart(
        id="twelve-month-balance",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)}, sum of the last twelve months, {unit}",
        picture=picture,
        alt_text=(
            f"Area of the twelve-month balance, {periods.in_words(f'{first}/{last}')}; lowest "
            f"{signed(lowest.twelve_months)} in {periods.in_words(lowest.time_period)}, "
            f"last {signed(shown['twelve_months'].iloc[-1])}."
        ),
        drawn_from=origins,
        basis=BASIS,
    )


def _pact_mark(pact: date | None, first: str, last: str) -> list[alt.Chart]:
    """A line at the day a pact entered into force, where the window holds it."""
    if pact is None or not first <= f"{pact:%Y-%m}" <= last:
        return []
    data = pd.DataFrame({"month": [str(pact)], "text": [f"Pact in force, {periods.day_in_words(pact)}"]})
    rule = marked(data).mark_rule(color=MUTED, strokeDash=[3, 3], aria=False).encode(x=in_time("month"))
    words = marked(data).mark_text(align="left", dx=5, color=MUTED, fontSize=11, baseline="bottom", aria=False)
    return [rule, words.encode(x=in_time("month"), y=alt.value(178), text=alt.Text("text:N"))]


MOST_BARS_NAMED = 18
"""Bars that have room for their year and their amount; of more, each fifth year is named, and the extremes and the last among the whole years have their amount."""


def annual_balance(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """The balance of each year as bars; a year that is not complete is drawn pale and says its months.

    `table` has `year`, `trade_balance` (US dollars), `months`, `first_period` and `last_period`.
    """
    divisor, unit = unit_of(list(table["trade_balance"]))
    labels = [_year_label(row.year, row.months, row.first_period, row.last_period) for row in rows_of(table)]
    data = pd.DataFrame(
        {
            "year": labels,
            "balance": table["trade_balance"] / divisor,
            "complete": table["months"] == 12,
            "text": [in_unit(value, divisor) for value in table["trade_balance"]],
            "words": [f"{label}: {signed(value)}" for label, value in zip(labels, table["trade_balance"], strict=True)],
        }
    )
    named, pale = labels, ""
    if len(labels) > MOST_BARS_NAMED:
        named = [label for label in labels if label.isdigit() and int(label) % 5 == 0]
        parts = [label for label in labels if not label.isdigit()]
        pale = f"; pale: {codelists.listed(parts)}" if parts else ""
        whole = table[table["months"] == 12]["trade_balance"]
        extremes = {whole.idxmin(), whole.idxmax(), whole.index[-1]}
        data["text"] = [
            text if place in extremes else "" for place, text in zip(table.index, data["text"], strict=True)
        ]
    axis = alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' ')", values=named)
    base = marked(data).encode(
        x=alt.X("year:N", title=None, sort=None, axis=axis),
        y=alt.Y("balance:Q", title=None, axis=None, scale=alt.Scale(padding=18)),
    )
    bars = base.mark_bar(width={"band": 0.66}).encode(
        color=alt.Color("complete:N", scale=alt.Scale(domain=[True, False], range=[BALANCE, PALE]), legend=None),
        description=alt.Description("words:N"),
    )
    deficits = base.transform_filter("datum.balance < 0").mark_text(dy=10, baseline="middle", aria=False)
    surpluses = base.transform_filter("datum.balance >= 0").mark_text(dy=-10, baseline="middle", aria=False)
    zero = marked({"y": [0]}).mark_rule(color=INK, aria=False).encode(y=alt.Y("y:Q"))
    texts = [part.encode(text=alt.Text("text:N")) for part in (deficits, surpluses)]
    picture = alt.layer(bars, *texts, zero, width=WIDTH - 20, height=150)
    return Chart(
        id="annual-balance",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)} by calendar year, {unit}{pale}",
        picture=picture,
        alt_text=f"Bars of the goods balance by year, {unit}. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=BASIS,
    )


def _year_label(year: str, months: int, first_period: str, last_period: str) -> str:
    if months == 12:
        return year
    begin, end = (periods.MONTHS[int(period[5:]) - 1][:3] for period in (first_period, last_period))
    return f"{year} {begin}–{end}" if months > 1 else f"{year} {begin}"


def ranking(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...], months: str) -> Chart:
    """The ten largest US deficits as bars, and the partner's, marked."""
    own = (table["counterpart_area"] == partner) & (table["trade_balance"] < 0)
    shown = table[(table["rank"] <= 10) | own]
    divisor, unit = unit_of(list(shown["trade_balance"]))
    data = pd.DataFrame(
        {
            "name": [f"{row.rank}. {codelists.short_label(row.counterpart_area)}" for row in rows_of(shown)],
            "balance": shown["trade_balance"] / divisor,
            "partner": shown["counterpart_area"] == partner,
            "text": [in_unit(value, divisor) for value in shown["trade_balance"]],
            "words": [
                f"{codelists.short_label(row.counterpart_area)}: {signed(row.trade_balance)}, rank {row.rank}"
                for row in rows_of(shown)
            ],
        }
    )
    base = marked(data).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelColor=TEXT, labelFontSize=12.5)),
        x=alt.X("balance:Q", title=None, axis=None, scale=alt.Scale(reverse=True)),
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        color=alt.Color("partner:N", scale=alt.Scale(domain=[True, False], range=[HIGHLIGHT, PALE]), legend=None),
        description=alt.Description("words:N"),
    )
    texts = base.mark_text(align="left", dx=5, color=MUTED, aria=False).encode(text=alt.Text("text:N"))
    return Chart(
        id="ranking",
        title=title,
        subtitle=f"Largest US goods deficits by partner, {months}, {unit}",
        picture=alt.layer(bars, texts, width=WIDTH - 220, height=26 * len(data)),
        alt_text=f"Bars of the largest US goods deficits. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=BASIS + " Countries only: no aggregates, no residuals.",
    )
