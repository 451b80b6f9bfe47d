from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.rating.weights import BadWeights
from judgeboard.arena.style.covariates import (
    BadCovariates,
    Collinear,
    Covariates,
    MissingCovariate,
    NeverVaries,
    Separated,
    normalised_difference,
    shown_first,
)
from judgeboard.arena.style.fit import fit_style
from judgeboard.arena.verdicts import MatchesDiffer
from tests.arena.boards import board, boards
from tests.arena.styled_boards import styled_board, verdicts_between

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def small(rng):
    return styled_board(rng, contenders=4, prompts=15, matches=80)


def in_order(*games):
    """(verdicts, order covariate): side a was shown first, except in games in capitals."""
    verdicts = board(*(game.lower() for game in games))
    first = np.array([int(game.isupper()) for game in games], dtype=np.int8)
    return replace(verdicts, first=first), Covariates.of({"order": shown_first(first)})


# Shown first, a wins 3 of 4; shown second, 1 of 2
SIX = ("a>b", "a>b", "a>b", "B>A", "A>B", "b>a")


def test_the_order_effect_of_two_contenders_by_hand():
    found = fit_style(*in_order(*SIX))
    # odds of 3 and 1: exp(s + p) = 3 and exp(s - p) = 1, so s = p = ln(3) / 2
    assert np.log(3) / 2 == pytest.approx(found["order"].value)
    assert 200 * np.log10(3) == pytest.approx(found["order"].elo.value)
    assert 200 * np.log10(3) == pytest.approx(found.rating[0] - found.rating[1])


def test_the_fisher_interval_of_an_order_effect_by_hand():
    found = fit_style(*in_order(*SIX), interval="fisher")
    # The log odds of both orders have variances 1 / (4 * 3/16) = 4/3 and 1 / (2 * 1/4) = 2; half their difference has
    # (4/3 + 2) / 4 = 5/6
    assert 5 / 6 == pytest.approx(found.coefficient_covariance[0, 0])
    assert 1.959964 * np.sqrt(5 / 6) == pytest.approx(found["order"].upper - found["order"].value, rel=1e-6)


@given(boards())
def test_without_covariates_the_ratings_are_those_of_bradley_terry(verdicts):
    plain, styled = fit(verdicts), fit_style(verdicts, Covariates.none(len(verdicts)))
    assert plain.rating == pytest.approx(styled.rating, abs=1e-6, nan_ok=True)
    for column in ("component", "bounded", "n_verdicts", "profiled"):
        assert getattr(plain, column).tolist() == getattr(styled, column).tolist()
    assert plain.lower == pytest.approx(
        styled.lower, abs=0.1, nan_ok=True
    )  # verdicts that barely move: to second order
    apart = ~np.eye(len(plain.names), dtype=bool)
    assert plain.covariance[apart] == pytest.approx(styled.covariance[apart], abs=1e-3, rel=1e-6, nan_ok=True)


@given(boards(), st.sampled_from(["match", "fisher"]), st.sampled_from(["tie", "dropped"]))
def test_without_covariates_every_kind_of_interval_is_that_of_bradley_terry(verdicts, interval, both_bad):
    how = {"interval": interval, "both_bad": both_bad}
    plain, styled = fit(verdicts, **how), fit_style(verdicts, Covariates.none(len(verdicts)), **how)
    apart = ~np.eye(len(plain.names), dtype=bool)
    assert plain.covariance[apart] == pytest.approx(styled.covariance[apart], abs=1e-3, rel=1e-6, nan_ok=True)
    assert plain.n_clusters == styled.n_clusters


def test_without_covariates_contenders_of_many_matches_have_the_same_interval():
    verdicts = styled_board(np.random.default_rng(2)).verdicts
    plain, styled = fit(verdicts), fit_style(verdicts, Covariates.none(len(verdicts)))
    assert plain.lower == pytest.approx(styled.lower, abs=1e-6)


@settings(max_examples=15)
@given(seeds)
def test_newton_finds_what_a_general_optimiser_finds(rng):
    drawn = small(rng)
    assume((found := fitted(drawn.verdicts, drawn.covariates)) is not None)
    verdicts, x = drawn.verdicts, drawn.covariates.values

    def cost(at):
        lead = at[verdicts.a] - at[verdicts.b] + x @ at[4:]
        return -(verdicts.points * log_expit(lead) + (1 - verdicts.points) * log_expit(-lead)).sum()

    peer = minimize(cost, np.zeros(6), method="BFGS", options={"gtol": 1e-6}).x
    assert peer[:4] - peer[:4].mean() == pytest.approx((found.rating - 1000) / ELO, abs=1e-4)
    assert peer[4:] == pytest.approx([one.value for one in found.coefficients], abs=1e-4)


def fitted(verdicts, covariates, **how):
    """None where so small a board has no maximum."""
    try:
        found = fit_style(verdicts, covariates, **how)
    except Separated:
        return None
    return found if found.bounded.all() else None


@pytest.mark.parametrize("interval", ["prompt", "match"])
def test_the_sandwich_equals_the_sum_written_out(interval):
    drawn = styled_board(np.random.default_rng(5), contenders=4, prompts=40, matches=300)
    found = fit_style(drawn.verdicts, drawn.covariates, interval=interval)
    coefficient = np.array([one.value for one in found.coefficients])
    spread, bread = np.zeros((6, 6)), np.zeros((6, 6))
    scores = {}
    cluster = getattr(drawn.verdicts, interval)
    for row, x in enumerate(drawn.covariates.values):
        a, b = drawn.verdicts.a[row], drawn.verdicts.b[row]
        contrast = np.concatenate([np.eye(4)[a] - np.eye(4)[b], x])
        expected = expit((found.rating[a] - found.rating[b]) / ELO + x @ coefficient)
        score = (drawn.verdicts.points[row] - expected) * contrast
        scores[cluster[row]] = scores.get(cluster[row], 0) + score
        bread += expected * (1 - expected) * np.outer(contrast, contrast)
    groups = len(scores)
    spread = sum(np.outer(score, score) for score in scores.values()) * groups / (groups - 1)
    inverse = np.linalg.pinv(bread)
    # 3 free strengths and 2 coefficients; the design effect is that of the strengths
    delta = min(0.5, 5 / (groups - 5))
    phi = max(1.0, np.diag(inverse @ spread)[:4].sum() / 3)
    whole = inverse @ (spread + delta * phi * bread) @ inverse
    assert whole[:4, :4] * ELO**2 == pytest.approx(found.covariance, rel=1e-4)
    assert whole[4:, 4:] == pytest.approx(found.coefficient_covariance, rel=1e-4)
    assert groups == found.n_clusters


@settings(max_examples=15)
@given(seeds)
def test_telling_rows_from_the_other_side_and_negating_covariates_changes_nothing(rng):
    drawn = small(rng)
    turned = rng.random(len(drawn.verdicts)) < 0.5
    sign = np.where(turned, -1.0, 1.0)[:, None]
    before = fitted(drawn.verdicts, drawn.covariates)
    after = fitted(
        drawn.verdicts.flipped_where(turned), replace(drawn.covariates, values=drawn.covariates.values * sign)
    )
    assume(before is not None)
    assert before.rating == pytest.approx(after.rating, abs=1e-4)
    assert before.upper == pytest.approx(after.upper, abs=1e-4)
    assert [one.upper for one in before.coefficients] == pytest.approx([one.upper for one in after.coefficients])


@settings(max_examples=15)
@given(seeds)
def test_relabelling_contenders_permutes_ratings(rng):
    drawn = small(rng)
    order = rng.permutation(4)
    number, verdicts = np.argsort(order), drawn.verdicts
    names = tuple(verdicts.names[k] for k in order)
    before = fitted(verdicts, drawn.covariates)
    after = fitted(replace(verdicts, names=names, a=number[verdicts.a], b=number[verdicts.b]), drawn.covariates)
    assume(before is not None)
    assert before.rating[order] == pytest.approx(after.rating, abs=1e-4)
    assert before.lower[order] == pytest.approx(after.lower, abs=1e-4)


@settings(max_examples=15)
@given(seeds, st.floats(0.01, 100))
def test_the_unit_of_a_covariate_changes_its_coefficient_alone(rng, unit):
    drawn = small(rng)
    scaled = replace(drawn.covariates, values=drawn.covariates.values * [unit, 1.0])
    before, after = fitted(drawn.verdicts, drawn.covariates), fitted(drawn.verdicts, scaled)
    assume(before is not None)
    assert before.upper == pytest.approx(after.upper, abs=1e-4)
    assert before["length"].lower == pytest.approx(after["length"].lower * unit, rel=1e-4, abs=1e-7)


def test_planted_effects_are_recovered():
    drawn = styled_board(np.random.default_rng(11), prompts=400, matches=20_000)
    found = fit_style(drawn.verdicts, drawn.covariates)
    for coefficient, truth in zip(found.coefficients, drawn.coefficient, strict=True):
        assert coefficient.lower < truth < coefficient.upper
        assert coefficient.upper - coefficient.lower < 0.15
    plain = fit(drawn.verdicts)
    # good contenders write more, and length sways this judge: without control the spread of ratings is too wide
    assert np.abs(found.rating - drawn.rating).max() < np.abs(plain.rating - drawn.rating).max() / 2


def test_prompt_clustered_intervals_cover():
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(30):
        drawn = styled_board(rng)
        found = fit_style(drawn.verdicts, drawn.covariates)
        covered.append(np.mean((found.lower <= drawn.rating) & (drawn.rating <= found.upper)))
    assert 0.90 <= np.mean(covered) <= 0.99


def test_a_newcomer_with_five_matches_has_an_interval_that_covers():
    """Its sandwich would cover less than half the time, as five wins say nothing of what could be lost."""
    rng = np.random.default_rng(6)
    covered = []
    for _ in range(60):
        a, b = rng.integers(6, size=400), rng.integers(1, 6, size=400)
        a, b = np.append(a, np.full(5, 6)), np.append((a + b) % 6, rng.integers(6, size=5))
        x = Covariates.of({"length": rng.normal(size=405)})
        lead = np.where(a == 6, 400 / ELO, 0.0) + 0.4 * x.values[:, 0]
        found = fit_style(verdicts_between(7, a, b, rng.random(405) > expit(lead)), x)
        assert [False] * 6 + [True] == found.profiled.tolist()
        truth = 1000 + 400 * 6 / 7
        covered.append(found.lower[6] <= truth <= found.upper[6])
    assert np.mean(covered) > 0.88


def test_a_weight_says_as_much_as_rows_said_again():
    drawn = small(np.random.default_rng(4))
    twice = np.repeat(np.arange(len(drawn.verdicts)), np.where(drawn.verdicts.match < 20, 2, 1))
    repeated = fit_style(drawn.verdicts.where(twice), drawn.covariates.where(twice))
    weighted = fit_style(drawn.verdicts, drawn.covariates, weight=np.where(drawn.verdicts.match < 20, 2.0, 1.0))
    assert repeated.rating == pytest.approx(weighted.rating, abs=1e-4)
    assert repeated.covariance[0, 1] == pytest.approx(
        weighted.covariance[0, 1], rel=0.1
    )  # delta phi H differs a little


def test_an_anchor_is_pinned_and_has_no_error():
    drawn = small(np.random.default_rng(5))
    found = fit_style(drawn.verdicts, drawn.covariates, scale=EloScale("model-1", 1114))
    assert (1114, 1114, 1114) == pytest.approx((found.rating[1], found.lower[1], found.upper[1]))


def test_groups_that_never_met_share_the_coefficients_and_no_covariance():
    left, right = (small(np.random.default_rng(seed)) for seed in (5, 6))
    a, b, outcome, prompt, match = (
        np.concatenate([getattr(left.verdicts, column), getattr(right.verdicts, column) + shift])
        for column, shift in (("a", 4), ("b", 4), ("outcome", 0), ("prompt", 100), ("match", 1000))
    )
    both = replace(left.covariates, values=np.concatenate([left.covariates.values, right.covariates.values]))
    found = fit_style(verdicts_between(8, a, b, outcome, prompt=prompt, match=match), both)
    assert [0] * 4 + [1] * 4 == found.component.tolist()
    assert (1000, 1000) == pytest.approx((found.rating[:4].mean(), found.rating[4:].mean()))
    assert np.isnan(found.covariance[:4, 4:]).all()
    alone = fit_style(left.verdicts, left.covariates)
    assert found["length"].upper - found["length"].lower < alone["length"].upper - alone["length"].lower


def test_a_contender_that_never_lost_has_a_finite_rating_and_says_so():
    rng = np.random.default_rng(5)
    drawn = small(rng)
    names = (*drawn.verdicts.names, "unbeaten")
    a, b, outcome = (np.append(getattr(drawn.verdicts, column), more) for column, more in (("a", [4, 4]), ("b", [0, 1]), ("outcome", [0, 0])))  # fmt: skip
    x = np.concatenate([drawn.covariates.values, rng.normal(size=(2, 2))])
    found = fit_style(verdicts_between(5, a, b, outcome), Covariates(drawn.covariates.names, x))
    assert [True] * 4 + [False] == found.bounded.tolist()
    assert len(names) == np.isfinite(found.upper).sum()


def test_an_empty_board_has_no_ratings_and_no_coefficients():
    found = fit_style(verdicts_between(3, [], [], []), Covariates.none(0))
    assert np.isnan(found.rating).all()
    assert () == found.coefficients


def test_a_covariate_that_never_varies_is_named():
    drawn = small(np.random.default_rng(5))
    none = Covariates.of({"bold": np.zeros(len(drawn.verdicts))})
    with pytest.raises(NeverVaries, match="'bold' is 0 in every row"):
        fit_style(drawn.verdicts, drawn.covariates.beside(none))


def test_covariates_that_say_the_same_are_named():
    drawn = small(np.random.default_rng(5))
    again = Covariates.of({"tokens": 3 * drawn.covariates.values[:, 0]})
    with pytest.raises(Collinear, match="'length' and 'tokens' cannot be told apart"):
        fit_style(drawn.verdicts, drawn.covariates.beside(again))


def test_a_covariate_of_contenders_alone_cannot_be_told_from_their_strengths():
    drawn = small(np.random.default_rng(5))
    size = np.array([7.0, 13.0, 70.0, 8.0])
    told = Covariates.of({"size": size[drawn.verdicts.a] - size[drawn.verdicts.b]})
    with pytest.raises(Collinear, match="'size'"):
        fit_style(drawn.verdicts, drawn.covariates.beside(told))


def test_a_constant_covariate_is_an_advantage_of_side_a_and_can_be_fitted():
    drawn = small(np.random.default_rng(5))
    told = drawn.verdicts.flipped_where(drawn.verdicts.first == 1)  # now the first shown is always side a
    found = fit_style(told, Covariates.of({"side a": np.ones(len(told))}))
    same = fit_style(drawn.verdicts, Covariates.of({"order": drawn.covariates.values[:, 1]}))
    assert same["order"].value == pytest.approx(found["side a"].value)


def test_a_judge_that_always_takes_the_first_shown_has_no_finite_order_effect():
    with pytest.raises(Separated, match="'order'"):
        fit_style(*in_order("a>b", "b>a", "b>c", "c>b", "a>c", "c>a"))


def test_a_missing_covariate_is_named_with_its_row():
    with pytest.raises(MissingCovariate, match="Row 2: the covariate 'bold' is not a finite number"):
        Covariates.of({"length": np.zeros(3), "bold": np.array([0.0, np.nan, np.inf])})


def test_covariates_that_do_not_fit_the_rows_are_refused():
    with pytest.raises(BadCovariates, match="3 rows of covariates for 1 verdicts"):
        fit_style(board("a>b"), Covariates.none(3))
    with pytest.raises(BadCovariates, match="expected 2 columns"):
        Covariates(("length", "bold"), np.zeros((3, 1)))
    with pytest.raises(BadCovariates, match="one name"):
        Covariates(("bold", "bold"), np.zeros((3, 2)))
    with pytest.raises(BadCovariates, match="differ in length"):
        Covariates.of({"length": np.zeros(3), "bold": np.zeros(2)})


def test_weights_that_are_not_one_a_verdict_are_refused():
    with pytest.raises(BadWeights):
        fit_style(board("a>b"), Covariates.none(1), weight=np.ones(2))


def test_matches_between_other_contenders_are_refused_where_matches_are_clusters():
    verdicts = replace(board("a>b", "b>c", "c>a"), match=np.zeros(3, dtype=np.int32))
    with pytest.raises(MatchesDiffer):
        fit_style(verdicts, Covariates.none(3), interval="match")


def test_the_normalised_difference_of_two_amounts():
    # (3 - 1) / 4 = 1/2, (0 - 2) / 2 = -1 and 0 / 0 = 0; their root mean square is sqrt(5/4 / 3)
    found = normalised_difference(np.array([3, 0, 0]), np.array([1, 2, 0]))
    assert np.array([0.5, -1.0, 0.0]) / np.sqrt(5 / 12) == pytest.approx(found)


def test_amounts_that_are_equal_throughout_differ_by_nothing():
    assert [0.0, 0.0] == normalised_difference(np.array([0, 5]), np.array([0, 5])).tolist()


def test_a_negative_amount_is_refused():
    with pytest.raises(BadCovariates, match="negative"):
        normalised_difference(np.array([-1.0]), np.array([3.0]))


def test_the_side_shown_first_is_counted_for_and_the_unknown_not_at_all():
    assert [1.0, -1.0, 0.0] == shown_first(np.array([0, 1, -1], dtype=np.int8)).tolist()


def test_a_coefficient_that_was_not_fitted_is_not_found():
    drawn = small(np.random.default_rng(5))
    with pytest.raises(KeyError):
        fit_style(drawn.verdicts, drawn.covariates)["bold"]
