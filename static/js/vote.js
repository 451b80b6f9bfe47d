// One vote a ballot is the server's promise; here a second click only must not look like a second vote.
"use strict";
{
  const form = document.querySelector("[data-ballot]");

  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => { sent = false; form.removeAttribute("aria-busy"); });
}
