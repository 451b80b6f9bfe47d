"""What does a judgment cost us? A run against a simulator in another process, no broker, a database of its own.

CPU is the worker's alone: asking, reading, storing and planning included, the simulator's not.
"""

import asyncio
import os
import tempfile
import time

from benchmarks.surroundings import simulator

LIMIT = 8.0  # CPU milliseconds a judgment or output
PAIRS_PER_PROMPT = 6


def run() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"JUDGEBOARD_VAR": folder, "ALLOWED_NETWORKS": "127.0.0.0/8", "DATABASE_URL": "", "REDIS_URL": ""}
        with simulator("--latency", "0.05") as base_url:
            return _measure(base_url)


def _measure(base_url: str) -> bool:
    from benchmarks.wish import plan  # imports Django's models, so only after the environment is set
    from workers.broker_free import work

    plan(base_url, PAIRS_PER_PROMPT)
    wall, cpu = time.perf_counter(), time.process_time()
    answered = asyncio.run(work(until_done=True, stop=asyncio.Event(), told=lambda line: None))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    each = 1000 * cpu / answered
    print("answered   seconds   a second   CPU ms each")
    print(f"{answered:>8,}   {wall:7.1f}   {answered / wall:8.0f}   {each:11.2f}")
    print(f"pipeline: {each:.2f} CPU ms a row ({'within' if each <= LIMIT else 'BEYOND'} {LIMIT:g})")
    return each <= LIMIT
