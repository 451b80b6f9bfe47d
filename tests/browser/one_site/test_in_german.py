"""Every page for a reader of German: in German, within the screen, and never another's language."""

import pytest
from django.urls import reverse

from tests.browser.one_site.looking import NARROW, WIDE, cramped, looker, overflow, sideways, unfold
from tests.browser.one_site.public_pages import public_pages
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

FOR_EVERYBODY = ("board:embed",)  # on other people's pages, in English


def wrongs(tab, page):
    """What a reader of German would miss on one page."""
    tab.open(page.path)
    if page.url_name in FOR_EVERYBODY:
        return
    language, nav = tab.page.locator("html").get_attribute("lang"), tab.page.locator(".nav a").first.inner_text()
    if ("de", "Bestenliste") != (language, nav):
        yield f"is in {language}, and begins with {nav}"
    unfold(tab.page)
    for size in (NARROW, WIDE):
        tab.page.set_viewport_size(size)
        found = overflow(tab.page) + sideways(tab.page) + cramped(tab.page)
        yield from (f"{size['width']}: {wrong}" for wrong in found)


def test_every_page_is_german_and_fits(browser, site):
    found = []
    for signed_in in (False, True):
        with looker(browser, site, signed_in=signed_in, locale="de-DE") as tab:
            pages = (page for page in public_pages(site) if page.signed_in == signed_in)
            found += [f"{page.path} {wrong}" for page in pages for wrong in wrongs(tab, page)]
            assert [] == tab.complaints

    assert not found, "\n".join(found)


def test_a_release_that_is_kept_for_good_follows_the_language_that_is_chosen(browser, site):
    """The browser holds the page as immutable, once for each language."""
    address = reverse("board:release", args=[site.board.slug, f"{NOON:%Y-%m-%d}"])
    with looker(browser, site, locale="en-GB") as tab:
        tab.open(address)
        english = tab.page.locator("h1").inner_text()
        tab.page.get_by_role("button", name="Deutsch").click()
        german = tab.page.locator("h1").inner_text()
        tab.page.get_by_role("button", name="English").click()

        assert (address, english) == (tab.page.url.removeprefix(site.url), tab.page.locator("h1").inner_text())
    assert german != english


def test_a_language_is_chosen_without_a_script(browser, site):
    with looker(browser, site, locale="en-GB", java_script_enabled=False) as tab:
        tab.open("/agreement/")
        tab.page.get_by_role("button", name="Deutsch").click()

        assert ("de", f"{site.url}/agreement/") == (tab.page.locator("html").get_attribute("lang"), tab.page.url)
