"""A board with covariates, fitted: what ratings, coefficients, intervals and replicates are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.point_fit import PointFit, point_fit
from judgeboard.arena.rating.weights import row_weights, weighted_points
from judgeboard.arena.style.covariates import Covariates
from judgeboard.arena.style.maximum import Maximum, maximum
from judgeboard.arena.style.rows import Rows
from judgeboard.arena.tallies import BothBad, Tallies, cells
from judgeboard.arena.verdicts import BOTH_BAD, COLUMNS, Verdicts


@dataclass(frozen=True, eq=False)
class CovariateBoard:
    """rows: in groups, each with its own covariates; covariates: names of all k; n_verdicts: int[M]; plain: the fit
    without covariates; found: the fit with them."""

    names: tuple[str, ...]
    covariates: tuple[str, ...]
    rows: tuple[Rows, ...]
    n_verdicts: Integers
    plain: PointFit
    found: Maximum

    @classmethod
    def of(cls, rows: Sequence[Rows], covariates: tuple[str, ...]) -> Self:
        """Of at least one group of rows about the same contenders. Raises NeverVaries, Collinear, Separated."""
        tallies = [Tallies.of(part.verdicts) for part in rows]
        points = [_points(part, counted) for part, counted in zip(rows, tallies, strict=True)]
        plain = point_fit(np.sum(points, axis=0))
        return cls(
            names=rows[0].verdicts.names,
            covariates=covariates,
            rows=tuple(rows),
            n_verdicts=np.sum([counted.verdicts() for counted in tallies], axis=0),
            plain=plain,
            found=maximum(rows, plain, covariates),
        )

    @classmethod
    def alone(cls, verdicts: Verdicts, covariates: Covariates, both_bad: BothBad, weight: Floats | None) -> Self:
        """Of one group of rows. Raises as `of` does, BadCovariates and BadWeights."""
        verdicts, covariates, weight = kept(verdicts, covariates, both_bad, weight)
        weight = None if weight is None else row_weights(weight, len(verdicts))
        columns = np.arange(len(covariates.names))
        return cls.of([Rows.of(verdicts, covariates, columns, weight)], covariates.names)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Of all groups of rows, one after the other."""
        parts = [rows.verdicts for rows in self.rows]
        if len(parts) == 1:
            return parts[0]
        return Verdicts(self.names, *(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))


def kept(
    verdicts: Verdicts, covariates: Covariates, both_bad: BothBad, weight: Floats | None
) -> tuple[Verdicts, Covariates, Floats | None]:
    """The rows that count."""
    if both_bad == "tie":
        return verdicts, covariates, weight
    counts = verdicts.outcome != BOTH_BAD
    return verdicts.where(counts), covariates.where(counts), None if weight is None else weight[counts]


def _points(rows: Rows, tallies: Tallies) -> Floats:
    if rows.weight is None:
        return tallies.points()
    return weighted_points(cells(rows.verdicts), rows.weight, len(tallies.names))
