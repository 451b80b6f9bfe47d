"""How much weight a judge is given beside human votes, and how many votes that is worth."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.linalg import LinAlgError

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.corrected.judged_votes import JudgedVotes
from judgeboard.arena.rating.likelihood import FitFailed, Inverse, information, maximum, win_probability
from judgeboard.arena.rating.point_fit import PointFit
from judgeboard.arena.rating.sandwich import Meat

ROUNDS = 2  # the judge is weighed at the ratings of the votes alone, then at those that it corrected
LEAST = 1e-3  # a smaller lambda is none
LOSS = 4.0  # of a contender's information, beyond which the correction has run away with its rating


@dataclass(frozen=True, eq=False)
class Correction:
    """The maximum of the likelihood in which the judge has the weight lambda, from 0, none, to 1."""

    lambda_: float
    board: PointFit

    @classmethod
    def of(cls, board: PointFit, judged: JudgedVotes, lambda_: float) -> Self:
        """Of the fit of the votes alone. lambda is halved until there is a maximum that is known, as there is without
        the judge: among few votes the correction can leave a contender with no point lost, or less than none."""
        excess = judged.excess_points()
        while lambda_ > LEAST:
            if (corrected := _at_maximum(board, board.held - lambda_ * excess)) is not None:
                return cls(lambda_, corrected)
            lambda_ /= 2
        return cls(0.0, board)


@dataclass(frozen=True, eq=False)
class Worth:
    """How many votes each vote is worth with the judge beside it: overall, and float64[M] of each contender's votes.

    The board and the meat are those of the corrected likelihood, counted as so many votes.
    """

    overall: float
    each: Floats
    board: PointFit
    meat: Meat

    @classmethod
    def of(cls, correction: Correction, judged: JudgedVotes) -> Self:
        """The variance without the judge over that with it, at the corrected ratings."""
        board = correction.board
        alone, meat = (judged.meat(board, vote=1.0, excess=excess) for excess in (0.0, correction.lambda_))
        before, after = _variance(board, alone), _variance(board, meat)
        most = max(1.0, judged.n_judged / max(judged.n_votes, 1))  # all that a judge which never errs can tell
        overall = float(_gain(before.sum(), after.sum(), np.asarray(alone.n), most))
        # What can be known of the judge's errors is limited by the prompts with votes, not by all the judged ones.
        counted = replace(alone, total=meat.total * overall**2)
        return cls(overall, _gain(before, after, alone.clusters, most), _weighed(board, overall), counted)


def tuned_lambda(board: PointFit, judged: JudgedVotes) -> float:
    """The lambda in [0, 1] with the least sum of variances; board: the fit of the votes alone."""
    here = Correction(0.0, board)
    for _ in range(ROUNDS):
        here = Correction.of(board, judged, _least_variance(here.board, judged))
    return here.lambda_


def _least_variance(board: PointFit, judged: JudgedVotes) -> float:
    """The bottom of the parabola that the variance is in lambda, told by its values at 0 and 1 and its curvature."""
    at_0, at_1, curvature = (
        _variance(board, judged.meat(board, vote=vote, excess=excess)).sum()
        for vote, excess in ((1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    )
    return float(np.clip((1 + (at_0 - at_1) / curvature) / 2, 0, 1)) if curvature > 0 else 0.0


def _variance(board: PointFit, meat: Meat) -> Floats:
    """float64[M], natural units: of each strength, not widened for few clusters."""
    bread = board.inverse.matrix
    variance: Floats = ((bread @ meat.total) * bread).sum(axis=1)
    return variance


def _gain(before: Floats, after: Floats, clusters: Integers, most: float) -> Floats:
    """The ratio of the variances, drawn towards 1 by one cluster of doubt: two prompts on which the judge said what
    people said do not show that it always will."""
    left = np.divide(after, before, out=np.ones_like(before), where=before > 0)
    doubt = 1 / np.maximum(clusters, 1)
    gain: Floats = np.minimum(1 / (doubt + (1 - doubt) * left), most)
    return gain


def _at_maximum(board: PointFit, held: Floats) -> PointFit | None:
    """The fit to other points; None where there is none, or so far out that hardly anything is known of a rating."""
    try:
        strength = maximum(held, board.contact.together, board.strength)
        found = replace(board, held=held, strength=strength, probability=win_probability(strength))
        found = _weighed(replace(found, information=information(held, strength)), 1.0)
    except (FitFailed, LinAlgError):
        return None
    return found if (np.diag(found.inverse.matrix) <= LOSS * np.diag(board.inverse.matrix)).all() else None


def _weighed(board: PointFit, factor: float) -> PointFit:
    """The same likelihood, as if all had been said `factor` times."""
    weight = board.information * factor
    inverse = Inverse.of(weight, board.contact.together)
    return replace(board, held=board.held * factor, information=weight, inverse=inverse)
