"""Everything but live progress works where no script runs: the pages are read, and what they offer is done."""

import pytest

from apps.humans.models import Vote
from apps.runs.models import Run
from tests import stage
from tests.browser.one_site.looking import NARROW, looker
from tests.browser.one_site.public_pages import public_pages

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

# A control that only a script would answer: a button that sends no form, a link to nowhere, a request of htmx alone.
DEAD = """() => [...document.querySelectorAll("button:not([type=submit]), a[href='#'], a:not([href]), [hx-post]:not([type=submit])")]
    .filter((one) => one.checkVisibility()).map((one) => one.outerHTML)"""


@pytest.fixture
def tab(browser, site):
    with looker(browser, site, java_script_enabled=False, viewport=NARROW) as tab:
        yield tab


@pytest.fixture
def door(browser, site):
    with looker(browser, site, java_script_enabled=False, signed_in=True) as tab:
        yield tab


def test_no_page_offers_what_only_a_script_could_do(browser, site):
    for signed_in in (False, True):
        with looker(browser, site, java_script_enabled=False, signed_in=signed_in) as tab:
            for page in (page for page in public_pages(site) if page.signed_in == signed_in):
                tab.open(page.path)
                assert tab.page.locator("main h1").is_visible()
                assert (page.path, []) == (page.path, tab.page.evaluate(DEAD))


def test_the_board_is_filtered_sorted_and_seen_in_other_eyes(tab, site):
    tab.open("/")
    tab.page.get_by_label("Ranked by").select_option("People")
    tab.page.get_by_role("button", name="Show", exact=True).click()
    tab.page.get_by_role("heading", name="in people’s eyes").wait_for()
    tab.page.get_by_label("Model", exact=True).fill("bri")
    tab.page.get_by_role("button", name="Filter").click()
    assert ["Briar"] == tab.page.locator(".ranking .model-name").all_inner_texts()
    tab.page.get_by_role("link", name="Show all").click()
    tab.page.locator(".ranking thead").get_by_role("link", name="Model").click()
    assert "sort=model" in tab.page.url
    tab.page.locator(".ranking summary").first.click()
    assert tab.page.locator(".ranking .detail").first.is_visible()


def test_two_models_are_compared(tab):
    tab.open("/compare/")
    tab.page.locator("select[name=a]").select_option("Aster")
    tab.page.locator("select[name=b]").select_option("Clove")
    tab.page.get_by_role("button", name="Compare").click()
    tab.page.get_by_role("heading", name="Match by match").wait_for()


def test_a_vote_is_cast_and_taken_back(tab, site):
    before = Vote.objects.count()
    tab.open("/vote/")
    tab.page.get_by_role("button", name="Tie").click()
    tab.page.get_by_text("You called it a tie").wait_for()
    assert before + 1 == Vote.objects.count()
    tab.page.get_by_role("button", name="Take this vote back").click()
    assert before == Vote.objects.count()


def test_a_model_is_submitted(door, site):
    door.open("/submit/")
    door.page.get_by_label("Base URL").fill(stage.ADDRESS)
    door.page.get_by_label("Model name").fill("gale-7b")
    door.page.get_by_label("Display name").fill("Gale")
    door.page.get_by_role("button", name="Check the plan").click()
    door.page.get_by_role("button", name="Start the run").click()
    door.page.get_by_role("heading", name="Gale").wait_for()
    assert Run.objects.filter(newcomer__name="Gale").exists()
