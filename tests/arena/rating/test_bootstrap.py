from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from judgeboard.arena.rating import resampling
from judgeboard.arena.rating.bootstrap import BadBootstrap, bootstrap
from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.likelihood import maximum
from judgeboard.arena.rating.point_fit import point_fit
from judgeboard.arena.rating.poisson import PoissonTables
from judgeboard.arena.rating.resampling import bundled, cluster_weights, drawn_boards, pairs_met
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import MatchesDiffer, Verdicts
from tests.arena.boards import board, boards, drawn_board

LADDER = ("a>b", "b>a", "b>c", "c>b", "a>c", "c>a")
KINDS = [(unit, weights) for unit in ("prompt", "match") for weights in ("poisson", "multinomial")]
UNITS = st.sampled_from(["prompt", "match"])
WEIGHTS = st.sampled_from(["poisson", "multinomial"])


@dataclass(frozen=True)
class Drawn:
    """float64[P, draws]: verdicts, and points of the first of each pair."""

    met: np.ndarray
    points: np.ndarray


def replicates(verdicts: Verdicts, *, unit: str, weights: str, draws: int, seed: int) -> Drawn:
    """Those that `bootstrap` fits for the same seed."""
    rng = np.random.default_rng(seed)
    blocks = list(drawn_boards(verdicts, pairs_met(verdicts), unit=unit, weights=weights, draws=draws, rng=rng))
    points = [np.column_stack([block.points(draw) for draw in range(block.met.shape[1])]) for block in blocks]
    return Drawn(np.hstack([block.met for block in blocks]), np.hstack(points))


def refitted(verdicts: Verdicts, drawn: Drawn) -> Iterator[np.ndarray]:
    """float64[M] of each drawn board: its maximum, found by itself, held as the docstring of `bootstrap` says."""
    found, pairs = point_fit(Tallies.of(verdicts).points()), pairs_met(verdicts)
    total = found.points + found.points.T
    each = np.maximum(total.sum(axis=1), 1)
    half_a_match = total * 0.25 * (1 / each[:, None] + 1 / each)
    fixed = half_a_match * found.probability + found.held - found.points
    for met, won in zip(drawn.met.T.astype(float), drawn.points.T.astype(float), strict=True):
        points = fixed.copy()
        points[pairs.first, pairs.second] += won
        points[pairs.second, pairs.first] += met - won
        yield maximum(points, found.contact.together)


@pytest.mark.parametrize(("unit", "weights"), KINDS)
def test_the_same_seed_draws_the_same_boards_and_another_draws_others(unit, weights):
    _, verdicts = drawn_board(np.random.default_rng(1), contenders=4, prompts=20, matches=100)
    first, again, other = (bootstrap(verdicts, unit=unit, weights=weights, draws=20, seed=seed) for seed in (5, 5, 6))
    assert first.drawn.tolist() == again.drawn.tolist()
    assert first.drawn.tolist() != other.drawn.tolist()
    assert (20, 4) == first.drawn.shape
    assert (unit, weights, 20, 5) == (first.unit, first.weights, first.draws, first.seed)


@pytest.mark.parametrize(("unit", "weights"), KINDS)
def test_ratings_scatter_as_the_sandwich_says(unit, weights):
    _, verdicts = drawn_board(np.random.default_rng(2))
    found, sandwich = bootstrap(verdicts, unit=unit, weights=weights, seed=1), fit(verdicts, interval=unit)
    assert sandwich.rating == pytest.approx(found.rating)
    assert sandwich.rating == pytest.approx(found.drawn.mean(axis=0), abs=2)
    spread = np.sqrt(np.diag(sandwich.covariance))
    assert spread.mean() == pytest.approx(found.drawn.std(axis=0).mean(), rel=0.08)
    assert spread == pytest.approx(found.drawn.std(axis=0), rel=0.2)
    assert (sandwich.upper - sandwich.lower) == pytest.approx(found.upper - found.lower, rel=0.2)


def test_prompts_scatter_further_than_matches():
    _, verdicts = drawn_board(np.random.default_rng(3))
    prompt, match = (bootstrap(verdicts, unit=unit, draws=300, seed=1) for unit in ("prompt", "match"))
    assert (prompt.upper - prompt.lower).mean() > 1.1 * (match.upper - match.lower).mean()


@settings(max_examples=25)
@given(boards(), UNITS, WEIGHTS)
def test_every_drawn_board_is_fitted_as_by_itself(verdicts, unit, weights):
    """Boards in which nobody won, groups never met, and draws that leave pairs out are among them."""
    found = bootstrap(verdicts, unit=unit, weights=weights, draws=8, seed=3)
    drawn = replicates(verdicts, unit=unit, weights=weights, draws=8, seed=3)
    for expected, actual in zip(refitted(verdicts, drawn), found.drawn, strict=True):
        rated = found.component >= 0
        assert 1000 + ELO * expected[rated] == pytest.approx(actual[rated], abs=0.1)
        assert np.isnan(actual[~rated]).all()


@pytest.mark.parametrize(("unit", "weights"), KINDS)
def test_the_interval_of_whoever_never_lost_is_finite_and_holds_its_rating(unit, weights):
    found = bootstrap(board(*LADDER * 5, *("d>a", "d>b", "d>c") * 2), unit=unit, weights=weights, draws=300, seed=1)
    assert np.isfinite(found.drawn).all()
    assert (found.lower < found.rating).all()
    assert (found.rating < found.upper).all()
    # 6 wins and half a drawn pseudo-match against equals: 6.25 to 0.25 points
    assert 400 * np.log10(25) == pytest.approx(found.rating[3] - found.rating[0])


def test_a_draw_that_leaves_out_the_only_contact_stays_at_the_rating_of_the_board():
    verdicts = board(*("a>b", "b>a") * 30, *("x>y", "y>x") * 30, "a>x", "x>a", prompts=[*range(120), 120, 120])
    found = bootstrap(verdicts, draws=200, seed=1)
    # the contact is one prompt, so a third of the draws are without it: exp(-1) = 0.37
    apart = replicates(verdicts, unit="prompt", weights="poisson", draws=200, seed=1).met[1] == 0
    assert 0.37 == pytest.approx(apart.mean(), abs=0.1)
    assert np.isfinite(found.drawn).all()
    lead = found.drawn[:, :2].mean(axis=1) - found.drawn[:, 2:].mean(axis=1)
    assert np.abs(lead[apart]).max() < 200


@pytest.mark.parametrize(("unit", "weights"), KINDS)
def test_groups_that_never_met_each_keep_their_mean(unit, weights):
    verdicts = board(*LADDER * 4, *("x>y", "y>x") * 5, names=[*"zabcxy"])
    found = bootstrap(verdicts, unit=unit, weights=weights, draws=30, seed=1)
    assert [-1, 0, 0, 0, 1, 1] == found.component.tolist()
    assert found.drawn[:, 1:4].mean(axis=1) == pytest.approx(1000, abs=0.01)
    assert found.drawn[:, 4:].mean(axis=1) == pytest.approx(1000, abs=0.01)
    assert np.isnan([*found.drawn[:, 0], found.rating[0], found.lower[0], found.upper[0]]).all()


def test_an_anchor_stays_where_it_is_pinned():
    found = bootstrap(board(*LADDER * 5), draws=30, seed=1, scale=EloScale("b", 1200))
    assert [1200] * 30 == pytest.approx(found.drawn[:, 1].tolist())
    assert (1200, 1200) == pytest.approx((found.lower[1], found.upper[1]))


def test_the_limits_are_percentiles_of_the_draws():
    verdicts = board(*LADDER * 5)
    narrow, wide = (bootstrap(verdicts, draws=101, seed=1, level=level) for level in (0.8, 0.98))
    # 101 draws in order: the tenth of a hundred steps is the eleventh of them, the first is the second
    ordered = np.sort(narrow.drawn, axis=0)
    assert [ordered[10].tolist(), ordered[90].tolist()] == [pytest.approx(narrow.lower), pytest.approx(narrow.upper)]
    assert [ordered[1].tolist(), ordered[99].tolist()] == [pytest.approx(wide.lower), pytest.approx(wide.upper)]
    assert (0.8, 0.98) == (narrow.level, wide.level)


@settings(max_examples=30)
@given(boards(), st.integers(0, 2**32 - 1))
def test_multinomial_draws_keep_the_number_of_matches(verdicts, seed):
    drawn = replicates(verdicts, unit="match", weights="multinomial", draws=5, seed=seed)
    assert [len(verdicts)] * 5 == drawn.met.sum(axis=0).tolist()
    assert (drawn.points >= 0).all()
    assert (drawn.points <= drawn.met).all()


def test_multinomial_draws_keep_the_number_of_prompts():
    verdicts = board(*LADDER * 10, prompts=[k // 6 for k in range(60)])
    weight = cluster_weights(10, 50, "multinomial", np.random.default_rng(1))
    assert [10] * 50 == weight.sum(axis=1).tolist()
    # six verdicts on each
    drawn = replicates(verdicts, unit="prompt", weights="multinomial", draws=50, seed=1)
    assert [60] * 50 == drawn.met.sum(axis=0).tolist()


def test_poisson_draws_have_as_many_units_as_the_board_in_the_mean_only():
    verdicts = board(*LADDER * 100)
    for unit in ("prompt", "match"):
        n = replicates(verdicts, unit=unit, weights="poisson", draws=2000, seed=1).met.sum(axis=0)
        # 600 units that come up once in the mean: the variance is 600, its error 600 sqrt(2 / 2000)
        assert 600 == pytest.approx(n.mean(), abs=4 * np.sqrt(600 / 2000))
        assert 600 == pytest.approx(n.var(), rel=4 * np.sqrt(2 / 2000))


@pytest.mark.parametrize("weights", ["poisson", "multinomial"])
def test_what_is_said_on_a_prompt_comes_and_goes_together(weights):
    verdicts = board("a>b", "c>a", "b>c", "c=b", "a>b", prompts=[7, 7, 9, 9, 11])
    drawn = replicates(verdicts, unit="prompt", weights=weights, draws=100, seed=1)
    ab, ac, bc = drawn.met
    # prompts 7 and 11 have a match of a and b, and only 7 has that of a and c; on 9 b takes one and a half of two
    assert (ab >= ac).all()
    assert (0.75 * bc).tolist() == drawn.points[2].tolist()
    assert set((bc % 2).tolist()) == {0}
    assert [[*ab], [0] * 100] == [[*drawn.points[0]], [*drawn.points[1]]]


@pytest.mark.parametrize("weights", ["poisson", "multinomial"])
def test_what_is_said_on_a_match_comes_and_goes_together(weights):
    told = board("a>b", "b>a", "a>b", "b=a", "a>c", prompts=[0] * 5)
    verdicts = replace(told, match=np.array([4, 4, 8, 8, 6], dtype=np.int32))
    drawn = replicates(verdicts, unit="match", weights=weights, draws=100, seed=1)
    # of each match of a and b there are two verdicts, of which a takes one, or one and a half
    assert set((drawn.met[0] % 2).tolist()) == {0}
    half_points = 2 * drawn.points[0] - drawn.met[0]
    assert (half_points >= 0).all()
    assert (half_points <= drawn.met[0] / 2).all()
    assert drawn.met[1].tolist() == drawn.points[1].tolist()
    assert len({(met, won) for met, won in zip(*(part[0] for part in (drawn.met, drawn.points)), strict=True)}) > 3


@pytest.mark.parametrize("mean", [1, 2, 7, 60, 5000])
def test_tables_of_quantiles_are_the_poisson_distribution(mean):
    (quantiles,) = PoissonTables.of(np.array([mean])).quantiles
    assert (mean, mean) == pytest.approx((quantiles.mean(), quantiles.var(dtype=float)), rel=2e-3)
    value, count = np.unique(quantiles, return_counts=True)
    assert poisson.pmf(value, mean) == pytest.approx(count / len(quantiles), abs=1 / len(quantiles))


def test_each_row_is_drawn_with_its_own_mean():
    drawn = PoissonTables.of(np.array([1, 50, 50, 400])).draw(4000, np.random.default_rng(1))
    assert (4, 4000) == drawn.shape
    assert [1, 50, 50, 400] == pytest.approx(drawn.mean(axis=1).tolist(), rel=0.06)
    assert abs(np.corrcoef(drawn[1], drawn[2])[0, 1]) < 0.06


def test_more_prompts_than_two_thousand_are_dealt_into_as_many_bundles():
    prompt = np.repeat(np.arange(5000), 2)
    number, bundles = bundled(prompt, np.random.default_rng(1))
    assert 2000 == bundles
    assert number[::2].tolist() == number[1::2].tolist()
    # 5000 prompts: a thousand bundles of three and a thousand of two
    assert [4, 6] == np.unique(np.bincount(number)).tolist()
    assert number[:20:2].tolist() != list(range(10))


def test_prompts_that_are_few_are_numbered():
    number, prompts = bundled(np.array([9, 4, 9, -2]), np.random.default_rng(1))
    assert ([2, 1, 2, 0], 3) == (number.tolist(), prompts)


def test_boards_drawn_some_at_a_time_are_those_drawn_at_once(monkeypatch):
    verdicts = board(*LADDER * 5)
    whole = bootstrap(verdicts, weights="multinomial", draws=50, seed=1)
    monkeypatch.setattr(resampling, "BLOCK", 3 * 7)  # three pairs, so seven boards at a time
    assert whole.drawn == pytest.approx(bootstrap(verdicts, weights="multinomial", draws=50, seed=1).drawn, abs=1e-2)


@pytest.mark.parametrize("names", [[], ["a", "b"]])
@pytest.mark.parametrize(("unit", "weights"), KINDS)
def test_no_verdicts_have_no_ratings(names, unit, weights):
    found = bootstrap(Verdicts.from_rows([], names), unit=unit, weights=weights, draws=3, seed=1)
    assert (3, len(names)) == found.drawn.shape
    assert np.isnan([*found.drawn.ravel(), *found.rating, *found.lower, *found.upper]).all()
    assert [-1] * len(names) == found.component.tolist()


@pytest.mark.parametrize("weights", ["poisson", "multinomial"])
def test_one_prompt_alone_does_not_scatter(weights):
    found = bootstrap(board("a>b", "a>b", "b>a", prompts=[4, 4, 4]), weights=weights, draws=50, seed=1)
    # all of it comes up, or none, or twice all of it: the odds stay two to one
    assert 400 * np.log10(2) == pytest.approx(found.rating[0] - found.rating[1])
    assert np.tile(found.rating, (50, 1)) == pytest.approx(found.drawn, abs=0.05)


def test_both_bad_is_a_tie_or_nothing():
    verdicts = board("a>b", "a>b", "b>a", "a!b")
    tied, dropped = (bootstrap(verdicts, draws=5, seed=1, both_bad=rule) for rule in ("tie", "dropped"))
    # 2.5 points of 4, and 2 of 3
    assert 400 * np.log10(5 / 3) == pytest.approx(tied.rating[0] - tied.rating[1])
    assert bootstrap(verdicts.where(np.arange(3)), draws=5, seed=1).drawn.tolist() == dropped.drawn.tolist()


def test_a_match_between_different_contenders_is_refused():
    verdicts = replace(board("a>b", "b>c", "c>a"), match=np.zeros(3, dtype=np.int32))
    with pytest.raises(MatchesDiffer):
        bootstrap(verdicts, unit="match", draws=5, seed=1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"unit": "rater"}, "no unit 'rater' to resample; expected prompt or match"),
        ({"weights": "bayesian"}, "no weights called 'bayesian'; expected poisson or multinomial"),
        ({"draws": 1}, "at least two draws, found 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changed, sentence):
    with pytest.raises(BadBootstrap, match=sentence):
        bootstrap(board("a>b"), **{"seed": 1, **changed})
