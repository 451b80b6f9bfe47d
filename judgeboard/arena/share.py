"""A share of points or of agreements, with an interval for rows that move together in clusters."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats, Integers


@dataclass(frozen=True)
class Share:
    """A share in [0, 1] of n rows and its interval; None where nothing was measured."""

    n: int
    share: float | None
    lower: float | None
    upper: float | None


NOT_MEASURED = Share(0, None, None, None)


def clustered_share(value: Floats, cluster: Integers, level: float) -> Share:
    """The mean of float64[n] values in [0, 1] with an interval that treats each cluster as one draw.

    Wilson's interval (1927, JASA 22, 209-212) at the effective number of rows, share * (1 - share) / variance of the
    mean over clusters; at most n. Where no cluster differs from another, each counts as one row: nothing is ever sure.
    """
    if not len(value):
        return NOT_MEASURED
    mean = float(value.mean())
    effective = _effective_number(value - mean, cluster, mean)
    return Share(len(value), mean, *_wilson(mean, effective, level))


def clustered_variance(deviation: Floats, cluster: Integers) -> float | None:
    """The variance of a mean whose deviations are float64[n], summed by cluster; None with a single cluster."""
    _, number = np.unique(cluster, return_inverse=True)
    total = np.bincount(number, weights=deviation)
    clusters = len(total)
    if clusters < 2:
        return None
    return float(clusters / (clusters - 1) * (total @ total) / len(deviation) ** 2)


def _effective_number(deviation: Floats, cluster: Integers, mean: float) -> float:
    variance = clustered_variance(deviation, cluster) or 0.0
    if variance < 1e-12:
        return float(len(np.unique(cluster)))
    return min(mean * (1 - mean) / variance, float(len(deviation)))


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    z = float(ndtri((1 + level) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
