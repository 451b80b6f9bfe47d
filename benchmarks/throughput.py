"""How near to the best possible schedule are judgments asked, and what does each cost us?

One drain on a PostgreSQL of its own against a simulator in another process whose answers take a second (log-normal,
sigma .25). The window runs from entering the lane to the last answer stored. The bound is the same latencies, dealt
without a pause to whichever of the calls allowed at once is free first, which is the best without knowing them.
"""

import asyncio
import heapq
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.surroundings import own_postgresql, simulator
from judgeboard.llm.simulator import Options

LATENCY, SPREAD, SEED = 1.0, 0.25, 1
FAULTS = {"rate-limited": 0.05, "server-error": 0.02, "empty-choice": 0.01}


@dataclass(frozen=True)
class Task:
    judgments: int
    at_once: int
    least: float  # share of the bound


TASKS = (Task(1_000, 100, 0.97), Task(5_000, 400, 0.90))
MOST_CPU = 3.0  # milliseconds a judgment
MOST_WITH_FAULTS = 1.15  # of the faultless window


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu: float
    peak_mb: float
    lost: int
    calls: int


def run() -> bool:
    with own_postgresql():
        os.environ |= {"ALLOWED_NETWORKS": "127.0.0.0/8", "DRAIN_SLICE": "600"}
        return _measure_all()


def _measure_all() -> bool:
    print("judgments  at once  faults   seconds   of the bound   CPU ms each   peak MB   calls   lost")
    kept = []
    for task in TASKS:
        clean = _shown(task, faults=False)
        faulty = _shown(task, faults=True)
        kept += [
            bound(task) / clean.seconds >= task.least,
            1000 * clean.cpu / task.judgments <= MOST_CPU,
            faulty.seconds <= MOST_WITH_FAULTS * clean.seconds,
            clean.lost + faulty.lost == 0,
        ]
    print(f"throughput: {sum(kept)} of {len(kept)} promises kept")
    return all(kept)


def _shown(task: Task, *, faults: bool) -> Measured:
    found = _measure(task, faults)
    print(
        f"{task.judgments:>9,} {task.at_once:>8} {'8 %' if faults else 'none':>7} {found.seconds:9.2f} "
        f"{bound(task) / found.seconds:14.3f} {1000 * found.cpu / task.judgments:13.2f} {found.peak_mb:9.0f} "
        f"{found.calls:7,} {found.lost:6}",
        flush=True,
    )
    return found


def bound(task: Task) -> float:
    """Seconds of the best schedule."""
    options = Options(seed=SEED, latency_seconds=LATENCY, latency_spread=SPREAD)
    free = [0.0] * task.at_once
    for number in range(1, task.judgments + 1):
        heapq.heapreplace(free, free[0] + options.latency(number))
    return max(free)


def _measure(task: Task, faults: bool) -> Measured:
    with simulator(*_options(faults)) as base_url:
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.throughput", base_url, str(task.judgments), str(task.at_once)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    return Measured(**json.loads(said))


def _options(faults: bool) -> list[str]:
    timing = ["--seed", str(SEED), "--latency", str(LATENCY), "--latency-spread", str(SPREAD)]
    return timing + [word for kind, share in FAULTS.items() for word in (f"--{kind}", str(share)) if faults]


def drained(base_url: str, judgments: int, at_once: int) -> Measured:
    """Makes the evidence that judgments need, wants them, and lets one drain ask."""
    from benchmarks import wanted  # imports Django's models, so only after the environment is set

    lane = wanted.judgments(base_url, judgments, at_once)
    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(wanted.until_done(lane))
    return Measured(
        seconds=time.perf_counter() - wall,
        cpu=time.process_time() - cpu,
        peak_mb=wanted.peak_mb(),
        lost=wanted.not_done(),
        calls=wanted.calls(),
    )


if __name__ == "__main__":
    print(json.dumps(vars(drained(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
