import numpy as np
import pytest
from scipy.special import expit

from judgeboard.arena.bias.self_preference import BadFamilies, family_preference
from judgeboard.arena.rating.scale import ELO
from tests.arena.boards import board
from tests.arena.styled_boards import verdicts_between

FAMILY = np.array([0, 0, 1, 1, 2, 2])  # of six contenders
PEOPLE = -1


def judged(rng, rater_family, lean, n=6000):
    """Raters who add lean[judge family, contender family], in natural units, to what everyone sees."""
    skill = rng.normal(0, 0.5, 6)
    a = rng.integers(6, size=n)
    b = (a + rng.integers(1, 6, size=n)) % 6
    rater = rng.integers(len(rater_family), size=n)
    family = rater_family[rater]
    known = np.where(family >= 0, 1.0, 0.0)
    lead = skill[a] - skill[b] + known * (lean[family, FAMILY[a]] - lean[family, FAMILY[b]])
    outcome = rng.random(n) > expit(lead)
    return verdicts_between(6, a, b, outcome, prompt=rng.integers(200, size=n), rater=rater)


def test_a_judge_that_favours_its_own_is_found_beside_people():
    rater_family = np.array([0, 1, PEOPLE, PEOPLE])
    lean = np.zeros((2, 3))
    lean[0, 0] = 0.6
    found = family_preference(judged(np.random.default_rng(1), rater_family, lean), rater_family, FAMILY)
    assert found.lower[0, 0] < 0.6 * ELO < found.upper[0, 0]
    assert found.lower[1, 1] < 0 < found.upper[1, 1]
    assert ([0, 1], [0, 1, 2]) == (found.judges.tolist(), found.contenders.tolist())


def test_several_judges_that_each_favour_their_own_do_not_stand_in_each_others_reference():
    rater_family = np.array([0, 1, 2])
    found = family_preference(
        judged(np.random.default_rng(2), rater_family, 0.5 * np.eye(3), n=20_000), rater_family, FAMILY
    )
    for own in range(3):
        assert found.lower[own, own] < 0.5 * ELO < found.upper[own, own]
        assert found.upper[own, own] - found.lower[own, own] < 120


def test_a_leaning_to_another_family_is_a_cell_off_the_diagonal():
    rater_family = np.array([0, 1, PEOPLE])
    lean = np.zeros((2, 3))
    lean[1, 2] = -0.7
    found = family_preference(judged(np.random.default_rng(3), rater_family, lean, n=20_000), rater_family, FAMILY)
    assert found.lower[1, 2] < -0.7 * ELO < found.upper[1, 2]
    # judge 1 is a third of what judge 0 is compared with, so its leaning shows there with the other sign, and smaller
    assert 0 < found.elo[0, 2] < 0.7 * ELO / 2


def test_two_families_that_judge_each_other_alone_cannot_be_told_apart():
    """Either may favour its own, or the other itself: only the sum could be known."""
    rng = np.random.default_rng(4)
    verdicts = judged(rng, np.array([0, 1]), 0.5 * np.eye(2, 3))
    inside = verdicts.where((FAMILY[verdicts.a] < 2) & (FAMILY[verdicts.b] < 2))
    found = family_preference(inside, np.array([0, 1]), FAMILY)
    assert np.isnan(found.elo[:, :2]).all()
    assert (found.n[:, :2] > 0).all()
    # nobody met a contender of the third family
    assert [0, 0] == found.n[:, 2].tolist()


def test_a_judge_without_contenders_of_its_own_has_no_self_preference():
    rater_family = np.array([7, PEOPLE])
    lean = np.zeros((8, 3))
    found = family_preference(judged(np.random.default_rng(5), rater_family, lean, n=2000), rater_family, FAMILY)
    assert ([7], (1, 3)) == (found.judges.tolist(), found.elo.shape)
    assert np.isfinite(found.elo).all()


def test_verdicts_within_one_family_say_nothing_of_it():
    verdicts = board("a>b", "b>a", "a=b")
    found = family_preference(verdicts, np.array([0]), np.array([0, 0]))
    assert (0, True) == (found.n[0, 0], bool(np.isnan(found.elo[0, 0])))


def test_without_verdicts_there_are_no_judges():
    empty = board("a>b").where(np.array([], dtype=int))
    assert (0, 1) == family_preference(empty, np.array([0]), np.array([0, 0])).elo.shape


def test_families_that_do_not_fit_the_board_are_refused():
    with pytest.raises(BadFamilies, match="3 families for 2 contenders"):
        family_preference(board("a>b"), np.array([0]), np.array([0, 0, 1]))
    with pytest.raises(BadFamilies, match="outside the 0"):
        family_preference(board("a>b"), np.array([], dtype=int), np.array([0, 0]))
