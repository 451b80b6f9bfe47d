"""What the ties of a board say of Davidson's nu: how many they are to the wins, were all contenders equal."""

from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.rounds import has_negative_round
from judgeboard.arena.tallies import Tallies

Ties = Literal["measured", "none", "unlimited", "no verdicts"]


def ties_of(tallies: Tallies) -> Ties:
    """Whether the likelihood has its maximum at a finite nu above 0; both bad is a tie.

    Ties keep nu from 0. It can grow without end where strengths can grow with it so that each winner stays ahead by
    2 log nu and no tie lies further apart: unless some round of contenders has more wins than ties.
    """
    ties = tallies.ties + tallies.both_bad
    won = tallies.wins > 0
    if not (won.any() or ties.any()):
        return "no verdicts"
    if not ties.any():
        return "none"
    if (won & won.T).any() or has_negative_round(np.where(won, -1.0, np.where(ties > 0, 1.0, 0.0))):
        return "measured"
    return "unlimited"


def most_unseen(n: Floats, strength: Floats, level: float) -> float:
    """The nu at which twice the log likelihood of no ties at all has fallen by z^2; strengths are held.

    n: float64[M, M], symmetric, verdicts of each pair, some above 0; strength: float64[M], natural units.
    """
    first, second = np.nonzero(np.triu(n, 1))
    met, decided = n[first, second], 2 * np.cosh((strength[first] - strength[second]) / 2)
    threshold = float(ndtri((1 + level) / 2)) ** 2

    def short(nu: float) -> float:
        return float(2 * met @ np.log1p(nu / decided) - threshold)

    return float(brentq(short, 0.0, decided.max() * np.expm1(threshold), xtol=1e-12))
