"""A real Celery worker with its tick, on both brokers: a message is only a bell, the rows are the work."""

import time

import pytest

from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.ratings.queries import latest_leaderboard
from apps.runs.models import Run
from judgeboard.llm.simulator import running_simulator
from tests.workers.installation import ends_of_logs, processes, start_worker_with_tick, wait_until_over
from tests.workers.lanes import small_run


@pytest.fixture(params=["redis", "filesystem"])
def environment(request, child_environment, tmp_path):
    """That of a worker process; without REDIS_URL the queue is a folder."""
    own = {"JUDGEBOARD_VAR": str(tmp_path / "var")}
    return child_environment | own | ({"REDIS_URL": ""} if request.param == "filesystem" else {})


def test_a_worker_with_its_tick_takes_a_wish_to_ratings(environment, tmp_path):
    with running_simulator() as simulator, processes(environment, tmp_path / "logs") as running:
        run = small_run(simulator)
        start_worker_with_tick(running)
        wait_until_over(run, running, seconds=60)
        wait_until_rated(run, running, seconds=30)

        # 3 x 6 outputs, and 3 pairs x 6 prompts in both orders: each asked once.
        assert (54, 0) == (simulator.counts["requests"], simulator.counts["repeated"])

    assert (18, 36) == (Output.objects.done().count(), Judgment.objects.done().count())
    assert Run.objects.get(pk=run.pk).finished_at is not None
    assert not Output.objects.leased().exists()


def wait_until_rated(run, running, *, seconds):
    deadline = time.monotonic() + seconds
    while (leaderboard := latest_leaderboard(run.board)) is None or leaderboard.n_judgments < 36:
        assert time.monotonic() < deadline, f"Not rated after {seconds} s.\n{ends_of_logs(running)}"
        time.sleep(0.1)
