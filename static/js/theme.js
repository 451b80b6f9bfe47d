// Light, dark or automatic: read before the first paint, changed by the button in the header, kept in localStorage.
"use strict";
{
  const STORED = "judgeboard.theme";
  const NEXT = { auto: "light", light: "dark", dark: "auto" };
  const root = document.documentElement;

  // Where a browser keeps nothing, the choice holds for this page.
  function stored() {
    try { return localStorage.getItem(STORED); } catch { return null; }
  }
  function store(theme) {
    try { localStorage.setItem(STORED, theme); } catch { /* see above */ }
  }

  const current = () => root.dataset.theme ?? "auto";

  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  function label(button) {
    const { toldAuto, toldLight, toldDark } = button.dataset; // in the language of the page
    const told = { auto: toldAuto, light: toldLight, dark: toldDark }[current()];
    button.setAttribute("aria-label", told);
    button.title = told.split(". ")[0];
  }

  function offer() {
    const button = document.querySelector("[data-theme-toggle]");
    if (!button) return;
    button.hidden = false;
    label(button);
    button.addEventListener("click", () => {
      const theme = NEXT[current()];
      show(theme);
      store(theme);
      label(button);
    });
  }

  show(stored());
  document.addEventListener("DOMContentLoaded", offer);
}
