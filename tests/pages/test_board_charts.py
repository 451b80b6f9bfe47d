"""The page of all charts of a board, those of the agreement page, and the matches that their cells open."""

import re

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from apps.humans.models import Vote
from apps.ratings.models import Figure
from apps.ratings.operations import refit_board
from tests import cast
from tests.cast import text_of
from workers.figures import draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def fitted():
    """The cast on two prompts, rated from what it said."""
    told = cast.assemble()
    cast.play_matches(told)
    Vote.objects.filter(voter=told.voters["Ben"]).delete()  # so that Ada's votes are what most people say
    told.leaderboard = refit_board(board=told.board, now=cast.NOON)
    return told


@pytest.fixture
def drawn(fitted):
    """The same with the charts over all categories."""
    async_to_sync(draw)(fitted.leaderboard.pk, now=cast.NOON)
    return fitted


def charts(client, **query) -> str:
    return client.get(reverse("board:figures", args=["everyday"]), query).content.decode()


def figures_in(page: str) -> list[str]:
    return re.findall(r'<figure class="figure card" id="([\w-]+)"', page)


def test_a_board_shows_two_charts_and_the_way_to_all(client, drawn):
    page = client.get(reverse("board:board", args=["everyday"])).content.decode()

    assert ["ratings", "judges-and-people"] == figures_in(page)
    assert '<a href="/boards/everyday/figures/">All charts of this board</a>' in page


def test_all_charts_of_a_board_stand_on_one_page_each_with_table_and_files(client, drawn):
    page = charts(client)

    shown = figures_in(page)
    assert {"rank-chances", "ranks-by-rater", "win-chances", "meetings", "raters", "confusion", "calibration"} <= set(
        shown
    )
    assert len(shown) == page.count("Show as table") == page.count(">SVG</a>") == page.count(">CSV</a>")


def test_a_cell_of_two_models_opens_their_matches_in_drawing_and_table(client, drawn):
    page = charts(client)

    assert page.count('href="/compare/aster/briar/?board=everyday"') >= 3  # two drawings, two tables


def test_the_context_is_honoured(client, fitted):
    assert "Everyday, writing, in charts" in text_of(client.get("/boards/everyday/figures/", {"category": "writing"}))
    assert "has no category called “moon”" in charts(client, category="moon")


def test_another_board_is_gone_to(client, fitted):
    response = client.get("/boards/everyday/figures/?board=everyday&category=writing")

    assert "/boards/everyday/figures/?category=writing" == response["Location"]


def test_before_anything_is_drawn_the_page_says_when_it_will_be(client):
    cast.full_board()

    assert "Charts are drawn a moment after the ratings" in charts(client)


def test_a_board_that_does_not_exist_is_not_found_and_the_nearest_named(client, fitted):
    response = client.get("/boards/everday/figures/")

    assert 404 == response.status_code
    assert "/boards/everyday/figures/" in response.content.decode()


def test_the_page_is_kept_as_it_was_made(client, drawn, django_assert_num_queries):
    charts(client)
    with django_assert_num_queries(1):
        charts(client)


def test_agreement_is_drawn_on_its_own_page(client, drawn):
    page = client.get(reverse("board:agreement")).content.decode()

    assert ["raters", "confusion", "calibration", "agreement-by-gap"] == figures_in(page)
    assert "/agreement/cases/?board=everyday&amp;judges=a&amp;people=a" in page


def test_no_chart_needs_anything_that_the_content_security_policy_forbids(client, drawn):
    page = charts(client)

    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"\son\w+=", page)


# --- the matches behind a cell ------------------------------------------------------------------------------------------
def cases(client, **query):
    return client.get(reverse("board:cases"), query)


def test_a_cell_opens_as_many_matches_as_it_counts(client, drawn):
    cell = next(row for row in Figure.objects.filter(name="confusion").first().rows if row["n"])

    said = text_of(cases(client, judges=cell["judged"], people=cell["voted"]))

    assert (12, "a", "a") == (cell["n"], cell["judged"], cell["voted"])
    assert "12 of 12 matches that both judges and people know" in said
    assert "Most judges: A is better. Most people: A is better." in said
    assert "judges 4 : 0 · people 1 : 0" in said


def test_matches_of_the_other_cells_are_not_among_them(client, fitted):
    Vote.objects.filter(match=fitted.matches[0]).update(outcome="model_b")

    response = cases(client, judges="a", people="b")

    assert "1 of 12 matches" in text_of(response)
    assert f"/b/{fitted.matches[0].pk}/" in response.content.decode()


def test_one_judge_alone_can_be_asked_for(client, fitted):
    assert "Gavel: A is better." in text_of(cases(client, rater="gavel", judges="a"))


def test_what_nobody_says_is_an_empty_list(client, fitted):
    assert "No match of this kind" in text_of(cases(client, judges="tie", people="tie"))


def test_words_that_are_no_outcome_are_said_and_left_aside(client, fitted):
    said = text_of(cases(client, judges="moon"))

    assert "Judges and people say a, b or tie, not “moon”; this is whatever they say." in said
    assert "12 of 12 matches" in said


def test_before_there_is_a_board_there_is_no_match(client):
    assert "No match of this kind" in text_of(cases(client))


def test_matches_that_simulated_judges_judged_are_said_to_be_simulated(client):
    cast.full_board(simulated=True)

    assert "simulated-banner" in cases(client).content.decode()
