"""Ratings from verdicts in one order only: the position is allowed for, and both orders change nothing."""

import numpy as np
import pytest
from scipy.special import expit

from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.rating.scale import ELO
from judgeboard.arena.style.fit import StyleFit
from judgeboard.arena.style.position import fit_positions, one_order_raters
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import board, drawn_board

STRENGTH = np.array([0.5, 0.0, -0.5])


def shown(each: int, bias: tuple[float, ...], *, unfair: bool, seed: int = 0) -> Verdicts:
    """Verdicts of raters with these biases, each match in one order; unfair: the first of a pair always stands first."""
    rng = np.random.default_rng(seed)
    pairs = np.repeat(np.column_stack(np.triu_indices(3, 1)), each * len(bias), axis=0)
    number = np.arange(len(pairs))
    rater = number % len(bias)
    first = np.zeros(len(pairs), dtype=int) if unfair else (number // len(bias)) % 2
    lead = STRENGTH[pairs[:, 0]] - STRENGTH[pairs[:, 1]] + np.array(bias)[rater] * np.where(first == 0, 1, -1)
    columns = {"a": pairs[:, 0], "b": pairs[:, 1], "prompt": number // 3, "rater": rater, "match": number}
    return Verdicts(
        names=tuple("abc"),
        outcome=(rng.random(len(pairs)) > expit(lead)).astype(np.int8),
        first=first.astype(np.int8),
        **{name: column.astype(np.int32) for name, column in columns.items()},
    )


def test_verdicts_in_both_orders_are_rated_as_ever():
    _, verdicts = drawn_board(np.random.default_rng(1), contenders=4, matches=200)
    found = fit_positions(verdicts)
    assert isinstance(found, BradleyTerryFit)
    assert (fit(verdicts).rating == found.rating).all()


def test_a_position_that_was_not_shared_out_evenly_no_longer_decides():
    verdicts = shown(4000, (0.8,), unfair=True)
    plain, found = fit(verdicts).rating, fit_positions(verdicts)
    assert isinstance(found, StyleFit)
    truth = 1000 + STRENGTH * ELO
    # about 4 Elo points are chance; whoever stood first in all matches owes 70 to that
    assert np.abs(plain - truth).max() > 40
    assert truth == pytest.approx(found.rating, abs=15)


def test_each_rater_has_a_position_of_its_own():
    found = fit_positions(shown(3000, (0.9, -0.4), unfair=False))
    assert [0.9, -0.4] == pytest.approx([coefficient.value for coefficient in found.coefficients], abs=0.1)
    assert 1000 + STRENGTH * ELO == pytest.approx(found.rating, abs=12)


def test_a_few_single_orders_do_not_change_the_method():
    _, verdicts = drawn_board(np.random.default_rng(1), contenders=4, matches=100)
    # 100 matches in two orders: without 10 of the second verdicts a tenth has one order, without 11 more than that
    within, beyond = (verdicts.where((verdicts.first == 0) | (verdicts.match >= lost)) for lost in (10, 11))
    assert [[], [0]] == [one_order_raters(within), one_order_raters(beyond)]


def test_a_position_that_cannot_be_told_is_left_out():
    verdicts = board("a>b", "b>c", "a>c")
    alone = verdicts.where(np.arange(3))
    alone.first[:] = 0
    assert [0] == one_order_raters(alone)
    assert isinstance(fit_positions(alone), BradleyTerryFit)


def test_a_board_without_verdicts_is_rated_as_ever():
    assert np.isnan(fit_positions(shown(0, (0.1,), unfair=False)).rating).all()
