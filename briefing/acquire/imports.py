"""One function a kind of file or source: read it, hold it against what is held, register it as a vintage."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from briefing import periods
from briefing.acquire import fred, korea_ledger, provenance, registration
from briefing.acquire.between_series import (
    AllGoods,
    require_like_all_goods,
    require_same_consumption,
    require_same_years,
)
from briefing.acquire.continuity import Neighbour, require_continuity
from briefing.acquire.contract import Observations, observed
from briefing.acquire.country_table import read_country_table
from briefing.acquire.country_workbook import read_country_workbook
from briefing.acquire.duties_calculated import read_duties_calculated
from briefing.acquire.end_use_editions import read_end_use
from briefing.acquire.fred_files import read_fred_files
from briefing.acquire.hs_products import read_hs_products
from briefing.acquire.korea_ledger import read_korea_ledger
from briefing.acquire.modelled_tariffs import MODEL, read_modelled_tariffs
from briefing.acquire.registration import Addition
from briefing.codes import codelists
from briefing.errors import MalformedSource, OtherLevel, SourceError
from briefing.record import observations, sources
from briefing.record.sources import Source
from briefing.secrecy import told_without_secrets

ALL_GOODS = "census-country"
DUTIES, CHAPTERS = "census-duties", "census-hs-imports-consumption"
BY_END_USE = {"M": "census-end-use-imports", "X": "census-end-use-exports"}
"""By flow."""
UNREVISED = (ALL_GOODS, *BY_END_USE.values())
"""The datasets of which vintages held show that partners stay as they are from one annual revision to the next."""


@dataclass(frozen=True)
class Original:
    """Where a table came from: how it was obtained, the names of the office's files and their SHA-256.

    What was `fetched` is told by us and comes in an envelope of its own each time; of a file somebody tells us.
    """

    obtained: str
    names: Sequence[str]
    sha256: Sequence[str]
    fetched: bool = False

    @property
    def digest(self) -> str:
        """The checksums as the register writes them."""
        return ", ".join(self.sha256)


@dataclass(frozen=True)
class Incoming:
    """A table of observations for a dataset, with its original; `known` says how well its `vintage` is known.

    Without a vintage it is the day that follows from the last month or year: see `registration.vintage_day`. An `excerpt`
    has some of the partners or products that others of its dataset have, and answers for those partners alone; one with
    `gaps` lacks months too, and answers for none. `rounded_to` is the dollars to which its values are rounded. Months before
    its own are those of the vintage that it `continues`.
    """

    dataset: str
    table: Observations
    original: Original
    vintage: date | None = None
    known: str = "at the latest"
    excerpt: bool = False
    gaps: bool = False
    rounded_to: int = 1
    since: str = ""
    continues: Source | None = None


@dataclass(frozen=True)
class Reasons:
    """Why a table enters the record although something speaks against it; each is kept in the register.

    `beside` is for a file of a dataset and day of which another is registered: see `registration.Addition`.
    `despite` is for one that does not agree with what is held.
    """

    beside: str = ""
    despite: str = ""


NONE_GIVEN = Reasons()


def import_country_workbook(
    path: Path, *, obtained: str, seen: date, vintage: date | None = None, reasons: Reasons = NONE_GIVEN
) -> str:
    """Import one vintage of country.xlsx; the sentence returned says what was registered.

    `obtained` says how the file came to us and `seen` the day on which this copy existed. `vintage`
    overrides the day that follows from its last month: the latest on which it can have come out.
    """
    provenance.require_told(obtained, seen, vintage, date.today())
    table = read_country_workbook(path)
    if vintage is not None:
        provenance.require_in_force("census-country", str(table["time_period"].max()), sources.calendar(), vintage)
    return _imported({"census-country": table}, [path], obtained, seen, vintage, reasons)[0]


def import_country_table(
    path: Path,
    *,
    only: str = "",
    excerpt: bool = False,
    obtained: str,
    seen: date,
    vintage: date | None = None,
    reasons: Reasons = NONE_GIVEN,
) -> str:
    """Import all goods by partner and month out of a table that somebody made of the office's pages or files.

    Where it begins after the vintages held, it continues the one before it: earlier months stay as they were there. An
    `excerpt` of some partners and months answers for no edition, and shows among revisions. `only`: see `read_country_table`.
    """
    provenance.require_told(obtained, seen, vintage, date.today())
    read = read_country_table(path, only=only, excerpt=excerpt)
    original, rounded_to = _of_files([path], obtained), read.rounded_to
    one = Incoming(
        ALL_GOODS, read.observations, original, vintage, excerpt=excerpt, gaps=excerpt, rounded_to=rounded_to
    )
    if not excerpt:
        one = _continued(one, _day(one, seen)[0])
    return register([one], seen=seen, reasons=reasons)[0]


def _continued(one: Incoming, day: date) -> Incoming:
    """The table with the months before its first, from the vintage that was the newest before its day."""
    since = str(one.table["time_period"].min())
    before = [s for s in sources.whole_vintages(one.dataset) if s.vintage < day and not s.partners]
    continues = max(before, key=lambda source: source.vintage, default=None)
    held = None if continues is None else _table(continues)
    if held is None or held["time_period"].min() >= since:
        return one
    assert continues is not None
    if periods.shifted(since, -1) > continues.last_period:
        raise MalformedSource(
            f"This file begins with {since}, and the vintage before it, of {continues.vintage}, ends with {continues.last_period}: the "
            "months between would be missing from every series. Import a file that holds them first."
        )
    whole = pd.concat([held[held["time_period"] < since], one.table])
    return replace(one, table=observed(whole, one.original.names[0]), since=since, continues=continues)


def import_fred_files(
    paths: Sequence[Path], *, obtained: str, seen: date, vintage: date | None = None, reasons: Reasons = NONE_GIVEN
) -> str:
    """Import FRED's files of EXPKR and IMPKR, downloaded on one day: one vintage."""
    provenance.require_told(obtained, seen, vintage, date.today())
    table, rounded_to = read_fred_files(paths)
    one = Incoming(fred.DATASET, table, _of_files(paths, obtained), vintage, rounded_to=rounded_to)
    return register([one], seen=seen, reasons=reasons)[0]


def import_korea_ledger(
    paths: Sequence[Path], *, obtained: str, seen: date, vintage: date | None = None, reasons: Reasons = NONE_GIVEN
) -> str:
    """Import Korea's own trade by partner and month, out of tables typed from its customs service, all of one day."""
    provenance.require_told(obtained, seen, vintage, date.today())
    tables = {korea_ledger.DATASET: read_korea_ledger(paths)}
    return _imported(tables, paths, obtained, seen, vintage or seen, reasons)[0]


def import_hs_products(
    paths: list[Path],
    *,
    obtained: str,
    seen: date,
    vintage: date | None = None,
    only: str | None = None,
    reasons: Reasons = NONE_GIVEN,
) -> list[str]:
    """Import copies of HS products, each basis as its own dataset (or `only` one of them); a sentence for each."""
    provenance.require_told(obtained, seen, vintage, date.today())
    read = read_hs_products(paths)
    if only is not None and only not in read:
        raise SourceError(
            f"--only {only} is no dataset of these files, so nothing would be imported. They hold {', '.join(read)}."
        )
    tables = {name: table for name, table in read.items() if only in (None, name)}
    return _imported(tables, paths, obtained, seen, vintage, reasons)


def import_end_use(
    path: Path,
    *,
    flow: str = "M",
    excerpt: bool = False,
    obtained: str,
    seen: date,
    vintage: date | None = None,
    reasons: Reasons = NONE_GIVEN,
) -> str:
    """Import one edition of enduse_imports.xlsx, or with flow "X" of enduse_exports.xlsx: all partners, ten years.

    An `excerpt` answers for the partners in it alone.
    """
    provenance.require_told(obtained, seen, vintage, date.today())
    tables = {BY_END_USE[flow]: read_end_use(path, flow, excerpt=excerpt)}
    try:
        return _imported(tables, [path], obtained, seen, vintage, reasons, excerpt=excerpt)[0]
    except OtherLevel as refusal:
        other = "exports, add" if flow == "M" else "imports, leave out"
        hint = f"If it is a file of {other} --exports: nothing in such a file says which flow it is of."
        raise OtherLevel(f"{refusal} {hint}") from None


def import_duties(
    path: Path, *, obtained: str, seen: date, vintage: date | None = None, reasons: Reasons = NONE_GIVEN
) -> str:
    """Import duties calculated on imports for consumption, of the partners in the file."""
    provenance.require_told(obtained, seen, vintage, date.today())
    tables = {DUTIES: read_duties_calculated(path)}
    return _imported(tables, [path], obtained, seen, vintage, reasons, excerpt=True)[0]


def import_modelled_tariffs(path: Path, *, obtained: str, seen: date, vintage: date | None = None) -> str:
    """Import a model's rates by partner and day, as they stood on the day it was published.

    They are no observations: the table has a shape of its own, which no question of trade can ask.

    Raises
    ------
    SourceError
        If the day on which the model was published is not told: its later rows were the future then.
    """
    provenance.require_told(obtained, seen, vintage, date.today())
    if vintage is None:
        raise SourceError(
            f"{path.name} does not say when its model was published, and rows after that day were the future then: they "
            "would pass for what was charged. Give the day with --vintage."
        )
    content = read_modelled_tariffs(path, _rates_of_duty())
    producer, _, name = MODEL.partition("-")
    entry = {
        "vintage": vintage,
        "vintage_known": "day",
        "last_period": "",
        "obtained": obtained,
        "seen": seen,
        "original": path.name,
        "original_sha256": registration.sha256_of(path),
    }
    addition = Addition(MODEL, f"{producer}/{vintage}/{name}.csv", content, entry)
    (file,) = registration.register_vintages(sources.data_directory(), [addition])
    return f"{MODEL}: {len(content.splitlines()) - 1:,} rates, published {vintage}, in data/{file}"


def _rates_of_duty() -> dict[str, float]:
    """Duty calculated over imports for consumption of 2024 by partner, in percent, in the newest vintage held; none without one."""
    held = max(_registered(DUTIES), key=lambda source: source.vintage, default=None)
    if held is None:
        return {}
    table = _table(held)
    sums = table[table["time_period"].str[:4] == "2024"].groupby(["counterpart_area", "valuation"])["obs_value"].sum()
    wide = sums.unstack("valuation")
    return {
        str(code): 100 * float(row["calculated_duty"]) / float(row["customs_value"]) for code, row in wide.iterrows()
    }


def _of_files(paths: Sequence[Path], obtained: str) -> Original:
    """What somebody says of files of their own, with their names and checksums."""
    return Original(obtained, [path.name for path in paths], [registration.sha256_of(path) for path in paths])


def _imported(
    tables: Mapping[str, Observations],
    paths: Sequence[Path],
    obtained: str,
    seen: date,
    vintage: date | None,
    reasons: Reasons,
    *,
    excerpt: bool = False,
) -> list[str]:
    """Register what was read of files that somebody has: what they say of them is held against the calendar."""
    names = [path.name for path in paths]
    original = _of_files(paths, obtained)
    incoming = []
    for dataset, table in tables.items():
        one = Incoming(dataset, table, original, vintage, excerpt=excerpt)
        day, _ = _day(one, seen)
        twin = _twin(one, day)
        if twin is not None and vintage is None:  # --seen alone claims no other vintage: it is the file held
            one = replace(one, vintage=twin.vintage, known=twin.vintage_known)
        else:
            provenance.require_one_vintage(dataset, twin, day, names)
        incoming.append(one)
    return register(incoming, seen=seen, reasons=reasons)


TALKS = "talks"
"""The hand-kept records of all pacts: a folder of data/talks/ each, and a dataset each."""


def register_record(record: str, paths: list[Path], *, as_of: date) -> str:
    """Register the hand-kept files of `data/` (the talks, the calendar) as they now stand, `paths` among them.

    `record` is a dataset, or "talks" for those of the pacts of which a file was edited or is new. All files of a dataset
    bear one day, so that a figure made of it leads to all of them. The entry of an edited file takes the place of the
    earlier one: here the repository keeps the versions, and the sentence returned says so.

    Raises
    ------
    SourceError
        If a file lies outside `data/`, in the folder of no pact that data/sources.toml describes, or holds no tables.
    """
    named = [path.resolve() for path in paths]
    kept = _of_pacts(named) if record == TALKS else {record: named}
    additions = {dataset: _as_they_stand(dataset, files, as_of) for dataset, files in kept.items()}
    edited = {dataset: [a for a in found if _was(a) not in ("", a.sha256)] for dataset, found in additions.items()}
    if record == TALKS:
        additions = {d: found for d, found in additions.items() if any(_was(a) != a.sha256 for a in found)}
        for dataset, found in additions.items():
            sources.require_talks(dataset, {a.file: a.content for a in found}, as_of)
    if not additions:
        return f"{record}: no file was edited since it was registered{_unnamed()}"
    registration.register_vintages(sources.data_directory(), [a for found in additions.values() for a in found])
    return "; ".join(_kept_words(dataset, found, edited[dataset], as_of) for dataset, found in additions.items())


def _unnamed() -> str:
    """Files in the folders of pacts that are not registered, in words; "" where there are none."""
    data = sources.data_directory()
    registered = {source.file for source in sources.whole_register()}
    found = [path.relative_to(data).as_posix() for path in sorted((data / TALKS).glob("*/*.toml"))]
    new = [file for file in found if file not in registered]
    return f"; {codelists.listed(new)} is new: name it to register it" if new else ""


def _of_pacts(named: list[Path]) -> dict[str, list[Path]]:
    """The datasets of the pacts, each with those of the files named that lie in its folder."""
    data = sources.data_directory().resolve()
    folders = {data / TALKS / pact: dataset for pact, dataset in sources.records_of_talks().items()}
    for path in named:
        _require_in_data(path)
        if path.parent not in folders:
            raise SourceError(
                f"{path.relative_to(data)} lies in the folder of no pact, so no edition would read it. Move it to one of "
                f"data/{TALKS}/, or describe the pact first: a table of data/sources.toml with pact = {path.parent.name!r}."
            )
    return {dataset: [path for path in named if path.parent == folder] for folder, dataset in folders.items()}


def _require_in_data(path: Path) -> None:
    data = sources.data_directory()
    if data.resolve() not in path.parents:
        raise SourceError(f"{path} does not lie in {data.name}/, so no edition could read it. Move it there.")


def _as_they_stand(dataset: str, named: list[Path], as_of: date) -> list[Addition]:
    data = sources.data_directory().resolve()
    held = [(data / source.file) for source in sources.register() if source.dataset == dataset]
    additions = []
    for path in dict.fromkeys([*held, *named]):
        _require_in_data(path)
        entry = {
            "vintage": as_of,
            "vintage_known": "day",
            "last_period": "",
            "obtained": "kept by hand in this repository",
            "original": path.name,
            "original_sha256": "",
        }
        additions.append(Addition(dataset, path.relative_to(data).as_posix(), path.read_bytes(), entry, only=True))
        if dataset == "ft900-calendar":
            sources.parsed_calendar(additions[-1].content.decode("utf-8", "replace"))
    return additions


def _was(addition: Addition) -> str:
    """The checksum under which a file is registered, "" if it is not."""
    return next((s.sha256 for s in sources.register() if (s.dataset, s.file) == (addition.dataset, addition.file)), "")


def _kept_words(dataset: str, found: list[Addition], edited: list[Addition], as_of: date) -> str:
    names, changed = (", ".join(Path(a.file).name for a in some) for some in (found, edited))
    before = f"; what {changed} said before is in the repository's history alone" if edited else ""
    return f"{dataset}: {names} registered as of {as_of}{before}"


def register(incoming: Sequence[Incoming], *, seen: date, reasons: Reasons = NONE_GIVEN) -> list[str]:
    """Register tables as vintages, all in one step; a sentence for each.

    What is registered already, or is fetched and has nothing new, changes nothing.

    Raises
    ------
    MalformedSource
        If a table does not agree with the vintages before and after it or with other series.
    SourceError
        If another file of its dataset and day is registered, and no reason is given to keep it beside that one.
    """
    prepared = [_prepared(one, seen, reasons) for one in incoming]
    files = iter(
        registration.register_vintages(
            sources.data_directory(), [addition for addition, _ in prepared if isinstance(addition, Addition)]
        )
    )
    return [
        f"{one.dataset}: {_said(one, addition, next(files) if isinstance(addition, Addition) else '', notes)}"
        for one, (addition, notes) in zip(incoming, prepared, strict=True)
    ]


def _prepared(one: Incoming, seen: date, reasons: Reasons) -> tuple[Addition | Source, list[str]]:
    """What is to be registered, with what is to be said of it, or the registered source that has it already."""
    last_period = str(one.table["time_period"].max())
    _require_past(one.dataset, last_period, seen)
    day, known = _day(one, seen)
    if not one.original.fetched or one.vintage is None:
        provenance.require_published(one.dataset, last_period, sources.calendar(), seen, day)
    content = registration.parquet_bytes(one.table.assign(source=one.dataset, vintage=str(day)))
    twin = _twin(one, day)
    despite, notes = "", list[str]()
    if twin is not None and one.original.fetched and _has(twin, one.table):
        return twin, []
    if twin is None or not _is_that_file(twin, content, one.table):
        despite, notes = _held_against_the_record(one, day, reasons.despite)
    elif registration.sha256_of_bytes(content) != twin.sha256:
        content = sources.verified_bytes(twin)  # the same observations, as another version of the library wrote them
    notes += _beside_in_words(one.dataset, day) if reasons.beside else []
    producer, _, name = one.dataset.partition("-")
    entry = {
        "vintage": day,
        "vintage_known": known,
        "last_period": last_period,
        "obtained": one.original.obtained,
        "seen": seen,
        "original": ", ".join(one.original.names),
        "original_sha256": one.original.digest,
        **({"partners": sorted(set(one.table["counterpart_area"]))} if one.excerpt else {}),
        **({"since": one.since, "continues": one.continues.vintage} if one.continues else {}),
        **({"gaps": True} if one.gaps else {}),
        **({"rounded_to": one.rounded_to} if one.rounded_to > 1 else {}),
        **({"despite": despite} if despite else {}),
    }
    file = f"{producer}/{day}/{name}.parquet"
    return Addition(one.dataset, file, content, entry, beside=reasons.beside), notes


def _beside_in_words(dataset: str, day: date) -> list[str]:
    """Which file goes on to answer for the day, if one does."""
    return [
        f"It is set aside: data/{held.file}, made from {held.original}, goes on to answer for that day. To choose "
        "otherwise, move the line set_aside to its entry in data/sources.toml"
        for held in sources.register()
        if (held.dataset, held.vintage) == (dataset, day)
    ]


def _said(one: Incoming, addition: Addition | Source, file: str, notes: Sequence[str]) -> str:
    if not file:
        day = addition.vintage if isinstance(addition, Source) else addition.entry["vintage"]
        return f"nothing new: its observations are registered as the vintage of {day}, and stay as they are"
    count = f"{len(one.table):,} observations to {one.table['time_period'].max()}"
    entry = addition.entry if isinstance(addition, Addition) else {}
    said = f"{count}, vintage {entry['vintage']} ({entry['vintage_known']}), in data/{file}"
    return ". ".join([said, *(note.rstrip(".") for note in notes)]) + "." * bool(notes)


def _day(one: Incoming, seen: date) -> tuple[date, str]:
    if one.vintage is not None:
        return one.vintage, one.known
    return registration.vintage_day(str(one.table["time_period"].max()), sources.calendar(), seen)


def _registered(dataset: str) -> list[Source]:
    return [source for source in sources.whole_register() if source.dataset == dataset]


def _table(source: Source) -> pd.DataFrame:
    return pd.read_parquet(sources.verified_file(source))[observations.COLUMNS]


def _twin(one: Incoming, day: date) -> Source | None:
    """The registered vintage that was made of the same file or has the same observations; that of the day before others."""
    for source in sorted(_registered(one.dataset), key=lambda source: source.vintage != day):
        if source.original_sha256 == one.original.digest or _has(source, one.table):
            return source
    return None


def _has(source: Source, table: pd.DataFrame) -> bool:
    """Whether a registered vintage has these observations and no others."""
    if source.last_period != str(table["time_period"].max()):
        return False
    held, new = (one.sort_values(observations.KEY, ignore_index=True) for one in (_table(source), table))
    return held.astype(str).equals(new[observations.COLUMNS].astype(str))


def _is_that_file(twin: Source, content: bytes, table: pd.DataFrame) -> bool:
    return registration.sha256_of_bytes(content) == twin.sha256 or _has(twin, table)


def _held_against_the_record(one: Incoming, day: date, despite: str) -> tuple[str, list[str]]:
    """Why it enters in spite of what speaks against it, if that is so, and what is to be said of it.

    Raises
    ------
    MalformedSource
        If it does not agree with the vintages beside it or with other series, and nothing is said why it enters.
    """
    refused = ""
    try:
        notes = _held_against_its_neighbours(one, day)
        _require_like_all_goods(one, day)
        _require_same_years(one, day)
        _require_same_consumption(one)
    except MalformedSource as refusal:
        if not despite:
            raise
        refused = str(refusal)
    else:
        return "", notes
    return despite, [f'Registered despite "{refused}": {told_without_secrets(despite)}']


def _held_against_its_neighbours(one: Incoming, day: date) -> list[str]:
    """What the office has withdrawn since the vintage before, in words."""
    what, notes = f"This file of {one.dataset}", list[str]()
    for neighbour, later in _neighbours(one, day):
        table: pd.DataFrame = one.table
        own_day = neighbour.source.vintage == day  # two files of a day are told apart when the later is registered
        revised = own_day or one.dataset not in UNREVISED or _revised_between(day, neighbour.source.vintage)
        if one.excerpt or neighbour.source.partners:
            neighbour, table = _shared(neighbour, one.table)
        if one.gaps or neighbour.source.gaps:
            neighbour, table = _in_the_same_months(neighbour, table)
        found = require_continuity(table, what, neighbour, later=later, revised=revised, rounded_to=one.rounded_to)
        notes += found if later else []
    return notes


def _shared(neighbour: Neighbour, table: pd.DataFrame) -> tuple[Neighbour, pd.DataFrame]:
    """The partners and groups of goods that two tables have both, where one is an excerpt.

    A group is shown as a sum: an excerpt may have it whole, or not at all.
    """
    keys = []
    for one in (neighbour.table, table):
        group = one["commodity"].str[:1].where(one["classification"] == "END_USE", one["commodity"])
        keys.append(pd.MultiIndex.from_arrays([one["counterpart_area"], group, one["trade_flow"]]))
    held, new = neighbour.table[keys[0].isin(keys[1])], table[keys[1].isin(keys[0])]
    return replace(neighbour, table=held), new


def _in_the_same_months(neighbour: Neighbour, table: pd.DataFrame) -> tuple[Neighbour, pd.DataFrame]:
    """The months that two tables have both, where one lacks some."""
    held, own = neighbour.table["time_period"], table["time_period"]
    return replace(neighbour, table=neighbour.table[held.isin(set(own))]), table[own.isin(set(held))]


def _revised_between(one: date, other: date) -> bool:
    """Whether an annual revision came out after the earlier of two days and up to the later."""
    return bool(sources.calendar().annual_revisions(*sorted((one, other))))


def _neighbours(one: Incoming, day: date) -> Iterator[tuple[Neighbour, bool]]:
    """The vintage before that day, or of it, to which a table is the later one, and the one after.

    Excerpts answer for their partners alone: beyond those that have partners of the table stands the next whole vintage.
    Where that is rounded, the next that is not tells what its rounding hides.
    """
    held = sorted((s for s in sources.register() if s.dataset == one.dataset), key=lambda source: source.vintage)
    before, after = [s for s in held if s.vintage <= day], [s for s in held if s.vintage > day]
    for side, later in ((before[::-1], True), (after, False)):
        excerpts = itertools.takewhile(lambda source: source.partners, side)
        partners = set(one.table["counterpart_area"])
        near = [source for source in excerpts if partners.intersection(source.partners)]
        near += _to_the_dollar(source for source in side if not source.partners)
        yield from ((Neighbour(source, _table(source)), later) for source in near)


def _to_the_dollar(by_nearness: Iterable[Source]) -> list[Source]:
    """The first of some vintages, and where it is rounded the first that is not."""
    found: list[Source] = []
    for source in by_nearness:
        if not found or source.rounded_to == 1:
            found.append(source)
        if source.rounded_to == 1:
            break
    return found


def _require_like_all_goods(one: Incoming, day: date) -> None:
    """Hold products, and other series of all goods, against the vintage of country.xlsx that is nearest in time.

    A new vintage of country.xlsx is held against the nearest of each of them.
    """
    for source in _nearest(day):
        if (source.dataset == ALL_GOODS) == (one.dataset == ALL_GOODS):
            continue
        ours, theirs = f"this file of {one.dataset}", f"the vintage of {source.vintage} of {source.dataset}"
        held, revised = _table(source), _revised_between(day, source.vintage)
        if one.dataset == ALL_GOODS:
            open_years = max((other.open_years for other in _registered(ALL_GOODS)), default=0)
            goods = AllGoods(one.table, ours, open_years, _rounding(one, source))
            require_like_all_goods(held, _at_the_beginning(theirs), goods, revised=revised)
        else:
            goods = AllGoods(held, theirs, source.open_years, _rounding(one, source))
            require_like_all_goods(one.table, _at_the_beginning(ours), goods, revised=revised)


def _rounding(one: Incoming, source: Source) -> float:
    """By how many dollars a value that is the same in both may lie apart, for one of the two gives it rounded."""
    return (one.rounded_to + source.rounded_to) / 2 - 1


def _nearest(day: date) -> list[Source]:
    """The vintages of each dataset of observations nearest in time; one registered despite a fault measures nothing."""
    by_dataset: dict[str, list[Source]] = {}
    for source in sorted(sources.register(), key=lambda source: abs(source.vintage - day)):
        if source.file.endswith(".parquet") and not source.despite and not source.gaps:
            by_dataset.setdefault(source.dataset, []).append(source)
    return [source for of_one in by_dataset.values() for source in _to_the_dollar(of_one)]


def _at_the_beginning(words: str) -> str:
    return words[0].upper() + words[1:]


def _require_same_years(one: Incoming, day: date) -> None:
    """Hold a flow of all goods and that flow by end-use against one another, where no annual revision lies between them."""
    others = {ALL_GOODS: tuple(BY_END_USE.values())}.get(one.dataset, (ALL_GOODS,))
    for source in (source for source in sources.register() if source.dataset in others):
        none_by_end_use = {one.dataset, source.dataset}.isdisjoint(BY_END_USE.values())
        if none_by_end_use or one.gaps or source.gaps or source.despite or _revised_between(day, source.vintage):
            continue
        ours, theirs = f"this file of {one.dataset}", f"the vintage of {source.vintage} of {source.dataset}"
        if one.dataset == ALL_GOODS:
            goods = AllGoods(
                one.table[one.table["time_period"] >= one.since],
                _at_the_beginning(ours),
                source.open_years,
                _rounding(one, source),
            )
            require_same_years(goods, _table(source), theirs)
        else:
            held = _table(source)
            own = held[held["time_period"] >= source.since]
            goods = AllGoods(own, _at_the_beginning(theirs), source.open_years, _rounding(one, source))
            require_same_years(goods, one.table, ours)


def _require_same_consumption(one: Incoming) -> None:
    """Hold all goods imported for consumption against their HS chapters in years that these had closed, and the other way round."""
    for source in (s for s in sources.register() if {one.dataset, s.dataset} == {DUTIES, CHAPTERS} and not s.despite):
        tables = {one.dataset: one.table, source.dataset: _table(source)}
        named = {one.dataset: f"this file of {one.dataset}",
                 source.dataset: f"the vintage of {source.vintage} of {source.dataset}"}  # fmt: skip
        chapters = tables[CHAPTERS]
        closed = int(str(chapters["time_period"].max())[:4]) - source.open_years
        totals = _at_the_beginning(named[DUTIES])
        require_same_consumption(tables[DUTIES], chapters, totals, named[CHAPTERS], str(closed))


def _require_past(dataset: str, last_period: str, seen: date) -> None:
    """Refuse a table that describes what had not happened when its copy was seen."""
    if periods.last_month(last_period) > f"{seen:%Y-%m}":
        raise MalformedSource(
            f"This file of {dataset} describes {last_period}, but was seen on {seen}: its periods or that day are wrong, "
            "and no day could be chosen for it. Correct --seen, or fetch the file again."
        )
