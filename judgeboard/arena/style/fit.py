"""Style control: ratings of contenders with what their answers look like, or the order they stood in, allowed for."""

from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.rating.few_matches import few_matches, widened
from judgeboard.arena.rating.sandwich import Spread
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.meat import meat_by_match, meat_by_prompt
from judgeboard.arena.style.profile import profile_limits
from judgeboard.arena.style.spread import clustered_spread
from judgeboard.arena.tallies import BothBad
from judgeboard.arena.verdicts import Verdicts, meetings


@dataclass(frozen=True)
class Coefficient:
    """How far one unit of a covariate moves a verdict, and its interval. Natural units, or Elo points as `elo`."""

    name: str
    value: float
    lower: float
    upper: float

    @property
    def elo(self) -> Self:
        """The same in Elo points."""
        return type(self)(self.name, self.value * ELO, self.lower * ELO, self.upper * ELO)


@dataclass(frozen=True, eq=False)
class StyleFit:
    """Ratings of M contenders, were all covariates 0, with the parameters that made them.

    rating, lower, upper:   float64[M], Elo points; NaN without matches
    covariance:             float64[M, M], Elo points squared, as anchored; NaN where contenders cannot be compared
    coefficients:           of the k covariates, natural units
    coefficient_covariance: float64[k, k], natural units squared
    n_verdicts:             int[M], verdicts that counted
    component:              int[M], different for groups that never met, even through others; -1 without matches
    bounded:                bool[M], False where the rating is finite only through half a pseudo-match
    anchored:               False when the scale names an anchor that has no matches here: then the mean is pinned
    n_clusters:             clusters behind the intervals: prompts or matches; 0 for "fisher"
    profiled:               bool[M], True where too few matches for a sandwich: the interval is a profile likelihood's
    """

    names: tuple[str, ...]
    rating: Floats
    lower: Floats
    upper: Floats
    covariance: Floats
    coefficients: tuple[Coefficient, ...]
    coefficient_covariance: Floats
    n_verdicts: Integers
    component: Integers
    bounded: Flags
    anchored: bool
    both_bad: BothBad
    interval: Interval
    level: float
    scale: EloScale
    n_clusters: int
    profiled: Flags

    def __getitem__(self, covariate: str) -> Coefficient:
        """The coefficient of a covariate by its name. Raises KeyError."""
        for coefficient in self.coefficients:
            if coefficient.name == covariate:
                return coefficient
        raise KeyError(covariate)


def fit_style(
    verdicts: Verdicts,
    covariates: Covariates,
    *,
    both_bad: BothBad = "tie",
    interval: Interval = "prompt",
    level: float = 0.95,
    scale: EloScale | None = None,
    weight: Floats | None = None,
) -> StyleFit:
    """Maximum likelihood where a beats b with the odds exp(s_a - s_b + x . beta); parameters as in `bradley_terry.fit`.

    covariates: one row a verdict, told from side a. Style control of Li, Angelopoulos & Chiang (2024, LMSYS blog, "Does
    style matter?"), with the intervals of `sandwich`, which count the covariates among the parameters. Raises
    BadCovariates or a kind of it, BadWeights.
    """
    board = CovariateBoard.alone(verdicts, covariates, both_bad, weight)
    return finished(board, both_bad=both_bad, interval=interval, level=level, scale=scale)


def finished(
    board: CovariateBoard, *, both_bad: BothBad, interval: Interval, level: float, scale: EloScale | None
) -> StyleFit:
    """Ratings and coefficients with their intervals, on the Elo scale, of a board that was fitted."""
    scale, size, found = scale or EloScale(), len(board.names), board.plain.contact
    pinned = anchoring(board.names, found.component, scale)
    spread, n_clusters = _spread(board, interval)
    rating = np.where(found.component >= 0, pinned.rating(board.found.at[:size]), np.nan)
    covariance = pinned.covariance(spread.covariance[:size, :size])
    half_width = _half_width(covariance, level)
    lower, upper = rating - half_width, rating + half_width
    few = np.zeros(size, dtype=bool)
    if interval != "fisher":
        few = few_matches(board.n_verdicts, board.plain.contact, pinned, partial(meetings, board.verdicts))
        limits = profile_limits(board, pinned.contrast[few], spread.effect[few], level)
        lower[few], upper[few] = (limit * ELO + pinned.pin[few] for limit in limits)
        covariance = widened(covariance, few, (upper - lower) / 2 / ndtri((1 + level) / 2))
    return StyleFit(
        names=board.names,
        rating=rating,
        lower=lower,
        upper=upper,
        covariance=np.where(found.together, covariance, np.nan),
        coefficients=_coefficients(board, spread.covariance[size:, size:], level),
        coefficient_covariance=spread.covariance[size:, size:],
        n_verdicts=board.n_verdicts,
        component=found.component,
        bounded=found.bounded,
        anchored=pinned.anchored,
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
        n_clusters=n_clusters,
        profiled=few,
    )


def _spread(board: CovariateBoard, interval: Interval) -> tuple[Spread, int]:
    """(the spread in natural units, number of clusters)."""
    if interval == "fisher":
        return Spread(board.found.curve.information.inverse, np.ones(len(board.names))), 0
    meat = meat_by_prompt(board) if interval == "prompt" else meat_by_match(board)
    return clustered_spread(board, meat), meat.n


def _coefficients(board: CovariateBoard, covariance: Floats, level: float) -> tuple[Coefficient, ...]:
    values = board.found.at[len(board.names) :]
    half_width = _half_width(covariance, level)
    limits = zip(board.covariates, values, values - half_width, values + half_width, strict=True)
    return tuple(Coefficient(name, float(value), float(lower), float(upper)) for name, value, lower, upper in limits)


def _half_width(covariance: Floats, level: float) -> Floats:
    half_width: Floats = ndtri((1 + level) / 2) * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return half_width
