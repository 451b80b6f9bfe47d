"""How sure the ratings are when verdicts on one prompt or one match move together."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.contact import Contact
from judgeboard.arena.rating.likelihood import Inverse, laplacian


@dataclass(frozen=True, eq=False)
class Meat:
    """What the clusters of verdicts pull at the contenders beyond their expectations, squared and summed.

    total:    float64[M, M], outer products of the slopes of the likelihood within each cluster
    clusters: int[M], clusters with matches in the contender's connected group
    n:        the number of all clusters
    """

    total: Floats
    clusters: Integers
    n: int


@dataclass(frozen=True, eq=False)
class Spread:
    """covariance: float64[M, M], natural units, each connected group centred; effect: float64[M], the mean design
    effect (variance over what the model expects, at least 1) in the contender's group."""

    covariance: Floats
    effect: Floats


def model_spread(inverse: Inverse) -> Spread:
    """What the model itself expects: the inverse Fisher information."""
    return Spread(inverse.matrix, np.ones(len(inverse.matrix)))


def clustered_spread(meat: Meat, pair_information: Floats, inverse: Inverse, found: Contact) -> Spread:
    """The sandwich H^-1 B H^-1 with B summed over clusters (Liang & Zeger 1986, Biometrika 73, 13-22).

    Widened for few clusters by Morel, Bokossa & Neerchal 2003 (Biometrical Journal 45, 395-409): B * G / (G - 1) +
    delta phi H. Without the second term a board on which nothing varied, such as one of ties alone, would be sure of
    itself. Across a contact that only ever went one way the spread says nothing, and a single cluster has none: there
    the model's own information stands in.
    """
    clusters, bread = meat.clusters, inverse.matrix
    filling = meat.total * np.where(clusters > 1, clusters / np.maximum(clusters - 1, 1), 0.0)[:, None]
    effect = np.maximum(found.together @ (bread * filling).sum(axis=1) / _parameters(found), 1.0)
    weight = (_model_share(clusters, found) * effect)[:, None]
    filling += laplacian(np.where(found.one_way | (clusters < 2)[:, None], 1.0, weight) * pair_information)
    return Spread(bread @ filling @ bread, effect)


def _model_share(clusters: Integers, found: Contact) -> Floats:
    """delta = min(1/2, p / (G - p)) of Morel, Bokossa & Neerchal: fades with more clusters G than parameters p."""
    parameters = _parameters(found)
    spare = clusters - parameters
    share: Floats = np.where(spare > 0, np.minimum(0.5, parameters / np.maximum(spare, 1)), 0.5)
    return share


def _parameters(found: Contact) -> Integers:
    counted: Integers = np.maximum(found.together.sum(axis=1) - 1, 1)
    return counted
