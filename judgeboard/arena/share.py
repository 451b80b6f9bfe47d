"""A share of points or of agreements, with an interval for rows that move together in clusters."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered

NO_SPREAD = 1e-12
"""A variance below this is the rounding of nothing."""


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
    return share_of_totals(mean, totals(value - mean, cluster), len(value), level)


def share_of_totals(share: float, total: Floats, n: int, level: float) -> Share:
    """The same from float64[G], the deviations of n rows from the share summed by cluster."""
    variance = variance_of_totals(total, n) or 0.0
    effective = float(len(total)) if variance < NO_SPREAD else min(share * (1 - share) / variance, float(n))
    return Share(n, share, *_wilson(share, effective, level))


def clustered_variance(deviation: Floats, cluster: Integers) -> float | None:
    """The variance of a mean whose deviations are float64[n], summed by cluster; None with a single cluster."""
    return variance_of_totals(totals(deviation, cluster), len(deviation))


def variance_of_totals(total: Floats, n: int) -> float | None:
    """The same from float64[G], the deviations of n rows summed by cluster."""
    clusters = len(total)
    if clusters < 2:
        return None
    return float(clusters / (clusters - 1) * (total @ total) / n**2)


def totals(value: Floats, cluster: Integers) -> Floats:
    """float64[G]: float64[n] values summed by cluster, clusters in ascending order."""
    number, clusters = numbered(cluster)
    return np.asarray(np.bincount(number, value, minlength=clusters), dtype=np.float64)


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    z = float(ndtri((1 + level) / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
