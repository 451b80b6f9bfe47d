from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.prompt_tallies import PromptTallies
from judgeboard.arena.rating.bradley_terry import fit, fit_prompt_tallies
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.tallies import BadTallies, Tallies
from tests.arena.boards import board, boards, drawn_board

COUNTS = ("wins", "ties", "both_bad")
FIELDS = ("rating", "lower", "upper", "covariance", "n_verdicts", "component", "bounded", "profiled")


def same_fit(expected, actual) -> None:
    for field in FIELDS:
        # residuals of counts by prompt are summed in float32
        assert getattr(expected, field) == pytest.approx(getattr(actual, field), rel=1e-4, abs=0.01, nan_ok=True)
    assert (expected.n_clusters, expected.anchored) == (actual.n_clusters, actual.anchored)


def test_verdicts_are_counted_by_prompt_from_both_sides():
    kept = PromptTallies.of(board("a>b", "b=a", "b!c", prompts=[7, 7, 9]))
    assert ([7, 9], (3, 2, 3)) == (kept.prompt.tolist(), kept.met.shape)
    assert [[0, 2, 0], [2, 0, 0], [0, 0, 0]] == kept.met[:, 0].tolist()
    assert [[0, 0, 0], [0, 0, 1], [0, 1, 0]] == kept.met[:, 1].tolist()
    assert [[1.5, 0.5, 0], [0, 0.5, 0.5]] == kept.points.tolist()


@given(boards(), st.sampled_from(["tie", "dropped"]))
def test_counts_by_prompt_give_the_same_ratings_and_intervals_as_verdicts(verdicts, both_bad):
    expected = fit(verdicts, both_bad=both_bad)
    same_fit(expected, fit_prompt_tallies(PromptTallies.of(verdicts, both_bad)))


def test_so_they_do_on_a_board_that_has_all_kinds_of_contender():
    _, verdicts = drawn_board(np.random.default_rng(5), contenders=4, prompts=30, matches=300)
    names = (*verdicts.names, "newcomer", "apart", "far", "away")
    rows = np.arange(len(verdicts) + 5)
    verdicts = replace(
        verdicts.where(np.minimum(rows, len(verdicts) - 1)),
        names=names,
        a=np.append(verdicts.a, [4, 4, 5, 6, 5]),
        b=np.append(verdicts.b, [0, 1, 6, 5, 6]),
    )
    for scale in (EloScale(), EloScale("model-1", 1200)):
        kept = PromptTallies.of(verdicts)
        expected = fit(verdicts, level=0.9, scale=scale)
        assert [False] * 4 + [True] * 3 + [False] == expected.profiled.tolist()
        same_fit(expected, fit_prompt_tallies(kept, level=0.9, scale=scale))


@given(boards(), st.randoms(use_true_random=False))
def test_counts_that_were_kept_and_those_that_came_are_those_of_all(verdicts, random):
    early = np.array([random.random() < 0.5 for _ in range(len(verdicts))])
    added = PromptTallies.of(verdicts.where(early)) + PromptTallies.of(verdicts.where(~early))
    whole = PromptTallies.of(verdicts)
    for field in ("prompt", "met", "points"):
        assert getattr(whole, field).tolist() == getattr(added, field).tolist()
    for field in COUNTS:
        assert getattr(whole.total, field).tolist() == getattr(added.total, field).tolist()


def test_no_verdicts_add_nothing():
    verdicts = board("a>b", "b>c")
    whole, none = PromptTallies.of(verdicts), PromptTallies.of(verdicts.where(np.zeros(2, dtype=bool)))
    assert np.isnan(fit_prompt_tallies(none).rating).all()
    assert whole.met.tolist() == (none + whole).met.tolist() == (whole + none).met.tolist()


def test_both_bad_is_counted_but_hands_out_no_points_where_it_is_dropped():
    kept = PromptTallies.of(board("a>b", "a!b", prompts=[1, 2]), "dropped")
    assert [[1.0, 0.0]] == kept.points.tolist()
    assert [[0, 1], [1, 0]] == kept.total.both_bad.tolist()
    assert [1] == kept.prompt.tolist()


def test_meetings_are_pairs_of_prompt_and_opponent():
    kept = PromptTallies.of(board("a>b", "b>a", "a>b", "a>c", prompts=[1, 1, 2, 1]))
    assert [3, 2, 0] == kept.meetings(np.array([True, True, False])).tolist()


def test_prompts_are_counted_by_the_group_that_met_on_them():
    kept = PromptTallies.of(board("a>b", "b>a", "x>y", prompts=[1, 2, 2], names=[*"abxyz"]))
    assert [2, 2, 1, 1, 0] == kept.prompts_by_group(np.array([0, 0, 1, 1, -1])).tolist()


def test_other_contenders_and_other_rules_are_refused():
    ours, theirs = board("a>b", "b>a"), board("b>a", "a>b")
    with pytest.raises(BadTallies, match="about different contenders, or name them in another order"):
        PromptTallies.of(ours) + PromptTallies.of(theirs)
    with pytest.raises(BadTallies, match="Both bad counts as tie here and as dropped there"):
        PromptTallies.of(ours) + PromptTallies.of(ours, "dropped")


@given(boards())
def test_tallies_of_two_halves_add_up(verdicts):
    half = np.arange(len(verdicts)) % 2 == 0
    whole, added = Tallies.of(verdicts), Tallies.of(verdicts.where(half)) + Tallies.of(verdicts.where(~half))
    for field in COUNTS:
        assert getattr(whole, field).tolist() == getattr(added, field).tolist()


def test_tallies_about_other_contenders_are_refused():
    with pytest.raises(BadTallies, match="about different contenders"):
        Tallies.of(board("a>b")) + Tallies.of(board("a>c"))
