import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.rating.elo import sequential_elo
from judgeboard.arena.rating.win_rate import against_baseline, against_field
from judgeboard.arena.verdicts import UnknownContender
from tests.arena.boards import board, boards


def test_a_win_between_equals_moves_each_by_half_of_k():
    assert [1016, 984] == pytest.approx(sequential_elo(board("a>b"), k=32).tolist())


def test_a_tie_moves_the_lower_up():
    # 1000 + 16 and - 16; then expectation of a 1 / (1 + 10^(-32/400)) = 0.545922, so -32 * 0.045922
    assert [1014.5305, 985.4695] == pytest.approx(sequential_elo(board("a>b", "a=b"), k=32).tolist(), abs=1e-4)


def test_the_order_of_play_matters_to_elo():
    # a wins then loses: the loss as favourite (expectation 0.545922) costs 17.4695 of the 16 won; the other way it gains
    assert 998.5305 == pytest.approx(sequential_elo(board("a>b", "b>a"), k=32)[0], abs=1e-4)
    assert 1001.4695 == pytest.approx(sequential_elo(board("b>a", "a>b", names=["a", "b"]), k=32)[0], abs=1e-4)


def test_who_did_not_play_has_no_elo():
    assert np.isnan(sequential_elo(board("a>b", names=["a", "b", "c"]))).tolist() == [False, False, True]


@given(boards())
def test_elo_takes_from_one_what_it_gives_to_the_other(verdicts):
    assert 1000 == pytest.approx(np.nanmean(sequential_elo(verdicts)))


def test_the_win_rate_is_the_share_of_points_against_everyone_met():
    found = against_field(board("a>b", "a>b", "a=c", "b>a", "c!b", names=["a", "b", "c", "d"]))
    # a: 1 + 1 + 1/2 + 0 of 4; b: 0 + 0 + 1 + 1/2 of 4; c: 1/2 + 1/2 of 2
    assert [0.625, 0.375, 0.5] == pytest.approx(found.rate[:3].tolist())
    assert [4, 4, 2, 0] == found.n.tolist()
    assert np.isnan([found.rate[3], found.lower[3], found.upper[3]]).all()


def test_a_win_rate_of_one_is_not_sure_of_itself():
    found = against_field(board(*["a>b"] * 6))
    # Wilson, 6 of 6: 1 / (1 + 1.96^2 / 6) = 0.6097
    assert (1.0, 1.0) == (found.rate[0], found.upper[0])
    assert 0.6097 == pytest.approx(found.lower[0], abs=1e-4)


def test_one_prompt_counts_as_one_however_often_it_is_judged():
    once, often = against_field(board("a>b")), against_field(board(*["a>b"] * 50, prompts=[3] * 50))
    assert once.lower[0] == pytest.approx(often.lower[0])


def test_a_win_rate_against_a_baseline_counts_only_its_matches():
    found = against_baseline(board("a>b", "a>c", "c>a", "c>b"), "b")
    assert (1.0, 1.0) == (found.rate[0], found.rate[2])
    assert ([1, 0, 1], "b") == (found.n.tolist(), found.baseline)
    assert np.isnan(found.rate[1])


def test_an_unknown_baseline_is_refused():
    with pytest.raises(UnknownContender, match="'z' is not among the 2"):
        against_baseline(board("a>b"), "z")


@given(boards())
def test_win_rates_lie_in_their_intervals(verdicts):
    found = against_field(verdicts)
    rated = found.n > 0
    assert (found.lower[rated] <= found.rate[rated] + 1e-12).all()
    assert (found.rate[rated] <= found.upper[rated] + 1e-12).all()
    # every verdict hands out one point
    assert len(verdicts) == pytest.approx(np.nansum(found.rate * found.n))
