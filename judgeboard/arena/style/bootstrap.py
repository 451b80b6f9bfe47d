"""Replicates of a fit with covariates: where ratings and coefficients might have been with other prompts or matches."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.resampling import bundled
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.meat import scores_by
from judgeboard.arena.tallies import BothBad
from judgeboard.arena.verdicts import Verdicts

Cluster = Literal["prompt", "match"]


@dataclass(frozen=True, eq=False)
class StyleReplicates:
    """B replicates of M ratings and k coefficients, with the parameters that made them.

    rating: float64[B, M], Elo points, NaN without matches; coefficient: float64[B, k], natural units
    bundles: the number of independent parts that were drawn again
    """

    names: tuple[str, ...]
    covariates: tuple[str, ...]
    rating: Floats
    coefficient: Floats
    cluster: Cluster
    bundles: int
    seed: int
    both_bad: BothBad
    scale: EloScale


def style_replicates(
    verdicts: Verdicts,
    covariates: Covariates,
    *,
    number: int = 1000,
    seed: int = 0,
    cluster: Cluster = "prompt",
    both_bad: BothBad = "tie",
    scale: EloScale | None = None,
) -> StyleReplicates:
    """The score bootstrap (Kline & Santos 2012, J. Econometric Methods 1, 23-41) of `style.fit_style`.

    Clusters are drawn again with replacement, and each replicate is one Newton step from the point fit: theta + H^-1
    times the drawn scores, so that no replicate is fitted anew or fails. More than 2,000 clusters are dealt at random
    into 2,000 bundles, drawn as wholes: independent clusters make independent bundles whose variances add up to the
    same, known to 1 / sqrt(2 * 2000) = 1.6 % of a standard error. Raises as `fit_style` does.
    """
    board = CovariateBoard.alone(verdicts, covariates, both_bad, None)
    rng, scale, size = np.random.default_rng(seed), scale or EloScale(), len(board.names)
    bundle, bundles = bundled(getattr(board.verdicts, cluster), rng)
    influence = scores_by(board, bundle, bundles) @ board.found.curve.information.inverse
    replicate = board.found.at + (_drawn(number, bundles, rng) - 1.0) @ influence
    component = board.plain.contact.component
    rating = anchoring(board.names, component, scale).rating(replicate[:, :size])
    return StyleReplicates(
        names=board.names,
        covariates=board.covariates,
        rating=np.where(component >= 0, rating, np.nan),
        coefficient=replicate[:, size:],
        cluster=cluster,
        bundles=bundles,
        seed=seed,
        both_bad=both_bad,
        scale=scale,
    )


def _drawn(number: int, bundles: int, rng: np.random.Generator) -> Integers:
    """int64[B, G]: how often each is drawn when as many are drawn as there are."""
    if not bundles:
        return np.zeros((number, 0), dtype=np.int64)
    return rng.multinomial(bundles, np.full(bundles, 1 / bundles), size=number)
