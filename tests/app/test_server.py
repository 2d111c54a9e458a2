"""The app's shell: settings, template, port; the pages themselves are tested in a browser elsewhere."""

import asyncio
import contextlib
import inspect
import io
import json
import logging
import re
import socket
from pathlib import Path

import pytest
import tornado.web
from briefing import errors, prefork
from briefing.app import server
from briefing.app.sessions import Sessions
from briefing.chapters.contents import CHAPTERS
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.web import HTTPError

TEMPLATE = server.TEMPLATES / "voila" / "templates" / "briefing"
FRONT_END = [path for path in TEMPLATE.rglob("*") if path.is_file()] + [Path(server.__file__).parent / "slots.js"]


@pytest.mark.parametrize("path", FRONT_END, ids=lambda path: path.name)
def test_no_page_names_another_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", text) == []


def test_a_page_says_its_language_and_leaves_no_source() -> None:
    page = (TEMPLATE / "index.html.j2").read_text(encoding="utf-8")
    assert '<html lang="{{ resources.language' in page
    assert "traceback" not in page
    assert page.count("cell.source") == 1  # a markdown cell's


def test_a_refusal_of_the_book_is_shown_in_its_own_words() -> None:
    page = (TEMPLATE / "index.html.j2").read_text(encoding="utf-8")
    listed = set(re.findall(r'"(\w+)"', page[page.index("set refusals") : page.index("] -%}")]))
    tree = {
        name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.BriefingError)
    }
    assert listed == tree


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_PATH", "")
    (tmp_path / "voila.json").write_text('{"VoilaConfiguration": {"template": "lab"}}', encoding="utf-8")
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    return notebooks


def test_settings_are_those_of_the_project_whatever_the_current_folder(elsewhere: Path) -> None:
    app = server.configured(elsewhere)
    settings = json.loads(server.SETTINGS.read_text(encoding="utf-8"))
    assert app.voila_configuration.template == settings["VoilaConfiguration"]["template"] == "briefing"
    assert app.ip == "127.0.0.1"
    assert app.root_dir == str(elsewhere)
    assert app.voila_configuration.multi_kernel_manager_class is Sessions
    assert app.config.Sessions == settings["Sessions"]
    assert app.template_paths[0] == str(TEMPLATE)


def test_fonts_are_served_from_this_machine(elsewhere: Path) -> None:
    folders = [Path(folder) for folder in server.configured(elsewhere).static_paths]
    wanted = re.findall(r"static/(Source\w+-\w+\.otf)", (TEMPLATE / "static" / "app.css").read_text(encoding="utf-8"))
    assert len(wanted) == 4
    for name in wanted:
        assert any((folder / name).exists() for folder in folders), name


def test_a_kernel_that_was_not_started_is_one_sentence_in_the_log(elsewhere: Path) -> None:
    log, lines = server.configured(elsewhere).log, io.StringIO()
    handler = logging.StreamHandler(lines)
    log.addHandler(handler)
    for refusal in (prefork.KernelNotStarted("No room. Start it again."), ValueError("another fault")):
        with contextlib.suppress(type(refusal)):
            raise refusal
        for _ in range(2):  # by the manager of the kernel, and by the manager of all
            log.error("%s", refusal, exc_info=refusal)
    log.removeHandler(handler)
    assert lines.getvalue().startswith("No room. Start it again.\nanother fault\nTraceback")
    assert lines.getvalue().count("Traceback") == 2


@pytest.mark.parametrize("silence", [logging.NOTSET, logging.CRITICAL])
def test_the_reason_that_a_page_refers_to_is_told_once_whatever_the_loggers_keep(
    capsys: pytest.CaptureFixture[str], silence: int
) -> None:
    reasons = server.Reasons()
    log = logging.getLogger("a server's own")
    log.addFilter(reasons)
    refusal = prefork.KernelNotStarted("No room. Start it again.")
    logging.disable(silence)
    try:
        log.error("%s", refusal, exc_info=refusal)
        reasons.tell(refusal, "/page")
        reasons.tell(PermissionError(13, "Permission denied", "/nonexistent"), "/page")
        reasons.tell(HTTPError(503, "100 sessions run at once."), "/page")
    finally:
        logging.disable(logging.NOTSET)
        log.removeFilter(reasons)
    told = capsys.readouterr().err
    assert told.count("No room. Start it again.") == (1 if silence else 0)  # else the log told it
    assert "PermissionError: [Errno 13] Permission denied: '/nonexistent'" in told
    assert told.endswith("/page could not be made: 100 sessions run at once.\n")


def test_a_missing_folder_of_notebooks_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.BriefingError, match="nowhere is missing"):
        server.configured(tmp_path / "nowhere")


def test_a_taken_port_is_said_in_a_sentence(elsewhere: Path) -> None:
    with socket.socket() as other:
        other.bind((server.ADDRESS, 0))
        other.listen()
        port = other.getsockname()[1]
        assert not server.is_free(port)
        with pytest.raises(errors.BriefingError, match=f"Port {port} on this machine is taken"):
            server.serve(port, open_browser=False, notebooks=elsewhere)


def test_without_a_port_a_free_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "is_free", lambda port: False)
    assert server.free_port() != server.USUAL_PORT


def test_an_address_with_nothing_at_it_is_answered_by_the_house(tmp_path: Path) -> None:
    app = server.configured()
    app.connection_dir = str(tmp_path)
    app.init_settings()
    pattern, handler, _ = app.init_handlers()[-1]
    assert (pattern, handler) == (r".*", server.NoSuchPage)
    with pytest.raises(tornado.web.HTTPError) as refusal:
        handler.get(handler.__new__(handler))
    assert refusal.value.status_code == 404


TEMPLATE_FILES = "/voila/templates/briefing/static"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{TEMPLATE_FILES}/app.css", 200),
        (f"{TEMPLATE_FILES}/../../x", 404),
        (f"{TEMPLATE_FILES}/../../../../../../etc/passwd", 404),
        (f"{TEMPLATE_FILES}/%2e%2e/%2e%2e/x", 404),
        (f"{TEMPLATE_FILES}/a%00b", 404),
        (f"{TEMPLATE_FILES}/nowhere.css", 404),
        (f"{TEMPLATE_FILES}/", 404),
        ("/voila/templates/none/static/nowhere.css", 404),
        ("/voila/templates/../../x", 404),
        ("/voila/templates/x", 404),
        ("/static/../../x", 404),
    ],
)
def test_an_address_that_leads_out_of_the_files_of_a_template_has_nothing_at_it(
    path: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = server.configured()
    app.connection_dir = str(tmp_path)
    serving = tornado.web.Application(**app.init_settings())
    serving.settings.update(app.tornado_settings)
    serving.add_handlers(".*$", app.init_handlers())

    async def asked() -> int:
        listening = serving.listen(port := server.free_port(), server.ADDRESS)
        try:
            address = f"http://{server.ADDRESS}:{port}{path}"
            return (await AsyncHTTPClient().fetch(HTTPRequest(address), raise_error=False)).code
        finally:
            listening.stop()

    assert asyncio.run(asked()) == status
    assert "Traceback" not in capsys.readouterr().err


def test_the_head_of_every_page_is_told_and_no_kernel_is_started_for_it(tmp_path: Path) -> None:
    app = server.configured()
    app.connection_dir = str(tmp_path)
    serving = tornado.web.Application(**app.init_settings())
    serving.settings.update(app.tornado_settings)
    serving.add_handlers(".*$", app.init_handlers())

    async def answers(path: str) -> tuple[int, str | None, bytes]:
        listening = serving.listen(port := server.free_port(), server.ADDRESS)
        try:
            asked = HTTPRequest(f"http://{server.ADDRESS}:{port}{path}", method="HEAD")
            found = await AsyncHTTPClient().fetch(asked, raise_error=False)
            return found.code, found.headers.get("Content-Type", "").partition(";")[0], found.body
        finally:
            listening.stop()

    for path in ("/", "/voila/tree/", *(f"/voila/render/{chapter.name}.ipynb" for chapter in CHAPTERS)):
        assert asyncio.run(answers(path)) == (200, "text/html", b""), path
    for path in ("/nowhere", "/voila/render/nowhere.ipynb"):
        assert asyncio.run(answers(path)) == (404, "text/html", b""), path
    assert app.kernel_manager.list_kernel_ids() == []
