"""Pairs of verdicts as cells of a table of two raters' classes, kept with the prompts that move together."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.outcome import UnknownOutcome
from judgeboard.arena.verdicts import BOTH_BAD, TIE, bad_as_tie

Ties = Literal["kept", "dropped"]


class BadPairs(ValueError):
    """Columns of pairs of verdicts that are not equally long."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """n pairs of verdicts on the same matches with k classes: side a, side b and, where ties are kept, tie.

    cell:      int64[n], left class * k + right class
    prompt:    int64[n], numbered from 0 to prompts - 1
    confusion: int64[k, k], left by right
    """

    cell: Integers
    prompt: Integers
    prompts: int
    confusion: Integers

    @classmethod
    def of(cls, left: Integers, right: Integers, prompt: Integers, ties: Ties) -> Self:
        """From int[n] outcome codes. Both bad is a tie; "dropped" leaves out pairs in which either says tie.

        Raises BadPairs, UnknownOutcome.
        """
        _check(left, right, prompt)
        left, right, classes = bad_as_tie(left), bad_as_tie(right), 3
        if ties == "dropped":
            decided = (left != TIE) & (right != TIE)
            left, right, prompt, classes = left[decided], right[decided], prompt[decided], 2
        cell = left.astype(np.int64)
        cell *= classes
        cell += right
        confusion = np.bincount(cell, minlength=classes**2).reshape(classes, classes)
        return cls(cell, *numbered(prompt), confusion)

    def __len__(self) -> int:
        return len(self.cell)

    def totals(self, pull: Floats) -> Floats:
        """float64[G]: what the pairs of each prompt add up to, each pair counting as float64[k, k] says of its cell."""
        told = pull.ravel().take(self.cell)
        return np.asarray(np.bincount(self.prompt, told, minlength=self.prompts), dtype=np.float64)


def _check(left: Integers, right: Integers, prompt: Integers) -> None:
    if not len(left) == len(right) == len(prompt):
        found = f"{len(left)} left codes, {len(right)} right codes and {len(prompt)} prompts"
        raise BadPairs(f"There are {found}; expected equally many.")
    for codes in (left, right):
        if len(codes) and not 0 <= codes.min() <= codes.max() <= BOTH_BAD:
            row = int(np.argmax((codes < 0) | (codes > BOTH_BAD)))
            raise UnknownOutcome(f"Row {row + 1} has the outcome code {codes[row]}; expected 0, 1, 2 or 3.")
