"""What changes by itself can be paused, and takes the focus from nobody. That it is told: see `test_walk`."""

import pytest
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.one_site.looking import looker

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

POLLS = 2_000  # milliseconds between two questions


@pytest.fixture
def run_page(browser, site):
    with looker(browser, site, signed_in=True) as tab:
        tab.open(f"/runs/{site.run.pk}/")
        yield tab.page
        assert [] == tab.complaints


def is_swapped(page, within: float) -> bool:
    """Whether the moving part of the page is soon another element than it is now."""
    page.evaluate("document.getElementById('progress').dataset.seen = ''")
    try:
        page.locator("#progress:not([data-seen])").wait_for(timeout=within)
    except TookTooLong:
        return False
    return True


def test_the_focus_stays_on_a_button_that_is_swapped_under_it(run_page):
    run_page.get_by_role("button", name="Cancel the run").focus()

    assert is_swapped(run_page, within=5 * POLLS)

    assert "cancel" == run_page.evaluate("document.activeElement.id")


def test_updates_are_paused_and_go_on(run_page):
    pause = run_page.get_by_role("button", name="Pause updates")
    pause.click()
    assert "true" == pause.get_attribute("aria-pressed")
    assert not is_swapped(run_page, within=1.5 * POLLS)

    pause.click()

    assert is_swapped(run_page, within=5 * POLLS)
