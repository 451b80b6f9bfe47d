"""Who can be compared with whom: groups that never met, and contacts that only ever went one way."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from judgeboard.arena.arrays import Flags, Floats, Integers

PSEUDO_MATCH = 0.5
"""Weight of the drawn pseudo-match between two groups of which one took every point."""


@dataclass(frozen=True, eq=False)
class Contact:
    """The shape of a board of M contenders.

    component:  int32[M], equal = compared, directly or through others; -1 = no matches
    one_way:    bool[M, M], pairs across which all points ever went in one direction, also through others
    bounded:    bool[M], False where the likelihood alone would send the rating to infinity (and without matches)

    A maximum of the likelihood exists where every group of contenders took a point from the rest and gave one
    (L. R. Ford Jr., Amer. Math. Monthly 64, 1957): where the graph of points is strongly connected.
    """

    component: Integers
    one_way: Flags
    bounded: Flags

    @property
    def together(self) -> Flags:
        """bool[M, M]: pairs that can be compared, each contender with itself included."""
        met = self.component >= 0
        together: Flags = (self.component[:, None] == self.component) & met & met[:, None]
        return together


def contact(points: Floats) -> Contact:
    """The contact behind float64[M, M] points."""
    if _has_hub(points):
        size = len(points)
        return Contact(np.zeros(size, dtype=np.int32), np.zeros((size, size), dtype=bool), np.ones(size, dtype=bool))
    _, weak = connected_components(csr_array(points), connection="weak")
    _, strong = connected_components(csr_array(points), connection="strong")
    met = points + points.T
    played: Flags = met.sum(axis=1) > 0
    component = _numbered(weak, played)
    one_way = (met > 0) & (strong[:, None] != strong)
    return Contact(component, one_way, _bounded(component, strong))


def pseudo_points(points: Floats, found: Contact) -> Floats:
    """float64[M, M] points that keep every rating finite; all zero where the likelihood has a maximum.

    Each two groups that met, one of which took every point, share half a drawn match, spread over their pairs by the
    number of matches. So a contender that never lost has a finite rating, and more wins still raise it.
    """
    if not found.one_way.any():
        return np.zeros_like(points)
    _, group = connected_components(csr_array(points), connection="strong")
    met = np.where(found.one_way, points + points.T, 0.0)
    between = np.zeros((group.max() + 1, group.max() + 1))
    np.add.at(between, (group[:, None], group), met)
    share = np.divide(met, between[np.ix_(group, group)], out=np.zeros_like(met), where=met > 0)
    return PSEUDO_MATCH / 2 * share


def _has_hub(points: Floats) -> bool:
    """Whether somebody took points from everybody and gave some: then all are connected, and nothing is one-way.

    Most boards of any size have one, and it is found without walking the graph.
    """
    exchanged = np.count_nonzero((points > 0) & (points.T > 0), axis=1)
    return len(points) > 1 and int(exchanged.max()) == len(points) - 1


def _numbered(weak: Integers, met: Flags) -> Integers:
    """Components numbered from 0 in the order of their first contender; -1 for those without matches."""
    component = np.full(len(weak), -1, dtype=np.int32)
    if met.any():
        _, start, inverse = np.unique(weak[met], return_index=True, return_inverse=True)
        component[met] = np.argsort(np.argsort(start))[inverse]
    return component


def _bounded(component: Integers, strong: Integers) -> Flags:
    """Members of the one largest group of their component that took points from each other in both directions."""
    bounded = np.zeros(len(component), dtype=bool)
    for number in range(component.max(initial=-1) + 1):
        groups, sizes = np.unique(strong[component == number], return_counts=True)
        if sizes.max() > 1 and np.count_nonzero(sizes == sizes.max()) == 1:
            bounded |= strong == groups[sizes.argmax()]
    return bounded
