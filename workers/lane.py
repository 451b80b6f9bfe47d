"""One lane as the drain sees it: an endpoint, its key opened, and the token under which everything is leased."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from apps.endpoints.models import Endpoint
from apps.endpoints.operations import hold_lane, leave_lane
from apps.endpoints.seal import KeyCannotBeOpened, open_key
from apps.leases import operations as leases
from apps.leases.models import Leased
from judgeboard.llm import client
from judgeboard.llm.errors import CallFailed, Lasting, Passing
from workers.backoff import next_chance
from workers.purse import Bill, Purse, settle_bills
from workers.steps import STEPS
from workers.steps.step import Answer, Question, Step

# What the database raises for a text with NUL and for numbers out of range (below nought, beyond its integers).
UNSTORABLE = (DataError, IntegrityError, OverflowError)


@dataclass(frozen=True)
class Asked:
    """A question, its step, and what came of it."""

    step: Step
    question: Question
    result: Answer | CallFailed
    bill: Bill


class Fate(Enum):
    """What became of something that was asked."""

    ANSWERED = auto()  # for good, whichever way
    POSTPONED = auto()
    DROPPED = auto()  # the lease was lost: the row, and the money for it, are somebody else's business


@dataclass(frozen=True)
class Lane:
    """Everything a drain does to the database. Each method is short, synchronous and safe to repeat."""

    endpoint_id: int
    endpoint: client.Endpoint
    token: UUID
    purse: Purse

    @classmethod
    def enter(cls, endpoint_id: int, now: datetime) -> Self | None:
        """The lane, held; None while another drain holds it."""
        row = Endpoint.objects.filter(pk=endpoint_id).first()
        if row is None:
            return None
        token = uuid4()
        lane = cls(endpoint_id, _speakable(row), token, Purse(row.price, endpoint=row.name, token=token))
        return lane if lane.keep(now) else None

    def keep(self, now: datetime) -> bool:
        """The heartbeat: renews the lane and every row leased under it. False once somebody else has the lane."""
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        for step in STEPS:
            leases.renew(step.model, token=self.token, until=until)
        return hold_lane(endpoint_id=self.endpoint_id, token=self.token, now=now, until=until)

    def leave(self) -> None:
        """Gives back what was not asked, and the lane itself."""
        for step in STEPS:
            leases.release(step.model, token=self.token, begun=self.purse.begun(step))
        leave_lane(endpoint_id=self.endpoint_id, token=self.token)

    def claim(self, limit: int, now: datetime) -> list[tuple[Step, Question]]:
        """Leases up to `limit` rows, checks before outputs before judgments; those of them that can be paid for."""
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        claimed: list[tuple[Step, Question]] = []
        for step in STEPS:
            room = limit - len(claimed)
            if room > 0:
                keys = leases.claim(step.ready(self.endpoint_id, now), token=self.token, limit=room, until=until)
                claimed += [(step, question) for question in self.purse.afford(step, step.load(keys))] if keys else []
        return claimed

    def store(self, asked: Sequence[Asked], now: datetime) -> int:
        """Stores what came back, in one transaction with the money; the number of rows answered for good."""
        try:
            answered = self._store(asked, now)
        except UNSTORABLE:
            answered = [one for alone in asked for one in self._store_alone(alone, now)]
        for step in STEPS:
            keys = [one.question.key for one in answered if one.step is step]
            if keys:
                step.stored(keys)
        return len(answered)

    @transaction.atomic
    def _store(self, asked: Sequence[Asked], now: datetime) -> list[Asked]:
        """Those that were answered for good. What was asked and dropped is not settled: it counts as spent already."""
        fates = [(one, self._store_one(one, now)) for one in asked]
        settle_bills(one.bill for one, fate in fates if fate is not Fate.DROPPED)
        return [one for one, fate in fates if fate is Fate.ANSWERED]

    def _store_alone(self, asked: Asked, now: datetime) -> list[Asked]:
        """An answer that no column can hold fails its own row: it must not be asked for, and paid for, for ever."""
        try:
            return self._store([asked], now)
        except UNSTORABLE:
            unstorable = Lasting("The endpoint's answer holds values that cannot be stored.")
            return self._store([replace(asked, result=unstorable)], now)

    def _store_one(self, asked: Asked, now: datetime) -> Fate:
        question, result = asked.question, asked.result
        if isinstance(result, Answer):
            return self._finish(asked, result, now)
        if isinstance(result, Passing):
            faults = question.faults + 1
            next_at = next_chance(result, faults=faults, now=now)
            if next_at is not None:
                return self._postpone(asked, next_at, faults)
        return self._finish(asked, Answer(Leased.Status.FAILED, {"problem": str(result)[:500]}), now)

    def _finish(self, asked: Asked, answer: Answer, now: datetime) -> Fate:
        stored = leases.finish(
            asked.step.model,
            asked.question.key,
            token=self.token,
            now=now,
            status=answer.status,
            answer=answer.fields,
            usd=asked.bill.usd,
        )
        return Fate.ANSWERED if stored else Fate.DROPPED

    def _postpone(self, asked: Asked, next_at: datetime, faults: int) -> Fate:
        stored = leases.postpone(
            asked.step.model,
            asked.question.key,
            token=self.token,
            next_at=next_at,
            problem=str(asked.result),
            faults=faults,
            usd=asked.bill.usd,
        )
        return Fate.POSTPONED if stored else Fate.DROPPED


def _speakable(row: Endpoint) -> client.Endpoint:
    try:
        key = open_key(row.sealed_key, row.base_url)
    except KeyCannotBeOpened:
        key = ""  # the endpoint will refuse us, and its owner is told so
    deadline = min(row.deadline, settings.CALL_DEADLINE)  # what the task's time limit reckons with
    return client.Endpoint(row.base_url, row.model, key, deadline=deadline, concurrency=max(1, row.concurrency))
