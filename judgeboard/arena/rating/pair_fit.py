"""Does one number a contender explain who beats whom? Bradley-Terry set against the points of each pair."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import xlogy
from scipy.stats import chi2

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit_tallies
from judgeboard.arena.rating.likelihood import win_probability
from judgeboard.arena.rating.ranks import spread_of_differences
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.tallies import BothBad, Tallies

NO_VARIANCE = 1e-9  # of points or of the statistic: below it there is only rounding


@dataclass(frozen=True)
class PairFit:
    """The test of Bradley-Terry on `pairs` pairs that met, each verdict taken as independent of the others.

    deviance:             twice the log likelihood of each pair's own share of points over that of the ratings
    degrees_of_freedom:   pairs less what the ratings took
    chi_square, expected: Farrington's chi-square, and its mean where the ratings are all there is to it
    p_value:              the chance of a larger chi-square; None where no pair could contradict the ratings
    """

    pairs: int
    deviance: float
    degrees_of_freedom: int
    chi_square: float
    expected: float
    p_value: float | None
    both_bad: BothBad


def pair_fit(tallies: Tallies, *, both_bad: BothBad = "tie") -> PairFit:
    """Verdicts on one match told in both orders are not independent: merge them first (`orders.merge_orders`).

    The p value is that of the chi-square of Farrington (1996), J. R. Statist. Soc. B 58, 349-360, matched to its mean
    and variance, which holds for few verdicts a pair. The deviance does not: on simulated boards of ten verdicts a
    pair its nominal 5 % test rejects 17 %, and with ties, which vary less than wins and losses, none.
    """
    fitted = fit_tallies(tallies, both_bad=both_bad)
    pairs = _Pairs.of(tallies, fitted)
    chi_square, mean, variance = pairs.chi_square()
    tested = variance > NO_VARIANCE and mean > NO_VARIANCE
    return PairFit(
        pairs=len(pairs.n),
        deviance=pairs.deviance(),
        degrees_of_freedom=len(pairs.n) - _parameters(fitted),
        chi_square=chi_square,
        expected=mean,
        p_value=float(chi2.sf(2 * mean / variance * chi_square, 2 * mean**2 / variance)) if tested else None,
        both_bad=both_bad,
    )


def tie_probability(probability: Floats, n: Floats, ties: Floats) -> Floats:
    """float64 of the shape of `probability`: the chance of a tie where the share of points is expected to be p.

    In proportion to p (1 - p), one proportion for all pairs (n verdicts, of which ties). Of four votings, human and
    judged, this describes the ties of each better than Davidson's model (1970), which keeps more for unequal pairs.
    """
    even = probability * (1 - probability)
    expected = np.nansum(n * even)
    proportion = ties.sum() / expected if expected > 0 else 0.0
    chance: Floats = np.minimum(proportion * even, 2 * np.minimum(probability, 1 - probability))
    return chance


@dataclass(frozen=True, eq=False)
class _Pairs:
    """float64[P], one entry a pair that met: verdicts, points of the first, what the fit expects of one verdict (the
    first's share, the chance of a tie), and how far the fit follows the pair (its leverage, which sums to the number of
    parameters)."""

    n: Floats
    points: Floats
    share: Floats
    tie: Floats
    leverage: Floats

    @classmethod
    def of(cls, tallies: Tallies, fitted: BradleyTerryFit) -> Self:
        points = tallies.points(fitted.both_bad)
        n = points + points.T
        share = win_probability(fitted.rating / ELO)
        tie = tie_probability(share, n, n - tallies.wins - tallies.wins.T)
        leverage = n * share * (1 - share) * (spread_of_differences(fitted.covariance) / ELO) ** 2
        met = np.nonzero(np.triu(n))
        return cls(n[met], points[met], share[met], tie[met], leverage[met])

    def deviance(self) -> float:
        won = xlogy(self.points, self.points / (self.n * self.share))
        lost = xlogy(self.n - self.points, (self.n - self.points) / (self.n * (1 - self.share)))
        return float(2 * (won + lost).sum())

    def chi_square(self) -> tuple[float, float, float]:
        """The statistic with its mean and variance; pairs that can only tie say nothing.

        Pearson's, less in each pair the part that goes with its residual: that part follows the fitted ratings.
        """
        variance, skewness, kurtosis = self._moments()
        varies = variance > NO_VARIANCE
        residual = (self.points - self.n * self.share) / np.sqrt(self.n * variance)
        apart = residual**2 - skewness / np.sqrt(self.n) * residual
        spread = 2 + (kurtosis - 3 - skewness**2) / self.n
        mean = (1 - self.leverage * spread / 2)[varies].sum()
        return float(apart[varies].sum()), float(mean), float(((1 - self.leverage) * spread)[varies].sum())

    def _moments(self) -> tuple[Floats, Floats, Floats]:
        """(variance, skewness, kurtosis) of the first's points in one verdict: 1, 1/2 or 0."""
        other = 1 - self.share
        win, loss = self.share - self.tie / 2, other - self.tie / 2
        second, third, fourth = (
            win * other**power + self.tie * (0.5 - self.share) ** power + loss * (-self.share) ** power
            for power in (2, 3, 4)
        )
        variance = np.maximum(second, NO_VARIANCE)
        return variance, third / variance**1.5, fourth / variance**2


def _parameters(fitted: BradleyTerryFit) -> int:
    """One a contender, less one a group: only differences count."""
    met = fitted.component[fitted.component >= 0]
    return len(met) - int(met.max(initial=-1) + 1)
