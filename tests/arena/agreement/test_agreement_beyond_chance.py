"""Gwet's AC1 and the agreement on each class; kappa stands in test_agreement_of_raters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from judgeboard.arena.agreement.raters import between
from judgeboard.arena.same_match import each_against_each, majority
from judgeboard.arena.verdicts import FLIPPED_CODE
from tests.arena.reference_data import gpt4_verdicts, human_votes, needs_data

FIGURES = ("agreement", "lower", "upper", "kappa", "kappa_lower", "kappa_upper", "ac1", "ac1_lower", "ac1_upper")
codes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), max_size=40)


def columns(rows):
    return (np.array([row[k] for row in rows], dtype=int) for k in range(3))


def counted(counts, **options):
    """Agreement from a table of counts, every pair on a prompt of its own."""
    cell = np.repeat(np.arange(np.size(counts)), np.ravel(counts))
    return between(*np.divmod(cell, len(counts)), np.arange(len(cell)), **options)


def test_ac1_stays_high_where_nearly_all_is_of_one_class_and_kappa_falls_below_zero():
    found = counted([[118, 5], [2, 0]], ties="dropped")
    # agree 118/125; side a is said in (123 + 120) / 250 = 0.972, chance 2 * 0.972 * 0.028 = 0.054432:
    # (0.944 - 0.054432) / (1 - 0.054432); the paradox of kappa, as Gwet tells it
    assert 0.944 == found.agreement
    assert 0.889568 / 0.945568 == pytest.approx(found.ac1)
    assert found.kappa < 0


def test_the_ac1_interval_is_gwets_large_sample_formula_where_every_row_stands_alone():
    """Gwet (2008), the variance of AC1 for two raters, written out."""
    counts = np.array([[40, 9, 6], [5, 30, 2], [3, 8, 17]])
    found = counted(counts, ties="kept")
    p = counts / counts.sum()
    said = (p.sum(axis=0) + p.sum(axis=1)) / 2
    agree, chance = np.trace(p), (said * (1 - said)).sum() / 2
    ac1 = (agree - chance) / (1 - chance)
    first = (np.diag(p) * (1 - said)).sum() / 2 - agree * chance
    second = (p * (1 - (said[:, None] + said) / 2) ** 2).sum() / 4 - chance**2
    spread = agree * (1 - agree) - 4 * (1 - ac1) * first + 4 * (1 - ac1) ** 2 * second
    half = t.ppf(0.975, counts.sum() - 1) * np.sqrt(spread / (1 - chance) ** 2 / (counts.sum() - 1))
    assert ac1 == pytest.approx(found.ac1)
    assert half == pytest.approx((found.ac1_upper - found.ac1_lower) / 2, rel=1e-6)


def test_ac1_is_one_where_both_say_one_and_the_same_thing_but_not_sure_of_itself():
    found = counted([[6, 0], [0, 0]], ties="dropped")
    # chance 0, so the interval is that of the raw agreement: Wilson, 6 of 6
    assert (1.0, None) == (found.ac1, found.kappa)
    assert 0.6097 == pytest.approx(found.ac1_lower, abs=1e-4)


def test_specific_agreement_is_the_share_of_a_class_that_the_other_rater_shares():
    found = counted([[4, 1, 0], [1, 2, 2], [0, 0, 0]], ties="kept")
    # side a: 2 * 4 of 5 + 5 verdicts; side b: 2 * 2 of 5 + 3; tie: 0 of 0 + 2
    assert [(10, 0.8), (8, 0.5), (2, 0.0)] == [(share.n, share.share) for share in found.specific]


def test_a_class_that_no_one_said_is_not_measured():
    assert [5, 5, 0] == [share.n for share in counted([[2, 1, 0], [0, 2, 0], [0, 0, 0]], ties="kept").specific]


@given(codes, st.sampled_from(["kept", "dropped"]))
def test_exchanging_the_sides_of_every_match_exchanges_the_classes_and_changes_nothing_else(rows, ties):
    left, right, prompt = columns(rows)
    one = between(left, right, prompt, ties=ties)
    other = between(FLIPPED_CODE[left], FLIPPED_CODE[right], prompt, ties=ties)
    assert [getattr(one, name) for name in FIGURES] == pytest.approx([getattr(other, name) for name in FIGURES])
    order = [1, 0, 2][: len(one.confusion)]
    assert one.confusion[np.ix_(order, order)].tolist() == other.confusion.tolist()
    assert [one.specific[k].share for k in order] == pytest.approx([share.share for share in other.specific])


@given(codes, st.integers(-(2**31), 2**31 - 6))
def test_renumbering_prompts_changes_nothing(rows, offset):
    left, right, prompt = columns(rows)
    one, other = (between(left, right, ids, ties="kept") for ids in (prompt, offset + 5 - prompt))
    assert [getattr(one, name) for name in FIGURES] == pytest.approx([getattr(other, name) for name in FIGURES])


@given(codes, st.sampled_from(["kept", "dropped"]))
def test_every_figure_lies_in_its_interval_and_within_its_bounds(rows, ties):
    found = between(*columns(rows), ties=ties)
    for name in ("kappa", "ac1"):
        value, lower, upper = (getattr(found, name + end) for end in ("", "_lower", "_upper"))
        assert value is None or -1 <= lower <= value + 1e-9 <= upper + 2e-9 <= 1 + 3e-9
    for share in found.specific:
        assert share.share is None or 0 <= share.lower <= share.share + 1e-9 <= share.upper + 2e-9 <= 1 + 3e-9


@given(codes)
def test_a_rater_agrees_with_itself_in_every_class(rows):
    left, _, prompt = columns(rows)
    found = between(left, left, prompt, ties="kept")
    assert found.ac1 in (None, pytest.approx(1.0))
    assert {1.0, None} >= {share.share for share in found.specific}


@needs_data
def test_intervals_are_as_wide_as_a_bootstrap_of_prompts():
    left, right, prompt = each_against_each(gpt4_verdicts(), majority(human_votes()))
    found = between(left, right, prompt, ties="kept")
    rng, rows = np.random.default_rng(5), [np.flatnonzero(prompt == key) for key in np.unique(prompt)]
    draws = [np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))]) for _ in range(300)]
    again = [between(left[drawn], right[drawn], prompt[drawn], ties="kept") for drawn in draws]
    assert 1.96 * np.std([one.ac1 for one in again]) == pytest.approx((found.ac1_upper - found.ac1_lower) / 2, rel=0.12)
    for k, share in enumerate(found.specific):
        assert 1.96 * np.std([one.specific[k].share for one in again]) == pytest.approx(
            (share.upper - share.lower) / 2, rel=0.12
        )


def drawn_pairs(rng: np.random.Generator, prompts: int, matches: int = 10):
    """Two raters on prompts that lean to one side and are easy or hard, so that their matches move together."""
    lean, ease = rng.normal(size=(2, prompts, 1))
    odds = np.exp(np.stack([lean, -lean, np.zeros_like(lean)], axis=-1))
    truth = (rng.random((prompts, matches, 1)) > (odds / odds.sum(axis=-1, keepdims=True)).cumsum(axis=-1)).sum(axis=-1)
    sees = 1 / (1 + np.exp(-ease - 0.7))
    left, right = (
        np.where(rng.random(truth.shape) < sees, truth, rng.integers(3, size=truth.shape)).ravel() for _ in range(2)
    )
    return left, right, np.repeat(np.arange(prompts), matches)


@pytest.mark.parametrize("prompts", [20, 80])
def test_intervals_hold_what_endless_prompts_would_give_as_often_as_they_say(prompts):
    rng = np.random.default_rng(7)
    truth = between(*drawn_pairs(rng, 50_000), ties="kept")
    found = [between(*drawn_pairs(rng, prompts), ties="kept") for _ in range(400)]
    for name in ("kappa", "ac1"):
        held = [getattr(one, f"{name}_lower") <= getattr(truth, name) <= getattr(one, f"{name}_upper") for one in found]
        assert 0.95 == pytest.approx(np.mean(held), abs=0.03)
