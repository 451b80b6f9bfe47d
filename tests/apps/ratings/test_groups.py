"""One order of groups of models that never met, wherever the first of them is asked for."""

import pytest

from apps.ratings.board_state import board_state
from apps.ratings.groups import largest_first
from apps.ratings.release_steps import release_steps
from apps.ratings.selection import select
from apps.ratings.told.ranks import ranks_by_rater_told
from tests import cast


def test_the_largest_group_comes_first_and_of_equal_ones_the_lower_number():
    assert [3, 0, 2] == largest_first([2, 3, 0, 3])
    assert [] == largest_first([])


@pytest.mark.django_db
def test_of_two_equally_large_groups_every_place_takes_the_same():
    told = cast.assemble()
    # Aster and Briar are best, and met nobody but each other: group 1; Clove and Dill are group 0.
    leaderboard = cast.stand(told, component={"Aster": 1, "Briar": 1})
    selection = select(told.board)

    on_board = {row.contender.name for row in board_state(selection).groups[0].rows}
    in_figure = {row["model"] for row in ranks_by_rater_told(leaderboard).rows}
    leading = {contender.name for contender in release_steps(selection).each[0].leaders.named}

    assert {"Clove", "Dill"} == on_board == in_figure
    assert leading <= on_board
