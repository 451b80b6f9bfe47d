"""What judges said, read again with the present reader and without a call: for when the reader has become better."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.judging.models import Heard, Judgment, Score
from apps.judging.scores import derive_again
from apps.leases.models import Leased
from judgeboard.arena import judge_reply
from judgeboard.arena.protocols import PROTOCOLS, protocol_of

BATCH = 1000
Status = Leased.Status
Kind = type[Judgment] | type[Score]


@dataclass
class Reread:
    """Replies by what became of them."""

    unchanged: int = 0
    now_readable: int = 0
    now_unreadable: int = 0
    changed: int = 0


def read_again(model: Kind, *, judge_slug: str | None, now: datetime, dry_run: bool) -> Reread:
    """Reads every stored reply of that kind, of one judge in all its versions or of all; imported ones stay.

    A row that says something else counts as answered `now`, so boards take it for newer evidence.
    """
    counted = Reread()
    for batch in _batches(model, judge_slug):
        different = [row for row in batch if _read(row, counted)]
        if different and not dry_run:
            _keep(model, different, now)
    return counted


def _batches(model: Kind, judge_slug: str | None) -> Iterator[list[Any]]:
    replies = model.objects.filter(status__in=(Status.DONE, Status.UNUSABLE), judge__protocol__in=PROTOCOLS)
    if judge_slug is not None:
        replies = replies.filter(judge__slug=judge_slug)
    replies, last = replies.exclude(raw="").select_related("judge").order_by("pk"), 0
    while batch := list(replies.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _read(row: Heard, counted: Reread) -> bool:
    """Puts what the row says now into it; whether that is something else than before."""
    reading = judge_reply.read_all(judge_reply.replies_in(row.raw), protocol_of(row.judge.protocol).menu)
    after = row.told(reading.verdict)
    before = {name: getattr(row, name) for name in after}
    was_readable, is_readable = row.status == Status.DONE, reading.verdict is not None
    if was_readable == is_readable and before == after:
        counted.unchanged += 1
        return False
    counted.changed += was_readable and is_readable
    counted.now_readable += is_readable and not was_readable
    counted.now_unreadable += was_readable and not is_readable
    row.status = Status.DONE if is_readable else Status.UNUSABLE
    row.reason, row.problem = reading.reason, reading.problem[:500]
    row.chances = None  # they were told of what it was taken for before
    for name, value in after.items():
        setattr(row, name, value)
    return True


@transaction.atomic
def _keep(model: Kind, rows: list[Any], now: datetime) -> None:
    for row in rows:
        row.answered_at = now
    fields = ("status", "reason", "problem", "chances", "answered_at", *rows[0].told(None))
    model.objects.bulk_update(rows, fields)
    if model is Score:
        derive_again(now=now, score_ids=[row.pk for row in rows])


KINDS: dict[str, Kind] = {"judgments": Judgment, "scores": Score}
