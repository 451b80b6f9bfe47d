"""The lanes of work as a page shows them: what waits for which endpoint, what is under way, how fast, and who rests.

What is open is counted by its status and what came in by its time: answers of long ago are not looked at.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint, EndpointCheck, Viewer
from apps.judging.models import Judgment, Score
from apps.leases.models import Leased

Status = Leased.Status
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Every kind of question, and how its rows lead to the endpoint that is asked.
ASKED: dict[type[Leased], str] = {
    EndpointCheck: "endpoint",
    Output: "contender__endpoint",
    Judgment: "judge__endpoint",
    Score: "judge__endpoint",
}


@dataclass
class Lane:
    """One endpoint and its questions. `wanted`: not asked yet; the `unpaid`, which nobody can pay for, come on top."""

    endpoint: str
    simulated: bool
    address: str | None  # None: not for whoever looks
    held: bool  # a worker is on it
    at_once: int | None  # calls that may be under way together now; None: not known yet
    at_once_at_most: int
    requests_per_minute: int | None
    tokens_per_minute: int | None
    shares_limits: bool  # with the other endpoints of one account
    resting_until: datetime | None
    trouble: str  # why it rests
    wanted: int = 0
    unpaid: int = 0
    under_way: int = 0
    last_minute: int = 0  # answered, one way or another
    last_hour: int = 0
    ready_since: datetime | None = None  # the oldest that may be asked now; None while it rests
    next_at: datetime | None = None  # when the first may be asked

    @property
    def is_open(self) -> bool:
        """Something is to be asked, or is being asked, or would be if it did not rest."""
        return bool(self.wanted or self.unpaid or self.under_way or self.held or self.resting_until)


def lanes(*, now: datetime, viewer: Viewer) -> list[Lane]:
    """Every endpoint that has something open, rests, or answered within the hour, by name."""
    counts: dict[int, dict[str, Any]] = defaultdict(dict)
    for endpoint, told in (*_open(now), *_answered(now)):
        _add(counts[endpoint], told)
    shown = Q(pk__in=list(counts)) | Q(resting_until__gt=now)
    return [_lane(endpoint, counts[endpoint.pk], now, viewer) for endpoint in Endpoint.objects.filter(shown)]


def _lane(endpoint: Endpoint, told: dict[str, Any], now: datetime, viewer: Viewer) -> Lane:
    resting = endpoint.resting_until if endpoint.resting_until and endpoint.resting_until > now else None
    due, next_at = told.pop("due", None), told.pop("next_at", None)
    return Lane(
        endpoint=endpoint.name,
        simulated=endpoint.simulated,
        address=endpoint.base_url if endpoint.is_shown_to(viewer) else None,
        held=endpoint.lane_until is not None and endpoint.lane_until >= now,
        at_once=_at_once(endpoint),
        at_once_at_most=endpoint.concurrency,
        requests_per_minute=endpoint.requests_per_minute,
        tokens_per_minute=endpoint.tokens_per_minute,
        shares_limits=bool(endpoint.limit_group),
        resting_until=resting,
        trouble=endpoint.trouble if resting else "",
        ready_since=None if resting else due,
        next_at=max(resting, next_at) if resting and next_at else next_at,
        **told,
    )


def _at_once(endpoint: Endpoint) -> int | None:
    if endpoint.breaks:
        return 1  # alone, to find out whether anybody is there
    return None if endpoint.learnt is None else min(endpoint.learnt, endpoint.concurrency)


def _open(now: datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    """What a dead worker holds is wanted again."""
    held = Q(status=Status.LEASED, lease_until__gte=now)
    wanted = Leased.PAYABLE & ~held
    told = {
        "under_way": Count("pk", filter=held),
        "wanted": Count("pk", filter=wanted),
        "unpaid": Count("pk", filter=Q(payer__exhausted=True) & ~held),
        "due": Min("next_at", filter=wanted & Q(next_at__lte=now)),
        "next_at": Min("next_at", filter=wanted),
    }
    for model, path in ASKED.items():
        rows = model.objects.filter(status__in=(Status.WANTED, Status.LEASED))
        yield from _by_endpoint(rows, path, told)


def _answered(now: datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    """What was imported, or follows from scores, took no call and is not counted."""
    told = {"last_hour": Count("pk"), "last_minute": Count("pk", filter=Q(answered_at__gte=now - MINUTE))}
    for model, path in ASKED.items():
        yield from _by_endpoint(model.objects.filter(answered_at__gte=now - HOUR, calls__gt=0), path, told)


def _by_endpoint(rows: Any, path: str, told: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in rows.values(lane=F(path)).annotate(**told).order_by():
        if (endpoint := row.pop("lane")) is not None:
            yield endpoint, row


def _add(to: dict[str, Any], told: dict[str, Any]) -> None:
    """Counts are added, of moments the earlier one stays."""
    for name, value in told.items():
        before = to.get(name)
        if before is None or value is None:
            to[name] = value if before is None else before
        else:
            to[name] = before + value if isinstance(value, int) else min(before, value)
