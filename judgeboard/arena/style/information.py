"""The information of a fit with covariates, each pair as heavy as one says."""

from dataclasses import replace

from judgeboard.arena.arrays import Floats
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.rows import Rows, curve


def weighted_information(board: CovariateBoard, weight: Floats) -> Floats:
    """float64[M + k, M + k]: each row in the weight that float64[M, M], symmetric, has for its pair."""
    found, plain = board.found, board.plain
    met = weight[plain.information > 0]
    if not met.size or (met == met[0]).all():
        matrix: Floats = met.max(initial=0.0) * found.curve.information.matrix
        return matrix
    rows = [_reweighted(part, weight) for part in board.rows]
    return curve(rows, found.at, plain.held - plain.points, plain.contact.together).information.matrix


def _reweighted(rows: Rows, weight: Floats) -> Rows:
    factor = weight.ravel().take(rows.cell)
    return replace(rows, weight=factor if rows.weight is None else rows.weight * factor)
