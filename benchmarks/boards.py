"""Boards to measure on, drawn from a Bradley-Terry model."""

import numpy as np

from benchmarks.peers.rating.exchange import Board

PROMPTS = 500
TIES = 0.1
SKILL = 150  # standard deviation in Elo points
STYLE_EFFECTS = np.array([0.3, 0.1])  # natural units for one standard deviation


def simulated(n: int, contenders: int, seed: int) -> Board:
    """n rows whose winners also owe something to two covariates; every tenth is a tie, whoever meets."""
    rng = np.random.default_rng(seed)
    skill = rng.normal(0, SKILL, contenders)
    a = rng.integers(0, contenders, n)
    b = (a + rng.integers(1, contenders, n)) % contenders
    style = rng.normal(size=(n, len(STYLE_EFFECTS)))
    odds = 10 ** ((skill[a] - skill[b]) / 400) * np.exp(style @ STYLE_EFFECTS)
    outcome = np.where(rng.random(n) < odds / (1 + odds), 0, 1)
    return Board(
        names=tuple(f"model-{index:03}" for index in range(contenders)),
        a=a.astype(np.int32),
        b=b.astype(np.int32),
        outcome=np.where(rng.random(n) < TIES, 2, outcome).astype(np.int8),
        prompt=rng.integers(0, PROMPTS, n).astype(np.int32),
        style=style,
        truth=np.full(contenders, np.nan),
    )
