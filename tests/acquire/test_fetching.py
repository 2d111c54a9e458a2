"""Asking a live source: what is stored, what is tried again, what is refused, and that no key ever shows."""

import gzip
import hashlib
import io
import json
import logging
import traceback
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from briefing.acquire import fetching
from briefing.acquire.fetching import Client, key_from_environment
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, Overloaded
from briefing.secrecy import BLOT, Secret

from tests.acquire.server import Answer, Source

KEY = "s3cret/Key+with=signs&5800"
ROWS = '[["CTY_CODE","ALL_VAL_MO"],["5800","100"]]'
KEY_PAGE = '<html style="font-size: 14px;">\n\n<head>\n    <title>Missing Key</title></head></html>'

Play = Callable[..., tuple[Client, Source, list[float]]]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """A client with a key, the source it asks, and the seconds it was told to sleep."""
    sources: list[Source] = []

    def start(*answers: Answer, **options: Any) -> tuple[Client, Source, list[float]]:
        source = Source(*answers)
        sources.append(source)
        slept: list[float] = []
        client = Client(
            "Census API",
            source.address,
            tmp_path / "raw",
            secret=Secret(KEY),
            key_parameter="key",
            sleep=slept.append,
            **{"read_seconds": 0.5, **options},
        )
        return client, source, slept

    yield start
    for source in sources:
        source.close()


def ask(client: Client) -> Any:
    return client.ask("exports/hs", {"get": "ALL_VAL_MO", "CTY_CODE": ["5800", "5880"]}, accept=["application/json"])


def stored(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "raw").rglob("*") if path.is_file() and path.suffix != ".json")


def test_a_reply_is_stored_as_received_with_time_hash_and_an_address_without_the_key(
    play: Play, tmp_path: Path
) -> None:
    client, source, _ = play(Answer(ROWS))
    reply = ask(client)
    assert source.questions[0].query["key"] == [KEY]
    assert source.questions[0].query["CTY_CODE"] == ["5800", "5880"]
    assert reply.content == ROWS.encode() == reply.file.read_bytes()
    record = json.loads(reply.file.with_name(f"{reply.file.name}.json").read_text())
    assert record["sha256"] == hashlib.sha256(ROWS.encode()).hexdigest() == reply.sha256
    assert record["received"] == reply.received.isoformat() and record["received"].endswith("+00:00")
    assert record[
        "address"
    ] == f"{source.address}/exports/hs?get=ALL_VAL_MO&CTY_CODE=5800&CTY_CODE=5880&key={BLOT}" or (
        BLOT in record["address"] or "%E2%80%A2" in record["address"]
    )


def test_compressed_bytes_are_stored_compressed_and_read_decoded(play: Play) -> None:
    client, _, _ = play(Answer(ROWS, compressed=True))
    reply = ask(client)
    assert reply.content == ROWS.encode()
    assert gzip.decompress(reply.file.read_bytes()) == ROWS.encode()


def test_a_reply_in_chunks_is_read_whole(play: Play) -> None:
    client, _, _ = play(Answer(ROWS, chunked=True))
    assert ask(client).content == ROWS.encode()


def test_no_content_is_no_reply_and_no_error(play: Play, tmp_path: Path) -> None:
    client, source, _ = play(Answer(status=204))
    assert ask(client) is None
    assert len(source.questions) == 1 and stored(tmp_path) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "answer",
    [
        Answer("busy", 500),
        Answer("bad gateway", 502),
        Answer("Too Many Requests", 429),
        Answer(ROWS, cut=5),
        Answer(ROWS, cut=5, chunked=True),
        Answer(ROWS, stall=1.0),
    ],
    ids=["500", "502", "429", "cut", "cut chunk", "stall"],
)
def test_an_overloaded_source_is_asked_again_and_the_second_answer_counts(play: Play, answer: Answer) -> None:
    client, source, slept = play(answer, Answer(ROWS))
    assert ask(client).content == ROWS.encode()
    assert len(source.questions) == 2 and len(slept) == 1


def test_a_source_that_stays_overloaded_is_given_up_after_four_attempts(play: Play, tmp_path: Path) -> None:
    client, source, slept = play(Answer("busy", 503))
    with pytest.raises(Overloaded, match=r"Census API is overloaded \(status 503: busy\)\. Nothing of the record"):
        ask(client)
    assert len(source.questions) == 4 and len(slept) == 3 and stored(tmp_path) == []


def test_the_time_a_source_asks_for_is_waited(play: Play) -> None:
    client, _, slept = play(Answer("slow down", 429, headers={"Retry-After": "7"}), Answer(ROWS))
    ask(client)
    assert slept == [7.0]


def test_a_longer_wait_than_ours_is_told_at_once(play: Play) -> None:
    client, source, slept = play(Answer("slow down", 429, headers={"Retry-After": "86400"}))
    with pytest.raises(Overloaded, match="asks for 86400 seconds, longer than we wait"):
        ask(client)
    assert len(source.questions) == 1 and slept == []


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            Answer("", 302, "text/html", {"X-DataWebAPI-KeyError": "1", "Location": "/data/missing_key.html"}),
            KeyRefused,
            "does not accept the key",
        ),
        (Answer("", 302, headers={"Location": "/data/invalid_key.html"}), KeyRefused, "does not accept the key"),
        (Answer(KEY_PAGE, content_type="text/html"), KeyRefused, "answered with its page on keys"),
        (Answer('{"message": "Access denied"}', 401), KeyRefused, "status 401: .*Access denied"),
        (Answer("Out of call volume quota", 403), KeyRefused, "status 403: Out of call volume quota"),
        (Answer("", 301, headers={"Location": "https://elsewhere/"}), BadQuery, "redirects to https://elsewhere/"),
        (Answer("error: unknown variable 'XYZ'", 400), BadQuery, r"status 400: error: unknown variable 'XYZ'"),
        (Answer("", 404), BadQuery, "refuses the question"),
        (Answer("<html><body>down</body></html>", content_type="text/html"), MalformedReply, "with a web page"),
        (Answer("<!DOCTYPE html><p>down"), MalformedReply, "with a web page"),
        (Answer(ROWS, content_type="text/csv"), MalformedReply, "with text/csv where application/json was expected"),
        (Answer("", 200), MalformedReply, "answered with nothing at all"),
        (Answer(gzip.compress(ROWS.encode())[:-9], headers={"Content-Encoding": "gzip"}), MalformedReply, "breaks off"),
        (Answer(ROWS, headers={"Content-Encoding": "br"}), MalformedReply, "compression"),
    ],
)
def test_what_another_attempt_would_not_mend_is_refused_at_once(
    play: Play, answer: Answer, error: type[FetchError], words: str
) -> None:
    client, source, slept = play(answer)
    with pytest.raises(error, match=words):
        ask(client)
    assert len(source.questions) == 1 and slept == []


@pytest.mark.parametrize(
    ("address", "cause"),
    [("http://127.0.0.1:9", "it refuses the connection"), ("http://nowhere.invalid/data", "its name is not found")],
)
def test_a_source_that_is_not_there_is_unreachable(tmp_path: Path, address: str, cause: str) -> None:
    client = Client("Census API", address, tmp_path, secret=Secret(KEY), key_parameter="key", sleep=lambda _: None)
    with pytest.raises(Overloaded) as refusal:
        ask(client)
    assert f"Census API ({address}) cannot be reached: {cause}. Nothing of the record changed." in str(refusal.value)
    assert KEY not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["no address", "", "host/path", "ftp://host/x", "http://", "http://[::1", "http://host:port/", "http://h\0st"],
)
def test_an_address_that_is_none_is_said_before_anything_is_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(
        BadQuery, match=r"Census API: the address it is to be asked at is no address\. Nothing was asked"
    ):
        Client("Census API", address, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "http://reader:s3cret@host/data",
        "http://s3cret@host/data",
        "reader:s3cret@host/data",
        "http://reader:pa@s3cret@host",
        "https://host/country.xlsx?token=s3cret",
        "https://host/country.xlsx#s3cret",
    ],
)
def test_an_address_with_a_password_or_a_query_is_refused_without_being_quoted(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadQuery, match="holds a user name, a password or a query, and would be kept") as refusal:
        Client("Census workbook", address, tmp_path)
    assert "s3cret" not in everything_said_of(refusal.value)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MOVED = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
BUSY = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nRetry-After: "


@pytest.mark.parametrize(
    ("wire", "error", "words"),
    [
        (MOVED + b"http://x/\xff\r\n\r\n", BadQuery, "redirects to http://x/ÿ. A redirect may"),
        (MOVED + b"http://x/\xed\xa0\x80\r\n\r\n", BadQuery, "redirects to http://x/"),
        (MOVED + b"http://[::1\x00\r\n\r\n", BadQuery, "redirects to http://[::1\ufffd."),
        (MOVED + b"\x1b[31mred\r\n\r\n", BadQuery, "redirects to \ufffd[31mred."),
        (MOVED + b"gopher://x" + b"/y" * 5000 + b"\r\n\r\n", BadQuery, "redirects to gopher://x/y/y"),
        (MOVED.replace(b"Location", b"X") + b"\r\n\r\n", BadQuery, "redirects without saying where to"),
        (BUSY + b"9" * 5000 + b"\r\n\r\n", Overloaded, "asks for 1000000000 seconds, longer than we wait"),
        (BUSY + b"Fri, 27 Nov 99999999999999 10:00:00 GMT\r\n\r\n", Overloaded, "is overloaded (status 503)"),
        (BUSY + b"\xb2\r\n\r\n", Overloaded, "is overloaded (status 503)"),
        (CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n", MalformedReply, "whose headers or lengths cannot be read"),
        (CHUNKED + b"ZZZ\r\nabc\r\n0\r\n\r\n", Overloaded, "broke off in the middle"),
        (HEAD + b"Content-Length: 13, 14\r\n\r\nabc", MalformedReply, "whose headers or lengths cannot be read"),
        (HEAD + b"X: " + b"a" * 100_000 + b"\r\n\r\n", Overloaded, "answered with something that is not HTTP"),
        (b"GARBAGE\r\n\r\n", Overloaded, "answered with something that is not HTTP"),
        (b"", Overloaded, "closed the connection without an answer"),
        (HEAD + b"Content-Encoding: \xff\r\n\r\n[]", MalformedReply, "in a compression that was not asked for"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n[]", MalformedReply, "whose compression is damaged, or is none"),
        (HEAD.replace(b"json", b"json\x00") + b"\r\n[]", MalformedReply, "answered with application/json\ufffd where"),
        (HEAD.replace(b"200", b"400") + b"\r\n\xff\xfe\x00", BadQuery, "refuses the question (status 400: "),
    ],
)
def test_bytes_that_no_library_can_read_end_in_a_sentence(
    play: Play, wire: bytes, error: type[FetchError], words: str
) -> None:
    client, _, _ = play(Answer(wire=wire), attempts=1)
    with pytest.raises(error) as refusal:
        ask(client)
    assert words in str(refusal.value) and "Census API" in str(refusal.value)
    assert str(refusal.value).isprintable() and len(str(refusal.value)) < 500


def test_a_reply_compressed_twice_or_without_its_head_is_read(play: Play) -> None:
    raw = zlib.compressobj(wbits=-15)
    headless = raw.compress(ROWS.encode()) + raw.flush()
    client, _, _ = play(
        Answer(gzip.compress(gzip.compress(ROWS.encode())), headers={"Content-Encoding": "gzip, gzip"}),
        Answer(headless, headers={"Content-Encoding": "deflate"}),
        Answer(zlib.compress(ROWS.encode()), headers={"Content-Encoding": "deflate"}),
    )
    assert [ask(client).content for _ in range(3)] == [ROWS.encode()] * 3


def test_a_source_that_drips_is_left(play: Play) -> None:
    client, _, _ = play(Answer(ROWS), whole_reply_seconds=-1, attempts=1)
    with pytest.raises(Overloaded, match="did not answer in time"):
        ask(client)


def test_questions_keep_their_pace(play: Play) -> None:
    client, _, slept = play(Answer(ROWS), pause=60)
    ask(client)
    ask(client)
    assert len(slept) == 1 and 59 < slept[0] <= 60


FAILURES = [
    Answer(" " * 480 + KEY, 400),
    Answer(KEY * 40, 400),
    Answer(ROWS.replace("100", KEY.replace("/", r"\/"))),
    Answer(ROWS.replace("100", KEY.replace("&", "&amp;"))),
    Answer(f"you sent {KEY}", 400),
    Answer(f"you sent {KEY}", 500),
    Answer(f"you sent {KEY}", 429),
    Answer(f"you sent {KEY}", 401),
    Answer("", 302, headers={"Location": f"https://elsewhere/?key={KEY}"}),
    Answer("", 302, headers={"Location": f"/missing_key.html?key={KEY}"}),
    Answer(f'[["{KEY}"]]'),
    Answer(ROWS, content_type=f"text/{KEY}"),
    Answer(f"<html>{KEY}</html>", content_type="text/html"),
    Answer(ROWS, cut=3),
    Answer(ROWS, stall=1.0),
    Answer(ROWS, headers={"Content-Encoding": KEY}),
    Answer(gzip.compress(ROWS.encode())[:-9], headers={"Content-Encoding": "gzip"}),
    Answer(gzip.compress(f"{KEY * 40}{ROWS}".encode())[:-9], headers={"Content-Encoding": "gzip"}),
    Answer(gzip.compress(KEY.encode()), content_type="application/gzip"),
    Answer(f'[["{KEY}"]]'.encode("utf-16")),
    Answer(f'[["{quote(quote(KEY, safe=""))}"]]'),
    Answer(f"you sent {quote(quote(KEY, safe=''), safe='')}", 400),
    Answer(f"you sent {KEY.replace('/', '%2f')}", 400),
    Answer(f"you sent {KEY.replace('/', '&#47;').replace('=', '&equals;')}", 400),
    Answer(f"you sent {KEY[:9]}\n{KEY[9:]}", 400),
    Answer(f"<p>{KEY.replace('+', '&#x2b;')}</p>", content_type="text/html"),
    Answer(ROWS.replace("100", KEY.replace("+", r"\u002B"))),
    Answer("", 302, headers={"Location": f"https://elsewhere/?key={KEY.replace('/', '%2F')}"}),
    Answer("", 302, headers={"Location": f"https://elsewhere/?next={quote(quote(KEY, safe=''), safe='')}"}),
    Answer(wire=HEAD + f"nocolon {KEY}\r\n: {KEY}\r\n\r\n[]".encode()),
    Answer(wire=MOVED + f"http://{KEY}\xff/\r\n\r\n".encode("latin-1")),
]


def everything_said_of(fault: BaseException) -> str:
    """The fault, its traceback, and all that it remembers of others."""
    told = [repr(fault), "".join(traceback.format_exception(fault))]
    seen = fault
    while seen is not None:
        told.append(f"{seen!r} {seen.args!r} {vars(seen)!r}")
        seen = seen.__cause__ or seen.__context__  # type: ignore[assignment]
    return " ".join(told)


@pytest.mark.long
@pytest.mark.parametrize("answer", [*FAILURES, Answer(ROWS)], ids=range(len(FAILURES) + 1))
def test_the_key_shows_nowhere(play: Play, tmp_path: Path, answer: Answer) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    said: list[str] = []
    fault = ""
    try:
        client, _, _ = play(answer, say=said.append, attempts=2)
        try:
            ask(client)
        except FetchError as refusal:
            fault = everything_said_of(refusal)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    kept = "".join(f"{path} {path.read_bytes().decode('latin-1')}" for path in tmp_path.rglob("*") if path.is_file())
    told = f"{fault} {heard.getvalue()} {' '.join(said)} {kept}"
    assert "exports/hs" in heard.getvalue() + kept
    assert "s3cret" not in told and not Secret(KEY).is_in(told.encode())


def test_a_key_that_no_header_can_carry_is_refused_without_being_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "schlüssel one")
    with pytest.raises(KeyRefused, match="CENSUS_API_KEY holds signs that no key for Census API has") as refusal:
        key_from_environment("CENSUS_API_KEY", "Census API", "https://x")
    assert "schl" not in everything_said_of(refusal.value)


def test_a_missing_key_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "  ")
    with pytest.raises(KeyRefused, match=r"CENSUS_API_KEY is not set\. Nothing was asked\. Get a key at https://x"):
        key_from_environment("CENSUS_API_KEY", "Census API", "https://x")


def test_a_second_key_is_blotted_out_of_what_a_first_client_has_already_read() -> None:
    first, second = Secret("first/Key+1="), Secret("second/Key+2=")
    for secret in (first, second):
        fetching._blot_logs(secret)
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logger = logging.getLogger(fetching.LOGGERS[0])
    logger.addHandler(handler)
    try:
        raise ValueError("header with second/Key+2= in it")
    except ValueError:
        logger.warning("cannot be read", exc_info=True)
    finally:
        logger.removeHandler(handler)
    assert "cannot be read" in heard.getvalue() and "Key+2" not in heard.getvalue()


def test_neither_a_proxy_nor_a_netrc_of_the_environment_sees_what_is_asked(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody answers
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login reader password another-key\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client, source, _ = play(Answer(ROWS))
    assert ask(client).content == ROWS.encode()
    assert "authorization" not in source.questions[0].headers


def test_what_is_asked_is_said_by_its_path_or_else_by_its_address(play: Play) -> None:
    said: list[str] = []
    client, source, _ = play(Answer(ROWS), Answer(ROWS), Answer(ROWS), say=said.append)
    ask(client)
    client.ask("", {}, accept=["application/json"])
    client.ask("", {"year": "2026"}, accept=["application/json"])
    assert said == [
        "Census API: exports/hs get=ALL_VAL_MO, CTY_CODE=5800, CTY_CODE=5880",
        f"Census API: {source.address}",
        f"Census API: {source.address} year=2026",
    ]
