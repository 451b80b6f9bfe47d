"""Do two worker hosts do twice the work of one?

A host is a network namespace with an address and a host name of its own, and in it a Celery worker of two processes.
All share one PostgreSQL, one Redis, one tick and one simulator whose answers take a second (log-normal, sigma .25).
There are more endpoints than processes, and an endpoint is asked by one process at a time with so many calls at once:
what is waited for is latency, so that one machine has room for both. Measured from the first answer to the last.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.network import NETWORK, NoHosts, hosts, within
from benchmarks.surroundings import own_servers, simulator

NAMES = ("north", "south")
LEAST = 1.9  # times the throughput of one host
TRIALS = 3
LANES, JUDGMENTS, AT_ONCE, PROCESSES = 8, 240, 20, 2  # judgments: of each lane; processes: of each host
LATENCY, SPREAD = 1.0, 0.25
PATIENCE = 300.0  # seconds


def run() -> bool | None:
    try:
        with hosts(*NAMES) as address, own_servers(address):
            os.environ["ALLOWED_NETWORKS"] = str(NETWORK)
            return _measure_all(address)
    except NoHosts as reason:
        print(f"hosts: not run, because {reason}.")
        return None


def _measure_all(address: str) -> bool:
    print("hosts   judgments   a second")
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(TRIALS):
        for count, of_them in found.items():
            of_them.append(_shown(address, NAMES[:count]))
    one, two = (statistics.median(of_them) for of_them in found.values())
    kept = two / one >= LEAST
    print(f"hosts: two do {two / one:.2f} times what one does ({'within' if kept else 'BEYOND'} {LEAST:g})")
    return kept


def _shown(address: str, names: tuple[str, ...]) -> float:
    with simulator("--host", address, "--latency", str(LATENCY), "--latency-spread", str(SPREAD)) as base_url:
        command = [sys.executable, "-m", "benchmarks.hosts", base_url, *(json.dumps(within(name)) for name in names)]
        a_second = float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"{len(names):>5} {LANES * JUDGMENTS:>11,} {a_second:10.1f}", flush=True)
    return a_second


def measured(base_url: str, prefixes: list[tuple[str, ...]]) -> float:
    """Answers a second of workers that run behind these beginnings of commands, once all of them are there."""
    from benchmarks import wanted  # imports Django's models, so only after the environment is set
    from tests.workers.installation import ends_of_logs, start_beat, start_worker
    from workers.celery import app
    from workers.processes import Processes

    wanted.empty()
    with Processes(Path(os.environ["JUDGEBOARD_VAR"]) / "logs") as running:
        start_beat(running)
        for number, prefix in enumerate(prefixes):
            start_worker(running, f"worker-{number}", concurrency=PROCESSES, within=prefix)
        until = time.monotonic() + PATIENCE
        while len(app.control.ping(timeout=0.5)) < len(running.watched):
            assert time.monotonic() < until, f"The workers do not answer.\n{ends_of_logs(running)}"
        wanted.lanes(base_url, count=LANES, judgments=JUDGMENTS, at_once=AT_ONCE)
        while wanted.not_done():
            assert time.monotonic() < until, f"{wanted.not_done()} judgments are not done.\n{ends_of_logs(running)}"
            time.sleep(0.5)
    return wanted.a_second()


if __name__ == "__main__":
    print(measured(sys.argv[1], [tuple(json.loads(prefix)) for prefix in sys.argv[2:]]))
