"""R3: how long it takes until a row that a killed worker held is asked again by another.

Two workers take turns: one holds the rows and is killed, the other takes them over while the first is started again. The
model takes so long that no call comes to its end before its worker is killed.
"""

import socket
import time
from collections.abc import Iterator

import pytest

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from judgeboard.llm.simulator import Options, running_simulator
from tests.chaos.killing import kill
from tests.workers.installation import ends_of_logs, processes, start_beat, start_worker
from tests.workers.lanes import planned_run
from workers.celery import app

pytestmark = pytest.mark.django_db(transaction=True)

GRACE = 5.0  # seconds on top of the lease
A_LONG_TIME = Options(latency_seconds=600, latency_spread=0)
NEVER = "600"  # seconds that a call may take


def recoveries(environment, logs, *, kills: int, lease: int, rows: int) -> Iterator[float]:
    """The seconds it took, for each row that was held at each kill."""
    patience = {"LEASE_SECONDS": str(lease), "CALL_DEADLINE": NEVER, "TASK_TIME_LIMIT": "700"}
    with running_simulator(A_LONG_TIME) as simulator, processes(environment, logs, **patience) as running:
        planned_run(simulator, contenders=rows, prompts=1)
        owed = Output.objects.values_list("pk", flat=True)
        Endpoint.objects.update(concurrency=1, deadline=int(NEVER))
        holder = start_worker(running, "first", concurrency=rows)
        start_beat(running)
        wait_until_leased_under_others(dict.fromkeys(owed), running)
        other = start_worker(running, "second", concurrency=rows)
        for _ in range(kills):
            wait_until_ready(other, running)
            held = wait_until_all_leased(rows, running)
            kill(holder)
            started = time.monotonic()
            holder.restarts = 0  # it did not end by itself
            yield from (then - started for then in wait_until_leased_under_others(held, running))
            holder, other = other, holder


def wait_until_ready(worker, running) -> None:
    """Until it answers: how long a worker takes to start is not what is measured."""
    name = f"{worker.name}@{socket.gethostname()}"
    for _ in range(60):
        running.tend()
        if app.control.ping(destination=[name], timeout=1, limit=1):
            return
    raise TimeoutError(f"{name} does not answer.\n{ends_of_logs(running)}")


def leases() -> dict[int, object]:
    return dict(Output.objects.leased().values_list("pk", "lease_token"))


def wait_until_all_leased(rows, running) -> dict[int, object]:
    """A worker that is short of processor time may have lost a lease for a moment."""
    deadline = time.monotonic() + 60
    while len(held := leases()) < rows:
        assert time.monotonic() < deadline, ends_of_logs(running)
        time.sleep(0.02)
    return held


def wait_until_leased_under_others(before, running) -> list[float]:
    """When each of the rows was leased under a token other than `before`."""
    deadline, then = time.monotonic() + 120, {}
    while len(then) < len(before):
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        for key, token in leases().items():
            if token != before.get(key):
                then.setdefault(key, time.monotonic())
        time.sleep(0.02)
    return list(then.values())


def test_a_killed_workers_rows_are_asked_again_soon_after_the_lease(child_environment, tmp_path):
    took = list(recoveries(child_environment, tmp_path / "logs", kills=1, lease=3, rows=2))

    assert 2 == len(took)
    assert max(took) <= 3 + GRACE


KILLS = 200
LEASE = 5


@pytest.mark.chaos
def test_R3_two_hundred_killed_workers(child_environment, tmp_path, promise):
    took = list(recoveries(child_environment, tmp_path / "logs", kills=KILLS, lease=LEASE, rows=2))

    in_time = sum(seconds <= LEASE + GRACE for seconds in took)
    promise(
        "R3",
        f"recovery of the rows of a killed worker, {KILLS} kills, two rows each, a lease of {LEASE} s",
        must=f"<= lease + {GRACE:g} s, all of {KILLS}",
        shown=f"{in_time} of {len(took)}; median {sorted(took)[len(took) // 2]:.1f} s, longest {max(took):.1f} s",
    )
    assert 2 * KILLS == len(took) == in_time
