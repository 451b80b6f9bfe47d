"""On which prompt two contenders meet who are to meet once more."""

from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Flags, Integers

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Meetings:
    """Where M contenders have met on G prompts, and where they still can.

    free:   bool[G, M, M], symmetric: these two can meet on this prompt, and have not
    played: int64[G, M], matches of each contender on each prompt
    """

    free: Flags
    played: Integers

    @property
    def left(self) -> Integers:
        """int64[M, M]: on how many prompts two can still meet."""
        left: Integers = self.free.sum(axis=0)
        return left

    def among(self, pairs: Integers) -> Integers:
        """int32[P, 2]: those of the pairs that can still meet."""
        return pairs[self.left[pairs[:, 0], pairs[:, 1]] > 0]


def prompts_for(pairs: Integers, meetings: Meetings, *, seed: int) -> Integers:
    """int64[k]: the prompt on which each of int[k, 2] pairs meets, in turn; NOWHERE for one that has met on all.

    The prompt on which the two have played least, then that on which all have, then by lot: what a contender owes to
    a prompt evens out over many of them. Nobody meets twice on one prompt. Deterministic for a seed.
    """
    lot = np.random.default_rng(seed).permutation(len(meetings.free))
    free, played = meetings.free.copy(), meetings.played.copy()
    busy = played.sum(axis=1)
    found = np.full(len(pairs), NOWHERE, dtype=np.int64)
    for number, (i, j) in enumerate(pairs.tolist()):
        if not len(open_ := np.flatnonzero(free[:, i, j])):
            continue
        order = np.lexsort((lot[open_], busy[open_], played[open_, i] + played[open_, j]))
        prompt = found[number] = open_[order[0]]
        free[prompt, i, j] = free[prompt, j, i] = False
        played[prompt, [i, j]] += 1
        busy[prompt] += 2
    return found
