"""Boards on which a judge likes long answers, with the win rates that answers of equal length would have."""

import numpy as np
from scipy.special import expit

from judgeboard.arena.verdicts import Verdicts

TALENT = 0.6


def drawn_length_board(
    rng: np.random.Generator, *, contenders: int = 10, prompts: int = 150
) -> tuple[np.ndarray, Verdicts, np.ndarray]:
    """(true rates, verdicts, lengths): each contender against the baseline, contender 0, on every prompt, twice.

    Both orders of a match share the talent of the contender for the prompt. Prompts are easy for contenders or not, and
    easy ones get longer answers, so that a length effect found without the ease of prompts would be wrong.
    """
    skill, taste = rng.normal(0, 0.8, contenders), rng.normal(0.8, 0.4, contenders)
    follows = rng.uniform(0.5, 1.5, contenders)
    ease = rng.normal(0, 0.8, prompts)
    own, prompt = (index.ravel() for index in np.indices((contenders, prompts)))
    lengths = np.exp(6 + rng.normal(0, 0.5, (contenders + 1, prompts)) + np.linspace(0, 0.5, contenders + 1)[:, None])
    lengths[1:] *= np.exp(0.15 * ease)
    difference = (lengths[1:] - lengths[0]) / (lengths[1:] - lengths[0]).std(axis=1, keepdims=True)
    lead = skill[own] + follows[own] * ease[prompt] + rng.normal(0, TALENT, len(own))
    probability = expit(lead + taste[own] * np.tanh(difference).ravel())
    rows = np.tile(np.arange(len(own)), 2)
    verdicts = Verdicts(
        names=("baseline", *(f"model-{number}" for number in range(contenders))),
        a=(own[rows] + 1).astype(np.int32),
        b=np.zeros(len(rows), dtype=np.int32),
        outcome=_drawn(probability[rows], rng),
        prompt=prompt[rows].astype(np.int32),
        rater=np.zeros(len(rows), dtype=np.int32),
        first=np.repeat([0, 1], len(own)).astype(np.int8),
        match=rows.astype(np.int32),
    )
    sides = np.stack([lengths[own + 1, prompt], lengths[0, prompt]], axis=1)[rows]
    return _true_rates(skill, follows), verdicts, np.rint(sides).astype(np.int64)


def _drawn(probability: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Outcome codes with ties, such that the mean points are the probability."""
    tie = probability * (1 - probability)
    chance = rng.random(len(probability))
    return np.where(chance < probability - tie / 2, 0, np.where(chance < probability + tie / 2, 2, 1)).astype(np.int8)


def _true_rates(skill: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Gauss-Hermite over the ease of prompts and the talent."""
    node, weight = np.polynomial.hermite_e.hermegauss(41)
    spread = np.sqrt((0.8 * follows) ** 2 + TALENT**2)
    return (expit(skill[:, None] + spread[:, None] * node) * weight).sum(axis=1) / weight.sum()
