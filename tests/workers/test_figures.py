"""Who draws: after the ratings are stored, without keeping them, and each figure for itself."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from apps.ratings.figures import due_snapshots, figures_of, figures_of_model
from apps.ratings.models import Figure, Leaderboard
from apps.ratings.selection import select
from tests import cast
from workers import conductor
from workers.figures import draw, draw_now
from workers.figures.charts import CHARTS
from workers.tasks import draw_figures

pytestmark = pytest.mark.django_db
NOW = cast.NOON + timedelta(hours=1)

RELEASE = [["release", "Release", "release"], ["rating", "Judges’ rating", "points"]]
ROW = {"release": "2025-03-04", "slug": "aster", "rating": 1180, "lower": 1150, "upper": 1210, "bounded": True} | {
    f"human_{name}": None for name in ("rating", "lower", "upper", "bounded")
}


@pytest.fixture
def stood():
    return cast.stand(cast.assemble(), draw_at=cast.NOON)


def test_a_due_snapshot_is_found_and_drawn_once(stood):
    assert (stood.pk,) == conductor.look(NOW).snapshots

    async_to_sync(draw)(stood.pk, now=NOW)

    assert ["ratings", "judges-and-people", "ranks-by-rater"] == [figure.name for figure in figures_of(stood)]
    assert () == conductor.look(NOW).snapshots


def test_marks_lead_to_the_model_on_this_board(stood):
    draw_now(stood.board, now=NOW)

    assert 'href="/models/aster/?board=everyday"' in figures_of(stood)[0].svg


def test_a_figure_keeps_the_rows_it_was_drawn_from(stood):
    draw_now(stood.board, now=NOW)

    ratings = figures_of(stood)[0]
    assert [1180.0, 1140.0, 980.0, 860.0] == [row["rating"] for row in ratings.rows]
    assert ratings.summary in ratings.svg


def test_what_somebody_else_draws_is_left_to_them(stood):
    draw_figures(stood.pk)
    first = [figure.pk for figure in figures_of(stood)]

    draw_figures(stood.pk)

    assert first == [figure.pk for figure in figures_of(stood)]


def test_a_figure_that_cannot_be_drawn_is_left_out_and_the_others_are_there(stood, caplog, monkeypatch):
    monkeypatch.delitem(CHARTS, "ratings")

    draw_now(stood.board, now=NOW)

    assert ["judges-and-people", "ranks-by-rater"] == [figure.name for figure in figures_of(stood)]
    assert () == due_snapshots(NOW)
    assert "could not be drawn" in caplog.text


def test_a_board_with_too_little_to_see_has_no_figures_and_is_done():
    leaderboard = cast.stand(cast.assemble(), models=cast.MODELS[:1], draw_at=cast.NOON)

    draw_now(leaderboard.board, now=NOW)

    assert [] == figures_of(leaderboard)
    assert () == due_snapshots(NOW)


def test_what_was_told_of_a_model_is_drawn_and_the_boards_own_are_left_as_they_are(stood):
    draw_now(stood.board, now=NOW)
    own, aster = [figure.pk for figure in figures_of(stood)], stood.ratings.first().contender
    Figure.objects.create(leaderboard=stood, contender=aster, name="releases", columns=RELEASE, rows=[ROW], n_rows=1)
    Leaderboard.objects.filter(pk=stood.pk).update(draw_at=NOW)

    async_to_sync(draw)(stood.pk, now=NOW)

    assert own == [figure.pk for figure in figures_of(stood)]
    (drawn,) = figures_of_model(select(stood.board), aster, NOW)
    assert 'href="/models/aster/?board=everyday&amp;release=2025-03-04"' in drawn.svg
    assert () == due_snapshots(NOW)
