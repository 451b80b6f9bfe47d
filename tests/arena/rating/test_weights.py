import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.rating.bradley_terry import fit, fit_tallies
from judgeboard.arena.rating.weights import BadWeights, pair_weights, row_weights, weighted_points
from judgeboard.arena.tallies import Tallies, cells
from tests.arena.boards import board, boards, drawn_board

FIELDS = ("rating", "lower", "upper", "covariance", "n_verdicts", "profiled")


def test_weights_have_a_mean_of_one():
    assert [0.5, 1.5] == row_weights(np.array([1, 3]), 2).tolist()
    # two verdicts on the first pair and one on the second: 2 * 1 + 1 * 4 = 6, so all are halved
    points = np.array([[0, 1, 1], [1, 0, 0], [0, 0, 0.0]])
    weight = np.array([[0, 1, 4], [1, 0, 0], [4, 0, 0.0]])
    assert (weight / 2).tolist() == pair_weights(weight, points).tolist()


def test_a_verdict_of_three_times_the_weight_is_three_wins():
    found = fit(board("a>b", "b>a"), weight=np.array([3.0, 1.0]))
    assert 400 * np.log10(3) == pytest.approx(found.rating[0] - found.rating[1])
    assert [2, 2] == found.n_verdicts.tolist()


@pytest.mark.parametrize("interval", ["prompt", "match", "fisher"])
@pytest.mark.parametrize("constant", [1.0, 0.2, 50])
def test_a_weight_that_all_have_changes_nothing(interval, constant):
    _, verdicts = drawn_board(np.random.default_rng(1), contenders=5, prompts=20, matches=200)
    before = fit(verdicts, interval=interval)
    after = fit(verdicts, interval=interval, weight=np.full(len(verdicts), constant))
    for field in FIELDS:
        assert getattr(before, field) == pytest.approx(getattr(after, field))


@given(boards(), st.data())
def test_a_whole_weight_is_so_many_rows(verdicts, data):
    times = np.array(data.draw(st.lists(st.integers(1, 4), min_size=len(verdicts), max_size=len(verdicts))))
    weighted, repeated = fit(verdicts, weight=times), fit(verdicts.where(np.repeat(np.arange(len(verdicts)), times)))
    if repeated.bounded.all():  # pseudo-matches weigh more beside fewer verdicts
        assert repeated.rating == pytest.approx(weighted.rating, abs=1e-5)


def test_the_sandwich_of_weighted_rows_is_that_of_repeated_ones():
    _, verdicts = drawn_board(np.random.default_rng(2), contenders=5, prompts=100, matches=400)
    times = np.random.default_rng(3).integers(1, 4, len(verdicts))
    repeated = fit(verdicts.where(np.repeat(np.arange(len(verdicts)), times)))
    assert repeated.covariance == pytest.approx(fit(verdicts, weight=times).covariance, rel=1e-5)


def test_a_verdict_without_weight_says_nothing():
    # pseudo-matches aside: both sides still win
    verdicts = board("a>b", "b>a", "a>b", "b>a")
    found = fit(verdicts, weight=np.array([1.0, 1, 1, 0]))
    assert fit(verdicts.where(np.arange(3))).rating == pytest.approx(found.rating)


def test_weights_stay_with_their_verdicts_where_both_bad_is_dropped():
    verdicts = board("a!b", "a>b", "b>a")
    found = fit(verdicts, both_bad="dropped", weight=np.array([9.0, 3, 1]))
    assert 400 * np.log10(3) == pytest.approx(found.rating[0] - found.rating[1])


@given(boards(), st.integers(0, 2**32 - 1))
def test_a_weight_by_pair_is_that_weight_of_its_verdicts(verdicts, seed):
    weight = np.random.default_rng(seed).uniform(0.2, 3, (len(verdicts.names),) * 2)
    weight += weight.T
    by_row = fit(verdicts, interval="fisher", weight=weight[verdicts.a, verdicts.b])
    by_pair = fit_tallies(Tallies.of(verdicts), weight=weight)
    for field in FIELDS:
        assert getattr(by_row, field) == pytest.approx(getattr(by_pair, field), abs=1e-4, nan_ok=True)


@given(boards())
def test_points_of_verdicts_that_weigh_the_same_are_counted_ones(verdicts):
    told = weighted_points(cells(verdicts), np.ones(len(verdicts)), len(verdicts.names))
    assert Tallies.of(verdicts).points().tolist() == told.tolist()


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        ([1.0], "have the shape \\(1,\\); expected one for each of 2"),
        ([[1.0, 2.0]], "have the shape \\(1, 2\\)"),
        ([1.0, -1], "negative or not a number"),
        ([1.0, np.nan], "negative or not a number"),
        ([1.0, np.inf], "negative or not a number"),
        ([0.0, 0], "All weights are zero"),
    ],
)
def test_weights_of_verdicts_that_make_no_sense_are_refused(weight, sentence):
    with pytest.raises(BadWeights, match=sentence):
        fit(board("a>b", "b>a"), weight=np.array(weight))


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        ([1.0, 2], "have the shape \\(2,\\); expected \\(2, 2\\), one for each pair"),
        ([[0, 1.0], [2, 0]], "differ between a pair told from one side and from the other"),
        ([[0, -1.0], [-1, 0]], "negative or not a number"),
        ([[0, 0.0], [0, 0]], "All weights are zero"),
    ],
)
def test_weights_of_pairs_that_make_no_sense_are_refused(weight, sentence):
    with pytest.raises(BadWeights, match=sentence):
        fit_tallies(Tallies.of(board("a>b", "b>a")), weight=np.array(weight))


def test_no_verdicts_need_no_weights():
    none = board(names=["a", "b"])
    assert np.isnan(fit(none, weight=np.array([])).rating).all()
    assert np.isnan(fit_tallies(Tallies.of(none), weight=np.ones((2, 2))).rating).all()


def test_weight_on_pairs_that_never_met_alone_leaves_nothing_that_counts():
    weight = np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0.0]])
    with pytest.raises(BadWeights, match="All weights"):
        fit_tallies(Tallies.of(board("a>b", "b>a", names=["a", "b", "c"])), weight=weight)


def test_pair_weights_need_not_know_pairs_that_never_met():
    verdicts = board("a>b", "b>a", "b>c", "c>b", "b>c")
    weight = np.array([[0, 2, 0], [2, 0, 2], [0, 2, 0.0]])
    expected = fit_tallies(Tallies.of(verdicts)).rating
    assert expected == pytest.approx(fit_tallies(Tallies.of(verdicts), weight=weight).rating)
    assert expected == pytest.approx(fit_tallies(Tallies.of(verdicts), weight=weight + 7 * (weight == 0)).rating)
