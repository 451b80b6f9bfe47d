"""R4: every message comes five times, in any order, to eight workers, and nobody is called once more for it.

With the leases of an installation: shorter ones are lost on a busy machine, and then a call is rightly made again.
"""

import random
import time

import pytest
from django.utils import timezone

from apps.runs.models import Run
from judgeboard.llm.simulator import Options, running_simulator
from tests.chaos.killing import books
from tests.workers.installation import ends_of_logs, is_over, start_worker
from tests.workers.lanes import planned_run
from workers import conductor
from workers.celery import app
from workers.processes import Processes
from workers.tasks import STALE_AFTER

pytestmark = pytest.mark.django_db(transaction=True)

COPIES = 5


def deliver(chance: random.Random) -> int:
    """Rings for whatever has work, as the tick does, but five times each and shuffled; how many messages that were."""
    work = conductor.look(timezone.now())
    messages = [*(("drain", lane) for lane in work.lanes), *(("refit", board) for board in work.boards)] * COPIES
    chance.shuffle(messages)
    for task, key in messages:
        app.send_task(task, (key,), expires=STALE_AFTER)
    return len(messages)


def run_until_over(run: Run, running, *, seconds: float) -> int:
    chance, messages, deadline = random.Random(4), 0, time.monotonic() + seconds
    while not is_over(run):
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        messages += deliver(chance)
        time.sleep(1)
    return messages


def delivered_five_times(child_environment, logs, *, workers, contenders, prompts):
    with (
        running_simulator(Options(seed=1, latency_seconds=0.05)) as simulator,
        Processes(logs, environment=child_environment) as running,
    ):
        run = planned_run(simulator, contenders=contenders, prompts=prompts)
        for number in range(workers):
            start_worker(running, f"worker-{number}", concurrency=8 // workers)
        messages = run_until_over(run, running, seconds=600)
    return messages, simulator.counts, books(run)


def check(counts, told):
    assert told.owed == told.final == told.rows
    assert (told.owed, 0) == (counts["requests"], counts["repeated"])


def test_messages_that_come_five_times_cost_no_call_more(child_environment, tmp_path):
    _, counts, told = delivered_five_times(child_environment, tmp_path / "logs", workers=1, contenders=3, prompts=2)

    check(counts, told)


@pytest.mark.chaos
def test_R4_every_message_five_times_and_shuffled_to_eight_workers(child_environment, tmp_path, promise):
    # 5 x 40 outputs, 10 pairs x 40 prompts x 2 orders
    messages, counts, told = delivered_five_times(
        child_environment, tmp_path / "logs", workers=4, contenders=5, prompts=40
    )
    promise(
        "R4",
        "every message delivered 5 times, shuffled, to 8 workers",
        must="0 extra calls",
        shown=f"{counts['requests'] - told.owed} extra calls for {told.owed:,} rows after {messages} messages",
    )
    check(counts, told)
