"""Runs in the interpreter of a peer: python -m benchmarks.peers.rating.inside PEER TASK FILE.

Prints one line of JSON.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.peers.memory import peak_mb
from benchmarks.peers.rating.exchange import Board, Rated, read

MODULE = "benchmarks.peers.rating.inside"
RUNS = 5
BUDGET = 60.0  # seconds for the runs of one task
ROUNDS = 100  # of a bootstrap: FastChat's own number
FEWEST = 2
COVER_BUDGET = 300.0  # seconds for all boards

Task = Callable[[], Rated]
Reply = dict[str, Any]


class NotOffered(Exception):
    """A task that the peer does not have."""


def measure(adapter: ModuleType, task: str, boards: list[Board]) -> Reply:
    if task == "cover":
        return _covered(adapter, boards)
    function = _function(adapter, task)
    timed = _bootstrapped if function == "bootstrap" else _timed
    reply = timed(partial(getattr(adapter, function), adapter.taken(boards[0])))
    return reply | {"note": getattr(adapter, "NOTES", {}).get(task, "")}


def _function(adapter: ModuleType, task: str) -> str:
    """Of the adapter, by name: an interval that is not there in closed form is bootstrapped. Raises NotOffered."""
    closed = hasattr(adapter, "interval")
    function = "bootstrap" if task == "interval" and not closed else task
    if not hasattr(adapter, function):
        raise NotOffered("not offered")
    if task == "bootstrap" and not closed:
        raise NotOffered("see interval")
    return function


def _timed(task: Task) -> Reply:
    """The median of five after a warm-up, or of as many as fit the budget; the warm-up itself where none does."""
    clocked = [_clocked(task)]
    while len(clocked) <= RUNS and sum(seconds for seconds, _ in clocked) < BUDGET:
        clocked.append(_clocked(task))
    runs = [seconds for seconds, _ in clocked[1:] or clocked]
    return {"seconds": statistics.median(runs), "runs": len(runs)} | _told(clocked[-1][1])


def _bootstrapped(task: Callable[[int], Rated]) -> Reply:
    """Of 100 rounds; where they do not fit the budget, of as many as do, and what the rest would add."""
    few = min(_clocked(partial(task, FEWEST))[0] for _ in range(2))  # the first time is slower
    rounds = max(FEWEST, min(ROUNDS, int(BUDGET / 2 * FEWEST / few)))
    reply = _timed(partial(task, rounds))
    # What it costs to begin is not for each round.
    each = max(reply["seconds"] - few, 0) / (rounds - FEWEST) if rounds > FEWEST else few / FEWEST
    return reply | {"seconds": reply["seconds"] + each * (ROUNDS - rounds), "rounds": rounds}


def _clocked(task: Task) -> tuple[float, Rated]:
    started = time.perf_counter()
    rated = task()
    return time.perf_counter() - started, rated


def _covered(adapter: ModuleType, boards: list[Board]) -> Reply:
    """How many of the true ratings lie within the limits: a share, with its standard error between boards."""
    shares, started = [], time.perf_counter()
    for board in boards:
        if time.perf_counter() - started > COVER_BUDGET:
            break
        shares.append(_share_covered(board, _limits(adapter, board)))
    spread = np.std(shares, ddof=1) / len(shares) ** 0.5 if len(shares) > 1 else None
    return {"coverage": float(np.mean(shares)), "error": spread, "boards": len(shares)}


def _limits(adapter: ModuleType, board: Board) -> Rated:
    function = _function(adapter, "interval")
    rounds = (ROUNDS,) if function == "bootstrap" else ()
    return getattr(adapter, function)(adapter.taken(board), *rounds)


def _share_covered(board: Board, rated: Rated) -> float:
    assert rated.lower is not None
    assert rated.upper is not None
    truth = zip(board.names, board.truth, strict=True)
    return float(np.mean([rated.lower[name] <= value <= rated.upper[name] for name, value in truth]))


def _told(rated: Rated) -> Reply:
    told = {"rating": rated.rating, "lower": rated.lower, "upper": rated.upper}
    return {key: {name: float(by[name]) for name in by} for key, by in told.items() if by is not None}


def main(peer: str, task: str, file: str) -> Reply:
    try:
        adapter = import_module(f"benchmarks.peers.rating.adapters.{peer.replace('-', '_')}")
        return measure(adapter, task, read(Path(file))) | {"peak_mb": peak_mb()}
    except (ImportError, NotOffered) as absent:
        return {"absent": str(absent)}


if __name__ == "__main__":
    reply = main(*sys.argv[1:])
    print(json.dumps(reply))  # the last line: what a peer prints comes before
