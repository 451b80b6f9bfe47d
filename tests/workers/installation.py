"""Celery as an installation runs it: workers and beat as processes of their own, on a test's database and broker."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.runs.models import Run
from apps.runs.queries import run_progress
from workers.processes import Processes, Watched

CELERY = (sys.executable, "-m", "celery", "-A", "workers", "worker", "--loglevel", "WARNING")
ALONE = ("--without-mingle", "--without-gossip")
# Short, so that what a killed worker held is free again while the test still runs.
SHORT_LEASES = {"LEASE_SECONDS": "3", "LEASE_HEARTBEAT": "1", "DRAIN_SLICE": "5", "CALL_DEADLINE": "10"}


@contextmanager
def processes(environment: dict[str, str], logs: Path, **settings: str) -> Iterator[Processes]:
    with Processes(logs, environment=environment | SHORT_LEASES | settings) as running:
        yield running


def start_worker(
    running: Processes, name: str = "worker", *, concurrency: int = 2, within: tuple[str, ...] = ()
) -> Watched:
    options = ("-n", f"{name}@%h", "-Q", "drain,refit", "--pool", "prefork", "--concurrency", str(concurrency))
    return running.start(name, *within, *CELERY, *ALONE, *options)


def start_worker_with_tick(running: Processes) -> Watched:
    """One process for everything, as a small machine has it."""
    options = ("-n", "all@%h", "-Q", "tick,drain,refit", "--concurrency", "2", "-B")
    return running.start("all", *CELERY, *ALONE, *options, "--schedule", str(running.logs / "schedule"))


def start_beat(running: Processes) -> Watched:
    options = ("-n", "beat@%h", "-Q", "tick", "--pool", "solo", "-B", "--schedule", str(running.logs / "schedule"))
    return running.start("beat", *CELERY, *ALONE, *options)


def is_over(run: Run) -> bool:
    return run_progress(Run.objects.get(pk=run.pk)).is_over


def wait_until_over(run: Run, running: Processes, *, seconds: float) -> None:
    """Tends the processes until nothing in the run can be asked any more; fails with the ends of their logs."""
    deadline = time.monotonic() + seconds
    while not is_over(run):
        assert time.monotonic() < deadline, (
            f"Not over after {seconds:g} s: {run_progress(run)}\n{ends_of_logs(running)}"
        )
        running.tend()
        time.sleep(0.1)


def ends_of_logs(running: Processes) -> str:
    return "\n".join(f"--- {log.name}\n{log.read_text()[-2000:]}" for log in sorted(running.logs.glob("*.log")))
