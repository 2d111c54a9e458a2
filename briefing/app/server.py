"""Starts Voila with its template and settings, on this machine only.

Settings stand in voila.json at the top of the project, the template in app/share/jupyter/voila/templates.
Here they are found whatever the current folder is, and the fonts of the house are added to what Voila serves.
"""

import logging
import os
import socket
import sys
import threading
import traceback
import webbrowser
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
import jinja2
import tornado.ioloop
import tornado.web
from jinja2.bccache import Bucket
from jupyter_core.utils import ensure_async
from voila.app import Voila
from voila.exporter import VoilaExporter
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from briefing import kernels, palette, prefork, scratch
from briefing.chapters.contents import CHAPTERS
from briefing.errors import BriefingError
from briefing.exhibits.drawing import drawing_process
from briefing.kernels import home
from briefing.kernels.live_charts import SCRIPTS
from briefing.kernels.warm_up import NOTEBOOKS

PROJECT = Path(__file__).parents[2]
SETTINGS = PROJECT / "voila.json"
TEMPLATES = Path(__file__).parent / "share" / "jupyter"
FONTS = [Path(package.__file__).parent / "files" for package in (font_source_sans_pro, font_source_serif_pro)]

ADDRESS = "127.0.0.1"
USUAL_PORT = 8866
SOCKET = "voila_12345678/kernel-12345678-1234-1234-1234-123456789012-ipc-1"
"""What Voila calls the socket of a kernel, for the length of it."""


def serve(port: int | None = None, *, open_browser: bool = True, notebooks: Path = NOTEBOOKS) -> None:
    """Serve the chapters until Ctrl-C, and say where.

    Parameters
    ----------
    port
        None takes 8866, or any free one if that is taken.
    open_browser
        Whether to show the book in the reader's browser.
    notebooks
        The folder of the chapters.

    Raises
    ------
    BriefingError
        If the port is taken, or the settings or the notebooks are not where they should be.
    """
    app = configured(notebooks)
    app.port = free_port() if port is None else port
    require_free(app.port)
    address = f"http://{ADDRESS}:{app.port}{app.base_url}"
    scripts = home.own_folder() / "scripts"
    scripts.mkdir(exist_ok=True)
    os.environ[SCRIPTS] = str(scripts)
    app.static_paths.append(str(scripts))
    tornado.ioloop.IOLoop.current().add_callback(_announce, address, open_browser)
    try:
        with drawing_process(), scratch.folder_for_sockets(SOCKET) as folder:
            app.connection_dir_root = str(folder)
            kernels.prestart(pages=notebooks == NOTEBOOKS)
            app.start()
    except SystemExit:
        raise _port_taken(app.port) from None


def configured(notebooks: Path = NOTEBOOKS) -> Voila:
    """Voila with the settings of voila.json, the book's template and its fonts, not yet started."""
    for needed in (SETTINGS, notebooks):
        if not needed.exists():
            raise BriefingError(
                f"{needed} is missing. The book cannot be served without it. "
                "Run from a checkout of the project, installed with `pip install -e .`."
            )
    put_first("JUPYTER_PATH", TEMPLATES)
    _quiet()
    put_at_hand()
    _compile_templates_once()
    app = Book(config_file_paths=[str(SETTINGS.parent)])
    app.initialize([])
    reasons = Reasons()
    app.log.addFilter(reasons)
    _tell_reasons(reasons)
    app.root_dir = str(notebooks)
    app.static_paths += [str(folder) for folder in FONTS]
    app.open_browser = False
    app.port_retries = 0
    if sys.platform == "linux":  # no ports to race for, nothing to overhear; Windows has no such sockets
        app.config.KernelManager.transport = "ipc"
    return app


class Contents(TornadoVoilaTreeHandler):  # type: ignore[misc]
    """The landing page, whose head is told like the whole of it."""

    async def head(self, path: str = "") -> None:
        await self.get(path)


class ChapterPage(TornadoVoilaHandler):  # type: ignore[misc]
    """A chapter; for its head alone no kernel is started."""

    @tornado.web.authenticated
    async def head(self, path: str) -> None:
        if not await ensure_async(self.contents_manager.file_exists(path)):
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", "text/html")


class NoSuchPage(TornadoVoilaTreeHandler):  # type: ignore[misc]
    """Refuses whatever it is asked, on a page of the house."""

    def get(self, *_: str) -> None:
        raise tornado.web.HTTPError(404)

    head = get


class TemplateFile(TemplateStaticFileHandler):  # type: ignore[misc]
    """A file of a template, by "<template>/static/<path>"; any other address has nothing at it, where Voila's would fail."""

    def parse_url_path(self, path: str) -> str:
        template, *rest = path.split("/")
        if rest[:1] != ["static"] or not rest[1:] or {"", ".", ".."} & {template, *rest} or "\0" in path:
            raise tornado.web.HTTPError(404)
        found: str = super().parse_url_path(path)
        return found


OWN = {
    TornadoVoilaTreeHandler: Contents,
    TornadoVoilaHandler: ChapterPage,
    TemplateStaticFileHandler: TemplateFile,
}
"""What answers in the place of a handler of Voila's."""


class Book(Voila):  # type: ignore[misc]
    """Voila that tells the head of a page, and shows one of the house, with its chapters, where there is nothing."""

    def init_handlers(self) -> list[Any]:
        found = [(pattern, OWN.get(handler, handler), *rest) for pattern, handler, *rest in super().init_handlers()]
        return [*found, (r".*", NoSuchPage, {"voila_configuration": self.voila_configuration})]


class Reasons:
    """Why pages could not be made, told once to whoever started the book, whatever loggers are to keep to themselves."""

    def __init__(self) -> None:
        self._told: BaseException | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Log a kernel that could not be started once, without the stack: its words say what was lost and what to do."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, prefork.PreforkError):
            return True
        record.exc_info = None
        return self._is_new(error)

    def tell(self, error: BaseException, page: str) -> None:
        """Print why a page could not be made, unless the log did."""
        if not self._is_new(error):
            return
        if isinstance(error, tornado.web.HTTPError | prefork.PreforkError):
            words = getattr(error, "log_message", None) or str(error)
        else:
            words = "".join(traceback.format_exception(error)).rstrip()
        print(f"{page} could not be made: {words}", file=sys.stderr, flush=True)

    def _is_new(self, error: BaseException) -> bool:
        is_new = error is not self._told
        self._told = error
        return is_new


def _tell_reasons(reasons: Reasons) -> None:
    """Have every handler tell the error that made its page fail. Tornado would leave it to loggers."""

    def log_exception(self: tornado.web.RequestHandler, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        status = error.status_code if isinstance(error, tornado.web.HTTPError) else 500
        if error is not None and status >= 500:
            reasons.tell(error, self.request.path)

    # patch: tornado-log
    tornado.web.RequestHandler.log_exception = log_exception  # type: ignore[method-assign,assignment]


def is_free(port: int) -> bool:
    """Whether a server could listen on the port."""
    with socket.socket() as trial:
        if os.name == "posix":
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def require_free(port: int) -> None:
    """Refuse a port on which a server could not listen.

    Raises
    ------
    BriefingError
    """
    if not is_free(port):
        raise _port_taken(port)


def free_port() -> int:
    """The usual port, or any other that is free."""
    if is_free(USUAL_PORT):
        return USUAL_PORT
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        return int(trial.getsockname()[1])


def _port_taken(port: int) -> BriefingError:
    return BriefingError(
        f"Port {port} on this machine is taken or not allowed. The book cannot be served there. "
        "Name another, or none and let the book choose."
    )


def _announce(address: str, open_browser: bool) -> None:
    print(f"The briefing book is at {address} (Ctrl-C ends it).", flush=True)
    if open_browser:
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in memory, by name and content."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._kept.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@cache
def _compile_templates_once() -> None:  # patch: voila-templates
    """Voila parses its templates anew for each page: a sixth of the server's work."""
    compiled, made = _Compiled(), VoilaExporter._create_environment

    def environment(self: VoilaExporter) -> jinja2.Environment:
        made_now: jinja2.Environment = made(self)
        made_now.bytecode_cache = compiled
        return made_now

    VoilaExporter._create_environment = environment


def put_at_hand() -> None:
    """Let every template that Voila is to open find `palette` and `chapters`: a chapter's, the landing page's, an error's."""
    # patch: jinja-names
    jinja2.defaults.DEFAULT_NAMESPACE |= {"palette": palette, "chapters": CHAPTERS}


def put_first(variable: str, folder: Path) -> None:
    """Let a folder be the first of those that an environment variable names."""
    rest = [part for part in os.environ.get(variable, "").split(os.pathsep) if part and part != str(folder)]
    os.environ[variable] = os.pathsep.join([str(folder), *rest])


def _quiet() -> None:
    """A refused request or a kernel's hint about its transport is no news to whoever started the book."""
    for name in ("tornado.access", "tornado.general", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
