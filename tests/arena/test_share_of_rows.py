import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.share import clustered_share, clustered_variance, share_of_totals, totals, variance_of_totals


def test_the_variance_of_a_mean_is_summed_by_cluster():
    deviation, cluster = np.array([0.5, 0.5, -0.5, -0.5, 0.5, -0.5]), np.array([1, 1, 2, 2, 3, 3])
    # cluster sums 1, -1, 0: 3/2 * (1 + 1) / 6^2
    assert 3 / 36 == pytest.approx(clustered_variance(deviation, cluster))


def test_a_single_cluster_has_no_variance():
    assert clustered_variance(np.array([0.5, -0.5]), np.array([1, 1])) is None


def test_the_interval_is_wilsons_at_the_effective_number_of_rows():
    value, cluster = np.array([1.0, 1, 0, 0, 1, 0, 1, 1]), np.array([1, 1, 2, 2, 3, 3, 4, 4])
    found = clustered_share(value, cluster, 0.95)
    # mean 5/8; cluster sums of deviations 3/4, -5/4, -1/4, 3/4: 4/3 * 11/4 / 64 = 11/192; n = (15/64) / (11/192) = 45/11
    n, z2 = 45 / 11, 1.959964**2
    middle = (5 / 8 + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2) / (1 + z2 / n) * np.sqrt(15 / 64 / n + z2 / (4 * n * n))
    assert (middle - half, middle + half) == pytest.approx((found.lower, found.upper), rel=1e-6)


def test_rows_that_cancel_out_count_as_at_most_themselves():
    """Half points and opposites inside a cluster have less spread than coins; the interval does not use it."""
    value, cluster = np.array([1.0, 0.0] * 5 + [1.0]), np.repeat(np.arange(6), 2)[:11]
    alone = clustered_share(value, np.arange(11), 0.95)
    opposites = clustered_share(value, cluster, 0.95)
    assert opposites.upper - opposites.lower == pytest.approx(alone.upper - alone.lower, rel=0.05)


def test_no_rows_are_not_measured():
    found = clustered_share(np.zeros(0), np.zeros(0, dtype=int), 0.95)
    assert (0, None, None, None) == (found.n, found.share, found.lower, found.upper)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=30), st.integers(-(2**31), 2**30))
def test_any_numbers_for_the_clusters_give_the_same_interval(rows, offset):
    value, cluster = np.array([float(row[0]) for row in rows]), np.array([row[1] for row in rows])
    near, far = (
        clustered_share(value, ids.astype(np.int32), 0.95) for ids in (cluster, offset + 200_000_000 * cluster)
    )
    assert (near.n, near.share, near.lower, near.upper) == (far.n, far.share, far.lower, far.upper)
    assert 0 <= near.lower <= near.share + 1e-12 <= near.upper + 2e-12 <= 1 + 3e-12


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(-3, 3)), min_size=2, max_size=30))
def test_totals_say_all_that_the_rows_say(rows):
    value, cluster = (np.array([row[k] for row in rows]) for k in (0, 1))
    deviation = value - value.mean()
    found = totals(deviation, cluster)
    assert [deviation[cluster == one].sum() for one in np.unique(cluster)] == pytest.approx(found.tolist(), abs=1e-12)
    assert clustered_variance(deviation, cluster) == variance_of_totals(found, len(rows))
    assert clustered_share(value, cluster, 0.9) == share_of_totals(value.mean(), found, len(rows), 0.9)
