"""From strengths and how they spread to ratings with their intervals, whichever likelihood they come from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats
from judgeboard.arena.rating.anchoring import Anchoring
from judgeboard.arena.rating.contact import Contact
from judgeboard.arena.rating.few_matches import widened
from judgeboard.arena.rating.sandwich import Spread
from judgeboard.arena.rating.scale import ELO

Limits = Callable[[Floats, Floats], tuple[Floats, Floats]]
"""From float64[k, M], contrasts of the strengths, and float64[k], design effects, to their profile limits: float64[k]
each, lower and upper, natural units."""


@dataclass(frozen=True, eq=False)
class Rated:
    """The fields of a fit that do not depend on its likelihood."""

    rating: Floats
    lower: Floats
    upper: Floats
    covariance: Floats
    profiled: Flags
    anchored: bool


def rated(
    strength: Floats, spread: Spread, found: Contact, pinned: Anchoring, few: Flags, limits: Limits, level: float
) -> Rated:
    """float64[M] strengths on the Elo scale; where bool[M] `few`, between profile limits instead of standard errors."""
    rating = np.where(found.component >= 0, pinned.rating(strength), np.nan)
    covariance = pinned.covariance(spread.covariance)
    z = float(ndtri((1 + level) / 2))
    half_width = z * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    lower, upper = rating - half_width, rating + half_width
    if few.any():
        profile = limits(pinned.contrast[few], spread.effect[few])
        lower[few], upper[few] = (limit * ELO + pinned.pin[few] for limit in profile)
        covariance = widened(covariance, few, (upper - lower) / 2 / z)
    return Rated(rating, lower, upper, np.where(found.together, covariance, np.nan), few, pinned.anchored)
