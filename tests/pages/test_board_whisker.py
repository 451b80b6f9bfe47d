from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.board.whisker import MARGIN, PERCENT, WIDTH, axis_over, rating_axis


def rating(value, lower, upper, bounded=True):
    return SimpleNamespace(rating=value, lower=lower, upper=upper, bounded=bounded)


def row(judges=None, humans=None):
    return SimpleNamespace(judges=judges, humans=humans)


def test_an_axis_ends_on_round_numbers_around_its_values():
    axis = axis_over([868, 1177])

    # (1177 - 868) / 4 = 77, so steps of 100
    assert ["800", "900", "1000", "1100", "1200"] == [tick.label for tick in axis.ticks]


def test_equal_values_still_have_an_axis_with_a_length():
    axis = axis_over([1000, 1000])

    assert (1000, 1005) == (axis.low, axis.high)


def test_without_values_there_is_no_axis():
    assert axis_over([]) is None


def test_the_ends_of_the_axis_leave_room_for_half_a_mark():
    assert (MARGIN, WIDTH / 2, WIDTH - MARGIN) == (PERCENT.x(0), PERCENT.x(50), PERCENT.x(100))


def test_an_interval_that_goes_on_beyond_the_axis_is_drawn_to_its_end_and_open():
    drawn = PERCENT.whisker(90, 80, 104)

    assert (False, True, PERCENT.x(100)) == (drawn.open_left, drawn.open_right, drawn.right)


def test_an_unbounded_interval_does_not_stretch_the_axis_but_its_rating_does():
    axis = rating_axis([row(rating(1000, 950, 1050)), row(rating(1400, 1200, 3000, bounded=False))])

    assert 1400 <= axis.high < 3000


def test_one_interval_far_wider_than_the_others_goes_on_beyond_the_axis():
    usual = [row(rating(value, value - 50, value + 50)) for value in (1000, 1050, 1100)]

    axis = rating_axis([*usual, row(rating(1100, 1050, 2600))])

    # No farther than the middle width, 100, beyond 1100.
    assert 1200 == axis.high
    assert axis.whisker(1100, 1050, 2600).open_right


def test_ratings_that_were_not_measured_take_no_room():
    assert rating_axis([row(rating(None, None, None), None)]) is None


@given(st.lists(st.floats(-4000, 8000), min_size=1, max_size=20))
def test_every_value_lies_on_its_axis_in_order(values):
    axis = axis_over(values)
    drawn = [axis.x(value) for value in sorted(values)]

    assert sorted(drawn) == drawn
    assert MARGIN <= drawn[0] <= drawn[-1] <= WIDTH - MARGIN
    assert 2 <= len(axis.ticks) <= 7


@pytest.mark.parametrize(("spread", "step"), [(3, 5), (40, 10), (400, 100), (4000, 1000)])
def test_the_step_grows_with_the_spread(spread, step):
    assert step == axis_over([0, spread]).step
