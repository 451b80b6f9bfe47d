"""Sequential Elo: a rating that moves with each match, offered beside Bradley-Terry by its own name."""

from math import inf, tanh

import numpy as np

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.verdicts import Verdicts

HALF_NATURAL = 2 * ELO
"""Elo points per half natural unit, in which the expectation of a win is (1 + tanh(lead)) / 2."""


class BadElo(ValueError):
    """Parameters with which Elo ratings are not numbers."""


def sequential_elo(verdicts: Verdicts, *, k: float = 4.0, start: float = 1000.0) -> Floats:
    """float64[M]: the ratings after the last row; NaN without matches. The order of rows is the order of play.

    Each match moves both by k * (points - expectation) (Elo 1978, The Rating of Chessplayers); a tie, or both bad, is
    half a point. k and start are in Elo points. Raises BadElo.
    """
    if not (0 < k < inf and -inf < start < inf):
        raise BadElo(f"k is {k} and start is {start}; expected a k above 0, and both finite.")
    rating = np.array(_played([start / HALF_NATURAL] * len(verdicts.names), verdicts, k / HALF_NATURAL / 2))
    played = np.zeros(len(rating), dtype=bool)
    played[verdicts.a] = played[verdicts.b] = True
    return np.where(played, rating * HALF_NATURAL, np.nan)


def _played(rating: list[float], verdicts: Verdicts, stake: float) -> list[float]:
    """The ratings of all contenders after the matches, the stake being what a win between equals moves.

    Every step needs the one before, hence the loop. It runs on plain numbers, and tanh cannot overflow.
    """
    gains = stake, -stake, 0.0, 0.0  # by outcome code, between equals
    outcomes = verdicts.outcome.astype(np.int8).tobytes()
    for a, b, outcome in zip(verdicts.a.tolist(), verdicts.b.tolist(), outcomes, strict=True):
        of_a, of_b = rating[a], rating[b]
        gain = gains[outcome] - stake * tanh(of_a - of_b)
        rating[a] = of_a + gain
        rating[b] = of_b - gain
    return rating
