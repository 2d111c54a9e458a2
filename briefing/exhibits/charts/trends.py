"""Pictures of why the deficit moved, where it stands over the years, its season, and others beside it."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart
from briefing.exhibits.charts.deficit import BASIS, LABELLED, time_axis
from briefing.exhibits.charts.marks import (
    ACROSS,
    Channel,
    category,
    every_year,
    in_order,
    layered,
    mark,
    moved_apart,
    one_of,
    quantity,
    rows_of,
    zero,
)
from briefing.figures import Figure
from briefing.figures.contributions import Change, Season
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE, PAPER, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Sentence, rounding
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import ordinal, side, signed

NAMES = {"other": "All other chapters", "basis": "Difference of basis"}


def waterfall(change: Change, id: str, title: Sentence, subtitle: str, basis: str) -> Chart:
    """From one balance to the other, a row a step: what makes the deficit smaller in one colour, larger in another.

    The two balances are marks, not bars, so that the scale need not begin at nought.
    """
    figures = [change.before, *(figure for _, figure in change.steps), change.now]
    divisor, unit = unit_of([figure.value for figure in figures])
    data = _steps_in_unit(change, divisor)
    printed = {figure.id: str(text) for figure, text in zip(figures, data["text"], strict=True)}
    rounded = rounding.note([(change.now, tuple(figures[:-1]))], printed)
    return Chart(
        id=id,
        title=title,
        subtitle=f"{subtitle}, {unit}",
        picture=_steps_between_levels(data, _kinds(change)),
        alt_text=f"Steps from one balance to the other. {'; '.join(data['words'])}.",
        basis=f"{basis} {rounded}".strip(),
        drawn=tuple(figures),
    )


def _steps_in_unit(change: Change, divisor: float) -> pd.DataFrame:
    """A row for each balance and each step, from its level before to its level after."""
    kinds, level = _kinds(change), change.before.value
    rows = [_step(periods.in_words(change.before.period), change.before, level, level, "balance")]
    for key, figure in change.steps:
        rows.append(_step(_name_of_step(key), figure, level, level + figure.value, kinds[figure.value < 0]))
        level += figure.value
    now = change.now.value
    rows.append(_step(periods.in_words(change.now.period), change.now, now, now, "balance"))
    data = pd.DataFrame(rows)
    data[["from", "to"]] /= divisor
    data["end"] = data[["from", "to"]].max(axis=1)
    data["text"] = [in_unit(value, divisor, plus="+") for value in data.pop("value")]
    return data


def _step(label: str, figure: Figure, begin: float, end: float, kind: str) -> dict[str, object]:
    said = f"{label}: {signed(figure.value)}"
    return {"name": label, "from": begin, "to": end, "kind": kind, "value": figure.value, "words": said}


def _name_of_step(key: str) -> str:
    return NAMES.get(key) or (f"{codelists.chapter_name(key)} ({key})" if key.isdigit() else key)


def _kinds(change: Change) -> list[str]:
    """What a step up and a step down do to the balance, in the words of the side on which it stands."""
    kinds = {"deficit": ["smaller deficit", "larger deficit"], "surplus": ["larger surplus", "smaller surplus"]}
    return kinds.get(side(change.before.value, change.now.value), ["adds to the balance", "takes from it"])


def _steps_between_levels(data: pd.DataFrame, kinds: list[str]) -> alt.LayerChart:
    ends = [*data["from"], *data["to"]]
    pad = 0.12 * (max(ends) - min(ends) or 1)
    scale = {"domain": [min(ends) - pad, max(ends) + 2 * pad], "nice": False}
    x = quantity("from", title=None, scale=scale, axis={"tickCount": 6, "grid": True})
    y = category("name", sort=list(data["name"]), title=None, axis={"labelColor": TEXT, "labelLimit": 230})
    legend = {"orient": "bottom", "direction": "horizontal"}
    colour = one_of("kind", dict(zip(kinds, (EXPORTS, IMPORTS), strict=True)), legend=legend)
    steps = mark(
        "bar",
        {"height": {"band": 0.62}},
        where="datum.kind != 'balance'",
        words="words",
        x=x,
        x2={"field": "to"},
        y=y,
        color=colour,
    )
    look = {"color": INK, "thickness": 3, "size": 18}
    levels = mark("tick", look, where="datum.kind == 'balance'", words="words", x=x, y=y)
    look = {"align": "left", "dx": 6, "fontSize": 11, "color": TEXT}
    amounts = mark("text", look, x=quantity("end"), y=y, text=category("text"))
    return layered([steps, levels, amounts], WIDTH - 250, 27 * len(data), data)


ROOM_FOR_A_PLACE = 0.25
"""The part of the highest bar from which on a bar has room for its place."""


def share_over_years(years: Sequence[tuple[Figure, Figure]], partner: str, title: Sentence) -> Chart:
    """The partner's share of the whole deficit in each year, as bars that bear its place.

    `years` are pairs of place and share (a fraction).
    """
    data = _shares_in_percent(years)
    shown = every_year(list(data["year"]))
    without = "; a year without a bar had no deficit" if len(shown) > len(data) else ""
    drawn = tuple(figure for pair in years for figure in pair)
    return Chart(
        id="share-over-years",
        title=title,
        subtitle=f"{codelists.short_label(partner)} in the whole US goods deficit, percent by calendar year; in the bar or in brackets its place among all countries{without}",
        picture=_bars_with_places(data, shown),
        alt_text=f"Bars of the share by year. {'; '.join(data['words'])}.",
        basis=BASIS,
        drawn=drawn,
    )


def _shares_in_percent(years: Sequence[tuple[Figure, Figure]]) -> pd.DataFrame:
    room = ROOM_FOR_A_PLACE * max(share.value for _, share in years)
    rows = []
    for rank, share in years:
        year, percent, place = rank.period[:4], in_unit(share.value, 0.01), f"{rank.value:.0f}."
        inside = share.value >= room
        rows.append(
            {
                "year": year,
                "share": share.value * 100,
                "place": place if inside else "",
                "text": percent if inside else f"{percent} ({place})",
                "words": f"{year}: {percent} percent, {ordinal(rank.value)}",
            }
        )
    return pd.DataFrame(rows)


def _bars_with_places(data: pd.DataFrame, years: list[str]) -> alt.LayerChart:
    x = in_order("year", title=None, axis={"labelAngle": 0}, scale={"domain": years})
    y = quantity("share", title=None, axis=None)
    bars = mark("bar", {"width": {"band": 0.66}, "color": BALANCE}, words="words", x=x, y=y)
    shares = mark("text", {"dy": -8, "color": TEXT}, x=x, y=y, text=category("text"))
    look = {"dy": -9, "color": PAPER, "fontSize": 11, "fontWeight": 600}
    places = mark("text", look, x=x, y={"datum": 0}, text=category("place"))
    return layered([bars, shares, places], WIDTH - 40, 150, data)


def season(found: Season, partner: str, title: Sentence) -> Chart:
    """The mean balance of each calendar month as bars, and its range over the years as a line."""
    divisor, unit = unit_of([*found.table["low"], *found.table["high"]])
    data = _season_in_unit(found.table, divisor)
    return Chart(
        id="season",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)} by calendar month, mean and range of the complete years shown, {unit}",
        picture=_means_and_ranges(data),
        alt_text=f"Bars of the mean balance by calendar month with its range. {'; '.join(data['words'])}.",
        drawn_from=(*found.largest.origins, *found.smallest.origins),
        basis=BASIS,
    )


def _season_in_unit(table: pd.DataFrame, divisor: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": [periods.MONTHS[month - 1][:3] for month in table["month"]],
            "mean": table["mean"] / divisor,
            "low": table["low"] / divisor,
            "high": table["high"] / divisor,
            "words": [
                f"{periods.MONTHS[row.month - 1]}: {signed(row.mean)} on average, from {signed(row.low)} to {signed(row.high)}"
                for row in rows_of(table)
            ],
        }
    )


def _means_and_ranges(data: pd.DataFrame) -> alt.LayerChart:
    x = category("month", sort=None, title=None, axis={"labelAngle": 0})
    mean = quantity("mean", title=None, axis={"tickCount": 4})
    bars = mark("bar", {"width": {"band": 0.6}, "color": PALE}, words="words", x=x, y=mean)
    ranges = mark("rule", {"color": INK}, x=x, y=quantity("low"), y2={"field": "high"})
    return layered([bars, ranges], WIDTH - 60, 110, data)


WHOLE = [1, 0]
DASHES = [WHOLE, [6, 3], [2, 2], [9, 3, 2, 3], [14, 4], [1, 4], [4, 1]]
"""Of the partners beside the edition's own, whose line is whole too, in another colour and wider."""


def compared(table: pd.DataFrame, partner: str, title: Sentence, origins: tuple[Origin, ...]) -> Chart:
    """Twelve-month balances of several partners as lines on one scale, the edition's own marked, the others told apart by dashes.

    `table` has a row a partner and month, in order of months: `counterpart_area`, `time_period`, `twelve_months` (US
    dollars, negative in deficit, Census basis).
    """
    divisor, unit = unit_of(list(table["twelve_months"]))
    last = table.groupby("counterpart_area").tail(1).sort_values("twelve_months")
    data, labels = _partners_in_unit(table, partner, divisor), _partners_in_unit(last, partner, divisor)
    room = (table["twelve_months"].max() - table["twelve_months"].min()) / divisor / 12
    labels["balance"] = moved_apart(list(labels["balance"]), room)
    x = time_axis(str(table["time_period"].min()), str(table["time_period"].max()))
    shown = [f"{codelists.short_label(row.counterpart_area)} {signed(row.twelve_months)}" for row in rows_of(last)]
    return Chart(
        id="compared",
        title=title,
        subtitle=f"US goods balance summed over twelve months, {unit}, one scale",
        picture=_lines_of_partners(data, labels, x, codelists.short_label(partner)),
        alt_text=f"Lines of the twelve-month balance by partner; at the end: {'; '.join(shown)}.",
        drawn_from=origins,
        basis=BASIS,
    )


def _partners_in_unit(table: pd.DataFrame, partner: str, divisor: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "name": [codelists.short_label(code) for code in table["counterpart_area"]],
            "balance": table["twelve_months"] / divisor,
            "own": table["counterpart_area"] == partner,
        }
    )


def _lines_of_partners(data: pd.DataFrame, labels: pd.DataFrame, x: Channel, own: str) -> alt.LayerChart:
    names = dict.fromkeys([own, *data["name"]])
    colour = one_of("own", {True: HIGHLIGHT, False: MUTED}, legend=None)
    lines = mark(
        "line",
        {},
        data,
        words="name",
        x=x,
        y=quantity("balance", title=None, axis={"tickCount": 5}),
        detail=category("name"),
        color=colour,
        strokeWidth=one_of("own", {True: 3, False: 1.4}, legend=None),
        strokeDash=one_of("name", dict(zip(names, [WHOLE, *DASHES], strict=False)), legend=None),
    )
    look = {"align": "left", "dx": 8}
    ends = mark("text", look, labels, x=ACROSS, y=quantity("balance"), text=category("name"), color=colour)
    return layered([zero(), lines, ends], LABELLED, 175)
