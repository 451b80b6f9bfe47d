import pytest

from judgeboard.llm.errors import KeyRefused, RateLimited, TimedOut, Unavailable, Unreachable
from workers.pace import LONGEST_REST, SEEMS_DEAD, TRIED, Pace
from workers.steps.step import Answer

ANSWER = Answer("done")
PLEA = RateLimited("Slow down.", 1.0)
GONE = Unreachable("Nobody there.")


def hear(pace, *results, under_way=0):
    """The rest asked for by the last of them."""
    return [pace.heard(result, under_way=under_way) for result in results][-1]


def test_a_stranger_is_asked_a_few_times_at_once_until_it_answers():
    pace = Pace(100)
    assert (TRIED, None) == (pace.at_once, pace.learnt)
    hear(pace, ANSWER)
    assert (100, 100) == (pace.at_once, pace.learnt)


def test_an_endpoint_that_allows_less_than_that_is_never_asked_more():
    assert 2 == Pace(2).at_once
    assert 2 == Pace(2, learnt=50).at_once


def test_what_was_learnt_before_is_gone_on_from():
    assert 30 == Pace(100, learnt=30).at_once


def test_a_refusal_for_good_shows_that_somebody_is_there():
    pace = Pace(100)
    assert 0.0 == hear(pace, KeyRefused("No."))
    assert 100 == pace.at_once


def test_the_pace_grows_by_one_a_round():
    pace = Pace(100, learnt=10)
    hear(pace, *[ANSWER] * 11)  # 10 + 1/10 + 1/10.1 + ...: one more after eleven
    assert 11 == pace.at_once


def test_a_plea_halves_the_pace_and_makes_the_lane_rest_as_long_as_it_says():
    pace = Pace(20, learnt=20)
    assert 1.0 == hear(pace, PLEA)
    assert 10 == pace.at_once


def test_pleas_of_calls_begun_before_the_pace_was_halved_do_not_halve_it_again():
    pace = Pace(20, learnt=20)
    hear(pace, *[PLEA] * 4, under_way=19)  # of 23 begun, more than a sixth
    assert 10 == pace.at_once
    assert 1.0 == hear(pace, *[PLEA] * 19)
    assert 10 == pace.at_once
    hear(pace, PLEA)
    assert 5 == pace.at_once


def test_with_many_calls_under_way_a_few_pleas_are_taken_for_chance_though_they_come_first():
    pace = Pace(100, learnt=100)
    # refusals come back at once: 19 of the 118 begun so far are less than a sixth, 20 of 119 are more
    assert 0.0 == hear(pace, *[PLEA] * 19, under_way=99)
    assert (100, 1.0) == (pace.at_once, hear(pace, PLEA, under_way=99))
    assert 50 == pace.at_once


def test_one_call_in_ten_refused_by_chance_costs_no_pace():
    pace = Pace(100, learnt=100)
    assert 0.0 == max(hear(pace, *[ANSWER] * 9, PLEA, under_way=99) for _ in range(200))
    assert 100 == pace.at_once


def test_half_of_the_calls_refused_halve_the_pace_again_and_again():
    pace = Pace(64, learnt=64)
    for _ in range(200):
        hear(pace, ANSWER, PLEA, under_way=pace.at_once)
    assert pace.at_once < 8


def test_the_longest_wait_among_the_pleas_counts():
    pace = Pace(8, learnt=8)
    assert 0.0 == hear(pace, PLEA, under_way=7)
    assert 1.0 == hear(pace, RateLimited("Slow down.", 0.5), under_way=7)  # 2 of 9


@pytest.mark.parametrize("failure", [RateLimited("Slow down.", 7.0), Unavailable("Down for repair.", 7.0)])
def test_whoever_names_a_definite_time_is_obeyed_though_it_be_one_call_of_many(failure):
    pace = Pace(100, learnt=100)
    assert (7.0, 100) == (hear(pace, failure, under_way=99), pace.at_once)


def test_a_plea_that_names_no_time_asks_for_no_rest():
    pace = Pace(20, learnt=20)
    assert 0.0 == hear(pace, RateLimited("Slow down."))
    assert 10 == pace.at_once


def test_a_time_out_is_a_plea_and_a_doubt():
    pace = Pace(20, learnt=20)
    assert 0.0 == hear(pace, *[TimedOut("Too slow.")] * (SEEMS_DEAD - 1))
    assert 5.0 == hear(pace, TimedOut("Too slow."))
    assert 1 == pace.at_once


@pytest.mark.parametrize(("learnt", "first"), [(None, 30.0), (8, 5.0)])
def test_four_faults_in_a_row_make_the_lane_rest_longer_each_time(learnt, first):
    pace = Pace(8, learnt=learnt)
    assert 0.0 == hear(pace, *[GONE] * (SEEMS_DEAD - 1))
    assert [first, 2 * first, 4 * first] == [hear(pace, GONE) for _ in range(3)]
    assert (3, 1) == (pace.breaks, pace.at_once)


def test_no_rest_is_longer_than_ten_minutes():
    assert LONGEST_REST == hear(Pace(8, breaks=40), GONE)


def test_calls_that_were_under_way_when_the_endpoint_died_are_one_break():
    pace = Pace(100, learnt=100)
    assert 0.0 == hear(pace, *[GONE] * 19, under_way=99)  # of 118 begun, less than a sixth
    assert 5.0 == hear(pace, GONE, under_way=99)
    assert 5.0 == hear(pace, *[GONE] * 99)
    assert 1 == pace.breaks


def test_faults_between_answers_are_no_break():
    pace = Pace(8, learnt=8)
    fault = Unavailable("A fault of its own (500).")
    assert 0.0 == hear(pace, *[fault, fault, fault, ANSWER] * 5)
    assert (0, 8) == (pace.breaks, pace.at_once)


def test_one_answer_after_a_break_and_the_lane_is_as_it_was():
    pace = Pace(8, learnt=6, breaks=3)
    assert 1 == pace.at_once
    hear(pace, ANSWER)
    assert (6, 0) == (pace.at_once, pace.breaks)
