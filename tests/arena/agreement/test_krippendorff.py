from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.agreement.krippendorff import krippendorff_alpha, nominal_alpha
from tests.arena.agreement.panels import other_side, panel, panels
from tests.arena.reference_data import human_votes, needs_data

A, B, TIE, BAD, NOTHING = 0, 1, 2, 3, -1


def test_alpha_of_two_raters_by_hand():
    found = krippendorff_alpha(panel(np.array([[A, A], [B, B], [A, B]])))
    # n = 6, three of each: observed 2 / 1 = 2; expected 36 - 9 - 9 = 18; 1 - 5 * 2 / 18 = 4/9
    assert (6, 3, pytest.approx(4 / 9)) == (found.n, found.n_matches, found.alpha)


@pytest.mark.parametrize("said", [[[NOTHING]], [[TIE]], [[TIE, BAD]], [[A, NOTHING], [NOTHING, B]]])
def test_alpha_is_not_defined_without_two_verdicts_that_could_differ(said):
    found = krippendorff_alpha(panel(np.array(said)))
    assert (None, None, None) == (found.alpha, found.lower, found.upper)


def test_a_match_with_one_verdict_says_nothing():
    one, more = (panel(np.array([[A, A], [B, B], [A, B], *extra])) for extra in ([], [[B, NOTHING]] * 7))
    assert krippendorff_alpha(one) == krippendorff_alpha(more)


def test_perfect_agreement_on_few_matches_is_not_sure_of_itself():
    found = krippendorff_alpha(panel(np.array([[A, A]] * 3 + [[B, B]] * 3)))
    # 12 values, 6 of each: chance (6 * 5 + 6 * 5) / (12 * 11) = 5/11; Wilson at 6 prompts of 6: 0.6097
    assert 1.0 == found.alpha == pytest.approx(found.upper)
    assert (0.6097 - 5 / 11) / (6 / 11) == pytest.approx(found.lower, abs=2e-4)


def test_matches_that_move_together_make_a_wider_interval():
    said = np.array([[A, A], [B, B], [A, B], [TIE, TIE]] * 20)
    alone, together = (krippendorff_alpha(panel(said, prompt)) for prompt in (np.arange(80), np.arange(80) % 8))
    assert alone.alpha == together.alpha
    assert together.upper - together.lower > 1.5 * (alone.upper - alone.lower)


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=10))
def test_alpha_never_exceeds_one_and_is_one_only_without_disagreement(rows):
    counts = np.array(rows)
    alpha = nominal_alpha(counts)
    mixed = (counts > 0).sum(axis=1) > 1
    if alpha is not None:
        assert alpha <= 1
        assert (alpha == 1) == (not mixed.any())


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=10))
def test_alpha_is_one_less_observed_over_expected_disagreement(rows):
    """The definition, with one loop over all ordered pairs of values within units and one over all pairs there are."""
    counts = np.array([row for row in rows if sum(row) >= 2]).reshape(-1, 3)
    n, total = counts.sum(), counts.sum(axis=0)
    observed = sum(row[c] * row[k] / (row.sum() - 1) for row in counts for c in range(3) for k in range(3) if c != k)
    expected = sum(total[c] * total[k] for c in range(3) for k in range(3) if c != k) / max(n - 1, 1)
    assert nominal_alpha(np.array(rows)) == (pytest.approx(1 - observed / expected) if expected else None)


@given(panels())
def test_alpha_lies_in_its_interval_and_does_not_care_who_is_who(verdicts):
    found = krippendorff_alpha(verdicts)
    if found.alpha is not None:
        assert -1 <= found.lower <= found.alpha + 1e-9 <= found.upper + 2e-9 <= 1 + 3e-9
    renamed = replace(other_side(verdicts), rater=7 - verdicts.rater, match=100 - verdicts.match)
    again = krippendorff_alpha(renamed)
    assert (found.alpha, found.lower, found.upper) == pytest.approx((again.alpha, again.lower, again.upper))


@needs_data
def test_the_interval_is_as_wide_as_a_bootstrap_of_prompts():
    votes = human_votes()
    found, rng = krippendorff_alpha(votes), np.random.default_rng(5)
    rows = [np.flatnonzero(votes.prompt == key) for key in np.unique(votes.prompt)]
    alphas = []
    for _ in range(150):
        chosen = rng.integers(len(rows), size=len(rows))
        drawn = votes.where(np.concatenate([rows[k] for k in chosen]))
        copy = np.repeat(np.arange(len(chosen)), [len(rows[k]) for k in chosen])
        alphas.append(krippendorff_alpha(replace(drawn, match=drawn.match * 100 + copy)).alpha)
    assert 0.4855 == pytest.approx(found.alpha, abs=5e-5)
    assert 1.96 * np.std(alphas) == pytest.approx((found.upper - found.lower) / 2, rel=0.15)
