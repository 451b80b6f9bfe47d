from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.rating.contact import contact, pseudo_points
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board, boards

HUB = "judgeboard.arena.rating.contact._has_hub"


def points_of(verdicts: Verdicts) -> np.ndarray:
    return Tallies.of(verdicts).points()


def reachable(steps: np.ndarray) -> np.ndarray:
    """bool[M, M]: whom each comes to, itself included, in any number of steps."""
    size = len(steps)
    return np.linalg.matrix_power(np.eye(size) + (steps > 0), size) > 0


@given(boards(), st.booleans())
def test_a_hub_says_the_same_as_walking_the_graph(verdicts, hub):
    points = points_of(verdicts)
    if hub:
        points[0, 1:] += 0.5
        points[1:, 0] += 0.5
    quick = contact(points)
    with patch(HUB, return_value=False):
        walked = contact(points)
    for field in ("component", "one_way", "bounded", "together"):
        assert getattr(walked, field).tolist() == getattr(quick, field).tolist()
        assert getattr(walked, field).dtype == getattr(quick, field).dtype


@given(boards())
def test_contact_is_what_can_be_reached(verdicts):
    points = points_of(verdicts)
    found, met = contact(points), points + points.T
    reached, compared = reachable(points), reachable(met)
    played = met.any(axis=1)
    assert (compared & played & played[:, None]).tolist() == found.together.tolist()
    assert ((met > 0) & ~(reached & reached.T)).tolist() == found.one_way.tolist()
    mutual = reached & reached.T
    for one in range(len(points)):
        sizes = mutual[compared[one]].sum(axis=1)  # of the group of each member of the component
        size = int(mutual[one].sum())
        alone = np.count_nonzero(sizes == size) == size
        assert (size > 1 and size == sizes.max() and alone) == found.bounded[one]


@pytest.mark.parametrize(
    ("games", "one_way"),
    [
        (("a>b",), ["ab"]),
        (("a>b", "b>a"), []),
        (("a=b",), []),
        (("a>b", "b>c"), ["ab", "bc"]),
        (("a>b", "b>c", "c>a"), []),  # each pair went one way, but points went round
        (("a>b", "b>c", "c=a"), []),
        (("a>b", "b>a", "c>a", "b>d"), ["ac", "bd"]),
        (("a>b", "b>a", "c>d", "d>c", "a>c", "b>d"), ["ac", "bd"]),
        (("a>b", "b>a", "c>d", "d>c", "a>c", "d>b"), []),
    ],
)
def test_a_contact_is_one_way_where_no_point_came_back_even_through_others(games, one_way):
    verdicts = board(*games, names=[*"abcd"])
    found = contact(points_of(verdicts)).one_way
    assert found.tolist() == found.T.tolist()
    assert one_way == ["abcd"[a] + "abcd"[b] for a, b in np.argwhere(np.triu(found))]


def test_components_are_numbered_by_their_first_contender_and_none_is_without_matches():
    verdicts = board("x>y", "c>a", "a>b", "y>x", names=[*"axbyzc"])
    found = contact(points_of(verdicts))
    assert [0, 1, 0, 1, -1, 0] == found.component.tolist()
    assert [False, True, False, True, False, False] == found.bounded.tolist()
    assert [False, False, False, False, False, False] == found.together[4].tolist()


def test_a_board_without_matches_has_no_groups():
    for names in ([], ["a"], ["a", "b"]):
        found = contact(np.zeros((len(names), len(names))))
        assert ([-1] * len(names), [False] * len(names)) == (found.component.tolist(), found.bounded.tolist())
        assert not found.one_way.any()


@pytest.mark.parametrize(
    ("games", "bounded"),
    [
        (("a>b", "b>a", "c>a"), "ab"),
        (("a>b", "b>a", "c>d", "d>c", "a>c"), ""),  # two groups of the same size, and neither is the middle
        (("a>b", "b>c", "c>a", "d>e", "e>d", "a>d"), "abc"),
        (("a>b", "b>c"), ""),
        (("a>b", "b>a", "c>d", "d>c"), "abcd"),  # groups that never met
    ],
)
def test_the_largest_group_that_took_points_both_ways_is_bounded(games, bounded):
    verdicts = board(*games, names=[*"abcde"])
    found = contact(points_of(verdicts)).bounded
    assert bounded == "".join(name for name, flag in zip(verdicts.names, found, strict=True) if flag)


def test_half_a_drawn_match_is_spread_over_the_pairs_by_their_matches():
    points = points_of(board("a>b", "b>a", "c>a", "c>a", "c>b"))
    # c took 2 points from a and 1 from b: of the quarter for each side, 2/3 and 1/3
    expected = [[0, 0, 1 / 6], [0, 0, 1 / 12], [1 / 6, 1 / 12, 0]]
    assert np.array(expected) == pytest.approx(pseudo_points(points, contact(points)))


def test_each_two_groups_share_half_a_match_of_their_own():
    points = points_of(board("a>b", "b>c", "b>c"))
    expected = [[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]]
    assert expected == pseudo_points(points, contact(points)).tolist()


def test_where_the_likelihood_has_a_maximum_nothing_is_added():
    points = points_of(board("a>b", "b>c", "c>a"))
    assert not pseudo_points(points, contact(points)).any()


@given(boards())
def test_pseudo_points_are_drawn_and_leave_no_contact_one_way(verdicts):
    points = points_of(verdicts)
    found = contact(points)
    added = pseudo_points(points, found)
    assert added.tolist() == added.T.tolist()
    assert found.one_way.tolist() == (added > 0).tolist()
    held = contact(points + added)
    assert not held.one_way.any()
    assert found.component.tolist() == held.component.tolist()
    assert (found.component >= 0).tolist() == held.bounded.tolist()
