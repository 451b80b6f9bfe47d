"""The point fit of Davidson's model, in natural units, and how its parameters spread."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.rating.contact import PSEUDO_MATCH, Contact, contact, pseudo_points
from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.meat import bordered_products, cluster_slopes, clusters_by_group, row_residual
from judgeboard.arena.rating.sandwich import Meat, Spread, clustered_spread
from judgeboard.arena.rating.tie_likelihood import TieBoard, TieCurve
from judgeboard.arena.rating.ties import Ties
from judgeboard.arena.tallies import Tallies, cells
from judgeboard.arena.verdicts import Verdicts

IS_TIE = np.array([0.0, 0.0, 1.0, 1.0])


@dataclass(frozen=True, eq=False)
class TiePoint:
    """at: float64[M + 1], strengths and the logarithm of nu; contact: nothing is bounded where nu is not."""

    board: TieBoard
    contact: Contact
    at: Floats
    curve: TieCurve

    @classmethod
    def of(cls, tallies: Tallies, ties: Ties) -> Self:
        """Of tallies with ties."""
        points = tallies.points()
        found, decided = contact(points), 0.0
        held = points + pseudo_points(points, found)
        if ties == "unlimited":
            found, decided = replace(found, bounded=np.zeros_like(found.bounded)), PSEUDO_MATCH
        tied = (tallies.ties + tallies.both_bad).astype(np.float64)
        board = TieBoard(held, tied, found.together, decided)
        at = board.maximum(maximum(held, found.together))
        return cls(board, found, at, board.curve(at))

    @cached_property
    def inverse(self) -> Floats:
        """float64[M + 1, M + 1]: the covariance that the model itself expects."""
        return self.curve.information().inverse

    def limits(self, contrast: Floats, effect: Floats, level: float) -> tuple[Floats, Floats]:
        """(lower, upper): float64[k], profile limits of float64[k, M] contrasts of the strengths."""
        return self.board.profile_limits(self.at, self.inverse, np.pad(contrast, ((0, 0), (0, 1))), effect, level)

    def limits_of_nu(self, effect: float, level: float) -> tuple[float, float]:
        alone = np.eye(1, len(self.at), len(self.at) - 1)
        lower, upper = self.board.profile_limits(self.at, self.inverse, alone, np.array([effect]), level)
        return float(np.exp(lower[0])), np.inf if self.board.decided else float(np.exp(upper[0]))


@dataclass(frozen=True, eq=False)
class TieSpread:
    """strengths: their covariance and design effects; nu_effect: the design effect of the logarithm of nu."""

    strengths: Spread
    nu_effect: float
    n_clusters: int


def tie_spread(point: TiePoint, verdicts: Verdicts, interval: Interval) -> TieSpread:
    """The sandwich; for "fisher", and where a pseudo-match holds nu, what the model expects. Raises MatchesDiffer."""
    model = Spread(point.inverse, np.ones(len(point.at) - 1))
    if interval == "fisher":
        return _parted(model, point, 0)
    if interval == "match":
        verdicts.aligned()  # raises MatchesDiffer
    meat = _meat(point, verdicts, verdicts.prompt if interval == "prompt" else verdicts.match)
    if point.board.decided:
        return _parted(model, point, meat.n)

    def information(weight: Floats) -> Floats:
        return point.curve.information(weight).matrix

    return _parted(clustered_spread(meat, point.inverse, point.contact, information), point, meat.n)


def _parted(whole: Spread, point: TiePoint, n_clusters: int) -> TieSpread:
    strengths = Spread(whole.covariance[:-1, :-1], whole.effect)
    return TieSpread(strengths, max(1.0, float(whole.covariance[-1, -1] / point.inverse[-1, -1])), n_clusters)


def _meat(point: TiePoint, verdicts: Verdicts, cluster: Integers) -> Meat:
    """Total: float64[M + 1, M + 1]; cluster: int[n]."""
    number, clusters = numbered(cluster)
    slopes = cluster_slopes(verdicts, row_residual(verdicts, point.curve.share, None), number, clusters)
    tied = (IS_TIE[:, None, None] - point.curve.tie).ravel().take(cells(verdicts))
    beside = np.bincount(number, tied, minlength=clusters).astype(np.float64)[:, None]
    by_group = clusters_by_group(verdicts.a, number, clusters, point.contact.component)
    return Meat(bordered_products(slopes, beside), np.append(by_group, clusters), clusters)
