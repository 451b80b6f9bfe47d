"""Ratings that leave style aside, beside those that count it: how far each contender moves, and how surely."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit
from judgeboard.arena.rating.meat import cluster_slopes, clusters_by_group, products, row_residual
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.covariates import BadCovariates, Covariates
from judgeboard.arena.style.fit import StyleFit, finished
from judgeboard.arena.style.meat import border_scores
from judgeboard.arena.style.position import position_covariates
from judgeboard.arena.verdicts import Verdicts


@dataclass(frozen=True, eq=False)
class Controlled:
    """fit: ratings were all answers of one style; style: the covariates of it that vary, the first coefficients there;
    shift, lower, upper: float64[M], Elo points by which they exceed the ratings that count style. The interval is
    NaN where contenders have too few matches for it."""

    fit: StyleFit
    style: tuple[str, ...]
    shift: Floats
    lower: Floats
    upper: Floats


def control(
    verdicts: Verdicts,
    style: Covariates,
    plain: BradleyTerryFit | StyleFit,
    *,
    level: float = 0.95,
    scale: EloScale | None = None,
) -> Controlled | None:
    """Against `plain`, what `bradley_terry.fit` or `fit_positions` made of the same verdicts.

    None where all answers look alike, or the verdicts are too few to tell style from strength.
    """
    style = style.varying
    if not style.names:
        return None
    by_position = isinstance(plain, StyleFit)
    positions = position_covariates(verdicts) if by_position else Covariates.none(len(verdicts))
    try:
        board = CovariateBoard.alone(verdicts, style.beside(positions), "tie", None)
        before = CovariateBoard.alone(verdicts, positions, "tie", None) if by_position else None
    except BadCovariates:
        return None
    fit = finished(board, both_bad="tie", interval="prompt", level=level, scale=scale)
    shift = fit.rating - plain.rating
    half = float(ndtri((1 + level) / 2)) * np.sqrt(np.maximum(_variance(board, before, scale or EloScale()), 0.0))
    half = np.where(fit.profiled | plain.profiled, np.nan, half)
    return Controlled(fit, style.names, shift, shift - half, shift + half)


def _variance(board: CovariateBoard, before: CovariateBoard | None, scale: EloScale) -> Floats:
    """float64[M]: of the difference of the two ratings, prompts as clusters; NaN with a single one.

    Both follow from the same verdicts, so what a prompt pulls at one it pulls at the other as well: the sandwich is
    that of the difference of their influences. `before` None: the ratings without any covariate.
    """
    number, prompts = numbered(board.verdicts.prompt)
    after = _Pull.of_fit(board, number, prompts)
    plain = _Pull.of_fit(before, number, prompts) if before else _Pull.of_plain(board, number, prompts)
    crossed = after.times(plain)
    covariance = after.times(after) + plain.times(plain) - crossed - crossed.T
    component = board.plain.contact.component
    clusters = clusters_by_group(board.verdicts.a, number, prompts, component)
    factor = np.where(clusters > 1, clusters / np.maximum(clusters - 1, 1), np.nan)
    pinned = anchoring(board.names, component, scale)
    variance: Floats = np.diag(pinned.covariance(covariance)) * factor
    return variance


@dataclass(frozen=True, eq=False)
class _Pull:
    """What G clusters pull at M strengths: slopes float64[G, M] and float64[G, k] of the likelihood, and the rows of
    its inverse curvature that carry them to the strengths, float64[M, M + k]."""

    slopes: Floats | csr_array
    border: Floats
    bread: Floats

    @classmethod
    def of_fit(cls, board: CovariateBoard, number: Integers, clusters: int) -> Self:
        slopes = cluster_slopes(board.verdicts, board.found.curve.residual, number, clusters)
        inverse = board.found.curve.information.inverse[: len(board.names)]
        return cls(slopes, border_scores(board, number, clusters), inverse)

    @classmethod
    def of_plain(cls, board: CovariateBoard, number: Integers, clusters: int) -> Self:
        residual = row_residual(board.verdicts, board.plain.probability, None)
        slopes = cluster_slopes(board.verdicts, residual, number, clusters)
        return cls(slopes, np.zeros((clusters, 0)), board.plain.inverse.matrix)

    def times(self, other: Self) -> Floats:
        """float64[M, M]: influences transposed times influences, summed over clusters."""
        beside = products(self.slopes, other.border)
        below = products(other.slopes, self.border).T
        pulled = np.block([[products(self.slopes, other.slopes), beside], [below, self.border.T @ other.border]])
        found: Floats = self.bread @ pulled @ other.bread.T
        return found
