"""Rounds: a beat b, b beat c, c beat a. What some likelihoods need to have a maximum."""

import numpy as np
from scipy.sparse.csgraph import NegativeCycleError, bellman_ford

from judgeboard.arena.arrays import Floats


def has_negative_round(cost: Floats) -> bool:
    """Whether some round trip over the steps of a float64[M, M] table, 0 being none, costs less than nothing."""
    with_start = np.pad(cost, (0, 1))
    with_start[-1, :-1] = 1.0  # from here every contender is in reach
    try:
        bellman_ford(with_start, indices=len(cost))
    except NegativeCycleError:
        return True
    return False
