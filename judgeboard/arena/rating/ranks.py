"""From ratings with their covariance to ranks that say no more than is known."""

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats, Integers


def rank_interval(rating: Floats, covariance: Floats, level: float = 0.95) -> tuple[Integers, Integers]:
    """int[M], int[M]: the lowest and highest rank that the interval of each *difference* leaves open.

    rank_low = 1 + number surely better; rank_high = size of the group less the number surely worse. Contenders whose
    covariance is NaN never met and are not ranked against each other. An unrated contender (NaN) gets 0 and 0.
    """
    better = surely_better(rating, covariance, level)
    rated = np.isfinite(rating)
    group = (np.isfinite(covariance) & rated & rated[:, None]).sum(axis=1)
    low = np.where(rated, 1 + better.sum(axis=0), 0)
    high = np.where(rated, group - better.sum(axis=1), 0)
    return low, high


def surely_better(rating: Floats, covariance: Floats, level: float = 0.95) -> Flags:
    """bool[M, M]: the row is better than the column by more than the half-width of their difference."""
    better: Flags = rating[:, None] - rating > ndtri((1 + level) / 2) * spread_of_differences(covariance)
    return better


def spread_of_differences(covariance: Floats) -> Floats:
    """float64[M, M]: the standard error of the difference of row and column, in the units of the ratings."""
    variance = np.diag(covariance)
    spread: Floats = np.sqrt(np.maximum(variance[:, None] + variance - 2 * covariance, 0.0))
    return spread


def tie_bands(rank_low: Integers, rank_high: Integers) -> Integers:
    """int[M]: bands from 1; a band holds its leader and all whose rank interval touches the leader's. 0 = unranked."""
    band = np.zeros(len(rank_low), dtype=np.int64)
    number, floor = 0, 0
    for index in np.lexsort((rank_high, rank_low)):
        if rank_low[index] == 0:
            continue
        if rank_low[index] > floor:
            number, floor = number + 1, int(rank_high[index])
        band[index] = number
    return band
