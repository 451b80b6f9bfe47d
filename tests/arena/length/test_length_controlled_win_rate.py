import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from benchmarks.length_control import coverage
from judgeboard.arena.length.control import BadLengths, length_controlled
from judgeboard.arena.length.model import PENALTY, Meetings, length_model
from judgeboard.arena.length.prompt_ease import PromptEase
from judgeboard.arena.share import clustered_share
from judgeboard.arena.verdicts import UnknownContender
from tests.arena.boards import board, boards
from tests.arena.length_boards import drawn_length_board


def lengths_of(*sides):
    return np.array(sides, dtype=np.int64)


def of_side_a(verdicts, longer):
    """Lengths of which side a's are longer by the given numbers."""
    return np.stack([100 + np.array(longer), np.full(len(verdicts), 100)], axis=1)


def columns(found):
    return np.array([found.lc_rate, found.lower, found.upper, found.rate, found.length, found.follows])


def test_a_taste_for_length_alone_is_taken_out_of_the_rate():
    # longer answers win three of four, shorter ones lose three of four, and there are twice as many longer ones
    verdicts = board(*["m>b", "m>b", "m>b", "b>m"] * 40, *["b>m", "b>m", "b>m", "m>b"] * 20, names=["m", "b"])
    longer = np.where(np.array([name == 0 for name in verdicts.a]), 1, -1)
    longer[160:] *= -1
    found = length_controlled(verdicts, of_side_a(verdicts, longer), "b")
    # 120 + 20 of 240 points; sd of the difference sqrt(1 - 1/9), so log 3 = length * tanh(1 / 0.9428), all but the ridge
    assert (140 / 240, 240) == (pytest.approx(found.rate[0]), found.n[0])
    assert 0.5 == pytest.approx(found.lc_rate[0], abs=0.003)
    assert np.log(3) / np.tanh(1 / np.sqrt(8 / 9)) == pytest.approx(found.length[0], rel=0.01)
    assert ("controlled", "baseline") == found.state


def test_the_model_is_at_the_maximum_of_its_penalised_likelihood():
    rng = np.random.default_rng(4)
    meetings = Meetings(rng.choice([0, 0.5, 1], 50), rng.normal(0, 30, 50), rng.integers(0, 9, 50))
    ease = rng.normal(size=50)
    model = length_model(meetings, ease)
    x = np.stack([np.ones(50), np.tanh(meetings.difference / meetings.difference.std()), ease])
    slope = x @ (meetings.points - expit(model.coefficients @ x)) - np.array([0, PENALTY, PENALTY]) * model.coefficients
    assert np.zeros(3) == pytest.approx(slope, abs=1e-9)


def test_the_influence_of_a_verdict_is_what_its_weight_moves():
    """The derivative behind the interval, against the fit with one verdict's points moved a little."""
    rng = np.random.default_rng(5)
    points, difference, ease = rng.random(40), rng.normal(0, 30, 40), rng.normal(size=40)
    sums = []
    for step in (1e-4, -1e-4):
        moved = points.copy()
        moved[7] += step
        sums.append(length_model(Meetings(moved, difference, np.arange(40)), ease).equally_long().sum())
    model = length_model(Meetings(points, difference, np.arange(40)), ease)
    more = points.copy()
    more[7] += 1.0  # the part of the influence that goes with the points is linear in them
    assert (sums[0] - sums[1]) / 2e-4 == pytest.approx((model.influence(more) - model.influence(points))[7], rel=1e-4)


def test_no_contender_is_explained_by_its_own_verdicts():
    meetings = Meetings(np.array([1.0, 0, 1, 1]), np.array([1.0, -2, 3, 4]), np.array([0, 0, 1, 2]))
    model = length_model(meetings, np.zeros(4))
    assert np.zeros(4) == pytest.approx(PromptEase.of([(meetings, model)]).for_others(meetings, model))


def test_the_ease_of_a_prompt_is_one_step_from_the_mean_towards_what_the_others_took():
    meetings = Meetings(np.array([1.0, 1, 0, 0]), np.array([1.0, -1, 1, -1]), np.array([0, 0, 1, 1]))
    model, other = length_model(meetings, np.zeros(4)), Meetings(meetings.points, meetings.difference, meetings.prompt)
    # all probabilities are 1/2: residuals 1/2 + 1/2 and information 1/4 + 1/4 on prompt 0: 1 / (1/2 + 1); prompt 1 minus
    ease = PromptEase.of([(meetings, model), (other, model)]).for_others(meetings, model)
    assert [2 / 3, 2 / 3, -2 / 3, -2 / 3] == pytest.approx(ease.tolist())


def test_one_side_taking_every_point_is_named_and_keeps_the_plain_rate():
    verdicts = board("m>b", "m>b", "m>b", names=["m", "b"])
    found = length_controlled(verdicts, of_side_a(verdicts, [5, 1, -3]), "b")
    plain = clustered_share(np.ones(3), np.arange(3), 0.95)
    assert ("one_sided", 1.0, plain.lower) == (found.state[0], found.lc_rate[0], found.lower[0])
    assert np.isnan([found.length[0], found.follows[0]]).all()


def test_a_difference_that_is_always_the_same_cannot_be_told_from_the_contender():
    verdicts = board("m>b", "m>b", "b>m", names=["m", "b"])
    found = length_controlled(verdicts, lengths_of((9, 5), (9, 5), (5, 9)), "b")
    assert ("constant_lengths", 3) == (found.state[0], found.n[0])
    assert (2 / 3, True) == (found.rate[0], np.isnan([found.lc_rate[0], found.lower[0], found.upper[0]]).all())


def test_answers_that_are_always_equally_long_need_no_control():
    verdicts = board("m>b", "m>b", "b>m", names=["m", "b"])
    found = length_controlled(verdicts, lengths_of((7, 7), (9, 9), (5, 5)), "b")
    assert ("equal_lengths", 2 / 3) == (found.state[0], found.lc_rate[0])


def test_who_never_met_the_baseline_has_no_rate():
    verdicts = board("m>b", "b>m", "m>c", names=["m", "b", "c", "d"])
    found = length_controlled(verdicts, lengths_of((3, 5), (9, 4), (1, 8)), "b")
    assert ("controlled", "baseline", "never_met", "never_met") == found.state
    assert ([2, 0, 0, 0], [True] * 3) == (found.n.tolist(), np.isnan(found.lc_rate[1:]).tolist())
    assert np.isnan(found.follows[0])  # there is no other to follow


def test_winning_whenever_longer_leaves_a_finite_coefficient_and_an_open_rate():
    verdicts = board(*["m>b"] * 10, *["b>m"] * 10, names=["m", "b"])
    longer = np.concatenate([np.full(10, 5), np.full(10, 5)])
    found = length_controlled(verdicts, of_side_a(verdicts, longer), "b")
    assert ("controlled", 0.5) == (found.state[0], pytest.approx(found.lc_rate[0]))
    assert 2 < found.length[0] < 10
    assert found.upper[0] - found.lower[0] > 0.3


def test_an_unknown_baseline_is_refused():
    with pytest.raises(UnknownContender, match="'z' is not among the 2"):
        length_controlled(board("a>b"), lengths_of((1, 2)), "z")


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        (np.zeros(0), r"shape \(0,\); expected two for each of 1"),
        (np.zeros((2, 2)), r"shape \(2, 2\)"),
        (np.array([[1, -1]]), "negative or not a number"),
        (np.array([[1, np.nan]]), "negative or not a number"),
        (np.array([["1", "2"]]), "negative or not a number"),
    ],
)
def test_lengths_that_are_not_two_counts_a_verdict_are_refused(lengths, told):
    with pytest.raises(BadLengths, match=told):
        length_controlled(board("a>b"), lengths, "b")


@st.composite
def boards_with_lengths(draw):
    verdicts = draw(boards())
    side = st.lists(st.integers(0, 9), min_size=len(verdicts), max_size=len(verdicts))
    return verdicts, np.stack([draw(side), draw(side)], axis=1)


@given(boards_with_lengths())
def test_rates_lie_in_their_intervals_and_only_the_named_states_have_none(given_board):
    found = length_controlled(*given_board, "a")
    none = np.isin(found.state, ["baseline", "never_met", "constant_lengths"])
    assert none.tolist() == np.isnan(found.lc_rate).tolist()
    assert ((found.lower <= found.lc_rate + 1e-9) & (found.lc_rate <= found.upper + 1e-9) | none).all()
    assert ((found.lower >= 0) & (found.upper <= 1) | none).all()


@given(boards_with_lengths(), st.data())
def test_telling_verdicts_from_the_other_side_changes_nothing(given_board, data):
    verdicts, lengths = given_board
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(verdicts), max_size=len(verdicts))))
    told = length_controlled(
        verdicts.flipped_where(mask), np.where(mask[:, None], lengths[:, ::-1], lengths), verdicts.names[0]
    )
    before = length_controlled(verdicts, lengths, verdicts.names[0])
    assert before.state == told.state
    assert columns(before) == pytest.approx(columns(told), abs=1e-7, nan_ok=True)


@given(boards_with_lengths(), st.integers(2, 9))
def test_the_unit_of_length_does_not_matter(given_board, unit):
    verdicts, lengths = given_board
    before, after = (length_controlled(verdicts, scale * lengths, "a") for scale in (1, unit))
    assert columns(before) == pytest.approx(columns(after), abs=1e-7, nan_ok=True)


def test_the_rate_of_many_verdicts_is_the_one_that_equal_lengths_would_have():
    truth, verdicts, lengths = drawn_length_board(np.random.default_rng(6), contenders=20, prompts=1500)
    found = length_controlled(verdicts, lengths, "baseline")
    assert truth == pytest.approx(found.lc_rate[1:], abs=0.04)
    assert 0.02 < np.mean(found.rate[1:] - truth)  # longer answers flatter the plain rate
    # talents that the model does not know flatten its coefficients: about 1 / sqrt(1 + 0.6^2 / 2.9)
    assert 1 / np.sqrt(1 + 0.36 / 2.9) == pytest.approx(np.mean(found.follows[1:]), abs=0.1)


def test_nineteen_of_twenty_intervals_hold_the_truth():
    covered, bias, plain_bias = coverage(150, np.random.default_rng(7))
    assert 0.92 < covered < 0.97
    assert abs(bias) < 0.012 < 0.02 < plain_bias


def test_the_mean_preference_is_over_prompts_not_at_the_mean_prompt():
    meetings = Meetings(np.array([1.0, 0, 1, 0]), np.array([1.0, -1, -1, 1]), np.arange(4))
    model = length_model(meetings, np.array([2.0, -2, 2, -2]))
    strength, _, follows = model.coefficients
    assert [strength + 2 * follows, strength - 2 * follows] == pytest.approx(logit(model.equally_long()[:2]).tolist())
