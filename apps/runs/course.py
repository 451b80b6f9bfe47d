"""How far a run has come that chooses its matches."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

from apps.judging.models import Judgment, Score
from apps.runs.models import Draw, Run


@dataclass(frozen=True)
class Course:
    """It does not know how many matches there will be, so this is no share.

    `calls` to judges it made or is making; `needed`: those it takes beyond them, about, None where nothing tells yet.
    `half_width` and `unresolved` are as it saw them when it looked last. `stopped`: why, in a sentence; "" while it
    goes on.
    """

    rule: str
    calls: int
    max_calls: int | None
    batches: int
    precision: float | None
    half_width: float | None
    order: bool
    unresolved: int | None
    needed: int | None
    stopped: str


def course_of(run: Run) -> Course:
    number, asked = _newest_batch(run)
    return Course(
        rule=str(run.rule),
        calls=run_calls(run),
        max_calls=run.max_calls,
        batches=number,
        precision=run.precision,
        half_width=run.half_width,
        order=run.order,
        unresolved=run.unresolved,
        needed=None if run.stopped_because or run.calls_needed is None else max(run.calls_needed - asked, 0),
        stopped=run.get_stopped_because_display(),
    )


def run_calls(run: Run) -> int:
    """Questions to judges that the run pays for: what was known already, or wanted by another first, is none."""
    judgments = Judgment.objects.exclude(order=Judgment.Order.MERGED)
    return sum(rows.filter(payer=run.budget_id).count() for rows in (judgments, Score.objects.all()))


def _newest_batch(run: Run) -> tuple[int, int]:
    """Its number, and the calls to judges that it asked for: what the run saw to be needed came before them."""
    drawn = run.draws.values_list("number").annotate(n=Count("pk"), audits=Count("pk", filter=Q(order=Draw.Order.BOTH)))
    number, matches, audits = drawn.order_by("-number").first() or (0, 0, 0)
    asked = (2 * matches if judge.is_pointwise else matches + audits for judge in run.judges.all())
    return number, sum(asked)


def batches_drawn(run: Run) -> int:
    return run.draws.aggregate(last=Max("number"))["last"] or 0
