// The run's status in the tab's title, times as "12 seconds ago", a question before a run is cancelled, and a sentence
// for whoever listens: at each change of the status, and when another quarter is done. htmx keeps the page itself live.
"use strict";
{
  const plainTitle = document.title;

  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang);
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
    if (progress) document.title = `${progress.dataset.toldStatus} · ${plainTitle}`;
  }

  // What is swapped cannot speak: the region that does so stays where it is.
  const region = document.querySelector("[data-said]");
  let told = null;

  function say() {
    const progress = document.getElementById("progress");
    if (!progress) return;
    const bars = [...progress.querySelectorAll("progress")];
    const news = [progress.dataset.status, ...bars.map((bar) => Math.floor(4 * bar.position))].join();
    if (told !== null && news !== told) {
      const counts = [...progress.querySelectorAll(".stage-head")].map((head) => head.innerText.replace(/\s+/g, " "));
      region.textContent = [progress.dataset.toldStatus, ...counts].join(". ");
    }
    told = news;
  }

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  function show() {
    showStatus();
    showAges();
    say();
  }

  document.addEventListener("htmx:afterSettle", show);
  show();
}
