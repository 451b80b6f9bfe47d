from dataclasses import replace

import numpy as np
import pytest

from judgeboard.arena.bias.length import length_bias, length_bias_beside
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.style.covariates import BadCovariates
from tests.arena.boards import board
from tests.arena.styled_boards import styled_board


def lengths_of(drawn):
    """int[n, 2] whose difference of log(1 + length) is nearly the covariate of the drawn board."""
    side_a = np.exp(10 + drawn.covariates.values[:, 0] / 2) - 1
    side_b = np.exp(10 - drawn.covariates.values[:, 0] / 2) - 1
    return np.stack([side_a, side_b], axis=1).round().astype(np.int64)


def test_length_bias_by_hand():
    verdicts = board("a>b", "a>b", "a>b", "b>a", "a>b", "b>a", "a=b", "b=a")
    length = np.array([[9, 1], [9, 1], [9, 1], [1, 9], [1, 9], [9, 1], [1, 9], [1, 9]])
    found = length_bias(verdicts, length, interval="match")
    # a, where its answer is the longer, takes 3 of 4 and a tie's half: odds of 3.5 to 1.5; where the shorter, 1 of 2
    # and a tie's half, even. Half the log odds are the length's, as all logs of (1 + length) differ by log(5)
    assert np.log(5) == pytest.approx(found.unit)
    assert 200 * np.log10(3.5 / 1.5) == pytest.approx(found.effect.elo)
    # the longer won where a won the first three and b, longer, the sixth
    assert (6, pytest.approx(4 / 6)) == (found.longer_won.n, found.longer_won.share)
    assert 8 == found.n


def test_equal_lengths_have_no_longer_answer():
    found = length_bias(board("a>b", "b>a", "a>b"), np.array([[9, 1], [9, 1], [4, 4]]))
    assert (3, 2) == (found.n, found.longer_won.n)


def test_a_planted_length_bias_is_recovered():
    drawn = styled_board(np.random.default_rng(1), coefficient=(0.4, 0.0))
    found = length_bias(drawn.verdicts, lengths_of(drawn))
    lower, upper = found.effect.lower / found.unit / ELO, found.effect.upper / found.unit / ELO
    assert lower < drawn.coefficient[0] < upper
    assert found.longer_won.lower > 0.5


def test_a_judge_beside_people_on_the_matches_that_both_speak_of():
    judge, people = (styled_board(np.random.default_rng(2), coefficient=(one, 0.0)) for one in (0.8, 0.1))
    few = people.verdicts.match < 1000
    judged, voted = length_bias_beside(
        judge.verdicts, lengths_of(judge), people.verdicts.where(few), lengths_of(people)[few]
    )
    assert judged.n == voted.n == 2000
    assert judged.unit == voted.unit
    assert judged.effect.lower > voted.effect.upper
    assert judged.longer_won.share > voted.longer_won.share


def test_answers_of_one_length_say_nothing():
    found = length_bias(board("a>b", "b>a"), np.full((2, 2), 70))
    assert ("never varies", None, 0) == (found.effect.state, found.effect.elo, found.longer_won.n)


def test_people_who_voted_on_other_matches_say_nothing():
    verdicts = board("a>b", "b>a", "a>b")
    other = replace(verdicts, match=np.array([7, 8, 9]))
    judged, voted = length_bias_beside(verdicts, np.full((3, 2), 70), other, np.full((3, 2), 70))
    assert (0, 0, None) == (judged.n, voted.n, voted.effect.elo)


def test_an_empty_answer_has_a_length_too():
    assert np.log(2) == pytest.approx(length_bias(board("a>b"), np.array([[0, 1]])).unit)


@pytest.mark.parametrize("length", [np.zeros((2, 2)), np.zeros(1), np.array([[-1, 3]])])
def test_lengths_that_are_not_two_amounts_a_verdict_are_refused(length):
    with pytest.raises(BadCovariates, match="lengths"):
        length_bias(board("a>b"), length)
