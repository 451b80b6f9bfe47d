"""How far a board is from a single order: triples in which each beats the next, and how many of them are noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.special import bdtrc

from judgeboard.arena.arrays import Flags, Floats
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit_tallies
from judgeboard.arena.rating.likelihood import win_probability
from judgeboard.arena.rating.pair_fit import tie_probability
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.rating.triples import around_triples, spread_around_triples
from judgeboard.arena.tallies import BothBad, Tallies


@dataclass(frozen=True)
class CyclicTriple:
    """Each of the names beat the next by a majority, and the last the first.

    certainty: (wins - losses) / sqrt(wins + losses) of the closest of the three pairs, standard normal among equals
    """

    names: tuple[str, str, str]
    certainty: float


@dataclass(frozen=True)
class Intransitivity:
    """Numbers of triples of contenders. A triple is decided where in each of its pairs one took most points.

    decided, cyclic:                   on this board
    expected_decided, expected_cyclic: mean numbers where the ratings are all there is to it
    cyclic_spread:                     the standard deviation of the number of cyclic ones there
    most_cyclic:                       the triples of which one can be surest, the surest first
    """

    decided: int
    cyclic: int
    expected_decided: float
    expected_cyclic: float
    cyclic_spread: float
    most_cyclic: tuple[CyclicTriple, ...]
    both_bad: BothBad

    @property
    def share(self) -> float | None:
        """Of cyclic among decided triples, 1/4 where coins decide; None where none is decided."""
        return self.cyclic / self.decided if self.decided else None

    @property
    def expected_share(self) -> float | None:
        """What `share` is expected to be where the ratings are all there is to it."""
        return self.expected_cyclic / self.expected_decided if self.expected_decided > 0 else None


def intransitivity(tallies: Tallies, *, both_bad: BothBad = "tie", most: int = 10) -> Intransitivity:
    """Cyclic triples (Kendall & Babington Smith 1940, Biometrika 31, 324-345) beside those that noise alone makes.

    Noise is that of boards on which each pair has as many wins and losses together as here, decided by Bradley-Terry
    ratings; mean and spread are exact sums over triples. `most` triples are named. Verdicts are taken as independent:
    merge both orders of a match first (`orders.merge_orders`).
    """
    beats = tallies.wins > tallies.wins.T
    wins = beats.astype(np.float64)
    chance = _majority_chance(tallies, fit_tallies(tallies, both_bad=both_bad, scale=EloScale(mean=0.0)))
    return Intransitivity(
        decided=round(around_triples(wins + wins.T) / 2),
        cyclic=round(around_triples(wins)),
        expected_decided=around_triples(chance + chance.T) / 2,
        expected_cyclic=around_triples(chance),
        cyclic_spread=spread_around_triples(chance),
        most_cyclic=_most_cyclic(tallies, beats, most),
        both_bad=both_bad,
    )


def _majority_chance(tallies: Tallies, fitted: BradleyTerryFit) -> Floats:
    """float64[M, M]: the chance that the row wins more of the decided verdicts than the column; 0 where none are."""
    points = tallies.points(fitted.both_bad)
    decided = tallies.wins + tallies.wins.T
    n = points + points.T
    share = win_probability(_shrunken(fitted))
    tie = tie_probability(share, n, n - decided)
    won = np.divide(share - tie / 2, 1 - tie, out=np.full_like(share, 0.5), where=tie < 1)
    chance: Floats = np.where(decided > 0, bdtrc(decided // 2, decided, won), 0.0)
    return chance


def _shrunken(fitted: BradleyTerryFit) -> Floats:
    """float64[M], natural units: strengths pulled in until they are spread as far as the true ones.

    Fitted strengths are spread by their own error too, and boards drawn from them would have too few cycles.
    """
    spread, error = np.nansum(fitted.rating**2), np.nansum(np.diag(fitted.covariance))
    true_share = max(0.0, 1 - error / spread) if spread > 0 else 0.0
    strength: Floats = fitted.rating / ELO * np.sqrt(true_share)
    return strength


def _most_cyclic(tallies: Tallies, beats: Flags, most: int) -> tuple[CyclicTriple, ...]:
    decided = np.maximum(tallies.wins + tallies.wins.T, 1)
    certainty = np.where(beats, (tallies.wins - tallies.wins.T) / np.sqrt(decided), 0.0)
    found = [_surest_from(first, certainty, tallies.names, most) for first in range(len(beats))]
    return tuple(sorted(chain.from_iterable(found), key=lambda triple: -triple.certainty)[:most])


def _surest_from(first: int, certainty: Floats, names: tuple[str, ...], most: int) -> Iterator[CyclicTriple]:
    """Up to `most` cyclic triples in which `first` has the lowest number."""
    beaten = first + 1 + np.flatnonzero(certainty[first, first + 1 :])
    beating = first + 1 + np.flatnonzero(certainty[first + 1 :, first])
    closest = np.minimum(certainty[first, beaten][:, None], certainty[beating, first])
    closest = np.minimum(closest, certainty[np.ix_(beaten, beating)])
    second, third = np.nonzero(closest)
    certain = closest[second, third]
    for chosen in np.argsort(-certain, kind="stable")[:most]:
        members = names[first], names[beaten[second[chosen]]], names[beating[third[chosen]]]
        yield CyclicTriple(members, float(certain[chosen]))
