import math

import numpy as np
import pytest

from judgeboard.arena.rating.expected_interval import design_effect, expected_half_width


def test_four_hundred_even_verdicts_tell_a_rating_to_34_points():
    # 1.96 x (400 / ln 10) x 2 / sqrt(400) = 1.96 x 173.72 x 0.1 = 34.05.
    assert 34.05 == pytest.approx(expected_half_width(400), abs=0.01)


def test_four_times_the_verdicts_halve_it_and_a_design_effect_of_four_doubles_it():
    assert expected_half_width(400) / 2 == pytest.approx(expected_half_width(1600))
    assert expected_half_width(400) * 2 == pytest.approx(expected_half_width(400, design_effect=4))


def test_without_verdicts_nothing_is_expected():
    assert expected_half_width(0) is None


def test_the_design_effect_is_the_median_of_what_was_seen():
    verdicts = np.array([100, 400, 900])
    even = np.array([expected_half_width(n) for n in verdicts])

    # Variances 1, 3 and 9 times that of independent verdicts.
    assert 3 == pytest.approx(design_effect(even * np.sqrt([1, 3, 9]), verdicts))
    assert 1 == design_effect(np.array([]), np.array([], dtype=int))


def test_played_even_matches_against_known_opponents_are_as_sure_as_foretold():
    # 2,000 newcomers of 1000 points, each of 400 verdicts against opponents of 1000 points: the rating is the log odds
    # of the wins, and its spread over newcomers is the standard error.
    wins = np.random.default_rng(3).binomial(400, 0.5, size=2000)
    ratings = 400 / math.log(10) * np.log(wins / (400 - wins))

    assert expected_half_width(400) == pytest.approx(1.96 * ratings.std(), rel=0.05)
