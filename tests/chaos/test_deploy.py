"""R8: a worker under load is told to end, as every deploy does. It claims no more, stores what is under way, and is gone."""

import signal
import time

import pytest

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from judgeboard.llm.simulator import Options, running_simulator
from tests.chaos.killing import answered, books, wait_until_said
from tests.workers.installation import processes, start_beat, start_worker, wait_until_over
from tests.workers.lanes import small_run

pytestmark = pytest.mark.django_db(transaction=True)

EXIT_WITHIN = 35.0  # seconds
A_SLICE = "20"  # seconds for which a drain goes on by itself, as in an installation


def deployed(environment, logs, *, deploys, answers_between, latency, **sizes):
    """The books of a run whose worker is told to end so often, and what is seen of each end."""
    ends, options = [], Options(seed=1, latency_seconds=latency)
    with running_simulator(options) as simulator, processes(environment, logs, DRAIN_SLICE=A_SLICE) as running:
        run = small_run(simulator, **sizes)
        Endpoint.objects.update(concurrency=4)
        worker = start_worker(running)
        start_beat(running)
        for _ in range(deploys):
            wait_until_said(simulator, answered(simulator) + answers_between, run, running)
            ends.append(told_to_end(worker))
            worker.restarts = 0
        wait_until_over(run, running, seconds=600)
        return books(run), simulator.counts["repeated"], ends


def told_to_end(worker) -> tuple[float, int]:
    """Seconds until it had ended, and the number of rows that were left to their leases."""
    started = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    code = worker.process.wait(120)
    assert 0 == code
    return time.monotonic() - started, Output.objects.leased().count()


def test_a_worker_that_is_told_to_end_begins_nothing_new_and_leaves_nothing(child_environment, tmp_path):
    options = Options(seed=1, latency_seconds=0.3)
    with (
        running_simulator(options) as simulator,
        processes(child_environment, tmp_path / "logs", DRAIN_SLICE=A_SLICE) as running,
    ):
        run = small_run(simulator, contenders=2, prompts=40)
        Endpoint.objects.update(concurrency=4)
        worker = start_worker(running, concurrency=2)
        start_beat(running)
        wait_until_said(simulator, 10, run, running)
        before = answered(simulator)
        seconds, left = told_to_end(worker)
        after = answered(simulator)

    # Two lanes of four calls, and as many that may have been begun before the word came.
    assert after - before <= 2 * 4 + 2 * 4
    assert after == Output.objects.done().count() + Judgment.objects.done().count()
    assert 0 == left
    assert seconds < int(A_SLICE)


@pytest.mark.chaos
def test_R8_twenty_deploys_under_load(child_environment, tmp_path, promise):
    told, twice, ends = deployed(
        child_environment, tmp_path / "logs", deploys=20, answers_between=30, latency=2.0, contenders=5, prompts=40
    )

    longest, left = max(seconds for seconds, _ in ends), sum(rows for _, rows in ends)
    promise(
        "R8",
        f"SIGTERM to a worker under load, {len(ends)} times, calls of 2 s",
        must="0 lost, 0 paid twice, exit <= 35 s",
        shown=f"{told.final} of {told.owed}: {told.lost} lost, {twice} paid twice; longest exit {longest:.1f} s; "
        f"{left} rows left to their leases",
    )
    # 5 x 40 outputs, and 10 pairs x 40 prompts in both orders.
    assert 200 + 800 == told.owed == told.final == told.distinct
    assert (0, 0) == (told.lost, twice)
    assert 20 == len(ends)
    assert longest <= EXIT_WITHIN
