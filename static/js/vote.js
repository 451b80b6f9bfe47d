// Ten votes with ten keys: 1 left, 2 right, 3 tie, 4 both bad, S skip; N for the next ballot. Can be switched off.
"use strict";
{
  const CHOICE = { 1: "left", 2: "right", 3: "tie", 4: "both_bad", s: "skip" };
  const STORED = "judgeboard.vote-keys";
  const form = document.querySelector("[data-ballot]");
  const next = document.querySelector("[data-next]");
  const toggle = document.querySelector("[data-keys] input");

  const isOn = () => localStorage.getItem(STORED) !== "off";
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const isPlain = (event) => !(event.ctrlKey || event.altKey || event.metaKey || event.repeat);

  function press(key) {
    const choice = CHOICE[key];
    if (form && choice) form.querySelector(`button[value="${choice}"]`).click();
    if (next && key === "n") next.click();
  }

  document.addEventListener("keydown", (event) => {
    if (isOn() && isPlain(event) && !isTyping(event.target)) press(event.key.toLowerCase());
  });

  // One vote a ballot is the server's promise; here a second click only must not look like a second vote.
  let sent = false;
  form?.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { sent = false; form?.removeAttribute("aria-busy"); });

  if (toggle) {
    toggle.closest("[data-keys]").hidden = false;
    const show = () => {
      toggle.checked = isOn();
      form.classList.toggle("keys-off", !isOn());
    };
    toggle.addEventListener("change", () => {
      localStorage.setItem(STORED, toggle.checked ? "on" : "off");
      show();
    });
    show();
  }
}
