"""`make pictures`: the pictures of this folder, taken anew from a demo board that is made for them and thrown away."""

import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from tests.chromium import FLAGS, NO_CHROMIUM, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HERE = Path(__file__).resolve().parent
WIDTH = 1280
QUALITY = 82  # of WebP, in per cent
TOP = "one => one.getBoundingClientRect().top + scrollY"
SIGN_IN = re.compile(r"Sign in as (?P<name>\S+) with the password (?P<password>\S+)")
SERVING = re.compile(r"Serving (?P<address>http://\S+?)/ until")


@dataclass(frozen=True)
class Picture:
    """`go`: from the board, which is open, to what is shown. `top`: a selector of what the picture begins with."""

    name: str
    height: int
    go: Callable[["Page"], None] = lambda page: None
    theme: Literal["light", "dark"] = "light"
    top: str = ""


def path(address: str) -> Callable[["Page"], None]:
    return lambda page: follow(page, address)


def first(selector: str, address: str = "/") -> Callable[["Page"], None]:
    """To where the first link of a page leads."""

    def go(page: "Page") -> None:
        follow(page, address)
        page.locator(selector).first.click()
        page.wait_for_load_state()

    return go


def follow(page: "Page", address: str) -> None:
    page.goto("/".join(page.url.split("/")[:3]) + address)


def disputed_match(page: "Page") -> None:
    """Of one turn, so that what the judges said is not far below, and in English: other scripts want their fonts."""
    follow(page, "/agreement/cases/?judges=a&people=b")
    single = page.locator(".match-list li").filter(has_not_text="turn 2").locator("a").all()
    for address in [_address(link) for link in single]:
        follow(page, address)
        if page.locator(".asked [lang=en]").count():
            return


def english_ballot(page: "Page") -> None:
    follow(page, "/vote/")
    while not page.locator(".asked [lang=en]").count():
        page.get_by_role("button", name="Skip").click()
        page.wait_for_load_state()
    follow(page, "/vote/")


def compare_leaders(page: "Page") -> None:
    leader, second = page.locator(".ranking .model-name").all()[:2]
    slugs = [_address(link).split("?")[0].split("/")[-2] for link in (leader, second)]
    follow(page, "/compare/{}/{}/".format(*slugs))


def _address(link: "Locator") -> str:
    return link.get_attribute("href") or ""


def plan_a_run(page: "Page") -> None:
    follow(page, "/submit/")
    page.get_by_label("Base URL").fill("https://models.example.com/v1")
    page.get_by_label("Model name").fill("my-model-7b")
    page.get_by_role("button", name="Check the plan").click()
    page.get_by_text("Rating known to").wait_for()


PICTURES = (
    Picture("board", 1310),
    Picture("charts", 1330, path("/boards/demo/figures/"), theme="dark", top=".charts > :nth-child(3)"),
    Picture("match", 1340, disputed_match),
    Picture("compare", 1260, compare_leaders),
    Picture("judge", 1500, first(".judges .model-name", "/judges/"), theme="dark"),
    Picture("agreement", 1200, path("/agreement/")),
    Picture("submit", 860, plan_a_run, top=".submit-form > :last-child"),
    Picture("vote", 800, english_ballot, theme="dark"),
)


@dataclass(frozen=True)
class Demo:
    address: str
    name: str
    password: str


@contextmanager
def demo() -> Iterator[Demo]:
    """A demo of its own, in a folder that is gone afterwards."""
    with TemporaryDirectory() as folder:
        command = (sys.executable, "manage.py", "demo", "--port", "8790")
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        running = subprocess.Popen(
            command, cwd=HERE.parent, env=environment | {"JUDGEBOARD_VAR": folder}, stderr=subprocess.PIPE, text=True
        )
        try:
            yield _told(running)
        finally:
            running.terminate()
            running.communicate()


def _told(running: subprocess.Popen[str]) -> Demo:
    told: dict[str, str] = {}
    assert running.stderr is not None
    for line in running.stderr:
        for known in (SIGN_IN, SERVING):
            if found := known.search(line):
                told |= found.groupdict()
        if "address" in told:
            return Demo(**told)
    raise SystemExit("The demo ended before it served the board; `make demo` says why.")


def sign_in(page: "Page", seen: Demo) -> None:
    page.goto(f"{seen.address}/sign-in/")
    page.get_by_label("Username").fill(seen.name)
    page.get_by_label("Password").fill(seen.password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def take(page: "Page", picture: Picture, seen: Demo) -> bytes:
    page.emulate_media(color_scheme=picture.theme, reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.goto(f"{seen.address}/")
    picture.go(page)
    top = page.locator(picture.top).evaluate(TOP) - 24 if picture.top else 0
    clip = {"x": 0, "y": top, "width": WIDTH, "height": picture.height, "scale": 1}
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    )
    return b64decode(taken["data"])


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    if not chromium:
        raise SystemExit(NO_CHROMIUM)
    with demo() as seen, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=FLAGS).new_page()
        sign_in(page, seen)
        for picture in PICTURES:
            data = take(page, picture, seen)
            (HERE / f"{picture.name}.webp").write_bytes(data)
            print(f"docs/{picture.name}.webp: {len(data) // 1000} kB")


if __name__ == "__main__":
    main()
