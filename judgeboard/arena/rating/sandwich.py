"""How sure the ratings are when verdicts on one prompt or one match move together."""

import numpy as np
from scipy.sparse import coo_array

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.contact import Contact
from judgeboard.arena.rating.likelihood import laplacian, solve
from judgeboard.arena.verdicts import Verdicts


def clustered_covariance(
    verdicts: Verdicts, residual: Floats, cluster: Integers, pair_information: Floats, found: Contact
) -> Floats:
    """float64[M, M], natural units: covariance of the strengths, each connected group centred.

    residual: float64[n], points of side a less their expectation; cluster: int[n].

    The sandwich H^-1 B H^-1 with B summed over clusters (Liang & Zeger 1986, Biometrika 73, 13-22), widened for few
    clusters by Morel, Bokossa & Neerchal 2003 (Biometrical Journal 45, 395-409): B * G / (G - 1) + delta phi H.
    Without the second term a board on which nothing varied, such as one of ties alone, would be sure of itself.
    Across a contact that only ever went one way the spread says nothing, and a single cluster has none: there the
    model's own information stands in.
    """
    _, number = np.unique(cluster, return_inverse=True)
    spread = _spread(verdicts, residual, number, len(found.component))
    clusters = _clusters(verdicts, number, found.component)
    spread *= np.where(clusters > 1, clusters / np.maximum(clusters - 1, 1), 0.0)[:, None]
    weight = _model_weight(spread, clusters, pair_information, found)
    weight = np.where(found.one_way | (clusters < 2)[:, None], 1.0, weight[:, None])
    meat = spread + laplacian(weight * pair_information)
    half = solve(pair_information, found.together, meat)
    return solve(pair_information, found.together, half.T.copy())


def model_covariance(pair_information: Floats, found: Contact) -> Floats:
    """float64[M, M], natural units: the inverse Fisher information, each connected group centred."""
    together = found.together
    sizes = np.maximum(together.sum(axis=1), 1)
    return solve(pair_information, together, np.diag(np.diag(together).astype(float)) - together / sizes)


def _spread(verdicts: Verdicts, residual: Floats, number: Integers, size: int) -> Floats:
    """float64[M, M]: the outer products of the clusters' scores, summed. Sparse, as few contenders share a cluster."""
    entries = np.concatenate([residual, -residual])
    position = np.concatenate([number, number]), np.concatenate([verdicts.a, verdicts.b])
    scores = coo_array((entries, position), shape=(number.max(initial=-1) + 1, size)).tocsr()
    spread: Floats = (scores.T @ scores).toarray()
    return spread


def _clusters(verdicts: Verdicts, number: Integers, component: Integers) -> Integers:
    """int[M]: the number of clusters in the contender's connected group."""
    present = np.zeros((component.max(initial=-1) + 2, number.max(initial=-1) + 1), dtype=bool)
    present[component[verdicts.a], number] = True
    # A contender without matches has component -1, so it reads the last row, which stays empty.
    counted: Integers = present.sum(axis=1)[component]
    return counted


def _model_weight(spread: Floats, clusters: Integers, pair_information: Floats, found: Contact) -> Floats:
    """float64[M]: delta * phi of Morel, Bokossa & Neerchal in the contender's connected group.

    delta = min(1/2, p / (G - p)) fades with more clusters G than parameters p; phi is the mean design effect, at
    least 1.
    """
    together = found.together
    parameters = np.maximum(together.sum(axis=1) - 1, 1)
    effect = together @ np.diag(solve(pair_information, together, spread)) / parameters
    spare = clusters - parameters
    delta = np.where(spare > 0, np.minimum(0.5, parameters / np.maximum(spare, 1)), 0.5)
    weight: Floats = delta * np.maximum(effect, 1.0)
    return weight
