"""What every kind of question to a model has to offer to the drain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from apps.budgets.price import Tokens
from apps.leases.models import Leased
from judgeboard.llm.client import Request
from judgeboard.llm.completion import Completion
from judgeboard.llm.errors import Lasting


@dataclass(frozen=True)
class Answer:
    """What is to be stored: the final status of the row and its fields. `calls`: that were made for it."""

    status: str
    fields: dict[str, Any] = field(default_factory=dict)
    calls: int = 1


class Voice(Protocol):
    """Whoever speaks to the endpoint: `llm.client.Speaker`, or a meter before it."""

    async def complete(self, request: Request) -> Completion: ...

    async def list_models(self) -> list[str]: ...


class Question(Protocol):
    """A loaded row: everything needed to ask, so that asking touches no database."""

    @property
    def key(self) -> int: ...

    @property
    def faults(self) -> int: ...

    @property
    def digest(self) -> str:
        """Of all that makes the reply; empty where it is to be asked every time."""

    @property
    def tokens(self) -> int:
        """About how many the first call asks with."""

    def at_most(self) -> Tokens:
        """What asking may take, repeated and follow-up calls included."""

    async def ask(self, speaker: Voice) -> Answer:
        """Speaks and reads. Raises a `CallFailed`."""


@dataclass(frozen=True)
class Unaskable:
    """A row whose material does not make a question. It fails with a sentence, and the rest of its batch is asked."""

    key: int
    faults: int
    sentence: str
    tokens: int = 0
    digest: str = ""

    def at_most(self) -> Tokens:
        return Tokens(0, 0)

    async def ask(self, speaker: Voice) -> Answer:
        raise Lasting(self.sentence)


@dataclass(frozen=True)
class Recalled:
    """A row whose question was answered before. The answer is stored like any other, and nobody is asked."""

    key: int
    faults: int
    digest: str
    answer: Answer
    tokens: int = 0

    def at_most(self) -> Tokens:
        return Tokens(0, 0)

    async def ask(self, speaker: Voice) -> Answer:
        return self.answer


def taken(said: Sequence[Completion]) -> dict[str, Any]:
    """The fields that tell what all calls for one row took."""
    return {
        "served_model": said[-1].model,
        "tokens_in": sum(completion.tokens_in for completion in said),
        "tokens_out": sum(completion.tokens_out for completion in said),
        "latency_ms": sum(completion.latency_ms for completion in said),
    }


class Step(Protocol):
    model: type[Leased]

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[Any]:
        """The rows of this lane that may be asked now."""

    def load(self, keys: Sequence[int]) -> list[Question]:
        """The questions of these rows, in few statements."""

    def recall(self, questions: Sequence[Question]) -> dict[int, Answer]:
        """The answers to those of the questions that were answered before, by key, in at most one statement."""

    def stored(self, keys: Sequence[int]) -> None:
        """What follows once answers are committed."""
