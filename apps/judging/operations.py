import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from apps.budgets.models import Budget
from apps.judging.models import Judge, Judgment, Score
from apps.judging.scores import want_scores
from apps.leases.models import Leased, LeasedQuerySet
from apps.leases.operations import lock_free

BATCH = 2000
BOTH_ORDERS = (Judgment.Order.A_FIRST, Judgment.Order.B_FIRST)


def judge_slug(name: str) -> str:
    """The slug under which a judge of that name is kept, whoever brings it: a file, a command or the demo."""
    return slugify(re.sub(r"[_./]", "-", name))[:100] or "judge"


def ensure_judge(*, slug: str, **fields: object) -> Judge:
    """The newest version of the judge; created as version 1 if there is none. A known judge keeps its settings."""
    known = Judge.objects.filter(slug=slug).order_by("-version").first()
    return known or Judge.objects.create(slug=slug, **fields)


def orders_of(judge: Judge, orders: Sequence[Judgment.Order] = BOTH_ORDERS) -> Sequence[Judgment.Order]:
    """The judgments that a judge gives on one match that is to be shown in these orders: as many, or one where it never
    sees two answers at once."""
    return (Judgment.Order.MERGED,) if judge.is_pointwise else orders


def want_judgments(
    *,
    judge: Judge,
    match_ids: Iterable[int],
    payer: Budget | None = None,
    orders: Sequence[Judgment.Order] = BOTH_ORDERS,
) -> None:
    """The judge's verdicts on these matches are wanted, and the scores they follow from. Known ones stay.

    Each waits until what it is about is there.
    """
    keys = list(match_ids)
    rows = [
        Judgment(judge=judge, match_id=match, order=order, status=Leased.Status.WAITING, payer=payer)
        for match in keys
        for order in orders_of(judge, orders)
    ]
    Judgment.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    if judge.is_pointwise:
        want_scores(judge=judge, match_ids=keys, payer=payer)


def release_judgments(*, output_ids: Iterable[int] | None = None) -> int:
    """Lets waiting judgments and scores be asked whose outputs are done: those about the given outputs, or all.

    Called after the outputs are committed, so of two outputs that land at the same moment the later one sees both.
    """
    keys = None if output_ids is None else list(output_ids)
    return _release(_comparable(keys)) + _release(_scorable(keys))


def _comparable(output_ids: list[int] | None) -> LeasedQuerySet:
    waiting = Judgment.objects.waiting().filter(order__in=BOTH_ORDERS)
    if output_ids is not None:
        waiting = waiting.filter(Q(match__output_a__in=output_ids) | Q(match__output_b__in=output_ids))
    return waiting.filter(match__output_a__status=Leased.Status.DONE, match__output_b__status=Leased.Status.DONE)


def _scorable(output_ids: list[int] | None) -> LeasedQuerySet:
    waiting = Score.objects.waiting()
    if output_ids is not None:
        waiting = waiting.filter(output__in=output_ids)
    return waiting.filter(output__status=Leased.Status.DONE)


@transaction.atomic
def _release(ready: LeasedQuerySet) -> int:
    """Two drains may release at once: each takes the rows it can have, and never waits for the other's."""
    keys = list(lock_free(ready).order_by("pk").values_list("pk", flat=True))
    return ready.model.objects.filter(pk__in=keys).update(status=Leased.Status.WANTED)
