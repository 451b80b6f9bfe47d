"""Style control: ratings of contenders with what their answers look like, or the order they stood in, allowed for."""

from dataclasses import dataclass
from functools import partial
from typing import Self

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.rating.few_matches import few_matches
from judgeboard.arena.rating.intervals import rated
from judgeboard.arena.rating.sandwich import Spread, clustered_spread
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.information import weighted_information
from judgeboard.arena.style.meat import meat_by_match, meat_by_prompt
from judgeboard.arena.style.profile import profile_limits
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
    own = spread.covariance[size:, size:]
    counted = None if interval == "fisher" else partial(meetings, board.verdicts)
    few = few_matches(board.n_verdicts, found, pinned, counted)
    strengths = Spread(spread.covariance[:size, :size], spread.effect)
    limits = partial(profile_limits, board, level=level)
    return StyleFit(
        names=board.names,
        **vars(rated(board.found.at[:size], strengths, found, pinned, few, limits, level)),
        coefficients=_coefficients(board, own, level),
        coefficient_covariance=own,
        n_verdicts=board.n_verdicts,
        component=found.component,
        bounded=found.bounded,
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
        n_clusters=n_clusters,
    )


def _spread(board: CovariateBoard, interval: Interval) -> tuple[Spread, int]:
    """(the spread in natural units, number of clusters)."""
    if interval == "fisher":
        return Spread(board.found.curve.information.inverse, np.ones(len(board.names))), 0
    meat = meat_by_prompt(board) if interval == "prompt" else meat_by_match(board)
    bread, information = board.found.curve.information.inverse, partial(weighted_information, board)
    return clustered_spread(meat, bread, board.plain.contact, information), meat.n


def _coefficients(board: CovariateBoard, covariance: Floats, level: float) -> tuple[Coefficient, ...]:
    values = board.found.at[len(board.names) :]
    half_width = ndtri((1 + level) / 2) * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    limits = zip(board.covariates, values, values - half_width, values + half_width, strict=True)
    return tuple(Coefficient(name, float(value), float(lower), float(upper)) for name, value, lower, upper in limits)
