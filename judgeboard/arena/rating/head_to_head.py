"""One contender against another on the matches that both played: who wins how often, and is that sure?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeboard.arena.numbering import numbered
from judgeboard.arena.share import NOT_MEASURED, Share, clustered_share
from judgeboard.arena.verdicts import A_WINS, B_WINS, BOTH_BAD, Verdicts

Ahead = Literal["first", "second", "open", "not measured"]


@dataclass(frozen=True)
class HeadToHead:
    """Shares of n verdicts on G prompts, told from the first contender; intervals clustered by prompt.

    won, tied, lost: add up to 1; both bad is tied, and n_bad says how many that are
    points: won and half of tied. Each row pairs both on one prompt, so won - lost is 2 * points - 1, and its interval
    """

    n: int
    n_prompts: int
    n_bad: int
    won: Share
    tied: Share
    lost: Share
    points: Share

    @property
    def ahead(self) -> Ahead:
        """Whose side of one half the interval of the points lies on."""
        if self.points.lower is None or self.points.upper is None:
            return "not measured"
        if self.points.lower > 0.5:
            return "first"
        return "second" if self.points.upper < 0.5 else "open"


NEVER_MET = HeadToHead(0, 0, 0, NOT_MEASURED, NOT_MEASURED, NOT_MEASURED, NOT_MEASURED)


def head_to_head(verdicts: Verdicts, level: float = 0.95) -> HeadToHead:
    """Of verdicts between two contenders, told from side a of the first row. Raises MatchesDiffer.

    Each row counts once: where several raters, or both orders, spoke of a match, give what most say of it.
    """
    if not len(verdicts):
        return NEVER_MET
    told = verdicts.told_from(np.full(len(verdicts), verdicts.a[0]), np.full(len(verdicts), verdicts.b[0]))
    won, lost = told.outcome == A_WINS, told.outcome == B_WINS
    return HeadToHead(
        n=len(told),
        n_prompts=numbered(told.prompt)[1],
        n_bad=int(np.count_nonzero(told.outcome == BOTH_BAD)),
        won=clustered_share(won.astype(float), told.prompt, level),
        tied=clustered_share((~won & ~lost).astype(float), told.prompt, level),
        lost=clustered_share(lost.astype(float), told.prompt, level),
        points=clustered_share(told.points, told.prompt, level),
    )
