"""Sums over all triples of contenders, by matrix products: 161,700 triples of 100 contenders in a millisecond."""

import numpy as np

from judgeboard.arena.arrays import Floats


def around_triples(pairs: Floats) -> float:
    """The sum over triples of pairs[i, j] * pairs[j, k] * pairs[k, i], one way around and the other.

    pairs: float64[M, M] with an empty diagonal.
    """
    return float(((pairs @ pairs) * pairs.T).sum() / 3)


def spread_around_triples(chance: Floats) -> float:
    """The standard deviation of the number of triples that are cyclic, where each pair is decided by itself.

    chance: float64[M, M], that the row beats the column. A triple varies by itself, and two triples that share a pair
    vary together as far as the pair decides both.
    """
    square, either = chance**2, chance * chance.T
    alone = around_triples(chance) - around_triples(square) - around_triples(either)
    one_by_one = _pair_variance(chance, square @ square, either @ either)
    together = _pair_variance(chance, (chance @ chance) ** 2, (chance @ chance) * (chance @ chance).T)
    return float(np.sqrt(max(0.0, alone + together - one_by_one)))


def _pair_variance(chance: Floats, squares: Floats, product: Floats) -> float:
    """The variance, summed over pairs, of what closes a pair into cycles: x if the first wins, y if the second does.

    squares: float64[M, M], y^2 of row and column, the transpose of x^2; product: x y
    """
    mean_square = chance * squares.T
    square_mean = chance**2 * squares.T + chance * chance.T * product
    return float((mean_square - square_mean).sum())
