"""How to share out verdicts over pairs so that the differences that matter come to be known best."""

from collections.abc import Callable

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.pairing.knowledge import Knowledge, difference
from judgeboard.arena.rating.likelihood import laplacian

STEPS = 30  # towards the optimum; further ones change no simulated figure


def least_variance(known: Knowledge, pairs: Integers, calls: int, weight: Floats) -> Floats:
    """float64[P] shares of `calls` verdicts over int[P, 2] pairs, an A-optimal design: the variances of the pairs'
    differences, float64[P] weighted and summed, become least, given what is known already."""
    aim = laplacian(_table(pairs, weight, len(known)))
    return _optimal(known, pairs, calls, lambda covariance: covariance @ aim @ covariance)


def least_volume(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """float64[P] shares, a D-optimal design: the determinant of the covariance becomes least."""
    return _optimal(known, pairs, calls, lambda covariance: covariance)


def _optimal(known: Knowledge, pairs: Integers, calls: int, slope: Callable[[Floats], Floats]) -> Floats:
    """Shares grow with the root of what another verdict on the pair would gain, until all that are left gain alike.

    slope: the derivative of the criterion by the information matrix, float64[M, M], of the covariance. The
    multiplicative algorithm of Silvey, Titterington & Torsney (1978), Commun. Statist. A 7, 1379-1389; that it goes
    the right way at every step was shown by Yu (2010), Ann. Statist. 38, 1593-1606.
    """
    i, j = pairs.T
    share = np.full(len(pairs), 1 / len(pairs))
    for _ in range(STEPS):
        covariance = known.covariance(_table(pairs, calls * share, len(known)))
        gain = known.verdict_information[i, j] * difference(slope(covariance), pairs)
        share = share * np.sqrt(gain)
        share /= share.sum()
    return share


def _table(pairs: Integers, value: Floats, size: int) -> Floats:
    """float64[M, M], symmetric, of float64[P] values; 0 for other pairs."""
    filled = np.zeros((size, size))
    filled[pairs[:, 0], pairs[:, 1]] = filled[pairs[:, 1], pairs[:, 0]] = value
    return filled
