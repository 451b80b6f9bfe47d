from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.budgets.price import NOTHING, SMALLEST
from apps.contenders.models import Output
from apps.endpoints.models import EndpointCheck
from apps.judging.models import Judgment, Score
from apps.leases.models import Leased, LeasedQuerySet
from apps.matches.models import Match
from apps.runs.course import Course, course_of
from apps.runs.models import Draw, Run

Keys = Sequence[int] | QuerySet[Any, Any]
Status = Leased.Status
_NO_USE = (Status.FAILED, Status.UNUSABLE)
_SCORE_FAILED = Exists(
    Score.objects.filter(
        Q(output=OuterRef("match__output_a")) | Q(output=OuterRef("match__output_b")),
        judge=OuterRef("judge"),
        turn=OuterRef("match__turn"),
        status=Status.FAILED,
    )
)
# What a row cannot outwait: an output, or a score, that was answered badly or not at all.
LOST: dict[type, Q] = {
    Judgment: Q(match__output_a__status__in=_NO_USE)
    | Q(match__output_b__status__in=_NO_USE)
    | Q(_SCORE_FAILED, order=Judgment.Order.MERGED),
    Score: Q(output__status__in=_NO_USE),
}


class RunStatus(StrEnum):
    CHECKING = "Checking"
    QUEUED = "Queued"
    GENERATING = "Generating"
    JUDGING = "Judging"
    DONE = "Done"
    OUT_OF_BUDGET = "Out of budget"
    PARTLY_DONE = "Partly done"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


@dataclass(frozen=True)
class Stage:
    """How far one kind of evidence has come. `stuck`: waits for something that failed and will not come by itself.
    `unpaid`: wanted, but what it may cost is more than its payer has left."""

    total: int
    done: int
    unusable: int
    failed: int
    in_flight: int
    payable: int = 0  # to be asked as soon as somebody comes to it
    unpaid: int = 0
    reserved: Decimal = NOTHING  # dollars that the run has set aside for what is being asked
    stuck: int = 0

    @property
    def answered(self) -> int:
        return self.done + self.unusable + self.failed

    @property
    def is_open(self) -> bool:
        """Something of it can still be answered."""
        return self.answered + self.stuck < self.total

    @property
    def percent(self) -> float:
        return 100 * self.answered / self.total if self.total else 0.0


@dataclass(frozen=True)
class Progress:
    status: RunStatus
    outputs: Stage
    judgments: Stage
    scores: Stage  # of pointwise judges; their judgments follow from these without a call
    problems: tuple[tuple[str, int], ...]  # sentence, how often; most frequent first
    check: EndpointCheck | None
    course: Course | None = None  # of a run that chooses its matches

    @property
    def is_open(self) -> bool:
        """Something that was written down can still be answered."""
        return any(stage.is_open for stage in (self.outputs, self.judgments, self.scores))

    @property
    def reserved(self) -> Decimal:
        return (self.outputs.reserved + self.judgments.reserved).quantize(SMALLEST)

    @property
    def is_over(self) -> bool:
        return self.status not in (RunStatus.CHECKING, RunStatus.QUEUED, RunStatus.GENERATING, RunStatus.JUDGING)


def run_outputs(run: Run) -> LeasedQuerySet:
    if run.is_adaptive:
        a, b = (Q(pk__in=run.draws.values(f"match__output_{side}")) for side in "ab")
        return Output.objects.filter(a | b)
    return Output.objects.filter(
        prompt__prompt_set__in=run.prompt_sets.values("pk"), contender__in=run.contenders.values("pk")
    )


def run_matches(run: Run) -> QuerySet[Match]:
    """All matches between the run's contenders on its prompts, whoever asked for them first; of a run that chooses its
    matches, those it drew."""
    if run.is_adaptive:
        return Match.objects.filter(pk__in=run.draws.values("match"))
    return Match.objects.filter(_planned(run))


def between(contenders: Keys, prompt_sets: Keys, match: str = "") -> Q:
    """The matches of these contenders on these prompts, from whatever row leads to them by the path `match`.

    By joins: matches looked up in a nested query take minutes on tables that have grown since they were last counted.
    """
    return Q(
        **{
            f"{match}prompt__prompt_set__in": prompt_sets,
            f"{match}output_a__contender__in": contenders,
            f"{match}output_b__contender__in": contenders,
        }
    )


def _planned(run: Run, match: str = "") -> Q:
    """The matches that a run plans at once."""
    conditions = between(run.contenders.values("pk"), run.prompt_sets.values("pk"), match)
    if run.newcomer_id is None:
        return conditions
    a, b = (Q(**{f"{match}output_{side}__contender": run.newcomer_id}) for side in "ab")
    return conditions & (a | b)


def run_judgments(run: Run) -> LeasedQuerySet:
    if not run.is_adaptive:
        return Judgment.objects.filter(_planned(run, "match__"), judge__in=run.judges.values("pk"))
    judgments = Judgment.objects.filter(match__in=run.draws.values("match"), judge__in=run.judges.values("pk"))
    drawn = Draw.objects.filter(run=run, match=OuterRef("match"))
    as_drawn = Exists(drawn.filter(Q(order=Draw.Order.BOTH) | Q(order=OuterRef("order"))))
    return judgments.filter(as_drawn | Q(order=Judgment.Order.MERGED))


def run_scores(run: Run) -> LeasedQuerySet:
    matches = run_matches(run)
    met = Q(output__in=matches.values("output_a")) | Q(output__in=matches.values("output_b"))
    return Score.objects.filter(met, judge__in=run.judges.values("pk"))


def run_evidence(run: Run) -> tuple[LeasedQuerySet, ...]:
    """Everything a run asks models for."""
    return run_outputs(run), run_judgments(run), run_scores(run)


def run_progress(run: Run) -> Progress:
    outputs, judgments, scores = (_stage(run, rows) for rows in run_evidence(run))
    check = EndpointCheck.objects.filter(endpoint__contenders=run.newcomer_id).first() if run.newcomer_id else None
    return Progress(
        status=_status(run, outputs, judgments, scores, check),
        outputs=outputs,
        judgments=judgments,
        scores=scores,
        problems=_problems(run),
        check=check,
        course=course_of(run) if run.is_adaptive else None,
    )


def _stage(run: Run, rows: QuerySet) -> Stage:
    count = {
        name: Count("pk", filter=Q(status=status))
        for name, status in {
            "done": Status.DONE,
            "unusable": Status.UNUSABLE,
            "failed": Status.FAILED,
            "in_flight": Status.LEASED,
        }.items()
    }
    count["payable"] = Count("pk", filter=Q(status=Status.WANTED) & Leased.PAYABLE)
    count["unpaid"] = Count("pk", filter=Q(status=Status.WANTED, payer__exhausted=True))
    lost = LOST.get(rows.model)
    stuck = rows.filter(lost, status=Status.WAITING).count() if lost else 0
    told = rows.aggregate(
        total=Count("pk"), reserved=Coalesce(Sum("reserved", filter=Q(payer=run.budget_id)), NOTHING), **count
    )
    return Stage(**told, stuck=stuck)


def _status(run: Run, outputs: Stage, judgments: Stage, scores: Stage, check: EndpointCheck | None) -> RunStatus:
    if run.cancelled_at:
        return RunStatus.CANCELLED
    if run.planned_at is None:
        return _status_before_planning(check)
    if _is_out_of_budget(outputs, judgments, scores) or run.stopped_because == Run.Stop.MONEY:
        return RunStatus.OUT_OF_BUDGET
    if outputs.answered < outputs.total:
        return RunStatus.GENERATING if outputs.answered or outputs.in_flight else RunStatus.QUEUED
    if judgments.is_open or scores.is_open:
        return RunStatus.JUDGING
    if run.is_adaptive and not run.stopped_because:
        return RunStatus.JUDGING  # it is about to look at what came of it, and may ask for more
    if judgments.done == 0 and not (run.is_adaptive and judgments.total == 0):  # then all was known already
        return RunStatus.FAILED
    lost = outputs.failed + outputs.unusable + judgments.failed + scores.failed
    return RunStatus.PARTLY_DONE if lost else RunStatus.DONE


def _is_out_of_budget(*stages: Stage) -> bool:
    """Something is left to be asked, nothing of it can be paid for, and no call is under way that may cost less."""
    moving = any(stage.in_flight or stage.payable for stage in stages)
    return any(stage.unpaid for stage in stages) and not moving


def _status_before_planning(check: EndpointCheck | None) -> RunStatus:
    if check is None or check.status == Status.DONE:
        return RunStatus.QUEUED
    return RunStatus.FAILED if check.status == Status.FAILED else RunStatus.CHECKING


def _problems(run: Run) -> tuple[tuple[str, int], ...]:
    count: dict[str, int] = {}
    for rows in run_evidence(run):
        told = rows.exclude(problem="").values_list("problem").annotate(n=Count("pk")).order_by("-n")[:10]
        for sentence, n in told:
            count[sentence] = count.get(sentence, 0) + n
    return tuple(sorted(count.items(), key=lambda item: -item[1]))


def unplanned_runs() -> QuerySet[Run]:
    return Run.objects.active().filter(planned_at__isnull=True)
