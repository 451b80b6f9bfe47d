"""The middle of the sandwich of a fit with covariates: what prompts, or matches, say beyond what the fit expects."""

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.likelihood import laplacian
from judgeboard.arena.rating.meat import as_table, bordered_products, cluster_slopes, clusters_by_group
from judgeboard.arena.rating.sandwich import Meat
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.verdicts import MatchesDiffer


def meat_by_prompt(board: CovariateBoard) -> Meat:
    """All verdicts on a prompt together. Total: float64[M + k, M + k]."""
    number, prompts = numbered(board.verdicts.prompt)
    slopes = cluster_slopes(board.verdicts, board.found.curve.residual, number, prompts)
    total = bordered_products(slopes, border_scores(board, number, prompts))
    return Meat(total, _clusters(board, number, prompts), prompts)


def meat_by_match(board: CovariateBoard) -> Meat:
    """All verdicts on a match together, whose pull at the strengths is one number. Raises MatchesDiffer."""
    size, verdicts = len(board.names), board.verdicts
    number, matches = numbered(verdicts.match)
    forward = verdicts.a < verdicts.b
    pair = _pair_of_match(board, number, matches)
    pull = np.bincount(number, np.where(forward, 1.0, -1.0) * board.found.curve.residual, minlength=matches)
    border = border_scores(board, number, matches)
    squared, *beside = (_by_pair(pair, pull * pulled, size) for pulled in [pull, *border.T])
    cross = np.array([table.sum(axis=1) - table.sum(axis=0) for table in beside]).reshape(-1, size)
    total = np.block([[laplacian(squared + squared.T), cross.T], [cross, border.T @ border]])
    return Meat(total, _clusters(board, number, matches), matches)


def scores_by(board: CovariateBoard, number: Integers, clusters: int) -> Floats:
    """float64[G, M + k]: the slope of the likelihood by cluster; number: int64[n], the cluster of each row."""
    slopes = cluster_slopes(board.verdicts, board.found.curve.residual, number, clusters)
    return np.concatenate([as_table(slopes), border_scores(board, number, clusters)], axis=1)


def border_scores(board: CovariateBoard, number: Integers, clusters: int) -> Floats:
    """float64[G, k]: the slope of the likelihood in the coefficients by cluster."""
    table = np.zeros((clusters, len(board.covariates)))
    start = 0
    for rows in board.rows:
        own = slice(start, start + len(rows.cell))
        residual = board.found.curve.residual[own]
        for column, x in zip(rows.columns, rows.x, strict=True):
            table[:, column] += np.bincount(number[own], x * residual, minlength=clusters)
        start = own.stop
    return table


def _pair_of_match(board: CovariateBoard, number: Integers, matches: int) -> Integers:
    """int64[G]: the pair that met, lower index * M + higher."""
    a, b = board.verdicts.a, board.verdicts.b
    row = np.minimum(a, b).astype(np.int64) * len(board.names) + np.maximum(a, b)
    pair = np.zeros(matches, dtype=np.int64)
    pair[number] = row
    if (pair[number] != row).any():
        raise MatchesDiffer("Verdicts on one match are not about the same two contenders.")
    return pair


def _by_pair(pair: Integers, weight: Floats, size: int) -> Floats:
    """float64[M, M]: sums of float64[G] weights."""
    table = np.zeros(size * size)
    table += np.bincount(pair, weight, minlength=len(table))
    return table.reshape(size, size)


def _clusters(board: CovariateBoard, number: Integers, clusters: int) -> Integers:
    """int[M + k]: clusters in the contender's connected group, and all of them for each covariate."""
    by_group = clusters_by_group(board.verdicts.a, number, clusters, board.plain.contact.component)
    return np.append(by_group, np.full(len(board.covariates), clusters))
