"""Settings whose time limits contradict each other are told before anything starts."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from workers.checks import time_limits_are_in_order

IN_ORDER = {
    "LEASE_HEARTBEAT": 5,
    "LEASE_SECONDS": 15,
    "DRAIN_SLICE": 20,
    "CALL_DEADLINE": 120,
    "TASK_TIME_LIMIT": 141,
    "VISIBILITY_TIMEOUT": 142,
}


@pytest.fixture
def limits(settings):
    def set_limits(**changed):
        for name, value in (IN_ORDER | changed).items():
            setattr(settings, name, value)

    return set_limits


def complaints():
    return [problem.id for problem in time_limits_are_in_order()]


def test_limits_that_just_fit_are_accepted(limits):
    limits()

    assert [] == complaints()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"LEASE_SECONDS": 14}, "workers.E001"),  # 3 x 5 > 14
        ({"TASK_TIME_LIMIT": 140}, "workers.E002"),  # 20 + 120 = 140
        ({"VISIBILITY_TIMEOUT": 141}, "workers.E003"),
    ],
)
def test_each_limit_must_outlive_the_one_before_it(limits, changed, complaint):
    limits(**changed)

    assert [complaint] == complaints()


def test_every_contradiction_is_told_at_once(limits):
    limits(LEASE_SECONDS=1, TASK_TIME_LIMIT=1, VISIBILITY_TIMEOUT=1)

    assert ["workers.E001", "workers.E002", "workers.E003"] == complaints()


def test_a_command_does_not_start_with_limits_out_of_order(limits):
    limits(LEASE_SECONDS=14)

    with pytest.raises(SystemCheckError, match=r"LEASE_HEARTBEAT must be at most a third of LEASE_SECONDS"):
        call_command("check")
