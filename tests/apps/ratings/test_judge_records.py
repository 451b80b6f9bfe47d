"""What a snapshot keeps of each judge: its leanings, its work, and what others reach against the same votes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.contenders.models import Contender, Output
from apps.humans.models import Vote, Voter
from apps.judging.models import Judge, Judgment
from apps.judging.versions import next_version
from apps.prompts.models import Prompt
from apps.prompts.operations import ensure_category
from apps.ratings.models import Board, JudgeRecord
from apps.ratings.operations import refit_board
from tests import stage

pytestmark = pytest.mark.django_db


def record(matches, **of) -> JudgeRecord:
    """Of the only judge, unless said otherwise, after the board of these matches was rated."""
    board = Board.objects.first() or stage.board(matches[0].prompt.prompt_set)
    leaderboard = refit_board(board=board, now=timezone.now())
    return leaderboard.judge_records.get(**of or {"judge": Judge.objects.get()})


def told(record: JudgeRecord, name: str) -> tuple[int, float | None]:
    return record.traits[name]["n"], record.traits[name]["value"]


def in_both_orders(judge, match, ab, ba):
    stage.judgment(judge, match, "ab", ab)
    stage.judgment(judge, match, "ba", ba)


def vote(match, *outcomes):
    for number, outcome in enumerate(outcomes):
        voter, _ = Voter.objects.get_or_create(name=f"Voter {number}")
        Vote.objects.create(voter=voter, match=match, outcome=outcome)


def test_order_flips_are_counted_over_matches_judged_in_both_orders():
    judge = stage.judge()
    matches = stage.matches(4)
    steady, changed, tied, once = matches
    in_both_orders(judge, steady, "model_a", "model_a")
    in_both_orders(judge, changed, "model_a", "model_b")
    in_both_orders(judge, tied, "tie", "both_bad")
    stage.judgment(judge, once, "ab", "model_a")

    # three matches in both orders; a tie and both bad are one verdict, so one of them changed
    assert (3, pytest.approx(1 / 3)) == told(record(matches), "order_flipped")


def test_published_verdicts_that_merge_both_orders_count_as_pairs():
    judge = stage.judge(endpoint=False)
    first, second = stage.matches(2)
    stage.judgment(judge, first, "merged", "tie", flipped=True)
    stage.judgment(judge, second, "merged", "model_a")

    assert (2, 0.5) == told(record([first]), "order_flipped")


def test_a_pointwise_judge_knows_no_order():
    judge = stage.judge("grader", protocol="pointwise-100")
    (match,) = stage.matches(1)
    stage.judgment(judge, match, "merged", "model_a")

    found = record([match])

    assert [(0, None)] * 3 == [told(found, name) for name in ("order_flipped", "first_won", "position")]


def test_the_first_shown_won_share_is_of_verdicts_with_a_winner():
    judge = stage.judge()
    first, second = stage.matches(2)
    in_both_orders(judge, first, "model_a", "model_b")  # twice the first shown
    in_both_orders(judge, second, "model_b", "tie")  # the second shown, and neither

    assert (3, pytest.approx(2 / 3)) == told(record([first]), "first_won")


def test_the_longer_won_share_counts_characters_up_to_the_turn_compared():
    judge = stage.judge()
    first, second = stage.matches(2, turns=2)
    for match in (first, second):
        Output.objects.filter(pk=match.output_a_id).update(texts=["äöü" * 9, "x"])
        Output.objects.filter(pk=match.output_b_id).update(texts=["short", "longer"])
    stage.judgment(judge, first, "ab", "model_a")  # 28 characters against 11
    stage.judgment(judge, second, "ab", "model_b")

    found = record([first])

    assert (2, 0.5) == told(found, "longer_won")
    assert 28 / 11 == pytest.approx(found.traits["length"]["unit"], rel=0.06)


def test_the_leaning_to_the_own_family_is_told_from_verdicts_that_change_no_rating():
    matches = stage.matches(20)
    kin, other = stage.judge("kin", family="north", may_judge_kin=True), stage.judge("other")
    Contender.objects.filter(name="Alder").update(family="north")
    for number, match in enumerate(matches):
        stage.judgment(kin, match, "ab", "model_a" if number < 15 else "model_b")  # odds of 3
        stage.judgment(other, match, "ab", "model_a" if number < 10 else "model_b")  # even odds
    third = stage.contender("Cedar")
    for number, match in enumerate(matches):  # or what it says of others would not be known
        met = stage.match(match.output_b, stage.output(third, match.prompt))
        stage.judgment(kin, met, "ab", "model_a" if number % 2 else "model_b")

    found = record(matches, judge=kin)

    n, elo = told(found, "own_family")
    assert (20, pytest.approx(190.85, abs=0.5)) == (n, elo)
    assert found.traits["own_family"]["lower"] < elo < found.traits["own_family"]["upper"]
    assert 20 == found.leaderboard.ratings.get(by="judges", contender__name="Alder").n


def test_versions_that_differ_in_nothing_tell_how_often_asking_again_changes_the_verdict():
    first = stage.judge()
    matches = stage.matches(4)
    for match in matches:
        stage.judgment(first, match)
    again = next_version(judge=Judge.objects.get())
    for match in matches:
        stage.judgment(again, match, outcome="model_b" if match == matches[0] else "model_a")

    assert (4, 0.25) == told(record(matches, judge=again), "repeat_flipped")

    Judge.objects.filter(pk=again.pk).update(temperature=1)
    JudgeRecord.objects.all().delete()
    Judgment.objects.filter(match=matches[1]).delete()
    assert (0, None) == told(record(matches, judge=again), "repeat_flipped")


def test_those_that_do_not_read_are_held_against_every_vote():
    judge = stage.judge()
    first, second = stage.matches(2)
    Output.objects.filter(pk__in=(first.output_a_id, second.output_b_id)).update(texts=["a much longer answer"])
    in_both_orders(judge, first, "model_a", "model_a")
    vote(first, "model_a", "model_b")
    vote(second, "tie", "model_b")

    found = {name: record([first], baseline=name) for name in ("person", "longer", "first", "coin")}

    # Always longer: side a of the first, side b of the second. The first shown: each side of the one that was judged.
    agreement = {name: told(row, "agreement") for name, row in found.items()}
    assert {"person": (2, 0), "longer": (4, 0.5), "first": (4, 0.5), "coin": (4, 0.375)} == agreement


def test_without_votes_nobody_is_measured_against_people():
    (match,) = stage.matches(1)
    stage.judgment(stage.judge(), match)

    assert (0, None) == told(record([match], baseline="coin"), "agreement")
    assert "not measured" == record([match], baseline="person").traits["agreement"]["state"]


def keyed(reference, *texts):
    """Two models' answers to prompts with one reference: a match each two texts."""
    matches = stage.matches(len(texts) // 2)
    Prompt.objects.update(reference=[reference])
    for match, (a, b) in zip(matches, zip(texts[::2], texts[1::2], strict=True), strict=True):
        Output.objects.filter(pk=match.output_a_id).update(texts=[a])
        Output.objects.filter(pk=match.output_b_id).update(texts=[b])
    return matches


def test_where_one_answer_is_right_and_the_other_wrong_taking_the_right_one_is_counted():
    judge = stage.judge()
    first, second, both, open_ = keyed(
        "24: it grows evenly.", "24 days", "47 days", "It takes 47.", "24", "24", "24", "24", "Who knows?"
    )
    in_both_orders(judge, first, "model_a", "tie")
    in_both_orders(judge, second, "model_b", "model_a")
    in_both_orders(judge, both, "model_a", "model_a")
    in_both_orders(judge, open_, "model_a", "model_a")

    # four verdicts on a right and a wrong answer, two of them for the right one; a tie is none
    assert (4, 0.5) == told(record([first]), "right")


def test_the_sequences_of_ab_tokens_are_checked_by_their_own_rules():
    judge = stage.judge()
    (match,) = keyed("#B A#", "Answer: `#B A#`", "I think it stays.")
    in_both_orders(judge, match, "model_a", "model_a")

    assert (2, 1.0) == told(record([match]), "right")


def test_those_that_do_not_read_are_held_against_what_is_right_too():
    judge = stage.judge()
    first, second = keyed("24: it grows evenly.", "It takes 24 days.", "47", "47", "24 days")
    in_both_orders(judge, first, "model_a", "model_a")
    in_both_orders(judge, second, "model_a", "model_b")
    vote(first, "model_b")

    records = {name: record([first], baseline=name) for name in ("person", "longer", "first", "coin")}

    assert {"person": (1, 0.0), "longer": (2, 1.0), "first": (4, 0.5), "coin": (2, 0.5)} == {
        name: told(found, "right") for name, found in records.items()
    }


def test_without_a_key_rightness_is_not_measured():
    judge = stage.judge()
    (match,) = stage.matches(1)
    in_both_orders(judge, match, "model_a", "model_a")

    found = record([match]).traits["right"]

    assert (0, None, "not measured") == (found["n"], found["value"], found["state"])


def test_the_work_of_a_judge_is_counted_with_means_over_what_is_known():
    judge = stage.judge()
    first, second = stage.matches(2)
    stage.judgment(judge, first, "ab", latency_ms=1000, tokens_out=40, usd="0.003")
    stage.judgment(judge, first, "ba", latency_ms=2000)
    stage.judgment(judge, second, "ab", None, status="unusable", usd="0.001")
    stage.judgment(judge, second, "ba", None, status="failed")

    found = record([first])

    assert (2, 1, 1) == (found.n_done, found.n_unusable, found.n_failed)
    assert (1500, 40, 0.002) == (found.latency_ms, found.tokens_out, found.usd)


def test_without_a_price_nothing_is_said_of_cost():
    (match,) = stage.matches(1)
    stage.judgment(stage.judge(), match)

    assert record([match]).usd is None


def test_replies_of_no_use_that_come_later_are_counted_though_no_rating_changes():
    judge = stage.judge()
    first, second = stage.matches(2)
    stage.judgment(judge, first)
    before = record([first])
    stage.judgment(judge, second, "ab", None, status="unusable")

    after = record([first])

    assert (before.pk, 0, 1) == (after.pk, before.n_unusable, after.n_unusable)


def test_each_category_has_records_of_its_own(now):
    judge = stage.judge()
    first, second = stage.matches(2)
    second.prompt.category = ensure_category("coding")
    second.prompt.save()
    in_both_orders(judge, first, "model_a", "model_b")
    in_both_orders(judge, second, "model_a", "model_a")
    board = stage.board(first.prompt.prompt_set)
    refit_board(board=board, now=now + timedelta(hours=1))

    found = {
        row.leaderboard.category and row.leaderboard.category.slug: (row.n_done, row.traits["order_flipped"]["value"])
        for row in JudgeRecord.objects.filter(judge=judge).select_related("leaderboard__category")
    }

    assert {None: (4, 0.5), "writing": (2, 1.0), "coding": (2, 0.0)} == found
