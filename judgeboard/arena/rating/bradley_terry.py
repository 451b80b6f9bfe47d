"""Bradley-Terry ratings on the Elo scale: the headline figures of every leaderboard."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.rating.contact import Contact, contact, pseudo_points
from judgeboard.arena.rating.likelihood import information, maximum, win_probability
from judgeboard.arena.rating.sandwich import clustered_covariance, model_covariance
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.tallies import BothBad, Tallies
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts

Interval = Literal["prompt", "match", "fisher"]


@dataclass(frozen=True, eq=False)
class BradleyTerryFit:
    """Ratings of M contenders with the parameters that made them.

    rating, lower, upper: float64[M], Elo points; NaN without matches
    covariance:           float64[M, M], Elo points squared, as anchored; NaN between contenders that cannot be compared
    n_verdicts:           int[M], verdicts that counted
    component:            int[M], different for groups that never met, even through others; -1 without matches
    bounded:              bool[M], False where the rating is finite only through half a pseudo-match
    anchored:             False when the scale names an anchor that has no matches here: then the mean is pinned
    n_clusters:           clusters behind the intervals: prompts or matches; 0 for "fisher"
    """

    names: tuple[str, ...]
    rating: Floats
    lower: Floats
    upper: Floats
    covariance: Floats
    n_verdicts: Integers
    component: Integers
    bounded: Flags
    anchored: bool
    both_bad: BothBad
    interval: Interval
    level: float
    scale: EloScale
    n_clusters: int


def fit(
    verdicts: Verdicts,
    *,
    both_bad: BothBad = "tie",
    interval: Interval = "prompt",
    level: float = 0.95,
    scale: EloScale | None = None,
) -> BradleyTerryFit:
    """Maximum-likelihood ratings (Bradley & Terry 1952) where P(i beats j) = 1 / (1 + 10^((r_j - r_i) / 400)).

    A tie is half a win for each; `both_bad` counts as a tie or not at all. Intervals are a sandwich clustered by
    prompt or by match, or the model's own ("fisher"). Each group of contenders that met is centred by itself.
    """
    if both_bad == "dropped":
        verdicts = verdicts.where(verdicts.outcome != BOTH_BAD)
    board = _rate(Tallies.of(verdicts).points())
    if interval == "fisher":
        return _finished(verdicts.names, board, board.model_covariance(), 0, both_bad, interval, level, scale)
    cluster = verdicts.prompt if interval == "prompt" else verdicts.match
    covariance = clustered_covariance(verdicts, board.residual(verdicts), cluster, board.information, board.contact)
    clusters = len(np.unique(cluster))
    return _finished(verdicts.names, board, covariance, clusters, both_bad, interval, level, scale)


def fit_tallies(
    tallies: Tallies, *, both_bad: BothBad = "tie", level: float = 0.95, scale: EloScale | None = None
) -> BradleyTerryFit:
    """The same ratings from counts alone. Counts do not say what moves together, so the intervals are Fisher's."""
    board = _rate(tallies.points(both_bad))
    return _finished(tallies.names, board, board.model_covariance(), 0, both_bad, "fisher", level, scale)


@dataclass(frozen=True, eq=False)
class _Rated:
    """The point fit in natural units."""

    points: Floats
    strength: Floats
    information: Floats
    contact: Contact

    def residual(self, verdicts: Verdicts) -> Floats:
        """float64[n]: what side a took beyond its expectation."""
        residual: Floats = verdicts.points - win_probability(self.strength)[verdicts.a, verdicts.b]
        return residual

    def model_covariance(self) -> Floats:
        return model_covariance(self.information, self.contact)


def _rate(points: Floats) -> _Rated:
    found = contact(points)
    held = points + pseudo_points(points, found)
    strength = maximum(held, found.together)
    return _Rated(points, strength, information(held, strength), found)


def _finished(
    names: tuple[str, ...],
    board: _Rated,
    covariance: Floats,
    clusters: int,
    both_bad: BothBad,
    interval: Interval,
    level: float,
    scale: EloScale | None,
) -> BradleyTerryFit:
    scale = scale or EloScale()
    component = board.contact.component
    anchor = _anchor_index(names, component, scale)
    rating, covariance = _pinned(board.strength * ELO, covariance * ELO**2, component, anchor, scale)
    rating = np.where(component >= 0, rating, np.nan)
    half_width = ndtri((1 + level) / 2) * np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return BradleyTerryFit(
        names=names,
        rating=rating,
        lower=rating - half_width,
        upper=rating + half_width,
        covariance=np.where(board.contact.together, covariance, np.nan),
        n_verdicts=(board.points + board.points.T).sum(axis=1).round().astype(np.int64),
        component=component,
        bounded=board.contact.bounded,
        anchored=scale.anchor is None or anchor is not None,
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
        n_clusters=clusters,
    )


def _anchor_index(names: tuple[str, ...], component: Integers, scale: EloScale) -> int | None:
    if scale.anchor not in names:
        return None
    index = names.index(scale.anchor)
    return index if component[index] >= 0 else None


def _pinned(
    rating: Floats, covariance: Floats, component: Integers, anchor: int | None, scale: EloScale
) -> tuple[Floats, Floats]:
    """Centred ratings moved to the mean, and those connected to the anchor to its pin, which then has no error."""
    if anchor is None:
        return rating + scale.mean, covariance
    tied = component == component[anchor]
    moved = np.where(tied, rating - rating[anchor] + scale.anchor_rating, rating + scale.mean)
    contrast = np.eye(len(rating))
    contrast[tied, anchor] -= 1.0
    return moved, contrast @ covariance @ contrast.T
