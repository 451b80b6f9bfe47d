import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from apps.budgets.models import Budget
from apps.judging.models import Judge, Judgment
from apps.leases.models import Leased
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


def want_judgments(*, judge: Judge, match_ids: Iterable[int], payer: Budget | None = None) -> None:
    """The judge's verdicts in both orders are wanted; each waits until both outputs are there. Known ones stay."""
    rows = [
        Judgment(judge=judge, match_id=match, order=order, status=Leased.Status.WAITING, payer=payer)
        for match in match_ids
        for order in BOTH_ORDERS
    ]
    Judgment.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def release_judgments(*, output_ids: Iterable[int] | None = None) -> int:
    """Lets waiting judgments be asked whose two outputs are done: those about the given outputs, or all.

    Called after the outputs are committed, so of two outputs that land at the same moment the later one sees both.
    """
    waiting = Judgment.objects.waiting()
    if output_ids is not None:
        keys = list(output_ids)
        waiting = waiting.filter(Q(match__output_a__in=keys) | Q(match__output_b__in=keys))
    ready = waiting.filter(match__output_a__status=Leased.Status.DONE, match__output_b__status=Leased.Status.DONE)
    with transaction.atomic():
        # Two drains may release at once: each takes the rows it can have, and never waits for the other's.
        keys = list(lock_free(ready).order_by("pk").values_list("pk", flat=True))
        return Judgment.objects.filter(pk__in=keys).update(status=Leased.Status.WANTED)
