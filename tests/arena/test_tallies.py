import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.tallies import BadTallies, Tallies
from tests.arena.boards import board, boards

NOTHING = np.zeros((2, 2), dtype=np.int64)


def test_every_verdict_is_counted_from_both_sides():
    found = Tallies.of(board("a>b", "b>a", "b>a", "a=b", "b!a", "c>a"))
    assert [[0, 1, 0], [2, 0, 0], [1, 0, 0]] == found.wins.tolist()
    assert [[0, 1, 0], [1, 0, 0], [0, 0, 0]] == found.ties.tolist() == found.both_bad.tolist()


def test_both_bad_is_half_a_point_each_or_nothing():
    found = Tallies.of(board("a>b", "a=b", "a!b"))
    assert [[0, 2.0], [1.0, 0]] == found.points("tie").tolist()
    assert [[0, 1.5], [0.5, 0]] == found.points("dropped").tolist()


@given(boards())
def test_every_verdict_hands_out_one_point(verdicts):
    assert len(verdicts) == Tallies.of(verdicts).points().sum()


@pytest.mark.parametrize(
    ("wins", "ties", "sentence"),
    [
        (np.zeros((2, 3)), NOTHING, "wins has the shape"),
        (np.array([[0, -1], [0, 0]]), NOTHING, "wins holds a count that is negative or not a number"),
        (np.array([[0, np.nan], [0, 0]]), NOTHING, "wins holds a count that is negative or not a number"),
        (np.array([[1, 0], [0, 0]]), NOTHING, "wins counts a contender against itself"),
        (NOTHING, np.array([[0, 1], [0, 0]]), "ties differs between a pair"),
    ],
)
def test_counts_that_no_verdicts_can_have_are_refused(wins, ties, sentence):
    with pytest.raises(BadTallies, match=sentence):
        Tallies(("a", "b"), wins, ties, NOTHING)
