// Single keys press what a page marks with data-key. "?" tells which; they can be changed and switched off, for good.
"use strict";
{
  const STORED = "judgeboard.keys"; // what differs from the defaults: {"off": true, "left": "a"}
  const HELP = "?";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Where a browser keeps nothing, a change holds for this page.
  function stored() {
    try { return JSON.parse(localStorage.getItem(STORED)) ?? {}; } catch { return {}; }
  }
  function store(keys) {
    try { localStorage.setItem(STORED, JSON.stringify(keys)); } catch { /* see above */ }
  }

  let changed = stored();
  const dialog = document.querySelector("[data-keys]");
  const close = dialog.querySelector("[data-keys-close]");
  const doors = all("[data-key]");
  const keyOf = (door) => changed[door.dataset.key] ?? door.dataset.keyDefault;
  const nameOf = (door) => [...door.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();
  const said = dialog.querySelector("[data-keys-said]");

  // --- pressing ---
  const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
  const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing);

  document.addEventListener("keydown", (event) => {
    if (changed.off || dialog.open || !isPlain(event) || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    const door = doors.find((one) => keyOf(one) === key);
    if (!door && key !== HELP) return;
    event.preventDefault();
    if (door) door.click();
    else open();
  });

  // The focus goes to no field: a key that is only tried out would change something.
  function open() {
    dialog.showModal();
    close.focus();
  }
  close.addEventListener("click", () => dialog.close());

  // --- changing ---
  const isKey = (key) => key.length === 1 && key !== HELP && key.trim() !== "";

  function change(door, key) {
    const taken = doors.find((other) => other !== door && keyOf(other) === key);
    if (taken) changed[taken.dataset.key] = keyOf(door); // the two change places
    changed[door.dataset.key] = key;
    store(changed);
    show();
    const now = (one) => `${nameOf(one)}: ${keyOf(one).toUpperCase()}.`;
    said.textContent = taken ? `${now(door)} ${now(taken)}` : now(door);
  }

  function field(door) {
    const made = document.createElement("input");
    Object.assign(made, { autocomplete: "off", autocapitalize: "none", spellcheck: false });
    made.addEventListener("input", (event) => {
      const key = (event.data ?? "").toLowerCase(); // what was typed, wherever the caret stood
      if (isKey(key)) change(door, key);
      else show();
    });
    return made;
  }

  function row(door) {
    const label = document.createElement("label");
    label.append(nameOf(door), field(door));
    return label;
  }

  function show() {
    for (const door of doors) {
      const kbd = door.querySelector("kbd");
      kbd.textContent = keyOf(door).toUpperCase();
      kbd.hidden = Boolean(changed.off);
    }
    all("[data-keys-rows] input").forEach((field, n) => { field.value = keyOf(doors[n]).toUpperCase(); });
    for (const box of all("[data-keys-on]")) box.checked = !changed.off;
  }

  function turn(on) {
    changed.off = !on;
    store(changed);
    show();
  }

  function reset() {
    changed = { off: changed.off };
    store(changed);
    show();
    said.textContent = said.dataset.toldReset;
  }

  dialog.querySelector("[data-keys-rows]").append(...doors.map(row));
  dialog.querySelector("[data-keys-here]").hidden = doors.length === 0;
  dialog.querySelector("[data-keys-reset]").addEventListener("click", reset);
  for (const box of all("[data-keys-on]")) box.addEventListener("change", () => turn(box.checked));
  for (const button of all("[data-keys-open]")) button.addEventListener("click", open);
  for (const one of all("[data-keys-shown]")) one.hidden = false;
  show();
}
