"""Pictures of why the deficit moved, where it stands over the years, its season, and others beside it."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from briefing import periods
from briefing.codes import codelists
from briefing.exhibits.charts import WIDTH, Chart, every_year, marked, rows_of
from briefing.exhibits.charts.deficit import BASIS, time_axis
from briefing.figures import Figure
from briefing.figures.contributions import Change, Season
from briefing.palette import BALANCE, EXPORTS, HIGHLIGHT, IMPORTS, INK, MUTED, PALE, PAPER, TEXT
from briefing.record.origins import Origin
from briefing.sentences import Claim, rounding
from briefing.sentences.units import in_unit, unit_of
from briefing.sentences.words import ordinal, side, signed

NAMES = {"other": "All other chapters", "basis": "Difference of basis"}


def waterfall(change: Change, id: str, title: Claim, subtitle: str, basis: str) -> Chart:
    """From one balance to the other, a row a step: what makes the deficit smaller in one colour, larger in another.

    The two balances are marks, not bars, so that the scale need not begin at nought.
    """
    figures = [change.before, *(figure for _, figure in change.steps), change.now]
    divisor, unit = unit_of([figure.value for figure in figures])
    kinds = _kinds(change)
    rows, level = [_level_row(change.before, divisor)], change.before.value
    for name, figure in change.steps:
        label = NAMES.get(name) or (f"{codelists.chapter_name(name)} ({name})" if name.isdigit() else name)
        rows.append({"name": label, "from": level / divisor, "to": (level + figure.value) / divisor, "kind": kinds[figure.value < 0],
                     "text": in_unit(figure.value, divisor, plus="+"), "words": f"{label}: {signed(figure.value)}"})  # fmt: skip
        level += figure.value
    rows.append(_level_row(change.now, divisor))
    printed = {figure.id: str(row["text"]) for figure, row in zip(figures, rows, strict=True)}
    rounded = rounding.note([(change.now, (change.before, *(figure for _, figure in change.steps)))], printed)
    data = pd.DataFrame(rows).assign(end=lambda table: table[["from", "to"]].max(axis=1))
    ends = [*data["from"], *data["to"]]
    pad = 0.12 * (max(ends) - min(ends) or 1)
    x = alt.X(
        "from:Q",
        title=None,
        scale=alt.Scale(domain=[min(ends) - pad, max(ends) + 2 * pad], nice=False),
        axis=alt.Axis(tickCount=6, grid=True),
    )
    base = marked(data).encode(
        y=alt.Y("name:N", sort=list(data["name"]), title=None, axis=alt.Axis(labelColor=TEXT, labelLimit=230))
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=[EXPORTS, IMPORTS]),
        legend=alt.Legend(orient="bottom", direction="horizontal"),
    )
    steps = base.transform_filter("datum.kind != 'balance'").mark_bar(height={"band": 0.62}).encode(
        x=x, x2=alt.X2("to:Q"), color=colour, description=alt.Description("words:N")
    )  # fmt: skip
    levels = (
        base.transform_filter("datum.kind == 'balance'")
        .mark_tick(color=INK, thickness=3, size=18)
        .encode(x=x, description=alt.Description("words:N"))
    )
    texts = base.mark_text(align="left", dx=6, fontSize=11, color=TEXT, aria=False).encode(
        x=alt.X("end:Q"), text=alt.Text("text:N")
    )
    return Chart(
        id=id,
        title=title,
        subtitle=f"{subtitle}, {unit}",
        picture=alt.layer(steps, levels, texts, width=WIDTH - 250, height=27 * len(data)),
        alt_text=f"Steps from one balance to the other. {'; '.join(str(words) for words in data['words'])}.",
        drawn_from=tuple(sorted({origin for figure in figures for origin in figure.origins})),
        basis=f"{basis} {rounded}".strip(),
        drawn=tuple(figures),
    )


def _level_row(balance: Figure, divisor: float) -> dict[str, object]:
    months, value = periods.in_words(balance.period), balance.value / divisor
    return {"name": months, "from": value, "to": value, "kind": "balance", "text": in_unit(balance.value, divisor, plus="+"),
            "words": f"{months}: {signed(balance.value)}"}  # fmt: skip


def _kinds(change: Change) -> list[str]:
    """What a step up and a step down do to the balance, in the words of the side on which it stands."""
    sides = {side(figure.value) for figure in (change.before, change.now)}
    if sides == {"deficit"}:
        return ["smaller deficit", "larger deficit"]
    return ["larger surplus", "smaller surplus"] if sides == {"surplus"} else ["adds to the balance", "takes from it"]


ROOM_FOR_A_PLACE = 0.25
"""The part of the highest bar from which on a bar has room for its place."""


def share_over_years(years: Sequence[tuple[Figure, Figure]], partner: str, title: Claim) -> Chart:
    """The partner's share of the whole deficit in each year, as bars that bear its place."""
    highest = max(share.value for _, share in years)
    inside = [share.value >= ROOM_FOR_A_PLACE * highest for _, share in years]
    places = [f"{rank.value:.0f}." for rank, _ in years]
    data = pd.DataFrame(
        {
            "year": [rank.period[:4] for rank, _ in years],
            "share": [share.value * 100 for _, share in years],
            "place": [place if fits else "" for place, fits in zip(places, inside, strict=True)],
            "text": [
                in_unit(share.value, 0.01) + ("" if fits else f" ({place})")
                for (_, share), place, fits in zip(years, places, inside, strict=True)
            ],
            "words": [
                f"{rank.period[:4]}: {in_unit(share.value, 0.01)} percent, {ordinal(rank.value)}"
                for rank, share in years
            ],
        }
    )
    shown = every_year(list(data["year"]))
    without = "; a year without a bar had no deficit" if len(shown) > len(data) else ""
    base = marked(data).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=shown)),
        y=alt.Y("share:Q", title=None, axis=None),
    )
    bars = base.mark_bar(width={"band": 0.66}, color=BALANCE).encode(description=alt.Description("words:N"))
    texts = base.mark_text(dy=-8, color=TEXT, aria=False).encode(text=alt.Text("text:N"))
    places = base.mark_text(dy=-9, color=PAPER, fontSize=11, fontWeight=600, aria=False).encode(
        text=alt.Text("place:N"), y=alt.datum(0)
    )
    return Chart(
        id="share-over-years",
        title=title,
        subtitle=f"{codelists.short_label(partner)} in the whole US goods deficit, percent by calendar year; in the bar or in brackets its place among all countries{without}",
        picture=alt.layer(bars, texts, places, width=WIDTH - 40, height=150),
        alt_text=f"Bars of the share by year. {'; '.join(data['words'])}.",
        drawn_from=tuple(sorted({origin for pair in years for figure in pair for origin in figure.origins})),
        basis=BASIS,
        drawn=tuple(figure for pair in years for figure in pair),
    )


def season(found: Season, partner: str, title: Claim) -> Chart:
    """The mean balance of each calendar month as bars, and its range over the years as a line."""
    table = found.table
    divisor, unit = unit_of([*table["low"], *table["high"]])
    data = pd.DataFrame(
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
    base = marked(data).encode(x=alt.X("month:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)))
    bars = base.mark_bar(width={"band": 0.6}, color=PALE).encode(
        y=alt.Y("mean:Q", title=None, axis=alt.Axis(tickCount=4)), description=alt.Description("words:N")
    )
    ranges = base.mark_rule(color=INK, aria=False).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    return Chart(
        id="season",
        title=title,
        subtitle=f"US goods balance with {codelists.in_prose(partner)} by calendar month, mean and range of the complete years shown, {unit}",
        picture=alt.layer(bars, ranges, width=WIDTH - 60, height=110),
        alt_text=f"Bars of the mean balance by calendar month with its range. {'; '.join(data['words'])}.",
        drawn_from=tuple(sorted({*found.largest.origins, *found.smallest.origins})),
        basis=BASIS,
    )


DASHES = [[1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [14, 4], [1, 4], [4, 1]]


def compared(table: pd.DataFrame, partner: str, title: Claim, origins: tuple[Origin, ...]) -> Chart:
    """Twelve-month balances of several partners as lines on one scale, the edition's own marked, the others told apart by dashes.

    `table` has `counterpart_area`, `time_period`, `twelve_months` (US dollars).
    """
    divisor, unit = unit_of(list(table["twelve_months"]))
    data = pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "name": [codelists.short_label(code) for code in table["counterpart_area"]],
            "balance": table["twelve_months"] / divisor,
            "own": table["counterpart_area"] == partner,
        }
    )
    last = table.groupby("counterpart_area").tail(1).sort_values("twelve_months")
    gap = (table["twelve_months"].max() - table["twelve_months"].min()) / divisor / 12
    places: list[float] = []
    for value in last["twelve_months"]:
        places.append(max(value / divisor, places[-1] + gap) if places else value / divisor)
    labels = pd.DataFrame(
        {
            "month": last["time_period"] + "-15",
            "balance": places,
            "text": [codelists.short_label(code) for code in last["counterpart_area"]],
            "own": last["counterpart_area"] == partner,
        }
    )
    x = time_axis(str(table["time_period"].min()), str(table["time_period"].max()))
    colour = alt.Color("own:N", scale=alt.Scale(domain=[True, False], range=[HIGHLIGHT, MUTED]), legend=None)
    others = list(dict.fromkeys(data.loc[~data["own"], "name"]))
    scale = alt.Scale(domain=[codelists.short_label(partner), *others], range=[[1, 0], *DASHES[: len(others)]])
    dash = alt.StrokeDash("name:N", scale=scale, legend=None)
    width = alt.StrokeWidth("own:N", scale=alt.Scale(domain=[True, False], range=[3, 1.4]), legend=None)
    lines = marked(data).mark_line().encode(
        x=x, y=alt.Y("balance:Q", title=None, axis=alt.Axis(tickCount=5)), detail=alt.Detail("name:N"), description=alt.Description("name:N"), color=colour, strokeWidth=width, strokeDash=dash
    )  # fmt: skip
    names = (
        marked(labels)
        .mark_text(align="left", dx=8, aria=False)
        .encode(x=alt.value("width"), y=alt.Y("balance:Q"), text=alt.Text("text:N"), color=colour)
    )
    zero = marked({"y": [0]}).mark_rule(color=INK, aria=False).encode(y=alt.Y("y:Q"))
    shown = [f"{codelists.short_label(row.counterpart_area)} {signed(row.twelve_months)}" for row in rows_of(last)]
    return Chart(
        id="compared",
        title=title,
        subtitle=f"US goods balance summed over twelve months, {unit}, one scale",
        picture=alt.layer(zero, lines, names, width=WIDTH - 130, height=175),
        alt_text=f"Lines of the twelve-month balance by partner; at the end: {'; '.join(shown)}.",
        drawn_from=origins,
        basis=BASIS,
    )
