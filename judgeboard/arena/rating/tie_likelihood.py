"""The likelihood of Davidson's model, in which a tie is an outcome of its own, and its maximum, in natural units."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from judgeboard.arena.arrays import Flags, Floats
from judgeboard.arena.rating.bordered import Bordered
from judgeboard.arena.rating.likelihood import settled
from judgeboard.arena.rating.profile import limits

EVEN = np.log(2.0)  # of nu where two equals tie in half of their matches


@dataclass(frozen=True, eq=False)
class TieCurve:
    """The log likelihood around one point: its slope, and by pair what its curvature is made of.

    slope:            float64[M + 1], the logarithm of nu last
    share, tie:       float64[M, M], expected points of the row, and the chance of a tie
    pair, cross, own: float64[M, M], information of the strengths, of both (what the row has), and of nu
    held:             information of the match that holds nu
    """

    slope: Floats
    share: Floats
    tie: Floats
    pair: Floats
    cross: Floats
    own: Floats
    held: float
    together: Flags

    def information(self, weight: Floats | float = 1.0) -> Bordered:
        """With each pair in the weight of float64[M, M], symmetric."""
        own = (weight * self.own).sum() / 2 + self.held
        return Bordered(
            weight * self.pair, (weight * self.cross).sum(axis=1)[:, None], np.array([[own]]), self.together
        )


@dataclass(frozen=True, eq=False)
class TieBoard:
    """points: float64[M, M], what the row took from the column, pseudo-points included; ties: float64[M, M], symmetric;
    together: bool[M, M], pairs that can be compared; decided: weight of a match between equals that was no tie."""

    points: Floats
    ties: Floats
    together: Flags
    decided: float

    def curve(self, at: Floats) -> TieCurve:
        """At float64[M + 1] strengths and logarithm of nu."""
        win, tie = _chances(at[:-1, None] - at[:-1], at[-1])
        share, n = win + tie / 2, self.points + self.points.T
        even = float(expit(at[-1] - EVEN))
        slope_of_ties = (self.ties - n * tie).sum() / 2 - self.decided * even
        return TieCurve(
            slope=np.append((self.points - n * share).sum(axis=1), slope_of_ties),
            share=share,
            tie=tie,
            pair=n * (win * win.T + tie * (1 - tie) / 4),
            cross=n * tie * (win.T - win) / 2,
            own=n * tie * (1 - tie),
            held=self.decided * even * (1 - even),
            together=self.together,
        )

    def maximum(self, strength: Floats) -> Floats:
        """float64[M + 1], from float64[M] strengths, by Newton's method, shortened as in `likelihood.settled`.

        What bounds the third derivative there by the second is that outcomes differ by at most the reach of the step,
        which is so here too. Raises FitFailed.
        """
        n, ties = self.points.sum(), self.ties.sum() / 2
        at = np.append(strength, np.log(2 * ties / (n - ties + 0.5)))

        def step(at: Floats) -> tuple[Floats, float]:
            here = self.curve(at)
            found = here.information().solve(here.slope)
            return found, float(np.ptp(found[:-1]) + abs(found[-1]))

        return settled(at, step, "The fit with ties")

    def profile_limits(
        self, at: Floats, inverse: Floats, contrast: Floats, effect: Floats, level: float
    ) -> tuple[Floats, Floats]:
        """(lower, upper): float64[k], limits of k contrasts `contrast @ at`, as in `profile.profile_limits`.

        at: float64[M + 1], the maximum; inverse: float64[M + 1, M + 1]; contrast: float64[k, M + 1]; effect: float64[k]
        """
        way = contrast @ inverse
        variance = (way * contrast).sum(axis=1)
        way /= variance[:, None]
        best = self._log_likelihood(at[None])[0]

        def fallen(moved: Floats) -> Floats:
            twice: Floats = 2 * (best - self._log_likelihood(at + moved[:, None] * way))
            return twice

        return limits(fallen, contrast @ at, variance, effect, level)

    def _log_likelihood(self, at: Floats) -> Floats:
        """float64[k], at float64[k, M + 1]."""
        first, second = np.nonzero(np.triu(self.points + self.points.T, 1))
        won, lost = self.points[first, second], self.points[second, first]
        lead, log_nu = at[:, first] - at[:, second], at[:, -1]
        said = lead @ (won - lost) / 2 + log_nu * self.ties[first, second].sum()
        even: Floats = self.decided * (np.logaddexp(log_nu, EVEN) - EVEN)
        found: Floats = said - _log_sum(lead, log_nu[:, None]) @ (won + lost) - even
        return found


def _log_sum(lead: Floats, log_nu: Floats) -> Floats:
    """The logarithm of e^(lead / 2) + e^(-lead / 2) + nu."""
    found: Floats = np.logaddexp(np.logaddexp(lead / 2, -lead / 2), log_nu)
    return found


def _chances(lead: Floats, log_nu: Floats) -> tuple[Floats, Floats]:
    """(chance of a win, chance of a tie)."""
    every = _log_sum(lead, log_nu)
    return np.exp(lead / 2 - every), np.exp(log_nu - every)
