"""From strengths in natural units to ratings on the Elo scale: where the scale is pinned."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.scale import ELO, EloScale


@dataclass(frozen=True, eq=False)
class Anchoring:
    """Ratings are contrasts of strengths: with the anchor in its connected group, with the mean in any other.

    contrast: float64[M, M], natural units; pin: float64[M], Elo points, the rating of a contrast of 0
    centred:  True when every group has its mean pinned
    anchored: False when the scale names an anchor that has no matches here: then the mean is pinned
    """

    contrast: Floats
    pin: Floats
    anchored: bool
    centred: bool

    def rating(self, strength: Floats) -> Floats:
        """float64[..., M], Elo points, of float64[..., M] strengths."""
        rating: Floats = strength @ self.contrast.T * ELO + self.pin
        return rating

    def covariance(self, covariance: Floats) -> Floats:
        """float64[M, M], Elo points squared, of the covariance of strengths that are centred in each group.

        What is pinned has no error.
        """
        if self.centred:
            return covariance * ELO**2
        return self.contrast @ covariance @ self.contrast.T * ELO**2


def anchoring(names: tuple[str, ...], component: Integers, scale: EloScale) -> Anchoring:
    """Of M names; component: int[M], equal where compared, directly or through others; -1 without matches."""
    met = component >= 0
    together = (component[:, None] == component) & met & met[:, None]
    contrast = np.eye(len(names)) - together / np.maximum(together.sum(axis=1), 1)[:, None]
    pin = np.full(len(names), scale.mean)
    anchor = names.index(scale.anchor) if scale.anchor in names else None
    if anchor is None or not met[anchor]:
        return Anchoring(contrast, pin, anchored=scale.anchor is None, centred=True)
    tied = together[anchor]
    contrast[tied] = np.eye(len(names))[tied]
    contrast[tied, anchor] -= 1.0
    pin[tied] = scale.anchor_rating
    return Anchoring(contrast, pin, anchored=True, centred=False)
