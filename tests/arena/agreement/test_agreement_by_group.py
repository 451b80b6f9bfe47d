from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.agreement.groups import between_by, gap_groups
from judgeboard.arena.agreement.pairs import BadPairs
from judgeboard.arena.agreement.raters import between

A, B, TIE, BAD = range(4)
rows = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), max_size=40)


def test_each_group_is_measured_by_itself():
    group, left, right = np.array([7, 2, 7, 2, 7]), np.array([A, A, B, A, A]), np.array([A, B, B, A, B])
    found = between_by(group, left, right, np.arange(5), ties="kept")
    assert [(2, 2, 1 / 2), (7, 3, 2 / 3)] == [(label, one.n, one.agreement) for label, one in found.items()]


def test_rows_of_no_group_are_left_out():
    none = np.zeros(0, dtype=int)
    assert {} == between_by(np.array([-1, -1]), np.array([A, B]), np.array([A, B]), np.arange(2), ties="kept")
    assert {} == between_by(none, none, none, none, ties="kept")


def test_labels_that_are_not_one_for_each_pair_are_refused():
    with pytest.raises(BadPairs, match="1 group labels for 2 pairs"):
        between_by(np.array([1]), np.array([A, B]), np.array([A, B]), np.arange(2), ties="kept")


@given(rows)
def test_a_group_is_what_a_mask_would_choose(rows):
    group, left, right, prompt = (np.array([row[k] for row in rows], dtype=int) for k in range(4))
    found = between_by(group, left, right, prompt, ties="dropped", level=0.9)
    assert sorted(set(group[group >= 0].tolist())) == list(found)
    for label, one in found.items():
        own = group == label
        expected = between(left[own], right[own], prompt[own], ties="dropped", level=0.9)
        assert str(asdict(expected)) == str(asdict(one))
    assert np.count_nonzero(group >= 0) >= sum(one.n for one in found.values())


def test_gaps_fall_into_the_bin_whose_edge_they_reach():
    rating = np.array([1000.0, 1049, 1050, 1500, np.nan])
    a, b = np.array([0, 0, 2, 0, 3, 0]), np.array([1, 2, 0, 3, 0, 4])
    # gaps 49, 50, 50, 500, 500; the last is not known
    assert [0, 1, 1, 4, 4, -1] == gap_groups(rating, a, b).tolist()
    assert [0, 0, 0, 1, 1, -1] == gap_groups(rating, a, b, edges=(300.0,)).tolist()
