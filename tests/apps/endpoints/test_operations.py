from datetime import timedelta
from uuid import uuid4

import pytest

from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import (
    ensure_endpoint,
    hold_lane,
    leave_lane,
    move_endpoint,
    register_endpoint,
    replace_key,
    want_check,
)
from apps.endpoints.seal import open_key
from tests import stage

pytestmark = pytest.mark.django_db
KEY = "sk-canary-0123456789"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def endpoint():
    return register_endpoint(name="Alder", base_url=stage.ADDRESS, model="alder-1", key=KEY)


def test_a_key_survives_a_new_path_and_is_erased_with_a_new_origin(endpoint):
    move_endpoint(endpoint=endpoint, base_url="https://api.example.com/v2")
    assert KEY == open_key(endpoint.sealed_key, endpoint.base_url)

    move_endpoint(endpoint=endpoint, base_url="https://elsewhere.example.com/v1")

    assert ("", "", b"") == (endpoint.key_hint, endpoint.key_origin, bytes(endpoint.sealed_key))


def test_a_key_is_not_opened_for_an_address_that_was_changed_behind_our_back(endpoint):
    Endpoint.objects.update(base_url="https://thief.example.com/v1")
    endpoint.refresh_from_db()

    assert "" == open_key(endpoint.sealed_key, endpoint.base_url)


def test_of_a_short_key_no_hint_is_given(endpoint):
    replace_key(endpoint=endpoint, key="short")

    assert "" == endpoint.key_hint


def test_the_same_address_and_model_is_the_same_endpoint():
    first = ensure_endpoint(base_url=stage.ADDRESS, model="alder-1", key=KEY)
    again = ensure_endpoint(base_url=stage.ADDRESS + "/", model="alder-1", concurrency=3)

    assert first.pk == again.pk
    assert (3, KEY) == (again.concurrency, open_key(again.sealed_key, again.base_url))


def test_an_endpoint_with_an_owner_is_never_taken_for_everybodys(endpoint, django_user_model):
    Endpoint.objects.update(owner=django_user_model.objects.create_user("ada"))

    assert endpoint.pk != ensure_endpoint(base_url=stage.ADDRESS, model="alder-1").pk


def test_a_check_that_is_still_open_serves_again(endpoint):
    first = want_check(endpoint=endpoint)
    assert first == want_check(endpoint=endpoint)

    EndpointCheck.objects.update(status="done")

    assert first != want_check(endpoint=endpoint)


def test_a_lane_has_one_holder_until_it_leaves_or_its_time_is_up(endpoint, now):
    mine, yours = uuid4(), uuid4()
    hold = {"endpoint_id": endpoint.pk, "until": now + MINUTE}

    assert hold_lane(token=mine, now=now, **hold)
    assert not hold_lane(token=yours, now=now, **hold)
    assert hold_lane(token=mine, now=now, **hold)  # the holder may renew
    assert hold_lane(token=yours, now=now + 2 * MINUTE, **hold)  # its time was up

    leave_lane(endpoint_id=endpoint.pk, token=mine)  # too late: it is not the holder any more
    assert not hold_lane(token=mine, now=now, endpoint_id=endpoint.pk, until=now + MINUTE)
