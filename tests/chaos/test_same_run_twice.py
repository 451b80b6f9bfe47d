"""L7: a run that was made before calls nobody, and comes to the same ratings."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.ratings.models import Board, Leaderboard, Rating
from apps.ratings.operations import refit_board
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run
from judgeboard.llm.simulator import running_simulator
from tests import stage
from tests.chaos.killing import wait_until_rated
from tests.workers.installation import processes, start_beat, start_worker, wait_until_over
from tests.workers.lanes import drain_until_final, small_run

FIGURES = ("by", "contender__name", "rating", "lower", "upper", "rank_low", "rank_high", "win_rate", "n")


@dataclass(frozen=True)
class Standing:
    digest: str
    ratings: list[tuple]


def rated(board: Board) -> Standing:
    """The board as it is rated from nothing but the rows."""
    Leaderboard.objects.all().delete()
    return standing(refit_board(board=board, now=timezone.now()))


def standing(leaderboard: Leaderboard) -> Standing:
    ratings = Rating.objects.filter(leaderboard=leaderboard).order_by("by", "contender").values_list(*FIGURES)
    return Standing(leaderboard.evidence_digest, list(ratings))


def again(run: Run, *, board: Board | None = None, prompt_sets=None) -> Run:
    """The same wish once more, or the same on other rows."""
    return create_run(
        board=board or run.board,
        prompt_sets=prompt_sets or list(run.prompt_sets.all()),
        contenders=list(run.contenders.all()),
        judges=list(run.judges.all()),
    )


def endpoints():
    yield from (contender.endpoint for contender in Contender.objects.all())
    yield from (judge.endpoint for judge in Judge.objects.all())


@pytest.mark.django_db
def test_the_same_run_twice_asks_nobody_and_changes_no_rating():
    def made(run):
        plan_run(run=run, now=timezone.now())
        drain_until_final(*endpoints(), rounds=2)
        return rated(run.board), simulator.counts["requests"]

    with running_simulator() as simulator:
        run = small_run(simulator, contenders=3, prompts=3)
        first, calls = made(run)
        second, calls_then = made(again(run))

    assert calls_then == calls == 9 + 18
    assert first == second
    assert first.ratings


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_L7_the_same_run_twice_and_once_more_on_the_next_version_of_its_prompts(child_environment, tmp_path, promise):
    def made(run):
        wait_until_over(run, running, seconds=300)
        return standing(wait_until_rated(run, running)), simulator.counts["requests"]

    with running_simulator() as simulator, processes(child_environment, tmp_path / "logs") as running:
        run = small_run(simulator, contenders=5, prompts=40)
        start_worker(running)
        start_beat(running)
        first, calls = made(run)
        second, calls_then = made(again(run))
        copy = stage.prompt_set("copy", size=40)
        third, calls_at_last = made(again(run, board=stage.board(copy, slug="copy"), prompt_sets=[copy]))

    promise(
        "L7",
        "the same run twice, and on the next version of its prompts",
        must="0 calls the second time, identical ratings",
        shown=f"{calls:,} calls, then {calls_then - calls} and {calls_at_last - calls_then}; "
        f"{sum(a == b == c for a, b, c in zip(first.ratings, second.ratings, third.ratings, strict=True))} of "
        f"{len(first.ratings)} ratings identical, evidence digest {'the same' if first.digest == second.digest else 'another'}",
    )
    assert 200 + 800 == calls == calls_then == calls_at_last
    assert first == second
    assert first.ratings == third.ratings
