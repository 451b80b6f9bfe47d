"""What was said of each match between two contenders, and which of the matches are worth reading."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Flags, Integers
from judgeboard.arena.orders import flipped_matches, merge_orders
from judgeboard.arena.same_match import majority
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts, bad_as_tie

NOBODY = -1
"""In place of an outcome: nobody said anything."""


@dataclass(frozen=True, eq=False)
class MatchByMatch:
    """G matches, told from the sides that the verdicts were told from.

    match, prompt: int32[G], matches ascending
    judgments, votes: int64[G, 4], how many came to each outcome
    judged, voted: int8[G], what most judgments and most votes say, else a tie; -1: nobody did
    split: bool[G], two judges differ, each told with its orders merged; tie and both bad are the same
    flipped: bool[G], the verdict of a judge changed with the order
    """

    match: Integers
    prompt: Integers
    judgments: Integers
    votes: Integers
    judged: Integers
    voted: Integers
    split: Flags
    flipped: Flags

    @property
    def both(self) -> Flags:
        """bool[G]: judged and voted on."""
        found: Flags = (self.judged != NOBODY) & (self.voted != NOBODY)
        return found

    @property
    def differ(self) -> Flags:
        """bool[G]: most people say another thing than most judges; tie and both bad are the same."""
        found: Flags = self.both & (bad_as_tie(self.judged) != bad_as_tie(self.voted))
        return found

    @property
    def bad(self) -> Flags:
        """bool[G]: somebody found both bad."""
        found: Flags = (self.judgments + self.votes)[:, BOTH_BAD] > 0
        return found


def match_by_match(judged: Verdicts, voted: Verdicts, flipped: Flags) -> MatchByMatch:
    """From what judges and people said about the same two contenders, both told from the same sides.

    flipped: bool[n], judgments that merge two orders which disagreed. Raises MatchesDiffer.
    """
    match, row = np.unique(np.concatenate([judged.match, voted.match]), return_index=True)
    changed = np.union1d(flipped_matches(judged), judged.match[flipped])
    return MatchByMatch(
        match=match,
        prompt=np.concatenate([judged.prompt, voted.prompt])[row],
        judgments=_counts(judged, match),
        votes=_counts(voted, match),
        judged=_most(judged, match),
        voted=_most(voted, match),
        split=np.isin(match, _split_matches(judged)),
        flipped=np.isin(match, changed),
    )


def _counts(said: Verdicts, match: Integers) -> Integers:
    cell = np.searchsorted(match, said.match) * 4 + said.outcome
    counts: Integers = np.bincount(cell, minlength=4 * len(match)).reshape(-1, 4)
    return counts


def _most(said: Verdicts, match: Integers) -> Integers:
    found = np.full(len(match), NOBODY, dtype=np.int8)
    most = majority(said)
    found[np.searchsorted(match, most.match)] = most.outcome
    return found


def _split_matches(judged: Verdicts) -> Integers:
    """int32[k]: matches of which not all judges say the same."""
    each = merge_orders(judged)
    distinct = np.unique(np.stack([each.match, bad_as_tie(each.outcome)]), axis=1)
    match, outcomes = np.unique(distinct[0], return_counts=True)
    split: Integers = match[outcomes > 1]
    return split
