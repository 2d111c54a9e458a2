"""The app in a real browser, with every other host out of reach."""

import io
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pandas as pd
import psutil
import pytest
from briefing import palette
from briefing.kernels.warm_up import NOTEBOOKS
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect, sync_playwright

from tests.needs import needed

pytestmark = pytest.mark.browser
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
    urlopen(f"{address}voila/render/in_brief.ipynb", timeout=300).read()  # until it is warm
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
        browser = playwright.chromium.launch(executable_path=needed(CHROMIUM, "browser"), args=flags)
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
    "state_of_talks": (".slot .claim", r"record of the talks with Japan begins in May 2018"),
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


def test_the_day_shown_stands_in_words_beside_its_field_whatever_the_locale(
    context: BrowserContext, address: str
) -> None:
    assert context.browser is not None
    with context.browser.new_context(locale="de-DE") as german:
        page = german.new_page()
        page.set_default_timeout(SLOW)
        opened(page, address, "deficit_trends")
        day = page.get_by_label("As of", exact=True)
        expect(day).to_have_accessible_description("5 January 2018")
        expect(page.get_by_text("5 January 2018", exact=True)).to_be_visible()
        day.fill("2024-09-10")
        expect(day).to_have_accessible_description("10 September 2024", timeout=SLOW)
        day.fill("2042-09-10")
        expect(page.locator(".controls .refusal")).to_contain_text("lies outside", timeout=SLOW)
        expect(day).to_have_accessible_description("10 September 2024")


def test_what_has_nothing_to_show_for_a_partner_has_no_heading_and_no_list(page: Page, address: str) -> None:
    opened(page, address, "state_of_talks")
    headings = page.locator("main h2")
    expect(headings).to_have_count(9)
    page.select_option(".edition-bar select", label="Japan")
    expect(headings).to_have_text(["Where the talks stand"], timeout=SLOW)
    page.select_option(".edition-bar select", label="South Korea")
    expect(headings).to_have_count(9, timeout=SLOW)
    opened(page, address, "auto_trade_gap", "?as_of=2012-01-20")
    expect(headings).to_have_text(["The gap", "By component", "Numbers of cars, and trucks"])
    expect(page.locator(".chooser select")).to_be_hidden()
    typed(page, "01052018", 20, "Enter")
    expect(page.locator(".chooser select")).to_be_visible(timeout=SLOW)


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


SAID = """() => {
  window.said = [];
  const listen = () => {
    const words = document.querySelector(".controls .refusal")?.textContent ?? "";
    if (words && window.said.at(-1) !== words) window.said.push(words);
  };
  new MutationObserver(listen).observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
}"""
"""Every refusal from now on."""


def typed(page: Page, keys: str, delay: int, end: str) -> Locator:
    """The field of the day after keys were typed into it from its first part on."""
    day = page.locator(".edition-bar input[type=date]")
    day.click(position={"x": 15, "y": 15})
    page.keyboard.type(keys, delay=delay)
    page.keyboard.press(end)
    return day


@pytest.mark.parametrize(("delay", "end"), [(0, "Enter"), (120, "Tab"), (500, "Enter")])
def test_a_day_is_typed_at_any_speed_and_taken_when_done(page: Page, address: str, delay: int, end: str) -> None:
    opened(page, address, "deficit_trends")
    page.evaluate(SAID)
    day = typed(page, "09102024", delay, end)
    expect(page.locator("#deficit-headline")).to_contain_text("January–July 2024", timeout=SLOW)
    page.wait_for_url("**as_of=2024-09-10**")
    assert page.evaluate("said") == [] and day.input_value() == "2024-09-10"


def test_a_day_is_the_reader_s_until_it_is_left_whatever_else_arrives(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    day = page.locator(".edition-bar input[type=date]")
    page.select_option(".edition-bar select", label="Japan")
    day.focus()
    page.keyboard.type("0910", delay=50)
    expect(page.locator("#deficit-headline")).to_contain_text("Japan", timeout=SLOW)
    page.keyboard.type("2024", delay=50)
    assert day.input_value() == "2024-09-10"
    page.mouse.click(5, 500)
    expect(page.locator("#deficit-headline")).to_contain_text("2024", timeout=SLOW)


def test_a_day_that_cannot_be_is_refused_once_and_stays_to_be_mended(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    page.evaluate(SAID)
    day = typed(page, "09102042", 20, "Enter")
    expect(page.locator(".controls .refusal")).to_contain_text("As-of day 2042-09-10 lies outside", timeout=SLOW)
    expect(day).to_have_attribute("aria-invalid", "true")
    assert day.input_value() == "2042-09-10"
    typed(page, "09102024", 20, "Tab")
    expect(page.locator("#deficit-headline")).to_contain_text("2024", timeout=SLOW)
    expect(page.locator(".controls .refusal")).to_have_count(0)
    assert len(page.evaluate("said")) == 1
    typed(page, "0931", 20, "Enter")  # 31 September
    expect(page.locator(".controls .refusal")).to_contain_text("empty or not complete, is not a day", timeout=SLOW)
    assert day.evaluate("day => day.validity.badInput")
    day.press("Escape")
    expect(page.locator(".controls .refusal")).to_have_count(0, timeout=SLOW)
    assert day.input_value() == "2024-09-10"


def test_a_day_chosen_from_the_calendar_is_taken_at_once(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    page.get_by_role("button", name="Choose the day from a calendar").click()
    page.wait_for_timeout(1000)
    page.keyboard.press("ArrowLeft")  # in the calendar: the day before
    page.keyboard.press("Enter")
    expect(page.locator("#deficit-headline")).to_contain_text("January–October 2017", timeout=SLOW)
    page.wait_for_url("**as_of=2018-01-04**")


def test_a_partner_is_found_by_typing_its_name_and_taken_when_the_list_is_left(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends")
    page.locator(".edition-bar select").focus()
    page.keyboard.type("japan", delay=120)
    page.keyboard.press("Tab")
    expect(page.locator("#deficit-headline")).to_contain_text("Japan", timeout=SLOW)


def test_a_partner_that_is_no_more_is_shown_with_its_controls(page: Page, address: str) -> None:
    opened(page, address, "deficit_trends", "?partner=2771&as_of=2010-06-01")
    expect(page.locator("#deficit-headline")).to_contain_text("Netherlands Antilles")
    expect(page.locator(".edition-bar select")).to_have_value("2771")


@pytest.mark.parametrize(
    "query",
    ["as_of=%C2%B22018-01-05", "as_of=" + "1" * 5000, "partner=%00%ED%A0%80", "partner=&as_of=%FF&last_period=x"],
)
def test_no_address_ends_in_an_error(page: Page, address: str, query: str) -> None:
    opened(page, address, "deficit_trends", f"?{query}")
    expect(page.locator(".controls .refusal")).to_contain_text("Shown: South Korea, as of 5 January 2018.")
    expect(page.locator(".cell.error")).to_have_count(0)


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
    page.select_option(".chooser select", label="End-use 30000, passenger cars (general imports)")
    expect(slot).to_contain_text("a deficit of $14.5 billion with South Korea in 2016", timeout=SLOW)
    expect(slot).to_contain_text("general imports, customs value; total exports, FAS.")
    page.select_option(".edition-bar select", label="Japan")
    expect(slot).to_contain_text("a deficit of $38.7 billion with Japan in 2016", timeout=SLOW)
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


LOOKS = "all => all.map(one => [one.className, getComputedStyle(one).backgroundColor, getComputedStyle(one).color])"


def test_chips_and_pages_have_the_colours_of_the_palette(page: Page, address: str) -> None:
    opened(page, address, "state_of_talks", "?as_of=2018-02-28")
    looks = {f"chip {chip.name}": (in_css(chip.ground), in_css(chip.text)) for chip in palette.CHIPS}
    seen = {name: (ground, text) for name, ground, text in page.locator(".chip").evaluate_all(LOOKS)}
    assert {"chip begun", "chip unsettled", "chip done", "chip absent"} <= seen.keys()
    assert seen == {name: looks[name] for name in seen}
    page.goto(f"{address}voila/render/atlantis.ipynb")
    ((_, head, words),) = page.locator("header.book").evaluate_all(LOOKS)
    assert (head, words) == (in_css(palette.INK), in_css(palette.PAPER))
    assert palette.INK.removeprefix("#") in (page.get_attribute("link[rel=icon]", "href") or "")


def in_css(colour: str) -> str:
    """A colour as a browser computes it."""
    return "rgb({}, {}, {})".format(*(int(colour[place : place + 2], 16) for place in (1, 3, 5)))


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


def kernels(server: psutil.Process) -> set[int]:
    zygotes = [child for child in server.children() if "briefing.prefork.zygote" in child.cmdline()]
    return {kernel.pid for zygote in zygotes for kernel in zygote.children()}


def test_pages_that_no_browser_opened_lose_their_kernels_and_an_open_page_keeps_its(
    page: Page, server: tuple[psutil.Process, str]
) -> None:
    process, address = server
    opened(page, address, "deficit_trends")
    before = kernels(process)
    for _ in range(4):
        urlopen(f"{address}voila/render/in_brief.ipynb", timeout=60).read()
    bare = kernels(process) - before
    assert bare
    page.wait_for_timeout(26_000)
    settled = time.monotonic() + 60
    while kernels(process) & bare and time.monotonic() < settled:  # kernels end one after another
        page.wait_for_timeout(500)
    assert kernels(process) & bare == set()
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


CHAPTERS_AND_WORKBENCH = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("chapter", CHAPTERS_AND_WORKBENCH)
def test_no_page_is_wider_than_the_screen_and_what_scrolls_in_it_is_reached_by_keys(
    page: Page, address: str, chapter: str
) -> None:
    page.goto(f"{address}voila/render/{chapter}.ipynb")
    for width in (320, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(UNREACHED) == []
    assert page.locator("th:empty").count() == 0


UNREACHED = """[...document.querySelectorAll("main *")].filter((element) =>
  ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1
  && element.tabIndex < 0 && !element.querySelector("[tabindex]")).map((element) => element.outerHTML.slice(0, 200))"""

CHOSEN = """(selector) => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(selector));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
CLIPBOARD = """async () => {
  const [item] = await navigator.clipboard.read();
  return Promise.all(["text/plain", "text/html"].map(async (type) => (await item.getType(type)).text()));
}"""


@pytest.mark.parametrize("table", ["#ledgers-spans", "#last-months"])
def test_a_copied_table_is_numbers_to_a_programme_and_keeps_its_minus_on_the_page(
    page: Page, context: BrowserContext, address: str, table: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, address, "deficit_trends")
    expect(page.locator(f"{table} td", has_text="−").first).to_be_visible()
    page.evaluate(CHOSEN, f"{table} table")
    page.keyboard.press("Control+c")
    text, html = page.evaluate(CLIPBOARD)
    (marked,) = pd.read_html(io.StringIO(html))
    for pasted in (
        pd.read_csv(io.StringIO(text), sep="\t"),
        pd.read_csv(io.StringIO(text), sep="\t", thousands=","),
        marked,
    ):
        assert len(pasted) == page.locator(f"{table} tbody tr").count()
        assert [column for column in pasted.columns[1:] if pasted[column].dtype.kind not in "fi"] == []
        assert (pasted["US balance" if "spans" in table else "Balance"] < 0).all()


def test_cells_chosen_within_a_table_are_copied_as_its_cells(page: Page, context: BrowserContext, address: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, address, "deficit_trends")
    page.evaluate(CHOSEN, "#last-months tbody tr:last-child")
    page.keyboard.press("Control+c")
    text, html = page.evaluate(CLIPBOARD)
    assert re.fullmatch(r"November 2016\t\d+\.\d\t\d+\.\d\t-\d+\.\d\t-\d+\.\d\s*", text)
    assert html.startswith("<table><tbody><tr><th") and "data-tip" not in html


def test_content_is_readable_before_any_script_runs(address: str) -> None:

    with urlopen(f"{address}voila/render/deficit_trends.ipynb", timeout=60) as reply:
        html = reply.read().decode()
    assert 'id="deficit-headline"' in html and "<svg" in html


def test_a_refused_address_is_said_without_scripts_too(address: str) -> None:
    with urlopen(f"{address}voila/render/in_brief.ipynb?partner=%3Cb%3EAtlantis", timeout=60) as reply:
        html = reply.read().decode()
    assert '<noscript><p class="refusal" role="alert">Partner &#x27;&lt;b&gt;Atlantis&#x27; is in no list' in html
