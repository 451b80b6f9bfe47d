import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit
from scipy.stats import chi2

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.point_fit import PointFit, point_fit
from judgeboard.arena.rating.profile import profile_limits
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board, boards, drawn_board, drawn_newcomer_board

LADDER = ("a>b", "b>a", "b>c", "c>b", "a>c", "c>a")
THREE_OF_FOUR = ("a>b", "a>b", "a>b", "b>a")
THRESHOLD = chi2.ppf(0.95, 1)


def fitted(verdicts: Verdicts) -> PointFit:
    return point_fit(Tallies.of(verdicts).points())


def limits(found: PointFit, contrast: np.ndarray, effect: float = 1.0, level: float = 0.95) -> np.ndarray:
    """float64[k, 2]: what the core says of float64[k, M] contrasts."""
    each = np.full(len(contrast), effect)
    return np.stack(profile_limits(found.held, found.strength, found.inverse, contrast, each, level), axis=1)


def from_the_mean(found: PointFit) -> np.ndarray:
    """float64[M, M]: each contender beyond the mean of those it can be compared with."""
    together = found.contact.together
    return np.eye(len(together)) - together / np.maximum(together.sum(axis=1), 1)[:, None]


def log_likelihood(points: np.ndarray, strength: np.ndarray) -> float:
    return float((points * log_expit(strength[:, None] - strength)).sum())


def fallen(found: PointFit, contrast: np.ndarray, value: float) -> float:
    """Twice the fall of the log likelihood where the contrast has the value and the others are free to give way."""
    points, free = found.held, np.linalg.svd(contrast[None])[2][1:]
    start = found.strength + contrast * (value - contrast @ found.strength) / (contrast @ contrast)

    def cost(moved: np.ndarray) -> tuple[float, np.ndarray]:
        strength = start + moved @ free
        slope = (points - (points + points.T) * expit(strength[:, None] - strength)).sum(axis=1)
        return -log_likelihood(points, strength), -free @ slope

    least = minimize(cost, np.zeros(len(free)), jac=True, method="BFGS", options={"gtol": 1e-8}).fun
    return 2 * (log_likelihood(points, found.strength) + least)


def exact_limits(found: PointFit, contrast: np.ndarray) -> list[float]:
    here, reach = float(contrast @ found.strength), 1.0
    while min(fallen(found, contrast, here + way) for way in (-reach, reach)) < THRESHOLD:
        reach *= 2
    return [
        brentq(lambda at: fallen(found, contrast, at) - THRESHOLD, here, here + way, xtol=1e-6)
        for way in (-reach, reach)
    ]


def off_by(found: PointFit, contrast: np.ndarray) -> float:
    """The largest error of a limit, as a share of its distance from the maximum."""
    exact = np.array([exact_limits(found, one) for one in contrast])
    way = exact - (contrast @ found.strength)[:, None]
    return float(np.abs((limits(found, contrast) - exact) / way).max())


def newcomer(*games: str) -> Verdicts:
    """Three that know each other well, and one more."""
    return board(*LADDER * 30, *games)


def test_the_limits_of_two_contenders_are_where_the_likelihood_has_fallen():
    found = fit(board(*THREE_OF_FOUR))
    # residuals 3 x 1/4 and 1 x -3/4: B = 12/16, times G/(G-1) = 4/3; H = 4 x 3/16: the design effect is 4/3
    for limit in (found.lower[0], found.upper[0]):
        lead = 2 * (limit - 1000) / ELO
        fall = 3 * np.log(3 / 4) + np.log(1 / 4) - 3 * log_expit(lead) - log_expit(-lead)
        assert 3.841459 * 4 / 3 == pytest.approx(2 * fall, rel=1e-5)
    assert [True, True] == found.profiled.tolist()
    assert found.lower + found.upper[::-1] == pytest.approx(2000)


@settings(max_examples=60)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 3), st.floats(1, 30), st.floats(0.5, 0.999))
@example(1000, 0, 0, 10.0, 0.95)  # towards losing, the fall here grows faster than the fourth power of the way
def test_the_limits_of_any_two_contenders_meet_the_threshold(wins, losses, ties, effect, level):
    points = np.array([[0, wins + ties / 2], [losses + ties / 2, 0]])
    if not points.any():
        return
    found, contrast = point_fit(points), np.array([1.0, -1.0])
    lower, upper = limits(found, contrast[None], effect, level)[0]
    for limit in (lower, upper):
        assert chi2.ppf(level, 1) * effect == pytest.approx(fallen(found, contrast, limit), rel=1e-5)
    assert lower < contrast @ found.strength < upper


@pytest.mark.parametrize(
    "games",
    [
        ("d>a", "d>b", "c>d", "d>a", "d>b"),
        ("d>a", "d>b", "d>c", "d>a", "d>b"),
        ("a>d", "b>d"),
        ("d=a",),
        ("d>a", "e>b", "e>d", "c>e", "d=e"),
    ],
)
def test_newcomers_among_the_known_get_the_exact_profile_within_two_per_cent(games):
    found = fitted(newcomer(*games))
    among = np.arange(3, len(found.strength))
    anchored = np.eye(len(found.strength)) - np.eye(len(found.strength))[0]
    assert off_by(found, from_the_mean(found)[among]) < 0.02
    assert off_by(found, anchored[among]) < 0.02


def test_a_board_of_newcomers_alone_gets_it_too():
    for seed in (1, 2):
        _, verdicts = drawn_board(np.random.default_rng(seed), contenders=6, matches=40)
        found = fitted(verdicts)
        assert found.contact.bounded.all()
        assert off_by(found, from_the_mean(found)) < 0.02


def test_what_the_profile_is_off_by_fades_like_a_second_order():
    once = ("a>b", "a>b", "a>b", "a>b", "b>a", "b>c", "b>c", "b>c", "c>b", "c>d", "d>c")
    few, more = (fitted(board(*once * times)) for times in (1, 16))
    # the first term left out is of the order of one over the matches
    assert off_by(more, from_the_mean(more)) < off_by(few, from_the_mean(few)) / 12


@settings(max_examples=30)
@given(boards())
def test_at_a_limit_the_exact_profile_has_fallen_no_further(verdicts):
    """The way along which the others give way is one of many, and the exact profile takes the best."""
    found = fitted(verdicts)
    rated = np.flatnonzero(found.contact.component >= 0)
    contrast = from_the_mean(found)[rated]
    both = limits(found, contrast)
    assert (both[:, 0] < found.strength[rated]).all()
    assert (found.strength[rated] < both[:, 1]).all()
    for one, pair in zip(contrast, both, strict=True):
        for limit in pair:
            assert 0 < fallen(found, one, limit) <= THRESHOLD * (1 + 1e-5)


def test_whoever_never_lost_has_a_lower_limit_where_wins_grow_unlikely_and_an_upper_far_away():
    found = fit(board("a>b", "a>b", "a>b"))
    # 3.25 points to 0.25, so P = 13/14, each residual is 1/14, and the design effect is held at 1
    best = 3.25 * np.log(13 / 14) + 0.25 * np.log(1 / 14)
    low, high = (2 * (limit[0] - 1000) / ELO for limit in (found.lower, found.upper))
    assert 3.841459 / 2 == pytest.approx(best - 3.25 * log_expit(low) - 0.25 * log_expit(-low), rel=1e-5)
    # far up only the quarter of a loss counts: lead / 4 = 0.90061 + 3.84146 / 2
    assert 4 * (0.90061 + 3.84146 / 2) == pytest.approx(high, rel=1e-4)


@pytest.mark.parametrize("wins", [2, 60])
def test_whoever_never_lost_is_profiled_whatever_its_matches(wins):
    found = fit(newcomer(*("d>a", "d>b") * wins))
    assert [False, False, False, True] == found.profiled.tolist()
    assert found.upper[3] - found.rating[3] > 2 * (found.rating[3] - found.lower[3])
    assert found.rating[:3].max() < found.lower[3]


@pytest.mark.parametrize(
    ("games", "prompts", "profiled"),
    [
        (("d>a", "a>d") * 19 + ("d>a",), range(39), True),
        (("d>a", "a>d") * 20, range(40), False),
        (("d>a", "a>d") * 50, [0] * 100, True),  # one match, told a hundred times
        (("d>a", "a>d") * 100, [k // 5 for k in range(200)], False),
        (("d>a", "a>d", "d>b", "b>d") * 20, [k // 4 for k in range(80)], False),  # twenty prompts, two opponents
        (("d>a", "a>d", "d>b", "b>d") * 20, [0] * 80, True),
        (("d>a", "a>d") * 19 + ("d>a", "d!a"), range(40), False),
    ],
)
def test_forty_meetings_on_different_prompts_or_with_different_opponents_are_no_longer_few(games, prompts, profiled):
    crowd = LADDER * 30
    verdicts = board(*crowd, *games, prompts=[*range(len(crowd)), *(len(crowd) + k for k in prompts)])
    for interval in ("prompt", "match"):
        assert [False, False, False, profiled] == fit(verdicts, interval=interval).profiled.tolist()


def test_verdicts_that_are_dropped_are_no_meetings():
    verdicts = newcomer(*("d>a", "a>d") * 19, "d>a", "d!a")
    assert [False, True] == [fit(verdicts, both_bad=rule).profiled[3] for rule in ("tie", "dropped")]


@pytest.mark.parametrize("games", [("a>b",), THREE_OF_FOUR, ("a>b", "b>c", "c>a")])
def test_the_anchor_is_never_profiled(games):
    found = fit(board(*games), scale=EloScale("a", 1300))
    assert [False] + [True] * (len(found.names) - 1) == found.profiled.tolist()
    assert (1300, 1300, 1300) == (found.lower[0], found.rating[0], found.upper[0])
    assert 0 == pytest.approx(found.covariance[0, 0])


def test_the_models_own_interval_is_never_profiled():
    for games in (("a>b",), THREE_OF_FOUR):
        found = fit(board(*games), interval="fisher")
        assert [False, False] == found.profiled.tolist()
        assert found.upper - found.rating == pytest.approx(found.rating - found.lower)


def test_contenders_without_matches_have_no_profile():
    found = fit(board("a>b", "x>y", names=[*"zabxy"]))
    assert [False, True, True, True, True] == found.profiled.tolist()
    assert np.isnan([found.lower[0], found.upper[0], found.covariance[0, 0]]).all()
    assert found.lower[1:3] == pytest.approx(found.lower[3:])


def test_a_design_effect_of_two_moves_the_threshold_twice_as_high():
    found = fitted(newcomer("d>a", "d>b", "c>d"))
    contrast = from_the_mean(found)[3:]
    wide = limits(found, contrast, effect=2.0)
    assert wide == pytest.approx(limits(found, contrast, level=chi2.cdf(2 * THRESHOLD, 1)))
    plain = limits(found, contrast)
    assert wide[0, 0] < plain[0, 0] < plain[0, 1] < wide[0, 1]


def test_saying_everything_twice_makes_a_profile_no_surer():
    verdicts = board(*THREE_OF_FOUR)
    before, after = fit(verdicts), fit(verdicts.where(np.tile(np.arange(4), 2)))
    # twice the likelihood, and with the clusters' sums doubled B is fourfold and H double: twice the effect
    assert before.lower == pytest.approx(after.lower, rel=1e-5)
    assert before.upper == pytest.approx(after.upper, rel=1e-5)


def test_differences_with_a_contender_of_few_matches_are_no_surer_than_its_interval():
    found = fit(newcomer("d>a", "d>b", "d>c"))
    half_width = (found.upper - found.lower) / 2 / 1.959964
    assert half_width**2 == pytest.approx(np.diag(found.covariance), rel=1e-5)


def test_five_matches_of_a_newcomer_far_ahead_cover_the_truth():
    rng = np.random.default_rng(5)
    boards_of_a_newcomer = [drawn_newcomer_board(rng, matches=5) for _ in range(100)]
    found = [(truth[-1], fit(verdicts)) for truth, verdicts in boards_of_a_newcomer]
    assert all(one.profiled.tolist() == [False] * 12 + [True] for _, one in found)
    assert 0.93 <= np.mean([one.lower[-1] <= truth <= one.upper[-1] for truth, one in found])


def test_the_newcomer_is_as_far_ahead_as_was_asked():
    for ahead in (400.0, -100.0):
        truth, verdicts = drawn_newcomer_board(np.random.default_rng(6), matches=3, ahead=ahead)
        assert ahead == pytest.approx(truth[-1] - truth[:-1].mean())
        assert 1000 == pytest.approx(truth.mean())
        assert (13, "newcomer", 6) == (len(truth), verdicts.names[-1], np.count_nonzero(verdicts.a == 12))
