"""Many Poisson draws at little cost: a table of quantiles for each different mean, read at random places."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import pdtr

from judgeboard.arena.arrays import Integers, Singles

PLACES = 2**14
"""Quantiles in a table: draws have the mean and the variance of the Poisson distribution to a part in a thousand."""
AT_ONCE = 2**15
"""Numbers that are looked up together: their places fit into the processor's cache."""


@dataclass(frozen=True, eq=False)
class PoissonTables:
    """Tables for the different ones among int[k] whole means, with the number of rows that have each mean."""

    rows: tuple[int, ...]
    quantiles: tuple[Singles, ...]

    @classmethod
    def of(cls, mean: Integers) -> Self:
        """mean: ascending, so that the rows of one table lie together."""
        distinct, rows = np.unique(mean, return_counts=True)
        return cls(tuple(rows.tolist()), tuple(_quantiles(value) for value in distinct.tolist()))

    def draw(self, draws: int, rng: np.random.Generator) -> Singles:
        """float32[k, draws]"""
        drawn = np.empty((sum(self.rows), draws), dtype=np.float32)
        ends = draws * np.cumsum(self.rows)[:-1]
        for part, quantiles in zip(np.split(drawn.ravel(), ends), self.quantiles, strict=True):
            for start in range(0, len(part), AT_ONCE):
                _look_up(quantiles, part[start : start + AT_ONCE], rng)
        return drawn


def _look_up(quantiles: Singles, out: Singles, rng: np.random.Generator) -> None:
    bits = rng.integers(2**64, size=-(-len(out) // 4), dtype=np.uint64)  # of four places each
    place = bits.view(np.uint16)[: len(out)] & (PLACES - 1)
    quantiles.take(place, out=out, mode="clip")  # no place needs clipping; but with "raise" the output is copied


def _quantiles(mean: int) -> Singles:
    """float32[PLACES]: the quantile in the middle of each of as many equal parts."""
    reach = int(10 * mean**0.5) + 10
    values = np.arange(max(0, mean - reach), mean + reach)
    below = np.rint(pdtr(values, mean) * PLACES).astype(np.int64)
    below[-1] = PLACES
    return np.repeat(values, np.diff(below, prepend=0)).astype(np.float32)
