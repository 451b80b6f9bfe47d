"""The writes every leased row goes through. Each is one statement or one transaction, and harmless when repeated.

Celery messages may be lost, doubled or late; what makes that harmless is here: a claim is a compare-and-swap, and an
answer is accepted only while the lease under which it was asked for is still held.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from apps.leases.models import Leased


def lock_free(rows: QuerySet) -> QuerySet:
    """The rows that no other transaction holds, locked for this one.

    PostgreSQL skips rows that another transaction holds; SQLite has one writing transaction at a time
    (`transaction_mode=IMMEDIATE`) and needs no row locks.
    """
    features = connection.features
    if not features.has_select_for_update:
        return rows
    return rows.select_for_update(skip_locked=features.has_select_for_update_skip_locked, of=("self",))


def claim(ready: QuerySet, *, token: UUID, limit: int, until: datetime) -> list[int]:
    """Leases up to `limit` of the `ready` rows under `token`, oldest first; their keys. No row is claimed twice."""
    with transaction.atomic():
        keys = list(lock_free(ready).order_by("next_at", "pk").values_list("pk", flat=True)[:limit])
        ready.model.objects.filter(pk__in=keys).update(
            status=Leased.Status.LEASED, lease_token=token, lease_until=until
        )
    return keys


def renew(model: type[Leased], *, token: UUID, until: datetime) -> int:
    """Keeps what is held under `token`; the number of rows still held."""
    return model.objects.leased().filter(lease_token=token).update(lease_until=until)


def finish(
    model: type[Leased], key: int, *, token: UUID, now: datetime, status: str, answer: Mapping[str, Any], calls: int = 1
) -> bool:
    """Stores an answer, and the calls it took, if the lease is still held.

    False: the row is somebody else's by now, the answer is dropped.
    """
    held = model.objects.leased().filter(pk=key, lease_token=token)
    return (
        held.update(
            status=status, answered_at=now, lease_token=None, lease_until=None, calls=F("calls") + calls, **answer
        )
        == 1
    )


def postpone(model: type[Leased], key: int, *, token: UUID, next_at: datetime, problem: str, faults: int) -> bool:
    """Gives the row back after a passing fault, to be asked again from `next_at` on."""
    held = model.objects.leased().filter(pk=key, lease_token=token)
    return (
        held.update(
            status=Leased.Status.WANTED,
            lease_token=None,
            lease_until=None,
            next_at=next_at,
            problem=problem[:500],
            calls=F("calls") + 1,
            faults=faults,
        )
        == 1
    )


def release(model: type[Leased], *, token: UUID) -> int:
    """Gives back, unasked, everything still held under `token` (a drain that stops early owes nobody its lease)."""
    held = model.objects.leased().filter(lease_token=token)
    return held.update(status=Leased.Status.WANTED, lease_token=None, lease_until=None)


def sweep(model: type[Leased], *, now: datetime) -> int:
    """Frees the rows whose holder died. An expired lease is nobody's fault, so `faults` stays."""
    expired = model.objects.leased().filter(lease_until__lt=now)
    return expired.update(status=Leased.Status.WANTED, lease_token=None, lease_until=None)


def ask_again(rows: QuerySet, *, now: datetime) -> int:
    """Wants failed rows anew, with a clean slate."""
    failed = rows.filter(status=Leased.Status.FAILED)
    return failed.update(status=Leased.Status.WANTED, next_at=now, faults=0, problem="", answered_at=None)
