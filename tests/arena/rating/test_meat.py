from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.contact import contact
from judgeboard.arena.rating.meat import (
    as_table,
    cluster_slopes,
    clusters_by_group,
    meat_by_match,
    meat_by_prompt,
    products,
    row_residual,
)
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import MatchesDiffer, Verdicts
from tests.arena.boards import board, boards, drawn_board

SPARSEST = "judgeboard.arena.rating.meat.SPARSEST"
SIZES = {"table": 1e9, "sparse": 0}
EVEN = np.full((6, 6), 0.5)


@st.composite
def residuals(draw: st.DrawFn) -> tuple[Verdicts, np.ndarray]:
    """A board on which a pair's verdicts on a prompt are one match, told from either side; residuals of any size."""
    verdicts = draw(boards())
    low, high = np.minimum(verdicts.a, verdicts.b), np.maximum(verdicts.a, verdicts.b)
    match = (verdicts.prompt * 6 + low) * 6 + high
    size = len(verdicts)
    return replace(verdicts, match=match), np.array(draw(st.lists(st.floats(-2, 2), min_size=size, max_size=size)))


def component_of(verdicts: Verdicts) -> np.ndarray:
    return contact(Tallies.of(verdicts).points()).component


def written_out(verdicts: Verdicts, residual: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """float64[M, M]: the outer product of each cluster's slope with itself, one by one."""
    size = len(verdicts.names)
    total = np.zeros((size, size))
    for one in np.unique(cluster):
        slope = np.zeros(size)
        for row in np.flatnonzero(cluster == one):
            slope[verdicts.a[row]] += residual[row]
            slope[verdicts.b[row]] -= residual[row]
        total += np.outer(slope, slope)
    return total


def clusters_met(verdicts: Verdicts, cluster: np.ndarray, component: np.ndarray) -> list[int]:
    in_group = [np.isin(component[verdicts.a], group) for group in component]
    return [len(np.unique(cluster[rows])) if group >= 0 else 0 for rows, group in zip(in_group, component, strict=True)]


def test_a_residual_is_what_side_a_took_beyond_its_expectation():
    verdicts = board("a>b", "b>a", "a=b", "a!b")
    probability = np.array([[0.5, 0.8], [0.2, 0.5]])
    # a wins where 0.8 was expected, b where 0.2 was, and two halves
    assert [0.2, 0.8, -0.3, -0.3] == pytest.approx(row_residual(verdicts, probability, None).tolist())
    weighted = row_residual(verdicts, probability, np.array([1.0, 2, 3, 0]))
    assert [0.2, 1.6, -0.9, 0] == pytest.approx(weighted.tolist())


@pytest.mark.parametrize("sparsest", SIZES.values(), ids=SIZES)
@given(told=residuals())
def test_the_meat_by_prompt_is_the_sum_over_prompts_written_out(sparsest, told):
    verdicts, residual = told
    component = component_of(verdicts)
    with patch(SPARSEST, sparsest):
        found = meat_by_prompt(verdicts, residual, component)
    assert written_out(verdicts, residual, verdicts.prompt) == pytest.approx(found.total, abs=1e-9)
    assert len(np.unique(verdicts.prompt)) == found.n
    assert clusters_met(verdicts, verdicts.prompt, component) == found.clusters.tolist()


@given(told=residuals())
def test_the_meat_by_match_is_the_sum_over_matches_written_out(told):
    verdicts, residual = told
    component = component_of(verdicts)
    found = meat_by_match(verdicts, residual, component)
    assert written_out(verdicts, residual, verdicts.match) == pytest.approx(found.total, abs=1e-9)
    assert len(np.unique(verdicts.match)) == found.n
    assert clusters_met(verdicts, verdicts.match, component) == found.clusters.tolist()


def test_what_a_match_pulls_is_told_from_one_side():
    verdicts = replace(board("a>b", "b>a", "a>b", "b>a"), match=np.array([1, 1, 2, 3], dtype=np.int32))
    residual = row_residual(verdicts, EVEN[:2, :2], None)
    # a won once and lost once on match 1, which pull against each other; 2 and 3 pull a half each
    expected = 0.25 * np.array([[2, -2], [-2, 2]])
    assert expected.tolist() == meat_by_match(verdicts, residual, np.zeros(2, dtype=int)).total.tolist()


def test_what_a_prompt_pulls_goes_across_pairs():
    verdicts = board("a>b", "c>a", "b>c", prompts=[5, 5, 9])
    residual = row_residual(verdicts, EVEN[:3, :3], None)
    # slopes on prompt 5: a 1/2 - 1/2, b -1/2, c 1/2; on prompt 9: b 1/2, c -1/2
    found = meat_by_prompt(verdicts, residual, np.zeros(3, dtype=int))
    assert [[0, 0, 0], [0, 0.5, -0.5], [0, -0.5, 0.5]] == found.total.tolist()
    assert (2, [2, 2, 2]) == (found.n, found.clusters.tolist())


@given(told=residuals())
def test_slopes_are_the_same_in_a_table_and_in_a_sparse_matrix(told):
    verdicts, residual = told
    number, clusters = numbered(verdicts.prompt)
    slopes = []
    for sparsest in SIZES.values():
        with patch(SPARSEST, sparsest):
            slopes.append(cluster_slopes(verdicts, residual, number, clusters))
    table, sparse = slopes
    assert (np.ndarray, csr_array) == (type(table), type(sparse))
    assert table == pytest.approx(as_table(sparse), abs=1e-12)
    assert products(table, table) == pytest.approx(products(sparse, sparse), abs=1e-12)
    assert products(table, table) == pytest.approx(products(table, as_table(sparse)), abs=1e-12)


def test_a_table_that_would_be_nearly_empty_is_kept_sparse():
    names = [f"model-{number}" for number in range(9)]
    for prompts, kind in (([0, 1], csr_array), ([0, 0], np.ndarray)):
        verdicts = Verdicts.from_columns(names[:2], names[1:3], ["a", "b"], names=names, prompt=prompts)
        number, clusters = numbered(verdicts.prompt)
        # two verdicts make a table of at most 16 cells; one prompt of nine contenders has 9 of them, two have 18
        assert kind is type(cluster_slopes(verdicts, np.ones(2), number, clusters))


@pytest.mark.parametrize("prompts", [100, 6000])
def test_ratings_do_not_show_how_the_slopes_were_kept(prompts):
    _, verdicts = drawn_board(np.random.default_rng(1), contenders=12, prompts=prompts, matches=500)
    covariances = []
    for sparsest in SIZES.values():
        with patch(SPARSEST, sparsest):
            covariances.append(fit(verdicts).covariance)
    assert covariances[0] == pytest.approx(covariances[1], rel=1e-9)


def test_a_match_between_different_contenders_is_refused():
    verdicts = replace(board("a>b", "a>c"), match=np.zeros(2, dtype=np.int32))
    with pytest.raises(MatchesDiffer, match="Match 0 is between 'a' and 'c' in one row and 'a' and 'b' in another"):
        meat_by_match(verdicts, np.ones(2), np.zeros(3, dtype=int))
    assert 2 == meat_by_prompt(verdicts, np.ones(2), np.zeros(3, dtype=int)).n


def test_clusters_are_counted_by_the_group_that_met_in_them():
    # contenders 0 and 1 met in clusters 0, 1 and 2, contenders 2 and 3 in 2 alone; the last met nobody
    a, number = np.array([0, 1, 0, 3, 2]), np.array([0, 1, 2, 2, 2])
    assert [3, 3, 1, 1, 0] == clusters_by_group(a, number, 3, np.array([0, 0, 1, 1, -1])).tolist()


def test_one_group_alone_has_all_clusters():
    a, number = np.array([0, 1]), np.array([0, 1])
    assert [2, 2, 0] == clusters_by_group(a, number, 2, np.array([0, 0, -1])).tolist()
    nobody = np.zeros(0, dtype=int)
    assert [0, 0] == clusters_by_group(nobody, nobody, 0, np.array([-1, -1])).tolist()
    assert [] == clusters_by_group(nobody, nobody, 0, nobody).tolist()


@pytest.mark.parametrize("meat", [meat_by_prompt, meat_by_match])
def test_no_verdicts_pull_nobody(meat):
    none = board(names=["a", "b"])
    found = meat(none, np.zeros(0), np.array([-1, -1]))
    assert ([[0, 0], [0, 0]], [0, 0], 0) == (found.total.tolist(), found.clusters.tolist(), found.n)
