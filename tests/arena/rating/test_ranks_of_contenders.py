import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.ranks import rank_interval, spread_of_differences, surely_better, tie_bands
from tests.arena.boards import boards


def ranks(rating, covariance):
    low, high = rank_interval(np.array(rating, dtype=float), np.array(covariance, dtype=float))
    return low.tolist(), high.tolist()


def test_clear_differences_are_clear_ranks():
    assert ([2, 1, 3], [2, 1, 3]) == ranks([1000, 1100, 900], np.eye(3) * 100)


def test_a_difference_within_its_interval_leaves_both_ranks_open():
    # standard error of a difference: sqrt(2 * 100) = 14.1, half-width 27.7: 20 is not sure, 40 is
    assert ([1, 1, 2], [2, 3, 3]) == ranks([1040, 1020, 1000], np.eye(3) * 100)


def test_it_is_the_interval_of_the_difference_that_counts():
    # each is known to +-39, yet they move together: the difference has variance 400 + 400 - 2 * 396 = 8
    assert ([1, 2], [1, 2]) == ranks([1010, 1000], [[400, 396], [396, 400]])


def test_the_spread_of_a_difference_takes_off_what_moves_together():
    # sqrt(400 + 100 - 2 * 60) = sqrt(380); with oneself nothing
    spread = spread_of_differences(np.array([[400.0, 60], [60, 100]]))
    assert [0, 380**0.5, 380**0.5, 0] == pytest.approx(spread.ravel().tolist())


def test_an_unrated_contender_has_no_rank_and_takes_none():
    nan = float("nan")
    assert ([1, 0, 2], [1, 0, 2]) == ranks([1100, nan, 900], [[1, nan, 0], [nan, nan, nan], [0, nan, 1]])


def test_contenders_that_never_met_are_ranked_apart():
    nan = float("nan")
    assert ([1, 1], [1, 1]) == ranks([1100, 900], [[1, nan], [nan, 1]])


def test_equal_and_certain_ratings_share_their_ranks():
    assert ([1, 1], [2, 2]) == ranks([1000, 1000], np.zeros((2, 2)))


@given(boards())
def test_rank_intervals_hold_the_rank_by_rating(verdicts):
    found = fit(verdicts)
    low, high = rank_interval(found.rating, found.covariance)
    for index, component in enumerate(found.component):
        if component < 0:
            assert (0, 0) == (low[index], high[index])
            continue
        rivals = found.rating[found.component == component]
        above = np.count_nonzero(rivals > found.rating[index] + 1e-6)
        assert 1 <= low[index] <= above + 1 <= high[index] <= len(rivals)


@given(boards())
def test_nobody_is_surely_better_both_ways(verdicts):
    found = fit(verdicts)
    better = surely_better(found.rating, found.covariance)
    assert not (better & better.T).any()


def test_bands_hold_those_whose_interval_touches_their_leader():
    low, high = np.array([1, 1, 2, 4, 4, 0]), np.array([2, 3, 3, 5, 5, 0])
    assert [1, 1, 1, 2, 2, 0] == tie_bands(low, high).tolist()


def test_nobody_makes_no_band():
    assert [] == tie_bands(np.zeros(0, dtype=int), np.zeros(0, dtype=int)).tolist()
