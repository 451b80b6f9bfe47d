"""Intervals of contenders with few matches: how far a rating can move before the evidence speaks against it.

A sandwich, or a bootstrap, of five matches knows nothing of the matches that might have been lost; the likelihood does.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import log_expit, ndtri

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.likelihood import Inverse

ROUNDS = 40
CLOSE_ENOUGH = 1e-6  # of the threshold
LEAST_FALL = 1e-12


def profile_limits(
    points: Floats, strength: Floats, inverse: Inverse, contrast: Floats, effect: Floats, level: float
) -> tuple[Floats, Floats]:
    """(lower, upper): float64[k], natural units, limits of k contrasts `contrast @ strength`.

    points: float64[M, M], held where one side took them all; contrast: float64[k, M]; effect: float64[k], design
    effects. A limit is where twice the log likelihood has fallen by z^2 times the design effect (Rotnitzky & Jewell
    1990, Biometrika 77, 485-497). The other contenders give way along the line on which they do so at the maximum,
    which is the profile to second order (Venzon & Moolgavkar 1988, Applied Statistics 37, 87-94).
    """
    first, second = np.nonzero(np.triu(points + points.T, 1))
    won, lost = points[first, second], points[second, first]
    way = inverse.times(contrast.T).T
    variance = (way * contrast).sum(axis=1)
    way /= variance[:, None]
    lead, slope = strength[first] - strength[second], way[:, first] - way[:, second]
    best = won @ log_expit(lead) + lost @ log_expit(-lead)

    def fallen(moved: Floats) -> Floats:
        at = lead + moved[:, None] * slope
        twice: Floats = 2 * (best - log_expit(at) @ won - log_expit(-at) @ lost)
        return twice

    return limits(fallen, contrast @ strength, variance, effect, level)


def limits(
    fallen: Callable[[Floats], Floats], here: Floats, variance: Floats, effect: Floats, level: float
) -> tuple[Floats, Floats]:
    """(lower, upper): float64[k], where each has gone from `here` when the fall meets z^2 times its design effect."""
    threshold = float(ndtri((1 + level) / 2)) ** 2 * effect
    step = np.sqrt(threshold * variance)
    return here + reached(fallen, threshold, -step), here + reached(fallen, threshold, step)


def reached(fallen: Callable[[Floats], Floats], threshold: Floats, moved: Floats) -> Floats:
    """How far each can move until the fall meets the threshold, from float64[k] guesses.

    A fall grows as the square of the way near the maximum, faster where a contender that hardly ever lost is to lose,
    and nearly in proportion far away: so guesses go by the power that was last seen. It is convex, so at least 1.
    """
    power = np.full(len(moved), 2.0)
    here = np.maximum(fallen(moved), LEAST_FALL)
    for _ in range(ROUNDS):
        if np.all(np.abs(here - threshold) <= CLOSE_ENOUGH * threshold):
            break
        further = np.clip((threshold / here) ** (1 / power), 0.25, 4.0)
        before, moved = here, moved * further
        here = np.maximum(fallen(moved), LEAST_FALL)
        np.divide(np.log(here / before), np.log(further), out=power, where=further != 1.0)
        np.clip(power, 1.0, None, out=power)
    return moved
