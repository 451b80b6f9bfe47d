import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from judgeboard.arena.agreement.pairs import BadPairs
from judgeboard.arena.agreement.raters import between
from judgeboard.arena.outcome import UnknownOutcome
from judgeboard.arena.same_match import each_against_each, each_against_other, majority
from judgeboard.arena.share import NOT_MEASURED
from judgeboard.arena.verdicts import MatchesDiffer, UnknownContender, Verdicts

A, B, TIE, BAD = range(4)
codes = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), max_size=40)


def said(*rows: tuple) -> Verdicts:
    """(name a, name b, outcome, rater, match) of one prompt a match, shown in an unknown order."""
    return Verdicts.from_rows(
        [(a, b, outcome, match, rater, -1, match) for a, b, outcome, rater, match in rows], ["x", "y", "z"]
    )


def agreed(pairs, **options):
    left, right, *prompt = (np.array(column) for column in zip(*pairs, strict=True))
    return between(left, right, prompt[0] if prompt else np.arange(len(left)), **options)


def test_kappa_is_what_is_left_of_agreement_after_chance():
    found = agreed([(A, A)] * 4 + [(B, B)] * 2 + [(A, B)] * 1 + [(B, A)] * 1, ties="kept")
    # agree 6 of 8; both say A in 5 of 8 and B in 3 of 8: chance 25/64 + 9/64 = 34/64; (48 - 34) / (64 - 34) = 14/30
    assert (8, 0.75) == (found.n, found.agreement)
    assert 14 / 30 == pytest.approx(found.kappa)
    assert [[4, 1, 0], [1, 2, 0], [0, 0, 0]] == found.confusion.tolist()


def test_dropped_ties_leave_out_every_pair_in_which_either_says_tie():
    found = agreed([(A, A), (A, TIE), (TIE, B), (TIE, TIE), (B, B), (A, B)], ties="dropped")
    assert (3, 2 / 3) == (found.n, pytest.approx(found.agreement))
    assert [[1, 1], [0, 1]] == found.confusion.tolist()


def test_both_bad_counts_as_a_tie():
    assert 1.0 == agreed([(BAD, TIE), (TIE, BAD), (A, A)], ties="kept").agreement


@pytest.mark.parametrize("pairs", [[], [(TIE, A), (TIE, TIE)]])
def test_nothing_to_measure_is_not_measured_and_never_zero(pairs):
    found = between(
        *(np.array([pair[k] for pair in pairs], dtype=int) for k in (0, 1)), np.arange(len(pairs)), ties="dropped"
    )
    assert 0 == found.n
    assert [None] * 6 == [found.agreement, found.lower, found.upper, found.kappa, found.kappa_lower, found.kappa_upper]
    assert [None] * 3 == [found.ac1, found.ac1_lower, found.ac1_upper]
    assert [NOT_MEASURED] * 2 == list(found.specific)


@pytest.mark.parametrize(
    ("left", "right", "prompt", "problem", "sentence"),
    [
        ([A, B], [A], [0, 0], BadPairs, "2 left codes, 1 right codes and 2 prompts"),
        ([A, 4], [A, B], [0, 0], UnknownOutcome, "Row 2 has the outcome code 4"),
        ([A, B], [-1, B], [0, 0], UnknownOutcome, "Row 1 has the outcome code -1"),
    ],
)
def test_columns_that_are_no_pairs_of_verdicts_are_refused(left, right, prompt, problem, sentence):
    with pytest.raises(problem, match=sentence):
        between(*map(np.array, (left, right, prompt)), ties="kept")


def test_kappa_is_not_defined_where_both_say_one_and_the_same_thing():
    found = agreed([(A, A)] * 5, ties="kept")
    assert (1.0, None, None) == (found.agreement, found.kappa, found.kappa_lower)


def test_perfect_agreement_on_few_matches_is_not_sure_of_itself():
    found = agreed([(A, A)] * 3 + [(B, B)] * 3, ties="kept")
    assert (1.0, 1.0) == (found.agreement, found.kappa)
    # Wilson, 6 of 6: lower = 1 / (1 + 1.96^2 / 6) = 0.6097; kappa = (0.6097 - 1/2) / (1/2)
    assert 0.6097 == pytest.approx(found.lower, abs=1e-4)
    assert 0.2194 == pytest.approx(found.kappa_lower, abs=2e-4)


def test_rows_that_move_together_make_a_wider_interval():
    pairs = [(A, A), (A, B)] * 40
    alone = agreed(pairs, ties="kept")
    together = agreed([(*pair, index % 8) for index, pair in enumerate(pairs)], ties="kept")
    assert alone.agreement == together.agreement
    assert together.upper - together.lower > 2 * (alone.upper - alone.lower)
    assert together.kappa_upper - together.kappa_lower > 1.5 * (alone.kappa_upper - alone.kappa_lower)


def test_the_kappa_interval_is_the_large_sample_formula_where_every_row_stands_alone():
    """Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72, 323-327, written out for two raters apart in taste."""
    counts = np.array([[40, 25], [5, 30]])
    found = agreed([pair for pair, n in np.ndenumerate(counts) for _ in range(n)], ties="dropped")
    p = counts / 100
    left, right = p.sum(axis=1), p.sum(axis=0)
    agree, chance = np.trace(p), left @ right
    same = sum(p[k, k] * ((1 - chance) - (left[k] + right[k]) * (1 - agree)) ** 2 for k in range(2))
    other = (1 - agree) ** 2 * sum(p[i, 1 - i] * (right[i] + left[1 - i]) ** 2 for i in range(2))
    variance = (same + other - (agree * chance - 2 * chance + agree) ** 2) / (1 - chance) ** 4 / 99
    assert t.ppf(0.975, 99) * np.sqrt(variance) == pytest.approx((found.kappa_upper - found.kappa_lower) / 2, rel=1e-6)


@given(codes)
def test_agreement_is_the_same_from_both_sides_and_lies_in_its_interval(rows):
    left, right, prompt = (np.array([row[k] for row in rows], dtype=int) for k in range(3))
    for ties in ("kept", "dropped"):
        one, other = (
            between(left, right, prompt, ties=ties),
            between(right, left, prompt, ties=ties),
        )
        assert (one.n, one.agreement, one.lower, one.upper) == (other.n, other.agreement, other.lower, other.upper)
        assert one.confusion.tolist() == other.confusion.T.tolist()
        if one.n:
            assert 0 <= one.lower <= one.agreement + 1e-12
            assert one.agreement <= one.upper + 1e-12 <= 1 + 2e-12


@given(codes)
def test_a_rater_agrees_with_itself(rows):
    left, _, prompt = (np.array([row[k] for row in rows], dtype=int) for k in range(3))
    found = between(left, left, prompt, ties="kept")
    assert found.agreement in (None, 1.0)
    assert found.kappa in (None, 1.0)


def test_each_left_verdict_meets_each_right_verdict_of_its_match():
    left = said(("x", "y", "model_a", 1, 10), ("x", "z", "tie", 1, 11), ("y", "z", "model_b", 1, 12))
    right = said(
        ("x", "y", "model_a", 5, 10), ("x", "y", "model_b", 6, 10), ("y", "z", "tie", 5, 12), ("x", "z", "tie", 5, 99)
    )
    found = each_against_each(left, right)
    assert [(A, A, 10), (A, B, 10), (B, TIE, 12)] == list(zip(*(column.tolist() for column in found), strict=True))


def test_sides_are_matched_by_contender_and_never_by_position():
    left = said(("x", "y", "model_a", 1, 10))
    right = Verdicts.from_rows([("y", "x", "model_b", 10, 5, -1, 10)])  # its contenders are numbered the other way too
    assert [[A], [A], [10]] == [column.tolist() for column in each_against_each(left, right)]


def test_one_match_number_for_different_contenders_is_refused():
    with pytest.raises(MatchesDiffer, match="Match 10"):
        each_against_each(said(("x", "y", "tie", 1, 10)), said(("x", "z", "tie", 1, 10)))


def test_a_contender_that_the_left_side_does_not_know_is_refused():
    with pytest.raises(UnknownContender, match="'q'"):
        each_against_each(said(("x", "y", "tie", 1, 10)), Verdicts.from_rows([("x", "q", "tie", 10, 5, -1, 10)]))


def test_each_pair_of_different_raters_meets_once():
    votes = said(
        ("x", "y", "model_a", 1, 10),
        ("y", "x", "model_a", 2, 10),
        ("x", "y", "tie", 3, 10),
        ("x", "y", "tie", 3, 10),
        ("x", "z", "tie", 1, 11),
    )
    left, right, prompt = each_against_other(votes)
    # raters 1-2, 1-3, 1-3, 2-3, 2-3; not 3-3
    assert [(A, B), (A, TIE), (A, TIE), (B, TIE), (B, TIE)] == list(zip(left.tolist(), right.tolist(), strict=True))
    assert [10] * 5 == prompt.tolist()


def test_no_votes_make_no_pairs():
    assert [[], [], []] == [column.tolist() for column in each_against_other(said())]
    assert [[], [], []] == [column.tolist() for column in each_against_each(said(), said())]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (["model_a"], A),
        (["model_a", "model_a", "model_b"], A),
        (["model_a", "model_b"], TIE),
        (["model_a", "model_b", "tie"], TIE),
        (["model_a", "model_a", "model_b", "model_b", "tie"], TIE),
        (["both_bad", "both_bad", "tie"], BAD),
        (["both_bad", "model_a"], TIE),
    ],
)
def test_the_majority_is_strictly_the_most_else_a_tie(outcomes, expected):
    found = majority(said(*(("x", "y", outcome, rater, 10) for rater, outcome in enumerate(outcomes))))
    assert ([expected], [-1], [-1], [10]) == tuple(
        column.tolist() for column in (found.outcome, found.rater, found.first, found.match)
    )


def test_the_majority_counts_votes_told_from_either_side():
    found = majority(said(("x", "y", "model_a", 1, 10), ("y", "x", "model_b", 2, 10), ("x", "y", "model_b", 3, 10)))
    assert [A] == found.outcome.tolist()


def test_the_majority_of_nothing_is_nothing():
    assert 0 == len(majority(said()))
