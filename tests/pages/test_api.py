import pytest
from django.urls import reverse

from apps.prompts.models import Category
from apps.ratings.leaderboard_rows import leaderboard_rows
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


def leaderboard(client, slug="everyday", **query):
    return client.get(reverse("api:leaderboard", args=[slug]), query)


def test_the_address_is_the_promised_one():
    assert "/api/boards/everyday/leaderboard" == reverse("api:leaderboard", args=["everyday"])


def test_a_row_holds_what_the_page_shows(client, full):
    row = leaderboard(client).json()["rows"][0]

    # 1180 - 1150 = 30, half-widths 30 and 40: 30 -+ 50
    assert {
        "model": "Aster",
        "rank_low": 1,
        "rank_high": 2,
        "rating": 1180,
        "lower": 1150,
        "upper": 1210,
        "human_rating": 1150,
        "human_lower": 1110,
        "human_upper": 1190,
        "difference": 30,
        "difference_lower": -20,
        "difference_upper": 80,
        "published_rating": 1201,
        "published_on": "2024-05-01",
        "n_judgments": 600,
        "n_votes": 600,
        "simulated": False,
    }.items() <= row.items()


def test_what_is_not_measured_is_null_and_never_0(client, full):
    row = leaderboard(client).json()["rows"][-1]

    assert ("Dill", None, None, None) == (row["model"], row["human_rating"], row["difference"], row["published_rating"])


def test_export_and_api_are_the_same_rows(client, full):
    rows = leaderboard(client).json()["rows"]

    told = leaderboard_rows(full.leaderboard)
    assert [list(row) for row in told] == [list(row) for row in rows]
    assert [row["model"] for row in told] == [row["model"] for row in rows]


def test_the_answer_says_what_made_it_and_how_far_the_judges_agree(client, full):
    told = leaderboard(client).json()

    assert ["Gavel", "Wig"] == told["judges"]
    assert "0f" * 32 == told["evidence_digest"]
    assert (0.66, 1343) == (told["trust"]["agreement"], told["trust"]["n"])
    assert 0.63 == told["ceiling"]["agreement"]


def test_a_board_before_its_first_rating_has_no_rows(client):
    cast.assemble()

    told = leaderboard(client).json()

    assert ([], None, None) == (told["rows"], told["fitted_at"], told["trust"])


def test_a_category_has_its_own_rows(client, full):
    cast.stand(full, category=Category.objects.get(slug="writing"), models=cast.MODELS[2:])

    told = leaderboard(client, category="writing").json()

    assert ("writing", ["Clove", "Dill"]) == (told["category"], [row["model"] for row in told["rows"]])


def test_an_unknown_category_is_refused_with_the_known_ones(client, full):
    response = leaderboard(client, category="cooking")

    assert 404 == response.status_code
    assert {"detail": "Everyday has no category 'cooking'; its categories: writing."} == response.json()


def test_an_unknown_board_is_refused_with_the_nearest(client, full):
    response = leaderboard(client, "everydy")

    assert 404 == response.status_code
    assert {"detail": "There is no board 'everydy'. Did you mean 'everyday'?"} == response.json()


def test_the_form_of_the_answers_is_described(client):
    told = client.get(reverse("api:openapi-json")).json()

    assert "/api/boards/{slug}/leaderboard" in told["paths"]


def test_prices_come_with_source_and_date_where_they_are_known(client, full):
    cast.price(full, "Aster", "2.5", "10")
    names = ("usd_per_million_in", "usd_per_million_out", "price_source", "price_date")
    told = {row["model"]: tuple(row[name] for name in names) for row in leaderboard(client).json()["rows"]}

    assert (2.5, 10.0, "https://prices.example.com/", "2025-03-01") == told["Aster"]
    assert (None, None, None, None) == told["Briar"]


def test_the_answer_takes_the_same_queries_however_many_models_there_are(client, full, django_assert_num_queries):
    cast.price(full, "Aster", "2.5", "10")
    with django_assert_num_queries(10):
        leaderboard(client)
