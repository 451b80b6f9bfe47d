import pytest
from django.urls import reverse

from apps.judging.models import Judgment
from apps.judging.queries import judge_records
from tests import cast, stage
from tests.cast import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def full():
    return cast.full_board()


def judges_page(client, **query):
    return client.get(reverse("board:judges"), query)


def record(name: str):
    return next(record for record in judge_records() if record.judge.name == name)


def test_each_judge_stands_with_its_agreement_and_the_ceiling_above(client, full):
    said = text_of(judges_page(client))

    assert "Two people agree on 63 % of 721 comparisons (60–66 %) on Everyday" in said
    assert "64 % 61–67 % of 1,300" in said


def test_a_judge_nobody_voted_beside_is_not_measured(client):
    stage.judge()

    assert "not measured" in text_of(judges_page(client))


def test_a_pointwise_judge_is_named_so_and_has_no_orders(client):
    judge = stage.judge("grader", protocol="pointwise-100")
    (match,) = stage.matches(1)
    stage.judgment(judge, match, "merged", "model_a")

    said = text_of(judges_page(client))

    assert "Grader grader · Pointwise, 1 to 100 not measured – – – 0 % 0 1" in said


def test_order_flips_are_counted_over_matches_judged_in_both_orders():
    judge = stage.judge()
    steady, changed, tied, once = stage.matches(4)
    for match, ab, ba in ((steady, "model_a", "model_a"), (changed, "model_a", "model_b"), (tied, "tie", "both_bad")):
        stage.judgment(judge, match, "ab", ab)
        stage.judgment(judge, match, "ba", ba)
    stage.judgment(judge, once, "ab", "model_a")

    # three matches in both orders; a tie and both bad are one verdict, so one of them changed
    assert (3, 1) == (record("Strict").n_pairs, record("Strict").n_flipped)


def test_published_verdicts_that_merge_both_orders_count_as_pairs():
    judge = stage.judge(endpoint=False)
    first, second = stage.matches(2)
    stage.judgment(judge, first, "merged", "tie", flipped=True)
    stage.judgment(judge, second, "merged", "model_a")

    assert 0.5 == record("Strict").flipped_share


def test_the_first_shown_won_share_is_of_verdicts_with_a_winner():
    judge = stage.judge()
    first, second = stage.matches(2)
    stage.judgment(judge, first, "ab", "model_a")  # the first shown
    stage.judgment(judge, first, "ba", "model_b")  # the first shown
    stage.judgment(judge, second, "ab", "model_b")  # the second shown
    stage.judgment(judge, second, "ba", "tie")  # neither

    assert (2, 3) == (record("Strict").first_won, record("Strict").n_decided)


def test_replies_without_a_legal_verdict_are_a_share_of_all_replies():
    judge = stage.judge()
    first, second = stage.matches(2)
    stage.judgment(judge, first, "ab")
    stage.judgment(judge, first, "ba", None, status="unusable")
    stage.judgment(judge, second, "ab", None, status="failed")
    stage.judgment(judge, second, "ba", None, status="wanted")

    told = record("Strict")

    assert (1, 1, 1, 1) == (told.n_done, told.n_unusable, told.n_failed, told.n_open)
    assert 0.5 == told.unusable_share


def test_a_judge_that_said_nothing_has_no_shares():
    stage.judge()

    assert (None, None, None) == (
        record("Strict").first_share,
        record("Strict").flipped_share,
        record("Strict").unusable_share,
    )


def test_time_and_tokens_are_means_of_answered_judgments(client, full):
    Judgment.objects.update(latency_ms=1500, tokens_out=40)

    assert "40 1.5 s" in text_of(judges_page(client))


def test_a_simulated_judge_says_so(client):
    cast.full_board(simulated=True)

    assert 2 == text_of(judges_page(client)).count("Simulated")


def test_an_unknown_board_is_said_and_the_first_shown(client, full):
    assert "There is no board called “moon”" in text_of(judges_page(client, board="moon"))


def test_without_a_judge_the_page_says_where_one_comes_from(client):
    assert "No judge yet" in text_of(judges_page(client))


def test_the_page_takes_the_same_queries_however_many_judges_there_are(client, full, django_assert_num_queries):
    with django_assert_num_queries(12):
        judges_page(client)
