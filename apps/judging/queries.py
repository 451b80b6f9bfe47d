"""Judges by their names in addresses, and what a version of a judge is told."""

from collections.abc import Iterable
from typing import Any

from apps.judging.models import Judge
from judgeboard.arena.judge_prompt import Case, write
from judgeboard.arena.protocols import UnknownProtocol, protocol_of

PLACE = "(the text of {})"


def judge_key(judge: Judge) -> str:
    """Its word in an address: `gavel`, and `gavel.2` for a second version."""
    return f"{judge.slug}.{judge.version}" if judge.version > 1 else judge.slug


def judge_by_key(key: str) -> Judge | None:
    return next((judge for judge in Judge.objects.select_related("endpoint") if judge_key(judge) == key), None)


def judge_keys() -> Iterable[str]:
    return [judge_key(judge) for judge in Judge.objects.all()]


def judge_versions(judge: Judge) -> tuple[Judge, ...]:
    """All of its name, the newest first."""
    return tuple(Judge.objects.filter(slug=judge.slug).select_related("endpoint").order_by("-version"))


def told_to(judge: Judge) -> list[dict[str, Any]]:
    """The messages it gets for a question of one turn, with places for the texts; none where its protocol is gone."""
    try:
        protocol = protocol_of(judge.protocol)
    except UnknownProtocol:
        return []
    answers = [[PLACE.format(label.lower())] for label in protocol.answers]
    question = [{"role": "user", "content": PLACE.format("the question")}]
    case = Case(question=question, answers=answers, reference=[], instructions=judge.instructions)
    return list(write(protocol, case, nonce="0123456789abcdef"))
