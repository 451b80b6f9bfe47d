"""On paper a page is dark on light, without what can only be clicked, and nothing of its tables is cut off."""

import pytest

from tests.browser.one_site.looking import looker, overflow, sideways
from tests.browser.one_site.public_pages import public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

A4 = {"width": 718, "height": 1047}  # CSS pixels within the usual margins
COLOUR = "getComputedStyle(document.body).color"
INK = "rgb(18, 25, 28)"


@pytest.fixture
def paper(browser, site):
    with looker(browser, site, viewport=A4, color_scheme="dark") as tab:
        tab.page.emulate_media(media="print")
        yield tab


def test_nothing_is_cut_off_on_paper(paper, site):
    found = {}
    for page in (page for page in public_pages(site) if not page.signed_in):
        paper.open(page.path)
        found[page.path] = overflow(paper.page) + sideways(paper.page)

    assert {} == {path: wrongs for path, wrongs in found.items() if wrongs}


def test_paper_has_no_navigation_and_dark_ink_in_the_dark_theme_too(paper):
    paper.open("/")

    assert not paper.page.locator("nav:visible, button:visible, select:visible").count()
    assert INK == paper.page.evaluate(COLOUR)


def test_the_board_is_a_table_on_paper(paper):
    paper.open("/")

    assert paper.page.get_by_role("columnheader", name="Wins").is_visible()
    assert paper.page.locator(".ranking .detail").first.is_visible()
