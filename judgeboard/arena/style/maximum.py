"""The maximum of the Bradley-Terry likelihood with covariates, and what has none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, eigh

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.bordered import Bordered
from judgeboard.arena.rating.point_fit import PointFit
from judgeboard.arena.style.covariates import Collinear, NeverVaries, Separated
from judgeboard.arena.style.rows import Curve, Rows, curve

MOST_STEPS = 40  # where there is a maximum, ten are enough
CLOSE_ENOUGH = 1e-4  # natural units; what Newton leaves behind is about the last step squared: 1e-8, 2e-6 Elo points
LEAST_LEFT = 1e-6  # of a covariate's information, once all others and the strengths are allowed for


@dataclass(frozen=True, eq=False)
class Maximum:
    """at: float64[M + k], strengths (mean 0 in each connected group) and coefficients, natural units; curve: there."""

    at: Floats
    curve: Curve


def maximum(rows: Sequence[Rows], board: PointFit, names: Sequence[str]) -> Maximum:
    """logit P(a beats b) = s_a - s_b + x . beta by Newton's method, from the `board` without covariates.

    names: of the k covariates. Where a step is no smaller than the one before, it is taken back and all from there are
    shortened as in `likelihood.settled`, which always arrives; near the maximum whole steps arrive in half as many.
    Raises NeverVaries, Collinear and Separated (Albert & Anderson 1984, Biometrika 71, 1-10).
    """
    pseudo, widest = board.held - board.points, _widest(rows, len(names))
    before = at = np.append(board.strength, np.zeros(len(names)))
    last, whole = np.inf, True
    for taken in range(MOST_STEPS):
        here = curve(rows, at, pseudo, board.contact.together)
        if not taken:
            _check(here.information, names)
        step, reach = _step(here, widest)
        if reach < CLOSE_ENOUGH:
            return Maximum(at + step, here)
        if whole and reach >= last:
            at, whole = before, False
            continue
        if reach == np.inf:
            break
        before, last = at, reach
        at = at + (step if whole else np.log1p(reach) / reach * step)
    drift = np.abs(at[len(pseudo) :]) * widest
    raise Separated(
        f"The covariate {names[int(np.argmax(drift))]!r} tells the winners so well that its coefficient has no "
        "finite value; expected verdicts that speak against it too."
    )


def _step(here: Curve, widest: Floats) -> tuple[Floats, float]:
    """(float64[M + k], reach): Newton's step and the most by which it moves any verdict; inf where there is none."""
    try:
        step = here.information.solve(here.slope)
    except LinAlgError:
        return np.zeros_like(here.slope), np.inf
    strengths = step[: len(step) - len(widest)]
    reach = (np.ptp(strengths) if len(strengths) else 0.0) + np.abs(step[len(strengths) :]) @ widest
    return step, float(reach)


def _widest(rows: Sequence[Rows], k: int) -> Floats:
    """float64[k]: the largest absolute value of each covariate."""
    widest = np.zeros(k)
    for part in rows:
        largest = np.maximum(part.x.max(axis=1, initial=0.0), -part.x.min(axis=1, initial=0.0))
        widest[part.columns] = np.maximum(widest[part.columns], largest)
    return widest


def _check(information: Bordered, names: Sequence[str]) -> None:
    size = np.sqrt(np.diag(information.own))
    if (empty := size == 0).any():
        name = names[int(np.argmax(empty))]
        raise NeverVaries(f"The covariate {name!r} is 0 in every row; expected one that varies.")
    if not len(size):
        return
    left, direction = eigh(information.net / np.outer(size, size))
    if left[0] < LEAST_LEFT:
        part = np.abs(direction[:, 0])
        told = " and ".join(repr(name) for name, share in zip(names, part, strict=True) if share > 0.1 * part.max())
        raise Collinear(f"{told} cannot be told apart from each other, or from the strengths of those who met.")
