"""Runs that choose their matches, from the wish to the stop, with a simulator that really answers."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment
from apps.ratings.operations import ensure_board
from apps.runs.models import Draw, Run
from apps.runs.operations import change_budget, create_run, plan_run
from apps.runs.queries import RunStatus, run_progress
from judgeboard.llm.simulator import running_simulator
from tests import stage
from tests.workers.lanes import CONTENDERS, contender_at, judge_at
from workers.broker_free import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr("workers.broker_free.LOOK_EVERY", 0.1)


def wish(simulator, *, prompt_set=None, contenders=3, prompts=60, **choice) -> Run:
    return create_run(
        board=ensure_board(slug="small", title="Small"),
        prompt_sets=[prompt_set or stage.prompt_set(size=prompts)],
        contenders=[contender_at(simulator.base_url, name) for name in CONTENDERS[:contenders]],
        judges=[judge_at(simulator.base_url)],
        **choice,
    )


def done(run):
    answered = async_to_sync(work)(until_done=True, stop=asyncio.Event(), told=lambda line: None)
    run.refresh_from_db()
    return answered


def test_a_run_draws_in_batches_until_it_is_as_precise_as_was_asked_and_a_second_run_asks_nothing():
    with running_simulator() as simulator:
        run = wish(simulator, contenders=2, precision=100)
        answered = done(run)
        calls = simulator.counts["requests"]

        again = wish(simulator, prompt_set=run.prompt_sets.get(), contenders=2, precision=100)
        assert 0 == done(again)
        assert calls == simulator.counts["requests"]

    course = run_progress(run).course
    assert ("half_width", RunStatus.DONE) == (run.stopped_because, run_progress(run).status)
    assert run.half_width <= 100
    assert Judgment.objects.count() == course.calls < 60 * 2
    assert answered == Output.objects.count() + course.calls
    assert ("half_width", 0) == (again.stopped_because, run_progress(again).course.calls)


def test_a_run_makes_no_call_more_than_it_may():
    with running_simulator() as simulator:
        run = wish(simulator, contenders=2, precision=10, max_calls=55)
        done(run)

    assert ("calls", 55) == (run.stopped_because, Judgment.objects.count())
    assert 1 < run_progress(run).course.batches


def test_a_run_stops_when_its_money_is_spent():
    with running_simulator() as simulator:
        run = wish(simulator, contenders=2, precision=10)
        Endpoint.objects.update(usd_per_million_in=1000, usd_per_million_out=1000)
        change_budget(run=run, usd=Decimal(20))
        done(run)

    assert ("money", RunStatus.OUT_OF_BUDGET) == (run.stopped_because, run_progress(run).status)
    assert run.budget.spent <= 20


def test_what_a_killed_worker_held_is_asked_again_and_drawn_once():
    with running_simulator() as simulator:
        run = wish(simulator, contenders=2, max_calls=30)
        plan_run(run=run, now=timezone.now())
        drawn = Draw.objects.count()
        dead = {"status": "leased", "lease_token": uuid4(), "lease_until": timezone.now() - timedelta(seconds=1)}
        Output.objects.filter(pk__in=list(Output.objects.values_list("pk", flat=True)[:10])).update(**dead)
        done(run)

    assert drawn == Draw.objects.filter(number=1).count()
    assert ("calls", 30) == (run.stopped_because, Judgment.objects.done().count())
