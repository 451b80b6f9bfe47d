"""How far two leaderboards put the same contenders in the same order."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau, spearmanr

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.draws import drawn

FEWEST = 3  # with two contenders a rank correlation is a coin


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho and Kendall's tau-b over n contenders; None where fewer than three can be compared."""

    n: int
    level: float
    seed: int
    draws: int
    spearman: float | None = None
    spearman_lower: float | None = None
    spearman_upper: float | None = None
    kendall: float | None = None
    kendall_lower: float | None = None
    kendall_upper: float | None = None


def compare(
    rating_left: Floats,
    cov_left: Floats,
    rating_right: Floats,
    cov_right: Floats,
    *,
    level: float = 0.95,
    seed: int,
    draws: int = 2000,
) -> RankCorrelation:
    """Rank correlations over the largest set of contenders that can be compared with each other on both boards.

    Ratings are float64[M], covariances float64[M, M] with NaN between contenders that never met. Intervals hold the
    middle `level` of `draws` pairs of boards drawn from their covariances, widened to hold the estimate itself: noise
    in both boards pulls the draws towards zero.
    """
    chosen = comparable(rating_left, cov_left, rating_right, cov_right)
    if len(chosen) < FEWEST:
        return RankCorrelation(len(chosen), level, seed, draws)
    within = np.ix_(chosen, chosen)
    rng = np.random.default_rng(seed)
    left, right = rating_left[chosen], rating_right[chosen]
    drawn_left = drawn(left, cov_left[within], draws, rng)
    drawn_right = drawn(right, cov_right[within], draws, rng)
    rho, tau = _number(spearmanr(left, right).statistic), _number(kendalltau(left, right).statistic)
    return RankCorrelation(
        len(chosen),
        level,
        seed,
        draws,
        rho,
        *_around(rho, _spearman(drawn_left, drawn_right), level),
        tau,
        *_around(tau, _kendall(drawn_left, drawn_right), level),
    )


def comparable(rating_left: Floats, cov_left: Floats, rating_right: Floats, cov_right: Floats) -> Integers:
    """int[n]: the largest set of contenders that can be compared with each other on both boards."""
    rated = np.isfinite(rating_left) & np.isfinite(rating_right)
    together = np.isfinite(cov_left) & np.isfinite(cov_right) & rated & rated[:, None]
    if not together.size:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(together[together.sum(axis=1).argmax()])


def _spearman(left: Floats, right: Floats) -> Floats:
    middle = (left.shape[1] - 1) / 2
    ranks_left = left.argsort(axis=1).argsort(axis=1) - middle
    ranks_right = right.argsort(axis=1).argsort(axis=1) - middle
    rho: Floats = (ranks_left * ranks_right).sum(axis=1) / (ranks_left**2).sum(axis=1)
    return rho


def _kendall(left: Floats, right: Floats) -> Floats:
    """float64[draws]; one row of pairs at a time keeps the memory at draws x M."""
    contenders = left.shape[1]
    total: Floats = np.zeros(len(left))
    for first in range(contenders - 1):
        order_left = np.sign(left[:, first, None] - left[:, first + 1 :])
        total += (order_left * np.sign(right[:, first, None] - right[:, first + 1 :])).sum(axis=1)
    total /= contenders * (contenders - 1) / 2
    return total


def _around(estimate: float | None, drawn: Floats, level: float) -> tuple[float | None, float | None]:
    if estimate is None:
        return None, None
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return min(float(lower), estimate), max(float(upper), estimate)


def _number(value: float) -> float | None:
    """A board on which all ratings are equal has no order, and no correlation."""
    return float(value) if np.isfinite(value) else None
