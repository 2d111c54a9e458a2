"""Pictures of trade in all goods with one partner."""

from datetime import date

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart
from briefing.exhibits.charts.marks import (
    ACROSS,
    Channel,
    Channels,
    at,
    category,
    in_time,
    layered,
    mark,
    moved_apart,
    one_of,
    quantity,
    rows_of,
    zero,
)
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, MUTED, PALE, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.rounding import FLOWS_ROUNDED, adds_up_otherwise
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import signed, size

BASIS = "Census basis, not seasonally adjusted; exports FAS, general imports customs value."

LABELLED = WIDTH - 130
"""Points; the width of a picture with labels at its right."""


def monthly_trade(table: pd.DataFrame, partner: str, title: Sentence, origins: tuple[Origin, ...]) -> Chart:
    """Exports and general imports as lines, their balance as bars, month by month.

    `table` has a row a month, in order: `time_period`, `exports` (FAS), `general_imports` (customs value),
    `trade_balance` (negative in deficit), in US dollars, Census basis, not seasonally adjusted.
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
    title: Sentence,
    origins: tuple[Origin, ...],
    *,
    id: str,
    imports_label: str,
    subtitle: str,
    basis: str,
) -> Chart:
    """Two flows as lines over their balance as bars, on one scale with a zero line.

    `table` has a row a month, in order: `time_period`, `exports`, `imports`, `trade_balance` (negative in deficit), in US
    dollars, all on the basis that `basis` says.
    """
    divisor, unit = unit_of([*table["exports"], *table["imports"]])
    first, last = _ends(table)
    latest = table.iloc[-1]
    rounded = FLOWS_ROUNDED if _rounded(table) else ""
    return Chart(
        id=id,
        title=title,
        subtitle=f"{subtitle}, {unit}",
        picture=_flows_over_balance(
            _flows_in_unit(table, divisor, imports_label), time_axis(first, last), imports_label
        ),
        alt_text=(
            f"Lines of US exports and {imports_label.lower()} and bars of the balance, {periods.in_words(f'{first}/{last}')}. "
            f"In the last month exports were {size(latest.exports)}, imports {size(latest.imports)}, "
            f"the balance {signed(latest.trade_balance)}."
        ),
        drawn_from=origins,
        basis=f"{basis} {rounded}".strip(),
    )


def _flows_in_unit(table: pd.DataFrame, divisor: float, imports_label: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "exports": table["exports"] / divisor,
            "imports": table["imports"] / divisor,
            "balance": table["trade_balance"] / divisor,
            "words": [
                f"{periods.in_words(row.time_period)}: exports {size(row.exports)}, {imports_label.lower()} "
                f"{size(row.imports)}, balance {signed(row.trade_balance)}"
                for row in rows_of(table)
            ],
        }
    )


def _flows_over_balance(data: pd.DataFrame, x: Channel, imports_label: str) -> alt.LayerChart:
    month_width = LABELLED / len(data)
    names = {"exports": ("Exports", EXPORTS), "imports": (imports_label, IMPORTS), "balance": ("Balance", BALANCE)}
    bars = mark(
        "bar",
        {"color": BALANCE, "opacity": 0.45, "size": 0.75 * month_width},
        x=x,
        y=quantity("balance", title=None),
    )
    lines = [mark("line", {"color": names[flow][1]}, x=x, y=quantity(flow)) for flow in ("exports", "imports")]
    pointers = mark("rule", {"opacity": 0, "strokeWidth": month_width}, words="words", x=x)
    return layered([bars, zero(), *lines, *end_labels(data, names), pointers], LABELLED, 235, data)


def _rounded(table: pd.DataFrame) -> bool:
    """Whether in some month the sizes, as they are printed, do not make the balance."""
    return any(
        adds_up_otherwise(signed(row.trade_balance), signed(row.exports), signed(-row.imports))
        for row in rows_of(table)
    )


def _ends(table: pd.DataFrame) -> tuple[str, str]:
    """The first and the last month of a table in their order."""
    return str(table["time_period"].iloc[0]), str(table["time_period"].iloc[-1])


FEW = 8
"""Months that have room for a tick each."""


def time_axis(first: str, last: str) -> Channel:
    """The channel of the column "month", from the first to the last day, its ticks as far apart as they have room."""
    months = len(periods.span(first, last))
    short = months <= 30
    step = (
        {"interval": "month", "step": 3 if months > FEW else 1}
        if short
        else {"interval": "year", "step": 1 if months <= 150 else 2}
    )
    return in_time(
        "month",
        [f"{first}-01", str(periods.end_of_month(last))],
        axis={"format": "%b %Y" if short else "%Y", "tickCount": step, "labelAlign": "center"},
    )


def end_labels(data: pd.DataFrame, names: dict[str, tuple[str, str]]) -> list[alt.Chart]:
    """Names at the right of the picture, beyond its zero line and at the height of their series' ends, moved apart where they would touch on the scale of the whole picture.

    `data` has the column `month` and those of `names`, which gives each its label and colour; all in the picture's unit,
    as in that of `monthly_trade`.
    """
    row, shown = data.iloc[-1], data[list(names)]
    low, high = min(0.0, float(shown.min().min())), max(0.0, float(shown.max().max()))
    upwards = sorted(names, key=lambda series: float(row[series]))
    places = dict(zip(upwards, moved_apart([float(row[series]) for series in upwards], (high - low) / 13), strict=True))
    return [
        mark(
            "text",
            {"align": "left", "dx": 10, "color": colour, "fontWeight": 600},
            {"month": [row["month"]], "y": [places[series]], "text": [label]},
            x=ACROSS,
            y=quantity("y"),
            text=category("text"),
        )
        for series, (label, colour) in names.items()
    ]


def twelve_month_balance(
    table: pd.DataFrame, partner: str, title: Sentence, origins: tuple[Origin, ...], pact: date | None = None
) -> Chart:
    """The balance summed over twelve months, as an area below or above zero; the day a pact began is marked.

    `table` has a row a month, in order: `time_period` and `twelve_months` (US dollars, negative in deficit, Census basis;
    missing before the twelfth month held).
    """
    shown = table.dropna(subset=["twelve_months"])
    divisor, unit = unit_of(list(shown["twelve_months"]))
    first, last = _ends(shown)
    lowest = shown.sort_values("twelve_months").iloc[0]
    return Chart(
        id="twelve-month-balance",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)}, sum of the last twelve months, {unit}",
        picture=_balance_as_area(_sums_in_unit(shown, divisor), first, last, pact),
        alt_text=(
            f"Area of the twelve-month balance, {periods.in_words(f'{first}/{last}')}; lowest "
            f"{signed(lowest.twelve_months)} in {periods.in_words(lowest.time_period)}, "
            f"last {signed(shown['twelve_months'].iloc[-1])}."
        ),
        drawn_from=origins,
        basis=BASIS,
    )


def _sums_in_unit(table: pd.DataFrame, divisor: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "balance": table["twelve_months"] / divisor,
            "text": [signed(value) for value in table["twelve_months"]],
            "words": [
                f"Twelve months to {periods.in_words(row.time_period)}: {signed(row.twelve_months)}"
                for row in rows_of(table)
            ],
        }
    )


def _balance_as_area(data: pd.DataFrame, first: str, last: str, pact: date | None) -> alt.LayerChart:
    place: Channels = {
        "x": time_axis(first, last),
        "y": quantity("balance", title=None, scale={"padding": 26, "nice": False}),
    }
    area, edge = mark("area", {"color": BALANCE, "opacity": 0.15}, **place), mark("line", {"color": BALANCE}, **place)
    pointers = mark("rule", {"opacity": 0, "strokeWidth": LABELLED / len(data)}, words="words", x=place["x"])
    marks = [area, edge, zero(), *_extremes(data), *_pact_mark(pact, first, last), pointers]
    return layered(marks, LABELLED, 180, data)


def _extremes(data: pd.DataFrame) -> list[alt.Chart]:
    """Dots at the lowest sum and the last, with their amounts; beside the last the lowest would touch, and has none."""
    lowest, last = data.loc[[data["balance"].idxmin()]], data.tail(1)
    place: Channels = {"x": in_time("month"), "y": quantity("balance")}
    look = {"filled": True, "color": HIGHLIGHT, "size": 50, "opacity": 1}
    dots = mark("point", look, pd.concat([lowest, last]).drop_duplicates(), **place)
    look = {"color": HIGHLIGHT, "align": "left", "dx": 9, "fontWeight": 600}
    at_end = mark("text", look, last, x=ACROSS, y=place["y"], text=category("text"))
    if len(data) - 1 - data["balance"].argmin() <= len(data) / 12:
        return [dots, at_end]
    look = {"color": HIGHLIGHT, "align": "center", "dy": 16}
    return [dots, at_end, mark("text", look, lowest, **place, text=category("text"))]


def _pact_mark(pact: date | None, first: str, last: str) -> list[alt.Chart]:
    """A line at the day a pact entered into force, where the window holds it."""
    if pact is None or not first <= f"{pact:%Y-%m}" <= last:
        return []
    rows = {"month": [str(pact)], "text": [f"Pact in force, {periods.day_in_words(pact)}"]}
    look = {"align": "left", "dx": 5, "color": MUTED, "fontSize": 11, "baseline": "bottom"}
    return [
        mark("rule", {"color": MUTED, "strokeDash": [3, 3]}, rows, x=in_time("month")),
        mark("text", look, rows, x=in_time("month"), y=at(178), text=category("text")),
    ]


LEAST_BARS, WIDEST = 5, 90
"""Bars that fill the picture between them; of fewer, each is so many points wide."""
MOST_BARS_NAMED = 18
"""Bars that have room for their year and their amount; of more, each fifth year is named, and the extremes and the last among the whole years have their amount."""


def annual_balance(table: pd.DataFrame, partner: str, title: Sentence, origins: tuple[Origin, ...]) -> Chart:
    """The balance of each year as bars; a year that is not complete is drawn pale and says its months.

    `table` has a row a year, in order: `year`, `trade_balance` (US dollars, negative in deficit, Census basis), `months`
    (how many), `first_period` and `last_period`.
    """
    divisor, unit = unit_of(list(table["trade_balance"]))
    data = _years_in_unit(table, divisor)
    labels, crowded = list(data["year"]), len(data) > MOST_BARS_NAMED
    parts = [label for label in labels if not label.isdigit()]
    pale = f"; pale: {codelists.listed(parts)}" if crowded and parts else ""
    return Chart(
        id="annual-balance",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)} by calendar year, {unit}{pale}",
        picture=_years_as_bars(data, _fifth_years(labels) if crowded else labels),
        alt_text=f"Bars of the goods balance by year, {unit}. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=BASIS,
    )


def _years_in_unit(table: pd.DataFrame, divisor: float) -> pd.DataFrame:
    labels = [_year_label(row.year, row.months, row.first_period, row.last_period) for row in rows_of(table)]
    balances = table["trade_balance"]
    whole = balances[table["months"] == 12]
    extremes = {whole.idxmin(), whole.idxmax(), whole.index[-1]} if len(table) > MOST_BARS_NAMED else set(table.index)
    return pd.DataFrame(
        {
            "year": labels,
            "balance": balances / divisor,
            "complete": table["months"] == 12,
            "text": [in_unit(value, divisor) if place in extremes else "" for place, value in balances.items()],
            "words": [f"{label}: {signed(value)}" for label, value in zip(labels, balances, strict=True)],
        }
    )


def _fifth_years(labels: list[str]) -> list[str]:
    return [label for label in labels if label.isdigit() and int(label) % 5 == 0]


def _years_as_bars(data: pd.DataFrame, named: list[str]) -> alt.LayerChart:
    axis = {"labelAngle": 0, "labelExpr": "split(datum.label, ' ')", "values": named}
    place: Channels = {
        "x": category("year", title=None, sort=None, axis=axis),
        "y": quantity("balance", title=None, axis=None, scale={"padding": 18}),
    }
    colour = one_of("complete", {True: BALANCE, False: PALE}, legend=None)
    width = {"band": 0.66} if len(data) >= LEAST_BARS else WIDEST
    bars = mark("bar", {"width": width}, words="words", **place, color=colour)
    amounts = [
        mark(
            "text", {"dy": away, "baseline": "middle"}, where=f"datum.balance {side} 0", **place, text=category("text")
        )
        for side, away in (("<", 10), (">=", -10))
    ]
    return layered([bars, *amounts, zero()], WIDTH - 20, 150, data)


def _year_label(year: str, months: int, first_period: str, last_period: str) -> str:
    if months == 12:
        return year
    begin, end = (periods.MONTHS[int(period[5:]) - 1][:3] for period in (first_period, last_period))
    return f"{year} {begin}–{end}" if months > 1 else f"{year} {begin}"


def ranking(table: pd.DataFrame, partner: str, title: Sentence, origins: tuple[Origin, ...], months: str) -> Chart:
    """The ten largest US deficits as bars, and the partner's, marked.

    `table` has a row a partner, the largest deficit first: `counterpart_area`, `trade_balance` (US dollars, negative in
    deficit, Census basis, the months that `months` says) and `rank`.
    """
    own = (table["counterpart_area"] == partner) & (table["trade_balance"] < 0)
    shown = table[(table["rank"] <= 10) | own]
    divisor, unit = unit_of(list(shown["trade_balance"]))
    data = _ranked_in_unit(shown, partner, divisor)
    return Chart(
        id="ranking",
        title=title,
        subtitle=f"Largest US goods deficits by partner, {months}, {unit}",
        picture=_ranked_bars(data),
        alt_text=f"Bars of the largest US goods deficits. {'; '.join(data['words'])}.",
        drawn_from=origins,
        basis=BASIS + " Countries only: no aggregates, no residuals.",
    )


def _ranked_in_unit(table: pd.DataFrame, partner: str, divisor: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [f"{row.rank}. {codelists.short_label(row.counterpart_area)}" for row in rows_of(table)],
            "balance": table["trade_balance"] / divisor,
            "partner": table["counterpart_area"] == partner,
            "text": [in_unit(value, divisor) for value in table["trade_balance"]],
            "words": [
                f"{codelists.short_label(row.counterpart_area)}: {signed(row.trade_balance)}, rank {row.rank}"
                for row in rows_of(table)
            ],
        }
    )


def _ranked_bars(data: pd.DataFrame) -> alt.LayerChart:
    place: Channels = {
        "y": category("name", title=None, sort=None, axis={"labelColor": TEXT, "labelFontSize": 12.5}),
        "x": quantity("balance", title=None, axis=None, scale={"reverse": True}),
    }
    colour = one_of("partner", {True: HIGHLIGHT, False: PALE}, legend=None)
    bars = mark("bar", {"height": {"band": 0.7}}, words="words", **place, color=colour)
    amounts = mark("text", {"align": "left", "dx": 5, "color": MUTED}, **place, text=category("text"))
    return layered([bars, amounts], WIDTH - 220, 26 * len(data), data)
