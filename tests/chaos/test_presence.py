"""Who works is told by processes that beat: one that was killed falls silent where it was, and hosts share the lanes."""

import time

import pytest

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint, Worker
from apps.judging.models import Judgment
from judgeboard.llm.simulator import Options, running_simulator
from tests.chaos.killing import kill
from tests.other_hosts import on_host, why_no_other_host
from tests.workers.installation import ends_of_logs, is_over, processes, start_beat, start_worker, wait_until_over
from tests.workers.lanes import small_run

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_a_killed_worker_falls_silent_on_its_lane_and_another_is_heard_of_there(child_environment, tmp_path):
    with (
        running_simulator(Options(latency_seconds=0.3)) as simulator,
        processes(child_environment, tmp_path / "logs") as running,
    ):
        run = small_run(simulator, contenders=2, prompts=10)
        Endpoint.objects.update(concurrency=1)
        start_beat(running)
        worker = start_worker(running, concurrency=1)
        doomed = wait_for_one_on_a_lane(running)

        kill(worker)
        other = wait_for_one_on_a_lane(running, but=doomed)  # the watched worker is started again
        wait_until_over(run, running, seconds=60)

    dead, living = (Worker.objects.get(pk=one.pk) for one in (doomed, other))
    assert dead.lanes
    assert dead.beat_at < living.beat_at
    assert [] == living.lanes


def wait_for_one_on_a_lane(running, *, but: Worker | None = None) -> Worker:
    deadline = time.monotonic() + 60
    while True:
        for one in Worker.objects.exclude(pk=but.pk if but else None):
            if one.lanes:
                return one
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        time.sleep(0.05)


def test_workers_of_two_hosts_share_the_lanes_and_double_nothing(child_environment, tmp_path):
    if (refused := why_no_other_host()) is not None:
        pytest.skip(f"A process cannot be given a host name of its own here: {refused}")
    with (
        running_simulator(Options(latency_seconds=0.1)) as simulator,
        processes(child_environment, tmp_path / "logs") as running,
    ):
        run = small_run(simulator, contenders=4, prompts=10)
        Endpoint.objects.update(concurrency=2)
        start_beat(running)
        for host in ("north", "south"):
            start_worker(running, host, concurrency=1, within=on_host(host))
        seen, deadline = set(), time.monotonic() + 120
        while not is_over(run):
            assert time.monotonic() < deadline, ends_of_logs(running)
            seen |= {(one.host, lane) for one in Worker.objects.all() for lane in one.lanes}
            running.tend()
            time.sleep(0.05)
        told = simulator.counts

    assert {"north", "south"} == {host for host, _ in seen}
    # 4 x 10 outputs, 6 pairs x 10 prompts in both orders.
    assert (40 + 120, 0) == (told["requests"], told["repeated"])
    assert (40, 120) == (Output.objects.done().count(), Judgment.objects.done().count())
