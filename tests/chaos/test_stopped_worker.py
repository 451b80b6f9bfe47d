"""R10: a worker that is stopped past its lease and continued brings its results too late, and they are discarded.

The first answer to each question is held until its worker is stopped, so that it lies in that worker's socket. By the time
it goes on, another has taken its rows over and has been answered.
"""

import os
import signal
import threading
import time

import pytest
from django.utils import timezone

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from tests import stage
from tests.workers.installation import SHORT_LEASES, ends_of_logs, start_worker
from tests.workers.lanes import contender_at, drain_once
from tests.workers.scripted import as_text, scripted
from workers import conductor
from workers.celery import app
from workers.processes import Processes
from workers.tasks import STALE_AFTER

pytestmark = pytest.mark.django_db(transaction=True)

LATE, IN_TIME = "Too late.", "In time."
PATIENT = SHORT_LEASES | {"CALL_DEADLINE": "60"}  # being stopped must not look like a slow endpoint


class Provider:
    """Holds the first answer to each question until `stopped` is set; the second comes at once."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self.stopped = threading.Event()

    def answer(self, asked):
        question = as_text(asked)
        if question in self._asked:
            return IN_TIME
        self._asked.add(question)
        self.stopped.wait(60)
        return LATE


def wait_until(condition, running, *, seconds=240, pause=0.1):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, ends_of_logs(running)
        time.sleep(pause)


def ring():
    """As the tick does, again and again: a drain that has just gone on may hold its lane for a moment more."""
    for lane in conductor.look(timezone.now()).lanes:
        app.send_task("drain", (lane,), expires=STALE_AFTER)


def stop_past_the_lease(worker, lanes, provider, endpoint, running):
    """One stop: every lane has a call under way, loses it, and is drained here while the worker stands still."""
    before = len(endpoint.asked)
    wait_until(lambda: ring() or len(endpoint.asked) >= before + len(lanes), running, pause=1)
    os.killpg(worker.process.pid, signal.SIGSTOP)
    provider.stopped.set()
    wait_until(lambda: set(conductor.look(timezone.now()).lanes) == {lane.pk for lane in lanes}, running)
    for lane in lanes:
        assert 1 == drain_once(lane).answered
    provider.stopped.clear()
    os.killpg(worker.process.pid, signal.SIGCONT)


def stopped_and_continued(child_environment, logs, *, at_once, times):
    """So many lanes, each with one call under way, stopped so many times; the calls made, and the rows."""
    provider, prompts = Provider(), list(stage.prompt_set(size=times).prompts.all())
    with (
        scripted(provider.answer) as endpoint,
        Processes(logs, environment=child_environment | PATIENT) as running,
    ):
        contenders = [contender_at(endpoint.base_url, f"model-{number}", concurrency=1) for number in range(at_once)]
        lanes = [contender.endpoint for contender in contenders]
        worker = start_worker(running, concurrency=at_once)
        for prompt in prompts:
            want_outputs(contenders=contenders, prompts=[prompt])
            stop_past_the_lease(worker, lanes, provider, endpoint, running)
    # The worker was ended softly: it has come to the end of all that it had begun.
    return len(endpoint.asked), list(Output.objects.all())


def check(calls, rows, *, stops):
    late, kept = calls - len(rows), [row.texts for row in rows]
    assert (stops, stops) == (late, len(rows))
    assert [[IN_TIME]] * stops == kept
    assert {("done", 1)} == {(row.status, row.calls) for row in rows}
    assert not Endpoint.objects.exclude(lane_token=None).exists()


def test_what_a_worker_says_that_was_stopped_past_its_lease_is_discarded(child_environment, tmp_path):
    check(*stopped_and_continued(child_environment, tmp_path / "logs", at_once=3, times=1), stops=3)


@pytest.mark.chaos
def test_R10_a_hundred_late_results_of_stopped_workers_are_discarded(child_environment, tmp_path, promise):
    calls, rows = stopped_and_continued(child_environment, tmp_path / "logs", at_once=10, times=10)
    doubled = sum(row.texts != [IN_TIME] or row.calls != 1 for row in rows)
    promise(
        "R10",
        "a worker stopped past its lease and continued, 100 calls",
        must="100 late results discarded, nothing doubled",
        shown=f"{calls - len(rows)} late results, {sum(row.texts == [LATE] for row in rows)} of them kept, {doubled} doubled",
    )
    check(calls, rows, stops=100)
