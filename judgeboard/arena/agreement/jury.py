"""Several judges on the same matches: how alike they err, how many they are worth, and what each of them changes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.orders import merge_orders
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.same_match import each_against_each, majority
from judgeboard.arena.share import totals
from judgeboard.arena.verdicts import POINTS, Verdicts, bad_as_tie

FEWEST = 3  # two matches always correlate fully


@dataclass(frozen=True, eq=False)
class Jury:
    """How alike R judges are.

    raters:      int[R], ascending
    n:           int[R, R], matches that both judged
    correlation: float64[R, R], NaN with fewer than three such matches or where one never varies
    rho:         the mean correlation of two judges; None where none could be measured
    effective:   the number of independent judges that the R are worth; None without rho
    of:          what correlates: the points given to side a, or what the truth does not explain of them
    """

    raters: Integers
    n: Integers
    correlation: Floats
    rho: float | None
    effective: float | None
    of: Literal["verdicts", "errors"]


def jury(verdicts: Verdicts, truth: Verdicts | None = None) -> Jury:
    """The judges' correlations, and Kish's effective number of them (1965, Survey Sampling, section 8.2).

    Verdicts of one judge on one match in both orders are merged. What judges share because it is so is no lack of
    independence: with a truth, such as human votes, of which the majority counts, the points correlate among matches
    with the same true outcome. Raises MatchesDiffer, UnknownContender.
    """
    said, points = _points(merge_orders(verdicts), truth)
    match, matches = numbered(said.match)
    rater, judges = numbered(said.rater)
    table = np.full((matches, judges), np.nan)
    table[match, rater] = points
    n, correlation = _correlations(table)
    rho = _mean_of_pairs(correlation)
    effective = None if rho is None else effective_number(judges, rho)
    return Jury(np.unique(said.rater), n, correlation, rho, effective, "verdicts" if truth is None else "errors")


def effective_number(judges: int, rho: float) -> float:
    """n / (1 + (n - 1) rho), never more than the judges that there are: negative correlations count as none."""
    return judges / (1 + (judges - 1) * max(rho, 0.0))


def panels_without(verdicts: Verdicts) -> Iterator[tuple[int, Verdicts]]:
    """Each judge, and the majority of all the others."""
    for rater in np.unique(verdicts.rater).tolist():
        yield rater, majority(verdicts.where(verdicts.rater != rater))


@dataclass(frozen=True, eq=False)
class LeftOut:
    """The ratings by all judges but one; shift: float64[M], how far they are from those by all, in Elo points."""

    rater: int
    fit: BradleyTerryFit
    shift: Floats


def ratings_without(verdicts: Verdicts, rate: Callable[[Verdicts], BradleyTerryFit] = fit) -> Iterator[LeftOut]:
    """The pooled ratings as they would be without each judge. A contender that only it judged has the shift NaN."""
    pooled = rate(verdicts)
    for rater in np.unique(verdicts.rater).tolist():
        rest = rate(verdicts.where(verdicts.rater != rater))
        yield LeftOut(rater, rest, rest.rating - pooled.rating)


def _points(said: Verdicts, truth: Verdicts | None) -> tuple[Verdicts, Floats]:
    """The verdicts that can be used and their points, told from one side a match, less what the truth explains."""
    if truth is None:
        return said, said.aligned().points
    said = said.where(np.isin(said.match, truth.match))
    ours, theirs, _ = each_against_each(said, majority(truth))
    points, alike = POINTS[ours], numbered(said.rater)[0] * len(POINTS) + bad_as_tie(theirs)
    mean = totals(points, alike) / totals(np.ones(len(points)), alike)
    return said, points - mean[numbered(alike)[0]]


def _correlations(table: Floats) -> tuple[Integers, Floats]:
    """int[R, R] common rows and Pearson's correlation over them, of float64[N, R] with NaN where nothing was said."""
    there = np.isfinite(table).astype(np.float64)
    value = np.nan_to_num(table)
    n = there.T @ there
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = value.T @ there / n  # of the row, over the matches it has in common with the column
        spread = np.sqrt(np.maximum((value**2).T @ there / n - mean**2, 0.0))
        correlation = (value.T @ value / n - mean * mean.T) / (spread * spread.T)
    usable = (n >= FEWEST) & (np.minimum(spread, spread.T) > 1e-9)
    return n.astype(np.int64), np.where(usable, np.clip(correlation, -1.0, 1.0), np.nan)


def _mean_of_pairs(correlation: Floats) -> float | None:
    pairs = correlation[np.triu_indices(len(correlation), 1)]
    measured = pairs[np.isfinite(pairs)]
    return float(measured.mean()) if len(measured) else None
