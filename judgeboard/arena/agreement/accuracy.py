"""How often a rater takes the right answer where one of two is right and the other wrong."""

import numpy as np

from judgeboard.arena.arrays import Flags, Integers
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.verdicts import A_WINS, B_WINS, Verdicts

UNKNOWN, WRONG, RIGHT = -1, 0, 1


def accuracy(verdicts: Verdicts, right: Integers, *, level: float = 0.95) -> Share:
    """The share of verdicts for the right answer; a tie is none, as it leaves open what can be known.

    right: int[n, 2], of side a and side b: RIGHT, WRONG or UNKNOWN. Prompts are the clusters of the interval.
    """
    told = one_is_right(right)
    winner = np.where(right[:, 0] == RIGHT, A_WINS, B_WINS)
    taken = verdicts.outcome == winner
    return clustered_share(taken[told].astype(np.float64), verdicts.prompt[told], level)


def one_is_right(right: Integers) -> Flags:
    """bool[n]: one of the two is right, and the other wrong."""
    told: Flags = (right >= WRONG).all(axis=1) & (right.sum(axis=1) == RIGHT)
    return told
