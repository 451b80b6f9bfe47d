"""The rows behind a fit with covariates, and what they say at one point: slope, information, residuals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.blocks import blocks
from judgeboard.arena.rating.bordered import Bordered
from judgeboard.arena.style.covariates import BadCovariates, Covariates
from judgeboard.arena.verdicts import Verdicts

STEEPEST = 700.0  # natural units; beyond, exp leaves the numbers


@dataclass(frozen=True, eq=False)
class Rows:
    """n verdicts with some of the board's covariates.

    cell: int64[n], a * M + b; points: float64[n], of side a; x: float64[q, n]; columns: int[q], the place of each
    among all k covariates; weight: float64[n]
    """

    verdicts: Verdicts
    cell: Integers
    points: Floats
    x: Floats
    columns: Integers
    weight: Floats | None

    @classmethod
    def of(cls, verdicts: Verdicts, covariates: Covariates, columns: Integers, weight: Floats | None) -> Self:
        """Raises BadCovariates where the covariates are not one row a verdict."""
        if len(covariates) != len(verdicts):
            raise BadCovariates(f"There are {len(covariates)} rows of covariates for {len(verdicts)} verdicts.")
        cell = verdicts.a.astype(np.int64)
        cell *= len(verdicts.names)
        cell += verdicts.b
        x = np.ascontiguousarray(covariates.values.T)
        return cls(verdicts, cell, verdicts.points, x, columns, weight)


@dataclass(frozen=True, eq=False)
class Curve:
    """slope: float64[M + k], of the log likelihood; information: minus its curvature; residual: float64[n], weighted,
    what side a took beyond its expectation."""

    slope: Floats
    information: Bordered
    residual: Floats


def curve(rows: Sequence[Rows], at: Floats, pseudo: Floats, together: Flags) -> Curve:
    """At float64[M + k] strengths and coefficients, natural units.

    pseudo: float64[M, M] pseudo-points, on which no covariate acts; together: bool[M, M], pairs that can be compared.
    """
    size, k = len(pseudo), len(at) - len(pseudo)
    sums = _Sums(size, k)
    lead = at[:size, None] - at[:size]
    residuals = [sums.add(part, lead.ravel(), at[size:][part.columns]) for part in rows]
    probability = 1 / (1 + np.exp(-np.clip(lead, -STEEPEST, STEEPEST)))
    held = pseudo + pseudo.T
    pair = sums.pair.reshape(size, size) + held * probability * probability.T / 2
    slope = _net(sums.residual, size) + (pseudo - held * probability).sum(axis=1)
    cross = np.array([_net(column, size) for column in sums.cross]).reshape(k, size).T
    information = Bordered(pair + pair.T, cross, sums.own, together)
    return Curve(np.append(slope, sums.slope), information, np.concatenate(residuals))


class _Sums:
    """Sums over rows, by cell: of residuals, of the information w, and of w times each covariate."""

    def __init__(self, size: int, k: int) -> None:
        self.size = size
        self.residual, self.pair, self.cross = np.zeros(size * size), np.zeros(size * size), np.zeros((k, size * size))
        self.slope, self.own = np.zeros(k), np.zeros((k, k))

    def add(self, rows: Rows, lead: Floats, coefficient: Floats) -> Floats:
        """float64[n]: the residuals of the rows, which are added; lead: float64[M * M]; coefficient: float64[q]."""
        residual = np.empty(len(rows.cell))
        for block in blocks(len(rows.cell), 2 * self.size**2):
            probability = _logistic(lead.take(rows.cell[block]) + coefficient @ rows.x[:, block])
            residual[block] = rows.points[block] - probability
            information = probability * (1 - probability)
            if rows.weight is not None:
                residual[block] *= rows.weight[block]
                information *= rows.weight[block]
            self._add_block(rows.cell[block], rows.x[:, block], rows.columns, residual[block], information)
        return residual

    def _add_block(self, cell: Integers, x: Floats, columns: Integers, residual: Floats, information: Floats) -> None:
        cells = self.size**2
        self.residual += np.bincount(cell, residual, minlength=cells)
        self.pair += np.bincount(cell, information, minlength=cells)
        weighted = x * information
        for column, values in zip(columns, weighted, strict=True):
            self.cross[column] += np.bincount(cell, values, minlength=cells)
        self.slope[columns] += x @ residual
        self.own[np.ix_(columns, columns)] += weighted @ x.T


def _logistic(lead: Floats) -> Floats:
    """In place, as np.exp is many times as fast as an expit."""
    np.negative(lead, out=lead)
    np.minimum(lead, STEEPEST, out=lead)
    np.exp(lead, out=lead)
    lead += 1.0
    return np.reciprocal(lead, out=lead)


def _net(by_cell: Floats, size: int) -> Floats:
    """float64[M]: what each has on side a, less what it has on side b."""
    table = by_cell.reshape(size, size)
    net: Floats = table.sum(axis=1) - table.sum(axis=0)
    return net
