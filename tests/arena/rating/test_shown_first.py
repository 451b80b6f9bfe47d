import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.special import expit

from judgeboard.arena.rating.point_fit import point_fit
from judgeboard.arena.rating.shown_first import BadOrders, fit_orders, position_is_bounded

NAMES = "abcdef"
LADDER = ("a>b", "a<b", "b>a", "b<a")


def told(*games: str, contenders: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Counts by order from words: "x>y" x was shown first and won, "x<y" shown first and lost, "x=y" a tie."""
    won, n = np.zeros((2, contenders, contenders))
    for first, points, second in games:
        pair = NAMES.index(first), NAMES.index(second)
        won[pair] += {">": 1.0, "=": 0.5, "<": 0.0}[points]
        n[pair] += 1
    return won, n


@st.composite
def orders(draw: st.DrawFn, most: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Any counts by order of two to five contenders, ties among them."""
    size = draw(st.integers(2, 5))
    verdicts = st.integers(0, most).flatmap(lambda n: st.tuples(st.integers(0, 2 * n), st.just(n)))
    cells = np.array(draw(st.lists(verdicts, min_size=size**2, max_size=size**2)), dtype=float)
    won, n = cells.T.reshape(2, size, size) * (1 - np.eye(size))
    return won / 2, n


def points(won: np.ndarray, n: np.ndarray) -> np.ndarray:
    """What the row took from the column, whatever the order."""
    return won + (n - won).T


def by_order(skill: np.ndarray, position: float) -> np.ndarray:
    """The chance that the row, shown first, beats the column."""
    return expit(skill[:, None] - skill + position)


def cost(at: np.ndarray, won: np.ndarray, n: np.ndarray) -> float:
    """Minus the log likelihood, order by order."""
    lead = at[:-1, None] - at[:-1] + at[-1]
    return (won * np.logaddexp(0, -lead) + (n - won) * np.logaddexp(0, lead)).sum()


def test_two_contenders_are_apart_by_half_the_difference_of_their_log_odds_and_the_position_is_half_the_sum():
    found = fit_orders([[0, 8], [6, 0]], [[0, 10], [10, 0]])
    # a shown first wins 8 : 2, lead + position = log 4; b shown first wins 6 : 4, position - lead = log 1.5
    assert (np.log(4) - np.log(1.5)) / 2 == pytest.approx(found.strength[0] - found.strength[1])
    assert (np.log(4) + np.log(1.5)) / 2 == pytest.approx(found.position)
    # sqrt(4 * 1.5) = sqrt 6, in Elo points 400 log10
    assert 200 * np.log10(6) == pytest.approx(found.position_elo)
    assert ([True, True], True, [0, 0]) == (found.bounded.tolist(), found.position_bounded, found.component.tolist())


def test_the_covariance_of_two_contenders_is_the_inverse_of_the_bordered_information():
    found = fit_orders([[0, 8], [6, 0]], [[0, 10], [10, 0]])
    # n p (1 - p) is 1.6 with a shown first, 2.4 with b: 4 between the two, 1.6 - 2.4 between a and the position
    assert np.linalg.pinv([[4, -4, -0.8], [-4, 4, 0.8], [-0.8, 0.8, 4]]) == pytest.approx(found.covariance)
    # log odds have the variances 1/1.6 and 1/2.4; lead and position are half their difference and half their sum:
    # variances (5/8 + 5/12) / 4 = 25/96, covariance (5/8 - 5/12) / 4 = 5/96; a strength is half the lead
    assert (25 / 384, 5 / 192, 25 / 96) == pytest.approx(found.covariance[[0, 0, 2], [0, 2, 2]])


@settings(max_examples=30)
@given(orders())
def test_newton_finds_what_a_general_optimiser_finds(counts):
    found = fit_orders(*counts)
    assume(found.bounded.all() and found.position_bounded and found.component.max() == 0)
    peer = minimize(cost, np.zeros(len(counts[0]) + 1), counts, method="BFGS", options={"gtol": 1e-6}).x
    assert peer[:-1] - peer[:-1].mean() == pytest.approx(found.strength, abs=1e-3)
    assert peer[-1] == pytest.approx(found.position, abs=1e-3)


@settings(max_examples=40)
@given(orders())
def test_where_both_orders_were_told_alike_there_is_no_position_and_strengths_are_those_of_bradley_and_terry(counts):
    won, n = points(*counts), counts[1] + counts[1].T
    plain, found = point_fit(2 * won), fit_orders(won, n)
    met = plain.contact.component >= 0
    assume(met.any())
    assert 0 == pytest.approx(found.position, abs=1e-9)
    assert plain.strength[met] == pytest.approx(found.strength[met], abs=1e-6)
    expected = np.where(plain.contact.together, plain.inverse.matrix, np.nan)
    assert expected == pytest.approx(found.covariance[:-1, :-1], abs=1e-6, rel=1e-4, nan_ok=True)


@settings(max_examples=40)
@given(orders())
def test_relabelling_contenders_permutes_strengths(counts):
    before, after = fit_orders(*counts), fit_orders(*(table[::-1, ::-1] for table in counts))
    assert before.strength[::-1] == pytest.approx(after.strength, abs=1e-6, nan_ok=True)
    assert before.position == pytest.approx(after.position, abs=1e-6, nan_ok=True)
    turned = np.append(np.arange(len(before.strength))[::-1], -1)
    assert before.covariance[np.ix_(turned, turned)] == pytest.approx(after.covariance, abs=1e-6, rel=1e-4, nan_ok=True)
    assert before.bounded[::-1].tolist() == after.bounded.tolist()


@settings(max_examples=40)
@given(orders())
def test_exchanging_first_and_second_turns_the_position_around_and_keeps_strengths(counts):
    won, n = counts
    before, after = fit_orders(won, n), fit_orders((n - won).T, n.T)
    assert -before.position == pytest.approx(after.position, abs=1e-6, nan_ok=True)
    assert before.strength == pytest.approx(after.strength, abs=1e-6, nan_ok=True)
    sign = np.append(np.ones(len(won)), -1)
    turned = sign[:, None] * before.covariance * sign
    assert turned == pytest.approx(after.covariance, abs=1e-6, rel=1e-4, nan_ok=True)
    assert before.position_bounded == after.position_bounded


def test_a_rater_that_always_picks_the_first_has_a_finite_position_that_is_not_bounded():
    found = fit_orders([[0, 10], [10, 0]], [[0, 10], [10, 0]])
    # 20 wins of the first and half a drawn pseudo-match: 20.25 to 0.25
    assert np.log(81) == pytest.approx(found.position)
    assert [0, 0] == pytest.approx(found.strength)
    assert ([True, True], False) == (found.bounded.tolist(), found.position_bounded)


def test_orders_that_were_never_changed_leave_the_position_open():
    found = fit_orders([[0, 8], [0, 0]], [[0, 10], [0, 0]])
    # the position has half a drawn pseudo-match, of information 1/8; the lead has the odds 8 : 2 to itself
    assert (0, np.log(4)) == pytest.approx((found.position, found.strength[0] - found.strength[1]))
    assert 8 == pytest.approx(found.covariance[2, 2])
    assert not found.position_bounded


@pytest.mark.parametrize(
    ("games", "bounded"),
    [
        (("a>b", "b>a"), False),  # always the first
        (("a<b", "b<a"), False),  # always the second
        (("a>b", "b<a"), False),  # never anybody but a
        (("a>b", "a<b"), False),  # a was always shown first
        (LADDER, True),
        (("a>b", "b>a", "c<d", "d<c"), True),  # another pair, which never met the first, flips the other way
        (("a>b", "b>a", "c>d", "d>c"), False),
        (("a=b",), False),
        (("a=b", "b=a"), True),
        (("a>b", "b>c", "c>a"), False),
        (("a>b", "b>c", "a<c"), False),  # the cycle's one win of the second does not outweigh two of the first
        (("a>b", "b>c", "c>a", "a<b", "b<c", "c<a"), True),  # round one way by the first, the other by the second
        (("a>b", "a<b", "b>c", "b<c", "a>c", "a<c"), True),  # never changed, but two steps hold two positions
    ],
)
def test_the_position_has_an_end_where_some_rounds_go_to_the_first_and_some_to_the_second(games, bounded):
    assert bounded is fit_orders(*told(*games, contenders=4)).position_bounded


@settings(max_examples=60)
@given(orders(most=2))
def test_the_position_is_bounded_where_no_strengths_go_with_it_to_infinity(counts):
    won, n = counts
    size = len(won)
    lead = np.eye(size)[:, None] - np.eye(size)
    with_position = np.append(lead, np.ones((size, size, 1)), axis=2)
    never_worse = np.concatenate([-with_position[won > 0], with_position[won < n]])

    def separated(position: float) -> bool:
        limits = [(None, None)] * size + [(position, position)]
        return linprog(np.zeros(size + 1), never_worse, np.zeros(len(never_worse)), bounds=limits).status == 0

    assume(len(never_worse))
    assert (not separated(1) and not separated(-1)) == position_is_bounded(won, n)


def test_groups_that_never_met_share_the_position_and_nothing_else():
    won, n = np.zeros((2, 4, 4))
    won[:2, :2] = won[2:, 2:] = [[0, 8], [6, 0]]
    n[:2, :2] = n[2:, 2:] = [[0, 10], [10, 0]]
    one, found = fit_orders(won[:2, :2], n[:2, :2]), fit_orders(won, n)
    assert [0, 0, 1, 1] == found.component.tolist()
    assert np.tile(one.strength, 2) == pytest.approx(found.strength)
    # twice the verdicts on the position
    assert (one.position, one.covariance[2, 2] / 2) == pytest.approx((found.position, found.covariance[4, 4]))
    assert np.isnan(found.covariance[:2, 2:4]).all()
    assert 8 == np.isnan(found.covariance).sum()


def test_a_contender_without_verdicts_is_unrated_and_changes_nothing():
    alone, found = fit_orders(*told(*LADDER, "a>b", contenders=2)), fit_orders(*told(*LADDER, "a>b"))
    assert [*alone.strength, np.nan] == pytest.approx(found.strength, nan_ok=True)
    assert ([0, 0, -1], [True, True, False]) == (found.component.tolist(), found.bounded.tolist())
    assert alone.covariance == pytest.approx(found.covariance[np.ix_([0, 1, 3], [0, 1, 3])])
    assert np.isnan([found.covariance[2], found.covariance[:, 2]]).all()


@pytest.mark.parametrize("contenders", [0, 1, 3])
def test_no_verdicts_measure_nothing(contenders):
    found = fit_orders(*told(contenders=contenders))
    assert np.isnan([found.position, found.position_elo, *found.strength, *found.covariance.ravel()]).all()
    assert ([-1] * contenders, False) == (found.component.tolist(), found.position_bounded)
    assert not found.bounded.any()


def test_a_contender_that_never_lost_is_finite_and_marked():
    found = fit_orders(*told(*LADDER, "c>a", "a<c"))
    # a fair ladder and both orders alike, so no position; 2 wins and half a drawn pseudo-match: 2.25 to 0.25
    assert (0, np.log(9)) == pytest.approx((found.position, found.strength[2] - found.strength[0]), abs=1e-8)
    assert ([True, True, False], True) == (found.bounded.tolist(), found.position_bounded)


@pytest.mark.parametrize(
    ("first_won", "n_first", "sentence"),
    [
        ([[0, 1]], [[0, 1]], r"shapes \(1, 2\) and \(1, 2\); expected the same square for both"),
        ([[0, 1], [1, 0]], [[0]], r"shapes \(2, 2\) and \(1, 1\); expected the same square for both"),
        ([0, 1], [0, 1], r"shapes \(2,\) and \(2,\)"),
        ([[0, -1], [1, 0]], [[0, 1], [1, 0]], "A count is negative or not a number"),
        ([[0, np.nan], [1, 0]], [[0, 1], [1, 0]], "A count is negative or not a number"),
        ([[0, 1], [1, 0]], [[0, np.inf], [1, 0]], "A count is negative or not a number"),
        ([[0, 2], [1, 0]], [[0, 1], [1, 0]], "a contender took more points than it had verdicts"),
        ([[1, 1], [1, 0]], [[2, 1], [1, 0]], "A contender is counted against itself"),
    ],
)
def test_counts_that_no_verdicts_have_are_refused(first_won, n_first, sentence):
    with pytest.raises(BadOrders, match=sentence):
        fit_orders(first_won, n_first)


def test_equals_shown_first_unequally_often_are_equal_here_and_apart_with_orders_merged():
    # the first shown wins 3 of 4; a is first in 400 of 500 verdicts, so it takes 300 + 25 points and b 75 + 100 - 25
    won, n = np.array([[0, 300], [75, 0]]), np.array([[0, 400], [100, 0]])
    merged, found = point_fit(points(won, n)).strength, fit_orders(won, n)
    assert np.log(325 / 175) == pytest.approx(merged[0] - merged[1])
    assert (0, np.log(3)) == pytest.approx((found.strength[0] - found.strength[1], found.position), abs=1e-8)


@pytest.mark.parametrize("position", [-1.0, 0.4, 2.0])
def test_the_strengths_behind_expected_counts_are_found_in_any_mix_of_orders(position):
    skill = np.array([0.9, 0.2, -0.3, -0.8])
    n = np.random.default_rng(3).integers(5, 200, (4, 4)) * (1 - np.eye(4))
    won = n * by_order(skill, position)
    found = fit_orders(won, n)
    assert [*skill, position] == pytest.approx([*found.strength, found.position])
    assert np.abs(point_fit(points(won, n)).strength - skill).max() > 0.05


def test_where_the_model_is_true_its_intervals_cover_strengths_and_position():
    rng = np.random.default_rng(72)
    strengths, positions = [], []
    for _ in range(150):
        skill, position = rng.normal(0, 0.7, 5), rng.normal(0, 0.5)
        n = rng.integers(5, 60, (5, 5)) * (1 - np.eye(5, dtype=int))
        found = fit_orders(rng.binomial(n, by_order(skill, position)), n)
        off = np.append(found.strength - (skill - skill.mean()), found.position - position)
        covered = np.abs(off) <= 1.959964 * np.sqrt(np.diag(found.covariance))
        strengths.append(covered[:-1].mean())
        positions.append(covered[-1])
    assert 0.93 <= np.mean(strengths) <= 0.97
    assert 0.91 <= np.mean(positions) <= 0.99
