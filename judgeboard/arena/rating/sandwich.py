"""How sure the ratings are when verdicts on one prompt or one match move together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.contact import Contact
from judgeboard.arena.rating.likelihood import Inverse


@dataclass(frozen=True, eq=False)
class Meat:
    """What the clusters of verdicts pull at the contenders beyond their expectations, squared and summed.

    total:    float64[M + k, M + k], outer products of the slopes of the likelihood within each cluster, with k
              parameters fitted beside the M strengths
    clusters: int[M + k], clusters with matches in the contender's connected group
    n:        the number of all clusters
    """

    total: Floats
    clusters: Integers
    n: int


@dataclass(frozen=True, eq=False)
class Spread:
    """covariance: float64[M + k, M + k], natural units, each connected group centred; effect: float64[M], the mean
    design effect (variance over what the model expects, at least 1) in the contender's group."""

    covariance: Floats
    effect: Floats


def model_spread(inverse: Inverse) -> Spread:
    """What the model itself expects: the inverse Fisher information."""
    return Spread(inverse.matrix, np.ones(len(inverse.matrix)))


def clustered_spread(meat: Meat, bread: Floats, found: Contact, information: Callable[[Floats], Floats]) -> Spread:
    """The sandwich H^-1 B H^-1 with B summed over clusters (Liang & Zeger 1986, Biometrika 73, 13-22).

    bread: float64[M + k, M + k], the inverse of H, with k parameters fitted beside the M strengths; information: H with
    each pair in the weight of float64[M, M], symmetric. The effect is that of the strengths.

    Widened for few clusters by Morel, Bokossa & Neerchal 2003 (Biometrical Journal 45, 395-409): B * G / (G - 1) +
    delta phi H. Without the second term a board on which nothing varied, such as one of ties alone, would be sure of
    itself. Across a contact that only ever went one way the spread says nothing, and a single cluster has none: there
    the model's own information stands in.
    """
    size, clusters = len(found.component), meat.clusters
    factor = np.sqrt(np.where(clusters > 1, clusters / np.maximum(clusters - 1, 1), 0.0))
    filling: Floats = meat.total * np.outer(factor, factor)
    free = np.maximum(found.together.sum(axis=1) - 1, 1)
    effect = np.maximum(found.together @ (bread * filling).sum(axis=1)[:size] / free, 1.0)
    share = _model_share(clusters[:size], free + len(bread) - size)
    alone = found.one_way | (clusters[:size] < 2)[:, None]
    filling += information(np.where(alone, 1.0, (share * effect)[:, None]))
    return Spread(bread @ filling @ bread, effect)


def _model_share(clusters: Integers, parameters: Integers) -> Floats:
    """delta = min(1/2, p / (G - p)) of Morel, Bokossa & Neerchal: fades with more clusters G than parameters p."""
    spare = clusters - parameters
    share: Floats = np.where(spare > 0, np.minimum(0.5, parameters / np.maximum(spare, 1)), 0.5)
    return share
