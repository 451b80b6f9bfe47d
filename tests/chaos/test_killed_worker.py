"""R1: workers are killed in the middle of their calls, the broker forgets everything, and no row is lost or doubled.

The short form runs with all tests; the long one with `make chaos`. Of R1 the long form does: 2,000 judgments on
PostgreSQL and Redis, two workers, 30 times kill -9 of a random one while calls are under way, one kill of the tick, one
flush of the broker, and a provider with 3 % of 429, 3 % of 500, 2 % of time-outs and 2 % of half JSON.
It does not do yet: kill -9 of Redis itself (twice) and an immediate stop of PostgreSQL.

"Paid twice" are calls that the simulator answered in full, twice. An answer is in danger from the moment it is heard
until it is stored (a commit); what a provider charges for calls that were cut off is not in it.
"""

import os
import random
import time

import pytest
import redis
from rich.console import Console
from rich.table import Table

from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.runs.models import Run
from judgeboard.llm.simulator import Faults, Options, running_simulator
from tests.chaos.killing import books, kill
from tests.workers.installation import is_over, processes, start_beat, start_worker, wait_until_over
from tests.workers.lanes import judge_at, small_run

pytestmark = pytest.mark.django_db(transaction=True)


def forget_all_messages() -> None:
    """FLUSHDB, not FLUSHALL: all that Celery has in Redis is in its own database, and others may be there beside it."""
    redis.Redis.from_url(os.environ["REDIS_URL"]).flushdb()


def test_killed_workers_and_a_flushed_broker_lose_nothing_and_double_nothing(child_environment, tmp_path, capsys):
    chance = random.Random(1)
    faults = Faults(rate_limited=0.03, server_error=0.03, half_json=0.02)
    options = Options(seed=1, latency_seconds=0.1, faults=faults)
    with running_simulator(options) as simulator, processes(child_environment, tmp_path / "logs") as running:
        run = small_run(simulator, contenders=4, prompts=4)
        Endpoint.objects.update(concurrency=2)
        workers = [start_worker(running, name, concurrency=1) for name in ("first", "second")]
        start_beat(running)
        # 16 outputs and 48 judgments: by progress, so that each kill comes while there is something to lose.
        for said in (8, 26, 44):
            wait_until_said(simulator, said, run, running)
            kill(chance.choice(workers))
            if said == 26:
                forget_all_messages()
        wait_until_over(run, running, seconds=60)
        twice = simulator.counts["repeated"]

    told = books(run)
    with capsys.disabled():
        print(f"\nkilled workers: 3 kills, 1 flush; {told.owed} owed, {told.lost} lost, {twice} calls paid twice")
    # 4 x 4 outputs, 6 pairs x 4 prompts in both orders.
    assert 16 + 48 == told.owed == told.rows == told.distinct == told.final
    assert (0, 0) == (told.lost, told.failed)
    # A worker of one process drains one lane and has claimed at most twice the lane's concurrency of two.
    assert twice <= 3 * 2 * 2


def wait_until_said(simulator, said, run, running):
    deadline = time.monotonic() + 60
    while answered(simulator) < said and not is_over(run):
        assert time.monotonic() < deadline, f"Only {simulator.counts} after a minute."
        running.tend()
        time.sleep(0.02)


def answered(simulator):
    return simulator.counts["by_result"].get("ok", 0)


# --- R1 ---------------------------------------------------------------------------------------------------------------
KILLS = 30
KILLS_THAT_HURT = 10  # at least: those whose victim held rows, which a killed worker that was just starting does not
ANSWERS_BETWEEN_KILLS = 15
JUDGMENTS = 2000
PAID_TWICE_AT_MOST = 0.01


@pytest.mark.chaos
def test_R1_two_thousand_judgments_outlive_thirty_killed_workers(child_environment, tmp_path, capsys):
    faults = Faults(rate_limited=0.03, server_error=0.03, timed_out=0.02, half_json=0.02, hang_seconds=30)
    options = Options(seed=1, latency_seconds=1.0, faults=faults)
    started = time.monotonic()
    with running_simulator(options) as simulator, processes(child_environment, tmp_path / "logs") as running:
        run = _wish(simulator)
        workers = [start_worker(running, name) for name in ("first", "second")]
        beat = start_beat(running)
        hurt = _kill_one_after_the_other(simulator, run, running, workers, beat)
        wait_until_over(run, running, seconds=600)
        counts = simulator.counts

    told = books(run)
    figures = {
        "judgments": Judgment.objects.done().count(),
        "owed rows": told.owed,
        "lost": told.lost,
        "doubled": told.rows - told.distinct,
        "failed": told.failed,
        "worker kills": len(hurt),
        "of them in possession of rows": sum(hurt),
        "calls": counts["requests"],
        "paid twice": counts["repeated"],
        "seconds": round(time.monotonic() - started),
    }
    with capsys.disabled():
        _show(figures)
    assert JUDGMENTS == figures["judgments"]
    assert (0, 0, 0) == (told.lost, told.rows - told.distinct, told.failed)
    assert KILLS == len(hurt)
    assert sum(hurt) >= KILLS_THAT_HURT
    assert counts["repeated"] <= PAID_TWICE_AT_MOST * told.owed


def _wish(simulator) -> Run:
    """5 contenders on 50 prompts: 250 outputs; 10 pairs x 50 prompts x 2 orders x 2 judges = 2,000 judgments."""
    run = small_run(simulator, contenders=5, prompts=50)
    run.judges.add(judge_at(simulator.base_url, "sim-judge-pine"))
    Endpoint.objects.update(concurrency=4, deadline=3)
    return run


def _kill_one_after_the_other(simulator, run, running, workers, beat) -> list[bool]:
    """A random worker whenever some more was answered, beat and broker once each; for each kill, whether rows were held."""
    chance, hurt = random.Random(1), []
    for number in range(1, KILLS + 1):
        wait_until_said(simulator, answered(simulator) + ANSWERS_BETWEEN_KILLS, run, running)
        before = _leases()
        kill(chance.choice(workers))
        if number == 10:
            forget_all_messages()
        if number == 20:
            kill(beat)
        running.tend()
        for watched in running.watched:
            watched.restarts = 0  # they do not end by themselves: we end them
        time.sleep(1.6)  # longer than a heartbeat: who lives has renewed its leases by then
        hurt.append(bool(before & _leases()))
    return hurt


def _leases() -> set[tuple[object, ...]]:
    return set(Endpoint.objects.exclude(lane_token=None).values_list("lane_token", "lane_until"))


def _show(figures):
    table = Table("what", "how many", title="R1: killed workers")
    for name, figure in figures.items():
        table.add_row(name, str(figure))
    Console().print(table)
    print("R1: " + ", ".join(f"{name} {figure}" for name, figure in figures.items()))
