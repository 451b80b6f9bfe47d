"""Boards as nobody wishes them, at 320 pixels: nothing overflows, nothing acts, and the page says what is missing."""

import pytest

from apps.contenders.models import Contender, Output
from apps.humans.models import Vote
from apps.judging.models import Judge, Judgment
from apps.prompts.models import Prompt, PromptSet
from apps.ratings.models import Board, Rating
from judgeboard.llm.completion import storable
from tests import cast, stage
from tests.browser.one_site.looking import NARROW, Looker, overflow, unfold
from tests.security.nasty import NASTY

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Longname" * 25  # 200 characters and no place to break
PAGES = ("/", "/boards/everyday/figures/", "/agreement/", "/agreement/cases/", "/judges/", "/prompts/", "/releases/")
PAGES += ("/prompts/everyday/", "/runs/", "/vote/", "/submit/", "/compare/", "/embed/everyday/", "/methodology/")


@pytest.fixture
def look(live_server, browser):
    """Opens pages of a narrow screen; whatever is wrong on one of them fails the test."""
    with browser.new_context(viewport=NARROW, reduced_motion="reduce") as context:
        tab = Looker(context.new_page(), live_server)

        def look(*paths: str):
            for path in paths:
                tab.open(path)
                unfold(tab.page)
                assert (path, []) == (path, overflow(tab.page))
                assert (path, []) == (path, tab.complaints)
            return tab.page

        yield look


def test_no_board_at_all(look):
    look(*PAGES[2:7], "/runs/", "/vote/", "/compare/", "/methodology/")

    assert look("/").get_by_role("heading", level=1).is_visible()


def test_a_board_without_matches(look):
    cast.assemble()

    page = look(*PAGES, "/models/aster/", "/compare/aster/briar/", "/")

    assert page.get_by_role("heading", name="nothing rated yet").is_visible()
    assert page.locator("main").get_by_role("link", name="Submit a model").is_visible()


def test_a_board_without_humans(look):
    played = cast.assemble()
    cast.play_matches(played)
    Vote.objects.all().delete()
    cast.stand(played, n_votes=0, n_voters=0)
    Rating.objects.filter(by=Rating.By.HUMANS).update(rating=None, lower=None, upper=None, n=0)

    page = look(*PAGES, "/models/aster/", "/compare/aster/briar/", f"/b/{played.matches[0].pk}/", "/")

    assert page.get_by_text("Not measured: nobody has voted").is_visible()


def test_a_board_with_one_model(look):
    played = cast.assemble()
    Contender.objects.exclude(name="Aster").delete()
    cast.stand(played, models=cast.MODELS[:1])

    page = look(*PAGES, "/models/aster/", "/")

    assert page.get_by_text("Aster", exact=True).first.is_visible()


def test_a_board_with_400_models(look):
    played = cast.assemble()
    names = [f"Model {n:03}" for n in range(400)]
    models = [(name, "", "", None, (1400 - n, 1380 - n, 1420 - n, n + 1, n + 9)) for n, name in enumerate(names)]
    played.contenders = {name: stage.contender(name) for name in names}
    cast.stand(played, models=[(*told, (None,) * 5) for told in models])

    page = look("/", "/submit/", "/compare/", "/judges/", "/models/model-000/", "/embed/everyday/", "/")

    assert 400 == page.locator(".ranking .model-name").count()


def test_names_of_200_characters(look):
    full = cast.full_board()
    for kind in (Contender, Judge):
        for one in kind.objects.all():
            one.name = f"{LONG[: 199 - len(one.name)]} {one.name}"[-200:]
            one.save()
    Contender.objects.update(organisation=LONG[:100], licence=LONG[:100])
    Board.objects.update(title=LONG[:100])
    PromptSet.objects.update(title=LONG[:100])

    look(*PAGES, "/models/aster/", "/compare/aster/briar/", f"/b/{full.matches[0].pk}/")


def test_markdown_that_means_harm(look):
    full = cast.full_board()
    harm = "\n\n".join(text.replace("\0", "") for text in map(storable, NASTY.values()))[:25_000]
    Output.objects.update(texts=[harm])
    Judgment.objects.update(reason=harm, raw=harm)
    Prompt.objects.update(reference=harm, messages=[{"role": "user", "content": harm}])
    Contender.objects.update(card=harm)

    look(
        f"/b/{full.matches[0].pk}/",
        "/vote/",
        "/prompts/everyday/",
        "/models/aster/",
        "/compare/aster/briar/",
        "/judges/",
    )
