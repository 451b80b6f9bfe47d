"""How much a verdict says, apart from how many there are: by verdict, or by pair."""

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.verdicts import POINTS


class BadWeights(ValueError):
    """Weights that are negative, not numbers, all zero, or not one for each verdict or pair."""


def row_weights(weight: Floats, n: int) -> Floats:
    """float64[n] with mean 1, so that weights say what counts for more and never how much there is."""
    weight = np.asarray(weight, dtype=np.float64)
    if weight.shape != (n,):
        raise BadWeights(f"The weights have the shape {weight.shape}; expected one for each of {n} verdicts.")
    _check(weight)
    return weight / weight.mean() if n else weight


def pair_weights(weight: Floats, points: Floats) -> Floats:
    """float64[M, M], symmetric, with mean 1 over the verdicts behind float64[M, M] points."""
    weight = np.asarray(weight, dtype=np.float64)
    if weight.shape != points.shape:
        raise BadWeights(f"The weights have the shape {weight.shape}; expected {points.shape}, one for each pair.")
    if (weight != weight.T).any():
        raise BadWeights("The weights differ between a pair told from one side and from the other.")
    _check(weight)
    total = (weight * points).sum()
    if points.any() and not total:
        raise BadWeights("All weights of pairs that met are zero, so nothing counts.")
    return weight * points.sum() / total if total else weight


def weighted_points(cell: Integers, weight: Floats, size: int) -> Floats:
    """float64[M, M]: weighted points the row took from the column; cell: int32[n], as `tallies.cells` numbers them."""
    told = np.bincount(cell, weight, minlength=4 * size * size).reshape(4, size, size)
    ours, theirs = np.tensordot(POINTS, told, 1), np.tensordot(1 - POINTS, told, 1)
    points: Floats = ours + theirs.T
    return points


def _check(weight: Floats) -> None:
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise BadWeights("A weight is negative or not a number.")
    if weight.size and not weight.any():
        raise BadWeights("All weights are zero, so nothing counts.")
