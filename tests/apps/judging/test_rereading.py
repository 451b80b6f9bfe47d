"""What was said, read again: here rows are stored as an older reader would have left them."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.judging import rereading
from apps.judging.models import Judgment, Score
from apps.judging.operations import want_judgments
from apps.ratings.operations import refit_board
from apps.ratings.queries import boards_with_newer_evidence
from judgeboard.arena.judge_reply import kept
from tests import stage

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=1)
RIGHT = {"raw": "A is better.\n[[A]]", "reason": "A is better.", "answered_at": LONG_AGO}


def reparse(*options: str) -> dict:
    out = StringIO()
    call_command("reparse", "--json", *options, stdout=out)
    return json.loads(out.getvalue())


def counts(**told: int) -> dict[str, int]:
    return {"unchanged": 0, "now_readable": 0, "now_unreadable": 0, "changed": 0} | told


@pytest.fixture
def said():
    """Five replies: one read rightly, one overlooked, one guessed at, one misread, and one that was reminded."""
    right, overlooked, guessed, misread, reminded = stage.matches(5)
    judge = stage.judge()
    none = {"status": "unusable", "outcome": None, "problem": "Nothing was found.", "answered_at": LONG_AGO}
    twice = kept(["<think>hm", "B is vague.\n[[A]]"])
    return {
        "right": stage.judgment(judge, right, **RIGHT),
        "overlooked": stage.judgment(judge, overlooked, order="ba", **none | {"raw": "Good.\n**[[A]]**"}),
        "guessed": stage.judgment(judge, guessed, outcome="tie", raw="Both are fine.", answered_at=LONG_AGO),
        "misread": stage.judgment(judge, misread, outcome="model_a", raw="Not [[A]].\n[[B]]", answered_at=LONG_AGO),
        "reminded": stage.judgment(judge, reminded, raw=twice, reason="B is vague.", answered_at=LONG_AGO),
    }


def now(said, name):
    said[name].refresh_from_db()
    row = said[name]
    return (row.status, row.outcome, row.reason, row.answered_at > LONG_AGO)


def test_every_reply_is_read_again_and_counted(said):
    told = reparse()

    assert counts(unchanged=2, now_readable=1, now_unreadable=1, changed=1) == told["judgments"]
    assert ("done", "model_a", "A is better.", False) == now(said, "right")
    assert ("done", "model_b", "Good.", True) == now(said, "overlooked")  # B was shown first, as answer A
    assert ("unusable", None, "Both are fine.", True) == now(said, "guessed")
    assert ("done", "model_b", "Not [[A]].", True) == now(said, "misread")
    assert ("done", "model_a", "B is vague.", False) == now(said, "reminded")
    assert "The last line holds none of [[A]]" in said["guessed"].problem
    assert "" == said["overlooked"].problem


def test_a_second_time_nothing_changes(said):
    reparse()

    assert counts(unchanged=5) == reparse()["judgments"]


def test_a_dry_run_counts_the_same_and_changes_nothing(said):
    told = reparse("--dry-run")

    assert (True, counts(unchanged=2, now_readable=1, now_unreadable=1, changed=1)) == (
        told["dry_run"],
        told["judgments"],
    )
    assert {LONG_AGO} == set(Judgment.objects.values_list("answered_at", flat=True))


def test_batches_lose_nobody(said, monkeypatch):
    monkeypatch.setattr(rereading, "BATCH", 2)

    assert counts(unchanged=2, now_readable=1, now_unreadable=1, changed=1) == reparse()["judgments"]


def test_a_board_takes_what_was_read_anew_for_newer_evidence(said):
    board = stage.board(said["right"].match.prompt.prompt_set)
    later = timezone.now() + timedelta(minutes=1)
    refit_board(board=board, now=timezone.now())
    assert () == boards_with_newer_evidence(fitted_before=later)

    reparse()

    assert (board.pk,) == boards_with_newer_evidence(fitted_before=later)


def test_chances_stay_with_what_is_read_as_before_and_leave_with_what_was_misread(said):
    Judgment.objects.update(chances={"model_a": 0.9, "tie": 0.1})
    reparse()

    kept_by = {name for name in said if Judgment.objects.get(pk=said[name].pk).chances}
    assert {"right", "reminded"} == kept_by


def test_grades_come_with_the_reading():
    (match,) = stage.matches(1)
    judge = stage.judge(protocol="pairwise-5")
    judgment = stage.judgment(judge, match, order="ba", outcome="model_b", raw="Hm.\n[[A>>B]]")

    assert 1 == reparse()["judgments"]["changed"]
    judgment.refresh_from_db()
    assert ("model_b", -2) == (judgment.outcome, judgment.grade)


def test_what_follows_from_scores_follows_from_them_as_they_are_read_now():
    (match,) = stage.matches(1)
    judge = stage.judge(protocol="pointwise-100")
    want_judgments(judge=judge, match_ids=[match.pk])
    Score.objects.update(status="done", score=70, raw="Fair.\n[[70]]", answered_at=LONG_AGO)
    Score.objects.filter(output=match.output_b).update(score=7, raw="Good.\n[[75]]")
    Judgment.objects.update(status="done", outcome="model_a", answered_at=LONG_AGO)

    told = reparse()

    # The derived judgment holds no reply of its own, so it is not read.
    assert (counts(unchanged=1, changed=1), counts()) == (told["scores"], told["judgments"])
    assert ["model_b"] == list(Judgment.objects.filter(answered_at__gt=LONG_AGO).values_list("outcome", flat=True))


def test_published_verdicts_and_rows_without_a_reply_are_left_alone():
    first, second = stage.matches(2)
    stage.judgment(stage.judge("paper", endpoint=False, protocol="imported"), first, outcome="tie", raw="[[C]]")
    stage.judgment(stage.judge(), second, outcome="tie")

    assert counts() == reparse()["judgments"]


def test_one_judge_is_read_in_all_its_versions_and_no_other(said):
    first = said["right"].match
    stage.judgment(stage.judge("strict", version=2), first, outcome="tie", raw="[[A]]")
    stage.judgment(stage.judge("other"), first, outcome="tie", raw="[[A]]")

    assert counts(changed=2, now_readable=1, now_unreadable=1, unchanged=2) == reparse("--judge", "strict")["judgments"]


def test_an_unknown_judge_is_refused_with_the_known_ones(said):
    with pytest.raises(CommandError, match=r"There is no judge 'lax'; known: strict\."):
        reparse("--judge", "lax")


def test_in_words_it_says_what_became_of_the_replies(said):
    out = StringIO()
    call_command("reparse", "--dry-run", stdout=out)

    assert "judgments: 2 unchanged, 1 now readable, 1 now unreadable, 1 changed." in out.getvalue()
    assert "Nothing was changed (--dry-run)." in out.getvalue()
