"""What a prompt tells about the contenders: is any answer better, and does it tell the strong from the weak?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.scale import win_chance
from judgeboard.arena.share import NOT_MEASURED, Share, clustered_share, clustered_variance
from judgeboard.arena.verdicts import BOTH_BAD, POINTS, TIE, Verdicts


@dataclass(frozen=True)
class Item:
    """Of the verdicts on one prompt; None and shares of no rows where nothing was measured.

    undecided:      the share that found no answer better, which is how hard the prompt makes it to do better
    bad:            the share that found both answers bad
    stronger:       the points that went to the better rated of two, a tie being half
    expected:       the points that it should have had by the ratings
    discrimination: how far the prompt tells contenders apart, beside the board as a whole: 1 is as far, 0 not at all,
                    below 0 the wrong way round
    """

    undecided: Share
    bad: Share
    stronger: Share
    expected: float | None
    discrimination: float | None
    lower: float | None
    upper: float | None


def items(verdicts: Verdicts, rating: Floats, *, level: float = 0.95) -> Iterator[tuple[int, Item]]:
    """Every prompt of the verdicts, smallest number first, with what it tells."""
    by_prompt = np.argsort(verdicts.prompt, kind="stable")
    prompts, starts = np.unique(verdicts.prompt[by_prompt], return_index=True)
    for prompt, rows in zip(prompts.tolist(), np.split(by_prompt, starts)[1:], strict=True):
        yield prompt, item(verdicts.where(rows), rating, level=level)


def item(verdicts: Verdicts, rating: Floats, *, level: float = 0.95) -> Item:
    """Verdicts on one prompt, and float64[M] ratings in Elo points, NaN = unrated. A match moves together.

    The discrimination is the lead that the better rated had in points over the lead expected by the ratings. These rest
    on all prompts, this one among them.
    """
    undecided = (verdicts.outcome >= TIE).astype(float)
    bad = (verdicts.outcome == BOTH_BAD).astype(float)
    lead = rating[verdicts.a] - rating[verdicts.b]
    told = np.isfinite(lead) & (lead != 0)
    points = np.where(lead > 0, POINTS[verdicts.outcome], 1 - POINTS[verdicts.outcome])[told]
    expected = float(win_chance(np.abs(lead[told])).mean()) if told.any() else None
    return Item(
        clustered_share(undecided, verdicts.match, level),
        clustered_share(bad, verdicts.match, level),
        clustered_share(points, verdicts.match[told], level) if told.any() else NOT_MEASURED,
        expected,
        *_discrimination(points, expected, verdicts.where(told), level),
    )


def _discrimination(
    points: Floats, expected: float | None, verdicts: Verdicts, level: float
) -> tuple[float | None, float | None, float | None]:
    """(value, lower, upper): the interval of the lead, the expected one being known."""
    if expected is None:
        return None, None, None
    scale, mean = expected - 0.5, float(points.mean())
    value = (mean - 0.5) / scale
    variance = clustered_variance(points - mean, verdicts.match)
    if not variance:  # one match, or all alike: nothing tells how far chance goes
        return value, None, None
    half = float(ndtri((1 + level) / 2)) * variance**0.5 / scale
    return value, value - half, value + half
