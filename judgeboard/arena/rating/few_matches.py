"""Contenders of whom too little is known for the spread of their verdicts to tell how sure their rating is."""

from collections.abc import Callable

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.anchoring import Anchoring
from judgeboard.arena.rating.contact import Contact

FEW = 40
"""Matches from which the spread of verdicts tells enough. For a newcomer of five matches at
+400 Elo a bootstrap covers in 88 of 100 simulated boards, the profile likelihood in 99."""
MOST_PER_MATCH = 20  # verdicts on one match that are reckoned with before matches are counted

Meetings = Callable[[Flags], Integers]
"""From bool[M], the contenders asked about, to int[M], the number of different matches of each of them."""


def few_matches(n_verdicts: Integers, found: Contact, pinned: Anchoring, meetings: Meetings | None) -> Flags:
    """bool[M]: fewer matches than a sandwich needs, or no end to the rating; never the anchor, which has no error.

    n_verdicts: int[M]; meetings: None for no profiles, as with the model's own interval.
    """
    if meetings is None:
        return np.zeros(len(n_verdicts), dtype=bool)
    rated = pinned.contrast.any(axis=1) & (found.component >= 0)
    asked = rated & (n_verdicts < FEW * MOST_PER_MATCH)
    few: Flags = rated & ~found.bounded
    if asked.any():
        few |= asked & (meetings(asked) < FEW)
    return few


def widened(covariance: Floats, few: Flags, spread: Floats) -> Floats:
    """float64[M, M]: differences with a contender of few matches are no surer than its rating; spread: float64[M]."""
    which = np.flatnonzero(few)
    wide = covariance.copy()
    wide[which, which] = np.maximum(covariance[which, which], spread[which] ** 2)
    return wide
