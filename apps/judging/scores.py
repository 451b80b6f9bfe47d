"""A pointwise judge scores each output once. What it says about a match follows from two scores, without a call."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.budgets.models import Budget
from apps.judging.models import Judge, Judgment, Score
from apps.leases.models import Leased, LeasedQuerySet
from apps.leases.operations import lock_free
from apps.matches.models import Match
from judgeboard.arena.judge_reply import outcome_of_scores
from judgeboard.arena.protocols import POINTWISE_SLUGS

Status = Leased.Status
BATCH = 2000
ILLEGIBLE = 0  # stands where a score would, if the judge's reply held none that is legal
NO_SCORE = "The judge gave no legal score to one of the two answers."


def want_scores(*, judge: Judge, match_ids: list[int], payer: Budget | None = None) -> None:
    """The judge's scores of both sides of the matches are wanted; each waits until its output is there."""
    for start in range(0, len(match_ids), BATCH):
        told = Match.objects.filter(pk__in=match_ids[start : start + BATCH]).values_list("output_a", "output_b", "turn")
        wanted = {(output, turn) for a, b, turn in told for output in (a, b)}
        rows = [
            Score(judge=judge, output_id=key, turn=turn, status=Status.WAITING, payer=payer)
            for key, turn in sorted(wanted)
        ]
        Score.objects.bulk_create(rows, ignore_conflicts=True)


def derive_judgments(*, now: datetime, score_ids: Iterable[int] | None = None) -> int:
    """Gives waiting judgments their outcome where both scores are there now: those about the given scores, or all.

    Called after scores are committed, so of two that land at the same moment the later one sees both.
    """
    return _derive(_following(score_ids).waiting(), now)


def derive_again(*, now: datetime, score_ids: Iterable[int]) -> int:
    """The same for judgments whatever they said before, once their scores were read anew."""
    return _derive(_following(score_ids), now)


def _following(score_ids: Iterable[int] | None) -> LeasedQuerySet:
    """The judgments that follow from scores: of each pointwise judge, whichever two outputs it is about."""
    rows = Judgment.objects.filter(order=Judgment.Order.MERGED, judge__protocol__in=POINTWISE_SLUGS)
    if score_ids is None:
        return rows
    scores = Score.objects.filter(pk__in=list(score_ids)).values_list("judge", "output")
    judges, outputs = {judge for judge, _ in scores}, {output for _, output in scores}
    return rows.filter(Q(match__output_a__in=outputs) | Q(match__output_b__in=outputs), judge__in=judges)


@transaction.atomic
def _derive(rows: LeasedQuerySet, now: datetime) -> int:
    """The number of judgments that say something new."""
    a, b = (_score_of(side) for side in ("match__output_a", "match__output_b"))
    scored = rows.annotate(a=a, b=b).filter(a__isnull=False, b__isnull=False)
    changed: dict[str | None, list[int]] = {}
    for key, status, before, *scores in lock_free(scored).values_list("pk", "status", "outcome", "a", "b"):
        outcome = None if ILLEGIBLE in scores else outcome_of_scores(*scores).value
        if status == Status.WAITING or outcome != before:
            changed.setdefault(outcome, []).append(key)
    return sum(_say(outcome, keys, now) for outcome, keys in changed.items())


def _score_of(side: str) -> Subquery:
    """The judge's score of one side up to the match's turn; NULL while it is not answered."""
    answered = Score.objects.filter(
        judge=OuterRef("judge"),
        turn=OuterRef("match__turn"),
        output=OuterRef(side),
        status__in=(Status.DONE, Status.UNUSABLE),
    )
    return Subquery(answered.values_list(Coalesce("score", ILLEGIBLE)))


def _say(outcome: str | None, keys: list[int], now: datetime) -> int:
    status, problem = (Status.DONE, "") if outcome else (Status.UNUSABLE, NO_SCORE)
    said = Judgment.objects.filter(pk__in=keys)
    return said.update(status=status, outcome=outcome, problem=problem, answered_at=now)
