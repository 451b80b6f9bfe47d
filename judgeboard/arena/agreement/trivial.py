"""Raters that do not read: always the longer answer, always the first, a coin. A judge must beat them all."""

from dataclasses import replace

import numpy as np

from judgeboard.arena.agreement.pairs import Ties
from judgeboard.arena.arrays import Integers
from judgeboard.arena.verdicts import A_WINS, B_WINS, TIE, BadVerdict, Verdicts, bad_as_tie

LONGER, FIRST, COIN = -2, -3, -4
"""Rater numbers; -1 is a majority."""


class BadLengths(BadVerdict):
    """Lengths that are not one for each side of each match."""


def always_longer(matches: Verdicts, length: Integers) -> Verdicts:
    """The longer answer wins, equal lengths tie; length: int[n, 2] of side a and side b of each row. Raises BadLengths.

    One verdict a row, as of all raters here: give one row for each match, or for each order of it.
    """
    if length.shape != (len(matches), 2):
        raise BadLengths(f"The lengths have the shape {length.shape}; expected ({len(matches)}, 2), one for each side.")
    lead = length[:, 0] - length[:, 1]
    return _said(matches, np.where(lead > 0, A_WINS, np.where(lead < 0, B_WINS, TIE)), LONGER)


def always_first(matches: Verdicts) -> Verdicts:
    """The answer shown first wins. Of rows whose order is not known it says nothing."""
    known = matches.where(matches.first >= 0)
    return _said(known, np.where(known.first == 0, A_WINS, B_WINS), FIRST)


def coin(matches: Verdicts, *, seed: int) -> Verdicts:
    """Either side wins, as a fair coin falls; it never says tie."""
    thrown = np.random.default_rng(seed).integers(2, size=len(matches))
    return _said(matches, np.where(thrown == 0, A_WINS, B_WINS), COIN)


def coin_agreement(other: Integers, *, ties: Ties) -> float | None:
    """The agreement of a coin with int[n] outcome codes that endless throws come to; None without codes that count."""
    decided = np.count_nonzero(bad_as_tie(other) != TIE)
    n = len(other) if ties == "kept" else decided
    return 0.5 * decided / n if n else None


def _said(matches: Verdicts, outcome: Integers, rater: int) -> Verdicts:
    return replace(
        matches, outcome=outcome.astype(np.int8), rater=np.full(len(matches), rater, dtype=matches.rater.dtype)
    )
