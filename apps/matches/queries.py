"""One match as it is read: what was asked and what the two outputs answered, turn by turn."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Q, QuerySet

from apps.contenders.models import Contender
from apps.matches.models import Match
from apps.prompts.messages import image_uris, plain_text
from apps.prompts.privacy import STRANGER, Viewer, seen_by


@dataclass(frozen=True)
class Turn:
    """One exchange of the conversation. An answer is None where the output has none (yet)."""

    number: int
    asked: str
    images: tuple[str, ...]  # data URIs
    reference: str | None
    answer_a: str | None
    answer_b: str | None


def match_with_outputs(pk: int, viewer: Viewer = STRANGER) -> Match | None:
    related = (
        "prompt__prompt_set",
        "prompt__category",
        "output_a__contender__endpoint",
        "output_b__contender__endpoint",
    )
    seen = Match.objects.filter(seen_by(viewer, "prompt__prompt_set__"))
    return seen.select_related(*related).filter(pk=pk).first()


def instructions(match: Match) -> str:
    """The system messages that both models were given."""
    system = [message["content"] for message in match.prompt.messages if message["role"] == "system"]
    return "\n\n".join(plain_text(content) for content in system)


def turns(match: Match) -> tuple[Turn, ...]:
    """The turns that are compared: the conversation up to the match's turn."""
    prompt = match.prompt
    asked = [message["content"] for message in prompt.turns[: match.turn]]
    told = zip_longest(asked, prompt.reference, match.output_a.texts, match.output_b.texts)
    return tuple(
        Turn(number, _text(content), image_uris(content), reference, a, b)
        for number, (content, reference, a, b) in enumerate(list(told)[: len(asked)], 1)
    )


def matches_of(contender: Contender) -> QuerySet[Match]:
    """Every match it is in, newest first."""
    own = Q(output_a__contender=contender) | Q(output_b__contender=contender)
    return Match.objects.filter(own).order_by("-pk")


def _text(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return plain_text([part for part in content if part["type"] == "text"])
