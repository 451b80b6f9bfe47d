"""What the fit needs of the evidence: how often each met each, and with what outcome. Its size does not grow."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.blocks import ALL, blocks
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

    Tallies of more evidence can be added to those that were kept. Raises BadTallies.
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
        told = np.zeros(4 * size * size, dtype=np.int64)
        for rows in blocks(len(verdicts), len(told)):
            told += np.bincount(cells(verdicts, rows), minlength=len(told))
        counts = told.reshape(4, size, size)
        return cls(
            names=verdicts.names,
            wins=counts[A_WINS] + counts[B_WINS].T,
            ties=counts[TIE] + counts[TIE].T,
            both_bad=counts[BOTH_BAD] + counts[BOTH_BAD].T,
        )

    def __add__(self, other: Self) -> Self:
        """The counts of both, about the same contenders in the same order. Raises BadTallies."""
        if self.names != other.names:
            raise BadTallies("The two tallies are about different contenders, or name them in another order.")
        return type(self)(self.names, self.wins + other.wins, self.ties + other.ties, self.both_bad + other.both_bad)

    def points(self, both_bad: BothBad = "tie") -> Floats:
        """float64[M, M]: points the row took from the column. A tie is half a point for each."""
        halves = self.ties + self.both_bad if both_bad == "tie" else self.ties
        points: Floats = self.wins + 0.5 * halves
        return points

    def verdicts(self, both_bad: BothBad = "tie") -> Integers:
        """int64[M]: the number of verdicts of each contender that count."""
        counted = self.wins + self.wins.T + self.ties
        if both_bad == "tie":
            counted += self.both_bad
        each: Integers = counted.sum(axis=1)
        return each


def cells(verdicts: Verdicts, rows: slice = ALL) -> Integers:
    """int32[n]: the place of each verdict, or of those in some rows, in a table[outcome, a, b] of 4 x M x M cells.

    Numbers of 32 bits reach for 23,000 contenders, whose table would take 17 GB.
    """
    size = len(verdicts.names)
    cell = verdicts.outcome[rows].astype(np.int32)
    for column in (verdicts.a, verdicts.b):
        cell *= size
        cell += column[rows]
    return cell
