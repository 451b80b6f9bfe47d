"""How near to the best possible schedule are judgments asked, and what does each cost us, and our peers?

One drain on a PostgreSQL of its own against a simulator in another process. The window runs from entering the lane to
the last answer stored. The bound is the same latencies, dealt without a pause to whichever of the calls allowed at once
is free first, which is the best without knowing them. Then the peers, each against a simulator of the same latencies;
they decide nothing.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace

from benchmarks.peers.asking import table
from benchmarks.schedule import bound, options
from benchmarks.surroundings import own_postgresql, simulator


@dataclass(frozen=True)
class Task:
    judgments: int
    at_once: int
    least: float  # share of the bound


TASKS = (Task(1_000, 100, 0.97), Task(5_000, 400, 0.90))
TRIALS = 3
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
        kept = _measure_all()
    table.show(TASKS[0].judgments, TASKS[0].at_once)
    print(f"throughput: {sum(kept)} of {len(kept)} promises kept")
    return all(kept)


def _measure_all() -> list[bool]:
    print("judgments  at once  faults   seconds   of the bound   CPU ms each   peak MB   calls   lost")
    kept = []
    for task in TASKS:
        clean = _shown(task, faults=False)
        faulty = _shown(task, faults=True)
        kept += [
            bound(task.judgments, task.at_once) / clean.seconds >= task.least,
            1000 * clean.cpu / task.judgments <= MOST_CPU,
            faulty.seconds <= MOST_WITH_FAULTS * clean.seconds,
            clean.lost + faulty.lost == 0,
        ]
    return kept


def _shown(task: Task, *, faults: bool) -> Measured:
    """The trial of the median time; what any of them lost is lost."""
    trials = sorted((_measure(task, faults) for _ in range(TRIALS)), key=lambda trial: trial.seconds)
    found = replace(trials[TRIALS // 2], lost=sum(trial.lost for trial in trials))
    share = bound(task.judgments, task.at_once) / found.seconds
    print(
        f"{task.judgments:>9,} {task.at_once:>8} {'8 %' if faults else 'none':>7} {found.seconds:9.2f} "
        f"{share:14.3f} {1000 * found.cpu / task.judgments:13.2f} {found.peak_mb:9.0f} "
        f"{found.calls:7,} {found.lost:6}",
        flush=True,
    )
    return found


def _measure(task: Task, faults: bool) -> Measured:
    with simulator(*options(faults=faults)) as base_url:
        said = subprocess.run(
            [sys.executable, "-m", "benchmarks.throughput", base_url, str(task.judgments), str(task.at_once)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    return Measured(**json.loads(said))


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
