import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, spearmanr

from judgeboard.arena.agreement.rank_correlation import compare

NAN = float("nan")


def correlation(left, right, spread=1.0, **options):
    left, right = np.array(left, dtype=float), np.array(right, dtype=float)
    covariance = np.eye(len(left)) * spread
    return compare(left, covariance, right, covariance, **{"level": 0.95, "seed": 1} | options)


def test_one_exchange_of_neighbours_among_four():
    found = correlation([4, 3, 2, 1], [4, 3, 1, 2], spread=0.0)
    # 5 of 6 pairs agree: (5 - 1) / 6; rho = 1 - 6 * 2 / (4 * 15)
    assert (4, pytest.approx(2 / 3), pytest.approx(0.8)) == (found.n, found.kendall, found.spearman)
    assert (found.kendall, found.kendall) == pytest.approx((found.kendall_lower, found.kendall_upper))


def test_noise_opens_the_interval():
    sure, unsure = (correlation(range(0, 500, 50), range(0, 500, 50), spread) for spread in (1.0, 2500.0))
    assert (1.0, 1.0) == pytest.approx((sure.kendall_lower, sure.spearman_lower))
    assert unsure.kendall_lower < 0.8
    assert 1.0 == pytest.approx(unsure.kendall_upper)


def test_the_same_seed_draws_the_same_interval():
    left, right = [3, 1, 2, 5], [1, 2, 3, 4]
    assert correlation(left, right, seed=7) == correlation(left, right, seed=7)
    assert correlation(left, right, seed=7).draws == 2000


@pytest.mark.parametrize("ratings", [[], [1], [1, 2], [1, 2, NAN]])
def test_fewer_than_three_contenders_have_no_correlation(ratings):
    found = correlation(ratings, ratings)
    assert (min(2, len(ratings)), None, None, None) == (found.n, found.spearman, found.kendall, found.kendall_lower)


def test_only_contenders_rated_on_both_boards_count():
    found = correlation([1, 2, 3, 4, NAN], [1, 2, 3, NAN, 9])
    assert (3, 1.0) == (found.n, pytest.approx(found.kendall))


def test_of_groups_that_never_met_the_largest_is_compared():
    covariance = np.full((5, 5), NAN)
    covariance[:3, :3], covariance[3:, 3:] = np.eye(3), np.eye(2)
    ratings = np.array([1.0, 2.0, 3.0, 100.0, 50.0])
    found = compare(ratings, covariance, ratings, np.eye(5), seed=1)
    assert (3, pytest.approx(1.0)) == (found.n, found.kendall)


@pytest.mark.filterwarnings("ignore:An input array is constant")
def test_a_board_without_any_order_correlates_with_nothing():
    found = correlation([1, 1, 1], [1, 2, 3])
    assert (3, None, None, None) == (found.n, found.spearman, found.spearman_lower, found.kendall)


@given(st.integers(3, 9), st.integers(0, 1000))
def test_the_estimates_are_scipys_and_lie_in_their_intervals(size, seed):
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(2, size))
    found = correlation(left, right, spread=0.3, seed=seed, draws=50)
    assert kendalltau(left, right).statistic == pytest.approx(found.kendall)
    assert spearmanr(left, right).statistic == pytest.approx(found.spearman)
    assert -1 - 1e-9 <= found.kendall_lower <= found.kendall <= found.kendall_upper <= 1 + 1e-9
    assert -1 - 1e-9 <= found.spearman_lower <= found.spearman <= found.spearman_upper <= 1 + 1e-9


def test_drawn_correlations_are_those_scipy_would_count():
    """Every draw is the same board where nothing is uncertain, so the interval is scipy's figure itself."""
    rng = np.random.default_rng(2)
    left, right = rng.normal(size=(2, 12))
    found = correlation(left, right, spread=0.0, draws=10)
    assert kendalltau(left, right).statistic == pytest.approx(found.kendall_lower)
    assert spearmanr(left, right).statistic == pytest.approx(found.spearman_upper)
