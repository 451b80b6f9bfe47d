from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import minimize
from scipy.special import softmax
from scipy.stats import chi2

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.davidson import fit_davidson
from judgeboard.arena.rating.rounds import has_negative_round
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import MatchesDiffer, Verdicts
from tests.arena.boards import board, boards
from tests.arena.reference_data import gpt4_verdicts, human_votes, needs_data

FIELDS = ("rating", "lower", "upper", "covariance", "n_verdicts", "component", "bounded", "profiled")


def two(wins: int, losses: int, ties: int) -> Verdicts:
    return board(*("a>b",) * wins, *("b>a",) * losses, *("a=b",) * ties)


def cost(at: np.ndarray, tallies: Tallies) -> float:
    """Minus Davidson's log likelihood, written out pair by pair."""
    total = 0.0
    for i, j in zip(*np.triu_indices(len(tallies.names), 1), strict=True):
        told = tallies.wins[i, j], tallies.wins[j, i], (tallies.ties + tallies.both_bad)[i, j]
        total -= np.array(told) @ np.log(softmax([at[i], at[j], at[-1] + (at[i] + at[j]) / 2]))
    return total


def davidson_board(
    rng: np.random.Generator, *, contenders: int = 6, matches: int = 1200, nu: float = 0.8
) -> tuple[np.ndarray, Verdicts]:
    """(true ratings around 1000, verdicts of the model, each on a prompt of its own)."""
    skill = rng.normal(0, 0.7, contenders)
    a = rng.integers(contenders, size=matches)
    b = (a + rng.integers(1, contenders, size=matches)) % contenders
    logits = np.stack([skill[a], skill[b], np.log(nu) + (skill[a] + skill[b]) / 2], axis=1)
    outcome = (rng.random(matches)[:, None] > softmax(logits, axis=1).cumsum(axis=1)).sum(axis=1)
    row, none = np.arange(matches), np.zeros(matches, dtype=np.int64)
    verdicts = Verdicts(tuple("abcdefghij"[:contenders]), a, b, outcome, row, none, none - 1, row)
    return 1000 + ELO * (skill - skill.mean()), verdicts


def test_two_contenders_are_as_far_apart_as_their_wins_whatever_their_ties():
    found = fit_davidson(two(8, 2, 6))
    # wins 8 : 2 are odds of 4; nu = T / sqrt(W1 W2) = 6 / 4; equals would tie 1.5 / 3.5 of their matches
    assert 400 * np.log10(4) == pytest.approx(found.rating[0] - found.rating[1])
    assert (1.5, 3 / 7) == pytest.approx((found.nu, found.tie_chance))
    assert ("measured", [16, 16]) == (found.ties, found.n_verdicts.tolist())


def test_the_model_interval_of_two_contenders_is_that_of_the_decided_matches():
    found = fit_davidson(two(8, 2, 6), interval="fisher")
    # two parameters for the shares of three outcomes: the log odds of wins have the variance 1/8 + 1/2
    assert 1.959964 * ELO * np.sqrt(1 / 8 + 1 / 2) / 2 == pytest.approx(found.upper[0] - found.rating[0], rel=1e-6)
    assert (0, [False, False]) == (found.n_clusters, found.profiled.tolist())


def test_the_sandwich_of_two_contenders_is_the_models_widened_for_few_clusters():
    found = fit_davidson(two(80, 20, 60))
    # the shares fit exactly, so B = H and the effect is G / (G - 1) = 160/159; with two parameters delta = 2 / 158
    variance = (1 / 80 + 1 / 20) * 160 / 159
    assert variance * (1 + 2 / 158) * ELO**2 / 4 == pytest.approx(found.covariance[0, 0])
    assert 160 == found.n_clusters


def test_the_interval_of_nu_is_where_the_likelihood_has_fallen():
    verdicts = two(5, 5, 10)
    found, tallies = fit_davidson(verdicts, interval="fisher"), Tallies.of(verdicts)
    best = cost(np.array([0.0, 0.0, np.log(2.0)]), tallies)
    # strengths stay equal for any nu, by symmetry
    for limit in (found.nu_lower, found.nu_upper):
        assert chi2.ppf(0.95, 1) == pytest.approx(2 * (cost(np.array([0, 0, np.log(limit)]), tallies) - best), rel=1e-4)
    chances = found.tie_chance_interval
    assert (found.nu_lower / (2 + found.nu_lower), found.nu_upper / (2 + found.nu_upper)) == pytest.approx(chances)


@settings(max_examples=30)
@given(boards(least=12))
def test_newton_finds_what_a_general_optimiser_finds(verdicts):
    found = fit_davidson(verdicts)
    if found.ties != "measured" or not found.bounded.all() or found.component.max() > 0:
        return
    peer = minimize(cost, np.zeros(len(found.names) + 1), Tallies.of(verdicts), method="BFGS", options={"gtol": 1e-6}).x
    assert peer[:-1] - peer[:-1].mean() == pytest.approx((found.rating - 1000) / ELO, abs=1e-3)
    assert peer[-1] == pytest.approx(np.log(found.nu), abs=1e-3)


@given(boards())
def test_without_ties_the_ratings_are_those_of_bradley_and_terry(verdicts):
    decided = replace(verdicts, outcome=verdicts.outcome % 2)
    plain, found = fit(decided), fit_davidson(decided)
    assert ("none", 0, 0) == (found.ties, found.nu, found.nu_lower)
    for field in FIELDS:
        assert getattr(plain, field) == pytest.approx(getattr(found, field), nan_ok=True)


def test_no_ties_of_a_hundred_leave_open_what_they_leave_open():
    found = fit_davidson(two(50, 50, 0))
    # equals decide all of 100 with the chance (2 / (2 + nu))^100: twice its log is -3.8415 where ties are 1.9 %
    assert (0, 1 - np.exp(-3.8415 / 200)) == pytest.approx(found.tie_chance_interval, rel=1e-4)


def test_ties_alone_leave_nu_without_an_end():
    found = fit_davidson(two(0, 0, 30))
    # 30 ties and half a decided match: of 30.5, 30 are ties, so nu / 2 is 60 to 1
    assert ("unlimited", 120, np.inf) == (found.ties, pytest.approx(found.nu), found.nu_upper)
    assert [1000, 1000] == pytest.approx(found.rating.tolist())
    assert [False, False] == found.bounded.tolist()
    assert 0.8 < found.tie_chance_interval[0] < found.tie_chance < found.tie_chance_interval[1] == 1
    assert (found.upper - found.lower > 200).all()


@pytest.mark.parametrize(
    ("games", "state"),
    [
        (("a>b", "b>a", "a=b"), "measured"),
        (("a>b", "a=b"), "unlimited"),
        (("a>b", "b>c", "c>a", "a=b"), "measured"),
        (("a>b", "b>c", "a=c"), "measured"),  # two wins, one tie on the way back
        (("a>b", "b=c", "a=c"), "unlimited"),
        (("a>b", "a=b", "b>c", "b=c"), "unlimited"),
        (("a=b", "x>y", "y>x"), "measured"),  # one nu for all, in groups that never met too
    ],
)
def test_nu_has_an_end_where_some_round_has_more_wins_than_ties(games, state):
    assert state == fit_davidson(board(*games)).ties


@settings(max_examples=40)
@given(boards())
def test_where_nu_is_called_unlimited_the_likelihood_rises_with_it_for_ever(verdicts):
    found, tallies = fit_davidson(verdicts), Tallies.of(verdicts)
    if found.ties not in ("measured", "unlimited") or found.component.max() > 0 or len(found.names) > 4:
        return

    def least(log_nu: float) -> float:
        start = np.zeros(len(found.names))
        return minimize(lambda s: cost(np.append(s, log_nu), tallies), start, method="BFGS").fun

    near, far = least(8.0), least(16.0)
    assert (far <= near + 1e-3) == (found.ties == "unlimited")


def test_a_round_is_negative_where_what_it_costs_is():
    assert has_negative_round(np.array([[0, -1.0], [0.5, 0]]))
    assert not has_negative_round(np.array([[0, -1.0], [1, 0]]))
    assert not has_negative_round(np.zeros((0, 0)))


def test_no_verdicts_measure_nothing():
    for verdicts in (board(names=["a", "b"]), board(names=[]), board("a=b").where(np.array([], dtype=int))):
        found = fit_davidson(verdicts)
        assert "no verdicts" == found.ties
        assert np.isnan([found.nu, found.tie_chance, *found.tie_chance_interval, *found.rating]).all()


def test_both_bad_is_a_tie_or_nothing():
    verdicts = board("a>b", "b>a", "a=b", "a!b")
    # T / sqrt(W1 W2)
    assert (2, 1) == pytest.approx([fit_davidson(verdicts, both_bad=rule).nu for rule in ("tie", "dropped")])
    assert "dropped" == fit_davidson(board("a>b", "a!b"), both_bad="dropped").both_bad


@given(boards())
def test_relabelling_contenders_permutes_ratings(verdicts):
    size = len(verdicts.names)
    before = fit_davidson(verdicts)
    turned = replace(verdicts, names=verdicts.names[::-1], a=size - 1 - verdicts.a, b=size - 1 - verdicts.b)
    after = fit_davidson(turned)
    for field in ("rating", "lower", "upper", "bounded"):
        assert getattr(before, field)[::-1] == pytest.approx(getattr(after, field), abs=1e-3, rel=1e-6, nan_ok=True)
    assert before.nu == pytest.approx(after.nu, rel=1e-6, nan_ok=True)


@given(boards())
def test_losing_instead_of_winning_turns_ratings_around(verdicts):
    before = fit_davidson(verdicts)
    after = fit_davidson(replace(verdicts, a=verdicts.b, b=verdicts.a))
    assert before.rating - 1000 == pytest.approx(1000 - after.rating, abs=1e-3, rel=1e-6, nan_ok=True)
    assert before.upper - before.rating == pytest.approx(after.rating - after.lower, abs=1e-2, rel=1e-4, nan_ok=True)
    assert before.nu_upper == pytest.approx(after.nu_upper, rel=1e-4, nan_ok=True)


def test_an_anchor_is_pinned_and_the_contender_that_never_lost_is_profiled():
    verdicts = board(*("a>b", "b>a", "a=b") * 30, *("c>a",) * 3)
    found = fit_davidson(verdicts, scale=EloScale("a", 1200))
    assert (1200, 1200, 1200) == pytest.approx((found.rating[0], found.lower[0], found.upper[0]))
    assert ([True, True, False], [False, False, True]) == (found.bounded.tolist(), found.profiled.tolist())
    assert found.upper[2] - found.rating[2] > found.rating[2] - found.lower[2] > 200


def test_a_match_between_different_contenders_is_refused():
    verdicts = replace(board("a>b", "b>a", "a=b", "a>c"), match=np.zeros(4, dtype=np.int32))
    with pytest.raises(MatchesDiffer):
        fit_davidson(verdicts, interval="match")


@pytest.mark.parametrize("interval", ["prompt", "match"])
def test_where_each_verdict_is_alone_intervals_cover_the_truth(interval):
    rng = np.random.default_rng(70)
    rated, tied = [], []
    for _ in range(100):
        truth, verdicts = davidson_board(rng)
        found = fit_davidson(verdicts, interval=interval)
        rated.append(np.mean((found.lower <= truth) & (truth <= found.upper)))
        tied.append(found.nu_lower <= 0.8 <= found.nu_upper)
    assert 0.92 <= np.mean(rated) <= 0.98
    assert 0.89 <= np.mean(tied) <= 0.99


def test_verdicts_said_twice_on_the_same_prompts_make_nothing_surer():
    _, verdicts = davidson_board(np.random.default_rng(71))
    twice = verdicts.where(np.tile(np.arange(len(verdicts)), 2))
    before, after = fit_davidson(verdicts), fit_davidson(twice)
    assert before.covariance == pytest.approx(after.covariance, rel=1e-3)
    assert (before.nu_lower, before.nu_upper) == pytest.approx((after.nu_lower, after.nu_upper), rel=1e-3)


@needs_data
def test_people_tie_three_of_ten_matches_of_equals_and_a_judge_more():
    """Measured here: of all their verdicts 23 and 25 % are ties, as most pairs are not equals. The order is Bradley-Terry's."""
    people, judge = human_votes(), gpt4_verdicts()
    found = [fit_davidson(votes) for votes in (people, judge)]
    assert [0.3007, 0.4365] == pytest.approx([one.tie_chance for one in found], abs=1e-3)
    for votes, one in zip((people, judge), found, strict=True):
        assert np.argsort(fit(votes).rating).tolist() == np.argsort(one.rating).tolist()
    assert [807, 1164, 1153, 1260, 629, 987] == pytest.approx(found[0].rating.tolist(), abs=1)
