"""How sure ratings and coefficients are when verdicts on one prompt or one match move together."""

from dataclasses import replace

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.sandwich import Meat, Spread
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.rows import Rows, curve


def clustered_spread(board: CovariateBoard, meat: Meat) -> Spread:
    """The sandwich, widened for few clusters as `sandwich.clustered_spread` is; covariance: float64[M + k, M + k].

    The covariates count among the parameters; the design effect is that of the strengths.
    """
    bread, clusters, size = board.found.curve.information.inverse, meat.clusters, len(board.names)
    factor = np.where(clusters > 1, np.sqrt(clusters / np.maximum(clusters - 1, 1)), 0.0)
    filling: Floats = meat.total * np.outer(factor, factor)
    together = board.plain.contact.together
    ratio = (bread * filling).sum(axis=1)[:size]
    effect = np.maximum(together @ ratio / np.maximum(together.sum(axis=1) - 1, 1), 1.0)
    filling += _weighted_information(board, _model_weight(board, effect, clusters[:size]))
    return Spread(bread @ filling @ bread, effect)


def _model_weight(board: CovariateBoard, effect: Floats, clusters: Integers) -> Floats:
    """float64[M, M]: how much of the model's own information each pair adds: delta phi, or all of it.

    delta = min(1/2, p / (G - p)) with p parameters; phi: float64[M], the effect
    """
    found = board.plain.contact
    parameters = np.maximum(found.together.sum(axis=1) - 1, 1) + len(board.covariates)
    spare = clusters - parameters
    share = np.where(spare > 0, np.minimum(0.5, parameters / np.maximum(spare, 1)), 0.5)
    weight: Floats = np.where(found.one_way | (clusters < 2)[:, None], 1.0, (share * effect)[:, None])
    return weight


def _weighted_information(board: CovariateBoard, weight: Floats) -> Floats:
    """float64[M + k, M + k]: the information with each row weighted by its pair."""
    found, plain = board.found, board.plain
    met = weight[plain.information > 0]
    if not met.size or np.ptp(met) == 0:
        matrix: Floats = met.max(initial=0.0) * found.curve.information.matrix
        return matrix
    rows = [_reweighted(part, weight) for part in board.rows]
    return curve(rows, found.at, plain.held - plain.points, plain.contact.together).information.matrix


def _reweighted(rows: Rows, weight: Floats) -> Rows:
    factor = weight.ravel().take(rows.cell)
    return replace(rows, weight=factor if rows.weight is None else rows.weight * factor)
