"""Boards on which peers answer with silent nonsense: each has a named state here."""

import numpy as np
import pytest

from judgeboard.arena.rating.bradley_terry import fit, fit_tallies
from judgeboard.arena.rating.ranks import rank_interval
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board

LADDER = ("a>b", "b>a", "b>c", "c>b", "a>c", "c>a")


def test_no_contenders_are_no_ratings():
    found = fit(Verdicts.from_rows([]))
    assert (0, 0) == (len(found.rating), found.covariance.size)


@pytest.mark.parametrize("interval", ["prompt", "match", "fisher"])
def test_no_matches_leave_everyone_unrated(interval):
    found = fit(Verdicts.from_rows([], ["a", "b"]), interval=interval)
    assert np.isnan([found.rating, found.lower, found.upper]).all()
    assert ([-1, -1], [0, 0]) == (found.component.tolist(), found.n_verdicts.tolist())
    assert not found.bounded.any()


@pytest.mark.parametrize("interval", ["prompt", "match", "fisher"])
def test_one_match_is_a_finite_rating_that_is_not_bounded(interval):
    found = fit(board("a>b"), interval=interval)
    # 1 win and half a drawn pseudo-match: odds of 1.25 to 0.25, 400 log10(5) = 279.588 points
    assert 279.588 == pytest.approx(found.rating[0] - found.rating[1], abs=1e-3)
    assert [False, False] == found.bounded.tolist()
    assert found.lower[0] < found.rating[1] < found.rating[0]


def test_one_tie_is_equal_ratings_with_a_wide_interval():
    found = fit(board("a=b"))
    # twice the log likelihood has fallen by 3.8415 where p (1 - p) = exp(-3.8415) / 4: the difference is 5.2170 natural
    # units (Newton's would be 1.96 standard errors of 2 units, 3.92); half of it for each from the mean
    assert [1000, 1000] == pytest.approx(found.rating.tolist())
    assert 5.2170 / 2 * 173.7178 == pytest.approx(found.upper[0] - found.rating[0], rel=1e-4)
    assert found.profiled.all()


def test_all_ties_are_equal_ratings_with_an_interval_that_is_not_zero():
    found = fit(board(*("a=b", "b=c", "c=a") * 20))
    assert [1000, 1000, 1000] == pytest.approx(found.rating.tolist())
    assert (found.upper - found.lower > 20).all()
    assert found.bounded.all()


def test_a_judge_that_always_picks_the_first_shown_is_not_sure_of_anything():
    orders = ((0, "model_a"), (1, "model_b"))
    rows = [("a", "b", outcome, match, 0, first, match) for match in range(20) for first, outcome in orders]
    found = fit(Verdicts.from_rows(rows))
    assert found.rating[0] == pytest.approx(found.rating[1])
    assert (found.upper - found.lower > 20).all()


def test_one_prompt_alone_shows_no_spread_so_the_model_speaks_for_it():
    verdicts = board("a>b", "a>b", "b>a", prompts=[4, 4, 4])
    assert fit(verdicts, interval="fisher").covariance[0, 1] == pytest.approx(fit(verdicts).covariance[0, 1])


def test_a_contender_that_never_lost_is_finite_and_marked():
    found = fit(board(*LADDER, *("d>a", "d>b", "d>c") * 2))
    assert np.isfinite(found.rating).all()
    assert [True, True, True, False] == found.bounded.tolist()
    assert found.rating.argmax() == 3
    # 6 wins and half a drawn pseudo-match against equals: 6.25 to 0.25 points
    assert 400 * np.log10(25) == pytest.approx(found.rating[3] - found.rating[0])


def test_more_wins_still_raise_a_contender_that_never_lost():
    few, many = (fit(board(*LADDER, *("d>a",) * wins)) for wins in (2, 9))
    assert few.rating[3] - few.rating[0] < many.rating[3] - many.rating[0]


def test_a_contender_that_never_won_mirrors_one_that_never_lost():
    top, bottom = fit(board(*LADDER, "d>a", "d>b")), fit(board(*LADDER, "a>d", "b>d"))
    assert top.rating[3] - 1000 == pytest.approx(1000 - bottom.rating[3])
    assert not bottom.bounded[3]


def test_a_newcomer_with_five_wins_gets_an_interval_as_wide_as_the_model_says():
    verdicts = board(*LADDER * 30, *("d>a", "d>b", "d>c", "d>a", "d>b"))
    found, model = fit(verdicts), fit(verdicts, interval="fisher")
    assert found.upper[3] - found.rating[3] >= 0.99 * (model.upper[3] - model.rating[3])
    assert found.upper[0] - found.lower[0] < 0.7 * (found.upper[3] - found.lower[3])


def test_when_one_half_took_every_point_from_the_other_neither_is_bounded():
    found = fit(board("a>b", "b>a", "c>d", "d>c", "a>c", "b>d", "a>d", "b>c"))
    assert not found.bounded.any()
    assert found.rating[:2].min() > found.rating[2:].max()


def test_a_chain_of_wins_is_finite_in_its_order():
    found = fit(board("a>b", "b>c", "c>d"))
    assert ["a", "b", "c", "d"] == [found.names[k] for k in np.argsort(-found.rating)]
    assert not found.bounded.any()


def test_groups_that_never_met_are_named_and_each_has_its_own_mean():
    found = fit(board("a>b", "a>b", "b>a", "x>y", "y>x", "y>x"))
    assert [0, 0, 1, 1] == found.component.tolist()
    assert 1000 == pytest.approx(found.rating[:2].mean())
    assert 1000 == pytest.approx(found.rating[2:].mean())
    assert np.isnan(found.covariance[:2, 2:]).all()
    assert np.isfinite(found.covariance[:2, :2]).all()


def test_groups_that_never_met_are_not_ranked_against_each_other():
    found = fit(board(*("a>b", "a>b", "a>b", "b>a") * 50, *("x>y", "y>x") * 50))
    low, high = rank_interval(found.rating, found.covariance)
    assert ([1, 2, 1, 1], [1, 2, 2, 2]) == (low.tolist(), high.tolist())


def test_an_anchor_moves_only_the_group_it_belongs_to():
    verdicts = board("a>b", "b>a", "x>y", "y>x")
    free, found = fit(verdicts), fit(verdicts, scale=EloScale("a", 1500))
    assert [1500, 1500, 1000, 1000] == pytest.approx(found.rating.tolist())
    assert free.upper[2:].tolist() == pytest.approx(found.upper[2:].tolist())


def test_contenders_without_matches_are_unrated_among_the_rated():
    found = fit(board("a>b", "b>a", names=["z", "a", "b"]))
    assert np.isnan(found.rating[0])
    assert ([-1, 0, 0], [0, 2, 2]) == (found.component.tolist(), found.n_verdicts.tolist())
    assert [1000, 1000] == pytest.approx(found.rating[1:].tolist())


def test_dropping_the_only_verdicts_leaves_no_matches():
    found = fit(board("a!b"), both_bad="dropped")
    assert np.isnan(found.rating).all()


def test_a_million_wins_to_nothing_are_still_a_number():
    names, nothing = ("a", "b"), np.zeros((2, 2), dtype=np.int64)
    found = fit_tallies(Tallies(names, np.array([[0, 10**6], [0, 0]]), nothing, nothing))
    # odds of 1,000,000.25 to 0.25
    assert 400 * np.log10(4_000_001) == pytest.approx(found.rating[0] - found.rating[1])
    assert np.isfinite(found.upper).all()
