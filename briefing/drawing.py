"""Draws a specification of Vega-Lite as SVG: once, in this process or in one that draws for many.

vl-convert starts a JavaScript engine, which takes half a second, some 80 MB and threads of its own. Where an owner of
many kernels keeps a drawing process (`drawing_process`), they ask it instead, by the socket that DRAWING names;
where it does not answer, a chart is drawn here as if there were none.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache, lru_cache
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import font_source_sans_pro

from briefing import prefork, scratch

DRAWING = "BRIEFING_DRAWING"
"""The environment variable that names the socket of a drawing process."""
MOST_KEPT = 256


@lru_cache(maxsize=MOST_KEPT)
def drawn(spec: str) -> str:
    """The picture of a specification in JSON, as SVG.

    The same specification gives the same text, whoever draws it.
    """
    address = os.environ.get(DRAWING, "")
    if address:
        with contextlib.suppress(OSError, EOFError), Client(address) as asked:
            asked.send(spec)
            answer: str | None = asked.recv()
            if answer is not None:
                return answer
    return _drawn_here(spec)


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
        address = str(folder / "drawing")
        process = subprocess.Popen(
            [sys.executable, *prefork.APART, "-m", __name__, address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        process.stdout.readline()  # type: ignore[union-attr]  # a line says that it listens; none, that it does not
        os.environ[DRAWING] = address
        try:
            yield
        finally:
            del os.environ[DRAWING]
            process.terminate()
            process.communicate()


def serve(address: str) -> None:
    """Draw for whoever connects, until the standard input ends: whoever started this has then gone."""
    threading.Thread(target=_end_with_owner, daemon=True).start()
    with Listener(address, backlog=64) as listener:
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
