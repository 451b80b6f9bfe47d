from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import binom, chi2

from judgeboard.arena.rating.bradley_terry import fit_tallies
from judgeboard.arena.rating.pair_fit import pair_fit, tie_probability
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.tallies import Tallies
from tests.arena.boards import board, boards
from tests.arena.reference_data import arena_tallies, needs_data


def square(*rows):
    return np.array(rows, dtype=np.int64)


def tallies(wins, ties=None):
    none = np.zeros_like(wins)
    return Tallies(tuple("abcdef"[: len(wins)]), wins, none if ties is None else ties, none)


CYCLE = square([0, 9, 1], [1, 0, 9], [9, 1, 0])


def drawn_tallies(rng, *, contenders=10, verdicts=10, ties=0.0, cyclic=0.0):
    """Pairs of Bradley-Terry contenders; `ties` is the chance of a tie over p (1 - p), `cyclic` what spoils the order."""
    skill = rng.normal(0, 0.8, contenders)
    extra = np.triu(rng.normal(0, cyclic, (contenders, contenders)), 1)
    probability = 1 / (1 + np.exp(-(skill[:, None] - skill + extra - extra.T)))
    first, second = np.triu_indices(contenders, 1)
    p = probability[first, second]
    tie = ties * p * (1 - p)
    told = rng.multinomial(verdicts, np.stack([p - tie / 2, tie, 1 - p - tie / 2], axis=1))
    wins, tied = np.zeros((2, contenders, contenders), dtype=np.int64)
    wins[first, second], tied[first, second], wins[second, first] = told.T
    return Tallies(tuple(map(str, range(contenders))), wins, tied + tied.T, np.zeros_like(wins))


def test_a_cycle_is_no_order_and_the_figures_are_those_by_hand():
    found = pair_fit(tallies(CYCLE))
    # all ratings are equal: each pair 9 of 10 where 5 are expected: Pearson (9-5)^2 / (10/4) = 6.4, no skewness; the
    # deviance 2 (9 ln 1.8 + 1 ln 0.2); 3 pairs less 2 ratings
    assert (3, 1) == (found.pairs, found.degrees_of_freedom)
    assert 3 * 6.4 == pytest.approx(found.chi_square)
    assert 3 * 2 * (9 * np.log(1.8) + np.log(0.2)) == pytest.approx(found.deviance)
    # each leverage is 2/3, and a coin's kurtosis of 1 makes each spread 2 + (1 - 3) / 10 = 1.8: 3 (1 - 2/3 * 0.9);
    # variance 3 (1 - 2/3) 1.8 = 1.8
    assert 1.2 == pytest.approx(found.expected)
    assert chi2.sf(2 * 1.2 / 1.8 * 19.2, 2 * 1.2**2 / 1.8) == pytest.approx(found.p_value)


def test_wins_in_the_proportions_of_the_ratings_fit_perfectly():
    # odds 2 : 1, 2 : 1 and 4 : 1
    found = pair_fit(tallies(square([0, 20, 24], [10, 0, 20], [6, 10, 0])))
    assert (0, 0) == pytest.approx((found.deviance, found.chi_square), abs=1e-6)
    assert found.p_value > 0.9


def test_the_statistic_is_pearsons_less_what_follows_the_residual():
    """Farrington's form for wins and losses: sum of ((x - n p)^2 - (1 - 2 p)(x - n p)) / (n p q)."""
    seen = drawn_tallies(np.random.default_rng(8), verdicts=7)
    strength = fit_tallies(seen).rating / ELO
    first, second = np.triu_indices(10, 1)
    p = 1 / (1 + np.exp(strength[second] - strength[first]))
    residual = seen.wins[first, second] - 7 * p
    expected = ((residual**2 - (1 - 2 * p) * residual) / (7 * p * (1 - p))).sum()
    assert expected == pytest.approx(pair_fit(seen).chi_square)


def test_the_pairs_are_judged_by_what_one_verdict_can_vary():
    """Mean and variance of one pair's statistic with known ratings, summed over the binomial distribution."""
    n, p = 6, 0.8
    x, chance = np.arange(n + 1), binom.pmf(np.arange(n + 1), n, p)
    statistic = ((x - n * p) ** 2 - (1 - 2 * p) * (x - n * p)) / (n * p * (1 - p))
    # kurtosis - 3 - skewness^2 is -2 whatever p, hence 2 - 2/n
    assert (1, 2 - 2 / n) == pytest.approx((chance @ statistic, chance @ (statistic - 1) ** 2))


def test_pairs_that_met_once_say_nothing():
    found = pair_fit(Tallies.of(board("a>b", "b>c", "c>a")))
    assert (3, 3, None) == (found.chi_square, pytest.approx(found.expected), found.p_value)


def test_ties_alone_and_no_verdicts_are_not_tested():
    for verdicts in (board("a=b", "b=c", "c=a"), board(names=["a", "b"]), board(names=[])):
        found = pair_fit(Tallies.of(verdicts))
        assert (0, None) == (found.deviance, found.p_value)


def test_both_bad_counts_as_a_tie_or_not_at_all():
    seen = Tallies.of(board("a>b", "b>a", "a!c", "b>c", names=["a", "b", "c"]))
    assert (3, 2) == (pair_fit(seen).pairs, pair_fit(seen, both_bad="dropped").pairs)


def test_ties_fall_with_the_distance_of_the_pair():
    probability = np.array([0.5, 0.9])
    # 4 ties of 10 + 10 verdicts where p q is 1/4 and 0.09: 4 / (2.5 + 0.9) of each
    expected = 4 / 3.4 * np.array([0.25, 0.09])
    assert expected == pytest.approx(tie_probability(probability, np.array([10.0, 10]), np.array([3, 1])))


def test_ties_leave_each_side_the_wins_it_needs():
    # ties alone would be 1 and 0.36 of the verdicts; a side that takes a tenth of the points ties a fifth at most
    assert [1, 0.2] == pytest.approx(
        tie_probability(np.array([0.5, 0.9]), np.array([10.0, 0]), np.array([10, 0])).tolist()
    )


@given(boards())
def test_the_figures_do_not_depend_on_the_order_of_contenders(verdicts):
    seen = Tallies.of(verdicts)
    turned = [table[::-1, ::-1] for table in (seen.wins, seen.ties, seen.both_bad)]
    before, after = pair_fit(seen), pair_fit(Tallies(seen.names[::-1], *turned))
    for column in ("pairs", "deviance", "degrees_of_freedom", "chi_square", "expected"):
        assert getattr(before, column) == pytest.approx(getattr(after, column), rel=1e-5, abs=1e-5)


@given(boards())
def test_p_values_are_chances_and_the_deviance_is_never_negative(verdicts):
    found = pair_fit(Tallies.of(verdicts))
    assert -1e-9 <= found.deviance
    assert found.p_value is None or 0 <= found.p_value <= 1


@given(boards())
def test_losing_instead_of_winning_changes_nothing(verdicts):
    seen = Tallies.of(verdicts)
    before, after = pair_fit(seen), pair_fit(replace(seen, wins=seen.wins.T))
    assert (before.deviance, before.chi_square) == pytest.approx((after.deviance, after.chi_square), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(("verdicts", "ties"), [(2, 0.0), (2, 1.5), (10, 0.0), (40, 1.5)])
def test_one_in_twenty_boards_that_fit_is_said_not_to(verdicts, ties):
    rng = np.random.default_rng(9)
    p_values = np.array([pair_fit(drawn_tallies(rng, verdicts=verdicts, ties=ties)).p_value for _ in range(300)])
    assert 0.02 < np.mean(p_values < 0.05) < 0.09
    assert 0.4 < np.mean(p_values < 0.5) < 0.6


def test_boards_that_do_not_fit_are_told():
    rng = np.random.default_rng(10)
    found = [pair_fit(drawn_tallies(rng, verdicts=20, cyclic=0.6)).p_value for _ in range(40)]
    assert 0.9 < np.mean(np.array(found) < 0.05)


@needs_data
def test_a_million_votes_tell_the_arena_from_one_order():
    """Measured here, for want of a published figure. Without ties the deviance says the same; with them it sees nothing."""
    votes = arena_tallies()
    decided = replace(votes, ties=np.zeros_like(votes.ties), both_bad=np.zeros_like(votes.ties))
    with_ties, without = pair_fit(votes), pair_fit(decided)
    assert (3332, 3325) == (with_ties.degrees_of_freedom, without.degrees_of_freedom)
    assert [4918.6, 5125.2] == pytest.approx([with_ties.chi_square, without.chi_square], abs=1)
    assert [3148.7, 5178.5] == pytest.approx([with_ties.deviance, without.deviance], abs=1)
    assert max(with_ties.p_value, without.p_value) < 1e-60
