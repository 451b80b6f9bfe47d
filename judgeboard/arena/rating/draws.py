"""Boards drawn as the covariance of the ratings has it: what else could be true."""

import numpy as np

from judgeboard.arena.arrays import Floats, Integers

LEAST_SPREAD = 1e-6
"""Elo points. Ratings that are equal and certain are so drawn in either order equally often."""


def drawn(rating: Floats, covariance: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """float64[draws, M], Elo points: normal draws around float64[M] ratings that can all be compared.

    By eigenvectors, as the covariance (float64[M, M], finite) of centred ratings has no inverse.
    """
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, LEAST_SPREAD**2))
    around: Floats = rng.standard_normal((draws, len(rating))) @ root.T
    around += rating
    return around


def groups(rating: Floats, covariance: Floats) -> list[Integers]:
    """The indices of each group of contenders that can be compared, in the order of their first; none is unrated.

    Covariances are NaN between contenders of different groups, ratings NaN without matches.
    """
    rated = np.isfinite(rating)
    together = np.isfinite(covariance) & rated & rated[:, None]
    first = np.where(rated, together.argmax(axis=1), -1)
    return [np.flatnonzero(first == leader) for leader in np.unique(first[rated])]
