"""The middle of the sandwich from the rows: what prompts, or matches, say beyond what the ratings expect."""

import numpy as np
from scipy.sparse import coo_array, csr_array

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.blocks import blocks
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.likelihood import laplacian
from judgeboard.arena.rating.sandwich import Meat
from judgeboard.arena.tallies import cells
from judgeboard.arena.verdicts import POINTS, Verdicts

SPARSEST = 8
"""Cells of a table for each verdict, at most; beyond, the table is kept as a sparse matrix."""


def row_residual(verdicts: Verdicts, probability: Floats, weight: Floats | None) -> Floats:
    """float64[n]: points of side a beyond its expectation. probability: float64[M, M]; weight: float64[n]."""
    beyond = (POINTS[:, None, None] - probability).ravel()
    residual = np.empty(len(verdicts))
    for rows in blocks(len(verdicts)):
        beyond.take(cells(verdicts, rows), out=residual[rows], mode="clip")  # else a copy is made of `out`
    if weight is not None:
        residual *= weight
    return residual


def meat_by_prompt(verdicts: Verdicts, residual: Floats, component: Integers) -> Meat:
    """All verdicts on a prompt together."""
    number, prompts = numbered(verdicts.prompt, np.int32)
    slopes = cluster_slopes(verdicts, residual, number, prompts)
    clusters = clusters_by_group(verdicts.a, number, prompts, component)
    return Meat(products(slopes, slopes), clusters, prompts)


def cluster_slopes(verdicts: Verdicts, residual: Floats, number: Integers, clusters: int) -> Floats | csr_array:
    """float64[G, M]: the slope of the likelihood in the strengths by cluster; number: int[n], below G.

    A table, or a sparse matrix where a table would be nearly empty, as when every verdict has a prompt of its own.
    """
    row, shape = number.astype(np.int32, copy=False), (clusters, len(verdicts.names))
    if clusters * len(verdicts.names) > SPARSEST * len(row):
        both = np.concatenate([row, row]), np.concatenate([verdicts.a, verdicts.b])
        return coo_array((np.concatenate([residual, -residual]), both), shape).tocsr()
    # Sparse matrices add up what falls into one cell, and take 32-bit indices as they are: no product of indices.
    table: Floats = coo_array((residual, (row, verdicts.a)), shape).toarray()
    table -= coo_array((residual, (row, verdicts.b)), shape).toarray()
    return table


def products(left: Floats | csr_array, right: Floats | csr_array) -> Floats:
    """float64[p, q]: left transposed times right, of float64[G, p] and float64[G, q]."""
    return as_table(left.T @ right)


def bordered_products(slopes: Floats | csr_array, border: Floats) -> Floats:
    """float64[M + k, M + k]: products of float64[G, M] slopes and float64[G, k] of other parameters."""
    cross = products(slopes, border)
    return np.block([[products(slopes, slopes), cross], [cross.T, border.T @ border]])


def as_table(matrix: Floats | csr_array) -> Floats:
    table: Floats = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    return table


def meat_by_match(verdicts: Verdicts, residual: Floats, component: Integers) -> Meat:
    """All verdicts on a match together. A match is of one pair, so its pull is one number. Raises MatchesDiffer."""
    size = len(verdicts.names)
    told = verdicts.aligned()
    number, matches = numbered(told.match)
    pull = np.bincount(number, np.where(told.a == verdicts.a, residual, -residual), minlength=matches)
    pair = np.zeros(matches, dtype=np.int64)
    pair[number] = told.a.astype(np.int64) * size + told.b
    weight = np.zeros(size * size)
    weight += np.bincount(pair, pull**2, minlength=len(weight))
    squared = weight.reshape(size, size)
    clusters = clusters_by_group(told.a, number, matches, component)
    return Meat(laplacian(squared + squared.T), clusters, matches)


def clusters_by_group(a: Integers, number: Integers, clusters: int, component: Integers) -> Integers:
    """int[M]: the number of clusters in the contender's connected group; 0 without matches.

    a: int[n], a contender of each verdict; number: int[n], its cluster, below `clusters`; component: int[M].
    """
    if component.max(initial=-1) <= 0:
        return np.where(component >= 0, clusters, 0)
    present = np.zeros((component.max() + 2, clusters), dtype=bool)
    present[component[a], number] = True
    # A contender without matches has component -1, so it reads the last row, which stays empty.
    counted: Integers = present.sum(axis=1)[component]
    return counted
