"""How long does a rating take? Fit and prompt-clustered interval from arrays in memory, median of five."""

import statistics
import time

import numpy as np

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.verdicts import Verdicts

SIZES = ((10_000, 10), (100_000, 30), (1_000_000, 100))
LIMIT = 2.0  # seconds for the largest
PROMPTS = 500


def run() -> bool:
    print("verdicts   contenders   seconds (median of 5, min, max)")
    medians = []
    for n, contenders in SIZES:
        verdicts = simulated(n, contenders, np.random.default_rng(1))
        taken = [_seconds(verdicts) for _ in range(5)]
        medians.append(statistics.median(taken))
        print(f"{n:>9,}  {contenders:>10}   {medians[-1]:.3f}  {min(taken):.3f}  {max(taken):.3f}")
    kept = medians[-1] <= LIMIT
    print(f"ratings: {medians[-1]:.3f} s for 1,000,000 verdicts ({'within' if kept else 'BEYOND'} {LIMIT:g} s)")
    return kept


def simulated(n: int, contenders: int, rng: np.random.Generator) -> Verdicts:
    """n verdicts drawn from a Bradley-Terry model with skills of sd 150 Elo."""
    skill = rng.normal(0, 150, contenders)
    a = rng.integers(0, contenders, n)
    b = (a + rng.integers(1, contenders, n)) % contenders
    won = rng.random(n) < 1 / (1 + 10 ** ((skill[b] - skill[a]) / 400))
    return Verdicts(
        names=tuple(f"model-{index:03}" for index in range(contenders)),
        a=a.astype(np.int32),
        b=b.astype(np.int32),
        outcome=np.where(won, 0, 1).astype(np.int8),
        prompt=rng.integers(0, PROMPTS, n).astype(np.int32),
        rater=np.zeros(n, np.int32),
        first=np.zeros(n, np.int8),
        match=np.arange(n, dtype=np.int32),
    )


def _seconds(verdicts: Verdicts) -> float:
    started = time.perf_counter()
    fit(verdicts)
    return time.perf_counter() - started
