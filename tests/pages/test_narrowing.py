"""The part of a board's table that is asked for, and its order."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.contenders.models import Contender
from apps.ratings.board_state import board_state
from apps.ratings.models import Rating
from apps.ratings.narrowing import SORTS, Narrowing, narrowed, narrowing
from apps.ratings.selection import select
from tests import cast
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    told = cast.full_board()
    cast.price(told, "Aster", "2.5", "10")
    cast.price(told, "Briar", "0.1", "0.4")
    return told


def page(client, **query):
    return client.get(reverse("board:board", args=["everyday"]), query)


def shown(client, **query) -> list[str]:
    """The models of the table, in their order."""
    return re.findall(r'class="model-name"[^>]*>([^<]*)', page(client, **query).content.decode())


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({}, ["Aster", "Briar", "Clove", "Dill"]),
        ({"weights": "open"}, ["Briar", "Clove"]),
        ({"weights": "closed"}, ["Aster"]),
        ({"organisation": "Hollow Lab"}, ["Briar", "Clove"]),
        ({"max_price": "0.4"}, ["Briar"]),
        ({"max_price": "10"}, ["Aster", "Briar"]),
        ({"name": "  bRI "}, ["Briar"]),
        ({"sort": "model"}, ["Aster", "Briar", "Clove", "Dill"]),
        ({"sort": "-model"}, ["Dill", "Clove", "Briar", "Aster"]),
        ({"sort": "people"}, ["Briar", "Aster", "Clove", "Dill"]),
        ({"sort": "-people"}, ["Clove", "Aster", "Briar", "Dill"]),
        ({"sort": "price"}, ["Briar", "Aster", "Clove", "Dill"]),
        ({"sort": "difference", "weights": "open"}, ["Briar", "Clove"]),
    ],
)
def test_filters_leave_rows_out_and_columns_sort_them(client, full, words, names):
    assert names == shown(client, **words)


def test_ranks_and_the_verdict_stay_those_of_all_models(client, full):
    said = text_of(page(client, weights="open"))

    assert "Aster and Briar are tied for first" in said
    assert "2 of 4 models. Ranks are those among all. Show all" in said


@pytest.mark.parametrize(
    ("words", "notice"),
    [
        ({"weights": "ajar"}, "Weights are open or closed, not “ajar”; both are shown."),
        ({"organisation": "Nobody"}, "No model here is by “Nobody”; models of all organisations are shown."),
        ({"max_price": "-1"}, "“-1” is no price in dollars; models of every price are shown."),
        ({"max_price": "NaN"}, "“NaN” is no price"),
        ({"max_price": "1e999999"}, "“1e999999” is no price"),
        ({"sort": "beauty"}, "There is no column “beauty” to sort by; the models stand by rank."),
        ({"sort": "--model"}, "There is no column “--model” to sort by"),
    ],
)
def test_a_filter_that_means_nothing_is_left_aside_with_a_notice(client, full, words, notice):
    answer = page(client, **words)

    assert notice in text_of(answer)
    assert ["Aster", "Briar", "Clove", "Dill"] == shown(client, **words)


def test_a_table_without_a_match_says_what_stands_there_and_leads_back(client, full):
    answer = page(client, name="zebra", sort="people", rater="people")

    assert "No model on this board matches 4 models stand here, and none is called “zebra”." in text_of(answer)
    assert 'href="/boards/everyday/?rater=people&amp;sort=people">Show all models' in answer.content.decode()


def test_a_search_cannot_carry_markup(client, full):
    assert b"<b>x" not in page(client, name="<b>x", organisation="<b>x").content


def test_the_chosen_column_is_marked_and_its_heading_turns_the_order_round(client, full):
    body = page(client, sort="people").content.decode()

    assert re.search(r'class="people" aria-sort="descending"><a href="[^"]*sort=-people"', body)
    assert re.search(r'class="rank"><a href="/boards/everyday/"', body)


def test_every_filter_and_the_order_survive_each_link_and_the_form(client, full):
    words = {"name": "r", "organisation": "Hollow Lab", "weights": "open", "max_price": "5", "sort": "people"}
    body = page(client, **words).content.decode()

    for name, word in (("weights", "open"), ("max_price", "5"), ("sort", "people")):
        assert f'<input type="hidden" name="{name}" value="{word}">' in body
    closed = re.search(r'href="([^"]*weights=closed[^"]*)"', body).group(1)
    assert all(kept in closed for kept in ("name=r", "organisation=Hollow+Lab", "max_price=5", "sort=people"))


def test_groups_that_never_met_are_sorted_each_by_itself():
    told = cast.assemble()
    cast.stand(told, component={"Clove": 1, "Dill": 1})
    state = board_state(select(told.board))

    table = narrowed(state, Narrowing(sort="-model"))

    assert [["Briar", "Aster"], ["Dill", "Clove"]] == [
        [row.contender.name for row in group.rows] for group in table.groups
    ]


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{column}" for column in SORTS)])
def test_every_column_sorts_every_row(full, sort):
    state = board_state(select(full.board))

    assert 4 == narrowed(state, narrowing({"sort": sort}, state.rows)[0]).n


def test_what_a_win_costs_is_an_answers_price_over_the_share_of_wins(client, full):
    Rating.objects.filter(by="judges", contender__name="Aster").update(tokens_in=1000, tokens_out=2000, win_rate=0.5)

    row = board_state(select(full.board)).rows[0]

    # 1000 x $2.50 + 2000 x $10 a million = $0.0225 an answer, half of which win
    assert (Decimal("0.0225"), Decimal("0.045")) == (row.usd_per_answer, row.usd_per_win)
    assert "$ per win" in text_of(page(client))


@pytest.mark.parametrize("rate", [0, None])
def test_without_a_win_nothing_says_what_one_costs(full, rate):
    Rating.objects.filter(by="judges").update(tokens_in=1000, tokens_out=2000, win_rate=rate)

    assert {None} == {row.usd_per_win for row in board_state(select(full.board)).rows}


def test_a_board_of_400_models_takes_no_more_queries(client, django_assert_num_queries):
    told = cast.assemble()
    leaderboard = cast.stand(told)
    many = Contender.objects.bulk_create(Contender(slug=f"m{n}", name=f"{n:03} " + "x" * 190) for n in range(400))
    for by in ("judges", "humans"):
        Rating.objects.bulk_create(
            Rating(
                leaderboard=leaderboard,
                contender=one,
                by=by,
                rating=n,
                lower=n - 9,
                upper=n + 9,
                rank_low=5,
                rank_high=404,
            )
            for n, one in enumerate(many)
        )

    with django_assert_num_queries(13):
        answer = page(client)

    assert 404 == answer.content.count(b'class="model-name"')
    assert 200 == page(client, name="399 ", sort="-judges").status_code
