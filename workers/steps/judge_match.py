"""A judge compares two outputs, shown in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.budgets.price import Tokens
from apps.judging.models import Judgment
from apps.leases.models import Leased
from judgeboard.arena import judge_prompt, judge_reply
from judgeboard.llm.client import Message, Request
from judgeboard.llm.completion import Completion
from workers.steps.bounds import TOKENS_AROUND, most_read
from workers.steps.step import Answer, Question, Unaskable, Voice, tokens_of

REMINDER = (
    "Your last line was not a verdict. "
    "Reply with one line holding exactly one of [[A]], [[B]], [[TIE]] or [[BOTH_BAD]]."
)


class JudgeMatch:
    model: type[Leased] = Judgment

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[Judgment]:
        return Judgment.objects.ready(now).filter(judge__endpoint=endpoint_id)

    def load(self, keys: Sequence[int]) -> list[Question]:
        judgments = Judgment.objects.filter(pk__in=keys).select_related(
            "judge", "match__prompt", "match__output_a", "match__output_b"
        )
        return [_askable(judgment) for judgment in judgments]

    def stored(self, keys: Sequence[int]) -> None:
        """Ratings follow when the conductor sees newer evidence."""


@dataclass(frozen=True)
class JudgmentQuestion:
    key: int
    faults: int
    messages: tuple[Message, ...]
    first: int  # which side is shown first: 0 = a, 1 = b
    temperature: float | None
    max_tokens: int

    @property
    def tokens(self) -> int:
        return tokens_of(self.messages)

    def at_most(self) -> Tokens:
        """Twice, for the judge may have to be reminded; it then reads its own reply as well."""
        first = most_read(self.messages)
        reminded = first + self.max_tokens + TOKENS_AROUND + most_read([_said_by_user(REMINDER)])
        return Tokens(first + reminded, 2 * self.max_tokens)

    async def ask(self, speaker: Voice) -> Answer:
        """Asks, and once more if the reply holds no legal verdict; then it is kept as it is."""
        said = [await speaker.complete(self._request(self.messages))]
        if judge_reply.read(said[-1].text).verdict is None:
            reminded = (*self.messages, {"role": "assistant", "content": said[-1].text or "(empty)"})
            said.append(await speaker.complete(self._request((*reminded, _said_by_user(REMINDER)))))
        return _answer(said, self.first)

    def _request(self, messages: Sequence[Message]) -> Request:
        return Request(messages, self.temperature, self.max_tokens)


def _said_by_user(text: str) -> Message:
    return {"role": "user", "content": text}


def _askable(judgment: Judgment) -> Question:
    try:
        return _question(judgment)
    except judge_prompt.TurnsDiffer as problem:
        return Unaskable(judgment.pk, judgment.faults, f"The two outputs cannot be compared: {problem}")


def _question(judgment: Judgment) -> JudgmentQuestion:
    match, judge = judgment.match, judgment.judge
    sides = (match.output_a, match.output_b)
    first = 0 if judgment.order == Judgment.Order.A_FIRST else 1
    messages = judge_prompt.write(
        _up_to(match.prompt.messages, match.turn),
        sides[first].texts[: match.turn],
        sides[1 - first].texts[: match.turn],
        nonce=judge_prompt.nonce(settings.SECRET_KEY.encode(), judgment.pk),
        reference=match.prompt.reference[: match.turn],
        instructions=judge.instructions,
    )
    return JudgmentQuestion(judgment.pk, judgment.faults, tuple(messages), first, judge.temperature, judge.max_tokens)


def _up_to(messages: Sequence[Message], turn: int) -> list[Message]:
    """The prompt's messages up to its user turn number `turn`."""
    kept, users = [], 0
    for message in messages:
        users += message["role"] == "user"
        if users > turn:
            break
        kept.append(message)
    return kept


def _answer(said: Sequence[Completion], first: int) -> Answer:
    reading = judge_reply.read(said[-1].text)
    fields: dict[str, Any] = {
        "raw": "\n\n".join(completion.text for completion in said),
        "reason": reading.reason or judge_reply.read(said[0].text).reason,
        "served_model": said[-1].model,
        "tokens_in": sum(completion.tokens_in for completion in said),
        "tokens_out": sum(completion.tokens_out for completion in said),
        "latency_ms": sum(completion.latency_ms for completion in said),
        "problem": reading.problem[:500],
    }
    if reading.verdict is None:
        return Answer(Leased.Status.UNUSABLE, fields)
    return Answer(Leased.Status.DONE, fields | {"outcome": judge_reply.outcome(reading.verdict, first=first).value})
