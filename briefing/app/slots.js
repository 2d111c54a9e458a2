// The front end of Slots: puts new content into the page's slots, says what is going on, and keeps the
// address in step. Slots lie anywhere in the document; this view itself shows nothing but its status
// where the page has no place for one (JupyterLab).

function render({ model, el }) {
  const filled = new Map();
  let status = document.getElementById("briefing-status");
  if (!status) {
    status = document.createElement("p");
    status.setAttribute("role", "status");
    el.append(status);
  }

  const fill = () => {
    for (const [id, html] of Object.entries(model.get("contents"))) {
      if (filled.get(id) === html) continue;
      const slots = document.querySelectorAll(`[data-slot="${CSS.escape(id)}"]`);
      for (const slot of slots) slot.innerHTML = html;
      if (slots.length) filled.set(id, html);
    }
  };

  const say = () => {
    const words = model.get("status");
    status.textContent = words;
    document.documentElement.classList.toggle("working", words.startsWith("Working"));
  };

  const address = () => {
    // JupyterLab keeps its own state in the address: only a page of the book may change it.
    if (!window.briefing || !model.get("query")) return;
    history.replaceState(history.state, "", `?${model.get("query")}${location.hash}`);
    window.briefing.refreshLinks();
  };

  model.on("change:contents", fill);
  model.on("change:status", say);
  model.on("change:query", address);
  fill();
  say();

  return () => {
    model.off("change:contents", fill);
    model.off("change:status", say);
    model.off("change:query", address);
  };
}

export default { render };
