"""A judge scores one output alone, up to one turn of its conversation."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from apps.endpoints.queries import Abilities
from apps.judging.models import Score
from apps.judging.scores import derive_judgments
from apps.leases.models import Leased
from workers.steps.step import Answer, Question
from workers.steps.verdict import lane_abilities, recalled, verdict_question


class ScoreOutput:
    model: type[Leased] = Score

    def ready(self, endpoint_id: int, now: datetime) -> QuerySet[Score]:
        return Score.objects.ready(now).filter(judge__endpoint=endpoint_id)

    def load(self, keys: Sequence[int]) -> list[Question]:
        scores = list(Score.objects.filter(pk__in=keys).select_related("judge__endpoint", "output__prompt"))
        able = lane_abilities(scores)
        return [_question(score, able) for score in scores]

    def recall(self, questions: Sequence[Question]) -> dict[int, Answer]:
        return recalled(Score, questions)

    def stored(self, keys: Sequence[int]) -> None:
        derive_judgments(score_ids=keys, now=timezone.now())


def _question(score: Score, able: Abilities) -> Question:
    output = score.output
    return verdict_question(score, prompt=output.prompt, turn=score.turn, outputs=(output,), able=able)
