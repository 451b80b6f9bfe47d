import numpy as np
import pytest

from judgeboard.arena.pairing.design import least_variance, least_volume
from judgeboard.arena.pairing.knowledge import PRIOR_SD, Knowledge, difference
from judgeboard.arena.pairing.rules import gap_optimal, rank_gain, round_robin, variance
from judgeboard.arena.rating.scale import ELO

ALL_OF_THREE = np.array([[0, 1], [0, 2], [1, 2]])


def three(ratings: list[float], judged: list[list[int]]) -> Knowledge:
    return Knowledge(np.array(ratings, dtype=float), np.array(judged))


def test_a_round_robin_fills_up_to_a_common_level():
    known = three([1000, 1000, 1000], [[0, 4, 1], [0, 0, 9], [0, 0, 0]])
    # 4, 1 and 9 verdicts; 5 more: the first two come to 5 each, by 1 and by 4
    assert [1 / 5, 4 / 5, 0] == pytest.approx(round_robin(known, ALL_OF_THREE, 5))


def test_the_variance_rule_is_the_gain_in_the_standard_error_of_a_win_rate():
    known = three([1000, 1000, 600], [[0, 4, 1], [0, 0, 0], [0, 0, 0]])
    # odds of 10 to 1: p (1 - p) = 10/121; a pair never met counts as met once
    even, odd = 1 / 2, np.sqrt(10) / 11
    gain = np.array([even * (1 / 2 - 1 / np.sqrt(5)), odd * (1 - 1 / np.sqrt(2)), odd * (1 - 1 / np.sqrt(2))])
    assert gain / gain.sum() == pytest.approx(variance(known, ALL_OF_THREE, 10))


def test_the_covariance_of_two_contenders_by_hand():
    known = Knowledge(np.array([1000.0, 1000.0]), np.array([[0, 10], [6, 0]]))
    prior = (ELO / PRIOR_SD) ** 2
    # 16 verdicts of 1/4 each are 4 for the difference; the prior's variance of a difference is 2 / prior
    assert 1 / (4 + prior / 2) == pytest.approx(difference(known.covariance(), np.array([[0, 1]]))[0])


def test_verdicts_planned_count_like_verdicts_made():
    planned = np.array([[0.0, 6.0], [6.0, 0.0]])
    before = Knowledge(np.array([1000.0, 1100.0]), np.array([[0, 5], [5, 0]]))
    after = Knowledge(before.rating, np.array([[0, 8], [8, 0]]))
    assert before.covariance(planned) == pytest.approx(after.covariance())


def test_designs_even_out_what_was_uneven():
    known = three([1000, 1000, 1000], [[0, 60, 0], [0, 0, 0], [0, 0, 0]])
    for share in (least_volume(known, ALL_OF_THREE, 60), least_variance(known, ALL_OF_THREE, 60, np.ones(3))):
        assert share[0] < 0.01
        assert share[1] == pytest.approx(share[2])


def test_a_design_is_no_worse_than_shares_nearby():
    rng = np.random.default_rng(2)
    known = three([1150, 1000, 980], [[0, 30, 10], [0, 0, 20], [0, 0, 0]])
    weight = np.array([0.5, 0.1, 3.0])

    def criterion(share):
        planned = np.zeros((3, 3))
        planned[tuple(ALL_OF_THREE.T)] = 200 * share
        return weight @ difference(known.covariance(planned + planned.T), ALL_OF_THREE)

    found = least_variance(known, ALL_OF_THREE, 200, weight)
    assert all(criterion(found) <= criterion(other) * 1.001 for other in rng.dirichlet(np.ones(3), 300))


@pytest.mark.parametrize("rule", [gap_optimal, rank_gain])
def test_what_looks_close_is_judged_most(rule):
    known = three([1300, 1010, 1000], [[0, 100, 100], [100, 0, 100], [100, 100, 0]])
    share = rule(known, ALL_OF_THREE, 100)
    assert 2 == share.argmax()
    assert 0.9 < share[2]


def test_a_newcomer_is_sent_to_its_equals():
    rating = np.array([1400.0, 1200.0, 1000.0, 800.0, 600.0, 1010.0])
    shown = 300 * (1 - np.eye(6, dtype=np.int64))
    shown[5, :5] = shown[:5, 5] = 2
    with_newcomer = np.column_stack([np.arange(5), np.full(5, 5)])
    assert 2 == gap_optimal(Knowledge(rating, shown), with_newcomer, 50).argmax()
