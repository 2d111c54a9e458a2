"""Draws a specification of Vega-Lite as SVG: once, in this process or in one that draws for many.

vl-convert starts a JavaScript engine, which takes half a second, some 80 MB and threads of its own. Where an owner of
many kernels keeps a drawing process (`drawing_process`), they ask it instead, by the socket that DRAWING names;
where it does not answer, a chart is drawn here as if there were none.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache, lru_cache
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import font_source_sans_pro

from briefing import prefork, scratch

log = logging.getLogger(__name__)

DRAWING = "BRIEFING_DRAWING"
"""The environment variable that names the socket of a drawing process."""
MOST_KEPT = 256
PATIENCE = 5.0
"""Seconds that are waited for a drawing process that ended and is begun again."""
LIVED = 5.0
"""Seconds after which an end is no reason to wait before the next is begun."""
LONGEST_PAUSE = 60.0


@lru_cache(maxsize=MOST_KEPT)
def drawn(spec: str) -> str:
    """The picture of a specification in JSON, as SVG.

    The same specification gives the same text, whoever draws it.
    """
    address = os.environ.get(DRAWING, "")
    answer = _drawn_there(address, spec) if address else None
    if answer is not None:
        return answer
    return _drawn_here(spec)


def _drawn_there(address: str, spec: str) -> str | None:
    """The picture from the drawing process; None if it is gone for good, or cannot draw it."""
    until = time.monotonic() + PATIENCE
    while Path(address).parent.exists() and time.monotonic() < until:
        try:
            asked = Client(address)
        except OSError:
            time.sleep(0.05)
            continue
        with contextlib.suppress(OSError, EOFError), asked:
            asked.send(spec)
            answer: str | None = asked.recv()
            return answer
        break
    return None


def _drawn_here(spec: str) -> str:
    # Read here, not there: vl-convert's own reader takes some numbers for their neighbours, one unit in the last place off.
    svg: str = _engine().vegalite_to_svg(json.loads(spec), vl_version="6.4")
    return svg


@cache
def _engine():  # type: ignore[no-untyped-def]
    """vl-convert with the house font, imported by whoever draws."""
    import vl_convert

    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))
    return vl_convert


@contextlib.contextmanager
def drawing_process() -> Iterator[None]:
    """Keep a process that draws for this one and all that it starts; it ends with this one, however that ends."""
    if sys.platform == "win32" or os.environ.get(DRAWING):
        yield
        return
    with scratch.folder_for_sockets("drawing") as folder:
        kept = _Kept(str(folder / "drawing"))
        try:
            kept.await_listening()
            os.environ[DRAWING] = kept.address
            yield
        finally:
            os.environ.pop(DRAWING, None)
            kept.end()


class _Kept:
    """A drawing process; when it ends, as one that is short of memory may be made to, the next is begun."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._ending = threading.Event()
        self._changing = threading.Lock()
        self._process = self._begun()

    def await_listening(self) -> None:
        self._process.stdout.readline()  # type: ignore[union-attr]  # a line says that it listens; none, that it does not
        threading.Thread(target=self._attend, name="Drawing", daemon=True).start()

    def end(self) -> None:
        with self._changing:
            self._ending.set()
            self._process.terminate()
        self._process.communicate()

    def _begun(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *prefork.APART, "-m", __name__, self.address]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)

    def _attend(self) -> None:
        pause = 0.0
        while True:
            born = time.monotonic()
            self._process.wait()
            pause = 0.0 if time.monotonic() - born > LIVED else min(max(0.1, 2 * pause), LONGEST_PAUSE)
            if self._ending.wait(pause):
                return
            log.warning("The process that draws the charts ended; another is begun.")
            with self._changing:
                if self._ending.is_set():
                    return
                self._process.communicate()
                self._process = self._begun()


def serve(address: str) -> None:
    """Draw for whoever connects, until the standard input ends: whoever started this has then gone."""
    threading.Thread(target=_end_with_owner, daemon=True).start()
    Path(address).unlink(missing_ok=True)  # of one before that was killed
    try:
        listening = Listener(address, backlog=64)
    except FileNotFoundError:  # its folder is no more: whoever started this went while it began
        return
    with listening as listener:
        print("listening", flush=True)
        while True:
            connection = listener.accept()
            threading.Thread(target=_answer, args=[connection], daemon=True).start()


def _end_with_owner() -> None:
    sys.stdin.read()
    os._exit(0)


def _answer(connection: Connection) -> None:
    with connection, contextlib.suppress(OSError, EOFError):
        spec = connection.recv()
        try:
            svg = drawn(spec)
        except Exception:  # the one who asked draws it again and says what is wrong
            svg = None
        connection.send(svg)


if __name__ == "__main__":
    os.environ.pop(DRAWING, None)
    serve(sys.argv[1])
