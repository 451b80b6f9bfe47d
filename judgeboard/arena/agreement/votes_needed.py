"""How the interval of agreement narrows with the number of votes, and how many votes make it as narrow as one likes.

A prompt with its votes is one draw, so the variance falls as prompts with as many votes as now come to be: by the
number of votes there are over those there will be. More votes on the same prompts narrow it less.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.same_match import CodePairs
from judgeboard.arena.share import NO_SPREAD
from judgeboard.arena.verdicts import bad_as_tie

HALVINGS = 40  # of a power of ten: far below one vote


@dataclass(frozen=True)
class Known:
    """A share, or one share less another, with its variance now that n_votes on n_prompts are there."""

    value: float
    variance: float
    n_votes: int
    n_prompts: int

    def half_width(self, votes: float, level: float = 0.95) -> float:
        """Of the interval with so many votes, by Student's t with a degree for each prompt but one."""
        degrees = max(self.n_prompts * votes / self.n_votes - 1, 1.0)
        spread = (self.variance * self.n_votes / votes) ** 0.5
        return float(stdtrit(degrees, (1 + level) / 2) * spread)

    def votes_for(self, half_width: float, level: float = 0.95) -> float:
        """The votes with which the interval reaches so far to either side; inf for 0."""
        if half_width == 0:
            return np.inf
        low, high = 0.0, 1.0  # of the logarithm, to either side of what is looked for
        while self.half_width(10**high, level) > half_width:
            low, high = high, high + 1
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.half_width(10**middle, level) > half_width else (low, middle)
        return float(10**high)

    @property
    def is_told(self) -> bool:
        """Of a difference: whether its interval leaves out 0."""
        return self.half_width(self.n_votes) < abs(self.value)

    @property
    def votes_to_tell(self) -> float:
        """Of a difference: those with which its interval leaves out 0, if it is what it seems."""
        return self.votes_for(abs(self.value))


@dataclass(frozen=True)
class VotesNeeded:
    """judges: how often they side with a vote; people: one vote with another; apart: the first less the second, on
    the same prompts. None: not measured, or nothing in it varies."""

    judges: Known | None
    people: Known | None
    apart: Known | None


def votes_needed(judged: CodePairs, voted: CodePairs, n_votes: int) -> VotesNeeded:
    """From pairs of outcomes with their prompts: of judges and votes, and of votes and votes; ties kept."""
    number, prompts = numbered(np.concatenate([judged[2], voted[2]]))
    split = len(judged[2])
    judges, pulled = _agreement(judged, number[:split], prompts)
    people, voting = _agreement(voted, number[split:], prompts)
    apart = None if judges is None or people is None else judges - people
    return VotesNeeded(
        _known(judges, pulled, n_votes), _known(people, voting, n_votes), _known(apart, pulled - voting, n_votes)
    )


def _agreement(pairs: CodePairs, number: Integers, prompts: int) -> tuple[float | None, Floats]:
    """(the share of pairs that agree, float64[G]: what each prompt pulls at it)."""
    left, right, _ = pairs
    if not len(left):
        return None, np.zeros(prompts)
    same = (bad_as_tie(left) == bad_as_tie(right)).astype(np.float64)
    share = float(same.mean())
    pulled: Floats = np.bincount(number, (same - share) / len(same), minlength=prompts).astype(np.float64)
    return share, pulled


def _known(value: float | None, pulled: Floats, n_votes: int) -> Known | None:
    clusters = int(np.count_nonzero(pulled))
    variance = float(pulled @ pulled) * clusters / max(clusters - 1, 1)
    return Known(value, variance, n_votes, clusters) if value is not None and variance > NO_SPREAD else None
