"""A worker is heard of while it asks, and while it looks for work."""

import os
import socket
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.contenders.models import Output
from apps.endpoints.models import Worker
from tests import stage
from tests.workers.lanes import planned_run
from workers import conductor, presence
from workers.drain import drain
from workers.lane import Lane


@pytest.fixture(autouse=True)
def heard_of_for_the_first_time():
    presence._presence_of.cache_clear()
    yield
    presence._presence_of.cache_clear()


@pytest.fixture
def endpoint(db):
    contender = stage.contender("Alder", endpoint=True)
    Output.objects.create(contender=contender, prompt=stage.prompt_set().prompts.get())
    return contender.endpoint


def heard_of() -> Worker:
    return Worker.objects.get()


# --- what it tells ----------------------------------------------------------------------------------------------------
def test_whoever_enters_a_lane_is_heard_of_on_it_until_it_leaves(endpoint, now):
    lane = Lane.enter(endpoint.pk, now)
    on_it = heard_of()
    lane.leave()

    assert (socket.gethostname(), os.getpid(), [endpoint.pk]) == (on_it.host, on_it.process, on_it.lanes)
    assert [] == heard_of().lanes


def test_a_drain_that_finds_the_lane_held_leaves_it_to_its_holder(endpoint, now):
    Lane.enter(endpoint.pk, now)

    async_to_sync(drain)(endpoint.pk, clock=lambda: now)

    assert [endpoint.pk] == heard_of().lanes


def test_several_lanes_of_one_process_are_one_worker(endpoint, now):
    other = stage.contender("Birch", endpoint=True).endpoint
    Lane.enter(endpoint.pk, now)
    second = Lane.enter(other.pk, now)
    assert sorted([endpoint.pk, other.pk]) == heard_of().lanes

    second.leave()

    assert [endpoint.pk] == heard_of().lanes


def test_keeping_a_lane_beats_again(endpoint, now, settings):
    settings.LEASE_HEARTBEAT = 0
    lane = Lane.enter(endpoint.pk, now)
    before = heard_of().beat_at

    lane.keep(now)

    assert before < heard_of().beat_at


def test_a_heartbeat_costs_one_statement_and_several_at_once_cost_one_together(endpoint, now, settings):
    settings.LEASE_HEARTBEAT = 60
    lane = Lane.enter(endpoint.pk, now)
    with CaptureQueriesContext(connection) as unsaid:
        lane.keep(now)

    settings.LEASE_HEARTBEAT = 0
    with CaptureQueriesContext(connection) as said:
        lane.keep(now)

    assert 1 == len(said) - len(unsaid)


@pytest.mark.django_db
def test_looking_for_work_is_heard_of_too():
    conductor.look(timezone.now())

    assert [] == heard_of().lanes


@pytest.mark.django_db
def test_those_that_fell_silent_long_ago_are_forgotten():
    for process, hours in ((1, 2), (2, 0.5)):
        then = timezone.now() - timedelta(hours=hours)
        Worker.objects.create(host="north", process=process, started_at=then, beat_at=then)

    conductor.look(timezone.now())

    assert {2, os.getpid()} == set(Worker.objects.values_list("process", flat=True))


def test_a_drain_goes_on_though_nobody_can_be_told(simulator, db, monkeypatch, caplog):
    def refuse(**told):
        raise DatabaseError("read-only")

    monkeypatch.setattr(presence, "beat", refuse)
    run = planned_run(simulator, contenders=2, prompts=1)

    drained = async_to_sync(drain)(run.contenders.first().endpoint_id)

    assert 1 == drained.answered
    assert "could not say that it is there" in caplog.text
