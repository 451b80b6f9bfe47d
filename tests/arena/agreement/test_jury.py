from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.agreement.jury import effective_number, jury, panels_without, ratings_without
from judgeboard.arena.orders import merge_orders
from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.same_match import majority
from judgeboard.arena.verdicts import Verdicts
from tests.arena.agreement.panels import noisy_panel, other_side, panel, panels
from tests.arena.reference_data import gpt4_verdicts, human_votes, needs_data

A, B, TIE, BAD, NOTHING = 0, 1, 2, 3, -1


def noise(right: float) -> np.ndarray:
    """A rater who is right this often and otherwise guesses between the other two."""
    return np.full((3, 3), (1 - right) / 2) + np.eye(3) * (right - (1 - right) / 2)


def test_two_judges_correlate_by_the_points_that_they_give():
    found = jury(panel(np.array([[A, A], [B, B], [A, B], [TIE, TIE]])))
    # points 1, 0, 1, 1/2 and 1, 0, 0, 1/2: means 5/8 and 3/8, covariance 5/16 - 15/64 = 5/64, variances 11/64 each
    assert 5 / 11 == pytest.approx(found.rho)
    assert 2 / (1 + 5 / 11) == pytest.approx(found.effective)
    assert ([0, 1], [[4, 4], [4, 4]], "verdicts") == (found.raters.tolist(), found.n.tolist(), found.of)


def test_judges_are_compared_on_the_matches_that_both_judged():
    said = np.array([[A, A, NOTHING], [B, B, A], [A, B, B], [TIE, TIE, NOTHING], [B, NOTHING, A]])
    found = jury(panel(said))
    assert [[5, 4, 3], [4, 4, 2], [3, 2, 3]] == found.n.tolist()
    # judges 0 and 2: points 0, 1, 0 and 1, 0, 1; judges 1 and 2 have two matches in common
    assert -1.0 == pytest.approx(found.correlation[0, 2])
    assert np.isnan(found.correlation[1, 2])


def test_a_judge_who_never_varies_correlates_with_no_one():
    found = jury(panel(np.array([[A, A], [A, B], [A, TIE]])))
    assert (None, None) == (found.rho, found.effective)


def test_two_orders_of_one_judge_are_one_verdict():
    said = np.array([[A, A], [B, B], [A, B], [TIE, TIE]])
    once = panel(said)
    twice = Verdicts(once.names, *(np.tile(getattr(once, c), 2) for c in ("a", "b", "outcome", "prompt", "rater")), np.repeat([0, 1], 8), np.tile(once.match, 2))  # fmt: skip
    assert len(merge_orders(twice)) == len(once)
    assert jury(once).rho == jury(twice).rho


@pytest.mark.parametrize(("judges", "rho", "expected"), [(5, 0.0, 5), (5, 1.0, 1), (5, 0.5, 5 / 3), (5, -0.2, 5), (1, 0.7, 1)])  # fmt: skip
def test_the_effective_number_of_judges_is_kishs(judges, rho, expected):
    assert expected == pytest.approx(effective_number(judges, rho))


def test_judges_who_err_by_themselves_agree_through_the_truth_alone():
    rng = np.random.default_rng(1)
    truth = rng.choice(3, size=4000, p=[0.5, 0.3, 0.2])
    judges = noisy_panel(rng, np.stack([noise(0.7)] * 5), truth)
    assert jury(judges).effective < 2.5
    assert 5 == pytest.approx(jury(judges, panel(truth[:, None])).effective, rel=0.1)


def test_judges_who_copy_each_other_are_worth_one():
    rng = np.random.default_rng(1)
    truth = rng.choice(3, size=400)
    one = noisy_panel(rng, noise(0.7)[None], truth).outcome
    found = jury(panel(np.stack([one] * 4, axis=1)), panel(truth[:, None]))
    assert ("errors", pytest.approx(1.0), pytest.approx(1.0)) == (found.of, found.rho, found.effective)


def test_matches_without_a_truth_do_not_count():
    judges, truth = panel(np.array([[A, A], [B, B], [A, B], [TIE, A]])), panel(np.array([[A], [B], [A]]))
    assert [[3, 3], [3, 3]] == jury(judges, truth).n.tolist()


@given(panels(), st.booleans())
def test_correlations_are_symmetric_and_bounded_and_do_not_care_which_side_is_which(verdicts, with_truth):
    truth = majority(verdicts) if with_truth else None
    found = jury(verdicts, truth)
    again = jury(other_side(verdicts), other_side(truth) if truth else None)
    assert found.correlation == pytest.approx(found.correlation.T, nan_ok=True)
    assert found.correlation == pytest.approx(again.correlation, nan_ok=True, abs=1e-6)
    assert np.nanmax(np.abs(found.correlation), initial=0.0) <= 1
    assert found.effective is None or 1 <= found.effective <= len(found.raters) + 1e-9


@given(panels())
def test_correlations_are_numpys_where_everyone_judged_everything(verdicts):
    said = np.full((verdicts.match.max(initial=0) + 1, 3), np.nan)
    said[verdicts.match, verdicts.rater] = verdicts.points
    said = said[np.isfinite(said).all(axis=1)]
    full = panel(np.select([said == 1, said == 0], [A, B], TIE).astype(int))
    if len(said) > 2 and (said.std(axis=0) > 0).all():
        assert np.corrcoef(said.T) == pytest.approx(jury(full).correlation)


@given(panels())
def test_leaving_one_judge_out_leaves_the_majority_of_the_others(verdicts):
    for rater, others in panels_without(verdicts):
        expected = majority(verdicts.where(verdicts.rater != rater))
        assert expected.outcome.tolist() == others.outcome.tolist()
    assert np.unique(verdicts.rater).tolist() == [rater for rater, _ in panels_without(verdicts)]


def test_the_ratings_shift_by_what_one_judge_said():
    won, lost = np.repeat([A, A, A, B], 20), np.repeat([A, B, B, B], 20)
    verdicts = panel(np.stack([won, lost], axis=1))
    first, second = ratings_without(verdicts)
    # by both 1:1; without the first judge 1:3, without the second 3:1: 400 log10(3) apart, half of it for each
    assert [-95.424, 95.424] == pytest.approx(first.shift.tolist(), abs=1e-3)
    assert [95.424, -95.424] == pytest.approx(second.shift.tolist(), abs=1e-3)
    assert fit(verdicts.where(verdicts.rater == 1)).upper == pytest.approx(first.fit.upper)


def test_without_the_only_judge_nothing_is_left():
    verdicts = panel(np.array([[A], [B], [A]]))
    ((rater, others),), (alone,) = panels_without(verdicts), ratings_without(verdicts)
    assert (0, 0, [True, True]) == (rater, len(others), np.isnan(alone.shift).tolist())


def test_a_contender_that_only_one_judge_saw_has_no_shift_without_it():
    verdicts = Verdicts.from_rows([("x", "y", "a", 0, 1, -1, 0), ("x", "y", "b", 1, 2, -1, 1), ("x", "z", "a", 2, 1, -1, 2)])  # fmt: skip
    without_first, _ = ratings_without(verdicts)
    assert [False, False, True] == np.isnan(without_first.shift).tolist()


def test_ratings_are_made_as_one_asks():
    verdicts = panel(np.array([[A, A], [B, TIE], [A, B]]))
    anchored = next(ratings_without(verdicts, partial(fit, scale=EloScale("x", 1200), interval="match")))
    assert (1200, 0, "match") == (anchored.fit.rating[0], anchored.shift[0], anchored.fit.interval)


@needs_data
def test_gpt4_and_the_people_of_mt_bench_are_worth_less_than_their_number():
    votes = human_votes()
    people = replace(votes, rater=np.zeros_like(votes.rater))
    gpt4 = gpt4_verdicts()
    both = Verdicts(votes.names, *(np.concatenate([getattr(people, c), getattr(gpt4, c) + (c == "rater")]) for c in ("a", "b", "outcome", "prompt", "rater", "first", "match")))  # fmt: skip
    found = jury(both)
    assert 1814 == found.n[0, 1]
    assert 1 < found.effective < 1.5
