import re
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from apps.judging.models import Judgment
from apps.prompts.models import Category
from apps.ratings.figures import due_snapshots
from apps.ratings.model_record import model_record
from apps.ratings.models import Board, Figure, Rating
from apps.ratings.selection import select
from tests import cast
from tests.cast import text_of
from workers.figures import draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


def model_page(client, slug, **query):
    return client.get(reverse("board:model", args=[slug]), query)


def test_the_first_sentence_says_where_judges_and_people_place_it(client, full):
    said = text_of(model_page(client, "clove"))

    assert "Rank 3 by the judges of Everyday. People place it at 3." in said


def test_an_open_place_is_told_as_an_interval(client, full):
    assert "Somewhere between rank 1 and 2 by the judges of Everyday. People place it between 1 and 2." in text_of(
        model_page(client, "aster")
    )


def test_without_votes_the_sentence_says_that_people_are_not_measured(client, full):
    assert "What people think is not measured" in text_of(model_page(client, "dill"))


def test_the_card_is_read_as_markdown_and_cannot_act(client, full):
    full.contenders["Aster"].card = "A *calm* model. <script>alert(1)</script>"
    full.contenders["Aster"].save()

    page = model_page(client, "aster").content.decode()

    assert "<em>calm</em>" in page
    assert "<script>alert" not in page


def test_a_published_rating_stands_with_its_source_and_date(client, full):
    assert "Arena, 1 May 2024 1201" in text_of(model_page(client, "aster"))


def test_opponents_are_counted_from_its_own_side(full):
    record = model_record(full.contenders["Briar"], select(full.board))

    told = {met.contender.name: (met.judges.won, met.judges.tied, met.judges.lost) for met in record.opponents}
    # 2 prompts x 2 judges x 2 orders = 8 judgments a pair; the older model wins them all
    assert {"Aster": (0, 0, 8), "Clove": (8, 0, 0), "Dill": (8, 0, 0)} == told


def test_a_tie_is_half_a_point_against_an_opponent(full):
    record = model_record(full.contenders["Briar"], select(full.board))

    # on each of 2 prompts Ada says that Aster won and Ben that it is a tie: (0 + 2 / 2) / 4
    assert 0.25 == record.opponents[0].humans.share


def test_a_match_in_which_a_person_and_a_steady_judge_differ_is_listed(full):
    match = full.matches[0]
    cast.vote(full, "Cleo", match, "model_b")

    assert (match,) == model_record(full.contenders["Aster"], select(full.board)).disputed


def test_a_judge_that_changed_its_mind_disputes_nothing(full):
    match = full.matches[0]
    cast.vote(full, "Cleo", match, "model_b")
    Judgment.objects.filter(match=match, order="ba").update(outcome="model_b")

    assert () == model_record(full.contenders["Aster"], select(full.board)).disputed


def test_each_category_and_each_judge_has_a_line(client, full):
    cast.stand(full, category=Category.objects.get(slug="writing"))
    overall = full.board.leaderboards.get(category=None)
    Rating.objects.create(
        leaderboard=overall,
        contender=full.contenders["Aster"],
        by="judge",
        judge=full.judges["Wig"],
        rating=1101,
        lower=1090,
        upper=1112,
        rank_low=1,
        rank_high=1,
        n=6,
    )

    said = text_of(model_page(client, "aster"))

    assert "Writing 1180 1150–1210" in said
    assert "Judge Wig 1101 1090–1112" in said


def test_a_model_that_met_nobody_says_so(client):
    cast.assemble()

    said = text_of(model_page(client, "aster"))

    assert "Nothing was said about it yet" in said
    assert "No place on Everyday yet" in said


def test_without_any_board_a_model_still_has_its_page(client):
    cast.assemble()
    Board.objects.all().delete()

    assert "No place on any board yet" in text_of(model_page(client, "aster"))


def test_a_simulated_model_says_so(client):
    cast.full_board(simulated=True)

    assert "simulated-banner" in model_page(client, "aster").content.decode()


def test_an_unknown_model_is_not_found_and_the_nearest_is_named(client, full):
    response = model_page(client, "astr")

    assert 404 == response.status_code
    assert "There is no model called “astr”. Did you mean aster?" in text_of(response)


def test_the_page_takes_the_same_queries_however_many_opponents_there_are(client, full, django_assert_num_queries):
    model_page(client, "aster")  # whoever looks first has its picture and its charts told
    cache.clear()
    with django_assert_num_queries(23):  # one of them: why people prefer it
        model_page(client, "aster")


def test_a_rating_of_votes_sharpened_by_the_judges_says_what_a_vote_counts(client, full):
    Rating.objects.create(
        leaderboard=full.leaderboard,
        contender=full.contenders["Aster"],
        by=Rating.By.CORRECTED,
        rating=1155,
        lower=1125,
        upper=1185,
        n=600,
    )
    full.leaderboard.vote_worth = 1.62
    full.leaderboard.save()

    said = text_of(model_page(client, "aster"))

    assert "Sharpened votes 1155 1125–1185 · one vote counts as 1.6" in said
    assert "sharpened" not in text_of(model_page(client, "briar"))


def test_a_history_is_told_at_the_first_look_and_there_as_a_chart_when_it_is_drawn(client):
    told = cast.assemble()
    cast.stand(told, fitted_at=cast.NOON - timedelta(days=7))
    newest = cast.stand(told)

    first = model_page(client, "aster").content.decode()
    async_to_sync(draw)(newest.pk, now=timezone.now())
    second = model_page(client, "aster").content.decode()

    assert "It is being drawn and will be here in a moment" in first
    assert '<a href="/models/aster/?board=everyday&amp;release=2025-02-25">2025-02-25</a>' in first
    assert ">SVG</a>" not in first
    assert "It is being drawn" not in second
    assert re.search(r'id="releases".*?<svg', second, re.DOTALL)


def test_a_chart_of_which_nothing_can_be_drawn_says_why_and_is_not_waited_for(client):
    told = cast.assemble()
    cast.stand(told, fitted_at=cast.NOON - timedelta(days=7))
    newest = cast.stand(told)
    model_page(client, "aster")
    for figure in Figure.objects.filter(name="releases"):
        figure.rows = [row | {"lower": None, "human_lower": None} for row in figure.rows]
        figure.save()

    async_to_sync(draw)(newest.pk, now=timezone.now())
    response = model_page(client, "aster")

    said = text_of(response)
    assert (
        "There is no drawing. No rating here has an interval yet: too little was compared. This is its table." in said
    )
    assert "It is being drawn" not in said
    assert "no-store" not in response.get("Cache-Control", "")
    assert () == due_snapshots(timezone.now())


def test_a_chart_that_is_not_drawn_yet_cannot_be_kept(client):
    told = cast.assemble()
    cast.stand(told, fitted_at=cast.NOON - timedelta(days=7))
    cast.stand(told)
    page = model_page(client, "aster").content.decode()
    csv = re.search(r"/figures/\d+\.csv", page)[0]

    assert 200 == client.get(csv).status_code
    assert 404 == client.get(csv.replace("csv", "svg")).status_code
