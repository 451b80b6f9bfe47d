import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.agreement.raters import between
from judgeboard.arena.agreement.trivial import BadLengths, always_first, always_longer, coin, coin_agreement
from judgeboard.arena.orders import merge_orders
from judgeboard.arena.same_match import each_against_each
from judgeboard.arena.verdicts import Verdicts
from tests.arena.agreement.panels import panel, panels

A, B, TIE, BAD = range(4)


def shown(*first: int) -> Verdicts:
    """Matches between x and y, each on its own, shown in the given orders."""
    return Verdicts.from_rows([("x", "y", "tie", row, 5, side, row) for row, side in enumerate(first)])


def test_the_longer_answer_wins_and_equal_lengths_tie():
    said = always_longer(shown(0, 0, -1), np.array([[9, 3], [2, 3], [4, 4]]))
    assert ([A, B, TIE], [-2] * 3) == (said.outcome.tolist(), said.rater.tolist())


def test_length_does_not_depend_on_the_side_a_match_is_told_from():
    matches, length = shown(0, 1, -1), np.array([[9, 3], [2, 3], [4, 4]])
    there = np.ones(3, dtype=bool)
    one = always_longer(matches, length)
    other = always_longer(matches.flipped_where(there), length[:, ::-1])
    assert one.outcome.tolist() == other.flipped_where(there).outcome.tolist()


@pytest.mark.parametrize("length", [np.zeros((2, 2)), np.zeros(3), np.zeros((3, 3))])
def test_lengths_that_are_not_one_for_each_side_are_refused(length):
    with pytest.raises(BadLengths, match=r"expected \(3, 2\)"):
        always_longer(shown(0, 0, 0), length)


def test_the_first_shown_wins_and_an_unknown_order_says_nothing():
    said = always_first(shown(0, 1, -1))
    assert ([A, B], [0, 1]) == (said.outcome.tolist(), said.match.tolist())


def test_shown_in_both_orders_the_first_is_no_one():
    both = Verdicts.from_rows([("x", "y", "tie", 0, 5, side, 0) for side in (0, 1)])
    assert [TIE] == merge_orders(always_first(both)).outcome.tolist()


def test_a_coin_falls_as_its_seed_says_and_never_on_its_edge():
    matches = shown(*[0] * 2000)
    one, again, other = (coin(matches, seed=seed).outcome for seed in (3, 3, 4))
    assert one.tolist() == again.tolist() != other.tolist()
    assert {A, B} == set(one.tolist())
    assert 1000 == pytest.approx(np.count_nonzero(one == A), abs=4 * 500**0.5)


def test_what_a_coin_comes_to_is_half_of_what_the_other_decided():
    other = np.array([A, A, B, TIE, BAD])
    assert (0.5 * 3 / 5, 0.5) == (coin_agreement(other, ties="kept"), coin_agreement(other, ties="dropped"))
    assert coin_agreement(np.array([TIE]), ties="dropped") is None


def test_a_trivial_rater_is_measured_like_anyone_else():
    rng = np.random.default_rng(1)
    votes = panel(rng.integers(4, size=(4000, 1)))
    for ties in ("kept", "dropped"):
        found = between(*each_against_each(coin(votes, seed=2), votes), ties=ties)
        assert found.lower < coin_agreement(votes.outcome, ties=ties) < found.upper
        assert found.kappa_lower < 0 < found.kappa_upper


@given(panels(raters=1))
def test_trivial_raters_speak_about_the_given_matches(votes):
    length = np.arange(2 * len(votes)).reshape(-1, 2)
    for said in (coin(votes, seed=1), always_longer(votes, length)):
        assert votes.match.tolist() == said.match.tolist()
        assert votes.prompt.tolist() == said.prompt.tolist()
