"""Bradley-Terry from counts by order: strengths, and what being shown first is worth to a rater."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.contact import PSEUDO_MATCH, Contact, contact, pseudo_points
from judgeboard.arena.rating.likelihood import Inverse, maximum, settled
from judgeboard.arena.rating.rounds import has_negative_round
from judgeboard.arena.rating.scale import ELO


class BadOrders(ValueError):
    """Counts by order that no set of verdicts can have."""


@dataclass(frozen=True, eq=False)
class ShownFirstFit:
    """Strengths of M contenders and the effect of being shown first, in natural units.

    strength:         float64[M], each connected group has mean 0; NaN without verdicts
    position:         how far the first shown of two equals is ahead; NaN without verdicts
    covariance:       float64[M + 1, M + 1], of the strengths, with the position last; NaN between contenders that
                      cannot be compared. It is the model's own, as counts do not say what moves together
    component:        int32[M], different for groups that never met, even through others; -1 without verdicts
    bounded:          bool[M], False where a strength is finite only through half a pseudo-match, the position given
    position_bounded: False where the position is: a rater that always picks the first, orders that were never changed
    """

    strength: Floats
    position: float
    covariance: Floats
    component: Integers
    bounded: Flags
    position_bounded: bool

    @property
    def position_elo(self) -> float:
        """The position in Elo points."""
        return self.position * ELO


def fit_orders(first_won: Floats, n_first: Floats) -> ShownFirstFit:
    """Maximum likelihood where i, shown first, beats j with the probability 1 / (1 + exp(s_j - s_i - position)).

    first_won: float64[M, M], points the row took when shown before the column, a tie being half a point; n_first:
    float64[M, M], verdicts in that order. The model of Davidson & Beaver (1977), Biometrics 33, 693-702, without
    their parameter for ties. Raises BadOrders, FitFailed.
    """
    won, n = _checked(first_won, n_first)
    points = won + (n - won).T
    found = contact(points)
    bounded = position_is_bounded(won, n)
    pseudo = pseudo_points(points, found)
    held = _Held(won + pseudo / 2, n + pseudo, 0.0 if bounded else PSEUDO_MATCH)
    strength, position = _maximum(held, found)
    met = found.component >= 0
    return ShownFirstFit(
        strength=np.where(met, strength, np.nan),
        position=position if met.any() else np.nan,
        covariance=_covariance(held.curve(strength, position, found), found),
        component=found.component,
        bounded=found.bounded,
        position_bounded=bounded,
    )


def position_is_bounded(first_won: Floats, n_first: Floats) -> bool:
    """Whether the counts alone keep the position finite, as far as they keep the strengths so.

    They do where some round of wins (a beat b, b beat c, c beat a) was won more often by the first shown than by the
    second, and some round more often by the second: then no strengths let one side always win, which is what separation
    (Albert & Anderson 1984, Biometrika 71, 1-10) comes to here.
    """
    won_first, won_second = first_won > 0, (n_first - first_won).T > 0
    second_if_it_can = np.where(won_second, -1.0, np.where(won_first, 1.0, 0.0))
    first_if_it_can = np.where(won_first, -1.0, np.where(won_second, 1.0, 0.0))
    return has_negative_round(second_if_it_can) and has_negative_round(first_if_it_can)


@dataclass(frozen=True, eq=False)
class _Curve:
    """The slope and the information at one point: of each pair of strengths, between strengths and position, and of
    the position once the strengths are allowed for."""

    slope: Floats
    position_slope: float
    inverse: Inverse
    cross: Floats
    position_information: float


@dataclass(frozen=True, eq=False)
class _Held:
    """Counts by order with their pseudo-matches; position_weight is that of one between equals, drawn."""

    won: Floats
    n: Floats
    position_weight: float

    def curve(self, strength: Floats, position: float, found: Contact) -> _Curve:
        probability = expit(strength[:, None] - strength + position)
        residual = self.won - self.n * probability
        by_order = self.n * probability * (1 - probability)
        inverse = Inverse.of(by_order + by_order.T, found.together)
        between = _net(by_order)
        cross = inverse.times(between)
        even = float(expit(position))
        alone = by_order.sum() + self.position_weight * even * (1 - even)
        return _Curve(
            slope=_net(residual),
            position_slope=float(residual.sum() + self.position_weight * (0.5 - even)),
            inverse=inverse,
            cross=cross,
            position_information=float(alone - between @ cross),
        )


def _maximum(held: _Held, found: Contact) -> tuple[Floats, float]:

    def step(at: Floats) -> tuple[Floats, float]:
        strengths, position = _newton_step(held.curve(at[:-1], float(at[-1]), found))
        return np.append(strengths, position), float(np.ptp(strengths)) + abs(position) if len(strengths) else 0.0

    start = maximum(held.won + (held.n - held.won).T, found.together)
    at = settled(np.append(start, 0.0), step, "The fit by order")
    return at[:-1], float(at[-1])


def _newton_step(curve: _Curve) -> tuple[Floats, float]:
    """By elimination of the strengths."""
    position_step = (curve.position_slope - curve.slope @ curve.cross) / curve.position_information
    return curve.inverse.times(curve.slope) - curve.cross * position_step, float(position_step)


def _covariance(curve: _Curve, found: Contact) -> Floats:
    """float64[M + 1, M + 1]: the inverse of the bordered information matrix."""
    border = np.append(-curve.cross, 1.0)
    covariance = np.pad(curve.inverse.matrix, (0, 1))
    covariance += np.outer(border, border) / curve.position_information
    met = np.append(found.component >= 0, (found.component >= 0).any())
    comparable = np.pad(found.together, (0, 1), constant_values=True) & met & met[:, None]
    return np.where(comparable, covariance, np.nan)


def _net(by_order: Floats) -> Floats:
    """float64[M]: what each has as the first shown, less what it has as the second."""
    net: Floats = by_order.sum(axis=1) - by_order.sum(axis=0)
    return net


def _checked(first_won: Floats, n_first: Floats) -> tuple[Floats, Floats]:
    won, n = np.asarray(first_won, dtype=np.float64), np.asarray(n_first, dtype=np.float64)
    if won.shape != n.shape or won.ndim != 2 or won.shape[0] != won.shape[1]:
        raise BadOrders(f"The tables have the shapes {won.shape} and {n.shape}; expected the same square for both.")
    if not ((won >= 0) & (won <= n) & (n < np.inf)).all():
        raise BadOrders("A count is negative or not a number, or a contender took more points than it had verdicts.")
    if np.diag(n).any():
        raise BadOrders("A contender is counted against itself.")
    return won, n
