// The front end of Field: a list, or without choices a day. What is chosen by pointer is taken at once; what is typed is
// the reader's until Enter is pressed or the field is left, and nothing rewrites it meanwhile. Escape takes it back.

const PAUSE = 1200; // a list stepped through by keys is taken when no further one comes; a day may still be half typed
const IDLE_KEYS = ["Tab", "Shift", "Control", "Alt", "Meta"];

// What the page shows, beside the label: the day in words, for the browser writes it in the order of its own locale.
function inWords(field) {
  const words = document.createElement("span");
  words.id = `shown-${crypto.randomUUID?.() ?? Math.random()}`;
  field.setAttribute("aria-describedby", words.id);
  return words;
}

// The browser's own button lies within the field, and Tab would not leave it.
function calendar(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = "Choose the day from a calendar";
  button.addEventListener("click", () => field.showPicker());
  return button;
}

function render({ model, el }) {
  el.classList.add("field");
  const isDay = !model.get("options").length;
  const label = document.createElement("label");
  const words = label.appendChild(document.createElement("span"));
  const field = label.appendChild(document.createElement(isDay ? "input" : "select"));
  el.append(label);
  if (isDay) {
    field.type = "date";
    field.max = "9999-12-31"; // a year has four digits; which days are on record is said in words
    el.append(calendar(field));
  }
  const shown = isDay && el.appendChild(inWords(field));
  let byKey = false, untaken = false, pause = 0;

  const take = () => {
    clearTimeout(pause);
    byKey = untaken = false;
    if (field.value === model.get("value")) return;
    model.set("value", field.value);
    model.save_changes();
  };

  const fill = () => {
    if (isDay || untaken) return;
    field.replaceChildren(...model.get("options").map(([text, value]) => new Option(text, value)));
    field.value = model.get("value");
  };

  // A day that is none has no value: setting that would wipe what was typed.
  const follow = () => {
    if (!untaken && model.get("value")) field.value = model.get("value");
  };

  const mark = () => field.setAttribute("aria-invalid", model.get("refused"));

  const say = () => {
    if (shown) shown.textContent = model.get("words");
  };

  field.addEventListener("pointerdown", () => (byKey = false));
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") field.value = model.get("shown");
    if (key === "Escape" || key === "Enter") take();
    else if (!IDLE_KEYS.includes(key)) byKey = untaken = true;
  });
  field.addEventListener("change", () => {
    clearTimeout(pause);
    if (!byKey) take();
    else if (!isDay) pause = setTimeout(take, PAUSE);
  });
  field.addEventListener("blur", take);

  words.textContent = model.get("label");
  fill();
  follow();
  mark();
  say();
  const changes = { "change:options": fill, "change:value": follow, "change:refused": mark, "change:words": say };
  for (const [name, does] of Object.entries(changes)) model.on(name, does);
  return () => Object.entries(changes).forEach(([name, does]) => model.off(name, does));
}

export default { render };
