"""What every kind of question to a model has to offer to the drain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from apps.leases.models import Leased
from judgeboard.llm.client import Speaker
from judgeboard.llm.errors import Lasting


@dataclass(frozen=True)
class Answer:
    """What is to be stored: the final status of the row and its fields. `calls`: that were made for it."""

    status: str
    fields: dict[str, Any] = field(default_factory=dict)
    calls: int = 1


class Question(Protocol):
    """A loaded row: everything needed to ask, so that asking touches no database."""

    @property
    def key(self) -> int: ...

    @property
    def faults(self) -> int: ...

    @property
    def digest(self) -> str:
        """Of all that makes the reply; empty where it is to be asked every time."""

    async def ask(self, speaker: Speaker) -> Answer:
        """Speaks and reads. Raises a `CallFailed`."""


@dataclass(frozen=True)
class Unaskable:
    """A row whose material does not make a question. It fails with a sentence, and the rest of its batch is asked."""

    key: int
    faults: int
    sentence: str
    digest: str = ""

    async def ask(self, speaker: Speaker) -> Answer:
        raise Lasting(self.sentence)


@dataclass(frozen=True)
class Recalled:
    """A row whose question was answered before. The answer is stored like any other, and nobody is asked."""

    key: int
    faults: int
    digest: str
    answer: Answer

    async def ask(self, speaker: Speaker) -> Answer:
        return self.answer


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
