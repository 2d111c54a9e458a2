"""What the last period of a series stands for: how far back nothing was larger, and runs of rise or fall.

Sizes are compared in millions of dollars to a tenth, small ones in thousands, as they are printed: what prints alike
is alike. Only periods that follow on one another are compared; a gap ends the record.
"""

from dataclasses import dataclass

import pandas as pd

from briefing import periods
from briefing.figures import COUNT, RANK, Figure, by_flow, origins_in, rounded_by, rows_in, twelve_month_sum
from briefing.record import observations as obs
from briefing.record.lines import Lines

LARGEST = "largest"
SMALLEST = "smallest"
RISE, FALL = 1, -1


def printed(value: float) -> float:
    """Millions of dollars to a tenth; below a million, to a tenth of a thousand.

    >>> printed(-21_558_381_250), printed(2_712)
    (-21558.4, 0.0027)
    """
    return round(value / 1e6, 1 if abs(value) >= 1e6 else 4)


def following(period: str) -> str:
    """The next month, or the next year.

    >>> following("2017-12"), following("2017")
    ('2018-01', '2018')
    """
    return f"{int(period) + 1:04d}" if periods.is_year(period) else periods.shifted(period, 1)


def unbroken(values: pd.Series) -> pd.Series:
    """The periods up to the last between which none is missing.

    >>> unbroken(pd.Series({"2010": 1, "2012": 2, "2013": 3})).index.tolist()
    ['2012', '2013']
    """
    held = list(values.index)
    starts = [place for place in range(1, len(held)) if held[place] != following(held[place - 1])]
    return values.iloc[starts[-1] if starts else 0 :]


@dataclass(frozen=True)
class Reach:
    """How far back the last period of a series is the largest, or the smallest.

    `since` is the latest earlier period that it does not exceed, "" if there is none in the record, which
    begins in `first`; `tied` whether that one prints the same. `beaten` counts the periods between.
    """

    kind: str
    last: str
    beaten: int
    since: str
    tied: bool
    first: str

    @property
    def compared_from(self) -> str:
        """The first of the periods that the statement rests on."""
        return self.since or self.first


def reach(values: pd.Series, kind: str = LARGEST) -> Reach | None:
    """How far back the last period is the largest or smallest; None for an empty series.

    >>> reach(pd.Series({"2013": 9e9, "2014": 7e9, "2015": 6e9, "2016": 8e9}))
    Reach(kind='largest', last='2016', beaten=2, since='2013', tied=False, first='2013')
    """
    if values.empty:
        return None
    held = unbroken(values)
    sizes = [printed(value) if kind == LARGEST else -printed(value) for value in held]
    not_beaten = [place for place, size in enumerate(sizes[:-1]) if size >= sizes[-1]]
    place = not_beaten[-1] if not_beaten else -1
    since = str(held.index[place]) if not_beaten else ""
    tied = bool(not_beaten) and sizes[place] == sizes[-1]
    return Reach(kind, str(held.index[-1]), len(sizes) - 2 - place, since, tied, str(held.index[0]))


@dataclass(frozen=True)
class Run:
    """Periods in a row in each of which a size rose (1) or fell (-1): how many, the first and the last of them."""

    direction: int
    length: int
    first: str
    last: str


def step(before: float, now: float) -> int:
    """Which way a size moved from one period to the next; 0 if it prints alike, or the balance changed its side.

    >>> step(-5e9, -6e9), step(-5e9, 6e9), step(5e9, 5.00001e9)
    (1, 0, 0)
    """
    before, now = printed(before), printed(now)
    if before * now < 0 or abs(before) == abs(now):
        return 0
    return RISE if abs(now) > abs(before) else FALL


def runs(values: pd.Series) -> list[Run]:
    """Every run of rise or fall in the unbroken record, oldest first; of a balance, the runs of its size.

    >>> runs(pd.Series({"2013": 1e9, "2014": 2e9, "2015": 3e9, "2016": 2e9}))
    [Run(direction=1, length=2, first='2014', last='2015'), Run(direction=-1, length=1, first='2016', last='2016')]
    """
    held = unbroken(values)
    found: list[Run] = []
    way, sizes = 0, held.tolist()
    for period, last, now in zip(map(str, held.index[1:]), sizes, sizes[1:], strict=False):
        before, way = way, step(last, now)
        if way and way == before:
            found[-1] = Run(way, found[-1].length + 1, found[-1].first, period)
        elif way:
            found.append(Run(way, 1, period, period))
    return found


def latest_run(values: pd.Series, least: int) -> Run | None:
    """The run that lasts to the last period, or else the one that this period ended; None if shorter than `least`.

    A run in which a balance was nil or on another side than at the end is not told.

    >>> latest_run(pd.Series({"2013": 1e9, "2014": 2e9, "2015": 3e9, "2016": 2e9}), 2)
    Run(direction=1, length=2, first='2014', last='2015')
    """
    last = str(values.index[-1]) if len(values) else ""
    found = runs(values)[-2:]
    if not found or found[-1].last != last:
        return None
    told = [found[-1], *(run for run in found[:-1] if following(run.last) == last == found[-1].first)]
    long = [run for run in told if run.length >= least and _on_one_side(values, run)]
    return long[0] if long else None


def _on_one_side(values: pd.Series, run: Run) -> bool:
    end = printed(values.iloc[-1])
    return all(printed(value) * end > 0 for value in values[run.first : run.last])


def as_long_before(values: pd.Series, run: Run) -> Run | None:
    """The latest earlier run in the same direction that was at least as long; None if there is none on record."""
    earlier = [
        other
        for other in runs(values)
        if other.direction == run.direction and other.last < run.first and other.length >= run.length
    ]
    return earlier[-1] if earlier else None


@dataclass(frozen=True)
class TimeSeries:
    """A size by period with the observations it sums: the months of each period in `spans`, first and last."""

    id: str
    what: str
    values: pd.Series
    observations: Lines
    spans: dict[str, tuple[str, str]]

    @property
    def size(self) -> pd.Series:
        """The values turned so that the last is not negative: a deficit counts as positive, a surplus then as negative."""
        return -self.values if len(self.values) and self.values.iloc[-1] < 0 else self.values

    def rounded_by(self, one: str, other: str) -> int:
        """The most by which the source's rounding may have moved the difference of two periods, in dollars."""
        flows = len(set(self.observations.columns["trade_flow"]))
        return rounded_by("/".join(self.spans[one]), "/".join(self.spans[other]), flows)

    def rests_on(self, first: str, last: str) -> tuple[Lines, ...]:
        """The rows of `briefing.record.observations` of the periods from first to last, apart where months do not follow on one another."""
        joined: list[list[str]] = []
        for start, end in (span for period, span in self.spans.items() if first <= period <= last):
            if joined and start <= following(joined[-1][1]):
                joined[-1][1] = max(end, joined[-1][1])
            else:
                joined.append([start, end])
        return tuple(self.observations.in_months(set(periods.span(*span))) for span in joined)

    def figure(self, name: str, value: int, unit: str, formula: str, first: str, last: str) -> Figure:
        """A place or a count over the periods from first to last."""
        apart = self.rests_on(first, last)
        rows = tuple(row for lines in apart for row in rows_in(lines))
        origins = sorted({origin for lines in apart for origin in origins_in(lines)})
        period = f"{self.spans[first][0]}/{self.spans[last][1]}"
        return Figure(f"{self.id}.{last}.{name}", value, unit, period, formula, tuple(origins), rows)


def place(series: TimeSeries, found: Reach) -> Figure:
    """The place of the last period among those that it is compared with, which is the first."""
    after = (
        f"after {found.since}, which was {'alike' if found.tied else 'not exceeded'}"
        if found.since
        else f"from {found.first}"
    )
    words = f"place of {found.last} by {series.what} among the periods {after}, {found.kind} first"
    return series.figure(found.kind, 1, RANK, words, found.compared_from, found.last)


def length(series: TimeSeries, run: Run) -> Figure:
    """The number of periods of a run."""
    way = "more" if run.direction == RISE else "less"
    words = f"periods in a row, {run.first} to {run.last}, with {way} than the one before: {series.what}, in millions to a tenth, small ones in thousands"
    return series.figure("run", run.length, COUNT, words, _before(series, run.first), run.last)


def _before(series: TimeSeries, period: str) -> str:
    held = list(series.spans)
    return held[max(held.index(period) - 1, 0)]


FLOWS = {"exports": "X", "imports": "M"}


def _monthly(own: pd.DataFrame, name: str) -> tuple[pd.Series, Lines]:
    flows, lines = by_flow(own), obs.lines_of(own)
    if name == "balance":
        return flows["X"] - flows["M"], lines
    flow = FLOWS[name]
    return flows[flow], lines.picked(flow, lines.places[flow])


def same_months(own: pd.DataFrame, name: str, first: str, last: str, id: str) -> TimeSeries:
    """Exports, imports or balance of the same months of every year that holds all of them, in US dollars; a deficit is negative.

    Parameters
    ----------
    own
        Rows of `briefing.record.observations`: one partner on one basis.
    first, last
        Months of the year, "01" and "11".
    """
    values, rows = _monthly(own, name)
    inside = values[values.index.str[5:].to_series(index=values.index).between(first, last)]
    years = inside.groupby(inside.index.str[:4])
    sums = years.sum()[years.size() == int(last) - int(first) + 1]
    spans = {str(year): (f"{year}-{first}", f"{year}-{last}") for year in sums.index}
    months = "the year" if (first, last) == ("01", "12") else f"months {first} to {last} of the year"
    return TimeSeries(f"{id}.{name}.{first}-{last}", f"{name} of {months}", sums, rows, spans)


def twelve_months(own: pd.DataFrame, name: str, id: str) -> TimeSeries:
    """Exports, imports or balance summed over the twelve months up to each month, in US dollars; a deficit is negative.

    `own`: see `briefing.record.observations`; one partner on one basis.
    """
    values, rows = _monthly(own, name)
    sums = twelve_month_sum(values)
    spans = {str(month): (periods.shifted(str(month), -11), str(month)) for month in sums.index}
    return TimeSeries(f"{id}.{name}.twelve-months", f"{name} of twelve months", sums, rows, spans)
