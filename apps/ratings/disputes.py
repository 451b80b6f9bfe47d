"""Judgments that something speaks against: a person, or the same judge in the other order."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.humans.models import Vote
from apps.judging.models import Judgment
from judgeboard.arena.outcome import Outcome

WINS = (Outcome.MODEL_A.value, Outcome.MODEL_B.value)
NO_WINNER = (Outcome.TIE.value, Outcome.BOTH_BAD.value)


def disputed(judgments: QuerySet[Judgment]) -> QuerySet[Judgment]:
    """Those in which the judge, in both orders it gave a verdict in, saw one side win, and a person the other."""
    against = Vote.objects.filter(match=OuterRef("match"), outcome__in=WINS).exclude(outcome=OuterRef("outcome"))
    # Whoever has an outcome is done; asking for the status too makes SQLite walk all that a judge ever said.
    same_judge = Judgment.objects.filter(match=OuterRef("match"), judge=OuterRef("judge"), outcome__isnull=False)
    changed_its_mind = same_judge.exclude(outcome=OuterRef("outcome"))
    return judgments.filter(~Exists(changed_its_mind), Exists(against), outcome__in=WINS)


def flipped(judgments: QuerySet[Judgment]) -> QuerySet[Judgment]:
    """Those with side a shown first whose other order came to something else, and merged ones of which that is known.

    A tie and both bad are one: neither side wins.
    """
    other = Judgment.objects.filter(
        match=OuterRef("match"), judge=OuterRef("judge"), order=Judgment.Order.B_FIRST, outcome__isnull=False
    )
    both_tied = Q(outcome__in=NO_WINNER) & Exists(other.filter(outcome__in=NO_WINNER))
    differs = Exists(other.exclude(outcome=OuterRef("outcome"))) & ~both_tied
    merged = Q(order=Judgment.Order.MERGED, flipped=True)
    return judgments.filter(Q(order=Judgment.Order.A_FIRST) & differs | merged)
