"""What the files that are kept by hand must be: the register and the records of talks, key by key.

A class is a table, a field a key of it; one that has no default must be there, and one that is not named here may not.
What names an entry elsewhere (an event, an issue, a page, a side) must name one that the same record has.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from briefing import periods
from briefing.codes import codelists

BOTH = "both"
"""Whose a step is that the two sides take together."""
AS_OF = "as of"
"""In the context of a check: the day of the record, after which nothing of it can have been known."""


NO_SUCH_NAME = "no_such_name"
"""The kind of fault that another one may have led to: what is named is broken, or its table is lost."""


def _fault(words: str, kind: str = "of_the_record") -> PydanticCustomError:
    return PydanticCustomError(kind, "{words}", {"words": words})


def _one_of(kind: str) -> AfterValidator:
    """A name that an entry of that kind has."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(kind, ())
        if name not in known:
            raise _fault(f"{name!r} is no {kind} of this record", NO_SUCH_NAME)
        return name

    return AfterValidator(check)


def _when(holds: Callable[[Any], object], else_words: str) -> AfterValidator:
    """A value for which something holds, or the words that say what it is not."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise _fault(f"{str(value)!r} {else_words}")
        return value

    return AfterValidator(check)


def _each_once(*keys: str) -> AfterValidator:
    def check(rows: list[BaseModel]) -> list[BaseModel]:
        seen = set()
        for row in rows:
            name = tuple(str(getattr(row, key)) for key in keys)
            if name in seen:
                raise _fault(f"two entries have the {' and '.join(keys)} {' of '.join(name)}")
            seen.add(name)
        return rows

    return AfterValidator(check)


def _known_by_then(day: date, info: ValidationInfo) -> date:
    until = (info.context or {}).get(AS_OF)
    if until is not None and day > until:
        raise _fault(f"{day} lies after {until}, the day of the record itself")
    return day


def _is_day(text: str) -> bool:
    """A year, a month or a day of the calendar."""
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) is not None


def _is_span(text: str) -> bool:
    first, slash, last = text.partition("/")
    return bool(slash) and periods.is_month(first) and periods.is_month(last) and first <= last


NO_SPAN = 'is no span of months, such as "2017-01/2017-11"'
NO_SHA256 = "is no SHA-256, 64 hexadecimal digits"
NO_PRINT = 'is no day, month or year, such as "2017-11-30"'
NO_TIME = 'is no day, nor a month or year in quotes, such as "2017-11"'

Text = Annotated[str, _when(str.strip, "is no text")]
Address = Annotated[str, _when(re.compile(r"https?://\S+").fullmatch, "is no address of a page, https://…")]
Day = Annotated[date, _when(lambda day: 1900 <= day.year < 2100, "lies in no year of talks or trade")]
Past = Annotated[Day, AfterValidator(_known_by_then)]
When = Annotated[
    Any,
    _when(lambda told: type(told) is date or (isinstance(told, str) and len(told) < 10 and _is_day(told)), NO_TIME),
    _when(lambda told: 1900 <= periods.first_day(told).year < 2100, "lies in no year of talks or trade"),
]
"""A day; or the month or year alone, in quotes, where nobody printed the day."""
Month = Annotated[str, _when(periods.is_month, 'is no month, such as "2017-11"')]
Span = Annotated[str, _when(_is_span, NO_SPAN)]
Printed = Annotated[str, _when(_is_day, NO_PRINT)]
Number = Annotated[str, _when(re.compile(r"-?\d+(\.\d+)?").fullmatch, 'is no number in quotes, such as "-21.6"')]
Partner = Annotated[str, _when(lambda code: code in codelists.PARTNERS, "is no code of a partner")]
Sha256 = Annotated[str, _when(re.compile(r"[0-9a-f]{64}").fullmatch, NO_SHA256)]
EventId = Annotated[str, _one_of("event")]
IssueId = Annotated[str, _one_of("issue")]
SideId = Annotated[str, _one_of("side")]
Pages = Annotated[list[Annotated[str, _one_of("publication")]], Field(min_length=1)]
DutyPages = Annotated[list[Annotated[str, _one_of("page of duties")]], Field(min_length=1)]
Products = list[Annotated[str, _one_of("product")]]
Authority = Literal[
    "MFN", "pact", "section 122", "section 201", "section 232", "section 301", "section 338", "IEEPA", "other law"
]  # fmt: skip
DUTY_STATUSES = (
    "threatened", "announced", "ordered", "in force", "suspended", "struck down", "expired", "replaced", "dropped"
)  # fmt: skip
"""How a duty can stand: said without an order, agreed without one, ordered, applied, and how it ceased."""
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
PlaceInTalks = Literal["under_negotiation", "raised", "agreed", "dropped", "not_raised"]
PlaceInLaw = Literal["in_force", "changed", "ended", "none"]
ReachId = Annotated[str, _one_of("reach")]


class Shape(BaseModel):
    """A table: no key more, none less, and nothing guessed from a value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Dated(Shape):
    date: When
    known_from: Past | None = None

    @model_validator(mode="after")
    def _known_from_its_day_on(self, info: ValidationInfo) -> Self:
        first = periods.first_day(self.date)
        _known_by_then(first, info)
        if self.known_from is None and isinstance(self.date, str):
            raise _fault(f"it bears {self.date} without a day, and lacks known_from, the day it was public")
        if self.known_from is not None and self.known_from < first:
            raise _fault(f"known_from {self.known_from} lies before its day, {self.date}")
        return self


class Side(Shape):
    """One party of a pact."""

    id: Text
    name: Text
    adjective: Text
    capital: Text
    reporter: Text


def _the_us_first(sides: list[Side]) -> list[Side]:
    if sides[0].reporter != "US":
        raise _fault(f"{sides[0].id} reports as {sides[0].reporter}, where the United States, US, come first")
    return sides


class Header(Shape):
    """What pact.toml says: who talks with whom."""

    name: Text
    partner: Partner
    in_force: Day | None = None
    side: Annotated[
        list[Side],
        Field(min_length=2, max_length=2),
        _each_once("id"),
        _each_once("reporter"),
        AfterValidator(_the_us_first),
    ]


class Plan(Shape):
    """What an event fixed for a later day."""

    date: When
    what: Text
    met: EventId | None = None
    due: bool = False


class Event(_Dated):
    """A table of events.toml."""

    id: Text
    end_date: Past | None = None
    known_from: Past
    kind: Literal["data", "deal", "law", "notice", "other", "round", "statement", "tariff"]
    title: Text
    summary: Text
    place: Text = ""
    actors: list[Text] = []
    issues: list[IssueId]
    importance: Literal["key", "normal"]
    confidence: Literal["high", "medium", "low"]
    publications: Pages
    note: Text = ""
    differ: Text = ""
    differ_known_from: Past | None = None
    further_talks: Text = ""
    schedules: list[Plan] = []

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.end_date is not None and self.end_date < periods.first_day(self.date):
            raise _fault(f"end_date {self.end_date} lies before its day, {self.date}")
        return self


class _Standing(_Dated):
    """An entry of an issue, which can be taken for current until a day."""

    until: Day | None = None
    text: Text
    publications: Pages

    @model_validator(mode="after")
    def _stands_for_a_day_at_least(self) -> Self:
        if self.until is not None and self.until <= periods.first_day(self.date):
            raise _fault(f"until {self.until} lies no day after its day, {self.date}")
        return self


class Position(_Standing):
    """What a side said on an issue."""

    side: SideId


class InTalks(_Standing):
    """Where an issue was in the talks from a day on."""

    place: PlaceInTalks
    touches: ReachId | None = None
    awaits: bool = True


class InLaw(_Standing):
    """Where an issue was in law from a day on; without a place, a measure or ruling that left it where it was."""

    place: PlaceInLaw | None = None
    touches: ReachId | None = None


class Issue(Shape):
    """A table of issues.toml."""

    id: Text
    name: Text
    definition: Text
    touches: ReachId | None = None
    first_seen: Past
    position: list[Position] = []
    talks: list[InTalks] = []
    law: list[InLaw] = []

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        if not self.talks and not any(entry.place for entry in self.law):
            raise _fault("it has no place, neither in the talks nor in law")
        return self


class Step(Shape):
    """One thing on the way to a change, and the law that asks for it."""

    side: Annotated[str, _one_of("side or both")]
    name: Text
    law: Text
    waits: Annotated[int, Field(gt=0)] = 0
    asked: bool = True
    only_if: Text = ""
    settled: EventId | None = None
    optional: bool = False
    closed: EventId | None = None
    known_from: Past | None = None
    begun: EventId | None = None
    taken: EventId | None = None
    at_latest: bool = False
    undone: EventId | None = None
    publications: Pages

    @model_validator(mode="after")
    def _says_of_what_it_depends(self) -> Self:
        if bool(self.only_if) != (self.settled is not None):
            raise _fault(f"step {self.name} has one of only_if and settled, and lacks the other")
        return self


class WithoutVote(Shape):
    """Why a matter asks for no vote in Congress."""

    known_from: Past
    text: Text
    publications: Pages


class Matter(Shape):
    """What is being changed, by which steps."""

    id: Text
    name: Text
    began: EventId
    done: EventId | None = None
    asks: Literal["law", "deal"] = "law"
    without_vote: WithoutVote | None = None
    step: Annotated[list[Step], Field(min_length=1)]


class Reach(Shape):
    """What can be changed, by whom, in which days."""

    id: Text
    congress: Text
    what: Text
    by: Text
    vote: Text
    law: Text
    contested: bool = False
    first_day: Day | None = None
    last_day: Day | None = None
    publications: Pages

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise _fault(f"last_day {self.last_day} lies before first_day {self.first_day}")
        return self


class Publication(Shape):
    """A page that carries a fact."""

    id: Text
    title: Text
    publisher: Text
    address: Address
    published: Printed = ""


class Product(Shape):
    """What a row of the table of duties is about; a `usual` one has a row on every day."""

    id: Text
    name: Text
    codes: Text
    usual: bool = False


class Turn(Shape):
    """What became of a measure from a day on; known before it, the turn is fixed for later, known after it, backdated."""

    date: Day
    known_from: Past | None = None
    status: Annotated[str, _when(lambda status: status in DUTY_STATUSES, "is no status of a duty")]
    act: Text = ""
    for_day: Day | None = None
    collected: bool = False
    older: bool = False
    text: Text = ""
    publications: DutyPages | None = None

    @model_validator(mode="after")
    def _known_some_day(self, info: ValidationInfo) -> Self:
        if self.known_from is None:
            _known_by_then(self.date, info)
        return self


class Measure(Shape):
    """A rate or quota that one side puts on goods of the other, with all that became of it."""

    id: Text
    authority: Authority
    act: Text
    by: SideId
    products: Products
    open: Products = []
    part: Text = ""
    scope: Text
    rate: Number | None = None
    quota: Text = ""
    counts: Literal["ordinary", "on top", "all in", "quota"]
    replaces: list[Annotated[str, _one_of("measure")]] = []
    note: Text = ""
    note_known_from: Past | None = None
    publications: DutyPages
    turn: Annotated[list[Turn], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_counted(self) -> Self:
        if (self.counts == "quota") != bool(self.quota):
            raise _fault(f"it counts as {self.counts!r}, and has {'a' if self.quota else 'no'} quota")
        if self.counts == "all in" and self.rate is None:
            raise _fault("it counts the ordinary duty in, and has no rate to which")
        return self

    @model_validator(mode="after")
    def _one_turn_for_a_day_and_what_was_known(self) -> Self:
        seen = set()
        for turn in self.turn:
            key = (turn.date, turn.known_from or turn.date)
            if key in seen:
                raise _fault(f"two turns are of {key[0]}, known from {key[1]}: nobody could say which holds")
            seen.add(key)
        return self


def _no_two_ordinary(measures: list[Measure]) -> list[Measure]:
    """Refuse two ordinary duties of one side on one product in force from one day, as last known."""
    starts: dict[tuple[str, str, date], str] = {}
    for measure in (one for one in measures if one.counts == "ordinary"):
        last: dict[date, str] = {}
        for turn in sorted(measure.turn, key=lambda turn: turn.known_from or turn.date):
            last[turn.date] = turn.status
        for day, product in (
            (day, product) for day, status in last.items() if status == "in force" for product in measure.products
        ):
            other = starts.setdefault((measure.by, product, day), measure.id)
            if other != measure.id:
                raise _fault(f"{other} and {measure.id} are both the ordinary duty on {product} from {day}")
    return measures


class FullYears(Shape):
    kind: Literal["full_years"]
    event: EventId
    years: Annotated[int, Field(ge=0)]


class Dated(Shape):
    kind: Literal["dated"]
    event: EventId
    day: Day | None = None
    weekday: Weekday | None = None
    month: Month | None = None
    year: Annotated[str, _when(periods.is_year, 'is no year, such as "2017"')] | None = None
    place: Text = ""


class Released(Shape):
    kind: Literal["released"]
    month: Month
    day: Day
    weekday: Weekday


class FirstRound(Shape):
    kind: Literal["first_round"]
    event: EventId
    sessions: list[EventId]


class Untaken(Shape):
    kind: Literal["untaken"]
    matter: Annotated[str, _one_of("matter")]
    step: Text


class Touches(Shape):
    kind: Literal["touches"]
    events: Annotated[list[EventId], Field(min_length=1)]
    issues: Annotated[list[IssueId], Field(min_length=1)]
    whole: bool = True


class FurtherTalks(Shape):
    kind: Literal["further_talks"]
    event: EventId


class Sought(Shape):
    kind: Literal["sought"]
    side: SideId
    issues: Annotated[list[IssueId], Field(min_length=1)]
    whole: bool = True


class Largest(Shape):
    kind: Literal["largest"]
    place: Annotated[int, Field(gt=0)]
    rival: Text


class Words(Shape):
    kind: Literal["words"]
    first_hand: list[Annotated[str, _one_of("publication")]]


class Beyond(Shape):
    kind: Literal["beyond"]
    reason: Text


Check = FullYears | Dated | Released | FirstRound | Untaken | Touches | FurtherTalks | Sought | Largest | Words | Beyond
"""The keys that each kind of check of a statement needs; statements.toml says what each looks at."""


class Statement(Shape):
    """A table of statements.toml."""

    id: Text
    said_by: Text
    known_from: Past
    text: Text
    publications: Pages
    check: Annotated[Check, Field(discriminator="kind")]


class Duties(Shape):
    """What duties.toml says: rates and quotas of either side; a pact may keep none."""

    product: Annotated[list[Product], _each_once("id")] = []
    measure: Annotated[list[Measure], _each_once("id"), AfterValidator(_no_two_ordinary)] = []
    duty_page: Annotated[list[Publication], _each_once("id")] = []


class Talks(Duties):
    """What a pact's files but pact.toml and quotes.toml say."""

    event: Annotated[list[Event], Field(min_length=1), _each_once("id")]
    issue: Annotated[list[Issue], Field(min_length=1), _each_once("id")]
    matter: Annotated[list[Matter], _each_once("id")]
    reach: Annotated[list[Reach], Field(min_length=1), _each_once("id", "first_day")]
    publication: Annotated[list[Publication], Field(min_length=1), _each_once("id")]
    statement: Annotated[list[Statement], _each_once("id")] = []


Counted = Literal[
    "exports", "imports", "balance", "trade",
    "exports.change", "imports.change", "balance.change", "trade.change",
    "exports.ratio", "imports.ratio", "balance.ratio", "trade.ratio",
    "rank.balance", "rank.trade", "share",
]  # fmt: skip
OPEN_PERIODS = ("last year", "year before last", "year to date", "twelve months")
"""The months that a quote without a period may mean, counted back from its day."""
UNITS = {"change": "percent", "ratio": "times", "rank": "place", "share": "percent"}
"""The unit of a measure by its last word, or its first; of any other a size: dollars or vehicles."""


class Quote(Shape):
    """A figure that a page printed."""

    id: Text
    partner: Partner
    counterpart: Text = ""
    reporter: Annotated[str, _one_of("reporter")]
    scope: Literal[
        "goods", "services", "goods and services", "trade", "passenger cars", "automotive", "parts", "vehicles", "transport equipment"
    ]  # fmt: skip
    measure: Counted
    first_print: bool = False
    period: Annotated[str, _when(lambda text: not text or _is_span(text), NO_SPAN)]
    periods: Annotated[
        list[Annotated[str, _when(lambda text: text in OPEN_PERIODS or _is_span(text), NO_SPAN)]], Field(min_length=1)
    ] = []
    against: Annotated[list[Span], Field(min_length=1)] = []
    hedge: Literal["at least", "more than", "almost", "about"] | None = None
    value: Number
    step: Annotated[Number, _when(lambda step: Decimal(step) > 0, "is the worth of no digit")] = ""
    unit: Literal["billion US dollars", "million US dollars", "percent", "place", "vehicles", "times"]
    definition: Text

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        what, _, how = self.measure.partition(".")
        wanted = UNITS.get(what, UNITS.get(how, ""))
        if wanted != (self.unit if self.unit in UNITS.values() else ""):
            raise _fault(f"{self.measure} is not counted in {self.unit}")
        if not self.period and "periods" not in self.model_fields_set:
            raise _fault("it states no period, and has no periods that it could mean")
        if self.first_print and (not self.period or self.measure not in FIRST_PRINTS):
            raise _fault(
                f"a first print of {self.measure or 'nothing'} of {self.period or 'no period'} is listed nowhere"
            )
        return self


FIRST_PRINTS = ("exports", "imports", "balance", "balance.change")


class Page(Shape):
    """A page and speaker of quotes.toml."""

    said_by: Text
    known_from: Past
    title: Text
    publisher: Text
    address: Address
    published: Annotated[
        Any, _when(lambda day: type(day) is date or (isinstance(day, str) and _is_day(day)), NO_PRINT)
    ] = ""
    quote: Annotated[list[Quote], Field(min_length=1)]


class Quotes(Shape):
    """What quotes.toml says: figures that anybody printed of any partner's trade."""

    page: list[Page] = []

    @model_validator(mode="after")
    def _each_quote_once(self) -> Self:
        ids = [quote.id for page in self.page for quote in page.quote]
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice is not None:
            raise _fault(f"two entries have the id {twice}")
        return self


class Vintage(Shape):
    """One entry of a dataset in data/sources.toml."""

    vintage: Day
    vintage_known: Literal["day", "at the latest"]
    last_period: Annotated[
        str,
        _when(
            lambda text: not text or periods.is_month(periods.last_month(text)),
            'is no month or year, such as "2017-11"',
        ),
    ]
    obtained: Text
    seen: Day | None = None
    original: Text
    original_sha256: Annotated[str, _when(re.compile(r"([0-9a-f]{64}(, [0-9a-f]{64})*)?").fullmatch, NO_SHA256)]
    file: Text
    sha256: Sha256
    partners: Annotated[
        list[Annotated[str, _when(lambda code: code in codelists.AREAS, "is no code of a partner or aggregate")]],
        Field(min_length=1),
    ] = []
    since: Month | Literal[""] = ""
    continues: Day | None = None
    gaps: bool = False
    rounded_to: Annotated[int, Field(ge=1)] = 1
    set_aside: Text = ""
    despite: Text = ""

    @model_validator(mode="after")
    def _says_from_where_what_it_continues_comes(self) -> Self:
        if bool(self.since) != bool(self.continues):
            raise _fault(
                "since (its first month of its own) and continues (the vintage that the months before are of) need one another"
            )
        if self.continues and self.continues >= self.vintage:
            raise _fault(f"continues {self.continues} is no day before vintage {self.vintage}")
        return self

    @model_validator(mode="after")
    def _came_out_after_what_it_describes(self) -> Self:
        if self.last_period and self.vintage <= periods.end_of_month(periods.last_month(self.last_period)):
            raise _fault(f"vintage {self.vintage} came out before {self.last_period}, its last_period, had ended")
        return self


class Release(Shape):
    """A row of the FT-900 calendar."""

    reference_month: Month
    release_date: Day
    kind: Literal["released", "scheduled"]
    confidence: Literal["high", "medium", "low"] | None = None
    publisher: Text
    address: Address
    note: Text = ""

    @model_validator(mode="after")
    def _out_after_its_month(self) -> Self:
        if self.release_date <= periods.end_of_month(self.reference_month):
            raise _fault(f"release_date {self.release_date} is no day after {self.reference_month}")
        return self


class Releases(Shape):
    """What data/census/calendar.toml says: when FT-900 first published a month."""

    release: Annotated[list[Release], Field(min_length=1), _each_once("reference_month")]


class Dataset(Shape):
    """A table of data/sources.toml: what the vintages of a dataset share."""

    pact: Annotated[str, _when(re.compile(r"[\w-]+").fullmatch, "is no folder's name")] = ""
    title: Text
    short_title: Text
    producer: Text
    landing_page: str
    download_address: str
    licence: Text
    unit: Text
    concepts: Text
    statistics: Literal["US", "KR"] | None = None
    basis: Literal["census", "bop", "partner"] | None = None
    keeps_vintages: bool = False
    with_ft900: bool = False
    oddities: str
    open_years: Annotated[int, Field(ge=0)] = 0
    window: Annotated[int, Field(ge=0)] = 0
    republishes: Text = ""
    ledger_of: Annotated[str, _when(lambda code: code in codelists.PARTNERS, "is no code of a partner")] = ""
    vintages: list[Vintage] = []

    @model_validator(mode="after")
    def _tells_the_basis_of_observations(self) -> Self:
        if any(vintage.last_period for vintage in self.vintages) and not (self.statistics and self.basis):
            raise _fault("it holds observations, and lacks statistics (whose count they are) or basis")
        return self


def names_in(tables: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """What the entries of a record of that day may name, by kind."""

    def named(kind: str, by: str = "id") -> set[str]:
        rows = tables.get(kind)
        found = [row.get(by) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return {name for name in found if isinstance(name, str)}

    kinds = ("event", "issue", "matter", "publication", "reach", "side", "product", "measure")
    names: dict[str, Any] = {kind: named(kind) for kind in kinds}
    names["page of duties"] = {*names["publication"], *named("duty_page")}
    return names | {"side or both": {*names["side"], BOTH}, "reporter": named("side", "reporter"), AS_OF: as_of}


class Fault(NamedTuple):
    """What keeps tables from being of a shape: the table that it is in, and words."""

    table: str
    words: str


def fault_in(shape: type[Shape], tables: object, names: Mapping[str, Any] | None = None) -> Fault | None:
    """The first thing that keeps tables from being of a shape; None where nothing does."""
    try:
        shape.model_validate(tables, context=dict(names or {}))
    except ValidationError as found:
        faults = sorted(found.errors(include_url=False), key=lambda fault: fault["type"] == NO_SUCH_NAME)
        told = _in_words(faults[0], tables)
        more = f" ({len(faults) - 1} more beside it)" if len(faults) > 1 else ""
        return Fault(str(faults[0]["loc"][0]) if faults[0]["loc"] else "", f"{told}{more}")
    return None


NAMED_BY = ("id", "file", "reference_month", "name", "title", "what", "date")
"""By which of its keys an entry is named to a reader, the first that it has."""


def _in_words(fault: Any, tables: object) -> str:
    """A fault in words, with the entry that it is in: "event 2018-01-05-round lacks title"."""
    path, found, key = [], tables, ""
    for step in fault["loc"]:
        if isinstance(step, int) and isinstance(found, list) and step < len(found):
            found = found[step]
            path.append(_name_of(found, step))
        elif isinstance(found, dict) and step in found:
            found, key = found[step], str(step)
            path.append(key)
        elif fault["type"] in ("missing", "extra_forbidden"):
            key = str(step)
    entry = " ".join(path)
    if fault["type"] == "missing":
        return f"{entry or 'it'} lacks {key}"
    if fault["type"] == "extra_forbidden":
        return f"{entry} is a key that nothing reads"
    return f"{entry}: {_what(fault)}" if entry else _what(fault)


def _name_of(entry: object, place: int) -> str:
    name = next((entry[key] for key in NAMED_BY if key in entry), None) if isinstance(entry, dict) else None
    return str(name) if isinstance(name, str | date) else f"no. {place + 1}"


def _what(fault: Any) -> str:
    if fault["type"] in ("of_the_record", NO_SUCH_NAME):
        return str(fault["msg"])
    wanted = WANTED.get(fault["type"], str(fault["msg"])[:1].lower() + str(fault["msg"])[1:])
    if fault["type"] == "literal_error":
        wanted = f"one of {fault['ctx']['expected']} is wanted"
    given = repr(str(fault["input"])) if isinstance(fault["input"], date) else repr(fault["input"])
    return f"{given if len(given) < 60 else given[:59] + '…'}, where {wanted}"


WANTED = {
    "string_type": "a text in quotes is wanted",
    "date_type": "a day without quotes is wanted, such as 2018-01-05",
    "bool_type": "true or false is wanted",
    "int_type": "a whole number is wanted",
    "list_type": "a list in brackets, or tables, are wanted",
    "model_type": "a table is wanted",
    "model_attributes_type": "a table is wanted",
    "dict_type": "a table is wanted",
    "too_short": "more entries are wanted",
    "too_long": "fewer entries are wanted",
    "union_tag_invalid": "a kind of check is wanted that the record can carry out",
    "union_tag_not_found": "the kind of the check is wanted",
}
