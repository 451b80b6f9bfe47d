"""Bradley-Terry ratings on the Elo scale: the headline figures of every leaderboard."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from judgeboard.arena.arrays import Flags, Floats, Integers
from judgeboard.arena.prompt_tallies import PromptTallies
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.few_matches import Meetings, few_matches
from judgeboard.arena.rating.intervals import rated
from judgeboard.arena.rating.likelihood import laplacian
from judgeboard.arena.rating.meat import meat_by_match, meat_by_prompt, row_residual
from judgeboard.arena.rating.point_fit import PointFit, point_fit
from judgeboard.arena.rating.profile import profile_limits
from judgeboard.arena.rating.sandwich import Meat, Spread, clustered_spread, model_spread
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.rating.weights import pair_weights, row_weights, weighted_points
from judgeboard.arena.tallies import BothBad, Tallies, cells
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts, meetings

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
    profiled:             bool[M], True where too few matches for a sandwich: the interval is a profile likelihood's
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
    profiled: Flags


def fit(
    verdicts: Verdicts,
    *,
    both_bad: BothBad = "tie",
    interval: Interval = "prompt",
    level: float = 0.95,
    scale: EloScale | None = None,
    weight: Floats | None = None,
) -> BradleyTerryFit:
    """Maximum-likelihood ratings (Bradley & Terry 1952) where P(i beats j) = 1 / (1 + 10^((r_j - r_i) / 400)).

    A tie is half a win for each; `both_bad` counts as a tie or not at all. weight: float64[n], how much each verdict
    says; counts stay counts. Intervals are a sandwich clustered by prompt or by match, or the model's own ("fisher");
    with a sandwich, contenders of fewer than 40 matches, or that one side took every point from, get a profile
    likelihood. Each group of contenders that met is centred by itself. Raises BadWeights.
    """
    if both_bad == "dropped":
        kept = verdicts.outcome != BOTH_BAD
        verdicts, weight = verdicts.where(kept), None if weight is None else weight[kept]
    tallies = Tallies.of(verdicts)
    weight = None if weight is None else row_weights(weight, len(verdicts))
    points = tallies.points() if weight is None else weighted_points(cells(verdicts), weight, len(tallies.names))
    board = point_fit(points)
    meat = None
    if interval != "fisher":
        summed = meat_by_prompt if interval == "prompt" else meat_by_match
        meat = summed(verdicts, row_residual(verdicts, board.probability, weight), board.contact.component)
    return finished(
        tallies,
        board,
        meat,
        None if meat is None else partial(meetings, verdicts),
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
    )


def fit_tallies(
    tallies: Tallies,
    *,
    both_bad: BothBad = "tie",
    level: float = 0.95,
    scale: EloScale | None = None,
    weight: Floats | None = None,
) -> BradleyTerryFit:
    """The same ratings from counts alone. Counts do not say what moves together, so the intervals are Fisher's.

    weight: float64[M, M], symmetric, how much each verdict on the pair says. Raises BadWeights.
    """
    points = tallies.points(both_bad)
    board = point_fit(points if weight is None else points * pair_weights(weight, points))
    return finished(tallies, board, None, None, both_bad=both_bad, interval="fisher", level=level, scale=scale)


def fit_prompt_tallies(kept: PromptTallies, *, level: float = 0.95, scale: EloScale | None = None) -> BradleyTerryFit:
    """What `fit` gives with intervals by prompt, from counts by prompt, at a cost that does not grow with them."""
    board = point_fit(kept.total.points(kept.both_bad))
    component = board.contact.component
    scores = kept.residual(board.probability)
    meat = Meat(scores.T @ scores, kept.prompts_by_group(component), len(scores))
    return finished(
        kept.total, board, meat, kept.meetings, both_bad=kept.both_bad, interval="prompt", level=level, scale=scale
    )


def finished(
    tallies: Tallies,
    board: PointFit,
    meat: Meat | None,
    meetings: Meetings | None,
    *,
    both_bad: BothBad,
    interval: Interval,
    level: float,
    scale: EloScale | None,
) -> BradleyTerryFit:
    """The ratings of a point fit with their intervals.

    meat: what the clusters pull, None for the model's own interval; meetings: see `few_matches`.
    """
    found, n_verdicts, scale = board.contact, tallies.verdicts(both_bad), scale or EloScale()
    pinned = anchoring(tallies.names, found.component, scale)
    few = few_matches(n_verdicts, found, pinned, meetings)
    limits = partial(profile_limits, board.held, board.strength, board.inverse, level=level)
    return BradleyTerryFit(
        names=tallies.names,
        **vars(rated(board.strength, _spread(board, meat), found, pinned, few, limits, level)),
        n_verdicts=n_verdicts,
        component=found.component,
        bounded=found.bounded,
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
        n_clusters=0 if meat is None else meat.n,
    )


def _spread(board: PointFit, meat: Meat | None) -> Spread:
    if meat is None:
        return model_spread(board.inverse)

    def information(weight: Floats) -> Floats:
        return laplacian(weight * board.information)

    return clustered_spread(meat, board.inverse.matrix, board.contact, information)
