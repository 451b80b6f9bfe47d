"""Drawn boards on which length and order sway the judge, with the truth that endless verdicts would give."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from judgeboard.arena.rating.point_fit import point_fit
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.style.board import CovariateBoard
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.rows import Rows
from judgeboard.arena.verdicts import COLUMNS, TIE, Verdicts

TALENT = 0.6  # spread of a contender's luck with a prompt
WORDY = 1.0  # spread of the length of a contender's answers, beside the spread between contenders


@dataclass(frozen=True, eq=False)
class StyledBoard:
    rating: np.ndarray
    coefficient: np.ndarray
    plain: np.ndarray  # ratings with length counted in
    verdicts: Verdicts
    covariates: Covariates


def verdicts_between(names: int, a, b, outcome, *, prompt=None, rater=None, first=None, match=None) -> Verdicts:
    """Verdicts from columns of any integers; without prompt or match each row has its own."""
    n = len(a)
    each, same, unknown = np.arange(n), np.zeros(n, int), np.full(n, -1)
    columns = [
        a,
        b,
        outcome,
        *(
            (given if given is not None else default)
            for given, default in ((prompt, each), (rater, same), (first, unknown), (match, each))
        ),
    ]
    return Verdicts(
        tuple(f"model-{number}" for number in range(names)),
        *(np.asarray(column).astype(kind) for column, kind in zip(columns, COLUMNS.values(), strict=True)),
    )


def styled_board(
    rng: np.random.Generator,
    *,
    contenders: int = 12,
    prompts: int = 100,
    matches: int = 3000,
    coefficient: tuple[float, float] = (0.4, 0.25),
) -> StyledBoard:
    """Every match judged in both orders. Good contenders write more, so that length and strength are entangled."""
    skill = rng.normal(0, 0.6, contenders)
    verbosity = 0.5 * skill + rng.normal(0, 0.3, contenders)
    talent = rng.normal(0, TALENT, (prompts, contenders))
    length = verbosity + rng.normal(0, WORDY, (prompts, contenders))
    a = rng.integers(contenders, size=matches)
    b = (a + rng.integers(1, contenders, size=matches)) % contenders
    prompt = rng.integers(prompts, size=matches)
    a, b, prompt, match = (np.tile(column, 2) for column in (a, b, prompt, np.arange(matches)))
    first = np.repeat([0, 1], matches)
    columns = {"length": length[prompt, a] - length[prompt, b], "order": 1.0 - 2 * first}
    lead = skill[a] - skill[b] + talent[prompt, a] - talent[prompt, b]
    lead += coefficient[0] * columns["length"] + coefficient[1] * columns["order"]
    verdicts = verdicts_between(
        contenders, a, b, rng.random(len(a)) > expit(lead), prompt=prompt, first=first, match=match
    )
    return StyledBoard(*_truth(skill, verbosity, coefficient), verdicts, Covariates.of(columns))


def _truth(
    skill: np.ndarray, verbosity: np.ndarray, coefficient: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The fit to the expected points of every pair: Gauss-Hermite over the differences of length and of talent."""
    node, weight = np.polynomial.hermite_e.hermegauss(31)
    weight = weight / weight.sum()
    size, spread = len(skill), np.sqrt(2)
    a, b = np.nonzero(~np.eye(size, dtype=bool))
    a, b, longer, order = (
        grid.ravel() for grid in np.broadcast_arrays(a[:, None, None], b[:, None, None], node[:, None], [1.0, -1.0])
    )
    length = verbosity[a] - verbosity[b] + WORDY * spread * longer
    lead = skill[a] - skill[b] + coefficient[0] * length + coefficient[1] * order
    points = expit(lead[:, None] + TALENT * spread * node) @ weight
    pairs = verdicts_between(size, a, b, np.full(len(a), TIE))
    weights = np.tile(np.repeat(weight, 2), size * (size - 1)) * len(node)
    rows = Rows.of(pairs, Covariates.of({"length": length, "order": order}), np.arange(2), weights)
    board = CovariateBoard.of([replace(rows, points=points)], ("length", "order"))
    plain = point_fit(np.bincount(rows.cell, weights * points, minlength=size**2).reshape(size, size))
    return 1000 + ELO * board.found.at[:size], board.found.at[size:], 1000 + ELO * plain.strength
