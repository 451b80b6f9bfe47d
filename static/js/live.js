// What a page asks for again by itself can be paused, and waits while something in it has the focus that a swap would lose.
"use strict";
{
  const control = document.querySelector("[data-live]");
  const button = control?.querySelector("button");
  let paused = false;

  const repeats = (element) => element.matches("[hx-trigger^='every']");
  const losesFocus = (element) => element.contains(document.activeElement) && !document.activeElement.id;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (repeats(event.target) && (paused || losesFocus(event.target))) event.preventDefault();
  });

  if (button) {
    control.hidden = false;
    button.addEventListener("click", () => {
      paused = !paused;
      button.setAttribute("aria-pressed", String(paused));
    });
  }
}
