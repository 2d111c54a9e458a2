"""Fetching a live source into the record: whole or not at all, with its raw replies kept, and what is due."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from briefing.acquire import live
from briefing.codes import codelists
from briefing.commands import main
from briefing.errors import FetchError, KeyRefused, MalformedReply, MalformedSource, NoData, UnregisteredSource
from briefing.record import questions, sources, store
from click.testing import CliRunner

from tests.acquire.server import Answer, Question, Source
from tests.acquire.test_fred import KEY as FRED_KEY
from tests.acquire.test_fred import RELEASES, Fred
from tests.conftest import Row, drop_vintages, forget

Writer = Callable[..., Path]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TODAY = date(2026, 11, 24)
QUIET: dict[str, Any] = {"say": lambda text: None, "pause": 0, "attempts": 1}


@pytest.fixture
def serve() -> Iterator[Callable[..., Source]]:
    started: list[Source] = []

    def start(*answers: Answer, by: Callable[[Question], Answer] | None = None) -> Source:
        started.append(Source(*answers, by=by))
        return started[-1]

    yield start
    for source in started:
        source.close()


def contents(data: Path) -> dict[str, bytes]:
    """Every file but the lock and the raw replies."""
    files = (path for path in data.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(data)): path.read_bytes() for path in files if "raw" not in path.parts}


def replies(data: Path) -> list[Path]:
    return sorted(path for path in (data / "raw").rglob("*") if path.is_file() and path.suffix != ".json")


@pytest.mark.long
def test_the_workbook_is_fetched_read_and_registered_with_its_raw_bytes_kept(
    young_record: Path, workbook: Writer, rows: list[Row], serve: Callable[..., Source]
) -> None:
    content = workbook(rows).read_bytes()
    source = serve(Answer(content, content_type=XLSX))
    (said,) = live.acquire("country", today=date(2017, 4, 10), address=source.address, **QUIET)
    assert "to 2017-02, vintage 2017-04-04 (day)" in said
    forget()
    (held,) = (s for s in sources.vintages_of("census-country") if s.last_period == "2017-02")
    (reply,) = replies(young_record)
    assert reply.read_bytes() == content
    assert (held.original, held.original_sha256) == (
        reply.name,
        json.loads((Path(f"{reply}.json")).read_text())["sha256"],
    )
    assert re.fullmatch(
        r"fetched from http://127\.0\.0\.1:\d+/? on \d{4}-\d\d-\d\d at \d\d:\d\d UTC, 1 reply", held.obtained
    )
    sources.verified_bytes(held)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer("<html>maintenance</html>", content_type="text/html"), MalformedReply),
        (Answer(b"PK\x03\x04 and no more", content_type=XLSX), MalformedReply),
        (Answer(status=204), NoData),
        (Answer("", 302, headers={"Location": "/elsewhere"}), FetchError),
        (Answer("gone", 404), FetchError),
        (Answer("busy", 503), FetchError),
    ],
)
def test_a_bad_reply_leaves_the_record_as_before(
    copied_record: Path, serve: Callable[..., Source], answer: Answer, error: type[FetchError]
) -> None:
    before = contents(copied_record)
    with pytest.raises(error):
        live.acquire("country", today=TODAY, address=serve(answer).address, **QUIET)
    assert contents(copied_record) == before


@pytest.mark.long
def test_a_shrunken_workbook_never_becomes_the_newest(
    copied_record: Path, workbook: Writer, rows: list[Row], serve: Callable[..., Source]
) -> None:
    before = contents(copied_record)
    source = serve(Answer(workbook(rows).read_bytes(), content_type=XLSX))
    with pytest.raises(
        MalformedSource,
        match=r"lacks what the vintage of 2017-01-06 holds: everything, 1985-01 to 2015-12, [\d,]+ observations of [\d,.]+ million",
    ):
        live.acquire("country", today=date(2017, 4, 10), address=source.address, **QUIET)
    assert contents(copied_record) == before
    assert len(replies(copied_record)) == 1


def adding_up_to_imports(chapters: pd.DataFrame) -> pd.DataFrame:
    """Chapters of exports made to add up to the imports of their month, by what stands for chapter 85."""
    newest = sources.vintages_of("census-country")[-1]
    korea = store.answer(questions.of_partner_alone(sources.observations(newest), codelists.KOREA))
    imports = korea[korea["trade_flow"] == "M"].set_index("time_period")["obs_value"]
    lacking = (imports - chapters.groupby("time_period")["obs_value"].sum()).fillna(0).astype(int)
    rest = chapters["time_period"].map(lacking).fillna(0).where(chapters["commodity"] == "85", 0).astype(int)
    return chapters.assign(obs_value=chapters["obs_value"] + rest)


def census_api(question: Question) -> Answer:
    """The Census API, giving what data/ holds of HS exports; as imports the same, but for what all goods lack or exceed."""
    exports = question.path.endswith("exports/hs")
    table = store.answer(sources.observations(sources.vintages_of("census-hs-exports")[0]))
    first, last = re.fullmatch(r"from (\S+) to (\S+)", question.query["time"][0]).groups()  # type: ignore[union-attr]
    code = "E_COMMODITY" if exports else "I_COMMODITY"
    areas = {codelists.WORLD if area == "-" else area for area in question.query["CTY_CODE"]}
    rows = table[table["counterpart_area"].isin(areas) & table["time_period"].between(first, last)]
    if code in question.query:
        rows = rows[rows["commodity"] == question.query[code][0]]
    if not exports and code not in question.query:
        rows = adding_up_to_imports(rows)
    if rows.empty:
        return Answer(status=204)
    got = question.query["get"][0].split(",")
    header = [*got, "time", "COMM_LVL", *([code] if code in question.query else []), "CTY_CODE"]
    body = [header]
    for row in rows.itertuples(index=False):
        cells = {code: row.commodity, "time": row.time_period, "COMM_LVL": "HS2"}
        cells["CTY_CODE"] = "-" if row.counterpart_area == codelists.WORLD else row.counterpart_area
        body.append([cells.get(name, str(row.obs_value)) for name in header])
    return Answer(json.dumps(body))


@pytest.mark.long
def test_a_fetch_of_the_census_api_gives_three_datasets_in_one_step(
    copied_record: Path, serve: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret-key")
    source = serve(by=census_api)
    before = store.answer(sources.observations(sources.vintages_of("census-hs-exports")[0]))
    drop_vintages(copied_record, "census-hs-imports-general")
    drop_vintages(copied_record, "census-hs-imports-consumption")
    drop_vintages(copied_record, "census-duties")  # imports of 2017 on record are not those of the replies
    said = live.acquire("hs", today=date(2026, 7, 20), address=source.address, **QUIET)
    assert [line.partition(":")[0] for line in said] == [
        "census-hs-exports",
        "census-hs-imports-general",
        "census-hs-imports-consumption",
    ]
    assert "nothing new: its observations are registered as the vintage of 2026-07-07" in said[0]
    forget()
    for dataset in ("census-hs-exports", "census-hs-imports-general"):
        (newest,) = sources.vintages_of(dataset)
        table = store.answer(sources.observations(newest))
        assert (str(newest.vintage), newest.last_period, len(table)) == ("2026-07-07", "2026-05", len(before))
        others = table["commodity"] != "85"
        assert list(table.loc[others, "obs_value"]) == list(before.loc[others, "obs_value"])
    assert "s3cret-key" not in " ".join(
        path.read_bytes().decode("latin-1") + str(path) for path in copied_record.rglob("*") if path.is_file()
    )


@pytest.mark.long
def test_a_reply_of_some_years_never_takes_the_place_of_all(
    copied_record: Path, serve: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret-key")
    before = contents(copied_record)

    def of_two_years(question: Question) -> Answer:
        return census_api(question) if re.search("202[01]-", question.raw) else Answer(status=204)

    words = r"lacks what the vintage of 2026-07-07 holds: everything, 2013-01 to 2019-12, 8,428 observations of 1,895,844\.8 million"
    with pytest.raises(MalformedSource, match=words):
        live.acquire("hs", today=date(2022, 2, 20), address=serve(by=of_two_years).address, **QUIET)
    assert contents(copied_record) == before


@pytest.mark.long
def test_one_bad_reply_among_many_registers_nothing(
    copied_record: Path, serve: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "s3cret-key")
    before = contents(copied_record)

    def cut_in_2019(question: Question) -> Answer:
        answer = census_api(question)
        return Answer(str(answer.body)[:-40]) if "2019" in question.raw and "imports" in question.path else answer

    with pytest.raises(MalformedReply):
        live.acquire("hs", today=date(2026, 7, 20), address=serve(by=cut_in_2019).address, **QUIET)
    assert contents(copied_record) == before


def test_every_dataset_of_a_live_source_is_described_with_an_address() -> None:
    for source in live.LIVE.values():
        assert source.address.startswith("https://")
        assert {*source.datasets} <= {dataset for dataset, _ in sources.described()}
    assert live.LIVE["hs"].address == "https://api.census.gov/data/timeseries/intltrade"
    assert live.LIVE["end-use"].address == live.LIVE["hs"].address


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(UnregisteredSource, match=r"No live source 'rumours' is known\. There are country, hs, end-use"):
        live.acquire("rumours", today=TODAY)


def test_a_source_is_due_once_a_later_release_has_come_out() -> None:
    assert "country" in live.due(TODAY)
    assert "country" not in live.due(date(2026, 11, 3))
    assert "country" in live.due(date(2026, 11, 4))
    assert "comtrade" in live.due(date(2026, 11, 3))  # nothing of it is held


def test_a_source_that_fails_does_not_keep_the_others_waiting(
    copied_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CENSUS_API_KEY", "FRED_API_KEY", "COMTRADE_API_KEY", "KOREA_CUSTOMS_KEY"):
        monkeypatch.delenv(name, raising=False)

    def fetched(name: str, **_: Any) -> list[str]:
        if name == "country":
            return ["census-country: fetched"]
        raise KeyRefused(f"{name} has no key")

    monkeypatch.setattr(live, "acquire", fetched)
    result = CliRunner().invoke(main, ["acquire", "due"])
    assert result.exit_code == 1
    assert "census-country: fetched" in result.output and "fred has no key" in result.output
    assert (
        "Not fetched: hs, end-use, fred, comtrade, korea-customs. What was held of them is as before." in result.output
    )


def test_a_file_without_its_origin_is_refused_at_the_command_line(workbook: Writer, rows: list[Row]) -> None:
    result = CliRunner().invoke(main, ["acquire", "country", str(workbook(rows))])
    assert result.exit_code == 2 and "without --obtained and --seen its figures would have no origin" in result.output


def test_a_source_without_its_key_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRED_API_KEY", raising=False)
    result = CliRunner().invoke(main, ["acquire", "fred"])
    assert result.exit_code == 1 and "FRED_API_KEY is not set. Nothing was asked." in result.output


def test_every_vintage_of_fred_since_a_day_is_registered_under_the_day_it_came_out(
    young_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRED_API_KEY", FRED_KEY)
    fred = Fred()
    try:
        said = live.acquire(
            "fred",
            today=date(2018, 11, 20),
            address=fred.source.address,
            since=date.fromisoformat(RELEASES[0]),
            **QUIET,
        )
        again = live.acquire("fred", today=date(2018, 11, 20), address=fred.source.address, **QUIET)
    finally:
        fred.source.close()
    forget()
    held = sources.vintages_of("fred-korea")
    assert [str(source.vintage) for source in held] == list(RELEASES)
    assert {source.vintage_known for source in held} == {"day"}
    assert len(said) == len(RELEASES)
    assert again == [
        f"fred-korea: nothing new: its observations are registered as the vintage of {RELEASES[-1]}, and stay as they are"
    ]


@pytest.mark.parametrize("name", ["country", "hs", "end-use", "fred", "comtrade", "korea-customs"])
@pytest.mark.parametrize("address", ["http://me:s3cret@{host}/x", "http://{host}/x?key=s3cret", "me:s3cret@{host}/x"])
def test_an_address_with_a_secret_in_it_is_refused_and_kept_nowhere(
    copied_record: Path, serve: Callable[..., Source], monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    for key in ("CENSUS_API_KEY", "FRED_API_KEY", "COMTRADE_API_KEY", "KOREA_CUSTOMS_KEY"):
        monkeypatch.setenv(key, FRED_KEY)
    source, before = serve(Answer("[]")), contents(copied_record)
    host = source.address.removeprefix("http://")
    result = CliRunner().invoke(main, ["acquire", name, "--address", address.format(host=host)])
    assert result.exit_code == 1 and "holds a user name, a password or a query" in result.output
    assert "s3cret" not in result.output and source.questions == []
    assert contents(copied_record) == before and not replies(copied_record)


def test_replies_that_cannot_be_kept_are_not_asked_for(
    copied_record: Path, serve: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied_record / "raw").write_text("in the way", encoding="utf-8")
    source, before = serve(Answer("[]")), contents(copied_record)
    result = CliRunner().invoke(main, ["acquire", "country", "--address", source.address])
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert f"{copied_record / 'raw'} cannot be written" in result.output
    assert source.questions == [] and contents(copied_record) == before
