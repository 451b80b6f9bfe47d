"""What a rater says when the same two outputs are shown in both orders."""

from dataclasses import replace

import numpy as np

from judgeboard.arena.arrays import Flags, Integers
from judgeboard.arena.verdicts import TIE, Verdicts, bad_as_tie


def order_flips(verdicts: Verdicts) -> tuple[int, int]:
    """(n_pairs, n_flipped): rater and match shown in both orders, and how many of them came to different outcomes.

    Both bad and a tie are the same here: neither side wins. Of repeats in one order the first row counts.
    """
    row, flipped = _shown_both_ways(verdicts.aligned())
    return len(row), int(np.count_nonzero(flipped))


def flips_by_prompt(verdicts: Verdicts) -> tuple[Flags, Integers]:
    """(bool[k], int[k]): of each rater and match shown in both orders, whether the outcomes differ, and the prompt."""
    told = verdicts.aligned()
    row, flipped = _shown_both_ways(told)
    return flipped, told.prompt[row]


def flipped_matches(verdicts: Verdicts) -> Integers:
    """int32[k], ascending: the matches on which a rater came to different outcomes in the two orders."""
    told = verdicts.aligned()
    row, flipped = _shown_both_ways(told)
    found: Integers = np.unique(told.match[row[flipped]])
    return found


def _shown_both_ways(told: Verdicts) -> tuple[Integers, Flags]:
    """(row, whether the outcomes differ) of each rater and match shown in both orders; the row with side a first."""
    codes = bad_as_tie(told.outcome)
    keys = _rater_and_match(told)
    seen_a, seen_b = told.first == 0, told.first == 1
    _, rows_a, rows_b = np.intersect1d(keys[seen_a], keys[seen_b], return_indices=True)
    return np.flatnonzero(seen_a)[rows_a], codes[seen_a][rows_a] != codes[seen_b][rows_b]


def merge_orders(verdicts: Verdicts) -> Verdicts:
    """One row for each rater and match: the outcome all its rows share, else a tie.

    `first` stays where every row has the same and becomes -1 otherwise. Raises MatchesDiffer.
    """
    told = verdicts.aligned()
    _, start, group = np.unique(_rater_and_match(told), return_index=True, return_inverse=True)
    merged = told.where(start)
    return replace(
        merged,
        outcome=np.where(_shared_by_all(told.outcome, start, group), merged.outcome, TIE),
        first=np.where(_shared_by_all(told.first, start, group), merged.first, -1),
    ).where(np.argsort(start))


def _rater_and_match(verdicts: Verdicts) -> Integers:
    """int64[n]: one number for both, different for different pairs, as each is of 32 bits."""
    return verdicts.rater.astype(np.int64) * 2**32 + verdicts.match


def _shared_by_all(values: Integers, start: Integers, group: Integers) -> Flags:
    """bool[groups]: every value of the group equals its first."""
    differs = np.bincount(group, weights=values != values[start][group], minlength=len(start))
    shared: Flags = differs == 0
    return shared
