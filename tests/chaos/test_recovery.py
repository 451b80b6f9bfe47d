"""R3: how long it takes until a row that a killed worker held is asked again by another.

Two workers take turns: one holds the rows and is killed, the other takes them over while the first is started again. The
model takes so long that no call comes to its end before its worker is killed.
"""

import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

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
MOMENT = 0.5  # seconds between the clocks of the database and ours, and the time a kill takes
NEVER = "600"  # seconds that a call may take


def recoveries(environment, logs, *, kills: int, lease: int, rows: int) -> Iterator[list[float]]:
    """The seconds it took for each row that was held, kill by kill; of kills whose victim held one."""
    patience = {"LEASE_SECONDS": str(lease), "CALL_DEADLINE": NEVER, "TASK_TIME_LIMIT": "700"}
    patience |= {"MOST_LOST_LEASES": "1000"}  # it is always the same rows whose worker is killed
    with running_simulator(A_LONG_TIME) as simulator, processes(environment, logs, **patience) as running:
        planned_run(simulator, contenders=rows, prompts=1)
        owed = Output.objects.values_list("pk", flat=True)
        Endpoint.objects.update(concurrency=1, deadline=int(NEVER))
        holder = start_worker(running, "first", concurrency=rows)
        start_beat(running)
        wait_until_leased_under_others(dict.fromkeys(owed), running)
        other = start_worker(running, "second", concurrency=rows)
        while kills:
            wait_until_ready(other, running)
            held = wait_until_all_leased(rows, running)
            kill(holder)
            started, last_lease = time.monotonic(), timezone.now() + timedelta(seconds=lease + MOMENT)
            holder.restarts = 0  # it did not end by itself
            took = [then - started for then in wait_until_leased_under_others(held, running, last_lease)]
            holder, other = other, holder
            if took:
                kills -= 1
                yield took


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


def wait_until_leased_under_others(before, running, last_lease: datetime | None = None) -> list[float]:
    """When each of the rows was leased under a token other than `before`.

    Left out are rows whose lease under the same token goes beyond `last_lease`: a worker that lives has renewed it. It had
    taken the row before the kill, from a victim that was short of processor time for a while.
    """
    deadline, waited_for, then = time.monotonic() + 120, set(before), []
    while waited_for:
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        for key, token, until in Output.objects.leased().values_list("pk", "lease_token", "lease_until"):
            if key in waited_for and token != before[key]:
                then.append(time.monotonic())
                waited_for.remove(key)
            elif last_lease and until > last_lease:
                waited_for.discard(key)
        time.sleep(0.02)
    return then


def test_a_killed_workers_rows_are_asked_again_soon_after_the_lease(child_environment, tmp_path):
    took = list(recoveries(child_environment, tmp_path / "logs", kills=1, lease=3, rows=2))

    assert [2] == [len(of_a_kill) for of_a_kill in took]
    assert max(took[0]) <= 3 + GRACE


KILLS = 200
LEASE = 5


@pytest.mark.chaos
def test_R3_two_hundred_killed_workers(child_environment, tmp_path, promise):
    kills = list(recoveries(child_environment, tmp_path / "logs", kills=KILLS, lease=LEASE, rows=2))

    took = [seconds for of_a_kill in kills for seconds in of_a_kill]
    in_time = sum(seconds <= LEASE + GRACE for seconds in took)
    promise(
        "R3",
        f"recovery of the rows of a killed worker, {KILLS} kills, up to two rows each, a lease of {LEASE} s",
        must=f"<= lease + {GRACE:g} s, all of {KILLS}",
        shown=f"{in_time} of {len(took)}; median {sorted(took)[len(took) // 2]:.1f} s, longest {max(took):.1f} s",
    )
    assert KILLS == len(kills)
    assert len(took) == in_time
