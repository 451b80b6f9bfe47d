"""The Bradley-Terry likelihood and its maximum, in natural units, from points alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from judgeboard.arena.arrays import Flags, Floats, Integers

MOST_STEPS = 200
WHOLE_STEPS = 1.0  # natural units; a step that moves verdicts by more is shortened
CLOSE_ENOUGH = 3e-5  # natural units; what Newton leaves behind is about its last step squared: 1e-9, 2e-7 Elo points


class FitFailed(RuntimeError):
    """Newton's method did not arrive. The likelihood is concave, so this means the points are not finite numbers."""


@dataclass(frozen=True, eq=False)
class Inverse:
    """The pseudo-inverse of an information matrix, factored once.

    known: indices of the contenders with matches; factor: of their information plus a ridge within each group, which
    makes it invertible and changes no product with a right side whose columns sum to 0 in each connected group.
    """

    known: Integers
    together: Flags
    factor: tuple[Floats, bool] | None

    @classmethod
    def of(cls, pair_information: Floats, together: Flags) -> Self:
        """Of float64[M, M] pair information and the bool[M, M] pairs that can be compared."""
        known = np.flatnonzero(np.diag(together))
        if not len(known):
            return cls(known, together, None)
        ridge = pair_information.sum() / len(known) ** 2
        matrix = np.where(together, ridge, 0.0)
        matrix -= pair_information
        np.einsum("ii->i", matrix)[:] += pair_information.sum(axis=1)
        if len(known) < len(matrix):
            matrix = matrix[np.ix_(known, known)]
        # Transposed, a symmetric matrix is itself in the order of columns that LAPACK can overwrite without a copy.
        return cls(known, together, cho_factor(matrix.T, overwrite_a=True, check_finite=False))

    def times(self, right: Floats) -> Floats:
        """The product with float64[M] or float64[M, k]."""
        if self.factor is None:
            return np.zeros_like(right)
        if len(self.known) == len(right):
            whole: Floats = cho_solve(self.factor, right, check_finite=False)
            return whole
        result = np.zeros_like(right)
        result[self.known] = cho_solve(self.factor, right[self.known], check_finite=False)
        return result

    @cached_property
    def matrix(self) -> Floats:
        """float64[M, M]: the pseudo-inverse written out, which is the covariance that the model itself expects."""
        sizes = np.maximum(self.together.sum(axis=1), 1)
        return self.times(np.diag(np.diag(self.together).astype(float)) - self.together / sizes)


def maximum(points: Floats, together: Flags, start: Floats | None = None) -> Floats:
    """float64[M] strengths that maximise the likelihood of float64[M, M] points; each connected group has mean 0.

    Bradley & Terry (1952), Biometrika 39, 324-345: P(i beats j) = 1 / (1 + exp(s_j - s_i)). By Newton's method: see
    `settled`. The cost depends on M alone. Raises FitFailed.
    """
    total = points + points.T

    def step(strength: Floats) -> tuple[Floats, float]:
        probability = win_probability(strength)
        slope = (points - total * probability).sum(axis=1)
        found = Inverse.of(total * probability * probability.T, together).times(slope)
        return found, float(np.ptp(found)) if len(found) else 0.0

    return settled(_from_odds(points, together) if start is None else start, step, "The Bradley-Terry fit")


def settled(at: Floats, step: Callable[[Floats], tuple[Floats, float]], what: str) -> Floats:
    """Where Newton's steps come to rest.

    The share t of a step that moves no verdict by more than R raises the likelihood by t - (exp(t R) - 1 - t R) / R^2
    of its squared length or more (Bach 2010, Electron. J. Statist. 4, 384-414, for any logistic loss). A whole step
    raises it up to R = 1.79; log(1 + R) / R of one always does, and is taken of long ones.

    step: from where one is to the step there and its R, natural units. Raises FitFailed, naming what did not settle.
    """
    for _ in range(MOST_STEPS):
        found, reach = step(at)
        if not np.isfinite(reach):
            break
        at = at + (found if reach <= WHOLE_STEPS else np.log1p(reach) / reach * found)
        if reach < CLOSE_ENOUGH:
            return at
    raise FitFailed(f"{what} did not settle within {MOST_STEPS} steps; are all points finite?")


def win_probability(strength: Floats) -> Floats:
    """float64[M, M]: the probability that the row beats the column."""
    odds = np.exp(strength)  # M of them, where the logistic function would take M x M
    probability: Floats = odds[:, None] / (odds[:, None] + odds)
    return probability


def information(points: Floats, strength: Floats) -> Floats:
    """float64[M, M]: the Fisher information of each pair, N p (1 - p); `laplacian` makes the matrix of it."""
    probability = win_probability(strength)
    found: Floats = (points + points.T) * probability * probability.T
    return found


def laplacian(weights: Floats) -> Floats:
    """The matrix of a quadratic form in differences: sum over pairs of weight * (s_i - s_j)^2."""
    matrix: Floats = np.diag(weights.sum(axis=1)) - weights
    return matrix


def solve(pair_information: Floats, together: Flags, right: Floats) -> Floats:
    """The pseudo-inverse of the information matrix times `right`, whose columns sum to 0 in each connected group."""
    return Inverse.of(pair_information, together).times(right)


def _from_odds(points: Floats, together: Flags) -> Floats:
    """Strengths near the maximum: least squares on the log odds of each pair, half a point added to either side.

    Such odds have a variance of about 1/n + 1/m (Haldane 1956, Ann. Hum. Genet. 20, 309-311), hence the weights.
    """
    ours, theirs = points + 0.5, points.T + 0.5
    weight = np.where(points + points.T > 0, ours * theirs / (ours + theirs), 0.0)
    odds = np.log(ours / theirs)
    return Inverse.of(weight, together).times((weight * odds).sum(axis=1))
