"""The writes every leased row goes through. Each is one statement or one transaction, and harmless when repeated.

Celery messages may be lost, doubled or late; what makes that harmless is here: a claim is a compare-and-swap, and an
answer is accepted only while the lease under which it was asked for is still held.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from apps.budgets.models import Budget
from apps.budgets.operations import settle
from apps.budgets.price import NOTHING
from apps.leases.models import Leased

UNLEASED = {"lease_token": None, "lease_until": None, "reserved": NOTHING}
COUNTED_AS_SPENT = F("usd") + F("reserved")


def lock_free(rows: QuerySet) -> QuerySet:
    """The rows that no other transaction holds, locked for this one.

    PostgreSQL skips rows that another transaction holds; SQLite has one writing transaction at a time
    (`transaction_mode=IMMEDIATE`) and needs no row locks.
    """
    features = connection.features
    if not features.has_select_for_update:
        return rows
    return rows.select_for_update(skip_locked=features.has_select_for_update_skip_locked, of=("self",))


def lock(rows: QuerySet) -> QuerySet:
    """The rows, each once whoever else holds it has let go: as they are then, and until this transaction ends."""
    return rows.select_for_update(of=("self",))


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
    model: type[Leased],
    key: int,
    *,
    token: UUID,
    now: datetime,
    status: str,
    answer: Mapping[str, Any],
    usd: Decimal = NOTHING,
) -> bool:
    """Stores an answer if the lease is still held. False: the row is somebody else's by now, the answer is dropped.

    `usd` is what asking did cost; the payer's account is settled by whoever calls, in the same transaction.
    """
    held = model.objects.leased().filter(pk=key, lease_token=token)
    told = {"status": status, "answered_at": now, "calls": F("calls") + 1, "usd": F("usd") + usd, **answer}
    return held.update(**UNLEASED, **told) == 1


def postpone(
    model: type[Leased],
    key: int,
    *,
    token: UUID,
    next_at: datetime,
    problem: str,
    faults: int,
    usd: Decimal = NOTHING,
) -> bool:
    """Gives the row back after a passing fault, to be asked again from `next_at` on. `usd`: as in `finish`."""
    held = model.objects.leased().filter(pk=key, lease_token=token)
    told = {"next_at": next_at, "problem": problem[:500], "faults": faults}
    counted = {"calls": F("calls") + 1, "usd": F("usd") + usd}
    return held.update(status=Leased.Status.WANTED, **UNLEASED, **told, **counted) == 1


@transaction.atomic
def release(model: type[Leased], *, token: UUID, begun: Collection[int] = ()) -> int:
    """Gives back everything still held under `token` (a drain that stops early owes nobody its lease).

    What was reserved for rows nobody was asked about yet goes back to their payers; for those in `begun`, whose call
    was cut off, it counts as spent.
    """
    held = model.objects.leased().filter(lease_token=token)
    cut_off = held.filter(pk__in=begun).update(status=Leased.Status.WANTED, **UNLEASED | {"usd": COUNTED_AS_SPENT})
    unasked = list(lock(held).values_list("payer", "reserved"))
    given_back = held.update(status=Leased.Status.WANTED, **UNLEASED)
    settle(changes=((payer, -usd) for payer, usd in unasked))
    return cut_off + given_back


def sweep(model: type[Leased], *, now: datetime) -> int:
    """Frees the rows whose holder died. An expired lease is nobody's fault, so `faults` stays.

    What was reserved for them counts as spent: the holder may have died after it asked, and then the provider was
    paid for an answer that nobody heard.
    """
    expired = model.objects.leased().filter(lease_until__lt=now)
    return expired.update(status=Leased.Status.WANTED, **UNLEASED | {"usd": COUNTED_AS_SPENT})


def ask_again(rows: QuerySet, *, now: datetime, payer: Budget | None = None) -> int:
    """Wants failed rows anew, with a clean slate; whoever asks again pays."""
    failed = rows.filter(status=Leased.Status.FAILED)
    fresh = {"next_at": now, "faults": 0, "problem": "", "answered_at": None, "payer": payer}
    return failed.update(status=Leased.Status.WANTED, **fresh)
