"""Runs that choose their matches, from the wish to the stop, with a simulator that really answers."""

import asyncio

import pytest
from asgiref.sync import async_to_sync

from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.ratings.operations import ensure_board
from apps.runs.models import Run
from apps.runs.operations import create_run
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


def test_a_run_draws_in_batches_until_it_is_as_precise_as_was_asked():
    with running_simulator() as simulator:
        run = wish(simulator, precision=60)
        answered = done(run)

    course = run_progress(run).course
    assert ("half_width", RunStatus.DONE) == (run.stopped_because, run_progress(run).status)
    assert run.half_width <= 60
    assert 1 < course.batches
    assert Judgment.objects.count() == course.calls < 3 * 60 * 2
    assert answered == Output.objects.count() + course.calls
