"""Intervals of contenders with few matches in a fit with covariates, as `profile` has them in one without."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.profile import limits
from judgeboard.arena.style.board import CovariateBoard

STEEP = 0.01
"""Verdicts that one unit of the rating moves by less are reckoned with to second order, as they nearly stay."""


def profile_limits(board: CovariateBoard, contrast: Floats, effect: Floats, level: float) -> tuple[Floats, Floats]:
    """(lower, upper): float64[q], natural units, limits of q contrasts of the strengths, float64[q, M].

    effect: float64[q], design effects. Everything else, coefficients too, gives way as it does at the maximum.
    """
    size, inverse = len(board.names), board.found.curve.information.inverse
    found = np.empty((2, len(contrast)))
    for number, row in enumerate(contrast):
        way = inverse[:, :size] @ row
        variance = float(way[:size] @ row)
        here, spread = np.array([row @ board.found.at[:size]]), np.array([variance])
        own = slice(number, number + 1)
        found[:, own] = limits(_fallen(board, way / variance, variance).at, here, spread, effect[own], level)
    return found[0], found[1]


@dataclass(frozen=True, eq=False)
class _Fallen:
    """Twice the fall of the log likelihood along one way from the maximum.

    lead, slope, points, weight: float64[s], of the steep verdicts; pull, curvature: of all others together
    """

    lead: Floats
    slope: Floats
    points: Floats
    weight: Floats
    pull: float
    curvature: float

    def at(self, moved: Floats) -> Floats:
        """float64[q], at float64[q] distances."""
        near = self._log_likelihood(np.zeros(1)) - self._log_likelihood(moved)
        fallen: Floats = 2 * near - 2 * self.pull * moved + self.curvature * moved**2
        return fallen

    def _log_likelihood(self, moved: Floats) -> Floats:
        lead = self.lead + moved[:, None] * self.slope
        won, lost = self.weight * self.points, self.weight * (1 - self.points)
        total: Floats = log_expit(lead) @ won + log_expit(-lead) @ lost
        return total


def _fallen(board: CovariateBoard, way: Floats, variance: float) -> _Fallen:
    lead, slope, points, weight = np.concatenate([_steep(board, way), _pseudo(board, way)], axis=1)
    probability = expit(lead)
    pull = float((weight * (points - probability)) @ slope)
    curvature = float((weight * probability * (1 - probability)) @ slope**2)
    return _Fallen(lead, slope, points, weight, -pull, max(1 / variance - curvature, 0.0))


def _steep(board: CovariateBoard, way: Floats) -> Floats:
    """float64[4, s]: lead, slope, points and weight of the verdicts between contenders that part on the way."""
    size, at = len(board.names), board.found.at
    parting = (way[:size, None] - way[:size]).ravel()
    lead = (at[:size, None] - at[:size]).ravel()
    found = []
    for rows in board.rows:
        chosen = np.flatnonzero((np.abs(parting) > STEEP).take(rows.cell))
        cell, x, place = rows.cell[chosen], rows.x[:, chosen], size + rows.columns
        weight = np.ones(len(chosen)) if rows.weight is None else rows.weight[chosen]
        found.append([lead[cell] + at[place] @ x, parting[cell] + way[place] @ x, rows.points[chosen], weight])
    return np.concatenate(found, axis=1)


def _pseudo(board: CovariateBoard, way: Floats) -> Floats:
    """float64[4, s]: the same of the pseudo-matches, on which no covariate acts."""
    pseudo, at = board.plain.held - board.plain.points, board.found.at
    first, second = np.nonzero(np.triu(pseudo, 1))
    drawn = np.full(len(first), 0.5)
    return np.array([at[first] - at[second], way[first] - way[second], drawn, 2 * pseudo[first, second]])
