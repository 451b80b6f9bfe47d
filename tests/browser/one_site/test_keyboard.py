"""The site without a mouse: every stop is marked and in view, single keys can be changed and switched off."""

import pytest

from tests.browser.one_site.looking import NARROW, WIDE, grave_barriers, looker, overflow

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("one site")]

STOPS = 60  # Tab presses a page; the longest of these has about as many
# What has the focus: its name, and what is wrong with how it shows that.
FOCUSED = """async () => {
    await new Promise(requestAnimationFrame); // by then it is scrolled into view
    const one = document.activeElement;
    if (one === document.body) return null;
    const style = getComputedStyle(one);
    const wrong = [];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("is not marked");
    const boxes = [...one.getClientRects()];
    const seen = boxes.some((box) => {
        const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
        const top = document.elementFromPoint(x, y);
        return top && (one.contains(top) || top.contains(one));
    });
    if (!seen) wrong.push("is out of sight");
    return [`${one.localName} ${one.textContent.trim().slice(0, 40)}`, wrong.join(", "), one.tabIndex > 0];
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one), before = getComputedStyle(one, "::before");
    return [style, before].some((told) => told.animationName !== "none" || told.transitionDuration.split(", ").some((time) => time !== "0s"));
}).map((one) => one.className)"""


@pytest.fixture
def tab(browser, site):
    with looker(browser, site, viewport=WIDE) as tab:
        yield tab
        assert [] == tab.complaints


@pytest.fixture
def at_ballot(tab):
    tab.open("/vote/")
    return tab.page


def keys_shown(page) -> list[str]:
    return page.locator(".vote-buttons kbd").all_inner_texts()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", ["/", "/vote/", "/compare/aster/briar/"])
def test_each_stop_is_marked_and_in_view(tab, path, size):
    tab.page.set_viewport_size(size)
    tab.open(path)
    wrong = []
    for _ in range(STOPS):
        tab.page.keyboard.press("Tab")
        stop = tab.page.evaluate(FOCUSED)
        if stop is None:
            break
        wrong += [stop] if stop[1] or stop[2] else []

    assert [] == wrong


def test_the_first_stop_leads_past_the_header(tab):
    tab.open("/")
    tab.page.keyboard.press("Tab")
    assert "Skip to the content" == tab.page.evaluate("document.activeElement.textContent")

    tab.page.keyboard.press("Enter")

    assert "content" == tab.page.evaluate("document.activeElement.id")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_question_mark_opens_the_help_and_escape_leads_back(tab):
    tab.open("/judges/")
    tab.page.keyboard.press("Tab")
    before = tab.page.evaluate("document.activeElement.outerHTML")

    tab.page.keyboard.press("?")
    help_ = tab.page.get_by_role("dialog", name="Keys")
    assert help_.is_visible()
    assert not help_.get_by_text("On this page").is_visible()  # no single key here
    tab.page.keyboard.press("Escape")

    assert not help_.is_visible()
    assert before == tab.page.evaluate("document.activeElement.outerHTML")


def test_the_footer_opens_the_help_too(tab):
    tab.open("/")
    tab.page.locator("footer").get_by_role("button", name="Keys").click()

    assert tab.page.get_by_role("dialog", name="Keys").is_visible()


def test_a_question_mark_in_a_field_is_a_question_mark(tab):
    tab.open("/")
    tab.page.get_by_label("Model", exact=True).press_sequentially("who?")

    assert "who?" == tab.page.get_by_label("Model", exact=True).input_value()
    assert not tab.page.get_by_role("dialog").is_visible()


def test_a_key_is_changed_for_good_and_the_other_one_takes_its_place(at_ballot):
    at_ballot.keyboard.press("?")
    at_ballot.get_by_label("Left better").press_sequentially("2")
    assert at_ballot.get_by_text("Left better: 2. Right better: 1.").is_visible()
    at_ballot.get_by_label("Tie", exact=True).press_sequentially("j")
    at_ballot.get_by_label("Skip").press_sequentially("?")  # the help keeps its own
    at_ballot.keyboard.press("Escape")
    at_ballot.reload()
    assert ["2", "1", "J", "4", "S"] == keys_shown(at_ballot)

    with at_ballot.expect_navigation():
        at_ballot.keyboard.press("j")
    assert at_ballot.get_by_text("You called it a tie").is_visible()

    at_ballot.keyboard.press("?")
    at_ballot.get_by_role("button", name="As they were").click()
    assert ["1", "2", "3", "4", "S"] == keys_shown(at_ballot)


def test_keys_switched_off_do_nothing_on_any_page(at_ballot):
    at_ballot.get_by_label("Vote by single keys").uncheck()
    assert not at_ballot.locator(".vote-buttons kbd:visible").count()
    address = at_ballot.content()

    for key in ("1", "s", "?"):
        at_ballot.keyboard.press(key)

    assert not at_ballot.get_by_role("dialog").is_visible()
    assert address == at_ballot.content()
    at_ballot.goto("/".join(at_ballot.url.split("/")[:3]))
    at_ballot.keyboard.press("?")
    assert not at_ballot.get_by_role("dialog").is_visible()


def test_the_help_itself_has_no_barrier(at_ballot):
    at_ballot.set_viewport_size(NARROW)
    at_ballot.keyboard.press("?")

    assert [] == grave_barriers(at_ballot)
    assert [] == overflow(at_ballot)


@pytest.mark.parametrize("path", ["/", "/vote/", "/runs/1/"])
def test_nothing_moves_for_who_asked_for_less_motion(tab, site, path):
    tab.open(path.replace("1", str(site.run.pk)))

    assert [] == tab.page.evaluate(MOVING)
