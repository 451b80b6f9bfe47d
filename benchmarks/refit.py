"""How long until a board stands on new evidence? From the rows of a PostgreSQL of its own to the stored snapshot.

Two judges see each match in both orders; every hundredth match has a vote.
"""

import resource
import time
from collections.abc import Callable
from typing import Any

from benchmarks.surroundings import own_postgresql

SIZES = (10_000, 100_000, 1_000_000)  # judgments
LIMIT = 15.0  # seconds for a whole refit of the largest: all figures over all categories, and within its one


def run() -> bool:
    with own_postgresql():
        return _measure()


def _measure() -> bool:
    from benchmarks import big_board  # imports Django's models, so only after the environment is set

    big_board.migrate()
    print("judgments   reading   digest   ratings   whole refit   nothing new   peak MB   (seconds)")
    for judgments in SIZES:
        board = big_board.of(judgments)
        taken = [_seconds(step) for step in big_board.steps(board)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        columns = zip(taken, (8, 8, 9, 13, 13), strict=True)
        print(
            f"{judgments:>9,}{''.join(f'{seconds:>{width}.2f} ' for seconds, width in columns)}{peak:>9,}", flush=True
        )
    whole = taken[3]
    print(f"refit: {whole:.2f} s for {SIZES[-1]:,} judgments ({'within' if whole <= LIMIT else 'BEYOND'} {LIMIT:g} s)")
    return whole <= LIMIT


def _seconds(step: Callable[[], Any]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started
