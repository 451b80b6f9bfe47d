"""How many calls does a run take that stops by itself once its ratings are known to a precision, and is it right then?

A simulated arena: 12 contenders, each good at some of 500 prompts and bad at others, and a judge with a position bias
of .3 natural units whose two verdicts on one match, one an order, share their chance with the probability .6. The run
goes through the very looks and draws that a real one goes through (`pairing.looks`). Against it stand round robins in
two orders that ask as little as reaches the same precision, which nobody knows beforehand: the one that a run plans at
once (everyone meets everyone, prompt after prompt), and one whose pairs are spread over all prompts.
`python -m benchmarks.precision 40` plays 40 boards.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.special import expit

from judgeboard.arena.pairing.choice import BOTH_ORDERS
from judgeboard.arena.pairing.looks import Aim, Drawn, batch, drawn, seen
from judgeboard.arena.pairing.meetings import Meetings, prompts_for
from judgeboard.arena.pairing.stopping import widest_half_width
from judgeboard.arena.style.position import fit_positions
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import TALENT, true_ratings

CONTENDERS, PROMPTS, SKILL = 12, 500, 0.6
POSITION_BIAS, SHARED_CHANCE = 0.3, 0.6
HALF_WIDTH = 20.0
BOARDS = 24
RULES = ("equal_width", "uniform", "d_optimal", "gap_optimal")
MOST_OF_ROUND_ROBIN, LEAST_COVERAGE = 0.6, 0.93
STEP = 0.02  # by which round robins grow between two looks


@dataclass(frozen=True)
class Board:
    """lead: float64[G, M], natural units: how good each contender is on each prompt; truth: float64[M], Elo points."""

    lead: np.ndarray
    truth: np.ndarray
    chance: np.random.Generator

    @classmethod
    def numbered(cls, number: int) -> "Board":
        rng = np.random.default_rng(number)
        skill = rng.normal(0, SKILL, CONTENDERS)
        return cls(skill + rng.normal(0, TALENT, (PROMPTS, CONTENDERS)), true_ratings(skill), rng)


@dataclass(frozen=True)
class Play:
    """What one run came to: its calls, the share of contenders whose interval holds the truth, how often it looked."""

    calls: int
    held: float
    looks: int


def run(boards: int = BOARDS) -> bool:
    print(f"{boards} boards of {CONTENDERS} contenders, until every interval of 95 % is ±{HALF_WIDTH:g} Elo points")
    print(f"{'':<46}{'calls':>8} {'of it':>6} {'of it, spread':>14} {'truth held':>11} {'looks':>6}")
    ways: dict[str, Callable[[int], Play]] = {
        "round robin in two orders, as planned at once": partial(round_robin, spread=False),
        "round robin in two orders, spread": partial(round_robin, spread=True),
        **{f"{rule}, stopped by itself": partial(stopped, rule) for rule in RULES},
    }
    calls: dict[str, float] = {}
    held: dict[str, float] = {}
    with ProcessPoolExecutor() as workers:
        for name, play in ways.items():
            plays = list(workers.map(play, range(boards)))
            calls[name], held[name] = (float(np.mean([getattr(one, of) for one in plays])) for of in ("calls", "held"))
            once, over = (calls[name] / calls[base] if base in calls else 1.0 for base in list(ways)[:2])
            looks = np.mean([one.looks for one in plays])
            print(
                f"{name:<46}{calls[name]:>8,.0f} {once:>6.2f} {over:>14.2f} {held[name]:>11.1%} {looks:>6.1f}",
                flush=True,
            )
    planned, _, ours = list(ways)[:3]
    share = calls[ours] / calls[planned]
    kept = share <= MOST_OF_ROUND_ROBIN and held[ours] >= LEAST_COVERAGE
    print(
        f"precision: {share:.2f} of the round robin's calls (at most {MOST_OF_ROUND_ROBIN}), {held[ours]:.1%} of the "
        f"intervals hold the truth (at least {LEAST_COVERAGE:.0%}): {'within' if kept else 'BEYOND'}"
    )
    return kept


def stopped(rule: str, number: int) -> Play:
    """A run that chooses its matches and stops at the half-width."""
    board, aim, verdicts = Board.numbered(number), Aim(rule, half_width=HALF_WIDTH), nothing()
    meetings = unplayed()
    for looks in range(1, 1000):
        look = seen(verdicts, aim, meetings, looks=looks)
        if look.reason:
            return _play(board, verdicts, looks)
        told = drawn(look, aim, meetings, batch(look, len(verdicts)), seed=looks)
        verdicts, meetings = together(verdicts, judged(board, told, len(verdicts))), played(meetings, told)
    raise RuntimeError(f"Board {number} did not come to an end.")


def round_robin(number: int, *, spread: bool) -> Play:
    """As few prompts, or rounds, as reach the half-width, looked for in steps."""
    board = Board.numbered(number)
    pairs = np.column_stack(np.triu_indices(CONTENDERS, 1)).astype(np.int32)
    everything = np.tile(pairs, (PROMPTS, 1))
    prompt = prompts_for(everything, unplayed(), seed=number) if spread else np.repeat(np.arange(PROMPTS), len(pairs))
    told = Drawn(everything, prompt, np.full(len(everything), BOTH_ORDERS, np.int8), np.ones(len(everything)))
    verdicts = judged(board, told, 0)
    for looks, rounds in enumerate(growing(20), 1):
        part = verdicts.where(verdicts.match < rounds * len(pairs))
        found = fit_positions(part)
        if widest_half_width(found.rating, found.covariance, np.ones(CONTENDERS, bool)) <= HALF_WIDTH:
            return _play(board, part, looks)
    raise RuntimeError(f"The round robin of board {number} has too few prompts.")


def growing(start: int) -> Iterator[int]:
    rounds = start
    while rounds <= PROMPTS:
        yield rounds
        rounds += max(int(STEP * rounds), 1)


def judged(board: Board, told: Drawn, matches: int) -> Verdicts:
    """What the judge says about the matches, numbered from `matches` on, in the orders that were drawn."""
    i, j = told.pairs.T
    lead = board.lead[told.prompt, i] - board.lead[told.prompt, j]
    chance = board.chance.random(len(i))
    again = np.where(board.chance.random(len(i)) < SHARED_CHANCE, chance, board.chance.random(len(i)))
    a_first, b_first = np.flatnonzero(told.first != 1), np.flatnonzero(told.first != 0)
    a_wins = chance < expit(lead + POSITION_BIAS), again < expit(lead - POSITION_BIAS)
    row = np.concatenate([a_first, b_first])
    outcome = np.concatenate([~a_wins[0][a_first], ~a_wins[1][b_first]])
    first = np.repeat([0, 1], [len(a_first), len(b_first)])
    return verdicts_of(i[row], j[row], outcome, told.prompt[row], first, matches + row)


def verdicts_of(a, b, outcome, prompt, first, match) -> Verdicts:
    columns = {"a": a, "b": b, "outcome": outcome, "prompt": prompt, "rater": np.zeros(len(a)), "first": first}
    kinds = {"outcome": np.int8, "first": np.int8}
    told: dict[str, Any] = {
        name: np.asarray(column).astype(kinds.get(name, np.int32)) for name, column in columns.items()
    }
    return Verdicts(tuple(f"model-{n}" for n in range(CONTENDERS)), **told, match=np.asarray(match).astype(np.int32))


def nothing() -> Verdicts:
    return verdicts_of(*([[]] * 6))


def together(one: Verdicts, other: Verdicts) -> Verdicts:
    columns = ("a", "b", "outcome", "prompt", "first", "match")
    return verdicts_of(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in columns))


def unplayed() -> Meetings:
    free = np.broadcast_to(~np.eye(CONTENDERS, dtype=bool), (PROMPTS, CONTENDERS, CONTENDERS)).copy()
    return Meetings(free, np.zeros((PROMPTS, CONTENDERS), dtype=np.int64))


def played(meetings: Meetings, told: Drawn) -> Meetings:
    free, counted = meetings.free.copy(), meetings.played.copy()
    for i, j in (told.pairs.T, told.pairs.T[::-1]):
        free[told.prompt, i, j] = False
        np.add.at(counted, (told.prompt, i), 1)
    return Meetings(free, counted)


def _play(board: Board, verdicts: Verdicts, looks: int) -> Play:
    found = fit_positions(verdicts)
    held = (found.lower <= board.truth) & (board.truth <= found.upper)
    return Play(len(verdicts), float(np.mean(held)), looks)


if __name__ == "__main__":
    raise SystemExit(not run(int(sys.argv[1]) if len(sys.argv) > 1 else BOARDS))
