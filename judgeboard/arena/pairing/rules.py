"""Rules by name: which share of the next verdicts each pair is given."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.pairing.design import in_every, least_variance, least_volume, least_width
from judgeboard.arena.pairing.knowledge import Knowledge, difference

Rule = Callable[[Knowledge, Integers, int], Floats]
"""float64[P] shares, adding up to 1, of a number of verdicts over int[P, 2] pairs of contenders."""


def uniform(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """Every pair alike, whatever was judged before."""
    return np.full(len(pairs), 1 / len(pairs))


def round_robin(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """Pairs judged least are brought up to the rest, so that in the end all were judged equally often."""
    judged = known.judged[pairs[:, 0], pairs[:, 1]]
    fewest = np.sort(judged)
    levels = (calls + np.cumsum(fewest)) / np.arange(1, len(pairs) + 1)
    level = levels[np.flatnonzero(levels > fewest)[-1]]
    share: Floats = np.maximum(level - judged, 0.0) / calls
    return share


def variance(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """By how much one more verdict narrows the standard error of the pair's own win rate; a pair not met counts as met
    once. The active rule of Chiang et al. (2024), "Chatbot Arena", arXiv 2403.04132."""
    i, j = pairs.T
    deviation, n = np.sqrt(known.verdict_information[i, j]), np.maximum(known.judged[i, j], 1)
    gain = deviation / np.sqrt(n) - deviation / np.sqrt(n + 1)
    share: Floats = gain / gain.sum()
    return share


def d_optimal(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """All strengths together as sharply as can be."""
    return least_volume(known, pairs, calls)


def equal_width(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """All intervals alike, the widest of them as narrow as can be: for ratings that are to be known to a precision."""
    return least_width(known, pairs, calls)


def rank_gain(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """The expected number of misordered pairs as small as can be.

    A lead d that is known with the variance v is misordered with the probability Phi(-|d| / sqrt v). Each pair weighs
    what that loses for each bit of v, expected over the leads that the verdicts leave possible.
    """
    aimed = _asked_about(known, pairs)
    lead, spread = _lead(known, aimed), difference(known.covariance(), aimed)
    # the density of leads times the loss at each is a normal curve around half the lead, with half the variance
    middle, width = lead / 2, np.sqrt(spread / 2)
    size = 2 * width * _density(middle / width) + middle * (1 - 2 * ndtr(-middle / width))
    return least_variance(known, pairs, calls, _density(lead / np.sqrt(2 * spread)) * size / spread**1.5, aimed)


def gap_optimal(known: Knowledge, pairs: Integers, calls: int) -> Floats:
    """The gaps between neighbours in the order as sharply as their size demands: their variances, each over the gap
    squared, add up to as little as can be. Half of what is uncertain about a gap counts as part of its size: none of it
    would send all verdicts to gaps that look like nothing, all of it too few to gaps that are small."""
    aimed = _asked_about(known, pairs)
    lead, spread = _lead(known, aimed), difference(known.covariance(), aimed)
    return least_variance(known, pairs, calls, _neighbours(known, aimed) / (lead**2 + spread / 2), aimed)


ADAPTIVE: Mapping[str, Rule] = MappingProxyType(
    {
        "variance": variance,
        "d_optimal": d_optimal,
        "equal_width": equal_width,
        "rank_gain": rank_gain,
        "gap_optimal": gap_optimal,
    }
)
"""Rules that follow the verdicts, and so need some exploration beside them."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {"round_robin": round_robin, "baseline": round_robin, "uniform": uniform, **ADAPTIVE}
)
"""All rules; "baseline" is a round robin of the pairs with one contender."""


def _asked_about(known: Knowledge, pairs: Integers) -> Integers:
    """int[Q, 2]: all pairs, also those that can meet no more, or those with the newcomer."""
    every = np.column_stack(np.triu_indices(len(known), 1))
    newcomer = in_every(pairs)
    return every if newcomer is None else every[(every == newcomer).any(axis=1)]


def _lead(known: Knowledge, pairs: Integers) -> Floats:
    """float64[P]: by how much the better of each pair leads, in natural units."""
    lead: Floats = np.abs(known.strength[pairs[:, 0]] - known.strength[pairs[:, 1]])
    return lead


def _neighbours(known: Knowledge, pairs: Integers) -> Floats:
    """float64[P]: 1 for pairs with nobody strictly between them, else 0."""
    _, place = np.unique(known.strength, return_inverse=True)
    adjacent: Floats = (np.abs(place[pairs[:, 0]] - place[pairs[:, 1]]) <= 1).astype(np.float64)
    return adjacent


def _density(z: Floats) -> Floats:
    density: Floats = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return density
