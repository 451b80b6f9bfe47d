import numpy as np
import pytest

from judgeboard.arena.rating.calibration import calibration
from judgeboard.arena.rating.scale import win_chance
from judgeboard.arena.verdicts import Verdicts

ROWS = [
    # Aster is 100 ahead of Briar and 500 ahead of Clove.
    ("Aster", "Briar", "model_a", 1, 1, 0, 1),
    ("Briar", "Aster", "model_a", 2, 1, 0, 2),
    ("Briar", "Aster", "tie", 3, 1, 0, 3),
    ("Clove", "Aster", "model_b", 1, 1, 0, 4),
]


def found(ratings: list[float]):
    return list(calibration(Verdicts.from_rows(ROWS, names=["Aster", "Briar", "Clove"]), np.array(ratings)))


def test_a_lead_of_400_points_means_odds_of_ten_to_one():
    assert [0.5, 10 / 11] == pytest.approx(win_chance(np.array([0.0, 400.0])).tolist())


def test_the_better_rated_is_told_of_whichever_side_it_is_on():
    near, far = found([1100, 1000, 600])

    # A win, a loss and a tie against Briar; one win against Clove.
    assert (2, 3, 0.5) == (near.group, near.won.n, near.won.share)
    assert (4, 1, 1.0) == (far.group, far.won.n, far.won.share)
    assert pytest.approx(1 / (1 + 10 ** (-100 / 400))) == near.expected


def test_an_unrated_contender_is_left_out():
    assert [3] == [step.won.n for step in found([1100, 1000, np.nan])]


def test_equals_are_told_from_side_a_and_expected_to_share():
    (step,) = found([1000, 1000, np.nan])

    assert (0, 0.5, 2.5 / 3) == (step.group, step.expected, step.won.share)
