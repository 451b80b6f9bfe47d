"""Boards drawn from a board: the same pairs with other counts, as if other prompts, or matches, had come up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from judgeboard.arena.arrays import Integers, Singles
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.poisson import PoissonTables
from judgeboard.arena.verdicts import Verdicts

Unit = Literal["prompt", "match"]
Weights = Literal["poisson", "multinomial"]
MOST_BUNDLES = 2000
"""More prompts than these are dealt at random into as many bundles that are resampled as wholes: bundles drawn without
regard to what is in them are as independent of each other as prompts, and their sums vary as the prompts' do."""
BLOCK = 2**23  # numbers that are drawn at once, so that memory does not grow with the number of draws


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs that met of M contenders.

    first, second: int64[P], ascending, first < second; of_row: int64[n], each verdict's pair
    incidence:     float32[M, P], 1 for the first and -1 for the second of a pair
    """

    first: Integers
    second: Integers
    of_row: Integers
    incidence: csr_array

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, eq=False)
class Replicates:
    """Boards drawn together, over the P pairs that met.

    met:   float32[P, draws], verdicts
    net:   float32[M, draws], points that each contender took as the first of a pair, less those taken from it as the
           second
    won:   float32[P, U], what the first of each pair took in each unit that is drawn
    times: float32[U, draws], how often each unit came up
    """

    met: Singles
    net: Singles
    won: Singles | csr_array
    times: Singles

    def points(self, draw: int) -> Singles:
        """float32[P]: what the first of each pair took on one board."""
        taken: Singles = self.won @ self.times[:, draw]
        return taken


def pairs_met(verdicts: Verdicts) -> Pairs:
    size = len(verdicts.names)
    low, high = np.minimum(verdicts.a, verdicts.b), np.maximum(verdicts.a, verdicts.b)
    cell = low.astype(np.int64)
    cell *= size
    cell += high
    of_row, _ = numbered(cell)
    met = np.flatnonzero(np.bincount(cell, minlength=size * size))
    first, second = np.divmod(met, size)
    sign = np.repeat(np.array([1, -1], dtype=np.float32), len(met))
    place = np.concatenate([first, second]), np.tile(np.arange(len(met)), 2)
    return Pairs(first, second, of_row, csr_array((sign, place), shape=(size, len(met))))


def drawn_boards(
    verdicts: Verdicts, pairs: Pairs, *, unit: Unit, weights: Weights, draws: int, rng: np.random.Generator
) -> Iterator[Replicates]:
    """`draws` boards, some at a time. Raises MatchesDiffer where whole matches are to be drawn."""
    points = np.where(verdicts.a < verdicts.b, verdicts.points, 1 - verdicts.points)
    if unit == "prompt":
        return _by_prompt(verdicts.prompt, pairs, points, weights, draws, rng)
    return _by_match(verdicts, pairs, points, weights, draws, rng)


def _by_prompt(
    prompt: Integers, pairs: Pairs, points: np.ndarray, weights: Weights, draws: int, rng: np.random.Generator
) -> Iterator[Replicates]:
    number, prompts = bundled(prompt, rng)
    cell = number * len(pairs) + pairs.of_row
    shape = prompts, len(pairs)
    met = np.bincount(cell, minlength=prompts * len(pairs)).reshape(shape).astype(np.float32)
    won = np.bincount(cell, points, minlength=prompts * len(pairs)).reshape(shape).astype(np.float32)
    net = pairs.incidence @ won.T
    for size in _blocks(draws, len(pairs)):
        times = cluster_weights(prompts, size, weights, rng).T
        yield Replicates(met.T @ times, net @ times, won.T, times)


def _by_match(
    verdicts: Verdicts, pairs: Pairs, points: np.ndarray, weights: Weights, draws: int, rng: np.random.Generator
) -> Iterator[Replicates]:
    """Matches of one pair with the same verdicts are alike, so it is their number that is drawn."""
    kind = _kinds(verdicts, pairs, points)
    place = kind.pair, np.arange(len(kind.pair))
    met = csr_array((kind.verdicts, place), shape=(len(pairs), len(kind.pair)))
    won = csr_array((kind.points, place), shape=met.shape)
    tables, total = PoissonTables.of(kind.count), int(kind.count.sum())
    for size in _blocks(draws, len(kind.pair)):
        if weights == "poisson":
            drawn = tables.draw(size, rng)
        else:
            drawn = rng.multinomial(total, kind.count / total, size).T.astype(np.float32)
        yield Replicates(met @ drawn, pairs.incidence @ (won @ drawn), won, drawn)


@dataclass(frozen=True, eq=False)
class _Kinds:
    """Kinds of match: the pair, how many verdicts, the first's points in them; and how many there are, ascending."""

    pair: Integers
    verdicts: Singles
    points: Singles
    count: Integers


def _kinds(verdicts: Verdicts, pairs: Pairs, points: np.ndarray) -> _Kinds:
    number, matches = numbered(verdicts.match)
    pair, told = pairs.of_row, np.ones(len(points), dtype=np.int64)
    halves = (2 * points).astype(np.int64)
    if matches < len(number):
        verdicts.aligned()
        told = np.bincount(number, minlength=matches)
        halves = np.bincount(number, 2 * points, minlength=matches).astype(np.int64)
        pair = np.zeros(matches, dtype=np.int64)
        pair[number] = pairs.of_row
    most = int(told.max()) + 1
    kind = (pair * most + told) * (2 * most) + halves
    count = np.bincount(kind)
    found = np.flatnonzero(count)
    found = found[np.argsort(count[found], kind="stable")]
    rest, half = np.divmod(found, 2 * most)
    return _Kinds(rest // most, (rest % most).astype(np.float32), (half / 2).astype(np.float32), count[found])


def bundled(cluster: Integers, rng: np.random.Generator) -> tuple[Integers, int]:
    """(int64[n], k): clusters numbered, or dealt at random into the most bundles where there are more of them."""
    number, clusters = numbered(cluster)
    if clusters <= MOST_BUNDLES:
        return number, clusters
    dealt = rng.permutation(np.arange(clusters) % MOST_BUNDLES)
    return dealt[number], MOST_BUNDLES


def cluster_weights(clusters: int, draws: int, weights: Weights, rng: np.random.Generator) -> Singles:
    """float32[draws, clusters]: how often each cluster came up in each draw; once in the mean."""
    if weights == "poisson":
        return rng.poisson(1.0, (draws, clusters)).astype(np.float32)
    return rng.multinomial(clusters, np.full(clusters, 1 / clusters), draws).astype(np.float32)


def _blocks(draws: int, each: int) -> Iterator[int]:
    most = max(1, BLOCK // max(each, 1))
    while draws > 0:
        yield min(draws, most)
        draws -= most
