"""What every judge is asked, whatever its protocol: for a verdict, and once more if the reply holds no legal one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from apps.budgets.price import Tokens
from apps.contenders.models import Output
from apps.endpoints.queries import Abilities, abilities
from apps.judging.models import Heard, Judge, Judgment, Score
from apps.leases.models import Leased
from apps.prompts.models import Prompt
from judgeboard.arena import judge_prompt, judge_reply
from judgeboard.arena.judge_prompt import Case
from judgeboard.arena.judge_reply import Menu
from judgeboard.arena.protocols import Protocol, UnknownProtocol, protocol_of
from judgeboard.llm.client import Message, Request
from judgeboard.llm.completion import Completion
from judgeboard.llm.errors import BadRequest
from workers.steps.bounds import TOKENS_AROUND, most_read, most_written, tokens_of
from workers.steps.digest import answered_before, digest_of
from workers.steps.step import Answer, Question, Unaskable, Voice, taken


@dataclass(frozen=True)
class VerdictQuestion:
    row: Heard
    menu: Menu[Any]
    request: Request
    digest: str
    fuller: Sequence[Request] = ()  # the same with all the endpoint can do beside, to be asked first; fullest first

    @property
    def key(self) -> int:
        return int(self.row.pk)

    @property
    def faults(self) -> int:
        return self.row.faults

    @property
    def tokens(self) -> int:
        return tokens_of(self.request.messages)

    def at_most(self) -> Tokens:
        """Twice, for the judge may have to be reminded; it then reads its own reply as well.

        Where alternatives are asked for, the first reply may be too large to be read, and is paid for all the same.
        """
        forms = (*self.fuller, self.request)
        too_large = any(request.alternatives for request in forms)
        first = (1 + too_large) * max(most_read(request.messages) for request in forms)
        reminder = most_read([self._reminder])
        most = most_written(self.request)
        reminded = most_read(self.request.messages) + reminder + most + TOKENS_AROUND
        return Tokens(first + reminded, (2 + too_large) * most)

    async def ask(self, speaker: Voice) -> Answer:
        """Asks, and once more if the reply holds no legal verdict; then it is kept as it is."""
        refused, first = await self._first(speaker)
        said = [first]
        if judge_reply.read(first.text, self.menu).verdict is None:
            said.append(await speaker.complete(self._reminded(first.text)))
        return self._answer(said, calls=refused + len(said))

    async def _first(self, speaker: Voice) -> tuple[int, Completion]:
        """How often it was asked in vain, and the reply. An endpoint may have lost what it could when checked, and the
        alternatives to thousands of tokens may make a reply too large: then it is asked without.
        """
        for refused, request in enumerate(self.fuller):
            try:
                return refused, await speaker.complete(request)
            except BadRequest:
                continue
        return len(self.fuller), await speaker.complete(self.request)

    def _reminded(self, reply: str) -> Request:
        said = {"role": "assistant", "content": reply or "(empty)"}
        return replace(self.request, messages=[*self.request.messages, said, self._reminder])

    @property
    def _reminder(self) -> Message:
        return {"role": "user", "content": self.menu.reminder}

    def _answer(self, said: Sequence[Completion], *, calls: int) -> Answer:
        replies = [completion.text for completion in said]
        reading = judge_reply.read_all(replies, self.menu)
        fields: dict[str, Any] = {
            **taken(said),
            "raw": judge_reply.kept(replies),
            "reason": reading.reason,
            "problem": reading.problem[:500],
        }
        if reading.verdict is None:
            return Answer(Leased.Status.UNUSABLE, fields, calls=calls)
        fields["chances"] = self.row.chances_in(said[-1].text, said[-1].tokens, self.menu)
        return Answer(Leased.Status.DONE, fields | self.row.told(reading.verdict), calls=calls)


def verdict_question(row: Heard, *, prompt: Prompt, turn: int, outputs: Sequence[Output], able: Abilities) -> Question:
    """The question to the row's judge about `outputs`, in the order shown, up to one turn of the conversation.

    able: what the judge's endpoint offers. None of it is part of the digest: it changes how a reply is written and what
    is told beside it, not what is asked.
    """
    judge = row.judge
    case = Case(
        question=_up_to(prompt.messages, turn),
        answers=[output.texts[:turn] for output in outputs],
        reference=prompt.reference[:turn],
        instructions=judge.instructions,
    )
    try:
        protocol = protocol_of(judge.protocol)
        nonce = judge_prompt.nonce(settings.SECRET_KEY.encode(), protocol, case)
        request = _request(judge, protocol, case, nonce, structured=False)
        bound = _request(judge, protocol, case, nonce, structured=True) if able.structured else request
    except UnknownProtocol as problem:
        return Unaskable(row.pk, row.faults, f"{judge} cannot be asked: {problem}")
    except judge_prompt.TurnsDiffer as problem:
        return Unaskable(row.pk, row.faults, f"What was answered cannot be judged: {problem}")
    digest = digest_of(judge.endpoint, request, asked_as=("judge", judge.slug, judge.version, protocol.slug))
    forms = [replace(bound, alternatives=True)] if able.log_probabilities else []
    return VerdictQuestion(row, protocol.menu, request, digest, [*forms, bound] if able.structured else forms)


def _request(judge: Judge, protocol: Protocol[Any], case: Case, nonce: str, *, structured: bool) -> Request:
    messages = judge_prompt.write(protocol, case, nonce=nonce, structured=structured)
    schema = judge_reply.schema(protocol.menu) if structured else None
    return Request(messages, judge.temperature, judge.max_tokens, schema)


def lane_abilities(rows: Sequence[Heard]) -> Abilities:
    """What the endpoint of these rows, which are of one lane, offers."""
    return abilities(rows[0].judge.endpoint_id) if rows else Abilities()


def recalled(model: type[Judgment] | type[Score], questions: Sequence[Question]) -> dict[int, Answer]:
    """The verdicts that were given on the very same texts before, in this prompt set's older version for example."""
    before = answered_before(model, questions)
    asked = (question for question in questions if isinstance(question, VerdictQuestion) and question.digest in before)
    return {question.key: _repeated(question.row, before[question.digest]) for question in asked}


def _repeated(row: Heard, before: Heard) -> Answer:
    return Answer(Leased.Status.DONE, row.repeated(before) | {"problem": ""}, calls=0)


def _up_to(messages: Sequence[Message], turn: int) -> list[Message]:
    """The prompt's messages up to its user turn number `turn`."""
    kept, users = [], 0
    for message in messages:
        users += message["role"] == "user"
        if users > turn:
            break
        kept.append(message)
    return kept
