"""How many calls until the order is right, and how far are the ratings of the best rule off on average?

A simulated arena: 20 contenders whose ratings are drawn with an sd of 80 Elo points, a judge with a position bias of .3
natural units, and two verdicts on one match, one an order, that share their chance with the probability .6. Every rule
begins with an even round. `python -m benchmarks.pair_choice 200` plays 200 boards for every design.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.stats import trim_mean

from judgeboard.arena.pairing.choice import Choice, choose
from judgeboard.arena.pairing.knowledge import Knowledge
from judgeboard.arena.pairing.plan import Orders, Plan
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.rating.shown_first import fit_orders

CONTENDERS, SPREAD = 20, 80.0
POSITION_BIAS, SHARED_CHANCE = 0.3, 0.6
TAU = 0.95
NEAR = 0.02  # batches whose tau is this near to TAU are smoothed over
OPENING, GROWTH = 4_000, 0.05
BOARDS = 300
MOST_CALLS, MOST_OF_ROUND_ROBIN, MOST_OF_TOP = 18_000, 0.5, 0.25
MOST_BIAS = 1.0  # Elo points, of the gap between neighbours


@dataclass(frozen=True)
class Design:
    rule: str
    orders: Orders
    audit: float = 0.0
    baseline: int | None = None  # a place in the true order
    limit: int = 60_000

    def __str__(self) -> str:
        opponents = {None: "", 0: " top", CONTENDERS // 2: " median", CONTENDERS - 1: " bottom"}
        opponent = opponents.get(self.baseline, "")
        return f"{self.rule}{opponent}, {self.orders}" + (f", audit {self.audit:.0%}" if self.audit else "")


@dataclass(frozen=True)
class Play:
    """What came of one board: by batch the calls so far, tau with the truth, and the errors of the ratings in Elo
    points, the best contender first."""

    calls: np.ndarray
    tau: np.ndarray
    error: np.ndarray


TOP = Design("baseline", "both", baseline=0, limit=140_000)
ROUND_ROBIN = Design("round_robin", "both")
BEST = Design("gap_optimal", "one", audit=0.1, limit=30_000)
DESIGNS = (
    TOP,
    Design("baseline", "both", baseline=CONTENDERS // 2, limit=140_000),
    Design("baseline", "both", baseline=CONTENDERS - 1, limit=140_000),
    ROUND_ROBIN,
    *(Design(rule, "both") for rule in ("uniform", "variance", "d_optimal", "rank_gain", "gap_optimal")),
    *(Design(rule, "one", limit=45_000) for rule in ("uniform", "variance", "d_optimal", "rank_gain", "gap_optimal")),
    BEST,
)


def run(boards: int = BOARDS) -> bool:
    print(f"calls until a typical board's Kendall tau with the truth is {TAU}")
    print(
        f"({boards} boards, mean of their middle half; log(1 - tau) against log(calls), a line over the batches near)"
    )
    print(f"{'rule, orders of a match':<30} {'calls':>8} {'of the top baseline':>20}")
    calls: dict[Design, float] = {}
    with ProcessPoolExecutor() as workers:
        for design in DESIGNS:
            plays = list(workers.map(partial(play, design), range(boards)))
            calls[design] = calls_needed(plays)
            print(f"{design!s:<30} {calls[design]:>8,.0f} {calls[design] / calls[TOP]:>20.2f}", flush=True)
    error = mean_errors(plays, calls[BEST])  # the last played
    gap = (error[0] - error[-1]) / (CONTENDERS - 1)
    fifths = ", ".join(f"{fifth:+.1f}" for fifth in error.reshape(5, -1).mean(axis=1))
    print(f"mean error of {BEST}, Elo: gaps {gap:+.2f}, ratings by fifths {fifths}")
    within = calls[BEST] <= min(MOST_CALLS, MOST_OF_ROUND_ROBIN * calls[ROUND_ROBIN], MOST_OF_TOP * calls[TOP])
    kept = bool(within and abs(gap) <= MOST_BIAS)
    limits = f"{MOST_CALLS:,} calls, {MOST_OF_ROUND_ROBIN} x round robin, {MOST_OF_TOP} x top baseline"
    print(
        f"pair choice: {calls[BEST]:,.0f} calls ({'within' if kept else 'BEYOND'} {limits}, gaps {MOST_BIAS:g} Elo off)"
    )
    return kept


def play(design: Design, number: int) -> Play:
    """One board, batch by batch; boards of one number have the same truth in every design."""
    rng = np.random.default_rng(number)
    truth = np.sort(rng.normal(0, SPREAD, CONTENDERS))[::-1] / ELO
    truth -= truth.mean()
    won, shown = np.zeros((2, CONTENDERS, CONTENDERS), dtype=np.int64)
    rating, calls, tau, error = np.full(CONTENDERS, np.nan), [], [], []
    for batch, spent in batches(design.limit):
        plan = Plan(design.rule, batch, design.orders, audit=design.audit, baseline=design.baseline)
        choice = choose(Knowledge(rating, shown), plan, seed=int(rng.integers(2**31)))
        told, count = judged(choice, truth, rng)
        won, shown = won + told, shown + count
        strength = fit_orders(won, shown).strength
        rating = strength * ELO
        calls.append(spent)
        tau.append(kendall(strength))
        error.append((strength - truth) * ELO)
    return Play(np.array(calls), np.array(tau), np.array(error))


def batches(limit: int) -> Iterator[tuple[int, int]]:
    """(calls of the batch, calls so far): after the opening each batch is a twentieth of what was spent before."""
    spent = batch = OPENING
    while spent <= limit:
        yield batch, spent
        batch = int(GROWTH * spent)
        spent += batch


def judged(choice: Choice, truth: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """int64[M, M] wins of the row, shown before the column, and verdicts in that order."""
    i, j = choice.pairs.T
    chance = rng.random(len(i))
    again = np.where(rng.random(len(i)) < SHARED_CHANCE, chance, rng.random(len(i)))
    lead = truth[i] - truth[j]
    i_first, j_first = choice.first != 1, choice.first != 0
    i_wins = chance < 1 / (1 + np.exp(-lead - POSITION_BIAS))
    j_wins = again >= 1 / (1 + np.exp(-lead + POSITION_BIAS))
    first, second = np.concatenate([i[i_first], j[j_first]]), np.concatenate([j[i_first], i[j_first]])
    cell = first * CONTENDERS + second
    wins = np.concatenate([i_wins[i_first], j_wins[j_first]])
    shape, cells = (CONTENDERS, CONTENDERS), CONTENDERS**2
    return np.bincount(cell[wins], minlength=cells).reshape(shape), np.bincount(cell, minlength=cells).reshape(shape)


def kendall(strength: np.ndarray) -> float:
    """With the true order, in which contenders stand."""
    ahead = np.sign(strength[:, None] - strength)[np.triu_indices(CONTENDERS, 1)]
    return float(np.nan_to_num(ahead).mean())


def calls_needed(plays: list[Play]) -> float:
    """Where the line comes to TAU."""
    calls, tau = plays[0].calls, trim_mean([each.tau for each in plays], 0.25, axis=0)
    near = np.abs(tau - TAU) <= NEAR
    slope, level = np.polyfit(np.log(1 - tau[near]), np.log(calls[near]), 1)
    return float(np.exp(slope * np.log(1 - TAU) + level))


def mean_errors(plays: list[Play], calls: float) -> np.ndarray:
    """float[M], Elo points, best contender first, after so many calls."""
    batch = np.searchsorted(plays[0].calls, calls)
    return np.mean([each.error[batch] for each in plays], axis=0)


if __name__ == "__main__":
    raise SystemExit(not run(int(sys.argv[1]) if len(sys.argv) > 1 else BOARDS))
