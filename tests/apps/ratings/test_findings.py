"""What a refit finds beyond ratings, and what figures tell of it."""

import pytest

from apps.ratings.models import Agreement, Finding, Rating
from apps.ratings.operations import refit_board
from apps.ratings.told.agreement import confusion_told, raters_told
from apps.ratings.told.calibration import agreement_by_gap_told, calibration_told
from apps.ratings.told.pairs import meetings_told, win_chances_told
from apps.ratings.told.price import price_told
from apps.ratings.told.prompts import prompts_told
from apps.ratings.told.ranks import rank_chances_told, ranks_by_rater_told
from tests import cast, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def fitted():
    """The cast on two prompts: the older always wins for both judges and Ada, and Ben always says tie."""
    told = cast.assemble()
    cast.play_matches(told)
    told.leaderboard = refit_board(board=told.board, now=cast.NOON)
    return told


# --- pairs --------------------------------------------------------------------------------------------------------------
def test_each_pair_is_told_once_from_the_better_rated(fitted):
    told = win_chances_told(fitted.leaderboard)

    assert 6 == len(told.rows)
    assert all(row["expected"] > 0.5 and row["lower"] < row["expected"] < row["upper"] for row in told.rows)
    assert ("Aster", "Briar", 8, 1.0) == tuple(told.rows[0][key] for key in ("model", "other", "n", "won"))
    assert "The 4 leading models, best first." in told.caption


def test_the_share_that_a_model_should_win_follows_from_the_ratings(fitted):
    ratings = {row.contender.name: row.rating for row in fitted.leaderboard.ratings.filter(by=Rating.By.JUDGES)}

    row = win_chances_told(fitted.leaderboard).rows[0]

    lead = ratings["Aster"] - ratings["Briar"]
    assert pytest.approx(1 / (1 + 10 ** (-lead / 400))) == row["expected"]


def test_how_often_pairs_met_is_counted_in_judgments(fitted):
    # Two prompts, two judges, two orders: eight on each pair.
    told = meetings_told(fitted.leaderboard)

    assert {8} == {row["n"] for row in told.rows}
    assert told.summary.startswith("6 of 6 pairs have met, half of them 8 times or more")


# --- ranks --------------------------------------------------------------------------------------------------------------
def test_the_chances_of_a_models_ranks_add_up_to_one(fitted):
    told = rank_chances_told(fitted.leaderboard)

    for row in told.rows:
        assert 1 == pytest.approx(sum(row[f"rank_{k}"] for k in range(1, 5)), abs=0.001)
    assert "First is Aster with a chance of" in told.summary


def test_each_raters_ranks_stand_beside_those_of_all_judges_with_what_is_left_open():
    told = cast.full_board()
    cast.rate_alone(told, "Gavel", {"Aster": (1100, 1060, 1140, 1, 2), "Briar": (1200, 1160, 1240, 1, 2)})

    ranks = ranks_by_rater_told(told.leaderboard)

    assert ["Model", "All judges", "gavel", "People"] == [
        c.heading for c in ranks.columns if c.heading not in ("from", "to")
    ]
    briar = next(row for row in ranks.rows if row["model"] == "Briar")
    assert [(2, 1, 2), (1, 1, 2), (1, 1, 2)] == [
        tuple(briar[f"{name}_{n}"] for name in ("rank", "low", "high")) for n in range(3)
    ]
    dill = ranks.rows[3]
    assert [4, None, None] == [dill[f"rank_{n}"] for n in range(3)]
    assert "Furthest apart is Aster: rank 1 by all judges, 2 by gavel." in ranks.summary


def test_with_one_rater_no_ranks_are_set_beside_each_other():
    told = cast.assemble()
    leaderboard = cast.stand(told)
    leaderboard.ratings.filter(by=Rating.By.HUMANS).delete()

    assert ranks_by_rater_told(leaderboard) is None


# --- price --------------------------------------------------------------------------------------------------------------
def test_a_model_that_something_cheaper_outrates_is_off_the_frontier():
    told = cast.assemble()
    for name, written in (("Aster", "10"), ("Briar", "1"), ("Clove", "2")):
        cast.price(told, name, "1", written)

    price = price_told(cast.stand(told))

    assert {"Briar": True, "Clove": False, "Aster": True} == {row["model"]: row["frontier"] for row in price.rows}
    assert "Dollars per million tokens written" == price.columns[1].heading
    assert (
        "Of 3 models with a price, 2 are on the frontier: Briar ($1.00, rated 1140), Aster ($10.00, rated 1180)."
        == price.summary
    )


def test_where_tokens_were_counted_of_all_models_the_price_is_that_of_a_win():
    told = cast.assemble()
    for name in ("Aster", "Briar"):
        cast.price(told, name, "1", "10")
    leaderboard = cast.stand(told)
    leaderboard.ratings.filter(by=Rating.By.JUDGES).update(tokens_in=1000, tokens_out=100)

    price = price_told(leaderboard)

    # (1000 * $1 + 100 * $10) / a million = $0.002 an answer, and half of them win.
    assert "Dollars per win" == price.columns[1].heading
    assert 0.004 == pytest.approx(price.rows[0]["usd"])


def test_one_price_alone_makes_no_figure():
    told = cast.assemble()
    cast.price(told, "Aster", "1", "10")

    assert price_told(cast.stand(told)) is None


# --- agreement ----------------------------------------------------------------------------------------------------------
def test_judges_are_compared_with_each_other_on_what_both_judged(fitted):
    row = fitted.leaderboard.agreements.get(left="Gavel", right="Wig", ties="kept")

    # Twelve matches, in both orders, always alike.
    assert (12, 1.0, None) == (row.n, row.agreement, row.judge)


def test_each_pair_of_raters_is_told_once_and_two_people_too(fitted):
    told = raters_told(fitted.leaderboard)

    assert {("Gavel", "People"), ("Wig", "People"), ("Gavel", "Wig"), ("People", "People")} == {
        (row["rater"], row["other"]) for row in told.rows
    }
    assert {"gavel", "wig", "people"} == {key for row in told.rows for key in (row["key"], row["other_key"])}


def test_what_judges_and_people_say_of_a_match_adds_up_to_the_matches_of_both(fitted):
    told = confusion_told(fitted.leaderboard)

    # Ada says A and Ben says tie, so there is no majority: people say tie of all twelve.
    assert 9 == len(told.rows)
    assert [("a", "tie", 12, 1.0)] == [
        (row["judged"], row["voted"], row["n"], row["share"]) for row in told.rows if row["n"]
    ]
    assert "Of 12 matches judges and people say the same of 0" in told.summary


def test_comparisons_of_judges_are_no_comparison_with_people(fitted):
    cast_agreements = Agreement.objects.exclude(right="humans")

    assert cast_agreements.exists()
    assert not cast_agreements.exclude(judge=None).exists()


# --- by gap -------------------------------------------------------------------------------------------------------------
def test_by_gap_the_better_rated_win_as_often_as_was_judged_and_voted(fitted):
    told = calibration_told(fitted.leaderboard)

    # All judgments are for the better; of the votes one half is, and the other half are ties.
    assert {1.0} == {row["judges"] for row in told.rows}
    assert {0.75} == {row["people"] for row in told.rows}
    assert 6 * 8 == sum(row["judges_n"] for row in told.rows)
    assert 6 * 4 == sum(row["people_n"] for row in told.rows)


def test_by_gap_judges_side_with_every_second_vote(fitted):
    told = agreement_by_gap_told(fitted.leaderboard)

    assert {0.5} == {row["judges"] for row in told.rows}
    assert {0.0} == {row["people"] for row in told.rows}  # Ada and Ben never say the same


def test_without_two_models_nothing_is_found_and_nothing_told():
    leaderboard = refit_board(board=stage.board(stage.prompt_set()), now=cast.NOON)

    assert not Finding.objects.exists()
    for tell in (win_chances_told, meetings_told, rank_chances_told, raters_told, confusion_told, calibration_told):
        assert tell(leaderboard) is None
    assert agreement_by_gap_told(leaderboard) is None


# --- prompts ------------------------------------------------------------------------------------------------------------
def test_each_prompt_of_a_set_is_told_with_how_hard_it_is_and_what_it_tells(fitted):
    ((view, told),) = prompts_told(fitted.leaderboard)

    assert "prompts=everyday&version=1" == view
    assert [1, 2] == [row["place"] for row in told.rows]
    # The older always wins: nothing is undecided, and all points go to the better rated.
    assert [(0, 24), (0, 24)] == [(row["undecided"], row["n"]) for row in told.rows]
    assert all(row["discrimination"] > 1 for row in told.rows)


def test_what_prompts_tell_is_found_over_all_categories_alone(fitted):
    assert Finding.objects.filter(leaderboard__category__isnull=False).exists()
    assert 1 == Finding.objects.filter(name=Finding.Name.PROMPTS).count()
