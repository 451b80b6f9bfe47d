"""Ratings from raters of whom some saw a match in one order only: what being shown first is worth is allowed for."""

import numpy as np

from judgeboard.arena.arrays import Flags, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.rating.scale import EloScale
from judgeboard.arena.style.covariates import BadCovariates, Covariates, shown_first
from judgeboard.arena.style.fit import StyleFit, fit_style
from judgeboard.arena.verdicts import Verdicts

ONE_ORDER = 0.1
"""The share of a rater's matches that it saw in one order only, from which the order is allowed for. Below it the few
single verdicts are those whose other order came to nothing, and a board should not change its method for them."""


def fit_positions(
    verdicts: Verdicts, *, level: float = 0.95, scale: EloScale | None = None
) -> BradleyTerryFit | StyleFit:
    """`bradley_terry.fit`, and `fit_style` with a position for each rater who judged matches in one order only.

    Where verdicts are too few to tell a position from the strengths, it is left out: orders that take turns within
    each pair are nearly even by themselves.
    """
    positions = position_covariates(verdicts)
    if positions.names:
        try:
            return fit_style(verdicts, positions, level=level, scale=scale)
        except BadCovariates:
            pass
    return fit(verdicts, level=level, scale=scale)


def position_covariates(verdicts: Verdicts) -> Covariates:
    """Being shown first, for each rater who saw matches in one order only; no covariates where nobody did."""
    first = shown_first(verdicts.first)
    columns = {
        f"shown first, rater {rater}": np.where(verdicts.rater == rater, first, 0.0)
        for rater in one_order_raters(verdicts)
    }
    return Covariates.of(columns) if columns else Covariates.none(len(verdicts))


def one_order_raters(verdicts: Verdicts) -> list[int]:
    """The raters who saw more than ONE_ORDER of their matches in one order only."""
    known = verdicts.first >= 0
    return [
        rater
        for rater in np.unique(verdicts.rater[known]).tolist()
        if _in_one_order(verdicts.match, verdicts.first, known & (verdicts.rater == rater)) > ONE_ORDER
    ]


def _in_one_order(match: Integers, first: Integers, own: Flags) -> float:
    """The share of matches, among the rows in bool[n], that have a verdict in one order only."""
    number, matches = numbered(match[own])
    side_a = np.bincount(number[first[own] == 0], minlength=matches) > 0
    side_b = np.bincount(number[first[own] == 1], minlength=matches) > 0
    return float(np.mean(side_a != side_b))
