"""How each judge has worked so far, counted over all it was ever asked."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery

from apps.judging.models import Judge, Judgment
from apps.leases.models import Leased

Status = Leased.Status
Order = Judgment.Order
COUNTED = ("n_done", "n_unusable", "n_failed", "n_open", "n_decided", "first_won", "latency_ms", "tokens")


@dataclass(frozen=True)
class JudgeRecord:
    """`first_won` of `n_decided`: how often the answer it saw first won, where either did. `n_flipped` of `n_pairs`:
    matches judged in both orders, and those whose verdict changed with the order."""

    judge: Judge
    n_done: int
    n_unusable: int
    n_failed: int
    n_open: int
    n_decided: int
    first_won: int
    n_pairs: int
    n_flipped: int
    latency_ms: float | None
    tokens: float | None

    @property
    def first_share(self) -> float | None:
        return self.first_won / self.n_decided if self.n_decided else None

    @property
    def flipped_share(self) -> float | None:
        return self.n_flipped / self.n_pairs if self.n_pairs else None

    @property
    def unusable_share(self) -> float | None:
        answered = self.n_done + self.n_unusable
        return self.n_unusable / answered if answered else None


def judge_records() -> list[JudgeRecord]:
    """One record a judge version, in three queries however many judgments there are."""
    pairs = _pairs()
    merged = _merged()
    return [_record(judge, pairs.get(judge.pk, (0, 0)), merged.get(judge.pk, (0, 0))) for judge in _counted()]


def _record(judge: Judge, pairs: tuple[int, int], merged: tuple[int, int]) -> JudgeRecord:
    return JudgeRecord(
        judge=judge,
        n_pairs=pairs[0] + merged[0],
        n_flipped=pairs[1] + merged[1],
        **{name: getattr(judge, name) for name in COUNTED},
    )


def _counted() -> QuerySet[Judge]:
    done = Q(judgments__status=Status.DONE)
    a_first, b_first = Q(judgments__order=Order.A_FIRST), Q(judgments__order=Order.B_FIRST)
    a_won, b_won = Q(judgments__outcome="model_a"), Q(judgments__outcome="model_b")
    count = {
        "n_done": done,
        "n_unusable": Q(judgments__status=Status.UNUSABLE),
        "n_failed": Q(judgments__status=Status.FAILED),
        "n_open": Q(judgments__status__in=Leased.OPEN),
        "n_decided": done & (a_first | b_first) & (a_won | b_won),
        "first_won": done & ((a_first & a_won) | (b_first & b_won)),
    }
    return Judge.objects.select_related("endpoint").annotate(
        **{name: Count("judgments", filter=which) for name, which in count.items()},
        latency_ms=Avg("judgments__latency_ms", filter=done),
        tokens=Avg("judgments__tokens_out", filter=done),
    )


def _pairs() -> dict[int, tuple[int, int]]:
    """By judge: matches with a verdict in both orders, and those where the two differ. A tie and both bad are one."""
    other = Judgment.objects.done().filter(judge=OuterRef("judge"), match=OuterRef("match"), order=Order.B_FIRST)
    both = (
        Judgment.objects.done()
        .filter(order=Order.A_FIRST)
        .annotate(other=Subquery(other.values("outcome")[:1]))
        .filter(other__isnull=False)
    )
    no_winner = ("tie", "both_bad")
    same = Q(outcome=F("other")) | Q(outcome__in=no_winner, other__in=no_winner)
    return _by_judge(both, ~same)


def _merged() -> dict[int, tuple[int, int]]:
    """The same for published verdicts that already hold both orders."""
    return _by_judge(Judgment.objects.done().filter(order=Order.MERGED), Q(flipped=True))


def _by_judge(rows: QuerySet[Judgment], flipped: Q) -> dict[int, tuple[int, int]]:
    counted = rows.values("judge").annotate(n=Count("pk"), flipped_n=Count("pk", filter=flipped))
    return {row["judge"]: (row["n"], row["flipped_n"]) for row in counted.order_by()}
