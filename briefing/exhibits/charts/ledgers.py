"""Pictures of one trade counted twice: by the US and by its partner."""

import altair as alt
import pandas as pd

from briefing import periods
from briefing.exhibits.charts import Chart
from briefing.exhibits.charts.deficit import LABELLED, end_labels, time_axis
from briefing.exhibits.charts.marks import layered, mark, quantity, rows_of, zero
from briefing.palette import BALANCE, EXPORTS
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.sentences.units import unit_of
from briefing.sentences.words import signed


def both_counts(table: pd.DataFrame, other: str, title: Sentence, origins: tuple[Origin, ...], basis: str) -> Chart:
    """The balance of the last twelve months as either side counts it, seen from the partner's side, as two lines.

    `table` has a row a month, in order: `time_period`, and in US dollars `theirs`, the partner's balance by its own count, and
    `ours`, the US balance with its sign turned. `other` is the partner's name.
    """
    divisor, unit = unit_of([*table["ours"], *table["theirs"]])
    first, last = str(table["time_period"].iloc[0]), str(table["time_period"].iloc[-1])
    latest = table.iloc[-1]
    data = pd.DataFrame(
        {
            "month": table["time_period"] + "-15",
            "ours": table["ours"] / divisor,
            "theirs": table["theirs"] / divisor,
            "words": [
                f"Twelve months to {periods.in_words(row.time_period)}: {signed(row.ours)} as the US counts, "
                f"{signed(row.theirs)} as {other} does"
                for row in rows_of(table)
            ],
        }
    )
    return Chart(
        id="ledgers-by-month",
        title=title,
        subtitle=f"{other}'s surplus with the US, sum of the last twelve months, {unit}",
        picture=_lines(data, first, last, other),
        alt_text=(
            f"Two lines, twelve-month sums, {periods.in_words(f'{first}/{last}')}. At the end {signed(latest.ours)} as the US "
            f"counts and {signed(latest.theirs)} as {other} does."
        ),
        drawn_from=origins,
        basis=basis,
    )


def _lines(data: pd.DataFrame, first: str, last: str, other: str) -> alt.LayerChart:
    x = time_axis(first, last)
    names = {"ours": ("US count", BALANCE), "theirs": (f"{other}'s count", EXPORTS)}
    lines = [mark("line", {"color": colour}, x=x, y=quantity(side, title=None)) for side, (_, colour) in names.items()]
    pointers = mark("rule", {"opacity": 0, "strokeWidth": LABELLED / len(data)}, words="words", x=x)
    return layered([zero(), *lines, *end_labels(data, names), pointers], LABELLED, 180, data)
