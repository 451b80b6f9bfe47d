"""Reads what is wanted and what is ready, and says where there is work. It rings no bell and asks no model."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apps.endpoints.models import Endpoint, EndpointCheck
from apps.judging.operations import release_judgments
from apps.judging.scores import derive_judgments
from apps.leases.models import Leased
from apps.leases.operations import sweep
from apps.ratings.figures import due_snapshots
from apps.ratings.queries import boards_with_newer_evidence
from apps.runs.drawing import draw_matches
from apps.runs.models import Run
from apps.runs.operations import plan_run, settle_run
from apps.runs.queries import unplanned_runs
from workers.presence import presence
from workers.steps import STEPS

log = logging.getLogger(__name__)

REFIT_EVERY = timedelta(seconds=5)


@dataclass(frozen=True)
class Work:
    """Where there is something to do: endpoints to drain, boards to rate anew, snapshots to draw the figures of."""

    lanes: tuple[int, ...]
    boards: tuple[int, ...]
    snapshots: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lanes or self.boards or self.snapshots)


def look(now: datetime) -> Work:
    """Frees what dead workers held, plans new runs, lets those that choose their matches choose, closes finished ones,
    and tells what is ready."""
    presence().looks()
    for step in STEPS:
        sweep(step.model, now=now)
    release_judgments()  # whoever stored the last output may have died before it came to that
    for run in filter(_may_start, unplanned_runs()):
        _attempt("planned", run, partial(plan_run, now=now))
    derive_judgments(now=now)  # what follows from scores that are there already, or whose finder died
    for run in Run.objects.choosing():
        _attempt("drawn for", run, draw_matches)
    lanes = ready_lanes(now)
    for run in Run.objects.active().filter(planned_at__isnull=False):
        settle_run(run=run, now=now)
    boards = boards_with_newer_evidence(fitted_before=now - REFIT_EVERY)
    return Work(lanes=lanes, boards=boards, snapshots=due_snapshots(now))


def ready_lanes(now: datetime) -> tuple[int, ...]:
    """The endpoints that have rows to be asked now and are not being drained already."""
    idle = Endpoint.objects.idle(now).values_list("pk", flat=True)
    return tuple(key for key in idle if any(step.ready(key, now).exists() for step in STEPS))


def _attempt(what: str, run: Run, operation: Callable[..., object]) -> None:
    """One run that makes trouble does not keep the others waiting."""
    try:
        operation(run=run)
    except Exception:
        log.exception("Run %s could not be %s.", run.pk, what)


def anything_open() -> bool:
    """Whether waiting can still bring answers: some lane is asked or will be, or a run is about to be planned."""
    asked = (rows for step in STEPS for rows in (step.model.objects.payable(), step.model.objects.leased()))
    return any(rows.exists() for rows in asked) or any(_may_start(run) for run in unplanned_runs())


def _may_start(run: Run) -> bool:
    """A newcomer's run starts when its endpoint has passed the check; others start at once."""
    if run.newcomer is None or run.newcomer.endpoint is None:
        return True
    check = EndpointCheck.objects.filter(endpoint=run.newcomer.endpoint).first()
    return check is None or check.status == Leased.Status.DONE
