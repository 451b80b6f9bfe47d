"""What is written down of a worker that beats: one row a process, whoever writes it."""

from datetime import timedelta

import pytest

from apps.endpoints.models import Worker
from apps.endpoints.operations import beat, forget_workers

pytestmark = pytest.mark.django_db


@pytest.fixture
def north(now):
    return {"host": "north", "process": 7, "started_at": now}


def test_the_first_beat_makes_the_row_and_the_next_changes_it(north, now):
    beat(**north, lanes=[], now=now)
    beat(**north, lanes=[3, 5], now=now + timedelta(seconds=5))

    worker = Worker.objects.get()
    assert ([3, 5], now + timedelta(seconds=5)) == (worker.lanes, worker.beat_at)


def test_a_beat_of_one_that_is_known_is_one_statement(north, now, django_assert_num_queries):
    beat(**north, lanes=[], now=now)

    with django_assert_num_queries(1):
        beat(**north, lanes=[3], now=now)


@pytest.mark.parametrize("change", [{"host": "south"}, {"process": 8}, {"started_at": None}])
def test_another_host_number_or_start_is_another_worker(north, now, change):
    change = {name: value or now + timedelta(days=1) for name, value in change.items()}  # numbers are given again

    beat(**north, lanes=[], now=now)
    beat(**north | change, lanes=[], now=now)

    assert 2 == Worker.objects.count()


def test_only_those_that_were_silent_for_longer_are_forgotten(north, now):
    beat(**north, lanes=[], now=now - timedelta(minutes=61))
    beat(**north | {"process": 8}, lanes=[], now=now - timedelta(minutes=59))

    forget_workers(silent_since=now - timedelta(hours=1))

    assert [8] == [worker.process for worker in Worker.objects.all()]
