"""One fit of several groups of raters: shared strengths, and each group with an eye of its own for order and style."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.rating.weights import row_weights
from judgeboard.arena.style.board import CovariateBoard, kept
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.fit import Coefficient, StyleFit, finished
from judgeboard.arena.style.rows import Rows
from judgeboard.arena.tallies import BothBad
from judgeboard.arena.verdicts import Verdicts


class BadGroups(ValueError):
    """Groups of raters that cannot be fitted together."""


@dataclass(frozen=True, eq=False)
class RaterGroup:
    """Verdicts of one group, such as one judge or all people, with the covariates that act on it alone.

    covariates: one row a verdict; weight: how much each verdict says beside one of another group, apart from counts
    """

    label: str
    verdicts: Verdicts
    covariates: Covariates
    weight: float = 1.0


@dataclass(frozen=True)
class FittedGroup:
    """What was fitted of one group: coefficients in natural units, n_verdicts that counted, and its weight."""

    label: str
    n_verdicts: int
    weight: float
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True, eq=False)
class JointFit:
    """fit: shared ratings, coefficients named "label: name"; groups: the same coefficients by group, in given order."""

    fit: StyleFit
    groups: tuple[FittedGroup, ...]


def joint_fit(
    groups: Sequence[RaterGroup],
    *,
    both_bad: BothBad = "tie",
    interval: Interval = "prompt",
    level: float = 0.95,
    scale: EloScale | None = None,
) -> JointFit:
    """Maximum likelihood where group g sees a beat b with the odds exp(s_a - s_b + x_g . beta_g).

    Prompts and matches with the same number are the same in all groups and move together. Weights multiply the log
    likelihood; a sandwich, not "fisher", says what they cost. Raises BadGroups, BadWeights, BadCovariates or a kind.
    """
    _check(groups)
    counted = [kept(group.verdicts, group.covariates, both_bad, None)[:2] for group in groups]
    names = tuple(f"{group.label}: {name}" for group in groups for name in group.covariates.names)
    ends = np.cumsum([0] + [len(group.covariates.names) for group in groups])
    weights = _weights(groups, [len(verdicts) for verdicts, _ in counted])
    rows = [
        Rows.of(verdicts, covariates, np.arange(start, stop), weight)
        for (verdicts, covariates), start, stop, weight in zip(counted, ends, ends[1:], weights, strict=False)
    ]
    fit = finished(CovariateBoard.of(rows, names), both_bad=both_bad, interval=interval, level=level, scale=scale)
    fitted = [
        FittedGroup(group.label, len(verdicts), group.weight, fit.coefficients[start:stop])
        for group, (verdicts, _), start, stop in zip(groups, counted, ends, ends[1:], strict=False)
    ]
    return JointFit(fit, tuple(fitted))


def _check(groups: Sequence[RaterGroup]) -> None:
    if not groups:
        raise BadGroups("There is no group of raters; expected at least one.")
    if len({group.label for group in groups}) < len(groups):
        raise BadGroups("Two groups of raters have one label.")
    if any(group.verdicts.names != groups[0].verdicts.names for group in groups):
        raise BadGroups("The groups are about different contenders, or name them in another order.")


def _weights(groups: Sequence[RaterGroup], counts: Sequence[int]) -> list[Floats | None]:
    """float64[n] by group, with mean 1 over all rows; None where all are 1."""
    given = [group.weight for group in groups]
    if len(set(given)) == 1 and given[0] > 0:
        return [None] * len(groups)
    whole = row_weights(np.repeat(given, counts), sum(counts))
    return list(np.split(whole, np.cumsum(counts)[:-1]))
