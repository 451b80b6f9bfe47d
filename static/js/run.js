// The run's status in the tab's title, times as "12 seconds ago", and a question before a run is cancelled.
// The page itself is kept live by htmx.
"use strict";
{
  const plainTitle = document.title;

  const ago = new Intl.RelativeTimeFormat("en");
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  function showAges() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.max(0, Math.round((Date.now() - new Date(time.dateTime)) / 1000));
      const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? UNITS.at(-1);
      time.title ||= time.textContent;
      time.textContent = ago.format(-Math.floor(seconds / size), unit);
    }
  }

  function showStatus() {
    const progress = document.getElementById("progress");
    if (progress) document.title = `${progress.dataset.status} · ${plainTitle}`;
  }

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  function show() {
    showStatus();
    showAges();
  }

  document.addEventListener("htmx:afterSettle", show);
  show();
}
