"""What a snapshot keeps of style: looks counted once an answer, and ratings, ranks and worth with style left aside."""

import numpy as np
import pytest

from apps.contenders.models import Output
from apps.humans.models import Voter
from apps.ratings.answer_styles import LOOKS, answer_styles
from apps.ratings.evidence import board_evidence
from apps.ratings.models import AnswerStyle, Board, Rating
from apps.ratings.operations import refit_board
from apps.ratings.rater import Rater
from apps.ratings.style_worth import style_worth
from tests import stage
from tests.apps.ratings.test_refit import vote_all

pytestmark = pytest.mark.django_db

LONG, SHORT = "word " * 40, "word " * 10
PROMPTS = 48


@pytest.fixture
def swayed(now) -> Board:
    """Alder and Birch on many prompts: each writes the longer answer half of the time, and the longer mostly wins."""
    matches = stage.matches(PROMPTS)
    judge = stage.judge()
    for number, match in enumerate(matches):
        alder_is_longer = number % 2 == 0
        Output.objects.filter(pk=match.output_a_id).update(texts=[LONG if alder_is_longer else SHORT])
        Output.objects.filter(pk=match.output_b_id).update(texts=[SHORT if alder_is_longer else LONG])
        # Of six times it is the longer one, Alder wins five; of six it is the shorter one, it wins two.
        wins = number % 12 < 10 if alder_is_longer else number % 12 in (1, 3)
        stage.judgment(judge, match, "ab", "model_a" if wins else "model_b")
        stage.judgment(judge, match, "ba", "model_a" if wins else "model_b")
    return stage.board(matches[0].prompt.prompt_set)


def alder(leaderboard, by="judges") -> Rating:
    return leaderboard.ratings.get(contender__name="Alder", by=by)


def test_an_answer_is_looked_at_once(now, django_assert_num_queries):
    matches = stage.matches(2, turns=2)
    Output.objects.filter(pk=matches[0].output_a_id).update(texts=["# One\n- **two**\n- three", "**four**"])
    board = stage.board(matches[0].prompt.prompt_set)
    answer_styles(board)

    told = AnswerStyle.objects.filter(output=matches[0].output_a_id).order_by("turn").values_list("turn", *LOOKS)

    assert [(1, 23, 1, 2, 1), (2, 8, 0, 0, 1)] == list(told)
    with django_assert_num_queries(2):  # is anything new; what is known
        answer_styles(board)


def test_the_looks_of_a_match_are_those_of_all_turns_up_to_its_own():
    matches = stage.matches(1, turns=2)
    first = stage.match(matches[0].output_a, matches[0].output_b, turn=1)
    Output.objects.filter(pk=matches[0].output_a_id).update(texts=["1234", "123456"])
    Output.objects.filter(pk=matches[0].output_b_id).update(texts=["12", "1234"])
    for match in (matches[0], first):
        stage.judgment(stage.judge(f"judge-{match.turn}"), match)
    board = stage.board(matches[0].prompt.prompt_set)
    evidence = board_evidence(board)

    told = answer_styles(board).compared(evidence).judged

    assert {2: [10, 6], 1: [4, 2]} == dict(zip(evidence.judged.turn.tolist(), told.length.tolist(), strict=True))
    assert pytest.approx([4 / 16, 2 / 6]) == sorted(told.covariates.values[:, 0])
    assert not told.covariates.values[:, 1:].any()


def test_an_output_that_says_nothing_is_of_length_0():
    matches = stage.matches(1)
    Output.objects.filter(pk=matches[0].output_a_id).update(texts=[])
    stage.judgment(stage.judge(), matches[0])
    board = stage.board(matches[0].prompt.prompt_set)
    evidence = board_evidence(board)

    told = answer_styles(board).compared(evidence).judged

    assert [[0, len("Answer to turn 1.")]] == told.length.tolist()


def test_ratings_with_style_left_aside_stand_beside_those_in_which_it_counts(swayed, now):
    leaderboard = refit_board(board=swayed, now=now)

    told = alder(leaderboard)

    assert told.controlled.rating == pytest.approx(told.rating + told.shift)
    assert told.controlled_lower < told.controlled.rating < told.controlled_upper
    assert told.shift_lower < told.shift < told.shift_upper
    assert (told.rank_low, told.rank_high) == (told.controlled.rank_low, told.controlled.rank_high)


def test_what_length_is_worth_is_told_by_rater(swayed, now):
    leaderboard = refit_board(board=swayed, now=now)

    (worth,) = style_worth(leaderboard, Rater())

    assert "twice as long" == worth.meaning
    assert 0 < worth.lower < worth.value < worth.upper
    assert () == style_worth(leaderboard, Rater(is_people=True))


def test_people_have_ratings_that_leave_style_aside_too(swayed, now):
    matches = list(swayed.prompt_sets.get().prompts.first().matches.model.objects.order_by("pk"))
    vote_all(matches, Voter.objects.create(name="Ada"), wins_of_a=30)

    told = alder(refit_board(board=swayed, now=now), by="humans")

    assert told.shift is not None
    assert told.controlled_rank_low is not None


def test_answers_that_look_alike_have_no_such_ratings(now):
    matches = stage.matches(8)
    for number, match in enumerate(matches):
        stage.judgment(stage.judge(f"judge-{number}"), match, "ab", "model_a" if number < 6 else "model_b")
    leaderboard = refit_board(board=stage.board(matches[0].prompt.prompt_set), now=now)

    told = alder(leaderboard)

    assert (None, None, None) == (told.shift, told.controlled_lower, told.controlled_rank_low)
    assert told.controlled.rating is None
    assert told.rating is not None


def test_lengths_are_counted_in_whole_numbers():
    matches = stage.matches(1)
    stage.judgment(stage.judge(), matches[0])
    board = stage.board(matches[0].prompt.prompt_set)

    assert np.int64 == answer_styles(board).looks.dtype
