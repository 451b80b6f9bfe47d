"""Rows as counts by pair, for peers that take no rows. Counting is part of what is timed."""

from itertools import chain

import numpy as np

CODE = {"model_a": 0, "model_b": 1, "tie": 2}


def counted(side_a: list[str], side_b: list[str], words: list[str]) -> tuple[list[str], np.ndarray]:
    """(names of M contenders, float64[M, M, 3]): how often the row won, the column won, and neither."""
    names = list(dict.fromkeys(chain(side_a, side_b)))
    index = {name: number for number, name in enumerate(names)}
    a, b = (np.fromiter(map(index.__getitem__, side), np.int64, len(side)) for side in (side_a, side_b))
    code = np.fromiter(map(CODE.__getitem__, words), np.int64, len(words))
    size = len(names)
    cell = (a * size + b) * 3 + code
    return names, np.bincount(cell, minlength=3 * size * size).reshape(size, size, 3).astype(np.float64)
