"""Ratings where a tie is an outcome of its own, whose chance falls with the distance: the model of Davidson."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from judgeboard.arena.rating.anchoring import anchoring
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, Interval, fit
from judgeboard.arena.rating.few_matches import few_matches
from judgeboard.arena.rating.intervals import Rated, rated
from judgeboard.arena.rating.sandwich import Spread
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.rating.tie_point import TiePoint, tie_spread
from judgeboard.arena.rating.ties import Ties, most_unseen, ties_of
from judgeboard.arena.tallies import BothBad, Tallies
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts, meetings


@dataclass(frozen=True, eq=False)
class DavidsonFit(BradleyTerryFit):
    """Ratings of M contenders; a lead of 400 points means ten wins to a loss, whatever the number of ties.

    ties:               "measured"; "none" were seen: nu is 0 and the ratings are Bradley-Terry's; "unlimited", as where
                        all are ties: only half a pseudo-match keeps nu finite, and with it the ratings, none of which
                        is bounded; "no verdicts"
    nu:                 in a match of equals, the chance of a tie over the chance that one given side wins
    nu_lower, nu_upper: its interval; NaN without verdicts
    """

    ties: Ties
    nu: float
    nu_lower: float
    nu_upper: float

    @property
    def tie_chance(self) -> float:
        """In a match of equals."""
        return _tie_chance(self.nu)

    @property
    def tie_chance_interval(self) -> tuple[float, float]:
        """(lower, upper)."""
        return _tie_chance(self.nu_lower), _tie_chance(self.nu_upper)


def fit_davidson(
    verdicts: Verdicts,
    *,
    both_bad: BothBad = "tie",
    interval: Interval = "prompt",
    level: float = 0.95,
    scale: EloScale | None = None,
) -> DavidsonFit:
    """Maximum likelihood where win, loss and tie are as e^(d/2) to e^(-d/2) to nu, d being the lead in natural units.

    Davidson (1970), JASA 65, 317-328. Parameters and intervals are as in `bradley_terry.fit`, with profiles of this
    likelihood; nu always has a profile, at the design effect of its sandwich. Raises MatchesDiffer.
    """
    if both_bad == "dropped":
        verdicts = verdicts.where(verdicts.outcome != BOTH_BAD)
    tallies = Tallies.of(verdicts)
    ties = ties_of(tallies)
    if ties in ("none", "no verdicts"):
        plain = fit(verdicts, both_bad=both_bad, interval=interval, level=level, scale=scale)
        return _without_ties(plain, tallies, ties)
    point, scale = TiePoint.of(tallies, ties), scale or EloScale()
    spread = tie_spread(point, verdicts, interval)
    nu_lower, nu_upper = point.limits_of_nu(spread.nu_effect, level)
    return DavidsonFit(
        names=verdicts.names,
        **vars(_rated(point, spread.strengths, verdicts, tallies, interval=interval, level=level, scale=scale)),
        n_verdicts=tallies.verdicts(),
        component=point.contact.component,
        bounded=point.contact.bounded,
        both_bad=both_bad,
        interval=interval,
        level=level,
        scale=scale,
        n_clusters=spread.n_clusters,
        ties=ties,
        nu=float(np.exp(point.at[-1])),
        nu_lower=nu_lower,
        nu_upper=nu_upper,
    )


def _rated(
    point: TiePoint,
    spread: Spread,
    verdicts: Verdicts,
    tallies: Tallies,
    *,
    interval: Interval,
    level: float,
    scale: EloScale,
) -> Rated:
    pinned = anchoring(verdicts.names, point.contact.component, scale)
    counted = None if interval == "fisher" else partial(meetings, verdicts)
    few = few_matches(tallies.verdicts(), point.contact, pinned, counted)
    return rated(point.at[:-1], spread, point.contact, pinned, few, partial(point.limits, level=level), level)


def _without_ties(plain: BradleyTerryFit, tallies: Tallies, ties: Ties) -> DavidsonFit:
    if ties == "no verdicts":
        return DavidsonFit(**vars(plain), ties=ties, nu=np.nan, nu_lower=np.nan, nu_upper=np.nan)
    most = most_unseen(tallies.points() + tallies.points().T, np.nan_to_num(plain.rating) / ELO, plain.level)
    return DavidsonFit(**vars(plain), ties=ties, nu=0.0, nu_lower=0.0, nu_upper=most)


def _tie_chance(nu: float) -> float:
    return 1 - 2 / (2 + nu)
