"""Every public page in Chromium: no barrier that axe calls serious, nothing from elsewhere, no overflow, no cramped target."""

from collections import defaultdict
from itertools import product

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser.one_site.looking import (
    NARROW,
    WIDE,
    cramped,
    grave_barriers,
    lone_charts,
    looker,
    overflow,
    sideways,
    unfold,
)
from tests.browser.one_site.public_pages import NO_PAGES, public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

VIEWS = tuple(product(("light", "dark"), (NARROW, WIDE)))


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


def look(browser, site, views_of):
    """What is wrong, and on which pages in which views. `views_of`: those in which axe looks at the page of a number."""
    found = defaultdict(list)
    for signed_in in (False, True):
        with looker(browser, site, signed_in=signed_in) as tab:
            for number, page in enumerate(public_pages(site)):
                if page.signed_in == signed_in:
                    for wrong, where in wrongs(tab, page, views_of(number)):
                        found[wrong].append(f"{page.path} {where}")
            assert [] == tab.complaints
    return "\n\n".join(f"{wrong}\n    on {', '.join(where)}" for wrong, where in found.items())


def wrongs(tab, page, views):
    tab.open(page.path)
    unfold(tab.page)
    yield from ((wrong, "") for wrong in lone_charts(tab.page))
    for size in (NARROW, WIDE):
        tab.page.set_viewport_size(size)
        found = overflow(tab.page) + sideways(tab.page) + cramped(tab.page)
        yield from ((wrong, size["width"]) for wrong in found)
    for theme, size in views:
        tab.page.set_viewport_size(size)
        tab.page.emulate_media(color_scheme=theme)
        yield from ((wrong, f"{theme} {size['width']}") for wrong in grave_barriers(tab.page))


def test_no_page_overflows_or_asks_elsewhere_and_axe_finds_nothing_where_it_looks(browser, site):
    """Each page in one view, the four views taking turns: what takes the time is axe."""
    found = look(browser, site, lambda number: VIEWS[number % 4 : number % 4 + 1])

    assert not found, found


@pytest.mark.thorough
def test_no_page_has_a_barrier_in_either_theme_at_either_width(browser, site):
    found = look(browser, site, lambda number: VIEWS)

    assert not found, found
