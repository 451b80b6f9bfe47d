"""The order of the time limits, asserted at every start: each outlives the one before it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def time_limits_are_in_order(**_: Any) -> list[CheckMessage]:
    """A lease outlives two missed heartbeats, a task its last call, and a message stays hidden while its task runs."""
    problems: list[CheckMessage] = []
    if settings.LEASE_HEARTBEAT * 3 > settings.LEASE_SECONDS:
        problems.append(
            Error(
                "LEASE_HEARTBEAT must be at most a third of LEASE_SECONDS, or a slow moment loses leases.",
                id="workers.E001",
            )
        )
    if settings.DRAIN_SLICE + settings.CALL_DEADLINE >= settings.TASK_TIME_LIMIT:
        problems.append(
            Error(
                "DRAIN_SLICE + CALL_DEADLINE must stay below TASK_TIME_LIMIT, or calls are cut off.", id="workers.E002"
            )
        )
    if settings.TASK_TIME_LIMIT >= settings.VISIBILITY_TIMEOUT:
        problems.append(
            Error(
                "TASK_TIME_LIMIT must stay below VISIBILITY_TIMEOUT, or a task is delivered twice.", id="workers.E003"
            )
        )
    return problems
