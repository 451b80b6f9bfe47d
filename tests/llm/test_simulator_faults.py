"""Faults come at their planted rates, the same ones each time."""

from collections import Counter

import pytest

from judgeboard.llm.simulator import Fault, Faults


def drawn(faults: Faults, n: int, seed: int = 0) -> list[Fault | None]:
    return [faults.drawn(seed=seed, number=number) for number in range(n)]


def test_without_rates_nothing_goes_wrong():
    assert {None} == set(drawn(Faults(), 500))


def test_a_kind_with_share_one_always_happens():
    for fault in Fault:
        assert {fault} == set(drawn(Faults(**{fault: 1.0}), 100))


def test_mixed_faults_share_the_rate_evenly():
    # 20,000 requests at 30 %: 1,200 of each of five kinds, standard deviation sqrt(20000 * .06 * .94) = 34
    seen = Counter(drawn(Faults.mixed(0.3), 20_000))
    assert all(seen[fault] == pytest.approx(1_200, abs=140) for fault in Fault)


def test_single_rates_are_kept():
    # standard deviation of 2,000 of 20,000: sqrt(20000 * .1 * .9) = 42
    seen = Counter(drawn(Faults(rate_limited=0.1, half_json=0.02), 20_000))
    assert pytest.approx(2_000, abs=170) == seen[Fault.RATE_LIMITED]
    assert pytest.approx(400, abs=80) == seen[Fault.HALF_JSON]
    assert {Fault.RATE_LIMITED, Fault.HALF_JSON, None} == set(seen)


def test_the_same_seed_gives_the_same_faults_and_another_seed_others():
    assert drawn(Faults.mixed(0.5), 200) == drawn(Faults.mixed(0.5), 200)
    assert drawn(Faults.mixed(0.5), 200) != drawn(Faults.mixed(0.5), 200, seed=1)


def test_everything_may_go_wrong():
    assert None not in drawn(Faults.mixed(1.0), 500)


@pytest.mark.parametrize("shares", [{"server_error": -0.1}, {"timed_out": float("nan")}, {"hang_seconds": -1}])
def test_a_figure_that_cannot_be_is_refused_by_name(shares):
    with pytest.raises(ValueError, match=f"{next(iter(shares))} must be a number from 0 up"):
        Faults(**shares)


def test_shares_that_add_up_to_more_than_one_are_refused():
    with pytest.raises(ValueError, match=r"add up to 1\.2"):
        Faults(rate_limited=0.6, half_json=0.6)
