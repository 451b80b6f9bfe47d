"""Chance, held to what was planned: pairs drawn by their shares, and orders that even out."""

import numpy as np

from judgeboard.arena.arrays import Floats, Integers


def dealt(share: Floats, matches: int, rng: np.random.Generator) -> Integers:
    """int64[matches]: pairs drawn by float64[P] shares that add up to 1, in random order.

    Each draw by itself is pair p with the probability share[p]; all together draw it matches * share[p] times, give or
    take less than one (systematic sampling: Madow & Madow 1944, Ann. Math. Statist. 15, 1-24).
    """
    row = rng.permutation(np.flatnonzero(share))
    edge = np.cumsum(share[row])
    mark = (rng.random() + np.arange(matches)) / max(matches, 1) * edge[-1]
    return rng.permutation(row[np.searchsorted(edge[:-1], mark, side="right")])


def first_sides(pair: Integers, lead: Integers, rng: np.random.Generator) -> Integers:
    """int8[k], the side to show first, 0 or 1, in matches of int[k] pairs: each pair takes turns.

    lead: int[P], how much more often side 0 of the pair was shown first before; this is made good before turns are
    taken. Which side has the first turn is drawn.
    """
    turn = _count_within(pair) - np.abs(lead)[pair]
    start = rng.integers(2, size=len(lead))[pair]
    return np.where(turn < 0, lead[pair] > 0, (start + turn) % 2).astype(np.int8)


def _count_within(group: Integers) -> Integers:
    """int64[k]: 0, 1, 2, ... through the members of each group."""
    order = np.argsort(group, kind="stable")
    count = np.empty(len(group), dtype=np.int64)
    count[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    return count
