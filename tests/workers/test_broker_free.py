"""The pipeline without a broker: from a wish to ratings, and for nothing the second time."""

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.utils import timezone

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.ratings.models import Rating
from apps.ratings.operations import ensure_board, refit_board
from apps.ratings.queries import latest_leaderboard
from apps.runs.operations import submit_contender
from apps.runs.queries import RunStatus, run_progress
from judgeboard.llm.simulator import Options, running_simulator
from tests import stage
from tests.workers.lanes import CONTENDERS, contender_at, judge_at, small_run, until
from tests.workers.scripted import scripted
from workers.broker_free import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr("workers.broker_free.LOOK_EVERY", 0.1)


def work_until_done(told=None):
    lines = [] if told is None else told
    return async_to_sync(work)(until_done=True, stop=asyncio.Event(), told=lines.append)


def judged_ratings(leaderboard):
    ratings = leaderboard.ratings.filter(by=Rating.By.JUDGES, judge=None)
    return {rating.contender.name: (rating.rating, rating.lower, rating.upper) for rating in ratings}


def test_a_run_goes_from_a_wish_to_ratings():
    with running_simulator() as simulator:
        run = small_run(simulator)
        told = []
        answered = work_until_done(told)

        assert 18 + 36 == answered == simulator.counts["requests"]

    run.refresh_from_db()
    leaderboard = latest_leaderboard(run.board)
    assert (18, 36) == (Output.objects.done().count(), Judgment.objects.done().count())
    assert run.finished_at is not None
    assert RunStatus.DONE == run_progress(run).status
    assert (36, 0) == (leaderboard.n_judgments, leaderboard.n_open)
    assert set(CONTENDERS[:3]) == set(judged_ratings(leaderboard))
    assert told


def test_the_ratings_follow_the_planted_skill():
    with running_simulator() as simulator:
        run = small_run(simulator, contenders=4, prompts=12)
        work_until_done()
        skill = simulator.truth["skill"]

    ratings = judged_ratings(latest_leaderboard(run.board))
    # Planted 1220, 1145, 985, 755: the steps of 160 and 230 are far wider than twelve prompts leave in doubt.
    first, second, third, last = sorted(ratings, key=lambda name: -ratings[name][0])
    assert sorted((first, second)) == sorted(CONTENDERS[:2])
    assert CONTENDERS[2:4] == (third, last)
    assert skill[first] > skill[third] > skill[last]


def test_everything_said_is_rated_even_if_the_board_was_rated_a_moment_ago():
    with running_simulator(Options(latency_seconds=0.05)) as simulator:
        run = small_run(simulator)
        refit_board(board=run.board, now=timezone.now())
        work_until_done()

    assert 36 == latest_leaderboard(run.board).n_judgments


def test_the_same_run_a_second_time_makes_no_call_and_changes_no_digit():
    with running_simulator() as simulator:
        run = small_run(simulator)
        work_until_done()
        calls, before = simulator.counts["requests"], latest_leaderboard(run.board)
        ratings = judged_ratings(before)

        again = small_run(simulator, prompt_set=run.prompt_sets.get())
        assert 0 == work_until_done()
        assert calls == simulator.counts["requests"]

    again.refresh_from_db()
    after = refit_board(board=run.board, now=timezone.now())
    assert again.finished_at is not None
    assert (before.evidence_digest, ratings) == (after.evidence_digest, judged_ratings(after))


def test_a_newcomer_is_checked_then_compared():
    with running_simulator() as simulator:
        run = submitted_run(simulator, simulator.base_url, CONTENDERS[1])
        work_until_done()

    run.refresh_from_db()
    assert RunStatus.DONE == run_progress(run).status
    assert run.finished_at is not None


def test_work_ends_though_a_newcomers_endpoint_does_not_answer():
    with running_simulator() as simulator:
        run = submitted_run(simulator, simulator.base_url, "nobody")
        work_until_done()

    assert RunStatus.FAILED == run_progress(run).status
    assert 0 == Output.objects.count()


def submitted_run(simulator, base_url, model):
    return submit_contender(
        owner=User.objects.create_user("mary"),
        name="Newcomer",
        base_url=base_url,
        model=model,
        key="",
        board=ensure_board(slug="small", title="Small"),
        prompt_sets=[stage.prompt_set(size=2)],
        opponents=[contender_at(simulator.base_url, CONTENDERS[0])],
        judges=[judge_at(simulator.base_url)],
    )


def test_one_judge_that_never_gives_a_verdict_does_not_keep_the_others_waiting():
    with running_simulator() as simulator, scripted(lambda asked: "Hard to say.") as mute:
        run = small_run(simulator, prompts=2)
        run.judges.add(judge_at(mute.base_url, "scripted"))
        work_until_done()

    # 3 pairs x 2 prompts in both orders, by each of two judges.
    assert (12, 12) == (Judgment.objects.done().count(), Judgment.objects.filter(status="unusable").count())
    leaderboard = latest_leaderboard(run.board)
    assert (12, 12) == (leaderboard.n_judgments, leaderboard.n_unusable)


def test_work_without_end_ends_when_it_is_told_to():
    stop = asyncio.Event()
    with running_simulator(Options(latency_seconds=0.05)) as simulator:
        small_run(simulator, prompts=20)
        answered = async_to_sync(work)(until_done=False, stop=stop, told=lambda line: stop.set())

    done = Output.objects.done().count() + Judgment.objects.done().count()
    assert 0 < answered == done < 60 + 120
    assert not Output.objects.leased().exists()


def test_a_drain_that_breaks_is_told_in_the_log_and_leaves_its_rows_to_a_later_look(settings, caplog):
    async def work_until_it_is_told():
        stop = asyncio.Event()
        working = asyncio.create_task(work(until_done=False, stop=stop, told=lambda line: None))
        await until(lambda: "could not be drained" in caplog.text)
        stop.set()
        return await working

    with running_simulator() as simulator:
        small_run(simulator, contenders=2, prompts=3)
        settings.ALLOWED_NETWORKS = ["no network"]
        assert 0 == async_to_sync(work_until_it_is_told)()

    assert 6 == Output.objects.wanted().filter(lease_token=None, calls=0).count()
    assert not Endpoint.objects.exclude(lane_token=None).exists()
