"""The workbook of the Census Bureau: taken as it is, refused if it is none."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from briefing.acquire.census_workbook import CensusWorkbook, download_country_workbook
from briefing.errors import BadQuery, FetchError, MalformedReply, NoData, Overloaded

from tests.acquire.server import Answer, Source

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def packed() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 50)
    return content.getvalue()


BOOK = packed()

Play = Callable[..., tuple[CensusWorkbook, Source]]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    started: list[Source] = []

    def start(*answers: Answer, **options: Any) -> tuple[CensusWorkbook, Source]:
        source = Source(*answers)
        started.append(source)
        address = f"{source.address}/foreign-trade/balance/country.xlsx"
        return CensusWorkbook(address, tmp_path / "raw", **{"read_seconds": 0.3, "sleep": print, **options}), source

    yield start
    for source in started:
        source.close()


@pytest.mark.parametrize("kind", [SHEET, "application/octet-stream"])
def test_the_workbook_is_kept_as_it_came(play: Play, kind: str) -> None:
    client, source = play(Answer(BOOK, content_type=kind))
    reply = download_country_workbook(client)
    assert reply.content == BOOK == reply.file.read_bytes()
    assert [question.raw for question in source.questions] == ["/foreign-trade/balance/country.xlsx"]


def test_a_workbook_compressed_on_its_way_is_read(play: Play) -> None:
    client, _ = play(Answer(BOOK, content_type=SHEET, compressed=True))
    assert download_country_workbook(client).content == BOOK


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Answer(BOOK[1:], content_type=SHEET), MalformedReply, "it is no workbook, which begins with PK"),
        (Answer("year,CTY_CODE", content_type="application/octet-stream"), MalformedReply, "it is no workbook"),
        (Answer(BOOK[:-30], content_type=SHEET), MalformedReply, "it breaks off before its end. Rows would be missing"),
        (Answer("<!DOCTYPE html><p>moved</p>", content_type="text/html"), MalformedReply, "with a web page"),
        (Answer("<html>moved</html>", content_type=SHEET), MalformedReply, "with a web page"),
        (Answer(BOOK, content_type="application/json"), MalformedReply, "with application/json where"),
        (Answer("", content_type=SHEET), MalformedReply, "with nothing at all"),
        (
            Answer(gzip.compress(BOOK)[:-9], content_type=SHEET, headers={"Content-Encoding": "gzip"}),
            MalformedReply,
            "compression breaks off",
        ),
        (Answer(status=204), NoData, "there is nothing at http://127.0.0.1"),
        (Answer("", 302, headers={"Location": "https://elsewhere/"}), BadQuery, "redirects to https://elsewhere/"),
        (Answer("", 404), BadQuery, "status 404"),
    ],
)
def test_what_is_no_whole_workbook_is_refused_at_once(
    play: Play, answer: Answer, error: type[FetchError], words: str
) -> None:
    client, source = play(answer)
    with pytest.raises(error) as refusal:
        download_country_workbook(client)
    assert words in str(refusal.value) and "Census workbook" in str(refusal.value)
    assert len(source.questions) == 1


@pytest.mark.long
@pytest.mark.parametrize(
    "failure",
    [
        Answer("slow down", 429, headers={"Retry-After": "7"}),
        Answer("busy", 500),
        Answer(BOOK, content_type=SHEET, cut=5),
        Answer(BOOK, content_type=SHEET, cut=5, chunked=True),
        Answer(BOOK, content_type=SHEET, stall=0.6),
    ],
    ids=["429", "500", "cut", "cut chunk", "stall"],
)
def test_a_busy_source_is_asked_again_and_given_up_in_the_end(play: Play, failure: Answer) -> None:
    client, source = play(failure, Answer(BOOK, content_type=SHEET))
    assert download_country_workbook(client).content == BOOK and len(source.questions) == 2
    client, source = play(failure, attempts=2)
    with pytest.raises(Overloaded, match="Census workbook"):
        download_country_workbook(client)
    assert len(source.questions) == 2


def test_no_key_is_needed(monkeypatch: pytest.MonkeyPatch, play: Play) -> None:
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    client, source = play(Answer(BOOK, content_type=SHEET))
    download_country_workbook(client)
    assert source.questions[0].query == {}
