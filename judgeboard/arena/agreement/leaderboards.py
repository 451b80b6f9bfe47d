"""Two leaderboards of the same contenders: the same order, and with how much confidence."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from judgeboard.arena.agreement.rank_correlation import RankCorrelation, comparable, compare
from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.ranks import surely_better


class BoardsDiffer(ValueError):
    """Two leaderboards that cannot be of the same contenders."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """The scores of M contenders and how sure their order is.

    score:      float64[M], NaN without matches
    covariance: float64[M, M], NaN between contenders that cannot be compared
    surely:     bool[M, M], the row is better than the column with confidence
    """

    score: Floats
    covariance: Floats
    surely: Flags
    level: float

    @classmethod
    def of_ratings(cls, rating: Floats, covariance: Floats, level: float = 0.95) -> Self:
        """Two contenders are separated where the interval of their difference leaves out zero."""
        return cls(rating, covariance, surely_better(rating, covariance, level), level)

    @classmethod
    def of_intervals(cls, score: Floats, lower: Floats, upper: Floats, level: float = 0.95) -> Self:
        """Two contenders are separated where their intervals do not touch; all that a printed leaderboard can say.

        score, lower, upper: float64[M]. A contender without an interval is compared with no one.
        """
        spread = (upper - lower) / (2 * ndtri((1 + level) / 2))
        independent = 0 * np.outer(spread, spread)  # NaN for whoever has no interval
        return cls(score, np.diag(spread**2) + independent, lower[:, None] > upper, level)

    def among(self, chosen: Integers) -> Self:
        """The chosen contenders alone, in the given order."""
        within = np.ix_(chosen, chosen)
        return type(self)(self.score[chosen], self.covariance[within], self.surely[within], self.level)

    @property
    def order(self) -> Floats:
        """float64[M, M]: 1 where the row has the higher score, -1 the lower, 0 the same."""
        order: Floats = np.sign(self.score[:, None] - self.score)
        return order

    @property
    def confident_order(self) -> Integers:
        """int8[M, M]: 1 where the row is surely better, -1 surely worse, 0 where the two are not separated."""
        return self.surely.astype(np.int8) - self.surely.T

    @property
    def ahead(self) -> Floats:
        """float64[M, M]: the probability that the row is better than the column, scores being normal."""
        variance = np.diag(self.covariance)
        spread = np.sqrt(np.maximum(variance[:, None] + variance - 2 * self.covariance, 0.0))
        lead = self.score[:, None] - self.score
        sure = np.where(lead == 0, 0.0, np.copysign(np.inf, lead))
        ahead: Floats = ndtr(np.divide(lead, spread, out=sure, where=spread > 0))
        return ahead


@dataclass(frozen=True)
class OrderAgreement:
    """How far a board keeps the order of a reference, the board of the humans; None where nothing can be compared.

    correlation:         Spearman and Kendall with intervals, over n contenders
    mean_rank_shift:     places that a contender moves, on average
    pairs:               n (n - 1) / 2
    concordance:         share of the pairs put in the same strict order
    separability:        share of the pairs that the board separates with confidence
    separable:           number of pairs that the reference separates with confidence
    confident_agreement: over these, the mean of 1 (separated in the same order), -1 (in the opposite), 0 (not)
    brier:               mean squared error of the board's probability that one is better than the other, over the
                         pairs that the reference puts in an order: 0 is perfect, a coin has 1/4
    """

    correlation: RankCorrelation
    pairs: int
    separable: int
    mean_rank_shift: float | None = None
    concordance: float | None = None
    separability: float | None = None
    confident_agreement: float | None = None
    brier: float | None = None


def order_agreement(board: Ranking, reference: Ranking, *, seed: int, draws: int = 2000) -> OrderAgreement:
    """The order of a board beside that of a reference with the same M contenders.

    Separability, agreement with confidence and the Brier score of pairs: Li et al. (2024), From Crowdsourced Data to
    High-Quality Benchmarks, arXiv 2406.11939; they count pairs that the reference does not separate as 0, here these
    are left out. Only contenders that can be compared on both boards count. Raises BoardsDiffer.
    """
    if len(board.score) != len(reference.score):
        sizes = f"{len(board.score)} and {len(reference.score)}"
        raise BoardsDiffer(f"The boards have {sizes} contenders; expected the same ones in the same order.")
    sides = board.score, board.covariance, reference.score, reference.covariance
    correlation = compare(*sides, level=board.level, seed=seed, draws=draws)
    chosen = comparable(*sides)
    pair = np.triu_indices(len(chosen), 1)
    board, reference = board.among(chosen), reference.among(chosen)
    order, confident = reference.order[pair], reference.confident_order[pair]
    ours = board.confident_order[pair]
    if not len(order):
        return OrderAgreement(correlation, 0, 0)
    return OrderAgreement(
        correlation,
        pairs=len(order),
        separable=int(np.count_nonzero(confident)),
        mean_rank_shift=float(np.abs(rankdata(board.score) - rankdata(reference.score)).mean()),
        concordance=float((board.order[pair] * order > 0).mean()),
        separability=float((ours != 0).mean()),
        confident_agreement=_mean((ours * confident)[confident != 0]),
        brier=_mean((board.ahead[pair] - (order > 0))[order != 0] ** 2),
    )


def _mean(values: Floats | Integers) -> float | None:
    return float(values.mean()) if len(values) else None
