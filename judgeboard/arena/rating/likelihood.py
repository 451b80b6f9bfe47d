"""The Bradley-Terry likelihood and its maximum, in natural units, from points alone."""

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, log_expit

from judgeboard.arena.arrays import Flags, Floats

MOST_STEPS = 100
CLOSE_ENOUGH = 1e-8  # natural units, 2e-6 Elo points; Newton's next step would be about its square
ROUNDING = 1e-14  # of all points: a slope this small cannot be told from none


class FitFailed(RuntimeError):
    """Newton's method did not arrive. The likelihood is concave, so this means the points are not finite numbers."""


def maximum(points: Floats, together: Flags) -> Floats:
    """float64[M] strengths that maximise the likelihood of float64[M, M] points; each connected group has mean 0.

    Newton's method with halved steps where a full one overshoots. Bradley & Terry (1952), Biometrika 39, 324-345:
    P(i beats j) = 1 / (1 + exp(s_j - s_i)). The cost depends on M alone. Raises FitFailed.
    """
    strength = np.zeros(len(points))
    for _ in range(MOST_STEPS):
        expected = (points + points.T) * win_probability(strength)
        slope = (points - expected).sum(axis=1)
        step = solve(information(points, strength), together, slope)
        strength = strength + _halved(points, strength, step, slope)
        if np.abs(step).max(initial=0.0) < CLOSE_ENOUGH or np.abs(slope).max() <= ROUNDING * points.sum():
            return strength
    raise FitFailed(f"The Bradley-Terry fit did not settle within {MOST_STEPS} steps; are all points finite?")


def win_probability(strength: Floats) -> Floats:
    """float64[M, M]: the probability that the row beats the column."""
    probability: Floats = expit(strength[:, None] - strength)
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
    """The pseudo-inverse of the information matrix times `right`, whose columns sum to 0 in each connected group.

    Adding the matrix of ones within each group makes it invertible and changes no such product.
    """
    known = np.flatnonzero(np.diag(together))
    result = np.zeros_like(right)
    if len(known):
        within = np.ix_(known, known)
        ridge = pair_information.sum() / len(known) ** 2
        matrix = laplacian(pair_information)[within] + ridge * together[within]
        result[known] = cho_solve(cho_factor(matrix), right[known])
    return result


def _halved(points: Floats, strength: Floats, step: Floats, slope: Floats) -> Floats:
    """The longest of step, step/2, step/4, ... that raises the likelihood as its slope promises."""
    here, gain = _log_likelihood(points, strength), float(slope @ step)
    share = 1.0
    while _log_likelihood(points, strength + share * step) < here + 1e-4 * share * gain - 1e-9 * abs(here):
        share /= 2
    return share * step


def _log_likelihood(points: Floats, strength: Floats) -> float:
    return float((points * log_expit(strength[:, None] - strength)).sum())
