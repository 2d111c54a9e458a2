"""The app in a real browser, with every other host out of reach."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SLOW = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[psutil.Process, str]]:
    """The app as a service account runs it: without a home, from a folder that is not the project's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    elsewhere = tmp_path_factory.mktemp("service")
    (elsewhere / "file").touch()
    server = subprocess.Popen(
        [sys.executable, "-m", "briefing", "app", "--port", str(port), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=elsewhere,
        env={"PATH": os.environ["PATH"], "HOME": str(elsewhere / "file" / "home")},
    )
    address = f"http://127.0.0.1:{port}/"
    assert server.stdout is not None
    assert address in server.stdout.readline()
    yield psutil.Process(server.pid), address
    server.terminate()
    server.wait(timeout=30)
    server.stdout.close()


@pytest.fixture(scope="module")
def address(server: tuple[psutil.Process, str]) -> str:
    return server[1]


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser.new_context(viewport={"width": 1280, "height": 900})
        browser.close()


@pytest.fixture
def outside() -> list[str]:
    return []


@pytest.fixture
def page(context: BrowserContext, outside: list[str]) -> Iterator[Page]:
    def only_this_machine(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", None):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.route("**/*", only_this_machine)
    yield page
    page.close()


def opened(page: Page, address: str, chapter: str, query: str = "") -> None:
    page.goto(f"{address}voila/render/{chapter}.ipynb{query}")
    page.wait_for_selector(".edition-bar select")


CHAPTERS = {
    "deficit_trends": ("#deficit-headline", r"goods deficit with Japan was \$63\.3 billion"),
    "auto_trade_gap": ("#autos-headline", r"gap with Japan was \$4\d\.\d billion"),
    "state_of_talks": (".slot .claim", r"talks with South Korea only; none is kept for Japan"),
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_change_of_partner_changes_the_headline(page: Page, address: str, outside: list[str], chapter: str) -> None:
    headline, after = CHAPTERS[chapter]
    opened(page, address, chapter)
    expect(page.locator(headline).first).not_to_contain_text("Japan")
    page.select_option(".edition-bar select", label="Japan")
    expect(page.locator(headline).first).to_contain_text(re.compile(after), timeout=SLOW)
    page.wait_for_url("**partner=5880**")
    assert outside == []


def test_charts_are_drawn_with_text_and_redrawn_for_another_window(
    page: Page, address: str, outside: list[str]
) -> None:
    opened(page, address, "deficit_trends")
    chart = page.locator("#monthly-trade svg")
    expect(chart).to_contain_text("General imports")
    expect(chart).to_contain_text("2011")
    handle = page.locator(".edition-bar [role=slider]").first
    handle.focus()
    for _ in range(24):
        handle.press("ArrowRight")
    expect(chart).not_to_contain_text("2011", timeout=SLOW)
    assert outside == []


def test_another_day_shows_what_was_known_then(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    page.fill(".edition-bar input[type=date]", "2018-01-04")
    expect(page.locator("#deficit-headline")).to_contain_text("January–October 2017", timeout=SLOW)


def test_an_address_opens_the_edition_it_names(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends", "?partner=2010&as_of=2017-01-20")
    expect(page.locator("#deficit-headline")).to_contain_text("Mexico was $58.8 billion in January–November 2016")


def test_an_address_that_names_no_edition_says_so_and_shows_the_default(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends", "?partner=Atlantis")
    expect(page.locator(".refusal")).to_contain_text("Partner 'Atlantis' is in no list of partners")
    expect(page.locator("#deficit-headline")).to_contain_text("South Korea")


def test_another_definition_of_the_gap_is_chosen_from_a_list_and_kept_for_another_partner(
    page: Page, address: str, outside: list[str]
) -> None:
    opened(page, address, "auto_trade_gap")
    slot = page.locator("[data-slot=auto-trade-gap-on-definition]")
    expect(slot).to_contain_text("a deficit of $20.8 billion with South Korea", timeout=SLOW)
    page.select_option(".chooser select", label="End-use 300, passenger cars (general imports)")
    expect(slot).to_contain_text("general imports of $16.1 billion from South Korea in 2016", timeout=SLOW)
    expect(slot).to_contain_text("Exports on this definition are not held")
    page.select_option(".edition-bar select", label="Japan")
    expect(slot).to_contain_text("general imports of $39.3 billion from Japan in 2016", timeout=SLOW)
    assert outside == []


def test_a_number_tells_its_origin_under_the_pointer(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    tip = page.locator("#deficit-headline data").first.get_attribute("data-tip") or ""
    assert "total exports (FAS) less general imports (customs value)" in tip
    assert "vintage of 5 October 2018" in tip


def test_the_first_page_leads_to_the_three_chapters(page: Page, address: str, outside: list[str]) -> None:
    page.goto(address)
    for name in ("State of talks", "Deficit trends", "Auto trade gap", "Claims checked"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    assert outside == []


def test_an_address_of_no_page_leads_back_to_the_chapters(page: Page, address: str, outside: list[str]) -> None:
    page.goto(f"{address}voila/render/atlantis.ipynb")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page.get_by_role("link", name="Deficit trends").click()
    expect(page.locator("#deficit-headline")).to_be_visible(timeout=SLOW)
    assert outside == []


def test_a_session_whose_kernel_was_killed_says_so_and_the_next_visitor_is_served_from_a_new_zygote(
    page: Page, server: tuple[psutil.Process, str]
) -> None:
    process, address = server
    opened(page, address, "in_brief")
    (zygote,) = [child for child in process.children() if "briefing.prefork.zygote" in child.cmdline()]
    for kernel in zygote.children():
        kernel.kill()
    expect(page.locator("#banner p")).to_contain_text("session has ended", timeout=SLOW)
    zygote.kill()
    opened(page, address, "in_brief")
    expect(page.locator(".claim.headline").first).to_contain_text(
        "The US goods deficit with South Korea was $21.6 billion"
    )
    assert [
        child for child in process.children() if child.pid == zygote.pid and child.status() != psutil.STATUS_ZOMBIE
    ] == []


def kernels(server: psutil.Process) -> int:
    zygotes = [child for child in server.children() if "briefing.prefork.zygote" in child.cmdline()]
    return sum(len(zygote.children()) for zygote in zygotes)


def test_pages_that_no_browser_opened_lose_their_kernels_and_an_open_page_keeps_its(
    page: Page, server: tuple[psutil.Process, str]
) -> None:
    process, address = server
    opened(page, address, "deficit_trends")
    before = kernels(process)
    for _ in range(4):
        urlopen(f"{address}voila/render/in_brief.ipynb", timeout=60).read()
    assert kernels(process) >= before + 1
    page.wait_for_timeout(26_000)
    assert kernels(process) == 1
    page.select_option(".edition-bar select", label="Japan")
    expect(page.locator("#deficit-headline")).to_contain_text("Japan", timeout=SLOW)
    expect(page.locator("#banner")).to_be_hidden()


def test_a_server_that_answers_again_is_no_longer_said_not_to(page: Page, server: tuple[psutil.Process, str]) -> None:
    process, address = server
    opened(page, address, "deficit_trends")
    page.wait_for_function("document.documentElement.classList.contains('live')")
    process.suspend()
    try:
        page.select_option(".edition-bar select", label="Japan")
        expect(page.locator("#banner p")).to_contain_text("server no longer answers", timeout=SLOW)
    finally:
        process.resume()
    expect(page.locator("#banner")).to_be_hidden(timeout=SLOW)
    expect(page.locator("#deficit-headline")).to_contain_text("Japan", timeout=SLOW)


def test_no_page_scrolls_sideways_on_a_telephone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    opened(page, address, "deficit_trends")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_content_is_readable_before_any_script_runs(address: str) -> None:

    with urlopen(f"{address}voila/render/deficit_trends.ipynb", timeout=60) as reply:
        html = reply.read().decode()
    assert 'id="deficit-headline"' in html and "<svg" in html
