"""R1: workers, the broker and the database are killed in the middle of calls, and no row is lost or doubled. And R9: the
ratings that were stored on the way follow from the rows alone.

The short form runs with all tests; the long one with `make chaos`.

"Paid twice" are calls that the simulator answered in full, twice. An answer is in danger from the moment it is given
until it is stored (a commit); what a provider charges for calls that were cut off is not in it. So their number grows with
the calls that end a second, and with whatever else keeps the machine busy: run the long form on a quiet one.
"""

import random
import time
from collections.abc import Callable

import pytest
import redis
from django.utils import timezone

from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.ratings.models import Leaderboard
from apps.ratings.operations import refit_board
from apps.ratings.queries import latest_leaderboard
from apps.runs.models import Run
from judgeboard.llm.simulator import Faults, Options, running_simulator
from tests.chaos.killing import answered, books, kill, wait_until_rated, wait_until_said
from tests.chaos.mortal import DATABASE, REDIS
from tests.workers.installation import (
    processes,
    start_beat,
    start_worker,
    wait_until_over,
)
from tests.workers.lanes import judge_at, small_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("mortal")]

Act = Callable[[], None]
AWAY = 1.0  # seconds


def broker_forgets(mortal) -> Act:
    return lambda: redis.Redis.from_url(mortal.environment[REDIS]).flushall()


def away_for_a_moment(mortal, name) -> Act:
    def act():
        mortal.kill(name)
        time.sleep(AWAY)
        mortal.revive(name)

    return act


def test_killed_workers_and_servers_lose_nothing_and_double_nothing(mortal, tmp_path):
    chance = random.Random(1)
    faults = Faults(rate_limited=0.03, server_error=0.03, half_json=0.02)
    options = Options(seed=1, latency_seconds=0.1, faults=faults)
    with running_simulator(options) as simulator, processes(mortal.environment, tmp_path / "logs") as running:
        run = small_run(simulator, contenders=3, prompts=5)
        Endpoint.objects.update(concurrency=2)
        workers = [start_worker(running, name, concurrency=1) for name in ("first", "second")]
        start_beat(running)
        # 15 outputs and 30 judgments: by progress, so that each act comes while there is something to lose.
        acts = {
            8: (lambda: kill(chance.choice(workers)),),
            18: (away_for_a_moment(mortal, DATABASE), away_for_a_moment(mortal, REDIS)),
            30: (lambda: kill(chance.choice(workers)), broker_forgets(mortal)),
        }
        for said, at_once in acts.items():
            wait_until_said(simulator, said, run, running)
            for act in at_once:
                act()
        wait_until_over(run, running, seconds=120)
        twice = simulator.counts["repeated"]

    told = books(run)
    # 3 x 5 outputs, 3 pairs x 5 prompts in both orders.
    assert 15 + 30 == told.owed == told.rows == told.distinct == told.final
    assert (0, 0) == (told.lost, told.failed)
    # Each act may cost what both workers had under way: one lane each, with two calls, claimed two rounds ahead.
    assert twice <= len(acts) * 2 * 2 * 2
    refit_board(board=run.board, now=timezone.now())
    stored, again = stored_and_computed_anew(run)
    assert stored == again


def stored_and_computed_anew(run) -> tuple[dict[str, object], dict[str, object]]:
    """Every figure of the newest snapshot, and of one made of nothing but the rows."""
    newest = latest_leaderboard(run.board)
    stored = figures_of(newest)
    Leaderboard.objects.all().delete()
    return stored, figures_of(refit_board(board=run.board, now=newest.fitted_at))


def figures_of(leaderboard) -> dict[str, object]:
    unlike = {"id", "leaderboard_id"}
    rows = leaderboard.ratings.order_by("contender", "by", "judge").values()
    told = [{name: value for name, value in row.items() if name not in unlike} for row in rows]
    return {"digest": leaderboard.evidence_digest, "judgments": leaderboard.n_judgments, "ratings": told}


# --- R1 and R9 --------------------------------------------------------------------------------------------------------
KILLS = 30
KILLS_THAT_HURT = 10  # at least: those whose victim held rows, which a killed worker that was just starting does not
ANSWERS_BETWEEN_KILLS = 15
A_CALL = 2.0  # seconds, as a quick judge takes
JUDGMENTS = 2000
PAID_TWICE_AT_MOST = 0.01
FAULTS = Faults(rate_limited=0.03, server_error=0.03, timed_out=0.02, half_json=0.02, hang_seconds=30)
# Long enough that a busy machine loses no lease of those who live.
LEASES = {"LEASE_SECONDS": "10", "LEASE_HEARTBEAT": "1"}


@pytest.mark.chaos
def test_R1_two_thousand_judgments_outlive_killed_workers_and_servers(mortal, tmp_path, promise):
    options = Options(seed=1, latency_seconds=A_CALL, faults=FAULTS)
    started = time.monotonic()
    with running_simulator(options) as simulator, processes(mortal.environment, tmp_path / "logs", **LEASES) as running:
        run = _wish(simulator, prompts=50)
        workers = [start_worker(running, name) for name in ("first", "second")]
        beat = start_beat(running)
        acts = {
            5: away_for_a_moment(mortal, REDIS),
            10: broker_forgets(mortal),
            15: away_for_a_moment(mortal, REDIS),
            20: lambda: kill(beat),
            25: away_for_a_moment(mortal, DATABASE),
        }
        hurt = _kill_one_after_the_other(simulator, run, running, workers, KILLS, acts)
        wait_until_over(run, running, seconds=900)
        counts = simulator.counts

    told, done = books(run), Judgment.objects.done().count()
    doubled, share = told.rows - told.distinct, counts["repeated"] / told.owed
    promise(
        "R1",
        f"{told.owed - JUDGMENTS} outputs and {JUDGMENTS} judgments; {len(hurt)} worker kills ({sum(hurt)} held rows), "
        "Redis killed twice and flushed once, PostgreSQL stopped at once, the tick killed; 10 % faults",
        must="2,000 verdicts, 0 lost, 0 doubled, 0 failed; paid twice <= 1 %",
        shown=f"{done} verdicts, {told.lost} lost, {doubled} doubled, {told.failed} failed; {counts['repeated']} paid "
        f"twice ({share:.2%}); {counts['requests']} calls, {time.monotonic() - started:.0f} s",
    )
    assert JUDGMENTS == done
    assert (0, 0, 0) == (told.lost, doubled, told.failed)
    assert KILLS == len(hurt)
    assert sum(hurt) >= KILLS_THAT_HURT
    assert share <= PAID_TWICE_AT_MOST


@pytest.mark.chaos
def test_R9_ratings_stored_in_the_midst_of_kills_follow_from_the_rows(mortal, tmp_path, promise):
    options = Options(seed=9, latency_seconds=1.0, faults=FAULTS)
    with running_simulator(options) as simulator, processes(mortal.environment, tmp_path / "logs") as running:
        run = _wish(simulator, prompts=10)
        workers = [start_worker(running, name) for name in ("first", "second")]
        start_beat(running)
        acts = {2: away_for_a_moment(mortal, DATABASE), 3: away_for_a_moment(mortal, REDIS)}
        _kill_one_after_the_other(simulator, run, running, workers, 4, acts)
        wait_until_over(run, running, seconds=300)
        wait_until_rated(run, running)

    stored, again = stored_and_computed_anew(run)
    promise(
        "R9",
        f"ratings of {stored['judgments']} judgments, stored by workers in the midst of kills, computed anew from rows",
        must="equal to the stored ones, same evidence digest",
        shown=f"{len(stored['ratings'])} ratings {'equal' if stored == again else 'NOT equal'} in every figure, digests "
        f"{stored['digest'][:12]} and {again['digest'][:12]}",
    )
    assert stored == again


def _wish(simulator, *, prompts) -> Run:
    """5 contenders: as many outputs a prompt; 10 pairs x 2 orders x 2 judges = 40 judgments a prompt."""
    run = small_run(simulator, contenders=5, prompts=prompts)
    run.judges.add(judge_at(simulator.base_url, "sim-judge-pine"))
    Endpoint.objects.update(concurrency=4, deadline=8)
    return run


def _kill_one_after_the_other(simulator, run, running, workers, kills, acts) -> list[bool]:
    """A random worker whenever some more was answered, and what else is to be done at that kill; for each of them,
    whether rows were held."""
    chance, hurt = random.Random(1), []
    for number in range(1, kills + 1):
        wait_until_said(simulator, answered(simulator) + ANSWERS_BETWEEN_KILLS, run, running)
        time.sleep(chance.uniform(0, 1))  # not just when somebody was answered
        before = _leases()
        kill(chance.choice(workers))
        acts.get(number, lambda: None)()
        running.tend()
        for watched in running.watched:
            watched.restarts = 0  # they do not end by themselves: we end them
        time.sleep(1.6)  # longer than a heartbeat: who lives has renewed its leases by then
        hurt.append(bool(before & _leases()))
    return hurt


def _leases() -> set[tuple[object, ...]]:
    return set(Endpoint.objects.exclude(lane_token=None).values_list("lane_token", "lane_until"))
