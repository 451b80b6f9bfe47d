"""What the fit needs of the evidence: how often each met each, and with what outcome. Its size does not grow."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.verdicts import A_WINS, B_WINS, BOTH_BAD, TIE, Verdicts

BothBad = Literal["tie", "dropped"]


class BadTallies(ValueError):
    """Counts that no set of verdicts can have."""


@dataclass(frozen=True, eq=False)
class Tallies:
    """Counts of verdicts between M contenders.

    wins:      int64[M, M], verdicts in which the row beat the column
    ties:      int64[M, M], symmetric
    both_bad:  int64[M, M], symmetric

    Raises BadTallies.
    """

    names: tuple[str, ...]
    wins: Integers
    ties: Integers
    both_bad: Integers

    def __post_init__(self) -> None:
        for name, table in (("wins", self.wins), ("ties", self.ties), ("both_bad", self.both_bad)):
            if table.shape != (len(self.names), len(self.names)):
                raise BadTallies(f"{name} has the shape {table.shape}; expected one row and column a contender.")
            if not (np.isfinite(table).all() and (table >= 0).all()):
                raise BadTallies(f"{name} holds a count that is negative or not a number.")
            if np.diag(table).any():
                raise BadTallies(f"{name} counts a contender against itself.")
            if name != "wins" and (table != table.T).any():
                raise BadTallies(f"{name} differs between a pair told from one side and from the other.")

    @classmethod
    def of(cls, verdicts: Verdicts) -> Self:
        size = len(verdicts.names)
        cell = verdicts.outcome.astype(np.int64) * size + verdicts.a
        counts = np.bincount(cell * size + verdicts.b, minlength=4 * size * size).reshape(4, size, size)
        return cls(
            names=verdicts.names,
            wins=counts[A_WINS] + counts[B_WINS].T,
            ties=counts[TIE] + counts[TIE].T,
            both_bad=counts[BOTH_BAD] + counts[BOTH_BAD].T,
        )

    def points(self, both_bad: BothBad = "tie") -> Floats:
        """float64[M, M]: points the row took from the column. A tie is half a point for each."""
        halves = self.ties + self.both_bad if both_bad == "tie" else self.ties
        points: Floats = self.wins + 0.5 * halves
        return points
