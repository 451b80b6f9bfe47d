"""Small boards for the tests of the arena."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit

from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.verdicts import Verdicts

TALENT = 0.6  # spread of a contender's luck with a prompt


def board(*games: str, prompts: Sequence[int] | None = None, names: Sequence[str] | None = None) -> Verdicts:
    """Verdicts from words: "x>y" x won, "x=y" a tie, "x!y" both bad. Each game is a match, and a prompt of its own
    unless `prompts` says otherwise."""
    return Verdicts.from_rows(
        [
            (game[0], game[2], {">": "model_a", "=": "tie", "!": "both_bad"}[game[1]], prompt, 0, -1, number)
            for number, (game, prompt) in enumerate(zip(games, prompts or range(len(games)), strict=True))
        ],
        names,
    )


@st.composite
def boards(draw: st.DrawFn, least: int = 1) -> Verdicts:
    """Any board of two to six contenders, with prompts that repeat."""
    size = draw(st.integers(2, 6))
    side, code = st.integers(0, size - 1), st.integers(0, 3)
    pair = st.tuples(side, side).filter(lambda sides: sides[0] != sides[1])
    games = draw(st.lists(st.tuples(pair, code, st.integers(0, 5)), min_size=least, max_size=40))
    a, b = (np.array([sides[k] for sides, _, _ in games], dtype=np.int32) for k in (0, 1))
    return Verdicts(
        names=tuple("abcdef"[:size]),
        a=a,
        b=b,
        outcome=np.array([code for _, code, _ in games], dtype=np.int8),
        prompt=np.array([prompt for _, _, prompt in games], dtype=np.int32),
        rater=np.zeros(len(games), dtype=np.int32),
        first=np.full(len(games), -1, dtype=np.int8),
        match=np.arange(len(games), dtype=np.int32),
    )


def drawn_board(
    rng: np.random.Generator, *, contenders: int = 12, prompts: int = 100, matches: int = 3000
) -> tuple[np.ndarray, Verdicts]:
    """(true ratings, verdicts): every match judged in both orders; a contender is good at some prompts, bad at others.

    Prompts are drawn anew for each board, so what they have in common is part of the error. The truth is the rating
    that endless verdicts would give, found from the mean win probabilities over prompts.
    """
    skill, talent, sides = _drawn_sides(rng, contenders, prompts, matches)
    names = tuple(f"model-{number}" for number in range(contenders))
    return true_ratings(skill), _judged_in_both_orders(rng, names, skill, talent, *sides)


def drawn_newcomer_board(
    rng: np.random.Generator, *, matches: int, ahead: float = 400.0
) -> tuple[np.ndarray, Verdicts]:
    """(true ratings, verdicts): a `drawn_board` and a newcomer, named last, of few matches against any on any prompt.

    ahead: Elo points from the mean true rating of the others to the newcomer's; its skill lies further ahead, as
    talent that varies brings probabilities nearer to a half. Ratings are centred on the mean of all.
    """
    skill, talent, sides = _drawn_sides(rng, 12, 100, 3000)
    prompts, others = talent.shape
    skill = np.append(skill, _skill_ahead(skill, ahead))
    talent = np.column_stack([talent, rng.normal(0, TALENT, prompts)])
    added = np.full(matches, others), rng.integers(others, size=matches), rng.integers(prompts, size=matches)
    sides = (np.concatenate(columns) for columns in zip(sides, added, strict=True))
    names = (*(f"model-{number}" for number in range(others)), "newcomer")
    return true_ratings(skill), _judged_in_both_orders(rng, names, skill, talent, *sides)


def _drawn_sides(
    rng: np.random.Generator, contenders: int, prompts: int, matches: int
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(skill by contender, talent by prompt and contender, (side a, side b, prompt) of each match)."""
    skill = rng.normal(0, 0.6, contenders)
    talent = rng.normal(0, TALENT, (prompts, contenders))
    a = rng.integers(contenders, size=matches)
    b = (a + rng.integers(1, contenders, size=matches)) % contenders
    return skill, talent, (a, b, rng.integers(prompts, size=matches))


def _judged_in_both_orders(
    rng: np.random.Generator,
    names: tuple[str, ...],
    skill: np.ndarray,
    talent: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    prompt: np.ndarray,
) -> Verdicts:
    matches = len(a)
    lead = skill[a] - skill[b] + talent[prompt, a] - talent[prompt, b]
    outcome = (rng.random((2, matches)) > expit(lead)).astype(np.int8).ravel()
    twice = np.tile(np.arange(matches), 2)
    return Verdicts(
        names=names,
        a=a.astype(np.int32)[twice],
        b=b.astype(np.int32)[twice],
        outcome=outcome,
        prompt=prompt.astype(np.int32)[twice],
        rater=np.zeros(2 * matches, dtype=np.int32),
        first=np.repeat([0, 1], matches).astype(np.int8),
        match=twice.astype(np.int32),
    )


def _skill_ahead(skill: np.ndarray, ahead: float) -> float:
    """The skill of one more contender whose true rating lies `ahead` Elo points above the mean of the others."""

    def beyond(newcomer: float) -> float:
        rating = true_ratings(np.append(skill, newcomer))
        return float(rating[-1] - rating[:-1].mean() - ahead)

    return float(brentq(beyond, -10, 10))


def true_ratings(skill: np.ndarray) -> np.ndarray:
    """Gauss-Hermite over the difference of two talents."""
    node, weight = np.polynomial.hermite_e.hermegauss(41)
    lead = (skill[:, None] - skill)[..., None] + TALENT * np.sqrt(2) * node
    points = (expit(lead) * weight).sum(axis=-1) / weight.sum()
    np.fill_diagonal(points, 0.0)
    return 1000 + ELO * maximum(points, np.ones_like(points, dtype=bool))
