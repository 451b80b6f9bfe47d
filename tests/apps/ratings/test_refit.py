"""From rows to a snapshot: what is rated, against whom, and when nothing needs to be rated anew."""

import math
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.humans.models import Vote, Voter
from apps.judging.models import Judgment
from apps.prompts.operations import ensure_category
from apps.ratings.evidence import board_evidence
from apps.ratings.models import Agreement, Leaderboard, PublishedRating, Rating
from apps.ratings.operations import LATE_COMMITS, link_published_ratings, refit_board
from apps.ratings.queries import (
    boards_with_newer_evidence,
    headline_agreement,
    headline_rank_agreement,
    latest_leaderboard,
)
from apps.ratings.rows import leaderboard_table
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def met():
    """Alder and Birch on eight prompts, and the board for it."""
    matches = stage.matches(8)
    return stage.board(matches[0].prompt.prompt_set), matches


def judge_all(matches, judge, wins_of_a, order="ab"):
    for number, match in enumerate(matches):
        stage.judgment(judge, match, order, "model_a" if number < wins_of_a else "model_b")


def vote_all(matches, voter, wins_of_a):
    for number, match in enumerate(matches):
        Vote.objects.create(voter=voter, match=match, outcome="model_a" if number < wins_of_a else "model_b")


def test_a_win_share_of_three_to_one_is_191_elo_points(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)

    leaderboard = refit_board(board=board, now=now)

    # 6 of 8 won: odds 3, 400 * log10(3) = 190.85 points apart, around a mean of 1000.
    alder, birch = (row.judges for row in leaderboard_table(leaderboard))
    assert ("Alder", "Birch") == (alder.contender.name, birch.contender.name)
    assert 400 * math.log10(3) == pytest.approx(alder.rating - birch.rating, abs=0.01)
    assert 2000 == pytest.approx(alder.rating + birch.rating)
    assert alder.lower < alder.rating < alder.upper
    assert (8, 0.75) == (alder.n, alder.win_rate)


def test_unusable_and_open_judgments_are_counted_and_change_no_rating(met, now):
    board, matches = met
    judge = stage.judge()
    judge_all(matches, judge, wins_of_a=6)
    stage.judgment(judge, matches[0], "ba", None, status="unusable", answered_at=now)
    stage.judgment(judge, matches[1], "ba", None, status="wanted", answered_at=None)

    leaderboard = refit_board(board=board, now=now)

    assert (8, 1, 1) == (leaderboard.n_judgments, leaderboard.n_unusable, leaderboard.n_open)


def test_what_an_answer_took_on_average_is_kept_with_the_rating_by_all_judges(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    alder = matches[0].output_a.contender
    alder.outputs.update(tokens_in=10, tokens_out=20)
    alder.outputs.filter(pk=matches[0].output_a_id).update(tokens_out=100)

    rated = {rating.contender.name: rating for rating in refit_board(board=board, now=now).ratings.filter(by="judges")}

    # seven answers of 20 tokens and one of 100
    assert (10, 30) == (rated["Alder"].tokens_in, rated["Alder"].tokens_out)
    assert (None, None) == (rated["Birch"].tokens_in, rated["Birch"].tokens_out)


def test_judges_and_humans_are_rated_by_the_same_code_and_stand_side_by_side(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    vote_all(matches, Voter.objects.create(name="ada"), wins_of_a=6)

    row = leaderboard_table(refit_board(board=board, now=now))[0]

    assert row.judges.rating == pytest.approx(row.humans.rating)
    assert 0 == pytest.approx(row.difference.value)
    assert row.difference.lower < 0 < row.difference.upper


def test_without_votes_the_human_side_is_not_measured_and_not_zero(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)

    leaderboard = refit_board(board=board, now=now)

    row = leaderboard_table(leaderboard)[0]
    assert (None, None, 0) == (row.humans.rating, row.difference, row.humans.n)
    with_humans, _ = headline_agreement(leaderboard)
    assert (0, None) == (with_humans.n, with_humans.agreement)
    assert headline_rank_agreement(leaderboard).spearman is None


def test_agreement_counts_each_vote_and_drops_ties_where_it_says_so(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=8)
    ada, bob = (Voter.objects.create(name=name, group="expert") for name in ("ada", "bob"))
    vote_all(matches, ada, wins_of_a=6)
    Vote.objects.create(voter=bob, match=matches[0], outcome="tie")
    Vote.objects.create(voter=bob, match=matches[1], outcome="model_a")

    leaderboard = refit_board(board=board, now=now)

    # The judge says a everywhere. Ada agrees on 6 of 8, Bob on 1 of 2 (the other is a tie): 7 of 10, and 7 of 9 without it.
    told = leaderboard.agreements.filter(left="Strict", unit="vote", raters="all", turn=None)
    assert (10, 0.7) == (told.get(ties="kept").n, pytest.approx(told.get(ties="kept").agreement))
    assert (9, 7 / 9) == (told.get(ties="dropped").n, pytest.approx(told.get(ties="dropped").agreement))
    # Ada and Bob share two matches and agree on one of them.
    ceiling = leaderboard.agreements.get(left="humans", raters="expert", ties="kept", turn=None)
    assert (2, 0.5) == (ceiling.n, ceiling.agreement)


def test_two_orders_that_disagree_are_one_tie_of_that_judge(met, now):
    board, matches = met
    judge = stage.judge()
    stage.judgment(judge, matches[0], "ab", "model_a")
    stage.judgment(judge, matches[0], "ba", "model_b")
    Vote.objects.create(voter=Voter.objects.create(name="ada"), match=matches[0], outcome="tie")

    leaderboard = refit_board(board=board, now=now)

    row = leaderboard.agreements.get(left="Strict", unit="vote", ties="kept")
    assert (1, 1.0) == (row.n, row.agreement)


def test_several_judges_are_rated_together_and_each_alone(met, now):
    board, matches = met
    judge_all(matches, stage.judge("oak"), wins_of_a=8)
    judge_all(matches, stage.judge("pine"), wins_of_a=4)

    leaderboard = refit_board(board=board, now=now)

    alone = leaderboard.ratings.filter(by=Rating.By.JUDGE, contender__name="Alder")
    assert {"Oak": 1.0, "Pine": 0.5} == {row.judge.name: row.win_rate for row in alone}
    assert 0.75 == leaderboard.ratings.get(by=Rating.By.JUDGES, contender__name="Alder").win_rate
    assert {"judges", "Oak", "Pine", "humans"} == set(leaderboard.agreements.values_list("left", flat=True))


def test_a_board_that_names_its_judges_hears_no_others(met, now):
    board, matches = met
    strict, lax = stage.judge("strict"), stage.judge("lax")
    judge_all(matches, strict, wins_of_a=6)
    judge_all(matches, lax, wins_of_a=0)
    board.judges.set([strict])

    assert 8 == refit_board(board=board, now=now).n_judgments


def test_each_category_has_a_snapshot_of_its_own(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)

    refit_board(board=board, now=now)

    writing = matches[0].prompt.category
    assert 8 == latest_leaderboard(board, writing).n_judgments


def test_an_empty_board_has_an_empty_snapshot(now):
    leaderboard = refit_board(board=stage.board(stage.prompt_set()), now=now)

    assert ([], 0) == (leaderboard_table(leaderboard), leaderboard.n_judgments)


def test_the_same_evidence_is_not_stored_twice(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    first = refit_board(board=board, now=now)

    again = refit_board(board=board, now=now + timedelta(hours=1))

    assert first.pk == again.pk


def test_ratings_computed_again_from_the_rows_equal_the_stored_ones(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=5)
    vote_all(matches, Voter.objects.create(name="ada"), wins_of_a=6)
    stored = refit_board(board=board, now=now)
    before = list(stored.ratings.order_by("by", "contender").values_list("rating", "lower", "upper", "elo"))
    digest = stored.evidence_digest
    Leaderboard.objects.all().delete()

    again = refit_board(board=board, now=now)

    assert before == list(again.ratings.order_by("by", "contender").values_list("rating", "lower", "upper", "elo"))
    assert digest == again.evidence_digest


def test_of_one_day_the_last_snapshot_stays(met):
    board, matches = met
    judge = stage.judge()
    noon = timezone.now().replace(hour=12)
    for number, match in enumerate(matches[:3]):
        stage.judgment(judge, match)
        refit_board(board=board, now=noon + timedelta(minutes=number))

    assert 1 == Leaderboard.objects.filter(board=board, category=None).count()


def test_a_board_moves_when_something_is_said_and_rests_when_it_has_been_heard(met, now):
    board, matches = met
    judge = stage.judge()
    stage.judgment(judge, matches[0])
    assert (board.pk,) == boards_with_newer_evidence(fitted_before=now)

    later = timezone.now() + LATE_COMMITS + timedelta(seconds=1)
    refit_board(board=board, now=later)
    assert () == boards_with_newer_evidence(fitted_before=later + timedelta(hours=1))

    stage.judgment(judge, matches[1], answered_at=later + timedelta(seconds=5))
    assert (board.pk,) == boards_with_newer_evidence(fitted_before=later + timedelta(hours=1))


def test_verdicts_of_no_use_that_land_last_are_counted_too(met, now):
    board, matches = met
    judge = stage.judge()
    stage.judgment(judge, matches[0], answered_at=now)
    refit_board(board=board, now=now)
    stage.judgment(judge, matches[1], "ab", None, status="unusable", answered_at=now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)

    assert (board.pk,) == boards_with_newer_evidence(fitted_before=later)
    assert 1 == refit_board(board=board, now=later).n_unusable


def test_a_release_of_an_earlier_day_stays_as_it_was(met, now):
    board, matches = met
    judge = stage.judge()
    stage.judgment(judge, matches[0])
    then = refit_board(board=board, now=now - timedelta(days=2))
    stage.judgment(judge, matches[1], "ab", None, status="unusable")

    today = refit_board(board=board, now=now)

    assert (0, 1) == (Leaderboard.objects.get(pk=then.pk).n_unusable, today.n_unusable)
    assert today.pk == refit_board(board=board, now=now).pk


def test_a_day_on_which_nothing_happened_gets_no_release(met, now):
    board, matches = met
    stage.judgment(stage.judge(), matches[0])
    then = refit_board(board=board, now=now - timedelta(days=2))

    assert then.pk == refit_board(board=board, now=now).pk


def test_an_answer_that_was_committed_late_is_still_heard(met, now):
    board, matches = met
    judge = stage.judge()
    stage.judgment(judge, matches[0], answered_at=now)
    refit_board(board=board, now=now + timedelta(seconds=2))
    # Written down before the fit, but visible only after it.
    stage.judgment(judge, matches[1], answered_at=now + timedelta(seconds=1))

    assert (board.pk,) == boards_with_newer_evidence(fitted_before=now + timedelta(minutes=1))


def test_evidence_is_told_from_the_sides_of_the_match_whoever_was_shown_first(met):
    board, matches = met
    stage.judgment(stage.judge(), matches[0], "ba", "model_a")

    evidence = board_evidence(board)

    assert ("Alder", "Birch") == evidence.judgments.names
    assert (0, 1, 0, 1) == tuple(
        int(column[0])
        for column in (
            evidence.judgments.a, evidence.judgments.b, evidence.judgments.outcome, evidence.judgments.first,
        )
    )  # fmt: skip


def test_published_ratings_find_their_contender_by_name(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    PublishedRating.objects.create(source="Arena", published_on="2024-05-01", name="ALDER", rating=1210)

    assert 1 == link_published_ratings()

    rows = {row.contender.name: row.published for row in leaderboard_table(refit_board(board=board, now=now))}
    assert 1210 == rows["Alder"].rating
    assert rows["Birch"] is None


def test_simulated_evidence_makes_a_simulated_snapshot(met, now):
    board, matches = met
    judge = stage.judge()
    judge.endpoint.simulated = True
    judge.endpoint.save()
    judge_all(matches, judge, wins_of_a=6)

    assert refit_board(board=board, now=now).simulated


def test_no_agreement_row_claims_a_figure_for_nothing(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=8)
    refit_board(board=board, now=now)

    assert not Agreement.objects.filter(n=0).exclude(agreement=None, kappa=None).exists()
    assert Judgment.objects.count() == 8


def test_votes_on_judged_matches_make_a_rating_sharpened_by_the_judges(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    vote_all(matches[2:6], Voter.objects.create(name="ada"), wins_of_a=3)

    leaderboard = refit_board(board=board, now=now)

    row = leaderboard_table(leaderboard)[0]
    assert row.corrected.lower < row.corrected.rating < row.corrected.upper
    assert (4, None, None) == (row.corrected.n, row.corrected.elo, row.corrected.win_rate)
    assert 0 <= leaderboard.judge_weight <= 1 <= leaderboard.vote_worth
    assert [("judges", "humans")] == list(leaderboard.rank_agreements.values_list("left", "right"))


def test_where_nobody_voted_on_a_judged_match_nothing_is_sharpened(met, now):
    board, matches = met
    judge_all(matches[:4], stage.judge(), wins_of_a=3)
    vote_all(matches[4:], Voter.objects.create(name="ada"), wins_of_a=2)

    leaderboard = refit_board(board=board, now=now)

    assert [None, None] == [row.corrected for row in leaderboard_table(leaderboard)]
    assert (None, None) == (leaderboard.judge_weight, leaderboard.vote_worth)


def test_agreement_beyond_chance_is_stored_in_both_its_forms(met, now):
    board, matches = met
    judge_all(matches, stage.judge(), wins_of_a=6)
    vote_all(matches, Voter.objects.create(name="ada"), wins_of_a=7)

    found = refit_board(board=board, now=now).agreements.get(left="Strict", unit="vote", ties="dropped")

    # 7 of 8 agree; a is said in 13 of 16, so chance is 2 x 13/16 x 3/16 = 39/128: (112 - 39) / (128 - 39) = 73/89
    assert 73 / 89 == pytest.approx(found.ac1)
    assert found.ac1_lower < found.ac1 <= found.ac1_upper


def test_evidence_within_a_category_names_only_those_who_met_there(now):
    writing = stage.matches(2, names=("Alder", "Birch"))
    riddles = stage.prompt_set("riddles", size=1).prompts.get()
    riddles.category = ensure_category("riddles")
    riddles.save()
    elm, birch = stage.contender("Elm"), writing[0].output_b.contender
    elsewhere = stage.match(stage.output(birch, riddles), stage.output(elm, riddles))
    judge = stage.judge()
    for match in (elsewhere, *writing):
        stage.judgment(judge, match, "ba", "model_b")
    board = stage.board(writing[0].prompt.prompt_set, riddles.prompt_set)

    found = board_evidence(board).within(riddles.category)

    assert (("Birch", "Elm"), (birch.pk, elm.pk)) == (found.judgments.names, found.contender_ids)
    assert ([0], [1], [1], [1]) == tuple(
        getattr(found.judgments, column).tolist() for column in ("a", "b", "outcome", "first")
    )
    assert [elsewhere.pk] == found.judgments.match.tolist()
    assert 0 == len(found.votes)


def test_evidence_is_read_in_the_order_in_which_it_was_asked_for(met):
    board, matches = met
    judge = stage.judge()
    asked = [stage.judgment(judge, match) for match in reversed(matches)]

    assert [row.match_id for row in asked] == board_evidence(board).judgments.match.tolist()
