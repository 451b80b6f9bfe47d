"""A logistic model of one contender's points against a baseline: its strength, length, and what prompts are like."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.likelihood import FitFailed

MOST_STEPS = 100
CLOSE_ENOUGH = 1e-9  # natural units
PENALTY = 1 / 9
"""Of a squared coefficient, as if it were drawn with a standard deviation of 3: too weak to be felt where the evidence
says anything, and enough to keep the fit finite where every longer answer won."""


@dataclass(frozen=True, eq=False)
class Meetings:
    """n verdicts of one contender against the baseline.

    points: float64[n], the contender's share; difference: float64[n], in length, positive where the contender's answer
    is the longer one; prompt: int[n], below the number of prompts
    """

    points: Floats
    difference: Floats
    prompt: Integers


@dataclass(frozen=True, eq=False)
class LengthModel:
    """logit P(preferred) = strength + length * tanh(difference / its standard deviation) + follows * ease.

    coefficients: float64[3]; x: float64[3, n], what they multiply; probability: float64[n]; information: float64[3, 3]
    """

    coefficients: Floats
    x: Floats
    probability: Floats
    information: Floats

    def equally_long(self) -> Floats:
        """float64[n]: the preference for the contender if both answers were of one length."""
        strength, _, follows = self.coefficients
        return _logistic(strength + follows * self.x[2])

    def influence(self, points: Floats) -> Floats:
        """float64[n]: how much each verdict moves the sum of `equally_long`, through its prompt and through the fit."""
        equal = self.equally_long()
        slope = (self.x * (equal * (1 - equal))).sum(axis=1)
        slope[1] = 0.0
        pull = np.linalg.solve(self.information, slope) @ self.x
        moved: Floats = equal - equal.mean() + pull * (points - self.probability)
        return moved


def length_model(meetings: Meetings, ease: Floats) -> LengthModel:
    """The maximum of the penalised likelihood; ease: float64[n], of the prompts, in natural units.

    By Newton's method with steps shortened as in `likelihood.settled`. Expects points on both sides, and lengths that
    differ. Raises FitFailed.
    """
    x = np.stack([np.ones(len(ease)), np.tanh(meetings.difference / meetings.difference.std()), ease])
    penalty = np.array([0.0, PENALTY, PENALTY])
    at, widest = np.zeros(3), np.abs(x).max(axis=1)
    for _ in range(MOST_STEPS):
        probability = _logistic(at @ x)
        information = (x * (probability * (1 - probability))) @ x.T + np.diag(penalty)
        step = np.linalg.solve(information, x @ (meetings.points - probability) - penalty * at)
        reach = float(np.abs(step) @ widest)
        if reach < CLOSE_ENOUGH:
            return LengthModel(at, x, probability, information)
        at = at + np.log1p(reach) / reach * step
    raise FitFailed(f"The length model did not settle within {MOST_STEPS} steps; are there points on both sides?")


def _logistic(lead: Floats) -> Floats:
    probability: Floats = 1 / (1 + np.exp(-lead))  # many times as fast as expit; the penalty keeps leads small
    return probability
