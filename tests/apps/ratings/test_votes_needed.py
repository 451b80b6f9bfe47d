"""The figure that says how many votes it takes, from the evidence of a board."""

import pytest

from apps.ratings.models import Finding
from apps.ratings.operations import refit_board
from apps.ratings.told.votes_needed import MOST, votes_needed_told
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaderboard():
    return cast.stand(cast.assemble())


def found(leaderboard, **known):
    """value, variance by whoever is named, with 200 votes on 40 prompts."""
    rows = [
        {"who": who, "value": value, "variance": variance, "n_votes": 200, "n_prompts": 40}
        for who, (value, variance) in known.items()
    ]
    Finding.objects.create(leaderboard=leaderboard, name="votes", rows=rows)
    return votes_needed_told(leaderboard)


def test_the_summary_says_how_sure_it_is_and_what_it_takes(leaderboard):
    told = found(leaderboard, judges=(0.7, 0.0009), people=(0.65, 0.0016), apart=(0.05, 0.0009))

    assert "With 200 votes it is known to ±6.1 points that judges side with 70" in told.summary
    assert "±8.1 that two votes agree on 65" in told.summary
    assert "Votes for ±3 points: about 780 for judges, about 1,400 for people." in told.summary
    assert "The two are 5.0 points apart; if so, about 290 votes tell them from each other." in told.summary


def test_the_table_goes_from_a_tenth_of_today_to_what_is_needed(leaderboard):
    told = found(leaderboard, judges=(0.7, 0.0009))

    assert [20, 50, 100, 200, 500, 1000] == [row["votes"] for row in told.rows]
    assert [200] == [row["votes"] for row in told.rows if row["today"]]
    reach = [row["judges"] for row in told.rows]
    assert sorted(reach, reverse=True) == reach
    assert {None} == {row["people"] for row in told.rows}


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ((0.2, 0.0009), "The two are 20.0 points apart, which is more than chance."),
        ((0.0001, 0.0009), "The two are 0.0 points apart: a million votes would not tell them from each other."),
    ],
)
def test_how_far_judges_and_people_are_told_apart(leaderboard, apart, said):
    assert said in found(leaderboard, judges=(0.7, 0.0009), people=(0.6, 0.0009), apart=apart).summary


def test_what_takes_more_than_a_million_votes_is_not_told_in_numbers(leaderboard):
    told = found(leaderboard, judges=(0.5, 20.0))

    assert "more than a million for judges" in told.summary
    assert MOST == told.rows[-1]["votes"]


def test_a_fit_keeps_what_is_known_of_agreement():
    told = cast.assemble(size=4)
    matches = cast.play_matches(told)
    for match in matches[:5]:
        cast.vote(told, "Cleo", match, "model_b")
    fitted = refit_board(board=told.board, now=cast.NOON)

    rows = {row["who"]: row for row in Finding.objects.get(leaderboard=fitted, name="votes").rows}

    assert len(matches) * 2 + 5 == rows["judges"]["n_votes"]
    assert 0 < rows["judges"]["variance"]


def test_without_votes_nothing_is_told(leaderboard):
    assert votes_needed_told(leaderboard) is None
