"""What the page of a run shows: how far it is, when something last came in, and where the newcomer stands so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet

from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.prompts.privacy import Viewer
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.queries import latest_leaderboard
from apps.runs.choosing import wish_of
from apps.runs.models import Run
from apps.runs.queries import Progress, run_evidence, run_progress
from apps.runs.remarks import Remark, run_remarks

_SIMULATED = Exists(Contender.objects.filter(runs=OuterRef("pk"), endpoint__simulated=True)) | Exists(
    Judge.objects.filter(runs=OuterRef("pk"), endpoint__simulated=True)
)
PATIENCE = timedelta(minutes=1)  # a board that was not rated anew by then waits for a worker, not for this run


@dataclass(frozen=True)
class LiveRun:
    run: Run
    progress: Progress
    heartbeat: datetime | None  # when an answer last came in
    leaderboard: Leaderboard | None
    place: Rating | None  # the newcomer's, as all judges see it
    remarks: tuple[Remark, ...]  # on answers that are kept all the same
    simulated: bool  # somebody in it is played by the simulator
    wish: str  # what it goes on for; "" where all its matches are planned at once

    def is_settled(self, now: datetime) -> bool:
        """Whether this page will not change any more: nothing is asked, and the ratings know all that was said."""
        if not self.progress.is_over:
            return False
        if self.heartbeat is None or now - self.heartbeat > PATIENCE:
            return True
        return bool(self.leaderboard and (self.leaderboard.evidence_until or self.heartbeat) > self.heartbeat)


def live_run(run: Run) -> LiveRun:
    leaderboard = latest_leaderboard(run.board)
    return LiveRun(
        run=run,
        progress=run_progress(run),
        heartbeat=_heartbeat(run),
        leaderboard=leaderboard,
        place=_place(run, leaderboard),
        remarks=run_remarks(run),
        simulated=Run.objects.filter(_SIMULATED, pk=run.pk).exists(),
        wish=wish_of(run) if run.is_adaptive else "",
    )


def _heartbeat(run: Run) -> datetime | None:
    answered = (rows.aggregate(last=Max("answered_at"))["last"] for rows in run_evidence(run))
    return max((at for at in answered if at), default=None)


def _place(run: Run, leaderboard: Leaderboard | None) -> Rating | None:
    if leaderboard is None or run.newcomer_id is None:
        return None
    rated = leaderboard.ratings.filter(contender=run.newcomer_id, by=Rating.By.JUDGES, rating__isnull=False)
    return rated.first()


def run_list(viewer: Viewer) -> QuerySet[Run]:
    """Newest first, marked `simulated` where somebody is. How far each run is stands on its own page."""
    seen = Run.objects.seen_by(viewer)
    return seen.select_related("board", "newcomer", "owner", "budget").annotate(simulated=_SIMULATED)
