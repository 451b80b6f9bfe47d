"""When there are verdicts enough: what was asked for, how far away it is, and what it may still cost."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats, Integers

FARTHEST = 1e9  # times the calls so far

Reason = Literal["half_width", "order", "budget"]


class BadLimits(ValueError):
    """Limits that no board can reach, or a board that they cannot be held against."""


@dataclass(frozen=True)
class Limits:
    """When to stop: as soon as one of those that are set is reached.

    half_width: Elo points; no interval may be wider to either side
    order:      every two neighbours in the order are told apart, or are as good as equal
    equal:      Elo points; neighbours whose difference surely is no larger are one tier, not to be told apart
    calls:      the budget

    Raises BadLimits.
    """

    half_width: float | None = None
    order: bool = False
    equal: float = 0.0
    calls: int | None = None

    def __post_init__(self) -> None:
        if self.half_width is None and not self.order and self.calls is None:
            raise BadLimits("There is no limit; expected a half-width, the order or a budget of calls.")
        if self.half_width is not None and not self.half_width > 0:
            raise BadLimits(f"Expected a half-width of more than 0 Elo points, found {self.half_width}.")
        if not self.equal >= 0:
            raise BadLimits(f"Expected 0 Elo points or more for what is as good as equal, found {self.equal}.")
        if self.calls is not None and self.calls < 0:
            raise BadLimits(f"Expected a budget of 0 calls or more, found {self.calls}.")


@dataclass(frozen=True)
class Distance:
    """How far a limit is away.

    away:         Elo points of half-width, neighbours not resolved, or calls; 0 when reached
    calls_needed: an estimate, if further calls are spread like those before; None where there is nothing to go by
    """

    away: float
    calls_needed: int | None

    @property
    def reached(self) -> bool:
        return self.away <= 0


@dataclass(frozen=True, eq=False)
class Outlook:
    """reason: the first limit that is reached, None while none is; of limits that were not set the distance is None.

    unresolved:   int64[u, 2], neighbours (better, worse) that are neither told apart nor as good as equal
    calls_needed: the fewest after which a limit is reached
    """

    reason: Reason | None
    half_width: Distance | None
    order: Distance | None
    budget: Distance | None
    unresolved: Integers
    calls_needed: int | None
    limits: Limits
    level: float


def outlook(
    rating: Floats,
    covariance: Floats,
    calls: int,
    limits: Limits,
    *,
    level: float = 0.95,
    about: Flags | None = None,
) -> Outlook:
    """Whether to stop after `calls` calls, which gave float64[M] ratings (Elo points) and float64[M, M] covariance.

    An unrated contender (NaN), or two whose covariance is NaN, keep a limit out of reach. Errors are taken to shrink
    with the root of the calls. Who looks often enough sees the order reached by chance: for L looks ask for the level
    1 - 0.05 / L (Bonferroni). A half-width does not depend on who leads, so that it may be looked at as often as one
    likes (Chow & Robbins 1965, Ann. Math. Statist. 36, 457-462).

    about: bool[M], those whose intervals, and whose gaps to their neighbours, are asked about; None: all. Raises
    BadLimits.
    """
    if calls < 0 or covariance.shape != (len(rating), len(rating)) or len(rating) < 2:
        found = f"{len(rating)} ratings, a covariance of the shape {covariance.shape} and {calls} calls"
        raise BadLimits(f"Expected at least two ratings, their covariance and a number of calls; found {found}.")
    z = float(ndtri((1 + level) / 2))
    about = np.ones(len(rating), dtype=bool) if about is None else about
    half_width = _half_width(rating, covariance, calls, level, limits, about)
    unresolved, order = _order(rating, covariance, calls, z, limits, about)
    budget = _budget(calls, limits)
    asked: list[tuple[Reason, Distance | None]] = [("half_width", half_width), ("order", order), ("budget", budget)]
    return Outlook(
        reason=next((reason for reason, distance in asked if distance and distance.reached), None),
        half_width=half_width,
        order=order,
        budget=budget,
        unresolved=unresolved,
        calls_needed=min((d.calls_needed for _, d in asked if d and d.calls_needed is not None), default=None),
        limits=limits,
        level=level,
    )


def _budget(calls: int, limits: Limits) -> Distance | None:
    if limits.calls is None:
        return None
    left = max(limits.calls - calls, 0)
    return Distance(left, left)


def widest_half_width(rating: Floats, covariance: Floats, about: Flags, level: float = 0.95) -> float:
    """Elo points, of the contenders in bool[M] `about`; inf where one of them is unrated (NaN)."""
    half = float(ndtri((1 + level) / 2)) * np.sqrt(np.diag(covariance))
    return float(np.where(np.isfinite(rating) & np.isfinite(half), half, np.inf)[about].max(initial=0.0))


def _half_width(
    rating: Floats, covariance: Floats, calls: int, level: float, limits: Limits, about: Flags
) -> Distance | None:
    if limits.half_width is None:
        return None
    widest = widest_half_width(rating, covariance, about, level)
    return Distance(max(widest - limits.half_width, 0.0), _more(calls, (widest / limits.half_width) ** 2))


def _order(
    rating: Floats, covariance: Floats, calls: int, z: float, limits: Limits, about: Flags
) -> tuple[Integers, Distance | None]:
    """Neighbours that are not resolved, and how far that is from none."""
    best_first = np.argsort(-rating, kind="stable")
    better, worse = best_first[:-1], best_first[1:]
    gap = rating[better] - rating[worse]
    variance = covariance[better, better] + covariance[worse, worse] - 2 * covariance[better, worse]
    half = z * np.sqrt(np.maximum(variance, 0.0))
    open_ = ~((gap > half) | (gap + half <= limits.equal)) & (about[better] | about[worse])
    unresolved = np.column_stack([better, worse])[open_]
    if not limits.order:
        return unresolved, None
    decisive = np.maximum(gap, limits.equal - gap)[open_]  # whichever is nearer: told apart, or as good as equal
    with np.errstate(divide="ignore"):
        factor = np.max((half[open_] / decisive) ** 2, initial=1.0)
    return unresolved, Distance(len(unresolved), _more(calls, float(factor)))


def _more(calls: int, factor: float) -> int | None:
    """Calls beyond those made for the variance to shrink by a factor; None where nobody would make so many."""
    if not calls or not factor < FARTHEST:
        return 0 if factor <= 1 else None
    return max(int(np.ceil(calls * (factor - 1))), 0)
