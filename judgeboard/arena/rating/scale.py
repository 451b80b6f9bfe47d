"""The 400-point Elo scale: how natural strengths become ratings that people can read."""

import math
from dataclasses import dataclass

from scipy.special import expit

from judgeboard.arena.arrays import Floats

ELO = 400 / math.log(10)
"""Elo points per natural unit: a lead of 400 points means odds of 10 to 1 (Elo, 1978)."""


def win_chance(lead: Floats) -> Floats:
    """The share of points expected from leads in Elo points."""
    chance: Floats = expit(lead / ELO)
    return chance


@dataclass(frozen=True)
class EloScale:
    """Where the scale is pinned: a contender at `anchor_rating`, else the mean of each connected group at `mean`."""

    anchor: str | None = None
    anchor_rating: float = 1000.0
    mean: float = 1000.0
