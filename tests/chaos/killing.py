"""Who is killed, and what must be true of the rows afterwards."""

import os
import signal
import time
from dataclasses import dataclass

from apps.contenders.models import Output
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.ratings.models import Leaderboard
from apps.ratings.queries import latest_leaderboard
from apps.runs.models import Run
from apps.runs.queries import run_judgments, run_matches, run_outputs
from tests.workers.installation import ends_of_logs, is_over
from workers.processes import Watched

FINAL = (Leased.Status.DONE, Leased.Status.UNUSABLE)


def kill(watched: Watched) -> None:
    """kill -9 of the process and all its children: nothing is stored, nothing given back."""
    assert watched.process is not None
    os.killpg(watched.process.pid, signal.SIGKILL)
    watched.process.wait()


def wait_until_said(simulator, said: int, run: Run, running) -> None:
    """Until the simulator gave so many answers, or nothing is left to ask."""
    deadline = time.monotonic() + 120
    while answered(simulator) < said and not is_over(run):
        assert time.monotonic() < deadline, f"Only {simulator.counts} after two minutes.\n{ends_of_logs(running)}"
        running.tend()
        time.sleep(0.02)


def answered(simulator) -> int:
    return simulator.counts["by_result"].get("ok", 0)


@dataclass(frozen=True)
class Books:
    """What a run is owed, against what its rows say."""

    owed: int
    rows: int
    distinct: int  # natural keys among them
    final: int  # answered, whether of use or not
    failed: int

    @property
    def lost(self) -> int:
        return self.owed - self.final


def books(run: Run) -> Books:
    """Owed is counted from the wish (prompts, contenders, pairs, judges), not from the rows there are."""
    prompts = sum(prompt_set.prompts.count() for prompt_set in run.prompt_sets.all())
    contenders, judges = run.contenders.count(), run.judges.count()
    matches = prompts * contenders * (contenders - 1) // 2
    assert matches == run_matches(run).count()
    kinds = outputs, judgments = run_outputs(run), run_judgments(run)
    keys = {*outputs.values_list("contender", "prompt"), *judgments.values_list("judge", "match", "order")}
    return Books(
        owed=prompts * contenders + 2 * matches * judges,
        rows=Output.objects.count() + Judgment.objects.count(),
        distinct=len(keys),
        final=sum(rows.filter(status__in=FINAL).count() for rows in kinds),
        failed=sum(rows.filter(status=Leased.Status.FAILED).count() for rows in kinds),
    )


def wait_until_rated(run: Run, running) -> Leaderboard:
    """By the workers, and with everything that was judged in the run; the snapshot."""
    judged, deadline = run_judgments(run).done().count(), time.monotonic() + 120
    while (newest := latest_leaderboard(run.board)) is None or newest.n_judgments < judged:
        assert time.monotonic() < deadline, ends_of_logs(running)
        running.tend()
        time.sleep(0.2)
    return newest
