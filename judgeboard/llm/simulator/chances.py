"""How probable each verdict was before it fell: the planted lead, and the planted spread of its chance error."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import NormalDist

from .readers import (
    BOTH_BAD,
    EVEN,
    MUCH,
    MUCH_A,
    MUCH_B,
    SLIGHTLY_A,
    SLIGHTLY_B,
    TIE,
    A,
    B,
    Reader,
    lasting_lead,
    lasting_liking,
)
from .reading import find_pair, find_single, instructions


def chances(reader: Reader, text: str, *, seed: int) -> dict[str, float]:
    """The chance of each verdict that `reader` may give to a judge prompt; {} where there is nothing to judge."""
    pair, single = find_pair(text), find_single(text)
    if pair is not None:
        return _of_verdicts(reader, lasting_lead(reader, pair, seed=seed), graded=MUCH_A in instructions(text))
    return _of_scores(reader, lasting_liking(reader, single, seed=seed)) if single is not None else {}


def _of_verdicts(reader: Reader, lead: float | None, *, graded: bool) -> dict[str, float]:
    if lead is None:
        return {EVEN if graded else BOTH_BAD: 1.0}
    band = reader.tie_band
    if not graded:
        return _between((-band, band), (B, TIE, A), lead, reader.slip)
    much = max(MUCH, band)
    return _between((-much, -band, band, much), (MUCH_B, SLIGHTLY_B, EVEN, SLIGHTLY_A, MUCH_A), lead, reader.slip)


def _of_scores(reader: Reader, liked: float) -> dict[str, float]:
    """A score is told where it is nearest: from half a point below to half a point above."""
    shares = ((score - 0.5) / 99 for score in range(1, 100))
    borders = [400 * math.log10(share / (1 - share)) for share in shares]
    return _between(borders, [f"[[{score}]]" for score in range(1, 101)], liked, reader.slip)


def _between(borders: Sequence[float], names: Iterable[str], mean: float, spread: float) -> dict[str, float]:
    """The chance that a normal figure falls below the first border, between two, above the last."""
    below = [0.0, *(_below(border, mean, spread) for border in borders), 1.0]
    found = {name: high - low for name, (low, high) in zip(names, pairwise(below), strict=True)}
    return {name: chance for name, chance in found.items() if chance > 0}


def _below(border: float, mean: float, spread: float) -> float:
    return NormalDist(mean, spread).cdf(border) if spread else float(mean < border)
