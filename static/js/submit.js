// Small comforts of the submit form: the display name follows the model name until it is edited; all or none at a click.
"use strict";
{
  const form = document.querySelector("[data-submit]");
  const model = form.elements.model;
  const name = form.elements.name;

  let follows = name.value === "" || name.value === model.value;
  name.addEventListener("input", () => { follows = name.value === ""; });
  model.addEventListener("input", () => { if (follows) name.value = model.value; });

  const isNone = (boxes) => boxes.every((box) => !box.checked);

  function offerAllOrNone(group) {
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    if (boxes.length < 4) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    const label = () => { button.textContent = isNone(boxes) ? group.dataset.toldAll : group.dataset.toldNone; };
    button.addEventListener("click", () => {
      const ticked = isNone(boxes);
      for (const box of boxes) box.checked = ticked;
      label();
    });
    group.addEventListener("change", label);
    label();
    group.querySelector("legend").after(button);
  }

  form.querySelectorAll("[data-choices]").forEach(offerAllOrNone);

  // A plan that was checked speaks of the form as it was then.
  form.addEventListener("input", (event) => {
    const start = form.querySelector("button[value=start]");
    if (start && event.target.name !== "key") document.getElementById("plan").classList.add("is-stale");
  });
}
