"""Dated snapshots: what each changed, and each as it was."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from apps.prompts.models import Category
from apps.ratings.models import Board, Leaderboard, Rating
from apps.ratings.release_steps import AT_ONCE, FEW, release_steps
from apps.ratings.selection import select
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db

DAY = "2025-03-04"


def moved(name: str, by: float, models=cast.MODELS):
    """The cast, one of whom stands so many points higher in the eyes of the judges."""
    return [
        (*row[:4], tuple(end + by for end in row[4][:3]) + row[4][3:] if row[0] == name else row[4], row[5])
        for row in models
    ]


@pytest.fixture
def released():
    """Today; ten days ago, when Aster stood 100 lower; 40 days ago, when Dill was not there and Gavel judged alone."""
    told = cast.full_board()
    today = told.leaderboard
    then = moved("Aster", -100)
    cast.stand(told, models=then, fitted_at=cast.NOON - timedelta(days=10), n_judgments=1000)
    cast.stand(
        told, models=then[:3], fitted_at=cast.NOON - timedelta(days=40), n_judgments=77, n_votes=1, judges=["Gavel"]
    )
    told.leaderboard = today
    return told


def releases_text(client, **query):
    return text_of(client.get(reverse("board:releases"), query))


def release_page(client, day=DAY, **query):
    return client.get(reverse("board:release", args=["everyday", day]), query)


def steps_of(board, **words):
    return release_steps(select(board, **words))


def test_the_page_opens_with_what_changed_in_a_month(client, released):
    said = releases_text(client)

    assert "1 model joined, 1 rose since 23 January 2025" in said
    assert "First place is the same: Aster and Briar are tied for first as before." in said


def test_between_neighbours_newcomers_moves_judges_and_evidence_are_told(client, released):
    said = releases_text(client).partition("Release by release")[2]

    latest, middle, first = said.split("2025")[1:4]
    # Aster +100, the other three 0: the scale moved by +25. Half-widths 30 and 30: 42.4.
    assert "Rose, in Elo points Aster +75 +33 to +117" in latest
    assert "Judgments +204" in latest
    assert "Joined Dill" in middle
    assert "New judges Wig" in middle
    assert "Votes +1342" in middle
    assert "This is the first release, from 77 judgments and 1 vote." in first


def test_a_change_within_its_interval_is_no_move(client):
    told = cast.full_board()
    cast.stand(told, models=moved("Aster", 20), fitted_at=cast.NOON + timedelta(days=1))

    assert "No model came or went, and none of 4 moved by more than its interval." in releases_text(client)


def test_a_new_leader_is_said(client):
    told = cast.full_board()
    alone = [(*row[:4], (*row[4][:3], rank, rank), row[5]) for rank, row in enumerate(cast.MODELS, 1)]
    cast.stand(told, models=alone, fitted_at=cast.NOON + timedelta(days=1))

    assert "First place changed: Aster leads now." in releases_text(client)


def test_one_release_has_nothing_to_be_compared_with(client):
    cast.full_board()

    assert "There is one release so far" in releases_text(client)


def test_without_a_board_and_without_a_release_the_page_says_what_is_missing(client):
    assert "No release yet" in releases_text(client)
    stage.board()
    assert "Everyday, release by release" in releases_text(client)


def test_releases_of_a_category_are_its_own_snapshots(client, released):
    writing = Category.objects.get(slug="writing")
    cast.stand(released, category=writing, n_judgments=5)

    assert "This is the first release, from 5 judgments" in releases_text(client, category="writing")


def test_in_peoples_eyes_judges_ratings_do_not_count(released):
    latest = steps_of(released.board, rater="people").each[0]

    assert (0, 0) == (latest.risen.n, latest.fallen.n)


def test_a_release_chosen_is_the_last_that_is_listed(released):
    steps = steps_of(released.board, release="2025-02-22")

    assert ["2025-02-22", "2025-01-23"] == [step.release.key for step in steps.each]


def test_many_releases_stand_on_several_pages(client):
    told = cast.full_board()
    for number in range(1, AT_ONCE + 1):
        Leaderboard.objects.create(board=told.board, seed=1, fitted_at=cast.NOON - timedelta(days=number))

    page = client.get(reverse("board:releases")).content.decode()

    assert AT_ONCE == page.partition("<dialog")[0].count("<h3>")
    assert 'href="/releases/?board=everyday&amp;release=2025-02-22">Older releases' in page


def test_of_many_newcomers_a_few_are_named(client, released):
    extra = [stage.contender(f"Extra {number}") for number in range(FEW + 4)]
    told = {"by": "judges", "rating": 1, "lower": 0, "upper": 2, "rank_low": 5, "rank_high": 9}
    Rating.objects.bulk_create(
        Rating(leaderboard=released.leaderboard, contender=contender, **told) for contender in extra
    )

    assert "Extra 5 and 4 more" in releases_text(client)


def test_the_page_takes_the_same_queries_however_many_models_there_are(client, released, django_assert_num_queries):
    with django_assert_num_queries(9):
        client.get(reverse("board:releases"))


def test_the_board_leads_there_in_one_click(client, released):
    assert '/releases/?board=everyday">What changed since last month' in client.get("/").content.decode()


def test_a_release_shows_the_figures_of_its_day(client, released):
    said = text_of(release_page(client, "2025-01-23"))

    assert "This is the board as it was on 23 January 2025" in said
    assert "from 77 judgments" in said
    assert "Dill" not in said


def test_a_release_of_a_day_that_is_over_may_be_kept_for_good_by_anybody(client, released):
    answer = release_page(client)

    assert "public, max-age=31536000, immutable" == answer["Cache-Control"]
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))  # a copy for each language
    assert not answer.cookies


def test_todays_release_may_still_change(client, released):
    Leaderboard.objects.filter(pk=released.leaderboard.pk).update(fitted_at=timezone.now())

    assert "public, max-age=300" == release_page(client, timezone.now().date().isoformat())["Cache-Control"]


def test_whoever_looks_sees_the_same_release(client, released, admin_client):
    client.force_login(User.objects.create_user("rosalind"))

    assert 1 == len({release_page(someone).content for someone in (client, admin_client)})
    assert "rosalind" not in release_page(client).content.decode()


def test_a_release_tells_nothing_of_today(client, released):
    cast.price(released, "Aster", "2.5", "10")
    Leaderboard.objects.update(n_open=7)

    said = text_of(release_page(client))

    assert "$2.50" not in said
    assert "Arena, May 2024" not in said
    assert "Still coming in" not in said


def test_part_of_a_release_is_shown_by_the_boards_own_page(client, released):
    answer = release_page(client, sort="model")

    assert (302, f"/boards/everyday/?sort=model&release={DAY}") == (answer.status_code, answer["Location"])


@pytest.mark.parametrize("day", ["2025-03-05", "yesterday", "2025-13-99"])
def test_a_day_without_a_release_is_not_found_and_the_nearest_is_named(client, released, day):
    answer = release_page(client, day)

    assert 404 == answer.status_code
    assert f"Everyday has no release of “{day}”." in text_of(answer)
    assert "immutable" not in answer.get("Cache-Control", "")


def test_a_release_of_an_unknown_board_is_not_found(client, released):
    answer = client.get("/releases/everday/2025-03-04/")

    assert 404 == answer.status_code
    assert "Did you mean everyday?" in text_of(answer)


def test_a_release_of_a_board_without_any_is_not_found(client):
    Board.objects.create(slug="everyday", title="Everyday")

    assert 404 == release_page(client).status_code
