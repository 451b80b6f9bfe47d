"""Win rates: the plainest figure, against everyone met or against one baseline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import SPARSEST, numbered
from judgeboard.arena.share import NOT_MEASURED, Share, share_of_totals
from judgeboard.arena.verdicts import UnknownContender, Verdicts


@dataclass(frozen=True, eq=False)
class WinRates:
    """rate, lower, upper: float64[M] in [0, 1], NaN without verdicts; n: int[M] verdicts that counted."""

    names: tuple[str, ...]
    rate: Floats
    lower: Floats
    upper: Floats
    n: Integers
    level: float
    baseline: str | None = None


def against_field(verdicts: Verdicts, level: float = 0.95) -> WinRates:
    """Each contender's share of the points in its verdicts, whoever it met. A tie, or both bad, is half a point.

    The intervals are those of `share.clustered_share`, with prompts as clusters.
    """
    found = [_rate(met, points, level) for met, points in _by_prompt(verdicts)]
    n = np.array([row.n for row in found], dtype=np.int64)
    return WinRates(verdicts.names, *columns(found), n, level)


def against_baseline(verdicts: Verdicts, baseline: str, level: float = 0.95) -> WinRates:
    """The same among matches with the baseline alone; the baseline itself has no rate. Raises UnknownContender."""
    index = baseline_index(verdicts, baseline)
    rates = against_field(verdicts.where((verdicts.a == index) | (verdicts.b == index)), level)
    others = np.arange(len(verdicts.names)) != index
    return replace(
        rates,
        rate=np.where(others, rates.rate, np.nan),
        lower=np.where(others, rates.lower, np.nan),
        upper=np.where(others, rates.upper, np.nan),
        n=np.where(others, rates.n, NOT_MEASURED.n),
        baseline=baseline,
    )


def columns(found: Sequence[Share]) -> tuple[Floats, Floats, Floats]:
    """(share, lower, upper): float64[M], NaN where nothing was measured."""
    table = np.array([(row.share, row.lower, row.upper) for row in found], dtype=np.float64)  # None becomes NaN
    share, lower, upper = table.reshape(-1, 3).T
    return share, lower, upper


def baseline_index(verdicts: Verdicts, baseline: str) -> int:
    """The baseline's place among the contenders. Raises UnknownContender."""
    if baseline not in verdicts.names:
        raise UnknownContender(f"The baseline {baseline!r} is not among the {len(verdicts.names)} contenders.")
    return verdicts.names.index(baseline)


def _by_prompt(verdicts: Verdicts) -> Iterator[tuple[Integers, Floats]]:
    """Of each contender: verdicts and points by prompt, possibly with prompts on which it has none."""
    size = len(verdicts.names)
    row, prompts = numbered(verdicts.prompt)
    ours, theirs = (row + prompts * side.astype(np.int64) for side in (verdicts.a, verdicts.b))
    start = prompts * np.arange(size + 1)
    if start[-1] > SPARSEST * len(verdicts):
        present, cell = np.unique(np.concatenate([ours, theirs]), return_inverse=True)
        start, (ours, theirs) = np.searchsorted(present, start), np.split(cell, 2)
    won, met, points = verdicts.points, np.zeros(start[-1], dtype=np.int64), np.zeros(start[-1])
    for cell, taken in ((ours, won), (theirs, 1 - won)):
        met += np.bincount(cell, minlength=len(met))
        points += np.bincount(cell, taken, minlength=len(met))
    for first, last in pairwise(start):
        yield met[first:last], points[first:last]


def _rate(met: Integers, points: Floats, level: float) -> Share:
    """From int[G] verdicts and float64[G] points by prompt."""
    n = int(met.sum())
    if not n:
        return NOT_MEASURED
    share = float(points.sum() / n)
    return share_of_totals(share, (points - met * share)[met > 0], n, level)
