from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from judgeboard.arena.rating.elo import BadElo, sequential_elo
from judgeboard.arena.rating.win_rate import against_baseline, against_field, columns
from judgeboard.arena.share import clustered_share
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


@given(boards())
def test_elo_is_the_textbook_recursion(verdicts):
    rating = [1000.0] * len(verdicts.names)
    for a, b, points in zip(verdicts.a, verdicts.b, verdicts.points, strict=True):
        gain = 24 * (points - 1 / (1 + 10 ** ((rating[b] - rating[a]) / 400)))
        rating[a] += gain
        rating[b] -= gain
    played = np.isfinite(found := sequential_elo(verdicts, k=24))
    assert np.array(rating)[played] == pytest.approx(found[played], abs=1e-9)


@given(boards())
def test_elo_does_not_care_which_side_tells(verdicts):
    other_side = verdicts.flipped_where(np.ones(len(verdicts), dtype=bool))
    assert sequential_elo(verdicts) == pytest.approx(sequential_elo(other_side), nan_ok=True)


@given(boards())
def test_where_elo_starts_only_moves_the_scale(verdicts):
    assert sequential_elo(verdicts) + 500 == pytest.approx(sequential_elo(verdicts, start=1500), nan_ok=True)


def test_elo_stays_a_number_however_large_the_steps():
    assert np.isfinite(sequential_elo(board("a>b", "b>a", "a>b"), k=1e9)).all()


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"k": -4}, {"k": float("nan")}, {"k": float("inf")}, {"start": float("nan")}]
)
def test_elo_refuses_steps_and_starts_that_are_no_numbers(wrong):
    with pytest.raises(BadElo, match="expected a k above 0"):
        sequential_elo(board("a>b"), **wrong)


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


@given(boards())
def test_win_rates_are_clustered_shares_contender_by_contender(verdicts):
    found = against_field(verdicts, level=0.9)
    for index in range(len(verdicts.names)):
        ours, theirs = verdicts.a == index, verdicts.b == index
        points = np.concatenate([verdicts.points[ours], 1 - verdicts.points[theirs]])
        alone = clustered_share(points, np.concatenate([verdicts.prompt[ours], verdicts.prompt[theirs]]), 0.9)
        assert alone.n == found.n[index]
        expected = [np.nan if value is None else value for value in (alone.share, alone.lower, alone.upper)]
        assert expected == pytest.approx([found.rate[index], found.lower[index], found.upper[index]], nan_ok=True)


@given(boards())
def test_prompts_may_have_any_numbers(verdicts):
    """Few rows on prompts and contenders far apart are sorted, others are counted in a table."""
    scattered = replace(verdicts, prompt=verdicts.prompt * 1_000_003 - 7)
    many = replace(scattered, names=(*verdicts.names, *(f"absent-{number}" for number in range(200))))
    dense, sparse = against_field(verdicts), against_field(many)
    for column in ("rate", "lower", "upper", "n"):
        here, there = getattr(dense, column), getattr(sparse, column)
        assert here == pytest.approx(there[: len(here)], nan_ok=True)
    assert 0 == sparse.n[len(verdicts.names) :].sum()


@given(boards())
def test_telling_verdicts_from_the_other_side_leaves_win_rates_alone(verdicts):
    before, after = against_field(verdicts), against_field(verdicts.flipped_where(verdicts.prompt % 2 == 0))
    assert before.lower == pytest.approx(after.lower, nan_ok=True)
    assert before.rate == pytest.approx(after.rate, nan_ok=True)


def test_nobody_and_nothing_have_no_win_rates():
    assert 0 == len(against_field(board(names=[])).rate)
    assert [0, 0] == against_field(board(names=["a", "b"])).n.tolist()
    assert [0, 0, 0] == [len(column) for column in columns([])]
