import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.orders import flipped_matches, merge_orders, order_flips
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import boards


def judged(*rows: tuple) -> Verdicts:
    """(name a, name b, outcome, rater, first, match)"""
    return Verdicts.from_rows(
        [(a, b, outcome, match, rater, first, match) for a, b, outcome, rater, first, match in rows]
    )


def test_a_flip_is_a_different_outcome_in_the_other_order():
    verdicts = judged(
        ("x", "y", "model_a", 1, 0, 10),
        ("x", "y", "model_b", 1, 1, 10),  # always the first shown: a flip
        ("x", "y", "model_a", 2, 0, 10),
        ("x", "y", "model_a", 2, 1, 10),  # the same answer twice
        ("x", "y", "tie", 1, 0, 11),
        ("x", "y", "both_bad", 1, 1, 11),  # neither wins, twice
        ("x", "y", "tie", 1, 0, 12),
        ("x", "y", "model_a", 1, 1, 12),  # a tie that became a win
    )
    assert (4, 2) == order_flips(verdicts)
    assert [10, 12] == flipped_matches(verdicts).tolist()


def test_only_pairs_with_both_orders_count():
    alone = judged(("x", "y", "model_a", 1, 0, 10), ("x", "y", "model_b", 2, 1, 10), ("x", "y", "tie", 1, -1, 10))
    assert (0, 0) == order_flips(alone)


def test_an_order_stored_with_swapped_sides_is_still_the_other_order():
    # both rows say x is better; in the second y was shown first, and is stored as side a
    assert (1, 0) == order_flips(judged(("x", "y", "model_a", 1, 0, 10), ("y", "x", "model_b", 1, 0, 10)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("model_a", "model_a", 0),
        ("model_a", "model_b", 2),
        ("tie", "model_a", 2),
        ("both_bad", "both_bad", 3),
        ("both_bad", "tie", 2),
    ],
)
def test_two_orders_become_the_outcome_they_share_else_a_tie(one, other, expected):
    merged = merge_orders(judged(("x", "y", one, 1, 0, 10), ("x", "y", other, 1, 1, 10)))
    assert ([expected], [-1], [1]) == (merged.outcome.tolist(), merged.first.tolist(), merged.rater.tolist())


def test_a_single_order_stays_as_it_is():
    verdicts = judged(("x", "y", "model_b", 1, 1, 10), ("x", "y", "model_a", 2, 0, 10), ("x", "y", "tie", 1, 0, 9))
    merged = merge_orders(verdicts)
    for column in ("a", "b", "outcome", "prompt", "rater", "first", "match"):
        assert getattr(verdicts, column).tolist() == getattr(merged, column).tolist()


@given(boards())
def test_merging_twice_is_merging_once(verdicts):
    told = verdicts.where(np.argsort(verdicts.match))
    once = merge_orders(told)
    assert once.outcome.tolist() == merge_orders(once).outcome.tolist()


def test_nothing_merges_to_nothing():
    assert 0 == len(merge_orders(judged()))
    assert (0, 0) == order_flips(judged())
