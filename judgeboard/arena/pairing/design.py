"""How to share out verdicts over pairs so that the differences that matter come to be known best."""

from collections.abc import Callable

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.pairing.knowledge import Knowledge, difference
from judgeboard.arena.rating.likelihood import laplacian

STEPS = 30  # towards the optimum; further ones change no simulated figure
POWER = 8  # the sum of so high powers is ruled by the largest, and still smooth


def least_variance(
    known: Knowledge, pairs: Integers, calls: int, weight: Floats, aimed: Integers | None = None
) -> Floats:
    """float64[P] shares of `calls` verdicts over int[P, 2] pairs, an A-optimal design: the variances of the differences
    of int[Q, 2] `aimed` pairs (None: the same), float64[Q] weighted and summed, become least, given what is known."""
    aim = laplacian(_table(pairs if aimed is None else aimed, weight, len(known)))
    return _optimal(known, pairs, calls, lambda covariance: covariance @ aim @ covariance)


def least_volume(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """float64[P] shares, a D-optimal design: the determinant of the covariance becomes least."""
    return _optimal(known, pairs, calls, lambda covariance: covariance)


def least_width(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """float64[P] shares: the widest interval of those who may be judged becomes as narrow as can be.

    The criterion is the sum of the POWER-th powers of the variances, which the largest rules; each is that of a rating
    less the mean of all, as boards show it. Where one contender is in every pair, its interval alone counts.
    """
    present = np.bincount(pairs.ravel(), minlength=len(known)) > 0
    centred = np.diag(present.astype(np.float64)) - np.outer(present, present) / present.sum()
    newcomer = in_every(pairs)
    counted = np.flatnonzero(present) if newcomer is None else np.array([newcomer])

    def slope(covariance: Floats) -> Floats:
        middle = centred @ covariance
        spread = np.einsum("ij,ij->i", middle, centred)[counted]
        weight = np.zeros(len(known))
        weight[counted] = (spread / spread.max()) ** (POWER - 1)
        result: Floats = middle.T @ (weight[:, None] * middle)
        return result

    return _optimal(known, pairs, calls, slope, pace=0.25)


def in_every(pairs: Integers) -> int | None:
    """The one contender that is in every pair, if there is one: its place alone is asked about."""
    met = np.flatnonzero(np.bincount(pairs.ravel()) == len(pairs))
    return int(met[0]) if len(met) == 1 else None


def _optimal(
    known: Knowledge, pairs: Integers, calls: int, slope: Callable[[Floats], Floats], pace: float = 0.5
) -> Floats:
    """Shares grow with the root (`pace`) of what another verdict on the pair would gain, until all left gain alike.

    slope: the derivative of the criterion by the information matrix, float64[M, M], of the covariance. The
    multiplicative algorithm of Silvey, Titterington & Torsney (1978), Commun. Statist. A 7, 1379-1389; that it goes
    the right way at every step was shown by Yu (2010), Ann. Statist. 38, 1593-1606; a steeper criterion wants a
    smaller power, lest it swing from side to side.
    """
    i, j = pairs.T
    share = np.full(len(pairs), 1 / len(pairs))
    for _ in range(STEPS):
        covariance = known.covariance(_table(pairs, calls * share, len(known)))
        gain = known.verdict_information[i, j] * difference(slope(covariance), pairs)
        share = share * gain**pace
        share /= share.sum()
    return share


def _table(pairs: Integers, value: Floats, size: int) -> Floats:
    """float64[M, M], symmetric, of float64[P] values; 0 for other pairs."""
    filled = np.zeros((size, size))
    filled[pairs[:, 0], pairs[:, 1]] = filled[pairs[:, 1], pairs[:, 0]] = value
    return filled
