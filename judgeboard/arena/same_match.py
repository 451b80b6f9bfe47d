"""Finding verdicts on the same match, always told from the same sides."""

from dataclasses import replace

import numpy as np

from judgeboard.arena.arrays import Integers
from judgeboard.arena.verdicts import TIE, UnknownContender, Verdicts

CodePairs = tuple[Integers, Integers, Integers]
"""(left outcome codes, right outcome codes, prompt), one entry a pair of verdicts on one match."""


def each_against_each(left: Verdicts, right: Verdicts) -> CodePairs:
    """Every left verdict against every right verdict on the same match, told from the left one's sides.

    Sides are matched by contender, never by position. Raises UnknownContender, MatchesDiffer.
    """
    left = left.aligned()
    right = _renamed(right, left.names)
    order = np.argsort(right.match, kind="stable")
    start = np.searchsorted(right.match[order], left.match, side="left")
    count = np.searchsorted(right.match[order], left.match, side="right") - start
    rows_left = np.repeat(np.arange(len(left)), count)
    rows_right = order[np.repeat(start, count) + _count_up(count)]
    told = right.where(rows_right).told_from(left.a[rows_left], left.b[rows_left])
    return left.outcome[rows_left], told.outcome, left.prompt[rows_left]


def each_against_other(verdicts: Verdicts) -> CodePairs:
    """Every unordered pair of verdicts by different raters on one match; the earlier row is the left one.

    Among human votes this is the ceiling: how far people agree with each other. Raises MatchesDiffer.
    """
    told = verdicts.aligned()
    order = np.argsort(told.match, kind="stable")
    stop = np.searchsorted(told.match[order], told.match[order], side="right")
    later = stop - np.arange(len(order)) - 1
    rows = np.repeat(np.arange(len(order)), later)
    left, right = order[rows], order[rows + 1 + _count_up(later)]
    different = told.rater[left] != told.rater[right]
    left, right = left[different], right[different]
    return told.outcome[left], told.outcome[right], told.prompt[left]


def majority(verdicts: Verdicts) -> Verdicts:
    """One row a match, by rater -1: the outcome with strictly the most verdicts, else a tie. Raises MatchesDiffer."""
    told = verdicts.aligned()
    _, start, group = np.unique(told.match, return_index=True, return_inverse=True)
    counts = np.bincount(group * 4 + told.outcome, minlength=4 * len(start)).reshape(-1, 4)
    most = counts.max(axis=1, initial=0)
    alone = (counts == most[:, None]).sum(axis=1) == 1
    return replace(
        told.where(start),
        outcome=np.where(alone, counts.argmax(axis=1), TIE).astype(np.int8),
        rater=np.full(len(start), -1, dtype=np.int32),
        first=np.full(len(start), -1, dtype=np.int8),
    )


def _renamed(verdicts: Verdicts, names: tuple[str, ...]) -> Verdicts:
    """The same verdicts with contenders numbered as in `names`."""
    if verdicts.names == names:
        return verdicts
    index = {name: number for number, name in enumerate(names)}
    met = np.union1d(verdicts.a, verdicts.b)
    if missing := [verdicts.names[number] for number in met if verdicts.names[number] not in index]:
        raise UnknownContender(f"The left verdicts know no contender called {missing[0]!r}.")
    number = np.array([index.get(name, -1) for name in verdicts.names], dtype=np.int32)
    return replace(verdicts, names=names, a=number[verdicts.a], b=number[verdicts.b])


def _count_up(counts: Integers) -> Integers:
    """0 .. count-1 for each count, one after the other."""
    ends = np.cumsum(counts)
    up: Integers = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return up
