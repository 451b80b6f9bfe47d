import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.rating.head_to_head import NEVER_MET, head_to_head
from judgeboard.arena.share import clustered_share
from judgeboard.arena.verdicts import MatchesDiffer
from tests.arena.boards import board

duels = st.lists(st.tuples(st.sampled_from(["a>b", "b>a", "a=b", "b!a"]), st.integers(0, 5)), min_size=1, max_size=40)


def test_wins_ties_and_losses_are_shares_of_the_verdicts():
    found = head_to_head(board("a>b", "a>b", "a>b", "a=b", "a!b", "b>a", "b>a", "b>a", "b>a", "b>a"))

    assert (10, 10, 1) == (found.n, found.n_prompts, found.n_bad)
    assert (0.3, 0.2, 0.5) == (found.won.share, found.tied.share, found.lost.share)
    assert 0.4 == pytest.approx(found.points.share)


def test_whose_interval_lies_beyond_one_half_is_ahead():
    assert "first" == head_to_head(board(*["a>b"] * 20)).ahead
    assert "second" == head_to_head(board("a=b", *["b>a"] * 20)).ahead
    assert "open" == head_to_head(board("a>b", "b>a", "a>b")).ahead


def test_verdicts_that_never_were_say_nothing():
    nothing = board("a>b").where(np.zeros(1, dtype=bool))

    assert NEVER_MET == head_to_head(nothing)
    assert "not measured" == NEVER_MET.ahead


def test_a_third_contender_is_refused():
    with pytest.raises(MatchesDiffer):
        head_to_head(board("a>b", "a>c"))


def test_all_that_was_said_on_one_prompt_moves_together():
    games = ["a>b"] * 12 + ["b>a"] * 6
    alone = head_to_head(board(*games))
    together = head_to_head(board(*games, prompts=[number // 6 for number in range(18)]))

    assert together.n_prompts == 3
    assert together.points.upper - together.points.lower > 1.5 * (alone.points.upper - alone.points.lower)


def test_the_interval_of_the_lead_is_that_of_the_points():
    """Paired by match: won - lost has the mean and, by prompt, the spread of 2 * points - 1."""
    verdicts = board("a>b", "a=b", "b>a", "a>b", "a>b", prompts=[1, 1, 2, 2, 3])
    lead = np.array([1.0, 0.0, -1.0, 1.0, 1.0])
    found = head_to_head(verdicts)

    assert found.won.share - found.lost.share == pytest.approx(lead.mean())
    assert clustered_share((lead + 1) / 2, verdicts.prompt, 0.95) == found.points


@given(duels)
def test_told_from_the_other_side_everything_is_mirrored(rows):
    verdicts = board(*(game for game, _ in rows), prompts=[prompt for _, prompt in rows], names=["a", "b"])
    told = verdicts.flipped_where(verdicts.a != 0)
    ours, theirs = head_to_head(told), head_to_head(told.flipped_where(np.ones(len(told), dtype=bool)))

    assert (ours.won, ours.tied, ours.lost) == (theirs.lost, theirs.tied, theirs.won)
    assert ours.points.share + theirs.points.share == pytest.approx(1)
    assert ours.points.lower + theirs.points.upper == pytest.approx(1)
    assert ours.won.share + ours.tied.share + ours.lost.share == pytest.approx(1)
