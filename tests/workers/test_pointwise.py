"""A pointwise judge in a whole run against the simulator, beside a pairwise one."""

import pytest
from django.utils import timezone

from apps.endpoints.models import Endpoint
from apps.judging.models import Judge, Judgment, Score
from apps.judging.scores import derive_judgments
from apps.ratings.models import Rating
from apps.ratings.operations import refit_board
from apps.runs.models import Run
from apps.runs.operations import create_run, plan_run
from apps.runs.queries import RunStatus, run_progress
from judgeboard.llm.simulator import running_simulator
from tests import stage
from tests.workers.lanes import CONTENDERS, JUDGE, contender_at, drain_once, drain_until_final, judge_at, small_run
from tests.workers.scripted import as_text, scripted
from workers import conductor

pytestmark = pytest.mark.django_db


def grader_at(base_url: str, model: str = JUDGE) -> Judge:
    endpoint = judge_at(base_url, model).endpoint
    return Judge.objects.create(
        slug="grader", name="Grader", endpoint=endpoint, protocol="pointwise-100", admitted=True
    )


def graded_run(simulator, **sizes) -> Run:
    """As `small_run`, with one judge that compares and one that scores."""
    run = small_run(simulator, **sizes)
    run.judges.add(grader_at(simulator.base_url))
    plan_run(run=run, now=timezone.now())
    return run


def test_a_run_with_a_pointwise_judge_pays_for_each_answer_once():
    with running_simulator() as simulator:
        run = graded_run(simulator, contenders=4, prompts=8)
        drain_until_final(*Endpoint.objects.all())
        asked = simulator.counts["by_model"][JUDGE]["ok"]

    grader = Judge.objects.get(slug="grader")
    # 4 x 8 scores; 6 pairs x 8 prompts = 48 judgments follow from them, while the other judge is asked 96 times.
    assert (32, 48) == (Score.objects.done().count(), Judgment.objects.done().filter(judge=grader).count())
    assert 32 + 96 == asked
    assert {0} == set(Judgment.objects.filter(judge=grader).values_list("calls", flat=True))
    assert RunStatus.DONE == run_progress(run).status


def test_scores_rank_the_models_as_planted_beside_the_pairwise_judge():
    with running_simulator() as simulator:
        run = graded_run(simulator, contenders=4, prompts=12)
        drain_until_final(*Endpoint.objects.all())
    leaderboard = refit_board(board=run.board, now=timezone.now())

    ranked = Rating.objects.filter(leaderboard=leaderboard, judge__slug="grader").order_by("-rating")
    assert list(CONTENDERS[:4]) == [rating.contender.name for rating in ranked]


def test_the_judge_reads_one_answer_alone_with_the_reference():
    (match,) = stage.matches(1)
    match.prompt.reference = ["The reference."]
    match.prompt.save()
    with scripted(lambda asked: "Fine.\n[[87]]") as endpoint:
        judge = grader_at(endpoint.base_url, "scripted")
        Score.objects.create(judge=judge, output=match.output_a, turn=1)
        drain_once(judge.endpoint)

    score = Score.objects.get()
    assert ("done", 87, "Fine.", 1) == (score.status, score.score, score.reason, score.calls)
    said = as_text(endpoint.asked[0])
    assert "The reference." in said
    assert 1 == said.count("<<<BEGIN ANSWER ")


def test_a_score_off_the_scale_is_asked_for_once_more_and_then_kept_as_none():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[120]]") as endpoint:
        judge = grader_at(endpoint.base_url, "scripted")
        Score.objects.create(judge=judge, output=match.output_a, turn=1)
        drain_once(judge.endpoint)

    score = Score.objects.get()
    assert ("unusable", None, 2) == (score.status, score.score, len(endpoint.asked))
    assert "none of [[1]], [[2]], ... or [[100]]" in score.problem


def test_a_second_run_over_scored_answers_asks_nothing_and_follows_by_the_conductors_look():
    with running_simulator() as simulator:
        run = graded_run(simulator, contenders=3, prompts=4)
        drain_until_final(*Endpoint.objects.all())
        grader, before = Judge.objects.get(slug="grader"), simulator.counts["requests"]
        Judgment.objects.filter(judge=grader).delete()
        names = [contender_at(simulator.base_url, name) for name in CONTENDERS[:3]]
        again = create_run(board=run.board, prompt_sets=run.prompt_sets.all(), contenders=names, judges=[grader])
        found = conductor.look(timezone.now())

        assert (before, ()) == (simulator.counts["requests"], found.lanes)

    # 3 pairs x 4 prompts
    assert 12 == Judgment.objects.done().filter(judge=grader).count()
    assert 0 == derive_judgments(now=timezone.now())
    assert RunStatus.DONE == run_progress(Run.objects.get(pk=again.pk)).status
