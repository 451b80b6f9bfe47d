import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from judgeboard.arena.numbering import Numbers, numbered


@pytest.mark.parametrize(
    "ids",
    [
        [3, 3, 3],
        [7, 5, 6, 5],  # every number between lowest and highest
        [0, 2, 4, 2],  # gaps
        [-3, 9, -3],
        [5, 10**6, -(10**6), 5],  # too scattered for a table
    ],
)
def test_identities_become_their_place_among_the_distinct_ones(ids):
    distinct, expected = np.unique(ids, return_inverse=True)
    number, count = numbered(np.array(ids))
    assert (expected.tolist(), len(distinct)) == (number.tolist(), count)


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
@given(data=st.data())
def test_any_identities_are_numbered_as_numpy_does(kind, data):
    ids = data.draw(arrays(kind, st.integers(0, 30)))
    distinct, expected = np.unique(ids, return_inverse=True)
    number, count = numbered(ids)
    assert (expected.tolist(), len(distinct)) == (number.tolist(), count)
    assert np.int64 == number.dtype


def test_no_identities_are_none():
    number, count = numbered(np.array([], dtype=np.int32))
    assert (0, 0) == (len(number), count)


def test_identities_at_both_ends_of_their_kind_are_told_apart():
    ends = np.iinfo(np.int32)
    number, count = numbered(np.array([ends.max, ends.min, ends.max], dtype=np.int32))
    assert ([1, 0, 1], 2) == (number.tolist(), count)


def test_the_identities_that_came_in_are_left_as_they_were():
    ids = np.array([5, 7, 6])
    numbered(ids)
    assert [5, 7, 6] == ids.tolist()


def test_things_are_numbered_as_they_are_first_looked_up():
    numbers = Numbers()
    assert [0, 1, 0, 2] == [numbers[thing] for thing in ("b", "a", "b", "c")]
    assert ["b", "a", "c"] == list(numbers)


def test_numbers_that_were_given_go_on_from_there():
    numbers = Numbers({"x": 0, "y": 1})
    assert (1, 2) == (numbers["y"], numbers["z"])
