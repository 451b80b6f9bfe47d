"""S10 in a real browser: the `page` fixture fails at the first complaint of the content security policy."""

import pytest

from tests.security import nasty_board
from tests.security.nasty import NASTY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_page_of_all_nasty_outputs_runs_nothing_and_calls_nobody(live_server, page):
    match = nasty_board.one_long_match()
    dialogs, elsewhere = [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: elsewhere.append(asked.url) if _is_elsewhere(asked.url, live_server.url) else None)

    page.goto(f"{live_server.url}/b/{match.pk}/")
    shown = page.locator(".prose").count()
    page.eval_on_selector_all("details", "found => found.forEach(element => { element.open = true })")
    touch = "found => found.forEach(element => element.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))"
    page.eval_on_selector_all(".prose, .prose *", touch)
    page.wait_for_load_state("networkidle")

    # Each text as a prompt, as its reference and twice as an answer, and as a reason.
    assert 5 * len(NASTY) == shown
    assert ([], []) == (dialogs, elsewhere)
    assert page.url == f"{live_server.url}/b/{match.pk}/"
    acting = (
        "iframe, object, embed, base, main style, main script, main form, .prose svg, [onerror], [onload], [onclick]"
    )
    acting += ", math [href], math [style], math [class], math [id], math :is(img, a, mglyph, maction, annotation-xml)"
    assert 0 == page.locator(acting).count()
    schemes = page.eval_on_selector_all(".prose a[href]", "links => links.map(link => link.protocol)")
    assert {"https:", "mailto:"} == set(schemes)


def _is_elsewhere(url: str, home: str) -> bool:
    return not url.startswith((f"{home}/", "data:image/"))
