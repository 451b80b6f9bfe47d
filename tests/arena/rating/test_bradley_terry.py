import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import log_expit

from judgeboard.arena.rating.bradley_terry import fit, fit_tallies
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board, boards, drawn_board

THREE_OF_FOUR = ("a>b", "a>b", "a>b", "b>a")


def concatenated(*parts: Verdicts) -> Verdicts:
    columns = ("a", "b", "outcome", "prompt", "rater", "first", "match")
    return Verdicts(parts[0].names, *(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


def test_three_wins_of_four_are_odds_of_three_to_one():
    found = fit(board(*THREE_OF_FOUR))
    # 400 log10(3) = 190.848 points apart, centred on 1000
    assert [1095.424, 904.576] == pytest.approx(found.rating.tolist(), abs=1e-3)


def test_a_tie_counts_half_a_win_for_each():
    # 2 wins and 2 ties of 4 are 3 points of 4
    assert fit(board(*THREE_OF_FOUR)).rating == pytest.approx(fit(board("a>b", "a>b", "a=b", "b=a")).rating)


def test_both_bad_counts_as_a_tie_or_not_at_all():
    verdicts = board("a>b", "a>b", "a!b", "b!a", "b>a")
    as_tie, dropped = fit(verdicts), fit(verdicts, both_bad="dropped")
    # 3 points of 5, and 2 of 3
    assert 400 * np.log10(3 / 2) == pytest.approx(as_tie.rating[0] - as_tie.rating[1])
    assert 400 * np.log10(2 / 1) == pytest.approx(dropped.rating[0] - dropped.rating[1])
    assert ([5, 5], [3, 3]) == (as_tie.n_verdicts.tolist(), dropped.n_verdicts.tolist())


def test_the_fisher_interval_of_two_contenders_is_the_textbook_one():
    found = fit(board(*THREE_OF_FOUR), interval="fisher")
    # information of the difference: n p q = 4 * 3/4 * 1/4 = 3/4; each rating is half the difference from the mean
    assert 1.959964 * ELO * np.sqrt(4 / 3) / 2 == pytest.approx(found.upper[0] - found.rating[0], rel=1e-6)
    assert 0 == found.n_clusters


def test_the_match_interval_of_two_contenders_is_the_sandwich_by_hand():
    found = fit(board(*THREE_OF_FOUR * 16), interval="match")
    # residuals 48 x 1/4, 16 x -3/4: B = 12, times G/(G-1) = 64/63 gives 256/21; H = 64 x 3/16 = 12; delta = 1/(64-1)
    # and phi = B/H = 64/63: B + delta phi H = 256/21 + 1/63 x 64/63 x 12 = 256/21 x 64/63; variance / H^2
    assert 256 / 21 * 64 / 63 / 144 * ELO**2 == pytest.approx(4 * found.covariance[0, 0])
    assert (64, [False, False]) == (found.n_clusters, found.profiled.tolist())


def test_verdicts_on_one_prompt_move_together():
    alone = fit(board(*THREE_OF_FOUR * 64))
    together = fit(board(*THREE_OF_FOUR * 64, prompts=[3 * (k // 16) + (0, 0, 1, 2)[k % 4] for k in range(256)]))
    assert alone.rating == pytest.approx(together.rating)
    assert (256, 48) == (alone.n_clusters, together.n_clusters)
    assert together.upper[0] - together.lower[0] > 1.2 * (alone.upper[0] - alone.lower[0])


@settings(max_examples=30)
@given(boards(least=8))
def test_newton_finds_what_a_general_optimiser_finds(verdicts):
    found = fit(verdicts, interval="fisher")
    points = Tallies.of(verdicts).points()

    def cost(strength):
        return -(points * log_expit(strength[:, None] - strength)).sum()

    if found.bounded.all() and found.component.max() == 0:
        peer = minimize(cost, np.zeros(len(points)), method="BFGS", options={"gtol": 1e-9}).x
        assert peer - peer.mean() == pytest.approx((found.rating - 1000) / ELO, abs=1e-4)


@given(boards())
def test_the_sandwich_equals_the_sum_written_out(verdicts):
    """Two implementations checked against each other: dense loops over clusters, one group, all bounded."""
    found = fit(verdicts)
    if not found.bounded.all() or found.component.max() > 0 or found.n_clusters < 2:
        return
    size, groups = len(found.names), found.n_clusters
    strength = (found.rating - 1000) / ELO
    probability = 1 / (1 + np.exp(-(strength[:, None] - strength)))
    scores = {prompt: np.zeros(size) for prompt in verdicts.prompt.tolist()}
    bread = np.zeros((size, size))
    for a, b, points, prompt in zip(verdicts.a, verdicts.b, verdicts.points, verdicts.prompt, strict=True):
        contrast = np.eye(size)[a] - np.eye(size)[b]
        scores[int(prompt)] += (points - probability[a, b]) * contrast
        bread += probability[a, b] * probability[b, a] * np.outer(contrast, contrast)
    spread = sum(np.outer(score, score) for score in scores.values()) * groups / (groups - 1)
    inverse, p = np.linalg.pinv(bread), size - 1
    delta = min(0.5, p / (groups - p)) if groups > p else 0.5
    phi = max(1.0, np.trace(inverse @ spread) / p)
    expected = inverse @ (spread + delta * phi * bread) @ inverse * ELO**2
    apart = ~np.eye(size, dtype=bool)  # the variances of contenders of few matches are another's business
    assert found.covariance[apart] == pytest.approx(expected[apart], rel=1e-5, abs=1e-4)


@given(boards(), st.randoms(use_true_random=False))
def test_relabelling_contenders_permutes_ratings(verdicts, random):
    order = list(range(len(verdicts.names)))
    random.shuffle(order)
    number = np.argsort(order)
    renamed = Verdicts(
        tuple(verdicts.names[k] for k in order),
        number[verdicts.a],
        number[verdicts.b],
        verdicts.outcome,
        verdicts.prompt,
        verdicts.rater,
        verdicts.first,
        verdicts.match,
    )
    before, after = fit(verdicts), fit(renamed)
    for column in ("rating", "lower", "upper", "bounded"):
        assert getattr(before, column)[order] == pytest.approx(getattr(after, column), abs=1e-5, nan_ok=True)


@given(boards())
def test_flipping_all_outcomes_negates_ratings_around_the_mean(verdicts):
    before = fit(verdicts)
    after = fit(Verdicts(verdicts.names, verdicts.b, verdicts.a, *columns_after_sides(verdicts)))
    assert before.rating - 1000 == pytest.approx(1000 - after.rating, abs=1e-5, nan_ok=True)
    assert before.upper - before.rating == pytest.approx(after.rating - after.lower, abs=1e-3, nan_ok=True)


def columns_after_sides(verdicts):
    return verdicts.outcome, verdicts.prompt, verdicts.rater, verdicts.first, verdicts.match


@given(boards())
def test_telling_every_verdict_from_the_other_side_changes_nothing(verdicts):
    before, after = fit(verdicts), fit(verdicts.flipped_where(np.ones(len(verdicts), dtype=bool)))
    assert before.rating == pytest.approx(after.rating, abs=1e-6, nan_ok=True)
    assert before.covariance == pytest.approx(after.covariance, abs=1e-4, nan_ok=True)


def test_saying_everything_twice_on_the_same_prompts_makes_nothing_surer():
    _, verdicts = drawn_board(np.random.default_rng(3))
    before, after = fit(verdicts), fit(concatenated(verdicts, verdicts))
    assert before.rating == pytest.approx(after.rating, abs=1e-6)
    assert before.covariance == pytest.approx(after.covariance, rel=1e-6)


@given(boards())
def test_splitting_a_board_over_rows_in_any_order_changes_nothing(verdicts):
    half = np.arange(len(verdicts)) % 2 == 0
    before, after = fit(verdicts), fit(concatenated(verdicts.where(~half), verdicts.where(half)))
    assert before.rating == pytest.approx(after.rating, abs=1e-6, nan_ok=True)
    assert before.upper == pytest.approx(after.upper, abs=1e-4, nan_ok=True)


@given(boards())
def test_a_tie_between_equals_changes_no_rating(verdicts):
    """Two contenders at the same rating expect a tie, so one more tells nothing new."""
    found = fit(verdicts)
    a, b = int(verdicts.a[0]), int(verdicts.b[0])
    tied = verdicts.where(np.array([0]))
    tied = concatenated(verdicts, Verdicts(tied.names, tied.a, tied.b, np.array([2]), *columns_after_sides(tied)[1:]))
    if found.bounded.all() and abs(found.rating[a] - found.rating[b]) < 1e-9:
        assert found.rating == pytest.approx(fit(tied).rating, abs=1e-5)


@given(boards())
def test_tallies_give_the_same_ratings_as_verdicts(verdicts):
    whole, counted = fit(verdicts, interval="fisher"), fit_tallies(Tallies.of(verdicts))
    assert whole.rating == pytest.approx(counted.rating, nan_ok=True)
    assert whole.upper == pytest.approx(counted.upper, nan_ok=True)
    assert whole.n_verdicts.tolist() == counted.n_verdicts.tolist()


def test_an_anchor_is_pinned_and_has_no_error():
    free, pinned = (
        fit(board(*THREE_OF_FOUR, "b>c", "c>a"), scale=scale) for scale in (EloScale(), EloScale("b", 1114))
    )
    assert (1114, 1114, 1114) == pytest.approx((pinned.rating[1], pinned.lower[1], pinned.upper[1]))
    assert free.rating - free.rating[1] == pytest.approx(pinned.rating - 1114)
    # what is known of a difference does not depend on where the scale is pinned
    variance = free.covariance[0, 0] + free.covariance[2, 2] - 2 * free.covariance[0, 2]
    assert variance == pytest.approx(pinned.covariance[0, 0] + pinned.covariance[2, 2] - 2 * pinned.covariance[0, 2])
    assert pinned.anchored


def test_an_anchor_without_matches_leaves_the_mean_pinned_and_says_so():
    for names in (["a", "b"], ["a", "b", "z"]):
        found = fit(board(*THREE_OF_FOUR, names=names), scale=EloScale("z", 1500))
        assert not found.anchored
        assert 1000 == pytest.approx(np.nanmean(found.rating))


def test_a_result_carries_what_made_it():
    scale = EloScale(mean=1200)
    found = fit(board("a=b"), both_bad="dropped", interval="match", level=0.9, scale=scale)
    assert ("dropped", "match", 0.9, scale) == (found.both_bad, found.interval, found.level, found.scale)


def test_a_wider_level_gives_a_wider_interval():
    narrow, wide = (fit(board(*THREE_OF_FOUR), level=level) for level in (0.5, 0.99))
    assert narrow.upper[0] < wide.upper[0]


def test_prompt_clustered_intervals_cover_and_match_clustered_ones_fall_short():
    rng = np.random.default_rng(20240501)
    covered = {"prompt": [], "match": []}
    for _ in range(60):
        truth, verdicts = drawn_board(rng)
        for interval, share in covered.items():
            found = fit(verdicts, interval=interval)
            share.append(np.mean((found.lower <= truth) & (truth <= found.upper)))
    assert 0.91 <= np.mean(covered["prompt"]) <= 0.98
    assert np.mean(covered["match"]) < np.mean(covered["prompt"]) - 0.02
