from dataclasses import replace

import numpy as np
import pytest

from judgeboard.arena.rating.weights import BadWeights
from judgeboard.arena.style.covariates import Collinear, Covariates
from judgeboard.arena.style.fit import fit_style
from judgeboard.arena.style.joint import BadGroups, RaterGroup, joint_fit
from tests.arena.boards import board
from tests.arena.styled_boards import styled_board


def group(seed, coefficient, label, weight=1.0, **size):
    """Verdicts of one kind of rater on contenders whose skills are the same for every kind."""
    drawn = styled_board(np.random.default_rng(seed), coefficient=coefficient, contenders=5, **size)
    return RaterGroup(label, drawn.verdicts, drawn.covariates, weight)


def test_one_group_is_a_fit_with_covariates():
    alone = group(1, (0.4, 0.2), "judge", prompts=20, matches=100)
    found, plain = joint_fit([alone]), fit_style(alone.verdicts, alone.covariates)
    assert plain.rating.tolist() == pytest.approx(found.fit.rating.tolist())
    assert plain.lower.tolist() == pytest.approx(found.fit.lower.tolist())
    assert ["judge: length", "judge: order"] == [one.name for one in found.groups[0].coefficients]
    assert plain["order"].upper == pytest.approx(found.fit["judge: order"].upper)


def test_each_group_has_its_own_coefficients():
    # the same seed draws the same contenders, prompts and matches
    judge, people = group(2, (0.8, 0.5), "judge", matches=8000), group(2, (0.2, 0.0), "people", matches=8000)
    of_judge, of_people = joint_fit([judge, people]).groups
    for truth, one in zip((0.8, 0.5, 0.2, 0.0), of_judge.coefficients + of_people.coefficients, strict=True):
        assert truth == pytest.approx(one.value, abs=0.15)


def test_a_joint_fit_is_the_fit_to_blocks_of_covariates():
    judge, people = (group(seed, (0.4, 0.2), label, prompts=20, matches=100) for seed, label in ((3, "j"), (4, "p")))
    n = len(judge.verdicts)
    columns = ("a", "b", "outcome", "prompt", "rater", "first", "match")
    rows = {name: np.concatenate([getattr(one.verdicts, name) for one in (judge, people)]) for name in columns}
    x = np.zeros((2 * n, 4))
    x[:n, :2], x[n:, 2:] = judge.covariates.values, people.covariates.values
    # matches of the two groups are drawn apart, so a match of one is not the match of the other
    plain = fit_style(replace(judge.verdicts, **rows), Covariates(tuple("wxyz"), x))
    found = joint_fit([judge, people]).fit
    assert plain.rating == pytest.approx(found.rating, abs=1e-6)
    assert plain.covariance == pytest.approx(found.covariance, rel=1e-6)
    assert [one.value for one in plain.coefficients] == pytest.approx([one.value for one in found.coefficients])


def test_a_group_that_weighs_nearly_nothing_leaves_the_ratings_to_the_other():
    judge, people = group(5, (0.0, 0.0), "judge", 1e-7, matches=300), group(6, (0.0, 0.0), "people", matches=300)
    found, alone = joint_fit([judge, people]), fit_style(people.verdicts, people.covariates)
    assert alone.rating == pytest.approx(found.fit.rating, abs=0.01)
    assert (600, 600) == tuple(one.n_verdicts for one in found.groups)
    # counts stay counts: 1,200 verdicts with two contenders each
    assert 2400 == found.fit.n_verdicts.sum()


def test_weights_count_in_proportion_alone():
    parts = [group(seed, (0.3, 0.1), str(seed), prompts=30, matches=200) for seed in (7, 8)]
    small, large = (
        joint_fit([replace(parts[0], weight=1.0 * unit), replace(parts[1], weight=3.0 * unit)]).fit for unit in (1, 10)
    )
    assert small.upper == pytest.approx(large.upper)


def test_a_group_without_covariates_is_evidence_all_the_same():
    judge, people = group(9, (0.4, 0.2), "judge", matches=300), group(10, (0.0, 0.0), "people", matches=300)
    found = joint_fit([judge, replace(people, covariates=Covariates.none(len(people.verdicts)))])
    assert () == found.groups[1].coefficients
    assert found.fit["judge: order"].lower > 0


def test_verdicts_that_are_both_bad_are_counted_where_they_count():
    voted = RaterGroup("people", board("a>b", "b>a", "a!b"), Covariates.none(3))
    assert (3, 2) == tuple(joint_fit([voted], both_bad=how).groups[0].n_verdicts for how in ("tie", "dropped"))


def test_a_covariate_that_a_group_cannot_tell_is_named_with_the_group():
    judge = group(11, (0.4, 0.2), "judge", prompts=20, matches=100)
    again = judge.covariates.beside(Covariates.of({"tokens": judge.covariates.values[:, 0]}))
    with pytest.raises(Collinear, match="'judge: length' and 'judge: tokens'"):
        joint_fit([replace(judge, covariates=again)])


def test_groups_that_do_not_belong_together_are_refused():
    one = RaterGroup("people", board("a>b"), Covariates.none(1))
    with pytest.raises(BadGroups, match="no group"):
        joint_fit([])
    with pytest.raises(BadGroups, match="one label"):
        joint_fit([one, one])
    with pytest.raises(BadGroups, match="different contenders"):
        joint_fit([one, RaterGroup("judge", board("a>c"), Covariates.none(1))])


@pytest.mark.parametrize("weight", [-1.0, 0.0, np.nan])
def test_a_single_group_needs_a_weight_above_zero(weight):
    with pytest.raises(BadWeights):
        joint_fit([RaterGroup("people", board("a>b"), Covariates.none(1), weight)])
