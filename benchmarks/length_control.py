"""Do length-controlled win rates come out right, and do their intervals hold the truth as often as they say?

Boards of ten contenders and a baseline on 150 prompts in both orders, by a judge that likes long answers.
"""

import time

import numpy as np

from judgeboard.arena.length.control import length_controlled
from tests.arena.length_boards import drawn_length_board

BOARDS = 300
COVERED = (0.93, 0.97)  # of nominal 95 %
MOST_BIAS = 0.01


def run() -> bool:
    started = time.perf_counter()
    covered, bias, plain_bias = coverage(BOARDS, np.random.default_rng(1))
    print(f"bias {bias:+.4f}, of the plain rate {plain_bias:+.4f}; seconds {time.perf_counter() - started:.1f}")
    kept = COVERED[0] <= covered <= COVERED[1] and abs(bias) <= MOST_BIAS
    print(f"length control: {covered:.1%} of 95 % intervals hold the truth ({'within' if kept else 'BEYOND'} 93-97 %)")
    return kept


def coverage(boards: int, rng: np.random.Generator) -> tuple[float, float, float]:
    """(share of intervals that hold the truth, mean error of the controlled rates, and of the plain ones)."""
    held, error, plain_error = [], [], []
    for _ in range(boards):
        truth, verdicts, lengths = drawn_length_board(rng)
        found = length_controlled(verdicts, lengths, "baseline")
        held.append((found.lower[1:] <= truth) & (truth <= found.upper[1:]))
        error.append(found.lc_rate[1:] - truth)
        plain_error.append(found.rate[1:] - truth)
    return float(np.mean(held)), float(np.mean(error)), float(np.mean(plain_error))
