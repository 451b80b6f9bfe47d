"""How far judges of one family lean to contenders of a family, their own above all."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.rating.bradley_terry import Interval
from judgeboard.arena.style.covariates import Collinear, Covariates, Separated
from judgeboard.arena.style.fit import StyleFit
from judgeboard.arena.style.joint import RaterGroup, joint_fit
from judgeboard.arena.verdicts import Verdicts

Cell = tuple[int, int]
"""(family of the judge, family of the contender)"""


class BadFamilies(ValueError):
    """Families that are not one for each rater and each contender."""


@dataclass(frozen=True, eq=False)
class FamilyPreference:
    """How far judges of a family put contenders of a family ahead, beyond what everyone else makes of them.

    judges: int[F], contenders: int[C], the families, ascending
    elo, lower, upper: float64[F, C], Elo points; NaN where not measured: no such verdict, or not to be told apart
    n: int64[F, C], verdicts of the judges in which exactly one side was of the contenders' family
    """

    judges: Integers
    contenders: Integers
    elo: Floats
    lower: Floats
    upper: Floats
    n: Integers
    interval: Interval
    level: float


def family_preference(
    verdicts: Verdicts,
    rater_family: Integers,
    contender_family: Integers,
    *,
    interval: Interval = "prompt",
    level: float = 0.95,
) -> FamilyPreference:
    """Self-preference (Panickssery, Bowman & Feng 2024, NeurIPS 37) in Elo points, as a matrix of families.

    rater_family: int[R], by `Verdicts.rater`; contender_family: int[M]; -1 = of no known family, such as people. All
    raters are fitted jointly with shared strengths and a preference of every family of judges for its own, so that one
    judge's preference does not stand in the reference of another. A cell off the diagonal is fitted beside these, the
    other raters being taken as they are otherwise. Raises BadFamilies.
    """
    family = _family_by_row(verdicts, rater_family, contender_family)
    judges, contenders = _known(family), _known(contender_family)
    groups = {int(own): verdicts.where(family == own) for own in np.unique(family)}
    shape = len(judges), len(contenders)
    told = {
        (f, g): np.count_nonzero(_leaning(groups[f], contender_family, g))
        for f in judges.tolist()
        for g in contenders.tolist()
    }
    own = [cell for cell, n in told.items() if n and cell[0] == cell[1]]
    at_own = _fitted(groups, contender_family, own, interval, level)
    found = np.full((3, *shape), np.nan)
    for (f, g), n in told.items():
        if n and at_own is not None:
            fit = at_own if f == g else _fitted(groups, contender_family, [*own, (f, g)], interval, level)
            place = np.searchsorted(judges, f), np.searchsorted(contenders, g)
            found[:, *place] = _cell(fit, (f, g))
    return FamilyPreference(
        judges=judges,
        contenders=contenders,
        elo=found[0],
        lower=found[1],
        upper=found[2],
        n=np.array(list(told.values()), dtype=np.int64).reshape(shape),
        interval=interval,
        level=level,
    )


def _family_by_row(verdicts: Verdicts, rater_family: Integers, contender_family: Integers) -> Integers:
    if len(contender_family) != len(verdicts.names):
        found = f"{len(contender_family)} families for {len(verdicts.names)} contenders"
        raise BadFamilies(f"There are {found}; expected one each.")
    if len(verdicts) and not 0 <= verdicts.rater.min() <= verdicts.rater.max() < len(rater_family):
        raise BadFamilies(f"A verdict is by a rater outside the {len(rater_family)} whose families are given.")
    return rater_family[verdicts.rater]


def _known(family: Integers) -> Integers:
    distinct = np.unique(family)
    return distinct[distinct >= 0]


def _leaning(verdicts: Verdicts, contender_family: Integers, family: int) -> Floats:
    """float64[n]: 1 where only side a is of the family, -1 where only side b is, else 0."""
    of_it = (contender_family == family).astype(float)
    leaning: Floats = of_it[verdicts.a] - of_it[verdicts.b]
    return leaning


def _fitted(
    groups: dict[int, Verdicts], contender_family: Integers, cells: Iterable[Cell], interval: Interval, level: float
) -> StyleFit | None:
    """All raters together with a coefficient "f: g" for each cell; None where these cannot be told apart."""
    raters: list[RaterGroup] = []
    for own, verdicts in groups.items():
        columns = {str(g): _leaning(verdicts, contender_family, g) for f, g in cells if f == own}
        covariates = Covariates.of(columns) if columns else Covariates.none(len(verdicts))
        raters.append(RaterGroup(str(own), verdicts, covariates))
    try:
        return joint_fit(raters, interval=interval, level=level).fit if raters else None
    except (Collinear, Separated):
        return None


def _cell(fit: StyleFit | None, cell: Cell) -> tuple[float, float, float]:
    if fit is None:
        return np.nan, np.nan, np.nan
    elo = fit[f"{cell[0]}: {cell[1]}"].elo
    return elo.value, elo.lower, elo.upper
