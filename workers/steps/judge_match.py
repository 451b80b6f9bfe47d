"""A judge compares two outputs, shown in one order."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from apps.endpoints.queries import Abilities
from apps.judging.models import Judgment
from apps.leases.models import Leased
from workers.steps.step import Answer, Question
from workers.steps.verdict import lane_abilities, recalled, verdict_question


class JudgeMatch:
    model: type[Leased] = Judgment

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[Judgment]:
        return Judgment.objects.ready(now).filter(judge__endpoint=endpoint_id)

    def load(self, keys: Sequence[int]) -> list[Question]:
        related = ("judge__endpoint", "match__prompt", "match__output_a", "match__output_b")
        judgments = list(Judgment.objects.filter(pk__in=keys).select_related(*related))
        able = lane_abilities(judgments)
        return [_question(judgment, able) for judgment in judgments]

    def recall(self, questions: Sequence[Question]) -> dict[int, Answer]:
        return recalled(Judgment, questions)

    def stored(self, keys: Sequence[int]) -> None:
        """Ratings follow when the conductor sees newer evidence."""


def _question(judgment: Judgment, able: Abilities) -> Question:
    match = judgment.match
    sides = (match.output_a, match.output_b)
    shown = (sides[judgment.first], sides[1 - judgment.first])
    return verdict_question(judgment, prompt=match.prompt, turn=match.turn, outputs=shown, able=able)
