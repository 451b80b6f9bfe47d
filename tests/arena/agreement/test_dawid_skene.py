import numpy as np
import pytest
from hypothesis import given, settings

from judgeboard.arena.agreement.dawid_skene import NothingSaid, dawid_skene
from judgeboard.arena.same_match import majority
from tests.arena.agreement.panels import noisy_panel, other_side, panel, panels
from tests.arena.reference_data import human_votes, needs_data

A, B, TIE, BAD, NOTHING = 0, 1, 2, 3, -1


def test_the_first_step_by_hand():
    found = dawid_skene(panel(np.array([[A, A], [A, B]])), most_steps=1)
    # votes: match 0 is all A, match 1 half A, half B. Shares 3/4 and 1/4. Rater 0 says A whatever is true; rater 1 on a
    # true A says A with weight 1 of 3/2 and B with 1/2, and on a true B always B.
    # match 0: A 3/4 * 2/3 = 1/2, B 0; match 1: A 3/4 * 1/3 = 1/4, B 1/4 * 1 = 1/4: the posterior stays as it was
    assert np.log(1 / 2) + np.log(1 / 2) == pytest.approx(found.log_likelihood[0])
    assert np.array([[1, 0, 0], [0.5, 0.5, 0]]) == pytest.approx(found.posterior)
    assert [2 / 3, 1 / 3, 0] == pytest.approx(found.confusion[1, A].tolist())
    assert np.isnan(found.confusion[:, TIE]).all()
    assert not found.converged


def test_planted_raters_are_found():
    rng = np.random.default_rng(3)
    truth = rng.choice(3, size=6000, p=[0.45, 0.35, 0.2])
    planted = np.array(
        [
            [[0.90, 0.05, 0.05], [0.05, 0.90, 0.05], [0.1, 0.1, 0.8]],
            [[0.60, 0.20, 0.20], [0.30, 0.60, 0.10], [0.2, 0.2, 0.6]],
            [[0.80, 0.20, 0.00], [0.20, 0.80, 0.00], [0.5, 0.5, 0.0]],  # never says tie
            [[0.70, 0.10, 0.20], [0.10, 0.70, 0.20], [0.1, 0.1, 0.8]],
            [[1 / 3, 1 / 3, 1 / 3]] * 3,  # says anything
        ]
    )
    found = dawid_skene(noisy_panel(rng, planted, truth))
    assert planted == pytest.approx(found.confusion, abs=0.05)
    assert [0.45, 0.35, 0.2] == pytest.approx(found.share.tolist(), abs=0.03)
    assert found.converged
    right = np.mean(found.posterior.argmax(axis=1) == truth)
    assert right > np.mean(majority(noisy_panel(rng, planted, truth)).outcome == truth)


@settings(max_examples=60)
@given(panels(raters=4))
def test_the_likelihood_never_falls_and_everything_is_a_probability(verdicts):
    if not len(verdicts):
        return
    found = dawid_skene(verdicts)
    assert np.diff(found.log_likelihood).min(initial=0.0) > -1e-9
    assert np.ones(len(found.match)) == pytest.approx(found.posterior.sum(axis=1))
    assert 1 == pytest.approx(found.share.sum())
    met = np.isfinite(found.confusion).all(axis=2)
    assert np.ones(met.sum()) == pytest.approx(found.confusion[met].sum(axis=1))
    assert found.converged or len(found.log_likelihood) == found.most_steps


@settings(max_examples=60)
@given(panels())
def test_exchanging_the_sides_exchanges_the_classes(verdicts):
    if not len(verdicts):
        return
    one, other = (dawid_skene(told, most_steps=20) for told in (verdicts, other_side(verdicts)))
    order = [1, 0, 2]
    assert one.posterior[:, order] == pytest.approx(other.posterior, abs=1e-6)
    assert one.share[order] == pytest.approx(other.share, abs=1e-6)
    assert one.log_likelihood == pytest.approx(other.log_likelihood)


@given(panels())
def test_a_verdict_told_from_the_other_side_is_the_same_verdict(verdicts):
    if not len(verdicts):
        return
    second = np.zeros(len(verdicts), dtype=bool)
    second[1::2] = True
    second[np.unique(verdicts.match, return_index=True)[1]] = False  # the first row of a match says whose side is a
    one, other = (dawid_skene(told, most_steps=5) for told in (verdicts, verdicts.flipped_where(second)))
    assert one.posterior == pytest.approx(other.posterior)


def test_raters_who_all_agree_are_never_wrong():
    found = dawid_skene(panel(np.array([[A, A], [B, B], [BAD, TIE]])))
    assert np.eye(3) == pytest.approx(found.confusion[0])
    assert np.eye(3) == pytest.approx(found.posterior)
    assert found.converged


def test_no_verdicts_are_refused():
    with pytest.raises(NothingSaid, match="expected at least one"):
        dawid_skene(panel(np.full((2, 2), NOTHING)))


@needs_data
def test_the_people_of_mt_bench_settle():
    votes = human_votes()
    found = dawid_skene(votes)
    assert found.converged
    assert np.unique(votes.match).tolist() == found.match.tolist()
    assert (65, 3, 3) == found.confusion.shape
    assert 0.9 < np.mean(found.posterior.argmax(axis=1)[majority(votes).outcome == A] == A)
