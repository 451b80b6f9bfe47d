// Copies what stands in a field; without it, the field is there to copy from by hand.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const SHOWN = 2000; // milliseconds for which the button says what happened

  async function copied(field) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      field.select(); // not allowed here: one key press is left to do
      return false;
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "hint";
    button.after(said);
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = await copied(field) ? button.dataset.toldCopied : button.dataset.toldByHand;
      setTimeout(() => { said.textContent = ""; }, SHOWN);
    });
  }
});
