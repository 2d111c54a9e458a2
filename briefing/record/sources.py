"""The only reader of `data/`: registered files, their bytes verified, as tables of observations.

What was read is remembered, within bounds, for the editions that a process shows one after another: a file by
its identity, so that a changed one is read and verified anew; an answer by the checksum of the file it came
from. The tables are shared: nobody changes one in place.
What is read for an edition has the columns of `briefing.record.observations` with `basis` and `origin`, values in US dollars,
and no month or year that had not been published.
"""

import csv
import hashlib
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from ibis.expr.types import Table

from briefing import periods
from briefing.codes import codelists, successions
from briefing.errors import (
    BriefingError,
    ChecksumMismatch,
    EditionError,
    MalformedSource,
    NoVintage,
    SourceError,
    StoreError,
    UnregisteredSource,
)
from briefing.record import pacts, questions, shapes, store, vintages
from briefing.record.edition import Edition
from briefing.record.edition import edition as checked_edition
from briefing.record.observations import as_text, of_partner
from briefing.record.origins import Origin
from briefing.record.vintages import Calendar, Release, Standing
from briefing.secrecy import without_password


def data_directory() -> Path:
    """The folder that holds the record: BRIEFING_DATA, or `data/` beside the package where that is unset or empty."""
    return _folder(os.environ.get("BRIEFING_DATA", ""))


@cache
def _folder(named: str) -> Path:
    return Path(named or Path(__file__).parents[2] / "data")


@dataclass(frozen=True)
class Source:
    """One registered file: a dataset in one vintage.

    `vintage` is the day it came out, exact if `vintage_known` is "day", else the latest it can have
    been; `last_period` the last month it describes ("" for records without months); `file` its path
    below `data/`; `sha256` of that file; `original_sha256` of the office's file it was made from. `seen` is a day
    on which that file existed, where that is on record. `set_aside` is the reason for which the file answers for
    nothing: another one of the same dataset and day does; `partners` those that an excerpt answers for, none of a file
    that answers for all. `despite` is the reason for which it was registered
    although it does not agree with what was held. Of a file that does not reach back, months before `since` are those of
    the vintage that it `continues`; one with `gaps` lacks months between those it holds: it shows among revisions, and no
    edition stands on it. `rounded_to` is the dollars to which its values are rounded.

    Of the dataset: `short_title` is its name in source notes; `statistics` the economy whose count it is, "US" or "KR";
    `basis` what its values are made up by ("census", "bop", "partner"; "" of what holds no observations), `concepts` the
    same and the valuation in words; `keeps_vintages` whether the office keeps what it released apart from what it
    released later; `with_ft900` whether a release of it comes out with FT-900. `window` is the number of years that each vintage reaches back, 0 if to the first period;
    `open_years` the number of years, up to the last, that the office still revises, 0 if that is not known;
    `republishes` the dataset of which it gives the same figures again, "" of one with its own; `ledger_of` the
    partner whose own count of its trade by country it is, "" of others; `pact` the folder of `data/talks/` whose record it is, "" of all but records of talks.
    """

    dataset: str
    vintage: date
    vintage_known: str
    last_period: str
    file: str
    sha256: str
    obtained: str
    original: str
    original_sha256: str
    title: str
    short_title: str
    producer: str
    landing_page: str
    download_address: str
    licence: str
    unit: str
    concepts: str
    oddities: str
    statistics: str = ""
    basis: str = ""
    keeps_vintages: bool = False
    with_ft900: bool = False
    seen: date | None = None
    partners: tuple[str, ...] = ()
    since: str = ""
    continues: date | None = None
    gaps: bool = False
    rounded_to: int = 1
    set_aside: str = ""
    despite: str = ""
    window: int = 0
    open_years: int = 0
    pact: str = ""
    republishes: str = ""
    ledger_of: str = ""


Answer = TypeVar("Answer")
Identity = tuple[Path, int, int, int, int]
"""A file as it lies there: path, inode, size, and the times of its last change. Another content is another identity."""


def _identity(path: Path) -> Identity:
    with _reading(path):
        found = path.stat()
    return path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever the system says against reading a file of the record is said in a sentence.

    Raises
    ------
    SourceError
    """
    try:
        yield
    except OSError as fault:
        why = "is missing" if isinstance(fault, FileNotFoundError) else f"cannot be read ({fault.strerror or fault})"
    else:
        return
    lost = "no figure would have an origin" if path.name == "sources.toml" else "what rests on it could not be told"
    back = _put_back(path.relative_to(data_directory()).as_posix())
    raise SourceError(f"{path} {why}: {lost}. You can {back}.")


def _put_back(file: str) -> str:
    """How a file below `data/` is had again."""
    if os.environ.get("BRIEFING_DATA"):
        return "put it back, or unset BRIEFING_DATA to read the project's own record"
    return f"put it back with `git checkout -- data/{file}`"


def _register_file() -> Identity:
    return _identity(data_directory() / "sources.toml")


def register() -> tuple[Source, ...]:
    """Every registered file that answers, in the order of data/sources.toml: none that was set aside.

    What a dataset's vintages share stands once in the file, above them.

    Raises
    ------
    SourceError
        Where the file is no TOML, an entry lacks something or has it in another form, or two tables answer for one
        dataset and day.
    """
    return _register(_register_file())


def whole_register() -> tuple[Source, ...]:
    """Every registered file, those among them that were set aside."""
    return _whole_register(_register_file())


@lru_cache(maxsize=4)
def _register(file: Identity) -> tuple[Source, ...]:
    answering = tuple(source for source in _whole_register(file) if not source.set_aside)
    _require_one_a_day(answering)
    return answering


@lru_cache(maxsize=4)
def _by_dataset(file: Identity) -> dict[str, tuple[Source, ...]]:
    found: dict[str, tuple[Source, ...]] = {}
    for source in _register(file):
        found[source.dataset] = (*found.get(source.dataset, ()), source)
    return found


@lru_cache(maxsize=4)
def _whole_register(file: Identity) -> tuple[Source, ...]:
    return _sources_in(_datasets(file))


@lru_cache(maxsize=4)
def _datasets(file: Identity) -> dict[str, Any]:
    """The register's tables, read and held against their shape once."""
    return _read_register(_register_text(file[0]))


def _register_text(path: Path) -> str:
    with _reading(path):
        content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise _register_fault(f"is no text ({fault.reason} at byte {fault.start})") from None


def _require_one_a_day(answering: Iterable[Source]) -> None:
    seen: dict[tuple[str, date], Source] = {}
    for source in answering:
        other = seen.setdefault((source.dataset, source.vintage), source)
        if source.last_period and other is not source:
            raise SourceError(
                f"data/sources.toml has two files that answer for {source.dataset} of {source.vintage}: {other.file} and "
                f"{source.file}. A figure could be of either. Give the entry of one a line set_aside that says why."
            )


def described() -> tuple[tuple[str, str], ...]:
    """Every dataset that data/sources.toml describes, held or not, with its title."""
    return tuple((dataset, shared["title"]) for dataset, shared in _datasets(_register_file()).items())


def records_of_talks() -> dict[str, str]:
    """The dataset of each pact's record that data/sources.toml describes, held or not, by the pact's folder."""
    return {shared["pact"]: dataset for dataset, shared in _datasets(_register_file()).items() if "pact" in shared}


def told_of(dataset: str) -> dict[str, Any]:
    """What data/sources.toml says of a dataset, held or not: the fields of `Source` that its vintages share.

    Raises
    ------
    UnregisteredSource
    """
    told = _datasets(_register_file()).get(dataset)
    if told is None:
        raise UnregisteredSource(
            f"No dataset {dataset} is described in data/sources.toml, so nobody could say what was fetched. "
            f"Write a table [{dataset}] there first."
        )
    return {name: what for name, what in told.items() if name != "vintages"}


def _sources_in(datasets: Mapping[str, Any]) -> tuple[Source, ...]:
    entries: list[Source] = []
    for dataset, shared in datasets.items():
        common = {key: value for key, value in shared.items() if key != "vintages"}
        entries += [_entry(dataset, common | own) for own in shared.get("vintages", [])]
    return tuple(entries)


def _read_register(text: str) -> dict[str, Any]:
    try:
        datasets = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _register_fault(f"is no TOML ({fault})") from None
    for dataset, shared in datasets.items():
        fault_in_it = shapes.fault_in(shapes.Dataset, shared)
        if fault_in_it is not None:
            raise _register_fault(f"has a fault in the dataset {dataset}: {fault_in_it.words}")
    return datasets


def _entry(dataset: str, told: dict[str, Any]) -> Source:
    source = Source(dataset=dataset, **told | {"partners": tuple(told.get("partners", ()))})
    if not (data_directory() / source.file).resolve().is_relative_to(data_directory().resolve()):
        raise _register_fault(f"names {source.file} for {dataset}, which lies outside data/")
    return source


def _register_fault(what: str) -> SourceError:
    return SourceError(
        f"data/sources.toml {what}. No figure would have an origin. Mend that place, or {_put_back('sources.toml')}."
    )


def once_registered(function: Callable[[Edition], Answer]) -> Callable[[Edition], Answer]:
    """The function of an edition, asked once as long as the record is registered as it is; a vintage more, and it is asked anew."""

    @lru_cache(maxsize=64)
    def remembered(edition: Edition, _registered: Identity, _engine: str) -> Answer:
        return function(edition)

    @wraps(function)
    def known(edition: Edition) -> Answer:
        return remembered(edition, _register_file(), _store())

    return known


def vintages_of(dataset: str) -> tuple[Source, ...]:
    """The registered vintages of a dataset.

    Raises
    ------
    UnregisteredSource, NoVintage
    """
    found = _by_dataset(_register_file()).get(dataset, ())
    if not found and dataset in dict(described()):
        raise NoVintage(
            f"{dataset} is described in data/sources.toml, but no vintage of it is held. Nothing could be said from it. "
            "Bring one in with `briefing acquire`."
        )
    if not found:
        known = ", ".join(sorted({source.dataset for source in register()})) or "nothing"
        raise UnregisteredSource(
            f"No dataset {dataset} is registered. A figure from it would have no origin. Registered: {known}."
        )
    return found


def whole_vintages(dataset: str) -> tuple[Source, ...]:
    """The vintages of a dataset on which an edition can stand: without gaps.

    Raises
    ------
    UnregisteredSource, NoVintage
    """
    return tuple(source for source in vintages_of(dataset) if not source.gaps)


def verified_bytes(source: Source) -> bytes:
    """The bytes of a registered file.

    Raises
    ------
    ChecksumMismatch
        If they are not the bytes that were registered.
    """
    return _verified_bytes(data_directory() / source.file, source.sha256)


def _verified_bytes(path: Path, sha256: str) -> bytes:
    with _reading(path):
        content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ChecksumMismatch(
            f"{path.name} in {path.parent.name} is not the file that was registered (SHA-256 differs). "
            f"Every figure from it would be of unknown origin. Restore it, or {_taken_in(path)}."
        )
    return content


def _taken_in(path: Path) -> str:
    """How a file that was changed on purpose is registered as it stands."""
    if path.suffix != ".toml":
        return "acquire it again"
    record = "talks" if path.parent.parent.name == "talks" else "ft900-calendar"
    return f"register what you wrote with `briefing acquire record {record}`"


def verified_file(source: Source) -> Path:
    """The path of a registered file whose bytes are the registered ones.

    Raises
    ------
    ChecksumMismatch
    """
    path = data_directory() / source.file
    _verified(_identity(path), source.sha256)
    return path


@lru_cache(maxsize=256)
def _verified(file: Identity, sha256: str) -> None:
    """Hashed once for each state of the file; a mismatch is never remembered."""
    _verified_bytes(file[0], sha256)


def observations(source: Source) -> Table:
    """The observations of a registered vintage, to be asked: in its file, or in the engine that BRIEFING_STORE names.

    As the office wrote them: 0 also for months outside a code's life, which `questions.in_life` leaves out.

    Raises
    ------
    ChecksumMismatch, StoreError
    """
    file, engine = _held(source)
    return store.opened(engine).vintage(source.dataset, str(source.vintage), file)


def _held(source: Source) -> tuple[Path, str]:
    """The verified file of a registered vintage, and the engine asked, which holds that vintage too."""
    file, engine = verified_file(source), _store()
    _require_in_store(source, engine)
    return file, engine


@lru_cache(maxsize=256)
def _require_in_store(source: Source, engine: str) -> None:
    """Refuse an engine that lacks a registered vintage, or holds values of it that are none: pages would be wrong unsaid."""
    if not engine:
        return
    rows = store.opened(engine).vintage(source.dataset, str(source.vintage), data_directory() / source.file)
    held, values = map(int, store.answer(rows.aggregate(rows=rows.count(), values=rows.obs_value.count())).iloc[0])
    if not held or held != values:
        what = "lacks" if not held else "has rows without a value in"
        raise StoreError(
            f"{without_password(engine)} {what} {source.dataset} of {source.vintage}, which is registered. Pages would say that "
            "there is none. Fill it anew with `briefing load`, or unset BRIEFING_STORE to read the registered files."
        )


def _store() -> str:
    return os.environ.get("BRIEFING_STORE", "")


def calendar() -> Calendar:
    """The FT-900 calendar: its recorded rows, and what the vintages held prove to have been out."""
    (source,) = vintages_of("ft900-calendar")
    verified_file(source)
    return _calendar(_register_file())


@lru_cache(maxsize=4)
def _calendar(register_file: Identity) -> Calendar:
    (source,) = vintages_of("ft900-calendar")
    recorded = parsed_calendar(verified_bytes(source).decode())
    unrecorded = Calendar({})
    for held in sorted((s for s in register() if s.last_period), key=lambda s: s.vintage):
        month = periods.last_month(held.last_period)
        if month not in recorded and held.vintage < unrecorded.release(month).day:
            recorded[month] = Release(month, held.vintage, "at the latest", held.producer, held.landing_page)
    return Calendar(recorded)


def parsed_calendar(text: str) -> dict[str, Release]:
    """The releases that the text of a calendar records, by reference month.

    Raises
    ------
    MalformedSource
        If it is no TOML, or a row lacks something, has it in another form, or comes twice.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _no_calendar(f"is no TOML ({fault})") from None
    wrong = shapes.fault_in(shapes.Releases, tables)
    if wrong is not None:
        raise _no_calendar(f"is not what it must be: {wrong.words}")
    return {
        row["reference_month"]: Release(
            row["reference_month"],
            row["release_date"],
            row["kind"],
            row["publisher"],
            row["address"],
            row.get("note", ""),
        )
        for row in tables["release"]
    }


def _no_calendar(what: str) -> MalformedSource:
    return MalformedSource(
        f"calendar.toml {what}. It would not be known which months had been published on a day. "
        "Correct the row in data/census/calendar.toml."
    )


def open_edition(partner: str, first_period: str, last_period: str, as_of: str) -> Edition:
    """The edition that a notebook's four parameters ask for; see `briefing.record.edition.edition`.

    Raises
    ------
    EditionError
        Also if no trade with the partner is on record for the months asked.
    """
    edition = checked_edition(partner, first_period, last_period, as_of, calendar=calendar(), today=date.today())
    months = own_trade(edition)["time_period"]
    if months.empty or months.max() < edition.first_period:
        held = f"only {months.min()} to {months.max()}" if len(months) else "nothing"
        elsewhere = successions.counted_elsewhere(edition.partner)
        raise EditionError(
            f"{codelists.with_code(edition.partner)} has no trade on record from {edition.first_period} to "
            f"{edition.last_period}: {held} is held as of {edition.as_of}. Every page would be empty. "
            + (f"{elsewhere} " if elsewhere else "")
            + "Choose other months, a later day or another partner."
        )
    return edition


def read_as_of(dataset: str, edition: Edition) -> pd.DataFrame:
    """A dataset's observations as they stood on the edition's day, up to its last month.

    The columns of `briefing.record.observations`. No row describes a month that had not been published.
    """
    return _upto(*_as_of(dataset, edition), Asked(), edition.last_period)


class Stands(NamedTuple):
    """How a vintage stands to an edition's day, and how the one that it continues does."""

    own: Standing
    before: Standing


def _as_of(dataset: str, edition: Edition) -> tuple[Source, Stands]:
    source, standing = vintages.vintage_as_of(_answering(dataset, edition.partner), calendar(), edition.as_of)
    return source, _stands(source, standing, edition)


def _stands(source: Source, standing: Standing, edition: Edition) -> Stands:
    was_out = source.continues is not None and source.continues <= edition.as_of
    return Stands(standing, "held" if was_out and standing == "later" else standing)


def _answering(dataset: str, partner: str) -> list[Source]:
    """The vintages of a dataset that answer for a partner: all but excerpts of others; these where there are no others, to say that it has no rows."""
    held = whole_vintages(dataset)
    return [source for source in held if not source.partners or partner in source.partners] or list(held)


def _newest(dataset: str, edition: Edition) -> tuple[Source, Stands]:
    newest = max(_answering(dataset, edition.partner), key=lambda source: source.vintage)
    return newest, _stands(newest, "later" if newest.vintage > edition.as_of else "held", edition)


@dataclass(frozen=True)
class Asked:
    """Which rows of a vintage: of one partner or several, some months, one product, or those below a code; nothing asks for all."""

    partner: str = ""
    classification: str = ""
    commodity: str = ""
    prefix: str = ""
    months: tuple[str, str] | None = None
    partners: tuple[str, ...] = ()

    def of(self, source: Source) -> Table:
        """The rows asked for of a vintage, each in the life of its partner's code."""
        rows = observations(source)
        if self.partners:
            rows = questions.of_partners(rows, self.partners)
        if self.commodity:
            rows = questions.product_trade(rows, self.classification, self.commodity)
        if self.prefix:
            rows = questions.products_below(rows, self.classification, self.prefix)
        if self.partner:
            return questions.of_partner_alone(rows, self.partner)
        return questions.in_life(rows, self.months or questions.ALWAYS, self.partners)

    @property
    def of_everyone(self) -> "Asked":
        """The same of every partner: products are few enough to be asked once for all, where a partner's rows are those of its code's life."""
        alone = successions.life(self.partner) == successions.life_alone(self.partner)
        return replace(self, partner="") if self.partner and self.classification and alone else self

    @property
    def few(self) -> bool:
        """Whether the rows are few enough to be kept as Python's text, which is quicker by the row and larger."""
        return bool(self.partner or self.partners or self.commodity or self.months)


def _upto(source: Source, standing: Stands, asked: Asked, last_period: str) -> pd.DataFrame:
    """The rows asked for that had been published, each marked with the vintage's standing."""
    verified_file(source)
    few = _few_upto if asked.few else _many_upto
    return few(source, standing, asked, last_period, _store())


def _cut(rows: pd.DataFrame, last_period: str) -> pd.DataFrame:
    """A year sorts before its months: the one that the last month cuts is left out."""
    cut_year = "" if last_period.endswith("-12") else last_period[:4]
    kept = [period <= last_period and period != cut_year for period in rows["time_period"].tolist()]
    return rows if all(kept) else rows[kept]


@lru_cache(maxsize=128)
def _few_upto(source: Source, standing: Stands, asked: Asked, last_period: str, engine: str) -> pd.DataFrame:
    return _cut(_few(source, standing, asked, engine), last_period)


@lru_cache(maxsize=3)
def _many_upto(source: Source, standing: Stands, asked: Asked, last_period: str, engine: str) -> pd.DataFrame:
    return _marked(_cut(_many(source, asked, engine), last_period), source, standing)


def _marked(rows: pd.DataFrame, source: Source, standing: Stands) -> pd.DataFrame:
    """The rows with what the register says of where they come from; those of a vintage that is continued say that one."""
    told = {"basis": source.basis, "origin": origin_of(source, standing.own)}
    marked = rows.assign(**{name: pd.Series(what, index=rows.index, dtype=object) for name, what in told.items()})
    earlier = _continued(source)
    if earlier is None:
        return marked
    before = (rows["last_period" if "last_period" in rows else "time_period"] < source.since).to_numpy(dtype=bool)
    of_earlier = {"vintage": str(earlier.vintage), "origin": origin_of(earlier, standing.before)}
    told_of = {name: what for name, what in of_earlier.items() if name in marked}
    return marked.assign(**{name: _where(before, what, marked[name]) for name, what in told_of.items()})


def _where(before: npt.NDArray[np.bool_], what: object, own: pd.Series) -> pd.Series:
    values = own.to_numpy(dtype=object, copy=True)
    values[before] = what
    return pd.Series(values, index=own.index, dtype=object)


def _continued(source: Source) -> Source | None:
    """The vintage of which the months before a vintage's own are."""
    if source.continues is None:
        return None
    held = vintages_of(source.dataset)
    return next(one for one in held if one.vintage == source.continues and not one.partners)


def origin_of(source: Source, standing: Standing) -> Origin:
    """Where a figure comes from that rests on a registered vintage."""
    return Origin(source.dataset, str(source.vintage), standing, title=source.short_title, dated=source.keeps_vintages)


def _together(held: Iterable[tuple[Source, Stands]], asked: Asked, last_period: str) -> pd.DataFrame:
    """The few rows asked for of several vintages, one below the other."""
    for source, _ in held:
        verified_file(source)
    return _few_together(tuple(held), asked, last_period, _store())


@lru_cache(maxsize=64)
def _few_together(held: tuple[tuple[Source, Stands], ...], asked: Asked, last_period: str, engine: str) -> pd.DataFrame:
    tables = [_few_upto(*one, asked, last_period, engine) for one in held]
    return pd.concat(tables, ignore_index=True)


@lru_cache(maxsize=64)
def _few(source: Source, standing: Stands, asked: Asked, engine: str) -> pd.DataFrame:
    everyone = asked.of_everyone
    rows = _few_as_held(source, everyone, engine)
    if everyone != asked:
        rows = of_partner(rows, asked.partner).reset_index(drop=True)
    return _marked(rows, source, standing).copy()


@lru_cache(maxsize=64)
def _few_as_held(source: Source, asked: Asked, engine: str) -> pd.DataFrame:
    """The rows asked for, however the vintage stands to a day."""
    return as_text(store.answer(asked.of(source)))


@lru_cache(maxsize=2)
def _many(source: Source, asked: Asked, engine: str) -> pd.DataFrame:
    return store.answer(asked.of(source))


def country_trade(edition: Edition) -> pd.DataFrame:
    """All goods, every partner and aggregate, monthly: US Census Bureau, country.xlsx.

    Exports are FAS value, general imports customs value, Census basis, not seasonally adjusted.
    """
    return read_as_of("census-country", edition)


def country_vintage(edition: Edition) -> Source:
    """The vintage of country.xlsx that the edition stands on."""
    return _as_of("census-country", edition)[0]


def months_of_trade(edition: Edition, first: str, last: str) -> pd.DataFrame:
    """The rows of `country_trade` from one month to another, both included."""
    return _upto(*_as_of("census-country", edition), Asked(months=(first, last)), edition.last_period)


def trade_of(edition: Edition, partners: tuple[str, ...]) -> pd.DataFrame:
    """The rows of `country_trade` that are of those partners."""
    return _upto(*_as_of("census-country", edition), Asked(partners=partners), edition.last_period)


def everyone(edition: Edition, first: str, last: str) -> pd.DataFrame:
    """What `country_trade` comes to over the months from first to last, by partner and flow: see `questions.sums`.

    Beside the columns told there `standing`. Where the edition ends before `last`, to its last month.
    """
    return _sums(*_as_of("census-country", edition), first, min(last, edition.last_period), False)


def everyone_now(edition: Edition, first: str, last: str) -> pd.DataFrame:
    """The same in the newest vintage held."""
    return _sums(*_newest("census-country", edition), first, min(last, edition.last_period), False)


def everyone_by_year(edition: Edition, first_year: int, last_year: int) -> pd.DataFrame:
    """The same in each year, "2016", from first to last: one column more, `year`."""
    last = min(f"{last_year}-12", edition.last_period)
    return _sums(*_as_of("census-country", edition), f"{first_year}-01", last, True)


def _sums(source: Source, standing: Stands, first: str, last: str, by_year: bool) -> pd.DataFrame:
    verified_file(source)
    return _summed(source, standing, first, last, by_year, _store())


@lru_cache(maxsize=32)
def _summed(source: Source, standing: Stands, first: str, last: str, by_year: bool, engine: str) -> pd.DataFrame:
    return _marked(_summed_as_held(source, first, last, by_year, engine), source, standing)


@lru_cache(maxsize=32)
def _summed_as_held(source: Source, first: str, last: str, by_year: bool, engine: str) -> pd.DataFrame:
    return as_text(store.answer(questions.sums(observations(source), first, last, by_year=by_year)))


def own_trade(edition: Edition) -> pd.DataFrame:
    """The rows of `country_trade` that are the partner's own: without months in which another code carried part of its trade."""
    return _upto(*_as_of("census-country", edition), Asked(edition.partner), edition.last_period)


def months_held(edition: Edition) -> tuple[str, str]:
    """The first and the last month of the partner's own trade as of the edition's day, within its window or not."""
    as_known = replace(edition, last_period=calendar().last_published(edition.as_of))
    months = own_trade(as_known)["time_period"]
    return str(months.min()), str(months.max())


def own_trade_now(edition: Edition) -> pd.DataFrame:
    """The months of `own_trade` in the newest vintage held."""
    return _upto(*_newest("census-country", edition), Asked(edition.partner), edition.last_period)


def country_vintages(edition: Edition) -> pd.DataFrame:
    """The partner's trade in every vintage held of country.xlsx, to the edition's last month, one below the other.

    Of a vintage that continues another its own months alone, and of those with gaps what they have. A vintage that came out after the as-of day has the standing "later", any other "held".

    Raises
    ------
    SourceError
        If any vintage is not there as it was registered: it would be missing from among the others unsaid.
    """
    held = _telling_of(edition.partner)
    for source in held:
        _held(source)
    return _country_vintages(held, edition.partner, edition.last_period, edition.as_of, _store())


def _telling_of(partner: str) -> tuple[Source, ...]:
    """The vintages that have a partner's trade in all goods, one a day: a whole one before one given again, that before one with gaps."""
    again = [
        source for source in register() if source.republishes == "census-country" and partner in _partners_of(source)
    ]
    own = [source for source in vintages_of("census-country") if not source.partners or partner in source.partners]
    found: dict[date, Source] = {}
    for source in sorted([*own, *again], key=lambda one: (one.gaps, bool(one.republishes))):
        found.setdefault(source.vintage, source)
    return tuple(found[day] for day in sorted(found))


@cache
def _partners_of(source: Source) -> frozenset[str]:
    """The partners of a registered vintage."""
    return frozenset(store.answer(observations(source).select("counterpart_area").distinct())["counterpart_area"])


@lru_cache(maxsize=4)
def _country_vintages(
    held: tuple[Source, ...], partner: str, last_period: str, as_of: date, engine: str
) -> pd.DataFrame:
    rows = _cut(_in_every_vintage(held, partner, engine), last_period)
    origins = {str(source.vintage): origin_of(source, "later" if source.vintage > as_of else "held") for source in held}
    told = pd.Series([origins[vintage] for vintage in rows["vintage"]], index=rows.index, dtype=object)
    return rows.assign(basis=held[0].basis, origin=told)


@lru_cache(maxsize=4)
def _in_every_vintage(held: tuple[Source, ...], partner: str, engine: str) -> pd.DataFrame:
    order = ["vintage", "time_period", "trade_flow", "trade_system", "valuation"]
    tables = []
    for dataset in dict.fromkeys(source.dataset for source in held):
        files = {str(source.vintage): data_directory() / source.file for source in held if source.dataset == dataset}
        rows = store.opened(engine).vintages(dataset, files)
        tables.append(as_text(store.answer(questions.of_partner_alone(rows, partner))))
    found = pd.concat(tables, ignore_index=True).sort_values(order, ignore_index=True)
    since = {str(source.vintage): source.since for source in held}
    told = found[found["time_period"] >= found["vintage"].map(since)]
    coarse = [str(source.vintage) for source in held if _too_coarse(source, told)]
    return told[~told["vintage"].isin(coarse)]


def _too_coarse(source: Source, rows: pd.DataFrame) -> bool:
    """Whether the values of a vintage are rounded so far that what is rounding would pass for revision."""
    values = rows.loc[rows["vintage"] == str(source.vintage), "obs_value"]
    return source.rounded_to > 1 and bool(values.median() < COARSE * source.rounded_to)


COARSE = 1_000
"""Units of its last digit that half the months of a rounded vintage must have, to stand among revisions."""


def ledger_of_partner(edition: Edition, counterpart: str = "US") -> pd.DataFrame:
    """The partner's own count of its trade with the US, or another counterpart, monthly, to the edition's last month; empty where none is held.

    Exports FOB, imports CIF, US dollars; `ref_area` is the partner.
    """
    return _of_ledger(edition, Asked(counterpart))


def whole_ledger_of_partner(edition: Edition) -> pd.DataFrame:
    """The same with every counterpart held."""
    return _of_ledger(edition, Asked())


def _of_ledger(edition: Edition, asked: Asked) -> pd.DataFrame:
    held = sorted({source.dataset for source in register() if source.ledger_of == edition.partner})
    if not held:
        return own_trade(edition).iloc[:0]
    return _together([_as_of(dataset, edition) for dataset in held], asked, edition.last_period)


HS_DATASETS = ("census-hs-exports", "census-hs-imports-consumption", "census-hs-imports-general")


def chapter_trade(edition: Edition, commodity: str) -> pd.DataFrame:
    """One HS chapter, monthly, for the partners held; imports on two bases, told apart by `trade_system`."""
    return _of_chapters(edition, Asked(classification="HS", commodity=commodity))


def own_chapter(edition: Edition, commodity: str) -> pd.DataFrame:
    """The rows of `chapter_trade` that are the partner's own."""
    return _of_chapters(edition, Asked(edition.partner, "HS", commodity))


def every_chapter(edition: Edition) -> pd.DataFrame:
    """Every HS chapter of the edition's partner, monthly; imports on two bases, told apart by `trade_system`; empty where none are held."""
    found = _of_chapters(edition, Asked(edition.partner, "HS"))
    return found[found["commodity"].str.len() == 2]


def _of_chapters(edition: Edition, asked: Asked) -> pd.DataFrame:
    return _together([_as_of(dataset, edition) for dataset in HS_DATASETS], asked, edition.last_period)


def own_duties(edition: Edition) -> pd.DataFrame:
    """Duties calculated on the partner's goods, and its imports for consumption at customs value, told apart by `valuation`:
    all goods, monthly; empty where none are held. They are no trade, and stand in no sum with it.
    """
    return _upto(*_as_of("census-duties", edition), Asked(edition.partner), edition.last_period)


@dataclass(frozen=True)
class ModelledRate:
    """The rate of duty that a model gives a partner from a day on: a fraction of the value, no count of what was paid."""

    day: date
    rate: float
    origin: Origin


def modelled_rates(edition: Edition) -> list[ModelledRate]:
    """A model's rates for the partner, the earliest first; none before the day it was published, and none of a day after
    that: they were the future, and an edition knows none.
    """
    published = [source for source in vintages_of("tradewartracker-tariffs") if source.vintage <= edition.as_of]
    if not published:
        return []
    source = max(published, key=lambda one: one.vintage)
    rows = csv.DictReader(verified_bytes(source).decode().splitlines())
    return [
        ModelledRate(
            date.fromisoformat(row["day"]),
            (float(row["before"]) + float(row["added"])) / 100,
            origin_of(source, "held"),
        )
        for row in rows
        if row["partner"] == edition.partner and row["day"] <= str(source.vintage)
    ]


END_USE_DATASETS = ("census-end-use-exports", "census-end-use-imports")


def end_use(edition: Edition, prefix: str) -> pd.DataFrame:
    """The partner's exports (FAS) and general imports (customs value) by 5-digit end-use code below the prefix, yearly: US Census Bureau.

    The two flows are two datasets, each in its own vintage. No row describes a year whose December had not been published.
    """
    return _by_end_use(edition, prefix, _as_of)


def end_use_now(edition: Edition, prefix: str) -> pd.DataFrame:
    """The years of `end_use` in the newest vintages held that have them."""
    return _by_end_use(edition, prefix, _newest)


def _by_end_use(edition: Edition, prefix: str, chosen: Callable[[str, Edition], tuple[Source, Stands]]) -> pd.DataFrame:
    asked = Asked(edition.partner, "END_USE", prefix=prefix)
    return _together([chosen(dataset, edition) for dataset in END_USE_DATASETS], asked, edition.last_period)


def heading_imports(edition: Edition, chapter: str) -> pd.DataFrame:
    """The partner's imports for consumption (customs value) by HS heading of a chapter, yearly, where held: US Census Bureau."""
    asked = Asked(edition.partner, "HS", prefix=chapter)
    rows = _upto(*_as_of("census-hs-detail-imports-consumption", edition), asked, edition.last_period)
    return rows[rows["commodity"].str.len() == 4]


def sources_named(origins: Iterable[tuple[str, str]]) -> list[Source]:
    """The registered files behind pairs of dataset and vintage day, in the order of the register."""
    wanted = set(origins)
    return [source for source in register() if (source.dataset, str(source.vintage)) in wanted]


def talks_record() -> dict[str, Any]:
    """What is on record of talks: "pact", a row each, and "quote", what anybody printed of any partner's trade.

    A pact's row holds what its pact.toml says, its rows "event", "issue", "matter", "reach", "publication" and "statement",
    and the `origin` of its record. A quote bears its page, with the origin; pages name the `record` they stand in.
    Of files that are not what they must be, what would stand on them is refused when it is asked for, and nothing else.

    Raises
    ------
    SourceError
        If the register itself is not what it must be.
    """
    return _talks_record(_register_file(), tuple(_state(source) for source in _of_talks()))


def _of_talks() -> list[Source]:
    return [source for source in register() if source.pact]


def _state(source: Source) -> Identity | None:
    """A file as it lies there, None where none does."""
    try:
        return _identity(data_directory() / source.file)
    except SourceError:
        return None


@lru_cache(maxsize=2)
def _talks_record(register_file: Identity, files: tuple[Identity | None, ...]) -> dict[str, Any]:
    held: dict[str, list[Source]] = {}
    for source in _of_talks():
        held.setdefault(source.pact, []).append(source)
    records = [_record_of(pact, files_of) for pact, files_of in held.items()]
    found = {"pact": [record.row for record in records]}
    pages: list[dict[str, Any]] = []
    for record in records:
        if isinstance(record.pages, BriefingError):
            return pacts.Refused(found, record.pages)
        pages += record.pages
    return found | {"quote": [{**page, **quote} for page in pages for quote in page["quote"]]}


def _record_of(pact: str, held: list[Source]) -> pacts.Record:
    contents = {source.file: _bytes_or_fault(source) for source in held}
    return pacts.record_of(pact, origin_of(max(held, key=lambda source: source.vintage), "held"), contents)


def _bytes_or_fault(source: Source) -> bytes | BriefingError:
    try:
        return verified_bytes(source)
    except SourceError as fault:
        return fault


def require_talks(dataset: str, contents: Mapping[str, bytes], as_of: date) -> None:
    """Refuse files of a record of talks, by their paths below `data/`, of which pages could not be made.

    Raises
    ------
    MalformedSource, TalksError
    """
    pact = next(pact for pact, described in records_of_talks().items() if described == dataset)
    found = pacts.record_of(pact, Origin(dataset, str(as_of), "held"), contents)
    found.require_whole()
    others = [row for row in talks_record()["pact"] if row["id"] != pact]
    pacts.require_one_with_each([*others, found.row])


def partners_held() -> dict[str, tuple[str, str]]:
    """Partners of the newest country workbook (the world first), each with its first and last month held."""
    newest = max(whole_vintages("census-country"), key=lambda source: source.vintage)
    verified_file(newest)
    return _partners_held(newest, _store())


@lru_cache(maxsize=2)
def _partners_held(newest: Source, engine: str) -> dict[str, tuple[str, str]]:
    held = questions.in_life(observations(newest))
    spans = held.group_by("counterpart_area").agg(min=held.time_period.min(), max=held.time_period.max())
    months = store.answer(spans).set_index("counterpart_area")
    codes = [codelists.WORLD, *(code for code in codelists.PARTNERS if code in months.index)]
    return {code: (str(months.at[code, "min"]), str(months.at[code, "max"])) for code in codes}
