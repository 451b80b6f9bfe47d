"""A pointwise judge: what is wanted of it, and what follows from its scores without a call."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.contenders.models import Output
from apps.judging.models import Judgment, Score
from apps.judging.operations import release_judgments, want_judgments
from apps.judging.scores import derive_again, derive_judgments
from apps.ratings.operations import refit_board
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def grader():
    return stage.judge("grader", protocol="pointwise-100")


@pytest.fixture
def match(grader):
    """One match of answered outputs that the grader is wanted to judge."""
    (match,) = stage.matches(1)
    want_judgments(judge=grader, match_ids=[match.pk])
    return match


def score(output: Output, points: int | None, status: str = "done") -> Score:
    told = Score.objects.get(output=output)
    told.score, told.status, told.answered_at = points, status, timezone.now()
    told.save()
    return told


def said() -> list[tuple[str, str | None]]:
    return list(Judgment.objects.order_by("pk").values_list("status", "outcome"))


def test_a_score_of_each_side_and_one_judgment_are_wanted(match):
    assert {(match.output_a_id, 1, "waiting"), (match.output_b_id, 1, "waiting")} == set(
        Score.objects.values_list("output", "turn", "status")
    )
    assert [("merged", "waiting")] == list(Judgment.objects.values_list("order", "status"))


def test_an_output_that_meets_many_is_scored_once(grader):
    prompt = stage.prompt_set().prompts.get()
    outputs = [stage.output(stage.contender(name), prompt) for name in ("Alder", "Birch", "Cedar", "Dill")]
    matches = [stage.match(a, b).pk for n, a in enumerate(outputs) for b in outputs[n + 1 :]]
    want_judgments(judge=grader, match_ids=matches)
    want_judgments(judge=grader, match_ids=matches)

    # 4 models: 6 matches, 4 scores. A pairwise judge would be asked 12 times.
    assert (6, 4) == (Judgment.objects.count(), Score.objects.count())


def test_a_score_is_released_with_its_output_and_the_judgment_never(match):
    Output.objects.filter(pk=match.output_b_id).update(status="wanted")

    assert 1 == release_judgments(output_ids=[match.output_a_id, match.output_b_id])
    assert [match.output_a_id] == list(Score.objects.wanted().values_list("output", flat=True))
    assert [("waiting", None)] == said()


@pytest.mark.parametrize(("a", "b", "outcome"), [(87, 62, "model_a"), (61, 62, "model_b"), (70, 70, "tie")])
def test_two_scores_come_to_an_outcome(match, a, b, outcome):
    last = (score(match.output_a, a), score(match.output_b, b))[-1]

    assert 1 == derive_judgments(now=timezone.now(), score_ids=[last.pk])
    assert [("done", outcome)] == said()
    assert 0 == derive_judgments(now=timezone.now())


def test_one_score_alone_comes_to_nothing_yet(match):
    score(match.output_a, 87)

    assert 0 == derive_judgments(now=timezone.now())
    assert [("waiting", None)] == said()


def test_without_a_legal_score_the_judgment_is_of_no_use_and_says_why(match):
    score(match.output_a, 87)
    score(match.output_b, None, status="unusable")

    derive_judgments(now=timezone.now())

    assert [("unusable", None)] == said()
    assert "no legal score" in Judgment.objects.get().problem


def test_another_turn_or_another_judges_score_counts_for_nothing(match):
    score(match.output_a, 87)
    other = stage.judge("other", protocol="pointwise-100")
    Score.objects.create(judge=other, output=match.output_b, turn=1, score=1, status="done")
    Score.objects.filter(output=match.output_b).exclude(judge=other).update(turn=2, score=1, status="done")

    assert 0 == derive_judgments(now=timezone.now())


def test_published_merged_verdicts_are_left_alone(match):
    paper = stage.judge("paper", endpoint=False, protocol="imported")
    stage.judgment(paper, match, "merged", "tie")
    both = [score(match.output_a, 87), score(match.output_b, 62)]

    derive_again(now=timezone.now(), score_ids=[row.pk for row in both])

    assert ["model_a", "tie"] == sorted(Judgment.objects.values_list("outcome", flat=True))


def test_scores_read_anew_change_what_followed_from_them_and_only_that(match):
    changed, same = score(match.output_a, 87), score(match.output_b, 62)
    first = timezone.now()
    derive_judgments(now=first)
    assert 0 == derive_again(now=timezone.now(), score_ids=[changed.pk, same.pk])
    Score.objects.filter(pk=changed.pk).update(score=20)

    assert 1 == derive_again(now=timezone.now(), score_ids=[changed.pk])
    assert [("done", "model_b")] == said()
    assert Judgment.objects.get().answered_at > first


@pytest.mark.parametrize(("points", "status"), [(0, "done"), (101, "done"), (None, "done"), (0, "unusable")])
def test_a_score_that_is_none_is_refused_by_the_database(match, points, status):
    with pytest.raises(IntegrityError), transaction.atomic():
        score(match.output_a, points, status=status)


def test_the_record_of_a_pointwise_judge_has_no_orders_and_the_cost_of_its_scores(grader, match):
    Score.objects.update(tokens_out=40, latency_ms=300)
    score(match.output_a, 87), score(match.output_b, 62)
    derive_judgments(now=timezone.now())

    record = refit_board(board=stage.board(match.prompt.prompt_set), now=timezone.now()).judge_records.get(judge=grader)

    assert (1, 0) == (record.n_done, record.traits["order_flipped"]["n"])
    assert (40, 300) == (record.tokens_out, record.latency_ms)
