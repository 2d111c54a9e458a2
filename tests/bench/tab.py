"""One real tab on an idle server: seconds until text is drawn in three charts, and until a control is there.

No request reaches another host. The page is looked through for text in SVG and for text written on
a canvas, in shadow trees too, so that it does not matter how a contender draws.
"""

import time

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench import contenders, processes
from tests.bench.contenders import Contender
from tests.bench.pages.three_charts import TITLES

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Not by Playwright's routes: each request would then pass through Python, on the cores that are measured.
OFFLINE = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {contenders.ADDRESS}"
PATIENCE = 120_000

LISTEN = """
window.written = new Set();
const draw = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.add(String(text));
  return draw.call(this, text, ...rest);
};
window.everywhere = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? window.everywhere(selector, e.shadowRoot) : [])),
];
window.seen = (e) => e.getClientRects().length > 0;
"""

DRAWN = """(titles) => {
  const svgs = window.everywhere("svg").filter((svg) => window.seen(svg) && svg.querySelector("text"));
  const texts = svgs.map((svg) => svg.textContent);
  const named = titles.every((t) => window.written.has(t) || texts.some((text) => text.includes(t)));
  return named || (location.pathname.endsWith("deficit_trends.ipynb") && svgs.length >= 3);
}"""

CONTROL = "() => window.everywhere('select, input, [role=slider], [role=combobox]').some(window.seen)"


def drawn(context: BrowserContext, address: str) -> tuple[float, float]:
    """Seconds to the charts and to the controls, in a tab with nothing cached."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(LISTEN)
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(DRAWN, arg=list(TITLES), polling="raf")
    charts = time.perf_counter() - begin
    page.wait_for_function(CONTROL, polling="raf")
    controls = time.perf_counter() - begin
    page.goto("about:blank")  # as if the tab were closed: the page says its farewell
    page.close()
    return charts, controls


def visits(contender: Contender, repeats: int) -> list[tuple[float, float]]:
    """Tabs one after the other in fresh profiles, after one that warms the server; it is idle before each."""
    with contenders.running(contender) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, OFFLINE])
        times = []
        for _ in range(repeats + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            times.append(drawn(context, server.page))
            context.close()
            processes.settle(server.mark)
        browser.close()
    return times[1:]
