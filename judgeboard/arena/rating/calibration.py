"""Do the better rated win as often as their ratings say?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from judgeboard.arena.agreement.groups import GAPS, gap_groups
from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.scale import win_chance
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.verdicts import Verdicts


@dataclass(frozen=True)
class Calibrated:
    """Verdicts between contenders whose ratings are about equally far apart.

    expected: the mean share of points that the ratings give the better rated; won: the share it took
    """

    group: int
    expected: float
    won: Share


def calibration(
    verdicts: Verdicts, rating: Floats, *, edges: tuple[float, ...] = GAPS, level: float = 0.95
) -> Iterator[Calibrated]:
    """By how many `edges` the gap of the float64[M] ratings reaches, ascending; gaps that nobody has are left out.

    Told from the better rated; of equals from side a. A tie, or both bad, is half a point; intervals by prompt.
    """
    group = gap_groups(rating, verdicts.a, verdicts.b, edges)
    lead = rating[verdicts.a] - rating[verdicts.b]
    won = np.where(lead >= 0, verdicts.points, 1 - verdicts.points)
    for number in range(len(edges) + 1):
        rows = group == number
        if rows.any():
            expected = float(win_chance(np.abs(lead[rows])).mean())
            yield Calibrated(number, expected, clustered_share(won[rows], verdicts.prompt[rows], level))
