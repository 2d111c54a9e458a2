"""Asks the US Census International Trade API for monthly trade by HS or end-use code, in whole US dollars.

A reply is an array of arrays of strings: the header, then a row a month, partner and code, in any order. The
world is partner "-" there and `codelists.WORLD` here; partner groups and other levels of the code come mixed in
where the question leaves them open, so it pins both, and a row that was not asked is refused. A row of "0" stands
in each month after the first trade of a calendar year and is absent before it: absent means none only in a month
that is out. Status 204 is no data. All months may be revised every June, and the API keeps no vintage.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from briefing import periods
from briefing.acquire.contract import EXPORTS, GENERAL_IMPORTS, IMPORTS_FOR_CONSUMPTION, Observations, observed
from briefing.acquire.fetching import Office
from briefing.acquire.replies import Acquired, Reply, require_months_in_order
from briefing.codes import codelists
from briefing.errors import BadQuery, NoData

FIRST_MONTH = "2010-01"
WORLD = "-"

MEASURES = {"X": ("ALL_VAL_MO",), "M": ("GEN_VAL_MO", "CON_VAL_MO")}
"""The values that one question asks for, by flow; in the month, not in the year to date."""

BASIS_OF = {"ALL_VAL_MO": EXPORTS, "GEN_VAL_MO": GENERAL_IMPORTS, "CON_VAL_MO": IMPORTS_FOR_CONSUMPTION}
HS_DATASETS = {
    "ALL_VAL_MO": "census-hs-exports",
    "GEN_VAL_MO": "census-hs-imports-general",
    "CON_VAL_MO": "census-hs-imports-consumption",
}
END_USE_DATASETS = {
    "ALL_VAL_MO": "census-end-use-exports-monthly",
    "GEN_VAL_MO": "census-end-use-imports-general-monthly",
    "CON_VAL_MO": "census-end-use-imports-consumption-monthly",
}
DESCRIBES = re.compile(
    r"CTY_NAME|[EI]_(COMMODITY|ENDUSE)_[SL]DESC|UNIT_QY[12]|LAST_UPDATE|YEAR|MONTH|[A-Z0-9_]+_(MO|YR)(_FLAG)?"
)
"""Columns that name or measure a row and do not split it: harmless where they were not asked."""
DIGITS = {"HS2": 2, "HS4": 4, "HS6": 6, "HS10": 10, "EU5": 5}
"""How long a code of each level is. Levels asked together would count the same goods twice."""

PATHS = {"X": "exports", "M": "imports"}

Wanted = Sequence[tuple[tuple[str, ...], str | None, str]]
"""Partners, commodity (None for all) and level of each series."""


class CensusApi(Office):
    """The API at an address that ends in "/timeseries/intltrade".

    A stalled read is how this source shows that it is overloaded, and a slow one may take minutes.
    """

    title = "Census API"
    key = "CENSUS_API_KEY"
    where = "https://api.census.gov/data/key_signup.html"
    key_parameter = "key"
    usual: ClassVar[Mapping[str, Any]] = {"pause": 0.5, "read_seconds": 180}


def fetch_hs(client: CensusApi, flow: str, wanted: Wanted, first: str, last: str) -> list[Acquired]:
    """Trade by HS code and month: one dataset for exports, two for imports (general, and for consumption).

    Parameters
    ----------
    flow
        "X" or "M".
    wanted
        A tuple a series: partners (Schedule C codes, `codelists.WORLD` for the world), commodity, level.
        Commodity None is every chapter, at level "HS2"; a code shorter than its level is all codes below it:
        "87" at "HS4" is 8701 to 8716.
    first, last
        Months. A year is one question.

    Returns
    -------
    Tables of `briefing.record.observations.COLUMNS`, monthly, in whole US dollars, not adjusted: exports total at FAS value; imports at customs value, general
    in one table and for consumption in another, never to be added up.

    Raises
    ------
    BadQuery
        Before anything is asked, if the question cannot be right.
    NoData
        If a series or one of its partners has none in all these months.
    MalformedReply
        If a reply is not what was asked, contradicts itself, or leaves out a month that is out.
    FetchError
        As `Client.ask`.
    """
    _require_flow_and_months(flow, first, last)
    return _fetched(client, _hs_series(flow, wanted), first, last, HS_DATASETS)


def fetch_end_use(client: CensusApi, flow: str, partners: Sequence[str], first: str, last: str) -> list[Acquired]:
    """Trade by 5-digit end-use code and month: one dataset for exports, two for imports.

    The tables are as those of `fetch_hs`, with classification "END_USE".

    Raises
    ------
    As `fetch_hs`.
    """
    _require_flow_and_months(flow, first, last)
    _require_partners(partners)
    series = _Series("enduse", flow, tuple(partners), "", "EU5")
    return _fetched(client, [series], first, last, END_USE_DATASETS)


@dataclass(frozen=True)
class _Series:
    """What is asked year after year: codes that begin with `prefix` at one level, for some partners."""

    product: str
    flow: str
    partners: tuple[str, ...]
    prefix: str
    level: str

    @property
    def path(self) -> str:
        return f"{PATHS[self.flow]}/{self.product}"

    @property
    def code_variable(self) -> str:
        return f"{'E' if self.flow == 'X' else 'I'}_{'COMMODITY' if self.product == 'hs' else 'ENDUSE'}"

    @property
    def areas(self) -> list[str]:
        """The partners as the API writes them."""
        return [WORLD if partner == codelists.WORLD else partner for partner in self.partners]

    def parameters(self, first: str, last: str) -> dict[str, str | list[str]]:
        """The question. A variable that pins something is not in `get` as well: its column would come twice."""
        got = MEASURES[self.flow] if self.prefix else (*MEASURES[self.flow], self.code_variable)
        below = "*" if len(self.prefix) < DIGITS[self.level] else ""
        return {
            "get": ",".join(got),
            "time": f"from {first} to {last}",
            "COMM_LVL": self.level,
            **({self.code_variable: f"{self.prefix}{below}"} if self.prefix else {}),
            "CTY_CODE": self.areas,
        }

    @property
    def columns(self) -> tuple[str, ...]:
        return (*MEASURES[self.flow], self.code_variable, "time", "COMM_LVL", "CTY_CODE")

    def holds(self, code: str) -> bool:
        """Whether a code is of this level and below the prefix; of the HS, none begins with 00, of end-use many."""
        right = re.fullmatch("[0-9]+", code) is not None and len(code) == DIGITS[self.level]
        return right and code.startswith(self.prefix) and not (self.product == "hs" and code.startswith("00"))

    def __str__(self) -> str:
        what = f"{self.level} {self.prefix or 'codes'}"
        return f"{PATHS[self.flow]} of {what} with {', '.join(self.partners)}"


def _hs_series(flow: str, wanted: Wanted) -> list[_Series]:
    series = [_Series("hs", flow, tuple(partners), commodity or "", level) for partners, commodity, level in wanted]
    if not series:
        raise BadQuery("No series is wanted of the Census API. Nothing was asked. Name partners, commodity and level.")
    for one in series:
        _require_partners(one.partners)
        _require_commodity(one)
    _require_apart(series)
    return series


@dataclass(frozen=True)
class _Row:
    """The values of one partner, code and month, in the order of MEASURES."""

    partner: str
    commodity: str
    month: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class _Found:
    """A series with all its rows, and the reply for each year that had one."""

    series: _Series
    rows: list[_Row]
    replies: dict[str, Reply]

    def months(self, partner: str) -> set[str]:
        return {row.month for row in self.rows if row.partner == partner}


def _require_flow_and_months(flow: str, first: str, last: str) -> None:
    if flow not in MEASURES:
        raise BadQuery(f'{flow!r} is no flow. Nothing was asked. Choose "X", exports, or "M", imports.')
    require_months_in_order(first, last)
    if first < FIRST_MONTH:
        raise BadQuery(f"The Census API begins at {FIRST_MONTH}, not {first}. Nothing was asked. Begin there.")


def _require_partners(partners: Sequence[str]) -> None:
    for partner in partners:
        if partner != codelists.WORLD and (partner not in codelists.PARTNERS or partner in codelists.RESIDUALS):
            raise BadQuery(
                f"Partner {partner!r} is neither a country nor the world. The Census API answers unknown codes with "
                f"nothing and groups with sums. Nothing was asked. Write a code of codelists.PARTNERS, or "
                f"{codelists.WORLD} for the world."
            )
    if not partners or len(set(partners)) < len(partners):
        raise BadQuery(f"Partners {tuple(partners)!r} are none, or one twice. Nothing was asked. Name each once.")


def _require_commodity(series: _Series) -> None:
    prefix, level = series.prefix, series.level
    if level not in DIGITS or level == "EU5":
        raise BadQuery(f"{level!r} is no level of the HS. Nothing was asked. Choose HS2, HS4, HS6 or HS10.")
    if prefix and (not re.fullmatch(r"([0-9]{2}){1,5}", prefix) or len(prefix) > DIGITS[level]):
        raise BadQuery(
            f"{prefix!r} is no HS code of 2 to {DIGITS[level]} digits, as level {level} needs it. Nothing was asked. "
            "Correct the code or the level."
        )
    if not prefix and level != "HS2":
        raise BadQuery(
            f"All codes of level {level} are more than the Census API gives in one reply without stalling. "
            "Nothing was asked. Name a chapter, such as 87, or ask for level HS2."
        )


def _require_apart(series: Sequence[_Series]) -> None:
    """No observation is asked for twice."""
    for at, one in enumerate(series):
        for other in series[:at]:
            common = sorted(set(one.partners) & set(other.partners))
            nested = one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)
            if common and nested and one.level == other.level:
                raise BadQuery(
                    f"{one} and {other} both hold partner {common[0]}. Every total would count it twice. "
                    "Nothing was asked. Leave it out of one."
                )


def _fetched(
    client: CensusApi, series: Sequence[_Series], first: str, last: str, datasets: Mapping[str, str]
) -> list[Acquired]:
    found = [_asked(client, one, first, last) for one in series]
    published = _published(found, first)
    for one in found:
        _require_all_months(one, published, first)
        _require_no_breaks(one, published)
    rows = [row for one in found for row in one.rows]
    replies = tuple(reply for one in found for reply in one.replies.values())
    return [
        Acquired(datasets[measure], _table(rows, at, measure, series[0]), replies)
        for at, measure in enumerate(MEASURES[series[0].flow])
    ]


def _asked(client: CensusApi, series: _Series, first: str, last: str) -> _Found:
    """The rows of all years; years without data may only come before or after the others."""
    rows: list[_Row] = []
    replies: dict[str, Reply] = {}
    for start, end in _years(first, last):
        reply = client.answer(series.path, series.parameters(start, end))
        if reply is None:
            continue
        if replies and periods.shifted(f"{max(replies)}-01", 12) < start:
            replies[max(replies)].refuse(
                f"{series} has no data for {int(max(replies)) + 1}, between years that have",
                "Totals over that year would be too small.",
                "Ask again later, or for years on one side of it.",
            )
        replies[start[:4]] = reply
        rows += _Answer(client, reply, series, periods.span(start, end)).rows()
    for partner in series.partners:
        if not any(row.partner == partner for row in rows):
            raise NoData(
                f"The Census API has no data on {series}, {first} to {last}"
                f"{f', for partner {partner}' if rows else ''}: month unpublished, before 2010, or no trade. "
                "Nothing of the record changed. Ask for earlier months, or leave it out."
            )
    return _Found(series, rows, replies)


def _years(first: str, last: str) -> Iterator[tuple[str, str]]:
    for year in range(int(first[:4]), int(last[:4]) + 1):
        yield max(first, f"{year}-01"), min(last, f"{year}-12")


@dataclass(frozen=True)
class _Answer:
    """A reply held against its question."""

    client: CensusApi
    reply: Reply
    series: _Series
    months: Sequence[str]

    def rows(self) -> list[_Row]:
        """The rows, each of which was asked, and once."""
        header, *rows = self._arrays()
        places = self._places(header)
        for row in rows:
            self._require_cells(row, header)
        self._require_same_twice(places, header, rows)
        named = [{name: row[at[0]] for name, at in places.items()} for row in rows]
        read = [self._row(cells) for cells in named]
        self._require_once(read)
        return read

    def quoted(self, cell: Any) -> str:
        """A cell in a message: short, and never the key, however the reply wrote it."""
        return repr(self.client.blotted(f"{cell}")[:40])

    def _arrays(self) -> list[Any]:
        content = self.reply.json()
        if isinstance(content, dict):
            self.reply.refuse(
                f"its reply is no JSON array of arrays but an object, {self.quoted(content)}", "It holds no data."
            )
        if not isinstance(content, list) or not all(isinstance(row, list) for row in content):
            self.reply.refuse("its reply is no JSON array of arrays, or is cut", "Values would be missing.")
        if len(content) < 2:
            self.reply.refuse(
                "its reply has no row below its header, where no data would be status 204", "Months would be missing."
            )
        return content

    def _places(self, header: Sequence[Any]) -> dict[str, list[int]]:
        """Where each column stands; a variable that pins something may come twice, and names and other measures be there."""
        places: dict[str, list[int]] = {}
        for at, name in enumerate(header):
            if isinstance(name, str) and name not in self.series.columns and DESCRIBES.fullmatch(name):
                continue
            if name not in self.series.columns:
                self.reply.refuse(f"column {self.quoted(name)} was not asked", "Its rows may be parts of a total.")
            places.setdefault(name, []).append(at)
        missing = [name for name in self.series.columns if name not in places]
        if missing:
            self.reply.refuse(f"column {missing[0]} is missing", "What its values describe would be a guess.")
        return places

    def _require_cells(self, row: Sequence[Any], header: Sequence[str]) -> None:
        if len(row) != len(header):
            self.reply.refuse(
                f"a row has {len(row)} cells where the header has {len(header)}", "Values would stand in wrong columns."
            )
        for name, cell in zip(header, row, strict=True):
            if name not in self.series.columns:
                continue
            if not isinstance(cell, str):
                self.reply.refuse(f"{name} is {self.quoted(cell)}, which is no text", "Codes would lose their noughts.")

    def _require_same_twice(
        self, places: Mapping[str, Sequence[int]], header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        for row in rows:
            for first, *others in places.values():
                for other in others:
                    if row[first] != row[other]:
                        both = f"{self.quoted(row[first])} and {self.quoted(row[other])}"
                        self.reply.refuse(
                            f"the two columns {header[first]} have {both}", "It is not known which holds."
                        )

    def _row(self, cells: Mapping[str, str]) -> _Row:
        month, commodity, area = cells["time"], cells[self.series.code_variable], cells["CTY_CODE"]
        self._require_asked("time", month, month in self.months, f"{self.months[0]} to {self.months[-1]}")
        self._require_asked("COMM_LVL", cells["COMM_LVL"], cells["COMM_LVL"] == self.series.level, self.series.level)
        self._require_asked("CTY_CODE", area, area in self.series.areas, ", ".join(self.series.areas))
        right, kind = self.series.holds(commodity), f"a code of {DIGITS[self.series.level]} digits"
        below = f" that begins with {self.series.prefix}" if self.series.prefix else ""
        self._require_asked(self.series.code_variable, commodity, right, f"{kind}{below}")
        values = tuple(self._dollars(cells, measure) for measure in MEASURES[self.series.flow])
        return _Row(codelists.WORLD if area == WORLD else area, commodity, month, values)

    def _require_asked(self, name: str, cell: str, right: bool, asked: str) -> None:
        if not right:
            self.reply.refuse(
                f"a row has {name} {self.quoted(cell)} where {asked} was asked",
                "Other trade, a sum or a part would be counted with what was asked.",
            )

    def _dollars(self, cells: Mapping[str, str], measure: str) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", cells[measure]):
            self.reply.refuse(
                f"{cells['time']} has {self.quoted(cells[measure])} as {measure}", "It is no amount in dollars."
            )
        return int(cells[measure])

    def _require_once(self, rows: Iterable[_Row]) -> None:
        seen: dict[tuple[str, str, str], _Row] = {}
        for row in rows:
            before = seen.setdefault((row.partner, row.commodity, row.month), row)
            if before is not row:
                how = "the same values" if before == row else "other values"
                self.reply.refuse(
                    f"it has two rows, with {how}, for {row.month}, partner {row.partner}, commodity {row.commodity}",
                    "Every total would count that month twice.",
                )


def _published(found: Sequence[_Found], first: str) -> list[str]:
    """The months that are out: all from the beginning to the last month with a row."""
    present = {row.month for one in found for row in one.rows}
    published = periods.span(_beginning(present, first), max(present))
    _require_months(found[0], "", [month for month in published if month not in present])
    return published


def _beginning(present: Collection[str], first: str) -> str:
    """Where a series begins: with its first row, if a year before was asked in vain, else with that year's first month.

    No row before the first of a series is an edge, and no hole: there was no such partner, or no trade.
    """
    month = min(present)
    return month if month[:4] > first[:4] else max(first, f"{month[:4]}-01")


def _require_all_months(found: _Found, published: Sequence[str], first: str) -> None:
    """All codes together leave out no month that is out, once a partner trades; a single code may."""
    if found.series.prefix:
        return
    for partner in found.series.partners:
        months = found.months(partner)
        begin = _beginning(months, first)
        missing = [month for month in published if month >= begin and month not in months]
        _require_months(found, f", partner {partner}", missing)


def _require_no_breaks(found: _Found, published: Sequence[str]) -> None:
    """A code that has a row has one in each later month of that year, of "0" where there was no trade."""
    present: dict[tuple[str, str, str], set[str]] = {}
    for row in found.rows:
        present.setdefault((row.partner, row.commodity, row.month[:4]), set()).add(row.month)
    for (partner, commodity, year), months in present.items():
        due = (month for month in published if month[:4] == year and month > min(months))
        missing = [month for month in due if month not in months]
        _require_months(found, f", partner {partner}, commodity {commodity}", missing)


def _require_months(found: _Found, of: str, missing: Sequence[str]) -> None:
    for month in missing:
        reply = found.replies.get(month[:4], found.replies[max(found.replies)])
        reply.refuse_gap(f"{found.series}: {month}{of} is left out, though the source has it or later months")


def _table(rows: Iterable[_Row], at: int, measure: str, series: _Series) -> Observations:
    classification = "HS" if series.product == "hs" else "END_USE"
    return observed(
        (
            (classification, row.commodity, "US", row.partner, *BASIS_OF[measure], "N", row.month, row.values[at], "A")
            for row in rows
        ),
        CensusApi.title,
    )
