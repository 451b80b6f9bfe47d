"""Many Poisson draws at little cost: a table of quantiles for each different mean, read at random places."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import pdtr

from judgeboard.arena.arrays import Integers, Singles

PLACES = 2**14
"""Quantiles in a table: draws have the mean and the variance of the Poisson distribution to a part in a thousand."""


@dataclass(frozen=True, eq=False)
class PoissonTables:
    """Tables for the different ones among int[k] whole means, with the rows that have each mean."""

    size: int
    rows: tuple[Integers, ...]
    quantiles: tuple[Singles, ...]

    @classmethod
    def of(cls, mean: Integers) -> Self:
        order = np.argsort(mean, kind="stable")
        distinct, start = np.unique(mean[order], return_index=True)
        rows = np.split(order, start[1:])
        return cls(len(mean), tuple(rows), tuple(_quantiles(value) for value in distinct.tolist()))

    def draw(self, draws: int, rng: np.random.Generator) -> Singles:
        """float32[k, draws]"""
        drawn = np.empty((self.size, draws), dtype=np.float32)
        for rows, quantiles in zip(self.rows, self.quantiles, strict=True):
            place = rng.integers(PLACES, size=(len(rows), draws), dtype=np.uint16)
            drawn[rows] = quantiles.take(place)
        return drawn


def _quantiles(mean: int) -> Singles:
    """float32[PLACES]: the quantile in the middle of each of as many equal parts."""
    reach = int(10 * mean**0.5) + 10
    values = np.arange(max(0, mean - reach), mean + reach)
    below = np.rint(pdtr(values, mean) * PLACES).astype(np.int64)
    below[-1] = PLACES
    return np.repeat(values, np.diff(below, prepend=0)).astype(np.float32)
