import numpy as np
import pytest

from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.style.bootstrap import style_replicates
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.fit import fit_style
from tests.arena.boards import board
from tests.arena.styled_boards import styled_board

DRAWN = styled_board(np.random.default_rng(8), contenders=5, prompts=80, matches=800)


def test_one_step_replicates_spread_as_those_fitted_anew():
    quick = style_replicates(DRAWN.verdicts, DRAWN.covariates, number=400, seed=1)
    rng = np.random.default_rng(1)
    number, prompts = numbered(DRAWN.verdicts.prompt)
    slow = [
        fit_style(DRAWN.verdicts, DRAWN.covariates, weight=drawn[number].astype(float), interval="fisher")
        for drawn in rng.multinomial(prompts, np.full(prompts, 1 / prompts), size=400)
    ]
    rating = np.array([found.rating for found in slow])
    coefficient = np.array([[one.value for one in found.coefficients] for found in slow])
    # the same seed draws the same prompts, so the replicates can be set side by side, one by one
    for contender in range(5):
        assert np.corrcoef(quick.rating[:, contender], rating[:, contender])[0, 1] > 0.98
    assert rating.std(axis=0) == pytest.approx(quick.rating.std(axis=0), rel=0.08)
    assert coefficient.std(axis=0) == pytest.approx(quick.coefficient.std(axis=0), rel=0.08)


@pytest.mark.parametrize("cluster", ["prompt", "match"])
def test_replicates_spread_as_the_sandwich_says(cluster):
    drawn = styled_board(np.random.default_rng(9), contenders=5, prompts=300, matches=4000)
    found = fit_style(drawn.verdicts, drawn.covariates, interval=cluster)
    replicates = style_replicates(drawn.verdicts, drawn.covariates, number=2000, cluster=cluster)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(replicates.rating.std(axis=0), rel=0.08)
    spread = np.sqrt(np.diag(found.coefficient_covariance))
    assert spread == pytest.approx(replicates.coefficient.std(axis=0), rel=0.08)
    assert found.rating == pytest.approx(replicates.rating.mean(axis=0), abs=2)


def test_many_matches_are_dealt_into_two_thousand_bundles():
    drawn = styled_board(np.random.default_rng(9), contenders=5, prompts=300, matches=4000)
    assert 2000 == style_replicates(drawn.verdicts, drawn.covariates, number=1, cluster="match").bundles
    assert 80 == style_replicates(DRAWN.verdicts, DRAWN.covariates, number=1).bundles


def test_the_same_seed_gives_the_same_replicates_and_another_gives_others():
    first, again, other = (
        style_replicates(DRAWN.verdicts, DRAWN.covariates, number=3, seed=seed).rating for seed in (5, 5, 6)
    )
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_an_anchor_stays_where_it_is_pinned():
    scale = EloScale("model-2", 1200)
    replicates = style_replicates(DRAWN.verdicts, DRAWN.covariates, number=3, scale=scale)
    assert [1200.0] * 3 == pytest.approx(replicates.rating[:, 2].tolist())


def test_an_empty_board_has_replicates_without_ratings():
    empty = board("a>b").where(np.array([], dtype=int))
    replicates = style_replicates(empty, Covariates.none(0), number=2)
    assert (2, 2) == replicates.rating.shape
    assert np.isnan(replicates.rating).all()
