"""Lanes that slow down, rest, and are asked again: against real endpoints, on the service's own rows."""

import time
from datetime import timedelta

import pytest
from aiohttp import web
from django.utils import timezone

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import move_endpoint
from apps.leases.models import Leased
from apps.prompts.models import Prompt
from tests import stage
from tests.workers.lanes import contender_at, drain_once
from tests.workers.scripted import as_text, scripted
from workers import conductor
from workers.pace import SEEMS_DEAD, TRIED

pytestmark = pytest.mark.django_db

Status = Leased.Status
NOBODY = "http://127.0.0.1:9/v1"


def wanted(base_url, size, **settings):
    """The endpoint of a contender of which so many outputs are wanted."""
    contender = contender_at(base_url, "scripted", **settings)
    want_outputs(contenders=[contender], prompts=stage.prompt_set(size=size).prompts.all())
    return contender.endpoint


def slow_down(seconds):
    return web.Response(status=429, headers={"Retry-After": str(seconds)})


def later(seconds):
    return lambda: timezone.now() + timedelta(seconds=seconds)


def calls():
    return sum(Output.objects.values_list("calls", flat=True))


def test_nobody_is_called_before_the_time_that_the_endpoint_named():
    with scripted(lambda asked: slow_down(20)) as busy:
        endpoint = wanted(busy.base_url, 9, concurrency=2)
        drain_once(endpoint)
        called = len(busy.asked)
        again = drain_once(endpoint, clock=later(19))

        assert called == len(busy.asked) <= 2  # both calls that were under way
    endpoint.refresh_from_db()
    assert not again.held
    assert 18 < (endpoint.resting_until - timezone.now()).total_seconds() <= 20
    assert (endpoint.pk,) != conductor.ready_lanes(timezone.now() + timedelta(seconds=19))
    assert (endpoint.pk,) == conductor.ready_lanes(timezone.now() + timedelta(seconds=21))
    assert 0 == Output.objects.leased().count()


def test_a_short_rest_is_waited_for_within_the_drain():
    times = []

    def say(asked):
        times.append(time.monotonic())
        return slow_down(1) if len(times) == 1 else "Fine."

    with scripted(say) as busy:
        drain_once(wanted(busy.base_url, 3, concurrency=1))

    assert 3 == Output.objects.done().count()
    assert 0.9 <= times[1] - times[0]


def test_rows_that_come_back_in_a_moment_are_asked_by_the_same_drain():
    with scripted(lambda asked: web.Response(status=500) if len(shaky.asked) == 1 else "Fine.") as shaky:
        drained = drain_once(wanted(shaky.base_url, 1))

    assert (1, 2) == (drained.answered, Output.objects.get(status=Status.DONE).calls)


def test_a_dead_endpoint_is_called_a_few_times_and_then_by_one_probe_a_rest():
    endpoint = wanted(NOBODY, 30, concurrency=50)
    drain_once(endpoint)
    first = calls()
    endpoint.refresh_from_db()

    assert SEEMS_DEAD <= first < SEEMS_DEAD + TRIED
    assert (1, None) == (endpoint.breaks, endpoint.learnt)
    assert endpoint.trouble.startswith("The endpoint could not be reached")
    assert 29 < (endpoint.resting_until - timezone.now()).total_seconds() <= 30
    assert not drain_once(endpoint, clock=later(29)).held

    drain_once(endpoint, clock=later(31))
    endpoint.refresh_from_db()
    assert (first + 1, 2) == (calls(), endpoint.breaks)
    assert 0 == Output.objects.exclude(status=Status.WANTED).count()


def test_an_endpoint_that_comes_back_is_asked_for_everything_at_once():
    endpoint = wanted(NOBODY, 30, concurrency=50)
    drain_once(endpoint)
    with scripted(lambda asked: "Back again.") as back:
        Endpoint.objects.update(base_url=back.base_url)
        drain_once(endpoint, clock=later(40))

    endpoint.refresh_from_db()
    assert 30 == Output.objects.done().count()
    assert (0, 50, "", None) == (endpoint.breaks, endpoint.learnt, endpoint.trouble, endpoint.resting_until)


def test_another_lane_takes_no_harm_from_a_dead_one():
    dead = wanted(NOBODY, 5)
    with scripted(lambda asked: "Fine.") as alive:
        other = contender_at(alive.base_url, "other").endpoint
        want_outputs(contenders=[other.contenders.get()], prompts=Prompt.objects.all())
        drain_once(dead)
        drain_once(other)

    assert 5 == Output.objects.done().filter(contender__endpoint=other).count()


def test_a_new_address_is_asked_at_once_and_carefully():
    endpoint = wanted(NOBODY, 5)
    drain_once(endpoint)
    endpoint.refresh_from_db()

    move_endpoint(endpoint=endpoint, base_url="http://127.0.0.1:10/v1")

    endpoint.refresh_from_db()
    assert (0, None, None, "") == (endpoint.breaks, endpoint.learnt, endpoint.resting_until, endpoint.trouble)


def test_the_pace_that_went_well_is_kept_for_the_next_drain():
    refused = set()

    def say(asked):
        text = as_text(asked)
        if text in refused or not ("Question 1," in text or "Question 2," in text):
            return "Fine."
        refused.add(text)
        return slow_down(0)

    with scripted(say) as busy:
        endpoint = wanted(busy.base_url, 6, concurrency=16)
        Endpoint.objects.update(learnt=12)
        drain_once(endpoint)

    endpoint.refresh_from_db()
    assert 6 == endpoint.learnt  # half of 12, and six answers are less than a round


def test_calls_wait_for_their_turn_and_are_given_back_when_the_slice_is_over():
    with scripted(lambda asked: "Fine.") as limited:
        endpoint = wanted(limited.base_url, 12, concurrency=12, requests_per_minute=240)
        Endpoint.objects.update(learnt=12)
        began = time.monotonic()
        drained = drain_once(endpoint, seconds=1.0)

        # 240 a minute are 4 a second, 2 more at once
        assert 4 <= drained.answered == len(limited.asked) <= 7
    assert time.monotonic() - began < 2.5
    assert 12 - drained.answered == Output.objects.wanted().filter(calls=0, lease_token=None).count()


def test_every_turn_of_a_conversation_waits_for_its_turn():
    with scripted(lambda asked: "Fine.") as limited:
        contender = contender_at(limited.base_url, "scripted", concurrency=12, requests_per_minute=240)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=12, turns=3).prompts.all())
        Endpoint.objects.update(learnt=12)
        began = time.monotonic()
        drain_once(contender.endpoint, seconds=0.7)

        # 4 a second, 2 more at once; what is begun is brought to its end
        assert 3 <= len(limited.asked) <= 4 * (time.monotonic() - began) + 3


def test_endpoints_of_one_group_share_their_limit():
    with scripted(lambda asked: "Fine.") as limited:
        for name in ("first", "second"):
            contender = contender_at(limited.base_url, name, requests_per_minute=1, limit_group="account")
            want_outputs(contenders=[contender], prompts=stage.prompt_set(name, size=9).prompts.all())
        for endpoint in Endpoint.objects.all():
            drain_once(endpoint, seconds=0.3)

        assert 1 == len(limited.asked)  # the next is due after a minute
