"""The simulator's latencies and faults in benchmarks of asking, and how soon the best schedule would be done.

Answers take a second (log-normal, sigma .25).
"""

import heapq

from judgeboard.llm.simulator import Options

LATENCY, SPREAD, SEED = 1.0, 0.25, 1
FAULTS = {"rate-limited": 0.05, "server-error": 0.02, "empty-choice": 0.01}


def options(*, faults: bool) -> list[str]:
    """Of the simulator's command line."""
    timing = ["--seed", str(SEED), "--latency", str(LATENCY), "--latency-spread", str(SPREAD)]
    return timing + [word for kind, share in FAULTS.items() for word in (f"--{kind}", str(share)) if faults]


def bound(judgments: int, at_once: int) -> float:
    """Seconds of the best schedule: each latency, without a pause, to whichever of the calls is free first."""
    simulated = Options(seed=SEED, latency_seconds=LATENCY, latency_spread=SPREAD)
    free = [0.0] * at_once
    for number in range(1, judgments + 1):
        heapq.heapreplace(free, free[0] + simulated.latency(number))
    return max(free)
