// The shell around a chapter: progress while it is written, links that keep its edition, tips, and
// what to say when its kernel is gone. No library; listeners are delegated, so slots may be filled anew.
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  let finished = false;

  // --- while the chapter is written -------------------------------------------------------------
  const progress = (cell, cells) => {
    stay();
    $("#progress").hidden = false;
    $("#progress span").textContent = `… ${cell} of ${cells}`;
    $("#progress").style.setProperty("--done", cell / cells);
  };

  const finish = (widgets) => {
    finished = true;
    $("#progress").remove();
    refreshLinks();
    if (widgets) watchKernel();
    else leave();
  };

  addEventListener("DOMContentLoaded", () => {
    refreshLinks();
    tend();
    new MutationObserver(tend).observe($("main"), { childList: true, subtree: true, attributeFilter: ["aria-valuetext"] });
    if (config() && !finished) say("The page broke off before its end: the server stopped answering.");
  });

  // Voila calls these by name.
  window.voila_heartbeat = window.voila_finish = () => {};

  // --- links keep the edition -------------------------------------------------------------------
  function refreshLinks() {
    for (const link of document.querySelectorAll("header.book a")) link.search = location.search;
    // Served alone (voila one.ipynb), a chapter has no neighbours to link to.
    const alone = config() && !location.pathname.includes("/voila/render/");
    if (alone) $("header.book nav").hidden = true;
  }

  // --- the kernel -------------------------------------------------------------------------------
  function config() {
    const element = document.getElementById("jupyter-config-data");
    return element && JSON.parse(element.textContent);
  }

  // Voila's own farewell sends the _xsrf cookie, which nothing on its pages sets: 403, and the kernel
  // stays. The server asks only that cookie and form agree.
  if (!/(^|; )_xsrf=/.test(document.cookie)) {
    const random = crypto.getRandomValues(new Uint8Array(16));
    const token = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
    document.cookie = `_xsrf=${token}; path=/; SameSite=Strict`;
  }

  function endKernel() {
    const { baseUrl, kernelId } = config();
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "");
    navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  }

  const manager = () => window.jupyterapp?.widgetManager;
  const gone = "This page's session has ended. What you see stays; reload the page to use the controls again.";

  // Voila says its farewell on beforeunload, once its scripts are up; otherwise it is ours to say.
  let said = false;
  addEventListener("beforeunload", () => (said = Boolean(manager())));
  addEventListener("pagehide", () => {
    if (config() && !said && (!finished || $(".cell.controls"))) endKernel();
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  function leave() {
    clearInterval(asking);
    asking = -1;
    endKernel();
  }

  function watchKernel() {
    const began = Date.now();
    const waiting = setInterval(() => {
      late = Date.now() - began > 30000 && !manager();
      if (!manager()) return;
      clearInterval(waiting);
      watch(manager().kernel);
    }, 250);
  }

  // A broken connection is told by the socket, a crash by the status; a kernel that was ended tells nobody, so it is
  // asked after: every half minute, when the reader comes back or has used a control; and every five seconds while no
  // socket is open or no answer came. The server keeps a kernel for twenty seconds after it last heard of its page.
  let asking = 0, asked = 0, kernel = null, unanswered = false, late = false;
  let crashed = false; // a crashed kernel is started anew, empty: the connection is back, the controls are not
  const connected = () => kernel?.connectionStatus === "connected";

  function stay() {
    asking ||= setInterval(() => {
      const calm = connected() && !unanswered;
      if (!calm || (!document.hidden && Date.now() - asked > 29000)) askAfter();
    }, 5000);
  }

  function watch(ours) {
    kernel = ours;
    document.documentElement.classList.add("live");
    let lost = 0;
    kernel.connectionStatusChanged.connect((_, status) => {
      clearTimeout(lost);
      lost = setTimeout(askAfter, status === "connected" ? 0 : 2500);
    });
    kernel.statusChanged.connect((_, status) => {
      crashed ||= ["dead", "restarting", "autorestarting"].includes(status);
      if (crashed) say(gone);
    });
    addEventListener("visibilitychange", () => document.hidden || askAfter());
    addEventListener("change", (event) => event.target.closest?.(".controls") && setTimeout(askAfter, 1500));
  }

  async function askAfter() {
    const { baseUrl, kernelId } = config();
    asked = Date.now();
    const patience = { signal: AbortSignal.timeout(10000) };
    const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, patience).catch(() => null);
    unanswered = !answer || answer.status >= 500;
    if (unanswered) say("The briefing book's server no longer answers. What you see stays; the controls do not work.");
    else if (crashed || !answer.ok) say(gone);
    else if (kernel && !connected()) {
      say("The connection was interrupted and is being tried again. The controls wait.");
      if (kernel.connectionStatus === "disconnected") kernel.reconnect(); // it had given up
    } else if (late && !kernel) say("The controls are still on their way. The chapter itself is complete.");
    else say("");
  }

  function say(sentence) {
    if (sentence) document.documentElement.classList.remove("working");
    $("#banner p").textContent = sentence;
    $("#banner").hidden = !sentence;
  }

  addEventListener("click", (event) => event.target.closest?.("#banner button") && location.reload());

  // --- tips -------------------------------------------------------------------------------------
  // A number reads its period, formula and source; a mark of a chart its description. A group of them
  // is one stop for Tab; arrow keys go from one to the next.
  const GROUPS = ".claim, dl.tiles, figcaption, figure.table table";
  const NUMBERS = "[data-tip]";
  const MARKS = "svg :is(path, line, rect, circle, text)[aria-label]";
  const REACH = 28; // pixels from a mark at which the pointer still means it

  const tip = Object.assign(document.createElement("div"), { id: "tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  const spoken = Object.assign(document.createElement("div"), { className: "aside", ariaLive: "polite" });
  let shown = null;

  const words = (element) => element.dataset?.tip || element.getAttribute("aria-label");

  function show(element, x, y) {
    if (!tip.isConnected) document.body.append(tip, spoken);
    if (shown !== element) {
      hide();
      shown = element;
      element.classList.add("tipped");
      if (element.matches(NUMBERS)) element.setAttribute("aria-describedby", "tip");
      tip.textContent = words(element);
    }
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const below = y + 18 + box.height < innerHeight;
    tip.style.left = `${Math.max(6, Math.min(x + 12, width - box.width - 6))}px`;
    tip.style.top = `${below ? y + 18 : Math.max(6, y - box.height - 12)}px`;
  }

  function hide() {
    tip.hidden = true;
    shown?.classList.remove("tipped");
    shown?.removeAttribute("aria-describedby");
    shown = null;
  }

  let moved = 0; // when a key last moved the page, which then scrolls without meaning to hide the tip

  function showAtElement(element) {
    moved = performance.now();
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
    const box = element.getBoundingClientRect();
    show(element, box.left + box.width / 2, Math.min(box.bottom, box.top + 60) - 10);
  }

  function nearest(picture, x, y) {
    let best = null, distance = REACH;
    for (const mark of picture.querySelectorAll(MARKS.slice(4))) {
      const box = mark.getBoundingClientRect();
      const away = Math.hypot(
        Math.max(box.left - x, 0, x - box.right),
        Math.max(box.top - y, 0, y - box.bottom),
      );
      if (away < distance) [best, distance] = [mark, away];
    }
    return best;
  }

  let frame = 0;
  addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const { target, clientX: x, clientY: y } = event;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const picture = target.closest?.("figure.chart svg");
      const element = target.closest?.(NUMBERS) ?? target.closest?.(`figure.chart ${MARKS}`) ?? (picture && nearest(picture, x, y));
      if (element) show(element, x, y);
      else if (shown && !document.activeElement.contains(shown)) hide();
    });
  });

  addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    const picture = event.target.closest?.("figure.chart svg");
    const element = event.target.closest?.(NUMBERS) ?? (picture && nearest(picture, event.clientX, event.clientY));
    if (element) show(element, event.clientX, event.clientY);
    else hide();
  });

  addEventListener("focusin", (event) => {
    if (event.target.matches?.(NUMBERS) && event.target.matches(":focus-visible")) showAtElement(event.target);
  });
  addEventListener("focusout", hide);
  addEventListener("scroll", () => performance.now() - moved > 400 && hide(), true);

  addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const from = event.target;
    if (!step || !from.matches?.(`${NUMBERS}, figure.chart svg`)) return;
    const picture = from.matches("svg");
    const stops = [...(picture ? from : from.closest(GROUPS) ?? from).querySelectorAll(picture ? MARKS.slice(4) : NUMBERS)];
    const here = stops.indexOf(picture ? shown : from);
    const next = stops[here < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.max(0, Math.min(here + step, stops.length - 1))];
    if (!next) return;
    event.preventDefault();
    if (picture) {
      showAtElement(next);
      spoken.textContent = words(next);
    } else {
      from.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });

  // --- tables are copied for whoever calculates with them ----------------------------------------
  // A true minus, marks of thousands and dashes are for readers; a programme takes them for text.
  const NUMBER = /^−?\d{1,3}(,\d{3})*(\.\d+)?$/;
  const plain = (text) => (text === "–" ? "" : NUMBER.test(text) ? text.replaceAll(",", "").replace("−", "-") : text.replace(/−(?=[$\d])/g, "-"));

  addEventListener("copy", (event) => {
    const chosen = getSelection();
    const range = chosen.rangeCount && chosen.getRangeAt(0);
    const tables = range ? [...document.querySelectorAll("main table")].filter((table) => range.intersectsNode(table)) : [];
    if (!tables.length || !event.clipboardData) return;
    const lines = String(chosen).split("\n").map((line) => line.split("\t").map((text) => plain(text.trim())).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.clipboardData.setData("text/html", copied(range));
    event.preventDefault();
  });

  // The chosen part of the page in its rows and table, each cell as text.
  function copied(range) {
    let part = range.cloneContents();
    for (let around = range.commonAncestorContainer; around && around.nodeName !== "MAIN"; around = around.parentNode) {
      if (around.nodeType !== Node.ELEMENT_NODE || !around.closest("table")) continue;
      const shell = around.cloneNode(false);
      shell.append(part);
      part = shell;
    }
    const page = document.createElement("div");
    page.append(part);
    for (const cell of page.querySelectorAll("td, th")) {
      if (!cell.querySelector("br, small")) cell.textContent = plain(cell.textContent.trim());
    }
    return page.innerHTML;
  }

  // What new content needs: stops for Tab, and names that ipywidgets leaves out or fills with "null".
  function tend() {
    for (const group of document.querySelectorAll(GROUPS)) {
      const stops = [...group.querySelectorAll(NUMBERS)];
      if (!stops.length || stops.some((stop) => stop.tabIndex === 0)) continue;
      stops.forEach((stop, place) => (stop.tabIndex = place ? -1 : 0));
    }
    for (const picture of document.querySelectorAll("figure.chart svg:not([tabindex])")) picture.setAttribute("tabindex", "0");
    for (const label of document.querySelectorAll('.controls [title="null"]')) label.removeAttribute("title");
    for (const slider of document.querySelectorAll(".controls .widget-slider")) {
      const readout = slider.querySelector(".widget-readout");
      readout?.removeAttribute("contenteditable");
      const values = readout?.textContent.split(/\s*[-–]\s*/) ?? [];
      slider.querySelectorAll(".noUi-handle").forEach((handle, place, { length }) => {
        const which = length > 1 ? [", from", ", to"][place] : "";
        name(handle, "aria-label", slider.querySelector("label").textContent + which);
        if (values.length === length) name(handle, "aria-valuetext", values[place]);
      });
    }
  }

  function name(element, attribute, text) {
    if (element.getAttribute(attribute) !== text) element.setAttribute(attribute, text);
  }

  window.briefing = { progress, finish, refreshLinks };
})();
