import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from judgeboard.arena.pairing.stopping import BadLimits, Limits, outlook

RATING = np.array([1000.0, 1100.0, 980.0])
UNSURE = np.diag([100.0, 100.0, 100.0])  # half-widths of 19.60 Elo points, and of 27.72 for a difference
Z = 1.959964

WIDE, NARROW, ORDER = Limits(half_width=20), Limits(half_width=10), Limits(order=True)


@st.composite
def looks(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, Limits]:
    """A board of two to six contenders, ties in rating among them, the calls behind it, and limits of both kinds."""
    size = draw(st.integers(2, 6))
    rating = draw(st.lists(st.integers(-40, 40), min_size=size, max_size=size))
    root = np.array(draw(st.lists(st.integers(-30, 30), min_size=size**2, max_size=size**2))).reshape(size, size)
    limits = Limits(half_width=draw(st.integers(1, 60)), order=True, equal=draw(st.integers(0, 30)))
    return 5.0 * np.array(rating), (root @ root.T).astype(float), draw(st.integers(1, 10_000)), limits


def test_the_widest_interval_tells_how_far_a_half_width_is_away():
    found = outlook(RATING, np.diag([25.0, 100.0, 64.0]), 100, NARROW).half_width
    # 1.96 * 10 is the widest; the variance must shrink by 3.8415, so 284.15 more calls
    assert (10 * Z - 10, 285) == (pytest.approx(found.away), found.calls_needed)
    assert not found.reached


def test_intervals_that_are_narrow_enough_need_no_more_calls():
    found = outlook(RATING, UNSURE, 100, WIDE)
    assert ("half_width", 0, 0) == (found.reason, found.half_width.away, found.half_width.calls_needed)


def test_the_level_is_that_of_every_interval():
    # at 99 % z is 2.575829: intervals of 25.76
    assert 25.75829 - 20 == pytest.approx(outlook(RATING, UNSURE, 100, WIDE, level=0.99).half_width.away)
    # a difference of 20 with the variance 2 * 36: 1.96 * 8.485 = 16.63, 2.576 * 8.485 = 21.86
    closer = 0.36 * UNSURE
    assert [0, 1] == [len(outlook(RATING, closer, 100, ORDER, level=level).unresolved) for level in (0.95, 0.99)]


def test_neighbours_that_are_not_told_apart_are_named_the_better_first():
    found = outlook(RATING, UNSURE, 100, ORDER)
    # 1100 and 1000 are told apart, 1000 and 980 are not: (27.72 / 20)^2 = 200 * 3.8415 / 400 = 1.9207
    assert ([[0, 2]], 1, 93) == (found.unresolved.tolist(), found.order.away, found.order.calls_needed)
    assert found.reason is None


def test_what_two_contenders_have_in_common_is_no_part_of_their_difference():
    together = UNSURE + np.full((3, 3), 60.0)
    # 160 + 160 - 2 * 60 is the 200 of before; less 2 * 60 it is 80: 1.96 * 8.94 = 17.53
    assert [[0, 2]] == outlook(RATING, together, 100, ORDER).unresolved.tolist()
    together[0, 2] = together[2, 0] = 120
    assert "order" == outlook(RATING, together, 100, ORDER).reason


@pytest.mark.parametrize(
    ("equal", "unresolved", "needed"),
    [
        (30, 1, 93),  # 20 to be told apart is nearer than 30 - 20 to be equal
        (45, 1, 23),  # equal within 45 - 20 = 25: 768.29 / 625 = 1.2293
        (47, 1, 6),  # 768.29 / 27^2 = 1.0539
        (48, 0, 0),  # 20 + 27.72 at most
    ],
)
def test_neighbours_that_are_as_good_as_equal_are_one_tier(equal, unresolved, needed):
    found = outlook(RATING, UNSURE, 100, Limits(order=True, equal=equal))
    assert (unresolved, needed) == (found.order.away, found.order.calls_needed)
    assert (unresolved == 0) == found.order.reached


def test_neighbours_are_named_when_the_order_is_not_asked_for():
    found = outlook(RATING, UNSURE, 100, WIDE)
    assert ([[0, 2]], None, None) == (found.unresolved.tolist(), found.order, found.budget)


@pytest.mark.parametrize(("calls", "left"), [(0, 500), (499, 1), (500, 0), (620, 0)])
def test_a_budget_is_reached_when_it_is_spent(calls, left):
    found = outlook(RATING, UNSURE, calls, Limits(calls=500))
    assert (left, left, left) == (found.budget.away, found.budget.calls_needed, found.calls_needed)
    assert ("budget" if left == 0 else None) == found.reason
    assert (None, None) == (found.half_width, found.order)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(half_width=20, order=True, equal=50, calls=100), "half_width"),
        (Limits(half_width=10, order=True, equal=50, calls=100), "order"),
        (Limits(half_width=10, order=True, equal=0, calls=100), "budget"),
        (Limits(half_width=20, order=True, equal=0, calls=500), "half_width"),
        (Limits(half_width=10, order=True, equal=0, calls=500), None),
    ],
)
def test_the_first_limit_that_is_reached_is_the_reason(limits, reason):
    found = outlook(RATING, UNSURE, 100, limits, level=0.95)
    assert (reason, limits, 0.95) == (found.reason, found.limits, found.level)
    assert (found.calls_needed == 0) == (reason is not None)


@pytest.mark.parametrize(
    ("limits", "needed"),
    [
        (Limits(half_width=10, order=True, calls=150), 50),  # 285, 93 and 50
        (Limits(half_width=10, order=True, calls=900), 93),
        (Limits(half_width=15, order=True, calls=900), 71),  # 384.15 / 225 = 1.7073
        (Limits(half_width=10, calls=900), 285),
    ],
)
def test_the_calls_needed_are_those_of_the_nearest_limit(limits, needed):
    assert needed == outlook(RATING, UNSURE, 100, limits).calls_needed


def test_an_unrated_contender_keeps_half_width_and_order_out_of_reach():
    rating = np.array([1000.0, np.nan, 1200.0])
    found = outlook(rating, 0.01 * UNSURE, 100, Limits(half_width=20, order=True, equal=1000))
    assert (None, np.inf, 1) == (found.reason, found.half_width.away, found.order.away)
    assert [[0, 1]] == found.unresolved.tolist()
    assert (None, None, None) == (found.half_width.calls_needed, found.order.calls_needed, found.calls_needed)


def test_contenders_that_never_met_are_not_in_order_and_not_one_tier():
    apart = 0.01 * UNSURE
    apart[0, 1] = apart[1, 0] = np.nan
    for limits in (ORDER, Limits(order=True, equal=1000)):
        found = outlook(RATING, apart, 100, limits)
        assert ([[1, 0]], None, None) == (found.unresolved.tolist(), found.order.calls_needed, found.reason)


def test_a_contender_whose_error_is_unknown_has_no_half_width():
    found = outlook(RATING, np.diag([1.0, 1.0, np.nan]), 100, Limits(half_width=20, calls=300))
    assert (np.inf, None, 200) == (found.half_width.away, found.half_width.calls_needed, found.calls_needed)


def test_a_budget_ends_what_nothing_else_can():
    nothing = np.full((3, 3), np.nan)
    found = outlook(np.full(3, np.nan), nothing, 300, Limits(half_width=20, order=True, calls=300))
    assert ("budget", 2, 0) == (found.reason, found.order.away, found.calls_needed)


def test_contenders_with_one_rating_are_never_told_apart_but_can_be_one_tier():
    even = np.full(3, 1000.0)
    found = outlook(even, UNSURE, 100, ORDER)
    assert ([[0, 1], [1, 2]], None) == (found.unresolved.tolist(), found.order.calls_needed)
    # 768.29 / 20^2 = 1.9207 to be equal within 20
    assert 93 == outlook(even, UNSURE, 100, Limits(order=True, equal=20)).order.calls_needed
    assert "order" == outlook(even, UNSURE, 100, Limits(order=True, equal=28)).reason


def test_before_the_first_call_nothing_tells_how_many_it_takes():
    found = outlook(RATING, UNSURE, 0, Limits(half_width=10, order=True))
    assert (None, None, None) == (found.half_width.calls_needed, found.order.calls_needed, found.calls_needed)
    # what is known already, from a prior, needs none
    assert ("half_width", 0) == (outlook(RATING, UNSURE, 0, WIDE).reason, outlook(RATING, UNSURE, 0, WIDE).calls_needed)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({}, "There is no limit; expected a half-width, the order or a budget of calls"),
        ({"equal": 10}, "There is no limit"),
        ({"half_width": 0}, "a half-width of more than 0 Elo points, found 0"),
        ({"half_width": np.nan}, "a half-width of more than 0 Elo points, found nan"),
        ({"order": True, "equal": -1}, "0 Elo points or more for what is as good as equal, found -1"),
        ({"order": True, "equal": np.nan}, "0 Elo points or more for what is as good as equal, found nan"),
        ({"calls": -5}, "a budget of 0 calls or more, found -5"),
    ],
)
def test_limits_that_no_board_reaches_are_refused(limits, sentence):
    with pytest.raises(BadLimits, match=sentence):
        Limits(**limits)


@pytest.mark.parametrize(
    ("rating", "covariance", "calls", "sentence"),
    [
        (RATING, UNSURE, -1, r"found 3 ratings, a covariance of the shape \(3, 3\) and -1 calls"),
        (RATING, UNSURE[:2], 9, r"found 3 ratings, a covariance of the shape \(2, 3\) and 9 calls"),
        (RATING[:1], UNSURE[:1, :1], 9, "Expected at least two ratings, their covariance and a number of calls"),
    ],
)
def test_a_board_that_no_limit_can_be_held_against_is_refused(rating, covariance, calls, sentence):
    with pytest.raises(BadLimits, match=sentence):
        outlook(rating, covariance, calls, WIDE)


@given(looks(), st.floats(0.01, 0.99))
def test_more_certainty_brings_a_half_width_nearer_and_leaves_resolved_what_was(look, share):
    rating, covariance, calls, limits = look
    before, after = (outlook(rating, scale * covariance, calls, limits) for scale in (1.0, share))
    assert after.half_width.away < before.half_width.away or before.half_width.reached
    assert {*map(tuple, after.unresolved.tolist())} <= {*map(tuple, before.unresolved.tolist())}
    assert after.order.away <= before.order.away


@pytest.mark.parametrize("kind", ["half_width", "order"])
@given(look=looks())
def test_a_limit_is_reached_after_the_calls_it_needs_and_not_one_earlier(kind, look):
    rating, covariance, calls, limits = look
    needed = getattr(outlook(rating, covariance, calls, limits), kind).calls_needed
    assume(needed is not None)

    def reached(more: int) -> bool:
        return getattr(outlook(rating, covariance * calls / (calls + more), calls + more, limits), kind).reached

    assert reached(needed)
    assert needed == 0 or not reached(needed - 1)
