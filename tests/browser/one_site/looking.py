"""Looks at a page in Chromium and says what is wrong with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

    from tests.browser.one_site.site import Site

NARROW, WIDE = {"width": 320, "height": 720}, {"width": 1280, "height": 900}
PATIENCE = 10_000  # milliseconds
GRAVE = ("serious", "critical")
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .flatMap(({id, impact, nodes}) => nodes.map(({target, failureSummary}) =>
        [impact, `${id} at ${target.join(" ")}: ${failureSummary}`]))"""
OVERFLOW = """() => {
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
    const out = [...document.body.querySelectorAll("*")].filter((one) =>
        one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one.parentElement));
    return [`${wide} px too wide: ` + out.slice(0, 5).map((one) => `${one.localName}.${one.className}`).join(", ")];
}"""

# Tables of figures are as wide as their charts need; all others become cards.
SIDEWAYS = """() => [...document.querySelectorAll(".table-box")]
    .filter((one) => !one.closest("figure") && one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => {
        const end = one.getBoundingClientRect().right + 1;
        const out = [...one.querySelectorAll("*")].filter((inner) => inner.getBoundingClientRect().right > end);
        return `a table that scrolls, with ${out.at(-1)?.outerHTML.slice(0, 120)}`;
    })"""

# WCAG 2.2, 2.5.8: 24 px, or so far from the next target that circles of 24 px do not meet it; links in a sentence are free.
LEAST_TARGET = 24
CRAMPED = """(least) => {
    const inSentence = (one) => getComputedStyle(one).display === "inline" &&
        [...one.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim().length > 1);
    const seen = (one) => {  // not scrolled out of its box
        const box = one.closest(".table-box, .choice-list")?.getBoundingClientRect(), own = one.getBoundingClientRect();
        return own.width && one.checkVisibility() && (!box || own.bottom <= box.bottom && own.right <= box.right);
    };
    const targets = [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
        .filter((one) => seen(one) && !one.matches("svg *, .skip"))
        .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()]);
    const isSmall = (box) => box.width < least || box.height < least;
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const isNear = ([x, y], box) => {
        const [otherX, otherY] = middle(box);
        const gap = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
        return gap < least / 2 || isSmall(box) && Math.hypot(otherX - x, otherY - y) < least;
    };
    return targets.filter(([one, box]) => isSmall(box) && !inSentence(one) && targets.some(([other, otherBox]) =>
            !one.contains(other) && !other.contains(one) && isNear(middle(box), otherBox)))
        .map(([one, box]) => `a target of ${Math.round(box.width)} x ${Math.round(box.height)} px: ${one.outerHTML.slice(0, 80)}`);
}"""

LONE_CHARTS = """() => [...document.querySelectorAll("main svg:not([aria-hidden])")].map((chart) => {
    const figure = chart.closest("figure");
    if (!figure?.querySelector("figcaption p")?.textContent.trim()) return "a drawing without a sentence of what it shows";
    if (figure.querySelectorAll("tbody tr").length < 2) return "a drawing without its rows";
    const files = [...figure.querySelectorAll("a[download]")].map((one) => one.textContent);
    return files.join() === "SVG,CSV" ? "" : `a drawing with the files ${files}`;
}).filter(Boolean)"""


class Looker:
    """A tab whose complaints are kept: script errors, refusals of the security policy, dialogs, requests elsewhere."""

    def __init__(self, page: "Page", site: "Site") -> None:
        self.page, self.site = page, site
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._follow)
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open(self, path: str) -> None:
        """Raises AssertionError where the page is broken, so that nobody looks at an error page instead."""
        answer = self.page.goto(self.site.url + path)
        assert answer and answer.status < 500, f"{path}: {answer and answer.status}"

    def _hear(self, message: "ConsoleMessage") -> None:
        # Refusals of the policy are told as errors; an answer of 404 is what some pages are about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _follow(self, request: "Request") -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(f"{self.site.url}/"):
            self.complaints.append(f"asked elsewhere: {request.url}")


@contextmanager
def looker(browser: "Browser", site: "Site", *, signed_in: bool = False, **options: object) -> Iterator[Looker]:
    """A fresh browser window; see `Browser.new_context` for the options. Without motion: colours are read at once."""
    with browser.new_context(**{"reduced_motion": "reduce"} | options) as context:
        if signed_in:
            context.add_cookies(site.session)
        context.set_default_timeout(PATIENCE)
        yield Looker(context.new_page(), site)


def unfold(page: "Page") -> None:
    """What is folded away is part of the page too."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def grave_barriers(page: "Page") -> list[str]:
    """What axe calls serious or critical on the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [told for impact, told in page.evaluate(AXE) if impact in GRAVE]


def overflow(page: "Page") -> list[str]:
    """What makes the page scroll sideways."""
    return page.evaluate(OVERFLOW)


def sideways(page: "Page") -> list[str]:
    """Tables that have to be scrolled sideways to be read."""
    return page.evaluate(SIDEWAYS)


def cramped(page: "Page") -> list[str]:
    """Buttons and links that are small and stand close to another."""
    return page.evaluate(CRAMPED, LEAST_TARGET)


def lone_charts(page: "Page") -> list[str]:
    """Drawings that carry meaning and lack their caption, their table or their files."""
    return page.evaluate(LONE_CHARTS)
