"""Asks a live source one question at a time, and keeps each reply as it came before anyone reads it.

What holds for every source: redirects are not followed; a reply is stored raw, with its time and
SHA-256, before it is parsed; only an overloaded or unreachable source is asked again, after the time it
names or an ever longer one; a key is known to `Secret` alone and is blotted out of every text; whatever a source
sends, and whatever the libraries below raise of it, ends in a `FetchError`.
"""

import hashlib
import http.client
import json
import logging
import os
import re
import socket
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

import requests
import tenacity
import urllib3

from briefing.acquire.replies import JSON, Reply
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, Overloaded
from briefing.files import write_whole, writing
from briefing.secrecy import NO_SECRET, Secret

CONNECT_SECONDS = 10
READ_SECONDS = 120
WHOLE_REPLY_SECONDS = 600
ATTEMPTS = 4
LONGEST_WAIT = 120
LONGEST_ASKED = 10**9
MOST_BYTES = 1 << 29
"""What a compressed reply may come to: more was made to fill the memory."""

COMPRESSIONS = "gzip, deflate"
MOST_WORDS = 200

PAGE = re.compile(
    rb"(\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--.*?-->)*(<!doctype\s+html|<html[\s>]|<!doctype[^<>]*>\s*<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
"""How a web page begins. A document of XML may declare a type (DOCTYPE) and be none."""

LOGGERS = ("urllib3.connectionpool", "urllib3.connection", "urllib3.response", "urllib3.util.retry")

UNASKED = "in a compression that was not asked for"

Parameters = Mapping[str, str | Sequence[str]]
Question = TypeVar("Question", bound=Parameters)


def key_from_environment(name: str, source: str, where: str) -> Secret:
    """The key that the environment variable holds.

    Raises
    ------
    KeyRefused
        If it is not set, saying where a key is to be had.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise KeyRefused(
            f"{source} answers only with a key, and {name} is not set. Nothing was asked. "
            f"Get a key at {where} and set {name} in the environment."
        )
    # A header holds ASCII only, and what Python raises of other characters quotes them.
    if not re.fullmatch(r"[!-~]+", value):
        raise KeyRefused(
            f"{name} holds signs that no key for {source} has, such as a space or an accent. "
            "Nothing was asked. Copy the key again."
        )
    return Secret(value)


@dataclass(frozen=True)
class Manner:
    """How a source is asked: with which `secret`, and the query parameter or header that carries it; how often, and how
    long it is waited for; whom `say` tells of each question and each wait, in a few words.
    """

    secret: Secret = NO_SECRET
    key_parameter: str = ""
    key_header: str = ""
    pause: float = 0
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    whole_reply_seconds: float = WHOLE_REPLY_SECONDS
    attempts: int = ATTEMPTS
    say: Callable[[str], None] = lambda text: None
    sleep: Callable[[float], None] = time.sleep


class Client:
    """Asks one source: one connection, one question at a time, at least `pause` seconds apart.

    Parameters
    ----------
    name
        What the source is called in messages and below data/raw/.
    address
        Where it lives; a question's path is put behind it.
    raw
        The folder that keeps replies as received.
    manner
        The fields of `Manner`, as far as they are not the usual.

    Raises
    ------
    BadQuery
        If the address is none, or holds a user, a password or a query.
    """

    def __init__(self, name: str, address: str, raw: Path, **manner: Any) -> None:
        _require_bare(name, address)
        self.name = name
        self.address = address.rstrip("/")
        self._raw = raw / re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        self._manner = Manner(**manner)
        self._asked_at = -1e9
        self._session = _Session()
        _blot_logs(self._manner.secret)

    def ask(self, path: str, parameters: Parameters, *, accept: Sequence[str]) -> Reply | None:
        """The reply to one question, stored; None for 204, which says that there is no data.

        `accept` lists the content types that can be an answer.

        Raises
        ------
        KeyRefused, BadQuery, MalformedReply
            At once.
        Overloaded
            After the last of several attempts.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Overloaded),
            stop=tenacity.stop_after_attempt(self._manner.attempts),
            wait=self._wait,
            sleep=self._manner.sleep,
            reraise=True,
        )
        return retrying(self._ask_once, path, parameters, tuple(accept))

    def blotted(self, text: str) -> str:
        """The text without this client's key."""
        return self._manner.secret.blotted(text)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = getattr(failure, "retry_after", None)
        if asked is not None and asked > LONGEST_WAIT:
            raise Overloaded(f"{failure} It asks for {asked:.0f} seconds, longer than we wait.", asked)
        wait = asked if asked is not None else tenacity.wait_exponential_jitter(initial=1, max=30)(state)
        self._manner.say(f"{self.name}: attempt {state.attempt_number} failed, next in {wait:.0f} s")
        return float(wait)

    def _ask_once(self, path: str, parameters: Parameters, accept: tuple[str, ...]) -> Reply | None:
        self._keep_pace()
        answer = self._answer(path, parameters)
        # Raised here and not where it was caught: what `requests` raises prints the whole address, key and all.
        if isinstance(answer, FetchError):
            raise answer
        response, content = answer
        self._require_success(response, content)
        if response.status_code == 204:
            return None
        reply = self._stored(response, content)
        self._require_kind(reply, accept)
        return reply

    def _answer(self, path: str, parameters: Parameters) -> "tuple[requests.Response, bytes] | FetchError":
        """The reply and its bytes as they came over the wire, or what to raise."""
        try:
            return self._received(path, parameters)
        except Exception as fault:  # a header alone can end in any of them
            return _failure(f"{self.name} ({self.address})", fault)

    def _received(self, path: str, parameters: Parameters) -> tuple[requests.Response, bytes]:
        query = [
            (name, value)
            for name, values in parameters.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        headers = {}
        if self._manner.key_parameter:
            query.append((self._manner.key_parameter, self._manner.secret.reveal()))
        if self._manner.key_header:
            headers[self._manner.key_header] = self._manner.secret.reveal()
        told = ", ".join(f"{name}={value}" for name, value in query if name != self._manner.key_parameter)
        self._manner.say(self.blotted(f"{self.name}: {path or self.address} {told}".rstrip()))
        deadline = time.monotonic() + self._manner.whole_reply_seconds
        with self._session.get(
            f"{self.address}/{path}".rstrip("/"),
            params=query,
            headers=headers,
            timeout=(self._manner.connect_seconds, self._manner.read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            pieces = []
            for piece in _pieces(response.raw):
                pieces.append(piece)
                if time.monotonic() > deadline:
                    raise TimeoutError
            return response, b"".join(pieces)

    def _require_success(self, response: requests.Response, content: bytes) -> None:
        status = response.status_code
        words = self._words_of(response, content)
        if "X-DataWebAPI-KeyError" in response.headers or "_key.html" in response.headers.get("Location", ""):
            raise KeyRefused(_refused_key(self.name, "it sends to its page on missing and invalid keys"))
        if 300 <= status < 400 and "Location" in response.headers:
            raise BadQuery(
                f"{self.name} redirects to {self._shown(response.headers['Location'])}. A redirect may lead to a page "
                "that is no data, so it was not followed. If the source has moved, correct its address in "
                "data/sources.toml."
            )
        if status in (301, 302, 303, 307, 308):
            raise BadQuery(
                f"{self.name} redirects without saying where to. Nothing of the record changed. "
                "If the source has moved, correct its address in data/sources.toml."
            )
        if status in (401, 403):
            raise KeyRefused(_refused_key(self.name, f"status {status}{words}"))
        if status in (408, 429) or status >= 500:
            raise Overloaded(
                f"{self.name} is overloaded (status {status}{words}). Nothing of the record changed. Try again later.",
                _retry_after(response),
            )
        if status not in (200, 204):
            raise BadQuery(
                f"{self.name} refuses the question (status {status}{words}). Nothing of the record changed. "
                "Its contract may have changed: compare the question with the source's documentation."
            )

    def _words_of(self, response: requests.Response, content: bytes) -> str:
        """What a refusal says, in one line and without the key; nothing if it is a whole page."""
        opened, fault = _opened(response, content)
        text = opened.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").strip()
        if fault or not text or text.startswith("<"):
            return ""
        return f": {self._shown(text)}"

    def _shown(self, text: str) -> str:
        """Text of the source in a message: without the key, in one line, with no sign that moves a terminal."""
        line = " ".join(self.blotted(text).split())
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)[:MOST_WORDS]

    def _stored(self, response: requests.Response, received: bytes) -> Reply:
        """The reply, put away as it came; only then is it read."""
        content, fault = _opened(response, received)
        self._require_no_key(received, content, fault)
        reply = self._put_away(response, received, content)
        if fault:
            raise MalformedReply(
                f"{self.name} sent a reply {fault}. Values would be missing. "
                f"Nothing of the record changed; the bytes are kept as {reply.file.name}. Ask again."
            )
        return reply

    def _require_no_key(self, received: bytes, content: bytes, fault: str) -> None:
        if any(self._manner.secret.is_in(part) for part in (received, content, _inflated(content)[0])):
            raise MalformedReply(
                f"{self.name} repeats the key in its reply. Storing it would give the key away, so it was dropped. "
                "Tell the source, and change the key."
            )
        if fault == UNASKED and self._manner.secret:
            raise MalformedReply(
                f"{self.name} sent a reply {UNASKED}: whether it repeats the key cannot be told, so it was dropped. "
                "Nothing of the record changed. Ask again."
            )

    def _put_away(self, response: requests.Response, received: bytes, content: bytes) -> Reply:
        address = self.blotted(response.url)
        kind = self._shown(response.headers.get("Content-Type", ""))
        now = datetime.now(UTC)
        digest = hashlib.sha256(received).hexdigest()
        file = self._raw / f"{now:%Y%m%dT%H%M%S%f}Z-{digest[:12]}"
        record = {
            "source": self.name,
            "address": address,
            "received": now.isoformat(),
            "status": response.status_code,
            "content_type": kind,
            "content_encoding": self._shown(response.headers.get("Content-Encoding", "")),
            "sha256": digest,
        }
        with writing(file.parent):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, received)
            write_whole(file.with_name(f"{file.name}.json"), (json.dumps(record, indent=1) + "\n").encode())
        kind = kind.partition(";")[0].strip().lower()
        return Reply(self.name, address, now, response.status_code, kind, content, file, digest)

    def _require_kind(self, reply: Reply, accept: tuple[str, ...]) -> None:
        page = PAGE.match(reply.content[:2000]) is not None
        if page and re.search(rb"<title>\s*(missing|invalid) key", reply.content[:2000], re.IGNORECASE):
            raise KeyRefused(_refused_key(self.name, "it answered with its page on keys"))
        if page or reply.content_type not in accept:
            what = "a web page" if page else f"{reply.content_type or 'no content type'}"
            raise MalformedReply(
                f"{self.name} answered with {what} where {' or '.join(accept)} was expected. It holds no data. "
                f"Nothing of the record changed; the bytes are kept as {reply.file.name}. Ask again later."
            )
        if not reply.content.strip():
            raise MalformedReply(f"{self.name} answered with nothing at all. Nothing of the record changed. Ask again.")

    def _keep_pace(self) -> None:
        wait = self._asked_at + self._manner.pause - time.monotonic()
        if wait > 0:
            self._manner.sleep(wait)
        self._asked_at = time.monotonic()


class Office(Client):
    """A client that knows its office: its name, its key, and the hooks in which it answers otherwise than others.

    A subclass says what `title` to use in messages, which environment variable holds the `key` and where one is to be
    had, how the key travels, which content types can be an answer, and what of its `Manner` is `usual`.

    Raises
    ------
    KeyRefused
        If the key is not set, or cannot be one.
    BadQuery
        As `Client`.
    """

    title: ClassVar[str]
    key: ClassVar[str] = ""
    where: ClassVar[str] = ""
    key_parameter: ClassVar[str] = ""
    key_header: ClassVar[str] = ""
    kinds: ClassVar[Sequence[str]] = JSON
    usual: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, address: str, raw: Path, **manner: Any) -> None:
        secret = self.own_key(key_from_environment(self.key, self.title, self.where)) if self.key else NO_SECRET
        carried = {"secret": secret, "key_parameter": self.key_parameter, "key_header": self.key_header}
        super().__init__(self.title, address, raw, **{**carried, **self.usual, **manner})

    def own_key(self, secret: Secret) -> Secret:
        """A hook: the key as it is to be sent."""
        return secret

    def meant(self, refusal: FetchError, parameters: Parameters) -> FetchError:
        """A hook: what a refusal means, of an office that gives another status for it."""
        return refusal

    def answer(self, path: str, parameters: Parameters) -> Reply | None:
        """As `Client.ask`, for what can be this office's answer.

        Raises
        ------
        FetchError
            As `Client.ask`, or what the office meant by it.
        """
        try:
            return self.ask(path, parameters, accept=self.kinds)
        except FetchError as refusal:
            meant = self.meant(refusal, parameters)
        raise meant

    def answers(self, path: str, questions: Iterable[Question]) -> Iterator[tuple[Question, Reply]]:
        """Each question to which the office has data, with the reply."""
        for question in questions:
            reply = self.answer(path, question)
            if reply is not None:
                yield question, reply


def _pieces(raw: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """What has come over the wire, as soon as it is there: a source that drips is noticed."""
    if raw.chunked:
        yield from raw.stream(1 << 10, decode_content=False)
    else:
        yield from iter(lambda: raw.read1(1 << 16, decode_content=False), b"")


def _refused_key(name: str, how: str) -> str:
    return (
        f"{name} does not accept the key ({how}). Nothing of the record changed. "
        "Check that the key in the environment is whole, yours and activated."
    )


class _Session(requests.Session):
    """A session to which a redirect is a reply: the address it names is text to be shown, and is read by nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # a .netrc or proxy setting would see the key
        self.headers["User-Agent"] = "korus-briefing-book"
        self.headers["Accept-Encoding"] = COMPRESSIONS

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _require_bare(name: str, address: str) -> None:
    """Refuse an address that is none, or that holds what is to be shown and kept nowhere; it is not quoted."""
    if "@" in address or "?" in address or "#" in address:
        raise BadQuery(
            f"{name}: the address it is to be asked at holds a user name, a password or a query, and would be kept with "
            "every reply and in data/sources.toml. Nothing was asked. Give scheme, host and path alone; a key is read "
            "from the environment."
        )
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        right = False
    if not right or not re.fullmatch(r"[!-~]+", address):
        raise _no_address(name)


def _no_address(name: str) -> BadQuery:
    return BadQuery(
        f"{name}: the address it is to be asked at is no address. Nothing was asked. "
        "Write it as https://host/path, with --address or in data/sources.toml."
    )


def _failure(name: str, fault: Exception) -> FetchError:
    """What to say of whatever came out of the libraries below: a source out of reach, or a reply that is none."""
    reached = "Nothing of the record changed."
    if isinstance(fault, requests.exceptions.SSLError):
        return Overloaded(f"{name} showed a certificate that cannot be trusted. {reached} Try again later.")
    if isinstance(fault, requests.exceptions.InvalidURL):
        return _no_address(name)
    if isinstance(fault, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return Overloaded(f"{name} did not answer in time. {reached} Try again later.")
    causes = _causes(fault)
    if any(isinstance(cause, http.client.RemoteDisconnected) for cause in causes):
        return Overloaded(f"{name} closed the connection without an answer. {reached} Try again later.")
    if any(isinstance(cause, http.client.HTTPException) and not _cut(cause) for cause in causes):
        return Overloaded(f"{name} answered with something that is not HTTP. {reached} Try again later.")
    if isinstance(fault, requests.exceptions.ChunkedEncodingError | urllib3.exceptions.ProtocolError):
        return Overloaded(f"{name} broke off in the middle of its reply. {reached} Try again later.")
    reading = isinstance(fault, requests.exceptions.InvalidHeader | urllib3.exceptions.InvalidHeader)
    if reading or not isinstance(fault, requests.exceptions.RequestException | urllib3.exceptions.HTTPError | OSError):
        return MalformedReply(
            f"{name} sent a reply whose headers or lengths cannot be read. Whether it is whole cannot be told. "
            f"{reached} Ask again later."
        )
    return Overloaded(
        f"{name} cannot be reached: {_why_unreached(causes)}. {reached} Check the connection and the address, or try again later."
    )


def _why_unreached(causes: Sequence[BaseException]) -> str:
    if any(isinstance(cause, urllib3.exceptions.NameResolutionError | socket.gaierror) for cause in causes):
        return "its name is not found"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "it refuses the connection"
    return "the network gives no way to it"


def _causes(fault: BaseException) -> list[BaseException]:
    """The fault and what it was raised of: `requests` and urllib3 carry that as an argument or as a reason."""
    found: list[BaseException] = [fault]
    for one in found:
        others = (*one.args, getattr(one, "reason", None), one.__cause__)
        found += [other for other in others if isinstance(other, BaseException) and other not in found]
    return found


def _cut(cause: BaseException) -> bool:
    return isinstance(cause, http.client.IncompleteRead)


def _opened(response: requests.Response, received: bytes) -> tuple[bytes, str]:
    """The content behind its compressions, as far as it can be had, and in words what is wrong with them."""
    for name in reversed(response.headers.get("Content-Encoding", "").lower().split(",")):
        if name.strip() in ("gzip", "x-gzip", "deflate"):
            received, fault = _inflated(received, headless=name.strip() == "deflate")
            if fault:
                return received, fault
        elif name.strip() not in ("identity", ""):
            return received, UNASKED
    return received, ""


def _inflated(content: bytes, *, headless: bool = False) -> tuple[bytes, str]:
    """What a content compressed by gzip or deflate comes to, up to where it breaks off, and what is wrong.

    Some servers send deflate without the head that it should have.
    """
    pieces: list[bytes] = []
    raw = headless and int.from_bytes(content[:2]) % 31 != 0
    rest = content
    while rest.strip(b"\0") or not pieces:
        inflater = zlib.decompressobj(-15 if raw else 47)
        try:
            pieces.append(inflater.decompress(rest, MOST_BYTES))
        except zlib.error:
            return b"".join(pieces), "whose compression is damaged, or is none"
        if inflater.unconsumed_tail:
            return b"".join(pieces), "that is compressed beyond all measure"
        if not inflater.eof:
            return b"".join(pieces), "whose compression breaks off"
        rest = inflater.unused_data
    return b"".join(pieces), ""


def _retry_after(response: requests.Response) -> float | None:
    """The seconds for which a source asks to be left alone, given as a number or as a day and hour."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    if re.fullmatch("[0-9]+", text):
        return float(min(int(text[:12]), LONGEST_ASKED))
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def _blot_logs(secret: Secret) -> None:
    """urllib3 logs every address it asks, and tracebacks of headers it cannot read: without the key from now on."""

    def blot(record: logging.LogRecord) -> bool:
        record.msg, record.args = secret.blotted(record.getMessage()), ()
        if record.exc_info:
            record.exc_text, record.exc_info = logging.Formatter().formatException(record.exc_info), None
        if record.exc_text:  # another client of this process may have written it, without knowing this key
            record.exc_text = secret.blotted(record.exc_text)
        return True

    if secret:
        for name in LOGGERS:
            logging.getLogger(name).addFilter(blot)
