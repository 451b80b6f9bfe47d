"""What is known before the next matches are chosen: where contenders stand, and how often each pair was judged."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.likelihood import laplacian, win_probability
from judgeboard.arena.rating.scale import ELO

PRIOR_SD = 400.0
"""Elo points within which an unjudged contender is first looked for; at one sd its odds are ten to one."""


class BadKnowledge(ValueError):
    """Ratings or counts from which nothing can be chosen."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What verdicts have told of M contenders, M >= 2.

    rating: float64[M], Elo points; NaN for a contender that no verdict is about, which stands at the mean of the rest
    shown:  int64 or float64[M, M], verdicts in which the row was shown before the column; where that is not known,
            half a verdict either way

    Raises BadKnowledge.
    """

    rating: Floats
    shown: Integers | Floats

    def __post_init__(self) -> None:
        size = len(self.rating)
        if size < 2:
            raise BadKnowledge(f"Expected at least two contenders to choose from, found {size}.")
        if self.shown.shape != (size, size):
            raise BadKnowledge(f"shown has the shape {self.shown.shape}; expected a row and a column a contender.")
        if not ((self.shown >= 0) & (self.shown < np.inf)).all() or np.diag(self.shown).any():
            raise BadKnowledge("shown holds a count that is negative or not a number, or a contender beside itself.")
        if (wrong := ~np.isfinite(self.rating) & ~(np.isnan(self.rating) & (self.judged.sum(axis=1) == 0))).any():
            number = int(np.argmax(wrong))
            raise BadKnowledge(f"Contender {number} has the rating {self.rating[number]}; expected a finite number.")

    def __len__(self) -> int:
        return len(self.rating)

    @property
    def judged(self) -> Integers | Floats:
        """int64 or float64[M, M]: verdicts about each pair."""
        judged: Integers | Floats = self.shown + self.shown.T
        return judged

    @cached_property
    def strength(self) -> Floats:
        """float64[M], natural units."""
        rated = np.isfinite(self.rating)
        mean = self.rating[rated].mean() if rated.any() else 0.0
        return np.where(rated, self.rating - mean, 0.0) / ELO

    @cached_property
    def verdict_information(self) -> Floats:
        """float64[M, M]: what one verdict about a pair tells of its difference, p (1 - p)."""
        probability = win_probability(self.strength)
        information: Floats = probability * probability.T
        return information

    def covariance(self, planned: Floats | float = 0.0) -> Floats:
        """float64[M, M], natural units: of the strengths after `planned` more verdicts a pair (float64[M, M]).

        The inverse of the information of all verdicts and of a normal prior, which keeps it finite for any board.
        """
        information = laplacian((self.judged + planned) * self.verdict_information)
        inverse = np.linalg.inv(information + np.eye(len(self)) * (ELO / PRIOR_SD) ** 2)
        covariance: Floats = (inverse + inverse.T) / 2
        return covariance


def difference(quadratic: Floats, pairs: Integers) -> Floats:
    """float64[P]: the value of float64[M, M] quadratic forms at the difference of each of int[P, 2] pairs; of a
    covariance this is the variance of that difference."""
    i, j = pairs.T
    value: Floats = np.maximum(quadratic[i, i] + quadratic[j, j] - 2 * quadratic[i, j], 0.0)
    return value
