"""A contender answers a prompt: one reply per user turn, each with the conversation so far."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.budgets.price import Tokens
from apps.contenders.models import Output
from apps.judging.operations import release_judgments
from apps.leases.models import Leased
from judgeboard.llm.client import Message, Request
from judgeboard.llm.completion import Completion
from workers.steps.bounds import TOKENS_AROUND, most_read, most_written, tokens_of
from workers.steps.digest import answered_before, digest_of
from workers.steps.step import Answer, Question, Voice, taken


class GenerateOutput:
    model: type[Leased] = Output

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[Output]:
        return Output.objects.ready(now).filter(contender__endpoint=endpoint_id)

    def load(self, keys: Sequence[int]) -> list[Question]:
        outputs = Output.objects.filter(pk__in=keys).select_related("contender__endpoint", "prompt")
        return [_question(output) for output in outputs]

    def recall(self, questions: Sequence[Question]) -> dict[int, Answer]:
        before = answered_before(Output, questions)
        return {question.key: _repeated(before[question.digest]) for question in questions if question.digest in before}

    def stored(self, keys: Sequence[int]) -> None:
        release_judgments(output_ids=keys)


@dataclass(frozen=True)
class OutputQuestion:
    key: int
    faults: int
    request: Request
    digest: str

    @property
    def tokens(self) -> int:
        return tokens_of(self.request.messages)

    def at_most(self) -> Tokens:
        """Each turn reads the conversation so far, with the earlier replies at their longest."""
        messages, most = self.request.messages, most_written(self.request)
        turns = [number for number, message in enumerate(messages, 1) if message["role"] == "user"]
        asked = sum(most_read(messages[:number]) for number in turns)
        return Tokens(asked + sum(range(len(turns))) * (most + TOKENS_AROUND), len(turns) * most)

    async def ask(self, speaker: Voice) -> Answer:
        said: list[Completion] = []
        conversation: list[Message] = []
        for message in self.request.messages:
            conversation.append(message)
            if message["role"] == "user":
                said.append(await speaker.complete(replace(self.request, messages=list(conversation))))
                conversation.append({"role": "assistant", "content": said[-1].text})
        return _answer(said)


def _question(output: Output) -> OutputQuestion:
    contender, messages = output.contender, list(output.prompt.messages)
    if contender.system_prompt:
        messages.insert(0, {"role": "system", "content": contender.system_prompt})
    request = Request(messages, contender.temperature, contender.max_tokens)
    digest = digest_of(contender.endpoint, request, asked_as=("contender", contender.slug))
    return OutputQuestion(output.pk, output.faults, request, digest)


def _repeated(output: Output) -> Answer:
    """What it took was counted when it was asked."""
    fields = {name: getattr(output, name) for name in ("texts", "finish_reason", "served_model")}
    return Answer(Leased.Status.DONE, fields | {"problem": ""}, calls=0)


def _answer(said: Sequence[Completion]) -> Answer:
    """An empty turn makes the output unusable: it is kept and counted, but nobody is asked to judge silence."""
    empty = [number for number, completion in enumerate(said, 1) if not completion.text.strip()]
    fields: dict[str, Any] = {
        **taken(said),
        "texts": [completion.text for completion in said],
        "finish_reason": said[-1].finish_reason[:40],
        "problem": f"The model answered turn {empty[0]} with an empty text." if empty else "",
    }
    return Answer(Leased.Status.UNUSABLE if empty else Leased.Status.DONE, fields, calls=len(said))
