"""Sequential Elo: a rating that moves with each match, offered beside Bradley-Terry by its own name."""

import numpy as np

from judgeboard.arena.arrays import Floats
from judgeboard.arena.verdicts import Verdicts


def sequential_elo(verdicts: Verdicts, *, k: float = 4.0, start: float = 1000.0) -> Floats:
    """float64[M]: the ratings after the last row; NaN without matches. The order of rows is the order of play.

    Each match moves both by k * (points - expectation) (Elo 1978, The Rating of Chessplayers); a tie, or both bad, is
    half a point. Every step needs the one before, hence the loop; it runs on plain numbers, not on array cells.
    """
    rating = [start] * len(verdicts.names)
    for a, b, scored in zip(verdicts.a.tolist(), verdicts.b.tolist(), verdicts.points.tolist(), strict=True):
        gain = k * (scored - 1 / (1 + 10 ** ((rating[b] - rating[a]) / 400)))
        rating[a] += gain
        rating[b] -= gain
    played = np.zeros(len(rating), dtype=bool)
    played[verdicts.a] = played[verdicts.b] = True
    return np.where(played, rating, np.nan)
