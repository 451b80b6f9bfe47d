import numpy as np
import pytest
from hypothesis import given, settings

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.draws import drawn, groups
from judgeboard.arena.rating.rank_chances import (
    chance_better,
    chance_better_than_next,
    next_in_rank,
    rank_chances,
)
from judgeboard.arena.rating.ranks import rank_interval
from tests.arena.boards import boards

NAN = float("nan")
TWO_GROUPS = (
    np.array([1000.0, 1100, 900, NAN]),
    np.array([[100, NAN, 0, NAN], [NAN, 50, NAN, NAN], [0, NAN, 100, NAN], [NAN, NAN, NAN, NAN]]),
)


def test_the_chance_of_the_better_rank_is_the_normal_one():
    found = rank_chances(np.array([1010.0, 1000.0]), np.eye(2) * 200, seed=1, draws=40_000)
    # a lead of 10 with a spread of sqrt(200 + 200) = 20: Phi(1/2) = 0.69146
    assert 0.69146 == pytest.approx(found.first[0], abs=0.01)
    assert 1 + (1 - 0.69146) == pytest.approx(found.expected[0], abs=0.01)


def test_clear_differences_are_clear_chances():
    found = rank_chances(np.array([1000.0, 1100, 900]), np.eye(3), seed=1)
    assert [[0, 1, 0], [1, 0, 0], [0, 0, 1]] == found.chance.tolist()
    assert ([2, 1, 3], [0, 1, 0]) == (found.expected.tolist(), found.first.tolist())


def test_equal_and_certain_ratings_share_their_ranks_evenly():
    found = rank_chances(np.full(2, 1000.0), np.zeros((2, 2)), seed=1, draws=10_000)
    assert np.full((2, 2), 0.5) == pytest.approx(found.chance, abs=0.02)


def test_groups_that_never_met_are_ranked_apart_and_the_unrated_not_at_all():
    found = rank_chances(*TWO_GROUPS, seed=1)
    assert [1, 0, 0, 0] == found.chance[1].tolist()
    assert [1, 0, 0] == pytest.approx(found.chance[0, [0, 2, 3]], abs=0.01)
    assert [1, 2] == pytest.approx(found.expected[[0, 2]], abs=0.01)
    assert np.isnan([*found.chance[3], found.expected[3], found.first[3]]).all()


def test_groups_are_told_in_the_order_of_their_first():
    assert [[0, 2], [1]] == [group.tolist() for group in groups(*TWO_GROUPS)]


def test_the_same_seed_is_the_same_answer():
    once, again = (rank_chances(np.array([1000.0, 1001]), np.eye(2) * 9, seed=5) for _ in range(2))
    assert (once.chance == again.chance).all()
    assert (5, 2000) == (again.seed, again.draws)


def test_draws_have_the_mean_and_covariance_asked_for():
    covariance = np.array([[9.0, -9, 0], [-9, 13, -4], [0, -4, 4]])  # centred: without an inverse
    found = drawn(np.array([1.0, 2, 3]), covariance, 40_000, np.random.default_rng(2))
    assert [1, 2, 3] == pytest.approx(found.mean(axis=0), abs=0.1)
    assert covariance == pytest.approx(np.cov(found.T), abs=0.3)


@settings(max_examples=40)
@given(boards())
def test_chances_add_up_by_contender_and_by_rank(verdicts):
    board = fit(verdicts)
    found = rank_chances(board.rating, board.covariance, seed=3, draws=200)
    rated = board.component >= 0
    assert np.ones(rated.sum()) == pytest.approx(found.chance[rated].sum(axis=1))
    for component in range(board.component.max() + 1):
        members = board.component == component
        size = members.sum()
        assert np.ones(size) == pytest.approx(found.chance[members][:, :size].sum(axis=0))
        # ranks 1 .. m add up to m (m + 1) / 2
        assert size * (size + 1) / 2 == pytest.approx(found.expected[members].sum())
    assert np.isnan(found.chance[~rated]).all()


@settings(max_examples=40)
@given(boards())
def test_expected_ranks_are_those_of_the_pairs(verdicts):
    """A second road: 1 + the chances of all others to be better, which need no draws."""
    board = fit(verdicts)
    found = rank_chances(board.rating, board.covariance, seed=4, draws=4000)
    better = chance_better(board.rating, board.covariance)
    np.fill_diagonal(better, 0.0)
    expected = np.where(board.component >= 0, 1 + np.nansum(better, axis=0), NAN)
    assert expected == pytest.approx(found.expected, abs=0.15, nan_ok=True)


@settings(max_examples=40)
@given(boards())
def test_rank_intervals_leave_out_only_unlikely_ranks(verdicts):
    board = fit(verdicts)
    found = rank_chances(board.rating, board.covariance, seed=5, draws=1000)
    low, high = rank_interval(board.rating, board.covariance)
    for index in np.flatnonzero(board.component >= 0):
        assert 0.8 < found.chance[index, low[index] - 1 : high[index]].sum()


def test_the_chance_to_be_better_is_that_of_the_difference():
    found = chance_better(np.array([1010.0, 1000, NAN]), np.array([[400, 396, NAN], [396, 400, NAN], [NAN] * 3]))
    # the difference of 10 has variance 400 + 400 - 2 * 396 = 8: Phi(10 / sqrt 8) = Phi(3.5355) = 0.999797
    assert [0.5, 0.999797, 1 - 0.999797, 0.5] == pytest.approx(found[:2, :2].ravel().tolist(), abs=1e-6)
    assert np.isnan([*found[2], *found[:, 2]]).all()


def test_certain_differences_are_certain_and_certain_ties_are_even():
    found = chance_better(np.array([1010.0, 1000, 1000]), np.zeros((3, 3)))
    assert [[0.5, 1, 1], [0, 0.5, 0.5], [0, 0.5, 0.5]] == found.tolist()


def test_each_is_set_against_the_next_in_its_own_group():
    below, chance = next_in_rank(*TWO_GROUPS), chance_better_than_next(*TWO_GROUPS)
    assert [2, -1, -1, -1] == below.tolist()
    # 100 points apart with a spread of sqrt(200): beyond doubt
    assert [1.0, NAN, NAN, NAN] == pytest.approx(chance.tolist(), nan_ok=True)


@given(boards())
def test_nobody_is_less_likely_than_not_to_be_better_than_the_next(verdicts):
    board = fit(verdicts)
    below, chance = (
        next_in_rank(board.rating, board.covariance),
        chance_better_than_next(board.rating, board.covariance),
    )
    assert (chance[below >= 0] >= 0.5).all()
    assert np.isnan(chance[below < 0]).all()
    # all but the last of each group have a next
    assert (board.component >= 0).sum() - (board.component.max() + 1) == (below >= 0).sum()
