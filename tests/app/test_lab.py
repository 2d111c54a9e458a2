"""JupyterLab as `briefing lab` opens it, in a real browser, with every other host out of reach."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from briefing import palette, prefork
from briefing.app import lab
from briefing.commands import main
from briefing.kernels.warm_up import NOTEBOOKS
from click.testing import CliRunner
from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.app.test_app import CHROMIUM, SLOW, in_css
from tests.needs import needed

pytestmark = pytest.mark.browser

OPEN = "import sys; from pathlib import Path; from briefing import ending; from briefing.app import lab\n\
with ending.by_exception(): lab.open_lab(open_browser=False, notebooks=Path(sys.argv[1]))"


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    return Path(shutil.copytree(NOTEBOOKS, tmp_path / "notebooks"))


@pytest.fixture
def server(notebooks: Path, tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """JupyterLab on a copy of the notebooks, with a profile of its own; its process and its address."""
    home = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    log = tmp_path / "log.txt"
    with log.open("w") as said:
        server = subprocess.Popen([sys.executable, "-c", OPEN, str(notebooks)], stderr=said, env={**os.environ, **home})
    try:
        yield server, _address(server, log)
    finally:
        server.kill()
        server.wait()


def _address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where the workbench is, as the server says once it listens."""
    until = time.monotonic() + SLOW / 1000
    while server.poll() is None and time.monotonic() < until:
        if found := re.search(r"http://127\S+/lab/tree/explore\.ipynb\?token=\w+", log.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"no address of the workbench within {SLOW // 1000} s:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture
def refused() -> list[str]:
    """What was asked of other hosts, and what this one did not have."""
    return []


@pytest.fixture
def page(refused: list[str]) -> Iterator[Page]:
    def only_this_machine(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=needed(CHROMIUM, "browser"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(2 * SLOW)
        page.route("**/*", only_this_machine)
        page.on("response", lambda reply: refused.append(reply.url) if reply.status >= 400 else None)
        yield page
        browser.close()


def test_a_chapter_in_lab_looks_like_the_book_asks_nothing_outside_and_is_saved_without_its_outputs(
    page: Page, server: tuple["subprocess.Popen[bytes]", str], notebooks: Path, refused: list[str]
) -> None:
    process, address = server
    page.goto(address.replace("explore", "in_brief"))
    page.wait_for_selector("text='Briefing book | Idle'")
    page.click(".lm-MenuBar-itemLabel:has-text('Run')")
    page.click(".lm-Menu-itemLabel:has-text('Run All Cells')")
    expect(page.locator(".jp-OutputArea .claim.headline").first).to_contain_text("$21.6 billion", timeout=2 * SLOW)
    headline = page.locator(".jp-OutputArea .claim.headline").first
    assert headline.evaluate("one => getComputedStyle(one).fontFamily").startswith('"Source Serif Pro"')
    assert headline.evaluate("one => getComputedStyle(one).color") == in_css(palette.INK)
    tile = page.locator(".jp-OutputArea dl.tiles dt").first
    assert tile.evaluate("one => getComputedStyle(one).float") == "none"
    page.click("[title*='Voil']")
    preview = page.frame_locator("iframe[src*='voila/render']")
    expect(preview.locator(".edition-bar select")).to_be_visible(timeout=2 * SLOW)
    expect(preview.locator(".claim.headline").first).to_contain_text("$21.6 billion")
    head = preview.locator("header.book")
    assert head.evaluate("one => getComputedStyle(one).backgroundColor") == in_css(palette.INK)
    assert page.locator(".Toastify__toast").count() == 0
    assert refused == []
    saved = json.loads((notebooks / "in_brief.ipynb").read_text(encoding="utf-8"))
    assert saved == json.loads((NOTEBOOKS / "in_brief.ipynb").read_text(encoding="utf-8"))

    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert psutil.wait_procs(started, timeout=10)[1] == []


def test_the_kernels_warm_up_before_a_notebook_asks_for_one(server: tuple["subprocess.Popen[bytes]", str]) -> None:
    started = psutil.Process(server[0].pid).children(recursive=True)
    assert any(f"{prefork.__name__}.zygote" in " ".join(one.cmdline()) for one in started)


def test_a_closed_terminal_ends_the_server(server: tuple["subprocess.Popen[bytes]", str]) -> None:
    process, _ = server
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGHUP)
    assert process.wait(30) == 0
    assert psutil.wait_procs(started, timeout=10)[1] == []


def executed() -> dict[str, Any]:
    shown = [{"output_type": "stream", "name": "stdout", "text": "shown"}]
    cell = {"cell_type": "code", "execution_count": 3, "metadata": {"execution": {}}, "source": "1", "outputs": shown}
    return {"type": "notebook", "content": {"cells": [cell], "metadata": {"widgets": {}}}}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("deficit_trends.ipynb", 0),
        ("/in_brief.ipynb", 0),
        ("explore.ipynb", 1),
        ("mine.ipynb", 1),
        ("mine/in_brief.ipynb", 1),
    ],
)
def test_chapters_alone_are_saved_without_outputs(path: str, kept: int) -> None:
    model = executed()
    lab.leave_out_outputs(model=model, path=path)
    assert len(model["content"]["cells"][0]["outputs"]) == kept
    if not kept:
        assert model["content"]["cells"][0]["execution_count"] is None
        assert model["content"]["metadata"] == {"language_info": {"name": "python"}}


def test_the_styles_of_the_book_reach_nothing_else_in_lab() -> None:
    styles = lab.house_styles()
    rules = styles[: styles.index(lab.OF_JUPYTERLAB)].split("\n.jp-RenderedHTMLCommon .slot.slot.slot {\n")
    assert len(rules) == 2 and rules[0].count("@font-face") == 4 and "@font-face" not in rules[1]
    assert rules[1].count("{") + 1 == rules[1].count("}")
    asked = styles.replace("xmlns='http://www.w3.org/2000/svg'", "")  # a name, fetched by nobody
    assert re.findall(r"(?:https?:)?//[\w-]+\.", asked) == []


def test_a_port_that_is_named_is_the_one_that_is_taken_and_a_taken_one_is_refused() -> None:
    assert lab.settings(False, 8123).ServerApp.port == 8123 and lab.settings(False, 8123).ServerApp.port_retries == 0
    assert "port" not in lab.settings(False).ServerApp
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = CliRunner().invoke(main, ["lab", "--no-browser", "--port", str(port)])
    assert told.exit_code == 1 and f"Port {port} on this machine is taken" in told.output
