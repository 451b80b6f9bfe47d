"""One lane as the drain sees it: an endpoint, its key opened, and the token under which everything is leased."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
from workers.steps import STEPS
from workers.steps.step import Answer, Question, Recalled, Step

# What the database raises for a text with NUL and for numbers out of range (below nought, beyond its integers).
UNSTORABLE = (DataError, IntegrityError, OverflowError)


@dataclass(frozen=True)
class Asked:
    """A question, its step, and what came of it."""

    step: Step
    question: Question
    result: Answer | CallFailed


@dataclass(frozen=True)
class Lane:
    """Everything a drain does to the database. Each method is short, synchronous and safe to repeat."""

    endpoint_id: int
    endpoint: client.Endpoint
    token: UUID = field(default_factory=uuid4)

    @classmethod
    def enter(cls, endpoint_id: int, now: datetime) -> Self | None:
        """The lane, held; None while another drain holds it."""
        row = Endpoint.objects.filter(pk=endpoint_id).first()
        if row is None:
            return None
        lane = cls(endpoint_id, _speakable(row))
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
            leases.release(step.model, token=self.token)
        leave_lane(endpoint_id=self.endpoint_id, token=self.token)

    def claim(self, limit: int, now: datetime) -> list[tuple[Step, Question]]:
        """Leases up to `limit` rows, checks before outputs before judgments."""
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        claimed: list[tuple[Step, Question]] = []
        for step in STEPS:
            room = limit - len(claimed)
            if room > 0:
                keys = leases.claim(step.ready(self.endpoint_id, now), token=self.token, limit=room, until=until)
                claimed += [(step, question) for question in _load(step, keys)] if keys else []
        return claimed

    def store(self, asked: Sequence[Asked], now: datetime) -> int:
        """Stores what came back, in one transaction; the number of rows answered for good."""
        try:
            with transaction.atomic():
                answered = [one for one in asked if self._store_one(one, now)]
        except UNSTORABLE:
            answered = [one for one in asked if self._store_alone(one, now)]
        for step in STEPS:
            keys = [one.question.key for one in answered if one.step is step]
            if keys:
                step.stored(keys)
        return len(answered)

    def _store_alone(self, asked: Asked, now: datetime) -> bool:
        """An answer that no column can hold fails its own row: it must not be asked for, and paid for, for ever."""
        try:
            with transaction.atomic():
                return self._store_one(asked, now)
        except UNSTORABLE:
            unstorable = Lasting("The endpoint's answer holds values that cannot be stored.")
            return self._store_one(replace(asked, result=unstorable), now)

    def _store_one(self, asked: Asked, now: datetime) -> bool:
        model, question, result = asked.step.model, asked.question, asked.result
        if isinstance(result, Answer):
            return self._finish(model, question, result, now)
        if isinstance(result, Passing):
            faults = question.faults + 1
            next_at = next_chance(result, faults=faults, now=now)
            if next_at is not None:
                leases.postpone(
                    model, question.key, token=self.token, next_at=next_at, problem=str(result), faults=faults
                )
                return False
        return self._finish(model, question, Answer(Leased.Status.FAILED, {"problem": str(result)[:500]}), now)

    def _finish(self, model: type[Leased], question: Question, answer: Answer, now: datetime) -> bool:
        fields = answer.fields | ({"digest": question.digest} if question.digest else {})
        return leases.finish(
            model, question.key, token=self.token, now=now, status=answer.status, answer=fields, calls=answer.calls
        )


def _load(step: Step, keys: Sequence[int]) -> list[Question]:
    """The questions of these rows; what was asked before is answered from memory."""
    questions = step.load(keys)
    known = step.recall(questions)
    return [
        Recalled(question.key, question.faults, question.digest, known[question.key])
        if question.key in known
        else question
        for question in questions
    ]


def _speakable(row: Endpoint) -> client.Endpoint:
    try:
        key = open_key(row.sealed_key, row.base_url)
    except KeyCannotBeOpened:
        key = ""  # the endpoint will refuse us, and its owner is told so
    deadline = min(row.deadline, settings.CALL_DEADLINE)  # what the task's time limit reckons with
    return client.Endpoint(row.base_url, row.model, key, deadline=deadline, concurrency=max(1, row.concurrency))
