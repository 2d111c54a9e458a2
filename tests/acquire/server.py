"""A source on 127.0.0.1 that answers as it is told: well, badly, late, or not to the end."""

import gzip
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

JSON = "application/json;charset=utf-8"


@dataclass
class Answer:
    """What the server sends: `cut` leaves the last bytes out, `stall` waits before the body, in seconds.

    `wire` is sent as it is, in place of everything else.
    """

    body: bytes | str = b""
    status: int = 200
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    compressed: bool = False
    cut: int = 0
    stall: float = 0
    chunked: bool = False
    wire: bytes | None = None


@dataclass
class Question:
    """What was asked: path, query with every value of a name, headers in lower case."""

    path: str
    query: dict[str, list[str]]
    raw: str
    headers: dict[str, str]


class Source:
    """A server whose answers are played one after another, the last one for ever; or made by a function."""

    def __init__(self, *answers: Answer, by: Callable[[Question], Answer] | None = None) -> None:
        self.questions: list[Question] = []
        self._answers = list(answers)
        self._by = by
        source = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                question = Question(parts.path, parse_qs(parts.query, keep_blank_values=True), self.path, headers)
                source.questions.append(question)
                source._send(self, source._answer(question))

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def _answer(self, question: Question) -> Answer:
        if self._by is not None:
            return self._by(question)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def _send(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        if answer.wire is not None:
            handler.wfile.write(answer.wire)
            handler.close_connection = True
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Content-Type": answer.content_type, **answer.headers}
        if answer.compressed:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        handler.send_response(answer.status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if answer.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 204:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if answer.stall:
            handler.wfile.flush()
            time.sleep(answer.stall)
        if answer.status == 204:
            return
        sent = body[: len(body) - answer.cut]
        try:
            if answer.chunked:
                handler.wfile.write(b"%x\r\n" % len(body) + sent)
                if not answer.cut:
                    handler.wfile.write(b"\r\n0\r\n\r\n")
            else:
                handler.wfile.write(sent)
            handler.wfile.flush()
        except OSError:
            return
        if answer.cut:
            handler.close_connection = True

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
