"""What every judge is asked, whatever its protocol: for a verdict, and once more if the reply holds no legal one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.contenders.models import Output
from apps.judging.models import Heard
from apps.leases.models import Leased
from apps.prompts.models import Prompt
from judgeboard.arena import judge_prompt, judge_reply
from judgeboard.arena.judge_reply import Menu
from judgeboard.arena.protocols import UnknownProtocol, protocol_of
from judgeboard.llm.client import Completion, Message, Request, Speaker
from workers.steps.step import Answer, Question, Unaskable


@dataclass(frozen=True)
class VerdictQuestion:
    """`told`: the fields of the row that a legal verdict comes to."""

    key: int
    faults: int
    menu: Menu[Any]
    messages: tuple[Message, ...]
    temperature: float | None
    max_tokens: int
    told: Callable[[Any], dict[str, Any]]

    async def ask(self, speaker: Speaker) -> Answer:
        """Asks, and once more if the reply holds no legal verdict; then it is kept as it is."""
        said = [await speaker.complete(self._request(self.messages))]
        if judge_reply.read(said[-1].text, self.menu).verdict is None:
            reminded = (*self.messages, {"role": "assistant", "content": said[-1].text or "(empty)"})
            said.append(
                await speaker.complete(self._request((*reminded, {"role": "user", "content": self.menu.reminder})))
            )
        return self._answer(said)

    def _request(self, messages: Sequence[Message]) -> Request:
        return Request(messages, self.temperature, self.max_tokens)

    def _answer(self, said: Sequence[Completion]) -> Answer:
        replies = [completion.text for completion in said]
        reading = judge_reply.read_all(replies, self.menu)
        fields: dict[str, Any] = {
            "raw": judge_reply.kept(replies),
            "reason": reading.reason,
            "served_model": said[-1].model,
            "tokens_in": sum(completion.tokens_in for completion in said),
            "tokens_out": sum(completion.tokens_out for completion in said),
            "latency_ms": sum(completion.latency_ms for completion in said),
            "problem": reading.problem[:500],
        }
        if reading.verdict is None:
            return Answer(Leased.Status.UNUSABLE, fields)
        return Answer(Leased.Status.DONE, fields | self.told(reading.verdict))


def verdict_question(row: Heard, *, prompt: Prompt, turn: int, outputs: Sequence[Output]) -> Question:
    """The question to the row's judge about `outputs`, in the order shown, up to one turn of the conversation."""
    judge = row.judge
    case = judge_prompt.Case(
        question=_up_to(prompt.messages, turn),
        answers=[output.texts[:turn] for output in outputs],
        reference=prompt.reference[:turn],
        instructions=judge.instructions,
    )
    try:
        protocol = protocol_of(judge.protocol)
        nonce = judge_prompt.nonce(settings.SECRET_KEY.encode(), protocol, case)
        messages = tuple(judge_prompt.write(protocol, case, nonce=nonce))
    except UnknownProtocol as problem:
        return Unaskable(row.pk, row.faults, f"{judge} cannot be asked: {problem}")
    except judge_prompt.TurnsDiffer as problem:
        return Unaskable(row.pk, row.faults, f"What was answered cannot be judged: {problem}")
    return VerdictQuestion(row.pk, row.faults, protocol.menu, messages, judge.temperature, judge.max_tokens, row.told)


def _up_to(messages: Sequence[Message], turn: int) -> list[Message]:
    """The prompt's messages up to its user turn number `turn`."""
    kept, users = [], 0
    for message in messages:
        users += message["role"] == "user"
        if users > turn:
            break
        kept.append(message)
    return kept
