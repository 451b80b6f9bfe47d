"""Figures as rows: when they are due, what they tell, and who may draw them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.judging.models import Judgment
from apps.prompts.operations import ensure_category
from apps.ratings.figures import (
    LEASE,
    claim_snapshot,
    due_snapshots,
    figures_of,
    figures_of_model,
    is_drawn,
    store_figures,
    want_figures,
)
from apps.ratings.models import Figure, Leaderboard, Rating
from apps.ratings.operations import SETTLED, refit_board
from apps.ratings.selection import select
from apps.ratings.told.model import deviations_told, releases_told
from apps.ratings.told.ratings import judges_and_people_told, ratings_told
from tests import cast, stage

pytestmark = pytest.mark.django_db
NOW = cast.NOON + timedelta(hours=1)


@pytest.fixture
def stood():
    told = cast.assemble()
    return cast.stand(told, draw_at=cast.NOON)


def figure(leaderboard: Leaderboard, name: str = "ratings") -> Figure:
    return Figure(leaderboard=leaderboard, name=name, title="Ratings", svg="<svg/>")


# --- when ---------------------------------------------------------------------------------------------------------------
def test_a_board_is_due_when_it_is_rated_and_its_categories_when_they_have_settled():
    matches, now = stage.matches(4), timezone.now()
    for match in matches:
        stage.judgment(stage.judge(f"judge-{match.pk}"), match)
    overall = refit_board(board=stage.board(matches[0].prompt.prompt_set), now=now)

    assert (overall.pk,) == due_snapshots(now)
    assert 2 == len(due_snapshots(now + SETTLED))


def test_a_board_rated_again_without_news_is_not_due_again():
    matches, now = stage.matches(2), timezone.now()
    stage.judgment(stage.judge(), matches[0])
    board = stage.board(matches[0].prompt.prompt_set)
    store_figures(leaderboard_id=refit_board(board=board, now=now).pk, figures=[], now=now)

    refit_board(board=board, now=now)

    assert () == due_snapshots(now)
    assert Judgment.objects.exists()


def test_the_newest_snapshots_can_be_wanted_again(stood):
    of_category = cast.stand(
        cast.Cast(stood.board, {row.contender.name: row.contender for row in stood.ratings.all()}, {}, {}),
        category=ensure_category("writing"),
    )
    older = Leaderboard.objects.create(board=stood.board, fitted_at=cast.NOON - timedelta(days=1), seed=1)
    Leaderboard.objects.update(draw_at=None)

    want_figures(board=stood.board, now=NOW)

    assert {stood.pk, of_category.pk} == set(due_snapshots(NOW))
    assert older.pk not in due_snapshots(NOW)


# --- who ----------------------------------------------------------------------------------------------------------------
def test_a_claimed_snapshot_is_kept_from_others_until_its_worker_must_be_dead(stood):
    assert stood == claim_snapshot(leaderboard_id=stood.pk, now=NOW)
    assert claim_snapshot(leaderboard_id=stood.pk, now=NOW) is None
    assert () == due_snapshots(NOW + LEASE - timedelta(seconds=1))
    assert stood == claim_snapshot(leaderboard_id=stood.pk, now=NOW + LEASE)


def test_stored_figures_stay_and_nothing_is_due(stood):
    for _ in range(2):  # by a second worker whose lease ran out
        store_figures(leaderboard_id=stood.pk, figures=[figure(stood)], now=NOW)

    assert ["ratings"] == [drawn.name for drawn in figures_of(stood)]
    assert is_drawn(stood)
    assert () == due_snapshots(NOW)


def test_a_figure_that_could_not_be_drawn_is_not_stored(stood):
    failed = figure(stood)
    failed.svg = ""

    store_figures(leaderboard_id=stood.pk, figures=[failed], now=NOW)

    assert not is_drawn(stood)
    assert () == due_snapshots(NOW)


def test_a_snapshot_superseded_while_it_was_drawn_needs_no_figures(stood):
    drawn, key = [figure(stood)], stood.pk
    stood.delete()

    store_figures(leaderboard_id=key, figures=drawn, now=NOW)

    assert not Figure.objects.exists()


# --- of one model -------------------------------------------------------------------------------------------------------
@pytest.fixture
def aster(stood):
    """Aster stood 80 points lower a week before, in the eyes of the judges."""
    told = cast.Cast(stood.board, {row.contender.name: row.contender for row in stood.ratings.all()}, {}, {})
    before = cast.stand(told, fitted_at=cast.NOON - timedelta(days=7))
    before.ratings.filter(contender__name="Aster", by="judges").update(rating=1100, lower=1070, upper=1130)
    store_figures(leaderboard_id=stood.pk, figures=[figure(stood)], now=NOW)
    return told.contenders["Aster"]


def test_whoever_looks_first_at_a_model_is_told_and_has_it_drawn(stood, aster):
    first, second = (figures_of_model(select(stood.board), aster, NOW) for _ in range(2))

    assert [("releases", "")] == [(told.name, told.svg) for told in first]
    assert [told.pk for told in first] == [told.pk for told in second]
    assert (stood.pk,) == due_snapshots(NOW)
    assert ["ratings"] == [drawn.name for drawn in figures_of(stood)]


def test_what_is_looked_for_while_a_worker_draws_is_due_when_it_is_done(stood, aster):
    figures_of_model(select(stood.board), aster, NOW)

    store_figures(leaderboard_id=stood.pk, figures=[], now=NOW)

    assert (stood.pk,) == due_snapshots(NOW)


def test_releases_are_told_oldest_first(stood, aster):
    told = releases_told(stood, aster)

    assert [("2025-02-25", 1100), ("2025-03-04", 1180)] == [(row["release"], row["rating"]) for row in told.rows]
    assert told.summary.startswith("Rated 1100 (1070 to 1130) by the judges on 2025-02-25 and 1180 (1150 to 1210) on")


def test_one_release_is_no_history(stood):
    assert releases_told(stood, stood.ratings.first().contender) is None


def test_categories_are_told_against_the_mean_move_of_all_models(stood):
    told = cast.Cast(stood.board, {row.contender.name: row.contender for row in stood.ratings.all()}, {}, {})
    for name, lead in (("writing", 40), ("logic", -40)):
        within = cast.stand(told, category=ensure_category(name), fitted_at=stood.fitted_at)
        within.ratings.filter(contender__name="Aster", by="judges").update(rating=1180 + lead)

    deviations = deviations_told(stood, told.contenders["Aster"])

    # One of four models moved by 40, so all of them by 10 on average.
    assert [("Writing", 30), ("Logic", -30)] == [(row["model"], row["rating"]) for row in deviations.rows]
    # Both intervals are 60 wide: half of it, times the root of two.
    assert 30 - 30 * 2**0.5 == pytest.approx(deviations.rows[0]["lower"])
    assert deviations.summary.endswith("in no category surely.")
    assert deviations_told(within, told.contenders["Aster"]) is None


# --- what ---------------------------------------------------------------------------------------------------------------
def test_the_ratings_are_told_best_first_with_a_sentence_of_what_is_to_be_seen(stood):
    told = ratings_told(stood)

    assert ["Aster", "Briar", "Clove", "Dill"] == [row["model"] for row in told.rows]
    assert (
        "4 models with 95 % intervals, 3 of them rated by people too. By the judges’ rating Aster with 1180 (1150 to "
        "1210) is highest and Dill with 860 (825 to 895) lowest." == told.summary
    )


def test_a_model_nobody_voted_on_is_not_set_against_people(stood):
    told = judges_and_people_told(stood)

    assert ["Aster", "Briar", "Clove"] == [row["model"] for row in told.rows]
    assert "3 models rated by judges and by people. Of none is it sure that the two ratings differ." == told.summary


def test_who_is_surely_seen_otherwise_by_people_is_named(stood):
    Rating.objects.filter(by="humans", contender__name="Clove").update(rating=1200, lower=1160, upper=1240)

    told = judges_and_people_told(stood)

    # 980 - 1200 = -220, far beyond the half-width of 50
    assert [False, False, True] == [row["apart"] for row in told.rows]
    assert told.summary.endswith("The ratings of 1 surely differ, most that of Clove: 220 points lower by the judges.")


def test_groups_that_never_met_are_told_apart():
    leaderboard = cast.stand(cast.assemble(), component={"Dill": 1})

    among = [row["among"] for row in ratings_told(leaderboard).rows]

    assert ["Group 1"] * 3 + ["Group 2, never compared with those above"] == among


def test_of_one_model_there_is_nothing_to_see():
    leaderboard = cast.stand(cast.assemble(), models=cast.MODELS[:1])

    assert ratings_told(leaderboard) is None
    assert judges_and_people_told(leaderboard) is None
