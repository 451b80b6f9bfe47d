"""The writes every leased row goes through. Each is one statement or one transaction, and harmless when repeated.

Celery messages may be lost, doubled or late; what makes that harmless is here: a claim is a compare-and-swap, and an
answer is accepted only while the lease under which it was asked for is still held.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Field, QuerySet

from apps.budgets.models import Budget
from apps.budgets.operations import settle
from apps.budgets.price import NOTHING
from apps.leases.models import Leased

Fields = Mapping[str, Any]

UNLEASED: Fields = {"lease_token": None, "lease_until": None, "reserved": NOTHING}
ADDED = ("calls", "usd")  # what comes on top of what was there
COUNTED_AS_SPENT = F("usd") + F("reserved")
POISON = (
    "Every worker that held it was lost before an answer was stored. Something about it may be what ends them; "
    "it can be asked again."
)


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
        found = _oldest(ready, limit)
        if any(lost >= _suspicious() for lost in found.values()):
            found = _with_one_suspect(ready, found, limit)
        ready.model.objects.filter(pk__in=found).update(
            status=Leased.Status.LEASED, lease_token=token, lease_until=until
        )
    return list(found)


def _oldest(ready: QuerySet, limit: int) -> dict[int, int]:
    """Up to `limit` rows, and how many holders of each were lost."""
    return dict(lock_free(ready).order_by("next_at", "pk").values_list("pk", "lost")[:limit])


def _with_one_suspect(ready: QuerySet, found: Mapping[int, int], limit: int) -> dict[int, int]:
    """Rows whose holders died often are asked one at a time: the one that kills them takes no other along for long."""
    calm = _oldest(ready.filter(lost__lt=_suspicious()), limit - 1)
    if ready.model.objects.leased().filter(lost__gte=_suspicious()).exists():
        return calm
    suspect = next(key for key, lost in found.items() if lost >= _suspicious())
    return {**calm, suspect: found[suspect]}


def _suspicious() -> int:
    """So many holders lost in a row are no chance any more."""
    return int(settings.MOST_LOST_LEASES) // 2


def renew(model: type[Leased], *, token: UUID, until: datetime) -> int:
    """Keeps what is held under `token`; the number of rows still held."""
    return model.objects.leased().filter(lease_token=token).update(lease_until=until)


def answered(
    *, status: str, answer: Mapping[str, Any], now: datetime, calls: int = 1, usd: Decimal = NOTHING
) -> Fields:
    """What settles a row. calls: those it took; usd: what they did cost."""
    return {"status": status, "answered_at": now, "calls": calls, "usd": usd, **answer}


def postponed(*, next_at: datetime, problem: str, faults: int, usd: Decimal = NOTHING) -> Fields:
    """What gives a row back after a passing fault, to be asked again from `next_at` on. usd: as in `answered`."""
    told = {"next_at": next_at, "problem": problem[:500], "faults": faults, "lost": 0}
    return {"status": Leased.Status.WANTED, "calls": 1, "usd": usd, **told}


def store(model: type[Leased], rows: Mapping[int, Fields], *, token: UUID) -> set[int]:
    """Stores what came of calls, by row, and ends their leases; the keys of the rows that were still held.

    The others are somebody else's by now: what is said of them is dropped. Few statements, however many rows. The
    payers' accounts are settled by whoever calls, in the same transaction, which is why there is no savepoint here.
    """
    with transaction.atomic(savepoint=False):
        held = model.objects.leased().filter(pk__in=rows, lease_token=token)
        keys = set(lock(held).values_list("pk", flat=True))
        kept = {key: {**UNLEASED, **fields} for key, fields in rows.items() if key in keys}
        for names in {tuple(fields) for fields in kept.values()}:
            _update_each(model, {key: fields for key, fields in kept.items() if tuple(fields) == names}, names)
    return keys


def _update_each(model: type[Leased], rows: Mapping[int, Fields], names: Sequence[str]) -> None:
    """One statement for all, sent together: Django's `bulk_update` would cost more time than the calls themselves."""
    fields = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]
    told = [
        [*(field.get_db_prep_save(row[field.name], connection) for field in fields), key] for key, row in rows.items()
    ]
    columns = ", ".join(_assigned(field) for field in fields)
    table, key = _quoted(model._meta.db_table), _quoted("id")
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {columns} WHERE {key} = %s", told)  # noqa: S608 (names of our own)


def _assigned(field: "Field[Any, Any]") -> str:
    column = _quoted(str(field.column))
    return f"{column} = {column} + %s" if field.name in ADDED else f"{column} = %s"


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


@transaction.atomic
def release(model: type[Leased], *, token: UUID, begun: Collection[int] = ()) -> int:
    """Gives back everything still held under `token` (a drain that stops early owes nobody its lease).

    What was reserved for rows nobody was asked about yet goes back to their payers; for those in `begun`, whose call
    was cut off, it counts as spent.
    """
    held = model.objects.leased().filter(lease_token=token)
    cut_off = held.filter(pk__in=begun).update(status=Leased.Status.WANTED, **{**UNLEASED, "usd": COUNTED_AS_SPENT})
    unasked = list(lock(held).values_list("payer", "reserved"))
    given_back = held.update(status=Leased.Status.WANTED, **UNLEASED)
    settle(changes=((payer, -usd) for payer, usd in unasked))
    return cut_off + given_back


@transaction.atomic
def sweep(model: type[Leased], *, now: datetime) -> int:
    """Frees the rows whose holder died. An expired lease is nobody's fault, so `faults` stays.

    What was reserved for them counts as spent: the holder may have died after it asked, and then the provider was
    paid for an answer that nobody heard. A row whose holders die time after time may be what kills them: it is failed
    when MOST_LOST_LEASES were lost in a row.
    """
    expired = model.objects.leased().filter(lease_until__lt=now)
    again = {"lost": F("lost") + 1, **UNLEASED, "usd": COUNTED_AS_SPENT}
    parked = {**again, "status": Leased.Status.FAILED, "answered_at": now, "problem": POISON}
    return expired.filter(lost__gte=settings.MOST_LOST_LEASES - 1).update(**parked) + expired.update(
        status=Leased.Status.WANTED, **again
    )


def ask_again(rows: QuerySet, *, now: datetime, payer: Budget | None = None) -> int:
    """Wants failed rows anew, with a clean slate; whoever asks again pays."""
    failed = rows.filter(status=Leased.Status.FAILED)
    fresh = {"next_at": now, "faults": 0, "lost": 0, "problem": "", "answered_at": None, "payer": payer}
    return failed.update(status=Leased.Status.WANTED, **fresh)
