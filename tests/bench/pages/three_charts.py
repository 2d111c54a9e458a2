"""The three charts that every contender draws, from the same file with the same steps.

A copy lies beside the page that is served, with `country.parquet`: the census workbook as the record
holds it. The file is read once in a process, as anyone would do with any of the contenders.
"""

from functools import lru_cache
from pathlib import Path

import altair as alt
import pandas as pd

PARTNERS = {
    "5800": "South Korea", "5880": "Japan", "5700": "China", "2010": "Mexico", "1220": "Canada",
    "4280": "Germany", "4120": "United Kingdom", "4279": "France", "4759": "Italy", "4190": "Ireland",
    "4210": "Netherlands", "4419": "Switzerland", "5330": "India", "5490": "Thailand", "5520": "Vietnam",
    "5570": "Malaysia", "5590": "Singapore", "5600": "Indonesia", "5830": "Taiwan", "3510": "Brazil",
}  # fmt: skip
FIRST_YEARS = (1985, 2020)
DEFAULT_YEAR = 2011
TITLES = ("Balance by month", "Balance over twelve months", "Balance by partner")
"""What stands above the charts, and what a visitor looks for to know that they are drawn."""


@lru_cache
def balances() -> pd.DataFrame:
    """Exports less general imports in billion dollars: a row a month, a column a partner."""
    rows = pd.read_parquet(Path(__file__).with_name("country.parquet")).query("adjustment == 'N'")
    flows = rows[rows["counterpart_area"].isin(PARTNERS)].pivot_table(
        index="time_period", columns=["trade_flow", "counterpart_area"], values="obs_value", aggfunc="sum"
    )
    return (flows["X"] - flows["M"]) / 1e9


def charts(partner: str, first_year: int) -> list[alt.Chart]:
    """The balance by month, over twelve months, and of all partners over the last twelve."""
    table = balances()
    shown = table[table.index >= f"{first_year}-01"]
    rolling = table[partner].rolling(12).sum().reindex(shown.index)
    latest = table.tail(12).sum().rename(PARTNERS)
    ranking = latest.rename_axis("partner").reset_index(name="balance")
    return [
        over_time(shown[partner], TITLES[0], "bar"),
        over_time(rolling, TITLES[1], "line"),
        alt.Chart(ranking, title=TITLES[2], width=500, height=300)
        .mark_bar()
        .encode(x=alt.X("balance", title="billion dollars"), y=alt.Y("partner", sort="x", title=None)),
    ]


def over_time(balance: pd.Series, title: str, mark: str) -> alt.Chart:
    """One partner's balance as bars or a line."""
    table = pd.DataFrame({"month": pd.to_datetime(balance.index, utc=True), "balance": balance.to_numpy()})
    chart = alt.Chart(table, title=title, width=500, height=200)
    return (chart.mark_bar() if mark == "bar" else chart.mark_line()).encode(
        x=alt.X("month:T", title=None, scale=alt.Scale(type="utc")), y=alt.Y("balance", title="billion dollars")
    )
