"""Identities of any kind become 0, 1, 2, ..., so that they can be counted in tables instead of being sorted."""

from typing import TypeVar

import numpy as np

from judgeboard.arena.arrays import Integers

K = TypeVar("K")

SPARSEST = 8
"""Identities spread over at most so many times their number are looked up in a table; sorting is quicker beyond."""


def numbered(ids: Integers) -> tuple[Integers, int]:
    """(int64[n], k): each identity's place among the k distinct ones, in ascending order.

    As np.unique with its inverse tells it, without sorting where the identities lie close together.
    """
    if not len(ids):
        return np.zeros(0, dtype=np.int64), 0
    lowest, span = int(ids.min()), int(ids.max()) - int(ids.min()) + 1
    if span > SPARSEST * len(ids) + 1024:
        distinct, number = np.unique(ids, return_inverse=True)
        return number, len(distinct)
    offset = ids.astype(np.int64)
    offset -= lowest
    present = np.bincount(offset, minlength=span) > 0
    if present.all():
        return offset, span
    place = np.cumsum(present) - 1
    return place.take(offset), int(place[-1]) + 1


class Numbers(dict[K, int]):
    """Numbers things as they are first looked up: `Numbers()[thing]` is its place among the things seen so far."""

    def __missing__(self, thing: K) -> int:
        number = self[thing] = len(self)
        return number
