"""Which contenders meet on which prompt."""

from itertools import combinations

import numpy as np

from judgeboard.arena.arrays import Integers

Pair = tuple[int, int]


def pairs_for_prompts(
    n_contenders: int,
    n_prompts: int,
    pairs_per_prompt: int | None,
    *,
    newcomer: int | None = None,
    seed: int,
) -> Integers:
    """int32[k, 3]: rows (prompt, i, j) with i < j, by prompt. Deterministic for a seed; a prompt's pairs are distinct.

    pairs_per_prompt None: everyone meets everyone on every prompt. Otherwise over all prompts every pair is met
    equally often, give or take one, and so plays each contender. newcomer: only pairs with that contender.
    Raises ValueError for a newcomer that is not one of the contenders or fewer than one pair a prompt.
    """
    if newcomer is not None and not 0 <= newcomer < n_contenders:
        raise ValueError(f"The newcomer {newcomer} is not one of the {n_contenders} contenders.")
    if pairs_per_prompt is not None and pairs_per_prompt < 1:
        raise ValueError(f"Expected at least one pair a prompt, found {pairs_per_prompt}.")
    rng = np.random.default_rng(seed)
    seats = rng.permutation(n_contenders)
    cycle = _seated(_balanced_cycle(n_contenders), seats) if newcomer is None else _duels(newcomer, seats)
    dealt = _dealt(cycle, n_prompts, pairs_per_prompt, rng)
    order = np.lexsort((dealt[:, 2], dealt[:, 1], dealt[:, 0]))
    return dealt[order].astype(np.int32)


def _dealt(cycle: Integers, n_prompts: int, pairs_per_prompt: int | None, rng: np.random.Generator) -> Integers:
    """Deals the cycle of pairs round and round, the prompts in a drawn order: neighbours do not share their pairs."""
    a_prompt = len(cycle) if pairs_per_prompt is None else min(pairs_per_prompt, len(cycle))
    prompts = np.repeat(rng.permutation(n_prompts), a_prompt)
    pairs = np.resize(cycle, (len(prompts), 2))
    return np.column_stack([prompts, pairs])


def _seated(pairs: list[Pair], seats: Integers) -> Integers:
    return np.sort(seats[np.array(pairs, dtype=np.int64).reshape(-1, 2)], axis=1)


def _duels(newcomer: int, seats: Integers) -> Integers:
    others = seats[seats != newcomer]
    return np.sort(np.column_stack([np.full(len(others), newcomer), others]), axis=1)


def _balanced_cycle(n: int) -> list[Pair]:
    """All pairs of n, in an order in which after every pair nobody has played more than once more than another."""
    if n < 4:
        return list(combinations(range(n), 2))
    rounds = _matchings(n) if n % 2 == 0 else _rings(n)
    return [pair for pairs in rounds for pair in pairs]


def _matchings(n: int) -> list[list[Pair]]:
    """Even n: the circle method of a tournament; in each of n - 1 rounds everyone plays once."""
    wheel = n - 1
    return [
        [(wheel, turn), *(((turn + k) % wheel, (turn - k) % wheel) for k in range(1, n // 2))] for turn in range(wheel)
    ]


def _rings(n: int) -> list[list[Pair]]:
    """Odd n: Walecki's (n - 1) / 2 rings through everyone (Lucas 1883, Recreations mathematiques), each played in
    every second of its links first, so that all have played once before anyone has played twice, save one."""
    wheel = n - 1
    zigzag = [(k + 1) // 2 if k % 2 else -k // 2 for k in range(wheel)]
    rings = []
    for turn in range(wheel // 2):
        ring = [wheel, *((step + turn) % wheel for step in zigzag)]
        links = list(zip(ring, [*ring[1:], ring[0]], strict=True))
        rings.append(links[0::2] + links[1::2])
    return rings
