"""Ratings that leave style aside beside those that count it, and the interval of how far each contender moves."""

import numpy as np
import pytest

from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.style.control import control
from judgeboard.arena.style.covariates import Covariates, relative_difference
from judgeboard.arena.style.fit import StyleFit
from judgeboard.arena.style.position import fit_positions
from tests.arena.styled_boards import StyledBoard, styled_board, verdicts_between

BOARDS = 60


def length_of(board: StyledBoard) -> Covariates:
    return Covariates.of({"length": board.covariates.values[:, 0]})


def test_the_interval_of_the_shift_covers_what_endless_verdicts_would_tell():
    rng = np.random.default_rng(5)
    covered = []
    for board in (styled_board(rng) for _ in range(BOARDS)):
        found = control(board.verdicts, length_of(board), fit(board.verdicts))
        truth = board.rating - board.plain
        covered.append((found.lower <= truth) & (truth <= found.upper))

    assert 0.95 == pytest.approx(np.mean(covered), abs=0.035)


def test_the_interval_of_the_shift_is_narrower_than_that_of_two_strangers():
    board = styled_board(np.random.default_rng(6))
    plain = fit(board.verdicts)

    found = control(board.verdicts, length_of(board), plain)

    apart = np.hypot(found.fit.upper - found.fit.lower, plain.upper - plain.lower)
    assert (found.upper - found.lower < apart / 2).all()
    assert found.fit.rating == pytest.approx(plain.rating + found.shift)


def test_looks_that_never_differ_are_no_part_of_style():
    board = styled_board(np.random.default_rng(7))
    bare = Covariates.of({"headers": np.zeros(len(board.verdicts))})

    assert ("length",) == control(board.verdicts, bare.beside(length_of(board)), fit(board.verdicts)).style
    assert control(board.verdicts, bare, fit(board.verdicts)) is None


def test_where_style_alone_tells_the_winners_nothing_is_left_aside():
    verdicts = verdicts_between(2, [0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1])

    assert control(verdicts, Covariates.of({"length": np.array([1.0, -1, 1, -1])}), fit(verdicts)) is None


def test_of_few_matches_the_shift_has_no_interval():
    board = styled_board(np.random.default_rng(8), contenders=3, prompts=20, matches=50)

    found = control(board.verdicts, length_of(board), fit(board.verdicts))

    assert np.isfinite(found.shift).all()
    assert np.isnan(found.lower).all()


def test_where_matches_were_judged_in_one_order_the_order_is_allowed_for_on_both_sides():
    board = styled_board(np.random.default_rng(9), coefficient=(0.4, 0.0))
    rows = np.arange(len(board.verdicts)) < len(board.verdicts) // 2
    once = board.verdicts.where(rows)
    turned = once.flipped_where(np.arange(len(once)) % 2 == 1)
    length = length_of(board).where(rows).values[:, 0] * np.where(np.arange(len(once)) % 2 == 1, -1, 1)
    plain = fit_positions(turned)

    found = control(turned, Covariates.of({"length": length}), plain)

    assert isinstance(plain, StyleFit)
    assert ["length", "shown first, rater 0"] == [known.name for known in found.fit.coefficients]
    truth = board.rating - board.plain
    assert np.mean((found.lower <= truth) & (truth <= found.upper)) > 0.8


def test_the_relative_difference_is_a_third_where_one_is_twice_as_much():
    found = relative_difference(np.array([2, 1, 0, 3, 0]), np.array([1, 2, 0, 0, 5]))

    assert [1 / 3, -1 / 3, 0.0, 1.0, -1.0] == found.tolist()
