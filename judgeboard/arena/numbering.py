"""Identities of any kind become 0, 1, 2, ..., so that they can be counted in tables instead of being sorted."""

from typing import Any, TypeVar

import numpy as np

from judgeboard.arena.arrays import Integers
from judgeboard.arena.blocks import blocks

K = TypeVar("K")

SPARSEST = 8
"""Identities spread over at most so many times their number are looked up in a table; sorting is quicker beyond."""


def numbered(ids: Integers, kind: type[np.signedinteger[Any]] = np.int64) -> tuple[Integers, int]:
    """(int[n], k): each identity's place among the k distinct ones, in ascending order.

    As np.unique with its inverse tells it, without sorting where the identities lie close together. kind: of the
    places; a short one is quicker, and overflows where places are multiplied.
    """
    if not len(ids):
        return np.zeros(0, dtype=kind), 0
    lowest, span = int(ids.min()), int(ids.max()) - int(ids.min()) + 1
    if span > SPARSEST * len(ids) + 1024:
        distinct, number = np.unique(ids, return_inverse=True)
        return number.astype(kind, copy=False), len(distinct)
    offset = ids.astype(kind, copy=False)
    if lowest:
        offset = offset - kind(lowest)
    count = np.zeros(span, dtype=np.int64)
    for rows in blocks(len(ids), span):
        count += np.bincount(offset[rows], minlength=span)
        if count.all():
            return offset, span
    place = np.cumsum(count > 0, dtype=kind) - kind(1)
    return place.take(offset), int(place[-1]) + 1


class Numbers(dict[K, int]):
    """Numbers things as they are first looked up: `Numbers()[thing]` is its place among the things seen so far."""

    def __missing__(self, thing: K) -> int:
        number = self[thing] = len(self)
        return number
