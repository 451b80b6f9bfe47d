"""How each judge has worked so far, counted over all it was ever asked."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery

from apps.judging.models import Judge, Judgment, Score
from apps.leases.models import Leased
from judgeboard.arena.protocols import POINTWISE_SLUGS

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
    """One record a judge version, in four queries however many judgments there are."""
    pairs, merged, scored = _pairs(), _merged(), _scored()
    nothing = (0, 0)
    return [
        _record(judge, pairs.get(judge.pk, nothing), merged.get(judge.pk, nothing), scored.get(judge.pk, {}))
        for judge in _counted()
    ]


def _record(judge: Judge, pairs: tuple[int, int], merged: tuple[int, int], scored: dict[str, float]) -> JudgeRecord:
    return JudgeRecord(
        judge=judge,
        n_pairs=pairs[0] + merged[0],
        n_flipped=pairs[1] + merged[1],
        **{name: getattr(judge, name) for name in COUNTED} | scored,
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
    merged = Judgment.objects.done().filter(order=Order.MERGED).exclude(judge__protocol__in=POINTWISE_SLUGS)
    return _by_judge(merged, Q(flipped=True))


def _scored() -> dict[int, dict[str, float]]:
    """What one score took, by pointwise judge: their judgments take nothing."""
    took = {"latency_ms": Avg("latency_ms"), "tokens": Avg("tokens_out")}
    told = Score.objects.done().order_by().values("judge").annotate(**took).values_list("judge", *took)
    return {judge: dict(zip(took, figures, strict=True)) for judge, *figures in told}


def _by_judge(rows: QuerySet[Judgment], flipped: Q) -> dict[int, tuple[int, int]]:
    counted = rows.values("judge").annotate(n=Count("pk"), flipped_n=Count("pk", filter=flipped))
    return {row["judge"]: (row["n"], row["flipped_n"]) for row in counted.order_by()}
