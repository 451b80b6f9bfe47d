"""Win rates: the plainest figure, against everyone met or against one baseline."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.share import NOT_MEASURED, clustered_share
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
    """Each contender's share of the points in its verdicts, whoever it met. A tie, or both bad, is half a point."""
    contender = np.concatenate([verdicts.a, verdicts.b])
    points = np.concatenate([verdicts.points, 1 - verdicts.points])
    prompt = np.concatenate([verdicts.prompt, verdicts.prompt])
    order = np.argsort(contender, kind="stable")
    bounds = np.searchsorted(contender[order], np.arange(len(verdicts.names) + 1))
    found = [
        clustered_share(points[own], prompt[own], level)
        for own in (order[start:stop] for start, stop in pairwise(bounds))
    ]
    return WinRates(
        names=verdicts.names,
        rate=_column([row.share for row in found]),
        lower=_column([row.lower for row in found]),
        upper=_column([row.upper for row in found]),
        n=np.array([row.n for row in found], dtype=np.int64),
        level=level,
    )


def against_baseline(verdicts: Verdicts, baseline: str, level: float = 0.95) -> WinRates:
    """The same among matches with the baseline alone; the baseline itself has no rate. Raises UnknownContender."""
    if baseline not in verdicts.names:
        raise UnknownContender(f"The baseline {baseline!r} is not among the {len(verdicts.names)} contenders.")
    index = verdicts.names.index(baseline)
    rates = against_field(verdicts.where((verdicts.a == index) | (verdicts.b == index)), level)
    others = np.arange(len(verdicts.names)) != index
    return WinRates(
        names=rates.names,
        rate=np.where(others, rates.rate, np.nan),
        lower=np.where(others, rates.lower, np.nan),
        upper=np.where(others, rates.upper, np.nan),
        n=np.where(others, rates.n, NOT_MEASURED.n),
        level=level,
        baseline=baseline,
    )


def _column(values: list[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
