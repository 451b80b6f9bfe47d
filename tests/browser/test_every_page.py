"""Every public page in Chromium: no barrier that axe calls serious, nothing from elsewhere, no overflow, no lone chart."""

from collections import defaultdict

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.looking import NARROW, WIDE, grave_barriers, lone_charts, looker, overflow, unfold
from tests.browser.public_pages import NO_PAGES, public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every page")]

# Each theme once and each width once; the other two views take as long again.
SOME_VIEWS = (("light", WIDE), ("dark", NARROW))
OTHER_VIEWS = (("light", NARROW), ("dark", WIDE))


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    """Of all URLs, as `reverse` takes them."""
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern.url_patterns, inner)
        else:
            found.add(f"{prefix}{pattern.name}")
    return found


def test_no_page_is_forgotten(site):
    known = {page.url_name for page in public_pages(site)} - {""} | NO_PAGES.keys()

    assert known == names(get_resolver("apps.board.urls").url_patterns)


def test_the_site_has_charts_to_look_at(browser, site):
    with looker(browser, site) as tab:
        tab.open("/")

        assert 2 == tab.page.locator("figure.figure svg").count()


def look(browser, site, views):
    """What is wrong, and on which pages in which views."""
    found = defaultdict(list)
    for signed_in in (False, True):
        with looker(browser, site, signed_in=signed_in) as tab:
            for page in (page for page in public_pages(site) if page.signed_in == signed_in):
                tab.open(page.path)
                unfold(tab.page)
                for theme, size in views:
                    tab.page.emulate_media(color_scheme=theme)
                    tab.page.set_viewport_size(size)
                    for wrong in grave_barriers(tab.page) + overflow(tab.page) + lone_charts(tab.page):
                        found[wrong].append(f"{page.path} {theme} {size['width']}")
            assert [] == tab.complaints
    return "\n\n".join(f"{wrong}\n    on {', '.join(where)}" for wrong, where in found.items())


@pytest.mark.parametrize("views", [SOME_VIEWS, pytest.param(OTHER_VIEWS, marks=pytest.mark.thorough)])
def test_no_page_has_a_barrier_overflows_or_asks_elsewhere(browser, site, views):
    found = look(browser, site, views)

    assert not found, found
