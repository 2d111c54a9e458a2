"""Fetches a new vintage from a live source and registers it: one source, or all that are due.

What is asked of each source is written here; how, in its own module. The address is the register's.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from briefing import periods
from briefing.acquire import census_api, census_workbook, comtrade, fred, imports, korea_customs
from briefing.acquire.country_workbook import read_country_workbook
from briefing.acquire.fetching import Office
from briefing.acquire.imports import NONE_GIVEN, Incoming, Original, Reasons
from briefing.acquire.registration import RAW
from briefing.acquire.replies import Acquired, Reply
from briefing.codes import codelists
from briefing.errors import BriefingError, UnregisteredSource
from briefing.files import require_writable
from briefing.record import freshness, sources
from briefing.record.vintages import Calendar

FIRST_PERIOD = "2013-01"
CUSTOMS_YEARS = 2
"""Korea Customs gives some 6,400 codes a month: two whole years and the present one keep the record small."""
OTHER_MAKERS = (*(code for code in codelists.CAR_MAKERS if code != codelists.KOREA), codelists.WORLD)
CHAPTER = "87"

Fetch = Callable[[Any, date, date | None], list[Acquired]]
"""What is asked of an office's client today, and since when if a day is given."""


@dataclass(frozen=True)
class LiveSource:
    """A source that can be asked: its datasets, its client, what to ask it, and what to cut from the register's address."""

    datasets: tuple[str, ...]
    office: type[Office]
    fetch: Fetch
    below: str = ""

    @property
    def address(self) -> str:
        """The address the source is asked at, from the register."""
        return str(sources.told_of(self.datasets[0])["download_address"]).removesuffix(self.below)


def acquire(
    name: str,
    *,
    today: date,
    address: str = "",
    say: Callable[[str], None] = print,
    reasons: Reasons = NONE_GIVEN,
    since: date | None = None,
    **options: Any,
) -> list[str]:
    """Fetch a source's newest data and register them; a sentence for each dataset.

    The replies are stored below data/raw/ before they are read. Nothing of the record changes unless
    all of them are whole. `since` asks FRED for every vintage from that day on; `options` go to the client.

    Raises
    ------
    FetchError, SourceError
    CannotWrite
        Before anything is asked, if the replies cannot be kept.
    """
    if name not in LIVE:
        raise UnregisteredSource(f"No live source {name!r} is known. There are {', '.join(LIVE)}.")
    source = LIVE[name]
    raw = sources.data_directory() / RAW
    require_writable(raw)
    office = source.office(address or source.address, raw, say=say, **options)
    acquired = source.fetch(office, today, since)
    return imports.register([_incoming(found, today) for found in acquired], seen=today, reasons=reasons)


def due(today: date) -> list[str]:
    """The live sources of which a release has come out since the newest vintage held."""
    calendar = sources.calendar()
    return [
        name for name, source in LIVE.items() if any(_is_due(dataset, calendar, today) for dataset in source.datasets)
    ]


def acquire_due(
    today: date, say: Callable[[str], None] = print
) -> Iterator[tuple[str, list[str], BriefingError | None]]:
    """Fetch every source that is due: its name, what was registered, and what kept it from being so.

    A source that fails does not keep the others waiting.
    """
    for name in due(today):
        try:
            yield name, acquire(name, today=today, say=say), None
        except BriefingError as refusal:
            yield name, [], refusal


def _is_due(dataset: str, calendar: Calendar, today: date) -> bool:
    held = [source for source in sources.register() if source.dataset == dataset and not source.gaps]
    return freshness.is_due(held, calendar, today)


def _incoming(found: Acquired, today: date) -> Incoming:
    first = found.replies[0]
    obtained = f"fetched from {first.address.partition('?')[0]} on {first.received:%Y-%m-%d at %H:%M} UTC, {len(found.replies)} "
    obtained += "replies" if len(found.replies) > 1 else "reply"
    original = Original(obtained, [reply.file.name for reply in found.replies], [_of_all(found.replies)], fetched=True)
    if found.vintage is not None:
        return Incoming(found.dataset, found.table, original, found.vintage, "day")
    if sources.told_of(found.dataset).get("with_ft900"):
        return Incoming(found.dataset, found.table, original)
    return Incoming(found.dataset, found.table, original, today, "at the latest")


def _of_all(replies: tuple[Reply, ...]) -> str:
    """The SHA-256 of the one reply, or of the list of theirs."""
    digests = [reply.sha256 for reply in replies]
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _months(today: date) -> tuple[str, str]:
    """From the first month asked for to the last that can have been published: sources answer with what they have of it."""
    return FIRST_PERIOD, periods.shifted(f"{today:%Y-%m}", -1)


def _country(office: census_workbook.CensusWorkbook, _: date, __: date | None) -> list[Acquired]:
    reply = census_workbook.download_country_workbook(office)
    with tempfile.TemporaryDirectory(dir=reply.file.parent) as folder:
        path = Path(folder) / "country.xlsx"
        path.write_bytes(reply.content)
        return [Acquired("census-country", read_country_workbook(path), (reply,))]


def _hs(office: census_api.CensusApi, today: date, _: date | None) -> list[Acquired]:
    wanted = [((codelists.KOREA,), None, "HS2"), (OTHER_MAKERS, CHAPTER, "HS2")]
    return [found for flow in "XM" for found in census_api.fetch_hs(office, flow, wanted, *_months(today))]


def _end_use(office: census_api.CensusApi, today: date, _: date | None) -> list[Acquired]:
    partners = (codelists.KOREA, *OTHER_MAKERS)
    return [found for flow in "XM" for found in census_api.fetch_end_use(office, flow, partners, *_months(today))]


def _fred(office: fred.FredApi, today: date, since: date | None) -> list[Acquired]:
    return fred.fetch_fred_vintages(office, since, today) if since else [fred.fetch_fred(office, today)]


def _comtrade(office: comtrade.ComtradeApi, today: date, _: date | None) -> list[Acquired]:
    pairs = (("US", codelists.KOREA), ("KR", "US"))
    return [comtrade.fetch_comtrade(office, *pair, *_months(today)) for pair in pairs]


def _korea_customs(office: korea_customs.KoreaCustoms, today: date, __: date | None) -> list[Acquired]:
    _, last = _months(today)
    return [korea_customs.fetch_korea_customs(office, f"{int(last[:4]) - CUSTOMS_YEARS}-01", last)]


LIVE = {
    "country": LiveSource(("census-country",), census_workbook.CensusWorkbook, _country),
    "hs": LiveSource(tuple(census_api.HS_DATASETS.values()), census_api.CensusApi, _hs, "/exports/hs"),
    "end-use": LiveSource(
        tuple(census_api.END_USE_DATASETS.values()), census_api.CensusApi, _end_use, "/exports/enduse"
    ),
    "fred": LiveSource((fred.DATASET,), fred.FredApi, _fred),
    "comtrade": LiveSource(tuple(comtrade.DATASETS.values()), comtrade.ComtradeApi, _comtrade),
    "korea-customs": LiveSource((korea_customs.DATASET,), korea_customs.KoreaCustoms, _korea_customs),
}
"""What `briefing acquire` can fetch, by the name it is asked for."""
