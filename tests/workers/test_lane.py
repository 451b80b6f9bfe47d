"""One lane has one drain, and whoever leaves it leaves nothing behind."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judge, Judgment
from tests import stage
from workers.drain import drain
from workers.lane import Lane

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def lease_of_thirty_seconds(settings):
    settings.LEASE_SECONDS = 30


@pytest.fixture
def endpoint() -> Endpoint:
    return stage.contender("Alder", endpoint=True).endpoint


def want_outputs(endpoint, size):
    for prompt in stage.prompt_set(size=size).prompts.all():
        Output.objects.create(contender=endpoint.contenders.get(), prompt=prompt)
    return Output.objects.latest("next_at").next_at


def test_a_lane_that_is_held_is_refused_to_a_second_drain(endpoint, now):
    assert Lane.enter(endpoint.pk, now) is not None
    assert Lane.enter(endpoint.pk, now + LEASE) is None


def test_a_drain_that_is_refused_asks_nothing(endpoint, now):
    latest = want_outputs(endpoint, 1)
    Lane.enter(endpoint.pk, latest)

    drained = async_to_sync(drain)(endpoint.pk, clock=lambda: latest)

    assert (False, 0) == (drained.held, drained.answered)
    assert 1 == Output.objects.wanted().filter(calls=0).count()


def test_leaving_gives_back_the_lane_and_what_was_not_asked(endpoint):
    latest = want_outputs(endpoint, 3)
    lane = Lane.enter(endpoint.pk, latest)
    assert 2 == len(lane.claim(2, latest))

    lane.leave()

    assert 3 == Output.objects.wanted().filter(lease_token=None).count()
    assert Lane.enter(endpoint.pk, latest) is not None


def test_a_late_leave_does_not_take_the_lane_from_its_next_holder(endpoint, now):
    late = now + LEASE + timedelta(seconds=1)
    first = Lane.enter(endpoint.pk, now)
    second = Lane.enter(endpoint.pk, late)

    first.leave()

    assert second.keep(late).lane
    assert Lane.enter(endpoint.pk, late) is None


def test_a_lane_whose_holder_died_is_free_once_its_lease_ran_out_and_fences_the_holder_off(endpoint, now):
    first = Lane.enter(endpoint.pk, now)
    late = now + LEASE + timedelta(milliseconds=1)

    assert Lane.enter(endpoint.pk, late) is not None
    assert not first.keep(late).lane


def test_the_heartbeat_renews_the_lane_and_every_row_leased_under_it(endpoint):
    latest = want_outputs(endpoint, 2)
    lane = Lane.enter(endpoint.pk, latest)
    lane.claim(2, latest)
    later = latest + timedelta(seconds=20)

    assert (True, 2) == lane.keep(later)
    assert [later + LEASE] * 2 == list(Output.objects.leased().values_list("lease_until", flat=True))
    assert later + LEASE == Endpoint.objects.get(pk=endpoint.pk).lane_until


def test_a_claim_takes_outputs_before_judgments(endpoint):
    latest = want_outputs(endpoint, 1)
    judge, match = Judge.objects.create(slug="same", name="Same", endpoint=endpoint), answered_match()
    Judgment.objects.create(judge=judge, match=match, order=Judgment.Order.A_FIRST, next_at=latest)
    lane = Lane.enter(endpoint.pk, latest)

    claimed = [step.model for step, _ in lane.claim(9, latest)]

    assert [Output, Judgment] == claimed


def answered_match():
    prompt = stage.prompt_set("riddles").prompts.get()
    return stage.match(*(stage.output(stage.contender(name), prompt) for name in ("Birch", "Cedar")))


def test_an_endpoint_that_is_gone_has_no_lane(now):
    assert Lane.enter(404, now) is None
