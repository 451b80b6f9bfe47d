"""Agreement group by group: by category, by language, or by how far apart the two contenders are."""

from itertools import pairwise

import numpy as np

from judgeboard.arena.agreement.pairs import BadPairs, Ties
from judgeboard.arena.agreement.raters import Agreement, between
from judgeboard.arena.arrays import Floats, Integers

GAPS = (50.0, 100.0, 200.0, 400.0)
"""Elo points: odds of 1.3, 1.8, 3.2 and 10 to 1."""


def between_by(
    group: Integers, left: Integers, right: Integers, prompt: Integers, *, ties: Ties, level: float = 0.95
) -> dict[int, Agreement]:
    """`between` for each label of int[n] groups, in ascending order; rows with a negative label belong to none.

    Raises BadPairs, UnknownOutcome.
    """
    if len(group) != len(left):
        raise BadPairs(f"There are {len(group)} group labels for {len(left)} pairs; expected one for each.")
    order = np.argsort(group, kind="stable")
    labels, start = np.unique(group[order], return_index=True)
    found = {}
    for label, (begin, end) in zip(labels.tolist(), pairwise([*start, len(order)]), strict=True):
        if label >= 0:
            rows = order[begin:end]
            found[label] = between(left[rows], right[rows], prompt[rows], ties=ties, level=level)
    return found


def gap_groups(rating: Floats, a: Integers, b: Integers, edges: tuple[float, ...] = GAPS) -> Integers:
    """int[n]: the number of ascending `edges` that the gap |rating of a - rating of b| reaches; -1 if one is unrated.

    rating: float64[M], Elo points, NaN = unrated; a, b: int[n], contenders of each row.
    """
    gap = np.abs(rating[a] - rating[b])
    return np.where(np.isnan(gap), -1, np.searchsorted(edges, gap, side="right"))
