"""One lane as the drain sees it: an endpoint, its key opened, and the token under which everything is leased."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Min

from apps.endpoints.models import Endpoint
from apps.endpoints.operations import hold_lane, leave_lane, note_pace
from apps.endpoints.seal import KeyCannotBeOpened, open_key
from apps.leases import operations as leases
from apps.leases.models import Leased
from judgeboard.llm import client
from judgeboard.llm.errors import CallFailed, Lasting, Passing
from workers.allowance import Limits
from workers.backoff import next_chance
from workers.pace import Pace
from workers.presence import presence
from workers.purse import Bill, Purse, settle_bills
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
    bill: Bill


class Kept(NamedTuple):
    """What a heartbeat found: whether the lane is still ours (False: somebody else has it), and how many rows are."""

    lane: bool
    rows: int


@dataclass(frozen=True)
class Lane:
    """Everything a drain does to the database. Each method is short, synchronous and safe to repeat."""

    endpoint_id: int
    endpoint: client.Endpoint
    limits: Limits
    learnt: int | None
    breaks: int
    token: UUID
    purse: Purse

    @classmethod
    def enter(cls, endpoint_id: int, now: datetime) -> Self | None:
        """The lane, held; None while another drain holds it, or while it rests."""
        row = Endpoint.objects.filter(pk=endpoint_id).first()
        if row is None or (row.resting_until is not None and row.resting_until > now):
            return None
        token = uuid4()
        purse = Purse(row.price, endpoint=row.name, token=token)
        lane = cls(endpoint_id, _speakable(row), _limits(row), row.learnt, row.breaks, token, purse)
        return lane if lane.keep(now).lane else None

    def keep(self, now: datetime) -> Kept:
        """The heartbeat: renews the lane and every row leased under it."""
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        rows = sum(leases.renew(step.model, token=self.token, until=until) for step in STEPS)
        held = hold_lane(endpoint_id=self.endpoint_id, token=self.token, now=now, until=until)
        if held:
            presence().on(self.endpoint_id)
        return Kept(held, rows)

    def leave(self) -> None:
        """Gives back what was not asked, and the lane itself."""
        for step in STEPS:
            leases.release(step.model, token=self.token, begun=self.purse.begun(step))
        leave_lane(endpoint_id=self.endpoint_id, token=self.token)
        presence().off(self.endpoint_id)

    def note(self, pace: Pace, resting_until: datetime | None, trouble: str) -> None:
        """For the next drain, and for those who ask why nothing happens."""
        note_pace(
            endpoint_id=self.endpoint_id,
            token=self.token,
            learnt=pace.learnt,
            breaks=pace.breaks,
            resting_until=resting_until,
            trouble=trouble,
        )

    def due(self, by: datetime) -> datetime | None:
        """When the first row is to be asked, if that is soon enough."""
        times = (step.ready(self.endpoint_id, by).aggregate(due=Min("next_at"))["due"] for step in STEPS)
        return min((time for time in times if time is not None), default=None)

    def claim(self, limit: int, now: datetime) -> list[tuple[Step, Question]]:
        """Leases up to `limit` rows, checks before outputs before judgments; those of them that can be paid for."""
        until = now + timedelta(seconds=settings.LEASE_SECONDS)
        claimed: list[tuple[Step, Question]] = []
        for step in STEPS:
            room = limit - len(claimed)
            if room > 0:
                keys = leases.claim(step.ready(self.endpoint_id, now), token=self.token, limit=room, until=until)
                questions = _load(step, keys) if keys else []
                claimed += [(step, question) for question in self.purse.afford(step, questions)] if questions else []
        return claimed

    def store(self, asked: Sequence[Asked], now: datetime) -> int:
        """Stores what came back, in one transaction with the money; the number of rows answered for good."""
        try:
            settled = self._store(asked, now)
        except UNSTORABLE:
            settled = [one for alone in asked for one in self._store_alone(alone, now)]
        for step in STEPS:
            keys = [one.question.key for one in settled if one.step is step]
            if keys:
                step.stored(keys)
        return len(settled)

    @transaction.atomic
    def _store(self, asked: Sequence[Asked], now: datetime) -> list[Asked]:
        """Those that are answered for good. What is dropped is not settled: it counts as spent already."""
        told = [(one, _told(one, now)) for one in asked]
        kept = [(one, fields) for step in STEPS for one, fields in self._held(step, told)]
        settle_bills(one.bill for one, _ in kept)
        return [one for one, fields in kept if fields["status"] != Leased.Status.WANTED]

    def _held(self, step: Step, told: Sequence[tuple[Asked, leases.Fields]]) -> list[tuple[Asked, leases.Fields]]:
        """Those of one kind whose lease was still held, and which are stored by now."""
        ours = [(one, fields) for one, fields in told if one.step is step]
        if not ours:
            return []
        held = leases.store(step.model, {one.question.key: fields for one, fields in ours}, token=self.token)
        return [(one, fields) for one, fields in ours if one.question.key in held]

    def _store_alone(self, asked: Asked, now: datetime) -> list[Asked]:
        """An answer that no column can hold fails its own row: it must not be asked for, and paid for, for ever."""
        try:
            return self._store([asked], now)
        except UNSTORABLE:
            unstorable = Lasting("The endpoint's answer holds values that cannot be stored.")
            return self._store([replace(asked, result=unstorable)], now)


def _told(asked: Asked, now: datetime) -> leases.Fields:
    """An answer, a fault after which the row is asked again, or the last one."""
    question, result, usd = asked.question, asked.result, asked.bill.usd
    if isinstance(result, Answer):
        fields = result.fields | ({"digest": question.digest} if question.digest else {})
        return leases.answered(status=result.status, answer=fields, now=now, calls=result.calls, usd=usd)
    faults = question.faults + 1
    next_at = next_chance(result, faults=faults, now=now) if isinstance(result, Passing) else None
    if next_at is not None:
        return leases.postponed(next_at=next_at, problem=str(result), faults=faults, usd=usd)
    return leases.answered(status=Leased.Status.FAILED, answer={"problem": str(result)[:500]}, now=now, usd=usd)


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


def _limits(row: Endpoint) -> Limits:
    key = f"group:{row.limit_group}" if row.limit_group else f"endpoint:{row.pk}"
    return Limits(key, row.requests_per_minute, row.tokens_per_minute)
